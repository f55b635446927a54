"""Periods of the ledger: a year, a year to date, or another ISO interval. Knows no figures."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

__all__ = ["Period", "parse_period"]

_POINT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class Period:
    """An interval of days, both ends included.

    `year` is the calendar year that it is, or begins, as a full year or a year to date; 0 for any other interval.
    `months` is 12 for a full year, 1…11 for a year to date, 0 for any other interval.
    """

    first: date
    last: date
    year: int
    months: int


@lru_cache(maxsize=65536)
def parse_period(text: str) -> Period | None:
    """Read `2023`, `2025-01/2025-09`, `2011/2015`, `2020-11-01/2020-11-11`, …; None if it is no such interval.

    >>> parse_period("2025-01/2025-09").months
    9
    """
    parts = text.split("/")
    if len(parts) > 2:
        return None
    first, last = _days(parts[0]), _days(parts[-1])
    if first is None or last is None or last[1] < first[0] or len(parts[0]) != len(parts[-1]):
        return None
    start, end = first[0], last[1]
    from_new_year = (start.month, start.day) == (1, 1) and start.year == end.year
    whole_months = end.day == calendar.monthrange(end.year, end.month)[1]
    if from_new_year and whole_months:
        return Period(start, end, start.year, end.month)
    return Period(start, end, 0, 0)


def _days(text: str) -> tuple[date, date] | None:
    """First and last day of a year, month or day."""
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(g) if g else None for g in match.groups())
    try:
        if year is None or year < 1900:
            return None
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        return None
