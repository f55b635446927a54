"""Turns figures laid out with their texts into rows of the ledger, or into refusals with every reason.

Works on columns: each different text is read once, however many rows carry it. Nothing is guessed; a row is accepted
whole or refused with everything that is wrong with it. Must not know files, sheets or stores.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenreport.intake.names import Names
from greenreport.intake.numbers import Number, parse_number
from greenreport.intake.periods import parse_loose_period, year_to_date
from greenreport.intake.reason import Reason, join_en, join_zh, quoted
from greenreport.intake.safety import harmless
from greenreport.intake.units import UnitTable
from greenreport.intake.words import KIND_WORDS, fold, is_missing, plain
from greenreport.observations import GRADES
from greenreport.plan import Text

__all__ = ["Defaults", "Resolved", "resolve"]

Codes = npt.NDArray[np.int32]
_SIMPLE = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?").fullmatch
_LONGEST = 2_000


@dataclass(frozen=True)
class Defaults:
    """What holds for rows that do not say it themselves.

    `when`: the day on which the figures became known; `grade` and `source` as in the ledger; `given`: indicator, area,
    period or unit that the person importing vouches for; `scopes`: the ledger's coverages (None: any).
    """

    when: date
    grade: str = "A"
    source: str = ""
    synthetic: bool = False
    scopes: Mapping[str, Text] | None = None
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Resolved:
    """Rows of the ledger (`index` says which input row each came from), and reasons for the others.

    `faults` has one array per thing checked: the number of a reason in `reasons`, or -1.
    """

    frame: pd.DataFrame
    refused: npt.NDArray[np.bool_]
    faults: tuple[Codes, ...]
    reasons: tuple[Reason, ...]


class _Faults:
    def __init__(self, n: int) -> None:
        self.n = n
        self.reasons: list[Reason] = []
        self._number: dict[Reason, int] = {}
        self.columns: list[Codes] = []

    def number(self, reason: Reason) -> int:
        if reason not in self._number:
            self._number[reason] = len(self.reasons)
            self.reasons.append(reason)
        return self._number[reason]

    def by_code(self, codes: npt.NDArray[Any], read: list[Any]) -> None:
        """A reason for every row whose code points to one in `read`."""
        table = np.array([self.number(r) if isinstance(r, Reason) else -1 for r in read] or [-1], dtype=np.int32)
        if (table >= 0).any():
            self.columns.append(np.where(codes >= 0, table[codes], -1).astype(np.int32))

    def where(self, mask: npt.NDArray[np.bool_], reason: Reason) -> None:
        if mask.any():
            self.columns.append(np.where(mask, self.number(reason), -1).astype(np.int32))

    @property
    def any(self) -> npt.NDArray[np.bool_]:
        out = np.zeros(self.n, dtype=bool)
        for c in self.columns:
            out |= c >= 0
        return out


def resolve(raw: pd.DataFrame, *, names: Names, units: UnitTable, defaults: Defaults) -> Resolved:
    """Read the texts of every row.

    Args:
        raw: the columns of `layout.RAW`, texts as `category`, `value` and `growth_pct` as `str`.
        names: of indicators and areas.
        units: of the plan.
        defaults: what holds where a row says nothing.
    """
    n = len(raw)
    faults = _Faults(n)
    indicator, indicators = _indicators(raw, names, defaults, faults)
    period, periods = _periods(raw, defaults, faults)
    area, areas = _areas(raw, names, defaults, faults, period, periods)
    kind, kinds = _mapped(raw["kind"], lambda t: _kind(t), faults)
    numbers = _numbers(raw["value"], faults)
    unit, shifts = _shifts(raw, numbers, indicator, indicators, kind, kinds, names, units, defaults, faults)
    value = _values(numbers, shifts)
    faults.where(~np.isfinite(value) & ~numbers.bad & ~faults.any, _NOT_FINITE)
    growth = _growth(raw["growth_pct"], faults)
    scope, scopes = _mapped(raw["scope"], lambda t: _scope(t, defaults.scopes), faults)
    grade, grades = _mapped(raw["grade"], lambda t: _grade(t, defaults), faults)
    vintage, vintages = _mapped(raw["vintage"], lambda t: _vintage(t, defaults.when), faults)
    source, sources = _mapped(raw["source"], lambda t: _free("source", t, defaults.source), faults)
    address, addresses = _mapped(raw["source_address"], lambda t: _free("source_address", t, ""), faults)
    note, notes = _notes(raw["note"], numbers, faults)
    refused = faults.any
    keep = np.flatnonzero(~refused)

    def texts(codes: npt.NDArray[Any], read: list[Any]) -> pd.Categorical:
        return _category(codes[keep], read)

    frame = pd.DataFrame(
        {
            "indicator": texts(indicator, indicators),
            "area": texts(area, areas),
            "period": texts(period, periods),
            "value": value[keep],
            "unit": texts(unit[0], unit[1]),
            "kind": texts(kind, kinds),
            "scope": texts(scope, scopes),
            "vintage": np.array(
                [np.datetime64(v, "s") if isinstance(v, date) else np.datetime64("NaT") for v in vintages]
                or [np.datetime64("NaT")]
            )[vintage[keep]].astype("datetime64[s]"),
            "source": texts(source, sources),
            "source_address": texts(address, addresses),
            "grade": texts(grade, grades),
            "note": texts(note, notes),
            "growth_pct": growth[keep],
        },
        index=keep,
    )
    return Resolved(frame, refused, tuple(faults.columns), tuple(faults.reasons))


def _category(codes: npt.NDArray[Any], read: list[Any]) -> pd.Categorical:
    texts = [r if isinstance(r, str) else "" for r in read]
    levels = list(dict.fromkeys(texts)) or [""]
    place = {t: i for i, t in enumerate(levels)}
    table = np.array([place[t] for t in texts] or [0], dtype=np.int32)
    return pd.Categorical.from_codes(table[codes] if len(codes) else codes.astype(np.int32), categories=levels)


def _coded(column: pd.Series) -> tuple[Codes, list[str]]:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype("category")
    return column.cat.codes.to_numpy().astype(np.int32), [str(t) for t in column.cat.categories]


def _mapped(column: pd.Series, read: Callable[[str], Any], faults: _Faults) -> tuple[Codes, list[Any]]:
    codes, texts = _coded(column)
    values = [read(t) for t in texts]
    faults.by_code(codes, values)
    return codes, values


def _combined(*codes: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], list[tuple[int, ...]]]:
    """One code for each different combination, and the combinations."""
    total = codes[0].astype(np.int64)
    for more in codes[1:]:
        total = total * (int(more.max(initial=0)) + 2) + (more + 1)
    _, first, back = np.unique(total, return_index=True, return_inverse=True)
    return back.astype(np.int32), [tuple(int(c[i]) for c in codes) for i in first]


def _indicators(raw: pd.DataFrame, names: Names, defaults: Defaults, faults: _Faults) -> tuple[Codes, list[Any]]:
    def read(text: str) -> str | Reason:
        own = text if not is_missing(text) else defaults.given.get("indicator", "")
        if "⇄" in own:
            return _conflict("indicator", own)
        if not own:
            return _absent("indicator", "没有写明是哪个指标", "No indicator is named")
        return names.indicator(own)

    return _mapped(raw["indicator"], read, faults)


def _periods(raw: pd.DataFrame, defaults: Defaults, faults: _Faults) -> tuple[npt.NDArray[Any], list[Any]]:
    columns = [_coded(raw[c]) for c in ("period", "months", "month")]
    codes, combos = _combined(*(c for c, _ in columns))
    read = [
        _period(*(columns[k][1][i] for k, i in enumerate(combo)), given=defaults.given.get("period", ""))
        for combo in combos
    ]
    faults.by_code(codes, read)
    return codes, read


def _period(period: str, months: str, month: str, *, given: str) -> str | Reason:
    own = period if not is_missing(period) else given
    if "⇄" in own:
        return _conflict("period", own)
    if not own:
        return _absent("period", "没有写明年份", "No year is given")
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


def _areas(
    raw: pd.DataFrame, names: Names, defaults: Defaults, faults: _Faults, period: npt.NDArray[Any], periods: list[Any]
) -> tuple[npt.NDArray[Any], list[Any]]:
    name_codes, name_texts = _coded(raw["area"])
    code_codes, code_texts = _coded(raw["area_code"])
    codes, combos = _combined(name_codes, code_codes, period)

    def read(name: str, code: str, when: Any) -> str | Reason:
        day = when if isinstance(when, str) else ""
        own = name if not is_missing(name) else ""
        if "⇄" in own:
            return _conflict("area", own)
        if not own and is_missing(code):
            own = defaults.given.get("area", "")
        if not own and is_missing(code):
            return _absent("area", "没有写明是哪个区县", "No area is named")
        if not day:
            text = own or code
            return "" if names.is_area(text) else names.area(text, str(defaults.when.year))
        if is_missing(code):
            return names.area(own, day)
        by_code = names.area(code, day)
        if isinstance(by_code, Reason) or not own:
            return by_code
        if by_code not in {a.code for a in names.candidates(own)}:
            meant = names.roster.by_code[by_code]
            return Reason(
                "area_conflict",
                "area",
                f"代码{by_code}是“{meant.name.zh}”，名称却是“{quoted(own)}”，请核对。",
                f"The code {by_code} is {meant.name.en}, but the name is {quoted(own)!r}.",
                (f"{by_code} {meant.name.zh}",),
            )
        return by_code

    values = [read(name_texts[a] if a >= 0 else "", code_texts[b] if b >= 0 else "", periods[p]) for a, b, p in combos]
    faults.by_code(codes, values)
    return codes, values


@dataclass
class _Numbers:
    texts: npt.NDArray[Any]
    unit: Codes
    units: list[str]
    marks: Codes
    mark_sets: list[tuple[str, ...]]
    bad: npt.NDArray[np.bool_]


def _numbers(column: pd.Series, faults: _Faults) -> _Numbers:
    texts = column.to_numpy(dtype=object, copy=True)
    simple = np.fromiter((_SIMPLE(t) is not None for t in texts), dtype=bool, count=len(texts))
    n = len(texts)
    unit, marks = np.zeros(n, np.int32), np.zeros(n, np.int32)
    units, mark_sets = {"": 0}, {(): 0}
    bad = np.zeros(n, dtype=bool)
    codes = np.full(n, -1, np.int32)
    odd = np.flatnonzero(~simple)
    for i in odd:
        text = texts[i]
        read = _MISSING_VALUE if is_missing(text) else parse_number(text)
        if isinstance(read, Number):
            texts[i] = read.text
            unit[i] = units.setdefault(read.unit, len(units))
            marks[i] = mark_sets.setdefault(read.marks, len(mark_sets))
        else:
            bad[i] = True
            codes[i] = faults.number(read)
            texts[i] = ""
    if bad.any():
        faults.columns.append(codes)
    return _Numbers(texts, unit, list(units), marks, list(mark_sets), bad)


def _shifts(
    raw: pd.DataFrame, numbers: _Numbers, indicator: Codes, indicators: list[Any], kind: Codes, kinds: list[Any],
    names: Names, units: UnitTable, defaults: Defaults, faults: _Faults,
) -> tuple[tuple[npt.NDArray[Any], list[str]], npt.NDArray[np.int32]]:  # fmt: skip
    row_codes, row_texts = _coded(raw["unit"])
    head_codes, head_texts = _coded(raw["unit_head"])
    codes, combos = _combined(numbers.unit, row_codes, head_codes, indicator, kind)
    targets: list[str] = []
    read: list[int | Reason] = []
    for cell, row, head, id, what in combos:
        meant = indicators[id]
        if not isinstance(meant, str):
            targets.append("")
            read.append(0)
            continue
        target = "%" if kinds[what] == "growth" else names.units[meant].zh
        targets.append(target)
        read.append(_shift(numbers.units[cell], row_texts[row], head_texts[head], target, units, defaults))
    faults.by_code(codes, read)
    table = np.array([r if isinstance(r, int) else 0 for r in read] or [0], dtype=np.int32)
    return (codes, targets), table[codes] if len(codes) else table[:0]


def _shift(cell: str, row: str, head: str, target: str, units: UnitTable, defaults: Defaults) -> int | Reason:
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
                if base and isinstance(whole := units.shift(cell + plain(base), target), int):
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
        f"No unit is given; it may be {join_en(accepted)}. Write it in the head or in a column “unit”.",
        accepted,
    )


def _values(numbers: _Numbers, shifts: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Every figure in the ledger's unit; the decimal point is moved in the text, so that no binary noise comes in."""
    good = ~numbers.bad
    out = np.full(len(numbers.texts), np.nan)
    same = good & (shifts == 0)
    out[same] = np.fromiter(map(float, numbers.texts[same]), dtype=float, count=int(same.sum()))
    for power in np.unique(shifts[good & ~same]):
        rows = good & (shifts == power)
        suffix = f"e{power}"
        out[rows] = np.fromiter((float(t + suffix) for t in numbers.texts[rows]), dtype=float, count=int(rows.sum()))
    return out


def _growth(column: pd.Series, faults: _Faults) -> npt.NDArray[np.float64]:
    codes, texts = _coded(column)
    out: list[float] = []
    read: list[Any] = []
    for text in texts:
        number = Number("nan") if is_missing(text) else parse_number(text)
        if isinstance(number, Number) and number.unit not in ("", "%", "个百分点"):
            number = Reason(
                "growth_unit",
                "growth_pct",
                f"增速读到“{quoted(text)}”，应为百分数，如8.5。",
                f"Found {quoted(text)!r} as growth; per cent is expected, such as 8.5.",
            )
        if isinstance(number, Reason):
            number = Reason(number.code, "growth_pct", number.zh, number.en, number.candidates)
        read.append(number)
        out.append(float(number.text) if isinstance(number, Number) else np.nan)
    faults.by_code(codes, read)
    return np.array(out or [np.nan])[codes] if len(codes) else np.array([])


def _notes(column: pd.Series, numbers: _Numbers, faults: _Faults) -> tuple[npt.NDArray[Any], list[Any]]:
    note_codes, texts = _coded(column)
    codes, combos = _combined(note_codes, numbers.marks)
    read: list[Any] = []
    for note, marks in combos:
        own = _free("note", texts[note] if note >= 0 else "", "")
        if isinstance(own, str):
            parts = [p for p in own.split(";") if p]
            own = ";".join([*parts, *(m for m in numbers.mark_sets[marks] if m not in parts)])
        read.append(own)
    faults.by_code(codes, read)
    return codes, read


def _kind(text: str) -> str | Reason:
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


def _scope(text: str, scopes: Mapping[str, Text] | None) -> str | Reason:
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
        f"不认识口径“{quoted(own)}”，已有：{join_zh(list(scopes)) or '无'}。",
        f"Unknown scope {quoted(own)!r}; there are {join_en(list(scopes)) or 'none'}.",
        tuple(scopes),
    )


def _grade(text: str, defaults: Defaults) -> str | Reason:
    own = plain(text).upper() if not is_missing(text) else defaults.grade
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


def _vintage(text: str, when: date) -> date | Reason:
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


def _free(name: str, text: str, default: str) -> str | Reason:
    own = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not own or (name != "note" and is_missing(own)):
        own = default
    if len(own) > _LONGEST:
        return Reason(
            "text_too_long", name, f"文字超过{_LONGEST}个字。", f"The text is longer than {_LONGEST} characters."
        )
    return harmless("" if name == "note" and is_missing(own) else own)


def _absent(name: str, zh: str, en: str) -> Reason:
    return Reason(
        f"{name}_absent", name, f"{zh}。请在行、表头或标题中写明。", f"{en}. Say it in the row, the head or the title."
    )


def _conflict(name: str, both: str) -> Reason:
    row, _, head = both.partition("⇄")
    return Reason(
        f"{name}_conflict",
        name,
        f"这一行写的是“{quoted(row)}”，表头写的是“{quoted(head)}”，请核对。",
        f"The row says {quoted(row)!r}, the head {quoted(head)!r}.",
        (plain(row), plain(head)),
    )


_MISSING_VALUE = Reason(
    "value_absent", "value", "有增速而没有数值。请填数值。", "There is a growth rate but no figure. Give the figure."
)
_NOT_FINITE = Reason("number_form", "value", "数值超出范围。", "The figure is out of range.")
