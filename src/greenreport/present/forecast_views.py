"""Tables about the forecasts themselves: districts and city made to add up, and the models users know beside ours."""

from __future__ import annotations

from collections.abc import Sequence

from greenreport.assess.coherence import Coherence
from greenreport.assess.comparison import MethodRow
from greenreport.plan import Indicator, Plan
from greenreport.present.catalog import t
from greenreport.present.narrative import in_sentence
from greenreport.present.numbers import interval, joined, percent, probability, quantity
from greenreport.present.show import Narrative, Table
from greenreport.present.tabulate import Column, escape_markdown, table

__all__ = ["coherence_table", "coherence_text", "comparison_heading", "comparison_table"]


def coherence_text(found: Sequence[Coherence], plan: Plan, lang: str) -> Narrative:
    """Why the city's forecast is reconciled with its districts', and what it changes."""
    made = [c for c in found if c.reason is None]
    lines = [t("coherence.lead", lang)]
    moved = [
        in_sentence(plan.indicator(c.indicator).name[lang], lang)
        for c in made
        if c.probability is not None
        and c.base_probability is not None
        and abs(c.probability - c.base_probability) >= 0.1
    ]
    lines.append(t("coherence.moved", lang, names=joined(moved, lang)) if moved else t("coherence.same", lang))
    return Narrative(f"### {t('coherence.heading', lang)}\n\n" + ("" if lang == "zh" else " ").join(lines))


def coherence_table(found: Sequence[Coherence], plan: Plan, lang: str, *, level: float) -> Table:
    """Per indicator: the city's own forecast, the districts' sum, both reconciled, and the probabilities."""
    columns = [
        Column("indicator", t("table.indicator", lang), width=4),
        Column("year", t("table.year", lang), "right", width=2),
        Column("base", t("coherence.base", lang), "right", width=3),
        Column("summed", t("coherence.summed", lang), "right", width=3),
        Column("median", t("coherence.median", lang), "right", width=3),
        Column("range", t("table.interval", lang, level=percent(level, lang, 0)), "right", width=4),
        Column("before", t("coherence.before", lang), "right", width=2),
        Column("after", t("coherence.after", lang), "right", width=2),
    ]
    rows = []
    notes = []
    for c in found:
        i = plan.indicator(c.indicator)
        rows.append(
            {
                "indicator": i.name[lang],
                "year": str(c.year),
                "base": quantity(c.base, i.unit, lang),
                "summed": quantity(c.summed, i.unit, lang),
                "median": quantity(c.median, i.unit, lang),
                "range": interval(c.low, c.high, i.unit, lang),
                "before": probability(c.base_probability, lang),
                "after": probability(c.probability, lang),
            }
        )
        if c.left_out or c.reason:
            notes.append(
                t(
                    "coherence.refused" if c.reason else "coherence.left_out",
                    lang,
                    indicator=i.short[lang],
                    n=len(c.left_out),
                )
            )
    return table(columns, rows, label="tbl-coherence", caption=t("coherence.caption", lang), notes=notes)


def comparison_heading(lang: str) -> Narrative:
    """The heading above the tables that compare methods, with what they can and cannot show."""
    return Narrative(f"## {t('comparison.heading', lang)}\n\n{t('comparison.lead', lang)}")


def comparison_table(rows: Sequence[MethodRow], indicator: Indicator, lang: str, *, year: int, level: float) -> Table:
    """One indicator: each method's forecast, range and probability, and how it did on this series before."""
    columns = [
        Column("method", t("table.method", lang), width=5),
        Column("median", t("table.forecast", lang, year=year), "right", width=3),
        Column("range", t("table.interval", lang, level=percent(level, lang, 0)), "right", width=4),
        Column("probability", t("table.probability", lang), "right", width=2),
        Column("error", t("comparison.error", lang), "right", width=2),
        Column("inside", t("comparison.inside", lang), "right", width=3),
    ]
    cells = []
    for r in rows:
        name = t(f"method.names.{r.method}", lang) + (t("comparison.ours", lang) if r.ours else "")
        refused = "" if r.reason is None else t(f"reason.{r.reason}", lang, n="", least="")
        cells.append(
            {
                "method": name,
                "median": quantity(r.median, indicator.unit, lang) if r.reason is None else refused,
                "range": interval(r.low, r.high, indicator.unit, lang),
                "probability": probability(r.probability, lang),
                "error": percent(r.error, lang),
                "inside": t("comparison.share", lang, inside=round((r.inside or 0) * r.origins), origins=r.origins)
                if r.origins
                else t("number.missing", lang),
            }
        )
    return table(
        columns,
        cells,
        label=f"tbl-{indicator.id.replace('_', '-')}-methods",
        caption=t("comparison.caption", lang, indicator=escape_markdown(indicator.name[lang])),
    )
