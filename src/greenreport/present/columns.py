"""Columns of figures and their cells: one unit and the same decimals throughout, named in the head, typed in the data.

Chooses units and decimals, and writes figures by `numbers`; knows no indicator, no area and no verdict.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable
from dataclasses import dataclass

from greenreport.plan import Unit
from greenreport.present.catalog import t
from greenreport.present.numbers import (
    bare_interval,
    bracketed,
    decimal,
    fitting,
    in_language,
    number,
    sensible,
    smaller,
    spanned,
    unit_header,
)
from greenreport.present.show import Field
from greenreport.present.tabulate import Column, Mark

__all__ = [
    "PERCENT",
    "Measure",
    "count_cell",
    "count_column",
    "date_column",
    "estimate_cell",
    "estimate_range",
    "headed",
    "measure",
    "range_column",
    "raw",
    "share_bar",
    "share_cell",
    "share_column",
    "share_range",
    "text_field",
    "year_cell",
    "year_column",
]

PERCENT = "%"
_MOST = 4
"""Decimals that a column has at most."""


@dataclass(frozen=True)
class Measure:
    """How the figures of one column are written: in one unit, with the same decimals.

    Args:
        lang: language.
        unit: the unit as a head names it.
        factor: ledger value × factor = figure shown.
        decimals: digits after the point.
    """

    lang: str
    unit: str
    factor: float
    decimals: int

    def column(self, key: str, header: str, *, width: int = 2) -> Column:
        """A column of such figures."""
        return Column(
            key, headed(header, self.unit, self.lang), "right", width, fields=(Field(key, header, self.unit),)
        )

    def range_column(self, key: str, header: str, *, width: int = 3) -> Column:
        """A column of ranges: two figures in the data."""
        return range_column(key, header, self.lang, unit=self.unit, width=width)

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

    def range(self, low: float | None, high: float | None) -> Mark:
        """A cell with a range."""
        if low is None or high is None:
            return Mark(t("number.missing", self.lang), raw=(None, None))
        dash = "—" if self.lang == "zh" else "–"
        return Mark(f"{self.text(low)}{dash}{self.text(high)}", raw=(self.shown(low), self.shown(high)))


def measure(values: Iterable[float | None], unit: Unit, lang: str) -> Measure:
    """The unit and the decimals that suit all figures of a column.

    The next smaller unit is taken where most figures are below one of it; decimals leave the smallest figures two
    digits and the middle one three.

    Args:
        values: in the ledger's unit; None for missing.
        unit: of the ledger.
        lang: language.
    """
    known = [v for v in values if v is not None and math.isfinite(v) and v != 0]
    scaled = sorted(abs(in_language(v, unit, lang)) for v in known)
    factor = 1.0
    if known and (small := fitting(unit, lang, sorted(known, key=abs)[len(known) // 2])) is not unit:
        unit, factor = small, smaller(unit, lang)[1]
        scaled = [v * factor for v in scaled]
    base = unit.decimals_zh if lang == "zh" else unit.decimals_en
    parts = [v for v in scaled if abs(v - round(v)) > 1e-9]
    decimals = min(_MOST, max(base, 1 - _order(min(parts)), 2 - _order(scaled[len(scaled) // 2]))) if parts else 0
    if factor != 1.0 and not base:
        decimals = 0  # vehicles and tonnes, not their fractions
    return Measure(lang, unit_header(unit, lang), factor * (1.0 if lang == "zh" else unit.en_scale), decimals)


def _order(value: float) -> int:
    """The power of ten of a positive figure."""
    return math.floor(math.log10(value))


def headed(header: str, unit: str, lang: str) -> str:
    """A head with its unit: 预测值（亿元）, Forecast (CNY billion)."""
    return header + bracketed(unit, lang)


def range_column(key: str, header: str, lang: str, *, unit: str = "", width: int = 4) -> Column:
    """A column of ranges: two figures in the data."""
    ends = tuple(Field(f"{key}_{end}", t(f"columns.{end}", lang, what=header), unit) for end in ("low", "high"))
    return Column(key, headed(header, unit, lang), "right", width, fields=ends)


def raw(value: float | None, unit: Unit, lang: str) -> float | None:
    """A ledger value as a figure of the language's header unit, for columns whose rows differ in unit."""
    return None if value is None or not math.isfinite(value) else in_language(value, unit, lang)


def estimate_cell(value: float | None, unit: Unit, lang: str) -> Mark:
    """An estimate where rows differ in unit and a column names it."""
    return Mark(number(value, unit, lang), raw=(raw(value, unit, lang),))


def estimate_range(low: float | None, high: float | None, unit: Unit, lang: str) -> Mark:
    """A range where rows differ in unit and a column names it."""
    return Mark(bare_interval(low, high, unit, lang), raw=(raw(low, unit, lang), raw(high, unit, lang)))


def share_column(key: str, header: str, lang: str, *, width: int = 2) -> Column:
    """A column of percentages, the sign in its head."""
    return Column(key, headed(header, PERCENT, lang), "right", width, fields=(Field(key, header, PERCENT),))


def share_cell(share: float | None, lang: str, decimals: int = 1, *, probability: bool = False) -> Mark:
    """A percentage; a probability's ends are not told as certainties: <1, >99."""
    if share is None or not math.isfinite(share):
        return Mark(t("number.missing", lang), raw=(None,))
    if probability:
        text = "<1" if share < 0.01 else ">99" if share > 0.99 else decimal(share * 100, lang, 0)
    else:
        text = decimal(share * 100, lang, decimals)
    return Mark(text, raw=(float(f"{share * 100:.8g}"),))


def share_range(low: float | None, high: float | None, lang: str, decimals: int = 0) -> Mark:
    """A range of percentages."""
    if low is None or high is None:
        return Mark(t("number.missing", lang), raw=(None, None))
    ends = (decimal(low * 100, lang, decimals), decimal(high * 100, lang, decimals))
    return Mark(spanned(*ends, lang), raw=(float(f"{low * 100:.8g}"), float(f"{high * 100:.8g}")))


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


def count_column(key: str, header: str, *, width: int = 2, unit: str = "") -> Column:
    """A column of whole numbers."""
    return Column(key, header, "right", width, fields=(Field(key, header, unit),))


def count_cell(n: int | None, lang: str, text: str | None = None) -> Mark:
    """A whole number, in other words if `text` has them."""
    return Mark(text if text is not None else t("number.missing", lang) if n is None else decimal(n, lang, 0), raw=(n,))


def year_column(key: str, header: str, *, width: int = 2) -> Column:
    """A column of years."""
    return count_column(key, header, width=width)


def year_cell(year: int | None, lang: str, note: str = "") -> Mark:
    """A year, with what is to be noted of its figure."""
    if year is None:
        return Mark(t("number.missing", lang), raw=(None,))
    return Mark(f"{year}{bracketed(note, lang)}", raw=(year,))


def date_column(key: str, header: str, *, width: int = 3) -> Column:
    """A column of ISO dates."""
    return Column(key, header, width=width, fields=(Field(key, header, type="date"),))


def text_field(key: str, label: str) -> Field:
    """A column of words in the data."""
    return Field(key, label, type="text")
