"""The roster through time: who exists on a day, who is meant by a name, who followed whom.

Must not know files, indicators or figures, nor any area by name.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from greenreport.areas.model import Area, Bridge, Group, Tile
from greenreport.errors import AreaError, Problem
from greenreport.strict_files import nearest
from greenreport.text import LANGS, Text

__all__ = ["Roster"]


@dataclass(frozen=True)
class Roster:
    """All areas with their groupings, maps, neighbours and bridges.

    `langs` are the languages in which every area has a name; `digest` is the SHA-256 of the files.
    """

    areas: tuple[Area, ...]
    groups: tuple[tuple[str, Group], ...]
    tile_rows: tuple[tuple[str, Tile], ...]
    pairs: tuple[tuple[str, str], ...]
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
        """The districts and counties that exist on `day`, in protocol order; never the zone bodies."""
        return tuple(a for a in self.areas if a.role == "part" and a.valid_on(day))

    def zones(self, day: date) -> tuple[Area, ...]:
        """The zone bodies that exist on `day`; their figures overlap districts and are never added up."""
        return tuple(a for a in self.areas if a.role == "zone" and a.valid_on(day))

    def area(self, code: str) -> Area:
        """The area with this code.

        Raises:
            AreaError: there is none; the message names the nearest codes.
        """
        try:
            return self.by_code[code]
        except KeyError:
            near = nearest(code, self.by_code)
            raise AreaError.of(
                zh=f"名录中没有代码“{code}”。" + (f"相近的有：{'、'.join(near)}。" if near else ""),
                en=f"The roster has no code {code!r}." + (f" The nearest: {', '.join(near)}." if near else ""),
                field="area",
            ) from None

    def find(self, text: str, *, day: date | None = None) -> Area:
        """The area that a person means by a code, a full or short name, in Chinese or English.

        Args:
            text: what was written; width of characters, case and spaces do not matter.
            day: the day on which the area must exist; it also tells an area from its successor of the same
                name.

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

    def group_of(self, code: str, version: str) -> Group:
        """The group of an area in one version of the grouping.

        Raises:
            AreaError: the version, or the area in it, is not known.
        """
        try:
            return self._groups[version, code]
        except KeyError:
            versions = sorted({v for v, _ in self._groups})
            raise AreaError.of(
                zh=f"{version}版区域划分中没有“{code}”；已有版本：{'、'.join(versions)}。",
                en=f"The grouping {version!r} has no area {code!r}; versions: {', '.join(versions)}.",
                file="groupings.csv",
            ) from None

    def group_on(self, code: str, day: date) -> Group | None:
        """The group of an area in the grouping in force on a day (a version is named after its first year), or None."""
        versions = [v for v, area in self._groups if area == code and v <= str(day.year)]
        return self._groups[max(versions), code] if versions else None

    @property
    def layouts(self) -> tuple[str, ...]:
        """The names of the tile layouts, in the order of the file."""
        return tuple(dict.fromkeys(name for name, _ in self.tile_rows))

    def tiles(self, layout: str) -> tuple[Tile, ...]:
        """The tiles of one layout; `row` counts down and `col` to the right, from 0.

        Raises:
            AreaError: there is no such layout; the message names those there are.
        """
        tiles = tuple(t for name, t in self.tile_rows if name == layout)
        if not tiles:
            raise AreaError.of(
                zh=f"没有版式“{layout}”，已有：{'、'.join(self.layouts)}。",
                en=f"There is no layout {layout!r}; there are {', '.join(self.layouts)}.",
                file="tiles.csv",
            )
        return tiles

    def layout_on(self, day: date) -> str | None:
        """The first layout whose tiles are exactly the districts of `day`; None where no layout fits."""
        codes = {a.code for a in self.on(day)}
        fits = (name for name in self.layouts if {t.code for t in self.tiles(name) if not t.inset} == codes)
        return next(fits, None)

    def bridge(self, code: str) -> tuple[Bridge, ...]:
        """How the series of this area continues those before it; empty if no bridge is declared."""
        return tuple(b for b in self.bridges if b.successor == code)

    def neighbours(self, code: str) -> tuple[str, ...]:
        """Codes of the adjacent areas; an area that followed others has their neighbours."""
        own = {code, *(b.predecessor for b in self.bridge(code))}
        found = {b if a in own else a for a, b in self.pairs if (a in own) != (b in own)}
        return tuple(sorted(found))

    @cached_property
    def _groups(self) -> dict[tuple[str, str], Group]:
        return {(g.version, code): g for code, g in self.groups}

    @cached_property
    def _index(self) -> dict[str, tuple[Area, ...]]:
        index: dict[str, tuple[Area, ...]] = {}
        for a in self.areas:
            for name in dict.fromkeys(map(_key, _names(a))):
                index[name] = (*index.get(name, ()), a)
        return index

    def _ambiguous(self, text: str, found: tuple[Area, ...]) -> Problem:
        zh = "；".join(f"{a.code} {a.name.zh}{_since(a).zh}" for a in found)
        en = "; ".join(f"{a.code} {a.name.en}{_since(a).en}" for a in found)
        return Problem(
            f"“{text}”可能指：{zh}。请写代码，或说明日期。",
            f"{text!r} may mean: {en}. Give the code, or a date.",
            field="area",
        )

    def _not_valid(self, a: Area, day: date) -> Problem:
        if a.valid_to is not None and day >= a.valid_to:
            after = [self.by_code[s].name for s in a.successors if s in self.by_code]
            zh = f"，由{'、'.join(t.zh for t in after)}承接" if after else ""
            en = f", followed by {' and '.join(t.en for t in after)}" if after else ""
            return Problem(
                f"“{a.name.zh}”（{a.code}）自{a.valid_to}起不再存在{zh}。",
                f"{a.name.en} ({a.code}) has not existed since {a.valid_to}{en}.",
                field="area",
            )
        return Problem(
            f"“{a.name.zh}”（{a.code}）自{a.valid_from}起才存在，{day}时尚未设立。",
            f"{a.name.en} ({a.code}) exists only since {a.valid_from}, not yet on {day}.",
            field="area",
        )

    def _unknown(self, text: str, key: str, day: date | None) -> Problem:
        usable = {n: a for n, found in self._index.items() for a in found if day is None or a.valid_on(day)}
        near = list(dict.fromkeys(usable[n].code for n in nearest(key, usable, n=5)))
        if not near and key:
            near = list(dict.fromkeys(a.code for n, a in usable.items() if len(key) > 1 and (key in n or n in key)))[:5]
        if not near:
            return Problem(
                f"名录中没有“{text}”。可写代码（如{self.city.code}）、全称或简称。",
                f"The roster has no area {text!r}. Give a code (such as {self.city.code}) or a name.",
                field="area",
            )
        zh = "、".join(f"{self.by_code[c].name.zh}（{c}）" for c in near)
        en = ", ".join(f"{self.by_code[c].name.en} ({c})" for c in near)
        return Problem(
            f"名录中没有“{text}”。是否指：{zh}？",
            f"The roster has no area {text!r}. Did you mean {en}?",
            field="area",
        )


def _names(a: Area) -> tuple[str, ...]:
    return (a.code, a.name.zh, a.name.en, a.short.zh, a.short.en, *a.aliases)


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    """One spelling for what people write: width, case, spaces and apostrophes do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if not c.isspace() and c not in "'’‘`-–")


def _since(a: Area) -> Text:
    if a.valid_from and a.valid_to:
        return Text(f"（{a.valid_from}至{a.valid_to}前）", f" (from {a.valid_from} until {a.valid_to})")
    if a.valid_from:
        return Text(f"（{a.valid_from}起）", f" (since {a.valid_from})")
    if a.valid_to:
        return Text(f"（{a.valid_to}前）", f" (until {a.valid_to})")
    return Text("", "")
