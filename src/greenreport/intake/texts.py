"""Reads the text of one cell that is neither a number nor a name: kind, scope, grade, date, unit, period, free text.

Each function gives the ledger's word, or the reason why there is none. Knows no table and no file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from greenreport.intake.periods import parse_loose_period, year_to_date
from greenreport.intake.reason import Reason, refuse
from greenreport.intake.units import UnitTable, multiplied, parse_unit
from greenreport.intake.words import KIND_WORDS, UNREPORTED, fold, is_missing, plain
from greenreport.observations import GRADES
from greenreport.plan import Text
from greenreport.spreadsheets import harmless
from greenreport.words import both

__all__ = [
    "UNGRADED", "Defaults", "conflict", "free_text", "grade_of", "kind_of", "period_of", "scope_of", "shift_of",
    "vintage_of",
]  # fmt: skip


@dataclass(frozen=True)
class Defaults:
    """What holds for rows that do not say it themselves.

    `when`: the day on which the figures became known; `grade` and `source` as in the ledger, the latter being the `file`
    where nobody says it; `given`: indicator, area, period or unit that the person importing vouches for; `scopes`: the
    ledger's coverages (None: any).
    """

    when: date
    grade: str = ""
    source: str = ""
    file: str = ""
    synthetic: bool = False
    scopes: Mapping[str, Text] | None = None
    given: Mapping[str, str] = field(default_factory=dict)


UNGRADED = "?"
_LONGEST = 2_000
# As a figure to date without its month is sent back; the month chosen beside it completes it.
_OPEN = re.compile(r"([0-9]{4})年1—\?月")


def period_of(period: str, against: str, months: str, month: str, *, given: str) -> str | Reason:
    """The ledger's period from a period, what contradicts it, through how many months it runs, and a month beside it."""
    if against:
        return conflict("period", period, against)
    own = period if not is_missing(period) else given
    if not own:
        return refuse("period_absent", "period")
    if not is_missing(months) and (open_ := _OPEN.fullmatch(own)):
        own = open_[1]
    read = parse_loose_period(own)
    if isinstance(read, Reason):
        return read
    if not is_missing(month):
        return refuse("period_ambiguous.month", "period", period=read, month=plain(month))
    if is_missing(months):
        return read
    found = re.fullmatch(r"(?:1\s*[-–—~至到]\s*)?0?(1[0-2]|[1-9])(?:\.0)?\s*月?(?:份)?", plain(months))
    if not found or len(read) != 4:
        return refuse("months_unknown", "period", months=months)
    return year_to_date(int(read), int(found[1]))


def shift_of(cell: str, row: str, head: str, target: str, *, units: UnitTable, defaults: Defaults) -> int | Reason:
    """The power of ten to the ledger's unit: what stands beside the figure counts before row, head and what was given.

    `cell` may be a multiplier of the unit of row or head; `head` has those of column and titles, with `;` between them.
    Without a `target`, that of an indicator which is not known, nothing is moved.
    """
    if not target:
        return 0
    row = "" if is_missing(row) and row.strip() != "%" else row
    head = _fitting(head, target, units)
    if cell:
        power = _multiplied(cell, (row, head), target, units)
        return units.shift(cell, target) if power is None else power
    a, b = ((units.shift(unit, target) if unit else None) for unit in (row, head))
    if isinstance(a, int) and isinstance(b, int) and a != b:
        return refuse("unit_conflict.row", "unit", (plain(row), plain(head)), row=row, head=head)
    written = row or head or defaults.given.get("unit", "")
    if written:
        return units.shift(written, target)
    if units.may_be_left_out(target):
        return 0
    accepted = units.accepted(target)
    return refuse("unit_absent", "unit", accepted, accepted=accepted)


def _fitting(head: str, target: str, units: UnitTable) -> str:
    """Of several units in a head the only one that converts; none where several do, or none does."""
    listed = [unit for unit in head.split(";") if unit]
    if len(listed) < 2:
        return head
    fits = [unit for unit in listed if isinstance(units.shift(unit, target), int)]
    return fits[0] if len(fits) == 1 else ""


def _multiplied(cell: str, bases: tuple[str, str], target: str, units: UnitTable) -> int | None:
    """The power where a bare multiplier stands beside the figure: “1.2万” under the head 辆 is 1.2万辆.

    Under 万辆 it would be said twice, and under 亿元, 12.5万 would have to be 12.5万亿元.
    """
    if cell not in ("万", "亿", "千", "百万", "千万"):
        return None
    for base in bases:
        if not base or (parse_unit(base) is not None and multiplied(base)):
            continue
        if isinstance(whole := units.shift(cell + plain(base).strip("()[] "), target), int):
            return whole
    return None


def kind_of(text: str) -> str | Reason:
    """The kind of figure; nothing said: observed."""
    if is_missing(text):
        return "observed"
    found = KIND_WORDS.get(fold(text))
    return found or refuse("kind_unknown", "kind", ("正式数", "初步数"), text=text)


def scope_of(text: str, scopes: Mapping[str, Text] | None) -> str | Reason:
    """The code of a coverage, by its code or its words; `scopes` None: any."""
    own = plain(text)
    if is_missing(own):
        return ""
    if scopes is None or own in scopes:
        return harmless(own)
    for code, title in scopes.items():
        if fold(own) in (fold(title.zh), fold(title.en)):
            return code
    listed = tuple(scopes) or both("error.row.no_scope")
    return refuse("scope_unknown", "scope", tuple(scopes), text=own, scopes=listed)


def grade_of(text: str, reporter: str, *, defaults: Defaults) -> str | Reason:
    """The grade of a source; synthetic figures may stand in synthetic ledgers only.

    Nothing said: what whoever imports vouches for; else A for a form that names the body that reports, and [UNGRADED]
    for a figure for which nobody vouches: `preview` makes C (unconfirmed) of it, unless the ledger knows it already.
    """
    own = plain(text).upper() if not is_missing(text) else defaults.grade or ("A" if reporter else UNGRADED)
    if own == UNGRADED and is_missing(text):
        return own
    if own not in GRADES:
        return refuse("grade_unknown", "grade", GRADES, text=text, grades=GRADES)
    if own == "S" and not defaults.synthetic:
        return refuse("grade_synthetic", "grade")
    return own


def vintage_of(text: str, when: date) -> date | Reason:
    """The day a figure became known; nothing said: `when`; never after it."""
    if is_missing(text):
        return when
    words = re.sub("[年月/.]", "-", plain(text).removesuffix(" 00:00:00")).replace("日", "")
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words)
    try:
        day = date(*(int(g) for g in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or day.year < 1990:
        return refuse("vintage_unknown", "vintage", text=text)
    if day > when:
        return refuse("vintage_future", "vintage", day=day, when=when)
    return day


def free_text(name: str, text: str, default: str = "") -> str | Reason:
    """A source, address or note on one line, with nothing that a spreadsheet would run."""
    own = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not own or (name != "note" and is_missing(own)):
        own = default
    if len(own) > _LONGEST:
        return refuse("text_too_long", name, most=_LONGEST)
    if name == "note" and (word := plain(own).casefold()) in UNREPORTED:
        return refuse("note_unobserved", "note", note=own, word=word)
    return harmless("" if name == "note" and is_missing(own) else own)


def conflict(name: str, row: str, head: str) -> Reason:
    """Row and head say different things."""
    return refuse(f"{name}_conflict.row", name, (plain(row), plain(head)), row=row, head=head)
