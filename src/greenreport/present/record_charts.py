"""Charts of the track record: probabilities given against shares met, and plan by plan.

Made from `assess.record`; counts nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from greenreport.assess.record import ClassRecord, PastTarget, PlanRecord, by_class, by_plan
from greenreport.present import theme
from greenreport.present.charts import (
    category_axis,
    colour_and_shape,
    diagonal,
    figure,
    inline,
    percents,
    sheet_fields,
    tips,
)
from greenreport.present.columns import PERCENT, text_field
from greenreport.present.messages import Message
from greenreport.present.numbers import join_sentences, percent, separated, spanned
from greenreport.present.show import Field, Figure
from greenreport.words import t

_BY_HAND = ("line", "pace")
_LOOK = {
    "p": (theme.SERIES, "circle"),
    "line": (theme.TARGET, "triangle-up"),
    "pace": (theme.PATH, "square"),
    "each": ("#8fb3d9", "circle"),
    "met": (theme.INK, "diamond"),
}
"""Colour and shape by method; `each` single plan, the share that was `met`."""
_LEAST = 3
"""A plan's dot stands for so many targets of a class at least."""


def record_chart(targets: Sequence[PastTarget], lang: str, *, each: bool = False) -> Figure:
    """Probability given at mid-term against the share met, by class; `each`: every plan has dots of its own."""
    found = {method: by_class(targets, method=method) for method in ("p", *_BY_HAND)}
    of_plans = _by_plan(targets, lang) if each else []
    dots = [(name, r) for name, r in of_plans if r.n >= _LEAST]
    of_methods = [(t(f"record.method.{method}", lang), r) for method, records in found.items() for r in records]
    return figure(
        _record_layers(found, dots, lang),
        label="fig-record",
        caption=t(
            "record.chart_caption_each" if dots else "record.chart_caption",
            lang,
            plans=len({row.plan for row in targets}),
        ),
        alt_text=t(
            "record.chart_alt",
            lang,
            points=_points(found["p"], lang),
            line=_points([found["line"][0], found["line"][-1]], lang),
            pace=_points(found["pace"], lang),
        ),
        width=470,
        height=330 if each else 270,
        fields=sheet_fields(
            lang,
            {"method:text": "record.column.method", "said:%": "record.said", "came:%": "record.came"}
            | {f"{end}:%": Message(f"columns.{end}", what=Message("record.came")) for end in ("low", "high")}
            | {"n": "record.column.n", "met": "record.column.met"},
        ),
        data=[(name, *percents(r.said, r.share, r.low, r.high), r.n, r.met) for name, r in (*of_methods, *of_plans)],
    )


def _by_plan(targets: Sequence[PastTarget], lang: str) -> list[tuple[str, ClassRecord]]:
    """The classes of every plan by itself, under its name."""
    return [
        (t(f"record.plan_short.{plan}", lang), r)
        for plan in dict.fromkeys(row.plan for row in targets)
        for r in by_class([row for row in targets if row.plan == plan])
    ]


def _record_layers(
    found: Mapping[str, Sequence[ClassRecord]], dots: Sequence[tuple[str, ClassRecord]], lang: str
) -> alt.TopLevelMixin:
    """The diagonal, the dots of single plans, and each method's classes, ours with the range of its shares."""
    method = {key: t(f"record.method.{key}", lang) for key in (*found, "each")}
    rows = [
        {"m": method[key], "f": r.said, "o": r.share, "n": r.n, "a": r.plans}
        | {"low": r.low if key == "p" else None, "high": r.high if key == "p" else None}
        | {"range": spanned(percent(r.low, lang, 0), percent(r.high, lang, 0), lang)}
        | {"label": str(r.n) if key == "p" else ""}
        for key, records in found.items()
        for r in records
    ]
    legend = alt.Legend(title=None, orient="bottom", columns=0)
    look = colour_and_shape("m:N", {method[key]: _LOOK[key] for key in (*found, *(["each"] if dots else []))}, legend)
    x = alt.X("f:Q", title=t("record.said", lang), scale=alt.Scale(domain=[-0.02, 1.02], nice=False), axis=_axis())
    y = alt.Y("o:Q", title=t("record.came", lang), scale=alt.Scale(domain=[-0.02, 1.02], nice=False), axis=_axis())
    told = {"f:Q:.0%": "record.said", "o:Q:.0%": "record.came", "n:Q": "record.tip_n"}
    base = alt.Chart(inline(rows))
    layers = [diagonal(x, y)]
    if dots:
        size = alt.Size("n:Q", scale=alt.Scale(domain=[_LEAST, 80], range=[18, 150]), legend=None)
        each = [{"m": method["each"], "f": r.said, "o": r.share, "n": r.n, "a": name} for name, r in dots]
        small = alt.Chart(inline(each)).mark_point(filled=True, opacity=0.75)
        of_plan = tips(lang, {"a:N": "record.column.plan"} | told)
        layers.append(small.encode(x=x, y=y, **look, tooltip=of_plan, size=size))
    of_method = tips(lang, {"m:N": "record.column.method", **told, "range:N": "record.tip_range"})
    text = base.mark_text(align="left", dx=8, dy=9, fontSize=11, color=theme.SERIES)
    layers += [
        base.mark_rule(color=theme.SERIES, strokeWidth=1.6).encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")),
        base.mark_point(filled=True, size=85, opacity=1).encode(x=x, y=y, **look, tooltip=of_method),
        text.encode(x=x, y=y, text=alt.Text("label:N")),
    ]
    return alt.layer(*layers)


def _axis() -> alt.Axis:
    return alt.Axis(format=".0%", values=[0, 0.2, 0.4, 0.6, 0.8, 1])


def _points(records: Sequence[ClassRecord], lang: str) -> str:
    told = [
        t("record.chart_point", lang, said=percent(r.said, lang, 0), share=percent(r.share, lang, 0), n=r.n)
        for r in records
    ]
    return separated(told, lang)


def plans_chart(targets: Sequence[PastTarget], lang: str) -> Figure:
    """Every plan in a row: the mean probability of each method and the share that was met."""
    plans = {t(f"record.plan_short.{p.plan}", lang): p for p in sorted(by_plan(targets), key=lambda p: p.said - p.met)}
    method = {key: t(f"record.method.{key}", lang) for key in ("p", "plain", *_BY_HAND, "met")}
    told = [
        t("record.plans_row", lang, plan=name, said=percent(p.said, lang, 0), met=percent(p.met, lang, 0))
        for name, p in plans.items()
    ]
    return figure(
        _plans_layers(plans, method, lang),
        label="fig-record-plans",
        caption=t("record.plans_caption", lang),
        alt_text=t("record.plans_alt", lang, rows=join_sentences(told, lang)),
        width=500,
        height=34 * len(plans),
        fields=[
            text_field("plan", t("record.column.plan", lang)),
            *(Field(key, name, PERCENT) for key, name in method.items()),
            Field("n", t("record.column.n", lang)),
        ],
        data=[(name, *percents(*p.means, p.met), p.n) for name, p in plans.items()],
    )


def _plans_layers(plans: Mapping[str, PlanRecord], method: Mapping[str, str], lang: str) -> alt.TopLevelMixin:
    """The marks of each plan over a bar from what was said to what came."""
    rows = [
        {"plan": name, "m": method[key], "v": value, "n": p.n}
        for name, p in plans.items()
        for key, value in (("p", p.means[0]), ("line", p.means[2]), ("pace", p.means[3]), ("met", p.met))
    ]
    links = [{"plan": name, "low": min(p.said, p.met), "high": max(p.said, p.met)} for name, p in plans.items()]
    y = category_axis("plan:N", list(plans), room=200)
    scale = alt.Scale(domain=[0, 1], nice=False)
    look = {method[key]: _LOOK[key] for key in ("p", *_BY_HAND, "met")}
    axis = t("record.plans_axis", lang)
    told = {"plan:N": "record.column.plan", "m:N": "record.column.method", "v:Q:.0%": "record.plans_axis"}
    gap = alt.Chart(inline(links)).mark_rule(color=theme.BAND, strokeWidth=6)
    return alt.layer(
        gap.encode(x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q"), y=y),
        alt.Chart(inline(rows))
        .mark_point(filled=True, size=80, opacity=0.95)
        .encode(
            x=alt.X("v:Q", title=axis, scale=scale, axis=_axis()),
            y=y,
            **colour_and_shape("m:N", look, alt.Legend(title=None, orient="bottom", columns=0)),
            tooltip=tips(lang, told | {"n:Q": "record.tip_n"}),
        ),
    )
