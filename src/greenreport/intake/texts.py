"""Reads the text of one cell that is neither a number nor a name: kind, scope, grade, date, unit, period, free text.

Each function gives the ledger's word, or the reason why there is none. Knows no table and no file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from greenreport.intake.periods import parse_loose_period, year_to_date
from greenreport.intake.reason import Reason, join_en, join_zh, quoted
from greenreport.intake.units import UnitTable, multiplied, parse_unit
from greenreport.intake.words import KIND_WORDS, LEXICON, fold, is_missing, plain
from greenreport.observations import GRADES
from greenreport.plan import Text
from greenreport.spreadsheets import harmless

__all__ = [
    "MISSING_VALUE",
    "NEGATIVE",
    "NOT_FINITE",
    "NOT_WHOLE",
    "UNGRADED",
    "Defaults",
    "absent",
    "conflict",
    "free_text",
    "grade_of",
    "kind_of",
    "period_not_over",
    "period_of",
    "scope_of",
    "shift_of",
    "vintage_of",
]


@dataclass(frozen=True)
class Defaults:
    """What holds for rows that do not say it themselves.

    `when`: the day on which the figures became known; `grade` and `source` as in the ledger; `given`: indicator, area,
    period or unit that the person importing vouches for; `scopes`: the ledger's coverages (None: any).
    """

    when: date
    grade: str = ""
    source: str = ""
    synthetic: bool = False
    scopes: Mapping[str, Text] | None = None
    given: Mapping[str, str] = field(default_factory=dict)


UNGRADED = "?"
_LONGEST = 2_000
_UNOBSERVED = tuple(w for name in ("unobserved", "partial", "unobserved_beside") for w in LEXICON["words"][name])
# As a figure to date without its month is sent back; the month chosen beside it completes it.
_OPEN = re.compile(r"([0-9]{4})年1—\?月")


def period_of(period: str, against: str, months: str, month: str, *, given: str) -> str | Reason:
    """The ledger's period from a period, what contradicts it, through how many months it runs, and a month beside it."""
    if against:
        return conflict("period", period, against)
    own = period if not is_missing(period) else given
    if not own:
        return absent("period", "没有写明年份", "No year is given")
    if not is_missing(months) and (open_ := _OPEN.fullmatch(own)):
        own = open_[1]
    read = parse_loose_period(own)
    if isinstance(read, Reason):
        return read
    if not is_missing(month):
        word = plain(month)
        return Reason(
            "period_ambiguous",
            "period",
            f"“{quoted(read)}”年另有“{quoted(word)}”：是累计还是单月（季）不明。请写成2025年1—9月，或用“累计至月份”栏。",
            f"Beside {read!r} stands {quoted(word)!r}: to date, or that month alone? Write Jan–Sep 2025, or use “through month”.",
        )
    if is_missing(months):
        return read
    found = re.fullmatch(r"(?:1\s*[-–—~至到]\s*)?0?(1[0-2]|[1-9])(?:\.0)?\s*月?(?:份)?", plain(months))
    if not found or len(read) != 4:
        return Reason(
            "months_unknown",
            "period",
            f"“累计至月份”读到“{quoted(months)}”，应为1到12。",
            f"Found {quoted(months)!r} under “through month”; expected 1 to 12.",
        )
    return year_to_date(int(read), int(found[1]))


def shift_of(cell: str, row: str, head: str, target: str, units: UnitTable, defaults: Defaults) -> int | Reason:
    """The unit beside the figure counts before that of the row, the head, the titles and what was given."""
    row = "" if is_missing(row) and row.strip() != "%" else row
    listed = [u for u in head.split(";") if u]
    if len(listed) > 1:
        fits = [u for u in listed if isinstance(units.shift(u, target), int)]
        head = fits[0] if len(fits) == 1 else ""
    if cell:
        if cell in ("万", "亿", "千", "百万", "千万"):
            # “1.2万” under the head 辆 is 1.2万辆; under 万辆 it would be said twice.
            for base in (row, head):
                if parse_unit(base) is not None and multiplied(base):
                    continue  # under 亿元, 12.5万 would have to be 12.5万亿元
                if base and isinstance(whole := units.shift(cell + plain(base).strip("()[] "), target), int):
                    return whole
        return units.shift(cell, target)
    if (
        row
        and head
        and isinstance(a := units.shift(row, target), int)
        and isinstance(b := units.shift(head, target), int)
        and a != b
    ):
        return Reason(
            "unit_conflict",
            "unit",
            f"这一行的单位是“{quoted(row)}”，表头却是“{quoted(head)}”，请核对。",
            f"The row's unit is {quoted(row)!r}, the head's {quoted(head)!r}.",
            (plain(row), plain(head)),
        )
    written = row or head or defaults.given.get("unit", "")
    if written:
        return units.shift(written, target)
    if units.may_be_left_out(target):
        return 0
    accepted = units.accepted(target)
    return Reason(
        "unit_absent",
        "unit",
        f"没有写明单位，可能是：{join_zh(accepted)}。请写在表头括号里或“单位”栏。",
        f"No unit is given; it may be {join_en(accepted)}. Write it in the column header or in a column named “unit”.",
        accepted,
    )


def kind_of(text: str) -> str | Reason:
    """The kind of figure; nothing said: observed."""
    if is_missing(text):
        return "observed"
    found = KIND_WORDS.get(fold(text))
    if found is None:
        return Reason(
            "kind_unknown",
            "kind",
            f"数据性质读到“{quoted(text)}”，应为“正式数”或“初步数”。",
            f"Found {quoted(text)!r} as kind; expected observed or provisional.",
            ("正式数", "初步数"),
        )
    return found


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
    return Reason(
        "scope_unknown",
        "scope",
        f"无法识别口径“{quoted(own)}”，已有：{join_zh(list(scopes)) or '无'}。",
        f"Unknown scope {quoted(own)!r}; there are {join_en(list(scopes)) or 'none'}.",
        tuple(scopes),
    )


def grade_of(text: str, defaults: Defaults, reporter: str = "") -> str | Reason:
    """The grade of a source; synthetic figures may stand in synthetic ledgers only.

    Nothing said: what whoever imports vouches for; else A for a form that names the body that reports, and [UNGRADED]
    for a figure for which nobody vouches: `preview` makes C (unconfirmed) of it, unless the ledger knows it already.
    """
    own = plain(text).upper() if not is_missing(text) else defaults.grade or ("A" if reporter else UNGRADED)
    if own == UNGRADED and is_missing(text):
        return own
    if own not in GRADES:
        return Reason(
            "grade_unknown",
            "grade",
            f"等级读到“{quoted(text)}”，应为{join_zh(GRADES)}之一。",
            f"Found the grade {quoted(text)!r}; it is one of {join_en(GRADES)}.",
            GRADES,
        )
    if own == "S" and not defaults.synthetic:
        return Reason(
            "grade_synthetic",
            "grade",
            "S级（合成数据）不能进入真实数据的台账。",
            "Grade S (synthetic) may not enter a ledger of real figures.",
        )
    return own


def vintage_of(text: str, when: date) -> date | Reason:
    """The day a figure became known; nothing said: `when`; never after it."""
    if is_missing(text):
        return when
    words = (
        plain(text)
        .removesuffix(" 00:00:00")
        .replace("年", "-")
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
    )
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words)
    try:
        day = date(*(int(g) for g in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or day.year < 1990:
        return Reason(
            "vintage_unknown",
            "vintage",
            f"发布日期读到“{quoted(text)}”，应为日期，如2026-03-15。",
            f"Found {quoted(text)!r}; a date such as 2026-03-15 is expected.",
        )
    if day > when:
        return Reason(
            "vintage_future",
            "vintage",
            f"发布日期{day}晚于导入日期{when}。",
            f"The date {day} lies after the day of the import, {when}.",
        )
    return day


def free_text(name: str, text: str, default: str) -> str | Reason:
    """A source, address or note on one line, with nothing that a spreadsheet would run."""
    own = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not own or (name != "note" and is_missing(own)):
        own = default
    if len(own) > _LONGEST:
        return Reason(
            "text_too_long", name, f"文字超过{_LONGEST}个字。", f"The text is longer than {_LONGEST} characters."
        )
    if name == "note" and (word := next((w for w in _UNOBSERVED if w in own.casefold()), "")):
        return Reason(
            "note_unobserved",
            "note",
            f"备注“{quoted(own)}”中有“{word}”，这个数可能不是指标本身的实际数，没有采用。是实际数请改写备注。",
            f"The note {quoted(own)!r} says {word!r}: the figure may not be what was observed. If it was, reword the note.",
        )
    return harmless("" if name == "note" and is_missing(own) else own)


def absent(name: str, zh: str, en: str) -> Reason:
    """Nothing says what a figure needs to have said."""
    return Reason(
        f"{name}_absent",
        name,
        f"{zh}。请在行、表头或标题中写明。",
        f"{en}. Give it in the row, the column header or the sheet title.",
    )


def conflict(name: str, row: str, head: str) -> Reason:
    """Row and head say different things."""
    zh = f"这一行写的是“{quoted(row)}”，表头写的是“{quoted(head)}”，请核对。"
    en = f"The row says {quoted(row)!r} but the column header says {quoted(head)!r}. Correct one of them."
    return Reason(f"{name}_conflict", name, zh, en, (plain(row), plain(head)))


def period_not_over(period: str, day: date) -> Reason:
    """The period ends after the day on which the figure became known."""
    return Reason(
        "period_future",
        "period",
        f"到发布日期{day}，{period}还没有结束，不会有实际数。目标、预计数不作为实际数入账；日期不对请改发布日期或--when。",
        f"On {day}, when this became known, {period} was not over, so that it was not observed. Targets and forecasts are no figures; if the day is wrong, correct it (--when).",
    )


NEGATIVE = Reason(
    "value_negative",
    "value",
    "小于0。总量和累计数不会是负数；括号也表示负数。请核对。",
    "It is below 0. No flow and no count is; brackets mean a minus as well. Check it.",
)
NOT_WHOLE = Reason(
    "value_fraction",
    "value",
    "按个数统计的指标应为整数。请核对数值和单位。",
    "What is counted is whole. Check the figure and its unit.",
)
MISSING_VALUE = Reason(
    "value_absent", "value", "有增速而没有数值。请填数值。", "There is a growth rate but no figure. Give the figure."
)
NOT_FINITE = Reason("number_form", "value", "数值超出范围。", "The figure is out of range.")
