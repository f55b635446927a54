"""Whether pieces of evidence can all be right: how surprising each one is, given all the others.

Knows statements about one path of levels; must not know what they measure, nor what follows from a contradiction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import special

from .evidence import Level, Statement
from .levels import link_of, prior_of
from .linear import read
from .path import Belief, Row, believe

__all__ = ["CONTRADICTION", "surprises"]

CONTRADICTION = 0.05
"""Two-sided tail probability below which a statement and the others are said to contradict each other."""


def surprises(
    evidence: Sequence[Statement],
    *,
    start: int,
    last_year: int,
    prior_growth: Any = 0.03,
    bounds: tuple[float, float] | None = None,
) -> tuple[float | None, ...]:
    """Two-sided tail probability of every statement under what the others make one believe.

    Args:
        evidence: as for `forecast_evidence`; so are the other arguments.
        start: year of step 1.
        last_year: year of the last step.
        prior_growth: growth assumed.
        bounds: of a share.

    Returns:
        One probability a statement, small where it can't hold together with the rest; for a bound, the probability that
        it holds. None for a statement that could not be taken, and for a level without any other.
    """
    levels = [s for s in evidence if isinstance(s, Level) and s.elapsed == 1.0]
    link, _ = link_of(np.array([s.value for s in levels]), bounds) if levels else (None, "")
    if link is None:
        return (None,) * len(evidence)
    prior = prior_of(prior_growth, link, levels)
    all_read = read(evidence, first=min(s.year for s in levels), start=start, last_year=last_year, link=link)

    def belief(left: Sequence[Row], anchor: tuple[int, float]) -> Belief:
        return believe(
            left, all_read.years, anchor=anchor, prior=prior.growth, prior_sd=prior.sd, constants=prior.constants
        )

    def anchored(left: Sequence[Level]) -> tuple[int, float]:
        last = max(left, key=lambda s: s.year)
        return last.year - all_read.first, all_read.model(last.value)

    whole = anchored(levels)
    at = all_read.settle(lambda rows: belief(rows, whole), upto=None).mean_of(range(all_read.years))
    out: list[float | None] = []
    for one in evidence:
        left = [s for s in levels if s is not one]
        if not left or not any(s is one for s in all_read.statements):
            out.append(None)
            continue
        believed = belief(all_read.rows(at, without=one), anchored(left))
        out.append(min(_tail(believed, row) for row in all_read.rows_of(one, at)))
    return tuple(out)


def _tail(believed: Belief, row: Row) -> float:
    a = np.zeros(believed.mean.shape[1])
    for j, w in row.weights:
        a[j] += w
    spread = np.sqrt(np.einsum("i,kij,j->k", a, believed.cov, a) + row.error)
    below = float(believed.weight @ special.ndtr((row.value - believed.mean @ a) / spread))
    if row.side:
        return 1.0 - below if row.side > 0 else below
    return 2.0 * min(below, 1.0 - below)
