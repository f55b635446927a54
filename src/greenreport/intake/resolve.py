"""Turns figures laid out with their texts into rows of the ledger, or into refusals with every reason.

Works on columns: each different text is read once, however many rows carry it. Nothing is guessed; a row is accepted
whole or refused with everything that is wrong with it. Must not know files, sheets or stores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenreport.intake.frames import coded
from greenreport.intake.names import Names
from greenreport.intake.numbers import Number, parse_number, plain_numbers
from greenreport.intake.reason import Reason, quoted
from greenreport.intake.texts import (
    MISSING_VALUE,
    NEGATIVE,
    NOT_FINITE,
    NOT_WHOLE,
    Defaults,
    absent,
    conflict,
    free_text,
    grade_of,
    kind_of,
    period_not_over,
    period_of,
    scope_of,
    shift_of,
    vintage_of,
)
from greenreport.intake.units import UnitTable
from greenreport.intake.words import is_missing
from greenreport.observations import FIGURES, combined, parse_period

__all__ = ["Defaults", "Resolved", "resolve"]

Codes = npt.NDArray[np.int32]


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
        raw: the columns of `laid.RAW`, texts as `category`, `value` and `growth_pct` as `str`; `number`, where it
            stands beside them, has the values that are plain decimals.
        names: of indicators and areas.
        units: of the plan.
        defaults: what holds where a row says nothing.
    """
    n = len(raw)
    faults = _Faults(n)
    indicator, indicators = _indicators(raw, names, defaults, faults)
    period, periods = _periods(raw, defaults, faults)
    area, areas = _areas(raw, names, defaults, faults, period, periods)
    kind, kinds = _mapped(raw["kind"], lambda t: kind_of(t), faults)
    numbers = _numbers(raw, faults)
    unit, shifts = _shifts(raw, numbers, indicator, indicators, kind, kinds, names, units, defaults, faults)
    value = _values(numbers, shifts)
    faults.where(~np.isfinite(value) & ~numbers.bad & ~faults.any, NOT_FINITE)
    growth = _growth(raw["growth_pct"], faults)
    scope, scopes = _mapped(raw["scope"], lambda t: scope_of(t, defaults.scopes), faults)
    grade, grades = _paired(raw, "grade", "reporter", lambda t, who: grade_of(t, defaults, who), faults)
    vintage, vintages = _mapped(raw["vintage"], lambda t: vintage_of(t, defaults.when), faults)
    source, sources = _paired(
        raw,
        "source",
        "reporter",
        lambda t, who: free_text("source", t, defaults.given.get("source") or who or defaults.source),
        faults,
    )
    _over_by_then(period, periods, vintage, vintages, faults)
    _possible(value, indicator, indicators, kind, kinds, names, faults)
    address, addresses = _mapped(raw["source_address"], lambda t: free_text("source_address", t, ""), faults)
    note, notes = _notes(raw["note"], numbers, faults)
    refused = faults.any
    keep = np.flatnonzero(~refused) if refused.any() else slice(None)

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
        index=np.arange(n)[keep],
    )
    return Resolved(frame, refused, tuple(faults.columns), tuple(faults.reasons))


def _category(codes: npt.NDArray[Any], read: list[Any]) -> pd.Categorical:
    texts = [r if isinstance(r, str) else "" for r in read]
    levels = list(dict.fromkeys(texts)) or [""]
    place = {t: i for i, t in enumerate(levels)}
    table = np.array([place[t] for t in texts] or [0], dtype=np.int32)
    return coded(table[codes] if len(codes) else codes.astype(np.int32), levels)


def _coded(column: pd.Series) -> tuple[Codes, list[str]]:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype("category")
    return column.cat.codes.to_numpy().astype(np.int32), [str(t) for t in column.cat.categories]


def _mapped(column: pd.Series, read: Callable[[str], Any], faults: _Faults) -> tuple[Codes, list[Any]]:
    codes, texts = _coded(column)
    values = [read(t) for t in texts]
    faults.by_code(codes, values)
    return codes, values


def _indicators(raw: pd.DataFrame, names: Names, defaults: Defaults, faults: _Faults) -> tuple[Codes, list[Any]]:
    def read(text: str, against: str) -> str | Reason:
        if against:
            return conflict("indicator", text, against)
        own = text if not is_missing(text) else defaults.given.get("indicator", "")
        if not own:
            return absent("indicator", "未写明指标", "No indicator is named")
        return names.indicator(own)

    return _paired(raw, "indicator", "indicator_against", read, faults)


def _periods(raw: pd.DataFrame, defaults: Defaults, faults: _Faults) -> tuple[npt.NDArray[Any], list[Any]]:
    columns = [_coded(raw[c]) for c in ("period", "period_against", "months", "month")]
    codes, combos = combined([c for c, _ in columns])
    read = [
        period_of(*(columns[k][1][i] for k, i in enumerate(combo)), given=defaults.given.get("period", ""))
        for combo in combos
    ]
    faults.by_code(codes, read)
    return codes, read


def _areas(
    raw: pd.DataFrame, names: Names, defaults: Defaults, faults: _Faults, period: npt.NDArray[Any], periods: list[Any]
) -> tuple[npt.NDArray[Any], list[Any]]:
    columns = [_coded(raw[c]) for c in ("area", "area_against", "area_code")]
    codes, combos = combined([*(c for c, _ in columns), period])

    def read(said: list[str], when: Any) -> str | Reason:
        name, against, code = said
        if against:
            return conflict("area", name, against)
        day = when if isinstance(when, str) else ""
        own = name if not is_missing(name) else ""
        if not own and is_missing(code):
            own = defaults.given.get("area", "")
        if not own and is_missing(code):
            return absent("area", "未写明区县", "No area is named")
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
            zh = f"代码{by_code}是“{meant.name.zh}”，名称却是“{quoted(own)}”，请核对。"
            en = f"The code {by_code} is {meant.name.en}, but the name is {quoted(own)!r}."
            return Reason("area_conflict", "area", zh, en, (f"{by_code} {meant.name.zh}",))
        return by_code

    values = [
        read([texts[i] if i >= 0 else "" for (_, texts), i in zip(columns, said, strict=True)], periods[p])
        for *said, p in combos
    ]
    faults.by_code(codes, values)
    return codes, values


def _paired(
    raw: pd.DataFrame, name: str, other: str, read: Callable[[str, str], Any], faults: _Faults
) -> tuple[npt.NDArray[np.int32], list[Any]]:
    """What a row says in two columns together."""
    own, who = _coded(raw[name]), _coded(raw[other])
    codes, combos = combined([own[0], who[0]])
    values = [read(own[1][i] if i >= 0 else "", who[1][k] if k >= 0 else "") for i, k in combos]
    faults.by_code(codes, values)
    return codes, values


def _over_by_then(
    period: npt.NDArray[Any], periods: list[Any], vintage: npt.NDArray[Any], vintages: list[Any], faults: _Faults
) -> None:
    """No figure can be known before its period is over."""
    codes, combos = combined([period, vintage])

    def read(said: Any, day: Any) -> Reason | None:
        span = parse_period(said) if isinstance(said, str) else None
        return period_not_over(said, day) if span and isinstance(day, date) and span.last > day else None

    faults.by_code(codes, [read(periods[p], vintages[v]) for p, v in combos])


def _possible(
    value: npt.NDArray[np.float64],
    indicator: Codes,
    indicators: list[Any],
    kind: Codes,
    kinds: list[Any],
    names: Names,
    faults: _Faults,
) -> None:
    """No flow and no count lies below zero, and what is counted is whole."""
    growth = np.array([k == "growth" for k in kinds] or [False])[kind] if len(kind) else np.zeros(0, bool)
    below = (value < 0) & ~growth
    faults.where(below, NEGATIVE)
    counted = np.array([isinstance(i, str) and names.counts(i) for i in indicators] or [False])
    plain = np.array([k in FIGURES for k in kinds] or [False])
    with np.errstate(invalid="ignore"):
        broken = np.isfinite(value) & (value != np.floor(value))
    if len(value):
        faults.where(broken & counted[indicator] & plain[kind], NOT_WHOLE)


@dataclass
class _Numbers:
    texts: npt.NDArray[Any]
    plain: npt.NDArray[np.float64]
    unit: Codes
    units: list[str]
    marks: Codes
    mark_sets: list[tuple[str, ...]]
    bad: npt.NDArray[np.bool_]


def _numbers(raw: pd.DataFrame, faults: _Faults) -> _Numbers:
    texts = raw["value"].to_numpy(dtype=object, copy=True)
    plain = raw["number"].to_numpy() if "number" in raw else plain_numbers(texts)
    n = len(texts)
    unit, marks = np.zeros(n, np.int32), np.zeros(n, np.int32)
    units: dict[str, int] = {"": 0}
    mark_sets: dict[tuple[str, ...], int] = {(): 0}
    bad = np.zeros(n, dtype=bool)
    codes = np.full(n, -1, np.int32)
    odd = np.flatnonzero(np.isnan(plain))
    for i in odd:
        text = texts[i]
        read = MISSING_VALUE if is_missing(text) else parse_number(text)
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
    return _Numbers(texts, plain, unit, list(units), marks, list(mark_sets), bad)


def _shifts(
    raw: pd.DataFrame, numbers: _Numbers, indicator: Codes, indicators: list[Any], kind: Codes, kinds: list[Any],
    names: Names, units: UnitTable, defaults: Defaults, faults: _Faults,
) -> tuple[tuple[npt.NDArray[Any], list[str]], npt.NDArray[np.int32]]:  # fmt: skip
    row_codes, row_texts = _coded(raw["unit"])
    head_codes, head_texts = _coded(raw["unit_head"])
    codes, combos = combined([numbers.unit, row_codes, head_codes, indicator, kind])
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
        read.append(shift_of(numbers.units[cell], row_texts[row], head_texts[head], target, units, defaults))
    faults.by_code(codes, read)
    table = np.array([r if isinstance(r, int) else 0 for r in read] or [0], dtype=np.int32)
    return (codes, targets), table[codes] if len(codes) else table[:0]


def _values(numbers: _Numbers, shifts: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Every figure in the ledger's unit; the decimal point is moved in the text, so that no binary noise comes in."""
    out = np.where(shifts == 0, numbers.plain, np.nan)
    left = ~numbers.bad & np.isnan(out)
    for power in np.unique(shifts[left]):
        rows = left & (shifts == power)
        suffix = f"e{power}" if power else ""
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
    codes, combos = combined([note_codes, numbers.marks])
    read: list[Any] = []
    for note, marks in combos:
        own = free_text("note", texts[note] if note >= 0 else "", "")
        if isinstance(own, str):
            parts = [p for p in own.split(";") if p]
            own = ";".join([*parts, *(m for m in numbers.mark_sets[marks] if m not in parts)])
        read.append(own)
    faults.by_code(codes, read)
    return codes, read
