"""The conclusions of a page: how many indicators are in each class, by name, and which are most in doubt.

Counts what an assessment holds; grades nothing.
"""

from __future__ import annotations

from greenreport.assess.model import Assessment
from greenreport.plan import Plan
from greenreport.present.aims import last_of, years_judged
from greenreport.present.catalog import t
from greenreport.present.narrative import cardinal, in_sentence, prose, wording
from greenreport.present.numbers import day, joined, probability
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
    heading = f"## {t('summary.heading', lang)}\n\n"
    if assessment.area_kind == "nation":
        return Narrative(heading + t("summary.context", lang), start)
    names = {i.id: in_sentence(i.name[lang], lang) for i in plan.indicators}
    by_class = {v: [names[one.id] for one in assessment.concerning if one.verdict == v] for v in VERDICTS}
    count, when = len(assessment.concerning), day(assessment.as_of, lang)
    years = joined(years_judged(assessment.concerning), lang)
    if count == 1 and not by_class["not_assessable"]:
        one = assessment.concerning[0]
        name, said = plan.indicator(one.id).name[lang], t(f"verdict.{one.verdict}", lang)
        said = wording(one.head, lang) if one.head else said
        lead = t("summary.lead_one", lang, day=when, name=name, verdict=said, years=years)
        return Narrative(heading + prose([lead, *last_target(assessment, plan, lang)], lang), start)
    if len(by_class["not_assessable"]) == count:
        text = t(
            "summary.none_assessable" if count > 1 else "summary.none_assessable_one",
            lang,
            day=when,
            count=cardinal(count, lang),
            names=joined(by_class["not_assessable"], lang),
        )
        return Narrative(heading + text, start)
    said_of = {v: _class_wording(assessment, v, lang) for v in VERDICTS}
    counts = [
        t(
            "summary.count_not_assessable" if v == "not_assessable" else "summary.count",
            lang,
            n=cardinal(len(found), lang),
            verdict=said_of[v],
            names=joined(found, lang),
        )
        for v, found in by_class.items()
        if found
    ]
    sentences = [
        t(
            "summary.lead",
            lang,
            day=when,
            years=years,
            count=cardinal(count, lang),
            counts=("; " if lang == "en" else "；" if any("，" in said for said in counts) else "，").join(counts),
        )
    ]
    sentences += last_target(assessment, plan, lang)
    weak = {
        word: joined([names[one.id] for one in assessment.indicators if one.head and one.head.strength == word], lang)
        for word in ("limited", "thin")
    }
    if all(weak.values()):
        sentences.append(t("summary.thin_both", lang, **weak))
    else:
        sentences += [
            t("summary.thin", lang, names=found, strength=t(f"strength.{word}", lang))
            for word, found in weak.items()
            if found
        ]
    open_ = [
        (one.head.probability, names[one.id], one.head.year)
        for one in assessment.indicators
        if one.head and one.head.probability is not None and one.head.verdict not in ("achieved", "not_assessable")
    ]
    if len(open_) >= 2 and len({p for p, _, _ in open_}) > 1:
        worst, best = min(open_), max(open_)
        sentences.append(
            t(
                "summary.likely",
                lang,
                year=best[2],
                best=best[1],
                best_p=probability(best[0], lang),
                worst=worst[1],
                worst_p=probability(worst[0], lang),
            )
        )
    return Narrative(heading + prose(sentences, lang), start)


def last_target(assessment: Assessment, plan: Plan, lang: str) -> list[str]:
    """How the targets of the last year stand, where verdicts are for an earlier one: one sentence or none."""
    found = [(one, last) for one in assessment.concerning if (last := last_of(one)) is not None]
    if not found:
        return []
    year = max(last.year for _, last in found)
    graded = [(one, last) for one, last in found if last.year == year]
    if len(assessment.concerning) == 1:
        return [t("summary.last_one", lang, year=year, verdict=wording(graded[0][1], lang))]
    late = [in_sentence(plan.indicator(one.id).name[lang], lang) for one, last in graded if last.verdict == "at_risk"]
    key = "summary.last" if late else "summary.last_none"
    return [t(key, lang, year=year, of=cardinal(len(graded), lang), n=len(late), names=joined(late, lang))]


def _class_wording(assessment: Assessment, cls: str, lang: str) -> str:
    """What a class is called on a page: the verdict's own sentence where all its indicators share it."""
    heads = [one.head for one in assessment.indicators if one.verdict == cls and one.head is not None]
    told = {wording(head, lang) for head in heads}
    return told.pop() if len(told) == 1 and cls != "not_assessable" else t(f"verdict.{cls}", lang)
