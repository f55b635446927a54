"""Reads a filled-in template by the keys on its hidden sheet, and lays its figures out like any other table.

Keys are checked against what stands in sight: a row that was moved or overwritten is refused, not misread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from greenreport.intake.account import Accountant
from greenreport.intake.laid import RAW, Laid, Loss
from greenreport.intake.layout import lay_out
from greenreport.intake.reason import Reason, quoted
from greenreport.intake.sheets import Grid
from greenreport.intake.template import KEYS, LISTS, VERSION
from greenreport.intake.understood import cell_name
from greenreport.intake.words import is_missing, plain

__all__ = ["Form", "keys_of", "lay_out_filled"]

_DIGIT = re.compile(r"\d")


@dataclass
class Form:
    """The keys of a template: per sheet the head's row, the columns (role, period) and the rows (area, indicator, unit);
    `known`: what was filled in already when the template was written, by sheet, row and column.

    Rows count from 1, columns from 1.
    """

    meta: dict[str, str] = field(default_factory=dict)
    skip: set[str] = field(default_factory=set)
    heads: dict[str, int] = field(default_factory=dict)
    columns: dict[str, dict[int, tuple[str, str]]] = field(default_factory=dict)
    rows: dict[str, dict[int, tuple[str, str, str]]] = field(default_factory=dict)
    known: dict[tuple[str, int, int], str] = field(default_factory=dict)

    @property
    def area(self) -> str:
        """The code of the one area that the template was written for; empty: several."""
        areas = {area for rows in self.rows.values() for area, _, _ in rows.values()}
        return areas.pop() if len(areas) == 1 else ""


def keys_of(grids: Sequence[Grid], plan_id: str) -> Form | Reason | None:
    """The keys of a workbook; None if it is no template; a reason if it belongs to another plan or is broken."""
    sheet = next((g for g in grids if g.sheet == KEYS), None)
    if sheet is None:
        return None
    form = Form()
    try:
        for cells in sheet.rows:
            match cells:
                case ["meta", key, value]:
                    form.meta[key] = value
                case ["skip", name]:
                    form.skip.add(name)
                case ["group", name, row]:
                    form.heads[name] = int(row)
                case ["column", name, col, role, *period]:
                    form.columns.setdefault(name, {})[int(col)] = (role, period[0] if period else "")
                case ["known", name, row, col, text]:
                    form.known[name, int(row), int(col)] = text
                case ["row", name, row, area, indicator, unit]:
                    form.rows.setdefault(name, {})[int(row)] = (area, indicator, unit)
    except ValueError:
        return _broken()
    if form.meta.get("format") != "greenreport-template" or form.meta.get("version") != VERSION:
        return _broken()
    if form.meta.get("plan") != plan_id:
        return Reason(
            "template_other_plan",
            "file",
            f"这份模板属于另一份规划（{quoted(form.meta.get('plan', ''))}）。请用本规划的模板。",
            f"This template belongs to another plan ({quoted(form.meta.get('plan', ''))}). Use this plan's.",
        )
    return form


def _broken() -> Reason:
    return Reason(
        "template_broken",
        "file",
        "模板的内部信息已损坏，请重新下载模板，把数据复制过去。",
        "The template's keys are damaged. Write a new template and copy the figures into it.",
    )


def lay_out_filled(grids: Sequence[Grid], form: Form, labels: Accountant) -> list[tuple[Grid, Laid]]:
    """Every figure of a template: by key on the sheets of indicators, as a loose table on any other sheet."""
    out = []
    for grid in grids:
        if grid.sheet in (KEYS, LISTS) or grid.sheet in form.skip:
            continue
        if grid.sheet in form.heads:
            out.append((grid, _by_key(grid, form, labels)))
        elif any(_DIGIT.search(c) for row in grid.rows for c in row):
            out.append((grid, lay_out(grid, labels)))
    return out


def _by_key(grid: Grid, form: Form, labels: Accountant) -> Laid:
    out = Laid()
    columns = form.columns.get(grid.sheet, {})
    keyed = form.rows.get(grid.sheet, {})
    place = {(role, period): col - 1 for col, (role, period) in columns.items()}
    values = [(col - 1, period) for col, (role, period) in columns.items() if role == "value"]
    inputs = [col - 1 for col, (role, _) in columns.items() if role not in ("area", "indicator", "unit", "shown")]
    for r in range(form.heads[grid.sheet], len(grid.rows)):
        row = grid.rows[r]

        def at(role: str, period: str = "", row: list[str] = row) -> str:
            col = place.get((role, period), -1)
            return row[col] if 0 <= col < len(row) else ""

        seen = {"area": at("area"), "indicator": at("indicator"), "unit": at("unit")}
        key = keyed.get(r + 1)
        found = False
        for col, period in values:
            value = row[col] if col < len(row) else ""
            if is_missing(value) or value == form.known.get((grid.sheet, r + 1, col + 1)):
                out.blank += is_missing(value)
                continue
            found = True
            texts = dict.fromkeys(RAW, "")
            texts |= {n: _one_name(seen[n], labels, n) for n in ("area", "indicator")}
            texts |= {
                "unit": seen["unit"],
                "period": period,
                "months": at("months", period),
                "kind": at("kind", period),
            }
            texts |= {"source": at("source"), "note": at("note"), "value": value}
            head = form.heads[grid.sheet]
            told = {"area": "area", "indicator": "indicator", "unit": "unit"}
            parts = [
                f"{n}={cell_name(1, place[role, ''] + 1)[:-1]}#" for n, role in told.items() if (role, "") in place
            ]
            texts["proof"] = ";".join([*parts, f"period={cell_name(head, col + 1)}"])
            if form.area:
                texts["reporter"] = texts["area"]
            if key is not None:
                texts["area_code"] = key[0]
                texts["unit_head"] = key[2]
                if texts["indicator"] and labels.names.indicator(texts["indicator"]) != key[1]:
                    texts["indicator"] = f"{texts['indicator']}⇄{key[1]}"
                else:
                    texts["indicator"] = key[1]
            if ("months", period) in place and is_missing(texts["months"]):
                # Sent back uncorrected, it must not read as the figure of the full year.
                texts["period"] = f"{period}年1—?月"
                out.losses.append(Loss(r, col, value, _no_month(period), texts))
                continue
            for name in RAW:
                out.columns[name].append(texts[name])
            out.rows.append(r)
            out.cols.append(col)
        stray = [c for c in range(len(row)) if c not in [x - 1 for x in columns] and _DIGIT.search(row[c])]
        for c in stray:
            out.losses.append(Loss(r, c, row[c], _outside()))
        if not found and key is None and any(_DIGIT.search(row[c]) for c in inputs if c < len(row)):
            out.losses.append(Loss(r, 0, " | ".join(c for c in row if c.strip()), _outside()))
    return out


def _one_name(text: str, labels: Accountant, what: str) -> str:
    """A name written in two lines, one per language, as one of them."""
    whole = plain(text)
    known = labels.names.is_area if what == "area" else labels.names.is_indicator
    if known(whole) or "\n" not in text:
        return whole
    return next((plain(p) for p in text.split("\n") if known(p)), whole)


def _no_month(period: str) -> Reason:
    return Reason(
        "months_absent",
        "period",
        f"{period}年累计数没有选择“累计至月份”。",
        f"The month through which the figure for {period} runs was not chosen.",
    )


def _outside() -> Reason:
    return Reason(
        "template_outside",
        "sheet",
        "这一格不在模板的填报区内，没有采用。请填在浅黄色格里。",
        "This cell lies outside the cells to fill in and was not taken. Use the pale yellow cells.",
    )
