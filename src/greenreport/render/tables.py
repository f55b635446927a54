"""The tables of a page as files: CSV for each, one workbook for all, as the notebooks hand them over.

A table travels as `application/vnd.greenreport.table+json`; its cells are values, not typeset text. The workbook is
written without a spreadsheet library, which would take three to four times as long. This module must not know pages or runs.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape as xml

from pydantic import BaseModel, ConfigDict, ValidationError

from greenreport.errors import RenderError
from greenreport.render.words import mark, word
from greenreport.spreadsheets import csv_text, plain_cell
from greenreport.words import error

__all__ = ["MIME", "Table", "csv_bytes", "read_table", "workbook_bytes"]

MIME = "application/vnd.greenreport.table+json"
Value = str | int | float | bool | None
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no place in XML
_SHEET = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a zip can't say less


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
    names = _sheet_names(tables, lang)
    notice = word(lang, "watermark_long") if synthetic else ""
    contents: list[tuple[Value, ...]] = [(f"{word(lang, t.kind)} {t.number}", t.caption) for t in tables]
    first = _sheet(title, notice, ("", word(lang, "tables")), [*contents, *(("", fact) for fact in facts)])
    sheets = [first] + [_sheet(t.caption, notice, t.heads, t.rows) for t in tables]
    names = [word(lang, "toc"), *names]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in _parts(names, sheets):
            info = zipfile.ZipInfo(name, date_time=_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode())
    return out.getvalue()


def _sheet_names(tables: Sequence[Table], lang: str) -> list[str]:
    """Names as Excel allows them: 31 characters at most, some characters not, no two alike."""
    out = []
    for table in tables:
        head = f"{word(lang, table.kind)}{mark(lang, 'gap')}{table.number} "
        out.append((head + _SHEET.sub(" ", table.caption).strip("' "))[:31].strip("' "))
    return out


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet {_MAIN}><fonts count="4"><font><sz val="11"/></font><font><b/><sz val="13"/></font>'
    '<font><b/><sz val="11"/></font><font><b/><sz val="11"/><color rgb="FFA1362A"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7F1EC"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf xfId="0"/>'
    '<xf fontId="1" applyFont="1"/><xf fontId="2" fillId="2" applyFont="1" applyFill="1" applyAlignment="1">'
    '<alignment wrapText="1" vertical="center"/></xf><xf fontId="3" applyFont="1"/>'
    '<xf applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_PLAIN, _TITLE, _HEAD, _NOTICE, _WRAP = range(5)


def _parts(names: Sequence[str], sheets: Sequence[str]) -> list[tuple[str, str]]:
    count = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>' for n in count
    )
    listed = "".join(
        f'<sheet name="{xml(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(count, names, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in count
    )
    return [
        (
            "[Content_Types].xml",
            f'<Types xmlns="{_PACK}/content-types"><Default Extension="rels" ContentType='
            f'"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{overrides}</Types>',
        ),
        (
            "_rels/.rels",
            f'<Relationships xmlns="{_PACK}/relationships"><Relationship Id="rId1" Type="{_REL}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        ),
        ("xl/workbook.xml", f'<workbook {_MAIN} xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>'),
        (
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACK}/relationships">{links}<Relationship Id="rId{len(sheets) + 1}" '
            f'Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
        ),
        ("xl/styles.xml", _STYLES),
        *((f"xl/worksheets/sheet{n}.xml", sheet) for n, sheet in zip(count, sheets, strict=True)),
    ]


def _sheet(title: str, notice: str, heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> str:
    top = 3 if notice else 2
    lines = [_row(1, [title], _TITLE)]
    if notice:
        lines.append(_row(2, [notice], _NOTICE))
    lines.append(_row(top, heads, _HEAD))
    lines += [_row(n, row, _PLAIN) for n, row in enumerate(rows, top + 1)]
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(_widths(heads, rows), 1)
    )
    return (
        f'<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0"><pane ySplit="{top}" topLeftCell="A{top + 1}" '
        f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols>'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


def _widths(heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> list[int]:
    def width(value: Value) -> int:
        return sum(2 if ord(c) > 0x2E7F else 1 for c in str("" if value is None else value))

    return [
        max(9, min(48, 2 + max([width(head) // 2, *(width(row[n]) for row in rows)]))) for n, head in enumerate(heads)
    ]


def _row(number: int, values: Sequence[Value], style: int) -> str:
    return (
        f'<row r="{number}">'
        + "".join(_cell(f"{_column(n)}{number}", v, style) for n, v in enumerate(values))
        + "</row>"
    )


def _cell(place: str, value: Value, style: int) -> str:
    look = f' s="{style}"' if style else ""
    if value is None or value == "":
        return f'<c r="{place}"{look}/>' if style else ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"{look}><v>{int(value)}</v></c>'
    if isinstance(value, int | float) and value == value and abs(value) != float("inf"):
        return f'<c r="{place}"{look}><v>{value!r}</v></c>'
    text = str(value)
    look = f' s="{_WRAP}"' if not style and len(text) > 24 else look
    # Text in a cell of its own is never a formula.
    return f'<c r="{place}" t="inlineStr"{look}><is><t xml:space="preserve">{xml(_ILLEGAL.sub("", text))}</t></is></c>'


def _column(number: int) -> str:
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
