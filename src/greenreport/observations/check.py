"""Checks rows of the ledger, all at once and column by column, and gives them their types.

Every bad row is reported with file, row, field, what was read, what is expected and what to do. Vectorised: the work
grows with the number of different texts, not with the number of rows. Must not know any indicator or area by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from greenreport.areas import Roster
from greenreport.errors import AreaError, LedgerError, Problem
from greenreport.observations.column_codes import combined, key_of
from greenreport.observations.period import parse_period
from greenreport.observations.schema import COLUMNS, GRADES, KINDS
from greenreport.strict_files import nearest

__all__ = ["BadRows", "Rules", "admit", "check"]

SHOWN = 20
KEPT = 10_000
_TEXT = tuple(c for c in COLUMNS if c not in ("value", "growth_pct", "vintage"))


class BadRows(LedgerError):
    """Rows of a ledger are wrong; `problems` holds them all, the message shows the first 20 and how many more."""

    def __str__(self) -> str:
        shown = [f"{p.text('zh')}\n{p.text('en')}" for p in self.problems[:SHOWN]]
        more = len(self.problems) - SHOWN
        if more > 0:
            shown.append(f"……另有{more}处问题。\n… and {more} more problems.")
        return "\n".join(shown)


@dataclass(frozen=True)
class Rules:
    """What rows are checked against.

    `units` maps every known indicator to the unit its rows must carry; `scopes` are the known coverages (None: any);
    `synthetic`: whether rows of grade S may stand here.
    """

    units: Mapping[str, str]
    roster: Roster
    scopes: frozenset[str] | None
    synthetic: bool


def check(raw: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Give rows their types, or say everything that is wrong with them.

    Args:
        raw: the columns of the ledger as text (`category` or `str`), with `file` and `row` beside them; numbers and
            vintages may be typed already (float, NaN: none; datetime64).
        rules: what they are checked against.

    Returns:
        The rows sorted by key and vintage: texts as `category`, `value` and `growth_pct` as float (NaN: none),
        `vintage` as datetime64, and `year` and `months` of the period beside them (0: neither a year nor a year to
        date).

    Raises:
        BadRows: with every bad row.
    """
    frame, found, spans = _typed(raw, rules)
    frame, twice = _sorted(frame, spans)
    _check_duplicates(frame, twice, found)
    if found.problems:
        raise BadRows(found.in_order())
    return frame[[*COLUMNS, "year", "months", "file", "row"]].reset_index(drop=True)


def admit(raw: pd.DataFrame, rules: Rules) -> None:
    """Say everything that is wrong with rows, as [check] does, without putting them in order."""
    frame, found, spans = _typed(raw, rules)
    if found.problems or pd.Series(key_of(_keys(frame, spans))).duplicated().any():
        check(raw, rules)


def _typed(raw: pd.DataFrame, rules: Rules) -> tuple[pd.DataFrame, _Found, dict[str, tuple[date, date]]]:
    """The rows with their types, what is wrong with each by itself, and the days that each period spans."""
    frame = pd.DataFrame({c: raw[c].astype("category") for c in (*_TEXT, "file")})
    found = _Found(raw)
    periods = {t: parse_period(t) for t in frame["period"].cat.categories}

    found.texts("indicator", frame["indicator"], lambda t: t in rules.units, _bad_indicator(rules.units))
    found.texts("area", frame["area"], lambda t: t in rules.roster.by_code, _bad_area(rules.roster))
    found.texts("period", frame["period"], lambda t: periods[t] is not None, _bad_period)
    found.texts("kind", frame["kind"], lambda t: t in KINDS, _not_one_of(KINDS))
    found.texts("grade", frame["grade"], lambda t: t in GRADES, _not_one_of(GRADES))
    found.texts("source", frame["source"], bool, _empty)
    if rules.scopes is not None:
        scopes = rules.scopes
        found.texts("scope", frame["scope"], lambda t: not t or t in scopes, _bad_scope(scopes))
    if not rules.synthetic:
        found.texts("grade", frame["grade"], lambda t: t != "S", _synthetic_row)
    _check_units(frame, rules, found)
    _check_validity(frame, rules.roster, periods, found)

    frame["value"] = found.numbers("value", raw["value"], required=True)
    frame["growth_pct"] = found.numbers("growth_pct", raw["growth_pct"], required=False)
    frame["vintage"] = found.dates("vintage", raw["vintage"])
    frame["year"] = _of_category(frame["period"], lambda t: p.year if (p := periods[t]) else 0, "int16")
    frame["months"] = _of_category(frame["period"], lambda t: p.months if (p := periods[t]) else 0, "int8")
    frame["row"] = raw["row"].astype("int32")

    return frame, found, {t: (p.first, p.last) for t, p in periods.items() if p}


def _of_category(column: pd.Series, of: Callable[[str], int], dtype: str) -> np.ndarray:
    """A number for each row, asked once per different text; 0 where there is none."""
    table = np.array([*(of(t) for t in column.cat.categories), 0], dtype=dtype)
    return table[column.cat.codes.to_numpy()]


class _Found:
    """Gathers problems; turns a mask over rows into one [Problem] per row."""

    def __init__(self, raw: pd.DataFrame) -> None:
        self.raw = raw
        self.problems: list[Problem] = []

    def file(self, i: Any) -> str:
        return str(self.raw.at[i, "file"])

    def line(self, i: Any) -> int:
        return int(str(self.raw.at[i, "row"]))

    def add(self, field: str, index: Iterable[Any], say: Callable[[int], tuple[str, str]], code: str = "") -> None:
        for i in index:
            if len(self.problems) >= KEPT:
                return
            zh, en = say(i)
            self.problems.append(Problem(zh, en, self.file(i), self.line(i), field, code))

    def texts(
        self,
        field: str,
        column: pd.Series,
        good: Callable[[str], bool],
        say: Callable[[str], tuple[str, str]],
    ) -> None:
        bad = {t: say(t) for t in column.cat.categories if not good(t)}
        if bad:
            self.add(field, column.index[column.isin(list(bad))], lambda i: bad[column.at[i]])

    def numbers(self, field: str, column: pd.Series, *, required: bool) -> pd.Series:
        if pd.api.types.is_float_dtype(column.dtype):
            typed = column.to_numpy()
            wrong = ~np.isfinite(typed) if required else np.isinf(typed)
            self.add(field, column.index[wrong], lambda i: _bad_number(_number(column.at[i]), required=required))
            return column
        given = (column != "").to_numpy()
        numbers = pd.to_numeric(column.astype("object"), errors="coerce").astype("float64")
        wrong = (given & ~np.isfinite(numbers)) | (~given if required else False)
        self.add(field, column.index[wrong], lambda i: _bad_number(str(column.at[i]), required=required))
        return numbers

    def dates(self, field: str, raw: pd.Series) -> np.ndarray:
        if pd.api.types.is_datetime64_dtype(raw.dtype):
            self.add(field, raw.index[raw.isna()], lambda _row: _bad_day(""))
            return raw.to_numpy().astype("datetime64[s]")
        column = raw.astype("category")
        days = {t: _iso_day(t) for t in column.cat.categories}
        self.texts(field, column, lambda t: days[t] is not None, _bad_day)
        none = np.datetime64("NaT")
        known = [np.datetime64(d, "s") if (d := days[t]) else none for t in column.cat.categories]
        return np.array([*known, none], dtype="datetime64[s]")[column.cat.codes.to_numpy()]

    def in_order(self) -> tuple[Problem, ...]:
        return tuple(sorted(self.problems, key=lambda p: (str(p.file), p.row or 0)))


def _sorted(frame: pd.DataFrame, spans: Mapping[str, tuple[date, date]]) -> tuple[pd.DataFrame, np.ndarray]:
    """By indicator, area, scope, period, class of kind, vintage: one key's vintages stand together, latest last.

    Beside the rows, whether each has the key and the vintage of the one before it.
    """
    key = key_of(_keys(frame, spans))
    if not (key[1:] >= key[:-1]).all():
        ranked = np.argsort(key, kind="stable")
        frame, key = frame.iloc[ranked], key[ranked]
    twice = np.zeros(len(frame), dtype=bool)
    twice[1:] = key[1:] == key[:-1]
    return frame, twice


def _keys(frame: pd.DataFrame, spans: Mapping[str, tuple[date, date]]) -> list[np.ndarray]:
    """Codes by which rows are put in order; all equal only for one figure given twice."""
    never = (date.max, date.max)
    order = {t: n for n, t in enumerate(sorted(frame["period"].cat.categories, key=lambda t: (spans.get(t, never), t)))}
    days, _ = pd.factorize(frame["vintage"].to_numpy().astype("int64"), sort=True)
    keys = [frame[c].cat.codes.to_numpy() for c in ("indicator", "area", "scope")]
    keys += [_of_category(frame["period"], order.__getitem__, "int32"), kind_class(frame), days]
    return keys


def kind_class(frame: pd.DataFrame) -> np.ndarray:
    """0 for observed and provisional values, which replace each other; else one number per kind."""
    numbers = {k: max(0, n - 1) for n, k in enumerate(KINDS)}
    return _of_category(frame["kind"], lambda k: numbers.get(k, 99), "int8")


def same_key(frame: pd.DataFrame) -> np.ndarray:
    """For sorted rows: whether each row has the same key (all but the vintage) as the one before it."""
    same = np.ones(len(frame), dtype=bool)
    same[:1] = False
    for codes in (
        *(frame[c].cat.codes.to_numpy() for c in ("indicator", "area", "scope", "period")),
        kind_class(frame),
    ):
        same[1:] &= codes[1:] == codes[:-1]
    return same


def _different(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The different combinations of some columns; one with a cell missing is passed over."""
    _, places = combined([frame[c].cat.codes.to_numpy() for c in columns])
    levels = [frame[c].cat.categories for c in columns]
    return [tuple(str(x[i]) for x, i in zip(levels, at, strict=True)) for at in places if min(at) >= 0]


def _check_units(frame: pd.DataFrame, rules: Rules, found: _Found) -> None:
    for indicator, unit, kind in _different(frame, ("indicator", "unit", "kind")):
        expected = "%" if kind == "growth" else rules.units.get(indicator)
        if expected is None or unit == expected:
            continue
        rows = frame.index[(frame["indicator"] == indicator) & (frame["unit"] == unit) & (frame["kind"] == kind)]
        say = (
            f"读到单位“{unit}”，应为“{expected}”。请换算后填写。",
            f"Found the unit {unit!r}, expected {expected!r}. Convert the value.",
        )
        found.add("unit", rows, _always(say))


def _check_validity(frame: pd.DataFrame, roster: Roster, periods: Mapping[str, Any], found: _Found) -> None:
    for code, text in _different(frame, ("area", "period")):
        area, period = roster.by_code.get(code), periods[text]
        if area is None or period is None or area.overlaps(period.first, period.last):
            continue
        if area.valid_to is not None and period.first >= area.valid_to:
            after = "、".join(area.successors)
            say = (
                f"{area.name.zh}（{code}）自{area.valid_to}起不再存在，不能有{text}的数据。请填承接单位{after}。",
                f"{area.name.en} ({code}) has not existed since {area.valid_to} and cannot have a figure for {text}. "
                f"Use what followed it: {', '.join(area.successors)}.",
            )
        else:
            say = (
                f"{area.name.zh}（{code}）自{area.valid_from}起才存在，不能有{text}的数据。",
                f"{area.name.en} ({code}) exists only since {area.valid_from} and cannot have a figure for {text}.",
            )
        found.add("area", frame.index[(frame["area"] == code) & (frame["period"] == text)], _always(say))


def _check_duplicates(frame: pd.DataFrame, twice: np.ndarray, found: _Found) -> None:
    """`frame` is sorted, so that two rows of one key and one vintage stand together; `twice` marks the second."""
    index = frame.index.to_numpy()
    before = {index[i]: index[i - 1] for i in np.flatnonzero(twice)}

    def say(i: int) -> tuple[str, str]:
        first = f"{found.file(before[i])}:{found.line(before[i])}"
        return (
            f"与{first}重复：同一指标、区域、口径、时期和发布日期只能有一行。更正请写新的发布日期。",
            f"This repeats {first}: one indicator, area, scope, period and vintage may have one row only. "
            f"A correction is a row with a new vintage.",
        )

    found.add("vintage", before, say, "duplicate")


def _always(say: tuple[str, str]) -> Callable[[int], tuple[str, str]]:
    return lambda _row: say


def _number(value: Any) -> str:
    """A number as a message quotes it; nothing for NaN."""
    return "" if value != value else f"{value:g}"


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _bad_indicator(known: Mapping[str, str]) -> Callable[[str], tuple[str, str]]:
    def say(text: str) -> tuple[str, str]:
        near = nearest(text, known) or list(known)[:8]
        return (
            f"无法识别指标“{text}”。已有：{'、'.join(near)}。规划以外的指标须先写入ledger.toml的context_indicators。",
            f"Unknown indicator {text!r}. There are {', '.join(near)}. "
            f"An indicator outside the plan must be listed under context_indicators in ledger.toml.",
        )

    return say


def _bad_area(roster: Roster) -> Callable[[str], tuple[str, str]]:
    def say(text: str) -> tuple[str, str]:
        try:
            area = roster.find(text)
        except AreaError as e:
            return f"{e.problems[0].zh}请填代码。", f"{e.problems[0].en} Write the code."
        return (
            f"读到“{text}”，应填代码“{area.code}”。",
            f"Found {text!r}; write the code {area.code!r}.",
        )

    return say


def _bad_scope(scopes: frozenset[str]) -> Callable[[str], tuple[str, str]]:
    known = sorted(scopes)

    def say(text: str) -> tuple[str, str]:
        return (
            f"无法识别口径“{text}”，已有：{'、'.join(known) or '无'}。新口径须先写入ledger.toml的scopes。",
            f"Unknown scope {text!r}; there are {', '.join(known) or 'none'}. "
            "Describe a new one under scopes in ledger.toml.",
        )

    return say


def _not_one_of(known: tuple[str, ...]) -> Callable[[str], tuple[str, str]]:
    def say(text: str) -> tuple[str, str]:
        return (
            f"读到“{text}”，只能是{'、'.join(known)}之一。",
            f"Found {text!r}; it must be one of {', '.join(known)}.",
        )

    return say


def _bad_period(text: str) -> tuple[str, str]:
    return (
        f"读到“{text}”，应为年份（2023）、年内累计（2025-01/2025-09）或其他起止日期。",
        f"Found {text!r}; expected a year (2023), a year to date (2025-01/2025-09) or another ISO interval.",
    )


def _bad_number(text: str, *, required: bool) -> tuple[str, str]:
    if not text and required:
        return "没有数值。没有数据的行请删去。", "There is no value. Delete a row that has no figure."
    return (
        f"读到“{text}”，应为数字，不带单位、千分位和文字。",
        f"Found {text!r}; expected a number without unit, thousands separators or words.",
    )


def _bad_day(text: str) -> tuple[str, str]:
    return f"读到“{text}”，应为日期，如2024-05-11。", f"Found {text!r}; expected a date such as 2024-05-11."


def _empty(_text: str) -> tuple[str, str]:
    return "没有来源。每个数据都要写明来源。", "There is no source. Every figure needs one."


def _synthetic_row(_text: str) -> tuple[str, str]:
    return (
        "S级（合成数据）只能用于synthetic为true的台账。",
        "Grade S (synthetic) may stand only in a ledger with synthetic = true.",
    )
