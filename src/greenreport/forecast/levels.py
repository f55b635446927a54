"""Levels: flows, stocks and shares, from one known figure up, from any mixture of evidence.

Two models that a reader need not tell apart: the latent path (`path.py`), which takes every kind of statement and is the
better one for short records, and shrunk damped growth (`damped.py`), a weighted least-squares fit of a constant to growth
(`statsmodels.WLS` gives the same figures, see the tests), which takes annual levels and is the better one for longer
records. With n annual levels the second carries x/(1 + x) of centre and spread, x = ((n − 3)/1.5)^1.5: nothing up to three
levels, a third at four, three quarters at six, nine tenths at ten, so that no further figure makes the forecast jump. Knows
statements; must not know what they measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import special

from .damped import Fitted, fit
from .distributions import Array, Link, LinkedT
from .evidence import Level, Statement
from .learned import LOG
from .learned_path import PATH
from .linear import read
from .path import Belief, PathConstants, Row, believe, student
from .result import Forecast, refuse
from .series import growth, unit_of

__all__ = ["CONTRADICTION", "LONGEST", "METHOD", "level_path", "link_of", "share_link", "surprises"]

METHOD = "shrunk_damped_growth"
LONGEST = 30
"""Years before the first forecast that are looked at: what lies further back says nothing about the next years."""


LEAST_SCALE = 0.6

CONTRADICTION = 0.05
"""Two-sided tail probability below which a statement and the others are said to contradict each other."""


def level_path(
    evidence: Sequence[Statement],
    *,
    start: int,
    last_year: int,
    prior_growth: Any = 0.03,
    bounds: tuple[float, float] | None = None,
    lasting: bool = False,
    goal: float | None = None,
) -> Forecast:
    """Forecast of a level from whatever is known of its path; the arguments are those of `forecast_evidence`.

    `prior_growth` is on the model scale: 0.03 is about 3 % a year of a positive level, for a share a change of the logit.
    What [learn_prior_growth] returns brings its uncertainty into the range; a plain number is used for positive levels only
    and means no change of shares, and so does either for levels that cross zero. Where growth is `lasting`, as it does
    under a plan (`experience.py`), the path stands alone, without the damping that is right for any series.

    Refused with "too_few_points" (no level before `start`), "out_of_bounds", "all_zero" or "fit_failed"; `refused` names
    kinds of statements that could not be taken.
    """
    horizon = last_year - start + 1
    levels, n = _levels(evidence, start)
    if not levels:
        return refuse(METHOD, "level", horizon, "too_few_points", n=0)
    last = levels[-1].value
    evidence = [s for s in evidence if not isinstance(s, Level) or s.year >= levels[0].year]
    link, why = link_of(np.array([s.value for s in levels]), bounds, goal)
    if link is None:
        return refuse(METHOD, "level", horizon, why, n=n, last=last)
    prior, constants = prior_of(prior_growth, link, levels)
    first = min(levels[0].year, start - 1)
    known = read(evidence, first=first, start=start, last_year=last_year, link=link)
    anchor = (levels[-1].year - known.first, known.model(levels[-1].value))

    def belief(rows: Sequence[Row]) -> Belief:
        return believe(rows, known.years, anchor=anchor, prior=prior, constants=constants)

    ahead = list(range(start - known.first, known.years))
    weight = 0.0 if lasting else _weight(n)
    values = _array(levels, start)
    annual = weight > 0.0 and not np.isnan(values[-1])
    believed = known.settle(belief, upto=None if not annual else start)
    centre, cov, df = student(believed, ahead, widen=PATH.widen)
    own: dict[str, float | None] = {}
    residuals: tuple[float, ...] = ()
    if annual:
        z = link.forward(values)
        g = growth(z)
        f = fit(g.rate, g, horizon, prior=prior, constants=LOG)
        # Independent increments covary with the variance of the earlier of two steps.
        other = f.walk[np.minimum.outer(range(horizon), range(horizon))] + f.slope * np.outer(f.damped, f.damped)
        centre = (1.0 - weight) * centre + weight * (z[-1] + f.ahead)
        cov = _mixed(cov, other, weight)
        df = float(df ** (1.0 - weight) * f.df**weight)
        centre, cov = known.conditioned(believed, centre, cov)
        residuals = tuple(f.errors.tolist())
        own = _growth_of(f) | {"growth_used": float((1 - weight) * _growth(believed, ahead) + weight * f.used)}
    elif (rates := growth(link.forward(values))).m:
        own = {"growth_own": float(np.average(rates.rate, weights=rates.years))}
    own.setdefault("growth_used", _growth(believed, ahead))
    floor = known.floor(horizon)
    return Forecast(
        METHOD,
        "level",
        horizon,
        LinkedT(centre, cov, df, link, floor),
        {
            "scale": link.kind,
            "bounds": None if bounds is None else [float(bounds[0]), float(bounds[1])],
            "prior_growth": prior,
            "prior_sd": constants.growth_sd,
            **own,
            "spread": float(np.sqrt(cov[0, 0])),
            "df": df,
            "statements": len(evidence),
        },
        (*known.refused, *((("log_growth", "not_positive"),) if link.kind == "identity" else ())),
        n=n,
        last=last,
        residuals=residuals,
        nowcast=known.nowcast(cov, df, start),
    )


def _levels(evidence: Sequence[Statement], start: int) -> tuple[list[Level], int]:
    """The levels that are looked at, in order of time, and how many count.

    From the last of the zeros that they begin with: how long nothing was there says nothing of its growth.
    """
    every = sorted((s for s in evidence if isinstance(s, Level) and s.year < start), key=lambda s: s.year)
    recent = [s for s in every if s.year >= start - LONGEST] or every[-1:]
    zeros = next((i for i, one in enumerate(recent) if one.value != 0), 1)
    left_out = max(zeros - 1, 0)
    return recent[left_out:], len(every) - left_out


def _weight(n: int) -> float:
    """Share of shrunk damped growth in centre and spread with n annual levels."""
    return 0.0 if n <= 3 else 1.0 / (1.0 + (1.5 / (n - 3)) ** 1.5)


def _growth_of(f: Fitted) -> dict[str, float | None]:
    """What shrunk damped growth estimated, in the order in which it is told; the growth used is that of the blend."""
    return {
        "growth_own": float(f.own),
        "growth_used": float(f.used),
        "growth_own_weight": float(f.own_weight),
        "growth_sd": float(np.sqrt(f.var)),
        "growth_se": float(np.sqrt(f.own_var)),
        "damping": float(f.damping),
    }


def _growth(believed: Belief, ahead: Sequence[int]) -> float:
    """Mean growth a year over the steps that the path expects."""
    at = [ahead[0] - 1, ahead[-1]] if ahead[0] > 0 else [ahead[0], ahead[-1]]
    mean = believed.mean_of(at)
    return float((mean[1] - mean[0]) / max(at[1] - at[0], 1))


def _mixed(one: Array, other: Array, weight: float) -> Array:
    """Covariance whose scales are the weighted geometric mean of two, and whose correlations their mean.

    The second scale counts for no less than LEAST_SCALE of the first: a handful of growth rates that happen to be alike
    are no reason to be sure.
    """
    a, b = np.sqrt(np.diagonal(one)), np.sqrt(np.diagonal(other))
    corr_b = other / np.outer(b, b)
    b = np.maximum(b, LEAST_SCALE * a)
    scale = a ** (1.0 - weight) * b**weight
    corr = (1.0 - weight) * one / np.outer(a, a) + weight * corr_b
    out: Array = corr * np.outer(scale, scale)
    return out


def prior_of(prior_growth: Any, link: Link, levels: Sequence[Level]) -> tuple[float, PathConstants]:
    """Growth assumed on the model scale, and the constants of the path with how far the true growth may be from it.

    A learned prior as it is; a plain number for positive levels, no change of shares. What crosses or touches zero has no
    rate of growth, and nobody's is of use to it: no change is expected, and its own mean change a year says how far off
    that may be, its own usual move how rough it is (empirical Bayes).
    """
    if link.kind == "identity":
        z = np.array([s.value for s in levels]) / link.scale
        years = np.array([s.year for s in levels], float)
        pace = float(z[-1] - z[0]) / max(years[-1] - years[0], 1.0)
        moves = np.diff(z) / np.sqrt(np.maximum(np.diff(years), 1.0))
        usual = float(np.sqrt(np.mean(moves**2))) if len(moves) else 0.0
        spread, scale = float(np.hypot(PATH.growth_sd, pace)), float(np.hypot(PATH.scale, usual))
        return 0.0, replace(PATH, growth_sd=spread, scale=scale)
    learned = getattr(prior_growth, "sd", None)
    if learned is not None:
        return float(prior_growth), replace(PATH, growth_sd=float(learned))
    return float(prior_growth) if link.kind == "log" else 0.0, PATH


def _array(levels: Sequence[Level], start: int) -> Array:
    """Annual values from the first level to the year before `start`, NaN for gaps; the latest of a year's."""
    out = np.full(start - levels[0].year, np.nan)
    for one in levels:
        out[one.year - levels[0].year] = one.value
    return out


def share_link(known: Array, lower: float, upper: float) -> Link:
    """The logit scale of a share: a value at a bound is taken a quarter of a percent inside, or nearer where the others are.

    Values strictly inside stay what they are, however small: 0.2 % of national income is not 0.25 %. A target at the
    bound is reached by what rounds to it (99.95 %); by what has touched it before, from half an edge further inside.
    """
    range_ = upper - lower
    near = np.minimum(known - lower, upper - known) / range_
    inside = near[near > 0]
    edge = min(0.0025, max(0.5 * float(inside.min(initial=1.0)), 1e-6))
    return Link("logit", 1.0, lower, upper, edge, 1.5 * edge if len(inside) < len(near) else min(0.0005, edge))


def link_of(known: Array, bounds: tuple[float, float] | None, goal: float | None = None) -> tuple[Link | None, str]:
    """The scale to work on, and a code where there is none.

    A target (`goal`) of zero or less says that the values may be so, too; to a series of zeros it gives a size.
    """
    if bounds is not None:
        lower, upper = float(bounds[0]), float(bounds[1])
        if not lower < upper:
            raise ValueError(f"bounds must rise, not {bounds!r}")
        if known.min() < lower or known.max() > upper:
            return None, "out_of_bounds"
        return share_link(known, lower, upper), ""
    if not known.any() and goal is None:
        return None, "all_zero"
    unit = unit_of(known) if known.any() else abs(goal or 1.0)
    least = float(known.min())
    lowest = least if goal is None else min(least, goal)
    if lowest > 0:
        # Growth over a hundred orders of magnitude is no growth of anything, and its quantiles are no numbers.
        return (Link("log", unit), "") if least > 1e-100 * unit else (None, "fit_failed")
    brim = 0.0
    if lowest >= 0:
        brim = 0.5 * float(known[known > 0].min(initial=unit)) / unit
    return Link("identity", unit, brim=brim), ""


def surprises(
    evidence: Sequence[Statement],
    told: Sequence[Statement],
    *,
    start: int,
    last_year: int,
    prior_growth: Any = 0.03,
    bounds: tuple[float, float] | None = None,
) -> tuple[float | None, ...]:
    """Two-sided tail probability of some statements under what all the others make one believe.

    Args:
        evidence: as for `forecast_evidence`; so are the other arguments.
        told: those of it that are asked about.
        start: year of step 1.
        last_year: year of the last step.
        prior_growth: growth assumed.
        bounds: of a share.

    Returns:
        One probability for each of `told`, small where it can't hold together with the rest; for a bound, the probability
        that it holds. None for a statement that could not be taken, and for a level without any other.
    """
    levels = [s for s in evidence if isinstance(s, Level) and s.elapsed == 1.0]
    link, _ = link_of(np.array([s.value for s in levels]), bounds) if levels else (None, "")
    if link is None:
        return (None,) * len(told)
    prior, constants = prior_of(prior_growth, link, levels)
    all_read = read(evidence, first=min(s.year for s in levels), start=start, last_year=last_year, link=link)

    def belief(left: Sequence[Row], anchor: tuple[int, float]) -> Belief:
        return believe(left, all_read.years, anchor=anchor, prior=prior, constants=constants)

    def anchored(left: Sequence[Level]) -> tuple[int, float]:
        last = max(left, key=lambda s: s.year)
        return last.year - all_read.first, all_read.model(last.value)

    whole = anchored(levels)
    at = all_read.settle(lambda rows: belief(rows, whole), upto=None).mean_of(range(all_read.years))
    out: list[float | None] = []
    for one in told:
        left = [s for s in levels if s is not one]
        if not left or not any(s is one for s in all_read.statements):
            out.append(None)
            continue
        believed = belief(all_read.rows(at, without=one), anchored(left))
        out.append(min(_tail(believed, row) for row in all_read.rows_of(one, at)))
    return tuple(out)


def _tail(believed: Belief, row: Row) -> float:
    a = row.over(believed.mean.shape[1])
    spread = np.sqrt(np.einsum("i,kij,j->k", a, believed.cov, a) + row.error)
    below = float(believed.weight @ special.ndtr((row.value - believed.mean @ a) / spread))
    if row.side:
        return 1.0 - below if row.side > 0 else below
    return 2.0 * min(below, 1.0 - below)
