"""All indicators of an area at a glance: a table of verdicts, and a bullet for each.

Made from one assessment; grades nothing.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.observations import Point
from greenreport.plan import Indicator, Plan
from greenreport.present import theme
from greenreport.present.aims import standing
from greenreport.present.catalog import t
from greenreport.present.charts import figure, inline
from greenreport.present.columns import (
    PERCENT,
    raw,
    share_bar,
    share_cell,
    share_column,
    text_field,
    year_cell,
    year_column,
)
from greenreport.present.evidence_words import strength_short
from greenreport.present.narrative import prose
from greenreport.present.numbers import bracketed, percent, quantity, spanned, unit_header
from greenreport.present.record_words import said_cell
from greenreport.present.show import Field, Figure, Narrative, Sheet, Table
from greenreport.present.tables import any_strength, head_mark, standing_words, strength_column, when_words
from greenreport.present.tabulate import Column, Mark, table

__all__ = ["bullets", "scoreboard"]

_LEAST, _MOST = -0.25, 2.0
"""Shares of a planned change beyond these are cut off."""


def scoreboard(assessment: Assessment, plan: Plan, lang: str, *, start: bool = False, link: bool = True) -> Table:
    """Every indicator's verdict, completion against the time elapsed, and the probability of its target.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.
        start: whether the site's start page shows it too.
        link: whether names lead to the pages of the indicators.
    """
    columns = [
        Column("indicator", t("table.indicator", lang), width=5),
        Column("verdict", t("scoreboard.verdict", lang), width=4),
        *([strength_column(lang)] if any_strength(assessment.indicators) else []),
        Column(
            "latest",
            t("scoreboard.latest", lang),
            "right",
            3,
            (Field("latest", t("scoreboard.latest", lang)), text_field("unit", t("table.unit", lang))),
        ),
        year_column("year", t("table.year", lang)),
        share_column("completion", t("table.completion", lang), lang, width=3),
        share_column("time", t("table.time_share", lang), lang),
        year_column("target_year", t("scoreboard.target_year", lang)),
        share_column("probability", t("table.probability", lang), lang),
        Column("likelihood", t("scoreboard.likelihood", lang), width=3),
    ]
    rows: list[dict[str, str | Mark]] = []
    dash = t("number.missing", lang)
    for indicator, one in _pairs(assessment, plan):
        head, current = one.head, standing(one, indicator) or one.current
        name = html.escape(indicator.short[lang])
        page = f"indicator-{html.escape(indicator.id.replace('_', '-'))}.html"
        rows.append(
            {
                "indicator": Mark(indicator.short[lang], f'<a href="{page}">{name}</a>' if link else None),
                "verdict": head_mark(one, lang),
                "strength": strength_short(head, lang),
                "latest": Mark(
                    quantity(current.value, indicator.unit, lang),
                    raw=(raw(current.value, indicator.unit, lang), unit_header(indicator.unit, lang)),
                )
                if current
                else Mark(dash, raw=(None, None)),
                "year": _when(current, lang),
                "completion": share_bar(head.completion, lang, mark=head.time_share)
                if head
                else share_cell(None, lang),
                "time": share_cell(head.time_share if head else None, lang),
                "target_year": year_cell(head.year if head else None, lang),
                "probability": said_cell(head.probability if head else None, lang),
                "likelihood": t(f"likelihood_short.{head.likelihood}", lang) if head and head.likelihood else dash,
            }
        )
    notes = [t("scoreboard.link_note" if link else "scoreboard.note", lang)]
    if any(standing(one, i) is not None for i, one in _pairs(assessment, plan)):
        notes.append(t("scoreboard.standing_note", lang))
    if any_strength(assessment.indicators):
        notes.append(t("strength_note", lang))
    return table(
        columns,
        rows,
        label="tbl-scoreboard",
        caption=t("scoreboard.caption", lang, area=assessment.area_name[lang]),
        notes=notes,
        start=start,
    )


def _when(point: Point | None, lang: str) -> Mark:
    """The year of the latest figure; the month too where a count is told as it stands in the year."""
    if point is None:
        return year_cell(None, lang)
    words = when_words(point, lang) if point.months == 12 else standing_words(point.year, point.months, lang)
    return Mark(words, raw=(point.year,))


@dataclass(frozen=True)
class _Bullet:
    """One indicator in shares of its planned change; None where undefined."""

    completion: float | None
    required: float | None
    low: float | None
    median: float | None
    high: float | None


def _bullet(one: IndicatorAssessment) -> _Bullet:
    head, base = one.head, one.baseline_value
    if head is None or base is None or head.value == base:
        return _Bullet(None, None, None, None, None)
    step = one.outlook.in_year(head.year)
    if head.completion is None and not (step and one.outlook.orientation):
        return _Bullet(None, None, None, None, None)

    def share(value: float | None) -> float | None:
        return None if value is None or base is None else (value - base) / (head.value - base)

    ends = (step.low, step.median, step.high) if step else (None, None, None)
    required = None if head.completion is None else share(head.required_now)
    return _Bullet(head.completion, required, *(share(x) for x in ends))


@debug_mode(False)  # parts are not held to the schema one by one: tests do that to the whole
def bullets(assessment: Assessment, plan: Plan, lang: str, *, start: bool = False) -> tuple[Narrative, Figure] | None:
    """A bullet per indicator: what is done, what the schedule asks, where the forecast leads, all against the target.

    Returns:
        How to read the chart, and the chart; None where no indicator has a completion or a forecast for orientation.
    """
    found = [(i, one, _bullet(one)) for i, one in _pairs(assessment, plan)]
    if all(b.completion is None and b.median is None for _, _, b in found):
        return None
    rows: list[dict[str, Any]] = []
    data: list[tuple[Any, ...]] = []
    clipped = False
    for i, one, b in found:
        shares = (b.completion, b.required, b.low, b.median, b.high)
        clipped |= any(s is not None and not _LEAST <= s <= _MOST for s in shares)
        done, required, low, middle, high = (None if s is None else min(max(s, _LEAST), _MOST) for s in shares)
        bare = b.completion is None and b.median is not None
        said = t("orientation.mark", lang) if bare else percent(b.completion, lang, 0)
        text = f"{theme.VERDICT_SIGN[one.verdict]} {said}"
        rows.append(
            {
                "name": i.short[lang],
                "zero": 0.0,
                "done": done,
                "need": required,
                "low": low,
                "mid": middle,
                "high": high,
            }
            | {"text": text, "end": max(s for s in (0.0, done, high) if s is not None)}
            | {"told": percent(b.completion, lang), "ask": percent(b.required, lang), "ahead": _span(b, lang)}
        )
        data.append((i.name[lang], *(None if s is None else s * 100 for s in shares)))
    ends = [r[k] for r in rows for k in ("done", "low", "high") if r[k] is not None]
    x = alt.X(
        "zero:Q",
        title=t("scoreboard.bullets_axis", lang),
        scale=alt.Scale(domain=[min([0.0, *ends]), max([1.05, *ends]) + 0.22], nice=False),
        axis=alt.Axis(format=".0%", tickCount=6),
    )
    names = [r["name"] for r in rows]
    y = alt.Y(
        "name:N", sort=names, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=200, labelPadding=6)
    )
    tips = [
        alt.Tooltip("name:N", title=t("table.indicator", lang)),
        alt.Tooltip("told:N", title=t("scoreboard.completion", lang)),
        alt.Tooltip("ask:N", title=t("scoreboard.required", lang)),
        alt.Tooltip("ahead:N", title=t("scoreboard.forecast", lang)),
    ]
    base = alt.Chart(inline(rows)).encode(y=y, tooltip=tips)
    goal = alt.Chart(inline([{"v": 1}])).mark_rule(color=theme.TARGET, strokeWidth=1.5).encode(x=alt.X("v:Q"))
    layers = [
        base.mark_bar(color=theme.BAND, height=22).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        base.mark_bar(color=theme.SERIES, height=9).encode(x=x, x2=alt.X2("done:Q")),
        goal,
        base.mark_tick(color=theme.INK, thickness=2.5, size=22).encode(x=alt.X("need:Q")),
        base.mark_point(color="#ffffff", fill=theme.SERIES, size=64, strokeWidth=1.5, opacity=1).encode(
            x=alt.X("mid:Q")
        ),
        base.mark_text(align="left", dx=8, fontSize=12, color=theme.INK).encode(
            x=alt.X("end:Q"), text=alt.Text("text:N")
        ),
    ]
    told = {"area": assessment.area_name[lang], "level": percent(assessment.options.level, lang, 0)}
    caption = t("scoreboard.bullets_caption", lang, **told)
    blank = any(b.completion is None and b.median is not None for _, _, b in found)
    cut = t("scoreboard.bullets_blank", lang) if blank else ""
    cut += t("scoreboard.bullets_clipped", lang) if clipped else ""
    how = Narrative(prose([t("scoreboard.bullets_how", lang, **told, clipped=cut)], lang))
    keys = ("completion", "required")
    span = t("scoreboard.forecast", lang)
    chart = figure(
        layers,
        label="fig-bullets",
        caption=caption,
        alt_text=t("scoreboard.bullets_alt", lang, rows="".join(_told(i, b, lang) for i, _, b in found)).strip(),
        width=520,
        height=40 * len(rows),
        sheet=Sheet(
            (
                text_field("indicator", t("table.indicator", lang)),
                *(Field(k, t(f"scoreboard.{k}", lang), PERCENT) for k in keys),
                Field("low", t("columns.low", lang, what=span), PERCENT),
                Field("median", span, PERCENT),
                Field("high", t("columns.high", lang, what=span), PERCENT),
            ),
            tuple(data),
            caption,
        ),
        start=start,
    )
    return how, chart


def _span(b: _Bullet, lang: str) -> str:
    if b.median is None:
        return t("number.missing", lang)
    inside = spanned(percent(b.low, lang, 0), percent(b.high, lang, 0), lang)
    return percent(b.median, lang, 0) + bracketed(inside, lang)


def _told(indicator: Indicator, b: _Bullet, lang: str) -> str:
    name = indicator.short[lang]
    if b.completion is None and b.median is None:
        return t("scoreboard.bullets_row_none", lang, indicator=name)
    told = {k: percent(getattr(b, k), lang, 0) for k in ("completion", "required", "low", "median", "high")}
    if b.median is None:
        return t(
            "scoreboard.bullets_row_bare",
            lang,
            indicator=name,
            completion=told["completion"],
            required=told["required"],
        )
    if b.completion is None:
        return t("scoreboard.bullets_row_blank", lang, indicator=name, **told)
    return t("scoreboard.bullets_row", lang, indicator=name, **told)


def _pairs(assessment: Assessment, plan: Plan) -> list[tuple[Indicator, IndicatorAssessment]]:
    return [(plan.indicator(one.id), one) for one in assessment.indicators]
