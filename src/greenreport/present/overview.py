"""All districts at a glance: a tile map and a matrix of verdicts.

Made from the districts' findings; grades nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import altair as alt

from greenreport.areas import Roster, Tile
from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.plan import Indicator, Plan
from greenreport.present import theme
from greenreport.present.charts import figure, inline, verdict_colour
from greenreport.present.columns import PERCENT, Columns, missing_cell, text_field
from greenreport.present.evidence_words import strength_short, strength_words
from greenreport.present.indicator_views import area_link, counts_by_verdict, own_targets, sets_own
from greenreport.present.numbers import bracketed, clauses, joined, listed, probability
from greenreport.present.show import Field, Figure, Narrative, Table
from greenreport.present.tables import head_mark, wording_short
from greenreport.present.tabulate import Mark
from greenreport.present.theme import VERDICTS
from greenreport.words import t

__all__ = ["district_heading", "tile_map", "verdict_matrix"]

_NAMED, _FIRST = 10, 8
"""Up to so many late districts are all named; of more, so many."""


def district_heading(districts: Sequence[Assessment], plan: Plan, lang: str, *, expected: int) -> Narrative:
    """What the districts' verdicts add up to, indicator by indicator."""
    heading = t("districts.heading", lang)
    if not districts:
        return Narrative.under(heading, t("districts.without", lang))
    own = all(sets_own(districts, i) for i in plan.indicators)
    lead = t("districts.lead_own" if own else "districts.lead", lang, n=len(districts))
    if len(districts) < expected:
        lead += t("districts.missing", lang, n=expected - len(districts))
    items = "\n".join(f"- {_added_up(districts, indicator, lang)}" for indicator in plan.indicators)
    return Narrative.under(heading, lead, items)


def _added_up(districts: Sequence[Assessment], indicator: Indicator, lang: str) -> str:
    """How many districts have each verdict on an indicator, and which are late."""
    counts = counts_by_verdict(districts, indicator)
    if sum(counts.values()) == counts["not_assessable"]:
        return t("districts.none", lang, indicator=indicator.name[lang])
    late = [d.area_short[lang] for d in districts if d.indicator(indicator.id).verdict == "at_risk"]
    names = joined(late[:_FIRST], lang)
    if len(late) > _NAMED:
        names = t("districts.and_more", lang, names=listed(late[:_FIRST], lang), n=len(late))
    return (
        t("districts.line", lang, indicator=indicator.name[lang], counts=_counted(counts, lang))
        + (t("districts.late", lang, names=names) if late else "")
        + own_targets(districts, indicator, lang, key="districts.own_targets")
    )


def _counted(counts: Mapping[str, int], lang: str) -> str:
    said = (t("districts.count", lang, n=n, verdict=t(f"verdict_short.{v}", lang)) for v, n in counts.items() if n)
    return clauses(said, lang)


def verdict_matrix(districts: Sequence[Assessment], plan: Plan, lang: str) -> Table:
    """Districts by indicators: the verdict of each as a sign with its word."""
    columns = Columns[Assessment](lang, "table")
    columns.text("area", lambda d: area_link(d, lang), width=4)
    for i in plan.indicators:
        columns.text(i.id, partial(_matrix_mark, indicator=i, lang=lang), i.short[lang], width=4)
    notes = [t("verdict_legend", lang)]
    if not all(sets_own(districts, i) for i in plan.indicators):
        notes.append(t("districts.matrix_note", lang))
    return columns.table(districts, label="tbl-districts", caption=t("districts.matrix_caption", lang), notes=notes)


def _matrix_mark(area: Assessment, *, indicator: Indicator, lang: str) -> Mark:
    """A verdict with the strength of its evidence in brackets: a column for each would double the table."""
    one = area.indicator(indicator.id)
    if one.elsewhere:
        return missing_cell(lang)
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
    shown = [(d, tiles[d.area]) for d in districts if d.area in tiles]
    cols, lines = max(tile.col + tile.col_span for _, tile in shown), max(tile.row + tile.row_span for _, tile in shown)
    first, *others = plan.indicators
    drawn = {d.indicator(i.id).verdict for d in districts for i in plan.indicators}
    counts = counts_by_verdict(districts, first)
    return figure(
        _tiles(shown, plan, (cols, lines), drawn, lang),
        label="fig-map",
        caption=t("districts.map_caption" if others else "compare.map_caption", lang, indicator=first.name[lang]),
        alt_text=t("districts.map_alt", lang, indicator=first.name[lang], counts=_counted(counts, lang)),
        width=640,
        height=round(640 / cols * lines * 0.86),
        fields=_fields(plan, lang),
        data=[
            (d.area_short[lang], *(v for i in plan.indicators for v in _found(d.indicator(i.id), lang)))
            for d, _ in shown
        ],
        start=start,
    )


def _fields(plan: Plan, lang: str) -> list[Field]:
    fields = [text_field("area", t("table.area", lang))]
    for i in plan.indicators:
        verdict, chance = (
            t("columns.of_indicator", lang, indicator=i.name[lang], what=t(f"table.{what}", lang))
            for what in ("verdict", "probability")
        )
        fields += [text_field(f"{i.id}_verdict", verdict), Field(f"{i.id}_p", chance, PERCENT)]
    return fields


def _found(one: IndicatorAssessment, lang: str) -> tuple[str, float | None]:
    """The verdict on an indicator in words, with the strength of its evidence, and the probability in per cent."""
    p = one.head.probability if one.head else None
    return wording_short(one, lang) + bracketed(strength_words(one.head, lang), lang), None if p is None else p * 100


def _tiles(
    shown: Sequence[tuple[Assessment, Tile]], plan: Plan, size: tuple[int, int], drawn: set[str], lang: str
) -> alt.TopLevelMixin:
    """The tiles with their signs and names, coloured by the verdict on the indicator chosen.

    Args:
        shown: areas and their tiles.
        plan: whose indicators can be chosen.
        size: columns and lines of the map.
        drawn: verdicts that the legend names.
        lang: language.
    """
    rows: list[dict[str, Any]] = []
    wordings: dict[str, int] = {}
    for d, tile in shown:
        row = {"code": d.area, "area": d.area_short[lang], "name": d.area_name[lang], "x": tile.col, "y": tile.row}
        row |= {"w": tile.col_span, "h": tile.row_span}
        for n, i in enumerate(plan.indicators):
            one = d.indicator(i.id)
            words, _ = _found(one, lang)
            row |= {f"v{n}": VERDICTS.index(one.verdict), f"w{n}": wordings.setdefault(words, len(wordings))}
            row |= {f"p{n}": probability(one.head.probability if one.head else None, lang)}
        rows.append(row)
    names = [i.name[lang] for i in plan.indicators]
    at = f"indexof({json.dumps(names, ensure_ascii=False)}, indicator)" if len(names) > 1 else "0"

    def of_class(words: Mapping[str, str]) -> str:
        """What each class is called or drawn with, for the indicator chosen."""
        return f"{json.dumps([words[v] for v in VERDICTS], ensure_ascii=False)}[datum['v' + {at}]]"

    base = alt.Chart(inline(rows)).transform_calculate(
        verdict=of_class({v: t(f"verdict_short.{v}", lang) for v in VERDICTS}),
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
    cols, lines = size
    x: dict[str, Any] = {"scale": alt.Scale(domain=[0, cols], nice=False), "axis": None}
    y: dict[str, Any] = {"scale": alt.Scale(domain=[lines, 0], nice=False), "axis": None}
    tips = [
        alt.Tooltip("name:N", title=t("table.area", lang)),
        alt.Tooltip("told:N", title=t("table.verdict", lang)),
        alt.Tooltip("p:N", title=t("table.probability", lang)),
    ]
    same = {"href": alt.Href("href:N"), "tooltip": tips}
    squares = base.mark_rect(cornerRadius=3).encode(
        x=alt.X("x:Q", **x), x2=alt.X2("x2:Q"), y=alt.Y("y:Q", **y), y2=alt.Y2("y2:Q"),
        color=verdict_colour(lang, drawn), **same,
    )  # fmt: skip
    place = {"x": alt.X("xm:Q", **x), "y": alt.Y("ym:Q", **y), "color": alt.Color("ink:N", scale=None)}
    signs = base.mark_text(fontSize=12, dy=-9).encode(**place, text=alt.Text("sign:N"), **same)
    labels = base.mark_text(fontSize=12 if lang == "zh" else 9, dy=8, lineBreak=" ", lineHeight=9)
    chart = alt.layer(squares, signs, labels.encode(**place, text=alt.Text("area:N"), **same))
    if len(names) > 1:
        menu = alt.binding_select(options=names, name=t("districts.choose", lang) + " ")
        chart = chart.add_params(alt.param(name="indicator", value=names[0], bind=menu))
    made: alt.TopLevelMixin = chart.resolve_scale(color="independent")
    return made
