"""Finds the figures of a sheet, row by row, and lays each out with the texts that belong to it.

Table by table: what the titles and heads say (`columns`), which rows hold figures, what is said of each (`figure`). A text
beside or between figures that nobody understands takes its row, or all that follows, out. Judges no figure; leaves none
out unsaid.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from greenreport.intake.account import Account, Accountant
from greenreport.intake.bare_rows import area_alone, is_remark_row, names_others
from greenreport.intake.blocks import Block, cut, fields_of, filled, is_figure
from greenreport.intake.columns import Column, columns_of, doubled_heads, refusal, titles_of
from greenreport.intake.comments import Comments
from greenreport.intake.figure import Row, Voices, beside, figure_of, row_of
from greenreport.intake.footnotes import Remarks, remarks_of
from greenreport.intake.growths import agrees, growth_of, spelt
from greenreport.intake.read_result import RAW, Refusal, cell_name
from greenreport.intake.reason import Reason, quoted, refuse
from greenreport.intake.sheets import Grid
from greenreport.intake.thousands import doubtful
from greenreport.intake.words import LEXICON, RETURNED, fold, is_missing, plain
from greenreport.text import Text
from greenreport.words import both

__all__ = ["DIGIT", "Laid", "lay_out"]

DIGIT = re.compile(r"\d")

_CATEGORIES = frozenset(map(fold, LEXICON["words"]["categories"]))


@dataclass
class Laid:
    """The figures of a sheet laid out: each with its texts in the order of `RAW`, the sheet, and the row and column.

    `losses` are figures that can't be laid out, of a file yet unnamed; `notices` say what was passed over; `blank` counts
    places for a figure that were left blank. Rows and columns count from 1 here, and from 0 in what is handed in.
    """

    grid: Grid
    figures: list[tuple[str | int, ...]] = field(default_factory=list)
    losses: list[Refusal] = field(default_factory=list)
    notices: list[Text] = field(default_factory=list)
    blank: int = 0

    def take(self, texts: Mapping[str, str], row: int, col: int) -> None:
        """A figure with its texts, and the place of its value."""
        self.figures.append((*(texts.get(name, "") for name in RAW), self.grid.sheet, row + 1, col + 1))

    def lose(self, row: int, col: int, read: str, reason: Reason, texts: Mapping[str, str] | None = None) -> None:
        """A figure that is not taken."""
        self.losses.append(Refusal("", self.grid.sheet, row + 1, col + 1, read, (reason,), texts or {}))

    def lose_row(self, row: int, reason: Reason) -> None:
        """A whole row is not taken, where it holds a digit."""
        if any(DIGIT.search(c) for c in self.grid.rows[row]):
            self.lose(row, 0, " | ".join(c for c in self.grid.rows[row] if c.strip()), reason)


def lay_out(grid: Grid, words: Accountant) -> Laid:
    """Every figure of a sheet with the texts that describe it; a sheet without any digit gives neither figures nor losses."""
    out = Laid(grid)
    text = "".join(c for row in grid.rows for c in row)
    if not DIGIT.search(text):
        if text.strip():
            out.notices.append(both("intake.told.no_figure", sheet=grid.sheet))
        return out
    if grid.hidden:
        out.lose(0, 0, grid.sheet, refuse("hidden.sheet", "sheet"))
        return out
    blocks = cut(grid, words)
    used = {r for b in blocks for r in (*b.body, *range(b.top, b.bottom + 1), *(t.row for t in b.titles))}
    for r in sorted(set(range(len(grid.rows))) - used):
        out.lose_row(r, refuse("head_missing", "head"))
    for block in blocks:
        _Table(grid, block, words, out).lay()
    return out


class _Table:
    """One block at work."""

    def __init__(self, grid: Grid, block: Block, words: Accountant, out: Laid) -> None:
        self.grid, self.block, self.words, self.out = grid, block, words, out
        self.titles = titles_of(block, words)
        self.columns = columns_of(grid, block, words)
        self.level = [c for c in self.columns if c.use == "level"]
        self.growth = growth_of(self.columns, self.titles)
        self.roles: dict[str, Column] = {}
        for c in self.columns:
            if c.use == "row" and c.account.role:
                self.roles.setdefault(c.account.role, c)
        self.titles = replace(self.titles, elsewhere=self._years_elsewhere())
        self._comments = Comments(grid, range(block.top, block.bottom + 1), self.level, self.growth)
        self.passed: set[str] = set()
        self.elsewhen: list[str] = []
        self.over: tuple[str, str] | None = None

    def _years_elsewhere(self) -> bool:
        """Whether every figure has a year of its own, and none that of the titles: one of the two must be wrong."""
        own = {c.account.period.year for c in self.level}
        if own == {0} and (periods := self.roles.get("period")) is not None:
            cells = [self.grid.cell(r, periods.index) for r in self.block.body]
            said = [(text, self.words.of(text)) for text in cells]
            own = {a.period.year for text, a in said if a.period.year and (a.known or is_figure(text))}
        passed = {c.account.period.year for c in self.columns if c.use == "other"}  # 2025年目标
        return bool(own) and 0 not in own and self.titles.account.period.year not in {0, *own, *passed}

    @cached_property
    def remark_rows(self) -> frozenset[int]:
        """The rows below the figures that hold remarks, fields (填报人：…), the number of a page or, last, the unit."""
        rows = [r for r in self.block.body if is_remark_row(self.grid.rows[r], self.level, self.words)]
        for r in reversed(self.block.body):
            if r not in rows and any(c.strip() for c in self.grid.rows[r]):
                if not self._says_unit(self.grid.rows[r]):
                    break
                rows.append(r)
        return frozenset(rows)

    def _says_unit(self, row: list[str]) -> bool:
        """Whether a row says the unit of the figures, and nothing else."""
        said = [self.words.title(c) for _, c in filled(row)]
        return all(a.known and a.units and not (a.has_dimension or a.role or a.meanings) for a in said) and not any(
            is_figure(c) for _, c in filled(row)
        )

    @cached_property
    def remarks(self) -> Remarks:
        """What is said below the figures, in remarks above them, and in comments on either."""
        texts = re.split("；|。", self.titles.account.remark)
        for r in sorted(self.remark_rows):
            row = self.grid.rows[r]
            pairs = fields_of(row, self.words)
            said = [f"{plain(row[k]).rstrip(':')}：{row[v]}" for k, v in pairs] if pairs else row
            texts += [text if not pairs or self.words.title(text).units else "" for text in said]
        outside = {*self.remark_rows, *(t.row for t in self.block.titles)}
        texts += [text for (r, _), text in self.grid.comments.items() if r in outside]
        return remarks_of(texts, self.words)

    def lay(self) -> None:
        """Lay out every figure of the table, or lose it with the reason."""
        reason, rows = self._refused_whole()
        if reason is not None:
            for r in rows:
                self.out.lose_row(r, reason)
            return
        interrupted: Reason | None = None
        for r in self._body():
            if self._stands_over(r):
                continue
            if (text := self._between(self.grid.rows[r])) is not None:
                interrupted = refuse("text_between", "head", text=text) if text else interrupted
            elif (why := interrupted or self._not_taken(r)) is not None:
                self.out.lose_row(r, why)
            else:
                self._row(r)
        self._tell()

    def _refused_whole(self) -> tuple[Reason | None, Iterable[int]]:
        """Why no figure of the table may be taken, and the rows that are lost."""
        body = self.block.body
        if self.titles.reason is not None:
            titles = [t.row for t in self.block.titles if t.row >= 0]
            bare = [r for r in titles if all(is_figure(c) for _, c in filled(self.grid.rows[r]))]
            return self.titles.reason, (*bare, *body)
        if heads := doubled_heads(self.columns, self.roles):
            return refuse("head_doubled", "head", heads=heads), body
        if not self.level:
            return refuse("head_no_value", "head", heads=[quoted(c.head) for c in self.columns if c.head]), body
        return None, ()

    def _stands_over(self, r: int) -> bool:
        """Whether a row is the name of the area that the rows below it are about, in a table that names none elsewhere."""
        if "area" in self.roles or self.titles.area or any(c.account.areas for c in self.columns):
            return False
        if (named := area_alone(self.grid.rows[r], self.columns, self.words)) is None:
            return False
        self.over = named[0], cell_name(r + 1, named[1] + 1)
        return True

    def _body(self) -> Iterable[int]:
        """The rows below the head that may hold figures: neither blank nor a remark, nor the head again."""
        heads = [[c.strip() for c in self.grid.rows[r]] for r in range(self.block.top, self.block.bottom + 1)]
        for r in self.block.body:
            row = [c.strip() for c in self.grid.rows[r]]
            if any(row) and row not in heads and r not in self.remark_rows:
                yield r

    def _between(self, row: list[str]) -> str | None:
        """A text on a row of its own among the figures: "" if it says nothing, else the text; None for any other row."""
        cells = filled(row)
        if len(cells) != 1 or is_figure(cells[0][1]) or is_missing(cells[0][1]):
            return None
        i, text = cells[0]
        said = self.words.of(text)
        total = self.words.names.is_total(text)
        if self.over is not None and (total or said.groups):
            return text  # no area follows, and not the one before either
        if self._names_row(self.columns[i], said) or total:
            return None
        quiet = said.known and not (said.is_label or said.marks)
        return "" if quiet or not fold(text).strip("一二三四五六七八九十") else text

    def _names_row(self, column: Column, said: Account) -> bool:
        """Whether a text is the name of a row without figures, or a note on it."""
        role = column.account.role if column.use == "row" else None
        if role == "indicator":
            return bool(said.indicators and said.known)
        return role == "note" or (role == "area" and bool(said.areas))

    def _not_taken(self, r: int) -> Reason | None:
        """Why none of a row's figures may be taken: nobody sees it, it has been shifted, or a text in it may change them."""
        if r in self.grid.hidden_rows:
            return refuse("hidden.row", "sheet")
        if self.grid.widths and self.grid.widths[r] > self._width:
            return refuse("row_shifted", "file", cells=self.grid.widths[r], width=self._width)
        if r in self._doubtful:
            text, one = self._doubtful[r]
            return refuse("row_thousands", "file", (one,), text=text, one=one)
        if self.over is not None and (named := [t for t in self.grid.rows[r] if names_others(t, self.words)]):
            return refuse("text_between", "head", text=named[0])
        texts = ((self.grid.cell(r, c.index), c) for c in self.columns)
        return next((beside(text, c.head) for text, c in texts if self._changes_row(text, c)), None)

    @cached_property
    def _width(self) -> int:
        """How many cells the head has: a line of a CSV that has more has been shifted."""
        first = range(self.block.top, self.block.bottom + 1) or (self.block.body[0],)
        return max(self.grid.widths[r] for r in first)

    @cached_property
    def _doubtful(self) -> dict[int, tuple[str, str]]:
        """The rows of a CSV in which two cells may be one figure."""
        if not self.grid.widths:
            return {}
        return doubtful(self.grid, self.columns, self._body(), width=self._width, titles=self.titles.account)

    def _changes_row(self, text: str, column: Column) -> bool:
        """Whether a text is a category of its own, or stands under no head, or under one that nobody understands."""
        if is_missing(text):
            return False
        if column.account.role == "category" and fold(text) not in _CATEGORIES:
            return True
        said = self.words.of(text)
        figure = is_figure(text) and not (said.known and said.has_dimension)
        if column.use not in ("unknown", "blank") or figure:
            return False
        return column.use == "unknown" or not said.known or said.is_label

    def _row(self, r: int) -> None:
        """Lay out the figures of one row."""
        texts = {role: self.grid.cell(r, c.index) or self._down.get((r, c.index), "") for role, c in self.roles.items()}
        cells = self._cells
        if self.over is not None:
            texts["area"], cells = self.over[0], {**cells, "area": self.over[1]}
        row = row_of(texts, cells, self.words)
        row = self._commented(row, self._comments.of_row(r))
        self.out.blank += sum(is_missing(self.grid.cell(r, c.index)) for c in self.level)
        if row.other:
            self.passed.add(row.other)
            return
        for c in self.columns:
            text = self.grid.cell(r, c.index)
            if c.use in ("unknown", "blank") and DIGIT.search(text):
                self.out.lose(r, c.index, text, _head_unknown(c))
        for c in self.level:
            self._figure(r, c, row)

    def _figure(self, r: int, c: Column, row: Row) -> None:
        """Lay out one figure with its growth, unless both cells are blank."""
        value, growth = self.grid.cell(r, c.index), self._growth(r, c, row)
        if is_missing(value) and is_missing(growth):
            return
        beside = (c.index, self.growth.get(c.index, -1))
        row = self._commented(row, self._comments.of_figure(r, beside))
        row = self._commented(row, self._comments.of_head[c.index])
        texts, reason = figure_of(Voices(row, c, self.titles, self.remarks, self.words), value)
        texts["growth_pct"] = "" if is_missing(growth) else growth
        merged = refuse("value_merged", "value") if (r, c.index) in self._merged else None
        hidden = refuse("hidden.column", "sheet") if c.index in self.grid.hidden_columns else None
        reason = self._refused[c.index] or merged or row.reason or hidden or reason
        if reason is not None:
            self.out.lose(r, c.index, value or growth, reason, texts)
        else:
            self.out.take(texts, r, c.index)

    def _growth(self, r: int, c: Column, row: Row) -> str:
        """The growth beside a figure, with its sign; empty where the row says that the figure is of another period."""
        index = self.growth.get(c.index, -1)
        text = self.grid.cell(r, index)
        if is_missing(text):
            return ""
        column = self.columns[index]
        if not agrees(column.account, row.periods, c.account, self.titles.account):
            self.elsewhen.append(cell_name(r + 1, index + 1))
            return ""
        return spelt(text, column, self.titles)

    @cached_property
    def _refused(self) -> dict[int, Reason | None]:
        """Why a column of figures can't be read under its titles."""
        has_growth = any(c.use == "growth" for c in self.columns)
        return {c.index: refusal(c, self.titles, self.words, has_growth=has_growth) for c in self.level}

    def _commented(self, row: Row, comments: list[str]) -> Row:
        """A row with comments on its cells, which are remarks on its figures."""
        if not comments:
            return row
        own = row.texts.get("note", "")
        notes = dict.fromkeys([*([] if is_missing(own) else [own]), *comments])
        return row_of({**row.texts, "note": "；".join(notes)}, row.cells, self.words)

    @cached_property
    def _cells(self) -> dict[str, str]:
        """The column of each role, as a proof names it."""
        return {role: f"{cell_name(0, c.index + 1)}#" for role, c in self.roles.items()}

    @cached_property
    def _down(self) -> dict[tuple[int, int], str]:
        """Texts of row heads that are merged over several rows, for each row and column they cover."""
        wanted = {c.index for c in self.roles.values()}
        return {
            (r, c1): self.grid.cell(r1, c1)
            for r1, c1, r2, c2 in self.grid.merges
            if r1 in self.block.body and c1 in wanted and c1 == c2
            for r in range(r1 + 1, r2 + 1)
        }

    @cached_property
    def _merged(self) -> set[tuple[int, int]]:
        """Cells of figures that are merged over several rows or columns: the figure belongs to none of them alone."""
        levels = {c.index for c in self.level}
        merges = [m for m in self.grid.merges if m[0] > self.block.bottom]
        return {(r1, c1) for r1, c1, _, c2 in merges if levels & set(range(c1, c2 + 1))}

    def _tell(self) -> None:
        """Say which columns and rows were passed over, and which remarks nobody understood."""
        told = self.out.notices
        if passed := self._columns_passed():
            key = "intake.told.columns_passed.sheet" if self.grid.sheet else "intake.told.columns_passed.table"
            told.append(both(key, sheet=self.grid.sheet, heads=passed))
        if self.elsewhen:
            more = len(self.elsewhen) > 5
            told.append(both("intake.told.growth_elsewhen", places=self.elsewhen[:5], more=more))
        if self.passed:
            told.append(both("intake.told.rows_passed", rows=[quoted(t) for t in sorted(self.passed)]))
        if self.remarks.kept:
            kept = [quoted(t, limit=120) for t in self.remarks.kept]
            told.append(both("intake.told.remarks", remarks=Text("；".join(kept), "; ".join(kept))))

    def _columns_passed(self) -> list[str]:
        """The heads of columns that gave nothing; not those of reasons in a list that was sent back."""
        heads = {fold(c.head) for c in self.columns if c.use == "ignored"}
        own = next((words for words in RETURNED if heads >= words), frozenset())
        told = {loss.col - 1 for loss in self.out.losses}
        gave_nothing: dict[str, Callable[[Column], bool]] = {
            "ignored": lambda c: bool(c.head) and fold(c.head) not in own,
            "other": lambda c: True,
            "growth": lambda c: c.index not in self.growth.values(),
            "unknown": lambda c: c.index not in told,
        }
        return [quoted(c.head) for use, test in gave_nothing.items() for c in self.columns if c.use == use and test(c)]


def _head_unknown(c: Column) -> Reason:
    head = Text(quoted(c.head) or "（空）", quoted(c.head))
    words = "”“".join(quoted(w, limit=20) for w in c.account.unknown) or head.zh
    return refuse("head_unknown", "head", head=head, words=(words,))
