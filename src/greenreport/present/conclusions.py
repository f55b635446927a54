"""The conclusions of a page: how many indicators are in each class, by name, and which are most in doubt.

Counts what an assessment holds; grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenreport.assess.model import Assessment
from greenreport.plan import Plan
from greenreport.present.markdown import titled
from greenreport.present.messages import As, Message, cardinal, in_sentence, prose
from greenreport.present.narrative import wording
from greenreport.present.next_targets import last_of, years_judged
from greenreport.present.numbers import clauses, day, joined, probability, separated
from greenreport.present.show import Narrative
from greenreport.present.theme import VERDICTS

__all__ = ["last_target", "summary"]


def summary(assessment: Assessment, plan: Plan, lang: str, *, start: bool = False) -> Narrative:
    """The conclusions of a page: how many indicators are in each class, by name, and which are most in doubt.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.
        start: whether the site's start page shows it too.
    """
    ones = assessment.concerning
    if assessment.area_kind == "nation":
        said = [Message("summary.context")]
    elif all(one.verdict == "not_assessable" for one in ones):
        said = [_lead(assessment, plan)]
    elif len(ones) == 1:
        said = [_lead(assessment, plan), *last_target(assessment, plan)]
    else:
        weak, last = _weak(assessment, plan), last_target(assessment, plan)
        said = [_lead(assessment, plan), *weak, *last, *_likeliest(assessment, plan)]
    return titled("summary.heading", [prose(said, lang)], lang, start=start)


def _names(plan: Plan) -> dict[str, As]:
    """Indicator → its name inside a sentence."""
    return {i.id: As(in_sentence, i.name) for i in plan.indicators}


def _lead(assessment: Assessment, plan: Plan) -> Message:
    """How many indicators are in each class, by name; of a single one its verdict."""
    ones, names = assessment.concerning, _names(plan)
    told = {
        "day": As(day, assessment.as_of),
        "years": As(joined, years_judged(ones)),
        "count": As(cardinal, len(ones)),
        "names": As(joined, [names[one.id] for one in ones]),
    }
    if all(one.verdict == "not_assessable" for one in ones):
        return Message("summary.none_assessable" if len(ones) > 1 else "summary.none_assessable_one", **told)
    if len(ones) == 1:
        return Message(
            "summary.lead_one", **told, name=plan.indicator(ones[0].id).name, verdict=As(wording, ones[0].head)
        )
    counts = []
    for verdict in VERDICTS:
        if found := [names[one.id] for one in ones if one.verdict == verdict]:
            key = "summary.count_not_assessable" if verdict == "not_assessable" else "summary.count"
            said = _class_wording(assessment, verdict)
            counts.append(Message(key, n=As(cardinal, len(found)), verdict=said, names=As(joined, found)))
    return Message("summary.lead", **told, counts=As(_apart, counts))


def _apart(counts: Sequence[str], lang: str) -> str:
    """Counts with names in brackets: Chinese parts them by commas where none holds one itself."""
    plain = lang == "zh" and not any("，" in one for one in counts)
    return clauses(counts, lang) if plain else separated(counts, lang)


def _class_wording(assessment: Assessment, cls: str) -> As | Message:
    """What a class is called on a page: the verdict's own sentence where all its indicators share it."""
    heads = [one.head for one in assessment.indicators if one.verdict == cls and one.head is not None]
    told = {wording(head, "en") for head in heads}
    return As(wording, heads[0]) if len(told) == 1 and cls != "not_assessable" else Message(f"verdict.{cls}")


def _weak(assessment: Assessment, plan: Plan) -> list[Message]:
    """The indicators whose evidence is limited or thin."""
    names = _names(plan)
    found = {
        word: [names[one.id] for one in assessment.indicators if one.head and one.head.strength == word]
        for word in ("limited", "thin")
    }
    if all(found.values()):
        return [Message("summary.thin_both", **{word: As(joined, ones) for word, ones in found.items()})]
    return [
        Message("summary.thin", names=As(joined, ones), strength=Message(f"strength.{word}"))
        for word, ones in found.items()
        if ones
    ]


def _likeliest(assessment: Assessment, plan: Plan) -> Iterator[Message]:
    """The targets that are most and least likely to be met, where probabilities differ."""
    heads = [(one.id, one.head) for one in assessment.indicators if one.head is not None]
    open_ = [
        (head.probability, id, head.year)
        for id, head in heads
        if head.probability is not None and head.verdict not in ("achieved", "not_assessable")
    ]
    if len({p for p, _, _ in open_}) < 2:
        return
    names, worst, best = _names(plan), min(open_), max(open_)
    yield Message(
        "summary.likely",
        year=best[2],
        best=names[best[1]],
        best_p=As(probability, best[0]),
        worst=names[worst[1]],
        worst_p=As(probability, worst[0]),
    )


def last_target(assessment: Assessment, plan: Plan) -> list[Message]:
    """How the targets of the last year stand, where verdicts are for an earlier one: one message or none."""
    found = [(one, last) for one in assessment.concerning if (last := last_of(one)) is not None]
    year = max((last.year for _, last in found), default=0)
    graded = [(one, last) for one, last in found if last.year == year]
    if not graded:
        return []
    if len(assessment.concerning) == 1:
        return [Message("summary.last_one", year=year, verdict=As(wording, graded[0][1]))]
    names = _names(plan)
    late = [names[one.id] for one, last in graded if last.verdict == "at_risk"]
    return [
        Message(
            "summary.last" if late else "summary.last_none",
            year=year,
            of=As(cardinal, len(graded)),
            n=len(late),
            names=As(joined, late),
        )
    ]
