"""The tables of a page as files: CSV for each, one workbook for all, as the notebooks hand them over.

A table travels as `application/vnd.greenreport.table+json`; its cells are values, not typeset text. This module must not
know pages or runs.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from xlsxwriter import Workbook

from greenreport.errors import RenderError
from greenreport.render.words import mark, word
from greenreport.spreadsheets import csv_text, plain_cell
from greenreport.words import error

__all__ = ["MIME", "Table", "csv_bytes", "read_table", "workbook_bytes"]

MIME = "application/vnd.greenreport.table+json"
Value = str | int | float | bool | None
Row = Sequence[Value]
_SHEET = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_EPOCH = datetime(1980, 1, 1)  # a workbook says when it was made
# What a cell holds is what the table holds: no text is taken for a formula, a number or an address.
_AS_WRITTEN = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 13},
    "notice": {"bold": True, "font_color": "#A1362A"},
    "head": {"bold": True, "bg_color": "#E7F1EC", "text_wrap": True, "valign": "vcenter"},
    "wrapped": {"text_wrap": True, "valign": "top"},
}


class _Column(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: str
    label: str
    unit: str | None = None
    type: str = ""


class _Given(BaseModel):
    model_config = ConfigDict(extra="ignore")
    columns: list[_Column]
    rows: list[list[Value]]
    caption: str = ""


@dataclass(frozen=True)
class Table:
    """What one table of a page shows, or one chart draws.

    Args:
        label: its name on the page, `tbl-main` or `fig-map`.
        number: its number among the tables (charts) of the page, from 1.
        heads: headers with their units.
    """

    label: str
    number: int
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def kind(self) -> str:
        """`tbl` or `fig`."""
        return self.label.partition("-")[0]


def read_table(given: Any, *, label: str, number: int, caption: str, lang: str) -> Table:
    """A table from what the notebook handed over.

    Raises:
        RenderError: it is not of that form, or a row has another number of cells than there are columns.
    """
    try:
        table = _Given.model_validate(given)
    except ValidationError as cause:
        where = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in cause.errors()[:3])
        raise error(RenderError, "render.bad_table", where=where, field=label) from None
    for n, row in enumerate(table.rows, 1):
        if len(row) != len(table.columns):
            about = {"cells": len(row), "columns": len(table.columns)}
            raise error(RenderError, "render.short_row", field=label, number=n, **about)
    heads = tuple(_head(column, lang) for column in table.columns)
    return Table(label, number, table.caption or caption, heads, tuple(tuple(row) for row in table.rows))


def _head(column: _Column, lang: str) -> str:
    if not column.unit or column.unit in column.label:
        return column.label
    return f"{column.label}（{column.unit}）" if lang == "zh" else f"{column.label} ({column.unit})"


def csv_bytes(table: Table, *, lang: str, synthetic: bool) -> bytes:
    """A table as CSV in UTF-8, with the mark at the start that lets Excel read Chinese."""
    head = [word(lang, "data_kind")] if synthetic else []
    notice = [word(lang, "watermark")] if synthetic else []
    rows: list[list[Value]] = [[*table.heads, *head], *([*row, *notice] for row in table.rows)]
    return csv_text(([plain_cell(value) for value in row] for row in rows), end="\r\n").encode("utf-8-sig")


def workbook_bytes(tables: Sequence[Table], *, lang: str, title: str, facts: Sequence[str], synthetic: bool) -> bytes:
    """All tables of a page as one workbook, a sheet each; the same tables give the same bytes."""
    notice = word(lang, "watermark_long") if synthetic else ""
    listed = [(f"{word(lang, t.kind)} {t.number}", t.caption) for t in tables]
    out = io.BytesIO()
    with Workbook(out, _AS_WRITTEN) as book:
        book.set_properties({"created": _EPOCH})
        looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        facts_below = [("", fact) for fact in facts]
        _sheet(book, word(lang, "toc"), looks, (title, notice), ("", word(lang, "tables")), [*listed, *facts_below])
        for name, table in zip(_sheet_names(tables, lang), tables, strict=True):
            _sheet(book, name, looks, (table.caption, notice), table.heads, table.rows)
    return out.getvalue()


def _sheet(
    book: Any, name: str, looks: Mapping[str, Any], lines: tuple[str, str], heads: Sequence[str], rows: Sequence[Row]
) -> None:
    """A sheet of a workbook: its title, the notice where there is one, heads that stay in sight, rows."""
    sheet = book.add_worksheet(name)
    title, notice = lines
    sheet.write(0, 0, title, looks["title"])
    if notice:
        sheet.write(1, 0, notice, looks["notice"])
    top = 2 if notice else 1
    sheet.write_row(top, 0, heads, looks["head"])
    for n, row in enumerate(rows, top + 1):
        for at, value in enumerate(row):
            # A workbook knows no number that is not finite.
            shown = str(value) if isinstance(value, float) and not math.isfinite(value) else value
            sheet.write(n, at, shown, looks["wrapped"] if isinstance(shown, str) and len(shown) > 24 else None)
    for at, width in enumerate(_widths(heads, rows)):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(top + 1, 0)


def _sheet_names(tables: Sequence[Table], lang: str) -> list[str]:
    """Names as Excel allows them: 31 characters at most, some characters not, no two alike."""
    out = []
    for table in tables:
        head = f"{word(lang, table.kind)}{mark(lang, 'gap')}{table.number} "
        out.append((head + _SHEET.sub(" ", table.caption).strip("' "))[:31].strip("' "))
    return out


def _widths(heads: Sequence[str], rows: Sequence[Row]) -> list[int]:
    def width(value: Value) -> int:
        return sum(2 if ord(c) > 0x2E7F else 1 for c in str("" if value is None else value))

    return [
        max(9, min(48, 2 + max([width(head) // 2, *(width(row[n]) for row in rows)]))) for n, head in enumerate(heads)
    ]
