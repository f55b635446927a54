"""One annual series as the models see it: first to last real value, gaps as NaN, growth over gaps.

This module must not know which model uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .distributions import Array

__all__ = ["Growth", "annual", "growth", "unit_of", "weights"]


def annual(y: Any) -> tuple[Array, str | None]:
    """The series as floats, and a code where it can't be read as one.

    "not_finite": an infinite value; "ends_missing": the first or the last value is a gap, and steps are counted from the
    last year. ValueError for what is not one-dimensional or no number.
    """
    values = np.array(getattr(y, "to_numpy", lambda **_: y)(dtype=float, na_value=np.nan), dtype=float)
    if values.ndim != 1:
        raise ValueError(f"a series has one dimension, not {values.ndim}")
    if np.isinf(values).any():
        return values, "not_finite"
    if len(values) and (np.isnan(values[0]) or np.isnan(values[-1])):
        return values, "ends_missing"
    return values, None


def unit_of(y: Array) -> float:
    """Root mean square of the known values: what a series is divided by, so that its unit does not matter.

    1.0 for an empty series or one of zeros only.
    """
    known = y[~np.isnan(y)]
    largest = float(np.abs(known).max(initial=0.0))
    return largest * float(np.sqrt(np.mean((known / largest) ** 2))) if largest > 0 else 1.0


@dataclass(frozen=True, eq=False)
class Growth:
    """Mean annual growth between neighbouring known values.

    Args:
        rate: mean growth per year of every interval, shape (m,), on the model scale.
        years: length of every interval in years, shape (m,).
        age: shape (m,): years from the end of the interval to the last value.
    """

    rate: Array
    years: Array
    age: Array

    @property
    def annual(self) -> bool:
        """Whether there is no gap."""
        return len(self.years) == 0 or bool(self.years.max() == 1.0)

    @property
    def m(self) -> int:
        """Number of intervals."""
        return len(self.rate)


def growth(z: Array) -> Growth:
    """Growth of a series on the model scale, NaN for gaps; over a gap, the mean per year."""
    known = np.flatnonzero(~np.isnan(z))
    years = np.diff(known).astype(float)
    return Growth(np.diff(z[known]) / years, years, (known[-1] - known[1:]).astype(float))


def weights(g: Growth, discount: float) -> tuple[Array, Array]:
    """Weights of the intervals in a mean and in a variance, each summing to 1, shapes (m,).

    Annual growth with variance σ² makes the mean growth of an interval of L years vary with σ²/L, so that
    interval carries the discounted weight of all its years in the mean, and L·(rate − mean)² carries one
    year's.
    """
    if g.annual:
        w = discount**g.age
        w = w / w.sum()
        return w, w
    total = discount**g.age * (1.0 - discount**g.years) / (1.0 - discount)
    single = total / g.years
    return total / total.sum(), single / single.sum()
