"""Charts of the track record: probabilities given against shares met, and plan by plan.

Made from `assess.record`; counts nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from greenreport.assess.record import ClassRecord, PastTarget, by_class, by_plan
from greenreport.present import theme
from greenreport.present.catalog import t
from greenreport.present.charts import figure, inline
from greenreport.present.columns import PERCENT
from greenreport.present.numbers import percent, separated, spanned
from greenreport.present.show import Field, Figure, Sheet

__all__ = ["plans_chart", "record_chart"]

_BY_HAND = ("line", "pace")
_LOOK = {"p": (theme.SERIES, "circle"), "line": (theme.TARGET, "triangle-up"), "pace": (theme.PATH, "square")}
_PALE = "#8fb3d9"
_MET = (theme.INK, "diamond")
_LEAST = 3
"""A plan's dot stands for so many targets of a class at least."""


def record_chart(targets: Sequence[PastTarget], lang: str, *, each: bool = False) -> Figure:
    """Probability given at mid-term against the share met, by class: the report, and what people do by hand.

    Args:
        targets: of one regime.
        lang: language.
        each: whether every plan has dots of its own.
    """
    found = {method: by_class(targets, method=method) for method in ("p", *_BY_HAND)}
    plans = len({row.plan for row in targets})
    rows: list[dict[str, Any]] = []
    data: list[tuple[Any, ...]] = []
    for method, records in found.items():
        for r in records:
            span = spanned(percent(r.low, lang, 0), percent(r.high, lang, 0), lang)
            rows.append(
                {"m": t(f"record.method.{method}", lang), "f": r.said, "o": r.share, "n": r.n, "a": r.plans}
                | {"low": r.low if method == "p" else None, "high": r.high if method == "p" else None}
                | {"range": span, "label": str(r.n) if method == "p" else ""}
            )
            data.append(_row(t(f"record.method.{method}", lang), r))
    dots: list[dict[str, Any]] = []
    for plan in dict.fromkeys(row.plan for row in targets) if each else ():
        name = t(f"record.plan_short.{plan}", lang)
        for r in by_class([row for row in targets if row.plan == plan]):
            data.append(_row(name, r))
            if r.n >= _LEAST:
                dots.append({"m": t("record.method.each", lang), "f": r.said, "o": r.share, "n": r.n, "a": name})
    words = [t(f"record.method.{m}", lang) for m in found]
    looks = list(_LOOK.values())
    if dots:
        words.append(t("record.method.each", lang))
        looks.append((_PALE, "circle"))
    key = alt.Legend(title=None, orient="bottom", columns=0)  # the same for colour and shape, which merges the two
    colour = alt.Color("m:N", scale=alt.Scale(domain=words, range=[c for c, _ in looks]), legend=key)
    shape = alt.Shape("m:N", scale=alt.Scale(domain=words, range=[s for _, s in looks]), legend=key)
    x, y = (
        alt.X("f:Q", title=t("record.said", lang), scale=alt.Scale(domain=[-0.02, 1.02], nice=False), axis=_axis()),
        alt.Y("o:Q", title=t("record.came", lang), scale=alt.Scale(domain=[-0.02, 1.02], nice=False), axis=_axis()),
    )
    tips = [
        alt.Tooltip("m:N", title=t("record.column.method", lang)),
        alt.Tooltip("f:Q", title=t("record.said", lang), format=".0%"),
        alt.Tooltip("o:Q", title=t("record.came", lang), format=".0%"),
        alt.Tooltip("n:Q", title=t("record.tip_n", lang)),
    ]
    base = alt.Chart(inline(rows))
    layers = [
        alt.Chart(inline([{"f": 0, "o": 0}, {"f": 1, "o": 1}]))
        .mark_line(color=theme.PATH, strokeDash=[5, 4], strokeWidth=1.4)
        .encode(x=x, y=y)
    ]
    if dots:
        tip = alt.Tooltip("a:N", title=t("record.column.plan", lang))
        layers.append(
            alt.Chart(inline(dots))
            .mark_point(filled=True, opacity=0.75)
            .encode(
                x=x, y=y, color=colour, shape=shape, tooltip=[tip, *tips[1:]],
                size=alt.Size("n:Q", scale=alt.Scale(domain=[_LEAST, 80], range=[18, 150]), legend=None),
            )
        )  # fmt: skip
    layers += [
        base.mark_rule(color=theme.SERIES, strokeWidth=1.6).encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")),
        base.mark_point(filled=True, size=85, opacity=1).encode(
            x=x,
            y=y,
            color=colour,
            shape=shape,
            tooltip=[*tips, alt.Tooltip("range:N", title=t("record.tip_range", lang))],
        ),
        base.mark_text(align="left", dx=8, dy=9, fontSize=11, color=theme.SERIES).encode(
            x=x, y=y, text=alt.Text("label:N")
        ),
    ]
    caption = t("record.chart_caption_each" if dots else "record.chart_caption", lang, plans=plans)
    return figure(
        alt.layer(*layers),
        label="fig-record",
        caption=caption,
        alt_text=t(
            "record.chart_alt",
            lang,
            points=_points(found["p"], lang),
            line=_points([found["line"][0], found["line"][-1]], lang),
            pace=_points(found["pace"], lang),
        ),
        width=470,
        height=330 if each else 270,
        sheet=Sheet(
            (
                Field("method", t("record.column.method", lang), type="text"),
                Field("said", t("record.said", lang), PERCENT),
                Field("came", t("record.came", lang), PERCENT),
                Field("low", t("columns.low", lang, what=t("record.came", lang)), PERCENT),
                Field("high", t("columns.high", lang, what=t("record.came", lang)), PERCENT),
                Field("n", t("record.column.n", lang)),
                Field("met", t("record.column.met", lang)),
            ),
            tuple(data),
            caption,
        ),
    )


def _axis() -> alt.Axis:
    return alt.Axis(format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1])


def _row(name: str, r: ClassRecord) -> tuple[Any, ...]:
    return (name, r.said * 100, r.share * 100, r.low * 100, r.high * 100, r.n, r.met)


def _points(records: Sequence[ClassRecord], lang: str) -> str:
    told = [
        t("record.chart_point", lang, said=percent(r.said, lang, 0), share=percent(r.share, lang, 0), n=r.n)
        for r in records
    ]
    return separated(told, lang)


def plans_chart(targets: Sequence[PastTarget], lang: str) -> Figure:
    """Every plan in a row: the mean probability of each method and the share that was met."""
    plans = sorted(by_plan(targets), key=lambda p: p.said - p.met)
    rows: list[dict[str, Any]] = []
    for p in plans:
        name = t(f"record.plan_short.{p.plan}", lang)
        for method, value in (("p", p.means[0]), ("line", p.means[2]), ("pace", p.means[3]), ("met", p.met)):
            rows.append({"plan": name, "m": t(f"record.method.{method}", lang), "v": value, "n": p.n})
    links = [
        {"plan": t(f"record.plan_short.{p.plan}", lang), "low": min(p.said, p.met), "high": max(p.said, p.met)}
        for p in plans
    ]
    looks = [*_LOOK.values(), _MET]
    words = [t(f"record.method.{m}", lang) for m in ("p", *_BY_HAND, "met")]
    key = alt.Legend(title=None, orient="bottom", columns=0)
    names = [t(f"record.plan_short.{p.plan}", lang) for p in plans]
    y = alt.Y(
        "plan:N", sort=names, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=200, labelPadding=6)
    )
    scale = alt.Scale(domain=[0, 1], nice=False)
    marks = (
        alt.Chart(inline(rows))
        .mark_point(filled=True, size=80, opacity=0.95)
        .encode(
            x=alt.X("v:Q", title=t("record.plans_axis", lang), scale=scale, axis=_axis()),
            y=y,
            color=alt.Color("m:N", scale=alt.Scale(domain=words, range=[c for c, _ in looks]), legend=key),
            shape=alt.Shape("m:N", scale=alt.Scale(domain=words, range=[s for _, s in looks]), legend=key),
            tooltip=[
                alt.Tooltip("plan:N", title=t("record.column.plan", lang)),
                alt.Tooltip("m:N", title=t("record.column.method", lang)),
                alt.Tooltip("v:Q", title=t("record.plans_axis", lang), format=".0%"),
                alt.Tooltip("n:Q", title=t("record.tip_n", lang)),
            ],
        )
    )
    gap = (
        alt.Chart(inline(links))
        .mark_rule(color=theme.BAND, strokeWidth=6)
        .encode(x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q"), y=y)
    )
    caption = t("record.plans_caption", lang)
    told = [
        t(
            "record.plans_row",
            lang,
            plan=t(f"record.plan_short.{p.plan}", lang),
            said=percent(p.said, lang, 0),
            met=percent(p.met, lang, 0),
        )
        for p in plans
    ]
    methods = ("p", "plain", "line", "pace")
    return figure(
        alt.layer(gap, marks),
        label="fig-record-plans",
        caption=caption,
        alt_text=t("record.plans_alt", lang, rows=("" if lang == "zh" else " ").join(told)),
        width=500,
        height=34 * len(plans),
        sheet=Sheet(
            (
                Field("plan", t("record.column.plan", lang), type="text"),
                *(Field(m, t(f"record.method.{m}", lang), PERCENT) for m in methods),
                Field("met", t("record.method.met", lang), PERCENT),
                Field("n", t("record.column.n", lang)),
            ),
            tuple(
                (t(f"record.plan_short.{p.plan}", lang), *(m * 100 for m in p.means), p.met * 100, p.n) for p in plans
            ),
            caption,
        ),
    )
