"""What a reader of the ledger gets: series of one indicator in one area, what was said beside them, what changed, what is late.

Frozen values; knows no files and no plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from greenreport.observations.schema import MARKS
from greenreport.text import Text
from greenreport.words import both

__all__ = ["Late", "Point", "Restatement", "Said", "Series"]


@dataclass(frozen=True)
class Point:
    """One figure: `value` in the indicator's unit for `months` months of `year` (12: the full year).

    `vintage` is the day on which this value became known; `restated_from` the value of the vintage before it, where
    that was final and differed. `row` says where the figure stands (file:row; several, joined by "; ", where it
    was added up). `bridged` marks a value added up from the areas before a change of the roster.
    """

    year: int
    value: float
    kind: str
    grade: str
    vintage: date
    period: str
    source: str
    address: str
    note: str
    row: str
    provisional: bool
    unconfirmed: bool
    bridged: bool
    restated_from: float | None
    months: int
    growth_pct: float | None = None

    @property
    def marks(self) -> tuple[Text, ...]:
        """How the source words the value: rounded, "more than", "nearly"; empty where it is given as it is."""
        codes = self.note.split(";")
        return tuple(both(f"ledger.note.{m}") for m in MARKS if m in codes)


@dataclass(frozen=True)
class Said:
    """What was published of a path beside its levels: a growth rate, a mean or a sum over several years.

    `value` is in per cent for growth, else in the indicator's unit; `first` and `last` are the years it speaks of, and
    `months` how many months of them (12: full years).
    """

    kind: str
    first: int
    last: int
    months: int
    value: float
    grade: str
    vintage: date
    period: str
    source: str
    address: str
    note: str
    row: str


@dataclass(frozen=True)
class Restatement:
    """A figure that a later vintage changed; `change_pct` is None where the old value was zero."""

    indicator: str
    area: str
    scope: str
    period: str
    old: float
    old_vintage: date
    new: float
    new_vintage: date
    change_pct: float | None
    row: str


@dataclass(frozen=True)
class Late:
    """A yearly figure that came long after the others', or has not come (`vintage` and `days` None).

    `usual` is the median day on which the other areas' figures of that year became known.
    """

    indicator: str
    area: str
    year: int
    usual: date
    vintage: date | None
    days: int | None


@dataclass(frozen=True)
class Series:
    """The figures of one indicator in one area, in order of time; full years and years to date.

    `basis` is "published" (levels as published) or "comparable" (linked back from the latest level through the
    published growth rates).
    """

    indicator: str
    area: str
    points: tuple[Point, ...]
    scope: str = ""
    basis: str = "published"

    @cached_property
    def annual(self) -> tuple[Point, ...]:
        """The full-year points, ascending."""
        return tuple(p for p in self.points if p.months == 12)

    @cached_property
    def part_years(self) -> tuple[Point, ...]:
        """All year-to-date points, ascending; the earlier ones show the usual share of the year."""
        return tuple(p for p in self.points if p.months < 12)

    @property
    def part_year(self) -> Point | None:
        """The newest year-to-date point, if it lies after the last full year."""
        last = self.part_years[-1] if self.part_years else None
        if last is None or (self.annual and last.year <= self.annual[-1].year):
            return None
        return last

    @property
    def first_year(self) -> int | None:
        """The first full year, None if there is none."""
        return self.annual[0].year if self.annual else None

    @property
    def last_year(self) -> int | None:
        """The last full year, None if there is none."""
        return self.annual[-1].year if self.annual else None

    @property
    def latest(self) -> Point | None:
        """The newest full-year point."""
        return self.annual[-1] if self.annual else None

    @cached_property
    def years(self) -> npt.NDArray[np.int64]:
        """Every year from the first to the last full year, gaps included."""
        if not self.annual:
            return np.empty(0, dtype=np.int64)
        return np.arange(self.annual[0].year, self.annual[-1].year + 1)

    @cached_property
    def values(self) -> npt.NDArray[np.float64]:
        """The full-year values on `years`, NaN in gaps."""
        out = np.full(len(self.years), np.nan)
        for p in self.annual:
            out[p.year - self.annual[0].year] = p.value
        return out

    def in_year(self, year: int) -> Point | None:
        """The full-year point of that year, None if there is none.

        Args:
            year: a calendar year.

        Returns:
            The point, or None.
        """
        return next((p for p in self.annual if p.year == year), None)
