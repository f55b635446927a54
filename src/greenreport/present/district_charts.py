"""Districts compared on one indicator: forecasts against targets, the best first.

Everything is told as a share of the district's own target, so that large and small districts share a scale. Made from
the districts' findings; grades nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from greenreport.assess.model import Assessment, IndicatorAssessment, OutlookStep, TargetGrade
from greenreport.plan import Indicator
from greenreport.present import theme
from greenreport.present.catalog import t
from greenreport.present.charts import figure, inline, verdict_colour
from greenreport.present.columns import PERCENT
from greenreport.present.indicator_views import latest_year
from greenreport.present.narrative import prose
from greenreport.present.numbers import joined, percent, probability, spanned
from greenreport.present.show import Field, Figure, Narrative, Sheet
from greenreport.present.tables import wording_short
from greenreport.text import Text

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
    having = (r for r in standings(districts, indicator) if r.one.current is not None)
    found = [(r, r.step) for r in having if r.step is not None]
    if not found:
        return None
    up = indicator.direction == "up"
    # The best first; stable: ties stay in protocol order.
    found.sort(key=lambda x: (-1 if up else 1) * x[1].median / x[0].head.value)
    rows: list[dict[str, Any]] = []
    fields: list[tuple[Any, ...]] = []
    for r, step in found:
        now = r.share(r.one.current.value if r.one.current else None)
        low, middle, high = (x / r.head.value for x in (step.low, step.median, step.high))
        p = probability(r.head.probability, lang)
        sign = theme.VERDICT_SIGN[r.one.verdict]
        rows.append(
            {"area": r.name[lang], "low": min(low, CAP), "mid": min(middle, CAP), "high": min(high, CAP)}
            | {
                "now": None if now is None else min(now, CAP),
                "verdict": t(f"verdict_short.{r.one.verdict}", lang),
                "text": f"{sign} {p}",
            }
        )
        shares = [None if x is None else x * 100 for x in (now, middle, low, high)]
        chance = None if r.head.probability is None else r.head.probability * 100
        fields.append((r.name[lang], *shares, chance, wording_short(r.one, lang)))
    year, seen = found[0][0].head.year, latest_year(districts, indicator)
    clipped = any(step.high / r.head.value > CAP for r, step in found)
    told: dict[str, Any] = {
        "up": int(up),
        "indicator": indicator.name[lang],
        "year": year,
        "latest": seen,
        "level": percent(level, lang, 0),
    }
    caption = t("compare.ranges_caption", lang, **told)
    cut = t("compare.ranges_clipped", lang, cap=percent(CAP, lang, 0)) if clipped else ""
    cut += left_out(districts, [r.code for r, _ in found], indicator, lang)
    how = Narrative(prose([t("compare.ranges_how", lang, **told, clipped=cut)], lang))
    ends = [x for row in rows for x in (row["low"], row["high"], row["now"]) if isinstance(x, float)]
    x = alt.X(
        "low:Q",
        title=t("compare.ranges_axis", lang, year=year),
        scale=alt.Scale(domain=[min([*ends, 0.9]) - 0.03, max([*ends, 1.05]) + 0.16], nice=False, zero=False),
        axis=alt.Axis(format=".0%", tickCount=7, orient="top"),
    )
    y = alt.Y(
        "area:N",
        sort=[r["area"] for r in rows],
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=160, labelPadding=6),
    )
    tips = [
        alt.Tooltip("area:N", title=t("table.area", lang)),
        alt.Tooltip("now:Q", title=t("compare.now", lang, year=seen), format=".1%"),
        alt.Tooltip("mid:Q", title=t("compare.median", lang), format=".1%"),
        alt.Tooltip("low:Q", title=t("compare.interval", lang, level=told["level"]), format=".1%"),
        alt.Tooltip("high:Q", title=" ", format=".1%"),
        alt.Tooltip("text:N", title=t("table.probability", lang)),
    ]
    base = alt.Chart(inline(rows)).encode(y=y)
    colour = verdict_colour(lang, {r.one.verdict for r, _ in found})
    target = alt.Chart(inline([{"v": 1}])).mark_rule(color=theme.TARGET, strokeWidth=1.5).encode(x=alt.X("v:Q"))
    layers = [
        base.mark_bar(height=6).encode(x=x, x2=alt.X2("high:Q"), color=colour, tooltip=tips),
        target,
        base.mark_point(filled=True, size=46, color=theme.INK, opacity=1).encode(x=alt.X("mid:Q"), tooltip=tips),
        base.mark_point(size=42, color=theme.INK, fill="#ffffff", strokeWidth=1.4, opacity=1).encode(
            x=alt.X("now:Q"), tooltip=tips
        ),
        base.mark_text(align="left", dx=8, fontSize=11, color=theme.INK).encode(
            x=alt.X("high:Q"), text=alt.Text("text:N")
        ),
    ]
    (top, first), (bottom, last) = found[0], found[-1]

    def span(r: Standing, s: OutlookStep) -> str:
        return spanned(percent(s.low / r.head.value, lang, 0), percent(s.high / r.head.value, lang, 0), lang)

    chart = figure(
        alt.layer(*layers),
        label="fig-ranges",
        caption=caption,
        alt_text=t(
            "compare.ranges_alt",
            lang,
            **told,
            n=len(found),
            first=top.name[lang],
            first_median=percent(top.share(first.median), lang, 0),
            first_range=span(top, first),
            last=bottom.name[lang],
            last_median=percent(bottom.share(last.median), lang, 0),
            last_range=span(bottom, last),
            above=sum(s.low >= r.head.value if up else s.high <= r.head.value for r, s in found),
            below=sum(s.high < r.head.value if up else s.low > r.head.value for r, s in found),
        ),
        width=560,
        height=max(80, 17 * len(rows)),
        sheet=Sheet(
            (
                Field("area", t("table.area", lang), type="text"),
                Field("now", t("compare.now", lang, year=seen), PERCENT),
                Field("median", t("compare.median", lang), PERCENT),
                Field("low", t("columns.low", lang, what=t("compare.interval", lang, level=told["level"])), PERCENT),
                Field("high", t("columns.high", lang, what=t("compare.interval", lang, level=told["level"])), PERCENT),
                Field("probability", t("table.probability", lang), PERCENT),
                Field("verdict", t("table.verdict", lang), type="text"),
            ),
            tuple(fields),
            caption,
        ),
    )
    return how, chart
