"""Which figures are at hand and which are missing, by area and year: a chart, the areas with gaps, one area's record.

Made from `assess.quality`; looks nothing up in the ledger.
"""

from __future__ import annotations

import altair as alt

from greenreport.areas import Roster
from greenreport.assess.quality import Quality
from greenreport.plan import Plan
from greenreport.present import theme
from greenreport.present.catalog import t
from greenreport.present.charts import figure, inline
from greenreport.present.columns import text_field
from greenreport.present.show import Field, Figure, Sheet, Table
from greenreport.present.tabulate import Column, Mark, table

__all__ = ["HAVE", "coverage_chart", "coverage_table", "own_coverage_table"]

HAVE = ("observed", "provisional", "unconfirmed", "bridged")
"""What counts as a figure at hand."""


def coverage_chart(found: Quality, plan: Plan, roster: Roster, lang: str) -> Figure:
    """Areas by years: a mark with the number of missing figures wherever a year is not complete."""
    counts = _counts(found)
    rows = [
        {
            "area": roster.area(area).short[lang],
            "year": str(year),
            "gaps": expected - have,
            "text": f"−{expected - have}",
        }
        for (area, year), (have, expected) in counts.items()
        if have < expected
    ]
    names = [roster.area(a).short[lang] for a in dict.fromkeys(c.area for c in found.cells)]
    years = [str(y) for y in found.years]
    base = alt.Chart(inline(rows)).encode(
        x=alt.X(
            "year:O",
            title=None,
            scale=alt.Scale(domain=years),
            axis=alt.Axis(labelAngle=0, orient="top", ticks=False, domain=False, grid=True, bandPosition=0.5),
        ),
        y=alt.Y(
            "area:N",
            title=None,
            scale=alt.Scale(domain=names),
            axis=alt.Axis(ticks=False, domain=False, labelLimit=160, grid=True, bandPosition=0.5),
        ),
        tooltip=[
            alt.Tooltip("area:N", title=t("table.area", lang)),
            alt.Tooltip("year:N", title=t("table.year", lang)),
            alt.Tooltip("gaps:Q", title=t("quality.status.missing", lang)),
        ],
    )
    marks = base.mark_text(fontSize=12, fontWeight="bold").encode(
        text=alt.Text("text:N"),
        color=alt.condition("datum.gaps > 1", alt.value(theme.VERDICT_COLOUR["at_risk"]), alt.value(theme.INK)),
    )
    caption = t("quality.chart_caption", lang)
    fields = (
        text_field("area", t("table.area", lang)),
        Field("year", t("table.year", lang)),
        Field("have", t("quality.field.have", lang)),
        Field("due", t("quality.field.due", lang)),
    )
    data = tuple((roster.area(area).short[lang], year, have, due) for (area, year), (have, due) in counts.items())
    worst = max(rows, key=lambda r: (r["gaps"], r["year"]), default=None)
    return figure(
        marks,
        label="fig-coverage",
        caption=caption,
        sheet=Sheet(fields, data, caption),
        alt_text=t("quality.chart_alt", lang, n=len(rows), area=worst["area"], year=worst["year"], gaps=worst["gaps"])
        if worst
        else t("quality.chart_alt_full", lang),
        width=460,
        height=15 * len(names),
    )


def coverage_table(found: Quality, plan: Plan, roster: Roster, lang: str) -> Table | None:
    """The areas with gaps: indicators at hand of those due, by year; None where nothing is missing."""
    counts = _counts(found)
    columns = [
        Column("area", t("table.area", lang), width=4),
        *(
            Column(
                str(y),
                str(y),
                "right",
                width=2,
                fields=(
                    Field(f"have_{y}", t("columns.have", lang, year=y)),
                    Field(f"due_{y}", t("columns.expected", lang, year=y)),
                ),
            )
            for y in found.years
        ),
    ]
    areas = list(dict.fromkeys(c.area for c in found.cells))
    rows: list[dict[str, str | Mark]] = []
    for area in areas:
        of_area = {year: counts.get((area, year), (0, 0)) for year in found.years}
        if all(have == expected for have, expected in of_area.values()):
            continue
        row: dict[str, str | Mark] = {"area": roster.area(area).short[lang]}
        for year, (have, expected) in of_area.items():
            text = t("quality.of", lang, have=have, expected=expected) if expected else t("number.missing", lang)
            row[str(year)] = Mark(text, raw=(have, expected))
        rows.append(row)
    if not rows:
        return None
    return table(
        columns,
        rows,
        label="tbl-coverage",
        caption=t("quality.coverage_caption", lang),
        notes=[t("quality.coverage_note", lang, full=len(areas) - len(rows))],
    )


def own_coverage_table(found: Quality, plan: Plan, lang: str, *, area: str) -> Table:
    """One area: what each figure is, by indicator and year."""
    columns = [
        Column("indicator", t("table.indicator", lang), width=5),
        *(Column(str(y), str(y), "center", width=2) for y in found.years),
    ]
    cells = {(c.indicator, c.year): _status(c.status, lang) for c in found.cells}
    rows: list[dict[str, str | Mark]] = [
        {
            "indicator": i.short[lang],
            **{str(y): cells.get((i.id, y), t("number.missing", lang)) for y in found.years},
        }
        for i in plan.indicators
    ]
    return table(
        columns,
        rows,
        label="tbl-coverage",
        caption=t("quality.own_caption", lang, area=area),
        notes=[t("quality.own_note", lang)],
    )


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
