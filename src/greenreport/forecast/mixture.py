"""The predictive distribution of a cumulative count: reached + a mixture of negative binomials.

Quantiles and probabilities come from tables, one per step, made when they are asked for and from nothing but
ratios of neighbouring probabilities: that is what makes thousands of counts a second possible. This module must
not know how the nodes were found.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["CountMixture"]

_Array = NDArray[np.float64]

_POISSON = 1e-6  # below this excess dispersion a negative binomial is a Poisson
_TABLE = 1000  # largest table of counts; beyond it probabilities are computed one by one
_REACH = 2.5  # standard deviations above the mean that a table reaches: past the 97.5 % quantile of most
_LIFT_FROM, _LIFT = 600.0, 650.0  # powers of e: keep the first probability of a table above the smallest number
_K = np.arange(_TABLE, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class CountMixture:
    """Cumulative counts: reached + a mixture of negative binomials with a common dispersion.

    Given node j the increments are independent negative binomials with means `increments[j]` and variance
    dispersion × mean, so that their sums are negative binomial too, and quantiles and paths agree exactly.

    Args:
        reached: the count already reached; paths start here and never fall.
        weights: weights of the nodes, shape (J,), summing to 1.
        increments: mean increment of every node and step, shape (J, H).
        dispersion: variance over mean of an increment given the node, ≥ 1.
    """

    reached: int
    weights: _Array
    increments: _Array
    dispersion: float

    @property
    def horizon(self) -> int:
        """Number of steps."""
        return int(self.increments.shape[1])

    @cached_property
    def _means(self) -> _Array:
        """Mean of the sum of increments by step and node, shape (H, J)."""
        return np.maximum(np.cumsum(self.increments.T, axis=0), 1e-12)

    @cached_property
    def _moments(self) -> tuple[list[float], list[float]]:
        """Mean and standard deviation of the sum of increments, by step."""
        means = self._means
        centre = means @ self.weights
        sd = np.sqrt(self.dispersion * centre + (means - centre[:, None]) ** 2 @ self.weights)
        return centre.tolist(), sd.tolist()

    @cached_property
    def _tables(self) -> dict[int, list[float]]:
        return {}

    def _table(self, step: int) -> list[float]:
        """P(sum of increments ≤ k) for k = 0…K; empty where counts are too large for a table.

        A node whose probability of no event is too small for a number is lifted by a power of e that its weight
        takes back. Where even that is not enough, its mean is so far above _TABLE that all it has here is 0.
        """
        found = self._tables.get(step)
        if found is None:
            found = self._tables[step] = self._tabulated(step)
        return found

    def _tabulated(self, step: int) -> list[float]:
        centre, sd = (part[step - 1] for part in self._moments)
        if centre > _TABLE:
            return []
        most = min(math.ceil(centre + _REACH * sd) + 2, _TABLE)
        means, k = self._means[step - 1][:, None], _K[:most]
        terms = np.empty((len(means), most + 1))
        excess = self.dispersion - 1.0
        if excess < _POISSON:
            none = means
            np.divide(means, k + 1.0, out=terms[:, 1:])
        else:
            shape = means / excess
            none = math.log(self.dispersion) * shape
            np.add(shape, k, out=terms[:, 1:])
            terms[:, 1:] *= (excess / self.dispersion) / (k + 1.0)
        weights = self.weights
        if float(none.max()) > _LIFT_FROM:
            lift = np.minimum(np.maximum(none - _LIFT_FROM, 0.0), _LIFT)
            none, weights = none - lift, weights * np.exp(-lift[:, 0])
        terms[:, :1] = np.exp(-none)
        mass = weights @ terms.cumprod(axis=1, out=terms)
        table: list[float] = np.minimum(mass.cumsum(), 1.0).tolist()
        return table

    def _below(self, k: float, step: int) -> float:
        """P(sum of increments ≤ k) at one step, without a table."""
        if k < 0:
            return 0.0
        means = self._means[step - 1]
        if self.dispersion - 1.0 < _POISSON:
            cdf = special.gammaincc(k + 1.0, means)
        else:
            cdf = special.betainc(means / (self.dispersion - 1.0), k + 1.0, 1.0 / self.dispersion)
        return min(float(self.weights @ cdf), 1.0)

    def _least(self, p: float, step: int) -> float:
        """Smallest k with P(sum of increments ≤ k) ≥ p, without a table.

        A bracket is closed by straight lines between normal scores, on which a cumulative distribution of large
        counts is nearly straight; where that is slow, it is halved.
        """
        centre, sd = (part[step - 1] for part in self._moments)
        score = float(special.ndtri(p))
        low, high, at_low, at_high = -1.0, math.inf, math.nan, math.nan
        guess, width = float(math.floor(max(centre + score * sd, 0.0))), math.inf
        while True:
            below = self._below(guess, step)
            at_guess = float(special.ndtri(min(max(below, 1e-300), 1.0 - 1e-16)))
            if below < p:
                low, at_low = guess, at_guess
            else:
                high, at_high = guess, at_guess
            if high - low <= 1.0:
                return high
            slow = 2.0 * (high - low) > width
            width = high - low
            if math.isnan(at_low) or math.isnan(at_high):
                # A little further than the other end should be, so that it becomes an end.
                middle = guess + 1.2 * (score - at_guess) * sd + math.copysign(1.0, score - at_guess)
            elif slow:
                middle = (low + high) / 2.0
            else:
                middle = low + (high - low) * (score - at_low) / (at_high - at_low)
            guess = min(max(float(math.floor(middle)), low + 1.0), high - 1.0)

    def quantile(self, p: float) -> _Array:
        """Smallest count whose cumulative probability is at least p, shape (H,); whole numbers."""
        found = []
        for step in range(1, self.horizon + 1):
            table = self._table(step)
            inside = bool(table) and table[-1] >= p
            found.append(bisect_left(table, p) if inside else self._least(p, step))
        return self.reached + np.array(found, dtype=np.float64)

    def at_most(self, x: float, step: int) -> float:
        """P(Y ≤ x) at one step."""
        k = math.floor(x + 1e-9) - self.reached
        if k < 0:
            return 0.0
        table = self._table(step)
        return table[k] if k < len(table) else self._below(float(k), step)

    def at_least(self, x: float, step: int) -> float:
        """P(Y ≥ x) at one step, the target itself included."""
        return 1.0 - self.at_most(math.ceil(x - 1e-9) - 1.0, step)

    def sample(self, n: int, rng: np.random.Generator) -> _Array:
        """Joint paths, shape (n, H); whole numbers, never falling."""
        node = rng.choice(len(self.weights), size=n, p=self.weights)
        means = np.maximum(self.increments[node], 0.0)
        if self.dispersion - 1.0 >= _POISSON:
            shape = np.maximum(means / (self.dispersion - 1.0), 1e-12)
            means = rng.gamma(shape) * (self.dispersion - 1.0)
        return self.reached + np.cumsum(rng.poisson(means), axis=1).astype(float)

    def to_dict(self) -> dict[str, Any]:
        """JSON-friendly form."""
        return {
            "form": "count_mixture",
            "reached": int(self.reached),
            "weights": self.weights.tolist(),
            "increments": self.increments.tolist(),
            "dispersion": self.dispersion,
        }
