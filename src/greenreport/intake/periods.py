"""Periods as people write them: `2024年`, `2025年1—9月`, `前三季度`, `H1 2025`; what could mean two is refused with both.

The result is a period of the ledger. Knows no figures.
"""

from __future__ import annotations

import re
from functools import lru_cache

from greenreport.intake.reason import Reason, join_en, join_zh, quoted
from greenreport.intake.words import plain
from greenreport.observations import parse_period

__all__ = ["looks_like_period", "parse_loose_period", "year_to_date"]

_CN_DIGIT = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_MONTHS = {
    name: n
    for n, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_DASH = r"\s*(?:[-–—－~～至到]|to|through)\s*"
_YEAR = r"((?:19|20|21)\d\d)"
_FULL = re.compile(
    rf"(?:截至|至|in|year|fy)?\s*{_YEAR}(?:\.0)?\s*(?:年度|年底|年末|年全年|全年|年)?(?:\((?:全年|年度|full year|annual)\))?"
)
_FULL_EN = re.compile(
    rf"(?:full year|end of|end-|at the end of|year)\s*{_YEAR}|{_YEAR}\s*(?:full year|annual|\(annual\))"
)
_TO_MONTH = re.compile(rf"{_YEAR}\s*(?:年|[-./])?\s*0?1月?{_DASH}0?(1[0-2]|[2-9])\s*月?(?:累计|累计数|份|份累计)?")
_JANUARY = re.compile(rf"{_YEAR}\s*(?:年|[-./])\s*0?1月?(?:份)?(?:累计)?")
_CUMULATIVE = re.compile(
    rf"(?:截至)?{_YEAR}年0?(1[0-2]|[1-9])月(?:底|末)?(?:止)?累计(?:数)?|截至{_YEAR}年0?(1[0-2]|[1-9])月(?:底|末)?"
)
_PART = re.compile(
    rf"{_YEAR}年?(上半年|前三季度|前3季度|一季度|第一季度|1季度|第1季度|前两季度|前二季度|h1|q1)(?:累计)?"
)
_PART_EN = re.compile(
    rf"(h1|q1|first half|first half of|first half-year|first quarter|first three quarters|first three quarters of|first quarter of)\s*{_YEAR}"
)
_EN_MONTHS = re.compile(
    rf"(?:jan|january)\.?{_DASH}([a-z]+)\.?,?\s*{_YEAR}|{_YEAR}\s*(?:jan|january)\.?{_DASH}([a-z]+)\.?"
)
_MONTH = re.compile(rf"{_YEAR}\s*(?:年|[-./])\s*0?(1[0-2]|[1-9])\s*月?(?:份)?")
_QUARTER = re.compile(rf"{_YEAR}年?(?:第)?([二三四2-4])季度|{_YEAR}\s*q([2-4])|q([2-4])\s*{_YEAR}")
_DAY = re.compile(rf"{_YEAR}\s*[-./年]\s*(\d{{1,2}})\s*[-./月]\s*(\d{{1,2}})日?(?: 00:00:00)?")
_SHORT = re.compile(r"'?(\d\d)年(?:度)?")
_PARTS = {
    "上半年": 6,
    "前两季度": 6,
    "前二季度": 6,
    "h1": 6,
    "first half": 6,
    "前三季度": 9,
    "前3季度": 9,
    "first three quarters": 9,
}


def year_to_date(year: int, months: int) -> str:
    """The ledger's period for the first `months` months of a year; 12 is the full year."""
    return str(year) if months == 12 else f"{year:04d}-01/{year:04d}-{months:02d}"


@lru_cache(maxsize=65536)
def parse_loose_period(text: str) -> str | Reason:
    """The ledger's period for what was written, or why it is none.

    >>> parse_loose_period("2025年1—9月")
    '2025-01/2025-09'
    """
    words = _western_digits(plain(text).casefold())
    if found := _FULL.fullmatch(words) or _FULL_EN.fullmatch(words):
        return next(g for g in found.groups() if g)
    if "/" in words and parse_period(words) is not None and len(words) >= 9 and not _DAY.fullmatch(words):
        read = parse_period(words)
        return year_to_date(read.year, read.months) if read and read.months else words
    if found := _TO_MONTH.fullmatch(words):
        return year_to_date(int(found[1]), int(found[2]))
    if found := _JANUARY.fullmatch(words):
        return year_to_date(int(found[1]), 1)
    if found := _CUMULATIVE.fullmatch(words):
        return year_to_date(int(found[1] or found[3]), int(found[2] or found[4]))
    if found := _PART.fullmatch(words):
        return year_to_date(int(found[1]), _PARTS.get(found[2], 3))
    if found := _PART_EN.fullmatch(words):
        return year_to_date(int(found[2]), _PARTS.get(found[1].removesuffix(" of").removesuffix("-year"), 3))
    if (found := _EN_MONTHS.fullmatch(words)) and (month := _MONTHS.get(found[1] or found[4])):
        return year_to_date(int(found[2] or found[3]), month)
    return _refused(words, text)


def _refused(words: str, text: str) -> Reason:
    if found := _MONTH.fullmatch(words):
        year, month = int(found[1]), int(found[2])
        return _ambiguous(text, f"{year}-01/{year}-{month:02d}", f"{year}-{month:02d}/{year}-{month:02d}")
    if found := _QUARTER.fullmatch(words):
        year = int(found[1] or found[3] or found[6])
        q = {"二": 2, "三": 3, "四": 4}.get(found[2] or "", 0) or int(found[2] or found[4] or found[5])
        to_date = year_to_date(year, 3 * q)
        return _ambiguous(text, to_date, f"{year}-{3 * q - 2:02d}/{year}-{3 * q:02d}")
    if found := _DAY.fullmatch(words):
        year, month = int(found[1]), int(found[2])
        candidates = [str(year)] if 1 <= month <= 12 else []
        if 1 <= month < 12:
            candidates.append(year_to_date(year, month))
        return _ambiguous(text, *candidates)
    if found := _SHORT.fullmatch(words):
        return _ambiguous(text, f"20{found[1]}", f"19{found[1]}")
    return Reason(
        "period_unknown",
        "period",
        f"读到“{quoted(text)}”，应为年份（如2024）或年内累计（如2025年1—9月、2025-01/2025-09）。",
        f"Found {quoted(text)!r}; expected a year (2024) or a year to date (Jan–Sep 2025, 2025-01/2025-09).",
    )


def _ambiguous(text: str, *candidates: str) -> Reason:
    return Reason(
        "period_ambiguous",
        "period",
        f"“{quoted(text)}”可能指：{join_zh(candidates)}。请写明是全年、年内累计还是单月（季）。",
        f"{quoted(text)!r} may mean {join_en(candidates)}. Say whether it is the year, the year to date or one month.",
        candidates,
    )


def looks_like_period(text: str) -> bool:
    """Whether the text is meant as a period, even where it can't be told which."""
    read = parse_loose_period(text)
    return isinstance(read, str) or read.code == "period_ambiguous"


def _western_digits(words: str) -> str:
    if not re.match(r"[〇零○一二三四五六七八九]{4}年", words):
        return words
    return "".join(_CN_DIGIT[c] for c in words[:4]) + words[4:]
