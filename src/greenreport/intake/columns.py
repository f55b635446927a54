"""The columns of one table: what the tree of heads over each says, and what the titles say of all of them.

Heads may be any number of rows deep, merged or not. A column whose heads, or whose titles, leave a word that nobody
understands is not read. Knows no row of figures.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import date

from greenreport.areas.model import WHOLE_KINDS
from greenreport.intake.account import Account, Accountant
from greenreport.intake.blocks import Block
from greenreport.intake.periods import CLASH, Span, joined
from greenreport.intake.reason import Reason, join_en, join_zh, quoted
from greenreport.intake.remarks import changed, changes
from greenreport.intake.sheets import Grid
from greenreport.intake.understood import cell_name
from greenreport.intake.words import ROLES, plain

__all__ = ["Column", "Over", "columns_of", "growth_of", "over", "refusal"]

_SPREAD = re.compile("各|分区县|分地区|区县|by district|by area|by county", re.IGNORECASE)
ROW_ROLES = frozenset(ROLES) - {"value", "growth_pct"}


@dataclass(frozen=True)
class Column:
    """A column: its heads as one account, as they are written, and the cells (from 1, as `C3`) that say each thing.

    `use` is `row` (a name, a unit, a note …), `level`, `growth`, `other` (known, and nothing for the ledger), `ignored`,
    `blank` or `unknown`.
    """

    index: int
    account: Account
    head: str
    use: str
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Over:
    """What stands over a whole table. `reason`: why none of it may be read."""

    indicators: tuple[str, ...] = ()
    area: str = ""
    city: str = ""
    period: Span = field(default_factory=Span)
    units: tuple[str, ...] = ()
    measure: str = "level"
    cumulative: bool = False
    kind: str = ""
    marks: tuple[str, ...] = ()
    source: str = ""
    reporter: str = ""
    day: date | None = None
    reason: Reason | None = None
    places: dict[str, str] = field(default_factory=dict)


def over(block: Block, words: Accountant) -> Over:
    """The titles of a block as one."""
    said = [t.account for t in block.titles]
    places: dict[str, list[str]] = {}
    for t in block.titles:
        where = cell_name(t.row + 1, t.col + 1) if t.row >= 0 else "工作表名"
        a = t.account
        for name, there in (
            ("indicator", a.indicators),
            ("area", a.areas),
            ("period", a.period != Span()),
            ("unit", a.units),
        ):
            if there:
                places.setdefault(name, []).append(where)
    unknown = next((a for a in said if a.unknown), None)
    if unknown is not None:
        return Over(reason=_words_left(unknown))
    if any(a.groups for a in said):
        return Over(reason=_words_left(next(a for a in said if a.groups)))
    every = words.merged("", said) if said else Account()
    if changes(every.remark):
        return Over(reason=changed(every.remark))
    span = Span()
    for a in said:
        if span.year and a.period.year and span.year != a.period.year:
            return Over(reason=_two_years(said))
        span = a.period if span == Span() else joined(span, a.period) if a.period != Span() else span
    if span == CLASH:
        return Over(reason=_two_years(said))
    direct = [a for t in said if not t.reporter for a in t.areas]
    known = {n: words.names.candidates(n) for n in every.areas}
    local = [n for n, c in known.items() if not any(x.kind in (*WHOLE_KINDS, "nation") for x in c)]
    wide = [n for n in direct if n not in local]
    if len({x.code for n in local for x in known[n]}) > 1 and len(local) > 1:
        return Over(reason=_two_areas(local))
    spread = any(_SPREAD.search(plain(a.text)) for a in said)
    kinds = {a.kind for a in said if a.kind}
    return Over(
        indicators=every.indicators if not any(a.open for a in said) or len(every.indicators) == 1 else (),
        area=local[0] if local else "",
        city=wide[0] if len(wide) == 1 and not spread else "",
        period=span,
        units=tuple(dict.fromkeys(u for a in said for u in a.units)),
        measure=every.measure,
        cumulative="cumulative" in every.meanings,
        kind=kinds.pop() if len(kinds) == 1 else "",
        marks=every.marks,
        source=every.source,
        reporter=every.reporter,
        day=max(every.days, default=None),
        places={k: "+".join(dict.fromkeys(v)) for k, v in places.items()},
    )  # fmt: skip


def columns_of(grid: Grid, block: Block, words: Accountant) -> list[Column]:
    """Every column of a block, from the left; columns without heads are told by the names that stand in them."""
    width = max(len(r) for r in grid.rows)
    if block.bottom < block.top:
        return _form_columns(grid, block)
    rows = [r for r in range(block.top, block.bottom + 1) if r not in block.numbering]
    heads: list[list[tuple[int, int, str]]] = [[(r, c, grid.cell(r, c)) for c in range(width)] for r in rows]
    for r1, c1, _r2, c2 in grid.merges:
        if r1 in rows and c2 > c1:
            for c in range(c1, min(c2, width - 1) + 1):
                heads[rows.index(r1)][c] = (r1, c1, grid.cell(r1, c1))
    for lower, upper in itertools.pairwise(reversed(heads)):
        for c in range(1, width):
            # A head that spans its neighbours without being merged, as in every CSV made from such a sheet.
            led = upper[c - 1][2]
            if not upper[c][2].strip() and lower[c][2].strip() and led.strip() and words.of(led).role not in ROW_ROLES:
                upper[c] = upper[c - 1]
    out = [_column(c, [row[c] for row in heads if row[c][2].strip()], words) for c in range(width)]
    return _told_by_names(grid, block, out, words)


def _column(index: int, texts: list[tuple[int, int, str]], words: Accountant) -> Column:
    head = " / ".join(plain(t) for _, _, t in texts)
    said = [words.of(t) for _, _, t in texts]
    roles = list(dict.fromkeys(a.role for a in said if a.role and a.role not in ("value", "growth_pct")))
    if len(roles) > 1 and "unit" in roles:
        roles.remove("unit")  # 单位 | 亿元 | 家: a row of units, which names itself under the heads of the rows
    places: dict[str, list[str]] = {}
    for (r, c, _), a in zip(texts, said, strict=True):
        for name, there in (
            ("indicator", a.indicators),
            ("area", a.areas),
            ("period", a.period != Span()),
            ("unit", a.units),
        ):
            if there:
                places.setdefault(name, []).append(cell_name(r + 1, c + 1))
    every = words.merged(head, said) if said else Account()
    span = Span()
    for a in reversed(said):
        span = joined(span, a.period) if a.period != Span() else span
    units = next((a.units for a in reversed(said) if a.units), ())
    lists = [a.units for a in said if a.units]
    unknown = list(every.unknown)
    if any(len(u) == 1 and u != units and words.units.differ(u[0], units[0]) for u in lists):
        unknown.append(" / ".join(u[0] for u in lists))
    if (
        len(every.indicators) > 1
        or len(every.areas) > 1
        or span == CLASH
        or span.years
        or every.groups
        or len(roles) > 1
    ):
        unknown.append(head)
    meanings = every.meanings | ({"growth"} if any(a.role == "growth_pct" for a in said) else set())
    account = Account(
        head, roles[0] if len(roles) == 1 else None, every.indicators, every.areas, span, units, frozenset(meanings),
        every.kind, every.marks, tuple(unknown), source=every.source,
    )  # fmt: skip
    use = _use(account, head, any(a.role == "value" for a in said))
    return Column(index, account, head, use, {k: "+".join(dict.fromkeys(v)) for k, v in places.items()})


def _use(a: Account, head: str, value: bool) -> str:
    if a.unknown or a.period == CLASH:
        return "unknown"
    if a.role == "ignored":
        return "ignored"
    if a.role == "corner":
        return "blank"  # told by the names that stand below it
    if a.role is not None:
        return "row"
    if not head:
        return "blank"
    if a.measure != "level":
        odd = a.measure == "growth" and any(u.strip("()[] ") not in ("%", "‰", "百分点", "个百分点") for u in a.units)
        return "other" if odd else a.measure
    # A head of words that say nothing (数据 apart, which is a word for the figure itself) heads no column of figures.
    return "level" if a.is_label or value else "blank" if not head.strip("/ ") else "level" if a.units else "unknown"


def _told_by_names(grid: Grid, block: Block, columns: list[Column], words: Accountant) -> list[Column]:
    """Columns left of the figures without any head, told by what stands in them."""
    taken = {c.account.role for c in columns if c.use == "row"}
    first = next((c.index for c in columns if c.use in ("level", "growth")), 0)
    out = list(columns)
    for c in columns:
        # 代码 in a form of indicators numbers its rows; of areas it holds their codes.
        cells = [t for r in block.body if (t := grid.cell(r, c.index).strip())]
        if c.account.role == "area_code" and "area" not in taken and not any(map(words.names.is_area, cells)):
            out[c.index] = Column(c.index, Account(role="ignored"), c.head, "ignored")
    for c in columns[:first]:
        body = [t for r in block.body if (t := grid.cell(r, c.index).strip())]
        if c.use != "blank" or not body:
            continue
        tests = {
            "area": lambda t: words.names.is_area(t) or bool(words.of(t).areas),
            "indicator": lambda t: bool(words.of(t).indicators),
            "period": lambda t: bool(words.of(t).period.year or words.of(t).period.part),
            "unit": words.units.is_unit,
        }
        for role, test in tests.items():
            if role not in taken and 2 * sum(map(test, body)) >= len(body):
                out[c.index] = Column(c.index, Account(role=role), c.head, "row")
                taken.add(role)
                break
    return out


def _form_columns(grid: Grid, block: Block) -> list[Column]:
    """Label, figure and perhaps unit side by side, under no head."""
    filled = [i for i, c in enumerate(grid.rows[block.body[0]]) if c.strip()]
    uses = [("indicator", "row"), (None, "level"), ("unit", "row")]
    by_place = dict(zip(filled, uses, strict=False))
    width = max(len(grid.rows[r]) for r in block.body)
    return [
        Column(c, Account(role=by_place[c][0]), "", by_place[c][1])
        if c in by_place
        else Column(c, Account(), "", "blank")
        for c in range(width)
    ]


def growth_of(columns: list[Column]) -> dict[int, int]:
    """Which growth column goes with which column of levels: the nearest on its right, about the same thing."""
    out: dict[int, int] = {}
    level: Column | None = None
    for c in columns:
        if c.use == "level":
            level = c
        elif c.use == "growth" and level is not None and level.index not in out:
            mine, its = c.account, level.account
            same = not mine.indicators or mine.indicators == its.indicators
            same &= not mine.areas or mine.areas == its.areas
            same &= joined(mine.period, its.period) in (its.period, mine.period.cumulative())
            if same:
                out[level.index] = c.index
    return out


def refusal(column: Column, top: Over, words: Accountant, *, has_growth: bool) -> Reason | None:
    """Why a column of levels can't be read under its titles; None if it can.

    A title that speaks of growth is explained by a column of growth beside that of the levels (`has_growth`).
    """
    own = column.account
    if top.measure != "level" and not (top.measure == "growth" and has_growth and (own.indicators or own.meanings)):
        return _other_measure(top, column)
    meant, named = ({words.same(n) for n in names} for names in (own.indicators, top.indicators))
    if meant and named and not meant & named:
        return Reason(
            "indicator_conflict",
            "indicator",
            f"标题写的是“{join_zh(top.indicators)}”，表头写的是“{join_zh(own.indicators)}”，请核对。",
            f"The title says {join_en(top.indicators)} but the column header says {join_en(own.indicators)}.",
        )
    return None


def _words_left(a: Account) -> Reason:
    words = list(a.unknown) or [plain(a.text)]
    return Reason(
        "title_unknown",
        "head",
        f"表的标题“{quoted(a.text)}”中，无法识别“{'”“'.join(quoted(w, limit=20) for w in words)}”，整张表没有采用。请写明指标、时期、区县、单位，删去其他文字。",
        f"In the title {quoted(a.text)!r}, {', '.join(repr(quoted(w, limit=20)) for w in words)} is not understood, so nothing of the table was taken. Name indicator, period, area and unit, and nothing else.",
    )


def _two_years(said: list[Account]) -> Reason:
    texts = [quoted(a.text, limit=30) for a in said if a.period != Span()]
    return Reason(
        "title_periods",
        "period",
        f"表的标题里有不同的时期（{join_zh(texts)}），无法确定以哪个为准。请只写一个。",
        f"The titles name different periods ({join_en(texts)}). Name one.",
    )


def _two_areas(names: list[str]) -> Reason:
    return Reason(
        "title_areas",
        "area",
        f"表的标题里有不同的区县（{join_zh(names)}），无法确定以哪个为准。请只写一个，或在每行写明。",
        f"The titles name different areas ({join_en(names)}). Name one, or one in each row.",
    )


def _other_measure(top: Over, column: Column) -> Reason:
    return Reason(
        "title_measure",
        "head",
        f"标题说的是增速、目标或其他数，“{quoted(column.head)}”这一栏是否为指标本身的数，无法判断。请在表头写明。",
        f"The title speaks of growth, targets or the like; whether the column {quoted(column.head)!r} holds the figure itself can't be told. Say so in the head.",
    )
