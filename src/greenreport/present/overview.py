"""All districts at a glance: a tile map and a matrix of verdicts.

Made from the districts' findings; grades nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from greenreport.areas import Roster
from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.plan import Plan
from greenreport.present import theme
from greenreport.present.catalog import t
from greenreport.present.charts import figure, inline, verdict_colour
from greenreport.present.columns import PERCENT
from greenreport.present.evidence_words import strength_short, strength_words
from greenreport.present.indicator_views import area_link, counts_by_verdict, own_targets, sets_own
from greenreport.present.numbers import bracketed, clauses, joined, listed, probability
from greenreport.present.show import Field, Figure, Narrative, Sheet, Table
from greenreport.present.tables import head_mark, wording_short
from greenreport.present.tabulate import Column, Mark, table
from greenreport.present.theme import VERDICTS

__all__ = ["district_heading", "tile_map", "verdict_matrix"]


def district_heading(districts: Sequence[Assessment], plan: Plan, lang: str, *, expected: int) -> Narrative:
    """What the districts' verdicts add up to, indicator by indicator."""
    if not districts:
        return Narrative(f"## {t('districts.heading', lang)}\n\n{t('districts.without', lang)}")
    own = all(sets_own(districts, i) for i in plan.indicators)
    lines = [t("districts.lead_own" if own else "districts.lead", lang, n=len(districts))]
    if len(districts) < expected:
        lines.append(t("districts.missing", lang, n=expected - len(districts)))
    for indicator in plan.indicators:
        counts = counts_by_verdict(districts, indicator)
        if sum(counts.values()) == counts["not_assessable"]:
            lines.append(t("districts.none", lang, indicator=indicator.name[lang]))
            continue
        parts = [t("districts.count", lang, n=n, verdict=t(f"verdict_short.{v}", lang)) for v, n in counts.items() if n]
        late = [d.area_short[lang] for d in districts if d.indicator(indicator.id).verdict == "at_risk"]
        names = ""
        if late:
            shown = (
                joined(late[:8], lang)
                if len(late) <= 10
                else t(
                    "districts.and_more",
                    lang,
                    names=listed(late[:8], lang),
                    n=len(late),
                )
            )
            names = t("districts.late", lang, names=shown)
        lines.append(
            t("districts.line", lang, indicator=indicator.name[lang], counts=clauses(parts, lang))
            + names
            + own_targets(districts, indicator, lang, key="districts.own_targets")
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
        row: dict[str, str | Mark] = {"area": area_link(d, lang)}
        for i in plan.indicators:
            row[i.id] = _matrix_mark(d.indicator(i.id), lang)
        rows.append(row)
    return table(
        columns,
        rows,
        label="tbl-districts",
        caption=t("districts.matrix_caption", lang),
        notes=[
            t("verdict_legend", lang),
            *([t("districts.matrix_note", lang)] if not all(sets_own(districts, i) for i in plan.indicators) else []),
        ],
    )


def _matrix_mark(one: IndicatorAssessment, lang: str) -> Mark:
    """A verdict with the strength of its evidence in brackets: a column for each would double the table."""
    if one.elsewhere:
        return Mark(t("number.missing", lang), raw=(None,))
    mark = head_mark(one, lang)
    if one.head is None or one.head.strength is None:
        return mark
    strength = bracketed(strength_short(one.head, lang), lang)
    return Mark(mark.text + strength, (mark.html or "") + strength, (mark.raw[0] if mark.raw else mark.text,))


def tile_map(
    districts: Sequence[Assessment], plan: Plan, roster: Roster, lang: str, *, start: bool = False
) -> Figure | None:
    """A tile-grid map of the districts, coloured by the verdict of an indicator that the reader chooses.

    On paper it shows the first indicator of the plan; a plan of one indicator leaves nothing to choose.
    None where the roster has no tiles for these areas.

    Args:
        districts: the districts' findings, at least one.
        plan: whose indicators can be chosen.
        roster: the tiles.
        lang: language.
        start: whether the site's start page shows it too.

    Returns:
        None where the roster has no layout for the day: a report can do without a map.
    """
    if (layout := roster.layout_on(districts[0].as_of)) is None:
        return None
    tiles = {tile.code: tile for tile in roster.tiles(layout)}
    rows: list[dict[str, Any]] = []
    wordings: dict[str, int] = {}
    data: list[tuple[str | float | None, ...]] = []
    for d in districts:
        tile = tiles.get(d.area)
        if tile is None:
            continue
        row = {"code": d.area, "area": d.area_short[lang], "name": d.area_name[lang], "x": tile.col, "y": tile.row}
        row |= {"w": tile.col_span, "h": tile.row_span}
        told: list[str | float | None] = [d.area_short[lang]]
        for n, i in enumerate(plan.indicators):
            one = d.indicator(i.id)
            p = one.head.probability if one.head else None
            words = wording_short(one, lang) + bracketed(strength_words(one.head, lang), lang)
            row |= {f"v{n}": VERDICTS.index(one.verdict), f"w{n}": wordings.setdefault(words, len(wordings))}
            row |= {f"p{n}": probability(p, lang)}
            told += [words, None if p is None else p * 100]
        rows.append(row)
        data.append(tuple(told))
    names = [i.name[lang] for i in plan.indicators]
    cols, lines = max(r["x"] + r["w"] for r in rows), max(r["y"] + r["h"] for r in rows)
    several = len(names) > 1
    chosen = alt.param(
        name="indicator",
        value=names[0],
        bind=alt.binding_select(options=names, name=t("districts.choose", lang) + " "),
    )
    at = f"indexof({json.dumps(names, ensure_ascii=False)}, indicator)" if several else "0"

    def of_class(words: Mapping[str, str]) -> str:
        """What each class is called or drawn with, for the indicator chosen."""
        return f"{json.dumps([words[v] for v in VERDICTS], ensure_ascii=False)}[datum['v' + {at}]]"

    shown = {v: t(f"verdict_short.{v}", lang) for v in VERDICTS}
    base = alt.Chart(inline(rows)).transform_calculate(
        verdict=of_class(shown),
        sign=of_class(theme.VERDICT_SIGN),
        ink=of_class(theme.VERDICT_INK),
        p=f"datum['p' + {at}]",
        told=f"{json.dumps(list(wordings), ensure_ascii=False)}[datum['w' + {at}]]",
        x2="datum.x + datum.w - 0.06",
        y2="datum.y + datum.h - 0.06",
        xm="datum.x + datum.w / 2 - 0.03",
        ym="datum.y + datum.h / 2 - 0.03",
        href="'district-' + datum.code + '.html'",
    )
    x, y = alt.Scale(domain=[0, cols], nice=False), alt.Scale(domain=[lines, 0], nice=False)
    tip = [
        alt.Tooltip("name:N", title=t("table.area", lang)),
        alt.Tooltip("told:N", title=t("table.verdict", lang)),
        alt.Tooltip("p:N", title=t("table.probability", lang)),
    ]
    link = alt.Href("href:N")
    present = {d.indicator(i.id).verdict for d in districts for i in plan.indicators}
    squares = base.mark_rect(cornerRadius=3).encode(
        x=alt.X("x:Q", scale=x, axis=None),
        x2=alt.X2("x2:Q"),
        y=alt.Y("y:Q", scale=y, axis=None),
        y2=alt.Y2("y2:Q"),
        color=verdict_colour(lang, present),
        tooltip=tip,
        href=link,
    )
    place = {"x": alt.X("xm:Q", scale=x, axis=None), "y": alt.Y("ym:Q", scale=y, axis=None)}
    ink = alt.Color("ink:N", scale=None)
    signs = base.mark_text(fontSize=12, dy=-9).encode(
        **place, text=alt.Text("sign:N"), color=ink, href=link, tooltip=tip
    )
    labels = base.mark_text(fontSize=12 if lang == "zh" else 9, dy=8, lineBreak=" ", lineHeight=9).encode(
        **place, text=alt.Text("area:N"), color=ink, href=link, tooltip=tip
    )
    chart = alt.layer(squares, signs, labels).resolve_scale(color="independent")
    counts = counts_by_verdict(districts, plan.indicators[0])
    said = clauses((t("districts.count", lang, n=n, verdict=shown[v]) for v, n in counts.items() if n), lang)
    caption = t("districts.map_caption" if several else "compare.map_caption", lang, indicator=names[0])
    colon = "：" if lang == "zh" else ": "
    fields = [Field("area", t("table.area", lang), type="text")]
    for i in plan.indicators:
        fields.append(Field(f"{i.id}_verdict", i.name[lang] + colon + t("table.verdict", lang), type="text"))
        fields.append(Field(f"{i.id}_p", i.name[lang] + colon + t("table.probability", lang), PERCENT))
    return figure(
        chart.add_params(chosen) if several else chart,
        label="fig-map",
        caption=caption,
        alt_text=t("districts.map_alt", lang, indicator=names[0], counts=said),
        width=640,
        height=round(640 / cols * lines * 0.86),
        sheet=Sheet(tuple(fields), tuple(data), caption),
        start=start,
    )
