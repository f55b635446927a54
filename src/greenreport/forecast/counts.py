"""Cumulative counts (awards, sites, events): forecast through their increments, so that no path ever falls.

Established counts: a discounted Gamma–Poisson rate with shrunk over-dispersion. Counts that start at zero or
trend visibly: half of that, half a negative binomial with a damped slope of the log rate. Knows one array only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .distributions import Array
from .mixture import CountMixture
from .result import LEAST_COUNT, Forecast, refuse

__all__ = ["gamma_poisson", "why_no_count"]

METHOD = "gamma_poisson"

# Prior of the annual rate, Gamma(shape, rate): .35 years of experience with half an event.
PRIOR_SHAPE = 0.5
PRIOR_RATE = 0.35
PRIOR_EVENTS = 20.0  # annual rate × dispersion up to which those years count in full; beyond, they fade
DISCOUNT = 0.9  # weight of a year of experience, per year of age
DISPERSION = 1.5  # prior of variance / mean of annual increments …
DISPERSION_N = 3.0  # … worth this many degrees of freedom
RATE_DRIFT = 0.10  # standard deviation of the yearly change of the log rate, constant along a path
SLOPE_SD = 0.35  # prior of the slope of the log rate where a count ramps up
SLOPE_DAMPING = 0.80
TREND_T = 1.5  # a slope this many standard errors from zero is a visible trend

# Three nodes carry this share of the variance of a ramp's log rate; the rest widens every component, so that they
# overlap (nodes are 1.8 of their own standard deviations apart) and no step of one of them shows.
NODES = 0.52
NODES_DRIFT = 0.45  # the same for the drift of an established rate, which has two nodes
_HALVES = np.array([0.5, 0.5])
_NODE, _NODE_W = np.array([-math.sqrt(3.0), 0.0, math.sqrt(3.0)])[:, None], np.array([1.0, 4.0, 1.0]) / 6.0


@dataclass(frozen=True, eq=False)
class _Increments:
    """Increments x over intervals of `years`, each `age` years (end to end) before the last value."""

    x: Array
    years: Array
    age: Array


def gamma_poisson(y: Array, horizon: int, *, part: float | None = None, elapsed: float | None = None) -> Forecast:
    """Forecast of a cumulative count.

    Args:
        y: annual cumulative counts with real ends, NaN for gaps, shape (n,): whole, not negative, never
            falling.
        horizon: number of years ahead.
        part: count reached within the year under way, if known; then step 1 is the end of that year.
        elapsed: share of the year under way that had passed when `part` was read, 0 < elapsed < 1.

    Returns:
        A forecast in whole numbers; refused with "too_few_points" (fewer than 3 values), "not_whole",
        "negative_count" or "count_falls".
    """
    real = ~np.isnan(y)
    known = y[real]
    n = len(known)
    reached = known if part is None else np.append(known, part)
    last = float(reached[-1]) if len(reached) else None
    why = why_no_count(reached)
    if why is not None or last is None:
        return refuse(METHOD, "count", horizon, why or "too_few_points", n=n, least=LEAST_COUNT, last=last)
    year = np.flatnonzero(real).astype(np.float64)
    first = 1.0
    if part is not None and elapsed is not None:
        year = np.append(year, year[-1] + elapsed)
        first = 1.0 - elapsed
    inc = _Increments(np.rint(np.diff(reached)).astype(float), np.diff(year), year[-1] - year[1:])
    exposure = np.ones(horizon)
    exposure[0] = first

    dispersion = _dispersion(inc)
    rate, means, varied = _established(inc, exposure, dispersion)
    weights = _HALVES
    intercept, slope, cov = _slope(inc, dispersion)
    slope_se = math.sqrt(cov[1, 1])
    ramping = bool(reached[0] == 0.0 and reached[-1] > 0.0) or abs(slope) > TREND_T * slope_se
    if ramping:
        more_means, more_varied = _ramp(intercept, slope, cov, exposure)
        weights = np.concatenate([weights, _NODE_W]) / 2.0
        means, varied = np.concatenate([means, more_means]), np.concatenate([varied, more_varied])
    dist = CountMixture(round(last), weights, means, dispersion, varied)
    return Forecast(
        METHOD,
        "count",
        horizon,
        dist,
        {
            "variant": "blend" if ramping else "established",
            "rate": rate,
            "dispersion": dispersion,
            "log_rate_slope": slope,
            "log_rate_slope_se": slope_se,
        },
        n=n,
        least=LEAST_COUNT,
        last=last,
        residuals=tuple(((inc.x / inc.years - rate) * np.sqrt(inc.years)).tolist()),
    )


def why_no_count(known: Array) -> str | None:
    """The code of the reason why values are no cumulative count that can be forecast, or None."""
    if len(known) < LEAST_COUNT:
        return "too_few_points"
    if np.abs(known - np.round(known)).max() > 1e-6:
        return "not_whole"
    if known.min() < 0:
        return "negative_count"
    return "count_falls" if (np.diff(known) < -1e-6).any() else None


def _rate(inc: _Increments, dispersion: float) -> tuple[float, float]:
    """Shape and rate of the Gamma posterior of the annual rate, after discounting and over-dispersion."""
    w = DISCOUNT**inc.age
    events, years = float(w @ inc.x), float(w @ inc.years)
    # The prior speaks of small counts. Of hundreds a year it knows nothing, and left as it is it would draw them
    # towards one a year as soon as they are irregular.
    known = min(1.0, PRIOR_EVENTS * years / (events * dispersion)) if events > 0.0 else 1.0
    return PRIOR_SHAPE + events / dispersion, PRIOR_RATE * known + years / dispersion


def _dispersion(inc: _Increments) -> float:
    """Variance over mean of annual increments, shrunk to its prior; at least 1 (Poisson)."""
    shape, rate = _rate(inc, 1.0)
    mean = shape / rate * inc.years
    m = len(inc.x)
    own = float(np.sum((inc.x - mean) ** 2 / mean))  # Pearson's statistic, m − 1 degrees of freedom
    return max(1.0, (DISPERSION_N * DISPERSION + own) / (DISPERSION_N + m - 1))


def _established(inc: _Increments, exposure: Array, dispersion: float) -> tuple[float, Array, Array]:
    """Gamma rate and its drift: mean rate, means of the sums and their squared variation, shapes (2, H)."""
    shape, rate = _rate(inc, dispersion)
    total, drift = _drift(tuple(exposure.tolist()))
    return shape / rate, (shape / rate) * total, (1.0 + 1.0 / shape) * drift - 1.0


@lru_cache(maxsize=64)
def _drift(exposure: tuple[float, ...]) -> tuple[Array, Array]:
    """Sums of exposures and the factors on their second moments that the rate's drift brings, shapes (2, H).

    The log rate moves by normal·sd·i until year i and the rate keeps its mean. Two nodes, one falling and one
    rising, carry NODES_DRIFT of the variance; within each the second moment of a sum with exposures e grows by
    Σ eᵢ·eⱼ·exp(i·j·sd²) / (Σ eᵢ)². That factor's logarithm may not grow faster than lets the sum's lower
    quantiles rise: over many years a rate that falls still adds something.
    """
    steps = np.arange(1.0, len(exposure) + 1)
    apart, inside = math.sqrt(NODES_DRIFT) * RATE_DRIFT * steps, (1.0 - NODES_DRIFT) * RATE_DRIFT**2
    e = np.array(exposure) * np.exp([-apart, apart]) / np.cosh(apart)
    total = np.cumsum(e, axis=1)
    square = np.cumsum(np.cumsum(e[:, :, None] * e[:, None, :] * np.exp(inside * np.outer(steps, steps)), 1), 2)
    spread = np.sqrt(np.log(np.diagonal(square, axis1=1, axis2=2) / total**2))
    for h in range(1, len(exposure)):
        spread[:, h] = np.minimum(spread[:, h], spread[:, h - 1] + np.log(total[:, h] / total[:, h - 1]) / 3.0)
    return total, np.exp(spread**2)


def _slope(inc: _Increments, dispersion: float) -> tuple[float, float, Array]:
    """Penalised Poisson fit of log rate = intercept + slope·t, t = 0 at the last value.

    The prior of the rate enters as PRIOR_SHAPE events in PRIOR_RATE years at mid-series, the slope is shrunk
    to zero (normal with SLOPE_SD). Newton steps; the covariance is the inverse curvature times the
    over-dispersion.
    """
    # Plain numbers: a handful of points and two unknowns cost numpy ten times the arithmetic.
    t = [*(-(inc.age + inc.years / 2.0)).tolist(), -float(inc.age[0] + inc.years[0]) / 2.0]
    x = [*inc.x.tolist(), PRIOR_SHAPE]
    years = [*inc.years.tolist(), PRIOR_RATE]
    penalty = dispersion / SLOPE_SD**2
    intercept, slope = math.log(sum(x) / sum(years)), 0.0
    for _ in range(50):
        up0 = up1 = c00 = c01 = c11 = 0.0
        for ti, xi, yi in zip(t, x, years, strict=True):
            mean = yi * math.exp(min(max(intercept + slope * ti, -30.0), 30.0))
            up0 += xi - mean
            up1 += ti * (xi - mean)
            c00 += mean
            c01 += mean * ti
            c11 += mean * ti * ti
        up1 -= penalty * slope
        c11 += penalty
        det = c00 * c11 - c01 * c01
        by0, by1 = (c11 * up0 - c01 * up1) / det, (c00 * up1 - c01 * up0) / det
        size = max(abs(by0), abs(by1))
        part = min(1.0, 1.0 / size) if size > 0 else 1.0
        intercept, slope = intercept + part * by0, slope + part * by1
        if size < 1e-7:
            break
    return intercept, slope, np.array([[c11, -c01], [-c01, c00]]) * (dispersion / det)


def _ramp(intercept: float, slope: float, cov: Array, exposure: Array) -> tuple[Array, Array]:
    """Components of the damped log-rate slope: means of the sums and their squared variation, shapes (3, H).

    The log rate of a year is normal; all years of a path share one luck, of which the nodes are points.
    """
    carried = _carried(len(exposure))
    log_rate = intercept + slope * carried
    var = cov[0, 0] + (2.0 * cov[0, 1]) * carried + cov[1, 1] * carried * carried
    inside = (1.0 - NODES) * var
    at = log_rate + 0.5 * inside + _NODE * np.sqrt(NODES * var)
    yearly = exposure * np.exp(np.minimum(np.maximum(at, -30.0), 30.0))
    means = np.cumsum(yearly, axis=1)
    # The variance of a sum's logarithm is near the mean of those of its terms, by their size, when they move together.
    return means, np.expm1(np.minimum(np.cumsum(yearly * inside, axis=1) / means, 30.0))


@lru_cache(maxsize=64)
def _carried(horizon: int) -> Array:
    """How much of a year's slope the log rate of each year ahead carries, shape (H,)."""
    return np.cumsum(SLOPE_DAMPING ** np.arange(1.0, horizon + 1))
