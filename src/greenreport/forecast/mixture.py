"""The predictive distribution of a cumulative count: reached + a mixture of few, wide negative binomials.

Each component carries the uncertainty of its own mean, so that a handful of them is smooth however large the
counts are. Quantiles and probabilities come from one table per forecast, made when it is asked for. This module
must not know how the components were found.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["CountMixture"]

_Array = NDArray[np.float64]

_POISSON = 1e-6  # below this excess of variance over mean a negative binomial is a Poisson
_WHOLE = 200  # up to this count a table holds every whole number …
_REACH = 5.0  # … beyond it, points between the quantiles of these normal scores of every component …
_POINTS, _MORE = 5, 12  # … so many per component, and so many more in proportion to the weights
_CUBE = 8.0  # shape from which the cube root of a Gamma variable is normal to a thousandth
_TAIL = 0.05  # below this probability, steps are kept in order by looking at the steps before
_THIRD = 1.0 / 3.0
_K = np.arange(_WHOLE + 2.0)


@dataclass(frozen=True, eq=False, slots=True)
class _Table:
    """P(sum ≤ k) at one step: at every k from 0, or at points that rising cubics join."""

    cdf: list[float]  # probabilities, rising
    k: list[float]  # the counts they belong to; empty where these are 0, 1, 2 …
    place: list[float]  # cube roots of k + ½, on which a sum of counts is nearly normal
    slope: list[float]  # derivatives of the probability by the place, small enough for a cubic that never falls

    def least(self, p: float) -> float:
        """Smallest k with P(sum ≤ k) ≥ p."""
        cdf, k = self.cdf, self.k
        i = bisect_left(cdf, p)
        if not k:
            return float(i)
        if i == len(k):
            return k[-1]
        if i == 0 or k[i] - k[i - 1] <= 1.0:
            return k[i]
        c0, c1, c2, c3 = _cubic(cdf[i - 1], cdf[i], self.slope[i - 1], self.slope[i], self.place[i] - self.place[i - 1])
        part = _solve(c1, c2, c3, p - c0, cdf[i] - c0)
        root = self.place[i - 1] + part * (self.place[i] - self.place[i - 1])
        return min(max(math.ceil(root * root * root - 0.5 - 1e-9), k[i - 1] + 1.0), k[i])

    def below(self, count: float) -> float:
        """P(sum ≤ count) for a whole count ≥ 0."""
        cdf, k = self.cdf, self.k
        if not k:
            return cdf[int(count)] if count < len(cdf) else 1.0
        i = bisect_right(k, count)
        if i == 0:
            return 0.0
        if k[i - 1] == count:
            return cdf[i - 1]
        if i == len(k):
            return 1.0
        width = self.place[i] - self.place[i - 1]
        c0, c1, c2, c3 = _cubic(cdf[i - 1], cdf[i], self.slope[i - 1], self.slope[i], width)
        t = ((count + 0.5) ** _THIRD - self.place[i - 1]) / width
        out: float = c0 + t * (c1 + t * (c2 + t * c3))
        return out


def _cubic(low: float, high: float, start: float, end: float, width: float) -> tuple[float, float, float, float]:
    """Coefficients of the cubic between two probabilities with two slopes, by the part of the way gone."""
    rise, start, end = high - low, start * width, end * width
    return low, start, 3.0 * rise - 2.0 * start - end, start + end - 2.0 * rise


def _solve(c1: float, c2: float, c3: float, goal: float, rise: float) -> float:
    """Where a rising cubic without constant reaches a goal between 0 and its rise: Newton, halving where that fails."""
    t = goal / rise
    for _ in range(8):
        steep = c1 + t * (2.0 * c2 + 3.0 * t * c3)
        if steep <= 0.0:
            break
        move = (t * (c1 + t * (c2 + t * c3)) - goal) / steep
        t -= move
        if -1e-7 < move < 1e-7 and 0.0 <= t <= 1.0:
            return t
    low, high = 0.0, 1.0
    for _ in range(40):
        t = (low + high) / 2.0
        low, high = (t, high) if t * (c1 + t * (c2 + t * c3)) < goal else (low, t)
    return high


@dataclass(frozen=True, eq=False)
class CountMixture:
    """Cumulative counts: reached + a mixture of negative binomials.

    Given component j, the sum of the increments up to step h is negative binomial with mean `means[j, h]` and
    variance dispersion·mean + varied[j, h]·mean²: the first part is the luck of single years, the second not
    knowing the rate. Paths draw the rate first (the same luck in all steps, Gamma at each) and the years' luck
    after it; they agree with the table to two or three percentage points at worst, because a negative binomial with
    Gamma mean is a negative binomial only nearly, unless the dispersion is 1.
    """

    reached: int  # the count already reached; paths start here and never fall
    weights: _Array  # weights of the components, shape (J,), summing to 1
    means: _Array  # mean sum of increments of every component up to every step, never falling, shape (J, H)
    # variance over mean of an increment given its rate, ≥ 1: one for all components, or shape (J,)
    dispersion: float | _Array
    # squared coefficient of variation of each mean, shape (J, H); None for means that are known
    varied: _Array | None = None

    @property
    def horizon(self) -> int:
        """Number of steps."""
        return int(self.means.shape[1])

    @cached_property
    def _tables(self) -> list[_Table]:
        """One table per step. What lies beyond _REACH normal scores of every component is taken as impossible."""
        mean = np.maximum(self.means.T, 1e-12)
        excess = np.zeros_like(mean) + (self.dispersion - 1.0)
        if self.varied is not None:
            excess += mean * self.varied.T
        np.maximum(excess, _POISSON, out=excess)
        # The cube root of a Gamma variable is nearly normal; here that places the points only.
        narrow = (1.0 + excess) / (9.0 * mean)
        centre, sd = 1.0 - narrow, np.sqrt(narrow)
        highest = (mean * np.maximum(centre + _REACH * sd, 0.0) ** 3).max(axis=1).tolist()
        few = self.horizon
        if max(highest) > _WHOLE:
            few = next(h for h, k in enumerate(highest) if k > _WHOLE)
        tables = []
        if few:
            most = math.ceil(max(highest[:few])) + 1
            tables = [_Table(cdf, [], [], []) for cdf in self._whole(mean[:few], excess[:few], most).tolist()]
        if few < self.horizon:
            mean, excess, centre, sd = mean[few:], excess[few:], centre[few:], sd[few:]
            score, component = _template(tuple(self.weights.tolist()))
            root = np.maximum(centre[:, component] + score * sd[:, component], 0.0)
            k = np.sort(np.floor(mean[:, component] * (root * root * root)), axis=1)
            listed = self._spread(mean, excess, k)
            tables += [_Table(*rows) for rows in zip(*(part.tolist() for part in listed), strict=True)]
        return tables

    def _whole(self, mean: _Array, excess: _Array, most: int) -> _Array:
        """P(sum of increments ≤ k) for k = 0…most, shape (H, most + 1), from ratios of neighbouring probabilities."""
        k = _K[:most]
        terms = np.empty((*mean.shape, most + 1))
        np.add((mean / excess)[:, :, None], k, out=terms[:, :, 1:])
        terms[:, :, 1:] *= (excess / (1.0 + excess))[:, :, None]
        terms[:, :, 1:] /= k + 1.0
        np.exp(-np.log1p(excess) * mean / excess, out=terms[:, :, 0])
        np.multiply.accumulate(terms, axis=2, out=terms)
        mass = np.matmul(self.weights, terms)
        return np.minimum(np.add.accumulate(mass, axis=1, out=mass), 1.0)

    def _spread(self, mean: _Array, excess: _Array, k: _Array) -> tuple[_Array, _Array, _Array, _Array]:
        """Probabilities, counts, places and slopes of the points k of every step, shapes (H, K).

        Counts as large as these are as good as continuous: each component is a shifted Gamma with the negative
        binomial's mean, variance and skewness, which costs a fifth of its own function and differs by less than
        a thousandth wherever the shape is above one. Of large shapes the cube root is normal (Wilson & Hilferty).
        """
        scale = 0.5 + excess
        shape = mean * (1.0 + excess) / (scale * scale)
        a = shape[:, :, None]
        u = (k[:, None, :] + 0.5) / scale[:, :, None] + (a - (mean / scale)[:, :, None])
        np.maximum(u, 1e-300, out=u)
        tall = 1.0 / (9.0 * a)
        cdf = special.ndtr((np.cbrt(u / a) - (1.0 - tall)) / np.sqrt(tall))
        low = shape < _CUBE
        if low.any():
            cdf[low] = special.gammainc(a[low], u[low])
        density = (a - 1.0) * np.log(u) - u - (special.gammaln(shape) + np.log(scale))[:, :, None]
        total = np.minimum(np.maximum.accumulate(np.matmul(self.weights, cdf), axis=1), 1.0)
        place = np.cbrt(k + 0.5)
        slope = np.matmul(self.weights, np.exp(density, out=density)) * (3.0 * place * place)
        # Fritsch & Carlson: up to three times the slope of both neighbouring chords a cubic does not fall.
        width = np.diff(place, axis=1)
        chord = 3.0 * np.diff(total, axis=1) / np.maximum(width, 1e-300)
        chord[width == 0.0] = np.inf
        slope[:, 1:] = np.minimum(slope[:, 1:], chord)
        slope[:, :-1] = np.minimum(slope[:, :-1], chord)
        return total, k, place, slope

    def quantile(self, p: float) -> _Array:
        """Smallest count whose cumulative probability is at least p, shape (H,); whole numbers."""
        least = [table.least(p) for table in self._tables]
        return self.reached + np.maximum.accumulate(np.array(least))

    def at_most(self, x: float, step: int) -> float:
        """P(Y ≤ x) at one step."""
        count = math.floor(x + 1e-9) - self.reached
        if count < 0:
            return 0.0
        tables = self._tables
        below = tables[step - 1].below(count)
        if below < _TAIL:
            # A sum never falls; the tables of two steps do not know of each other.
            for earlier in tables[: step - 1]:
                below = min(below, earlier.below(count))
        return below

    def at_least(self, x: float, step: int) -> float:
        """P(Y ≥ x) at one step, the target itself included."""
        return 1.0 - self.at_most(math.ceil(x - 1e-9) - 1.0, step)

    def sample(self, n: int, rng: np.random.Generator) -> _Array:
        """Joint paths, shape (n, H); whole numbers, never falling."""
        component = rng.choice(len(self.weights), size=n, p=self.weights)
        total = np.maximum(self.means, 0.0)[component]
        if self.varied is not None:
            for j in np.unique(component):
                here = rng.permutation(np.flatnonzero(component == j))
                total[here] *= self._luck(j, len(here), rng)
        total = np.maximum.accumulate(total, axis=1)
        rate = np.diff(total, axis=1, prepend=0.0)
        excess = np.broadcast_to(np.asarray(self.dispersion) - 1.0, self.weights.shape)
        if (excess >= _POISSON).any():
            lucky = np.maximum(excess, _POISSON)[component][:, None]
            rate = rng.gamma(np.maximum(rate / lucky, 1e-12)) * lucky
        return self.reached + np.cumsum(rng.poisson(rate), axis=1).astype(float)

    def _luck(self, j: int, n: int, rng: np.random.Generator) -> _Array:
        """Gamma factors of mean 1 by path and step, shape (n, H): the k-th smallest of all steps in one path."""
        assert self.varied is not None
        spread = np.maximum(self.varied[j], 1e-12)
        return np.sort(rng.standard_gamma(1.0 / spread, size=(n, self.horizon)) * spread, axis=0)

    def to_dict(self) -> dict[str, Any]:
        """JSON-friendly form."""
        return {
            "form": "count_mixture",
            "reached": int(self.reached),
            "weights": self.weights.tolist(),
            "means": self.means.tolist(),
            "varied": None if self.varied is None else self.varied.tolist(),
            "dispersion": self.dispersion.tolist() if isinstance(self.dispersion, np.ndarray) else self.dispersion,
        }


@lru_cache(maxsize=32)
def _template(weights: tuple[float, ...]) -> tuple[_Array, NDArray[np.int64]]:
    """Normal scores of a table's points and the components they belong to, shapes (K,)."""
    counts = [_POINTS + round(_MORE * w) for w in weights]
    scores = [np.linspace(-_REACH, _REACH, count) for count in counts]
    return np.concatenate(scores), np.repeat(np.arange(len(weights)), counts)
