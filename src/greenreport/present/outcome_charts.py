"""Looking back, drawn: the range that was expected beside what came.

Made from `assess.outcome`; compares and computes nothing but shares of a target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.assess.outcome import TargetOutcome
from greenreport.plan import Indicator
from greenreport.present import theme
from greenreport.present.catalog import t
from greenreport.present.charts import figure, inline
from greenreport.present.columns import PERCENT, headed, raw, text_field
from greenreport.present.district_charts import CAP
from greenreport.present.narrative import prose
from greenreport.present.numbers import bare_interval, day, interval, number, percent, quantity, spanned, unit_header
from greenreport.present.show import Field, Figure, Narrative, Sheet

__all__ = ["outcome_areas_chart", "outcome_chart"]

_MET, _MISSED = theme.VERDICT_COLOUR["achieved"], theme.VERDICT_COLOUR["at_risk"]


def outcome_chart(assessment: Assessment, indicator: Indicator, lang: str) -> Figure | None:
    """One indicator of one area: what was known, the range expected then, and what has come since.

    Returns:
        None where there was no forecast, or nothing has come since.
    """
    one = assessment.indicator(indicator.id)
    back = assessment.outcome
    found = back.indicator(indicator.id) if back else None
    known = [p for p in one.points if p.months == 12]
    if back is None or found is None or not found.later or not one.outlook.steps or not known:
        return None
    unit = indicator.unit
    scale = 1.0 if lang == "zh" else unit.en_scale

    def row(year: int, value: float) -> dict[str, Any]:
        return {"year": year, "value": value * scale, "text": number(value, unit, lang)}

    record = [row(p.year, p.value) for p in known]
    since = [record[-1], *(row(year, value) for year, value in found.later)]
    start = {"year": known[-1].year, **dict.fromkeys(("low", "median", "high"), known[-1].value * scale), "range": ""}
    fan = [start] + [
        {
            "year": s.year,
            "low": s.low * scale,
            "median": s.median * scale,
            "high": s.high * scale,
            "range": bare_interval(s.low, s.high, unit, lang),
        }
        for s in one.outlook.steps
    ]
    targets = [row(x.year, x.target) for x in found.targets]
    all_years = [r["year"] for r in (*record, *since, *fan, *targets)]
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[min(all_years) - 0.3, max(all_years) + 0.9], nice=False),
        axis=alt.Axis(
            format="d", values=list(range(min(all_years), max(all_years) + 1)), grid=False, labelOverlap=True
        ),
    )
    axis = alt.Axis(
        title=headed(indicator.name[lang], unit_header(unit, lang), lang),
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=0,
        titleY=-14,
        tickCount=5,
        format="~f" if lang == "zh" else ",~f",
    )
    level = percent(back.level, lang, 0)
    tip_year = alt.Tooltip("year:Q", title=t("chart.year", lang), format="d")
    tip_value = alt.Tooltip("text:N", title=unit_header(unit, lang))
    tip_range = alt.Tooltip("range:N", title=t("chart.interval", lang, level=level))
    names = [
        {**record[-1], "text": t("outcome.known_then", lang)},
        {**since[-1], "text": t("outcome.came_since", lang)},
    ]
    middle = fan[-1]
    expected = {"year": middle["year"], "value": middle["low"], "text": t("outcome.expected_then", lang)}
    band = alt.Chart(inline(fan))
    came = alt.Chart(inline(since[1:]))
    layers = [
        band.mark_area(color=theme.BAND).encode(
            x=x, y=alt.Y("low:Q", axis=axis, scale=alt.Scale(zero=False, nice=True)), y2=alt.Y2("high:Q")
        ),
        band.mark_line(color=theme.SERIES, strokeDash=[2, 3], strokeWidth=2).encode(
            x=alt.X("year:Q"), y=alt.Y("median:Q"), tooltip=[tip_year, tip_range]
        ),
        alt.Chart(inline(record))
        .mark_line(color=theme.SERIES, strokeWidth=2.4, point={"color": theme.SERIES, "size": 42})
        .encode(x=alt.X("year:Q"), y=alt.Y("value:Q"), tooltip=[tip_year, tip_value]),
        alt.Chart(inline(since))
        .mark_line(color=theme.INK, strokeWidth=1.6)
        .encode(x=alt.X("year:Q"), y=alt.Y("value:Q")),
        came.mark_point(color=theme.INK, fill="#ffffff", size=54, strokeWidth=1.8, opacity=1).encode(
            x=alt.X("year:Q"), y=alt.Y("value:Q"), tooltip=[tip_year, tip_value]
        ),
        alt.Chart(inline(targets))
        .mark_point(shape="diamond", color=theme.TARGET, filled=True, size=120, opacity=1)
        .encode(x=alt.X("year:Q"), y=alt.Y("value:Q"), tooltip=[tip_year, tip_value]),
        # where the line does not come from: above a rising one, below a falling one
        _label(names[0], theme.SERIES, -16 if record[-1]["value"] >= record[0]["value"] else 18, "right"),
        _label(names[1], theme.INK, -14, "right"),
        _label(expected, theme.SERIES, 14, "right"),
    ]
    return figure(
        layers,
        label=f"fig-outcome-{indicator.id.replace('_', '-')}",
        caption=t("outcome.chart_caption", lang, indicator=indicator.name[lang]),
        alt_text=_alternative(assessment, one, indicator, lang),
        width=640,
        height=280,
        sheet=_sheet(one, dict(found.later), indicator, lang),
    )


def _label(row: dict[str, Any], colour: str, dy: int, align: Literal["left", "right"]) -> alt.Chart:
    mark = alt.Chart(inline([row])).mark_text(color=colour, dy=dy, align=align, fontSize=12, fontWeight="bold")
    out: alt.Chart = mark.encode(x=alt.X("year:Q"), y=alt.Y("value:Q"), text=alt.Text("text:N"))
    return out


def _alternative(assessment: Assessment, one: IndicatorAssessment, indicator: Indicator, lang: str) -> str:
    back = assessment.outcome
    found = back.indicator(indicator.id) if back else None
    assert back is not None and found is not None
    unit = indicator.unit
    known = [p for p in one.points if p.months == 12]
    step, last = one.outlook.steps[-1], found.later[-1]
    head = found.head
    if head is not None:
        step = one.outlook.in_year(head.year) or step
        last = next(((year, value) for year, value in found.later if year == head.year), last)
    return t(
        "outcome.chart_alt",
        lang,
        indicator=indicator.name[lang],
        as_of=day(assessment.as_of, lang),
        first=known[0].year,
        first_value=quantity(known[0].value, unit, lang),
        last=known[-1].year,
        last_value=quantity(known[-1].value, unit, lang),
        year=step.year,
        median=quantity(step.median, unit, lang),
        level=percent(back.level, lang, 0),
        range=interval(step.low, step.high, unit, lang),
        target=quantity(head.target if head else None, unit, lang),
        came_year=last[0],
        came_value=quantity(last[1], unit, lang),
    )


def _sheet(one: IndicatorAssessment, came: dict[int, float], indicator: Indicator, lang: str) -> Sheet:
    unit, head = indicator.unit, unit_header(indicator.unit, lang)
    record = {p.year: p.value for p in one.points if p.months == 12}
    steps = {s.year: s for s in one.outlook.steps}
    fields = (
        Field("year", t("chart.year", lang)),
        Field("record", t("outcome.known_then", lang), head),
        *(Field(k, t(f"outcome.field.{k}", lang), head) for k in ("low", "median", "high", "outcome")),
    )
    rows = []
    for year in sorted({*record, *steps, *came}):
        s = steps.get(year)
        ends = (s.low, s.median, s.high) if s else (None, None, None)
        rows.append((year, *(raw(v, unit, lang) for v in (record.get(year), *ends, came.get(year)))))
    return Sheet(fields, tuple(rows), t("outcome.chart_caption", lang, indicator=indicator.name[lang]))


@dataclass(frozen=True)
class _Area:
    name: str
    head: TargetOutcome
    value: float

    def share(self, value: float | None) -> float | None:
        return None if value is None else value / self.head.target


def outcome_areas_chart(
    areas: Sequence[Assessment], indicator: Indicator, lang: str
) -> tuple[Narrative, Figure] | None:
    """Each area's expected range and outcome as shares of its target, the highest outcome first.

    How to read it comes before it.

    Returns:
        None where no area has both a target above zero and an outcome.
    """
    found = []
    for looked in areas:
        one = looked.outcome.indicator(indicator.id) if looked.outcome else None
        if one is not None and (h := one.head) is not None and h.value is not None and h.target > 0:
            found.append(_Area(looked.area_short[lang], h, h.value))
    first = next((x for x in areas if x.outcome is not None), None)
    if not found or first is None or first.outcome is None:
        return None
    found.sort(key=lambda a: -a.value / a.head.target)  # stable: ties stay in protocol order
    told = {"indicator": indicator.name[lang], "year": found[0].head.year}
    rows: list[dict[str, Any]] = []
    data: list[tuple[Any, ...]] = []
    words = {True: t("outcome.is_met", lang), False: t("outcome.is_missed", lang)}
    clipped = False
    for a in found:
        shares = {k: a.share(v) for k, v in (("low", a.head.low), ("mid", a.head.median), ("high", a.head.high))}
        shares["came"] = a.share(a.value)
        clipped |= any(s is not None and s > CAP for s in shares.values())
        cut = {k: None if s is None else min(s, CAP) for k, s in shares.items()}
        low, high = (percent(shares[k], lang, 0) for k in ("low", "high"))
        rows.append({"area": a.name, **cut, "met": words[bool(a.head.met)], "range": spanned(low, high, lang)})
        inside = None if a.head.inside is None else t(f"outcome.{'is_inside' if a.head.inside else 'is_outside'}", lang)
        percents = (None if s is None else s * 100 for s in shares.values())
        data.append((a.name, *percents, words[bool(a.head.met)], inside))
    ends = [v for r in rows for k in ("low", "high", "came") if (v := r[k]) is not None]
    x = alt.X(
        "low:Q",
        title=t("outcome.areas_axis", lang, year=told["year"]),
        scale=alt.Scale(domain=[min([*ends, 0.9]) - 0.03, max([*ends, 1.05]) + 0.05], nice=False, zero=False),
        axis=alt.Axis(format=".0%", tickCount=7, orient="top"),
    )
    y = alt.Y(
        "area:N",
        sort=[r["area"] for r in rows],
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=160, labelPadding=6),
    )
    level = percent(first.outcome.level, lang, 0)
    tips = [
        alt.Tooltip("area:N", title=t("table.area", lang)),
        alt.Tooltip("came:Q", title=t("outcome.field.outcome", lang), format=".0%"),
        alt.Tooltip("range:N", title=t("outcome.then_range", lang, level=level)),
        alt.Tooltip("met:N", title=t("outcome.result", lang)),
    ]
    there = [w for w in words.values() if any(r["met"] == w for r in rows)]
    looks = {words[True]: (_MET, "circle"), words[False]: (_MISSED, "triangle-down")}
    base = alt.Chart(inline(rows)).encode(y=y)
    legend = alt.Legend(title=None, orient="bottom")
    layers = [
        base.mark_bar(height=9, color=theme.BAND).encode(x=x, x2=alt.X2("high:Q"), tooltip=tips),
        alt.Chart(inline([{"v": 1}])).mark_rule(color=theme.TARGET, strokeWidth=1.5).encode(x=alt.X("v:Q")),
        base.mark_tick(color=theme.SERIES, thickness=2, size=11).encode(x=alt.X("mid:Q"), tooltip=tips),
        base.mark_point(filled=True, size=80, opacity=1).encode(
            x=alt.X("came:Q"),
            color=alt.Color("met:N", scale=alt.Scale(domain=there, range=[looks[w][0] for w in there]), legend=legend),
            shape=alt.Shape("met:N", scale=alt.Scale(domain=there, range=[looks[w][1] for w in there]), legend=legend),
            tooltip=tips,
        ),
    ]
    beyond = t("outcome.areas_clipped", lang, cap=percent(CAP, lang, 0)) if clipped else ""
    as_of = day(first.as_of, lang)
    how = Narrative(
        prose([t("outcome.areas_how", lang, level=level, as_of=as_of, year=told["year"], clipped=beyond)], lang)
    )
    caption = t("outcome.areas_chart_caption", lang, **told)
    top, bottom = found[0], found[-1]
    span = t("outcome.then_range", lang, level=level)
    chart = figure(
        alt.layer(*layers),
        label=f"fig-outcomes-{indicator.id.replace('_', '-')}",
        caption=caption,
        alt_text=t(
            "outcome.areas_alt",
            lang,
            **told,
            n=len(found),
            first=top.name,
            first_share=percent(top.share(top.value), lang, 0),
            last=bottom.name,
            last_share=percent(bottom.share(bottom.value), lang, 0),
            met=sum(bool(a.head.met) for a in found),
            inside=sum(bool(a.head.inside) for a in found),
        ),
        width=560,
        height=max(80, 18 * len(rows)),
        sheet=Sheet(
            (
                text_field("area", t("table.area", lang)),
                Field("low", t("columns.low", lang, what=span), PERCENT),
                Field("median", t("outcome.field.median", lang), PERCENT),
                Field("high", t("columns.high", lang, what=span), PERCENT),
                Field("outcome", t("outcome.field.outcome", lang), PERCENT),
                text_field("met", t("outcome.result", lang)),
                text_field("inside", t("outcome.range", lang)),
            ),
            tuple(data),
            caption,
        ),
    )
    return how, chart
