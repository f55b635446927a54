"""From a series of the ledger to an outlook: which model, which horizon, in numbers.

The forecast room knows arrays only; this module knows which array an indicator is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from greenreport.assess.model import Options, Outlook, OutlookStep
from greenreport.forecast import Forecast, forecast, nowcast
from greenreport.observations import Series
from greenreport.plan import Indicator

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["carries", "fit", "outlook"]


def fit(series: Series, indicator: Indicator, *, last_year: int, options: Options) -> Forecast:
    """Forecast one indicator to `last_year`.

    Args:
        series: the history; its full years are used, gaps stay gaps.
        indicator: says whether the series is a level, a share or a cumulative count.
        last_year: last year to forecast; at least one step is made.
        options: method and prior growth.

    Returns:
        The forecast; `ok` is False where the data do not carry one.
    """
    last = series.last_year or last_year - 1
    count = indicator.kind == "cumulative_count"
    horizon = max(1, last_year - last)
    if options.nowcast and options.method == "auto" and indicator.kind != "share":
        found = _nowcast(series, horizon=horizon, count=count, prior_growth=options.prior_growth)
        if found is not None and found.ok:
            return found
    bounds = (0.0, 100.0) if indicator.kind == "share" else None
    return forecast(
        series.values,
        horizon,
        kind="count" if count else "level",
        method=None if count or options.method == "auto" else options.method,
        prior_growth=options.prior_growth,
        bounds=bounds,
    )


def _nowcast(series: Series, *, horizon: int, count: bool, prior_growth: float) -> Forecast | None:
    """A forecast that knows part of the year after the last full one; None where the ledger has no such figure."""
    part = series.part_year
    if part is None or series.last_year is None or part.year != series.last_year + 1:
        return None
    if count:
        return nowcast(series.values, part.value, horizon=horizon, kind="count", elapsed=part.months / 12)
    same_months = {p.year: p.value for p in series.part_years if p.months == part.months}
    earlier = np.array([same_months.get(int(year), np.nan) for year in series.years])
    return nowcast(series.values, part.value, horizon=horizon, earlier_parts=earlier, prior_growth=prior_growth)


def carries(found: Forecast) -> bool:
    """Whether a forecast may be shown: there is one."""
    return found.ok


def outlook(found: Forecast, series: Series, *, level: float) -> Outlook:
    """A forecast as numbers that travel, one step a year."""
    steps: tuple[OutlookStep, ...] = ()
    enough = carries(found)
    if enough:
        first = series.annual[-1].year + 1
        low, high = found.interval(level)
        low50, high50 = found.interval(0.50)
        steps = tuple(
            OutlookStep(first + i, *(float(a[i]) for a in (found.median, low, high, low50, high50)))
            for i in range(found.horizon)
        )
    return Outlook(
        ok=enough,
        method=found.method,
        reason=found.reason if enough or not found.ok else "too_few_points",
        n=found.n,
        least=found.least,
        steps=steps,
        parameters=_plain(found.parameters),
        refused=tuple((str(what), str(why)) for what, why in found.refused),
        nowcast=None if found.nowcast is None or not enough else _plain(found.nowcast),
        record=found.to_dict() if enough else None,
    )


def _plain(parameters: Mapping[str, object]) -> dict[str, object]:
    return {k: float(v) if isinstance(v, np.floating) else v for k, v in parameters.items()}
