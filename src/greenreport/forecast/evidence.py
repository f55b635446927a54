"""What can be known of an annual path: levels, bounds, growth, sums, parts of a year, a related series.

One vocabulary for every model of this package. Knows years and numbers; must not know what they measure, where they were
published, or what a plan wants. How each statement enters a likelihood is said by the model that takes it (`path.py`
for levels and shares, `counts.py` for cumulative counts).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["KINDS", "Bound", "Growth", "Increment", "Level", "Part", "Related", "Start", "Statement", "Total", "when"]


@dataclass(frozen=True, slots=True)
class Level:
    """The value of a year, as published.

    Args:
        year: the year.
        value: level in the data's unit.
        error: half the width of what rounding leaves open, as a share of the value (0.02: "about 50" means 49 to 51);
            0 for a figure given exactly.
        elapsed: share of the year that had passed when the level was read, 0 < elapsed ≤ 1: cumulative counts only,
            whose stock in June is a fact (0.5); a flow's half-year is a [Part].
    """

    year: int
    value: float
    error: float = 0.0
    elapsed: float = 1.0


@dataclass(frozen=True, slots=True)
class Bound:
    """A level of which only one side is said: "more than 50" (above), "nearly 50" (below).

    Args:
        year: the year.
        value: the bound, in the data's unit.
        side: on which the level lies.
        elapsed: as for [Level].
    """

    year: int
    value: float
    side: Literal["above", "below"] = "above"
    elapsed: float = 1.0


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth as published, on a comparable base, without a level of its own.

    Args:
        year: the last year of the growth.
        rate: growth a year as a share of the level (0.08 = 8 %); over several years, the average.
        since: the year from which it counts; None for the year before. "17.5 % a year over 2021–2024" grows from
            2020, so `since=2020`.
        error: standard error of the whole change in logarithms beyond what the model assumes, 0 for none.
    """

    year: int
    rate: float
    since: int | None = None
    error: float = 0.0

    @property
    def base(self) -> int:
        """The year from which it counts."""
        return self.year - 1 if self.since is None else self.since


@dataclass(frozen=True, slots=True)
class Total:
    """The sum or the mean of the levels of the years first…last.

    Args:
        first: first year.
        last: last year, later than the first.
        value: the sum or mean, in the data's unit.
        mean: whether `value` is the mean of a year.
        side: "exact", or "above" where the source says "more than".
    """

    first: int
    last: int
    value: float
    mean: bool = False
    side: Literal["exact", "above"] = "exact"


@dataclass(frozen=True, slots=True)
class Part:
    """What a flow had reached within a year.

    Args:
        year: the year under way.
        value: the flow so far.
        elapsed: share of the year gone, 0 < elapsed < 1 (June: 0.5).
        earlier: (year, value of the same months, value of the whole year) of earlier years, as far as known.
        borrowed: shares of the year that the same months had elsewhere (other areas, the nation), as far as known.
        growth: published growth of the part on the same months of the year before, on a comparable base; None if none.
    """

    year: int
    value: float
    elapsed: float
    earlier: tuple[tuple[int, float, float], ...] = ()
    borrowed: tuple[float, ...] = ()
    growth: float | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Growth of a related series, the nation's or the whole's, in one year in which the own growth is not known.

    Args:
        year: the year.
        rate: its growth on the year before, as a share.
    """

    year: int
    rate: float


@dataclass(frozen=True, slots=True)
class Increment:
    """What a cumulative count gained in the years first…last, without its stock: "10 new in 2021".

    Args:
        first: first year.
        last: last year.
        value: what was added in them.
    """

    first: int
    last: int
    value: float


@dataclass(frozen=True, slots=True)
class Start:
    """The first year of a programme: the count was zero at the end of the year before.

    Args:
        year: that year.
    """

    year: int


Statement: TypeAlias = Level | Bound | Growth | Total | Part | Related | Increment | Start

KINDS = {kind.__name__.lower(): kind for kind in (Level, Bound, Growth, Total, Part, Related, Increment, Start)}
"""Name of every kind of statement: what an option switches off."""


def when(one: Statement) -> int:
    """The last year that a statement is about."""
    return int(getattr(one, "year", getattr(one, "last", 0)))
