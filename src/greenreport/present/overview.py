"""All districts at a glance: a tile map, a matrix of verdicts, a ranking per indicator.

Made from the districts' findings; grades nothing.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import altair as alt

from greenreport.areas import Roster
from greenreport.assess.model import Assessment
from greenreport.plan import Indicator, Plan
from greenreport.present import theme
from greenreport.present.catalog import t
from greenreport.present.charts import figure
from greenreport.present.numbers import joined, percent, probability, quantity
from greenreport.present.show import Figure, Narrative, Table
from greenreport.present.tables import head_mark
from greenreport.present.tabulate import Column, Mark, table
from greenreport.present.theme import VERDICTS

__all__ = ["district_heading", "district_table", "ranking_chart", "tile_map", "verdict_matrix"]


def district_heading(districts: Sequence[Assessment], plan: Plan, lang: str, *, expected: int) -> Narrative:
    """What the districts' verdicts add up to, indicator by indicator."""
    lines = [t("districts.lead", lang, n=expected)]
    if len(districts) < expected:
        lines.append(t("districts.missing", lang, n=expected - len(districts)))
    for indicator in plan.indicators:
        counts = _counts(districts, indicator)
        if not any(counts.values()) or counts["not_assessable"] == len(districts):
            lines.append(t("districts.none", lang, indicator=indicator.name[lang]))
            continue
        parts = [t("districts.count", lang, n=n, verdict=t(f"verdict_short.{v}", lang)) for v, n in counts.items() if n]
        late = [d.area_short[lang] for d in districts if d.indicator(indicator.id).verdict == "at_risk"]
        names = ""
        if late:
            shown = (
                joined(late[:8], lang)
                if len(late) <= 8
                else t("districts.and_more", lang, names=("、" if lang == "zh" else ", ").join(late[:8]))
            )
            names = t("districts.late", lang, names=shown)
        comma = "，" if lang == "zh" else ", "
        lines.append(
            t("districts.line", lang, indicator=indicator.name[lang], counts=comma.join(parts))
            + names
            + _own_targets(districts, indicator, lang)
        )
    head, *items = lines
    lead = head + ("" if len(districts) == expected else (items.pop(0)))
    return Narrative(f"## {t('districts.heading', lang)}\n\n{lead}\n\n" + "\n".join(f"- {line}" for line in items))


def verdict_matrix(districts: Sequence[Assessment], plan: Plan, lang: str) -> Table:
    """Districts by indicators: the verdict of each as a sign with its word."""
    columns = [
        Column("area", t("table.area", lang), width=4),
        *(Column(i.id, i.short[lang], width=4) for i in plan.indicators),
    ]
    rows: list[dict[str, str | Mark]] = []
    for d in districts:
        row: dict[str, str | Mark] = {"area": _area_link(d, lang)}
        for i in plan.indicators:
            row[i.id] = head_mark(d.indicator(i.id), lang)
        rows.append(row)
    return table(
        columns,
        rows,
        label="tbl-districts",
        caption=t("districts.matrix_caption", lang),
        notes=[t("districts.matrix_note", lang)],
    )


def district_table(districts: Sequence[Assessment], indicator: Indicator, lang: str) -> Table:
    """One indicator over all districts: value, derived target, completion, probability, verdict."""
    columns = [
        Column("area", t("table.area", lang), width=3),
        Column("latest", t("table.latest", lang), "right", width=3),
        Column("target", t("table.target_value", lang), "right", width=3),
        Column("completion", t("table.completion", lang), "right", width=2),
        Column("probability", t("table.probability", lang), "right", width=2),
        Column("verdict", t("table.verdict", lang), width=3),
    ]
    rows: list[dict[str, str | Mark]] = []
    for d in districts:
        one = d.indicator(indicator.id)
        head, current = one.head, one.current
        year = "" if current is None else f"（{current.year}）" if lang == "zh" else f" ({current.year})"
        rows.append(
            {
                "area": _area_link(d, lang),
                "latest": quantity(current.value if current else None, indicator.unit, lang) + year,
                "target": quantity(head.value if head else None, indicator.unit, lang),
                "completion": percent(head.completion if head else None, lang),
                "probability": probability(head.probability if head else None, lang),
                "verdict": head_mark(one, lang),
            }
        )
    return table(
        columns,
        rows,
        label=f"tbl-{indicator.id.replace('_', '-')}-districts",
        caption=t("districts.table_caption", lang, indicator=indicator.name[lang]),
    )


def tile_map(districts: Sequence[Assessment], plan: Plan, roster: Roster, lang: str) -> Figure:
    """A tile-grid map of the districts, coloured by the verdict of an indicator that the reader chooses.

    On paper it shows the first indicator of the plan.
    """
    layout = roster.layout_on(districts[0].as_of)
    tiles = {tile.code: tile for tile in roster.tiles(layout)}
    rows: list[dict[str, Any]] = []
    for d in districts:
        tile = tiles.get(d.area)
        if tile is None:
            continue
        for i in plan.indicators:
            verdict = d.indicator(i.id).verdict
            rows.append(
                {
                    "area": d.area_short[lang],
                    "name": d.area_name[lang],
                    "indicator": i.name[lang],
                    "verdict": t(f"verdict_short.{verdict}", lang),
                    "sign": theme.VERDICT_SIGN[verdict],
                    "ink": theme.VERDICT_INK[verdict],
                    "x": tile.col,
                    "x2": tile.col + tile.col_span - 0.06,
                    "y": tile.row,
                    "y2": tile.row + tile.row_span - 0.06,
                    "xm": tile.col + tile.col_span / 2 - 0.03,
                    "ym": tile.row + tile.row_span / 2 - 0.03,
                    "p": probability(head.probability, lang)
                    if (head := d.indicator(i.id).head)
                    else t("number.missing", lang),
                    "href": f"district-{d.area}.html",
                }
            )
    names = [i.name[lang] for i in plan.indicators]
    chosen = alt.param(
        name="indicator",
        value=names[0],
        bind=alt.binding_select(options=names, name=t("districts.choose", lang) + " "),
    )
    scale = alt.Scale(
        domain=[t(f"verdict_short.{v}", lang) for v in VERDICTS],
        range=[theme.VERDICT_COLOUR[v] for v in VERDICTS],
    )
    cols = max(r["x2"] for r in rows) + 0.06
    lines = max(r["y2"] for r in rows) + 0.06
    x, y = alt.Scale(domain=[0, cols], nice=False), alt.Scale(domain=[lines, 0], nice=False)
    base = alt.Chart(alt.Data(values=rows)).transform_filter("datum.indicator == indicator")
    tip = [
        alt.Tooltip("name:N", title=t("table.area", lang)),
        alt.Tooltip("indicator:N", title=t("table.indicator", lang)),
        alt.Tooltip("verdict:N", title=t("table.verdict", lang)),
        alt.Tooltip("p:N", title=t("table.probability", lang)),
    ]
    squares = base.mark_rect(cornerRadius=3).encode(
        x=alt.X("x:Q", scale=x, axis=None),
        x2="x2:Q",
        y=alt.Y("y:Q", scale=y, axis=None),
        y2="y2:Q",
        color=alt.Color("verdict:N", scale=scale, legend=alt.Legend(title=None, orient="bottom", symbolType="square")),
        tooltip=tip,
        href="href:N",
    )
    place = {"x": alt.X("xm:Q", scale=x, axis=None), "y": alt.Y("ym:Q", scale=y, axis=None)}
    ink = alt.Color("ink:N", scale=None)
    signs = base.mark_text(fontSize=12, dy=-9).encode(**place, text="sign:N", color=ink, href="href:N", tooltip=tip)
    labels = base.mark_text(fontSize=12 if lang == "zh" else 9.5, dy=8).encode(
        **place, text="area:N", color=ink, href="href:N", tooltip=tip
    )
    chart = alt.layer(squares, signs, labels).resolve_scale(color="independent").add_params(chosen)
    counts = _counts(districts, plan.indicators[0])
    said = ("，" if lang == "zh" else ", ").join(
        t("districts.count", lang, n=n, verdict=t(f"verdict_short.{v}", lang)) for v, n in counts.items() if n
    )
    return figure(
        chart,
        label="fig-map",
        caption=t("districts.map_caption", lang, indicator=names[0]),
        alt_text=t("districts.map_alt", lang, indicator=names[0], counts=said),
        width=640,
        height=round(640 / cols * lines * 0.86),
    )


def ranking_chart(districts: Sequence[Assessment], indicator: Indicator, lang: str) -> Figure:
    """Districts ranked by completion of the headline target, with the verdict of each."""
    rows: list[dict[str, Any]] = []
    for d in districts:
        one = d.indicator(indicator.id)
        if one.head is None or one.head.completion is None:
            continue
        rows.append(
            {
                "area": d.area_short[lang],
                "share": one.head.completion,
                "text": f"{theme.VERDICT_SIGN[one.verdict]} {percent(one.head.completion, lang, 0)}",
                "verdict": t(f"verdict_short.{one.verdict}", lang),
                "time": one.head.time_share,
            }
        )
    rows.sort(key=lambda r: (-r["share"], r["area"]))
    order = [r["area"] for r in rows]
    scale = alt.Scale(
        domain=[t(f"verdict_short.{v}", lang) for v in VERDICTS],
        range=[theme.VERDICT_COLOUR[v] for v in VERDICTS],
    )
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("area:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=160)),
        tooltip=[
            alt.Tooltip("area:N", title=t("table.area", lang)),
            alt.Tooltip("share:Q", title=t("table.completion", lang), format=".1%"),
            alt.Tooltip("verdict:N", title=t("table.verdict", lang)),
        ],
    )
    x = alt.X("share:Q", title=t("table.completion", lang), axis=alt.Axis(format=".0%", tickCount=6))
    bars = base.mark_bar(height={"band": 0.72}).encode(
        x=x,
        color=alt.Color("verdict:N", scale=scale, legend=alt.Legend(title=None, orient="bottom", symbolType="square")),
    )
    text = (
        base.mark_text(align="left", dx=4, fontSize=11, color=theme.INK)
        .encode(x=alt.X("end:Q"), text="text:N")
        .transform_calculate(end="max(0, datum.share)")
    )
    time = (
        alt.Chart(alt.Data(values=rows[:1]))
        .mark_rule(color=theme.TARGET, strokeDash=[5, 3], strokeWidth=1.5)
        .encode(x="time:Q")
    )
    first, last = (rows[0], rows[-1]) if rows else ({}, {})
    return figure(
        alt.layer(bars, text, time),
        label=f"fig-{indicator.id.replace('_', '-')}-ranking",
        caption=t("districts.ranking_caption", lang, indicator=indicator.name[lang]),
        alt_text=t(
            "districts.ranking_alt",
            lang,
            indicator=indicator.name[lang],
            first=first.get("area", ""),
            first_share=percent(first.get("share"), lang),
            last=last.get("area", ""),
            last_share=percent(last.get("share"), lang),
        ),
        width=560,
        height=max(80, 15 * len(rows)),
    )


def _counts(districts: Sequence[Assessment], indicator: Indicator) -> dict[str, int]:
    verdicts = [d.indicator(indicator.id).verdict for d in districts]
    return {v: verdicts.count(v) for v in VERDICTS}


def _area_link(d: Assessment, lang: str) -> Mark:
    return Mark(
        d.area_short[lang],
        f'<a href="district-{html.escape(d.area)}.html">{html.escape(d.area_short[lang])}</a>',
    )


def _own_targets(districts: Sequence[Assessment], indicator: Indicator, lang: str) -> str:
    """Where districts have set targets of their own: how many, and what all district targets add up to."""
    heads = [d.indicator(indicator.id).head for d in districts]
    own = [h for h in heads if h is not None and not h.derived]
    if not own:
        return ""
    year = own[0].year
    total = sum(h.value for h in heads if h is not None and h.year == year)
    city = next((g.value for g in indicator.targets_in(year)), None)
    return t(
        "districts.own_targets",
        lang,
        n=len(own),
        year=year,
        total=quantity(total, indicator.unit, lang),
        city=quantity(city, indicator.unit, lang),
    )
