"""Which figures to supply: for a first verdict, for a firmer one, and where the text of the plan leaves them open.

Every sentence follows from a figure of the assessment or a gap in the figures.
"""

from __future__ import annotations

from collections.abc import Iterator

from greenreport.areas import Roster
from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.assess.quality import Quality
from greenreport.plan import Plan
from greenreport.present.evidence_words import period_words
from greenreport.present.messages import As, Message, Said, in_sentence
from greenreport.present.numbers import joined, separated
from greenreport.present.numbers import years as span
from greenreport.present.problems import NAMED, Grounds

__all__ = ["data_needs"]


def data_needs(assessment: Assessment, plan: Plan, grounds: Grounds) -> list[Message]:
    """Which figures to supply, the largest gap first."""
    said: list[Message] = []
    if grounds.quality is not None and grounds.quality.years:
        said += _owed(grounds.quality, grounds.roster)
    if plan.of_whole or assessment.area != plan.area:
        said += _wanted(assessment, plan)
    if n := sum("no_statistic" in g.reasons for g in grounds.goals):
        said.append(Message("advice.goals", n=n))
    if grounds.goals and (internal := [c for c in plan.contradictions if c.kind == "internal"]):
        high = sum(c.severity == "high" for c in internal)
        said.append(Message("advice.contradictions", n=len(internal), high=high))
    return said


def _owed(quality: Quality, roster: Roster) -> Iterator[Message]:
    """The figures of the latest year that districts have not supplied, and those that are not final."""
    year = quality.years[-1]
    if missing := [c for c in quality.having("missing", "part") if c.year == year]:
        areas = dict.fromkeys(c.area for c in missing)
        names: Said = Message("advice.districts", n=len(areas))
        if len(areas) <= NAMED:
            names = As(joined, [roster.area(code).short for code in areas])
        yield Message("advice.data_missing", year=year, n=len(missing), names=names)
    if flash := quality.having("provisional"):
        yield Message("advice.data_final", n=len(flash))


def _wanted(assessment: Assessment, plan: Plan) -> Iterator[Message]:
    """Which figures would make a verdict possible, and which would settle most where there is one."""
    names = {i.id: As(in_sentence, i.name) for i in plan.indicators}
    lacking = {one.id: _lacking(one) for one in assessment.indicators}
    year, last = plan.baseline_year, assessment.as_of.year - 1
    for key in ("data_all", "data_base", "data_after"):
        if found := [names[id] for id, lacks in lacking.items() if lacks == key]:
            yield Message(f"advice.{key}", names=As(joined, found), year=year, span=As(span, year, max(year, last)))
    if settling := [
        Message("advice.data_wanted_item", indicator=names[one.id], period=As(period_words, one.most_wanted))
        for one in assessment.indicators
        if one.most_wanted is not None and one.verdict not in ("achieved", "not_assessable")
    ]:
        yield Message("advice.data_wanted", items=As(separated, settling))


def _lacking(one: IndicatorAssessment) -> str:
    """What an indicator lacks for a verdict from the plan's baseline: all figures, that of the baseline, later ones."""
    lacks = {*(one.head.reasons if one.head else one.notes)}
    no_base = bool(lacks & {"missing_base", "no_baseline"})
    if no_base and not one.points:
        return "data_all"
    if no_base or "base_year_differs" in one.notes:
        return "data_base"
    return "data_after" if "no_observation_after_base" in lacks else ""
