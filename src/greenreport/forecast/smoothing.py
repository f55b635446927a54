"""Fits with one unknown that matters, by search over it: exponential smoothing and the MA(1) of differences.

The named methods use them in place of statsmodels' optimiser, which takes fifty times as long with its numerical
derivatives and stops early where a likelihood is flat. The tests hold both against statsmodels. Knows arrays only.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .distributions import Array

__all__ = ["least_on", "moving_average", "simple_smoothing"]


def least_on(
    cost: Callable[[Array], Array],
    low: float,
    high: float,
    *,
    start: float | None = None,
    points: int = 33,
    rounds: int = 6,
) -> float:
    """Where a function of one number is least between two ends: a grid, and finer grids around its best point.

    A cost that is not a number means never. From a `start`, the bottom of the valley that it lies in, not the lowest of
    all. The error is (high − low)·(2/(points − 1))**rounds at most.
    """
    left, right = low, high
    best = low
    for turn in range(rounds):
        at = np.linspace(left, right, points)
        values = cost(at)
        place = int(np.nanargmin(values)) if start is None or turn else _downhill(values, at, start)
        best = float(at[place])
        left, right = float(at[max(place - 1, 0)]), float(at[min(place + 1, points - 1)])
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


def simple_smoothing(z: Array) -> tuple[float, float]:
    """Simple exponential smoothing that starts at the first value: weight of the newest value, last level.

    The weight has the least sum of squared one-step errors within 0.0001…0.9999. Of two valleys it is the one of
    0.1: bounds and start of `statsmodels.tsa.statespace.exponential_smoothing`, whose results users know.
    """

    def levels(alpha: Array) -> tuple[Array, Array]:
        level, total = np.full_like(alpha, z[0]), np.zeros_like(alpha)
        for value in z[1:]:
            error = value - level
            total += error * error
            level = level + alpha * error
        return level, total

    alpha = least_on(lambda a: levels(a)[1], 1e-4, 1.0 - 1e-4, start=0.1)
    return alpha, float(levels(np.array([alpha]))[0][0])


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
