"""Small charts of all districts on one indicator, on one scale: 100 % is the district's own target.

Made from the districts' findings; grades nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import altair as alt

from greenreport.assess.model import Assessment
from greenreport.observations import Point
from greenreport.plan import Indicator
from greenreport.present import theme
from greenreport.present.catalog import t
from greenreport.present.charts import corners, figure, inline
from greenreport.present.columns import PERCENT
from greenreport.present.district_charts import CAP, Standing, left_out, standings
from greenreport.present.indicator_views import latest_year
from greenreport.present.narrative import prose
from greenreport.present.numbers import percent, probability
from greenreport.present.show import Field, Figure, Narrative, Sheet
from greenreport.present.tables import wording_short

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


@dataclass(frozen=True)
class _Panel:
    """Where one district's chart stands in the one view that holds them all, and its scale."""

    col: int
    row: int
    first: int
    last: int
    foot: float
    cap: float
    unit: float

    def x(self, year: float) -> float:
        return round(self.col + _WIDE * (year - self.first) / max(1, self.last - self.first), 3)

    def y(self, value: float) -> float:
        share = min(max(value / self.unit, self.foot), self.cap)
        return round(self.row + _FLOOR - _HIGH * (share - self.foot) / (self.cap - self.foot), 3)


def _broken(lines: Sequence[Sequence[tuple[float, float]]], **more: str) -> list[dict[str, Any]]:
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
    found = [(r, p) for r in standings(districts, indicator) if (p := [x for x in r.one.points if x.months == 12])]
    if not found:
        return None
    first = min(record[0].year for _, record in found)
    last = max(y for r, record in found for y in _years(r, record))
    foot, cap = _scale(found)
    year = latest_year(districts, indicator)
    strokes: dict[str, list[list[tuple[float, float]]]] = {kind: [] for kind in _STROKES}
    bands: list[list[tuple[float, float]]] = []
    titles: list[dict[str, Any]] = []
    data: list[tuple[Any, ...]] = []
    for n, (r, record) in enumerate(found):
        here = _Panel(n % _COLUMNS, n // _COLUMNS, first, last, foot, cap, r.head.value)
        ends = (here.x(first), here.x(last))
        titles.append(
            {"x": ends[0], "y": here.row + 0.12, "name": f"{theme.VERDICT_SIGN[r.one.verdict]} {r.name[lang]}"}
            | {"href": f"district-{r.code}.html", "area": r.name[lang], "p": probability(r.head.probability, lang)}
            | {"v": wording_short(r.one, lang), "now": percent(r.share(record[-1].value), lang, 0)}
        )
        strokes["base"].append([(x, here.row + _FLOOR) for x in ends])
        strokes["target"].append([(x, here.y(r.head.value)) for x in ends])
        strokes["path"].append([(here.x(y), here.y(v)) for y, v in corners(r.one.path)])
        strokes["record"].append([(here.x(p.year), here.y(p.value)) for p in record])
        if steps := r.one.outlook.steps:
            start = (here.x(record[-1].year), here.y(record[-1].value))
            strokes["median"].append([start, *((here.x(s.year), here.y(s.median)) for s in steps)])
            low = [(here.x(s.year), here.y(s.low)) for s in steps]
            high = [(here.x(s.year), here.y(s.high)) for s in steps]
            bands.append([start, *low, *reversed(high), start])
        data += _data(r, record, lang)
    rows = (len(found) - 1) // _COLUMNS + 1
    across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, _COLUMNS - 1 + _WIDE], nice=False))
    down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[rows, 0], nice=False))
    tips = [
        alt.Tooltip("area:N", title=t("table.area", lang)),
        alt.Tooltip("now:N", title=t("compare.now", lang, year=year)),
        alt.Tooltip("p:N", title=t("table.probability", lang)),
        alt.Tooltip("v:N", title=t("table.verdict", lang)),
    ]
    # order=False: no sorting by x, a row of data follows the one before it
    band = alt.Chart(inline(_broken(bands))).mark_line(fill=theme.BAND, strokeWidth=0, order=False)
    lines = alt.Chart(inline([row for kind, each in strokes.items() for row in _broken(each, k=kind)])).mark_line(
        order=False
    )
    names = alt.Chart(inline(titles)).mark_text(
        align="left", baseline="middle", fontSize=11 if lang == "zh" else 9.5, color=theme.INK
    )
    styles: list[list[Any]] = [[look[part] for look in _STROKES.values()] for part in range(3)]
    colour, wide, dash = (alt.Scale(domain=list(_STROKES), range=style) for style in styles)
    layers = [
        *([band.encode(x=across, y=down)] if bands else []),
        lines.encode(
            x=across,
            y=down,
            color=alt.Color("k:N", scale=colour, legend=None),
            strokeWidth=alt.StrokeWidth("k:O", scale=wide, legend=None),
            strokeDash=alt.StrokeDash("k:N", scale=dash, legend=None),
        ),
        names.encode(x=across, y=down, text=alt.Text("name:N"), href=alt.Href("href:N"), tooltip=tips),
    ]
    shares = [(r.share(p[-1].value) or 0.0, r.name[lang]) for r, p in found]
    (best_share, best), (worst_share, worst) = max(shares), min(shares)
    told = {"indicator": indicator.name[lang], "year": found[0][0].head.year, "level": percent(level, lang, 0)}
    caption = t("compare.multiples_caption", lang, **told)
    cut = t("compare.multiples_foot", lang, foot=percent(foot, lang, 0)) if foot else ""
    cut += left_out(districts, [r.code for r, _ in found], indicator, lang)
    how = Narrative(prose([t("compare.multiples_how", lang, **told, first=first, last=last, left_out=cut)], lang))
    chart = figure(
        alt.layer(*layers),
        label="fig-multiples",
        caption=caption,
        alt_text=t(
            "compare.multiples_alt",
            lang,
            **told,
            n=len(found),
            latest=year,
            middle=percent(median(s for s, _ in shares), lang, 0),
            best=best,
            best_share=percent(best_share, lang, 0),
            worst=worst,
            worst_share=percent(worst_share, lang, 0),
        ),
        width=640,
        height=78 * rows,
        sheet=Sheet(
            (
                Field("area", t("table.area", lang), type="text"),
                Field("year", t("chart.year", lang)),
                *(
                    Field(key, t(f"chart.field.{key}", lang, level=told["level"]), PERCENT)
                    for key in ("record", "path", "median", "low", "high")
                ),
            ),
            tuple(data),
            caption,
        ),
    )
    return how, chart


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


def _years(r: Standing, record: Sequence[Point]) -> list[int]:
    return sorted({*(p.year for p in record), *(y for y, _ in r.one.path), *(s.year for s in r.one.outlook.steps)})


def _data(r: Standing, record: Sequence[Point], lang: str) -> list[tuple[Any, ...]]:
    """The panel as data, a row a year, in per cent of the target."""
    seen, path, steps = {p.year: p.value for p in record}, dict(r.one.path), {s.year: s for s in r.one.outlook.steps}
    out = []
    for year in _years(r, record):
        step = steps.get(year)
        values = (seen.get(year), path.get(year), *((step.median, step.low, step.high) if step else (None,) * 3))
        # Four digits are more than a share of a target carries, and there are a thousand of them.
        shares = [None if v is None else float(f"{v / r.head.value * 100:.4g}") for v in values]
        out.append((r.name[lang], year, *shares))
    return out
