"""The districts side by side: verdicts in a map and in matrices, counts in words, who is ahead and behind.

Made from the districts' findings; grades nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import altair as alt

from greenreport.areas import Roster, Tile
from greenreport.assess.model import Assessment, IndicatorAssessment, TargetGrade
from greenreport.assess.ranks import RankRange, ranks
from greenreport.plan import Indicator, Plan
from greenreport.present import theme
from greenreport.present.charts import figure, inline, tips, verdict_colour
from greenreport.present.columns import PERCENT, Columns, missing_cell, share_cell, text_field
from greenreport.present.evidence_words import strength_short, strength_words
from greenreport.present.indicator_views import area_link, concerned, counts_by_verdict, own_targets, sets_own
from greenreport.present.messages import As, Message, Said, heading, prose, section, titled
from greenreport.present.narrative import reason_text
from greenreport.present.numbers import (
    bracketed,
    clauses,
    join_sentences,
    joined,
    listed,
    percent,
    probability,
    separated,
    spanned,
)
from greenreport.present.show import Field, Figure, Narrative, Shown, Table
from greenreport.present.tables import head_mark, wording_short
from greenreport.present.tabulate import Mark
from greenreport.present.theme import VERDICTS
from greenreport.text import Text
from greenreport.words import t

_LATE_NAMED, _FIRST = 10, 8
"""Up to so many late districts are all named; of more, so many."""


def district_heading(districts: Sequence[Assessment], plan: Plan, lang: str, *, expected: int) -> Narrative:
    """What the districts' verdicts add up to, indicator by indicator.

    Args:
        districts: the districts' findings.
        plan: the plan.
        lang: language.
        expected: how many districts there are on the day.

    Returns:
        A list, with its heading.
    """
    if not districts:
        return section("districts.heading", lang, "districts.without")
    own = all(sets_own(districts, i) for i in plan.indicators)
    lead = t("districts.lead_own" if own else "districts.lead", lang, n=len(districts))
    if len(districts) < expected:
        lead += t("districts.missing", lang, n=expected - len(districts))
    items = "\n".join(f"- {_added_up(districts, indicator, lang)}" for indicator in plan.indicators)
    return titled("districts.heading", [lead, items], lang)


def _added_up(districts: Sequence[Assessment], indicator: Indicator, lang: str) -> str:
    """How many districts have each verdict on an indicator, and which are late."""
    counts = counts_by_verdict(districts, indicator)
    if sum(counts.values()) == counts["not_assessable"]:
        return t("districts.none", lang, indicator=indicator.name[lang])
    late = [d.area_short[lang] for d in districts if d.indicator(indicator.id).verdict == "at_risk"]
    names = joined(late, lang)
    if len(late) > _LATE_NAMED:
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
    """Districts by indicators: the verdict of each as a sign with its word.

    Args:
        districts: the districts' findings.
        plan: the plan.
        lang: language.

    Returns:
        A table with a row for each district.
    """
    columns = Columns[Assessment](lang, "table")
    columns.text("area", lambda d: area_link(d, lang), width=4)
    for i in plan.indicators:
        columns.text(i.id, partial(lambda i, d: _matrix_mark(d.indicator(i.id), lang), i), i.short[lang], width=4)
    notes = [t("verdict_legend", lang)]
    if not all(sets_own(districts, i) for i in plan.indicators):
        notes.append(t("districts.matrix_note", lang))
    return columns.table(districts, label="tbl-districts", caption=t("districts.matrix_caption", lang), notes=notes)


def _matrix_mark(one: IndicatorAssessment, lang: str) -> Mark:
    """A verdict with the strength of its evidence in brackets: a column for each would double the table."""
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
    """The tiles with their signs and names, coloured by the verdict on the indicator chosen; `size`: columns and lines."""
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
    told = tips(lang, {"name:N": "table.area", "told:N": "table.verdict", "p:N": "table.probability"})
    same = {"href": alt.Href("href:N"), "tooltip": told}
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


_NAMED = 5
"""At most so many districts that share a place are named."""


def districts_text(districts: Sequence[Assessment], indicator: Indicator, lang: str, *, expected: int) -> Narrative:
    """How the districts stand on one indicator: counts, extremes, what is missing; honest where there is nothing.

    Args:
        districts: the districts' findings.
        indicator: the indicator.
        lang: language.
        expected: districts there are on the day.

    Returns:
        A paragraph, with its heading.
    """
    return titled("compare.districts_heading", [prose(_compared(districts, indicator, expected), lang)], lang)


def _compared(districts: Sequence[Assessment], indicator: Indicator, expected: int) -> Iterator[Message]:
    """What is worth saying of the districts together."""
    ones = concerned(districts, indicator)
    having = sum(one.current is not None for _, one in ones)
    if not having:
        unshared = all("no_derived_target" in one.notes for _, one in ones)
        yield Message(f"compare.{'no_pages' if not ones else 'unshared' if unshared else 'no_data'}")
        return
    yield _verdicts(districts, indicator)
    if having < len(ones):
        yield Message("compare.few", having=having, n=len(ones))
    if len(districts) < expected:
        yield Message("compare.missing", n=expected - len(districts))
    yield from _completion([(d.area_short, one.head) for d, one in ones if one.head is not None])


def _verdicts(districts: Sequence[Assessment], indicator: Indicator) -> Message:
    """How many districts are in each class; where none has a verdict, the reason that most have."""
    ones = [one for _, one in concerned(districts, indicator)]
    counts = counts_by_verdict(districts, indicator)
    if counts["not_assessable"] == len(ones):
        why = Counter(code for one in ones for code in (one.head.reasons if one.head else one.notes)[:1])
        code = why.most_common(1)[0][0] if why else "no_target"
        return Message("compare.none", reason=As(reason_text, code, ones[0]))
    parts = [Message("districts.count", n=n, verdict=Message(f"verdict_short.{v}")) for v, n in counts.items() if n]
    key = "compare.lead_own" if sets_own(districts, indicator) else "compare.lead"
    return Message(key, n=len(ones), counts=As(clauses, parts))


def _completion(heads: Sequence[tuple[Text, TargetGrade]]) -> Iterator[Message]:
    """How many districts keep to the schedule, how many are likely to meet their targets, and who is at either end."""
    shares = [(name, h.completion, h.time_share) for name, h in heads if h.completion is not None]
    chances = Counter(h.likelihood for _, h in heads if h.likelihood is not None)
    if not shares or not chances:
        return
    behind = sum(time is not None and share < time - 1e-9 for _, share, time in shares)
    counted = {
        "ahead": len(shares) - behind,
        "behind": behind,
        "likely": chances["very_likely"] + chances["likely"],
        "unlikely": chances["unlikely"] + chances["very_unlikely"],
    }
    told = {key: Message("compare.some" if n else "compare.no_one", n=n) for key, n in counted.items()}
    yield Message("compare.share", **told)
    yield from _extremes([(name, share) for name, share, _ in shares])


def _extremes(shares: Sequence[tuple[Text, float]]) -> Iterator[Message]:
    """The highest and the lowest completion, with everybody who shares the place."""
    best, worst = (end(share for _, share in shares) for end in (max, min))
    if percent(best, "en") == percent(worst, "en"):
        return
    first, last = ([name for name, share in shares if abs(share - end) < 5e-4] for end in (best, worst))
    yield Message(
        "compare.extremes_tied" if len(first) > 1 else "compare.extremes",
        best=_few(first),
        best_share=As(percent, best),
        worst=_few(last),
        worst_share=As(percent, worst),
    )


def _few(names: Sequence[Text]) -> Said:
    """Those who share a place; of many the first and how many there are."""
    if len(names) <= _NAMED:
        return As(joined, names)
    return Message("compare.and_more", names=As(listed, names[:_NAMED]), n=len(names))


_ENDS = 5
"""So many districts are named at either end."""


def matrix(districts: Sequence[Assessment], plan: Plan, lang: str, *, label: str) -> Table:
    """Districts by indicators on one page: the sign of the verdict and the probability of the target."""
    columns = Columns[Assessment](lang, "table")
    columns.text("area", lambda d: d.area_short[lang], width=4)
    for i in plan.indicators:
        fields = (text_field(i.id, i.short[lang]), Field(f"{i.id}_p", "%"))
        sign = partial(lambda i, d: _sign(d.indicator(i.id), lang), i)
        columns.text(i.id, sign, i.short[lang], width=3, align="center", fields=fields)
    year = next((h.year for d in districts for i in plan.indicators if (h := d.indicator(i.id).head)), plan.outlook)
    note = [t("papers.report.matrix_note", lang, year=year)]
    if not all(sets_own(districts, i) for i in plan.indicators):
        note.append(t("papers.report.matrix_derived", lang))
    notes = [t("verdict_legend", lang), join_sentences(note, lang)]
    return columns.table(districts, label=label, caption=t("papers.report.matrix_caption", lang), notes=notes)


def _sign(one: IndicatorAssessment, lang: str) -> Mark:
    if one.elsewhere:
        return missing_cell(lang, 2)
    p = one.head.probability if one.head else None
    sign = theme.VERDICT_SIGN[one.verdict]
    told = f"{sign} {share_cell(p, lang, probability=True).text}" if p is not None else sign
    return Mark(told, raw=(wording_short(one, lang), None if p is None else p * 100))


def ranked_cell(found: RankRange | None, lang: str) -> Mark:
    """A place with its range: 3/37（1—8）."""
    if found is None:
        return missing_cell(lang)
    key = "papers.sheet.rank_cell" if found.low < found.high else "papers.sheet.rank_sure"
    return Mark(t(key, lang, place=found.place, of=found.of, low=found.low, high=found.high), raw=(found.place,))


def extremes_table(
    districts: Sequence[Assessment], plan: Plan, lang: str, *, level: float, depth: int = 3
) -> Iterator[Shown]:
    """Per indicator the districts with the highest and the lowest forecasts, each with the range of its place."""
    names = {d.area: d.area_short[lang] for d in districts}
    rows: list[tuple[Indicator, list[str]]] = []
    for i in plan.indicators:
        places = ranks(districts, i, level=level)
        order = sorted(places, key=lambda code: places[code].place)
        if len(order) > 1:
            ends = {code: spanned(str(places[code].low), str(places[code].high), lang) for code in order}
            rows.append((i, [names[code] + bracketed(ends[code], lang) for code in order]))
    yield Narrative(heading("papers.report.extremes", lang, depth))
    if not rows:
        yield Narrative(t("papers.report.extremes_none", lang))
        return
    year = next((h.year for i in plan.indicators for d in districts if (h := d.indicator(i.id).head)), None)
    yield Narrative(t("papers.report.extremes_lead", lang, year=year, level=percent(level, lang, 0)))
    columns = Columns[tuple[Indicator, list[str]]](lang, "papers.report")
    columns.text("indicator", lambda row: row[0].name[lang], t("table.indicator", lang), width=4)
    columns.count("n", lambda row: len(row[1]), t("papers.report.compared", lang))
    first, last = (t(f"papers.report.extremes_{key}", lang) for key in ("first", "last"))
    columns.text("first", lambda row: separated(_end(row[1]), lang), first, width=9)
    columns.text("last", lambda row: separated(_end(row[1][::-1]), lang), last, width=9)
    yield columns.table(rows, label="tbl-extremes", caption=t("papers.report.extremes_caption", lang))


def _end(names: Sequence[str]) -> Sequence[str]:
    """The first of a row of districts, no more than half of it."""
    return names[: min(_ENDS, len(names) // 2)]
