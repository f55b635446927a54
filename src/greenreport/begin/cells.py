"""Cells of a filled workbook read as words, numbers and days; what is wrong with them is gathered, not raised.

Must not know sheets or plans.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from greenreport.begin.columns import choice
from greenreport.errors import Problem

__all__ = ["Cell", "Cells", "Row"]


@dataclass(frozen=True)
class Cell:
    """A cell's text and place."""

    text: str
    where: str
    row: int


Row = dict[str, Cell]


class Cells:
    """Reads the cells of one file; `problems` is everything that is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def wrong(self, cell: Cell | None, zh: str, en: str, *, where: str = "") -> None:
        """Note a problem with a cell, or with the place `where`."""
        self.problems.append(
            Problem(zh, en, self.file, cell.row if cell else None, cell.where if cell else where or None)
        )

    def choice(self, key: str, cell: Cell | None) -> str | None:
        """The meaning of a word in a column with a choice."""
        if cell is None:
            return None
        found, near = choice(key, cell.text)
        if found is None:
            self.wrong(
                cell,
                f"读到“{cell.text}”，可写：{'、'.join(near)}。",
                f"Found {cell.text!r}; write {', '.join(near)}.",
            )
        return found

    def number(self, cell: Cell | None, *, whole: bool = False) -> float | None:
        """The number in a cell: width of digits, grouping and a percent sign do not matter."""
        if cell is None:
            return None
        text = unicodedata.normalize("NFKC", cell.text).replace(",", "").replace(" ", "").removesuffix("%")
        text = text.removesuffix("年") if whole else text
        try:
            value = float(text)
            if value != value or abs(value) == float("inf") or (whole and not value.is_integer()):
                raise ValueError
        except ValueError:
            zh, en = ("整数", "whole number") if whole else ("数字", "number")
            hint = "；公式不计算，请粘贴为数值" if text.startswith("=") else ""
            hint_en = "; formulas are not evaluated, paste the value" if text.startswith("=") else ""
            self.wrong(
                cell, f"读到“{cell.text}”，应为{zh}{hint}。", f"Found {cell.text!r}; a {en} is expected{hint_en}."
            )
            return None
        return value

    def day(self, cell: Cell | None) -> dt.date | None:
        """The day in a cell."""
        if cell is None:
            return None
        parts = re.findall(r"\d+", unicodedata.normalize("NFKC", cell.text))
        try:
            return dt.date(*map(int, parts[:3]))
        except (ValueError, TypeError):
            self.wrong(
                cell,
                f"读到“{cell.text}”，应为日期，如2026-06-30。",
                f"Found {cell.text!r}; a day such as 2026-06-30 is expected.",
            )
            return None
