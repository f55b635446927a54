"""Regression and random-walk methods by name: OLS and log-linear trend, drift, naive.

Closed forms, no statsmodels; the tests hold the trends against `statsmodels.OLS`. All need three values. This module knows
one array; it must not know what it measures.
"""

from __future__ import annotations

import numpy as np

from .distributions import Array, Link, LinkedT
from .result import Forecast, refuse
from .series import growth, unit_of

__all__ = ["drift", "log_linear_trend", "naive", "ols_trend"]

LEAST = 3


def ols_trend(y: Array, horizon: int) -> Forecast:
    """Straight line by least squares, with the prediction variance of a new observation.

    Source: any textbook; the same figures as `statsmodels.OLS(...).get_prediction(...)`.
    """
    return _trend("ols_trend", y, horizon, Link("identity", unit_of(y)))


def log_linear_trend(y: Array, horizon: int) -> Forecast:
    """Straight line through the logarithms (constant growth) of positive values."""
    known = y[~np.isnan(y)]
    if len(known) and known.min() <= 1e-100 * known.max():
        return _refused("log_linear_trend", y, horizon, "not_positive" if known.min() <= 0 else "fit_failed")
    return _trend("log_linear_trend", y, horizon, Link("log", unit_of(y)))


def _trend(name: str, y: Array, horizon: int, link: Link) -> Forecast:
    at = np.flatnonzero(~np.isnan(y)).astype(float)
    n = len(at)
    if n < LEAST:
        return _refused(name, y, horizon, "too_few_points")
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
    made = LinkedT(x_ahead @ beta, cov, float(n - 2), link)
    return _made(name, y, made, {"slope": slope, "df": n - 2}, errors[1:])


def drift(y: Array, horizon: int) -> Forecast:
    """Random walk with drift: the line through the first and the last value.

    Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, 5.5: σ²·h·(1 + h/m).
    """
    return _walk("drift", y, horizon, with_drift=True)


def naive(y: Array, horizon: int) -> Forecast:
    """Random walk: the last value. Variance σ²·h."""
    return _walk("naive", y, horizon, with_drift=False)


def _walk(name: str, y: Array, horizon: int, *, with_drift: bool) -> Forecast:
    if np.count_nonzero(~np.isnan(y)) < LEAST:
        return _refused(name, y, horizon, "too_few_points")
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
    return _made(name, y, LinkedT(z[-1] + mean * h, cov, np.inf, link), {"drift": mean * link.scale}, errors)


def _made(name: str, y: Array, made: LinkedT, parameters: dict[str, float], errors: Array) -> Forecast:
    n, residuals = int(np.count_nonzero(~np.isnan(y))), tuple(errors.tolist())
    return Forecast(
        name, "level", made.horizon, made, parameters, n=n, least=LEAST, last=float(y[-1]), residuals=residuals
    )


def _refused(name: str, y: Array, horizon: int, reason: str) -> Forecast:
    n = int(np.count_nonzero(~np.isnan(y)))
    return refuse(name, "level", horizon, reason, n=n, least=LEAST, last=float(y[-1]) if n else None)
