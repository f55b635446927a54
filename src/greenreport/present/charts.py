"""What every chart shares: setting an Altair specification as a figure, and writing its data.

Each chart is one Altair specification with two lives, interactive on screen and a still picture in print, and a
written alternative that says what it shows. Field names are plain ASCII without dots, because Vega-Lite reads a dot
as a path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from greenreport import stills
from greenreport.present import theme
from greenreport.present.show import Figure, Sheet

__all__ = ["figure", "inline"]

_VL_VERSION = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


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
    # Tests hold every specification to the schema; doing it on every page would take half of a chart's time.
    spec: dict[str, Any] = chart.to_dict(validate=False, context={"pre_transform": False})
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


def inline(rows: Sequence[Mapping[str, Any]]) -> alt.Data:
    """Rows as the inline data of a chart, written as CSV: a third of the size of a list of objects.

    Figures are cut to six significant digits, which is more than a pixel; the figures for download are elsewhere.
    """
    fields = list(dict.fromkeys(key for row in rows for key in row))
    lines = [fields] + [[_cell(row.get(key)) for key in fields] for row in rows]
    text = "\n".join(",".join(line) for line in lines)
    return alt.Data(values=text, format=alt.CsvDataFormat(type="csv"))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n\r') else text


def _without_links(node: Any) -> Any:
    """The specification without link channels: a still picture's relative links would get a base address on a network."""
    if isinstance(node, dict):
        return {key: _without_links(value) for key, value in node.items() if key != "href"}
    return [_without_links(item) for item in node] if isinstance(node, list) else node
