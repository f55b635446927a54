"""The methods that analysts know, by name, behind the same answer as the project's own method.

Closed forms stand in `simple.py`; what searches for parameters is statsmodels', imported inside the functions: importing
this module costs nothing. Such series are divided by their root mean square first, because the optimisers' results depend
on the unit otherwise. Where one unknown matters, a search over it takes the place of statsmodels' optimiser, which takes
fifty times as long with its numerical derivatives and stops early where a likelihood is flat; the tests hold both against
each other. Knows one array.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from .distributions import Array, Link, LinkedT, Paths
from .result import Forecast, refuse
from .series import unit_of
from .simple import Fit, drift, log_linear_trend, naive, ols_trend

__all__ = ["NAMED", "named"]

PATHS = 2000  # simulated paths where an ETS model has no closed-form variance
POINTS, ROUNDS = 33, 6  # of a search over one number: points of a grid, and how often it is made finer
_ETS = [(error, *trend) for error in ("add", "mul") for trend in ((None, False), ("add", False), ("add", True))]


@dataclass(frozen=True)
class Method:
    """A fit, and the series that it takes."""

    fit: Callable[[Array, int], Fit]
    least: int = 3  # values that it needs
    gaps: bool = True  # whether it takes series with gaps
    positive: bool = False  # whether it takes positive series only
    searched: bool = False  # whether parameters are searched for, which may fail and depends on the unit


def named(name: str, y: Array, horizon: int) -> Forecast:
    """The forecast of a method of `NAMED`; what goes wrong becomes a refusal.

    Args:
        name: of the method.
        y: annual values, NaN for gaps, shape (n,).
        horizon: number of years ahead.

    Returns:
        A forecast, or a refusal with its reason.
    """
    method, known = NAMED[name], y[~np.isnan(y)]
    told: dict[str, Any] = {"n": len(known), "least": method.least, "last": float(known[-1]) if len(known) else None}
    if why := _why_not(method, y, known):
        return refuse(name, "level", horizon, why, **told)
    fitted = _searched(method.fit, y, horizon) if method.searched else method.fit(y, horizon)
    if fitted is None:
        return refuse(name, "level", horizon, "fit_failed", **told)
    dist, parameters, errors = fitted
    residuals = tuple(float(e) for e in errors if np.isfinite(e))
    return Forecast(name, "level", horizon, dist, parameters, residuals=residuals, **told)


def _why_not(method: Method, y: Array, known: Array) -> str | None:
    """A code where a method can't take a series."""
    if method.positive and len(known) and known.min() <= 1e-100 * known.max():
        return "not_positive" if known.min() <= 0 else "fit_failed"
    if len(known) < method.least:
        return "too_few_points"
    if len(y) > len(known) and not method.gaps:
        return "gaps"
    return "constant" if method.searched and np.ptp(known) == 0.0 else None


def _searched(fit: Callable[[Array, int], Fit], y: Array, horizon: int) -> Fit | None:
    """A fit of the series in a unit of its own, put back into that of the data; None where the search fails."""
    unit = unit_of(y)
    try:
        with warnings.catch_warnings():
            # Convergence is reported in the parameters; a warning on the terminal would tell an official nothing.
            warnings.simplefilter("ignore")
            # Rounded, so that the last bit of the division by the unit can't send an optimiser elsewhere.
            fitted, parameters, errors = fit(np.round(y / unit, 10), horizon)
            if isinstance(fitted, Paths):
                dist: LinkedT | Paths = Paths(fitted.values * unit)
            else:
                dist = replace(fitted, link=Link("identity", unit))
            finite = bool(np.isfinite([dist.quantile(0.1), dist.quantile(0.9)]).all())
    except (ValueError, ArithmeticError, np.linalg.LinAlgError, IndexError):
        return None
    return (dist, {**parameters, "unit": unit}, errors) if finite else None


def damped_holt(z: Array, horizon: int) -> Fit:
    """Holt's method with a damped trend, ETS(A,Ad,N); at least 6 values, no gaps.

    Source: `statsmodels.tsa.exponential_smoothing.ets.ETSModel`; variance from Hyndman, Koehler, Ord & Snyder
    2008, table 6.2.
    """
    return _ets(z.tobytes(), horizon, "add", "add", True)[1]


def ets_aicc(z: Array, horizon: int) -> Fit:
    """The ETS model with the smallest AICc out of {A, M} × {N, A, Ad}; at least 5 values, no gaps.

    Multiplicative errors are tried for positive series only; their intervals are simulated with a fixed seed.
    Models with as many parameters as values less one have no AICc and are left out.
    """
    made = []
    for error, trend, damped in _ETS:
        # Parameters: level and its start, trend and its start, damping, variance.
        if len(z) - (3 + 2 * (trend is not None) + damped) - 1 <= 0 or (error == "mul" and z.min() <= 0):
            continue
        with suppress(ValueError, np.linalg.LinAlgError, FloatingPointError):
            made.append(_ets(z.tobytes(), horizon, error, trend, damped))
    return min((aicc, n, fit) for n, (aicc, fit) in enumerate(made) if np.isfinite(aicc))[2]


def theta(z: Array, horizon: int) -> Fit:
    """Theta method with θ = 2 (Assimakopoulos & Nikolopoulos 2000); at least 5 values, no gaps.

    The same figures as `statsmodels.tsa.forecasting.theta.ThetaModel`, see the tests: formulas of Hyndman & Billah
    2003, innovation variance of an ARIMA(0,1,1) with drift.
    """
    n = len(z)
    at = np.arange(n) - (n - 1) / 2.0
    slope = float(at @ z / (at @ at))
    alpha, level, errors = simple_smoothing(z)
    _, _, sigma2 = moving_average(np.diff(z))
    steps = np.arange(float(horizon))
    mean = level + slope / 2.0 * (steps + (1.0 - (1.0 - alpha) ** n) / alpha)
    # prediction_intervals of ThetaModel: σ²·(1 + (h − 1)·α²), that is, simple exponential smoothing.
    cov = _psi_cov(np.r_[1.0, np.full(horizon - 1, alpha)], sigma2)
    return LinkedT(mean, cov, np.inf, Link("identity")), {"alpha": alpha, "b0": slope}, errors - slope / 2.0


def arima_011_drift(z: Array, horizon: int) -> Fit:
    """ARIMA(0,1,1) with drift by maximum likelihood; at least 5 values, gaps allowed.

    `statsmodels.tsa.arima.model.ARIMA` filters and forecasts; without gaps its parameters are found by a search over
    the moving average alone, whose likelihood is never below that of statsmodels' optimiser.
    """
    from statsmodels.tsa.arima.model import ARIMA

    model = ARIMA(z, order=(0, 1, 1), trend="t")
    if np.isnan(z).any():
        fit = model.fit()
        converged = bool(fit.mle_retvals.get("converged", True))
    else:
        fit, converged = model.filter(np.array(moving_average(np.diff(z)))), True
    drift, ma, sigma2 = (float(p) for p in fit.params)
    ahead = fit.get_forecast(horizon)
    cov = _psi_cov(np.r_[1.0, np.full(horizon - 1, 1.0 + ma)], sigma2)
    # statsmodels' own variance also knows what the filter has not learned yet: keep it on the diagonal.
    own = np.asarray(ahead.se_mean, float)
    ratio = own / np.sqrt(np.maximum(np.diagonal(cov), 1e-300))
    cov = cov * np.outer(ratio, ratio)
    return (
        LinkedT(np.asarray(ahead.predicted_mean, float), cov, np.inf, Link("identity")),
        {"drift": drift, "ma1": ma, "converged": converged},
        np.asarray(fit.resid[1:], float),
    )


def local_linear_trend(z: Array, horizon: int) -> Fit:
    """Local linear trend (structural model, Kalman filter); at least 5 values, gaps allowed.

    Source: `statsmodels.tsa.statespace.structural.UnobservedComponents`; joint covariance by Durbin & Koopman
    2012, section 4.11.
    """
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    model = UnobservedComponents(z, "local linear trend")
    fit = model.fit(disp=False)
    transition = np.asarray(model["transition"], float)
    noise = np.asarray(model["state_cov"], float)
    state = np.asarray(fit.predicted_state_cov[..., -1], float)
    levels, slopes = np.empty((2, horizon))  # variance of the level, and its covariance with the slope, at every step
    for h in range(horizon):
        levels[h], slopes[h] = state[0, :2]
        state = transition @ state @ transition.T + noise
    step = np.arange(horizon)
    earlier = np.minimum.outer(step, step)
    cov = levels[earlier] + slopes[earlier] * abs(step[:, None] - step)
    cov += float(model["obs_cov"][0, 0]) * np.eye(horizon)
    mean = np.asarray(fit.get_forecast(horizon).predicted_mean, float)
    parameters = {
        "irregular_sd": float(np.sqrt(fit.params[0])),
        "level_sd": float(np.sqrt(fit.params[1])),
        "trend_sd": float(np.sqrt(fit.params[2])),
        "converged": bool(fit.mle_retvals.get("converged", True)),
    }
    return LinkedT(mean, cov, np.inf, Link("identity")), parameters, np.asarray(fit.resid[2:], float)


@lru_cache(maxsize=16)  # damped Holt is one of the models that ets_aicc chooses from
def _ets(data: bytes, horizon: int, error: str, trend: str | None, damped: bool) -> tuple[float, Fit]:
    """One ETS model of an array's bytes: AICc and fit. ValueError where simulated paths are not finite."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    fit = ETSModel(np.frombuffer(data), error=error, trend=trend, damped_trend=damped).fit(disp=False)
    found = dict(zip(fit.param_names, (float(p) for p in fit.params), strict=True))
    alpha, beta = found["smoothing_level"], found.get("smoothing_trend", 0.0)
    phi = found.get("damping_trend", 1.0)
    name = f"ETS({'A' if error == 'add' else 'M'},{'N' if trend is None else 'Ad' if damped else 'A'},N)"
    parameters = {
        "model": name,
        "smoothing_level": alpha,
        "smoothing_trend": beta if trend else None,
        "damping_trend": phi if damped else None,
        "aicc": float(fit.aicc),
        "converged": bool(fit.mle_retvals.get("converged", True)),
    }
    dist: LinkedT | Paths
    if error == "add":
        damp = np.concatenate([[0.0], np.cumsum(phi ** np.arange(1.0, horizon))])
        psi = alpha + beta * damp  # ψ_j = α + β·(φ + … + φ^j), ψ_0 = 1
        psi[0] = 1.0
        dist = LinkedT(
            np.asarray(fit.forecast(horizon), float), _psi_cov(psi, float(fit.mse)), np.inf, Link("identity")
        )
    else:
        errors = np.random.default_rng(0).standard_normal((PATHS, horizon)) * np.sqrt(float(fit.mse))
        paths = np.asarray(fit.simulate(horizon, anchor="end", repetitions=PATHS, random_errors=errors.T), float)
        if not np.isfinite(paths).all():
            raise ValueError("simulated paths are not finite")
        dist = Paths(paths.T.copy())
    return float(fit.aicc), (dist, parameters, np.asarray(fit.resid[1:], float))


def _psi_cov(psi: Array, sigma2: float) -> Array:
    """Covariance of the errors Σ_{j<h} ψ_j·e_{h−j} of the steps, shape (H, H)."""
    from scipy.linalg import toeplitz

    lower = toeplitz(psi, np.zeros(len(psi)))
    out: Array = sigma2 * lower @ lower.T
    return out


def least_on(cost: Callable[[Array], Array], low: float, high: float, *, start: float | None = None) -> float:
    """Where a function of one number is least between two ends: a grid, and finer grids around its best point.

    A cost that is not a number means never. From a `start`, the bottom of the valley that it lies in, not the lowest of
    all. The error is (high − low)·(2/(POINTS − 1))**ROUNDS at most.
    """
    left, right = low, high
    best = low
    for turn in range(ROUNDS):
        at = np.linspace(left, right, POINTS)
        values = cost(at)
        place = int(np.nanargmin(values)) if start is None or turn else _downhill(values, at, start)
        best = float(at[place])
        left, right = float(at[max(place - 1, 0)]), float(at[min(place + 1, POINTS - 1)])
    return best


def _downhill(values: Array, at: Array, start: float) -> int:
    """Place of the lowest point that is reached from the one nearest to `start` without going up."""
    place = int(np.abs(at - start).argmin())
    while True:
        near = [i for i in (place - 1, place, place + 1) if 0 <= i < len(at)]
        best = min(near, key=lambda i: values[i])
        if values[best] >= values[place]:
            return place
        place = best


def simple_smoothing(z: Array) -> tuple[float, float, Array]:
    """Simple exponential smoothing that starts at the first value: weight of the newest value, last level, errors.

    The weight has the least sum of squared one-step errors within 0.0001…0.9999. Of two valleys it is the one of
    0.1: bounds and start of `statsmodels.tsa.statespace.exponential_smoothing`, whose results users know.
    """

    def smoothed(alpha: Array) -> tuple[Array, Array]:
        level, errors = np.full_like(alpha, z[0]), np.empty((len(z) - 1, len(alpha)))
        for i, value in enumerate(z[1:]):
            errors[i] = value - level
            level = level + alpha * errors[i]
        return level, errors

    alpha = least_on(lambda a: (smoothed(a)[1] ** 2).sum(axis=0), 1e-4, 1.0 - 1e-4, start=0.1)
    level, errors = smoothed(np.array([alpha]))
    return alpha, float(level[0]), errors[:, 0]


def moving_average(d: Array) -> tuple[float, float, float]:
    """Mean, MA coefficient and innovation variance of a moving average of order one, by exact maximum likelihood.

    Source: innovations algorithm (Brockwell & Davis 1991, section 5.2) and generalised least squares for the mean,
    both inside the likelihood, of which the coefficient alone remains to be searched. `d` has no gaps, shape (m,), m ≥ 2.
    """

    def profile(theta: Array) -> tuple[Array, Array, Array]:
        """Mean, variance and minus the log likelihood (constants left out) for every coefficient."""
        ratio = 1.0 + theta * theta
        logs, one, value = np.zeros_like(theta), np.ones_like(theta), np.full_like(theta, d[0])
        cross, square, total = value * one / ratio, one * one / ratio, value * value / ratio
        logs += np.log(ratio)
        for x in d[1:]:
            gain = theta / ratio
            ratio = 1.0 + theta * theta - theta * gain
            one, value = 1.0 - gain * one, x - gain * value
            cross, square, total = (
                cross + one * value / ratio,
                square + one * one / ratio,
                total + value * value / ratio,
            )
            logs += np.log(ratio)
        mean = cross / square
        variance = np.maximum(total - cross * mean, 1e-300) / len(d)
        return mean, variance, 0.5 * (len(d) * np.log(variance) + logs)

    # Within the coefficients that can be inverted; at −1 itself the drift would be known for certain.
    theta = least_on(lambda t: profile(t)[2], -0.9999, 0.9999)
    mean, variance, _ = profile(np.array([theta]))
    return float(mean[0]), theta, float(variance[0])


NAMED = {
    "damped_holt": Method(damped_holt, least=6, gaps=False, searched=True),
    "theta": Method(theta, least=5, gaps=False, searched=True),
    "ets_aicc": Method(ets_aicc, least=5, gaps=False, searched=True),
    "local_linear_trend": Method(local_linear_trend, least=5, searched=True),
    "arima_011_drift": Method(arima_011_drift, least=5, searched=True),
    "ols_trend": Method(ols_trend),
    "log_linear_trend": Method(log_linear_trend, positive=True),
    "drift": Method(drift),
    "naive": Method(naive),
}
"""Every method by name, in the order of the tables that compare them."""
