"""What a remark says against a figure: that it is void, estimated, of a part, of another period or in another unit.

One rule for all free text beside figures: notes above and below a table, 备注, comments on cells. Clause by clause, by the
regular expressions of `doubts` in the lexicon; a remark without any of them is a remark and no more. Knows no table.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from greenreport.intake.periods import Span, spans_at
from greenreport.intake.reason import Reason, refuse
from greenreport.intake.units import UnitTable
from greenreport.intake.words import LEXICON, plain
from greenreport.observations import parse_period

__all__ = ["ABOUT_OTHERS", "doubt"]


def _compiled(*names: str) -> list[re.Pattern[str]]:
    return [re.compile(p) for name in names for p in LEXICON["doubts"][name]]


_WORDS = [re.compile(re.escape(w)) for name in ("unobserved", "partial") for w in LEXICON["words"][name]]
_WORDS += _compiled("estimated", "part")
_FAULTS, _MENDED = _compiled("void", "incomplete"), _compiled("mended")
_BESIDE = [re.compile(re.escape(w)) for w in LEXICON["words"]["unobserved_beside"]]
_OF_YEAR, _YEAR, _EARLIER, _UNTIL, _UNIT = map(_compiled, ("of_year", "year", "earlier", "until", "unit"))
_MONTHS, _MONTHS_ONLY, _MONTHS_PLAIN = (
    re.compile(LEXICON["doubts"][name]) for name in ("months", "months_only", "months_plain")
)
ABOUT_OTHERS = re.compile(LEXICON["doubts"]["others"])
_CLAUSE = re.compile(r"[;。,!！]")


def doubt(
    text: str, period: str, units: Iterable[str], known: UnitTable, *, beside: bool, correction: bool = False
) -> Reason | None:
    """What a remark says against a figure of a period of the ledger (empty: not known) in units as they are written.

    `beside`: the remark stands beside the figure, so that 目标 or 上年同期 speaks of it, and of no other; `correction`: it
    says why another figure is corrected, so that what was wrong or missing is that one's.
    """
    span = parse_period(period)
    for clause in filter(None, map(str.strip, _CLAUSE.split(plain(text).casefold()))):
        if span is not None and _names_other_year(_OF_YEAR, clause, span.year):
            continue
        faults = () if correction or _first(_MENDED, clause) else _FAULTS
        if word := _first([*_WORDS, *faults, *(_BESIDE if beside else ())], clause):
            key = "note_unobserved" if beside else "remark_unobserved"
            return refuse(key, "note", note=text, word=word)
        if span is not None and _of_another(clause, span.year, span.last):
            return refuse("note_period", "note", note=text, period=period)
        if (unit := _unit_of(clause, known)) and any(known.differ(unit, u.strip("()[] ")) for u in units if u):
            return refuse("unit_conflict.note", "unit", note=text, unit=unit)
    return None


def _found(patterns: Sequence[re.Pattern[str]], clause: str) -> Iterator[re.Match[str]]:
    """Where any of the patterns matches, pattern after pattern."""
    return (m for p in patterns for m in p.finditer(clause))


def _first(patterns: Sequence[re.Pattern[str]], clause: str) -> str:
    """What the first pattern that is found in a clause matched; empty: none."""
    return next((m[0] for m in _found(patterns, clause)), "")


def _names_other_year(patterns: Sequence[re.Pattern[str]], clause: str, year: int) -> bool:
    return any(int(m[1]) != year for m in _found(patterns, clause))


def _of_another(clause: str, year: int, last: date) -> bool:
    """Whether a clause says that the figures are another period's, or end before it does."""
    if _first(_EARLIER, clause) or _names_other_year(_YEAR, clause, year):
        return True
    if _MONTHS_PLAIN.search(clause):
        return False
    for m in _found(_UNTIL, clause):
        if _end(int(m[1] or year), int(m[2]), int(m[3] or 0)) < last:
            return True
    return any(_other_months(clause, start, end, span, year, last) for start, end, span in _spans(clause))


def _end(year: int, month: int, day: int = 0) -> date:
    """The last day of a month, or a day in it."""
    most = calendar.monthrange(year, month)[1]
    return date(year, month, min(day or most, most))


def _spans(clause: str) -> Iterator[tuple[int, int, Span]]:
    """The months that a clause names, from the left, each as long as it may be read."""
    at = 0
    while at < len(clause):
        end, span = max(spans_at(clause, at), key=lambda s: s[0], default=(at + 1, Span()))
        if span.part in ("to", "month", "quarter", "other"):
            yield at, end, span
        at = end


def _other_months(clause: str, start: int, end: int, span: Span, year: int, last: date) -> bool:
    """Whether months named in a clause are those of the figures, and not those of the figure at hand."""
    rest, behind = f"{clause[:start]} {clause[end:]}", clause[end:]
    figures = re.match("(?:的|累计|末|底)*(?:[数止末底]|口径)", behind) or re.search(
        "(?:[截至到只仅]|截[至止])$", clause[:start]
    )
    if span.part in ("month", "quarter") and not figures:
        return False  # 6月认定: a day on which something happened
    alone = not rest.strip(" ()的")
    strong = _MONTHS_ONLY.search(clause)
    if not (alone or strong or (_MONTHS.search(clause) and not re.search(r"\d", rest))):
        return False
    if span.part == "other":
        return True
    ends = _end(span.year or year, span.n * (3 if span.part == "quarter" else 1))
    return ends < last or (ends > last and not strong)


def _unit_of(clause: str, known: UnitTable) -> str:
    """The unit that a clause says the figures are in; empty: none."""
    for m in _found(_UNIT, clause):
        words = m[1]
        if unit := next((words[:n] for n in range(len(words), 0, -1) if known.is_unit(words[:n])), ""):
            return unit
    return ""
