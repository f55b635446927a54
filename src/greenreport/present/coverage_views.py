"""Which figures are at hand and which are missing, by area and year: a chart, the areas with gaps, one area's record.

Made from `assess.quality`; looks nothing up in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import altair as alt

from greenreport.areas import Roster
from greenreport.assess.quality import Quality
from greenreport.plan import Indicator, Plan
from greenreport.present import theme
from greenreport.present.charts import figure, inline
from greenreport.present.columns import Columns, text_field
from greenreport.present.show import Field, Figure, Table
from greenreport.present.tabulate import Cell, Mark
from greenreport.words import t

__all__ = ["HAVE", "coverage_chart", "coverage_table", "own_coverage_table"]

HAVE = ("observed", "provisional", "unconfirmed", "bridged")
"""What counts as a figure at hand."""


def coverage_chart(found: Quality, plan: Plan, roster: Roster, lang: str) -> Figure:
    """Areas by years: a mark with the number of missing figures wherever a year is not complete."""
    counts = {(roster.area(area).short[lang], year): known for (area, year), known in _counts(found).items()}
    rows = [
        {"area": area, "year": str(year), "gaps": expected - have, "text": f"−{expected - have}"}
        for (area, year), (have, expected) in counts.items()
        if have < expected
    ]
    names = list(dict.fromkeys(area for area, _ in counts))
    alt_text = t("quality.chart_alt_full", lang)
    if rows:
        worst = max(rows, key=lambda r: (r["gaps"], r["year"]))
        told = {key: worst[key] for key in ("area", "year", "gaps")}
        alt_text = t("quality.chart_alt", lang, n=len(rows), **told)
    base = alt.Chart(inline(rows)).encode(
        x=_axis(alt.X, "year:O", [str(y) for y in found.years], labelAngle=0, orient="top"),
        y=_axis(alt.Y, "area:N", names, labelLimit=160),
        tooltip=[
            alt.Tooltip("area:N", title=t("table.area", lang)),
            alt.Tooltip("year:N", title=t("table.year", lang)),
            alt.Tooltip("gaps:Q", title=t("quality.status.missing", lang)),
        ],
    )
    many = alt.condition("datum.gaps > 1", alt.value(theme.VERDICT_COLOUR["at_risk"]), alt.value(theme.INK))
    return figure(
        base.mark_text(fontSize=12, fontWeight="bold").encode(text=alt.Text("text:N"), color=many),
        label="fig-coverage",
        caption=t("quality.chart_caption", lang),
        alt_text=alt_text,
        width=460,
        height=15 * len(names),
        fields=[
            text_field("area", t("table.area", lang)),
            Field("year", t("table.year", lang)),
            Field("have", t("quality.field.have", lang)),
            Field("due", t("quality.field.due", lang)),
        ],
        data=[(*where, *known) for where, known in counts.items()],
    )


def _axis(channel: Any, field: str, values: Sequence[str], **more: Any) -> Any:
    axis = alt.Axis(ticks=False, domain=False, grid=True, bandPosition=0.5, **more)
    return channel(field, title=None, scale=alt.Scale(domain=list(values)), axis=axis)


def coverage_table(found: Quality, plan: Plan, roster: Roster, lang: str) -> Table | None:
    """The areas with gaps: indicators at hand of those due, by year; None where nothing is missing."""
    counts = _counts(found)
    areas = list(dict.fromkeys(c.area for c in found.cells))
    lacking = [area for area in areas if any(have < due for (code, _), (have, due) in counts.items() if code == area)]
    if not lacking:
        return None

    def cell(area: str, year: int) -> Mark:
        have, expected = counts.get((area, year), (0, 0))
        text = t("quality.of", lang, have=have, expected=expected) if expected else t("number.missing", lang)
        return Mark(text, raw=(have, expected))

    columns = Columns[str](lang, "table")
    columns.text("area", lambda area: roster.area(area).short[lang], width=4)
    for y in found.years:
        known = Field(f"have_{y}", t("columns.have", lang, year=y))
        due = Field(f"due_{y}", t("columns.expected", lang, year=y))
        columns.text(str(y), partial(cell, year=y), str(y), align="right", width=2, fields=(known, due))
    note = t("quality.coverage_note", lang, full=len(areas) - len(lacking))
    return columns.table(lacking, label="tbl-coverage", caption=t("quality.coverage_caption", lang), notes=[note])


def own_coverage_table(found: Quality, plan: Plan, lang: str, *, area: str) -> Table:
    """One area: what each figure is, by indicator and year."""
    cells = {(c.indicator, c.year): _status(c.status, lang) for c in found.cells}
    columns = Columns[Indicator](lang, "table")
    columns.text("indicator", lambda i: i.short[lang], width=5)
    for y in found.years:
        of_year = {id: cell for (id, year), cell in cells.items() if year == y}
        columns.text(str(y), partial(_of, of_year, lang), str(y), align="center", width=2)
    caption, note = t("quality.own_caption", lang, area=area), t("quality.own_note", lang)
    return columns.table(plan.indicators, label="tbl-coverage", caption=caption, notes=[note])


def _of(cells: Mapping[str, Cell], lang: str, indicator: Indicator) -> Cell:
    return cells.get(indicator.id, t("number.missing", lang))


def _status(status: str, lang: str) -> str | Mark:
    """What a figure is; the usual, a published figure, is a dot, so that the others are seen."""
    words = t(f"quality.status.{status}", lang)
    if status != "observed":
        return words
    return Mark("●", f'<span role="img" aria-label="{words}">●</span>', (words,))


def _counts(found: Quality) -> dict[tuple[str, int], tuple[int, int]]:
    """Area and year → indicators at hand, indicators due."""
    out: dict[tuple[str, int], tuple[int, int]] = {}
    for c in found.cells:
        have, expected = out.get((c.area, c.year), (0, 0))
        due = c.status != "absent"
        out[c.area, c.year] = (have + (c.status in HAVE), expected + due)
    return out
