"""The sheets of a filled workbook as rows by the keys of their columns, and the sheet of the plan's own items.

Nothing that stands in a sheet is passed over. Must not know indicators, targets or figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from openpyxl.utils import get_column_letter

from greenreport.begin.cells import YEARS, Cell, Row, Why, read_year
from greenreport.begin.columns import CHOICES, PLAN_ITEMS, SHEETS, Column, Sheet, column_of, sheet_of
from greenreport.begin.draft import DraftArea
from greenreport.begin.template import NOTE_MARK
from greenreport.errors import Problem
from greenreport.intake.periods import parse_loose_period
from greenreport.intake.reason import Reason
from greenreport.intake.sheets import Grid
from greenreport.intake.words import is_missing, plain
from greenreport.text import LANGS, Text
from greenreport.typing_slips import nearest
from greenreport.words import both

__all__ = ["Sheets", "by_lang", "written"]

T = TypeVar("T")

_PLAN = "规划 Plan"
_DATED = re.compile(r"\d{4}|\d{2}年|全年|季度")


def written(cells: Mapping[str, Cell], key: str, default: str = "") -> str:
    """What stands in a cell; the default where it is blank."""
    return cells[key].text if key in cells else default


def by_lang(cells: Mapping[str, Cell], stem: str, langs: Sequence[str]) -> dict[str, str]:
    """What stands in the cells of an item by language, as far as they are filled in."""
    return {lang: cells[f"{stem}_{lang}"].text for lang in langs if f"{stem}_{lang}" in cells}


def _near(text: str, known: Sequence[Sheet | Column]) -> list[str]:
    """The sheet or column that a text is nearest to, in both languages; all of them where it is near none."""
    names = [one.both for one in known]
    return nearest(text, names, n=1) or names


class Sheets:
    """Reads the sheets of one file; `items` is where each item of the plan is filled in, or would be.

    `problems` is everything that is wrong with its cells, which is gathered and not raised; `missing` those that say in
    words that there is nothing.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.missing: list[Cell] = []
        self.items: dict[str, Cell] = {}

    def wrong(self, cell: Cell | None, what: str | Why, *, where: str = "", **values: object) -> None:
        """Note a problem with a cell, or with the place `where`; a text is the key of what the catalogue says of it."""
        why = both(f"begin.wrong.{what}", **values) if isinstance(what, str) else what
        row, place = (cell.row, cell.where) if cell else (None, where or None)
        self.problems.append(Problem(why.zh, why.en, self.file, row, place))

    def take(self, cell: Cell | None, read: Callable[[str], T | Why]) -> T | None:
        """What a cell is read as; None where there is none, or it cannot be read, which is noted."""
        if cell is None:
            return None
        found = read(cell.text)
        if isinstance(found, Text | Reason):
            self.wrong(cell, found)
            return None
        return found

    def sheets(self, grids: Sequence[Grid]) -> dict[str, list[Row]]:
        """The rows of each sheet, by its key."""
        found: dict[str, list[Row]] = {}
        for grid in grids:
            sheet = sheet_of(grid.sheet)
            if sheet is None:
                if grid.rows:
                    near = _near(grid.sheet, SHEETS)
                    self.wrong(None, "sheet_unknown", where=grid.sheet, sheet=grid.sheet, near=near)
                continue
            if sheet.key in found:
                self.wrong(None, "sheet_twice", where=grid.sheet, sheet=grid.sheet)
                continue
            found[sheet.key] = list(self._rows(sheet, grid))
        for sheet in SHEETS:
            if sheet.key not in found and sheet.key in ("plan", "indicators", "targets"):
                self.wrong(None, "sheet_missing", where=sheet.name.en, sheet=sheet.both)
        return found

    def _rows(self, sheet: Sheet, grid: Grid) -> Iterator[Row]:
        """The filled rows of a sheet by the keys of its columns; columns of years by the period of the ledger."""
        keys = self._heads(sheet, grid)
        at = {key: n for n, key in keys.items()}
        for number, cells in enumerate(grid.rows[1:], start=2):
            if cells and cells[0].startswith(NOTE_MARK):
                continue
            row = Row({}, grid.sheet, number, at)
            for n, text in enumerate(cells):
                cell = Cell(text.strip(), f"{grid.sheet}!{get_column_letter(n + 1)}{number}", number)
                self._put(row, sheet, keys.get(n), cell)
            if row:
                self._require(row, sheet)
                yield row

    def _put(self, row: Row, sheet: Sheet, key: str | None, cell: Cell) -> None:
        """Take a cell into its row; one without a head is told, one that says that there is nothing is noted."""
        if key is None:
            if cell.text and sheet.key != "plan":
                self.wrong(cell, "no_head", text=cell.text)
        elif not is_missing(cell.text) or (key in CHOICES and cell.text):  # “none” is a choice there
            row[key] = cell
        elif cell.text:
            self.missing.append(cell)

    def _require(self, row: Row, sheet: Sheet) -> None:
        """Tell of the cells that have to be filled in and are not."""
        for column in sheet.columns:
            if column.needed and column.key not in row:
                self.wrong(row.at(column.key), "not_filled", head=column.head, note=column.note)

    def _heads(self, sheet: Sheet, grid: Grid) -> dict[int, str]:
        """What each column of a sheet holds, by its place."""
        keys: dict[int, str] = {}
        for n, head in enumerate(grid.rows[0] if grid.rows else []):
            text = plain(head)
            column = column_of(head, sheet.columns) or column_of(text, sheet.columns)
            cell = Cell(head, f"{grid.sheet}!{get_column_letter(n + 1)}1", 1)
            dated = sheet.years and _DATED.search(text)
            key = column.key if column else self._period(sheet, cell) if dated else None
            if key is not None and key in keys.values():
                self.wrong(cell, "head_twice", text=head)
            elif key is not None:
                keys[n] = key
            elif text and sheet.key != "plan":
                if not dated:  # a period that is none was told when it was read
                    self.wrong(cell, "head_unknown", text=head, near=_near(head, sheet.columns), years=sheet.years)
                keys[n] = f"?{n}"
        return keys

    def _period(self, sheet: Sheet, cell: Cell) -> str | None:
        """The period of the ledger that a head names."""
        read = parse_loose_period(cell.text)
        if isinstance(read, Reason):
            self.wrong(cell, read)
            return None
        if int(read[:4]) in YEARS and (sheet.key != "targets" or read.isdigit()):
            return read
        what = "head_target_year" if sheet.key == "targets" else "head_year"
        self.wrong(cell, what, text=cell.text, first=YEARS[0], last=YEARS[-1])
        return None

    def items_of_plan(self, rows: Sequence[Row]) -> dict[str, Cell]:
        """The items of the plan that are filled in, by their keys."""
        found: dict[str, Cell] = {}
        for row in rows:
            if "item" not in row:
                continue
            item = column_of(row["item"].text, PLAN_ITEMS)
            if item is None:
                self.wrong(row["item"], "item_unknown", text=row["item"].text, near=_near(row["item"].text, PLAN_ITEMS))
                continue
            if item.key in self.items:
                self.wrong(row["item"], "item_twice", text=row["item"].text)
            self.items[item.key] = row.at("value")
            if "value" in row:
                found[item.key] = row["value"]
        for item in PLAN_ITEMS:
            if item.needed and item.key not in found and rows:
                self.wrong(self.items.get(item.key), "not_filled", where=_PLAN, head=item.head, note=item.note)
        return found

    def langs(self, head: Mapping[str, Cell]) -> tuple[str, ...]:
        """The languages of a plan: those in which its title is given."""
        langs = tuple(by_lang(head, "title", LANGS))
        if not langs:
            self.wrong(self.items.get("title_zh"), "no_title", where=_PLAN)
        return langs or ("zh",)

    def period(self, head: Mapping[str, Cell]) -> tuple[int | None, int | None]:
        """The first and the last year, as far as they are understood."""
        first, last = self.take(head.get("first_year"), read_year), self.take(head.get("last_year"), read_year)
        if first is not None and last is not None and first > last:
            self.wrong(head["last_year"], "years")
        return first, last

    def the_whole(self, head: Mapping[str, Cell], langs: Sequence[str]) -> DraftArea:
        """The area planned for, named in every language of the plan."""
        names = by_lang(head, "whole", langs)
        for lang in (lang for lang in langs if lang not in names):
            self.wrong(self.items.get(f"whole_{lang}"), "whole", where=_PLAN, lang=both(f"begin.lang.{lang}"))
        return DraftArea(written(head, "whole_code", "ALL"), names)

    def part(self, head: Mapping[str, Cell], langs: Sequence[str]) -> Mapping[str, str]:
        """What a part is called, in every language of the plan or in none."""
        part = by_lang(head, "part", langs)
        if part and (missing := [lang for lang in langs if lang not in part]):
            self.wrong(self.items.get(f"part_{missing[0]}"), "part", where=_PLAN)
        if "en" in part and "parts_en" not in head:
            self.wrong(self.items.get("parts_en", head["part_en"]), "parts_en")
        return part
