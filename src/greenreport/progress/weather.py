"""Second opinion: the weather symbols of the German sustainability strategy (Destatis).

Knows numbers and years only. Source of the rules: the strategy's indicator platform, page "Indicator status –
Methodology" (dns-indikatoren.de/en/status), and its indicator reports.
"""

from __future__ import annotations

from collections.abc import Mapping

from .result import Direction, Result, clean_series, is_met, sign

__all__ = ["WEATHER", "weather"]

WEATHER = ("sun", "sun_cloud", "cloud", "storm")
"""Best to worst; of several simultaneous targets the worst symbol counts."""

_MOST_POINTS = 6
_LEAST_POINTS = 4


def weather(
    *,
    series: Mapping[int, float | None],
    direction: Direction,
    target_year: int | None = None,
    target_value: float | None = None,
    current_year: int | None = None,
) -> Result:
    """Read the mean annual change of the last six points against the target.

    Args:
        series: year → value. The last run of consecutive years counts, six points at most.
        direction: "up" or "down".
        target_year: year of the target; None where a value has to be kept every year. Of several target
            years the caller passes the next one.
        target_value: level of the target; None where only the direction is set.
        current_year: year to judge; the last one known by default. Later points are not looked at.

    Returns:
        Status `sun`, `sun_cloud`, `cloud`, `storm`. To a dated value: the mean change is extended to the
        target year and the value is the miss as a share of |target − current| (below zero: exceeded): less
        than 5 % sun, to 20 % sun and cloud, more cloud, wrong direction storm. Value to be kept, or reached
        already (reason `hold_rule`, no value): met and not worsening sun, met but worsening sun and cloud,
        unmet and not worsening cloud, unmet and worsening storm. Direction only (`direction_rule`, no value):
        mean and last change right sun, only the mean sun and cloud, only the last cloud, neither storm.
        `undefined` with the reason `too_few_observations` (fewer than four consecutive points up to the
        year) or `target_year_over` (unmet and nothing left to extend to).
    """
    d = sign(direction)
    points = clean_series(series)
    now = current_year if current_year is not None else max(points, default=None)
    first = None if now is None else _first_year(points, now)
    if now is None or first is None:
        return Result.undefined("too_few_observations")
    current = points[now]
    mean = d * (current - points[first]) / (now - first)

    if target_value is None:
        before = max(year for year in points if year < now)
        last = d * (current - points[before])
        symbols = ("sun", "sun_cloud") if mean > 0 else ("cloud", "storm")
        return Result(None, symbols[last <= 0], "direction_rule")
    met = is_met(current, target_value, direction)
    if met or target_year is None:
        symbols = ("sun", "sun_cloud") if met else ("cloud", "storm")
        return Result(None, symbols[mean < 0], "hold_rule")
    if target_year < now:
        return Result.undefined("target_year_over")
    gap = abs(target_value - current)
    miss = (gap - mean * (target_year - now)) / gap
    return Result(miss, "storm" if mean <= 0 else _symbol(miss))


def _symbol(miss: float) -> str:
    """The symbol of a change the right way that would miss the target by this share of the gap."""
    return "sun" if miss < 0.05 else "sun_cloud" if miss <= 0.20 else "cloud"


def _first_year(points: Mapping[int, float], now: int) -> int | None:
    """Where the stretch begins over which the mean change is taken: six points back, gaps or not.

    With fewer points than that, the run of at least four consecutive years that ends now. None without either.
    """
    if now not in points:
        return None
    known = [year for year in points if year <= now]
    if len(known) >= _MOST_POINTS:
        return known[-_MOST_POINTS]
    first = now
    while first - 1 in points:
        first -= 1
    return first if now - first + 1 >= _LEAST_POINTS else None
