"""The arithmetic of shrunk damped growth, for one series or for many of the same shape at once.

`levels.py` calls it for one series, `benchmarks/forecast_tune.py` for a panel when it learns the constants:
one set of formulas for both. Sources and reasons: docs/forecasting.md, "The method". This module must not
know any data.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from .distributions import Array
from .series import Growth, weights

__all__ = ["PIVOT", "Constants", "Fitted", "fit", "variance"]

PIVOT = 0.0025  # (5 % a year)²: volatility is measured in logarithms from here
_TREND_FLOOR = 1e-4  # (1 % a year)²: below this standard error no trend counts as surer
_CORR_FLOOR = 0.3


@dataclass(frozen=True)
class Constants:
    """What was learned on the tuning half; volatility means ½·ln(spread / PIVOT)."""

    discount: float  # weight of a year's growth, per year of age
    growth_sd: float  # standard deviation of true growth around the prior growth
    damping: float  # logit of the damping per year at volatility 0 …
    damping_vol: float  # … and its change with volatility
    rebound: float  # share of the last surprise that is given back (negative: continued) at volatility 0 …
    rebound_vol: float  # … its change with volatility …
    rebound_smooth: float  # … and with the autocorrelation of growth …
    rebound_before: float  # … the share of the surprise before …
    rebound_third: float  # … that of the one before that (less where there are fewer than 7 growths) …
    persistence: float  # … and how much of that goes on, per further year
    prior_n: float  # the prior of the spread is worth this many degrees of freedom …
    prior_var: float  # … and is this
    power: float  # how much of a difference in spread between series lasts
    short: float  # exponent of the number of growths / 7 in the spread (negative: shorter series, wider intervals)
    shock: float  # effect of the last surprise's size on the logarithm of the spread
    smooth: float  # effect of the autocorrelation of growth on it
    trend: float  # effect of the trend's strength on it
    walk: float  # scale of the part of the variance that grows with the spread …
    walk_power: float  # … its exponent of the horizon …
    walk_smooth: float  # … how that changes with the autocorrelation of growth …
    walk_vol: float  # … with volatility …
    walk_trend: float  # … and with the trend's strength
    slope: float  # scale of the part that comes from not knowing the growth
    drift: float  # scale of the part that all series share …
    drift_power: float  # … and its exponent of the horizon
    df: float  # degrees of freedom at 8 values …
    df_power: float  # … and their exponent in the number of growths / 7


@dataclass(frozen=True, eq=False)
class Fitted:
    """What a fit found; every array has the leading shape of the panel, () for one series."""

    own: Array  # weighted mean growth of the series
    own_weight: Array  # its share in `used`, 0…1
    used: Array  # growth after shrinkage
    var: Array  # variance of annual growth
    own_var: Array  # variance of `own`
    spread: Array  # squared scale after shrinkage and adjustment
    damping: Array  # damping per year
    errors: Array  # surprises of growth, (…, m), standardised to one year
    ahead: Array  # expected change from the last value, (…, H)
    walk: Array  # independent-increments part of the squared scale, (…, H)
    slope: Array  # squared scale of the growth's error, …
    damped: Array  # … which every step carries times this, (…, H)
    df: float  # degrees of freedom


def fit(rate: Array, g: Growth, horizon: int, *, prior: float, constants: Constants) -> Fitted:
    """Fit growth and spread to rates of growth per year on the model scale, shape (m,) or (N, m) with m ≥ 3.

    Of the intervals `g` only lengths and ages are read; `prior` is the growth towards which the series' own is shrunk.
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
def _steps(horizon: int, persistence: float, drift: float, drift_power: float) -> tuple[Array, Array, Array]:
    """Steps 1…H, the sums 1 + ρ + … + ρ^(h−1), and the common drift variance: all fixed for a horizon."""
    steps = np.arange(1.0, horizon + 1)
    carried = np.cumsum(persistence ** np.arange(0.0, horizon))
    return steps, carried, drift * steps**drift_power
