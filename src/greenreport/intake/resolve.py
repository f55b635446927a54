"""Turns figures laid out with their texts into rows of the ledger, or into refusals with every reason.

Works on columns: each different text is read once, however many rows carry it. Nothing is guessed; a row is accepted
whole or refused with everything that is wrong with it. Must not know files, sheets or stores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenreport.intake.names import Names
from greenreport.intake.numbers import Number, parse_number, plain_numbers
from greenreport.intake.reason import Reason, refuse
from greenreport.intake.texts import (
    Defaults,
    conflict,
    free_text,
    grade_of,
    kind_of,
    period_of,
    scope_of,
    shift_of,
    vintage_of,
)  # fmt: skip
from greenreport.intake.units import UnitTable
from greenreport.intake.words import is_missing
from greenreport.observations import FIGURES, combined, parse_period
from greenreport.observations.frames import coded

__all__ = ["resolve"]

Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Told:
    """A column: for each row the place in `values` of its text, of what it was read as, or of the reason why not."""

    codes: Codes
    values: list[Any]

    def rows(self, of: Callable[[Any], Any], kind: npt.DTypeLike) -> npt.NDArray[Any]:
        """Something of each row's value."""
        return np.array([of(value) for value in self.values] or [of(None)], dtype=kind)[self.codes]

    def category(self, keep: Any) -> pd.Categorical:
        """The texts of some rows; what is none is blank."""
        texts = [value if isinstance(value, str) else "" for value in self.values]
        levels = list(dict.fromkeys(texts)) or [""]
        number = {text: n for n, text in enumerate(levels)}
        place = np.array([number[text] for text in texts] or [0], dtype=np.int32)
        return coded(place[self.codes[keep]], levels)


class _Reading:
    """A table being read, with the reasons found so far."""

    def __init__(self, raw: pd.DataFrame) -> None:
        self.raw, self.n = raw, len(raw)
        self.faults: list[Codes] = []
        self._reasons: list[Reason] = []
        self._number: dict[Reason, int] = {}

    @property
    def refused(self) -> npt.NDArray[np.bool_]:
        """Whether each row has any reason against it."""
        out = np.zeros(self.n, dtype=bool)
        for codes in self.faults:
            out |= codes >= 0
        return out

    def number(self, reason: Reason) -> int:
        """The number of a reason."""
        if reason not in self._number:
            self._number[reason] = len(self._reasons)
            self._reasons.append(reason)
        return self._number[reason]

    def against(self, row: int) -> tuple[Reason, ...]:
        """Every reason against a row."""
        return tuple(dict.fromkeys(self._reasons[codes[row]] for codes in self.faults if codes[row] >= 0))

    def refuse(self, mask: npt.NDArray[np.bool_], reason: Reason) -> None:
        """A reason against some rows."""
        if mask.any():
            self.faults.append(np.where(mask, self.number(reason), -1).astype(np.int32))

    def texts(self, name: str) -> _Told:
        """A column as it is written."""
        column = self.raw[name]
        if not isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype("category")
        return _Told(column.cat.codes.to_numpy().astype(np.int32), [str(t) for t in column.cat.categories])

    def read(self, how: Callable[..., Any], *columns: str | _Told) -> _Told:
        """What columns say together, each different combination of their values read once."""
        told = [self.texts(c) if isinstance(c, str) else c for c in columns]
        codes, combinations = combined([c.codes for c in told])
        values = [
            how(*(c.values[i] if i >= 0 else "" for c, i in zip(told, places, strict=True))) for places in combinations
        ]
        numbers = [self.number(v) if isinstance(v, Reason) else -1 for v in values]
        if any(number >= 0 for number in numbers):
            self.faults.append(np.array(numbers, dtype=np.int32)[codes])
        return _Told(codes, values)


def resolve(
    raw: pd.DataFrame, *, names: Names, units: UnitTable, defaults: Defaults
) -> tuple[pd.DataFrame, dict[int, tuple[Reason, ...]]]:
    """Rows of the ledger (`index` says which row of `raw` each came from), and every reason against the others.

    `raw` has the columns of `RAW`, texts as `category`, `value` and `growth_pct` as `str`; `number`, where it stands
    beside them, has the values that are plain decimals.
    """
    given, table = defaults.given, _Reading(raw)
    indicator = table.read(_indicator(names, defaults), "indicator", "indicator_against")
    period = table.read(
        lambda *said: period_of(*said, given=given.get("period", "")), "period", "period_against", "months", "month"
    )
    area = table.read(_area(names, defaults), "area", "area_against", "area_code", period)
    kind = table.read(kind_of, "kind")
    figures = _figures(table)
    unit, value = _in_units(table, figures, indicator, kind, names, units, defaults)
    table.refuse(~np.isfinite(value) & ~figures.bad & ~table.refused, refuse("number_form.infinite", "value"))
    growth = table.read(_growth, "growth_pct")
    scope = table.read(lambda text: scope_of(text, defaults.scopes), "scope")
    grade = table.read(lambda text, who: grade_of(text, defaults, who), "grade", "reporter")
    vintage = table.read(lambda text: vintage_of(text, defaults.when), "vintage")
    source = table.read(
        lambda text, who: free_text("source", text, defaults.source or who or defaults.file), "source", "reporter"
    )
    table.read(_not_over, period, vintage)
    _possible(table, value, indicator, kind, names)
    address = table.read(lambda text: free_text("source_address", text, ""), "source_address")
    note = table.read(_note, "note", figures.marks)
    refused = table.refused
    keep = np.flatnonzero(~refused) if refused.any() else slice(None)
    columns: dict[str, Any] = {
        "indicator": indicator, "area": area, "period": period, "value": value, "unit": unit, "kind": kind, "scope": scope,
        "vintage": vintage.rows(lambda v: np.datetime64(v if isinstance(v, date) else "NaT", "s"), "datetime64[s]"),
        "source": source, "source_address": address, "grade": grade, "note": note,
        "growth_pct": growth.rows(lambda v: v if isinstance(v, float) else np.nan, float),
    }  # fmt: skip
    frame = pd.DataFrame(
        {name: told.category(keep) if isinstance(told, _Told) else told[keep] for name, told in columns.items()},
        index=np.arange(table.n)[keep],
    )
    return frame, {i: table.against(i) for i in map(int, np.flatnonzero(refused))}


def _indicator(names: Names, defaults: Defaults) -> Callable[[str, str], str | Reason]:
    def read(text: str, against: str) -> str | Reason:
        if against:
            return conflict("indicator", text, against)
        own = text if not is_missing(text) else defaults.given.get("indicator", "")
        return names.indicator(own) if own else refuse("indicator_absent", "indicator")

    return read


def _area(names: Names, defaults: Defaults) -> Callable[[str, str, str, Any], str | Reason]:
    def read(name: str, against: str, code: str, period: Any) -> str | Reason:
        if against:
            return conflict("area", name, against)
        own = name if not is_missing(name) else ""
        code = code if not is_missing(code) else ""
        text = own or code or defaults.given.get("area", "")
        if not text:
            return refuse("area_absent", "area")
        if not isinstance(period, str):
            return "" if names.is_area(text) else names.area(text, str(defaults.when.year))
        if not code:
            return names.area(text, period)
        by_code = names.area(code, period)
        if isinstance(by_code, Reason) or not own or by_code in {a.code for a in names.candidates(own)}:
            return by_code
        meant = names.roster.by_code[by_code].name
        return refuse("area_conflict.code", "area", (f"{by_code} {meant.zh}",), code=by_code, meant=meant, name=own)

    return read


def _growth(text: str) -> float | Reason:
    number = Number("nan") if is_missing(text) else parse_number(text)
    if isinstance(number, Reason):
        return replace(number, field="growth_pct")
    return (
        float(number.text) if number.unit in ("", "%", "个百分点") else refuse("growth_unit", "growth_pct", text=text)
    )


def _note(text: str, marks: tuple[str, ...]) -> str | Reason:
    own = free_text("note", text, "")
    if isinstance(own, Reason):
        return own
    parts = [part for part in own.split(";") if part]
    return ";".join([*parts, *(mark for mark in marks if mark not in parts)])


def _not_over(period: Any, day: Any) -> Reason | None:
    """No figure can be known before its period is over."""
    span = parse_period(period) if isinstance(period, str) else None
    early = span is not None and isinstance(day, date) and span.last > day
    return refuse("period_future", "period", day=day, period=period) if early else None


def _possible(table: _Reading, value: Floats, indicator: _Told, kind: _Told, names: Names) -> None:
    """No flow and no count lies below zero, and what is counted is whole."""
    growth = kind.rows(lambda k: k == "growth", bool)
    table.refuse((value < 0) & ~growth, refuse("value_negative", "value"))
    counted = indicator.rows(lambda i: isinstance(i, str) and names.counts(i), bool)
    figure = kind.rows(lambda k: k in FIGURES, bool)
    with np.errstate(invalid="ignore"):
        broken = np.isfinite(value) & (value != np.floor(value))
    table.refuse(broken & counted & figure, refuse("value_fraction", "value"))


@dataclass(frozen=True)
class _Figures:
    """The figures of a table: as text, as a number where that is plain, with the unit and marks beside them."""

    texts: npt.NDArray[Any]
    plain: Floats
    unit: _Told
    marks: _Told
    bad: npt.NDArray[np.bool_]


def _figures(table: _Reading) -> _Figures:
    texts = table.raw["value"].to_numpy(dtype=object, copy=True)
    plain = table.raw["number"].to_numpy() if "number" in table.raw else plain_numbers(texts)
    unit, marks = np.zeros(table.n, np.int32), np.zeros(table.n, np.int32)
    units: dict[str, int] = {"": 0}
    mark_sets: dict[tuple[str, ...], int] = {(): 0}
    faults = np.full(table.n, -1, np.int32)
    for i in np.flatnonzero(np.isnan(plain)):
        read = refuse("value_absent", "value") if is_missing(texts[i]) else parse_number(texts[i])
        if isinstance(read, Number):
            texts[i] = read.text
            unit[i] = units.setdefault(read.unit, len(units))
            marks[i] = mark_sets.setdefault(read.marks, len(mark_sets))
        else:
            faults[i] = table.number(read)
            texts[i] = ""
    bad = faults >= 0
    if bad.any():
        table.faults.append(faults)
    return _Figures(texts, plain, _Told(unit, list(units)), _Told(marks, list(mark_sets)), bad)


def _in_units(
    table: _Reading,
    figures: _Figures,
    indicator: _Told,
    kind: _Told,
    names: Names,
    units: UnitTable,
    defaults: Defaults,
) -> tuple[_Told, Floats]:
    """The ledger's unit of every figure, and the figure in it.

    The decimal point is moved in the text, so that no binary noise comes in.
    """

    def target(id: Any, what: Any) -> str:
        return "" if not isinstance(id, str) else "%" if what == "growth" else names.units[id].zh

    def power(cell: str, row: str, head: str, unit: str) -> int | Reason:
        return shift_of(cell, row, head, unit, units, defaults) if unit else 0

    wanted = table.read(target, indicator, kind)
    shifts = table.read(power, figures.unit, "unit", "unit_head", wanted).rows(
        lambda v: v if isinstance(v, int) else 0, np.int32
    )
    out = np.where(shifts == 0, figures.plain, np.nan)
    left = ~figures.bad & np.isnan(out)
    for shift in np.unique(shifts[left]):
        rows = left & (shifts == shift)
        suffix = f"e{shift}" if shift else ""
        out[rows] = np.fromiter((float(t + suffix) for t in figures.texts[rows]), dtype=float, count=int(rows.sum()))
    return wanted, out
