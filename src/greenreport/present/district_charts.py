"""Districts compared on one indicator: forecasts against targets, the best first.

Everything is told as a share of the district's own target, so that large and small districts share a scale. Made from
the districts' findings; grades nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import altair as alt

from greenreport.assess.model import Assessment, IndicatorAssessment, OutlookStep, TargetGrade
from greenreport.observations import Point
from greenreport.plan import Indicator
from greenreport.present import theme
from greenreport.present.charts import (
    annual_points,
    category_axis,
    clip,
    corners,
    figure,
    forecast_by_year,
    inline,
    join_by_year,
    percents,
    share_axis,
    sheet_fields,
    target_line,
    tips,
    verdict_colour,
)
from greenreport.present.indicator_views import latest_year
from greenreport.present.messages import Message, prose
from greenreport.present.numbers import joined, percent, probability, spanned
from greenreport.present.show import Figure, Narrative, Raw
from greenreport.present.tables import wording_short
from greenreport.text import Text
from greenreport.words import t

NAMED = 5
"""At most so many districts are named in a sentence on what a chart leaves out."""
CAP = 2.0
"""Shares of a target beyond this are cut off: one district far ahead must not squeeze the others."""


@dataclass(frozen=True)
class Standing:
    """A district that has a target: its findings, and what turns a value into a share of the target."""

    code: str
    name: Text
    one: IndicatorAssessment
    head: TargetGrade
    step: OutlookStep | None

    def shares(self) -> dict[str, float]:
        """The latest figure and the forecast as shares of the target; empty where there is no figure or no forecast."""
        if self.one.current is None or self.step is None:
            return {}
        known = {"now": self.one.current.value, "low": self.step.low, "mid": self.step.median, "high": self.step.high}
        return {key: value / self.head.value for key, value in known.items()}


def standings(districts: Sequence[Assessment], indicator: Indicator) -> list[Standing]:
    """The districts that have a target above zero, in protocol order."""
    found = []
    for d in districts:
        one = d.indicator(indicator.id)
        if one.head is not None and one.head.value > 0:
            found.append(Standing(d.area, d.area_short, one, one.head, one.outlook.in_year(one.head.year)))
    return found


def left_out(districts: Sequence[Assessment], shown: Sequence[str], indicator: Indicator, lang: str) -> str:
    """That a chart does not show some districts whom the indicator concerns, by name where they are few."""
    without = [d for d in districts if d.area not in shown and not d.indicator(indicator.id).elsewhere]
    if not without:
        return ""
    if len(without) > NAMED:
        return t("compare.left_out_many", lang, n=len(without))
    return t("compare.left_out", lang, names=joined([d.area_short[lang] for d in without], lang))


def district_ranges(
    districts: Sequence[Assessment], indicator: Indicator, lang: str, *, level: float = 0.80
) -> tuple[Narrative, Figure] | None:
    """Each district's forecast for the target year as a share of its target, with its range, the highest first.

    Args:
        districts: the districts' findings.
        indicator: the indicator.
        lang: language.
        level: of the ranges.

    Returns:
        How to read the chart, and the chart; None where no district has both a target and a forecast.
    """
    found = [(one, shares) for one in standings(districts, indicator) if (shares := one.shares())]
    if not found:
        return None
    up = indicator.direction == "up"
    # The best first; stable: ties stay in protocol order.
    found.sort(key=lambda each: -each[1]["mid"] if up else each[1]["mid"])
    told: dict[str, Any] = {
        "up": int(up),
        "indicator": indicator.name[lang],
        "year": found[0][0].head.year,
        "latest": latest_year(districts, indicator),
        "level": percent(level, lang, 0),
    }
    cut = t("compare.ranges_clipped", lang, cap=percent(CAP, lang, 0)) if any(s["high"] > CAP for _, s in found) else ""
    cut += left_out(districts, [one.code for one, _ in found], indicator, lang)
    how = Narrative(prose([t("compare.ranges_how", lang, **told, clipped=cut)], lang))
    interval = Message("compare.interval", level=told["level"])
    heads = {"now": Message("compare.now", year=told["latest"]), "range": interval}
    keys = ("now", "mid", "low", "high")
    chart = figure(
        _range_layers(found, heads, told["year"], lang),
        label="fig-ranges",
        caption=t("compare.ranges_caption", lang, **told),
        alt_text=t("compare.ranges_alt", lang, **told, **_best_and_last(found, lang, up=up), n=len(found)),
        width=560,
        height=max(80, 17 * len(found)),
        fields=sheet_fields(
            lang,
            {"area:text": "table.area", "now:%": heads["now"], "median:%": "compare.median"}
            | {f"{end}:%": Message(f"columns.{end}", what=heads["range"]) for end in ("low", "high")}
            | {"probability:%": "table.probability", "verdict:text": "table.verdict"},
        ),
        data=[
            (r.name[lang], *percents(*(s[key] for key in keys), r.head.probability), wording_short(r.one, lang))
            for r, s in found
        ],
    )
    return how, chart


_Found = Sequence[tuple[Standing, Mapping[str, float]]]
"""Districts, each with its shares of its target."""


def _best_and_last(found: _Found, lang: str, *, up: bool) -> dict[str, str | int]:
    """The best and the last of the districts, and how many lie beyond their target, or short of it, range and all."""
    told: dict[str, str | int] = {}
    for which, (one, shares) in (("first", found[0]), ("last", found[-1])):
        low, mid, high = (percent(shares[key], lang, 0) for key in ("low", "mid", "high"))
        told |= {which: one.name[lang], f"{which}_median": mid, f"{which}_range": spanned(low, high, lang)}
    if up:
        return told | {"above": sum(s["low"] >= 1 for _, s in found), "below": sum(s["high"] < 1 for _, s in found)}
    return told | {"above": sum(s["high"] <= 1 for _, s in found), "below": sum(s["low"] > 1 for _, s in found)}


def _range_layers(found: _Found, heads: Mapping[str, Message], year: int, lang: str) -> alt.TopLevelMixin:
    rows: list[dict[str, Any]] = [
        {"area": r.name[lang]}
        | {key: clip(shares[key], CAP) for key in ("low", "mid", "high", "now")}
        | {
            "verdict": t(f"verdict_short.{r.one.verdict}", lang),
            "text": f"{theme.VERDICT_SIGN[r.one.verdict]} {probability(r.head.probability, lang)}",
        }
        for r, shares in found
    ]
    ends = [row[key] for row in rows for key in ("low", "high", "now")]
    x = share_axis("low:Q", t("compare.ranges_axis", lang, year=year), ends, room=0.16)
    shares = {"now:Q:.1%": heads["now"], "mid:Q:.1%": "compare.median", "low:Q:.1%": heads["range"]}
    told = tips(lang, {"area:N": "table.area", **shares, "text:N": "table.probability"})
    told.insert(-1, alt.Tooltip("high:Q", title=" ", format=".1%"))
    base = alt.Chart(inline(rows)).encode(y=category_axis("area:N", [row["area"] for row in rows], room=160))
    colour = verdict_colour(lang, {r.one.verdict for r, _ in found})
    dot = base.mark_point(size=42, color=theme.INK, fill="#ffffff", strokeWidth=1.4, opacity=1)
    middle = base.mark_point(filled=True, size=46, color=theme.INK, opacity=1)
    text = base.mark_text(align="left", dx=8, fontSize=11, color=theme.INK)
    return alt.layer(
        base.mark_bar(height=6).encode(x=x, x2=alt.X2("high:Q"), color=colour, tooltip=told),
        target_line(),
        middle.encode(x=alt.X("mid:Q"), tooltip=told),
        dot.encode(x=alt.X("now:Q"), tooltip=told),
        text.encode(x=alt.X("high:Q"), text=alt.Text("text:N")),
    )


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

    One view holds all panels, each shifted to its place: a grid of views could not follow the width of a screen.

    Args:
        districts: the districts' findings.
        indicator: the indicator.
        lang: language.
        level: of the ranges.

    Returns:
        How to read the chart, and the chart; None where no district has a target and a record.
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
        _panel_layers(panels, year, lang),
        label="fig-multiples",
        caption=t("compare.multiples_caption", lang, **told),
        alt_text=t("compare.multiples_alt", lang, **told, latest=year, n=len(found), **_best_and_worst(panels, lang)),
        width=640,
        height=78 * (panels[-1].row + 1),
        fields=sheet_fields(
            lang,
            {"area:text": "table.area", "year": "chart.year"}
            | {f"{key}:%": Message(f"chart.field.{key}", level=told["level"]) for key in keys},
        ),
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


def _best_and_worst(panels: Sequence[_Panel], lang: str) -> dict[str, str]:
    """The best district, the worst, and what lies between."""
    shares = [(panel.share_now, panel.of.name[lang]) for panel in panels]
    told = {"middle": percent(median(share for share, _ in shares), lang, 0)}
    for which, (share, name) in (("best", max(shares)), ("worst", min(shares))):
        told |= {which: name, f"{which}_share": percent(share, lang, 0)}
    return told


def _panel_layers(panels: Sequence[_Panel], year: int | None, lang: str) -> alt.TopLevelMixin:
    """The bands, lines and names of all panels in one view."""
    across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, _COLUMNS - 1 + _WIDE], nice=False))
    down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[panels[-1].row + 1, 0], nice=False))
    bands = [band for panel in panels if (band := panel.band())]
    strokes = [panel.strokes() for panel in panels]
    broken = [row for kind in _STROKES for row in _broken([s[kind] for s in strokes if kind in s], k=kind)]
    now = Message("compare.now", year=year)
    told = tips(lang, {"area:N": "table.area", "now:N": now, "p:N": "table.probability", "v:N": "table.verdict"})
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
        names.encode(x=across, y=down, text=alt.Text("name:N"), href=alt.Href("href:N"), tooltip=told),
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
