"""Looking back, drawn: the range that was expected beside what came.

Made from `assess.outcome`; compares and computes nothing but shares of a target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.assess.outcome import IndicatorOutcome, TargetOutcome
from greenreport.plan import Indicator, Unit
from greenreport.present import theme
from greenreport.present.charts import (
    YearPlot,
    annual_points,
    category_axis,
    clip,
    colour_and_shape,
    figure,
    forecast_by_year,
    inline,
    join_by_year,
    percents,
    share_axis,
    sheet_fields,
    target_line,
    tips,
)
from greenreport.present.columns import headed, raw
from greenreport.present.district_charts import CAP
from greenreport.present.messages import Message, prose
from greenreport.present.numbers import (
    bare_interval,
    day,
    in_language,
    interval,
    number,
    percent,
    quantity,
    spanned,
    unit_header,
)
from greenreport.present.show import Field, Figure, Narrative, Raw
from greenreport.words import t

_LOOKS = {
    True: (theme.VERDICT_COLOUR["achieved"], "circle"),
    False: (theme.VERDICT_COLOUR["at_risk"], "triangle-down"),
}
"""Colour and shape by whether the target was met."""
_ENDS = ("low", "median", "high")


def outcome_chart(assessment: Assessment, indicator: Indicator, lang: str) -> Figure | None:
    """One indicator of one area: what was known, the range expected then, and what has come; None where nothing has."""
    one = assessment.indicator(indicator.id)
    back = assessment.outcome
    found = back.indicator(indicator.id) if back else None
    known = annual_points(one)
    if back is None or found is None or not (found.later and one.outlook.steps and known):
        return None
    unit, head = indicator.unit, unit_header(indicator.unit, lang)

    def row(year: int, value: float) -> dict[str, Any]:
        return {"year": year, "value": in_language(value, unit, lang), "text": number(value, unit, lang)}

    record = [row(p.year, p.value) for p in known]
    since = [record[-1], *(row(year, value) for year, value in found.later)]
    fan = _fan(record[-1], one, unit, lang)
    targets = [row(x.year, x.target) for x in found.targets]
    years = [r["year"] for r in (*record, *since, *fan, *targets)]
    plot = YearPlot(years, headed(indicator.name[lang], head, lang), lang, alt.Scale(zero=False, nice=True))
    level = percent(back.level, lang, 0)
    when = alt.Tooltip("year:Q", title=t("chart.year", lang), format="d")
    tips = [when, alt.Tooltip("text:N", title=head)]
    band, came = alt.Chart(inline(fan)), alt.Chart(inline(since[1:]))
    plot.add(band.mark_area(color=theme.BAND), "low", y2=alt.Y2("high:Q"))
    middle = band.mark_line(color=theme.SERIES, strokeDash=[2, 3], strokeWidth=2)
    plot.add(middle, "median", tooltip=[when, alt.Tooltip("range:N", title=t("chart.interval", lang, level=level))])
    dots = {"color": theme.SERIES, "size": 42}
    plot.add(alt.Chart(inline(record)).mark_line(color=theme.SERIES, strokeWidth=2.4, point=dots), tooltip=tips)
    plot.add(alt.Chart(inline(since)).mark_line(color=theme.INK, strokeWidth=1.6))
    plot.add(came.mark_point(color=theme.INK, fill="#ffffff", size=54, strokeWidth=1.8, opacity=1), tooltip=tips)
    plot.targets(targets, tips)
    # where the line does not come from: above a rising one, below a falling one
    above = record[-1]["value"] >= record[0]["value"]
    last = {"year": fan[-1]["year"], "value": fan[-1]["low"]}
    for what, end, colour, dy in (
        ("known_then", record[-1], theme.SERIES, -16 if above else 18),
        ("came_since", since[-1], theme.INK, -14),
        ("expected_then", last, theme.SERIES, 14),
    ):
        plot.write([{**end, "text": t(f"outcome.{what}", lang)}], colour, dy=dy, align="right")
    name, as_of = indicator.name[lang], day(assessment.as_of, lang)
    told = _told(one, found, unit, lang)
    return figure(
        plot.layers,
        label=f"fig-outcome-{indicator.id.replace('_', '-')}",
        caption=t("outcome.chart_caption", lang, indicator=name),
        alt_text=t("outcome.chart_alt", lang, indicator=name, as_of=as_of, level=level, **told),
        width=640,
        height=280,
        fields=[
            Field("year", t("chart.year", lang)),
            Field("record", t("outcome.known_then", lang), head),
            *(Field(k, t(f"outcome.field.{k}", lang), head) for k in (*_ENDS, "outcome")),
        ],
        data=_data(one, dict(found.later), unit, lang),
    )


def _fan(last: dict[str, Any], one: IndicatorAssessment, unit: Unit, lang: str) -> list[dict[str, Any]]:
    """The range expected then, which opens at the last figure known."""
    return [{"year": last["year"], **dict.fromkeys(_ENDS, last["value"]), "range": ""}] + [
        {"year": s.year}
        | {end: in_language(getattr(s, end), unit, lang) for end in _ENDS}
        | {"range": bare_interval(s.low, s.high, unit, lang)}
        for s in one.outlook.steps
    ]


def _told(one: IndicatorAssessment, found: IndicatorOutcome, unit: Unit, lang: str) -> dict[str, str | int]:
    """What the written alternative tells: the record's ends, and what was expected and came, of the target's year."""
    first, latest = annual_points(one)[0], annual_points(one)[-1]
    step, (year, came), head = one.outlook.steps[-1], found.later[-1], found.head
    if head is not None:
        step = one.outlook.in_year(head.year) or step
        year, came = next((later for later in found.later if later[0] == head.year), (year, came))
    values = {"first_value": first.value, "last_value": latest.value, "median": step.median, "came_value": came}
    return {
        "first": first.year,
        "last": latest.year,
        "year": step.year,
        "range": interval(step.low, step.high, unit, lang),
        "target": quantity(head.target if head else None, unit, lang),
        "came_year": year,
        **{key: quantity(value, unit, lang) for key, value in values.items()},
    }


def _data(one: IndicatorAssessment, came: dict[int, float], unit: Unit, lang: str) -> list[tuple[Raw, ...]]:
    """A row a year: what was known, what was expected, what came."""
    series = ({p.year: p.value for p in annual_points(one)}, *forecast_by_year(one, _ENDS), came)
    return join_by_year(*({year: raw(value, unit, lang) for year, value in each.items()} for each in series))


@dataclass(frozen=True)
class _Area:
    """An area's expected range and outcome as shares of its target."""

    name: str
    head: TargetOutcome
    low: float | None
    mid: float | None
    high: float | None
    came: float

    @classmethod
    def of(cls, looked: Assessment, indicator: Indicator, lang: str) -> _Area | None:
        """None where the area has no target above zero, or no outcome."""
        one = looked.outcome.indicator(indicator.id) if looked.outcome else None
        head = one.head if one else None
        if head is None or head.value is None or head.target <= 0:
            return None
        low, mid, high = (None if v is None else v / head.target for v in (head.low, head.median, head.high))
        return cls(looked.area_short[lang], head, low, mid, high, head.value / head.target)

    @property
    def clipped(self) -> bool:
        return any(share is not None and share > CAP for share in (self.low, self.mid, self.high, self.came))

    def row(self, lang: str) -> dict[str, Any]:
        cut = {key: clip(getattr(self, key), CAP) for key in ("low", "mid", "high", "came")}
        span = spanned(percent(self.low, lang, 0), percent(self.high, lang, 0), lang)
        return {"area": self.name, **cut, "met": _met(lang)[bool(self.head.met)], "range": span}

    def data(self, lang: str) -> tuple[Raw, ...]:
        inside = None if self.head.inside is None else t(f"outcome.is_{'in' if self.head.inside else 'out'}side", lang)
        return (self.name, *percents(self.low, self.mid, self.high, self.came), _met(lang)[bool(self.head.met)], inside)


def _met(lang: str) -> dict[bool, str]:
    return {True: t("outcome.is_met", lang), False: t("outcome.is_missed", lang)}


def outcome_areas_chart(
    areas: Sequence[Assessment], indicator: Indicator, lang: str
) -> tuple[Narrative, Figure] | None:
    """Each area's expected range and outcome as shares of its target, the highest outcome first, and how to read it.

    None where no area has both a target above zero and an outcome.
    """
    found = [made for looked in areas if (made := _Area.of(looked, indicator, lang)) is not None]
    first = next((x for x in areas if x.outcome is not None), None)
    if not found or first is None or first.outcome is None:
        return None
    found.sort(key=lambda a: -a.came)  # stable: ties stay in protocol order
    year = found[0].head.year
    told: dict[str, Any] = {"indicator": indicator.name[lang], "year": year}
    level = percent(first.outcome.level, lang, 0)
    span = Message("outcome.then_range", level=level)
    beyond = t("outcome.areas_clipped", lang, cap=percent(CAP, lang, 0)) if any(a.clipped for a in found) else ""
    as_of = day(first.as_of, lang)
    how = prose([t("outcome.areas_how", lang, level=level, as_of=as_of, year=year, clipped=beyond)], lang)
    top, bottom = found[0], found[-1]
    chart = figure(
        _areas_layers([a.row(lang) for a in found], span, year, lang),
        label=f"fig-outcomes-{indicator.id.replace('_', '-')}",
        caption=t("outcome.areas_chart_caption", lang, **told),
        alt_text=t(
            "outcome.areas_alt",
            lang,
            **told,
            n=len(found),
            first=top.name,
            first_share=percent(top.came, lang, 0),
            last=bottom.name,
            last_share=percent(bottom.came, lang, 0),
            met=sum(bool(a.head.met) for a in found),
            inside=sum(bool(a.head.inside) for a in found),
        ),
        width=560,
        height=max(80, 18 * len(found)),
        fields=sheet_fields(
            lang,
            {"area:text": "table.area", "low:%": Message("columns.low", what=span), "median:%": "outcome.field.median"}
            | {"high:%": Message("columns.high", what=span), "outcome:%": "outcome.field.outcome"}
            | {"met:text": "outcome.result", "inside:text": "outcome.range"},
        ),
        data=[a.data(lang) for a in found],
    )
    return Narrative(how), chart


def _areas_layers(rows: Sequence[dict[str, Any]], span: Message, year: int, lang: str) -> alt.TopLevelMixin:
    """The range of each area, the middle of its forecast, and a mark for what came."""
    ends = [v for r in rows for k in ("low", "high", "came") if (v := r[k]) is not None]
    x = share_axis("low:Q", t("outcome.areas_axis", lang, year=year), ends, room=0.05)
    told = {"area:N": "table.area", "came:Q:.0%": "outcome.field.outcome", "range:N": span, "met:N": "outcome.result"}
    there = {r["met"] for r in rows}
    words = {word: _LOOKS[met] for met, word in _met(lang).items() if word in there}
    base = alt.Chart(inline(rows)).encode(
        y=category_axis("area:N", [r["area"] for r in rows], room=160), tooltip=tips(lang, told)
    )
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(x=alt.X("came:Q"))
    return alt.layer(
        base.mark_bar(height=9, color=theme.BAND).encode(x=x, x2=alt.X2("high:Q")),
        target_line(),
        base.mark_tick(color=theme.SERIES, thickness=2, size=11).encode(x=alt.X("mid:Q")),
        dots.encode(**colour_and_shape("met:N", words, alt.Legend(title=None, orient="bottom"))),
    )
