"""One area on one day: its indicators fitted and graded, put together into an [Assessment]."""

from __future__ import annotations

from greenreport.assess.evidence import Evidence
from greenreport.assess.fit import fit
from greenreport.assess.grade import grade
from greenreport.assess.model import Assessment, IndicatorAssessment, Options

__all__ = ["assess", "gather"]


def assess(
    evidence: Evidence, *, area: str, options: Options | None = None, indicator: str | None = None
) -> Assessment:
    """History, forecast and grades of every indicator of one area.

    Args:
        evidence: plan, roster and ledger as known on a day.
        area: code or name of the area.
        options: what an analyst can choose; the defaults are those of the reports.
        indicator: id of the only indicator to assess; None for all.

    Raises:
        AreaError: no such area on the day.
        PlanError: no such indicator.
    """
    options = options or Options()
    the_area = evidence.area(area)
    graded = []
    plan = evidence.plan_for(the_area) if the_area.kind == "nation" else evidence.plan
    for one in plan.indicators if indicator is None else (plan.indicator(indicator),):
        series = evidence.series(one, the_area, options)
        found = fit(evidence, one, the_area, options)
        graded.append(grade(evidence, one, the_area, series, found, options))
    return gather(evidence, area=area, indicators=tuple(graded), options=options)


def gather(
    evidence: Evidence, *, area: str, indicators: tuple[IndicatorAssessment, ...], options: Options
) -> Assessment:
    """Put graded indicators together into the assessment of an area."""
    the_area = evidence.area(area)
    return Assessment(
        area=the_area.code,
        area_name=the_area.name,
        area_short=the_area.short,
        area_kind=the_area.kind,
        as_of=evidence.as_of,
        plan=evidence.plan.version,
        synthetic=evidence.ledger.synthetic,
        source=evidence.ledger.title,
        options=options,
        indicators=indicators,
    )
