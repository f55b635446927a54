"""Districts compared on one indicator: forecasts against targets, the best first.

Everything is told as a share of the district's own target, so that large and small districts share a scale. Made from
the districts' findings; grades nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from greenreport.assess.model import Assessment, IndicatorAssessment, OutlookStep, TargetGrade
from greenreport.plan import Indicator
from greenreport.present import theme
from greenreport.present.charts import (
    category_axis,
    clip,
    figure,
    inline,
    percents,
    share_axis,
    target_line,
    verdict_colour,
)
from greenreport.present.columns import PERCENT, text_field
from greenreport.present.indicator_views import latest_year
from greenreport.present.messages import prose
from greenreport.present.numbers import joined, percent, probability, spanned
from greenreport.present.show import Field, Figure, Narrative
from greenreport.present.tables import wording_short
from greenreport.text import Text
from greenreport.words import t

__all__ = ["CAP", "Standing", "district_ranges", "left_out", "standings"]

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

    def share(self, value: float | None) -> float | None:
        """A ledger value as a share of the target."""
        return None if value is None else value / self.head.value


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

    How to read it comes before it.

    Returns:
        None where no district has both a target and a forecast.
    """
    found = [ahead for one in standings(districts, indicator) if (ahead := _Ahead.of(one)) is not None]
    if not found:
        return None
    up = indicator.direction == "up"
    # The best first; stable: ties stay in protocol order.
    found.sort(key=lambda a: -a.mid if up else a.mid)
    told: dict[str, Any] = {
        "up": int(up),
        "indicator": indicator.name[lang],
        "year": found[0].head.year,
        "latest": latest_year(districts, indicator),
        "level": percent(level, lang, 0),
    }
    cut = t("compare.ranges_clipped", lang, cap=percent(CAP, lang, 0)) if any(a.high > CAP for a in found) else ""
    cut += left_out(districts, [a.code for a in found], indicator, lang)
    how = Narrative(prose([t("compare.ranges_how", lang, **told, clipped=cut)], lang))
    heads = _heads(told, lang)
    chart = figure(
        _layers(found, heads, told["year"], lang),
        label="fig-ranges",
        caption=t("compare.ranges_caption", lang, **told),
        alt_text=t("compare.ranges_alt", lang, **told, **_extremes(found, lang, up=up), n=len(found)),
        width=560,
        height=max(80, 17 * len(found)),
        fields=[
            text_field("area", heads["area"]),
            Field("now", heads["now"], PERCENT),
            Field("median", heads["mid"], PERCENT),
            Field("low", t("columns.low", lang, what=heads["range"]), PERCENT),
            Field("high", t("columns.high", lang, what=heads["range"]), PERCENT),
            Field("probability", heads["probability"], PERCENT),
            text_field("verdict", t("table.verdict", lang)),
        ],
        data=[
            (a.name[lang], *percents(a.now, a.mid, a.low, a.high, a.head.probability), wording_short(a.one, lang))
            for a in found
        ],
    )
    return how, chart


def _extremes(found: Sequence[_Ahead], lang: str, *, up: bool) -> dict[str, str | int]:
    """The best and the last of the districts, and how many lie beyond their target, or short of it, range and all."""
    told: dict[str, str | int] = {}
    for which, a in (("first", found[0]), ("last", found[-1])):
        span = spanned(percent(a.low, lang, 0), percent(a.high, lang, 0), lang)
        told |= {which: a.name[lang], f"{which}_median": percent(a.mid, lang, 0), f"{which}_range": span}
    if up:
        return told | {"above": sum(a.low >= 1 for a in found), "below": sum(a.high < 1 for a in found)}
    return told | {"above": sum(a.high <= 1 for a in found), "below": sum(a.low > 1 for a in found)}


@dataclass(frozen=True)
class _Ahead:
    """A district's latest figure and its forecast for the target year, as shares of its target."""

    code: str
    name: Text
    one: IndicatorAssessment
    head: TargetGrade
    now: float
    low: float
    mid: float
    high: float

    @classmethod
    def of(cls, of: Standing) -> _Ahead | None:
        """None where there is no figure or no forecast."""
        current, step = of.one.current, of.step
        if current is None or step is None:
            return None
        shares = (value / of.head.value for value in (current.value, step.low, step.median, step.high))
        return cls(of.code, of.name, of.one, of.head, *shares)


def _heads(told: Mapping[str, Any], lang: str) -> dict[str, str]:
    """What the chart, its tips and its data call what they show."""
    return {
        "area": t("table.area", lang),
        "now": t("compare.now", lang, year=told["latest"]),
        "mid": t("compare.median", lang),
        "range": t("compare.interval", lang, level=told["level"]),
        "probability": t("table.probability", lang),
    }


def _layers(found: Sequence[_Ahead], heads: Mapping[str, str], year: int, lang: str) -> alt.TopLevelMixin:
    rows: list[dict[str, Any]] = [
        {"area": a.name[lang]}
        | {key: clip(getattr(a, key), CAP) for key in ("low", "mid", "high", "now")}
        | {
            "verdict": t(f"verdict_short.{a.one.verdict}", lang),
            "text": f"{theme.VERDICT_SIGN[a.one.verdict]} {probability(a.head.probability, lang)}",
        }
        for a in found
    ]
    ends = [row[key] for row in rows for key in ("low", "high", "now")]
    x = share_axis("low:Q", t("compare.ranges_axis", lang, year=year), ends, room=0.16)
    tips = [
        alt.Tooltip("area:N", title=heads["area"]),
        alt.Tooltip("now:Q", title=heads["now"], format=".1%"),
        alt.Tooltip("mid:Q", title=heads["mid"], format=".1%"),
        alt.Tooltip("low:Q", title=heads["range"], format=".1%"),
        alt.Tooltip("high:Q", title=" ", format=".1%"),
        alt.Tooltip("text:N", title=heads["probability"]),
    ]
    base = alt.Chart(inline(rows)).encode(y=category_axis("area:N", [row["area"] for row in rows], room=160))
    colour = verdict_colour(lang, {a.one.verdict for a in found})
    dot = base.mark_point(size=42, color=theme.INK, fill="#ffffff", strokeWidth=1.4, opacity=1)
    middle = base.mark_point(filled=True, size=46, color=theme.INK, opacity=1)
    text = base.mark_text(align="left", dx=8, fontSize=11, color=theme.INK)
    return alt.layer(
        base.mark_bar(height=6).encode(x=x, x2=alt.X2("high:Q"), color=colour, tooltip=tips),
        target_line(),
        middle.encode(x=alt.X("mid:Q"), tooltip=tips),
        dot.encode(x=alt.X("now:Q"), tooltip=tips),
        text.encode(x=alt.X("high:Q"), text=alt.Text("text:N")),
    )
