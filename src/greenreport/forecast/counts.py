"""Cumulative counts (awards, sites, events): forecast through their increments, so that no path ever falls.

Established counts: a discounted Gamma–Poisson rate with shrunk over-dispersion. Counts that start at zero or
trend visibly: half of that, half a negative binomial with a damped slope of the log rate. Fewer than five values, and
whatever is not an exact count: the nodes of `thin_counts.py`, whose weight is 1 up to three values, ⅔ with four, ⅓ with
five and 0 from six on, so that nothing jumps. Knows arrays and statements; must not know what is counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from .count_evidence import Pieces, Record, Unfit, as_level, read
from .distributions import Array
from .evidence import Bound, Statement
from .mixture import CountMixture
from .result import Forecast, refuse
from .thin_counts import Limit, Nodes, Prior, bound, collapse, forward, history, join, posterior, weigh

__all__ = ["PriorRate", "count_path"]

METHOD = "gamma_poisson"

# Prior of the annual rate, Gamma(shape, rate): .35 years of experience with half an event.
PRIOR_SHAPE = 0.5
PRIOR_RATE = 0.35
PRIOR_EVENTS = 20.0  # annual rate × dispersion up to which those years count in full; beyond, they fade
DISCOUNT = 0.9  # weight of a year of experience, per year of age
DISPERSION = 1.5  # prior of variance / mean of annual increments …
DISPERSION_N = 3.0  # … worth this many degrees of freedom
RATE_DRIFT = 0.10  # standard deviation of the yearly change of the log rate, constant along a path
SLOPE_SD = 0.35  # prior of the slope of the log rate where a count ramps up
SLOPE_DAMPING = 0.80
TREND_T = 1.5  # a slope this many standard errors from zero is a visible trend

# Three nodes carry this share of the variance of a ramp's log rate; the rest widens every component, so that they
# overlap (nodes are 1.8 of their own standard deviations apart) and no step of one of them shows.
NODES = 0.52
NODES_DRIFT = 0.45  # the same for the drift of an established rate, which has two nodes
_HALVES = np.array([0.5, 0.5])
_NODE, _NODE_W = np.array([-math.sqrt(3.0), 0.0, math.sqrt(3.0)])[:, None], np.array([1.0, 4.0, 1.0]) / 6.0


FULL = 5  # intervals from which a record is no longer thin …
THIN = 2  # … and up to which it is nothing else
UNLIKELY = 1e-6  # a bound that had less probability than this is taken for a level of its own
SAID_WITHIN = 0.2  # "more than 50" is said of a number in the fifties: e^(−1) as often of 60 as of 50
ROUNDED = 2.5  # standard errors below a rounded count that are taken as reached


@dataclass(frozen=True)
class PriorRate:
    """What is known of an annual rate before the record is looked at, say from other areas.

    Args:
        mean: its mean.
        spread: its standard deviation.

    Raises:
        ValueError: one of them is not positive.
    """

    mean: float
    spread: float

    def __post_init__(self) -> None:
        if not (0.0 < self.mean < math.inf and 0.0 < self.spread < math.inf):
            raise ValueError(f"a prior rate needs a positive mean and spread, not {self.mean!r} and {self.spread!r}")

    @property
    def gamma(self) -> Prior:
        """The Gamma with this mean and spread."""
        return Prior((self.mean / self.spread) ** 2, self.mean / self.spread**2)


def count_path(
    evidence: Sequence[Statement], *, start: int, last_year: int, prior_rate: PriorRate | None = None
) -> Forecast:
    """Forecast of a cumulative count from whatever is known of it, from one statement up.

    Args:
        evidence: levels (exact, rounded, in mid-year), bounds, increments with or without a stock, a programme's
            start, in any order; other statements say nothing of a count and are listed in `refused`. How each enters
            is said in `count_evidence.py` and `thin_counts.py`.
        start: year of step 1, unless a statement lies in a later one: a count of June 2026 makes 2026 the first year
            that is ahead. The forecast's `start` says which.
        last_year: year of the last step.
        prior_rate: what other areas say of the annual rate; used where the record is thin.

    Returns:
        A forecast in whole numbers. Refused with "too_few_points" (nothing said of a count), "not_whole", "negative_count", "count_falls" (exact counts) or
        "evidence_conflicts" (statements that cannot all be right).

    Raises:
        ValueError: no year is left to forecast.

    >>> from greenreport.forecast.evidence import Increment, Level
    >>> made = count_path([Level(2023, 44), Increment(2021, 2021, 10)], start=2024, last_year=2027)
    >>> [float(x) for x in made.median]
    [49.0, 54.0, 59.0, 63.0]
    """
    try:
        record = read(evidence)
        begin = max(start, math.ceil(record.now))
        if last_year < begin:
            raise ValueError(f"last_year must not lie before start or the latest statement, {last_year!r} < {begin!r}")
        return replace(_answer(record, float(begin), last_year - begin + 1, prior_rate), start=begin)
    except _Unlikely:
        # A bound that far from what was known is news of another kind; it is the latest level there is.
        taken = [as_level(s) if isinstance(s, Bound) else s for s in evidence]
        return count_path(taken, start=start, last_year=last_year, prior_rate=prior_rate)
    except Unfit as unfit:
        horizon = max(last_year - start + 1, 1)
        return replace(refuse(METHOD, "count", horizon, unfit.reason, n=len(evidence)), start=start)


class _Unlikely(Exception):
    """A bound had no probability worth the name."""


def _answer(record: Record, end: float, horizon: int, prior_rate: PriorRate | None) -> Forecast:
    """The forecast of a record; step 1 ends at the date `end`."""
    seen = record.seen
    share = min(max((len(seen.x) - THIN) / (FULL - THIN), 0.0), 1.0) if record.stock is not None else 0.0
    # A step that ends on the latest date has no time left; a little keeps its sum's logarithm finite.
    stops = np.maximum(end - record.now + np.arange(horizon), 1e-9)
    reached, variant = record.base, "thin"
    parts: list[tuple[float, Array, Array, Array, Array | float]] = []  # share, weights, means, variation, dispersion
    parameters: dict[str, float] = {}
    if share > 0.0:
        dispersion = _dispersion(seen)
        shape, rate = _rate(seen, dispersion)
        parameters = {"rate": shape / rate, "dispersion": dispersion}
    if share < 1.0 or not record.plain:
        nodes = posterior(seen, record.stock, record.since, None if prior_rate is None else prior_rate.gamma)
        if not record.plain and share > 0.0:
            nodes, share = join(nodes, _as_node(shape, rate, dispersion), share), 0.0
        reached, nodes, ahead = _conditioned(record, nodes, stops)
        parts.append((1.0 - share, *collapse(nodes, *ahead, alone=share == 0.0)))
        if share == 0.0:
            mean = nodes.weight @ (nodes.shape / nodes.rate)
            parameters = {"rate": float(mean), "dispersion": float(nodes.weight @ nodes.dispersion)}
    if share > 0.0:
        variant, *trend, established = _full(record, dispersion, shape, rate, stops)
        parameters |= {"log_rate_slope": trend[0], "log_rate_slope_se": trend[1]}
        parts.append((share, *established))
    weights = np.concatenate([part[0] * part[1] for part in parts])
    means = np.concatenate([part[2] for part in parts])
    varied = np.concatenate([part[3] for part in parts])
    spread = parts[0][4] if len(parts) == 1 else np.concatenate([np.broadcast_to(p[4], p[1].shape) for p in parts])
    found = parameters["rate"]
    return Forecast(
        METHOD,
        "count",
        horizon,
        CountMixture(round(reached), weights, means, spread, varied),
        {"variant": variant, **parameters},
        refused=record.unused,
        n=record.n,
        last=float(round(record.base)),
        residuals=tuple(((seen.x / seen.years - found) * np.sqrt(seen.years)).tolist()),
    )


def _full(
    record: Record, dispersion: float, shape: float, rate: float, stops: Array
) -> tuple[str, float, float, tuple[Array, Array, Array, float]]:
    """Variant, slope and its standard error, and the components of a record that is not thin."""
    exposure = np.diff(stops, prepend=0.0)
    exposure[0] += float((record.open[:, 1] - record.open[:, 0]).sum())
    total, drift = _drift(tuple(exposure.tolist()))
    means, varied, weights = (shape / rate) * total, (1.0 + 1.0 / shape) * drift - 1.0, _HALVES
    intercept, slope, cov = _slope(record.seen, dispersion)
    slope_se = math.sqrt(cov[1, 1])
    ramping = record.zero or abs(slope) > TREND_T * slope_se
    if ramping:
        more_means, more_varied = _ramp(intercept, slope, cov, exposure)
        weights = np.concatenate([weights, _NODE_W]) / 2.0
        means, varied = np.concatenate([means, more_means]), np.concatenate([varied, more_varied])
    return "blend" if ramping else "established", slope, slope_se, (weights, means, varied, dispersion)


def _conditioned(record: Record, nodes: Nodes, stops: Array) -> tuple[float, Nodes, tuple[Array, Array]]:
    """The count that is certainly reached, nodes after all bounds, and the mean and variance of what comes on top by step."""
    nodes = weigh(nodes, record.inside)
    reached = record.base
    if record.base_sd > 0.0:
        reached = float(math.floor(max(record.base - ROUNDED * record.base_sd, record.floor, 0.0)))
        more = np.full(len(nodes.weight), max(record.base - reached, 0.5))
        nodes = replace(nodes, more=more, spread=np.full(len(more), record.base_sd**2))
    elif record.stock is None:
        nodes = history(nodes, record.since)
    start, end = record.open[:, 0], record.open[:, 1]
    floor = reached
    for at in sorted({at for at, _, _ in record.after}):
        limits = [_limit(value, above, reached) for t, value, above in record.after if t == at]
        nodes, chance = bound(nodes, np.minimum(start, at), np.minimum(end, at), limits)
        if chance < UNLIKELY:
            raise _Unlikely
        start, end = np.maximum(start, at), np.maximum(end, at)
        floor = max([floor, *(value for t, value, above in record.after if t == at and above)])
    if floor > reached:
        nodes = replace(nodes, more=np.maximum(nodes.more - (floor - reached), 1e-9))
        reached = floor
    steps = np.concatenate([np.zeros(1), stops])
    mean, var = forward(nodes, np.concatenate([start, steps[:-1]]), np.concatenate([end, steps[1:]]))
    return reached, nodes, (mean[:, len(start) :], var[:, len(start) :])


def _limit(value: float, above: bool, reached: float) -> Limit:
    """What a bound allows of the count above what is reached."""
    reach = max(SAID_WITHIN * value, 1.0)
    return Limit(value - reached, math.inf, reach) if above else Limit(-math.inf, value - reached, reach)


def _as_node(shape: float, rate: float, dispersion: float) -> Nodes:
    """The established rate as one more node, without slope."""
    one, none = np.ones(1), np.zeros(1)
    return Nodes(one, none, dispersion * one, shape * one, rate * one, none, none, none)


def _rate(inc: Pieces, dispersion: float) -> tuple[float, float]:
    """Shape and rate of the Gamma posterior of the annual rate, after discounting and over-dispersion."""
    w = DISCOUNT**inc.age
    events, years = float(w @ inc.x), float(w @ inc.years)
    # The prior speaks of small counts. Of hundreds a year it knows nothing, and left as it is it would draw them
    # towards one a year as soon as they are irregular.
    known = min(1.0, PRIOR_EVENTS * years / (events * dispersion)) if events > 0.0 else 1.0
    return PRIOR_SHAPE + events / dispersion, PRIOR_RATE * known + years / dispersion


def _dispersion(inc: Pieces) -> float:
    """Variance over mean of annual increments, shrunk to its prior; at least 1 (Poisson)."""
    shape, rate = _rate(inc, 1.0)
    mean = shape / rate * inc.years
    m = len(inc.x)
    own = float(np.sum((inc.x - mean) ** 2 / mean))  # Pearson's statistic, m − 1 degrees of freedom
    return max(1.0, (DISPERSION_N * DISPERSION + own) / (DISPERSION_N + m - 1))


@lru_cache(maxsize=64)
def _drift(exposure: tuple[float, ...]) -> tuple[Array, Array]:
    """Sums of exposures and the factors on their second moments that the rate's drift brings, shapes (2, H).

    The log rate moves by normal·sd·i until year i and the rate keeps its mean. Two nodes, one falling and one
    rising, carry NODES_DRIFT of the variance; within each the second moment of a sum with exposures e grows by
    Σ eᵢ·eⱼ·exp(i·j·sd²) / (Σ eᵢ)². That factor's logarithm may not grow faster than lets the sum's lower
    quantiles rise: over many years a rate that falls still adds something.
    """
    steps = np.arange(1.0, len(exposure) + 1)
    apart, inside = math.sqrt(NODES_DRIFT) * RATE_DRIFT * steps, (1.0 - NODES_DRIFT) * RATE_DRIFT**2
    e = np.array(exposure) * np.exp([-apart, apart]) / np.cosh(apart)
    total = np.cumsum(e, axis=1)
    square = np.cumsum(np.cumsum(e[:, :, None] * e[:, None, :] * np.exp(inside * np.outer(steps, steps)), 1), 2)
    spread = np.sqrt(np.log(np.diagonal(square, axis1=1, axis2=2) / total**2))
    for h in range(1, len(exposure)):
        spread[:, h] = np.minimum(spread[:, h], spread[:, h - 1] + np.log(total[:, h] / total[:, h - 1]) / 3.0)
    return total, np.exp(spread**2)


def _slope(inc: Pieces, dispersion: float) -> tuple[float, float, Array]:
    """Penalised Poisson fit of log rate = intercept + slope·t, t = 0 at the last value.

    The prior of the rate enters as PRIOR_SHAPE events in PRIOR_RATE years at mid-series, the slope is shrunk
    to zero (normal with SLOPE_SD). Newton steps; the covariance is the inverse curvature times the
    over-dispersion.
    """
    middle = np.append(-(inc.age + inc.years / 2.0), -(inc.age[0] + inc.years[0]) / 2.0)
    x, years = np.append(inc.x, PRIOR_SHAPE), np.append(inc.years, PRIOR_RATE)
    design, penalty = np.array([np.ones(len(x)), middle]), np.diag([0.0, dispersion / SLOPE_SD**2])
    found = np.array([math.log(x.sum() / years.sum()), 0.0])
    for _ in range(50):
        mean = years * np.exp(np.clip(found @ design, -30.0, 30.0))
        curvature = (design * mean) @ design.T + penalty
        step = np.linalg.solve(curvature, design @ (x - mean) - penalty @ found)
        size = float(abs(step).max())
        found = found + step / max(size, 1.0)
        if size < 1e-7:
            break
    return float(found[0]), float(found[1]), np.linalg.inv(curvature) * dispersion


def _ramp(intercept: float, slope: float, cov: Array, exposure: Array) -> tuple[Array, Array]:
    """Components of the damped log-rate slope: means of the sums and their squared variation, shapes (3, H).

    The log rate of a year is normal; all years of a path share one luck, of which the nodes are points.
    """
    carried = np.cumsum(SLOPE_DAMPING ** np.arange(1.0, len(exposure) + 1))  # how much of a year's slope a year carries
    log_rate = intercept + slope * carried
    var = cov[0, 0] + (2.0 * cov[0, 1]) * carried + cov[1, 1] * carried * carried
    inside = (1.0 - NODES) * var
    at = log_rate + 0.5 * inside + _NODE * np.sqrt(NODES * var)
    yearly = exposure * np.exp(np.minimum(np.maximum(at, -30.0), 30.0))
    means = np.cumsum(yearly, axis=1)
    # The variance of a sum's logarithm is near the mean of those of its terms, by their size, when they move together.
    return means, np.expm1(np.minimum(np.cumsum(yearly * inside, axis=1) / means, 30.0))
