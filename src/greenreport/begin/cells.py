"""Cells of a filled workbook read as numbers, years and days; what is wrong with them is gathered, not raised.

A cell is taken only where it is understood whole, by the readers that returns are read with. Must not know sheets or
plans.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import get_column_letter

from greenreport.begin.columns import choice
from greenreport.errors import Problem
from greenreport.intake.numbers import Number, parse_number
from greenreport.intake.reason import Reason, refuse
from greenreport.intake.texts import vintage_of
from greenreport.intake.units import UnitTable
from greenreport.intake.words import plain
from greenreport.plan import Unit
from greenreport.text import Text
from greenreport.words import both, problem

__all__ = ["YEARS", "Cell", "Cells", "Row", "quantity"]

YEARS = range(1950, 2101)
"""The years that a plan and its figures may name."""

_YEAR = {"zh": "年"}
_PEOPLE = {"zh": "人", "en": "people"}


@dataclass(frozen=True)
class Cell:
    """A cell's text and place."""

    text: str
    where: str
    row: int


class Row(dict[str, Cell]):
    """The filled cells of a row by the keys of their columns; `at` is the place of any, filled or not."""

    def __init__(self, cells: Mapping[str, Cell], sheet: str, number: int, columns: Mapping[str, int]) -> None:
        super().__init__(cells)
        self.sheet, self.number, self.columns = sheet, number, columns

    def at(self, *keys: str) -> Cell:
        """The first of some columns that the sheet has; the row's first cell where it has none of them."""
        column = next((self.columns[key] for key in keys if key in self.columns), 0)
        return Cell("", f"{self.sheet}!{get_column_letter(column + 1)}{self.number}", self.number)


def quantity(text: str, unit: Mapping[str, str]) -> Number | Reason:
    """A number in a unit, given by language (none: a bare number), converted where another size of it is written."""
    words = plain(text)
    for name in unit.values():  # a unit such as kWh/m2 holds a digit, and would not be told from the number
        if any(c.isdigit() for c in name) and words.casefold().endswith(plain(name).casefold()):
            words = words[: -len(plain(name))].strip()
    read = parse_number(words)
    if isinstance(read, Reason) or not read.unit:
        return read
    own = unit.get("zh") or unit.get("en") or ""
    if not own:
        return refuse("unit_mismatch.none", "unit", text=text)
    power = UnitTable([Unit("unit", own, unit.get("en") or own)]).shift(read.unit, own)
    if isinstance(power, Reason):
        return power
    return Number(format(Decimal(read.text).scaleb(power), "f") if power else read.text, "", read.marks)


class Cells:
    """Reads the cells of one file; `problems` is everything that is wrong with them, `missing` those that say so."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.missing: list[Cell] = []

    def wrong(self, cell: Cell | None, what: str | Text | Reason, *, where: str = "", **values: object) -> None:
        """Note a problem with a cell, or with the place `where`; a text is the key of what the catalogue says of it."""
        why = both(f"begin.wrong.{what}", **values) if isinstance(what, str) else what
        row, place = (cell.row, cell.where) if cell else (None, where or None)
        self.problems.append(problem(why, self.file, row, place))

    def choice(self, key: str, cell: Cell | None) -> str | None:
        """The meaning of a word in a column with a choice."""
        if cell is None:
            return None
        found, near = choice(key, cell.text)
        if found is None:
            self.wrong(cell, "choice", text=cell.text, words=near)
        return found

    def figure(self, cell: Cell | None, unit: Mapping[str, str]) -> Number | None:
        """The number in a cell, in a unit, with marks such as `rounded` where it is told as about or more than."""
        if cell is None:
            return None
        read = quantity(cell.text, unit)
        if isinstance(read, Reason):
            self.wrong(cell, read)
            return None
        return read

    def number(self, cell: Cell | None, unit: Mapping[str, str]) -> float | None:
        """The number in a cell, which has to be an exact one."""
        read = self.figure(cell, unit)
        if read is None or cell is None:
            return None
        if read.marks:
            self.wrong(cell, "not_exact", text=cell.text)
            return None
        return float(read.text)

    def whole(self, cell: Cell | None, within: range, unit: Mapping[str, str]) -> int | None:
        """The whole number in a cell, within bounds."""
        if cell is None:
            return None
        read = quantity(cell.text, unit)
        if isinstance(read, Number) and not read.marks:
            value = float(read.text)
            if value.is_integer() and int(value) in within:
                return int(value)
        self.wrong(cell, "not_whole", text=cell.text, first=within[0], last=within[-1])
        return None

    def year(self, cell: Cell | None) -> int | None:
        """The year in a cell."""
        return self.whole(cell, YEARS, _YEAR)

    def people(self, cell: Cell | None) -> int | None:
        """The number of inhabitants in a cell."""
        return self.whole(cell, range(10**11), _PEOPLE)

    def day(self, cell: Cell | None) -> dt.date | None:
        """The day in a cell."""
        if cell is None:
            return None
        read = vintage_of(cell.text, dt.date(YEARS[-1], 12, 31))
        if isinstance(read, dt.date):
            return read
        self.wrong(cell, "not_a_day", text=cell.text)
        return None
