"""The columns of one table: what the path of heads over each says, and what the titles say of all of them.

A path of heads leads from the top row of the head down to the column: 2025年 / 网络零售额 / 1—6月（亿元）. All of its heads
count together; of period and unit the lowest head counts first, and two indicators or areas in one path are one too many.
A column whose path, or whose titles, leave a word that nobody understands is not read. Knows no row of figures.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import NamedTuple

from greenreport.intake.account import Account, Accountant
from greenreport.intake.blocks import Block
from greenreport.intake.periods import CLASH, Span, agreed, joined
from greenreport.intake.read_result import cell_name
from greenreport.intake.reason import Reason, quoted, refuse
from greenreport.intake.sheets import Grid
from greenreport.intake.words import ROLES, plain
from greenreport.text import Text

__all__ = ["Column", "Titles", "columns_of", "doubled_heads", "refusal", "titles_of"]

_SPREAD = re.compile("各|分区县|分地区|区县|by district|by area|by county", re.IGNORECASE)
_PER_CENT = ("%", "‰")
ROW_ROLES = frozenset(ROLES) - {"value", "growth_pct"}
# The fields of a figure that heads and titles may say, and how to tell that a text says one.
SPOKEN: dict[str, Callable[[Account], bool]] = {
    "indicator": lambda a: bool(a.indicators),
    "area": lambda a: bool(a.areas),
    "period": lambda a: a.period != Span(),
    "unit": lambda a: bool(a.units),
}


@dataclass(frozen=True)
class Column:
    """A column: its heads as one account, as they are written, and the cells (from 1, as `C3`) that say each field.

    `use` is `row` (a name, a unit, a note …), `level`, `growth`, `other` (known, and nothing for the ledger), `ignored`,
    `blank` or `unknown`.
    """

    index: int
    account: Account
    head: str
    use: str
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Titles:
    """What stands over a whole table, as one account, and the cells that say each field.

    `area`: the one district that is named; `whole`: the city, or the country, where the figures are about all of it.
    `elsewhere`: heads and rows all name years, and none of them the one that is named here. `reason`: why none of the
    table may be read.
    """

    account: Account = field(default_factory=Account)
    area: str = ""
    whole: str = ""
    elsewhere: bool = False
    reason: Reason | None = None
    places: dict[str, str] = field(default_factory=dict)


class _Head(NamedTuple):
    """One cell of a head: its place (from 0) and text; a merged cell stands over each column that it covers."""

    row: int
    col: int
    text: str


def _places(said: Iterable[tuple[str, Account]]) -> dict[str, str]:
    """Which cells say each field, as `{"period": "A1+B3"}`."""
    out: dict[str, list[str]] = {}
    for where, account in said:
        for name, speaks in SPOKEN.items():
            if speaks(account) and where not in out.setdefault(name, []):
                out[name].append(where)
    return {name: "+".join(cells) for name, cells in out.items() if cells}


def titles_of(block: Block, words: Accountant) -> Titles:
    """The titles of a block as one."""
    said = [t.account for t in block.titles]
    every = words.merged("", said).settled()
    period = _title_period(said)
    districts, whole = _title_areas(said, every, words)
    reason = _not_read(said, every, period) or _two_areas(districts, words)
    if reason is not None:
        return Titles(reason=reason)
    account = replace(
        every,
        indicators=() if every.open else every.indicators,
        period=period,
        kind=every.kind if len({a.kind for a in said if a.kind}) == 1 else "",
    )
    places = _places((cell_name(t.row + 1, t.col + 1) if t.row >= 0 else "工作表名", t.account) for t in block.titles)
    return Titles(account, districts[0] if districts and not every.several else "", whole, places=places)


def _title_areas(said: list[Account], every: Account, words: Accountant) -> tuple[list[str], str]:
    """The districts that titles name, or whoever reports; and the whole (city or country) that the figures are about."""
    districts = [n for n in every.areas if not words.names.is_whole(n)]
    wholes = [n for a in said if not a.reporter for n in a.areas if n not in districts]
    spread = every.several or any(_SPREAD.search(plain(a.text)) for a in said)
    return districts, wholes[0] if len(wholes) == 1 and not spread else ""


def _not_read(said: list[Account], every: Account, period: Span) -> Reason | None:
    """A word left over, a group of what is counted, or several years."""
    left = next((a for a in said if a.unknown), None) or next((a for a in said if a.groups), None)
    if left is not None:
        unknown = [quoted(word, limit=20) for word in left.unknown or [plain(left.text)]]
        told = Text("”“".join(unknown), ", ".join(map(repr, unknown)))
        return refuse("title_unknown", "head", text=left.text, words=told)
    texts = [quoted(a.text, limit=30) for a in said if a.period != Span()]
    return refuse("title_periods", "period", texts=texts) if period == CLASH else None


def _two_areas(names: list[str], words: Accountant) -> Reason | None:
    several = len(names) > 1 and len({area.code for n in names for area in words.names.candidates(n)}) > 1
    return refuse("title_areas", "area", names=names) if several else None


def _title_period(said: list[Account]) -> Span:
    """The period that all titles make together; CLASH where they name different ones."""
    whole = Span()
    for period in (a.period for a in said if a.period != Span()):
        if whole.year and period.year and whole.year != period.year:
            return CLASH
        whole = period if whole == Span() else agreed(whole, period)
    return whole


def columns_of(grid: Grid, block: Block, words: Accountant) -> list[Column]:
    """Every column of a block, from the left; columns without heads are told by the names that stand in them."""
    if block.bottom < block.top:
        return _form_columns(grid, block)
    columns = [_column(c, path, words) for c, path in enumerate(_paths(grid, block, words))]
    return _told_by_names(grid, block, columns, words)


def _paths(grid: Grid, block: Block, words: Accountant) -> list[list[_Head]]:
    """The filled heads over each column, from above; a head over several columns stands over each of them."""
    width = max(len(r) for r in grid.rows)
    heads = {
        r: [_Head(r, c, grid.cell(r, c)) for c in range(width)]
        for r in range(block.top, block.bottom + 1)
        if r not in block.numbering
    }
    for r1, c1, _r2, c2 in grid.merges:
        if r1 in heads:
            heads[r1][c1 + 1 : c2 + 1] = [_Head(r1, c1, grid.cell(r1, c1))] * (min(c2, width - 1) - c1)
    for lower, upper in itertools.pairwise(reversed(heads.values())):
        _spread(upper, lower, words)
    return [[h for h in path if h.text.strip()] for path in zip(*heads.values(), strict=True)]


def _spread(upper: list[_Head], lower: list[_Head], words: Accountant) -> None:
    """A head spans its right neighbours without being merged, as in every CSV made from such a sheet."""
    for c in range(1, len(upper)):
        left = upper[c - 1].text
        spans = left.strip() and words.of(left).role not in ROW_ROLES
        if spans and not upper[c].text.strip() and lower[c].text.strip():
            upper[c] = upper[c - 1]


def _column(index: int, path: list[_Head], words: Accountant) -> Column:
    """The heads over a column as one account; words that leave it open what stands below count as not understood."""
    head = " / ".join(plain(h.text) for h in path)
    said = [words.of(h.text) for h in path]
    every = words.merged(head, said)
    roles = _roles(said)
    period = reduce(joined, (a.period for a in reversed(said) if a.period != Span()), Span())  # the lowest first
    units = [a.units for a in said if a.units]
    unknown = [*every.unknown, *_differing(units, words)]
    if max(len(every.indicators), len(every.areas), len(roles)) > 1 or period == CLASH or every.joint:
        unknown.append(head)
    account = replace(
        every,
        role=roles[0] if len(roles) == 1 else None,
        period=period,
        units=units[-1] if units else (),
        meanings=_meanings(every, said),
        unknown=tuple(unknown),
    )
    use = _use(account, head, names_figures=any(a.role == "value" for a in said))
    places = _places((cell_name(h.row + 1, h.col + 1), a) for h, a in zip(path, said, strict=True))
    return Column(index, account, head, use, places)


def _differing(units: list[tuple[str, ...]], words: Accountant) -> list[str]:
    """The units of several heads over a column as one word that nobody understands, where they differ."""
    differ = any(len(u) == 1 and words.units.differ(u[0], units[-1][0]) for u in units)
    return [" / ".join(u[0] for u in units)] if differ else []


def _meanings(every: Account, said: list[Account]) -> frozenset[str]:
    return every.meanings | {"growth" for a in said if a.role == "growth_pct"}


def _roles(said: list[Account]) -> list[str]:
    """The columns of the ledger that the heads over a column name, a word for the figure apart."""
    roles = list(dict.fromkeys(a.role for a in said if a.role and a.role not in ("value", "growth_pct")))
    if len(roles) > 1 and "unit" in roles:
        roles.remove("unit")  # 单位 | 亿元 | 家: a row of units, which names itself under the heads of the rows
    return roles


def doubled_heads(columns: Sequence[Column], roles: Mapping[str, Column]) -> list[str]:
    """The heads of columns that would fill one column of the ledger, of which `roles` has the first."""
    more = [c for c in columns if c.use == "row" and c not in roles.values()]
    first = (roles[c.account.role or ""] for c in more)
    return list(dict.fromkeys(quoted(c.head) for c in (*first, *more)))


def _use(a: Account, head: str, *, names_figures: bool) -> str:
    """What a column is for (see [Column]); `names_figures`: a head is a word for the figure itself, such as 数据."""
    if not a.known:
        return "unknown"
    if a.role is not None:
        # What a corner names is told by the names that stand below it.
        return {"ignored": "ignored", "corner": "blank"}.get(a.role, "row")
    if not head:
        return "blank"
    if a.measure == "growth":
        return "growth" if all(u.strip("()[] ") in _PER_CENT for u in a.units) else "other"
    if a.measure == "other":
        return "other"
    if a.is_label or names_figures:
        return "level"
    # A head of words that say nothing heads no column of figures.
    return "unknown" if head.strip("/ ") else "blank"


def _told_by_names(grid: Grid, block: Block, columns: list[Column], words: Accountant) -> list[Column]:
    """Columns left of the figures without any head, told by what stands in them."""
    taken = {c.account.role for c in columns if c.use == "row"}
    first = next((c.index for c in columns if c.use in ("level", "growth")), 0)
    # 代码 in a form of indicators numbers its rows; of areas it holds their codes.
    numbers = "area_code" if "area" not in taken else ""
    out = list(columns)
    for c in columns:
        cells = [t for r in block.body if (t := grid.cell(r, c.index).strip())]
        if c.account.role == numbers and not any(map(words.names.is_area, cells)):
            out[c.index] = Column(c.index, Account(role="ignored"), c.head, "ignored")
        elif c.index < first and c.use == "blank" and (role := _role_of_cells(cells, taken, words)):
            out[c.index] = Column(c.index, Account(role=role), c.head, "row")
            taken.add(role)
    return _months_beside_years(grid, block, out, words)


def _months_beside_years(grid: Grid, block: Block, columns: list[Column], words: Accountant) -> list[Column]:
    """年份 and 时期 side by side, the one with years and the other with parts of them: the latter says the months."""
    two = [c for c in columns if c.use == "row" and c.account.role == "period"]
    if len(two) != 2:
        return columns
    said = [[words.of(t).period for r in block.body if (t := grid.cell(r, c.index).strip())] for c in two]
    for c, own, others in zip(two, said, reversed(said), strict=True):
        if own and others and all(map(_is_part, own)) and all(map(_is_year, others)):
            columns[c.index] = replace(c, account=replace(c.account, role="month"))
    return columns


def _is_year(span: Span) -> bool:
    return bool(span.year) and not span.part and span.is_period


def _is_part(span: Span) -> bool:
    return span.part not in ("", "short", "clash")


def _role_of_cells(cells: list[str], taken: set[str | None], words: Accountant) -> str | None:
    """The field, of those not yet taken, that at least half of the cells say."""
    tests: dict[str, Callable[[str], bool]] = {
        "area": lambda t: words.names.is_area(t) or bool(words.of(t).areas),
        "indicator": lambda t: bool(words.of(t).indicators),
        "period": lambda t: bool(words.of(t).period.year or words.of(t).period.part),
        "unit": words.units.is_unit,
    }
    wanted = (role for role, test in tests.items() if role not in taken and 2 * sum(map(test, cells)) >= len(cells))
    return next(wanted, None) if cells else None


def _form_columns(grid: Grid, block: Block) -> list[Column]:
    """Label, figure and perhaps unit side by side, under no head."""
    filled = [i for i, c in enumerate(grid.rows[block.body[0]]) if c.strip()]
    uses = dict(zip(filled, (("indicator", "row"), (None, "level"), ("unit", "row")), strict=False))
    width = max(len(grid.rows[r]) for r in block.body)
    found = ((c, *uses.get(c, (None, "blank"))) for c in range(width))
    return [Column(c, Account(role=role), "", use) for c, role, use in found]


def refusal(column: Column, top: Titles, words: Accountant, *, has_growth: bool) -> Reason | None:
    """Why a column of levels can't be read under its titles; None if it can.

    A title that speaks of growth is explained by a column of growth beside that of the levels (`has_growth`).
    """
    own, titles = column.account, top.account
    if titles.measure != "level" and not (
        titles.measure == "growth" and has_growth and (own.indicators or own.meanings)
    ):
        return refuse("title_measure", "head", head=column.head)
    meant, named = ({words.same(n) for n in names} for names in (own.indicators, titles.indicators))
    if meant and named and not meant & named:
        return refuse("indicator_conflict.head", "indicator", title=titles.indicators, head=own.indicators)
    return None
