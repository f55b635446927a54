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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.functions import fromstring

from greenreport.intake.reason import Reason, refuse
from greenreport.intake.safety import CELLS, COLUMNS, TEXT_BYTES, inspect_workbook, sniff
from greenreport.intake.words import SCALED, STRUCK

__all__ = ["Grid", "Merge", "csv_grid", "encoding_of", "open_grids", "separator_of"]

Merge = tuple[int, int, int, int]
_BLOCK = 1 << 20
_MARKED = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ROWS = 1_048_576
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")


@dataclass(frozen=True)
class Grid:
    """One sheet: its filled cells as text, row by row, as far to the right as each row goes.

    `merges` are (first row, first column, last row, last column), from 0, as `hidden_rows` and `hidden_columns` count.
    `comments`: what stands in comments on cells, by row and column from 0, without who wrote it.
    `widths`: of a text file, how many cells each line has, blank ones too: a row longer than its head has been shifted;
    `separator`: what parts its cells.
    """

    sheet: str
    rows: list[list[str]]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    widths: tuple[int, ...] = ()
    separator: str = ""
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def cell(self, row: int, col: int) -> str:
        """The text of a cell, empty beyond the filled ones."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else []
        return cells[col] if 0 <= col < len(cells) else ""


def open_grids(path: Path) -> list[Grid] | Reason:
    """All sheets of a workbook, or the one table of a CSV file; the reason where the file is refused as a whole."""
    try:
        with path.open("rb") as file:
            kind = sniff(file.read(16))
        if kind == "zip":
            return _workbook(path)
        if kind != "text":
            return refuse(f"file_format.{kind}" if kind in ("html", "ole") else "file_format.other", "file", kind=kind)
        return _table(path)
    except OSError as e:
        return refuse("file_unreadable.failed", "file", why=str(e.strerror))


def _workbook(path: Path) -> list[Grid] | Reason:
    refused = inspect_workbook(path)
    if refused is not None:
        return refused
    try:
        # The file is opened here, because openpyxl leaves it open when it fails.
        # It warns of whatever it leaves out (charts, validations); nothing of that is a figure.
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False, rich_text=True)
            try:
                if not book.worksheets and _strict(book._archive):
                    return refuse("file_strict", "file")
                return _sheets(book)
            finally:
                book.close()
    except MemoryError:
        raise
    except Exception as e:  # a damaged workbook can make its reader fail in any way; the file is refused whole
        return refuse("file_damaged.workbook", "file", kind=type(e).__name__, why=str(e))


def _strict(archive: zipfile.ZipFile) -> bool:
    return any(
        b"purl.oclc.org/ooxml" in archive.read(n)[:4096] for n in archive.namelist() if n.endswith("workbook.xml")
    )


def _sheets(book: Any) -> list[Grid] | Reason:
    grids = []
    budget = CELLS
    for sheet in book.worksheets:
        # openpyxl's own parser of a sheet, read row by row: it tells merged, hidden and rich cells in the one pass, and
        # does not trust the size that a file claims, beyond which rows would be lost.
        with book._archive.open(sheet._worksheet_path) as source:
            parser = WorkSheetParser(
                source, sheet._shared_strings, epoch=book.epoch, date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats, rich_text=True,
            )  # fmt: skip
            found = _rows(parser, sheet.title, book, budget)
        if isinstance(found, Reason):
            return found
        rows, used = found
        budget -= used
        ranges = parser.merged_cells.mergeCell if parser.merged_cells else ()
        grids.append(
            Grid(
                sheet.title,
                rows,
                tuple((r.min_row - 1, r.min_col - 1, r.max_row - 1, r.max_col - 1) for r in ranges),
                sheet.sheet_state != "visible",
                frozenset(int(r) - 1 for r, facts in parser.row_dimensions.items() if _true(facts.get("hidden"))),
                frozenset(
                    c
                    for facts in parser.column_dimensions.values()
                    if _true(facts.get("hidden"))
                    for c in range(int(facts["min"]) - 1, min(int(facts["max"]), 20_000))
                ),
                comments=dict(_comments(book._archive, sheet._worksheet_path)),
            )
        )
    if not grids:
        return refuse("file_empty.workbook", "file")
    return grids


def _comments(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[tuple[int, int], str]]:
    """The comments of a sheet: notes as openpyxl reads them, then threads, whose notes only say that there is one."""
    relations = get_rels_path(sheet).lstrip("/")
    if relations not in archive.namelist():
        return
    parts = [(r.Type, r.target.lstrip("/")) for r in get_dependents(archive, relations)]
    for name in (name for kind, name in parts if kind.endswith("/comments")):
        for cell, comment in CommentSheet.from_tree(fromstring(archive.read(name))).comments:
            yield _place(cell), comment.text.removeprefix(f"{comment.author}:").strip()
    threads: dict[tuple[int, int], list[str]] = {}
    for name in (name for kind, name in parts if kind.endswith("/threadedComment")):
        for one in fromstring(archive.read(name)):
            texts = [part.text or "" for part in one if part.tag.endswith("}text")]
            threads.setdefault(_place(one.get("ref")), []).extend(texts)
    yield from ((place, "；".join(texts)) for place, texts in threads.items())


def _place(cell: str) -> tuple[int, int]:
    row, column = coordinate_to_tuple(cell)
    return row - 1, column - 1


def _true(text: str | None) -> bool:
    return text in ("1", "true")


def _rows(parser: Any, title: str, book: Any, budget: int) -> tuple[list[list[str]], int] | Reason:
    rows: list[list[str]] = []
    known: dict[str, str] = {}
    used = 0
    for number, cells in parser.parse():
        filled = [c for c in cells if c["value"] is not None]
        width = max((c["column"] for c in filled), default=0)
        used += width
        if width > COLUMNS:
            return refuse("sheet_too_large.columns", "sheet", sheet=title, most=COLUMNS)
        if number <= len(rows):
            raise ValueError(f"row {number} stands twice")
        if used > budget or number > _ROWS:
            return refuse("sheet_too_large.sheet", "sheet", sheet=title)
        row = [""] * width
        for c in filled:
            row[c["column"] - 1] = _text_of(c, book, known)
        while row and not row[-1]:
            row.pop()
        rows.extend([] for _ in range(number - 1 - len(rows)))
        rows[number - 1 :] = [row]
    while rows and not rows[-1]:
        rows.pop()
    return rows, used


def _text_of(cell: dict[str, Any], book: Any, known: dict[str, str]) -> str:
    """What a cell says; what is struck through has been withdrawn by whoever wrote it."""
    style = book._cell_styles[cell["style_id"]]
    number = style.numFmtId
    shown_as = BUILTIN_FORMATS.get(number, "General") if number < 164 else book._number_formats[number - 164]
    text = _seen(cell["value"], str(shown_as), formula=cell["data_type"] == "f")
    if book._fonts[style.fontId].strike:
        text = f"{STRUCK}{text}" if isinstance(cell["value"], int | float) else f"（删除线）{text}"
    return known.setdefault(text, text)


def _seen(value: Any, shown_as: str, *, formula: bool) -> str:
    """A value as whoever opens the workbook sees it in a number format; a formula as the text that it is."""
    match value:
        case CellRichText() | str():
            text = value if isinstance(value, str) else "".join(_run(part) for part in value)
            return f"={text}" if formula and not text.startswith("=") else text
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number_seen(value, shown_as)
        case dt.datetime() | dt.date() if shown := _year_shown(value, shown_as):
            return shown
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
        case dt.date() | dt.time():
            return value.isoformat()
    told = getattr(value, "text", None) or getattr(value, "ref", None)
    return str(value) if told is None else f"={told}".replace("==", "=", 1)


def _number_seen(value: float, shown_as: str) -> str:
    """A number as its format shows it: the section for its sign, or what that has in the place of digits."""
    section = _section(shown_as, (value > 0) - (value < 0))
    instead = _instead(section, zero=value == 0)
    return _number_text(value, _format_kind(section)) if instead is None else instead


def _year_shown(day: dt.date, shown_as: str) -> str:
    """The year of a day whose format shows nothing else of it; else empty."""
    codes = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|[^a-z]', "", shown_as.split(";")[0].casefold())
    return f"{day.year}年" if set(codes) == {"y"} else ""


def _run(part: str | TextBlock) -> str:
    """A run of a text as it is seen: a raised one is a mark, never a part of the number before it, nor is a struck one."""
    if isinstance(part, str):
        return part
    text: str = part.text
    if part.font is not None and part.font.vertAlign == "superscript":
        text = text.translate(_RAISED)
    return f"（删除线：{text}）" if part.font is not None and part.font.strike else text


def number_text(value: float) -> str:
    """A stored number with the 15 digits that spreadsheets keep, without binary noise."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.15g}"


def _number_text(value: float, kind: str) -> str:
    if kind == "percent":
        return f"{number_text(float(number_text(value) + 'e2') if 'e' not in number_text(value) else value * 100)}%"
    if kind == "scaled":
        return f"{SCALED}{number_text(value)}"
    return number_text(value) + kind


@lru_cache(maxsize=4096)
def _sections(number_format: str) -> list[str]:
    """The sections of a format, without colours: for positive, negative and zero numbers, and for texts."""
    return re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', re.sub(r"\[[^\]]*\]", "", number_format or "General"))


@lru_cache(maxsize=4096)
def _section(number_format: str, sign: int) -> str:
    """The section of a format in which a number of a sign is seen."""
    sections = _sections(number_format)
    if re.search(r"\[[<>=]", number_format):
        return sections[0]  # they have conditions of their own
    if sign < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if not sign and len(sections) > 2 else sections[0]


@lru_cache(maxsize=4096)
def _instead(section: str, *, zero: bool) -> str | None:
    """What a section that has no place for digits shows instead of the number: nothing, a dash; None: the number."""
    bare = re.sub(r'"[^"]*"|\\.|[_*].', "", section)
    if re.search("[0@/]|general" if zero else "[0#?@]|general", bare, re.IGNORECASE):
        return None
    return re.sub(r'[_*].|["\\#?,]', "", section).strip()


@lru_cache(maxsize=4096)
def _format_kind(section: str) -> str:
    """`percent`, `scaled` (what is seen is not what is stored), or a unit to write behind the number, else empty."""
    literal = "".join(re.findall(r'"([^"]*)"', section)) + "".join(re.findall(r"\\([^\d.,\s])", section))
    bare = re.sub(r'"[^"]*"', "", section)
    literal += "".join(re.findall(r"[\u4e00-\u9fff]+", bare))
    if "%" in bare.replace("\\%", ""):
        return "percent"
    if re.search(r"[0#?],+(?![0#?])", bare) or re.search(r"[!\\]\.", bare):
        return "scaled"
    # Whatever a format writes beside the number stands beside the figure, and is read with it: 万元, or （预计）.
    return literal.strip() if any(c.isalnum() or c in "%‰" for c in literal) else ""


def encoding_of(path: Path) -> str | Reason:
    """The encoding of a text file: its byte-order mark, else UTF-8 if it is that throughout, else GB18030.

    The file is read in blocks; a text that is neither, or holds null bytes, is refused.
    """
    with path.open("rb") as file:
        head = file.read(4)
    marked = next((encoding for mark, encoding in _MARKED.items() if head.startswith(mark)), None)
    wanted = [marked] if marked else ["utf-8", "gb18030"]
    found = next((encoding for encoding in wanted if _decodes(path, encoding, no_null=not marked)), None)
    return found or refuse("file_encoding", "file")


def _decodes(path: Path, encoding: str, *, no_null: bool) -> bool:
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


def separator_of(lines: list[str]) -> str:
    """The character between the cells of a CSV: the one that most of its lines hold equally often.

    A title above the table holds none, so that the first line alone does not say. Full-width separators count only
    where there is no other. A first line `sep=;`, as Excel writes it, says it outright.
    """
    if lines and (said := re.fullmatch(r"\ufeff?sep=(.)\s*", lines[0])):
        return said[1]
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    for marks in (",;\t", "；，|"):
        counts = {c: Counter(n for line in bare if (n := line.count(c))) for c in marks}
        likely = {c: max(((lot, n) for n, lot in found.items()), default=(0, 0)) for c, found in counts.items()}
        if any(counts.values()):
            return max(marks, key=lambda c: (likely[c], c == ","))
    return ","


def _table(path: Path) -> list[Grid] | Reason:
    if path.stat().st_size > TEXT_BYTES:
        return refuse("file_too_large.text", "file")
    encoding = encoding_of(path)
    if isinstance(encoding, Reason):
        return encoding
    with path.open(encoding=encoding, newline="") as text:
        return csv_grid(text)


def csv_grid(text: io.TextIOBase | Any) -> list[Grid] | Reason:
    """The cells of a CSV text; a quote that is never closed refuses the file, since it would swallow rows."""
    separator = separator_of(list(islice(text, 60)))
    text.seek(0)
    rows: list[list[str]] = []
    widths: list[int] = []
    used = 0
    seen: dict[str, str] = {}
    keep: Callable[[str, str], str] = seen.setdefault
    reader = csv.reader(text, delimiter=separator, strict=True)
    try:
        for cells in reader:
            used += len(cells)
            if used > CELLS or len(cells) > COLUMNS:
                return refuse("sheet_too_large.text", "sheet")
            widths.append(len(cells))
            row = [keep(c, c) for c in cells]
            while row and not row[-1].strip():
                row.pop()
            rows.append(row)
    except csv.Error as e:
        return refuse("csv_quotes", "file", line=reader.line_num, why=str(e))
    if not any(rows):
        return refuse("file_empty.text", "file")
    return [Grid("", rows, widths=tuple(widths), separator=separator)]
