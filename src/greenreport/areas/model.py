"""What areas are: names, validity, groups, tiles, bridges. Frozen records; knows no file and no figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from greenreport.text import Text

__all__ = ["DISTRICT_KINDS", "WHOLE_KINDS", "Area", "Bridge", "Group", "Kind", "Tile"]

Kind = Literal["nation", "city", "whole", "district", "county", "autonomous_county", "part", "zone"]
WHOLE_KINDS = ("city", "whole")
DISTRICT_KINDS = ("district", "county", "autonomous_county", "part")


@dataclass(frozen=True)
class Area:
    """One area as it was from `valid_from` (None: since before the roster begins) to `valid_to` (exclusive).

    `population` is the census of 2020, None where no source was found. `boundary_changed` is the day on which
    the territory changed while the area went on. `code_since` is the year since which the code is used.
    """

    code: str
    name: Text
    short: Text
    aliases: tuple[str, ...]
    kind: Kind
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
        """Whether the area exists on that day."""
        return self.overlaps(day, day)

    def overlaps(self, first: date, last: date) -> bool:
        """Whether the area exists on any day from `first` to `last`."""
        return (self.valid_from is None or self.valid_from <= last) and (self.valid_to is None or first < self.valid_to)


@dataclass(frozen=True)
class Group:
    """A group of districts in one version of the grouping, and the region it belongs to."""

    id: str
    name: Text
    region: Text
    region_id: str
    version: str


@dataclass(frozen=True)
class Tile:
    """One square of a tile-grid map; `inset` tiles (zone bodies) stand apart from the map."""

    code: str
    row: int
    col: int
    row_span: int
    col_span: int
    inset: bool


@dataclass(frozen=True)
class Bridge:
    """A declared way to continue a series: `predecessor` counts with `weight` before `from_date`."""

    successor: str
    predecessor: str
    weight: float
    from_date: date
    basis: Text
