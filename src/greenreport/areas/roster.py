"""The roster through time: who exists on a day, who is meant by a name, who followed whom.

Must not know files, indicators or figures, nor any area by name.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from greenreport.areas.model import Area, Bridge, Tile
from greenreport.errors import AreaError, Problem
from greenreport.strict_files import nearest
from greenreport.text import LANGS, Text
from greenreport.words import both, error, problem

__all__ = ["Roster"]


@dataclass(frozen=True)
class Roster:
    """All areas with their groupings, maps and bridges.

    `groups` are codes, versions of the grouping and names of groups. `langs` are the languages in which every area has a name; `digest` is the SHA-256 of the files.
    """

    areas: tuple[Area, ...]
    groups: tuple[tuple[str, str, Text], ...]
    tile_rows: tuple[Tile, ...]
    bridges: tuple[Bridge, ...]
    digest: str
    langs: tuple[str, ...] = LANGS

    @cached_property
    def by_code(self) -> dict[str, Area]:
        """Every area by its code."""
        return {a.code: a for a in self.areas}

    @cached_property
    def city(self) -> Area:
        """The area planned for."""
        return next(a for a in self.areas if a.role == "whole")

    @cached_property
    def nation(self) -> Area | None:
        """The nation, if the roster has it."""
        return next((a for a in self.areas if a.role == "nation"), None)

    def on(self, day: date) -> tuple[Area, ...]:
        """The districts and counties that exist on `day`, in protocol order; never the zone bodies.

        Args:
            day: any day.

        Returns:
            The areas; none before the roster begins.
        """
        return tuple(a for a in self.areas if a.role == "part" and a.valid_on(day))

    def zones(self, day: date) -> tuple[Area, ...]:
        """The zone bodies that exist on `day`; their figures overlap districts and are never added up.

        Args:
            day: any day.

        Returns:
            The zone bodies.
        """
        return tuple(a for a in self.areas if a.role == "zone" and a.valid_on(day))

    def area(self, code: str) -> Area:
        """The area with this code.

        Args:
            code: as in areas.csv.

        Returns:
            The area.

        Raises:
            AreaError: there is none; the message names the nearest codes.
        """
        try:
            return self.by_code[code]
        except KeyError:
            near = nearest(code, self.by_code)
            raise error(
                AreaError,
                "error.areas.unknown_code" if near else "error.areas.no_code",
                field="area",
                area=code,
                near=near,
            ) from None

    def find(self, text: str, *, day: date | None = None) -> Area:
        """The area that a person means by a code, a full or short name, in Chinese or English.

        Args:
            text: what was written; width of characters, case and spaces do not matter.
            day: the day on which the area must exist; it also tells an area from its successor of the same
                name.

        Returns:
            The area.

        Raises:
            AreaError: nothing, or more than one area, is meant (the candidates are named); or the area does not
                exist on `day` (since when, and what followed it).
        """
        key = _key(text)
        found = self._index.get(key, ())
        valid = tuple(a for a in found if day is None or a.valid_on(day))
        if len(valid) == 1:
            return valid[0]
        if len(valid) > 1:
            raise AreaError((self._ambiguous(text, valid),))
        if found and day is not None:
            raise AreaError(tuple(self._not_valid(a, day) for a in found))
        raise AreaError((self._unknown(text, key, day),))

    def group_on(self, code: str, day: date) -> Text | None:
        """The group of an area in the grouping in force on a day (a version is named after its first year), or None.

        Args:
            code: of the area.
            day: any day.

        Returns:
            The group's name; None where no grouping was in force, or it has no such area.
        """
        known = [(version, name) for area, version, name in self.groups if area == code and version <= str(day.year)]
        return max(known, key=lambda one: one[0])[1] if known else None

    @property
    def layouts(self) -> tuple[str, ...]:
        """The names of the tile layouts, in the order of the file."""
        return tuple(dict.fromkeys(tile.layout for tile in self.tile_rows))

    def tiles(self, layout: str) -> tuple[Tile, ...]:
        """The tiles of one layout; `row` counts down and `col` to the right, from 0.

        Args:
            layout: its name in tiles.csv.

        Returns:
            The tiles in the order of the file.

        Raises:
            AreaError: there is no such layout; the message names those there are.
        """
        tiles = tuple(tile for tile in self.tile_rows if tile.layout == layout)
        if not tiles:
            raise error(AreaError, "error.areas.layout", file="tiles.csv", layout=layout, layouts=self.layouts)
        return tiles

    def layout_on(self, day: date) -> str | None:
        """The first layout whose tiles are exactly the districts of `day`; None where no layout fits.

        Args:
            day: any day.

        Returns:
            The name of the layout, or None.
        """
        codes = {a.code for a in self.on(day)}
        fits = (name for name in self.layouts if {t.code for t in self.tiles(name) if not t.inset} == codes)
        return next(fits, None)

    def bridge(self, code: str) -> tuple[Bridge, ...]:
        """How the series of this area continues those before it; empty if no bridge is declared.

        Args:
            code: of the area that continues others.

        Returns:
            One bridge for each predecessor.
        """
        return tuple(b for b in self.bridges if b.successor == code)

    @cached_property
    def _index(self) -> dict[str, tuple[Area, ...]]:
        index: dict[str, tuple[Area, ...]] = {}
        for a in self.areas:
            for name in dict.fromkeys(map(_key, _names(a))):
                index[name] = (*index.get(name, ()), a)
        return index

    def _ambiguous(self, text: str, found: tuple[Area, ...]) -> Problem:
        told = [both("error.areas.candidate", area=a.code, name=a.name, valid=_valid(a)) for a in found]
        return problem("error.areas.ambiguous", field="area", text=text, found=told)

    def _not_valid(self, a: Area, day: date) -> Problem:
        if a.valid_to is None or day < a.valid_to:
            return problem("error.areas.not_yet", field="area", name=a.name, area=a.code, since=a.valid_from, day=day)
        after = [self.by_code[s].name for s in a.successors if s in self.by_code]
        key = "error.areas.followed" if after else "error.areas.gone"
        return problem(key, field="area", name=a.name, area=a.code, since=a.valid_to, after=after)

    def _unknown(self, text: str, key: str, day: date | None) -> Problem:
        usable = {n: a for n, found in self._index.items() for a in found if day is None or a.valid_on(day)}
        near = list(dict.fromkeys(usable[n].code for n in nearest(key, usable, n=5)))
        if not near and key:
            near = list(dict.fromkeys(a.code for n, a in usable.items() if len(key) > 1 and (key in n or n in key)))[:5]
        if not near:
            return problem("error.areas.unknown", field="area", text=text, city=self.city.code)
        meant = [both("error.areas.named", name=self.by_code[c].name, area=c) for c in near]
        return problem("error.areas.meant", field="area", text=text, meant=meant)


def _names(a: Area) -> tuple[str, ...]:
    return (a.code, a.name.zh, a.name.en, a.short.zh, a.short.en, *a.aliases)


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    """One spelling for what people write: width, case, spaces and apostrophes do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if not c.isspace() and c not in "'’‘`-–")


def _valid(a: Area) -> Text | str:
    """When the area exists, as far as the roster names days."""
    if not a.valid_from and not a.valid_to:
        return ""
    key = "between" if a.valid_from and a.valid_to else "since" if a.valid_from else "until"
    return both(f"error.areas.{key}", first=a.valid_from, last=a.valid_to)
