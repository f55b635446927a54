"""Predictive distributions over the steps 1…H: quantiles, probabilities, joint paths, JSON.

Three of them are enough: a Student t behind a link (levels and shares), a mixture of negative binomials
(cumulative counts, in `mixture.py`) and a bundle of sampled paths (reconciled forecasts). This module must not know how any of
them was fitted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .mixture import CountMixture

__all__ = ["CountMixture", "Distribution", "Link", "LinkedT", "Paths", "from_dict", "t_quantile"]

Array: TypeAlias = NDArray[np.float64]

# Outer bounds of the grid on which sampled paths are written to JSON: probabilities in thousandths.
_GRID = np.concatenate([[0.001, 0.0025], np.arange(0.005, 0.9951, 0.005), [0.9975, 0.999]])


@dataclass(frozen=True)
class Link:
    """Monotone map between the data and the scale on which a model works."""

    kind: str = "log"  # "log" (y > 0), "logit" (lower < y < upper) or "identity"
    scale: float = 1.0  # unit of the data that is divided out first (so that results do not depend on the unit)
    lower: float = 0.0  # lower bound, "logit" only
    upper: float = 1.0  # upper bound, "logit" only
    # how far inside its bounds a share of exactly 0 or 100 % is taken, which has no logit; a part of the range
    edge: float = 0.0025
    # how near to a bound (of "identity": to zero) a value counts as there, on the scale of `edge`; 0 for never.
    # What can't be crossed can be reached all the same: a target of 100 % is met by what is written so
    brim: float = 0.0

    def forward(self, y: Array) -> Array:
        """Data to model scale."""
        if self.kind == "log":
            return np.log(y / self.scale)
        if self.kind == "logit":
            share = (y - self.lower) / (self.upper - self.lower)
            out: Array = special.logit(np.clip(share, self.edge, 1.0 - self.edge))
            return out
        return y / self.scale

    def back(self, z: Array) -> Array:
        """Model scale to data."""
        if self.kind == "log":
            return np.exp(z) * self.scale
        if self.kind == "logit":
            out: Array = self.lower + (self.upper - self.lower) * special.expit(z)
            return out
        return z * self.scale

    def threshold(self, x: float) -> float:
        """A target on the model scale; −∞ or +∞ where the data can't lie beyond it."""
        if self.kind == "identity":
            return max(x / self.scale, self.brim) if self.brim else x / self.scale
        if self.kind == "log":
            return math.log(x) - math.log(self.scale) if x > 0 else -math.inf
        share = (x - self.lower) / (self.upper - self.lower)
        if not 0.0 <= share <= 1.0:
            return math.copysign(math.inf, share)
        return float(special.logit(min(max(share, self.brim), 1.0 - self.brim)))


@dataclass(frozen=True, eq=False)
class LinkedT:
    """link(Y_h) = centre_h + t·√cov_hh, jointly a multivariate Student t (normal where df is infinite)."""

    centre: Array  # medians on the model scale, shape (H,)
    cov: Array  # squared scales and their joint structure on the model scale, shape (H, H)
    df: float  # degrees of freedom, np.inf for a normal
    link: Link  # map to the data
    # values that the steps can't fall below (data scale), shape (H,), −∞ for none; None for none at all
    floor: Array | None = None

    @property
    def horizon(self) -> int:
        """Number of steps."""
        return len(self.centre)

    @cached_property
    def spread(self) -> Array:
        """Scale of every step on the model scale, shape (H,)."""
        return np.sqrt(np.diagonal(self.cov))

    def quantile(self, p: float) -> Array:
        """Quantile of every step, shape (H,)."""
        values = self.link.back(self.centre + t_quantile(p, self.df) * self.spread)
        return values if self.floor is None else np.maximum(values, self.floor)

    def at_most(self, x: float, step: int) -> float:
        """P(Y ≤ x) at one step."""
        return 0.0 if self.floor is not None and x < self.floor[step - 1] else self._up_to(x, step, 1.0)

    def at_least(self, x: float, step: int) -> float:
        """P(Y ≥ x) at one step."""
        return 1.0 if self.floor is not None and x <= self.floor[step - 1] else self._up_to(x, step, -1.0)

    def _up_to(self, x: float, step: int, sign: float) -> float:
        """P(sign·Y ≤ sign·x) without the floor."""
        gap = sign * (self.link.threshold(x) - float(self.centre[step - 1]))
        scale = float(self.spread[step - 1])
        if scale == 0.0:
            return float(gap >= 0)
        return float(special.ndtr(gap / scale) if self.df == math.inf else special.stdtr(self.df, gap / scale))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Joint paths, shape (n, H)."""
        values, vectors = np.linalg.eigh(self.cov)
        root = vectors * np.sqrt(np.clip(values, 0.0, None))
        z = rng.standard_normal((n, self.horizon)) @ root.T
        if np.isfinite(self.df):
            z /= np.sqrt(rng.chisquare(self.df, size=(n, 1)) / self.df)
        values = self.link.back(self.centre + z)
        return values if self.floor is None else np.maximum(values, self.floor)

    def to_dict(self) -> dict[str, Any]:
        """JSON-friendly form."""
        link = self.link
        return {
            "form": "linked_t",
            "centre": self.centre.tolist(),
            "cov": self.cov.tolist(),
            "df": None if np.isinf(self.df) else self.df,
            "floor": None if self.floor is None else [None if np.isinf(x) else float(x) for x in self.floor],
            "link": asdict(link),
        }


def t_quantile(p: float, df: float) -> float:
    """Quantile of the standard Student t, of the normal where df is infinite."""
    return float(special.ndtri(p) if np.isinf(df) else special.stdtrit(df, p))


@dataclass(frozen=True, eq=False)
class Paths:
    """A bundle of equally likely paths, shape (N, H).

    `sample` draws whole paths by number, and the numbers depend on seed, n and N only: forecasts that were
    reconciled together keep adding up in every path drawn with one seed. JSON keeps 203 quantiles per step
    and the rank correlation between steps, not the paths: what is read back has the same margins and
    intervals, but adds up in its quantiles' source only.
    """

    values: Array
    whole: bool = False

    def quantile(self, p: float) -> Array:
        """Quantile of every step, shape (H,); one of the paths' own values where counts are sampled."""
        return np.quantile(self.values, p, axis=0, method="inverted_cdf" if self.whole else "linear")

    def at_most(self, x: float, step: int) -> float:
        """P(Y ≤ x) at one step."""
        return float(np.mean(self.values[:, step - 1] <= x + (1e-9 if self.whole else 0.0)))

    def at_least(self, x: float, step: int) -> float:
        """P(Y ≥ x) at one step."""
        return float(np.mean(self.values[:, step - 1] >= x - (1e-9 if self.whole else 0.0)))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Joint paths, shape (n, H)."""
        return self.values[rng.integers(len(self.values), size=n)]

    def to_dict(self) -> dict[str, Any]:
        """JSON-friendly form: quantiles per step and rank correlation between steps."""
        ranks = np.argsort(np.argsort(self.values, axis=0), axis=0).astype(float)
        varied = ranks - ranks.mean(axis=0)
        norm = np.sqrt((varied**2).sum(axis=0))
        corr = varied.T @ varied / np.maximum(np.outer(norm, norm), 1e-300)
        np.fill_diagonal(corr, 1.0)
        grid = np.quantile(self.values, _GRID, axis=0, method="inverted_cdf" if self.whole else "linear")
        return {"form": "paths", "whole": self.whole, "quantiles": grid.tolist(), "corr": corr.tolist()}

    @classmethod
    def rebuild(cls, quantiles: Array, corr: Array, *, whole: bool, n: int = 4000) -> Paths:
        """Paths with the stored quantiles, joined by a normal copula with the stored correlation.

        Counts are joined rank by rank instead, because only then no path falls.
        """
        steps = quantiles.shape[1]
        values, vectors = np.linalg.eigh(np.ones((steps, steps)) if whole else corr)
        root = vectors * np.sqrt(np.clip(values, 0.0, None))
        z = np.random.default_rng(0).standard_normal((n, steps)) @ root.T
        order = np.argsort(np.argsort(z, axis=0), axis=0)
        p = (np.arange(n) + 0.5) / n
        margins = np.empty((n, steps))
        for step in range(steps):
            if whole:
                at = np.minimum(np.searchsorted(_GRID, p), len(_GRID) - 1)
                margins[:, step] = quantiles[at, step]
            else:
                margins[:, step] = np.interp(p, _GRID, quantiles[:, step])
        return cls(np.take_along_axis(margins, order, axis=0), whole)


Distribution: TypeAlias = LinkedT | CountMixture | Paths


def from_dict(data: Mapping[str, Any]) -> Distribution:
    """Rebuild a distribution from its JSON-friendly form; ValueError for a form that is not known."""
    form = data.get("form")
    if form == "linked_t":
        floor = data["floor"]
        return LinkedT(
            np.asarray(data["centre"], float),
            np.asarray(data["cov"], float),
            np.inf if data["df"] is None else float(data["df"]),
            Link(**data["link"]),
            None if floor is None else np.array([-np.inf if x is None else x for x in floor]),
        )
    if form == "count_mixture":
        varied, spread = data["varied"], data["dispersion"]
        return CountMixture(
            int(data["reached"]),
            np.asarray(data["weights"], float),
            np.asarray(data["means"], float),
            np.asarray(spread, float) if isinstance(spread, list) else float(spread),
            None if varied is None else np.asarray(varied, float),
        )
    if form == "paths":
        return Paths.rebuild(
            np.asarray(data["quantiles"], float), np.asarray(data["corr"], float), whole=bool(data["whole"])
        )
    raise ValueError(f"unknown form of distribution: {form!r}")
