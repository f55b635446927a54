"""The city's forecast and its districts', made to add up in every sampled path.

Works on findings: the city's and the districts' forecasts are rebuilt from what their pages recorded, so that the
overview needs no data of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.forecast import Forecast, reconcile
from greenreport.plan import Indicator, Plan

__all__ = ["Coherence", "coherence"]


@dataclass(frozen=True, kw_only=True)
class Coherence:
    """One indicator's city forecast beside the one that agrees with its districts, for the headline year."""

    indicator: str  # its id
    year: int  # the headline's target year
    target: float  # the city's target
    parts: int  # number of districts whose forecasts entered
    # names (codes) of districts without a usable forecast of the same years; they count in the rest
    left_out: tuple[str, ...]
    base: float | None = None  # median of the city's own forecast
    summed: float | None = None  # sum of the districts' own medians
    median: float | None = None  # median after reconciliation
    low: float | None = None  # lower end of the printed interval after it
    high: float | None = None  # upper end
    base_probability: float | None = None  # probability of the target by the city's own forecast
    probability: float | None = None  # probability after reconciliation
    reason: str | None = None  # why it was refused, None where it was made


def coherence(city: Assessment, districts: Sequence[Assessment], plan: Plan) -> tuple[Coherence, ...]:
    """Reconcile every indicator of which the districts add up to the city.

    Args:
        city: findings of the city.
        districts: findings of the districts valid on the day; zone bodies overlap them and never enter.
        plan: says which indicators are additive.

    Returns:
        One record per additive indicator with a forecast and a target.
    """
    made = (_one(city, districts, indicator) for indicator in plan.indicators if indicator.additive)
    return tuple(found for found in made if found is not None)


def _one(city: Assessment, districts: Sequence[Assessment], indicator: Indicator) -> Coherence | None:
    whole = city.indicator(indicator.id)
    head, top = whole.head, _rebuilt(whole)
    if head is None or top is None:
        return None
    forecasts = {d.area: _rebuilt(d.indicator(indicator.id)) for d in districts}
    usable = {a: f for a, f in forecasts.items() if f is not None and (f.horizon, f.kind) == (top.horizon, top.kind)}
    bare = Coherence(
        indicator=indicator.id,
        year=head.year,
        target=head.value,
        parts=len(usable),
        left_out=tuple(area for area in forecasts if area not in usable),
    )
    if not usable:
        return replace(bare, reason="parts_too_few")
    parts = list(usable.values())
    made = reconcile(parts, top)
    if not made.ok:
        return replace(bare, reason=made.reason)
    place = head.year - whole.outlook.steps[0].year
    low, high = made.top.interval(city.options.level)
    return replace(
        bare,
        base=float(top.median[place]),
        summed=float(sum(p.median[place] for p in parts)),
        median=float(made.top.median[place]),
        low=float(low[place]),
        high=float(high[place]),
        base_probability=head.probability,
        probability=made.top.prob_met(head.value, place + 1, up=indicator.direction == "up"),
    )


def _rebuilt(one: IndicatorAssessment) -> Forecast | None:
    return None if one.outlook.record is None else Forecast.from_dict(one.outlook.record)
