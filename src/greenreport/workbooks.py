"""Writes workbooks: harmless cells, drop-downs, protection, and the same bytes for the same content.

Knows nothing of plans, areas or figures.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from math import ceil
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from greenreport.atomic import write_whole

__all__ = [
    "HEAD", "HEAD_SHOWN", "INPUT", "NOTE", "SHOWN", "STRONG", "TITLE", "across_a_page", "choices", "fit", "numbers_only",
    "protect", "put", "put_row", "save", "widths",
]  # fmt: skip

_THIN = Side(style="thin", color="C9D3CC")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FONT = "Microsoft YaHei"
HEAD: dict[str, Any] = {
    "font": Font(name=_FONT, bold=True, color="FFFFFF"),
    "fill": PatternFill("solid", fgColor="1F6F54"),
    "border": _BOX,
    "alignment": Alignment(wrap_text=True, vertical="center", horizontal="center"),
}
HEAD_SHOWN = HEAD | {"fill": PatternFill("solid", fgColor="5F7A6F")}
SHOWN: dict[str, Any] = {
    "font": Font(name=_FONT, color="404A45"),
    "fill": PatternFill("solid", fgColor="F2F5F3"),
    "border": _BOX,
    "alignment": Alignment(wrap_text=True, vertical="center", indent=1),
}
INPUT: dict[str, Any] = {
    "font": Font(name=_FONT),
    "fill": PatternFill("solid", fgColor="FFFBE6"),
    "border": _BOX,
    "alignment": Alignment(vertical="center"),
    "protection": Protection(locked=False),
}
TITLE: dict[str, Any] = {
    "font": Font(name=_FONT, bold=True, size=14, color="1F6F54"),
    "alignment": Alignment(vertical="center"),
}
STRONG: dict[str, Any] = {
    "font": Font(name=_FONT, bold=True, color="1F6F54"),
    "alignment": Alignment(vertical="center", horizontal="left", indent=1),
}
NOTE: dict[str, Any] = {
    "font": Font(name=_FONT, color="404A45"),
    "alignment": Alignment(wrap_text=True, vertical="center", indent=1),
}


def put(sheet: Worksheet, row: int, col: int, value: str | float | None, style: dict[str, Any] | None = None) -> Cell:
    """Put a text or a number into a cell (row and column from 1); a text is never taken for a formula."""
    cell = sheet.cell(row=row, column=col)
    if isinstance(value, str):
        cell.value = "".join(c for c in value if c in "\n\t" or ord(c) >= 32)[:32_000]
        if cell.data_type == "f":
            cell.data_type = "s"
            cell.quotePrefix = True
    elif value is not None:
        cell.value = int(value) if float(value).is_integer() and abs(value) < 1e15 else value
    for name, part in (style or {}).items():
        setattr(cell, name, part)
    return cell


def put_row(
    sheet: Worksheet, row: int, values: Iterable[str | float | None], style: dict[str, Any] | None = None
) -> None:
    """Put texts and numbers into the cells of a row, from the first column on, all in one style."""
    for n, value in enumerate(values, start=1):
        put(sheet, row, n, value, style)


def choices(sheet: Worksheet, cells: str, options: Sequence[str] | str, *, title: str, message: str) -> None:
    """A drop-down over `cells`: a few words, or a range such as `=lists!$A$1:$A$9`."""
    formula = options if isinstance(options, str) else '"' + ",".join(options) + '"'
    _rule(sheet, cells, DataValidation(type="list", formula1=formula), title, message)


def numbers_only(sheet: Worksheet, cells: str, *, title: str, message: str) -> None:
    """Only numbers from 0 may be typed into `cells`; other entries bring up `message`."""
    rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", errorStyle="warning")
    _rule(sheet, cells, rule, title, message)


def _rule(sheet: Worksheet, cells: str, rule: DataValidation, title: str, message: str) -> None:
    rule.allow_blank = rule.showErrorMessage = True
    rule.errorTitle, rule.error = title[:32], message[:225]
    rule.add(cells)
    sheet.add_data_validation(rule)


def protect(sheet: Worksheet) -> None:
    """Lock all cells but those made for typing; columns may be widened and rows filtered. There is no password."""
    across_a_page(sheet)
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.autoFilter = False


def across_a_page(sheet: Worksheet) -> None:
    """The sheet prints on A4, as wide as a page, with numbered pages."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.5, bottom=0.8, footer=0.4)
    sheet.oddFooter.center.text = "&P / &N"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def widths(sheet: Worksheet, sizes: Sequence[float]) -> None:
    """Widths of the columns from A on, in characters."""
    for n, size in enumerate(sizes, start=1):
        sheet.column_dimensions[get_column_letter(n)].width = size


def fit(sheet: Worksheet, first: int, last: int, *, least: float = 21.0) -> None:
    """Make rows as high as their wrapped texts need at the widths of the columns; spreadsheets do not do that alone."""
    for row in range(first, last + 1):
        lines = 1
        for cell in sheet[row]:
            if isinstance(cell.value, str):
                room = max(sheet.column_dimensions[cell.column_letter].width - 2.0, 4.0)
                lines = max(lines, sum(max(1, ceil(_breadth(part) / room)) for part in cell.value.split("\n")))
        sheet.row_dimensions[row].height = max(least, 16.0 * lines + 5.0)


def _breadth(text: str) -> float:
    """How wide a text is, in characters of a column's width: a Chinese one counts as two."""
    return sum(2.0 if east_asian_width(c) in "WF" else 1.0 for c in text)


def save(book: Workbook, path: Path, *, day: dt.date) -> None:
    """Write a workbook so that the same content gives the same bytes: every date in it is `day`."""
    book.properties.creator = "greenreport"
    book.properties.created = dt.datetime.combine(day, dt.time())
    raw = io.BytesIO()
    book.save(raw)
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            info = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            target.writestr(info, content)
    write_whole(path, out.getvalue())
