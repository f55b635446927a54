"""From what is known of an indicator to an outlook: which model, which horizon, in numbers.

The forecast package knows statements and arrays only; this module knows which of them an indicator is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from greenreport.areas import Area
from greenreport.assess.case import Case
from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Options, Outlook, OutlookStep
from greenreport.assess.prior import prior_for, rate_for
from greenreport.assess.statements import Known, first_step, known
from greenreport.forecast import Experience, Forecast, chance, experience, forecast, forecast_evidence
from greenreport.forecast.evidence import when
from greenreport.plan import Indicator

__all__ = ["fit", "fit_known", "outlook", "probability"]


def fit(evidence: Evidence, indicator: Indicator, area: Area, options: Options) -> Forecast:
    """Forecast one indicator of one area to the plan's last target year.

    Args:
        evidence: plan, roster and ledger as known on the day.
        indicator: says whether the series is a level, a share or a cumulative count.
        area: the area.
        options: method, prior growth, which evidence counts.

    Returns:
        The forecast of `start` and the years after it; `ok` is False where nothing at all is known of the level.
    """
    case = Case(evidence, indicator, area, options)
    key = ("fit", indicator, area.code, options)
    return evidence.remember(key, lambda: fit_known(case, [k for k in known(case) if not k.doubt]))


def fit_known(case: Case, items: Sequence[Known]) -> Forecast:
    """The same from these pieces of evidence only: what an outlook would be without one of them, or with a doubtful one."""
    indicator, options = case.indicator, case.options
    count, bounds = indicator.is_count, indicator.bounds
    start = first_step(items, indicator.baseline.year)
    if count:  # what is reached is a fact: the first year that is forecast is the one of which it is told last
        start = max([start, *(when(k.statement) for k in items)])
    last_year = max(max(case.evidence.plan.target_years), start)
    if not count and options.method != "auto":
        made = forecast(case.series.values, last_year - start + 1, method=options.method, bounds=bounds)
        return replace(made, start=start)
    planned = not case.national
    asked = [value for _, value, _ in case.targets() if value is not None] if planned and not count else []
    return forecast_evidence(
        [k.statement for k in items],
        start=start,
        last_year=last_year,
        kind="count" if count else "level",
        prior_growth=0.0 if count else prior_for(case),
        bounds=bounds,
        prior_rate=rate_for(case) if count else None,
        lasting=options.experience and planned,
        goal=min(asked, default=None),
    )


def probability(case: Case, found: Forecast, year: int, value: float) -> float | None:
    """P(the value of a year meets a target), with what past plans teach unless that is switched off.

    None where the forecast does not reach the year, or there is none.
    """
    place = found.place(year)
    if place is None:
        return None
    learned: Experience | None = experience(case.evidence.plan.past_plan) if case.options.experience else None
    return chance(found, value, place + 1, up=case.indicator.direction == "up", learned=learned)


def outlook(found: Forecast, *, level: float, orientation: bool = False) -> Outlook:
    """A forecast as numbers that travel, one step a year.

    Args:
        found: the forecast.
        level: of the printed interval.
        orientation: whether only the baseline is known.

    Returns:
        Medians and ranges in the ledger's unit; the reason where there is no forecast.
    """
    steps: tuple[OutlookStep, ...] = ()
    if found.ok and found.start is not None:
        low, high = found.interval(level)
        low50, high50 = found.interval(0.50)
        steps = tuple(
            OutlookStep(found.start + i, *(float(a[i]) for a in (found.median, low, high, low50, high50)))
            for i in range(found.horizon)
        )
    return Outlook(
        ok=found.ok,
        method=found.method,
        reason=found.reason,
        n=found.n,
        least=found.least,
        steps=steps,
        parameters=dict(found.parameters),
        refused=found.refused,
        nowcast=None if found.nowcast is None or not found.ok else dict(found.nowcast),
        record=found.to_dict() if found.ok else None,
        orientation=orientation,
    )
