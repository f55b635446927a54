"""Which figures to supply: for a first verdict, for a firmer one, and where the text of the plan leaves them open.

Every sentence follows from a figure of the assessment or a gap in the figures.
"""

from __future__ import annotations

from collections.abc import Sequence

from greenreport.areas import Roster
from greenreport.assess.goals import GoalStatus
from greenreport.assess.model import Assessment
from greenreport.assess.quality import Quality
from greenreport.plan import Plan
from greenreport.present.catalog import t
from greenreport.present.evidence_words import period_words
from greenreport.present.narrative import in_sentence
from greenreport.present.numbers import joined, separated
from greenreport.present.numbers import years as span
from greenreport.present.problems import NAMED

__all__ = ["data_needs"]


def data_needs(
    assessment: Assessment,
    plan: Plan,
    lang: str,
    *,
    roster: Roster,
    quality: Quality | None,
    goals: Sequence[GoalStatus],
) -> list[str]:
    """Which figures to supply, the largest gap first; arguments as in `advice.advice_text`."""
    said = []
    if quality is not None and quality.years:
        year = quality.years[-1]
        missing = [c for c in quality.having("missing", "part") if c.year == year]
        if missing:
            names = [roster.area(code).short[lang] for code in dict.fromkeys(c.area for c in missing)]
            told = joined(names, lang) if len(names) <= NAMED else t("advice.districts", lang, n=len(names))
            said.append(t("advice.data_missing", lang, year=year, n=len(missing), names=told))
        if flash := quality.having("provisional"):
            said.append(t("advice.data_final", lang, n=len(flash)))
    if plan.of_whole or assessment.area != plan.area:
        said += _wanted(assessment, plan, lang)
    if n := sum("no_statistic" in g.reasons for g in goals):
        said.append(t("advice.goals", lang, n=n))
    if goals and (internal := [c for c in plan.contradictions if c.kind == "internal"]):
        high = sum(c.severity == "high" for c in internal)
        said.append(t("advice.contradictions", lang, n=len(internal), high=high))
    return said


def _wanted(assessment: Assessment, plan: Plan, lang: str) -> list[str]:
    """Which figures would make a verdict possible, and which would settle most where there is one."""
    groups: dict[str, list[str]] = {"data_all": [], "data_base": [], "data_after": []}
    settling = []
    for one in assessment.indicators:
        name = in_sentence(plan.indicator(one.id).name[lang], lang)
        lacks = {*(one.head.reasons if one.head else one.notes)}
        if not one.points and lacks & {"missing_base", "no_baseline"}:
            groups["data_all"].append(name)
        elif lacks & {"missing_base", "no_baseline"} or "base_year_differs" in one.notes:
            groups["data_base"].append(name)
        elif "no_observation_after_base" in lacks:
            groups["data_after"].append(name)
        if one.most_wanted is not None and one.verdict not in ("achieved", "not_assessable"):
            period = period_words(one.most_wanted, lang)
            settling.append(t("advice.data_wanted_item", lang, indicator=name, period=period))
    year, last = plan.baseline_year, assessment.as_of.year - 1
    told = {"year": year, "span": span(year, max(year, last), lang)}
    said = [t(f"advice.{key}", lang, names=joined(names, lang), **told) for key, names in groups.items() if names]
    if settling:
        said.append(t("advice.data_wanted", lang, items=separated(settling, lang)))
    return said
