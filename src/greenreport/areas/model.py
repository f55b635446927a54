"""What areas are: names, validity, tiles, bridges. Frozen records; knows no figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as row

from greenreport.strict_files import ROW
from greenreport.text import Text

__all__ = ["WHOLE_KINDS", "Area", "Bridge", "Role", "Tile"]

Role = Literal["nation", "whole", "part", "zone"]
"""What an area is to a plan: the nation around it, the area planned for, a part of that, or a body that overlaps parts."""

WHOLE_KINDS = ("whole", "city")
"""Words that say by themselves that an area is the one planned for; any other word may be used where parents say it."""


@dataclass(frozen=True)
class Area:
    """One area, of whatever kind the file calls it (city, province, state, store), as it was from `valid_from` (None: since before the roster begins) to `valid_to` (exclusive).

    `population` is the census of 2020, None where no source was found. `boundary_changed` is the day on which
    the territory changed while the area went on. `code_since` is the year since which the code is used.
    """

    code: str
    name: Text
    short: Text
    aliases: tuple[str, ...]
    kind: str
    role: Role
    valid_from: date | None
    valid_to: date | None
    successors: tuple[str, ...]
    parent: str | None
    population: int | None
    population_source: str | None
    order: int
    boundary_changed: date | None
    code_since: int | None
    note: Text | None

    def valid_on(self, day: date) -> bool:
        """Whether the area exists on that day.

        Args:
            day: any day.

        Returns:
            Whether it does.
        """
        return self.overlaps(day, day)

    def overlaps(self, first: date, last: date) -> bool:
        """Whether the area exists on any day from `first` to `last`.

        Args:
            first: a day.
            last: another, not before it.

        Returns:
            Whether it does.
        """
        return (self.valid_from is None or self.valid_from <= last) and (self.valid_to is None or first < self.valid_to)


@row(frozen=True, kw_only=True, config=ROW)
class Tile:
    """One square of a tile-grid map; `inset` tiles (zone bodies) stand apart from the map. A row of tiles.csv."""

    layout: str
    code: str
    row: Annotated[int, Field(ge=0)]
    col: Annotated[int, Field(ge=0)]
    row_span: Annotated[int, Field(ge=1)] = 1
    col_span: Annotated[int, Field(ge=1)] = 1
    inset: bool = False


@row(frozen=True, kw_only=True, config=ROW)
class Bridge:
    """A declared way to continue a series: `predecessor` counts with `weight` before `from_date`. A row of bridges.csv."""

    successor: str
    predecessor: str
    weight: Annotated[float, Field(gt=0)]
    from_date: date
    basis: Text = Text("", "")
