"""Periods as people write them: `2024年`, `2025年1—9月`, `前三季度`, `H1 2025`; what could mean two is refused with both.

A period may be said in parts, the year in a title and the months in a head: each part is a [Span], and parts are joined
from the nearest to the figure outwards. The result is a period of the ledger. Knows no figures.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from greenreport.intake.reason import Reason, refuse
from greenreport.intake.words import plain
from greenreport.observations import parse_period

__all__ = ["CLASH", "Span", "agreed", "joined", "parse_loose_period", "spans_at", "year_to_date"]


@dataclass(frozen=True)
class Span:
    """A part of what is said of a period.

    `year`: 0 where none is said; `part`: `""` nothing said of the months, `year` the whole, `to` the first `n` months,
    `month`, `quarter`, `other` (months that no ledger of years to date can hold), or `open` (半年报, 月度, 近3个月: parts of
    `n` months, 0 if that is open too, without saying which); `day`: a day, which is no period;
    `years`: a span of several years, which says nothing of one.
    """

    year: int = 0
    part: str = ""
    n: int = 0
    day: date | None = None
    years: bool = False

    def cumulative(self) -> Span:
        """The same from the beginning of the year, where it is said to be cumulative."""
        if self.part == "month":
            return replace(self, part="to")
        return replace(self, part="to", n=3 * self.n) if self.part == "quarter" else self

    @property
    def end(self) -> int:
        """The last month of a part of which that is said; else 0."""
        return {"to": self.n, "year": 12, "month": self.n, "quarter": 3 * self.n}.get(self.part, 0)

    @property
    def is_period(self) -> bool:
        """Whether it could be a part of a period: a span of several years is none, nor is a day."""
        return not self.years and self.day is None

    @property
    def said(self) -> str:
        """A spelling that [parse_loose_period] reads, or refuses, again."""
        year = f"{self.year}年" if self.year else ""
        if self.part == "to":
            return year_to_date(self.year, self.n) if self.year else f"1—{self.n}月"
        if self.part in ("other", "open"):
            return year + (_OPEN[self.n] if self.part == "open" else "其他时段")
        if self.part == "short":
            return f"{self.year:02d}年"
        return f"{year}{self.n}{_UNIT[self.part]}" if self.part in _UNIT else str(self.year or "")


CLASH = Span(part="clash")
_UNIT = {"month": "月", "quarter": "季度"}
_OPEN = {6: "半年", 3: "季度", 1: "月度", 0: "近几个月"}
_CN = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_NAMES = "jan january|feb february|mar march|apr april|may may|jun june|jul july|aug august|sep september|oct october|nov november|dec december"
_MONTHS = {name: n for n, names in enumerate(_NAMES.split("|"), start=1) for name in names.split()} | {"sept": 9}
_MONTH_WORD = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_DASH = r"\s*(?:[-–—－~～至到]|to|through)\s*"
_Y = r"(?<!\d)((?:19|20|21)\d\d)"
_LEAD = r"(?:截至|截止到?|至|in |year |fy ?)?"
_M = r"0?(1[0-2]|[1-9])"


def _year(text: str) -> int:
    return int(text) if text else 0


def _to(m: re.Match[str], n: int, year: int = 1) -> Span:
    return Span(_year(m[year]), "to", n) if n < 12 else Span(_year(m[year]), "year")


def _range(m: re.Match[str]) -> Span:
    first, last = int(m[2]), int(m[3])
    return _to(m, last) if first == 1 else Span(_year(m[1]), "other")


def _quarters(m: re.Match[str]) -> Span:
    first, last = (_QUARTERS.get(n) or int(n) for n in (m[2], m[3]))
    return _to(m, 3 * last) if first == 1 else Span(_year(m[1]), "other")


def _day(m: re.Match[str], *, closed: bool = False) -> Span:
    try:
        day = date(int(m[1]), int(m[2]), int(m[3]))
    except ValueError:
        return CLASH
    if closed and day.day == calendar.monthrange(day.year, day.month)[1]:
        return Span(day.year, "to", day.month) if day.month < 12 else Span(day.year, "year")
    return Span(day=day)


def _interval(m: re.Match[str]) -> Span:
    first, last = (int(m[1]), int(m[2])), (int(m[3]), int(m[4]))
    if first[0] == last[0] and first[1] == 1:
        return Span(first[0], "year") if last[1] == 12 else Span(first[0], "to", last[1])
    return Span(first[0], "other")


_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_HALF = {"上半年": 6, "前三季度": 9, "前3季度": 9, "前两季度": 6, "前二季度": 6}
_FORMS: list[tuple[str, Callable[[re.Match[str]], Span]]] = [
    (rf"(?:截至|截止到?){_Y}[-./年]\s*(\d{{1,2}})[-./月]\s*(\d{{1,2}})日?(?:止|底)?", lambda m: _day(m, closed=True)),
    (rf"(?!\d{{4}}[./年]\s*\d{{1,2}}-){_Y}\s*[-./年]\s*(\d{{1,2}})\s*[-./月]\s*(\d{{1,2}})(?:日|(?!\d))(?: ?00:00:00)?", _day),
    (rf"{_Y}-(\d\d)/((?:19|20|21)\d\d)-(\d\d)(?!\d)", _interval),
    (rf"{_Y}\s*[-./年]\s*{_M}\s*月?{_DASH}((?:19|20|21)\d\d)\s*[-./年]\s*{_M}(?!\d)月?(?:份)?", _interval),
    (rf"{_Y}\s*年?{_DASH}((?:19|20|21)\d\d)(?!\d)年?(?:度)?", lambda m: Span(years=True)),
    (rf"(?:{_Y}\s*(?:年度?|[-./])?)?\s*(?<!\d){_M}\s*月?{_DASH}{_M}\s*月(?:份)?", _range),
    (rf"{_Y}\s*(?:年|[-./])?\s*0?(1)月?{_DASH}0?(1[0-2]|[2-9])(?!\d)", _range),
    (rf"(?:截至|截止到?){_Y}?年?{_M}月(?:份)?(?:底|末)?(?:止)?", lambda m: _to(m, int(m[2]))),
    (rf"(?:{_Y}年)?(?<!\d){_M}月(?:底|末)(?:止)?", lambda m: _to(m, int(m[2]))),
    (rf"(?:{_Y}\s*年?(?:度)?)?(上半年|前三季度|前3季度|前两季度|前二季度)", lambda m: _to(m, _HALF[m[2]])),
    (rf"(?:{_Y}\s*年?(?:度)?)?前\s*([1-9]|1[0-2])\s*个?月", lambda m: _to(m, int(m[2]))),
    (rf"(?:{_Y}\s*年?(?:度)?)?下半年", lambda m: Span(_year(m[1]), "other")),
    (rf"(?<!\d)(?:{_Y}\s*年?(?:度)?)?第?([一二三四1-4])(?:季度?)?{_DASH}第?([一二三四1-4])季度", _quarters),
    (rf"(?:{_Y}\s*年?(?:度)?)?(?:半年度?报?)", lambda m: Span(_year(m[1]), "open", 6)),
    (rf"(?:{_Y}\s*年?(?:度)?)?(?:季[度报]|[分各每逐按]季度?)", lambda m: Span(_year(m[1]), "open", 3)),
    (rf"(?:{_Y}\s*年?(?:度)?)?(?:月[度报]|[分各每逐按]月份?)", lambda m: Span(_year(m[1]), "open", 1)),
    (rf"(?:{_Y}\s*年?(?:度)?)?最?近(?:\d{{1,2}}|[一二三四五六七八九十两几])(?:个月|个?季度)", lambda m: Span(_year(m[1]), "open")),
    (r"最?近(?:\d{1,2}|[一二三四五六七八九十两几])年", lambda m: Span(years=True)),
    (rf"(?:统计)?年鉴[ (]*{_Y}(?:年版?)?|{_Y}年?[市区县重庆商务]{{0,6}}统计年鉴", lambda m: Span(years=True)),  # of the book
    (rf"(?:{_Y}\s*年?(?:度)?)?第?([一二三四1-4])季(?:度|报)", lambda m: Span(_year(m[1]), "quarter", _QUARTERS.get(m[2]) or int(m[2]))),
    (rf"{_Y}\s*(?:年|[-./])\s*{_M}\s*月?(?:份)?(?!\d)", lambda m: Span(_year(m[1]), "month", int(m[2]))),
    (rf"()(?<![\d.]){_M}月(?:份)?", lambda m: Span(0, "month", int(m[2]))),
    (rf"{_LEAD}{_Y}(?:\.0(?!\d))?\s*(?:年全年|全年)", lambda m: Span(_year(m[1]), "year")),
    (rf"{_LEAD}{_Y}(?:\.0(?!\d))?(?!\d)\s*(?:年度|年底|年末|年)?", lambda m: Span(_year(m[1]))),
    (r"()全年(?!目标|计划|任务)", lambda m: Span(0, "year")),
    (r"([〇零○一二三四五六七八九]{4})年(?:度)?", lambda m: Span(int("".join(str(_CN[c]) for c in m[1])))),
    (r"(?<!\d)'?(\d\d)年(?:度)?(?!\d)", lambda m: Span(int(m[1]), "short")),
    (rf"(?:h1|first half(?:-year)?(?: of)?)\s*(?:{_Y})?", lambda m: _to(m, 6)),
    (rf"{_Y}\s*h1(?!\d)", lambda m: _to(m, 6)),
    (rf"first three quarters(?: of)?\s*(?:{_Y})?", lambda m: _to(m, 9)),
    (rf"(?:first quarter(?: of)?|q1)\s*(?:{_Y})?", lambda m: _to(m, 3)),
    (rf"{_Y}\s*q([1-4])(?!\d)", lambda m: Span(_year(m[1]), "quarter", int(m[2]))),
    (rf"q([2-4])(?!\d)\s*{_Y}?", lambda m: Span(_year(m[2]), "quarter", int(m[1]))),
    (rf"(?:jan|january)\.?{_DASH}{_MONTH_WORD},?\s*(?:{_Y})?", lambda m: _to(m, _MONTHS[m[1]], 2)),
    (rf"{_Y}\s*(?:jan|january)\.?{_DASH}{_MONTH_WORD}", lambda m: _to(m, _MONTHS[m[2]])),
    (rf"(?:full year|end of|end-|at the end of|year)\s*{_Y}", lambda m: Span(_year(m[1]), "year")),
    (r"()full year", lambda m: Span(0, "year")),
    (rf"{_MONTH_WORD}\s*{_Y}", lambda m: Span(_year(m[2]), "month", _MONTHS[m[1]])),
]  # fmt: skip
_COMPILED = [(re.compile(pattern), build) for pattern, build in _FORMS]
_CUMULATIVE = re.compile(r"\(?(?:累计数?|累计|year to date|ytd|cumulative)\)?")
_FILLER = re.compile(r"\(?(?:annual|年度|度)\)?|[ ,()]+")


def year_to_date(year: int, months: int) -> str:
    """The ledger's period for the first `months` months of a year; 12 is the full year."""
    return str(year) if months == 12 else f"{year:04d}-01/{year:04d}-{months:02d}"


def spans_at(words: str, at: int) -> Iterator[tuple[int, Span]]:
    """Every reading of a period that begins at a place of a text (small letters), with the place where it ends."""
    for pattern, build in _COMPILED:
        if (found := pattern.match(words, at)) and found.end() > at:
            yield found.end(), build(found)


def joined(near: Span, far: Span) -> Span:
    """Two parts as one, the one nearer to the figure first; what contradicts itself is [CLASH]."""
    if CLASH in (near, far):
        return CLASH
    if not far.is_period:
        return near
    if not near.is_period:
        return far
    if near.year and far.year and near.year != far.year:
        # A head with a year of its own, under a title about months of another year: those months, or the year?
        return near if near.part or far.part in ("", "year") else CLASH
    year = near.year or far.year
    if not near.part or not far.part or "open" in (near.part, far.part):
        # What a head says of the months is what a title left open; what a head leaves open no title can know.
        said = near if near.part else far
        return Span(year, said.part, said.n)
    return Span(year, near.part, near.n) if _within(near, far) else CLASH


def agreed(a: Span, b: Span) -> Span:
    """Two parts as one where neither stands nearer to the figure, so that both must be true; else [CLASH]."""
    if "open" in (a.part, b.part):
        shut, open_ = (a, b) if b.part == "open" else (b, a)
        fits = shut.part in ("", "open") or (open_.n and shut.end % open_.n == 0 and (open_.n < 6 or shut.end == 6))
        return joined(shut, open_) if fits else CLASH
    if "to" in (a.part, b.part) or "year" in (a.part, b.part):
        whole, part = (a, b) if a.part in ("to", "year") else (b, a)
        if part.end and whole.end != part.end:
            return CLASH
        return joined(whole, replace(part, part="", n=0) if part.end else part)
    both = joined(a, b)
    return both if both != CLASH else joined(b, a)


def _within(near: Span, far: Span) -> bool:
    """Whether a part of a year is the other one, or months of a column that are no more than those of the title."""
    if near.part == far.part == "year" or (near.part, near.n) == (far.part, far.n):
        return True
    return near.part == "to" and near.n <= far.end


@lru_cache(maxsize=65536)
def parse_loose_period(text: str) -> str | Reason:
    """The ledger's period for what was written, or why it is none.

    >>> parse_loose_period("2025年1—9月")
    '2025-01/2025-09'
    """
    words = plain(text).casefold()
    if "/" in words and len(words) >= 9 and (read := parse_period(words)) is not None:
        return year_to_date(read.year, read.months) if read.months else words
    return ledger_period(_whole(words), text)


def _whole(words: str) -> Span | None:
    """The whole text as one period; None where anything else stands in it."""
    at, span, cumulative, found = 0, Span(), False, False
    while at < len(words):
        best = max(spans_at(words, at), key=lambda s: s[0], default=None)
        if best is not None:
            span = joined(span, best[1]) if found else best[1]
            at, found = best[0], True
        elif m := _CUMULATIVE.match(words, at):
            at, cumulative = m.end(), True
        elif m := _FILLER.match(words, at):
            at = m.end()
        else:
            return None
    return (span.cumulative() if cumulative else span) if found else None


def ledger_period(span: Span | None, text: str) -> str | Reason:
    """The ledger's period of a whole span, or why it is none; `text` as it stood."""
    if span is None or span == CLASH or span.years or (not span.year and span.day is None):
        return _unknown(text)
    if span.day is not None:
        year, month = span.day.year, span.day.month
        return _ambiguous(text, str(year), year_to_date(year, month) if month < 12 else f"{year}-12/{year}-12")
    if span.part == "short":
        return _ambiguous(text, f"20{span.year:02d}", f"19{span.year:02d}")
    if span.part in ("", "year"):
        return str(span.year)
    size = {"to": 1, "month": 1, "quarter": 3}.get(span.part)
    if size is None:
        return _unknown(text)
    last = size * span.n
    to_date = year_to_date(span.year, last)
    if span.part == "to" or span.n == 1:
        return to_date
    return _ambiguous(text, to_date, f"{span.year}-{last - size + 1:02d}/{span.year}-{last:02d}")


def _unknown(text: str) -> Reason:
    return refuse("period_unknown", "period", text=text)


def _ambiguous(text: str, *meant: str) -> Reason:
    return refuse("period_ambiguous.period", "period", meant, text=text, meant=meant)
