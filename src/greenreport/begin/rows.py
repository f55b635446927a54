"""The sheets of a filled workbook as rows by the keys of their columns; nothing that stands in one is passed over.

Must not know what the rows are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openpyxl.utils import get_column_letter

from greenreport.begin.cells import YEARS, Cell, Cells, Row
from greenreport.begin.columns import CHOICES, SHEETS, Sheet, column_of, sheet_of
from greenreport.begin.template import NOTE_MARK
from greenreport.intake.periods import parse_loose_period
from greenreport.intake.reason import Reason
from greenreport.intake.sheets import Grid
from greenreport.intake.words import is_missing, plain
from greenreport.typing_slips import nearest

__all__ = ["Sheets"]

_DATED = re.compile(r"\d{4}|\d{2}年|全年|季度")


class Sheets(Cells):
    """Reads the sheets of one file."""

    def sheets(self, grids: Sequence[Grid]) -> dict[str, list[Row]]:
        """The rows of each sheet, by its key."""
        found: dict[str, list[Row]] = {}
        for grid in grids:
            sheet = sheet_of(grid.sheet)
            if sheet is None:
                self._unknown_sheet(grid)
                continue
            if sheet.key in found:
                self.wrong(None, "sheet_twice", where=grid.sheet, sheet=grid.sheet)
                continue
            found[sheet.key] = list(self._rows(sheet, grid))
        for sheet in SHEETS:
            if sheet.key not in found and sheet.key in ("plan", "indicators", "targets"):
                self.wrong(None, "sheet_missing", where=sheet.name.en, sheet=sheet.both)
        return found

    def _unknown_sheet(self, grid: Grid) -> None:
        if grid.rows:
            names = [sheet.both for sheet in SHEETS]
            near = nearest(grid.sheet, names, n=1) or names
            self.wrong(None, "sheet_unknown", where=grid.sheet, sheet=grid.sheet, near=near)

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
                    self._unknown_head(sheet, cell)
                keys[n] = f"?{n}"
        return keys

    def _unknown_head(self, sheet: Sheet, cell: Cell) -> None:
        known = [column.both for column in sheet.columns]
        near = nearest(cell.text, known, n=1) or known
        self.wrong(cell, "head_unknown", text=cell.text, near=near, years=sheet.years)

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
