"""Opens workbooks and CSV files and hands on what stands in their cells, as text.

Formulas are never evaluated: a formula is handed on as the text that it is. Number formats that change what a reader
sees (per cent, units) are spelt out. Knows nothing of indicators, areas or the ledger.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from itertools import islice
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock

from greenreport.intake.reason import Reason, quoted
from greenreport.intake.safety import Limits, inspect_workbook, sniff
from greenreport.intake.units import parse_unit

__all__ = ["Grid", "Merge", "csv_grid", "encoding_of", "open_grids", "separator_of"]

Merge = tuple[int, int, int, int]
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d{1,7})"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\s(?=[^>]*\bhidden="(?:1|true)")[^>]*>')
_BLOCK = 1 << 20
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")


@dataclass(frozen=True)
class Grid:
    """One sheet: its filled cells as text, row by row, as far to the right as each row goes.

    `merges` are (first row, first column, last row, last column), from 0, as `hidden_rows` and `hidden_columns` count.
    `text`: of a text file, in which a row longer than its head has been shifted.
    """

    sheet: str
    rows: list[list[str]]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    text: bool = False

    def cell(self, row: int, col: int) -> str:
        """The text of a cell, empty beyond the filled ones."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else []
        return cells[col] if 0 <= col < len(cells) else ""


def open_grids(path: Path, *, limits: Limits) -> list[Grid] | Reason:
    """All sheets of a workbook, or the one table of a CSV file; the reason where the file is refused as a whole."""
    try:
        with path.open("rb") as file:
            kind = sniff(file.read(16))
        if kind == "zip":
            return _workbook(path, limits)
        if kind != "text":
            return _wrong_kind(kind)
        return _table(path, limits)
    except OSError as e:
        return Reason(
            "file_unreadable",
            "file",
            f"文件打不开（{quoted(e.strerror)}）。",
            f"The file cannot be read ({quoted(e.strerror)}).",
        )


def _wrong_kind(kind: str) -> Reason:
    if kind == "html":
        return Reason(
            "file_format",
            "file",
            "这是网页（HTML）改了扩展名的文件，不是工作簿。请在表格软件中打开，另存为xlsx。",
            "This is a web page (HTML) under another name, no workbook. Open it in a spreadsheet and save it as xlsx.",
        )
    if kind == "ole":
        return Reason(
            "file_format",
            "file",
            "这是旧版xls、加密的xlsx或其他Office文件。请在表格软件中打开，去掉密码，另存为xlsx。",
            "This is an old xls, an encrypted xlsx or another Office file. Open it, remove any password, save it as xlsx.",
        )
    return Reason(
        "file_format",
        "file",
        f"这是{kind}文件，只收xlsx和csv。",
        f"This is a {kind} file; only xlsx and csv are taken.",
    )


def _workbook(path: Path, limits: Limits) -> list[Grid] | Reason:
    refused = inspect_workbook(path, limits)
    if refused is not None:
        return refused
    try:
        # The file is opened here, because openpyxl leaves it open when it fails.
        # It warns of whatever it leaves out (charts, validations); nothing of that is a figure.
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False, rich_text=True)
            try:
                return _sheets(book, limits) if book.worksheets or not _strict(book._archive) else _STRICT
            finally:
                book.close()
    except _TooMuch as e:
        return e.reason
    except MemoryError:
        raise
    except Exception as e:  # a damaged workbook can make its reader fail in any way; the file is refused whole
        return Reason(
            "file_damaged",
            "file",
            f"工作簿已损坏，读不下去（{type(e).__name__}：{quoted(e)}）。请在表格软件中打开并重新保存。",
            f"The workbook is damaged and cannot be read ({type(e).__name__}: {quoted(e)}). Open it and save it again.",
        )


def _strict(archive: zipfile.ZipFile) -> bool:
    return any(b"purl.oclc.org/ooxml" in archive.read(n)[:4096] for n in archive.namelist() if n.endswith("workbook.xml"))


_STRICT = Reason(
    "file_strict",
    "file",
    "这是“Strict Open XML”格式的工作簿，不能读取。请在表格软件中打开，另存为普通的“Excel工作簿（*.xlsx）”。",
    "This workbook is in the format Strict Open XML, which is not read. Open it and save it as an ordinary Excel workbook (*.xlsx).",
)


class _TooMuch(Exception):
    def __init__(self, reason: Reason) -> None:
        self.reason = reason


def _sheets(book: Any, limits: Limits) -> list[Grid] | Reason:
    grids = []
    budget = limits.cells
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # the size that a file claims may be wrong, and rows beyond it would be lost
        rows, used = _rows(sheet, budget, limits)
        budget -= used
        merges, hidden_rows, hidden_columns = _structure(book._archive, sheet._worksheet_path)
        hidden = sheet.sheet_state != "visible"
        grids.append(Grid(sheet.title, rows, merges, hidden, hidden_rows, hidden_columns))
    if not grids:
        return Reason("file_empty", "file", "工作簿里没有工作表。", "The workbook holds no sheet.")
    return grids


def _rows(sheet: Any, budget: int, limits: Limits) -> tuple[list[list[str]], int]:
    rows: list[list[str]] = []
    known: dict[str, str] = {}
    used = 0
    for cells in sheet.iter_rows():
        row = [_text_of(c, known) if c.value is not None else "" for c in cells]
        while row and not row[-1]:
            row.pop()
        used += len(row)
        if len(row) > limits.columns:
            raise _TooMuch(
                Reason(
                    "sheet_too_large",
                    "sheet",
                    f"工作表“{quoted(sheet.title)}”超过{limits.columns}栏。",
                    f"The sheet {quoted(sheet.title)!r} has more than {limits.columns} columns.",
                )
            )
        if used > budget:
            raise _TooMuch(
                Reason(
                    "sheet_too_large",
                    "sheet",
                    f"工作表“{quoted(sheet.title)}”太大，请拆分或改用csv长表。",
                    f"The sheet {quoted(sheet.title)!r} is too large; split it, or use a long csv.",
                )
            )
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows, used


def _text_of(cell: Any, known: dict[str, str]) -> str:
    value = cell.value
    if isinstance(value, CellRichText):
        value = "".join(_run(part) for part in value)
    if isinstance(value, str):
        if cell.data_type == "f" and not value.startswith("="):
            value = f"={value}"
    elif isinstance(value, bool):
        value = "TRUE" if value else "FALSE"
    elif isinstance(value, int | float):
        value = _number_text(value, _format_kind(cell.number_format or "General"))
    elif isinstance(value, dt.datetime):
        value = value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    elif isinstance(value, dt.date | dt.time):
        value = value.isoformat()
    elif hasattr(value, "text") or hasattr(value, "ref"):
        value = f"={getattr(value, 'text', None) or getattr(value, 'ref', '')}".replace("==", "=", 1)
    else:
        value = str(value)
    return known.setdefault(value, value)


def _run(part: str | TextBlock) -> str:
    """A run of a text as it is seen: a raised one is a mark, never a part of the number before it."""
    if isinstance(part, str):
        return part
    return part.text.translate(_RAISED) if part.font is not None and part.font.vertAlign == "superscript" else part.text


def number_text(value: float) -> str:
    """A stored number with the 15 digits that spreadsheets keep, without binary noise."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.15g}"


def _number_text(value: float, kind: str) -> str:
    if kind == "percent":
        return f"{number_text(float(number_text(value) + 'e2') if 'e' not in number_text(value) else value * 100)}%"
    if kind == "scaled":
        return f"⚠{number_text(value)}"
    return number_text(value) + kind


@lru_cache(maxsize=4096)
def _format_kind(number_format: str) -> str:
    """`percent`, `scaled` (what is seen is not what is stored), or a unit to write behind the number, else empty."""
    section = re.sub(r"\[[^\]]*\]", "", number_format).split(";")[0]
    literal = "".join(re.findall(r'"([^"]*)"', section)) + "".join(re.findall(r"\\([^\d.,\s])", section))
    bare = re.sub(r'"[^"]*"', "", section)
    literal += "".join(re.findall(r"[\u4e00-\u9fff]+", bare))
    if "%" in bare.replace("\\%", ""):
        return "percent"
    if re.search(r"[0#?],+(?![0#?])", bare) or re.search(r"[!\\]\.", bare):
        return "scaled"
    literal = literal.strip()
    if literal in ("万", "亿", "千", "百万", "千万") or (literal and parse_unit(literal) is not None):
        return literal
    return ""


def _structure(archive: zipfile.ZipFile, path: str) -> tuple[tuple[Merge, ...], frozenset[int], frozenset[int]]:
    """Merged ranges, hidden rows and hidden columns, found by reading on through the sheet's XML: the reader for large
    sheets does not tell them.
    """
    merges: list[Merge] = []
    rows: set[int] = set()
    columns: set[int] = set()
    tail = b""
    with archive.open(path) as stream:
        while block := stream.read(_BLOCK):
            text = tail + block
            whole = text.rfind(b">") + 1
            part, tail = text[:whole], text[whole:]
            for found in _MERGE.finditer(part):
                merges.append((*_coordinates(found[1]), *_coordinates(found[2])))
            rows.update(int(found[1]) - 1 for found in _HIDDEN_ROW.finditer(part))
            for found in _HIDDEN_COLUMN.finditer(part):
                first, last = (re.search(rb'\b' + n + rb'="(\d{1,5})"', found[0]) for n in (b"min", b"max"))
                if first and last:
                    columns.update(range(int(first[1]) - 1, min(int(last[1]), 20_000)))
    return tuple(merges), frozenset(rows), frozenset(columns)


def _coordinates(ref: bytes) -> tuple[int, int]:
    letters = ref.rstrip(b"0123456789")
    col = 0
    for c in letters:
        col = col * 26 + c - 64
    return int(ref[len(letters) :]) - 1, col - 1


def encoding_of(path: Path) -> str | Reason:
    """The encoding of a text file: its byte-order mark, else UTF-8 if it is that throughout, else GB18030.

    The file is read in blocks; a text that is neither, or holds null bytes, is refused.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig" if _decodes(path, "utf-8") else _not_text()
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16" if _decodes(path, "utf-16") else _not_text()
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding, no_null=True):
            return encoding
    return _not_text()


def _decodes(path: Path, encoding: str, *, no_null: bool = False) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                if no_null and b"\0" in block:
                    return False
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _not_text() -> Reason:
    return Reason(
        "file_encoding",
        "file",
        "文件不是UTF-8、GB18030或UTF-16编码的文本。请另存为“CSV UTF-8”。",
        "The file is no text in UTF-8, GB18030 or UTF-16. Save it as “CSV UTF-8”.",
    )


def separator_of(lines: list[str]) -> str:
    """The character between the cells of a CSV: the one that most of its lines hold equally often.

    A title above the table holds none, so that the first line alone does not say.
    """
    counts = {c: Counter(n for line in lines if (n := re.sub(r'"[^"]*"', "", line).count(c))) for c in ",;\t"}
    likely = {c: max(((lot, n) for n, lot in found.items()), default=(0, 0)) for c, found in counts.items()}
    return max(",;\t", key=lambda c: (likely[c], c == ","))


def _table(path: Path, limits: Limits) -> list[Grid] | Reason:
    if path.stat().st_size > limits.text_bytes:
        return Reason("file_too_large", "file", "文件太大，请分开报送。", "The file is too large; hand it in in parts.")
    encoding = encoding_of(path)
    if isinstance(encoding, Reason):
        return encoding
    with path.open(encoding=encoding, newline="") as text:
        return csv_grid(text, limits=limits)


def csv_grid(text: io.TextIOBase | Any, *, limits: Limits) -> list[Grid] | Reason:
    """The cells of a CSV text; a quote that is never closed refuses the file, since it would swallow rows."""
    separator = separator_of(list(islice(text, 60)))
    text.seek(0)
    rows: list[list[str]] = []
    used = 0
    seen: dict[str, str] = {}
    keep: Callable[[str, str], str] = seen.setdefault
    reader = csv.reader(text, delimiter=separator, strict=True)
    try:
        for cells in reader:
            used += len(cells)
            if used > limits.cells or len(cells) > limits.columns:
                return Reason(
                    "sheet_too_large",
                    "sheet",
                    "表格太大，请改用长表（每行一个数）。",
                    "The table is too large; use the long form, one figure a row.",
                )
            row = [keep(c, c) for c in cells]
            while row and not row[-1].strip():
                row.pop()
            rows.append(row)
    except csv.Error as e:
        return Reason(
            "csv_quotes",
            "file",
            f"第{reader.line_num}行附近的引号没有配对，无法分出各行（{quoted(e)}）。请在表格软件中打开并重新另存为CSV。",
            f"The quotes near line {reader.line_num} do not pair, so that rows cannot be told apart ({quoted(e)}). Save the CSV again.",
        )
    if not any(rows):
        return Reason("file_empty", "file", "文件是空的。", "The file is empty.")
    return [Grid("", rows, text=True)]
