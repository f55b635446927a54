"""Cumulative counts (awards, sites, events): forecast through their increments, so that no path ever falls.

Established counts: a discounted Gamma–Poisson rate with shrunk over-dispersion. Counts that start at zero or
trend visibly: half of that, half a negative binomial with a damped slope of the log rate. Knows one array only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from .distributions import Array
from .mixture import CountMixture
from .result import LEAST_COUNT, Forecast, refuse

__all__ = ["gamma_poisson", "why_no_count"]

METHOD = "gamma_poisson"

# Prior of the annual rate, Gamma(shape, rate): .35 years of experience with half an event.
PRIOR_SHAPE = 0.5
PRIOR_RATE = 0.35
DISCOUNT = 0.9  # weight of a year of experience, per year of age
DISPERSION = 1.5  # prior of variance / mean of annual increments …
DISPERSION_N = 3.0  # … worth this many degrees of freedom
RATE_DRIFT = 0.10  # standard deviation of the yearly change of the log rate, constant along a path
SLOPE_SD = 0.35  # prior of the slope of the log rate where a count ramps up
SLOPE_DAMPING = 0.80
TREND_T = 1.5  # a slope this many standard errors from zero is a visible trend

_LEGENDRE = np.polynomial.legendre.leggauss(12)
_P, _PW = (_LEGENDRE[0] + 1.0) / 2.0, _LEGENDRE[1] / 2.0
_G3, _G3W = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)]), np.array([1.0, 4.0, 1.0]) / 6.0
_G5, _G5W = np.polynomial.hermite_e.hermegauss(5)
_G5W = _G5W / _G5W.sum()
_U, _V, _UVW = np.repeat(_G5, 5), np.tile(_G5, 5), np.outer(_G5W, _G5W).ravel()


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
    known = y[~np.isnan(y)]
    n = len(known)
    reached = known if part is None else np.append(known, part)
    last = float(reached[-1]) if len(reached) else None
    why = why_no_count(reached)
    if why is not None or last is None:
        return refuse(METHOD, "count", horizon, why or "too_few_points", n=n, least=LEAST_COUNT, last=last)
    year = np.flatnonzero(~np.isnan(y)).astype(np.float64)
    first = 1.0
    if part is not None and elapsed is not None:
        year = np.append(year, year[-1] + elapsed)
        first = 1.0 - elapsed
    inc = _Increments(np.rint(np.diff(reached)).astype(float), np.diff(year), year[-1] - year[1:])
    exposure = np.ones(horizon)
    exposure[0] = first

    dispersion = _dispersion(inc)
    weights, rates, rate = _established(inc, horizon, dispersion)
    intercept, slope, cov = _slope(inc, dispersion)
    slope_se = math.sqrt(cov[1, 1])
    ramping = bool(reached[0] == 0.0 and reached[-1] > 0.0) or abs(slope) > TREND_T * slope_se
    if ramping:
        more_weights, more_rates = _ramp(intercept, slope, cov, horizon)
        weights = np.concatenate([weights, more_weights]) / 2.0
        rates = np.concatenate([rates, more_rates])
    dist = CountMixture(round(last), weights, rates * exposure, dispersion)
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
        residuals=tuple(float(r) for r in (inc.x / inc.years - rate) * np.sqrt(inc.years)),
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
    w = DISCOUNT**inc.age / dispersion
    return PRIOR_SHAPE + float(w @ inc.x), PRIOR_RATE + float(w @ inc.years)


def _dispersion(inc: _Increments) -> float:
    """Variance over mean of annual increments, shrunk to its prior; at least 1 (Poisson)."""
    shape, rate = _rate(inc, 1.0)
    mean = shape / rate * inc.years
    m = len(inc.x)
    own = float(np.sum((inc.x - mean) ** 2 / mean))  # Pearson's statistic, m − 1 degrees of freedom
    return max(1.0, (DISPERSION_N * DISPERSION + own) / (DISPERSION_N + m - 1))


def _established(inc: _Increments, horizon: int, dispersion: float) -> tuple[Array, Array, float]:
    """Nodes of a Gamma rate and its drift: weights (J,), annual rates (J, H), mean rate."""
    shape, rate = _rate(inc, dispersion)
    level = np.asarray(special.gammaincinv(shape, _P), dtype=np.float64) / rate
    steps = np.arange(1.0, horizon + 1)
    # exp(g·i − i²·sd²/2) keeps the mean rate where it is.
    drift = np.exp(_G3[:, None] * RATE_DRIFT * steps - 0.5 * (RATE_DRIFT * steps) ** 2)
    rates = (level[:, None, None] * drift[None]).reshape(-1, horizon)
    return (_PW[:, None] * _G3W[None]).ravel(), rates, shape / rate


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
        if size < 1e-9:
            break
    return intercept, slope, np.array([[c11, -c01], [-c01, c00]]) * (dispersion / det)


def _ramp(intercept: float, slope: float, cov: Array, horizon: int) -> tuple[Array, Array]:
    """Nodes of the damped log-rate slope: weights (J,), annual rates (J, H)."""
    first = math.sqrt(cov[0, 0])
    both = cov[1, 0] / first
    alpha = intercept + first * _U
    beta = slope + both * _U + math.sqrt(max(cov[1, 1] - both * both, 0.0)) * _V
    steps = np.cumsum(SLOPE_DAMPING ** np.arange(1.0, horizon + 1))
    log_rate = alpha[:, None] + beta[:, None] * steps
    return _UVW, np.exp(np.minimum(np.maximum(log_rate, -30.0), 30.0))
