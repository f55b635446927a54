"""What every chart shares: setting an Altair specification as a figure, and writing its data.

Each chart is one Altair specification with two lives, interactive on screen and a still picture in print, and a
written alternative that says what it shows. Field names are plain ASCII without dots, because Vega-Lite reads a dot
as a path.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from greenreport import chart_images
from greenreport.assess.model import IndicatorAssessment
from greenreport.observations import Point
from greenreport.present import theme
from greenreport.present.messages import Message, say
from greenreport.present.show import Field, Figure, Raw, Sheet
from greenreport.words import t

_TAG = re.compile(r"<[^<>]+>")
_ROLES = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")')
"""What Vega says of each mark for readers of its parts; the figure is one picture with one alternative."""
_DIGITS = re.compile(r"(\d\.\d\d)\d+")
_VL_VERSION = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


def figure(
    chart: alt.TopLevelMixin | Sequence[alt.Chart],
    *,
    label: str,
    caption: str,
    alt_text: str,
    width: int,
    height: int,
    fields: Sequence[Field] = (),
    data: Iterable[Sequence[Raw]] = (),
    start: bool = False,
) -> Figure:
    """Set an Altair chart as a [Figure].

    Args:
        chart: the chart, its size not yet set; or its layers, bottom first.
        label: unique on its page, begins with `fig-`.
        caption: its caption.
        alt_text: its written alternative.
        width: drawing width of the still picture in pixels; on screen the chart takes the width it finds.
        height: drawing height in pixels.
        fields: the columns of what it shows, for download.
        data: its rows, a value per field.
        start: whether the site's start page shows it too.
    """
    # Tests hold every specification to the schema; doing it on every page would take half of a chart's time.
    spec: dict[str, Any] = (
        _layered(chart)
        if isinstance(chart, Sequence)
        else chart.to_dict(validate=False, context={"pre_transform": False})
    )
    spec["config"] = theme.config()
    spec.pop("$schema", None)
    still = _without_links(spec) | {"width": width, "height": height}
    svg = _TAG.sub(_shorter, chart_images.svg(still, vl_version=_VL_VERSION))
    head = svg[: svg.index(">")]
    drawn = [round(float(head.split(f' {k}="')[1].split('"')[0])) for k in ("width", "height")]
    live = spec | {
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
    }
    sheet = Sheet(tuple(fields), tuple(tuple(row) for row in data), caption)
    return Figure(label, caption, alt_text, svg, drawn[0], drawn[1], live, sheet, start)


def _layered(layers: Sequence[alt.Chart]) -> dict[str, Any]:
    """What `alt.layer` makes of layers, without the three copies that it takes of each: they are half of its time."""
    made = [one.to_dict(validate=False, context={"pre_transform": False, "top_level": False}) for one in layers]
    if all(one.data is layers[0].data for one in layers):
        return {"data": made[0]["data"], "layer": [{k: v for k, v in one.items() if k != "data"} for one in made]}
    return {"layer": made}


def _shorter(tag: re.Match[str]) -> str:
    """A tag of a picture without roles of its parts, and without digits that nobody sees: a hundredth of a pixel will do."""
    return _DIGITS.sub(r"\1", _ROLES.sub("", tag[0]))


def tips(lang: str, words: Mapping[str, Any]) -> list[alt.Tooltip]:
    """What a mark tells on screen: a field, its type and format (`share:Q:.1%`) → what it is called, by key or message."""
    found = []
    for field, said in words.items():
        name, kind, *form = field.split(":", 2)
        found.append(alt.Tooltip(f"{name}:{kind}", title=_word(said, lang), format=form[0] if form else alt.Undefined))
    return found


def sheet_fields(lang: str, words: Mapping[str, Any]) -> list[Field]:
    """Columns for download: an id and its unit or type (`share:%`, `name:text`, `day:date`) → what it is called."""
    found = []
    for field, said in words.items():
        id, _, what = field.partition(":")
        label = _word(said, lang)
        if what in ("text", "date"):
            found.append(Field(id, label, type="text" if what == "text" else "date"))
        else:
            found.append(Field(id, label, what))
    return found


def _word(said: str | Message, lang: str) -> str:
    return t(said, lang) if isinstance(said, str) else say(said, lang)


def inline(rows: Sequence[Mapping[str, Any]]) -> alt.Data:
    """Rows as the inline data of a chart, written as CSV: a third of the size of a list of objects.

    Figures are cut to six significant digits, which is more than a pixel; the figures for download are elsewhere.
    """
    fields = list(dict.fromkeys(key for row in rows for key in row))
    lines = [fields] + [[_cell(row.get(key)) for key in fields] for row in rows]
    text = "\n".join(",".join(line) for line in lines)
    # Only fields with a channel of their own would be read as numbers.
    numbers = {f: "number" for f in fields if any(isinstance(row.get(f), int | float) for row in rows)}
    return alt.Data(values=text, format=alt.CsvDataFormat(type="csv", parse=numbers))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n\r') else text


def annual_points(one: IndicatorAssessment) -> list[Point]:
    """The figures of whole years: what a chart draws as the record."""
    return [p for p in one.points if p.months == 12]


def forecast_by_year(one: IndicatorAssessment, ends: Sequence[str]) -> list[dict[int, float]]:
    """The forecast by year: its median, or an end of one of its ranges, each by itself."""
    return [{step.year: getattr(step, end) for step in one.outlook.steps} for end in ends]


def join_by_year(*columns: Mapping[int, Raw]) -> list[tuple[Raw, ...]]:
    """A row for every year that any column knows: the year, and what each of them has of it."""
    return [(year, *(column.get(year) for column in columns)) for year in sorted({y for c in columns for y in c})]


def corners(path: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The corners of a path: on a straight stretch the years between say nothing."""
    kept = list(path[:1])
    for before, here, after in zip(path, path[1:], path[2:], strict=False):
        between = before[1] + (after[1] - before[1]) * (here[0] - before[0]) / (after[0] - before[0])
        if abs(here[1] - between) > 1e-9 * max(abs(here[1]), 1.0):
            kept.append(here)
    return kept + list(path[1:][-1:])


def verdict_colour(lang: str, classes: Collection[str] = theme.VERDICTS) -> alt.Color:
    """The colour channel of a field `verdict` that holds the short words of the classes; the legend has their signs."""
    shown = [v for v in theme.VERDICTS if v in classes]
    words = [t(f"verdict_short.{v}", lang) for v in shown]
    signs = json.dumps({w: theme.VERDICT_SIGN[v] for w, v in zip(words, shown, strict=True)}, ensure_ascii=False)
    drawn = alt.Legend(
        title=None,
        orient="bottom",
        symbolType="square",
        columns=0,
        labelExpr=f"{signs}[datum.value] + ' ' + datum.value",
    )
    return alt.Color(
        "verdict:N",
        scale=alt.Scale(domain=words, range=[theme.VERDICT_COLOUR[v] for v in shown]),
        legend=drawn,
    )


def colour_and_shape(
    field: str, words: Mapping[str, tuple[str, str]], legend: alt.Legend
) -> dict[str, alt.Color | alt.Shape]:
    """The colour and the shape of each word of a field, with one legend for both: the same for both merges the two."""
    domain, looks = list(words), list(words.values())
    return {
        "color": alt.Color(field, scale=alt.Scale(domain=domain, range=[c for c, _ in looks]), legend=legend),
        "shape": alt.Shape(field, scale=alt.Scale(domain=domain, range=[s for _, s in looks]), legend=legend),
    }


def category_axis(field: str, names: Sequence[str], *, room: int, gap: Any = 6, grid: Any = alt.Undefined) -> alt.Y:
    """A chart's rows by name, from top to bottom.

    `room` is that of a name in pixels, `gap` lies between the names and what is drawn; a `grid` leads through the row.
    """
    axis = alt.Axis(ticks=False, domain=False, labelLimit=room, labelPadding=gap, grid=grid)
    return alt.Y(field, sort=list(names), title=None, axis=axis)


def share_axis(field: str, title: str, ends: Sequence[float], *, room: float) -> alt.X:
    """The axis of shares of a target, around 100 % and all that is drawn, with room to its right."""
    scale = alt.Scale(domain=[min([*ends, 0.9]) - 0.03, max([*ends, 1.05]) + room], nice=False, zero=False)
    return alt.X(field, title=title, scale=scale, axis=alt.Axis(format=".0%", tickCount=7, orient="top"))


def target_line() -> alt.Chart:
    """The line at 100 % of a target, for charts of shares."""
    out: alt.Chart = alt.Chart(inline([{"v": 1}])).mark_rule(color=theme.TARGET, strokeWidth=1.5).encode(x=alt.X("v:Q"))
    return out


def diagonal(x: alt.X, y: alt.Y) -> alt.Chart:
    """The line on which what was said came true, with the axes of shares `f` said and `o` come."""
    line = alt.Chart(inline([{"f": 0, "o": 0}, {"f": 1, "o": 1}]))
    out: alt.Chart = line.mark_line(color=theme.PATH, strokeDash=[5, 4], strokeWidth=1.4).encode(x=x, y=y)
    return out


def clip(share: float | None, cap: float, least: float = -math.inf) -> float | None:
    """A share cut off where it would squeeze the others."""
    return None if share is None else min(max(share, least), cap)


def percents(*shares: float | None) -> tuple[float | None, ...]:
    """Shares in per cent, for the data of a chart."""
    return tuple(None if share is None else share * 100 for share in shares)


class YearPlot:
    """Layers of a chart of one indicator over the years; the first of them brings the axes, Vega-Lite merges the others'.

    `years` are all that are drawn; `step` is the least between two ticks of the value axis.
    """

    def __init__(self, years: Collection[int], title: str, lang: str, scale: alt.Scale, *, step: Any = alt.Undefined):
        first, last = min(years), max(years)
        across = alt.Axis(format="d", values=list(range(first, last + 1)), grid=False, labelOverlap=True)
        within = alt.Scale(domain=[first - 0.3, last + 0.9], nice=False)
        self._across = alt.X("year:Q", title=None, scale=within, axis=across)
        self._up: dict[str, Any] = {"axis": _value_axis(title, lang, step), "scale": scale}
        self.layers: list[alt.Chart] = []

    def add(self, mark: alt.Chart, field: str = "value", **more: Any) -> None:
        """A mark at `year` and a field of its data, `value` by default."""
        first = not self.layers
        across, up = (self._across, self._up) if first else (alt.X("year:Q"), {})
        self.layers.append(mark.encode(x=across, y=alt.Y(f"{field}:Q", **up), **more))

    def write(
        self, rows: Sequence[Mapping[str, Any]], colour: str, *, dy: int, align: Any, dx: Any = alt.Undefined
    ) -> None:
        """The `text` of rows beside their points."""
        chart = alt.Chart(inline(rows))
        mark = chart.mark_text(color=colour, dx=dx, dy=dy, align=align, fontSize=12, fontWeight="bold")
        self.add(mark, text=alt.Text("text:N"))

    def targets(self, rows: Sequence[Mapping[str, Any]], tips: Sequence[alt.Tooltip]) -> None:
        """Diamonds for targets."""
        mark = alt.Chart(inline(rows)).mark_point(shape="diamond", color=theme.TARGET, filled=True, size=120, opacity=1)
        self.add(mark, tooltip=list(tips))


def _value_axis(title: str, lang: str, step: Any) -> alt.Axis:
    """The axis of values, its title in one line above it."""
    return alt.Axis(
        title=title,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=0,
        titleY=-14,
        tickCount=5,
        format=t("columns.axis_format", lang),
        tickMinStep=step,
    )


def _without_links(node: Any) -> Any:
    """The specification without links, which would get a base address on a network, and tips, which no still picture shows."""
    if isinstance(node, dict):
        return {key: _without_links(value) for key, value in node.items() if key not in ("href", "tooltip")}
    return [_without_links(item) for item in node] if isinstance(node, list) else node
