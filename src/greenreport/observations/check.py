"""Checks rows of the ledger, all at once and column by column, and gives them their types.

Every bad row is reported with file, row, field, what was read, what is expected and what to do. Vectorised: the work
grows with the number of different texts, not with the number of rows. Must not know any indicator or area by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from greenreport.areas import Roster
from greenreport.errors import AreaError, LedgerError, Problem
from greenreport.observations.column_codes import key_of
from greenreport.observations.frames import key_codes
from greenreport.observations.period import parse_period
from greenreport.observations.schema import COLUMNS, GRADES, KINDS
from greenreport.strict_files import nearest
from greenreport.text import Text
from greenreport.words import LANGS, both, problem, t

__all__ = ["BadRows", "Rules", "check"]

SHOWN = 20
KEPT = 10_000
_TEXT = tuple(c for c in COLUMNS if c not in ("value", "growth_pct", "vintage"))


class BadRows(LedgerError):
    """Rows of a ledger are wrong; `problems` holds them all, the message shows the first 20 and how many more."""

    def __str__(self) -> str:
        shown = [f"{p.text('zh')}\n{p.text('en')}" for p in self.problems[:SHOWN]]
        more = len(self.problems) - SHOWN
        if more > 0:
            shown.append("\n".join(t("error.row.more", lang, n=more) for lang in LANGS))
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


def _typed(raw: pd.DataFrame, rules: Rules) -> tuple[pd.DataFrame, _Found, dict[str, tuple[date, date]]]:
    """The rows with their types, what is wrong with each by itself, and the days that each period spans."""
    frame = pd.DataFrame({c: raw[c].astype("category") for c in (*_TEXT, "file")})
    found = _Found(raw)
    periods = {t: parse_period(t) for t in frame["period"].cat.categories}

    def one_of(known: Sequence[str]) -> Callable[[str], Text]:
        return lambda t: both("error.row.one_of", text=t, known=known)

    def no_indicator(text: str) -> Text:
        return both("error.row.indicator", text=text, near=nearest(text, rules.units) or list(rules.units)[:8])

    found.texts("indicator", frame["indicator"], lambda t: t in rules.units, no_indicator)
    found.texts("area", frame["area"], lambda t: t in rules.roster.by_code, lambda t: _bad_area(t, rules.roster))
    found.texts("period", frame["period"], lambda t: periods[t] is not None, lambda t: both("error.row.period", text=t))
    found.texts("kind", frame["kind"], lambda t: t in KINDS, one_of(KINDS))
    found.texts("grade", frame["grade"], lambda t: t in GRADES, one_of(GRADES))
    found.texts("source", frame["source"], bool, lambda _: both("error.row.source"))
    if rules.scopes is not None:
        scopes, known = rules.scopes, sorted(rules.scopes) or both("error.row.no_scope")
        found.texts(
            "scope",
            frame["scope"],
            lambda t: not t or t in scopes,
            lambda t: both("error.row.scope", text=t, known=known),
        )
    if not rules.synthetic:
        found.texts("grade", frame["grade"], lambda t: t != "S", lambda _: both("error.row.synthetic"))
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

    def add(self, field: str, index: Iterable[Any], say: Callable[[int], Text], code: str = "") -> None:
        for i in index:
            if len(self.problems) >= KEPT:
                return
            self.problems.append(problem(say(i), self.file(i), self.line(i), field, code))

    def texts(
        self,
        field: str,
        column: pd.Series,
        good: Callable[[str], bool],
        say: Callable[[str], Text],
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
    # Observed and provisional figures replace each other.
    kinds = {k: max(0, n - 1) for n, k in enumerate(KINDS)}
    kind = _of_category(frame["kind"], lambda k: kinds.get(k, 99), "int8")
    return [*keys, _of_category(frame["period"], order.__getitem__, "int32"), kind, days]


def same_key(frame: pd.DataFrame) -> np.ndarray:
    """For sorted rows: whether each row has the same key (all but the vintage) as the one before it."""
    keys = key_codes(frame, vintage=False)
    same = np.zeros(len(frame), dtype=bool)
    same[1:] = keys[1:] == keys[:-1]
    return same


def _different(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The different combinations of some columns; one with a cell missing is passed over."""
    return list(frame[list(columns)].drop_duplicates().dropna().itertuples(index=False, name=None))


def _check_units(frame: pd.DataFrame, rules: Rules, found: _Found) -> None:
    for indicator, unit, kind in _different(frame, ("indicator", "unit", "kind")):
        expected = "%" if kind == "growth" else rules.units.get(indicator)
        if expected is None or unit == expected:
            continue
        rows = frame.index[(frame["indicator"] == indicator) & (frame["unit"] == unit) & (frame["kind"] == kind)]
        found.add("unit", rows, _always(both("error.row.unit", unit=unit, expected=expected)))


def _check_validity(frame: pd.DataFrame, roster: Roster, periods: Mapping[str, Any], found: _Found) -> None:
    for code, text in _different(frame, ("area", "period")):
        area, period = roster.by_code.get(code), periods[text]
        if area is None or period is None or area.overlaps(period.first, period.last):
            continue
        told = {"name": area.name, "area": code, "period": text}
        if area.valid_to is not None and period.first >= area.valid_to:
            say = both("error.row.area_gone", since=area.valid_to, after=area.successors, **told)
        else:
            say = both("error.row.area_not_yet", since=area.valid_from, **told)
        found.add("area", frame.index[(frame["area"] == code) & (frame["period"] == text)], _always(say))


def _check_duplicates(frame: pd.DataFrame, twice: np.ndarray, found: _Found) -> None:
    """`frame` is sorted, so that two rows of one key and one vintage stand together; `twice` marks the second."""
    index = frame.index.to_numpy()
    before = {index[i]: index[i - 1] for i in np.flatnonzero(twice)}

    def say(i: int) -> Text:
        return both("error.row.duplicate", first=f"{found.file(before[i])}:{found.line(before[i])}")

    found.add("vintage", before, say, "duplicate")


def _always(say: Text) -> Callable[[int], Text]:
    return lambda _row: say


def _number(value: Any) -> str:
    """A number as a message quotes it; nothing for NaN."""
    return "" if value != value else f"{value:g}"


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _bad_area(text: str, roster: Roster) -> Text:
    try:
        return both("error.row.area_name", text=text, area=roster.find(text).code)
    except AreaError as e:
        return both("error.row.area", why=Text(e.problems[0].zh, e.problems[0].en))


def _bad_number(text: str, *, required: bool) -> Text:
    return both("error.row.no_value") if not text and required else both("error.row.number", text=text)


def _bad_day(text: str) -> Text:
    return both("error.row.day", text=text)
