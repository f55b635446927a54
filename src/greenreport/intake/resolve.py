"""Turns figures laid out with their texts into rows of the ledger, or into refusals with every reason.

Works on columns: each different text is read once, however many rows carry it. Nothing is guessed; a row is accepted
whole or refused with everything that is wrong with it. Must not know files, sheets or stores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenreport.intake.doubts import doubt
from greenreport.intake.names import Names
from greenreport.intake.numbers import Number, parse_growth, parse_number, plain_numbers, too_exact
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
# A growth of this size without a sign is no fraction: nothing grows threefold.
_SURELY_PER_CENT = 3


@dataclass(frozen=True)
class _Told:
    """A column: for each row the place in `values` of its text, of what it was read as, or of the reason why not."""

    codes: Codes
    values: Sequence[Any]

    def rows(self, of: Callable[[Any], Any], kind: npt.DTypeLike) -> npt.NDArray[Any]:
        """Something of each row's value."""
        return np.array([of(value) for value in self.values], dtype=kind)[self.codes]

    def part(self, of: Callable[[Any], Any]) -> _Told:
        """Something of each value, as a column of its own."""
        number: dict[Any, int] = {}
        places = [number.setdefault(of(value), len(number)) for value in self.values]
        return _Told(np.array(places, dtype=np.int32)[self.codes], list(number))

    def category(self, keep: Any) -> pd.Categorical:
        """The texts of some rows; what is none is blank."""
        texts = self.part(lambda value: value if isinstance(value, str) else "")
        return coded(texts.codes[keep], texts.values or [""])


class _Reading:
    """A table being read; `faulty` are the columns that hold a reason against any of its rows."""

    def __init__(self, raw: pd.DataFrame) -> None:
        self.raw, self.n = raw, len(raw)
        self.faulty: list[_Told] = []

    @property
    def refused(self) -> npt.NDArray[np.bool_]:
        """Whether each row has any reason against it."""
        out = np.zeros(self.n, dtype=bool)
        for told in self.faulty:
            out |= told.rows(_is_reason, bool)
        return out

    def against(self, row: int) -> tuple[Reason, ...]:
        """Every reason against a row."""
        found = (told.values[told.codes[row]] for told in self.faulty)
        return tuple(dict.fromkeys(value for value in found if _is_reason(value)))

    def refuse(self, mask: npt.NDArray[np.bool_], reason: Reason) -> None:
        """A reason against some rows."""
        if mask.any():
            self.faulty.append(_Told(mask.astype(np.int32), (None, reason)))

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
        return self.noted(
            codes,
            [
                how(*(c.values[i] if i >= 0 else "" for c, i in zip(told, places, strict=True)))
                for places in combinations
            ],
        )

    def noted(self, codes: Codes, values: list[Any]) -> _Told:
        """A column that was read, its reasons kept."""
        told = _Told(codes, values)
        if any(map(_is_reason, values)):
            self.faulty.append(told)
        return told


def _is_reason(value: Any) -> bool:
    return isinstance(value, Reason)


def resolve(
    raw: pd.DataFrame, *, names: Names, units: UnitTable, defaults: Defaults
) -> tuple[pd.DataFrame, dict[int, tuple[Reason, ...]], dict[int, Reason]]:
    """Rows of the ledger (`index` says which row of `raw` each came from), and every reason against the others.

    Last, why the growth of an accepted row was not taken: that costs the row its growth only.

    `raw` has the columns of `RAW`, texts as `category`, `value` and `growth_pct` as `str`; `number`, where it stands
    beside them, has the values that are plain decimals.
    """
    table, given = _Reading(raw), defaults.given.get("period", "")
    indicator = table.read(partial(_indicator, names=names, defaults=defaults), "indicator", "indicator_against")
    period = table.read(partial(period_of, given=given), "period", "period_against", "months", "month")
    area = table.read(partial(_area, names=names, defaults=defaults), "area", "area_against", "area_code", period)
    kind = table.read(kind_of, "kind")
    unit = table.read(
        lambda id, what: "" if not isinstance(id, str) else "%" if what == "growth" else names.units[id].zh,
        indicator,
        kind,
    )
    value, figures = _in_units(table, unit, units, defaults)
    growth = _growths(table.texts("growth_pct"))
    scope = table.read(partial(scope_of, scopes=defaults.scopes), "scope")
    grade = table.read(partial(grade_of, defaults=defaults), "grade", "reporter")
    vintage = table.read(partial(vintage_of, when=defaults.when), "vintage")
    source = table.read(
        lambda text, who: free_text("source", text, defaults.source or who or defaults.file), "source", "reporter"
    )
    table.read(_not_over, period, vintage)
    _possible(table, value, indicator, kind, names)
    address = table.read(partial(free_text, "source_address"), "source_address")
    marks = figures.part(lambda value: () if _is_reason(value) else value.marks)
    note = table.read(_note, "note", "correction", marks)
    _doubts(table, period, figures.part(lambda value: "" if _is_reason(value) else value.unit), units)
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
    lost = np.flatnonzero(growth.rows(_is_reason, bool) & ~refused)
    unread = {i: growth.values[growth.codes[i]] for i in map(int, lost)}
    return frame, {i: table.against(i) for i in map(int, np.flatnonzero(refused))}, unread


def _indicator(text: str, against: str, names: Names, defaults: Defaults) -> str | Reason:
    if against:
        return conflict("indicator", text, against)
    own = text if not is_missing(text) else defaults.given.get("indicator", "")
    return names.indicator(own) if own else refuse("indicator_absent", "indicator")


def _area(name: str, against: str, code: str, period: Any, names: Names, defaults: Defaults) -> str | Reason:
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


def _growths(told: _Told) -> _Told:
    """Growth in per cent; nobody having said whether 0.05 is 5 % or 0.05 %, it is the latter only among larger ones."""
    read = [None if is_missing(text) else parse_growth(text) for text in told.values]
    bare = [abs(float(g.text)) for g in read if isinstance(g, Number) and not g.unit]
    small, large = any(0 < size < 1 for size in bare), any(size >= _SURELY_PER_CENT for size in bare)

    def open_(g: Number) -> bool:
        doubt = small and not large and 0 < abs(float(g.text)) < _SURELY_PER_CENT
        return not g.unit and (doubt or too_exact(g))

    return _Told(
        told.codes,
        [
            float(g.text) if isinstance(g, Number) and not open_(g)
            else refuse("growth_fraction", "growth_pct", text=text) if isinstance(g, Number)
            else g if g is None else replace(g, field="growth_pct")
            for g, text in zip(read, told.values, strict=True)
        ],
    )  # fmt: skip


def _note(text: str, correction: str, marks: tuple[str, ...]) -> str | Reason:
    own = free_text("note", "；".join(t for t in (text, correction) if not is_missing(t)) or text)
    if isinstance(own, Reason):
        return own
    parts = [part for part in own.split(";") if part]
    return ";".join([*parts, *(mark for mark in marks if mark not in parts)])


def _doubts(table: _Reading, period: _Told, beside: _Told, units: UnitTable) -> None:
    """What remarks and reasons of corrections say against the figures beside them."""
    for name in ("note", "correction"):
        if any(table.texts(name).values):
            against = partial(_doubt, known=units, correction=name == "correction")
            table.read(against, name, period, beside, "unit", "unit_head")


def _doubt(
    text: str, period: Any, beside: str, unit: str, head: str, *, known: UnitTable, correction: bool
) -> Reason | str:
    """What a figure's note, or the reason why it corrects another, says against it."""
    if is_missing(text):
        return ""
    said = (beside,) if beside else (unit, *head.split(";"))
    return doubt(text, period if isinstance(period, str) else "", said, known, beside=True, correction=correction) or ""


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


def _figures(table: _Reading) -> tuple[Floats, npt.NDArray[Any], _Told]:
    """The figures that are plain decimals as numbers, all as texts, and what is no plain decimal as it was read."""
    texts = table.raw["value"].to_numpy(dtype=object, copy=True)
    plain = table.raw["number"].to_numpy() if "number" in table.raw else plain_numbers(texts)
    odd = np.flatnonzero(np.isnan(plain))
    codes = np.zeros(table.n, np.int32)
    places, different = pd.factorize(texts[odd])
    codes[odd] = places + 1
    read = table.noted(codes, [Number(""), *map(_figure, different)])
    texts[odd] = read.rows(lambda value: "" if _is_reason(value) else value.text, object)[odd]
    return plain, texts, read


def _figure(text: str) -> Number | Reason:
    return refuse("value_absent", "value") if is_missing(text) else parse_number(text)


def _in_units(table: _Reading, wanted: _Told, units: UnitTable, defaults: Defaults) -> tuple[Floats, _Told]:
    """Every figure in its ledger's unit, and as it was read.

    The decimal point is moved in the text, so that no binary noise comes in.
    """
    plain, texts, figures = _figures(table)
    beside = figures.part(lambda value: "" if _is_reason(value) else value.unit)
    power = table.read(partial(shift_of, units=units, defaults=defaults), beside, "unit", "unit_head", wanted)
    shifts = power.rows(lambda v: v if isinstance(v, int) else 0, np.int32)
    out = np.where(shifts == 0, plain, np.nan)
    left = np.isnan(out) & ~figures.rows(_is_reason, bool)
    for shift in np.unique(shifts[left]):
        rows = left & (shifts == shift)
        suffix = f"e{shift}" if shift else ""
        out[rows] = np.fromiter((float(t + suffix) for t in texts[rows]), dtype=float, count=int(rows.sum()))
    infinite = ~np.isfinite(out) & ~table.refused
    table.refuse(infinite, refuse("number_form.infinite", "value"))
    return out, figures
