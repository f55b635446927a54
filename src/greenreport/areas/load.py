"""Reads and checks a roster's folder.

Files: `areas.csv`, and where there is such `groupings.csv`, `tiles.csv`, `bridges.csv`. Must not know any area by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from greenreport.areas.model import WHOLE_KINDS, Area, Bridge, Role, Tile
from greenreport.areas.roster import Roster
from greenreport.errors import AreaError, Problem
from greenreport.project import find
from greenreport.strict_files import ROW, Codes, digest_files, read_table, refusal
from greenreport.text import LANGS, Text
from greenreport.words import both, problem

__all__ = ["load_roster"]

_FILES = ("areas.csv", "groupings.csv", "tiles.csv", "bridges.csv")


R = TypeVar("R")
_Use: TypeAlias = tuple[str, int, str, str]
"""A file, a row, a column and a code of an area that stands there."""


@dataclass(frozen=True, kw_only=True, config=ROW)
class _AreaRow:
    code: Annotated[str, Field(examples=["500101"])]
    name_zh: str | None = None
    name_en: str | None = None
    short_zh: str | None = None
    short_en: str | None = None
    aliases: Codes = ()
    kind: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successors: Codes = ()
    parent: str | None = None
    population: Annotated[int, Field(ge=0)] | None = None
    population_source: str | None = None
    order: int | None = None
    boundary_changed: date | None = None
    code_since: int | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _named(self) -> _AreaRow:
        if not self.name_zh and not self.name_en:
            raise refusal("error.value.no_text", key="name")
        return self

    @property
    def langs(self) -> tuple[str, ...]:
        return tuple(lang for lang in LANGS if getattr(self, f"name_{lang}"))


@dataclass(frozen=True, kw_only=True, config=ROW)
class _GroupRow:
    version: str
    code: str
    group_id: str
    group: Text | None = None
    region_id: str | None = None
    region: Text | None = None


def load_roster(folder: str | Path) -> Roster:
    """Read and check a roster's folder, looked up in the working folder, then in the project.

    Args:
        folder: holds `areas.csv` and, where there is such, the other files.

    Returns:
        The roster.

    Raises:
        AreaError: with every problem found: file, row, field, remedy.
    """
    root = find(Path(folder))
    problems: list[Problem] = []
    rows = _table(root, "areas.csv", _AreaRow, problems, unique="code")
    groups = _table(root, "groupings.csv", _GroupRow, problems)
    tiles = _table(root, "tiles.csv", Tile, problems)
    bridges = _table(root, "bridges.csv", Bridge, problems)
    whole = _whole(list(rows.values()))
    if rows:
        used = [
            *_uses("areas.csv", rows, "successors", "parent"),
            *_uses("groupings.csv", groups, "code"),
            *_uses("tiles.csv", tiles, "code"),
            *_uses("bridges.csv", bridges, "successor", "predecessor"),
        ]
        problems += _cross_checks(root.name, rows, used)
        if whole is None:
            said = [r.code for r in rows.values() if r.kind in WHOLE_KINDS]
            key = "error.areas.several_wholes" if said else "error.areas.no_whole"
            where = (f"{root.name}/areas.csv", None, "kind")
            problems.append(problem(key, *where, codes=said, words=both("error.areas.words")))
    if problems:
        raise AreaError(tuple(problems))
    areas = [_area(r, _role(r, whole), place) for place, r in enumerate(rows.values())]
    return Roster(
        areas=tuple(sorted(areas, key=lambda a: (_RANKS[a.role], a.order, a.code))),
        groups=tuple((g.code, g.version, g.group or Text(g.group_id, g.group_id)) for g in groups.values()),
        tile_rows=tuple(tiles.values()),
        bridges=tuple(bridges.values()),
        digest=digest_files([root / f for f in _FILES if (root / f).is_file()]),
        langs=tuple(lang for lang in LANGS if all(lang in r.langs for r in rows.values())),
    )


def _table(root: Path, file: str, model: type[R], problems: list[Problem], *, unique: str = "") -> dict[int, R]:
    """The rows of one file by their numbers; none where it is wrong (the problems are noted), or may be missing and is."""
    path = root / file
    if not path.is_file() and file != "areas.csv":
        return {}
    if not path.is_file():
        there = sorted(p.name for p in root.iterdir())[:8] if root.is_dir() else []
        problems.append(problem("error.areas.no_roster", str(root), there=there or both("error.nothing")))
        return {}
    try:
        return read_table(path, model, error=AreaError, name=f"{root.name}/{file}", unique=unique)
    except AreaError as e:
        problems += e.problems
        return {}


def _whole(rows: Sequence[_AreaRow]) -> str | None:
    """The code of the area planned for: the row that says so, else the one that others name as their parent."""
    named = [r.code for r in rows if r.kind in WHOLE_KINDS]
    if not named:
        context = {r.code for r in rows if r.kind in ("nation", "zone")}
        parents = {r.parent for r in rows if r.parent} - context
        named = [r.code for r in rows if r.code in parents]
    return named[0] if len(named) == 1 else None


def _role(row: _AreaRow, whole: str | None) -> Role:
    if row.code == whole:
        return "whole"
    return "nation" if row.kind == "nation" else "zone" if row.kind == "zone" else "part"


_RANKS = {"nation": 0, "whole": 1, "part": 2, "zone": 3}


def _uses(file: str, rows: Mapping[int, Any], *columns: str) -> Iterator[_Use]:
    """The codes of areas in some columns of a file, column by column."""
    for column in columns:
        for number, row in rows.items():
            cell = getattr(row, column)
            yield from ((file, number, column, code) for code in (cell if isinstance(cell, tuple) else (cell,)) if code)


def _cross_checks(root: str, rows: Mapping[int, _AreaRow], used: Iterable[_Use]) -> Iterator[Problem]:
    """Codes that areas.csv lacks, or that no file can be named after, and areas that end before they begin."""
    codes = {r.code for r in rows.values()}
    for file, number, field, code in used:
        if code not in codes:
            yield problem("error.areas.code", f"{root}/{file}", number, field, area=code)
    # Pages are files named after codes, on systems that do not tell case apart, too.
    seen: dict[str, str] = {}
    for number, r in rows.items():
        if r.valid_from and r.valid_to and r.valid_from >= r.valid_to:
            yield problem("error.areas.ends_first", f"{root}/areas.csv", number, "valid_to", area=r.code)
        where = (f"{root}/areas.csv", number, "code")
        if bad := next((c for c in r.code if c in '<>:"/\\|?*' or c.isspace() or not c.isprintable()), ""):
            yield problem("error.areas.no_file_name", *where, area=r.code, sign=bad)
        other = seen.setdefault(r.code.casefold(), r.code)
        if other != r.code:
            yield problem("error.areas.case", *where, area=r.code, other=other)


def _area(r: _AreaRow, role: Role, place: int) -> Area:
    name = Text(r.name_zh or r.name_en or "", r.name_en or r.name_zh or "")
    given: dict[str, Any] = {
        "name": name,
        "short": Text(r.short_zh or name.zh, r.short_en or name.en),
        "kind": r.kind or role,
        "role": role,
        "order": place if r.order is None else r.order,
    }
    return Area(**given, **{f.name: getattr(r, f.name) for f in fields(Area) if f.name not in given})
