"""Levels: shrunk damped growth, the project's own method for short annual series.

A weighted least-squares fit of a constant to growth (`statsmodels.WLS` gives the same figures, see the
tests), shrunk towards a prior growth, damped, with a spread that was learned from a panel of public series
(`learned.py`). This module knows one array; it must not know what it measures.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .damped import fit
from .distributions import Array, Link, LinkedT
from .learned import LOG
from .result import LEAST_LEVEL, Forecast, refuse
from .series import growth, unit_of

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
        A forecast; refused with "too_few_points" (fewer than 4 values), "out_of_bounds", "all_zero" or "fit_failed"
        (values a hundred orders of magnitude apart).
    """
    known = y[~np.isnan(y)]
    n = len(known)
    last = float(known[-1]) if n else None
    if n < LEAST_LEVEL:
        return refuse(METHOD, "level", horizon, "too_few_points", n=n, least=LEAST_LEVEL, last=last)
    link, why = _link(known, bounds)
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
    g = growth(z)
    f = fit(g.rate, g, horizon, prior=prior, constants=LOG)
    cov = f.walk[_earlier(horizon)] + f.slope * np.outer(f.damped, f.damped)
    return Forecast(
        METHOD,
        "level",
        horizon,
        LinkedT(z[-1] + f.ahead, cov, f.df, link),
        {
            "scale": link.kind,
            "bounds": None if bounds is None else [float(bounds[0]), float(bounds[1])],
            "prior_growth": prior,
            "growth_own": float(f.own),
            "growth_used": float(f.used),
            "growth_own_weight": float(f.own_weight),
            "growth_sd": float(np.sqrt(f.var)),
            "growth_se": float(np.sqrt(f.own_var)),
            "damping": float(f.damping),
            "spread": float(np.sqrt(f.spread)),
            "df": float(f.df),
        },
        () if link.kind != "identity" else (("log_growth", "not_positive"),),
        n=n,
        least=LEAST_LEVEL,
        last=last,
        residuals=tuple(f.errors.tolist()),
    )


def _link(known: Array, bounds: tuple[float, float] | None) -> tuple[Link | None, str]:
    """The scale to work on, and a code where there is none."""
    if bounds is not None:
        lower, upper = float(bounds[0]), float(bounds[1])
        if not lower < upper:
            raise ValueError(f"bounds must rise, not {bounds!r}")
        if known.min() < lower or known.max() > upper:
            return None, "out_of_bounds"
        return Link("logit", 1.0, lower, upper), ""
    if not known.any():
        return None, "all_zero"
    unit = unit_of(known)
    if known.min() > 0:
        # Growth over a hundred orders of magnitude is no growth of anything, and its quantiles are no numbers.
        return (Link("log", unit), "") if known.min() > 1e-100 * unit else (None, "fit_failed")
    return Link("identity", unit), ""


@lru_cache(maxsize=64)
def _earlier(horizon: int) -> NDArray[np.int64]:
    """Position of the earlier of two steps, shape (H, H): independent increments covary with its variance."""
    order = np.arange(horizon)
    return np.minimum.outer(order, order)
