"""Cells of a filled workbook read as numbers, years and days, or why they cannot be.

A cell is taken only where it is understood whole, by the readers that returns are read with. Must not know sheets or
plans.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import get_column_letter

from greenreport.intake.numbers import Number, parse_number
from greenreport.intake.reason import Reason, refuse
from greenreport.intake.texts import vintage_of
from greenreport.intake.units import UnitTable
from greenreport.intake.words import plain
from greenreport.plan import Unit
from greenreport.text import Text
from greenreport.words import both

__all__ = [
    "YEARS", "Cell", "Row", "Why", "quantity", "read_day", "read_number", "read_people", "read_whole", "read_year",
]  # fmt: skip

YEARS = range(1950, 2101)
"""The years that a plan and its figures may name."""

Why = Text | Reason
"""Why a cell cannot be read."""


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


def read_number(text: str, unit: Mapping[str, str]) -> float | Why:
    """A number in a unit, which has to be an exact one."""
    read = quantity(text, unit)
    if isinstance(read, Reason):
        return read
    return both("begin.wrong.not_exact", text=text) if read.marks else float(read.text)


def read_whole(text: str, within: range, unit: Mapping[str, str] | None = None) -> int | Why:
    """A whole number within bounds."""
    read = read_number(text, unit or {})
    if isinstance(read, float) and read.is_integer() and int(read) in within:
        return int(read)
    return both("begin.wrong.not_whole", text=text, first=within[0], last=within[-1])


def read_year(text: str) -> int | Why:
    """A year of a plan."""
    return read_whole(text, YEARS, {"zh": "年"})


def read_people(text: str) -> int | Why:
    """A number of inhabitants."""
    return read_whole(text, range(10**11), {"zh": "人", "en": "people"})


def read_day(text: str) -> dt.date | Why:
    """A day in any usual spelling."""
    read = vintage_of(text, dt.date(YEARS[-1], 12, 31))
    return read if isinstance(read, dt.date) else both("begin.wrong.not_a_day", text=text)
