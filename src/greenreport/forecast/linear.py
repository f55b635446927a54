"""Statements about a path as linear statements with an error: what each kind of evidence says, and how surely.

| kind | what it says of the published figures y on the model scale z | error |
| --- | --- | --- |
| level | z_t | that of publication; a rounded figure also (width of what rounding leaves open)²/12, a uniform's variance |
| growth | z_t − z_s = (t − s)·ln(1 + rate) | that of publication: a comparable base is an own figure |
| total, mean | ln of the mean of e^z = ln(mean), linearised where the path is believed to lie | publication, over its years |
| part | z_t = ln(part / share of the year) | the share's: see `share_of_year` |
| related | z_t − z_{t−1} = ln(1 + the related series' growth) | RELATED_SD² |
| bound | z_t lies above, or below | cut off, not an error: `path.believe` |

Growth, totals and parts speak of positive levels; for shares and levels that cross zero they are not taken, and
`refused` says so. Knows statements and numbers; must not know who published them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from .distributions import Array, Link
from .evidence import Bound, Growth, Level, Part, Related, Statement, Total, when
from .learned import SHARE_SD
from .learned_path import PATH, RELATED_SD, SHARE_BETWEEN_SD
from .path import Belief, Row

__all__ = ["Read", "part_growth_error", "read", "share_of_year"]

DISCOUNT = 0.8
"""Weight of an earlier year's share of the year, per year of age."""


@dataclass(frozen=True, eq=False)
class Read:
    """Statements read for one path; positions count years from `first`."""

    first: int  # the first year
    start: int  # year of step 1
    years: int  # number of years
    link: Link  # the model scale
    statements: tuple[Statement, ...]  # those that could be taken, in order
    refused: tuple[tuple[str, str], ...]  # (kind, why) of those that could not

    def settle(self, belief: Callable[[Sequence[Row]], Belief], *, upto: int | None) -> Belief:
        """What is believed given the statements; with `upto`, given those about the years before it only."""
        kept = [one for one in self.statements if upto is None or when(one) < upto]
        plain = [one for one in kept if not isinstance(one, Total)]
        at = np.zeros(self.years)
        # Totals are linear only where the path lies: without them first, then twice around what they make of it.
        for taken in (plain, kept, kept) if len(plain) < len(kept) else ():
            at = belief(self.rows(at, taken)).mean_of(range(self.years))
        return belief(self.rows(at, kept))

    def rows(
        self, at: Array, taken: Sequence[Statement] | None = None, *, without: Statement | None = None
    ) -> list[Row]:
        """The rows of statements (all of them by default, save one), totals linearised around the path `at`."""
        taken = self.statements if taken is None else taken
        return [row for one in taken if one is not without for row in self.rows_of(one, at)]

    def conditioned(self, believed: Belief, centre: Array, cov: Array) -> tuple[Array, Array]:
        """Centre and covariance of a Student t over the steps, given also the statements that reach them.

        The linear update of a normal, as a t's with the same degrees of freedom: earlier years enter as they are
        believed, with their uncertainty.
        """
        reach = self.start - self.first
        seen = {
            s.year - self.first: self.model(s.value) for s in self.statements if isinstance(s, Level) and not s.error
        }
        sigma2 = float(np.exp(believed.weight @ np.log(believed.sigma**2)))  # typical: a few wild nodes decide the mean
        for one in self.statements:
            if when(one) < self.start:
                continue
            at = np.concatenate([believed.mean_of(range(reach)), centre])
            for row in self.rows_of(one, at):
                earlier = [(j, w) for j, w in row.weights if j < reach]
                value, error = _of_steps(row, earlier, seen, believed, row.noise * PATH.noise * sigma2)
                centre, cov = _updated(centre, cov, row.over(self.years)[reach:], value, error, row.side)
        return centre, cov

    def floor(self, horizon: int) -> Array | None:
        """What the steps can't fall below: the flow so far of a year under way, or what a figure is said to exceed."""
        told = [s for s in self.statements if isinstance(s, Part) or (isinstance(s, Bound) and s.side == "above")]
        ahead = [s for s in told if s.year >= self.start]
        out = np.full(horizon, -np.inf)
        for one in ahead:
            out[one.year - self.start] = max(out[one.year - self.start], one.value)
        return out if ahead else None

    def nowcast(self, cov: Array, df: float, start: int) -> dict[str, Any] | None:
        """How the year of step 1 was estimated from a part of it; None where it was not."""
        part = next((one for one in self.statements if isinstance(one, Part) and one.year == start), None)
        if part is None:
            return None
        share, var, years = share_of_year(part, start)
        left = float(cov[0, 0])
        return {
            "part": part.value,
            "share": share,
            "share_sd": math.sqrt(var),
            "years": years,
            "borrowed": len(part.borrowed),
            "weight": min(1.0, left / var) if var > 0 else 1.0,
        }

    def rows_of(self, one: Statement, at: Array) -> list[Row]:
        """One statement as rows, a total linearised around the path `at`."""

        def place(year: int) -> int:
            return year - self.first

        match one:
            case Level():
                z = self.model(one.value)
                width = self.model(one.value * (1 + one.error)) - self.model(one.value * (1 - one.error))
                return [Row(((place(one.year), 1.0),), z, error=width**2 / 12.0)]
            case Bound():
                side = 1 if one.side == "above" else -1
                return [Row(((place(one.year), 1.0),), self.model(one.value), side=side)]
            case Growth():
                change = (one.year - one.base) * math.log1p(one.rate)
                return [Row(((place(one.year), 1.0), (place(one.base), -1.0)), change, noise=2.0, error=one.error**2)]
            case Related():
                weights = ((place(one.year), 1.0), (place(one.year - 1), -1.0))
                return [Row(weights, math.log1p(one.rate), noise=2.0, error=RELATED_SD**2)]
            case Total():
                return [self._total(one, at)]
            case Part():
                share, var, _ = share_of_year(one, self.start)
                rows = [Row(((place(one.year), 1.0),), self.model(one.value / share), error=var)]
                if one.growth is not None:
                    # Two years' shares differ by what is left of the year in both.
                    error = 2.0 * ((1.0 - share) * SHARE_SD) ** 2
                    weights = ((place(one.year), 1.0), (place(one.year - 1), -1.0))
                    rows.append(Row(weights, math.log1p(one.growth), noise=2.0, error=error))
                return rows
        return []

    def _total(self, one: Total, at: Array) -> Row:
        """The mean of several years, linear where the path is believed to lie."""
        span = range(one.first - self.first, one.last - self.first + 1)
        mean = one.value if one.mean else one.value / len(span)
        side = 1 if one.side == "above" else 0
        if self.link.kind == "identity":
            weights = np.full(len(span), 1.0 / len(span))
            return Row(_pairs(span, weights), mean / self.link.scale, noise=1.0 / len(span), side=side)
        z = at[list(span)]
        weights = special.softmax(z)
        now = float(special.logsumexp(z)) - math.log(len(span))
        value = self.model(mean) - (now - float(weights @ z))
        return Row(_pairs(span, weights), value, noise=float(weights @ weights), side=side)

    def model(self, value: float) -> float:
        """A value on the model scale."""
        return float(self.link.forward(np.array([value]))[0])


def _of_steps(
    row: Row, earlier: Sequence[tuple[int, float]], seen: Mapping[int, float], believed: Belief, noise: float
) -> tuple[float, float]:
    """Value and error variance of what a row says of the steps alone, the weights of earlier years taken out of it.

    A published figure is what later ones are told of; only what was not published is uncertain.
    """
    value, error = row.value, row.error + noise
    value -= sum(w * seen[j] for j, w in earlier if j in seen)
    back = [(j, w) for j, w in earlier if j not in seen]
    if back:
        weights = np.array([w for _, w in back])
        value -= float(weights @ believed.mean_of([j for j, _ in back]))
        error += float(weights @ believed.cov_of([j for j, _ in back]) @ weights)
    return value, error


def _updated(centre: Array, cov: Array, a: Array, value: float, error: float, side: int) -> tuple[Array, Array]:
    """Mean and covariance of a normal given that a′z is `value`, up to an error, or lies on one side of it."""
    across = cov @ a
    total = float(a @ across) + error
    if side:
        u = side * (value - float(a @ centre)) / math.sqrt(total)
        hazard = math.exp(-0.5 * u * u - 0.5 * math.log(2 * math.pi) - float(special.log_ndtr(-u)))
        shifted = centre + side * hazard * across / math.sqrt(total)
        return shifted, cov - hazard * (hazard - u) * np.outer(across, across) / total
    return centre + across * ((value - float(a @ centre)) / total), cov - np.outer(across, across) / total


def read(evidence: Sequence[Statement], *, first: int, start: int, last_year: int, link: Link) -> Read:
    """Take what can be taken of the evidence; what speaks of years out of reach is left out in silence.

    `first` is the earliest year of a level, `start` that of step 1.
    """
    taken: list[Statement] = []
    refused: dict[tuple[str, str], None] = {}
    for one in evidence:
        why = _why_not(one, link, start, last_year)
        if why == "":
            taken.append(one)
        elif why is not None:
            refused[type(one).__name__.lower(), why] = None
    begin = min([first, *(max(_first(one), start - 30) for one in taken)])
    taken = [one for one in taken if _first(one) >= begin]
    return Read(begin, start, last_year - begin + 1, link, tuple(taken), tuple(refused))


def _why_not(one: Statement, link: Link, start: int, last_year: int) -> str | None:
    """A code where a statement can't be taken, "" where it can, None where it is out of reach."""
    if when(one) > last_year:
        return None
    if not all(math.isfinite(getattr(one, name, None) or 0.0) for name in ("value", "rate")):
        return "not_finite"
    match one:
        case Level() | Bound() if one.elapsed != 1.0:
            return "not_a_count"
        case Level():
            return ""
        case Bound():
            return "" if link.kind != "log" or one.value > 0 else None
    return _why_no_flow(one, link, start)


def _why_no_flow(one: Statement, link: Link, start: int) -> str | None:
    """The same for what speaks of the flow of a year or years."""
    match one:
        case Growth() | Related():
            return ("" if one.rate > -1.0 else "not_positive") if link.kind == "log" else "not_a_flow"
        case Total():
            return "not_a_flow" if link.kind == "logit" or (link.kind == "log" and one.value <= 0) else ""
        case Part():
            if link.kind != "log" or one.value <= 0:
                return "not_a_flow"
            return "" if one.year >= start else None  # the whole year is known, or will never be
    return "counts_only"


def _first(one: Statement) -> int:
    match one:
        case Growth():
            return one.base
        case Related():
            return one.year - 1
        case Part(growth=growth):
            return one.year if growth is None else one.year - 1
        case Total():
            return one.first
    return getattr(one, "year", getattr(one, "first", 0))


def _pairs(span: range, weights: Array) -> tuple[tuple[int, float], ...]:
    return tuple(zip(span, (float(w) for w in weights), strict=True))


def part_growth_error(share: float) -> float:
    """Standard error of the growth of a year of which the growth of the first months is known.

    Two years' shares of those months differ by what is left of the year in both.

    Args:
        share: share of the year that the months make up.

    Returns:
        The error, in logarithms.
    """
    return math.sqrt(2.0) * (1.0 - share) * SHARE_SD


def share_of_year(part: Part, start: int) -> tuple[float, float, int]:
    """Share of the year expected of its first months, variance of its logarithm, number of own earlier years.

    On the logit scale, where a change of u moves the logarithm of the share by (1 − share)·u: the nearer the year's
    end, the less is open. Before any share is known the logit is that of the time gone, with the spread between series
    that monthly ones show (SHARE_BETWEEN_SD); shares of other areas move and narrow that, one draw each; own earlier
    years, which vary with SHARE_SD from year to year, weigh most. Normal updates throughout.
    """
    centre, between = float(special.logit(part.elapsed)), SHARE_BETWEEN_SD**2
    if part.borrowed:
        z = special.logit(np.array(part.borrowed))
        m = len(z)
        # The spread of the others, shrunk to that of unrelated series (one degree of freedom), and their mean's error.
        spread = (SHARE_BETWEEN_SD**2 / 4.0 + float(((z - z.mean()) ** 2).sum())) / m
        centre, between = float(z.mean()), spread * (1.0 + 1.0 / m)
    own = [(year, value, whole) for year, value, whole in part.earlier if 0.0 < value < whole]
    within, seen = SHARE_SD**2, 0.0
    if own:
        z = special.logit(np.array([value / whole for _, value, whole in own]))
        age = np.array([start - year for year, _, _ in own], dtype=float)
        w = DISCOUNT ** (age - age.min())
        mean = float(w @ z / w.sum())
        m = len(z)
        within = (3.0 * SHARE_SD**2 + float(w @ (z - mean) ** 2 / w.sum()) * m) / (3.0 + m - 1)
        error = within * float((w @ w) / w.sum() ** 2)
        seen = between / (between + error)
        centre, between = centre + seen * (mean - centre), (1.0 - seen) * between
    share = float(special.expit(centre))
    return share, (1.0 - share) ** 2 * (between + within), len(own)
