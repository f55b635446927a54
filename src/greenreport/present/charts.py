"""Charts from an assessment: what evaluators would rather look at than read.

Each chart is one Altair specification with two lives, interactive on screen and a still picture in print, and a
written alternative that says what it shows. Field names are plain ASCII without dots, because Vega-Lite reads a dot
as a path.
"""

from __future__ import annotations

from typing import Any, Literal

import altair as alt

from greenreport import stills
from greenreport.assess.model import IndicatorAssessment
from greenreport.plan import Indicator
from greenreport.present import theme
from greenreport.present.catalog import point_kind, t
from greenreport.present.columns import raw
from greenreport.present.numbers import bare_interval, interval, number, percent, quantity, unit_header
from greenreport.present.show import Field, Figure, Sheet
from greenreport.text import Text

__all__ = ["figure", "outlook_chart"]

_VL_VERSION = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
_WIDTH = 640


def figure(
    chart: alt.TopLevelMixin,
    *,
    label: str,
    caption: str,
    alt_text: str,
    width: int,
    height: int,
    sheet: Sheet | None = None,
    start: bool = False,
) -> Figure:
    """Set an Altair chart as a [Figure].

    Args:
        chart: the chart, its size not yet set.
        label: unique on its page, begins with `fig-`.
        caption: its caption.
        alt_text: its written alternative.
        width: drawing width of the still picture in pixels; on screen the chart takes the width it finds.
        height: drawing height in pixels.
        sheet: what it shows, as data for download.
        start: whether the site's start page shows it too.
    """
    spec: dict[str, Any] = chart.to_dict(context={"pre_transform": False})
    spec["config"] = theme.config()
    spec.pop("$schema", None)
    still = _without_links(spec) | {"width": width, "height": height}
    svg = stills.svg(still, vl_version=_VL_VERSION)
    head = svg[: svg.index(">")]
    drawn = [round(float(head.split(f' {k}="')[1].split('"')[0])) for k in ("width", "height")]
    live = spec | {
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
    }
    return Figure(label, caption, alt_text, svg, drawn[0], drawn[1], live, sheet, start)


def _without_links(node: Any) -> Any:
    """The specification without link channels: a still picture's relative links would get a base address on a network."""
    if isinstance(node, dict):
        return {key: _without_links(value) for key, value in node.items() if key != "href"}
    return [_without_links(item) for item in node] if isinstance(node, list) else node


def outlook_chart(one: IndicatorAssessment, indicator: Indicator, *, lang: str, level: float = 0.80) -> Figure:
    """History, required path, forecast fan and target marks of one indicator.

    Args:
        one: the indicator's assessment.
        indicator: the indicator as the plan has it.
        lang: language of the words.
        level: level of the inner band, for its name.
    """
    unit = indicator.unit
    scale = 1.0 if lang == "zh" else unit.en_scale

    def say(value: float | None) -> str:
        return number(value, unit, lang)

    history: list[dict[str, Any]] = [
        {
            "year": p.year,
            "value": p.value * scale,
            "text": say(p.value),
            "mark": "open" if p.unconfirmed or p.bridged or p.provisional or p.kind == "derived" else "full",
            "what": t(point_kind(p), lang),
        }
        for p in one.points
        if p.months == 12
    ]
    path = [{"year": y, "value": v * scale, "text": say(v)} for y, v in one.path]
    targets = [
        {
            "year": g.year,
            "value": g.value * scale,
            "text": say(g.value) + _bracketed(g.label, lang),
            "what": t("chart.target", lang, year=g.year) + _bracketed(g.label, lang),
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
            "range": bare_interval(s.low, s.high, unit, lang),
        }
        for s in one.outlook.steps
    ]
    if fan and history:  # the fan opens at the last observation
        last = history[-1]
        v = last["value"]
        fan.insert(
            0,
            {
                "year": last["year"],
                "median": v,
                "low": v,
                "high": v,
                "low50": v,
                "high50": v,
                "text": last["text"],
                "range": last["text"],
            },
        )

    years = [d["year"] for d in [*history, *path, *targets, *fan]] or [one.baseline_year or 0]
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[min(years) - 0.3, max(years) + 0.9], nice=False),
        axis=alt.Axis(format="d", values=list(range(min(years), max(years) + 1)), grid=False, labelOverlap=True),
    )
    y_title = (
        f"{indicator.name[lang]}（{unit_header(unit, lang)}）"
        if lang == "zh"
        else f"{indicator.name[lang]} ({unit_header(unit, lang)})"
    )
    y_axis = alt.Axis(
        title=y_title,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=0,
        titleY=-14,
        tickCount=5,
        format="~f" if lang == "zh" else ",~f",  # Chinese tables and charts do not group thousands
    )

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=y_axis, scale=alt.Scale(zero=False, nice=True))

    tip_year = alt.Tooltip("year:Q", title=t("chart.year", lang), format="d")
    tip_value = alt.Tooltip("text:N", title=unit_header(unit, lang))
    layers: list[alt.Chart] = []
    if fan:
        base = alt.Chart(alt.Data(values=fan)).encode(x=x)
        layers += [
            base.mark_area(color=theme.BAND_OUTER).encode(y=y("low"), y2="high:Q"),
            base.mark_area(color=theme.BAND).encode(y=y("low50"), y2="high50:Q"),
            base.mark_line(color=theme.SERIES, strokeDash=[2, 3], strokeWidth=2).encode(y=y("median")),
            base.mark_point(color=theme.SERIES, opacity=0, size=300).encode(
                y=y("median"),
                tooltip=[
                    tip_year,
                    tip_value,
                    alt.Tooltip("range:N", title=t("chart.interval", lang, level=percent(level, lang, 0))),
                ],
            ),
            _label(fan[-1:], "median", t("chart.forecast", lang), theme.SERIES, x, y, dx=6),
        ]
    if path:
        base = alt.Chart(alt.Data(values=path)).encode(x=x)
        layers += [
            base.mark_line(color=theme.PATH, strokeDash=[7, 4], strokeWidth=1.6).encode(y=y("value")),
        ]
    if history:
        base = alt.Chart(alt.Data(values=history)).encode(x=x)
        layers += [
            base.mark_line(color=theme.SERIES, strokeWidth=2.4).encode(y=y("value")),
            base.mark_point(color=theme.SERIES, size=54, strokeWidth=2, opacity=1).encode(
                y=y("value"),
                fill=alt.condition("datum.mark === 'open'", alt.value("#ffffff"), alt.value(theme.SERIES)),
                tooltip=[tip_year, tip_value, alt.Tooltip("what:N", title=t("chart.kind", lang))],
            ),
            _label(history[-1:], "value", history[-1]["text"], theme.SERIES, x, y, dy=-14, align="center"),
        ]
    if targets:
        base = alt.Chart(alt.Data(values=targets)).encode(x=x)
        layers += [
            base.mark_point(shape="diamond", color=theme.TARGET, filled=True, size=120, opacity=1).encode(
                y=y("value"),
                tooltip=[tip_year, tip_value, alt.Tooltip("what:N", title=t("chart.kind", lang))],
            ),
            base.mark_text(color=theme.TARGET, dx=7, dy=11, align="left", fontSize=12, fontWeight="bold").encode(
                y=y("value"), text="text:N"
            ),
        ]
    if not layers:
        layers = [
            alt.Chart(alt.Data(values=[{"year": one.baseline_year or 0, "value": 0}]))
            .mark_text(text=t("chart.no_data", lang), color=theme.MUTED, fontSize=14)
            .encode(x=x, y=y("value"))
        ]
    return figure(
        alt.layer(*layers),
        label=f"fig-{indicator.id.replace('_', '-')}",
        caption=t("chart.outlook_caption", lang, indicator=indicator.name[lang]),
        alt_text=_alternative(one, indicator, lang),
        width=_WIDTH,
        height=280,
        sheet=_outlook_sheet(one, indicator, lang),
    )


def _outlook_sheet(one: IndicatorAssessment, indicator: Indicator, lang: str) -> Sheet:
    """What the chart shows, a row a year: record, required path, forecast, targets."""
    unit = indicator.unit
    head = unit_header(unit, lang)
    record = {p.year: p for p in one.points if p.months == 12}
    path, steps = dict(one.path), {s.year: s for s in one.outlook.steps}
    targets = {g.year: g.value for g in reversed(one.grades)}  # the table's target comes first and wins
    names = ("record", "kind", "path", "median", "low", "high", "low50", "high50", "target")
    fields = [Field("year", t("chart.year", lang))]
    fields += [
        Field(n, t(f"chart.field.{n}", lang), "" if n == "kind" else head, "text" if n == "kind" else "number")
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


def _bracketed(label: Text | None, lang: str) -> str:
    if label is None:
        return ""
    return f"（{label[lang]}）" if lang == "zh" else f" ({label[lang]})"


def _label(
    rows: list[dict[str, Any]],
    field: str,
    text: str,
    colour: str,
    x: alt.X,
    y: Any,
    *,
    dx: int = 0,
    dy: int = 0,
    align: Literal["left", "center"] = "left",
) -> alt.Chart:
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_text(text=text, color=colour, dx=dx, dy=dy, align=align, fontSize=12, fontWeight="bold")
        .encode(x=x, y=y(field))
    )


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
    if one.outlook.steps:
        end = one.outlook.steps[-1]
        parts.append(
            t(
                "alt.forecast",
                lang,
                year=end.year,
                value=quantity(end.median, unit, lang),
                range=interval(end.low, end.high, unit, lang),
            )
        )
    else:
        parts.append(t("alt.no_forecast", lang))
    parts += [t("alt.target", lang, year=g.year, value=quantity(g.value, unit, lang)) for g in one.grades]
    return "".join(parts) if lang == "zh" else " ".join(parts)
