"""Tables about the forecasts themselves: districts and city made to add up, and the models users know beside ours."""

from __future__ import annotations

from collections.abc import Sequence

from greenreport.assess.coherence import Coherence
from greenreport.assess.comparison import MethodRow
from greenreport.plan import Indicator, Plan
from greenreport.present.catalog import t
from greenreport.present.columns import (
    PERCENT,
    count_column,
    estimate_cell,
    estimate_range,
    headed,
    measure,
    range_column,
    share_cell,
    share_column,
    text_field,
    year_cell,
    year_column,
)
from greenreport.present.narrative import in_sentence
from greenreport.present.numbers import joined, percent, unit_header
from greenreport.present.show import Field, Narrative, Table
from greenreport.present.tabulate import Column, Mark, escape_markdown, table

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
    if not made:
        pass  # the table's notes say why
    elif len(found) == 1:
        lines.append(t("coherence.moved_one" if moved else "coherence.same_one", lang))
    else:
        lines.append(t("coherence.moved", lang, names=joined(moved, lang)) if moved else t("coherence.same", lang))
    return Narrative(f"### {t('coherence.heading', lang)}\n\n" + ("" if lang == "zh" else " ").join(lines))


def coherence_table(found: Sequence[Coherence], plan: Plan, lang: str, *, level: float) -> Table:
    """Per indicator: the city's own forecast, the districts' sum, both reconciled, and the probabilities."""
    columns = [
        Column("indicator", t("table.indicator", lang), width=4),
        Column("unit", t("table.unit", lang), width=2),
        year_column("year", t("table.year", lang)),
        count_column("base", t("coherence.base", lang), width=3),
        count_column("summed", t("coherence.summed", lang), width=3),
        count_column("median", t("coherence.median", lang), width=3),
        range_column("range", t("table.interval", lang, level=percent(level, lang, 0)), lang),
        share_column("before", t("coherence.before", lang), lang),
        share_column("after", t("coherence.after", lang), lang),
    ]
    rows: list[dict[str, str | Mark]] = []
    notes = []
    for c in found:
        i = plan.indicator(c.indicator)
        rows.append(
            {
                "indicator": i.name[lang],
                "unit": unit_header(i.unit, lang),
                "year": year_cell(c.year, lang),
                "base": estimate_cell(c.base, i.unit, lang),
                "summed": estimate_cell(c.summed, i.unit, lang),
                "median": estimate_cell(c.median, i.unit, lang),
                "range": estimate_range(c.low, c.high, i.unit, lang),
                "before": share_cell(c.base_probability, lang, probability=True),
                "after": share_cell(c.probability, lang, probability=True),
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
    forecast = t("table.forecast", lang, year=year)
    scale = measure([x for r in rows for x in (r.median, r.low, r.high)], indicator.unit, lang)
    columns = [
        Column("method", t("table.method", lang), width=5),
        Column(
            "median",
            headed(forecast, scale.unit, lang),
            "right",
            width=3,
            fields=(Field("median", forecast, scale.unit), text_field("refused", t("columns.refused", lang))),
        ),
        scale.range_column("range", t("table.interval", lang, level=percent(level, lang, 0)), width=4),
        share_column("probability", t("table.probability", lang), lang),
        share_column("error", t("comparison.error", lang), lang),
        Column(
            "inside",
            t("comparison.inside", lang),
            "right",
            width=3,
            fields=(
                Field("inside", t("columns.inside_share", lang), PERCENT),
                Field("origins", t("columns.origins", lang)),
            ),
        ),
    ]
    cells: list[dict[str, str | Mark]] = []
    for r in rows:
        name = t(f"method.names.{r.method}", lang) + (t("comparison.ours", lang) if r.ours else "")
        refused = "" if r.reason is None else t(f"reason.{r.reason}", lang, n=r.n, least=r.least)
        cells.append(
            {
                "method": name,
                "median": Mark(refused or scale.text(r.median), raw=(scale.shown(r.median), refused or None)),
                "range": scale.range(r.low, r.high),
                "probability": share_cell(r.probability, lang, probability=True),
                "error": share_cell(r.error, lang),
                "inside": Mark(
                    t("comparison.share", lang, inside=round((r.inside or 0) * r.origins), origins=r.origins)
                    if r.origins
                    else t("number.missing", lang),
                    raw=(None if r.inside is None else r.inside * 100, r.origins or None),
                ),
            }
        )
    return table(
        columns,
        cells,
        label=f"tbl-{indicator.id.replace('_', '-')}-methods",
        caption=t("comparison.caption", lang, indicator=escape_markdown(indicator.name[lang])),
    )
