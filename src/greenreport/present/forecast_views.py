"""Tables about the forecasts themselves: districts and city made to add up, and the models users know beside ours."""

from __future__ import annotations

from collections.abc import Sequence

from greenreport.assess.coherence import Coherence
from greenreport.assess.comparison import MethodRow
from greenreport.plan import Indicator, Plan, Unit
from greenreport.present.columns import (
    PERCENT,
    Columns,
    estimate_cell,
    estimate_range,
    headed,
    measure,
    text_field,
)
from greenreport.present.messages import in_sentence
from greenreport.present.numbers import join_sentences, joined, percent, unit_header
from greenreport.present.show import Field, Narrative, Table
from greenreport.present.tabulate import Mark, escape_markdown
from greenreport.words import t

__all__ = ["coherence_table", "coherence_text", "comparison_heading", "comparison_table"]


def coherence_text(found: Sequence[Coherence], plan: Plan, lang: str) -> Narrative:
    """Why the city's forecast is reconciled with its districts', and what it changes."""
    lines = [t("coherence.lead", lang)]
    moved = [in_sentence(plan.indicator(c.indicator).name[lang], lang) for c in found if _moved(c)]
    if any(c.reason is None for c in found):  # else the table's notes say why
        key = ("moved" if moved else "same") + ("_one" if len(found) == 1 else "")
        lines.append(t(f"coherence.{key}", lang, names=joined(moved, lang)))
    return Narrative.under(t("coherence.heading", lang), join_sentences(lines, lang), level=3)


def _moved(c: Coherence) -> bool:
    """Whether reconciling changed the probability by more than readers would round away."""
    before, after = c.base_probability, c.probability
    return c.reason is None and before is not None and after is not None and abs(after - before) >= 0.1


def coherence_table(found: Sequence[Coherence], plan: Plan, lang: str, *, level: float) -> Table:
    """Per indicator: the city's own forecast, the districts' sum, both reconciled, and the probabilities."""

    def unit(c: Coherence) -> Unit:
        return plan.indicator(c.indicator).unit

    columns = Columns[Coherence](lang, "coherence")
    columns.text("indicator", lambda c: plan.indicator(c.indicator).name[lang], t("table.indicator", lang), width=4)
    columns.text("unit", lambda c: unit_header(unit(c), lang), t("table.unit", lang), width=2)
    columns.year("year", lambda c: c.year, t("table.year", lang))
    columns.figure("base", lambda c: estimate_cell(c.base, unit(c), lang))
    columns.figure("summed", lambda c: estimate_cell(c.summed, unit(c), lang))
    columns.figure("median", lambda c: estimate_cell(c.median, unit(c), lang))
    ends = t("table.interval", lang, level=percent(level, lang, 0))
    columns.range("range", lambda c: estimate_range(c.low, c.high, unit(c), lang), ends)
    columns.share("before", lambda c: c.base_probability, probability=True)
    columns.share("after", lambda c: c.probability, probability=True)
    notes = []
    for c in found:
        if c.left_out or c.reason:
            key, name = "refused" if c.reason else "left_out", plan.indicator(c.indicator).short[lang]
            notes.append(t(f"coherence.{key}", lang, indicator=name, n=len(c.left_out)))
    return columns.table(found, label="tbl-coherence", caption=t("coherence.caption", lang), notes=notes)


def comparison_heading(lang: str) -> Narrative:
    """The heading above the tables that compare methods, with what they can and cannot show."""
    return Narrative.under(t("comparison.heading", lang), t("comparison.lead", lang))


def comparison_table(rows: Sequence[MethodRow], indicator: Indicator, lang: str, *, year: int, level: float) -> Table:
    """One indicator: each method's forecast, range and probability, and how it did on this series before."""
    scale = measure([x for r in rows for x in (r.median, r.low, r.high)], indicator.unit, lang)

    def name(r: MethodRow) -> str:
        return t(f"method.names.{r.method}", lang) + (t("comparison.ours", lang) if r.ours else "")

    def median(r: MethodRow) -> Mark:
        refused = "" if r.reason is None else t(f"reason.{r.reason}", lang, n=r.n, least=r.least)
        return Mark(refused or scale.text(r.median), raw=(scale.shown(r.median), refused or None))

    def inside(r: MethodRow) -> Mark:
        found = round((r.inside or 0) * r.origins)
        text = t("comparison.share", lang, inside=found, origins=r.origins) if r.origins else dash
        return Mark(text, raw=(None if r.inside is None else r.inside * 100, r.origins or None))

    dash, forecast = t("number.missing", lang), t("table.forecast", lang, year=year)
    columns = Columns[MethodRow](lang, "table")
    columns.text("method", name, width=5)
    fields = (Field("median", forecast, scale.unit), text_field("refused", t("columns.refused", lang)))
    columns.text("median", median, headed(forecast, scale.unit, lang), align="right", width=3, fields=fields)
    ends = t("table.interval", lang, level=percent(level, lang, 0))
    columns.add(scale.range_column("range", ends, width=4), lambda r: scale.range(r.low, r.high))
    columns.share("probability", lambda r: r.probability, probability=True)
    columns.share("error", lambda r: r.error, t("comparison.error", lang))
    fields = (Field("inside", t("columns.inside_share", lang), PERCENT), Field("origins", t("columns.origins", lang)))
    columns.text("inside", inside, t("comparison.inside", lang), align="right", width=3, fields=fields)
    label = f"tbl-{indicator.id.replace('_', '-')}-methods"
    caption = t("comparison.caption", lang, indicator=escape_markdown(indicator.name[lang]))
    return columns.table(rows, label=label, caption=caption)
