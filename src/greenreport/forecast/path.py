"""One latent annual path, and everything that can be known of it.

The model: on the model scale (logarithms, logits) growth g wanders slowly about a prior growth μ, the level z moves with
it, and a published figure y is the level with some noise:

    g_t = μ + φ·(g_{t−1} − μ) + η_t        Var(g_1 − μ) = a² + b·σ²,   Var(η) = c² + d·σ²
    z_t = z_{t−1} + g_t + σ·w_t             y_t = z_t + σ·√r·e_t

with all shocks normal, the first level diffuse and ln σ normal about ln s. It is a local linear trend (Harvey 1989,
chapter 2; `statsmodels.tsa.UnobservedComponents` has its filter, which the tests hold this module against) whose growth
has a prior in absolute terms: what growth rates look like is known, whatever the noise of a series. Given σ, whatever is
linear in the path is conditioned on in closed form; σ is integrated over nine nodes, each weighted by the likelihood of
the evidence, so that a smooth series gets a narrow range and a rough one a wide one. The constants were learned on the
tuning half of the public panel, one set for all lengths (`benchmarks/forecast_tune.py`, `learned.PATH`).

Knows statements and years; must not know any data, nor how a figure was published.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from .distributions import Array

__all__ = ["Belief", "PathConstants", "Row", "believe", "student"]

_NODES = np.linspace(-2.6, 2.6, 9)
_DIFFUSE = 25.0  # variance of the first level around a known one: ± 5 in logarithms, as good as unknown
_LEAST = 1e-9  # variance below which a statement counts as exact
_DF = np.geomspace(1.5, 200.0, 300)  # degrees of freedom …
_TAILS = special.stdtrit(_DF, 0.975) / special.stdtrit(
    _DF, 0.9
)  # … and the ratio of the 95 % to the 80 % range, falling


@dataclass(frozen=True)
class PathConstants:
    """What was learned on the tuning half; standard deviations per year on the model scale."""

    damping: float  # φ, how much of a growth's distance from the prior lasts into the next year
    growth_sd: float  # a, spread of true growth around the prior growth …
    growth_noise: float  # … and √b, what volatile series add, in units of σ
    turn_sd: float  # c, yearly change of the growth …
    turn_noise: float  # … and √d, in units of σ
    noise: float  # r, variance of a published figure around the level, in units of σ²
    scale: float  # s, typical σ …
    scale_sd: float  # … and the standard deviation of its logarithm
    widen: float  # factor on the final scale, so that the 80 % range covers as it says


@dataclass(frozen=True, eq=False)
class Row:
    """One linear statement about the path: weights · z = value, with error."""

    weights: tuple[tuple[int, float], ...]  # (position of the year, weight), few of them
    value: float  # on the model scale
    noise: float = 1.0  # variance in units of r·σ²
    error: float = 0.0  # further variance, absolute
    side: int = 0  # 0 for a value, +1 where the path lies above it, −1 below

    def over(self, years: int) -> Array:
        """The weights of all years, shape (years,)."""
        out = np.zeros(years)
        for j, w in self.weights:
            out[j] += w
        return out


@dataclass(frozen=True, eq=False)
class Belief:
    """What is believed of the published figures of N years: a mixture of K normals on the model scale."""

    weight: Array  # of the nodes, shape (K,), sum 1
    mean: Array  # shape (K, N)
    cov: Array  # shape (K, N, N), noise of publication included
    sigma: Array  # of the nodes, shape (K,)

    def mean_of(self, positions: Sequence[int]) -> Array:
        """Expected values at some positions, shape (len,)."""
        return self.weight @ self.mean[:, list(positions)]

    def cov_of(self, positions: Sequence[int]) -> Array:
        """Covariance there, the nodes' disagreement included, shape (len, len)."""
        at = list(positions)
        mean = self.mean[:, at]
        gap = mean - self.weight @ mean
        inner = np.einsum("k,kij->ij", self.weight, self.cov[:, at][:, :, at])
        out: Array = inner + np.einsum("k,ki,kj->ij", self.weight, gap, gap)
        return out


def believe(
    rows: Sequence[Row],
    years: int,
    *,
    anchor: tuple[int, float],
    prior: float,
    constants: PathConstants,
) -> Belief:
    """Condition the path of N `years` on statements.

    The diffuse first level is put around the `anchor`, (position, value) of a level that is known well. `prior` is the
    prior growth μ a year on the model scale.
    """
    c = constants
    sigma, log_weight = _nodes(c)
    cov = _prior(years, c).copy()
    at, level = anchor
    start = level + prior * (np.arange(years) - at)
    mean = np.broadcast_to(start, (len(sigma), years)).copy()
    variance = c.noise * sigma**2
    exact = [row for row in rows if row.side == 0]
    if exact:
        a = np.array([row.over(years) for row in exact])
        value = np.array([row.value for row in exact])
        noise, error = np.array([row.noise for row in exact]), np.array([row.error for row in exact])
        observed = np.maximum(noise * variance[:, None] + error, _LEAST)
        across = cov @ a.T
        inner = a @ across
        inner[:, np.arange(len(exact)), np.arange(len(exact))] += observed
        root = np.linalg.cholesky(inner)
        surprise = (value - mean @ a.T)[:, :, None]
        white = np.linalg.solve(root, np.concatenate([across.transpose(0, 2, 1), surprise], axis=2))
        gain, left = white[:, :, :-1], white[:, :, -1]
        log_det = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
        log_weight = log_weight - log_det - 0.5 * (left * left).sum(axis=1)
        mean += np.einsum("kij,ki->kj", gain, left)
        cov -= gain.transpose(0, 2, 1) @ gain
    # A bound cuts the distribution off. What is left is taken as a normal with its mean and variance (truncation of the
    # density, Simon & Simon 2010, Int. J. Systems Sci. 41), twice around, so that the order of bounds hardly matters.
    for row in [row for row in rows if row.side] * (2 if sum(bool(row.side) for row in rows) > 1 else 1):
        mean, cov, gained = _cut(mean, cov, row, variance)
        log_weight = log_weight + gained
    weight = np.exp(log_weight - log_weight.max())
    shown = cov.copy()
    shown[:, np.arange(years), np.arange(years)] += variance[:, None]
    return Belief(weight / weight.sum(), mean, shown, sigma)


def _cut(mean: Array, cov: Array, row: Row, variance: Array) -> tuple[Array, Array, Array]:
    """Mean and covariance given that weights · y lies on one side of a value, and the logarithm of its probability."""
    a = row.over(mean.shape[1])
    across = cov @ a
    total = across @ a + row.noise * variance + row.error
    spread = np.sqrt(np.maximum(total, _LEAST))
    u = row.side * (row.value - mean @ a) / spread
    log_tail = special.log_ndtr(-u)
    hazard = np.exp(-0.5 * u * u - 0.5 * math.log(2 * math.pi) - log_tail)
    gain = across / spread[:, None]
    mean = mean + row.side * gain * hazard[:, None]
    cov = cov - gain[:, :, None] * gain[:, None, :] * (hazard * (hazard - u))[:, None, None]
    return mean, cov, log_tail


@lru_cache(maxsize=32)
def _nodes(c: PathConstants) -> tuple[Array, Array]:
    """σ of every node and the logarithm of its prior weight, shapes (K,)."""
    return c.scale * np.exp(c.scale_sd * _NODES), -0.5 * _NODES**2


@lru_cache(maxsize=128)
def _prior(years: int, c: PathConstants) -> Array:
    """Covariance of the levels of N years before anything is known, shape (K, N, N)."""
    sigma, _ = _nodes(c)
    first = c.growth_sd**2 + c.growth_noise**2 * sigma**2
    turn = c.turn_sd**2 + c.turn_noise**2 * sigma**2
    growth = np.empty((len(sigma), max(years - 1, 0)))
    for t in range(years - 1):
        growth[:, t] = first if t == 0 else c.damping**2 * growth[:, t - 1] + turn
    steps = np.arange(years - 1)
    lag = np.abs(steps[:, None] - steps)
    moves = growth[:, np.minimum.outer(steps, steps)] * c.damping**lag
    moves[:, steps, steps] += (sigma**2)[:, None]
    add = np.tril(np.ones((years, years - 1)), -1)
    out: Array = add @ moves @ add.T + _DIFFUSE
    return out


def student(belief: Belief, positions: Sequence[int], *, widen: float = 1.0) -> tuple[Array, Array, float]:
    """The mixture at some positions as one multivariate Student t: centre (H,), covariance of scales (H, H), df.

    Medians, correlation, and at every position the width of the 80 % range are the mixture's; the degrees of freedom give
    the 95 % range on average.
    """
    at = list(positions)
    mean, spread = belief.mean[:, at], np.sqrt(np.maximum(belief.cov[:, at, at], _LEAST))
    low95, low80, centre, high80, high95 = _quantiles(belief.weight, mean, spread, (0.025, 0.1, 0.5, 0.9, 0.975))
    df = float(np.interp(-np.mean((high95 - low95) / (high80 - low80)), -_TAILS, _DF))
    scale = widen * (high80 - low80) / (2.0 * float(special.stdtrit(df, 0.9)))
    cov = belief.cov_of(at)
    sd = np.sqrt(np.maximum(np.diagonal(cov), _LEAST))
    return centre, cov / np.outer(sd, sd) * np.outer(scale, scale), df


def _quantiles(weight: Array, mean: Array, spread: Array, levels: tuple[float, ...]) -> Array:
    """Quantiles of mixtures of normals by bisection and Newton's steps, shape (levels, H)."""
    p = np.array(levels)[:, None]
    reach = special.ndtri(np.array(levels))[:, None, None]
    ends = mean + reach * spread
    low, high = ends.min(axis=1), ends.max(axis=1)  # a mixture's quantile lies between those of its parts
    x = (weight[:, None] * ends).sum(axis=1)
    for _ in range(60):
        u = (x[:, None, :] - mean) / spread
        over = (weight[:, None] * special.ndtr(u)).sum(axis=1) - p
        if np.abs(over).max() < 1e-7:
            break
        low, high = np.where(over < 0, x, low), np.where(over < 0, high, x)
        density = (weight[:, None] * np.exp(-0.5 * u * u) / spread).sum(axis=1) / math.sqrt(2 * math.pi)
        step = x - over / np.maximum(density, 1e-12)
        x = np.where((step > low) & (step < high), step, (low + high) / 2.0)
    out: Array = x
    return out
