"""The conclusions of a page: how many indicators, or parts of a plan that sets targets for them alone, are in each class.

And what has been achieved, which a report to a government has before its problems. Counts what assessments hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from greenreport.assess.goals import GoalStatus
from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.plan import Indicator, Plan
from greenreport.present.columns import Columns
from greenreport.present.indicator_views import counts_by_verdict
from greenreport.present.messages import (
    As,
    Message,
    Said,
    bulleted,
    cardinal,
    in_sentence,
    prose,
    strong,
    titled,
    together,
)
from greenreport.present.narrative import progress_clause, wording
from greenreport.present.numbers import bracketed, clauses, day, joined, listed, percent, probability, separated
from greenreport.present.paces import last_of, years_judged
from greenreport.present.problems import Grounds, in_doubt
from greenreport.present.show import Narrative, Table
from greenreport.present.theme import VERDICTS
from greenreport.tasks import TaskStatus
from greenreport.text import Text
from greenreport.words import t


def summary(assessment: Assessment, plan: Plan, lang: str, *, start: bool = False) -> Narrative:
    """The conclusions of a page: how many indicators are in each class, by name, and which are most in doubt.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.
        start: whether the site's start page shows it too.

    Returns:
        A paragraph, with its heading.
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


_FEW = 3
"""So many parts are named in a sentence on those at risk."""
GOOD = ("achieved", "ahead", "on_track")
"""The classes of targets that are met, or expected to be."""


def parts_summary(parts: Sequence[Assessment], plan: Plan, lang: str, *, start: bool = False) -> Narrative:
    """How many targets of all parts stand where.

    Args:
        parts: findings of the parts.
        plan: the plan.
        lang: language.
        start: whether the site's start page shows it too.

    Returns:
        A paragraph, with its heading.
    """
    total = Counter({v: sum(counts[v] for counts in _counts(parts, plan).values()) for v in VERDICTS})
    judged, good = _judged(total)
    said = [Message("parts.lead", n=len(parts))]
    if judged:
        said.append(
            Message(
                "parts.counts",
                day=As(day, parts[0].as_of),
                n=judged,
                share=As(percent, good / judged),
                years=As(joined, years_judged(one for part in parts for one in part.indicators)),
                good=good,
                open=total["uncertain"],
                risk=total["at_risk"],
            )
        )
        said += _last(parts, plan)
    if blank := total["not_assessable"]:
        said.append(Message("parts.blank", n=blank))
    return titled("summary.heading", [prose(said, lang)], lang, start=start)


def _counts(parts: Sequence[Assessment], plan: Plan) -> dict[str, dict[str, int]]:
    """Indicator → class → number of parts."""
    return {i.id: counts_by_verdict(parts, i) for i in plan.indicators}


def _judged(counts: Mapping[str, int]) -> tuple[int, int]:
    """How many have a verdict, and how many of these are met or expected to be, by the number of each class."""
    return sum(counts.values()) - counts["not_assessable"], sum(counts[v] for v in GOOD)


def _last(parts: Sequence[Assessment], plan: Plan) -> Iterator[Message]:
    """How many targets of the last year are at risk, where verdicts are for an earlier one."""
    found = [(i, g) for i in plan.indicators for p in parts if (g := last_of(p.indicator(i.id))) is not None]
    year = max((g.year for _, g in found), default=0)
    of_year = [(i, g) for i, g in found if g.year == year]
    late = Counter(i.id for i, g in of_year if g.verdict == "at_risk")
    items = [
        Message("parts.last_item", indicator=As(in_sentence, i.name), n=late[i.id])
        for i in plan.indicators
        if late[i.id]
    ]
    if found:
        key = "parts.last" if items else "parts.last_none"
        yield Message(key, year=year, of=len(of_year), n=late.total(), items=As(clauses, items))


def classes_table(
    parts: Sequence[Assessment], plan: Plan, lang: str, *, label: str = "tbl-classes", start: bool = False
) -> Table:
    """Indicators by classes of verdicts: the number of parts in each; classes that no part is in are left out.

    Args:
        parts: findings of the parts.
        plan: the plan.
        lang: language.
        label: of the table.
        start: whether the site's start page shows it too.

    Returns:
        A table with a row for each indicator.
    """
    counts = _counts(parts, plan)
    shown = [v for v in VERDICTS if any(found[v] for found in counts.values())]
    columns = Columns[Indicator](lang, "table")
    columns.text("indicator", lambda i: i.name[lang], width=5)
    columns.count("n", lambda i: sum(counts[i.id].values()), t("parts.having", lang))
    for v in shown:
        columns.count(v, partial(lambda v, i: counts[i.id][v], v), t(f"verdict_short.{v}", lang), width=3)
    columns.share("good", lambda i: _share_good(counts[i.id]), t("parts.share", lang), width=3)
    notes = [t("parts.share_note", lang)]
    return columns.table(plan.indicators, label=label, caption=t("parts.caption", lang), notes=notes, start=start)


def _share_good(counts: Mapping[str, int]) -> float | None:
    judged, good = _judged(counts)
    return good / judged if judged else None


def parts_good(parts: Sequence[Assessment], plan: Plan, *, most: int | None = None) -> list[Message]:
    """Where parts are ahead, a message per indicator, the one with the largest share of them first; `most`: so many."""
    judged = [(i, *_judged(counts_by_verdict(parts, i))) for i in plan.indicators]
    # What most are behind on is no achievement.
    found = [(i, n, good) for i, n, good in judged if n >= 2 and 2 * good >= n]
    return [
        Message(
            "papers.achievements.districts",
            indicator=As(in_sentence, i.name),
            good=good,
            n=n,
            share=As(percent, good / n),
        )
        for i, n, good in sorted(found, key=lambda one: -one[2] / one[1])[:most]
    ]


def _behind(parts: Sequence[Assessment], plan: Plan) -> list[tuple[Indicator, int, int]]:
    """Indicators with parts at risk: how many are, of how many with a verdict; the most first."""
    counted = [(i, counts_by_verdict(parts, i)) for i in plan.indicators]
    found = [(i, counts["at_risk"], _judged(counts)[0]) for i, counts in counted if counts["at_risk"]]
    return sorted(found, key=lambda one: -one[1])


def _worst(parts: Sequence[Assessment], indicator: Indicator) -> list[tuple[Text, float | None]]:
    """The few parts at risk that are least likely to meet their targets, with the probabilities."""
    heads = [(p.area_short, h) for p in parts if (h := p.indicator(indicator.id).head) and h.verdict == "at_risk"]
    heads.sort(key=lambda x: (1.0 if x[1].probability is None else round(x[1].probability, 2), x[1].completion or 0.0))
    return [(name, head.probability) for name, head in heads[:_FEW]]


def parts_behind(parts: Sequence[Assessment], plan: Plan, *, whole: Assessment | None = None) -> list[Message]:
    """Indicators with parts at risk, a message each, those with the most first; with `whole` only what it keeps to itself."""
    out = []
    for i, late, judged in _behind(parts, plan):
        words = As(in_sentence, Message("verdict_short.at_risk"))
        told = {"indicator": As(strong, i.name), "words": words, "n": late}
        if whole is None:
            worst = [
                name if p is None else As(together, [name, As(bracketed, As(probability, p))])
                for name, p in _worst(parts, i)
            ]
            out.append(Message("parts.behind", **told, judged=judged, names=As(joined, worst)))
        elif whole.indicator(i.id).verdict in GOOD:
            out.append(Message("papers.brief.behind_districts", **told))
    return out


def parts_advice(parts: Sequence[Assessment], plan: Plan) -> list[Message]:
    """That the parts at risk make up what they lack at the pace that their own pages ask for: one message, or none."""
    items = [
        Message(
            "parts.advice_item",
            indicator=As(in_sentence, i.name),
            n=late,
            names=As(joined, [name for name, _ in _worst(parts, i)]),
        )
        for i, late, _ in _behind(parts, plan)
    ]
    return [Message("parts.advice", items=As(separated, items))] if items else []


def parts_unknown(parts: Sequence[Assessment], plan: Plan) -> list[Message]:
    """Indicators of which parts could not be assessed, those of which it is the same parts in one message."""
    groups: dict[tuple[str, ...], list[Said]] = {}
    for i in plan.indicators:
        ones = [(p.area, one) for p in parts if not (one := p.indicator(i.id)).elsewhere]
        if blank := tuple(area for area, one in ones if one.verdict == "not_assessable"):
            groups.setdefault(blank, []).append(As(in_sentence, i.name) if blank in groups else i.name)
    return [Message("parts.unknown", indicator=As(joined, names), n=len(blank)) for blank, names in groups.items()]


def achievements_text(
    assessment: Assessment,
    plan: Plan,
    lang: str,
    grounds: Grounds,
    *,
    districts: Sequence[Assessment] = (),
) -> Narrative | None:
    """Which indicators are achieved or on schedule and by how much, what tasks are done, where districts are ahead.

    Args:
        assessment: of the area planned for.
        plan: the plan.
        lang: language.
        grounds: with the goals of the plan's text, and reports on its tasks.
        districts: the districts' findings.

    Returns:
        A list, with its heading; None where only the parts have targets, and there is nothing to tell of them.
    """
    good = [one for one in assessment.indicators if one.verdict in GOOD and not in_doubt(one)]
    items = [
        *(_indicator(one, plan) for one in sorted(good, key=lambda one: GOOD.index(one.verdict))),
        *_tasks(plan, grounds.tasks),
        # Beside the whole, the indicator that most districts are ahead on; without it, all of them.
        *parts_good(districts, plan, most=1 if plan.of_whole else None),
        *_goals(plan, grounds.goals),
    ]
    if not items and not plan.of_whole:
        return None
    lead = []
    if plan.of_whole:
        n = len(assessment.indicators)
        key = f"papers.achievements.{'lead' if good else 'none'}{'_one' if n == 1 else ''}"
        lead = [Message(key, n=n, good=len(good))]
    told = bulleted(prose([item], lang) for item in items)
    return titled("papers.report.achievements", [prose(lead, lang), told], lang)


def _indicator(one: IndicatorAssessment, plan: Plan) -> Message:
    indicator = plan.indicator(one.id)
    told = {"indicator": As(strong, indicator.name), "stands": progress_clause(one, indicator)}
    if one.head is None:
        return Message("papers.achievements.stands_bare", **told)
    return Message("papers.achievements.stands", **told, words=As(in_sentence, As(wording, one.head)))


def _tasks(plan: Plan, known: Mapping[str, TaskStatus]) -> Iterator[Message]:
    """How many of the plan's tasks are done; nothing where none is."""
    status = [known[task.id].status for task in plan.tasks if task.id in known]
    if done := status.count("done"):
        share, going = As(percent, done / len(plan.tasks)), status.count("in_progress")
        yield Message("papers.achievements.tasks", n=len(plan.tasks), done=done, share=share, going=going)


def _goals(plan: Plan, goals: Sequence[GoalStatus]) -> Iterator[Message]:
    """The goals of the plan's text that are met, or will be at the pace so far."""
    names = {goal.id: goal.name for goal in plan.goals}
    if kept := [names[goal.goal] for goal in goals if goal.status in ("met", "in_pace")]:
        yield Message("papers.achievements.goals", n=len(kept), names=As(listed, kept))
