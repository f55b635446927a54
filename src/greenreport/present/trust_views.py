"""How far the forecasts can be trusted: constants, calibration, reliability diagram, back-test.

Tells of the forecast method and of how it did; grades nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from statistics import mean
from typing import Any

import altair as alt

from greenreport.assess.comparison import MethodRow
from greenreport.assess.model import Assessment
from greenreport.assess.trust import Bin, Constants
from greenreport.plan import Plan
from greenreport.present import theme
from greenreport.present.catalog import t
from greenreport.present.charts import figure, inline
from greenreport.present.columns import PERCENT, count_cell, count_column, share_cell, share_column, text_field
from greenreport.present.method_views import prior_words
from greenreport.present.narrative import prose
from greenreport.present.numbers import decimal, percent
from greenreport.present.show import Field, Figure, Narrative, Sheet, Table
from greenreport.present.tabulate import Column, Mark, table

__all__ = [
    "backtest_chart",
    "backtest_text",
    "calibration_table",
    "calibration_text",
    "constants_text",
    "fitted_table",
    "reliability_chart",
]

_SHADES = ("#0b3c6f", "#2f78bf", "#c2410c")
_SHAPES = ("circle", "diamond", "triangle-up", "square", "cross", "triangle-down")


def _heading(key: str, lang: str) -> str:
    return f"## {t(f'methods.{key}', lang)}\n\n"


def constants_text(found: Constants, lang: str, *, prior: float | None) -> Narrative:
    """What the method learned, in words; `prior` is the prior growth that was set, as a share a year, None if learned."""
    return Narrative(
        _heading("constants_heading", lang)
        + t(
            "methods.constants",
            lang,
            discount=decimal(found.discount, lang, 2),
            prior=prior_words(prior, lang),
            spread=decimal(found.growth_sd * 100, lang, 1),
            damping=decimal(found.damping, lang, 2),
            df=decimal(found.df, lang, 1),
            count_years=decimal(found.count_years, lang, 2),
            count_discount=decimal(found.count_discount, lang, 1),
            dispersion=decimal(found.dispersion, lang, 1),
        )
        + "\n\n"
        + t(
            "record.experience",
            lang,
            pull=percent(found.pull, lang, 0),
            spread=decimal(found.pull_sd * 100, lang, 0),
            plans=found.past_plans,
        )
    )


def fitted_table(assessment: Assessment, plan: Plan, lang: str) -> Table | None:
    """What each forecast of an area rests on: observations, own growth, its weight, the growth used.

    Returns:
        None where there is no forecast.
    """
    ones = [one for one in assessment.indicators if one.outlook.ok]
    if not ones:
        return None

    def head(key: str) -> str:
        return t(f"methods.fitted.{key}", lang)

    columns = [
        Column("indicator", head("indicator"), width=5),
        count_column("n", head("n"), width=2),
        Column("method", head("method"), width=4),
        share_column("own", head("own"), lang),
        share_column("weight", head("weight"), lang),
        share_column("used", head("used"), lang),
        count_column("rate", head("rate"), width=2),
    ]
    rows: list[dict[str, str | Mark]] = []
    for one in ones:
        found = one.outlook.parameters
        own, used, weight = (found.get(k) for k in ("growth_own", "growth_used", "growth_own_weight"))
        log = found.get("scale") == "log"
        rows.append(
            {
                "indicator": plan.indicator(one.id).name[lang],
                "n": count_cell(one.outlook.n, lang),
                "method": t(f"method.names.{one.outlook.method}", lang),
                "own": share_cell(_growth(own) if log else None, lang),
                "weight": share_cell(weight, lang, 0),
                "used": share_cell(_growth(used) if log else None, lang),
                "rate": Mark(
                    t("number.missing", lang) if found.get("rate") is None else decimal(found["rate"], lang, 1),
                    raw=(found.get("rate"),),
                ),
            }
        )
    notes = [t("methods.fitted_note", lang)]
    return table(columns, rows, label="tbl-fitted", caption=t("methods.fitted_caption", lang), notes=notes)


def _growth(logarithmic: float | None) -> float | None:
    """Growth on the logarithmic scale of the method as growth a year."""
    return None if logarithmic is None else math.expm1(logarithmic)


def calibration_text(bins: Sequence[Bin], lang: str) -> Narrative:
    """How far the probabilities stated are from the shares that came true."""
    total = sum(b.n for b in bins)
    ece = sum(abs(b.forecast - b.observed) * b.n for b in bins) / total
    worst = max(bins, key=lambda b: abs(b.forecast - b.observed))
    told = t(
        "methods.calibration",
        lang,
        statements=decimal(total, lang, 0),
        ece=decimal(ece * 100, lang, 1),
        worst=decimal(abs(worst.forecast - worst.observed) * 100, lang, 1),
        said=percent(worst.forecast, lang),
        came=percent(worst.observed, lang),
    )
    return Narrative(_heading("calibration_heading", lang) + prose([told], lang))


def reliability_chart(bins: Sequence[Bin], lang: str) -> Figure:
    """Probabilities stated against shares that came true, by length of history."""
    lengths = sorted({b.length for b in bins})
    names = {n: t("methods.with_length", lang, n=n) for n in lengths}
    rows = [{"f": b.forecast, "o": b.observed, "n": b.n, "length": names[b.length]} for b in bins]
    x = alt.X(
        "f:Q",
        title=t("methods.said", lang),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    y = alt.Y(
        "o:Q",
        title=t("methods.came", lang),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    domain = list(names.values())
    key = alt.Legend(title=None, orient="bottom")  # the same for colour and shape, which merges the two
    marks = (
        alt.Chart(inline(rows))
        .mark_point(filled=True, opacity=0.9)
        .encode(
            x=alt.X("f:Q"),
            y=alt.Y("o:Q"),
            size=alt.Size("n:Q", scale=alt.Scale(range=[30, 130]), legend=None),
            color=alt.Color(
                "length:N",
                scale=alt.Scale(domain=domain, range=list(_SHADES[: len(domain)])),
                legend=key,
            ),
            shape=alt.Shape("length:N", scale=alt.Scale(domain=domain, range=list(_SHAPES[: len(domain)])), legend=key),
            tooltip=[
                alt.Tooltip("length:N", title=t("methods.length", lang)),
                alt.Tooltip("f:Q", title=t("methods.said", lang), format=".1%"),
                alt.Tooltip("o:Q", title=t("methods.came", lang), format=".1%"),
                alt.Tooltip("n:Q", title=t("methods.statements", lang)),
            ],
        )
    )
    line = alt.Chart(inline([{"f": 0, "o": 0}, {"f": 1, "o": 1}])).mark_line(
        color=theme.PATH, strokeDash=[5, 4], strokeWidth=1.4
    )
    worst = max(abs(b.forecast - b.observed) for b in bins)
    caption = t("methods.reliability_caption", lang)
    return figure(
        alt.layer(line.encode(x=x, y=y), marks),
        label="fig-reliability",
        caption=caption,
        alt_text=t("methods.reliability_alt", lang, worst=decimal(worst * 100, lang, 1)),
        width=470,
        height=300,
        sheet=Sheet(
            (
                Field("length", t("methods.length", lang)),
                Field("bin", t("methods.bin", lang)),
                Field("forecast", t("methods.said", lang), PERCENT),
                Field("observed", t("methods.came", lang), PERCENT),
                Field("n", t("methods.statements", lang)),
            ),
            tuple((b.length, b.number, b.forecast * 100, b.observed * 100, b.n) for b in bins),
            caption,
        ),
    )


def calibration_table(bins: Sequence[Bin], lang: str) -> Table:
    """The bins, with the statements of all lengths of history taken together."""
    columns = [
        count_column("bin", t("methods.bin", lang)),
        share_column("forecast", t("methods.said", lang), lang, width=3),
        share_column("observed", t("methods.came", lang), lang, width=3),
        Column(
            "difference",
            t("methods.difference", lang) + ("（个百分点）" if lang == "zh" else " (percentage points)"),
            "right",
            3,
            (Field("difference", t("methods.difference", lang), "个百分点" if lang == "zh" else "percentage points"),),
        ),
        count_column("n", t("methods.statements", lang), width=3),
    ]
    rows: list[dict[str, str | Mark]] = []
    for number, group in groupby(sorted(bins, key=lambda b: b.number), key=lambda b: b.number):
        found = list(group)
        n = sum(b.n for b in found)
        said, came = (sum(getattr(b, k) * b.n for b in found) / n for k in ("forecast", "observed"))
        gap = (came - said) * 100
        rows.append(
            {
                "bin": Mark(f"{number * 10 - 10}{'—' if lang == 'zh' else '–'}{number * 10}%", raw=(number,)),
                "forecast": share_cell(said, lang),
                "observed": share_cell(came, lang),
                "difference": Mark(("+" if round(gap, 1) > 0 else "") + decimal(gap, lang, 1), raw=(gap,)),
                "n": count_cell(n, lang),
            }
        )
    note = t("methods.calibration_note", lang, source=t("methods.calibration_source", lang))
    return table(columns, rows, label="tbl-calibration", caption=t("methods.calibration_caption", lang), notes=[note])


def backtest_text(found: Mapping[str, Sequence[MethodRow]], lang: str, *, wanted: bool = True) -> Narrative:
    """What the back-test is; that there is none, and why."""
    key = "backtest_off" if not wanted else "backtest_lead" if _tried(found) else "backtest_none"
    return Narrative(_heading("backtest_heading", lang) + prose([t(f"methods.{key}", lang)], lang))


def _tried(found: Mapping[str, Sequence[MethodRow]]) -> dict[str, list[MethodRow]]:
    tried = {id: [r for r in rows if r.error is not None] for id, rows in found.items()}
    return {id: rows for id, rows in tried.items() if rows}


def backtest_chart(found: Mapping[str, Sequence[MethodRow]], plan: Plan, lang: str) -> Figure | None:
    """The back-test error of every method on every indicator, the best method first.

    Args:
        found: indicator → its methods (`assess.compare_methods`).
        plan: names of the indicators.
        lang: language.

    Returns:
        None where no method could be tested.
    """
    tried = _tried(found)
    if not tried:
        return None
    errors: dict[str, list[float]] = {}
    ours = ""
    for rows in tried.values():
        for r in rows:
            assert r.error is not None
            errors.setdefault(r.method, []).append(r.error)
            ours = r.method if r.ours else ours
    means = {method: mean(each) for method, each in errors.items()}
    order = sorted(means, key=lambda m: means[m])
    names = {m: t(f"method.names.{m}", lang) + (t("comparison.ours", lang) if m == ours else "") for m in order}
    series = {id: plan.indicator(id).short[lang] for id in tried}
    dots = [
        {"m": names[r.method], "e": r.error, "i": series[id], "ours": "ours" if r.ours else "other"}
        for id, rows in tried.items()
        for r in rows
    ]
    x = alt.X("e:Q", title=t("methods.backtest_axis", lang), axis=alt.Axis(format=".0%", tickCount=6))
    y = alt.Y(
        "m:N",
        sort=[names[m] for m in order],
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=240, labelPadding=8, grid=True),
    )
    shapes = alt.Scale(domain=list(series.values()), range=list(_SHAPES[: len(series)]))
    tips = [
        alt.Tooltip("m:N", title=t("table.method", lang)),
        alt.Tooltip("i:N", title=t("table.indicator", lang)),
        alt.Tooltip("e:Q", title=t("methods.backtest_axis", lang), format=".1%"),
    ]
    points_ = (
        alt.Chart(inline(dots))
        .mark_point(filled=True, size=70, opacity=0.95)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "i:N",
                scale=shapes,
                legend=alt.Legend(
                    title=None, orient="bottom", symbolFillColor=theme.MUTED, symbolStrokeColor=theme.MUTED
                ),
            ),
            color=alt.Color(
                "ours:N", scale=alt.Scale(domain=["ours", "other"], range=[theme.TARGET, theme.SERIES]), legend=None
            ),
            tooltip=tips,
        )
    )
    middle = [{"m": names[m], "e": means[m]} for m in order]
    ticks = alt.Chart(inline(middle)).mark_tick(color=theme.INK, thickness=2, size=18).encode(x=alt.X("e:Q"), y=y)
    caption = t("methods.backtest_caption", lang)
    data: list[tuple[Any, ...]] = [
        (names[r.method], series[id], (r.error or 0.0) * 100, (r.inside or 0.0) * 100, r.origins)
        for id, rows in tried.items()
        for r in rows
    ]
    return figure(
        alt.layer(points_, ticks),
        label="fig-backtest",
        caption=caption,
        alt_text=t(
            "methods.backtest_alt",
            lang,
            best=names[order[0]],
            best_error=percent(means[order[0]], lang),
            ours=names.get(ours, ""),
            ours_error=percent(means.get(ours), lang),
        ),
        width=460,
        height=26 * len(order),
        sheet=Sheet(
            (
                text_field("method", t("table.method", lang)),
                text_field("indicator", t("table.indicator", lang)),
                Field("error", t("methods.backtest_axis", lang), PERCENT),
                Field("inside", t("columns.inside_share", lang), PERCENT),
                Field("origins", t("columns.origins", lang)),
            ),
            tuple(data),
            caption,
        ),
    )
