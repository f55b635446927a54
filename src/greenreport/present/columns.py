"""The columns of a table, each told once, and their cells: one unit and the same decimals, named in the head, typed in the data.

Chooses units and decimals, and writes figures by `numbers`; knows no indicator, no area and no verdict.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from greenreport.plan import Unit
from greenreport.present.numbers import (
    bare_interval,
    bracketed,
    decimal,
    fitting,
    in_language,
    number,
    sensible,
    spanned,
    unit_header,
)
from greenreport.present.show import Field, Table
from greenreport.present.tabulate import Align, Cell, Column, Mark, table
from greenreport.words import t

PERCENT = "%"
_MOST = 4
"""Decimals that a column has at most."""

Row = TypeVar("Row")


class Columns(Generic[Row]):
    """The columns of a table, each told once: its key, what it shows of a row, and its heading.

    The table on screen and in print and the sheet for download all follow from them. A row is any object; `cell` makes
    of it a text or a [Mark], `of` the value that the column writes in its own way. A column without a `header` has the
    words of its key: those of `topic` in the catalogue.
    """

    def __init__(self, lang: str, topic: str = "") -> None:
        self.lang = lang
        self._topic = topic
        self._columns: list[tuple[Column, Callable[[Row], Cell]]] = []

    def add(self, column: Column, cell: Callable[[Row], Cell]) -> None:
        """Any column, with what makes its cells."""
        self._columns.append((column, cell))

    def text(
        self,
        key: str,
        cell: Callable[[Row], Cell],
        header: str = "",
        *,
        width: int = 1,
        align: Align = "left",
        fields: tuple[Field, ...] = (),
    ) -> None:
        """Words; or what has several `fields` in the data."""
        self.add(Column(key, self._header(key, header), align, width, fields), cell)

    def figure(
        self,
        key: str,
        cell: Callable[[Row], Mark],
        header: str = "",
        *,
        width: int = 3,
        unit: str = "",
        named: bool = False,
    ) -> None:
        """Figures that come as cells, in a unit that the data name, the heading too where `named`."""
        header = self._header(key, header)
        shown = headed(header, unit, self.lang) if named else header
        self.add(Column(key, shown, "right", width, (Field(key, header, unit),)), cell)

    def count(self, key: str, of: Callable[[Row], int | None], header: str = "", *, width: int = 2) -> None:
        """Whole numbers."""
        self.number(key, of, header, decimals=0, width=width)

    def number(
        self, key: str, of: Callable[[Row], float | None], header: str = "", *, decimals: int, width: int = 3
    ) -> None:
        """Figures with so many digits after the point."""

        def cell(row: Row) -> Mark:
            value = of(row)
            return missing_cell(self.lang) if value is None else Mark(decimal(value, self.lang, decimals), raw=(value,))

        self.figure(key, cell, header, width=width)

    def year(self, key: str, of: Callable[[Row], int | None], header: str = "") -> None:
        """Years."""
        self.figure(key, lambda row: year_cell(of(row), self.lang), header, width=2)

    def share(
        self,
        key: str,
        of: Callable[[Row], float | Mark | None],
        header: str = "",
        *,
        width: int = 2,
        decimals: int = 1,
        probability: bool = False,
    ) -> None:
        """Shares as percentages, as [share_cell] writes them, or cells that are ready."""

        def cell(row: Row) -> Mark:
            share = of(row)
            return share if isinstance(share, Mark) else share_cell(share, self.lang, decimals, probability=probability)

        self.figure(key, cell, header, width=width, unit=PERCENT, named=True)

    def date(self, key: str, of: Callable[[Row], date | None], header: str = "") -> None:
        """ISO dates."""
        header = self._header(key, header)

        def cell(row: Row) -> Mark:
            day = of(row)
            text = f"{day:%Y-%m-%d}" if day else ""
            return Mark(text, raw=(text,)) if day else missing_cell(self.lang)

        self.add(Column(key, header, width=3, fields=(Field(key, header, type="date"),)), cell)

    def range(self, key: str, cell: Callable[[Row], Mark], header: str = "", *, unit: str = "", width: int = 4) -> None:
        """Ranges, two figures in the data."""
        header = self._header(key, header)
        ends = [Field(f"{key}_{end}", t(f"columns.{end}", self.lang, what=header), unit) for end in ("low", "high")]
        self.add(Column(key, headed(header, unit, self.lang), "right", width, tuple(ends)), cell)

    def _header(self, key: str, header: str) -> str:
        return header or t(f"{self._topic}.{key}", self.lang)

    def table(
        self,
        rows: Iterable[Row],
        *,
        label: str,
        caption: str,
        notes: Sequence[str] = (),
        start: bool = False,
        screen: bool = True,
    ) -> Table:
        """The table of these rows; options as of [table]."""
        cells = [{column.key: cell(row) for column, cell in self._columns} for row in rows]
        columns = [column for column, _ in self._columns]
        return table(columns, cells, label=label, caption=caption, notes=notes, start=start, screen=screen)


class Ends(Protocol):
    """Whatever has a range."""

    @property
    def low(self) -> float | None:
        """Its lower end."""

    @property
    def high(self) -> float | None:
        """Its upper end."""


@dataclass(frozen=True)
class Measure:
    """How the figures of one column are written: in one unit, with the same decimals; ledger value × factor = figure shown."""

    lang: str
    unit: str
    factor: float
    decimals: int

    def shown(self, value: float | None) -> float | None:
        """A ledger value in the unit of the column."""
        return None if value is None or not math.isfinite(value) else float(f"{value * self.factor:.12g}")

    def text(self, value: float | None) -> str:
        """A ledger value as the column writes it."""
        found = self.shown(value)
        return t("number.missing", self.lang) if found is None else decimal(sensible(found), self.lang, self.decimals)

    def cell(self, value: float | None) -> Mark:
        """A cell with one figure."""
        return Mark(self.text(value), raw=(self.shown(value),))

    def range(self, of: Ends | None) -> Mark:
        """A cell with a range; None is missing."""
        if of is None or of.low is None or of.high is None:
            return missing_cell(self.lang, 2)
        ends = (self.text(of.low), self.text(of.high))
        return Mark(spanned(*ends, self.lang), raw=(self.shown(of.low), self.shown(of.high)))


def measure(values: Iterable[float | None], unit: Unit, lang: str) -> Measure:
    """The unit and the decimals that suit all figures of a column, given in the ledger's unit.

    The unit is that of the middle figure: the next smaller one where most are below one of it; decimals leave the smallest figures two
    digits and the middle one three.
    """
    known = sorted((v for v in values if v is not None and math.isfinite(v) and v != 0), key=abs)
    factor = 1.0
    if known:
        unit, factor = fitting(unit, lang, known[len(known) // 2])
    scaled = [abs(in_language(v, unit, lang)) * factor for v in known]
    decimals = _column_decimals(scaled, unit.decimals_zh if lang == "zh" else unit.decimals_en, whole=factor != 1.0)
    return Measure(lang, unit_header(unit, lang), factor * in_language(1.0, unit, lang), decimals)


def _column_decimals(values: Sequence[float], base: int, *, whole: bool) -> int:
    """Digits after the point for positive figures as shown, smallest first.

    Figures of a smaller unit without digits of its own are `whole`: vehicles and tonnes, not their fractions.
    """
    parts = [v for v in values if abs(v - round(v)) > 1e-9]
    if not parts or (whole and not base):
        return 0
    return min(_MOST, max(base, 1 - _order(min(parts)), 2 - _order(values[len(values) // 2])))


def missing_cell(lang: str, fields: int = 1) -> Mark:
    """The cell of what there is no figure for, in a column with so many fields."""
    return Mark(t("number.missing", lang), raw=(None,) * fields)


def _order(value: float) -> int:
    """The power of ten of a positive figure."""
    return math.floor(math.log10(value))


def headed(header: str, unit: str, lang: str) -> str:
    """A head with its unit: 预测值（亿元）, Forecast (CNY billion)."""
    return header + bracketed(unit, lang)


def raw(value: float | None, unit: Unit, lang: str) -> float | None:
    """A ledger value as a figure of the language's header unit, for columns whose rows differ in unit."""
    return None if value is None or not math.isfinite(value) else in_language(value, unit, lang)


def estimate_cell(value: float | None, unit: Unit, lang: str) -> Mark:
    """An estimate where rows differ in unit and a column names it."""
    return Mark(number(value, unit, lang), raw=(raw(value, unit, lang),))


def estimate_range(low: float | None, high: float | None, unit: Unit, lang: str) -> Mark:
    """A range where rows differ in unit and a column names it."""
    return Mark(bare_interval(low, high, unit, lang), raw=(raw(low, unit, lang), raw(high, unit, lang)))


def share_cell(share: float | None, lang: str, decimals: int = 1, *, probability: bool = False) -> Mark:
    """A percentage; a probability's ends are not told as certainties: <1, >99."""
    if share is None or not math.isfinite(share):
        return missing_cell(lang)
    if probability:
        text = "<1" if share < 0.01 else ">99" if share > 0.99 else decimal(share * 100, lang, 0)
    else:
        text = decimal(share * 100, lang, decimals)
    return Mark(text, raw=(float(f"{share * 100:.8g}"),))


def share_range(of: Ends | None, lang: str) -> Mark:
    """A range of percentages; None is missing."""
    if of is None or of.low is None or of.high is None:
        return missing_cell(lang, 2)
    ends = (of.low * 100, of.high * 100)
    low, high = (decimal(end, lang, 0) for end in ends)
    return Mark(spanned(low, high, lang), raw=tuple(float(f"{end:.8g}") for end in ends))


def share_bar(share: float | None, lang: str, *, mark: float | None = None) -> Mark:
    """A percentage over a bar as long as it; `mark` is the share to compare with, drawn as a line."""
    cell = share_cell(share, lang)
    if share is None or not math.isfinite(share):
        return cell
    ends = [f"--p:{min(max(share, 0.0), 1.0) * 100:.4g}%"]
    if mark is not None:
        ends.append(f"--m:{min(max(mark, 0.0), 1.0) * 100:.4g}%")
    screen = f'<span class="gr-progress" style="{";".join(ends)}">{html.escape(cell.text)}</span>'
    return Mark(cell.text, screen, cell.raw)


def year_cell(year: int | None, lang: str, note: str = "") -> Mark:
    """A year, with what is to be noted of its figure."""
    if year is None:
        return missing_cell(lang)
    return Mark(f"{year}{bracketed(note, lang)}", raw=(year,))


def text_field(key: str, label: str) -> Field:
    """A column of words in the data."""
    return Field(key, label, type="text")
