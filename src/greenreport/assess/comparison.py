"""The models users know beside ours, on one series: what each forecasts, and how each did on it before.

A rolling-origin back-test on a handful of points is an anecdote, not a ranking; docs/forecasting.md has the evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from greenreport.areas import Area
from greenreport.assess.case import Case
from greenreport.assess.evidence import Evidence
from greenreport.assess.fit import fit, probability
from greenreport.assess.model import Options
from greenreport.assess.prior import prior_for
from greenreport.forecast import DEFAULT, METHODS, backtest, forecast
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
    ours: bool  # whether the verdict rests on it
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
    evidence: Evidence, indicator: Indicator, area: Area, *, year: int, target: float | None, options: Options
) -> tuple[MethodRow, ...]:
    """Every method that takes levels, ours first: the forecast that the verdict rests on, from all that is known.

    Args:
        evidence: plan, roster and ledger as known on the day.
        indicator: a level or share; cumulative counts have a model of their own and no comparison.
        area: the area.
        year: target year.
        target: level of the target, None for none.
        options: method, prior growth and interval level of the verdict.

    Returns:
        A row a method, the others from full years only; none for counts and years that are over.
    """
    case = Case(evidence, indicator, area, options)
    last = case.series.last_year
    if indicator.is_count or last is None or year <= last:
        return ()
    key = ("compared", indicator, area.code, year, target, options)  # the page of methods asks in each language
    return evidence.remember(key, lambda: tuple(_rows(case, year, year - last, target)))


def _rows(case: Case, year: int, step: int, target: float | None) -> Iterator[MethodRow]:
    own = fit(case.evidence, case.indicator, case.area, case.options)
    values, bounds = case.series.values, case.indicator.bounds
    start = max(LEAST_ORIGIN, len(case.series.annual) - ORIGINS)
    names = [own.method, *(name for name in METHODS if name not in (own.method, *DEFAULT.values()))]
    past = backtest(values, names, horizon=2, start=start, prior_growth=prior_for(case), bounds=bounds)
    for name in names:
        ours = name == own.method
        made = own if ours else forecast(values, step, method=name, bounds=bounds)
        place = own.place(year) if ours else step - 1
        tried = past[(past["method"] == name) & past["median"].notna()]
        row = MethodRow(method=name, ours=ours, origins=len(tried))
        if not made.ok or place is None:
            yield replace(row, reason=made.reason, n=made.n, least=made.least)
            continue
        low, high = made.interval(case.options.level)
        met = None
        if target is not None:
            up = case.indicator.direction == "up"
            met = probability(case, made, year, target) if ours else made.prob_met(target, step, up=up)
        yield replace(
            row,
            median=float(made.median[place]),
            low=float(low[place]),
            high=float(high[place]),
            probability=met,
            error=float(tried["error"].abs().mean() / tried["actual"].abs().mean()) if len(tried) else None,
            inside=float(tried["inside80"].astype(float).mean()) if len(tried) else None,
        )
