"""Tables as bureaus send them, from `tables.txt`: each with the figures that may be read from it.

A table begins with `# name`, is written with `|` between its cells (`'` before a number that is stored as text, ⏎ for a
break within a cell), begins a new sheet with `% name`, names merged cells with `! A1:C1`, and ends with `=` and what may be
read: indicator, area, period (2026-6: January to June), value and perhaps growth (`-`: none may be read). A last `?` means that it may be refused.
"""

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

INDICATORS = {"or": "online_retail", "rv": "recycled_volume", "gm": "green_mall", "gh": "green_hotel"}
AREAS = {
    "国": "100000",
    "市": "500000",
    "万州": "500101",
    "涪陵": "500102",
    "渝中": "500103",
    "黔江": "500114",
    "石柱": "500240",
}


@dataclass
class Table:
    """Sheets by name, merged ranges, and (indicator, area, period) → (value, growth or None)."""

    name: str
    sheets: dict = field(default_factory=dict)
    merges: list = field(default_factory=list)
    allowed: dict = field(default_factory=dict)
    required: bool = True


def tables():
    """Every table of the file, in its order."""
    out = []
    for part in Path(__file__).with_name("tables.txt").read_text(encoding="utf-8").split("\n# "):
        lines = part.removeprefix("# ").rstrip("\n").split("\n")
        table, sheet = Table(lines[0]), "Sheet1"
        for line in lines[1:-1]:
            if line.startswith("% "):
                sheet = line[2:]
            elif line.startswith("! "):
                table.merges = line[2:].split()
            else:
                table.sheets.setdefault(sheet, []).append(line.replace("⏎", "\n").split("|"))
        assert lines[-1].startswith("="), table.name
        table.required = not lines[-1].endswith("?")
        for told in filter(None, map(str.strip, lines[-1].strip("=? ").split(";"))):
            indicator, area, period, value, *growth = told.split()
            year, _, month = period.partition("-")
            key = INDICATORS[indicator], AREAS[area], f"{year}-01/{year}-{month:0>2}" if month else year
            table.allowed[key] = float(value), _growth(*growth)
        out.append(table)
    return out


def _growth(text=None):
    return None if text is None else float("nan" if text == "-" else text)


def workbook(path, sheets, merges=(), hidden=(), formats=None):
    """Rows by the name of their sheet as a workbook; in each the same cells merged, rows hidden and formats by cell."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([c if c != "" else None for c in row])
        for cells in merges:
            sheet.merge_cells(cells)
        for row in hidden:
            sheet.row_dimensions[row].hidden = True
        for cell, form in (formats or {}).items():
            sheet[cell].number_format = form
    book.save(path)
    return path


def made(table, folder):
    """The table as a workbook and, where it is one sheet without merged cells, as a CSV."""
    sheets = {name: [[_typed(c) for c in row] for row in rows] for name, rows in table.sheets.items()}
    paths = [workbook(folder / "given.xlsx", sheets, table.merges)]
    if list(table.sheets) == ["Sheet1"] and not table.merges:
        rows = [[c.removeprefix("'") for c in row] for row in table.sheets["Sheet1"]]
        paths.append(_csv(rows, folder / "given.csv"))
    return paths


def as_book(table, path):
    """A table of the grammar as a workbook."""
    return workbook(path, {table.sheet: table.rows}, table.merges, table.hidden)


def as_csv(table, path):
    """A table of the grammar as a CSV."""
    return _csv(table.rows, path)


def _csv(rows, path):
    width = max(map(len, rows))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*r, *[""] * (width - len(r))] for r in rows)
    return path


def _typed(text):
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text) if "." in text else int(text)
    return text.removeprefix("'") or None
