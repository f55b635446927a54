"""Small charts of all districts on one indicator, on one scale: 100 % is the district's own target.

Made from the districts' findings; grades nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import altair as alt

from greenreport.assess.model import Assessment
from greenreport.observations import Point
from greenreport.plan import Indicator
from greenreport.present import theme
from greenreport.present.charts import annual_points, corners, figure, forecast_by_year, inline, join_by_year
from greenreport.present.columns import PERCENT, text_field
from greenreport.present.district_charts import CAP, Standing, left_out, standings
from greenreport.present.indicator_views import latest_year
from greenreport.present.messages import prose
from greenreport.present.numbers import percent, probability
from greenreport.present.show import Field, Figure, Narrative, Raw
from greenreport.present.tables import wording_short
from greenreport.words import t

__all__ = ["district_multiples"]

_COLUMNS = 6
_WIDE, _HIGH = 0.90, 0.66
"""The part of its cell that a small chart takes."""
_FLOOR = 0.96
"""Where in its cell a small chart stands."""
_STROKES = {
    "base": ("#b6bfc8", 1.0, [1, 0]),
    "target": (theme.TARGET, 0.8, [1, 0]),
    "path": (theme.PATH, 1.0, [4, 3]),
    "median": (theme.SERIES, 1.2, [1.5, 2]),
    "record": (theme.SERIES, 1.6, [1, 0]),
}


XY = tuple[float, float]


@dataclass(frozen=True)
class _Panel:
    """Where one district's chart stands in the one view that holds them all, its scale, and what it draws."""

    col: int
    row: int
    first: int
    last: int
    foot: float
    cap: float
    of: Standing
    record: Sequence[Point]

    @property
    def share_now(self) -> float:
        return self.record[-1].value / self.of.head.value

    def at(self, year: float, value: float) -> XY:
        return self._x(year), self._y(value)

    def _x(self, year: float) -> float:
        return round(self.col + _WIDE * (year - self.first) / max(1, self.last - self.first), 3)

    def _y(self, value: float) -> float:
        share = min(max(value / self.of.head.value, self.foot), self.cap)
        return round(self.row + _FLOOR - _HIGH * (share - self.foot) / (self.cap - self.foot), 3)

    def strokes(self) -> dict[str, list[XY]]:
        """Its lines, by what they stand for."""
        ends = (self._x(self.first), self._x(self.last))
        lines = {
            "base": [(x, self.row + _FLOOR) for x in ends],
            "target": [(x, self._y(self.of.head.value)) for x in ends],
            "path": [self.at(*corner) for corner in corners(self.of.one.path)],
            "record": [self.at(p.year, p.value) for p in self.record],
        }
        if steps := self.of.one.outlook.steps:
            lines["median"] = [lines["record"][-1], *(self.at(s.year, s.median) for s in steps)]
        return lines

    def band(self) -> list[XY]:
        """The outline of the forecast's range; empty where there is no forecast."""
        if not (steps := self.of.one.outlook.steps):
            return []
        start = self.at(self.record[-1].year, self.record[-1].value)
        high = [self.at(s.year, s.high) for s in reversed(steps)]
        return [start, *(self.at(s.year, s.low) for s in steps), *high, start]

    def title(self, lang: str) -> dict[str, Any]:
        """Its name, where that leads, and what is told of it on screen."""
        one, head, name = self.of.one, self.of.head, self.of.name[lang]
        return {
            "x": self._x(self.first),
            "y": self.row + 0.12,
            "name": f"{theme.VERDICT_SIGN[one.verdict]} {name}",
            "href": f"district-{self.of.code}.html",
            "area": name,
            "p": probability(head.probability, lang),
            "v": wording_short(one, lang),
            "now": percent(self.share_now, lang, 0),
        }


def _broken(lines: Iterable[Sequence[XY]], **more: str) -> list[dict[str, Any]]:
    """Lines as the rows of one mark, broken between them, so that the picture stays small."""
    rows: list[dict[str, Any]] = []
    for line in lines:
        rows += [{**more, "x": x, "y": y} for x, y in line]
        rows.append({**more, "x": 0, "y": None})
    return rows


def district_multiples(
    districts: Sequence[Assessment], indicator: Indicator, lang: str, *, level: float = 0.80
) -> tuple[Narrative, Figure] | None:
    """A small chart per district: record, required path and forecast, all on one scale of shares of the own target.

    How to read it comes before it. One view holds all panels, each shifted to its place: a grid of views could not follow the width of a screen.

    Returns:
        None where no district has a target and a record.
    """
    found = [(r, p) for r in standings(districts, indicator) if (p := annual_points(r.one))]
    if not found:
        return None
    panels = _panels(found)
    here = panels[0]
    year = latest_year(districts, indicator)
    told = {"indicator": indicator.name[lang], "year": here.of.head.year, "level": percent(level, lang, 0)}
    cut = t("compare.multiples_foot", lang, foot=percent(here.foot, lang, 0)) if here.foot else ""
    cut += left_out(districts, [r.code for r, _ in found], indicator, lang)
    how = t("compare.multiples_how", lang, **told, first=here.first, last=here.last, left_out=cut)
    keys = ("record", "path", "median", "low", "high")
    chart = figure(
        _layers(panels, year, lang),
        label="fig-multiples",
        caption=t("compare.multiples_caption", lang, **told),
        alt_text=t("compare.multiples_alt", lang, **told, latest=year, n=len(found), **_extremes(panels, lang)),
        width=640,
        height=78 * (panels[-1].row + 1),
        fields=[
            text_field("area", t("table.area", lang)),
            Field("year", t("chart.year", lang)),
            *(Field(key, t(f"chart.field.{key}", lang, level=told["level"]), PERCENT) for key in keys),
        ],
        data=[row for r, record in found for row in _data(r, record, lang)],
    )
    return Narrative(prose([how], lang)), chart


def _panels(found: Sequence[tuple[Standing, Sequence[Point]]]) -> list[_Panel]:
    first = min(record[0].year for _, record in found)
    last = max(
        y for r, record in found for y in (record[-1].year, *dict(r.one.path), *forecast_by_year(r.one, ["median"])[0])
    )
    foot, cap = _scale(found)
    return [_Panel(n % _COLUMNS, n // _COLUMNS, first, last, foot, cap, *one) for n, one in enumerate(found)]


def _extremes(panels: Sequence[_Panel], lang: str) -> dict[str, str]:
    """The best district, the worst, and what lies between."""
    shares = [(panel.share_now, panel.of.name[lang]) for panel in panels]
    told = {"middle": percent(median(share for share, _ in shares), lang, 0)}
    for which, (share, name) in (("best", max(shares)), ("worst", min(shares))):
        told |= {which: name, f"{which}_share": percent(share, lang, 0)}
    return told


def _layers(panels: Sequence[_Panel], year: int | None, lang: str) -> alt.TopLevelMixin:
    """The bands, lines and names of all panels in one view."""
    across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, _COLUMNS - 1 + _WIDE], nice=False))
    down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[panels[-1].row + 1, 0], nice=False))
    bands = [band for panel in panels if (band := panel.band())]
    strokes = [panel.strokes() for panel in panels]
    broken = [row for kind in _STROKES for row in _broken([s[kind] for s in strokes if kind in s], k=kind)]
    tips = [
        alt.Tooltip("area:N", title=t("table.area", lang)),
        alt.Tooltip("now:N", title=t("compare.now", lang, year=year)),
        alt.Tooltip("p:N", title=t("table.probability", lang)),
        alt.Tooltip("v:N", title=t("table.verdict", lang)),
    ]
    # order=False: no sorting by x, a row of data follows the one before it
    band = alt.Chart(inline(_broken(bands))).mark_line(fill=theme.BAND, strokeWidth=0, order=False)
    lines = alt.Chart(inline(broken)).mark_line(order=False)
    names = alt.Chart(inline([panel.title(lang) for panel in panels])).mark_text(
        align="left", baseline="middle", fontSize=11 if lang == "zh" else 9.5, color=theme.INK
    )
    styles: list[list[Any]] = [[look[part] for look in _STROKES.values()] for part in range(3)]
    colour, wide, dash = (alt.Scale(domain=list(_STROKES), range=style) for style in styles)
    return alt.layer(
        *([band.encode(x=across, y=down)] if bands else []),
        lines.encode(
            x=across,
            y=down,
            color=alt.Color("k:N", scale=colour, legend=None),
            strokeWidth=alt.StrokeWidth("k:O", scale=wide, legend=None),
            strokeDash=alt.StrokeDash("k:N", scale=dash, legend=None),
        ),
        names.encode(x=across, y=down, text=alt.Text("name:N"), href=alt.Href("href:N"), tooltip=tips),
    )


def _scale(found: Sequence[tuple[Standing, Sequence[Point]]]) -> tuple[float, float]:
    """The foot and the top of the scale, as shares of the target; a few districts far off do not squeeze the others.

    From zero, unless all that is drawn lies in the upper half: then from the tenth below, or the lines would be flat.
    """
    ends = []
    for r, record in found:
        drawn = [p.value for p in record] + [x for s in r.one.outlook.steps for x in (s.low, s.high)]
        ends.append((min(drawn) / r.head.value, max(drawn) / r.head.value))
    k = int(0.9 * (len(ends) - 1))
    cap = min(CAP, max(1.1, sorted(top for _, top in ends)[k]))
    least = sorted((bottom for bottom, _ in ends), reverse=True)[k]
    return (max(0.0, math.floor(min(least, 0.95) * 10) / 10) if least > cap / 2 else 0.0), cap


def _data(r: Standing, record: Sequence[Point], lang: str) -> list[tuple[Raw, ...]]:
    """The panel as data, a row a year, in per cent of the target."""
    series = ({p.year: p.value for p in record}, dict(r.one.path), *forecast_by_year(r.one, ("median", "low", "high")))
    # Four digits are more than a share of a target carries, and there are a thousand of them.
    shares = ({year: float(f"{v / r.head.value * 100:.4g}") for year, v in each.items()} for each in series)
    return [(r.name[lang], *row) for row in join_by_year(*shares)]
