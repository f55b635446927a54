"""Fits with one unknown that matters, by search over it: exponential smoothing and the MA(1) of differences.

The named methods use them in place of statsmodels' optimiser, which takes fifty times as long with its numerical
derivatives and stops early where a likelihood is flat. The tests hold both against statsmodels. Knows arrays only.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .distributions import Array

__all__ = ["least_on", "moving_average", "simple_smoothing"]


def least_on(cost: Callable[[Array], Array], low: float, high: float, *, points: int = 33, rounds: int = 6) -> float:
    """Where a function of one number is least: a grid, and finer grids around its best point.

    Args:
        cost: takes an array of numbers, returns an array of costs; not a number means never.
        low: lower end.
        high: upper end.
        points: points of every grid.
        rounds: number of grids; the error is (high − low)·(2/(points − 1))**rounds at most.
    """
    left, right = low, high
    best = low
    for _ in range(rounds):
        at = np.linspace(left, right, points)
        values = cost(at)
        place = int(np.nanargmin(values))
        best = float(at[place])
        left, right = float(at[max(place - 1, 0)]), float(at[min(place + 1, points - 1)])
    return best


def simple_smoothing(z: Array) -> tuple[float, float]:
    """Simple exponential smoothing that starts at the first value: weight of the newest value, last level.

    The weight has the least sum of squared one-step errors within 0.0001…0.9999, the bounds of
    `statsmodels.tsa.statespace.exponential_smoothing`.
    """

    def levels(alpha: Array) -> tuple[Array, Array]:
        level, total = np.full_like(alpha, z[0]), np.zeros_like(alpha)
        for value in z[1:]:
            error = value - level
            total += error * error
            level = level + alpha * error
        return level, total

    alpha = least_on(lambda a: levels(a)[1], 1e-4, 1.0 - 1e-4)
    return alpha, float(levels(np.array([alpha]))[0][0])


def moving_average(d: Array) -> tuple[float, float, float]:
    """Mean, MA coefficient and innovation variance of a moving average of order one, by exact maximum likelihood.

    Source: innovations algorithm (Brockwell & Davis 1991, section 5.2) and generalised least squares for the mean,
    both inside the likelihood, of which the coefficient alone remains to be searched.

    Args:
        d: differences without gaps, shape (m,) with m ≥ 2.
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
