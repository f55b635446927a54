"""Reads a filled-in template by the keys on its hidden sheet, and lays its figures out like any other table.

Keys are checked against what stands in sight: a row that was moved or overwritten is refused, not misread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from greenreport.intake.account import Accountant
from greenreport.intake.layout import DIGIT, Laid, lay_out
from greenreport.intake.read_result import cell_name
from greenreport.intake.reason import Reason, refuse
from greenreport.intake.sheets import Grid
from greenreport.intake.template_writer import KEYS, LISTS, VERSION
from greenreport.intake.words import is_missing, plain

__all__ = ["Form", "keys_of", "lay_out_filled"]

_GIVEN = ("area", "indicator", "unit")
_BROKEN = refuse("template_broken", "file")
_OUTSIDE = refuse("template_outside", "sheet")


class _Column(NamedTuple):
    """What a column of a template asks for: its role, and the year it is about (empty: none)."""

    role: str
    period: str = ""


class _Row(NamedTuple):
    """What a row of a template asks for: code of the area, id of the indicator, unit."""

    area: str
    indicator: str
    unit: str


@dataclass
class Form:
    """The keys of a template: per sheet the row of the head, and the columns and rows that ask for figures.

    `known`: what was filled in already when the template was written, by sheet, row and column.

    Rows count from 1, columns from 1.
    """

    meta: dict[str, str] = field(default_factory=dict)
    skip: set[str] = field(default_factory=set)
    heads: dict[str, int] = field(default_factory=dict)
    columns: dict[str, dict[int, _Column]] = field(default_factory=dict)
    rows: dict[str, dict[int, _Row]] = field(default_factory=dict)
    known: dict[tuple[str, int, int], str] = field(default_factory=dict)

    @property
    def area(self) -> str:
        """The code of the one area that the template was written for; empty: several."""
        areas = {row.area for rows in self.rows.values() for row in rows.values()}
        return areas.pop() if len(areas) == 1 else ""

    def learn(self, cells: list[str]) -> None:
        """One line of the hidden sheet; a line of an unknown kind is passed over."""
        match cells:
            case ["meta", key, value]:
                self.meta[key] = value
            case ["skip", name]:
                self.skip.add(name)
            case ["group", name, row]:
                self.heads[name] = int(row)
            case ["column", name, col, role, *period]:
                self.columns.setdefault(name, {})[int(col)] = _Column(role, *period[:1])
            case ["known", name, row, col, text]:
                self.known[name, int(row), int(col)] = text
            case ["row", name, row, area, indicator, unit]:
                self.rows.setdefault(name, {})[int(row)] = _Row(area, indicator, unit)


def keys_of(grids: Sequence[Grid], plan_id: str) -> Form | Reason | None:
    """The keys of a workbook; None if it is no template; a reason if it belongs to another plan or is broken."""
    sheet = next((g for g in grids if g.sheet == KEYS), None)
    if sheet is None:
        return None
    form = Form()
    try:
        for cells in sheet.rows:
            form.learn(cells)
    except ValueError:
        return _BROKEN
    if form.meta.get("format") != "greenreport-template" or form.meta.get("version") != VERSION:
        return _BROKEN
    if form.meta.get("plan") != plan_id:
        return refuse("template_other_plan", "file", other=form.meta.get("plan", ""))
    return form


def lay_out_filled(grids: Sequence[Grid], form: Form, labels: Accountant) -> list[Laid]:
    """Every figure of a template: by key on the sheets of indicators, as a loose table on any other sheet."""
    out = []
    for grid in grids:
        if grid.sheet in (KEYS, LISTS) or grid.sheet in form.skip:
            continue
        if grid.sheet in form.heads:
            out.append(_Sheet(grid, form, labels).lay())
        elif any(DIGIT.search(c) for row in grid.rows for c in row):
            out.append(lay_out(grid, labels))
    return out


class _Sheet:
    """One sheet of indicators at work; columns count from 0."""

    def __init__(self, grid: Grid, form: Form, labels: Accountant) -> None:
        self.grid, self.form, self.labels = grid, form, labels
        self.columns = {col - 1: column for col, column in form.columns.get(grid.sheet, {}).items()}
        self.places = {column: col for col, column in self.columns.items()}
        self.keys = form.rows.get(grid.sheet, {})
        self.out = Laid(grid)

    def lay(self) -> Laid:
        """Every figure of the sheet."""
        for r in range(self.form.heads[self.grid.sheet], len(self.grid.rows)):
            self._row(r)
        return self.out

    def _row(self, r: int) -> None:
        values = [col for col, column in self.columns.items() if column.role == "value"]
        self.out.blank += sum(is_missing(self.grid.cell(r, col)) for col in values)
        typed = [col for col in values if self._is_typed(r, col)]
        for col in typed:
            self._figure(r, col)
        self._outside(r, asked=bool(typed) or r + 1 in self.keys)

    def _outside(self, r: int, *, asked: bool) -> None:
        """Lose digits beside the columns of the template, and a whole row in which nothing is `asked`."""
        with_digit = {col for col, text in enumerate(self.grid.rows[r]) if DIGIT.search(text)}
        for col in sorted(with_digit - self.columns.keys()):
            self.out.lose(r, col, self.grid.cell(r, col), _OUTSIDE)
        inputs = {col for col, column in self.columns.items() if column.role not in (*_GIVEN, "shown")}
        if not asked and inputs & with_digit:
            self.out.lose_row(r, _OUTSIDE)

    def _is_typed(self, r: int, col: int) -> bool:
        """Whether a figure was filled in; one that was there when the template was written is reported by nobody."""
        text = self.grid.cell(r, col)
        return not is_missing(text) and text != self.form.known.get((self.grid.sheet, r + 1, col + 1))

    def _at(self, r: int, role: str, period: str = "") -> str:
        return self.grid.cell(r, self.places.get(_Column(role, period), -1))

    def _figure(self, r: int, col: int) -> None:
        """Lay out one figure: what stands in sight, beside what the key of its row says."""
        period, key = self.columns[col].period, self.keys.get(r + 1)
        texts = {name: self._at(r, name) for name in (*_GIVEN, "source", "note")}
        texts["note"] = "；".join(filter(None, (texts["note"], self.grid.comments.get((r, col), ""))))
        texts |= {name: self._at(r, name, period) for name in ("months", "kind")}
        texts |= {name: _one_name(texts[name], self.labels, name) for name in ("area", "indicator")}
        texts |= {"period": period, "value": self.grid.cell(r, col), "proof": self._proof(col)}
        if self.form.area:
            texts["reporter"] = texts["area"]
        if key is not None:
            named = texts["indicator"]
            if not named or self.labels.names.indicator(named) == key.indicator:
                texts["indicator"] = key.indicator
            else:
                texts["indicator_against"] = key.indicator
            texts |= {"area_code": key.area, "unit_head": key.unit}
        if ("months", period) in self.places and is_missing(texts["months"]):
            # Sent back uncorrected, it must not read as the figure of the full year.
            texts["period"] = f"{period}年1—?月"
            self.out.lose(r, col, texts["value"], refuse("months_absent", "period", period=period), texts)
        else:
            self.out.take(texts, r, col)

    def _proof(self, col: int) -> str:
        """Which cells say what, as in [Laid]."""
        named = [f"{n}={cell_name(0, self.places[_Column(n)] + 1)}#" for n in _GIVEN if _Column(n) in self.places]
        return ";".join([*named, f"period={cell_name(self.form.heads[self.grid.sheet], col + 1)}"])


def _one_name(text: str, labels: Accountant, what: str) -> str:
    """A name written in two lines, one per language, as one of them."""
    whole = plain(text)
    known = labels.names.is_area if what == "area" else labels.names.is_indicator
    if known(whole) or "\n" not in text:
        return whole
    return next((plain(p) for p in text.split("\n") if known(p)), whole)
