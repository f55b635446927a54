"""Levels: shrunk damped growth, the project's own method for short annual series.

A weighted least-squares fit of a constant to growth (`statsmodels.WLS` gives the same figures, see the
tests), shrunk towards a prior growth, damped, with a spread that was learned from a panel of public series
(`learned.py`). This module knows one array; it must not know what it measures.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .distributions import Array, Link, LinkedT
from .learned import ADDITIVE, LOG, Constants
from .result import LEAST_LEVEL, Forecast, refuse
from .series import growth, unit_of, weights

__all__ = ["shrunk_damped_growth"]

METHOD = "shrunk_damped_growth"


def shrunk_damped_growth(
    y: Array,
    horizon: int,
    *,
    prior_growth: float = 0.03,
    bounds: tuple[float, float] | None = None,
) -> Forecast:
    """Forecast of a level.

    Args:
        y: annual values with real ends, NaN for gaps, shape (n,).
        horizon: number of years ahead.
        prior_growth: growth per year towards which the series' own growth is shrunk, on the log scale (0.03 =
            about 3 % a year); used for positive series without bounds only, elsewhere the prior is no change.
        bounds: lower and upper bound of a share, e.g. (0, 100): modelled on the logit scale.

    Returns:
        A forecast; refused with "too_few_points" (fewer than 4 values), "out_of_bounds" or "all_zero".
    """
    known = y[~np.isnan(y)]
    n = len(known)
    last = float(known[-1]) if n else None
    if n < LEAST_LEVEL:
        return refuse(METHOD, "level", horizon, "too_few_points", n=n, least=LEAST_LEVEL, last=last)
    link, constants, why = _link(known, bounds)
    if link is None:
        return refuse(METHOD, "level", horizon, why, n=n, least=LEAST_LEVEL, last=last)
    prior = prior_growth if link.kind == "log" else 0.0
    inside = y
    if link.kind == "logit":
        # A share of exactly 0 or 100 % has no logit: it is taken as a quarter of a percent of the range
        # inside.
        edge = 0.0025 * (link.upper - link.lower)
        inside = np.clip(y, link.lower + edge, link.upper - edge)
    z = link.forward(inside)
    dist, fitted, residuals = fit(z, horizon, prior=prior, constants=constants, link=link)
    refused = () if link.kind != "identity" else (("log_growth", "not_positive"),)
    return Forecast(
        METHOD,
        "level",
        horizon,
        dist,
        {
            "scale": link.kind,
            "prior_growth": prior,
            "bounds": None if bounds is None else list(bounds),
            **fitted,
        },
        refused,
        n=n,
        least=LEAST_LEVEL,
        last=last,
        residuals=residuals,
    )


def _link(known: Array, bounds: tuple[float, float] | None) -> tuple[Link | None, Constants, str]:
    """The scale to work on, its constants, and a code where there is none."""
    if bounds is not None:
        lower, upper = float(bounds[0]), float(bounds[1])
        if not lower < upper:
            raise ValueError(f"bounds must rise, not {bounds!r}")
        if known.min() < lower or known.max() > upper:
            return None, LOG, "out_of_bounds"
        return Link("logit", 1.0, lower, upper), LOG, ""
    if not known.any():
        return None, LOG, "all_zero"
    unit = unit_of(known)
    if known.min() > 0:
        return Link("log", unit), LOG, ""
    return Link("identity", unit), ADDITIVE, ""


def fit(
    z: Array, horizon: int, *, prior: float, constants: Constants, link: Link
) -> tuple[LinkedT, dict[str, float], tuple[float, ...]]:
    """The method on the model scale: distribution, what was estimated, one-step errors.

    Formulas: docs/forecasting.md, "The method".
    """
    c = constants
    g = growth(z)
    m = g.m
    w, w1 = weights(g, c.discount)
    b = float(w @ g.rate)
    s2 = float(w1 @ (g.years * (g.rate - b) ** 2)) * m / (m - 1)
    v = s2 * float(np.sum(w**2 / g.years))
    k = c.growth_sd**2 / (c.growth_sd**2 + v)
    pooled = k * b + (1.0 - k) * prior
    spread = (c.prior_n * c.prior_var + (m - 1) * s2) / (c.prior_n + m - 1)
    spread = c.pivot * (spread / c.pivot) ** c.power
    steps, damp, least = _profile(horizon, c.damping)
    centre = z[-1] - c.rebound * (g.rate[-1] - b) + pooled * damp
    walk = c.walk * spread * steps**c.walk_power + c.drift * steps**c.drift_power
    trend = c.trend * k * v
    cov = walk[least] + trend * np.outer(damp, damp)
    df = c.df * (m / 7.0) ** c.df_power
    fitted = {
        "growth_own": b,
        "growth_used": pooled,
        "growth_own_weight": k,
        "growth_sd": float(np.sqrt(s2)),
        "growth_se": float(np.sqrt(v)),
        "damping": c.damping,
        "spread": float(np.sqrt(spread)),
        "df": df,
    }
    return LinkedT(centre, cov, df, link), fitted, tuple(float(r) for r in (g.rate - b) * np.sqrt(g.years))


@lru_cache(maxsize=64)
def _profile(horizon: int, damping: float) -> tuple[Array, Array, np.ndarray]:
    """Steps 1…H, the damped sums Σ damping^i, and the table of min(i, j) − 1: all fixed for a horizon."""
    steps = np.arange(1.0, horizon + 1)
    order = np.arange(horizon)
    return steps, np.cumsum(damping**steps), np.minimum.outer(order, order)
