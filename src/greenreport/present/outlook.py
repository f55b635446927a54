"""The chart of one indicator: record, required path, forecast and targets, with its written alternative.

Draws what an assessment holds; grades nothing.
"""

from __future__ import annotations

from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from greenreport.assess.model import IndicatorAssessment
from greenreport.plan import Indicator
from greenreport.present import theme
from greenreport.present.catalog import point_kind, t
from greenreport.present.charts import corners, figure, inline
from greenreport.present.columns import Measure, headed, measure, raw
from greenreport.present.numbers import bracketed, interval, month, percent, quantity, unit_header
from greenreport.present.show import Field, Figure, Sheet
from greenreport.text import Text

__all__ = ["outlook_chart"]

_WIDTH = 640
_LEAST_SPAN = 0.2
"""The value axis spans at least this share of the largest value."""
_ROOM = 0.06


@debug_mode(False)  # parts are not held to the schema one by one: tests do that to the whole
def outlook_chart(
    one: IndicatorAssessment, indicator: Indicator, *, lang: str, level: float = 0.80, height: int = 280
) -> Figure:
    """History, required path, forecast fan and target marks of one indicator.

    Args:
        one: the indicator's assessment.
        indicator: the indicator as the plan has it.
        lang: language of the words.
        level: level of the inner band, for its name.
        height: of the plot, in CSS pixels.
    """
    # One unit for the whole chart, that of the text: a district's 9940台 are not 0.994万台.
    counted = indicator.kind == "cumulative_count"  # whole things; only their path passes between them
    unit = measure([v for v in _values(one) if not counted or v == round(v)], indicator.unit, lang)
    scale, say = unit.factor, unit.text

    history: list[dict[str, Any]] = [
        {
            "year": p.year,
            "value": p.value * scale,
            "text": say(p.value),
            "fill": "#ffffff" if p.unconfirmed or p.bridged or p.provisional or p.kind == "derived" else theme.SERIES,
            "what": t(point_kind(p), lang),
        }
        for p in one.points
        if p.months == 12
    ]
    path = [{"year": y, "value": v * scale} for y, v in corners(one.path)]
    targets = [
        {
            "year": g.year,
            "value": g.value * scale,
            "text": f"{t('chart.target', lang, year=g.year)} {say(g.value)}{_label(g.label, lang)}",
            "what": t("chart.target", lang, year=g.year) + _label(g.label, lang),
        }
        for g in one.grades
    ]
    fan: list[dict[str, Any]] = [
        {
            "year": s.year,
            "median": s.median * scale,
            "low": s.low * scale,
            "high": s.high * scale,
            "low50": s.low50 * scale,
            "high50": s.high50 * scale,
            "text": say(s.median),
            "range": unit.range(s.low, s.high).text,
        }
        for s in one.outlook.steps
    ]
    count = indicator.kind == "cumulative_count"
    if fan and history and not count:  # the fan opens at the last observation
        last = history[-1]
        ends = dict.fromkeys(("median", "low", "high", "low50", "high50"), last["value"])
        fan.insert(0, {"year": last["year"], **ends, "text": last["text"], "range": last["text"]})

    part = _part_year(one, unit, lang, count=count)
    years = [d["year"] for d in [*history, *path, *targets, *fan]] or [one.baseline_year or 0]
    years += [one.part_year.year] if one.part_year else []
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[min(years) - 0.3, max(years) + 0.9], nice=False),
        axis=alt.Axis(format="d", values=list(range(min(years), max(years) + 1)), grid=False, labelOverlap=True),
    )
    y_axis = alt.Axis(
        title=headed(indicator.name[lang], unit.unit, lang),
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=0,
        titleY=-14,
        tickCount=5,
        format="~f" if lang == "zh" else ",~f",  # Chinese tables and charts do not group thousands
        tickMinStep=1 if count else alt.Undefined,
    )
    shown = [v for d in (*history, *path, *targets, *part) for v in (d["value"],)]
    shown += [d[end] for d in fan for end in ("low", "high")]
    y_scale = alt.Scale(domain=_domain(shown, whole=count), zero=False, nice=True)
    layers: list[alt.Chart] = []

    def place(field: str) -> dict[str, Any]:
        # The first layer brings axes and scales; Vega-Lite merges those of the others into them.
        if layers:
            return {"x": alt.X("year:Q"), "y": alt.Y(f"{field}:Q")}
        return {"x": x, "y": alt.Y(f"{field}:Q", axis=y_axis, scale=y_scale)}

    tip_year = alt.Tooltip("year:Q", title=t("chart.year", lang), format="d")
    tip_value = alt.Tooltip("text:N", title=unit.unit)
    tip_kind = alt.Tooltip("what:N", title=t("chart.kind", lang))
    if fan:
        tip_range = alt.Tooltip("range:N", title=t("chart.interval", lang, level=percent(level, lang, 0)))
        tips = [tip_year, tip_value, tip_range]
        base = alt.Chart(inline(fan))
        for low, high, colour, wide in (("low", "high", theme.BAND_OUTER, 16), ("low50", "high50", theme.BAND, 9)):
            # A count has no values between its whole numbers or its years: each year stands for itself.
            mark = base.mark_bar(color=colour, width=wide) if count else base.mark_area(color=colour)
            layers.append(mark.encode(**place(low), y2=alt.Y2(f"{high}:Q"), tooltip=tips if count else alt.Undefined))
        if not count:
            line = base.mark_line(color=theme.SERIES, strokeDash=[2, 3], strokeWidth=2)
            layers.append(line.encode(**place("median")))
        dots = base.mark_point(color=theme.SERIES, filled=True, size=40 if count else 300, opacity=float(count))
        layers.append(dots.encode(**place("median"), tooltip=tips))
    if path:
        line = alt.Chart(inline(path)).mark_line(color=theme.PATH, strokeDash=[7, 4], strokeWidth=1.6)
        layers.append(line.encode(**place("value")))
    if history:
        base = alt.Chart(inline(history))
        layers.append(base.mark_line(color=theme.SERIES, strokeWidth=2.4).encode(**place("value")))
        dots = base.mark_point(color=theme.SERIES, size=54, strokeWidth=2, opacity=1)
        fill = alt.Fill("fill:N", scale=None)
        layers.append(dots.encode(**place("value"), fill=fill, tooltip=[tip_year, tip_value, tip_kind]))
    if part:
        base = alt.Chart(inline(part))
        dots = base.mark_point(shape="square", color=theme.SERIES, size=44, strokeWidth=1.6, opacity=1)
        fill = alt.Fill("fill:N", scale=None)
        layers.append(dots.encode(**place("value"), fill=fill, tooltip=[tip_year, tip_value, tip_kind]))
        words = base.mark_text(color=theme.MUTED, dx=8, dy=12, align="left", fontSize=11)
        layers.append(words.encode(**place("value"), text=alt.Text("what:N")))
    if targets:
        marks = alt.Chart(inline(targets)).mark_point(
            shape="diamond", color=theme.TARGET, filled=True, size=120, opacity=1
        )
        layers.append(marks.encode(**place("value"), tooltip=[tip_year, tip_value, tip_kind]))
    for (colour, dx, dy, align), rows in _labels(history, fan, targets, _name(one, lang)).items():
        text = alt.Chart(inline(rows)).mark_text(
            color=colour, dx=dx, dy=dy, align=align, fontSize=12, fontWeight="bold"
        )
        layers.append(text.encode(**place("value"), text=alt.Text("text:N")))
    if not layers:
        nothing = alt.Chart(inline([{"year": one.baseline_year or 0, "value": 0}]))
        text = nothing.mark_text(text=t("chart.no_data", lang), color=theme.MUTED, fontSize=14)
        layers.append(text.encode(**place("value")))
    return figure(
        layers,
        label=f"fig-{indicator.id.replace('_', '-')}",
        caption=t("chart.outlook_caption", lang, indicator=indicator.name[lang]),
        alt_text=_alternative(one, indicator, lang),
        width=_WIDTH,
        height=height,
        sheet=_outlook_sheet(one, indicator, lang, level),
    )


def _outlook_sheet(one: IndicatorAssessment, indicator: Indicator, lang: str, level: float) -> Sheet:
    """What the chart shows, a row a year: record, required path, forecast, targets."""
    unit = indicator.unit
    head = unit_header(unit, lang)
    record = {p.year: p for p in one.points if p.months == 12}
    path, steps = dict(one.path), {s.year: s for s in one.outlook.steps}
    targets = {g.year: g.value for g in reversed(one.grades)}  # the table's target comes first and wins
    names = ("record", "kind", "path", "median", "low", "high", "low50", "high50", "target")
    fields = [Field("year", t("chart.year", lang))]
    fields += [
        Field(
            n,
            t(f"chart.field.{n}", lang, level=percent(level, lang, 0)),
            "" if n == "kind" else head,
            "text" if n == "kind" else "number",
        )
        for n in names
    ]
    rows = []
    for year in sorted({*record, *path, *steps, *targets}):
        point, step = record.get(year), steps.get(year)
        ends = (step.median, step.low, step.high, step.low50, step.high50) if step else (None,) * 5
        figures = [raw(v, unit, lang) for v in (path.get(year), *ends, targets.get(year))]
        seen = (raw(point.value, unit, lang), t(point_kind(point), lang)) if point else (None, None)
        rows.append((year, *seen, *figures))
    return Sheet(tuple(fields), tuple(rows), t("chart.outlook_caption", lang, indicator=indicator.name[lang]))


def _values(one: IndicatorAssessment) -> list[float]:
    """Everything the chart shows, in the ledger's unit."""
    found = [p.value for p in one.points if p.months == 12]
    found += [v for _, v in one.path] + [g.value for g in one.grades]
    return found + [s.median for s in one.outlook.steps]


def _domain(values: list[float], *, whole: bool) -> Any:
    """The ends of the value axis: all that is drawn, and never so short a piece of it that a small step looks like a leap.

    Args:
        values: what is drawn.
        whole: counts need three whole numbers to be marked.
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


def _name(one: IndicatorAssessment, lang: str) -> str:
    """What the fan is called: a forecast, or an indicative range."""
    return t("orientation.mark" if one.outlook.orientation else "chart.forecast", lang)


def _label(label: Text | None, lang: str) -> str:
    return bracketed(label[lang], lang) if label else ""


def _labels(
    history: list[dict[str, Any]], fan: list[dict[str, Any]], targets: list[dict[str, Any]], name: str
) -> dict[tuple[str, int, int, Any], list[dict[str, Any]]]:
    """The last record, the targets' values and the forecast's `name`, each on the side where nothing else is written.

    Returns:
        (colour, dx, dy, alignment) → year, value and text of the labels set so.
    """
    out: dict[tuple[str, int, int, Any], list[dict[str, Any]]] = {}

    def put(row: dict[str, Any], colour: str, dx: int, dy: int, align: str = "left") -> None:
        out.setdefault((colour, dx, dy, align), []).append({k: row[k] for k in ("year", "value", "text")})

    if history:
        put(history[-1], theme.SERIES, 0, -14, "center")
    end = fan[-1] if fan else None
    last = [x for x in targets if end and x["year"] == end["year"]]
    above = end is not None and any(x["value"] > end["median"] for x in last)
    for target in targets:
        put(target, theme.TARGET, 0, -14 if above and target in last else 20, "center")
    if end is not None:
        row = {"year": end["year"], "value": end["median"], "text": name}
        put(row, theme.SERIES, 7, 0 if not last else 12 if above else -10)
    return out


def _alternative(one: IndicatorAssessment, indicator: Indicator, lang: str) -> str:
    """What the chart shows, in words: where the series begins and ends, the forecast, the targets."""
    unit = indicator.unit
    parts = [t("alt.title", lang, indicator=indicator.name[lang])]
    full = [p for p in one.points if p.months == 12]
    if not full:
        parts.append(t("alt.no_history", lang))
    elif len(full) == 1:
        parts.append(t("alt.one_point", lang, year=full[0].year, value=quantity(full[0].value, unit, lang)))
    else:
        parts.append(
            t(
                "alt.history",
                lang,
                first=full[0].year,
                first_value=quantity(full[0].value, unit, lang),
                last=full[-1].year,
                last_value=quantity(full[-1].value, unit, lang),
            )
        )
    if (part := one.part_year) is not None:
        key = "alt.standing" if indicator.kind == "cumulative_count" else "alt.part_year"
        told = {"year": part.year, "month": month(part.months, lang), "value": quantity(part.value, unit, lang)}
        parts.append(t(key, lang, **told))
    if one.outlook.steps:
        end = one.outlook.steps[-1]
        parts.append(
            t(
                "alt.orientation" if one.outlook.orientation else "alt.forecast",
                lang,
                year=end.year,
                value=quantity(end.median, unit, lang),
                range=interval(end.low, end.high, unit, lang),
            )
        )
    else:
        parts.append(t("alt.no_forecast", lang))
    for g in one.grades:
        told = {"year": g.year, "value": quantity(g.value, unit, lang)}
        parts.append(
            t("alt.target_label", lang, **told, label=g.label[lang]) if g.label else t("alt.target", lang, **told)
        )
    return "".join(parts) if lang == "zh" else " ".join(parts)
