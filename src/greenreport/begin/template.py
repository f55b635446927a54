"""The workbook to fill in: five sheets, each with its heads, what to write beneath them, and drop-downs.

Written by the description in `columns`; knows workbooks, not plans.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from greenreport import workbooks
from greenreport.begin.columns import CHOICES, PLAN_ITEMS, SHEETS, Sheet
from greenreport.errors import RequestError
from greenreport.text import Text
from greenreport.words import both, error

__all__ = ["NOTE_MARK", "write_template"]

NOTE_MARK = "※"
"""Begins the row that says what to write; a row that begins with it is not read."""

_ROWS = 500
_YEARS = 4


def write_template(path: Path, *, year: int) -> Path:
    """Write the workbook; the same year gives the same bytes.

    Args:
        path: where; the ending is made `.xlsx`.
        year: the year it is, from which the heads of the year columns are taken.

    Returns:
        The workbook written.

    Raises:
        RequestError: there is such a file already.
    """
    path = path if path.suffix == ".xlsx" else path.with_suffix(".xlsx")
    if path.exists():  # it may be filled in
        raise error(RequestError, "begin.template_taken", file=path)
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for sheet in SHEETS:
        page = book.create_sheet(sheet.both)
        if sheet.key == "plan":
            _plan(page)
        else:
            _table(page, sheet, year)
    workbooks.save(book, path, day=dt.date(year, 1, 1))
    return path


def _note(text: Text) -> str:
    return f"{text.zh} · {text.en}" if text.zh else ""


def _plan(page: Worksheet) -> None:
    workbooks.put_row(page, 1, [column.both for column in SHEETS[0].columns], workbooks.HEAD)
    for n, item in enumerate(PLAN_ITEMS, start=2):
        workbooks.put(page, n, 1, item.both, workbooks.SHOWN)
        workbooks.put(page, n, 2, None, workbooks.INPUT)
        workbooks.put(page, n, 3, _note(item.note), workbooks.NOTE)
    workbooks.widths(page, [34, 46, 60])


def _table(page: Worksheet, sheet: Sheet, year: int) -> None:
    for n, column in enumerate(sheet.columns, start=1):
        workbooks.put(page, 1, n, column.both, workbooks.HEAD)
        note = _note(column.note)
        workbooks.put(page, 2, n, f"{NOTE_MARK} {note}" if n == 1 else note, workbooks.NOTE)
        if column.key in CHOICES:
            letter = get_column_letter(n)
            words = [spelt[0] for spelt in CHOICES[column.key].values()] + [s[1] for s in CHOICES[column.key].values()]
            cells = f"{letter}3:{letter}{_ROWS}"
            workbooks.choices(page, cells, words, title=column.both, message=_note(column.note))
    if sheet.years:
        first = len(sheet.columns) + 1
        years = range(year + 1, year + 1 + _YEARS) if sheet.key == "targets" else range(year - _YEARS, year)
        for n, one in enumerate(years, start=first):
            workbooks.put(page, 1, n, str(one), workbooks.HEAD)
        workbooks.put(page, 2, first, _note(both("begin.years")), workbooks.NOTE)
        if sheet.key == "targets":
            workbooks.put(page, 2, first + 1, _note(both("begin.forms")), workbooks.NOTE)
    workbooks.widths(page, [22] * (len(sheet.columns) + _YEARS))
    page.freeze_panes = "A3"
