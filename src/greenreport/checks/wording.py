"""Figures, periods and changes as the findings of a check tell them, in both languages. Judges nothing, knows no file.

The numbers keep every digit of the ledger; English has the units in which reports in English give them.
"""

from __future__ import annotations

import math

from greenreport.observations import parse_period
from greenreport.plan import Unit
from greenreport.text import Text
from greenreport.words import both

__all__ = ["change", "number", "period", "quantity"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def number(value: float) -> str:
    """Up to ten digits, with separators of thousands.

    >>> number(1350.5)
    '1,350.5'
    """
    return f"{value:,.10g}"


def quantity(value: float, unit: Unit) -> Text:
    """A figure of the ledger with its unit: 0.8964万台, 8,964 vehicles."""
    return Text(f"{number(value)}{unit.zh}", f"{unit.en_prefix}{number(value * unit.en_scale)}{unit.en_suffix}")


def period(text: str) -> Text:
    """A period of the ledger: 2024年, 2024; 2025年1—9月, January–September 2025; anything else as it stands."""
    span = parse_period(text)
    if span is None or not span.months:
        return Text(text, text)
    key = {12: "year", 1: "january"}.get(span.months, "to_date")
    return both(f"ledger.{key}", year=span.year, months=span.months, month=_MONTHS[span.months - 1])


def change(pct: float, *, revised: bool = False) -> Text:
    """A change in per cent with its direction in words: 下降16.1%, down 16.1%; of a revision 下调16.1%."""
    if not math.isfinite(pct):
        return both("finding.from_nothing")
    way = ("raised" if pct >= 0 else "lowered") if revised else ("up" if pct >= 0 else "down")
    return both(f"finding.{way}", size=f"{abs(pct):,.1f}%")
