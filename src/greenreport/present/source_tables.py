"""Where a page's figures come from: every figure with its row and publication, levels and growth as published.

Lays out rows of the ledger's figures; `numbers` writes them with every digit that was published.
"""

from __future__ import annotations

import html
from collections.abc import Mapping

from greenreport.assess.model import Assessment
from greenreport.observations import Point, Series
from greenreport.plan import Plan
from greenreport.present.catalog import point_kind, t
from greenreport.present.columns import (
    count_column,
    date_column,
    raw,
    share_cell,
    share_column,
    text_field,
    year_cell,
    year_column,
)
from greenreport.present.numbers import exact, exact_digits, month, separated, unit_header
from greenreport.present.show import Table
from greenreport.present.tables import pairs
from greenreport.present.tabulate import Column, Mark, table
from greenreport.text import Text

__all__ = ["published_table", "source_name", "sources_table"]


def sources_table(assessment: Assessment, plan: Plan, lang: str, *, sources: Mapping[str, Text] | None = None) -> Table:
    """Every figure that the page uses, with the row and the publication it comes from.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.
        sources: what the ledger's sources are called in each language, where that differs.
    """
    columns = [
        Column("indicator", t("table.indicator", lang), width=4),
        Column("year", t("table.year", lang), "right", width=3, fields=(text_field("period", t("table.year", lang)),)),
        count_column("value", t("table.value", lang), width=3),
        Column("unit", t("table.unit", lang), width=3),
        Column("kind", t("chart.kind", lang), width=3),
        Column("grade", t("table.grade", lang), width=2),
        date_column("vintage", t("table.vintage", lang)),
        _sourced(lang),
    ]
    rows: list[dict[str, str | Mark]] = []
    for indicator, one in pairs(assessment, plan):
        digits = exact_digits((p.value for p in one.points if p.kind != "derived"), indicator.unit, lang)
        for p in (p for p in one.points if p.row):  # what was worked out stands in no row
            period = (
                str(p.year) if p.months == 12 else t("table.part_year", lang, year=p.year, month=month(p.months, lang))
            )
            rows.append(
                {
                    "indicator": indicator.short[lang],
                    "year": period,
                    "value": Mark(
                        exact(p.value, indicator.unit, lang, digits), raw=(raw(p.value, indicator.unit, lang),)
                    ),
                    "unit": unit_header(indicator.unit, lang),
                    "kind": separated([t(point_kind(p), lang), *(m[lang] for m in p.marks)], lang),
                    "grade": p.grade,
                    "vintage": Mark(p.vintage.isoformat(), raw=(p.vintage.isoformat(),)),
                    "source": _source(p, source_name(p.source, sources or {}, lang)),
                }
            )
    grades = {p.grade for one in assessment.indicators for p in one.points}
    legend = separated((t(f"grade.{g}", lang) for g in sorted(grades)), lang)
    return table(
        columns,
        rows,
        label="tbl-sources",
        caption=t("table.sources_caption", lang),
        notes=[legend] if legend else [],
    )


def published_table(
    series: Mapping[str, Series], plan: Plan, lang: str, *, sources: Mapping[str, Text] | None = None
) -> Table:
    """Levels and growth as they were published: levels of different vintages do not make a growth rate.

    Args:
        series: indicator id → its series on the published basis.
        plan: the plan as it applies to the area.
        lang: language of the words.
        sources: as in [sources_table].
    """
    columns = [
        Column("indicator", t("table.indicator", lang), width=4),
        year_column("year", t("table.year", lang)),
        count_column("value", t("table.published_level", lang), width=3),
        Column("unit", t("table.unit", lang), width=3),
        share_column("growth", t("table.published_growth", lang), lang, width=3),
        Column("grade", t("table.grade", lang), width=2),
        _sourced(lang),
    ]
    digits = {id: exact_digits((p.value for p in s.annual), plan.indicator(id).unit, lang) for id, s in series.items()}
    rows: list[dict[str, str | Mark]] = [
        {
            "indicator": plan.indicator(id).short[lang],
            "year": year_cell(p.year, lang),
            "value": Mark(
                exact(p.value, plan.indicator(id).unit, lang, digits[id]),
                raw=(raw(p.value, plan.indicator(id).unit, lang),),
            ),
            "unit": unit_header(plan.indicator(id).unit, lang),
            "growth": share_cell(None if p.growth_pct is None else p.growth_pct / 100, lang),
            "grade": p.grade,
            "source": _source(p, source_name(p.source, sources or {}, lang)),
        }
        for id, one in series.items()
        for p in one.annual
    ]
    return table(
        columns,
        rows,
        label="tbl-published",
        caption=t("table.published_caption", lang),
        notes=[t("table.published_note", lang)],
    )


def _sourced(lang: str) -> Column:
    name = t("table.source", lang)
    fields = (
        text_field("source", name),
        text_field("row", t("columns.row", lang)),
        text_field("address", t("columns.address", lang)),
    )
    return Column("source", name, width=8, fields=fields)


def source_name(source: str, sources: Mapping[str, Text], lang: str) -> str:
    """What a source, or several that were added up, is called in a language."""
    named = (sources[one][lang] if one in sources else one for one in source.split("; "))
    return "; ".join(named)


def _source(p: Point, name: str) -> Mark:
    return Mark(f"{name} [{p.row}]", _source_html(p, name), (name, p.row, p.address or None))


def _source_html(p: Point, name: str) -> str:
    address, row = p.address, p.row
    text = html.escape(name)
    if address.startswith(("http://", "https://")):
        text = f'<a href="{html.escape(address.split(" ")[0], quote=True)}" rel="noreferrer">{text}</a>'
    return f'{text} <span class="gr-row">{html.escape(row)}</span>'
