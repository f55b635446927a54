"""The models users know beside ours, on one series: what each forecasts, and how each did on it before.

A rolling-origin back-test on a handful of points is an anecdote, not a ranking; docs/forecasting.md has the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from greenreport.assess.model import Options
from greenreport.forecast import DEFAULT, METHODS, backtest, forecast
from greenreport.observations import Series
from greenreport.plan import Indicator

__all__ = ["MethodRow", "compare_methods"]

LEAST_ORIGIN = 4
"""Values before an origin: the least that the usual models take."""

ORIGINS = 3
"""Origins of the back-test: all named models together take about a twentieth of a second per origin."""


@dataclass(frozen=True, kw_only=True)
class MethodRow:
    """One method on one series, for one target; `reason` says why it refused, and then there are no figures."""

    method: str  # its name in `forecast.METHODS`
    ours: bool  # whether it is the project's own
    median: float | None = None  # forecast of the target year
    low: float | None = None  # lower end of the printed interval
    high: float | None = None  # upper end
    probability: float | None = None  # probability of the target
    # mean absolute error of one- and two-year forecasts from the last origins, relative to the mean level
    error: float | None = None
    inside: float | None = None  # share of those outcomes inside the 80 % interval
    origins: int = 0  # how many outcomes that rests on
    reason: str | None = None  # a code
    n: int = 0  # annual figures it was given
    least: int = 0  # annual figures it needs


def compare_methods(
    series: Series, indicator: Indicator, *, year: int, target: float | None, options: Options
) -> tuple[MethodRow, ...]:
    """Every method that takes levels, ours first.

    Args:
        series: the history; only full years are used, so that methods which know no part-years start level.
        indicator: a level or share; cumulative counts have a model of their own and no comparison.
        year: target year.
        target: level of the target, None for none.
        options: prior growth and interval level.

    Returns:
        A row a method; none for counts and years that are over.
    """
    last = series.last_year
    if indicator.is_count or last is None or year <= last:
        return ()
    prior = 0.03 if options.prior_growth is None else options.prior_growth
    known = (series.values.tobytes(), len(series.annual), year - last, target, indicator.direction)
    return _rows(*known, prior=prior, level=options.level)


@cache  # the page of methods asks in each language
def _rows(
    content: bytes, full_years: int, step: int, target: float | None, direction: str, *, prior: float, level: float
) -> tuple[MethodRow, ...]:
    values = np.frombuffer(content)
    own = DEFAULT["level"]
    names = [own, *(name for name in METHODS if name not in DEFAULT.values())]
    start = max(LEAST_ORIGIN, full_years - ORIGINS)
    past = backtest(values, names, horizon=2, start=start, prior_growth=prior)
    rows = []
    for name in names:
        made = forecast(values, step, method=name, prior_growth=prior)
        tried = past[(past["method"] == name) & past["median"].notna()]
        refused: dict[str, Any] = {} if made.ok else {"reason": made.reason, "n": made.n, "least": made.least}
        row = MethodRow(method=name, ours=name == own, origins=len(tried), **refused)
        if made.ok:
            low, high = made.interval(level)
            row = replace(
                row,
                median=float(made.median[-1]),
                low=float(low[-1]),
                high=float(high[-1]),
                probability=None if target is None else made.prob_met(target, step, up=direction == "up"),
                error=float(tried["error"].abs().mean() / tried["actual"].abs().mean()) if len(tried) else None,
                inside=float(tried["inside80"].astype(float).mean()) if len(tried) else None,
            )
        rows.append(row)
    return tuple(rows)
