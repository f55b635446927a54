"""How far the forecasts can be trusted: constants, calibration, reliability diagram, back-test.

Tells of the forecast method and of how it did; grades nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from statistics import mean
from typing import Any

import altair as alt

from greenreport.assess.calibration import Bin, Constants
from greenreport.assess.comparison import MethodRow
from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.plan import Plan
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
from greenreport.present.columns import Columns
from greenreport.present.messages import prose, section, titled
from greenreport.present.methods import prior_words
from greenreport.present.numbers import decimal, percent, spanned
from greenreport.present.show import Figure, Narrative, Table
from greenreport.present.tabulate import Mark
from greenreport.words import t

_SHADES = ("#0b3c6f", "#2f78bf", "#c2410c")
_SHAPES = ("circle", "diamond", "triangle-up", "square", "cross", "triangle-down")


def learned_chapter(
    found: Constants, assessment: Assessment, plan: Plan, lang: str, *, prior: float | None
) -> Iterator[Narrative | Table]:
    """What the method learned.

    Args:
        found: the constants (`assess.constants`).
        assessment: of an area.
        plan: names of the indicators.
        lang: language.
        prior: the prior growth that was set, as a share a year; None if learned.

    Yields:
        The constants in words, with a heading; a table of what each forecast of the area rests on, where there are any.
    """
    digits = {"discount": 2, "damping": 2, "df": 1, "count_years": 2, "count_discount": 1, "dispersion": 1}
    told = {key: decimal(getattr(found, key), lang, n) for key, n in digits.items()}
    told |= {"prior": prior_words(prior, lang), "spread": decimal(found.growth_sd * 100, lang, 1)}
    pull, spread = percent(found.pull, lang, 0), decimal(found.pull_sd * 100, lang, 0)
    experience = t("record.experience", lang, pull=pull, spread=spread, plans=found.past_plans)
    yield titled("methods.constants_heading", [t("methods.constants", lang, **told), experience], lang)
    if ones := [one for one in assessment.indicators if one.outlook.ok]:
        yield _fitted_table(ones, plan, lang)


def _fitted_table(ones: Sequence[IndicatorAssessment], plan: Plan, lang: str) -> Table:
    """What forecasts rest on: observations, own growth, its weight, the growth used."""

    def growth(one: IndicatorAssessment, key: str) -> float | None:
        """Growth on the logarithmic scale of the method as growth a year."""
        found = one.outlook.parameters
        return math.expm1(found[key]) if found.get("scale") == "log" and found.get(key) is not None else None

    columns = Columns[IndicatorAssessment](lang, "methods.fitted")
    columns.text("indicator", lambda one: plan.indicator(one.id).name[lang], width=5)
    columns.count("n", lambda one: one.outlook.n)
    columns.text("method", lambda one: t(f"method.names.{one.outlook.method}", lang), width=4)
    columns.share("own", lambda one: growth(one, "growth_own"))
    columns.share("weight", lambda one: one.outlook.parameters.get("growth_own_weight"), decimals=0)
    columns.share("used", lambda one: growth(one, "growth_used"))
    columns.number("rate", lambda one: one.outlook.parameters.get("rate"), decimals=1, width=2)
    notes = [t("methods.fitted_note", lang)]
    return columns.table(ones, label="tbl-fitted", caption=t("methods.fitted_caption", lang), notes=notes)


def calibration_chapter(bins: Sequence[Bin], lang: str) -> Iterator[Narrative | Figure | Table]:
    """How far the probabilities stated are from the shares that came true.

    Args:
        bins: what was stated and what came, by length of history (`assess.calibration`).
        lang: language.

    Yields:
        The distance in words, the reliability diagram, and the bins.
    """
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
    yield titled("methods.calibration_heading", [prose([told], lang)], lang)
    yield _reliability_chart(bins, lang)
    yield _calibration_table(bins, lang)


def _reliability_chart(bins: Sequence[Bin], lang: str) -> Figure:
    """Probabilities stated against shares that came true, by length of history."""
    names = {n: t("methods.with_length", lang, n=n) for n in sorted({b.length for b in bins})}
    rows = [{"f": b.forecast, "o": b.observed, "n": b.n, "length": names[b.length]} for b in bins]
    said, came = t("methods.said", lang), t("methods.came", lang)
    axis: dict[str, Any] = {"scale": alt.Scale(domain=[0, 1]), "axis": alt.Axis(format=".0%", tickCount=5)}
    look = dict(zip(names.values(), zip(_SHADES, _SHAPES, strict=False), strict=False))
    words = {"f:Q:.1%": "methods.said", "o:Q:.1%": "methods.came", "n:Q": "methods.statements"}
    dots = (
        alt.Chart(inline(rows))
        .mark_point(filled=True, opacity=0.9)
        .encode(
            x=alt.X("f:Q"),
            y=alt.Y("o:Q"),
            size=alt.Size("n:Q", scale=alt.Scale(range=[30, 130]), legend=None),
            **colour_and_shape("length:N", look, alt.Legend(title=None, orient="bottom")),
            tooltip=tips(lang, {"length:N": "methods.length"} | words),
        )
    )
    worst = max(abs(b.forecast - b.observed) for b in bins)
    return figure(
        alt.layer(diagonal(alt.X("f:Q", title=said, **axis), alt.Y("o:Q", title=came, **axis)), dots),
        label="fig-reliability",
        caption=t("methods.reliability_caption", lang),
        alt_text=t("methods.reliability_alt", lang, worst=decimal(worst * 100, lang, 1)),
        width=470,
        height=300,
        fields=sheet_fields(
            lang,
            {"length": "methods.length", "bin": "methods.bin"}
            | {"forecast:%": "methods.said", "observed:%": "methods.came", "n": "methods.statements"},
        ),
        data=[(b.length, b.number, *percents(b.forecast, b.observed), b.n) for b in bins],
    )


def _calibration_table(bins: Sequence[Bin], lang: str) -> Table:
    """The bins, with the statements of all lengths of history taken together."""

    def mean_of(key: str, group: Sequence[Bin]) -> float:
        return float(sum(getattr(b, key) * b.n for b in group) / sum(b.n for b in group))

    def gap(group: Sequence[Bin]) -> Mark:
        found = (mean_of("observed", group) - mean_of("forecast", group)) * 100
        return Mark(("+" if round(found, 1) > 0 else "") + decimal(found, lang, 1), raw=(found,))

    def span(group: Sequence[Bin]) -> Mark:
        number = group[0].number
        return Mark(spanned(f"{number * 10 - 10}", f"{number * 10}%", lang), raw=(number,))

    columns = Columns[list[Bin]](lang, "methods")
    columns.figure("bin", span, width=2)
    columns.share("forecast", lambda group: mean_of("forecast", group), t("methods.said", lang), width=3)
    columns.share("observed", lambda group: mean_of("observed", group), t("methods.came", lang), width=3)
    columns.figure("difference", gap, unit=t("methods.points", lang), named=True)
    columns.count("n", lambda group: sum(b.n for b in group), t("methods.statements", lang), width=3)
    groups = [list(group) for _, group in groupby(sorted(bins, key=lambda b: b.number), key=lambda b: b.number)]
    note = t("methods.calibration_note", lang, source=t("methods.calibration_source", lang))
    return columns.table(groups, label="tbl-calibration", caption=t("methods.calibration_caption", lang), notes=[note])


def backtest_chapter(
    found: Mapping[str, Sequence[MethodRow]], plan: Plan, lang: str, *, wanted: bool = True
) -> Iterator[Narrative | Figure]:
    """The back-test error of every method on every indicator, the best method first.

    Args:
        found: indicator → its methods (`assess.compare_methods`).
        plan: names of the indicators.
        lang: language.
        wanted: whether methods were to be compared.

    Yields:
        What the back-test is, or why there is none; the errors, where any method could be tested.
    """
    tried = [
        (plan.indicator(id).short[lang], r, r.error) for id, rows in found.items() for r in rows if r.error is not None
    ]
    key = "backtest_off" if not wanted else "backtest_lead" if tried else "backtest_none"
    yield section("methods.backtest_heading", lang, f"methods.{key}")
    if tried:
        yield _backtest_chart(tried, lang)


def _backtest_chart(tried: Sequence[tuple[str, MethodRow, float]], lang: str) -> Figure:
    """The errors of methods, with the name of the indicator of each."""
    ours = next((r.method for _, r, _ in reversed(tried) if r.ours), "")
    errors: dict[str, list[float]] = {}
    for _, r, error in tried:
        errors.setdefault(r.method, []).append(error)
    means = {method: mean(each) for method, each in sorted(errors.items(), key=lambda item: mean(item[1]))}
    best = next(iter(means))
    names = {m: t(f"method.names.{m}", lang) + (t("comparison.ours", lang) if m == ours else "") for m in means}
    return figure(
        _backtest_layers(tried, {names[m]: error for m, error in means.items()}, names, lang),
        label="fig-backtest",
        caption=t("methods.backtest_caption", lang),
        alt_text=t(
            "methods.backtest_alt",
            lang,
            best=names[best],
            best_error=percent(means[best], lang),
            ours=names.get(ours, ""),
            ours_error=percent(means.get(ours), lang),
        ),
        width=460,
        height=26 * len(means),
        fields=sheet_fields(
            lang,
            {"method:text": "table.method", "indicator:text": "table.indicator", "error:%": "methods.backtest_axis"}
            | {"inside:%": "columns.inside_share", "origins": "columns.origins"},
        ),
        data=[(names[r.method], name, *percents(error, r.inside or 0.0), r.origins) for name, r, error in tried],
    )


def _backtest_layers(
    tried: Sequence[tuple[str, MethodRow, float]], means: Mapping[str, float], names: Mapping[str, str], lang: str
) -> alt.TopLevelMixin:
    """A dot per indicator and method, ours in another colour, and a tick for each method's mean, least first."""
    dots = [
        {"m": names[r.method], "e": error, "i": name, "ours": "ours" if r.ours else "other"} for name, r, error in tried
    ]
    y = category_axis("m:N", list(means), room=240, gap=8, grid=True)
    series = list(dict.fromkeys(name for name, _, _ in tried))
    axis = t("methods.backtest_axis", lang)
    legend = alt.Legend(title=None, orient="bottom", symbolFillColor=theme.MUTED, symbolStrokeColor=theme.MUTED)
    colours = alt.Scale(domain=["ours", "other"], range=[theme.TARGET, theme.SERIES])
    points_ = (
        alt.Chart(inline(dots))
        .mark_point(filled=True, size=70, opacity=0.95)
        .encode(
            x=alt.X("e:Q", title=axis, axis=alt.Axis(format=".0%", tickCount=6)),
            y=y,
            shape=alt.Shape("i:N", scale=alt.Scale(domain=series, range=list(_SHAPES[: len(series)])), legend=legend),
            color=alt.Color("ours:N", scale=colours, legend=None),
            tooltip=tips(lang, {"m:N": "table.method", "i:N": "table.indicator", "e:Q:.1%": "methods.backtest_axis"}),
        )
    )
    middle = alt.Chart(inline([{"m": name, "e": error} for name, error in means.items()]))
    return alt.layer(points_, middle.mark_tick(color=theme.INK, thickness=2, size=18).encode(x=alt.X("e:Q"), y=y))
