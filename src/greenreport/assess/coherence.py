"""The city's forecast and its districts', made to add up in every sampled path.

Works on findings: the city's and the districts' forecasts are rebuilt from what their pages recorded, so that the
overview needs no data of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.forecast import Forecast, reconcile
from greenreport.plan import Indicator, Plan

__all__ = ["Coherence", "coherence"]


@dataclass(frozen=True, kw_only=True)
class Coherence:
    """One indicator's city forecast beside the one that agrees with its districts, for the headline year.

    Args:
        indicator: its id.
        year: the headline's target year.
        target: the city's target.
        parts: number of districts whose forecasts entered.
        left_out: names (codes) of districts without a usable forecast of the same years; they count in the rest.
        base: median of the city's own forecast.
        summed: sum of the districts' own medians.
        median: median after reconciliation.
        low: lower end of the printed interval after it.
        high: upper end.
        base_probability: probability of the target by the city's own forecast.
        probability: probability after reconciliation.
        reason: why it was refused, None where it was made.
    """

    indicator: str
    year: int
    target: float
    parts: int
    left_out: tuple[str, ...]
    base: float | None = None
    summed: float | None = None
    median: float | None = None
    low: float | None = None
    high: float | None = None
    base_probability: float | None = None
    probability: float | None = None
    reason: str | None = None


def coherence(city: Assessment, districts: Sequence[Assessment], plan: Plan) -> tuple[Coherence, ...]:
    """Reconcile every indicator of which the districts add up to the city.

    Args:
        city: findings of the city.
        districts: findings of the districts valid on the day; zone bodies overlap them and never enter.
        plan: says which indicators are additive.
    """
    return tuple(
        found
        for indicator in plan.indicators
        if indicator.additive and (found := _one(city.indicator(indicator.id), districts, indicator, city)) is not None
    )


def _one(
    whole: IndicatorAssessment, districts: Sequence[Assessment], indicator: Indicator, city: Assessment
) -> Coherence | None:
    head, top = whole.head, _rebuilt(whole)
    if head is None or top is None:
        return None
    parts: list[Forecast] = []
    left_out: list[str] = []
    for d in districts:
        part = _rebuilt(d.indicator(indicator.id))
        if part is not None and part.horizon == top.horizon and part.kind == top.kind:
            parts.append(part)
        else:
            left_out.append(d.area)
    step = head.year - (whole.outlook.steps[0].year - 1)
    common = {
        "indicator": indicator.id, "year": head.year, "target": head.value, "parts": len(parts), "left_out": tuple(left_out)
    }  # fmt: skip
    if not parts:
        return Coherence(**common, reason="parts_too_few")  # type: ignore[arg-type]
    made = reconcile(parts, top)
    if not made.ok:
        return Coherence(**common, reason=made.reason)  # type: ignore[arg-type]
    low, high = made.top.interval(city.options.level)
    ask = made.top.prob_at_least if indicator.direction == "up" else made.top.prob_at_most
    return Coherence(
        **common,  # type: ignore[arg-type]
        base=float(top.median[step - 1]),
        summed=float(sum(p.median[step - 1] for p in parts)),
        median=float(made.top.median[step - 1]),
        low=float(low[step - 1]),
        high=float(high[step - 1]),
        base_probability=head.probability,
        probability=float(ask(head.value, step)),
    )


def _rebuilt(one: IndicatorAssessment) -> Forecast | None:
    return None if one.outlook.record is None else Forecast.from_dict(one.outlook.record)
