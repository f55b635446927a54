"""Regression and random-walk methods in closed form: OLS and log-linear trend, drift, naive.

The tests hold the trends against `statsmodels.OLS`. This module knows one array; it must not know what it measures.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from .distributions import Array, Link, LinkedT, Paths
from .series import growth, unit_of

__all__ = ["Fit", "drift", "log_linear_trend", "naive", "ols_trend"]

Fit: TypeAlias = tuple[LinkedT | Paths, dict[str, Any], Array]
"""What every method hands back: distribution, parameters, one-step errors."""


def ols_trend(y: Array, horizon: int) -> Fit:
    """Straight line by least squares, with the prediction variance of a new observation.

    Source: any textbook; the same figures as `statsmodels.OLS(...).get_prediction(...)`.
    """
    return _trend(y, horizon, Link("identity", unit_of(y)))


def log_linear_trend(y: Array, horizon: int) -> Fit:
    """Straight line through the logarithms (constant growth) of positive values."""
    return _trend(y, horizon, Link("log", unit_of(y)))


def _trend(y: Array, horizon: int, link: Link) -> Fit:
    at = np.flatnonzero(~np.isnan(y)).astype(float)
    n = len(at)
    z = link.forward(y[~np.isnan(y)])
    x = np.column_stack([np.ones(n), at])
    ahead = len(y) - 1 + np.arange(1.0, horizon + 1)
    x_ahead = np.column_stack([np.ones(horizon), ahead])
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ (x.T @ z)
    errors = z - x @ beta
    sigma2 = float(errors @ errors) / (n - 2)
    cov = sigma2 * (np.eye(horizon) + x_ahead @ inverse @ x_ahead.T)
    slope = float(beta[1]) if link.kind == "log" else float(beta[1]) * link.scale
    return LinkedT(x_ahead @ beta, cov, float(n - 2), link), {"slope": slope, "df": n - 2}, errors[1:]


def drift(y: Array, horizon: int) -> Fit:
    """Random walk with drift: the line through the first and the last value.

    Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, 5.5: σ²·h·(1 + h/m).
    """
    return _walk(y, horizon, with_drift=True)


def naive(y: Array, horizon: int) -> Fit:
    """Random walk: the last value. Variance σ²·h."""
    return _walk(y, horizon, with_drift=False)


def _walk(y: Array, horizon: int, *, with_drift: bool) -> Fit:
    link = Link("identity", unit_of(y))
    z = link.forward(y)
    g = growth(z)
    mean = float((z[-1] - z[0]) / (len(z) - 1)) if with_drift else 0.0
    errors = (g.rate - mean) * np.sqrt(g.years)
    sigma2 = float(errors @ errors) / (g.m - with_drift)
    h = np.arange(1.0, horizon + 1)
    cov = sigma2 * np.minimum.outer(h, h)
    if with_drift:
        cov = cov + sigma2 * np.outer(h, h) / (len(z) - 1)
    return LinkedT(z[-1] + mean * h, cov, np.inf, link), {"drift": mean * link.scale}, errors
