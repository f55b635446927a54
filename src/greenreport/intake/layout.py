"""Lays every figure of a sheet out with the texts that belong to it, and with the cells that said so.

Table by table: what the titles, the heads and the row say of indicator, area, period and unit. A text beside or between
figures that nobody understands takes its row, or all that follows, out. Judges no figure; leaves none out unsaid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from greenreport.intake.account import Account, Accountant
from greenreport.intake.blocks import Block, cut, fields_of, is_figure, is_remark
from greenreport.intake.columns import Column, Over, columns_of, growth_of, over, refusal
from greenreport.intake.periods import CLASH, Span, joined
from greenreport.intake.reason import Reason, join_en, join_zh, quoted
from greenreport.intake.remarks import Remarks, remarks_of
from greenreport.intake.sheets import Grid
from greenreport.intake.words import KEYS, RETURNED, fold, is_missing, marks_at_end, plain
from greenreport.observations import parse_period

__all__ = ["RAW", "Laid", "Loss", "lay_out"]

RAW = (
    "indicator", "area", "area_code", "period", "months", "month", "unit", "unit_head", "value", "kind", "scope",
    "vintage", "source", "source_address", "grade", "note", "growth_pct", "reporter", "proof",
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_NAMED = ("indicator", "area", "period")


@dataclass(frozen=True)
class Loss:
    """Something in a sheet that could not be laid out as a figure: a row, a cell or a column's cell."""

    row: int
    col: int
    read: str
    reason: Reason
    texts: dict[str, str] = field(default_factory=dict)


@dataclass
class Laid:
    """Figures laid out: `columns` has one list per name in `RAW`, `rows` and `cols` say where each value stands.

    `losses` are figures that can't be laid out; `notices` say what was passed over (zh, en); `blank` counts places for
    a figure that were left blank. The column `proof` says which cell told what, with `#` for the figure's own row.
    """

    columns: dict[str, list[str]] = field(default_factory=lambda: {c: [] for c in RAW})
    rows: list[int] = field(default_factory=list)
    cols: list[int] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)
    blank: int = 0

    def lose(self, grid: Grid, row: int, reason: Reason, *, col: int = 0) -> None:
        """A whole row that holds a digit, or one cell of it, is not taken."""
        if any(_DIGIT.search(c) for c in grid.rows[row]):
            self.losses.append(Loss(row, col, " | ".join(c for c in grid.rows[row] if c.strip()), reason))


def lay_out(grid: Grid, words: Accountant) -> Laid:
    """Every figure of a sheet with the texts that describe it.

    Args:
        grid: the sheet.
        words: accounts for heads and titles.

    Returns:
        Figures, losses and notices; a sheet without any digit gives neither figures nor losses.
    """
    out = Laid()
    if not any(_DIGIT.search(c) for row in grid.rows for c in row):
        if any(c.strip() for row in grid.rows for c in row):
            zh = f"工作表“{grid.sheet}”没有数字，未作处理。"
            out.notices.append((zh, f"The sheet {grid.sheet!r} holds no figure and was passed over."))
        return out
    if grid.hidden:
        out.losses.append(Loss(0, 0, grid.sheet, _hidden("工作表", "sheet")))
        return out
    blocks = cut(grid, words)
    seen = {r for b in blocks for r in (*b.body, *range(b.top, b.bottom + 1), *(t.row for t in b.titles))}
    for r in range(len(grid.rows)):
        if r not in seen:
            out.lose(grid, r, _NO_HEAD)
    for block in blocks:
        _Table(grid, block, words, out).lay()
    return out


class _Table:
    """One block at work."""

    def __init__(self, grid: Grid, block: Block, words: Accountant, out: Laid) -> None:
        self.grid, self.block, self.words, self.out = grid, block, words, out
        self.top: Over = over(block, words)
        self.columns = columns_of(grid, block, words)
        self.level = [c for c in self.columns if c.use == "level"]
        self.growth = growth_of(self.columns)
        self.roles: dict[str, Column] = {}
        for c in self.columns:
            if c.use == "row" and c.account.role:
                self.roles.setdefault(c.account.role, c)
        self.passed: set[str] = set()

    @cached_property
    def remarks(self) -> Remarks:
        """What is said below the figures."""
        rows = [self.grid.rows[r] for r in self.block.body if self._is_remark(r)]
        return remarks_of([row for row in rows if not fields_of(row, self.words)], self.words)

    def lay(self) -> None:
        if self.top.reason is not None:
            for r in (*(t.row for t in self.block.titles if self._bare(t.row)), *self.block.body):
                self.out.lose(self.grid, r, self.top.reason)
            return
        doubled = [c for c in self.columns if c.use == "row" and self.roles[c.account.role or ""] is not c]
        if doubled:
            first = [self.roles[c.account.role or ""] for c in doubled]
            for r in self.block.body:
                self.out.lose(self.grid, r, _doubled([*first, *doubled]))
            return
        if not self.level:
            for r in self.block.body:
                self.out.lose(self.grid, r, _no_figures(self.columns))
            return
        if self.remarks.unobserved:
            for r in self.block.body:
                if not self._is_remark(r):
                    self.out.lose(self.grid, r, _unobserved(self.remarks.unobserved))
            return
        down = self._merged_down()
        self._many = self._merged_values()
        heads = [[c.strip() for c in self.grid.rows[r]] for r in range(self.block.top, self.block.bottom + 1)]
        interrupted: Reason | None = None
        for r in self.block.body:
            row = self.grid.rows[r]
            if not any(c.strip() for c in row) or [c.strip() for c in row] in heads or self._is_remark(r):
                continue
            if (text := self._between(row)) is not None:
                interrupted = interrupted if text == "" else _between(text)
            elif interrupted is not None:
                self.out.lose(self.grid, r, interrupted)
            elif r in self.grid.hidden_rows:
                self.out.lose(self.grid, r, _hidden("行", "row"))
            elif (reason := self._beside(r)) is not None:
                self.out.lose(self.grid, r, reason)
            else:
                self._row(r, down)
        self._tell()

    def _bare(self, r: int) -> bool:
        return r >= 0 and all(is_figure(c) for c in self.grid.rows[r] if c.strip())

    def _is_remark(self, r: int) -> bool:
        """A remark, a field (填报人：…) or the number of a page below the figures."""
        filled = [(i, c) for i, c in enumerate(self.grid.rows[r]) if c.strip()]
        levels = {c.index for c in self.level}
        pairs = fields_of(self.grid.rows[r], self.words)
        if pairs and not any(self.words.of(self.grid.rows[r][k]).has_dimension for k, _ in pairs):
            return True
        if not filled or any(i in levels and is_figure(c) for i, c in filled):
            return False
        if all(KEYS.search(plain(c)) for _, c in filled):
            fields = [self.words.title(c) for _, c in filled]
            return not any(
                a.units or a.indicators or a.period != Span() or (a.unknown and not a.reporter) for a in fields
            )
        said = self.words.of(filled[0][1])
        page = said.known and not (said.is_label or said.groups) and bool(_DIGIT.search(filled[0][1]))
        return len(filled) == 1 and not said.indicators and (page or is_remark(filled[0][1]))

    def _between(self, row: list[str]) -> str | None:
        """A text on a row of its own among the figures: "" if it says nothing, else the text; None for any other row."""
        filled = [(i, c) for i, c in enumerate(row) if c.strip()]
        if len(filled) != 1 or is_figure(filled[0][1]) or is_missing(filled[0][1]):
            return None
        i, text = filled[0]
        column = next((c for c in self.columns if c.index == i), None)
        said = self.words.of(text)
        role = column.account.role if column is not None and column.use == "row" else None
        if (
            (role == "area" and said.areas)
            or (role == "indicator" and said.indicators and said.known)
            or role == "note"
        ):
            return None
        if self.words.names.is_total(text):
            return None
        quiet = said.known and not (said.is_label or said.marks)
        return "" if quiet or fold(text).strip("一二三四五六七八九十") == "" else text

    def _beside(self, r: int) -> Reason | None:
        """A text in the row that stands under no head, or under one that nobody understands."""
        row = self.grid.rows[r]
        if self.grid.widths and self.grid.widths[r] > self._width:
            return _shifted(self.grid.widths[r], self._width)
        for c in self.columns:
            text = row[c.index] if c.index < len(row) else ""
            said = self.words.of(text)
            figure = is_figure(text) and not (said.known and said.has_dimension)
            if c.use not in ("unknown", "blank") or is_missing(text) or figure:
                continue
            if not said.known or said.is_label or c.use == "unknown":
                return _beside(text, c.head)
        return None

    @cached_property
    def _width(self) -> int:
        """How many cells the head has: a line of a CSV that has more has been shifted."""
        first = range(self.block.top, self.block.bottom + 1) or (self.block.body[0],)
        return max(self.grid.widths[r] for r in first)

    def _row(self, r: int, down: dict[tuple[int, int], str]) -> None:
        row = self.grid.rows[r]
        texts = {
            role: (row[c.index] if c.index < len(row) else "") or down.get((r, c.index), "")
            for role, c in self.roles.items()
        }
        said = {
            role: self.words.of(texts[role])
            for role in ("indicator", "area", "period", "month")
            if texts.get(role, "").strip()
        }
        names = [a for role, a in said.items() if role in ("indicator", "area")]
        figures = [c for c in self.level if not is_missing(row[c.index] if c.index < len(row) else "")]
        marks = tuple(m for a in said.values() for m in a.marks)
        self.out.blank += len(self.level) - len(figures)
        if any(a.indicators and a.known and a.measure != "level" for a in names) or (
            "indicator" in said and said["indicator"].known and said["indicator"].measure != "level"
        ):
            self.passed.add(texts["indicator" if "indicator" in said else "area"].strip())
            return
        note = self._note(texts.get("note", ""))
        for c in self.columns:
            text = row[c.index] if c.index < len(row) else ""
            if c.use in ("unknown", "blank") and _DIGIT.search(text):
                self.out.losses.append(Loss(r, c.index, text, _head_unknown(c)))
        for c in self.level:
            value = row[c.index] if c.index < len(row) else ""
            pct = row[self.growth[c.index]] if c.index in self.growth and self.growth[c.index] < len(row) else ""
            if is_missing(value) and is_missing(pct):
                continue
            reason = (
                refusal(c, self.top, self.words, has_growth=any(x.use == "growth" for x in self.columns))
                or self._many.get((r, c.index))
                or (note if isinstance(note, Reason) else None)
            )
            if c.index in self.grid.hidden_columns:
                reason = reason or _hidden("列", "column")
            laid, found = self._figure(r, c, texts, said, value, marks)
            if isinstance(note, str) and note:
                laid["note"] = "；".join(x for x in (note, laid["note"]) if x)
            laid["growth_pct"] = "" if is_missing(pct) else pct
            if (reason := reason or found) is not None:
                self.out.losses.append(Loss(r, c.index, value or pct, reason, laid))
                continue
            for name in RAW:
                self.out.columns[name].append(laid.get(name, ""))
            self.out.rows.append(r)
            self.out.cols.append(c.index)

    def _figure(
        self, r: int, c: Column, texts: dict[str, str], said: dict[str, Account], value: str, marks: tuple[str, ...]
    ) -> tuple[dict[str, str], Reason | None]:
        """The texts of one figure, from its row, its heads and the titles; the reason where a word is left over."""
        top, own = self.top, c.account
        laid = dict.fromkeys(RAW, "") | {k: v for k, v in texts.items() if k != "note"}
        reason: Reason | None = None
        if "month" in said and said["month"].known and said["month"].period != Span():
            laid["month"] = ""  # told below, together with the year
        for role in ("indicator", "area"):
            a = said.get(role)
            if a is None:
                continue
            names = a.indicators if role == "indicator" else a.areas
            if len(names) == 1 and a.unknown:
                reason = reason or _row_unknown(a)
            elif len(names) == 1 and (role == "area" or not a.areas):
                laid[role] = names[0]
        row_units = [u for a in said.values() for u in a.units]
        if row_units and is_missing(texts.get("unit", "")):
            laid["unit"] = row_units[0]
        elif row_units and self.words.units.differ(row_units[0], texts["unit"]):
            laid["unit"] = f"{texts['unit']} / {row_units[0]}"
        for name, head in (("indicator", own.indicators), ("area", own.areas)):
            mine = laid[name]
            if head:
                same = not mine.strip() or self.words.same(mine) == self.words.same(head[0])
                laid[name] = head[0] if same else f"{mine}⇄{head[0]}"
        if not laid["indicator"].strip() and len(top.indicators) == 1:
            laid["indicator"] = top.indicators[0]
        reason = reason or self._area(laid)
        units = own.units or top.units
        laid["unit_head"] = ";".join(u.strip("()[] ") for u in units)
        if own.units and len(top.units) == 1 and self.words.units.differ(own.units[0], top.units[0]):
            reason = reason or _units_differ(own.units[0], top.units[0])
        period, why = self._period(r, c, texts, said)
        laid["period"] = period
        reason = reason or why
        kind = own.kind or self.remarks.kind_of(period) or top.kind
        laid["kind"] = texts.get("kind", "") or kind
        if marks_at_end(plain(value))[1] and is_figure(value):
            bare, own_marks = marks_at_end(plain(value))
            if all(self.remarks.explains(m) for m in own_marks):
                value, marks = bare, (*marks, *own_marks)
        laid["value"] = value
        every = tuple(dict.fromkeys((*marks, *own.marks, *top.marks)))
        unexplained = [m for m in every if not self.remarks.explains(m)]
        if unexplained:
            reason = reason or _mark(unexplained, self.remarks)
        laid["note"] = "；".join(f"{m} {self.remarks.text(m)}" for m in every if m not in unexplained)
        laid["kind"] = next((k for m in every if (k := self.remarks.kind(m))), "") or laid["kind"]
        laid["source"] = texts.get("source", "") or top.source or self.remarks.source
        laid["reporter"] = top.reporter
        laid["proof"] = self._proof(c, texts, said)
        return laid, reason

    def _area(self, laid: dict[str, str]) -> Reason | None:
        """The area of the row or head; else of the titles, of who reports, of the whole city, in that order."""
        top, names = self.top, self.words.names
        mine = laid["area"]
        if is_missing(mine) and is_missing(laid["area_code"]):
            laid["area"] = top.area or top.city
            return None
        meant = {a.code for a in names.candidates(mine if not is_missing(mine) else laid["area_code"])}
        if top.area and "⇄" not in mine and meant and not meant & {a.code for a in names.candidates(top.area)}:
            return _area_title(mine, top.area)
        return None

    def _period(self, r: int, c: Column, texts: dict[str, str], said: dict[str, Account]) -> tuple[str, Reason | None]:
        """The period that row, heads and titles say together, spelt so that it reads, or is refused, as it stands."""
        top, own = self.top, c.account
        row = said.get("period")
        spans = [a.period for role, a in said.items() if role != "period" and a.known and a.period != Span()]
        if row is not None and (row.unknown or row.period == Span() or row.role or row.indicators or row.areas):
            return texts["period"], None
        near = row.period if row is not None else Span()
        if near.day is not None and not near.year:
            return texts["period"], None
        for span in (*spans, own.period):
            if near.year and span.year and near.year != span.year:
                return f"{near.said}⇄{span.said}", None
            near = joined(near, span) if near != Span() else span
        whole = joined(near, top.period) if near != Span() else top.period
        if "cumulative" in own.meanings or top.cumulative or any("cumulative" in a.meanings for a in said.values()):
            whole = whole.cumulative()
        if whole == CLASH:
            return "", _periods_clash(near, top.period)
        if whole.years or (whole.day is not None and not whole.year):
            return "", None
        read = parse_period(whole.said)
        if top.day is not None and read is not None and read.last > top.day:
            return whole.said, _too_early(whole.said, str(top.day))
        return whole.said, None

    def _note(self, text: str) -> str | Reason:
        """A remark beside the figures is kept as it is; one that says they are something else refuses them."""
        if is_missing(text):
            return ""
        said = self.words.of(text)
        if said.known and (said.measure != "level" or said.period.part not in ("", "year")):
            return _beside(text, "备注")
        return text

    def _proof(self, c: Column, texts: dict[str, str], said: dict[str, Account]) -> str:
        """Which cells said what: `area=A#;indicator=B2;period=A1+B3;unit=B2`."""
        parts = []
        for name in (*_NAMED, "unit"):
            where = [c.places[name]] if name in c.places else []
            if texts.get(name, "").strip() and name in self.roles:
                where.insert(0, f"{_letters(self.roles[name].index)}#")
            for role, a in said.items():
                if role != name and ((name == "unit" and a.units) or (name == "period" and a.period != Span())):
                    where.insert(0, f"{_letters(self.roles[role].index)}#")
            if name in self.top.places and (
                not where or (name == "period" and self.top.period.part and len(where) < 2)
            ):
                where.append(self.top.places[name])
            if (
                name == "period"
                and self.top.period.year
                and not c.account.period.year
                and name not in self.roles
                and where
            ):
                where = list(dict.fromkeys([*where, self.top.places.get(name, "")]))
            if where:
                parts.append(f"{name}={'+'.join(w for w in where if w)}")
        return ";".join(parts)

    def _merged_down(self) -> dict[tuple[int, int], str]:
        """Texts of row heads that are merged over several rows, for each row and column they cover."""
        wanted = {c.index for c in self.roles.values()}
        out = {}
        for r1, c1, r2, c2 in self.grid.merges:
            if r1 in self.block.body and c1 in wanted and c1 == c2:
                for r in range(r1 + 1, min(r2, len(self.grid.rows) - 1) + 1):
                    out[r, c1] = self.grid.cell(r1, c1)
        return out

    def _merged_values(self) -> dict[tuple[int, int], Reason]:
        """Cells of figures that are merged over several rows or columns: the figure belongs to none of them alone."""
        levels = {c.index for c in self.level}
        out = {}
        for r1, c1, _r2, c2 in self.grid.merges:
            if r1 > self.block.bottom and levels & set(range(c1, c2 + 1)):
                out[r1, c1] = _MERGED
        return out

    def _tell(self) -> None:
        grid, out = self.grid, self.out
        ignored = [c.head for c in self.columns if c.use == "ignored" and c.head]
        heads = {fold(h) for h in ignored}
        own = next((words for words in RETURNED if heads >= words), frozenset())
        passed = [quoted(h) for h in ignored if fold(h) not in own]
        passed += [quoted(c.head) for c in self.columns if c.use == "other"]
        passed += [quoted(c.head) for c in self.columns if c.use == "growth" and c.index not in self.growth.values()]
        passed += [
            quoted(c.head) for c in self.columns if c.use == "unknown" and not any(x.col == c.index for x in out.losses)
        ]
        if passed:
            where = f"工作表“{grid.sheet}”" if grid.sheet else "表"
            zh = f"{where}中未采用的栏：{join_zh(passed)}。"
            out.notices.append((zh, f"Columns passed over in {grid.sheet or 'the table'}: {join_en(passed)}."))
        if self.passed:
            rows = [quoted(t) for t in sorted(self.passed)]
            out.notices.append((f"未采用的行：{join_zh(rows)}。", f"Rows passed over: {join_en(rows)}."))
        if self.remarks.kept:
            kept = [quoted(t, limit=120) for t in self.remarks.kept]
            zh = f"表下有注，请核对是否影响数据：{'；'.join(kept)}"
            out.notices.append((zh, f"Remarks below the table, to be looked at: {'; '.join(kept)}"))


def _letters(col: int) -> str:
    from greenreport.intake.understood import cell_name

    return cell_name(1, col + 1)[:-1]


_NO_HEAD = Reason(
    "head_missing",
    "head",
    "找不到表头。表头应写明区县、指标、年份、数值、单位等栏名。",
    "No head was found. It names the columns: area, indicator, year, value, unit.",
)
_MERGED = Reason(
    "value_merged",
    "value",
    "这个数所在的单元格与旁边的合并了，属于哪一行、哪一栏看不出来。请拆分单元格，各填各的数。",
    "This cell is merged with its neighbours, so that its figure belongs to none of them alone. Unmerge it.",
)


def _hidden(zh: str, en: str) -> Reason:
    return Reason(
        "hidden",
        "sheet",
        f"在隐藏的{zh}里，看不见的数不采用。请取消隐藏后再报，或删去。",
        f"It stands in a hidden {en}; what cannot be seen is not taken. Show it or delete it.",
    )


def _head_unknown(c: Column) -> Reason:
    head = quoted(c.head) or "（空）"
    words = "”“".join(quoted(w, limit=20) for w in c.account.unknown) or head
    return Reason(
        "head_unknown",
        "head",
        f"不明白表头“{head}”中的“{words}”，这一格没有采用。表头应为指标、区县、年份或模板中的栏名。",
        f"In the column header {quoted(c.head)!r}, {words!r} is not understood, so this cell was not imported. A header names an indicator, an area, a year or a column of the template.",
    )


def _no_figures(columns: list[Column]) -> Reason:
    heads = [quoted(c.head) for c in columns if c.head]
    return Reason(
        "head_no_value",
        "head",
        f"表头（{join_zh(heads)}）里没有看得懂的数值栏。请加“数值”栏，或以指标、年份为栏名。",
        f"Among the heads ({join_en(heads)}) none that is understood is for figures. Add a column “value”, or name columns by indicator or year.",
    )


def _doubled(columns: list[Column]) -> Reason:
    heads = list(dict.fromkeys(quoted(c.head) for c in columns))
    return Reason(
        "head_doubled",
        "head",
        f"表头有几栏意思相同：{join_zh(heads)}，不知道以哪一栏为准。请只留一栏；并排的表请上下排列，各写标题和表头。",
        f"Several columns mean the same: {join_en(heads)}. Keep one; put tables below each other, each with its title and head.",
    )


def _between(text: str) -> Reason:
    return Reason(
        "text_between",
        "head",
        f"上方有一行“{quoted(text)}”，它以下的数属于哪里看不出来，没有采用。另起一表请写全表头。",
        f"Above stands a line {quoted(text)!r}; what the figures below it belong to can't be told. Give a new table its own head.",
    )


def _beside(text: str, head: str) -> Reason:
    under = f"（“{quoted(head)}”栏）" if head else ""
    return Reason(
        "text_beside",
        "note",
        f"旁边有“{quoted(text)}”{under}，这一行的数可能不是指标本身的数，没有采用。说明请写在“备注”栏。",
        f"Beside it stands {quoted(text)!r}{f' under {quoted(head)!r}' if head else ''}, so that the row's figures may be something else. Put remarks under note.",
    )


def _unobserved(text: str) -> Reason:
    return Reason(
        "remark_unobserved",
        "note",
        f"表下的注说“{quoted(text, limit=80)}”，表中的数可能不是实际数，没有采用。预计、测算的数不作为实际数入账。",
        f"The remark below says {quoted(text, limit=80)!r}: the figures may not be what was observed. Forecasts and estimates are no figures.",
    )


def _shifted(cells: int, width: int) -> Reason:
    return Reason(
        "row_shifted",
        "file",
        f"这一行有{cells}格，表头只有{width}格，各格可能错位（如1,240没有加引号），整行没有采用。请在表格软件中核对后重新另存。",
        f"This row has {cells} cells but the header has {width}: cells may have shifted (for example because of an unquoted 1,240). The row was not imported; check the file and save it again.",
    )


def _row_unknown(a: Account) -> Reason:
    words = "”“".join(quoted(w, limit=20) for w in a.unknown)
    return Reason(
        "row_unknown",
        "indicator",
        f"“{quoted(a.text)}”中，不明白“{words}”，这一行没有采用。请只写名称。",
        f"In {quoted(a.text)!r}, {words!r} is not understood, so the row was not taken. Give the name alone.",
    )


def _units_differ(own: str, top: str) -> Reason:
    own, top = own.strip("()[] "), top.strip("()[] ")
    return Reason(
        "unit_conflict",
        "unit",
        f"表头的单位是“{own}”，表上方写的是“{top}”，请核对。",
        f"The head's unit is {own!r}, that over the table {top!r}.",
        (own, top),
    )


def _area_title(mine: str, top: str) -> Reason:
    return Reason(
        "area_conflict",
        "area",
        f"这一行是“{quoted(mine)}”，表的标题或填报单位却是“{quoted(top)}”，请核对。",
        f"The row is about {quoted(mine)!r}, the title or reporting unit {quoted(top)!r}.",
    )


def _periods_clash(near: Span, far: Span) -> Reason:
    return Reason(
        "period_conflict",
        "period",
        f"表头写的是“{near.said}”，标题写的是“{far.said}”，合起来是哪个时期看不出来。请在表头写全。",
        f"The head says {near.said!r}, the title {far.said!r}; which period they make together can't be told. Write it out in the head.",
    )


def _too_early(period: str, day: str) -> Reason:
    return Reason(
        "period_after_day",
        "period",
        f"表上的日期是{day}，那时{period}还没有结束，不会有实际数。请核对时期。",
        f"The form is dated {day}, before {period} was over. Check the period.",
    )


def _mark(marks: list[str], remarks: Remarks) -> Reason:
    told = [f"{m} {remarks.text(m)}".strip() for m in marks]
    return Reason(
        "mark_unexplained",
        "note",
        f"带有标记“{join_zh(told)}”，表下没有看懂的注释说明它。请删去标记，需要时写在备注里。",
        f"It carries the mark {join_en(told)}, which no remark below explains in words understood here. Delete it, or say it under note.",
    )
