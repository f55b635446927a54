"""All indicators of an area at a glance: a table of verdicts, and a bullet for each.

Made from one assessment; grades nothing.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.observations import Point
from greenreport.plan import Indicator, Plan
from greenreport.present import theme
from greenreport.present.charts import category_axis, clip, figure, inline, percents, sheet_fields, target_line, tips
from greenreport.present.columns import Columns, missing_cell, raw, text_field, year_cell
from greenreport.present.evidence_words import said_cell
from greenreport.present.messages import Message, prose
from greenreport.present.numbers import bracketed, percent, quantity, spanned, unit_header
from greenreport.present.paces import standing
from greenreport.present.show import Field, Figure, Narrative, Table
from greenreport.present.tables import (
    Pair,
    add_strength,
    any_strength,
    completion_bar,
    head_mark,
    pairs,
    standing_words,
    when_words,
)
from greenreport.present.tabulate import Mark
from greenreport.words import t

_LEAST, _MOST = -0.25, 2.0
"""Shares of a planned change beyond these are cut off."""


def scoreboard(assessment: Assessment, plan: Plan, lang: str, *, start: bool = False) -> Table:
    """Every indicator's verdict, completion against the time elapsed, and the probability of its target.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.
        start: whether the site's start page shows it too.

    Returns:
        A table with a row for each indicator.
    """
    dash = t("number.missing", lang)
    columns = Columns[Pair](lang, "scoreboard")
    columns.text("indicator", lambda r: _name(r.indicator, lang), t("table.indicator", lang), width=5)
    columns.text("verdict", lambda r: head_mark(r.one, lang), width=4)
    add_strength(columns, assessment.indicators, lambda r: r.head)
    latest = t("scoreboard.latest", lang)
    fields = (Field("latest", latest), text_field("unit", t("table.unit", lang)))
    columns.text("latest", lambda r: _latest(r, lang), latest, align="right", width=3, fields=fields)
    columns.figure("year", lambda r: _when(_current(r), lang), t("table.year", lang), width=2)
    columns.share("completion", lambda r: completion_bar(r.head, lang), t("table.completion", lang), width=3)
    columns.share("time", lambda r: r.head.time_share if r.head else None, t("table.time_share", lang))
    columns.year("target_year", lambda r: r.head.year if r.head else None)
    columns.share("probability", lambda r: said_cell(r.head, lang), t("table.probability", lang))
    columns.text(
        "likelihood",
        lambda r: t(f"likelihood_short.{r.head.likelihood}", lang) if r.head and r.head.likelihood else dash,
        width=3,
    )
    notes = [t("scoreboard.link_note", lang)]
    if any(standing(one, i) is not None for i, one in pairs(assessment, plan)):
        notes.append(t("scoreboard.standing_note", lang))
    if any_strength(assessment.indicators):
        notes.append(t("strength_note", lang))
    caption = t("scoreboard.caption", lang, area=assessment.area_name[lang])
    return columns.table(pairs(assessment, plan), label="tbl-scoreboard", caption=caption, notes=notes, start=start)


def _name(indicator: Indicator, lang: str) -> Mark:
    name, page = indicator.short[lang], f"indicator-{indicator.id.replace('_', '-')}.html"
    return Mark(name, f'<a href="{html.escape(page)}">{html.escape(name)}</a>')


def _current(pair: Pair) -> Point | None:
    """The latest figure: a count as it stands in the year where that is known."""
    return standing(pair.one, pair.indicator) or pair.one.current


def _latest(pair: Pair, lang: str) -> Mark:
    if (current := _current(pair)) is None:
        return missing_cell(lang, 2)
    unit = pair.indicator.unit
    return Mark(quantity(current.value, unit, lang), raw=(raw(current.value, unit, lang), unit_header(unit, lang)))


def _when(point: Point | None, lang: str) -> Mark:
    """The year of the latest figure; the month too where a count is told as it stands in the year."""
    if point is None:
        return year_cell(None, lang)
    words = when_words(point, lang) if point.months == 12 else standing_words(point.year, point.months, lang)
    return Mark(words, raw=(point.year,))


@dataclass(frozen=True)
class _Bullet:
    """One indicator in shares of its planned change; None where undefined."""

    indicator: Indicator
    verdict: str
    completion: float | None = None
    required: float | None = None
    low: float | None = None
    median: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, indicator: Indicator, one: IndicatorAssessment) -> _Bullet:
        """What is defined of an indicator: nothing without a planned change, little without a completion."""
        head, base = one.head, one.baseline_value
        if head is None or base is None or head.value == base:
            return cls(indicator, one.verdict)
        step = one.outlook.in_year(head.year)
        if head.completion is None and not (step and one.outlook.orientation):
            return cls(indicator, one.verdict)
        start, planned = base, head.value - base

        def share(value: float | None) -> float | None:
            return None if value is None else (value - start) / planned

        ends = (share(step.low), share(step.median), share(step.high)) if step else (None, None, None)
        required = None if head.completion is None else share(head.required_now)
        return cls(indicator, one.verdict, head.completion, required, *ends)

    @property
    def shares(self) -> tuple[float | None, ...]:
        return (self.completion, self.required, self.low, self.median, self.high)

    @property
    def empty(self) -> bool:
        return self.completion is None and self.median is None

    @property
    def bare(self) -> bool:
        """Whether there is a forecast, for orientation, and no completion."""
        return self.completion is None and self.median is not None

    def row(self, lang: str) -> dict[str, Any]:
        """What is drawn and told of it."""
        done, need, low, mid, high = (clip(share, _MOST, _LEAST) for share in self.shares)
        said = t("orientation.mark", lang) if self.bare else percent(self.completion, lang, 0)
        return {"name": self.indicator.short[lang], "zero": 0.0, "done": done, "need": need} | {
            "low": low,
            "mid": mid,
            "high": high,
            "text": f"{theme.VERDICT_SIGN[self.verdict]} {said}",
            "end": max(s for s in (0.0, done, high) if s is not None),
            "told": percent(self.completion, lang),
            "ask": percent(self.required, lang),
            "ahead": self._ahead(lang),
        }

    def _ahead(self, lang: str) -> str:
        if self.median is None:
            return t("number.missing", lang)
        inside = spanned(percent(self.low, lang, 0), percent(self.high, lang, 0), lang)
        return percent(self.median, lang, 0) + bracketed(inside, lang)

    def told(self, lang: str) -> str:
        kind = "_none" if self.empty else "_bare" if self.median is None else "_blank" if self.bare else ""
        shares = {k: percent(getattr(self, k), lang, 0) for k in ("completion", "required", "low", "median", "high")}
        return t(f"scoreboard.bullets_row{kind}", lang, indicator=self.indicator.short[lang], **shares)


@debug_mode(False)  # parts are not held to the schema one by one: tests do that to the whole
def bullets(assessment: Assessment, plan: Plan, lang: str) -> tuple[Narrative, Figure] | None:
    """A bullet per indicator: what is done, what the schedule asks, where the forecast leads, all against the target.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.

    Returns:
        How to read the chart, and the chart; None where no indicator has a completion or a forecast for orientation.
    """
    found = [_Bullet.of(indicator, one) for indicator, one in pairs(assessment, plan)]
    if all(b.empty for b in found):
        return None
    told = {"area": assessment.area_name[lang], "level": percent(assessment.options.level, lang, 0)}
    cut = t("scoreboard.bullets_blank", lang) if any(b.bare for b in found) else ""
    if any(s is not None and not _LEAST <= s <= _MOST for b in found for s in b.shares):
        cut += t("scoreboard.bullets_clipped", lang)
    how = Narrative(prose([t("scoreboard.bullets_how", lang, **told, clipped=cut)], lang))
    span = Message("scoreboard.forecast")
    chart = figure(
        _layers([b.row(lang) for b in found], lang),
        label="fig-bullets",
        caption=t("scoreboard.bullets_caption", lang, **told),
        alt_text=t("scoreboard.bullets_alt", lang, rows="".join(b.told(lang) for b in found)).strip(),
        width=520,
        height=40 * len(found),
        fields=sheet_fields(
            lang,
            {"indicator:text": "table.indicator"}
            | {f"{k}:%": f"scoreboard.{k}" for k in ("completion", "required")}
            | {"low:%": Message("columns.low", what=span), "median:%": span}
            | {"high:%": Message("columns.high", what=span)},
        ),
        data=[(b.indicator.name[lang], *percents(*b.shares)) for b in found],
    )
    return how, chart


def _layers(rows: Sequence[dict[str, Any]], lang: str) -> list[alt.Chart]:
    """The range of the forecast, a bar for what is done, the target, a tick for what is asked, the forecast's dot."""
    ends = [r[k] for r in rows for k in ("done", "low", "high") if r[k] is not None]
    x = alt.X(
        "zero:Q",
        title=t("scoreboard.bullets_axis", lang),
        scale=alt.Scale(domain=[min([0.0, *ends]), max([1.05, *ends]) + 0.22], nice=False),
        axis=alt.Axis(format=".0%", tickCount=6),
    )
    words = {"told": "completion", "ask": "required", "ahead": "forecast"}
    told = tips(lang, {"name:N": "table.indicator"} | {f"{key}:N": f"scoreboard.{word}" for key, word in words.items()})
    base = alt.Chart(inline(rows)).encode(y=category_axis("name:N", [r["name"] for r in rows], room=200), tooltip=told)
    dot = base.mark_point(color="#ffffff", fill=theme.SERIES, size=64, strokeWidth=1.5, opacity=1)
    text = base.mark_text(align="left", dx=8, fontSize=12, color=theme.INK)
    return [
        base.mark_bar(color=theme.BAND, height=22).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        base.mark_bar(color=theme.SERIES, height=9).encode(x=x, x2=alt.X2("done:Q")),
        target_line(),
        base.mark_tick(color=theme.INK, thickness=2.5, size=22).encode(x=alt.X("need:Q")),
        dot.encode(x=alt.X("mid:Q")),
        text.encode(x=alt.X("end:Q"), text=alt.Text("text:N")),
    ]
