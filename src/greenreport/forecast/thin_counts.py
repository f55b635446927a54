"""The rate of a count of which little is known: a few dozen nodes, each with a Gamma rate in closed form.

Every node says how the rate has been changing (slope), how unequal single years are (luck) and, where the programme's
beginning is not known, how old it is (age); given the node everything is conjugate, and what comes out is a handful
of negative binomials. Knows the pieces of a record; must not know statements, years or what is counted.

**Pieces.** A count x in a stretch of time has mean rate·E(slope), E the stretch in years of today's rate, and variance
D·mean with D = 1 + luck·rate, the negative binomial of a year whose own rate is Gamma with squared variation `luck`.
Its quasi-likelihood is the Poisson one to the power 1/D, with Nelder and Pregibon's (1987) constant −½·ln D; so the
rate stays Gamma: shape + w·x/D, rate + w·E/D, w = DISCOUNT^age. An error of variance e in x makes D + e/x of D.

**Stock.** A count S at a date, of a programme whose beginning is not known, is what a rate has brought together in an
unknown number of years A: rate ≈ (S + ½)/E(slope, A). With A spread over AGES, the prior of the rate scales with the
stock. How much today's rate may differ from that average is what STOCK_EVENTS says: a Gamma of that shape. A stock of
zero says that the programme has not begun; the rate is then [Prior]'s. A record that contradicts its prior mean by
more than FAR times upwards makes it give way, as a heavy upper tail would.

**Bounds.** A bound at a date after the last count truncates that count: "more than 50" has at least 50 of them, "nearly
50" at most. And who says so names a round number near by (Krifka 2007): further off, the chance of being called so falls
as e^(−distance/τ), τ a fifth of the figure, down to one in fifty. With λ ~ Gamma(a, b), ∫ λ^k P(X | λ) is a moment times
P(X) under Gamma(a + k, b), so that probability, mean and variance of λ and of X afterwards are sums over cells of X; both
are put back to the Gamma with these moments (assumed-density filtering). A bound between two known counts weighs the
nodes by a binomial tail, the share of the counted that a slope puts before that date.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy import special

from .count_evidence import Inside, Pieces
from .distributions import Array

__all__ = ["Limit", "Nodes", "Prior", "bound", "collapse", "forward", "history", "join", "posterior", "weigh"]

# Chosen on simulated programmes and on the tuning half of the World Heritage counts (benchmarks/forecast_counts.py).
SLOPES = np.array([-0.38, -0.17, 0.0, 0.17, 0.38])  # change of the log rate today, a year …
SLOPE_SD = 0.08  # … and its spread about RAMP at a programme's beginning, which fades in YOUNG years to −FADE
RAMP, YOUNG, FADE = 0.43, 8.0, 0.03
PAST, AHEAD = 6.0, 4.0  # years in which a slope spends 63 % of what it will ever do, backwards and forwards
LUCK, LUCK_W = np.array([0.015, 2.2]), np.array([0.67, 0.33])  # a steady programme, one that stops and goes
CELLS, ODD = 24, 0.02  # cells of a bounded count; chance that a bound is said however far it is from the count
AGES, AGE_W = np.array([1.4, 2.9, 6.0, 12.5, 26.0]), np.array([0.12, 0.24, 0.28, 0.24, 0.12])
USUAL, USUAL_SD = 0.5, 2.75  # rates of programmes: median and spread of the logarithm, by which ages are weighed
STOCK_EVENTS = 2.0
FAR = 2.7
LUCK_YEARS = 2.0  # the prior's say on how large a year may be, in years
DISCOUNT = 0.9  # weight of a year of experience, per year of age
DRIFT = 0.05  # standard deviation of the yearly change of the log rate beyond the slope
SLICES = np.array([0.07, 0.3, 0.6, 0.86])  # where the nodes, ordered by their mean, are cut into components
FEWER = np.array([0.25, 0.75])  # the same where established components stand beside them
_MID = (np.arange(6) + 0.5) / 6.0


@dataclass(frozen=True)
class Prior:
    """Gamma prior of the annual rate: shape (events) and rate (years). The default is wide: 80 % from .002 to 6.1."""

    events: float = 0.31
    years: float = 0.15


@dataclass(frozen=True, eq=False)
class Nodes:
    """Nodes with their weight, slope, dispersion (variance over mean of an increment), Gamma(shape, rate) and age.

    `more` and `spread` are mean and variance of what the count is above its base already. All have shape (J,).
    """

    weight: Array
    slope: Array
    dispersion: Array
    shape: Array
    rate: Array
    age: Array
    more: Array
    spread: Array


def exposure(slope: Array, start: Array, end: Array) -> Array:
    """Stretches of time in years of today's rate: slopes (J,) × stretches (K,) that are the same for all, or (J, K).

    The log rate has moved by slope·PAST·(1 − e^(t/PAST)) since t years ago, and will move by slope·AHEAD·(1 −
    e^(−t/AHEAD)): a slope does not go on for ever.
    """
    if start.ndim == 1:
        return _usual(tuple(start.tolist()), tuple(end.tolist()))[np.searchsorted(SLOPES, slope)]
    return _exposure(slope, start, end)


@lru_cache(maxsize=256)
def _usual(start: tuple[float, ...], end: tuple[float, ...]) -> Array:
    """Exposures of every slope; annual records ask for the same stretches again and again."""
    return _exposure(SLOPES, np.array(start), np.array(end))


def _exposure(slope: Array, start: Array, end: Array) -> Array:
    length = end - start
    at = start[..., None] + length[..., None] * _MID
    bent = np.where(
        at < 0.0, PAST * np.expm1(np.minimum(at, 0.0) / PAST), -AHEAD * np.expm1(-np.maximum(at, 0.0) / AHEAD)
    )
    course: Array = np.exp(slope.reshape(-1, 1, 1) * bent).mean(axis=-1)
    return length * course


def posterior(seen: Pieces, stock: float | None, since: float, prior: Prior | None = None) -> Nodes:
    """Nodes after a stock at a time `since` (None: not known, and the programme's age neither) and pieces after it."""
    given = prior if prior is not None else Prior()
    aged = stock is None or stock > 0.0
    ages, age_w = (AGES, AGE_W) if aged else (np.zeros(1), np.ones(1))
    usual = given.events / given.years
    shape0, mean0 = given.events, np.full((len(SLOPES), len(ages)), usual)
    if stock:
        stocked = (stock + 0.5) / exposure(SLOPES, since - ages, np.full(len(ages), since))
        unusual = ((np.log(stocked) - math.log(USUAL)) / USUAL_SD) ** 2
        age_w = np.exp(0.5 * (unusual.min(axis=1, keepdims=True) - unusual)) * age_w
        age_w = age_w / age_w.sum(axis=1, keepdims=True)
        if prior is None:
            shape0, mean0 = STOCK_EVENTS, stocked
        else:
            shape0 = prior.events + STOCK_EVENTS
            mean0 = shape0 / (prior.years + STOCK_EVENTS / stocked)
    total, span = float(seen.x.sum()), float(seen.years.sum())
    crude = (LUCK_YEARS * mean0 + total) / (LUCK_YEARS + span)
    dispersion = 1.0 + LUCK[:, None, None] * crude  # luck × slopes × ages
    # A rate that was learned from other areas is theirs as they are, not that of a beginning.
    begun = (RAMP if prior is None else 0.0) * np.exp((since - ages) / YOUNG) - FADE
    sloped = np.exp(-0.5 * ((SLOPES[:, None] - begun) / SLOPE_SD) ** 2)
    weight = LUCK_W[:, None, None] * (sloped / sloped.sum(axis=0)) * age_w
    if len(seen.x):
        rate0 = shape0 / np.maximum(mean0, total / span / FAR)
        e = exposure(SLOPES, seen.start, seen.end)
        w = DISCOUNT ** -((seen.start + seen.end) / 2.0)
        varied = dispersion[..., None] + seen.noise / np.maximum(seen.x, 1.0)
        part = w / varied
        shape = shape0 + part @ seen.x
        rate = rate0 + (part * e[:, None, :]).sum(axis=3)
        log_x = np.log(np.maximum(seen.x, 1e-9))
        fit = special.gammaln(shape) - math.lgamma(shape0) + shape0 * np.log(rate0) - shape * np.log(rate)
        fit += (part * (seen.x * (np.log(e)[:, None, :] - log_x + 1.0))).sum(axis=3)
        fit -= 0.5 * (w * np.log(varied)).sum(axis=3)
        weight = weight * np.exp(fit - fit.max())
    else:
        shape, rate = np.full(dispersion.shape, shape0), np.broadcast_to(shape0 / mean0, dispersion.shape)
    weight = weight / weight.sum()
    dispersion = 1.0 + LUCK[:, None, None] * (shape / rate)
    slope, age = np.broadcast_to(SLOPES[:, None], weight.shape), np.broadcast_to(ages, weight.shape)
    none = np.zeros(weight.size)
    return Nodes(*(a.ravel() for a in (weight, slope, dispersion, shape, rate, age, none, none)))


def join(one: Nodes, other: Nodes, share: float) -> Nodes:
    """Both sets of nodes, the other with a share of the weight."""
    pairs = [np.concatenate(pair) for pair in zip(vars(one).values(), vars(other).values(), strict=True)]
    pairs[0] = np.concatenate([(1.0 - share) * one.weight, share * other.weight])
    return Nodes(*pairs)


def history(nodes: Nodes, since: float) -> Nodes:
    """Nodes with what a programme had brought together by a time `since` before which nothing is known of it.

    The stock turned round: an average rate times E(slope, A). Programmes are more often past their best than before
    it, and a few quiet years say little of the ones before: that average is taken as 1¼ of the rate plus half of what
    is usual, with the spread of a Gamma of shape 1.
    """
    start = (since - nodes.age)[:, None]
    worth = exposure(nodes.slope, start, np.full(start.shape, since))[:, 0]
    mean = (1.25 * nodes.shape / nodes.rate + 0.5 * Prior().events / Prior().years) * worth
    varied = 1.0 + 2.0 / nodes.shape
    return replace(nodes, more=nodes.more + mean, spread=nodes.spread + nodes.dispersion * mean + varied * mean * mean)


def weigh(nodes: Nodes, facts: tuple[Inside, ...]) -> Nodes:
    """Nodes weighed by bounds at times between known counts; all that are impossible leave the weights as they are."""
    weight = nodes.weight
    for fact in facts:
        began = (
            np.minimum(fact.high_at - nodes.age, fact.at) if fact.low_at is None else np.full(len(weight), fact.low_at)
        )
        edge = np.full((len(weight), 1), fact.at)
        upto = exposure(nodes.slope, began[:, None], edge)[:, 0]
        rest = exposure(nodes.slope, edge, np.full((len(weight), 1), fact.high_at))[:, 0]
        counted, least = fact.high - fact.low, fact.value - fact.low + (0.0 if fact.above else 1.0)
        if 0.0 < least <= counted:
            share = np.clip(upto / (upto + rest), 1e-9, 1.0 - 1e-9)
            reached = special.betainc(least / nodes.dispersion, (counted - least + 1.0) / nodes.dispersion, share)
            weight = weight * (reached if fact.above else 1.0 - reached)
    total = weight.sum()
    return replace(nodes, weight=weight / total) if total > 1e-12 else nodes


def forward(nodes: Nodes, start: Array, end: Array) -> tuple[Array, Array]:
    """Mean and variance, by node, of what the count is above its base at the ends of neighbouring stretches.

    Stretches have shapes (K,), or (J, K) by node; so have the answers.
    """
    worth = np.cumsum(exposure(nodes.slope, start, end), axis=1)
    mean = (nodes.shape / nodes.rate)[:, None] * worth
    late = np.broadcast_to(np.maximum(end, 0.0), mean.shape)
    varied = (1.0 + 1.0 / nodes.shape)[:, None] * np.exp(0.75 * DRIFT**2 * late) - 1.0
    var = nodes.dispersion[:, None] * mean + varied * mean * mean
    return nodes.more[:, None] + mean, nodes.spread[:, None] + var


@dataclass(frozen=True)
class Limit:
    """What a bound allows of the count above its base: least and most, and how far from its figure it is said."""

    least: float
    most: float
    reach: float


def bound(nodes: Nodes, start: Array, end: Array, limits: Sequence[Limit]) -> tuple[Nodes, float]:
    """Nodes after bounds on the count above its base, and the probability that these had.

    Between `start` and `end`, shapes (K,) or (J, K), lie the stretches before that date of which nothing is known.
    """
    worth = exposure(nodes.slope, start, end).sum(axis=1)
    edges, said = _cells(limits)

    def cells(k: int) -> Array:
        """Probabilities of the cells with the rate's shape raised by k: the Gamma that has the count's moments."""
        shape = nodes.shape + k
        mean = shape / nodes.rate * worth
        var = np.maximum(nodes.spread + nodes.dispersion * mean + shape * (worth / nodes.rate) ** 2, 1e-9)
        mean = np.maximum(nodes.more + mean, 1e-9)
        return np.diff(special.gammainc((mean * mean / var)[:, None], edges * (mean / var)[:, None]), axis=1)

    free = cells(0)
    chance = float(nodes.weight @ free.sum(axis=1))
    mass = free * said
    zero = mass.sum(axis=1)
    possible = nodes.weight * zero > 1e-9 * float(nodes.weight @ zero)
    if not possible.any():
        return nodes, 0.0
    one, two = ((cells(k) * said).sum(axis=1)[possible] / zero[possible] for k in (1, 2))
    mass = mass[possible] / zero[possible, None]
    weight = (nodes.weight * zero)[possible]
    nodes = Nodes(*(column[possible] for column in vars(nodes).values()))
    first = nodes.shape / nodes.rate * one
    second = nodes.shape * (nodes.shape + 1.0) / nodes.rate**2 * two
    wide = np.maximum(second - first * first, 1e-3 * first * first)
    middle = (edges[1:] + edges[:-1]) / 2.0
    now = mass @ middle
    spread = np.maximum(mass @ (middle * middle) - now * now, 0.0)
    weight, shape = weight / weight.sum(), first * first / wide
    return replace(nodes, weight=weight, shape=shape, rate=first / wide, more=now, spread=spread), chance


def _cells(limits: Sequence[Limit]) -> tuple[Array, Array]:
    """Edges of cells of the counts allowed, shape (K + 1,), and the chance that the figures would be said of each, (K,).

    Whole numbers where there are few, wider cells further out.
    """
    low = max(max(limit.least for limit in limits) - 0.5, 0.0)
    high = min(limit.most for limit in limits) + 0.5
    if high < math.inf:
        edges = np.linspace(low, max(high, low + 0.5), 1 + min(max(math.ceil(high - low), 1), CELLS))
    else:
        width = max(min(limit.reach for limit in limits) / 4.0, 1.0)
        edges = low + width * np.concatenate([np.arange(CELLS + 1.0), CELLS * 2.0 ** np.arange(1.0, 12.0)])
    middle = (edges[1:] + edges[:-1]) / 2.0
    chance = np.ones(len(middle))
    for limit in limits:
        off = middle - limit.least if limit.most == math.inf else limit.most - middle
        chance *= ODD + (1.0 - ODD) * np.exp(-np.maximum(off, 0.0) / limit.reach)
    return edges, chance


def collapse(nodes: Nodes, mean: Array, var: Array, *, alone: bool) -> tuple[Array, Array, Array, Array]:
    """Few components with the moments (J, H): weights (C,), means (C, H), squared variation (C, H), dispersions (C,).

    Nodes of like mean become one component, fewer where these are not `alone` in a mixture; between components means differ, within them nothing is lost but shape.
    """
    order = np.argsort(mean[:, -1], kind="stable")
    w, mean, var = nodes.weight[order], mean[order], var[order]
    w, mean, var, lucky = w[w > 0.0], mean[w > 0.0], var[w > 0.0], nodes.dispersion[order][w > 0.0]
    group = np.searchsorted(SLICES if alone else FEWER, np.cumsum(w) - w / 2.0)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    mass = np.add.reduceat(w, first)
    m = np.maximum(np.add.reduceat(w[:, None] * mean, first) / mass[:, None], 1e-12)
    square = np.add.reduceat(w[:, None] * (var + mean * mean), first) / mass[:, None]
    over = square / m - m
    # A count known to a few units varies less than its mean times a year's dispersion.
    dispersion = np.minimum(np.add.reduceat(w * lucky * mean[:, -1], first) / mass / m[:, -1], over.min(axis=1))
    dispersion = np.maximum(dispersion, 1.0)
    varied = np.maximum((over - dispersion[:, None]) / m, 1e-12)
    return mass / mass.sum(), m, varied, dispersion
