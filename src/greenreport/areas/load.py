"""Reads and checks a roster's folder.

Files: `areas.csv`, `groupings.csv`, `tiles.csv`, `adjacency.csv`, `bridges.csv`. Must not know any area by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field

from greenreport.areas.model import WHOLE_KINDS, Area, Bridge, Group, Kind, Tile
from greenreport.areas.roster import Roster
from greenreport.edges import Row, digest_files, read_table
from greenreport.errors import AreaError, Problem
from greenreport.text import Text

__all__ = ["load_roster"]

_FILES = ("areas.csv", "groupings.csv", "tiles.csv", "adjacency.csv", "bridges.csv")


R = TypeVar("R", bound=Row)


class _AreaRow(Row):
    code: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    aliases: str | None = None
    kind: Kind
    valid_from: date | None = None
    valid_to: date | None = None
    successors: str | None = None
    parent: str | None = None
    population: int | None = Field(default=None, ge=0)
    population_source: str | None = None
    order: int
    boundary_changed: date | None = None
    code_since: int | None = None
    note_zh: str | None = None
    note_en: str | None = None


class _GroupRow(Row):
    version: str
    code: str
    group_id: str
    group_zh: str
    group_en: str
    region_id: str
    region_zh: str
    region_en: str


class _TileRow(Row):
    layout: str
    code: str
    row: int = Field(ge=0)
    col: int = Field(ge=0)
    row_span: int = Field(ge=1)
    col_span: int = Field(ge=1)
    inset: Literal["yes", "no"]


class _PairRow(Row):
    code_a: str
    code_b: str
    shared_vertices: int


class _BridgeRow(Row):
    successor: str
    predecessor: str
    weight: float = Field(gt=0)
    from_date: date
    basis_zh: str
    basis_en: str


def load_roster(folder: str | Path) -> Roster:
    """Read and check a roster's folder.

    Raises:
        AreaError: with every problem found: file, row, field, remedy.
    """
    root = Path(folder)
    rows = _table(root, "areas.csv", _AreaRow, unique="code")
    groups = _table(root, "groupings.csv", _GroupRow)
    tiles = _table(root, "tiles.csv", _TileRow)
    pairs = _table(root, "adjacency.csv", _PairRow)
    bridges = _table(root, "bridges.csv", _BridgeRow)
    problems = list(_cross_checks(root.name, rows, groups, tiles, pairs, bridges))
    if problems:
        raise AreaError(tuple(problems))
    areas = sorted((_area(r) for r in rows), key=lambda a: (_rank(a.kind), a.order, a.code))
    return Roster(
        areas=tuple(areas),
        groups=tuple(
            (
                g.code,
                Group(
                    g.group_id,
                    Text(g.group_zh, g.group_en),
                    Text(g.region_zh, g.region_en),
                    g.region_id,
                    g.version,
                ),
            )
            for g in groups
        ),
        tile_rows=tuple(
            (t.layout, Tile(t.code, t.row, t.col, t.row_span, t.col_span, t.inset == "yes")) for t in tiles
        ),
        pairs=tuple((p.code_a, p.code_b) for p in pairs),
        bridges=tuple(
            Bridge(b.successor, b.predecessor, b.weight, b.from_date, Text(b.basis_zh, b.basis_en)) for b in bridges
        ),
        digest=digest_files([root / f for f in _FILES]),
    )


def _table(root: Path, file: str, model: type[R], *, unique: str = "") -> list[R]:
    return read_table(root / file, model, error=AreaError, name=f"{root.name}/{file}", unique=unique)


def _cross_checks(
    root: str,
    rows: Sequence[_AreaRow],
    groups: Sequence[_GroupRow],
    tiles: Sequence[_TileRow],
    pairs: Sequence[_PairRow],
    bridges: Sequence[_BridgeRow],
) -> Iterator[Problem]:
    codes = {r.code for r in rows}
    used = [
        *(("areas.csv", "successors", s) for r in rows for s in _split(r.successors)),
        *(("areas.csv", "parent", r.parent) for r in rows if r.parent),
        *(("groupings.csv", "code", g.code) for g in groups),
        *(("tiles.csv", "code", t.code) for t in tiles),
        *(("adjacency.csv", "code_a", p.code_a) for p in pairs),
        *(("adjacency.csv", "code_b", p.code_b) for p in pairs),
        *(("bridges.csv", "successor", b.successor) for b in bridges),
        *(("bridges.csv", "predecessor", b.predecessor) for b in bridges),
    ]
    for file, field, code in dict.fromkeys(used):
        if code not in codes:
            yield Problem(
                f"areas.csv中没有代码“{code}”。",
                f"areas.csv has no code {code!r}.",
                f"{root}/{file}",
                None,
                field,
            )
    if sum(r.kind in WHOLE_KINDS for r in rows) != 1:
        yield Problem(
            "kind为city或whole的行应有且只有一行。",
            "Exactly one row must have the kind city or whole.",
            f"{root}/areas.csv",
            None,
            "kind",
        )
    for r in rows:
        if r.valid_from and r.valid_to and r.valid_from >= r.valid_to:
            yield Problem(
                f"“{r.code}”的valid_to应晚于valid_from。",
                f"valid_to of {r.code!r} must follow valid_from.",
                f"{root}/areas.csv",
                None,
                "valid_to",
            )


def _area(r: _AreaRow) -> Area:
    note = Text(r.note_zh or r.note_en or "", r.note_en or r.note_zh or "") if r.note_zh or r.note_en else None
    return Area(
        code=r.code,
        name=Text(r.name_zh, r.name_en),
        short=Text(r.short_zh, r.short_en),
        aliases=_split(r.aliases),
        kind=r.kind,
        valid_from=r.valid_from,
        valid_to=r.valid_to,
        successors=_split(r.successors),
        parent=r.parent,
        population=r.population,
        population_source=r.population_source,
        order=r.order,
        boundary_changed=r.boundary_changed,
        code_since=r.code_since,
        note=note,
    )


def _rank(kind: str) -> int:
    return {"nation": 0, "city": 1, "whole": 1, "zone": 3}.get(kind, 2)


def _split(cell: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (cell or "").split(";") if part.strip())
