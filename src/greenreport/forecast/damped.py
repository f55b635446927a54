"""The arithmetic of shrunk damped growth, for one series or for many of the same shape at once.

`levels.py` calls it for one series, `benchmarks/forecast_tune.py` for a panel when it learns the constants:
one set of formulas for both. Sources and reasons: docs/forecasting.md, "The method". This module must not
know any data.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .distributions import Array
from .series import Growth, weights

__all__ = ["PIVOT", "Constants", "Fitted", "fit", "variance"]

PIVOT = 0.0025  # (5 % a year)²: volatility is measured in logarithms from here
_TREND_FLOOR = 1e-4  # (1 % a year)²: below this standard error no trend counts as surer
_CORR_FLOOR = 0.3


@dataclass(frozen=True)
class Constants:
    """What was learned on the tuning half; volatility means ½·ln(spread / PIVOT).

    Args:
        discount: weight of a year's growth, per year of age.
        growth_sd: standard deviation of true growth around the prior growth.
        damping: logit of the damping per year at volatility 0 …
        damping_vol: … and its change with volatility.
        rebound: share of the last surprise that is given back (negative: continued) at volatility 0 …
        rebound_vol: … its change with volatility …
        rebound_smooth: … and with the autocorrelation of growth …
        rebound_before: … the share of the surprise before …
        rebound_third: … that of the one before that (less where there are fewer than 7 growths) …
        persistence: … and how much of that goes on, per further year.
        prior_n: the prior of the spread is worth this many degrees of freedom …
        prior_var: … and is this.
        power: how much of a difference in spread between series lasts.
        short: exponent of the number of growths / 7 in the spread (negative: shorter series, wider intervals).
        shock: effect of the last surprise's size on the logarithm of the spread.
        smooth: effect of the autocorrelation of growth on it.
        trend: effect of the trend's strength on it.
        walk: scale of the part of the variance that grows with the spread …
        walk_power: … its exponent of the horizon …
        walk_smooth: … how that changes with the autocorrelation of growth …
        walk_vol: … with volatility …
        walk_trend: … and with the trend's strength.
        slope: scale of the part that comes from not knowing the growth.
        drift: scale of the part that all series share …
        drift_power: … and its exponent of the horizon.
        df: degrees of freedom at 8 values …
        df_power: … and their exponent in the number of growths / 7.
    """

    discount: float
    growth_sd: float
    damping: float
    damping_vol: float
    rebound: float
    rebound_vol: float
    rebound_smooth: float
    rebound_before: float
    rebound_third: float
    persistence: float
    prior_n: float
    prior_var: float
    power: float
    short: float
    shock: float
    smooth: float
    trend: float
    walk: float
    walk_power: float
    walk_smooth: float
    walk_vol: float
    walk_trend: float
    slope: float
    drift: float
    drift_power: float
    df: float
    df_power: float


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a fit found; every array has the leading shape of the panel, () for one series.

    Args:
        own: weighted mean growth of the series.
        own_weight: its share in `used`, 0…1.
        used: growth after shrinkage.
        var: variance of annual growth.
        own_var: variance of `own`.
        spread: squared scale after shrinkage and adjustment.
        damping: damping per year.
        errors: surprises of growth, (…, m), standardised to one year.
        ahead: expected change from the last value, (…, H).
        walk: independent-increments part of the squared scale, (…, H).
        slope: squared scale of the growth's error, …
        damped: … which every step carries times this, (…, H).
        df: degrees of freedom.
    """

    own: Array
    own_weight: Array
    used: Array
    var: Array
    own_var: Array
    spread: Array
    damping: Array
    errors: Array
    ahead: Array
    walk: Array
    slope: Array
    damped: Array
    df: float


def fit(rate: Array, g: Growth, horizon: int, *, prior: float, constants: Constants) -> Fitted:
    """Fit growth and spread.

    Args:
        rate: growth per year of the intervals on the model scale, shape (m,) or (N, m) with m ≥ 3.
        g: the intervals: only their lengths and ages are read.
        horizon: number of steps H.
        prior: growth towards which the series' own is shrunk.
        constants: the learned constants.
    """
    c = constants
    m = rate.shape[-1]
    w, w1 = weights(g, c.discount)
    own = rate @ w
    gap = rate - own[..., None]
    errors = gap if g.annual else gap * np.sqrt(g.years)
    squares = errors * errors
    var = squares @ w1 * (m / (m - 1.0))
    own_var = var * float(np.sum(w * w / g.years))
    own_weight = c.growth_sd**2 / (c.growth_sd**2 + own_var)
    used = own_weight * own + (1.0 - own_weight) * prior

    pooled = (c.prior_n * c.prior_var + (m - 1) * var) / (c.prior_n + m - 1)
    vol = 0.5 * np.log(pooled / PIVOT)
    smooth = (errors[..., 1:] * errors[..., :-1]).sum(-1) / (squares.sum(-1) + _CORR_FLOOR * m * c.prior_var)
    shock = np.log1p(squares[..., -1] / pooled)
    trend = np.log1p(own * own / (own_var + _TREND_FLOOR))
    spread = np.exp(2.0 * c.power * vol + c.shock * (shock - 0.4) + c.smooth * smooth + c.trend * (trend - 1.0))
    spread = PIVOT * (m / 7.0) ** c.short * spread

    steps, carried, drift = _steps(horizon, c.persistence, c.drift, c.drift_power)
    damping = special.expit(c.damping + c.damping_vol * vol)
    damped = np.cumsum(damping[..., None] ** steps, axis=-1)
    power = c.walk_power + c.walk_smooth * smooth + c.walk_vol * vol + c.walk_trend * (trend - 1.0)
    # Never below zero, so that uncertainty can't shrink with the horizon, however volatile the series.
    power = np.maximum(power, 0.0)
    back = (c.rebound + c.rebound_vol * vol + c.rebound_smooth * smooth) * errors[..., -1]
    # A surprise among few growths has moved the mean that it is measured against.
    third = c.rebound_third * min(m / 7.0, 1.0) ** 2
    back = back + c.rebound_before * errors[..., -2] + third * errors[..., -3]
    return Fitted(
        own,
        own_weight,
        used,
        var,
        own_var,
        spread,
        damping,
        errors,
        used[..., None] * damped - back[..., None] * carried,
        (c.walk * spread)[..., None] * steps ** power[..., None] + drift,
        c.slope * own_weight * own_var,
        damped,
        c.df * (m / 7.0) ** c.df_power,
    )


def variance(fitted: Fitted) -> Array:
    """Squared scale of every step, shape (…, H)."""
    return fitted.walk + fitted.slope[..., None] * fitted.damped**2


@lru_cache(maxsize=256)
def _steps(
    horizon: int, persistence: float, drift: float, drift_power: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Steps 1…H, the sums 1 + ρ + … + ρ^(h−1), and the common drift variance: all fixed for a horizon."""
    steps = np.arange(1.0, horizon + 1)
    carried = np.cumsum(persistence ** np.arange(0.0, horizon))
    return steps, carried, drift * steps**drift_power
