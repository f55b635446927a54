"""Coherence: a whole and its parts, reconciled so that they add up in every sampled path.

Minimum trace through paths (Wickramasuriya, Athanasopoulos & Hyndman 2019; Panagiotelis et al. 2023), with a
correlation shrunk from the one-step errors. Knows forecasts; must not know that the whole is a city.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .distributions import Array, Distribution, LinkedT, Paths
from .mixture import CountMixture
from .result import Forecast

__all__ = ["Reconciled", "reconcile"]

Units: TypeAlias = NDArray[np.int64]

PRIOR_CORR = 0.3  # correlation of the parts' errors before their residuals are seen …
PRIOR_CORR_N = 6.0  # … worth this many years
TOP_CORR = 0.9  # correlation of the whole's error with that of the parts' sum
LEAST_COVER = 0.5  # the parts must hold at least this share of the whole
ABOVE = 0.02  # levels: parts may exceed the whole by this share (rounding, provisional figures)


@dataclass(frozen=True, eq=False)
class Reconciled:
    """A whole and its parts that add up, or a refusal.

    Args:
        top: forecast of the whole; the one handed in where reconciliation was refused.
        bottom: forecasts of the parts in the order handed in; refused parts stay refused.
        rest: what the parts handed in do not cover, as a part of its own; None where they cover all.
        reason: code of the refusal: "not_additive", "part_exceeds_whole" (parts overlap), "parts_too_few",
            "whole_unknown".
    """

    top: Forecast
    bottom: tuple[Forecast, ...]
    rest: Forecast | None = None
    reason: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the forecasts were reconciled."""
        return self.reason is None


def reconcile(
    bottom: Sequence[Forecast],
    top: Forecast,
    *,
    n: int = 2000,
    seed: int = 0,
) -> Reconciled:
    """Make the parts add up to the whole in every path.

    Paths of all forecasts are drawn and paired so that good and bad luck go together as far as the one-step
    errors say. Then each path is projected: the gap between whole and sum is closed from both sides, in
    proportion to their covariance with the gap (the minimum-trace weights for one constraint, kept within
    0…1). Counts are closed in whole increments, so that no part falls; flows stay positive.

    Parts that are refused, and what no part covers, go into `rest`, which grows as the whole does. Where the
    whole is refused but all parts are there, it is their sum.

    Args:
        bottom: forecasts of the parts: disjoint, same kind and horizon as `top`, all ending in the same year.
            An area and its predecessor or successor must not both be there: see "part_exceeds_whole".
        top: forecast of the whole; shares do not add up, and are refused.
        n: number of paths.
        seed: seed of the paths: same input, same output.

    Returns:
        The forecasts with paths that add up, or the reason why not.

    Raises:
        ValueError: kinds or horizons that differ, or no part at all.
    """
    bottom = _fitting(bottom, top)
    rest = _rest_of(bottom, top)
    if isinstance(rest, str):
        return Reconciled(top, bottom, reason=rest)
    parts = [f for f in bottom if f.ok] + ([] if rest is None else [rest])

    rng = np.random.default_rng(seed)
    base, whole = _joint(parts, top if top.ok else None, _correlation(parts), n, rng)
    if whole is not None:
        base = _close_counts(base, whole, parts, rng) if top.kind == "count" else _close_levels(base, whole, parts)
    made = [_answer(f, paths) for f, paths in zip(parts, base, strict=True)]
    left = iter(made)
    new_top = top if top.ok else replace(top, reason=None, last=_last_sum(parts))
    return Reconciled(
        _answer(new_top, base.sum(axis=0)),
        tuple(next(left) if f.ok else f for f in bottom),
        None if rest is None else made[-1],
    )


def _fitting(bottom: Sequence[Forecast], top: Forecast) -> tuple[Forecast, ...]:
    if not bottom:
        raise ValueError("reconcile needs at least one part")
    if any(f.horizon != top.horizon or f.kind != top.kind for f in bottom):
        raise ValueError("parts and whole must have the same kind and horizon")
    return tuple(bottom)


def _rest_of(bottom: Sequence[Forecast], top: Forecast) -> Forecast | str | None:
    """What no part covers, as one more part, None where they cover all; or a code where they do not add up."""
    if any(map(_bounded, (top, *bottom))):
        return "not_additive"
    parts = [f for f in bottom if f.ok]
    if not parts:
        return "parts_too_few"
    if not top.ok:
        return None if len(parts) == len(bottom) else "whole_unknown"
    whole_last, parts_last = top.last or 0.0, _last_sum(parts)
    slack = 0.0 if top.kind == "count" else ABOVE * abs(whole_last)
    if parts_last > whole_last + slack + 1e-9 * abs(whole_last):
        return "part_exceeds_whole"
    share = parts_last / whole_last if whole_last > 0 else 1.0
    if share < LEAST_COVER:
        return "parts_too_few"
    left = whole_last - parts_last
    return None if left <= slack else _rest(top, left, 1.0 - share)


def _last_sum(parts: Sequence[Forecast]) -> float:
    return sum(f.last or 0.0 for f in parts)


def _bounded(f: Forecast) -> bool:
    return isinstance(f.distribution, LinkedT) and f.distribution.link.kind == "logit"


def _answer(f: Forecast, paths: Array) -> Forecast:
    """The forecast with its paths replaced by the reconciled ones."""
    told = {**f.parameters, "base_method": f.method}
    return replace(f, method="reconciled", distribution=Paths(paths, f.kind == "count"), parameters=told)


def _rest(top: Forecast, last: float, share: float) -> Forecast:
    """What no part covers: grows as the whole does, with twice the variance of its growth."""
    dist: Distribution | None = top.distribution
    if isinstance(dist, CountMixture):
        dist = CountMixture(round(last), dist.weights, dist.means * share, dist.dispersion, dist.varied)
    elif isinstance(dist, LinkedT) and dist.link.kind == "log":
        link = replace(dist.link, scale=dist.link.scale * share)
        dist = LinkedT(dist.centre, 2.0 * dist.cov, dist.df, link)
    else:
        scaled = last + share * (top.sample(2000, 1) - (top.last or 0.0))
        if top.kind == "count":
            scaled = np.maximum.accumulate(np.maximum(np.round(scaled), round(last)), axis=1)
        dist = Paths(scaled, top.kind == "count")
    return replace(top, method="rest", distribution=dist, last=last, residuals=())


def _correlation(parts: Sequence[Forecast]) -> float:
    """Common correlation of the parts' one-step errors: their mean correlation, shrunk, within 0…0.9."""
    long = [np.asarray(f.residuals, float) for f in parts if len(f.residuals) >= 3]
    years = min((len(r) for r in long), default=0)
    if len(long) < 2:
        return PRIOR_CORR
    errors = np.array([r[-years:] for r in long])
    errors = errors[errors.std(axis=1) > 0]
    if len(errors) < 2:
        return PRIOR_CORR
    z = (errors - errors.mean(axis=1, keepdims=True)) / errors.std(axis=1, keepdims=True)
    # The mean of all pairs at once: the variance of the mean of K standardised series is (1 + (K − 1)·r) / K.
    count = len(z)
    mean = (float(z.mean(axis=0).var()) * count - 1.0) / (count - 1)
    return float(np.clip((PRIOR_CORR_N * PRIOR_CORR + years * mean) / (PRIOR_CORR_N + years), 0.0, 0.9))


def _joint(
    parts: Sequence[Forecast], top: Forecast | None, corr: float, n: int, rng: np.random.Generator
) -> tuple[Array, Array | None]:
    """Paths of the parts (K, n, H) and the whole (n, H), paired by rank (Iman & Conover 1982).

    Each forecast keeps its own paths whole; only their order changes, so margins and the ties between years
    stand.
    """
    count = len(parts)
    seeds = rng.integers(0, 2**31, size=count + 1)
    own = [f.sample(n, int(s)) for f, s in zip(parts, seeds[:count], strict=True)]
    luck = np.sqrt(corr) * rng.standard_normal(n) + np.sqrt(1.0 - corr) * rng.standard_normal((count, n))
    spread = np.array([np.subtract(*np.quantile(p[:, -1], [0.9, 0.1])) for p in own])
    joint = np.array([_paired(p, z) for p, z in zip(own, luck, strict=True)])
    if top is None:
        return joint, None
    common = spread @ luck if spread.any() else luck.sum(axis=0)
    common = common / max(float(common.std()), 1e-300)
    wish = TOP_CORR * common + np.sqrt(1.0 - TOP_CORR**2) * rng.standard_normal(n)
    return joint, _paired(top.sample(n, int(seeds[count])), wish)


def _paired(paths: Array, wish: Array) -> Array:
    """The paths in the order that `wish` asks for: the k-th best path where the wish is k-th largest."""
    jitter = np.arange(len(paths)) * 1e-9  # ties between counts are broken the same way every time
    score = np.argsort(np.argsort(paths, axis=0, kind="stable"), axis=0).mean(axis=1) + jitter
    order = np.argsort(score, kind="stable")
    return paths[order[np.argsort(np.argsort(wish, kind="stable"), kind="stable")]]


def _gains(parts: Array, whole: Array) -> tuple[float, Array]:
    """Share of the gap that the whole gives way, and shares of the remainder per part, summing to 1.

    With a = (1, −1, …, −1) the projection of minimum trace is ŷ − W·a·(a′ŷ)/(a′Wa): each series moves by its
    covariance with the gap. Outliers are cut at the 1st and 99th percentiles before W is taken; weights are
    kept within 0…1, because an extrapolating weight rests on the covariance being known exactly, and it is
    not.
    """
    stack = np.vstack([whole[None], parts])
    low, high = np.quantile(stack, [0.01, 0.99], axis=1, keepdims=True)
    stack = np.clip(stack, low, high)
    gap = stack[0] - stack[1:].sum(axis=0)
    centred = gap - gap.mean()
    variance = float(centred @ centred)
    spread = (stack - stack.mean(axis=1, keepdims=True)).std(axis=1)
    fair = spread[1:] + 1e-12 * max(float(spread.max()), 1e-300)
    if variance <= 0:
        return 0.5, fair / fair.sum()
    gain = (stack - stack.mean(axis=1, keepdims=True)) @ centred / variance
    share = np.clip(-gain[1:], 0.0, None)
    share = share / share.sum() if share.sum() > 0 else fair / fair.sum()
    return float(np.clip(gain[0], 0.0, 1.0)), share


def _close_levels(base: Array, whole: Array, parts: Sequence[Forecast]) -> Array:
    positive = all(isinstance(f.distribution, LinkedT) and f.distribution.link.kind == "log" for f in parts)
    closed = base.copy()
    for h in range(whole.shape[1]):
        give, share = _gains(base[:, :, h], whole[:, h])
        total = base[:, :, h].sum(axis=0)
        target = whole[:, h] - give * (whole[:, h] - total)
        moved = base[:, :, h] + share[:, None] * (target - total)
        if positive:
            # Where a part would turn negative, all parts of that path are scaled instead.
            bad = (moved <= 0).any(axis=0)
            moved[:, bad] = base[:, bad, h] * (target[bad] / total[bad])
        closed[:, :, h] = moved
    return closed


def _close_counts(base: Array, whole: Array, parts: Sequence[Forecast], rng: np.random.Generator) -> Array:
    """Whole increments only: units are added by the parts' shares or taken from those drawn, at random."""
    start = np.array([float(f.last or 0.0) for f in parts])
    steps = np.diff(base, axis=2, prepend=start[:, None, None] * np.ones((1, base.shape[1], 1)))
    drawn = np.rint(steps).astype(np.int64)
    whole_steps = np.rint(np.diff(whole, axis=1, prepend=start.sum())).astype(np.int64)
    whole_steps = np.maximum(whole_steps, 0)
    for h in range(whole.shape[1]):
        give, share = _gains(drawn[:, :, h].astype(float), whole_steps[:, h].astype(float))
        total = drawn[:, :, h].sum(axis=0)
        wish = whole_steps[:, h] - give * (whole_steps[:, h] - total)
        target = np.floor(wish + rng.random(len(wish))).astype(np.int64)
        drawn[:, :, h] += rng.multinomial(np.maximum(target - total, 0), share).T
        surplus, left = np.maximum(total - target, 0), total.copy()
        for j in range(len(parts)):
            left = left - drawn[j, :, h]
            taken = _take(drawn[j, :, h], left, surplus, rng)
            drawn[j, :, h] -= taken
            surplus = surplus - taken
    out: Array = start[:, None, None] + np.cumsum(drawn, axis=2).astype(float)
    return out


def _take(good: Units, others: Units, wanted: Units, rng: np.random.Generator) -> Units:
    """How many of the units wanted come out of `good` rather than `others`, each unit equally likely."""
    taken = np.zeros_like(good)
    busy = wanted > 0
    if busy.any():
        taken[busy] = rng.hypergeometric(good[busy], np.maximum(others[busy], 0), wanted[busy])
    return taken
