"""The chart of one indicator: record, required path, forecast and targets, with its written alternative.

Draws what an assessment holds; grades nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from greenreport.assess.model import IndicatorAssessment
from greenreport.plan import Indicator, Unit
from greenreport.present import theme
from greenreport.present.charts import YearPlot, annual_points, corners, figure, forecast_by_year, inline, join_by_year
from greenreport.present.columns import Measure, headed, measure, raw, text_field
from greenreport.present.evidence_words import point_kind
from greenreport.present.numbers import interval, join_sentences, month, percent, quantity, unit_header
from greenreport.present.show import Field, Figure, Raw
from greenreport.present.tables import label_words
from greenreport.words import t

Row = dict[str, Any]

_WIDTH = 640
_LEAST_SPAN = 0.2
"""The value axis spans at least this share of the largest value."""
_ROOM = 0.06
_ENDS = ("median", "low", "high", "low50", "high50")


@debug_mode(False)  # parts are not held to the schema one by one: tests do that to the whole
def outlook_chart(
    one: IndicatorAssessment,
    indicator: Indicator,
    *,
    lang: str,
    level: float = 0.80,
    height: int = 280,
    beside: Sequence[IndicatorAssessment] = (),
) -> Figure:
    """History, required path, forecast fan and target marks of one indicator.

    Args:
        one: the indicator's assessment.
        indicator: the indicator as the plan has it.
        lang: language.
        level: of the inner band, for its name.
        height: of the plot, in CSS pixels.
        beside: indicators whose charts stand on the same page: all share one time axis.

    Returns:
        The chart.
    """
    # One unit for the whole chart, that of the text: a district's 9940台 are not 0.994万台.
    count = indicator.is_count  # whole things; only their path passes between them
    unit = measure([v for v in _values(one) if not count or v == round(v)], indicator.unit, lang)
    rows = _rows(one, unit, lang, count=count)
    plot = YearPlot(
        sorted(_years(one).union(*map(_years, beside))) or [one.baseline_year or 0],
        headed(indicator.name[lang], unit.unit, lang),
        lang,
        alt.Scale(domain=_domain(rows.values, whole=count), zero=False, nice=True),
        step=1 if count else alt.Undefined,
    )
    tips = [
        alt.Tooltip("year:Q", title=t("chart.year", lang), format="d"),
        alt.Tooltip("text:N", title=unit.unit),
        alt.Tooltip("what:N", title=t("chart.kind", lang)),
    ]
    if rows.fan:
        ends = alt.Tooltip("range:N", title=t("chart.interval", lang, level=percent(level, lang, 0)))
        _draw_fan(plot, rows.fan, [*tips[:2], ends], count=count)
    if rows.path:
        plot.add(alt.Chart(inline(rows.path)).mark_line(color=theme.PATH, strokeDash=[7, 4], strokeWidth=1.6))
    _draw_record(plot, rows, tips)
    if rows.targets:
        plot.targets(rows.targets, tips)
    # What the fan is called: a forecast, or an indicative range.
    name = t("orientation.mark" if one.outlook.orientation else "chart.forecast", lang)
    for (colour, dx, dy, align), labels in _labels(rows, name).items():
        plot.write(labels, colour, dx=dx, dy=dy, align=align)
    if not plot.layers:
        nothing = alt.Chart(inline([{"year": one.baseline_year or 0, "value": 0}]))
        plot.add(nothing.mark_text(text=t("chart.no_data", lang), color=theme.MUTED, fontSize=14))
    return figure(
        plot.layers,
        label=f"fig-{indicator.id.replace('_', '-')}",
        caption=t("chart.outlook_caption", lang, indicator=indicator.name[lang]),
        alt_text=_alternative(one, indicator, lang),
        width=_WIDTH,
        height=height,
        fields=_fields(unit_header(indicator.unit, lang), lang, level),
        data=_data(one, indicator.unit, lang),
    )


def _draw_record(plot: YearPlot, rows: _Rows, tips: list[alt.Tooltip]) -> None:
    """The figures of whole years along a line, and that of the year under way with its name."""
    fill = alt.Fill("fill:N", scale=None)
    if rows.record:
        base = alt.Chart(inline(rows.record))
        plot.add(base.mark_line(color=theme.SERIES, strokeWidth=2.4))
        plot.add(base.mark_point(color=theme.SERIES, size=54, strokeWidth=2, opacity=1), fill=fill, tooltip=tips)
    if rows.part:
        base = alt.Chart(inline(rows.part))
        dots = base.mark_point(shape="square", color=theme.SERIES, size=44, strokeWidth=1.6, opacity=1)
        plot.add(dots, fill=fill, tooltip=tips)
        plot.add(base.mark_text(color=theme.MUTED, dx=8, dy=12, align="left", fontSize=11), text=alt.Text("what:N"))


def _draw_fan(plot: YearPlot, fan: Sequence[Row], tips: list[alt.Tooltip], *, count: bool) -> None:
    """The forecast: bands around a middle line, or a bar a year where a count has no values between its years."""
    base = alt.Chart(inline(fan))
    for low, high, colour, wide in (("low", "high", theme.BAND_OUTER, 16), ("low50", "high50", theme.BAND, 9)):
        mark = base.mark_bar(color=colour, width=wide) if count else base.mark_area(color=colour)
        plot.add(mark, low, y2=alt.Y2(f"{high}:Q"), tooltip=tips if count else alt.Undefined)
    if not count:
        plot.add(base.mark_line(color=theme.SERIES, strokeDash=[2, 3], strokeWidth=2), "median")
    dots = base.mark_point(color=theme.SERIES, filled=True, size=40 if count else 300, opacity=float(count))
    plot.add(dots, "median", tooltip=tips)


def _years(one: IndicatorAssessment) -> set[int]:
    """The years of its record, path, forecast and targets."""
    drawn = {p.year for p in annual_points(one)} | {year for year, _ in corners(one.path)}
    drawn |= {grade.year for grade in one.grades} | {step.year for step in one.outlook.steps}
    return drawn | ({one.part_year.year} if one.part_year else set())


@dataclass(frozen=True)
class _Rows:
    """What the chart draws, in its unit: a row a year."""

    record: list[Row]
    path: list[Row]
    targets: list[Row]
    fan: list[Row]
    part: list[Row]

    @property
    def values(self) -> list[float]:
        found = [row["value"] for row in (*self.record, *self.path, *self.targets, *self.part)]
        return found + [row[end] for row in self.fan for end in ("low", "high")]


def _rows(one: IndicatorAssessment, unit: Measure, lang: str, *, count: bool) -> _Rows:
    scale, say = unit.factor, unit.text
    record: list[Row] = [
        {
            "year": p.year,
            "value": p.value * scale,
            "text": say(p.value),
            "fill": "#ffffff" if p.unconfirmed or p.bridged or p.provisional or p.kind == "derived" else theme.SERIES,
            "what": t(point_kind(p), lang),
        }
        for p in annual_points(one)
    ]
    targets: list[Row] = []
    for g in one.grades:
        name, label = t("chart.target", lang, year=g.year), label_words(g.label, lang)
        targets.append({"year": g.year, "value": g.value * scale, "text": f"{name} {say(g.value)}{label}"})
        targets[-1]["what"] = name + label
    fan: list[Row] = [
        {"year": s.year}
        | {end: getattr(s, end) * scale for end in _ENDS}
        | {"text": say(s.median), "range": unit.range(s).text}
        for s in one.outlook.steps
    ]
    if fan and record and not count:  # the fan opens at the last observation
        last = record[-1]
        ends = dict.fromkeys(_ENDS, last["value"])
        fan.insert(0, {"year": last["year"], **ends, "text": last["text"], "range": last["text"]})
    path = [{"year": y, "value": v * scale} for y, v in corners(one.path)]
    return _Rows(record, path, targets, fan, _part_year(one, unit, lang, count=count))


def _fields(unit: str, lang: str, level: float) -> list[Field]:
    said = percent(level, lang, 0)
    names = ("record", "kind", "path", *_ENDS, "target")
    fields = [Field(n, t(f"chart.field.{n}", lang, level=said), unit) for n in names]
    fields[1] = text_field("kind", fields[1].label)
    return [Field("year", t("chart.year", lang)), *fields]


def _data(one: IndicatorAssessment, unit: Unit, lang: str) -> list[tuple[Raw, ...]]:
    """What the chart shows, a row a year: record, required path, forecast, targets."""
    known = annual_points(one)
    targets = {g.year: g.value for g in reversed(one.grades)}  # the table's target comes first and wins
    series = ({p.year: p.value for p in known}, dict(one.path), *forecast_by_year(one, _ENDS), targets)
    record, *others = ({year: raw(value, unit, lang) for year, value in each.items()} for each in series)
    return join_by_year(record, {p.year: t(point_kind(p), lang) for p in known}, *others)


def _values(one: IndicatorAssessment) -> list[float]:
    """Everything the chart shows, in the ledger's unit."""
    found = [p.value for p in annual_points(one)]
    found += [v for _, v in one.path] + [g.value for g in one.grades]
    return found + [s.median for s in one.outlook.steps]


def _domain(values: list[float], *, whole: bool) -> Any:
    """The ends of the value axis: all that is drawn, and never so short a piece of it that a small step looks like a leap.

    `whole`: counts need three whole numbers to be marked.
    """
    if not values:
        return alt.Undefined
    low, high = min(values), max(values)
    least = max(_LEAST_SPAN * max(abs(low), abs(high)), 3.0 if whole else 0.0) or 1.0
    lacking = max(0.0, least - (high - low))
    bottom = low - lacking / 2 - _ROOM * max(least, high - low)  # room for what is written below the lowest mark
    bottom = max(0.0, bottom) if low >= 0 else bottom
    return [bottom, max(high, bottom + least)]


def _part_year(one: IndicatorAssessment, unit: Measure, lang: str, *, count: bool) -> list[dict[str, Any]]:
    """The year under way: a count where it stands between two year-ends, a flow's months so far in their year."""
    part = one.part_year
    if part is None:
        return []
    key = "table.standing" if count else "table.part_year"
    return [
        {
            "year": part.year - 1 + part.months / 12 if count else part.year,
            "value": part.value * unit.factor,
            "text": unit.text(part.value),
            "fill": theme.SERIES if count else "#ffffff",
            "what": t(key, lang, year=part.year, month=month(part.months, lang)),
        }
    ]


def _labels(rows: _Rows, name: str) -> dict[tuple[str, int, int, str], list[Row]]:
    """The last record, the targets' values and the forecast's `name`, each on the side where nothing else is written.

    Returns:
        (colour, dx, dy, alignment) → year, value and text of the labels set so.
    """
    out: dict[tuple[str, int, int, str], list[Row]] = {}

    def put(row: Row, colour: str, dx: int, dy: int, align: str = "center") -> None:
        out.setdefault((colour, dx, dy, align), []).append({k: row[k] for k in ("year", "value", "text")})

    if rows.record:
        put(rows.record[-1], theme.SERIES, 0, -14)
    end = rows.fan[-1] if rows.fan else None
    last = [x for x in rows.targets if end and x["year"] == end["year"]]
    above = end is not None and any(x["value"] > end["median"] for x in last)
    for target in rows.targets:
        put(target, theme.TARGET, 0, -14 if above and target in last else 20)
    if end is not None:
        row = {"year": end["year"], "value": end["median"], "text": name}
        put(row, theme.SERIES, 7, 0 if not last else 12 if above else -10, "left")
    return out


def _alternative(one: IndicatorAssessment, indicator: Indicator, lang: str) -> str:
    """What the chart shows, in words: where the series begins and ends, the forecast, the targets."""

    def told(year: int, value: float) -> dict[str, Any]:
        return {"year": year, "value": quantity(value, indicator.unit, lang)}

    parts = [t("alt.title", lang, indicator=indicator.name[lang]), _history(one, indicator, lang)]
    if (part := one.part_year) is not None:
        key = "alt.standing" if indicator.is_count else "alt.part_year"
        parts.append(t(key, lang, **told(part.year, part.value), month=month(part.months, lang)))
    if one.outlook.steps:
        end = one.outlook.steps[-1]
        key = "alt.orientation" if one.outlook.orientation else "alt.forecast"
        ends = interval(end.low, end.high, indicator.unit, lang)
        parts.append(t(key, lang, **told(end.year, end.median), range=ends))
    else:
        parts.append(t("alt.no_forecast", lang))
    for g in one.grades:
        label = {"label": g.label[lang]} if g.label else {}
        parts.append(t("alt.target_label" if g.label else "alt.target", lang, **told(g.year, g.value), **label))
    return join_sentences(parts, lang)


def _history(one: IndicatorAssessment, indicator: Indicator, lang: str) -> str:
    full = annual_points(one)
    if not full:
        return t("alt.no_history", lang)
    first, last = (quantity(p.value, indicator.unit, lang) for p in (full[0], full[-1]))
    if len(full) == 1:
        return t("alt.one_point", lang, year=full[0].year, value=first)
    return t("alt.history", lang, first=full[0].year, first_value=first, last=full[-1].year, last_value=last)
