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

    Returns:
        The assessment, in the ledger's units.

    Raises:
        AreaError: no such area on the day.
        PlanError: no such indicator.
    """
    options = options or Options()
    place = evidence.area(area)
    plan = evidence.plan_for(place) if place.kind == "nation" else evidence.plan
    graded = tuple(
        grade(evidence, one, place, evidence.series(one, place, options), fit(evidence, one, place, options), options)
        for one in (plan.indicators if indicator is None else (plan.indicator(indicator),))
    )
    return gather(evidence, area=area, indicators=graded, options=options)


def gather(
    evidence: Evidence, *, area: str, indicators: tuple[IndicatorAssessment, ...], options: Options
) -> Assessment:
    """Put graded indicators together into the assessment of an area.

    Args:
        evidence: plan, roster and ledger as known on a day.
        area: code or name of the area.
        indicators: its graded indicators.
        options: the choices that they were graded under.

    Returns:
        The assessment.

    Raises:
        AreaError: no such area on the day.
    """
    place = evidence.area(area)
    return Assessment(
        area=place.code,
        area_name=place.name,
        area_short=place.short,
        area_kind=place.kind,
        as_of=evidence.as_of,
        plan=evidence.plan.version,
        synthetic=evidence.ledger.synthetic,
        source=evidence.ledger.title,
        options=options,
        indicators=indicators,
    )
