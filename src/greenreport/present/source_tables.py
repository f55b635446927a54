"""Where a page's figures come from: every figure with its row and publication, levels and growth as published.

Lays out rows of the ledger's figures; `numbers` writes them with every digit that was published.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import NamedTuple

from greenreport.assess.model import Assessment
from greenreport.observations import Point, Series
from greenreport.plan import Indicator, Plan
from greenreport.present.columns import Columns, raw, text_field
from greenreport.present.evidence_words import point_kind
from greenreport.present.numbers import exact, exact_digits, month, separated, unit_header
from greenreport.present.show import Table
from greenreport.present.tables import pairs
from greenreport.present.tabulate import Mark
from greenreport.text import Text
from greenreport.words import t

__all__ = ["linked", "published_table", "source_name", "sources_table"]


def sources_table(assessment: Assessment, plan: Plan, lang: str, *, sources: Mapping[str, Text] | None = None) -> Table:
    """Every figure that the page uses, with the row and the publication it comes from.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.
        sources: what the ledger's sources are called in each language, where that differs.
    """
    rows = []
    for indicator, one in pairs(assessment, plan):
        digits = exact_digits((p.value for p in one.points if p.kind != "derived"), indicator.unit, lang)
        rows += [_Row(p, indicator, digits) for p in one.points if p.row]  # what was worked out stands in no row

    def period(r: _Row) -> str:
        part = t("table.part_year", lang, year=r.point.year, month=month(r.point.months, lang))
        return str(r.point.year) if r.point.months == 12 else part

    def kind(r: _Row) -> str:
        return separated([t(point_kind(r.point), lang), *(mark[lang] for mark in r.point.marks)], lang)

    columns = Columns[_Row](lang, "table")
    columns.text("indicator", lambda r: r.indicator.short[lang], width=4)
    year = t("table.year", lang)
    columns.text("year", period, year, align="right", width=3, fields=(text_field("period", year),))
    columns.figure("value", lambda r: r.value(lang))
    columns.text("unit", lambda r: unit_header(r.indicator.unit, lang), width=3)
    columns.text("kind", kind, t("chart.kind", lang), width=3)
    columns.text("grade", lambda r: r.point.grade, width=2)
    columns.date("vintage", lambda r: r.point.vintage)
    _add_source(columns, sources or {})
    grades = {p.grade for one in assessment.indicators for p in one.points}
    notes = [separated((t(f"grade.{g}", lang) for g in sorted(grades)), lang)] if grades else []
    return columns.table(rows, label="tbl-sources", caption=t("table.sources_caption", lang), notes=notes)


class _Row(NamedTuple):
    """A published figure, and the digits after the point that all figures of its column need."""

    point: Point
    indicator: Indicator
    digits: int

    def value(self, lang: str) -> Mark:
        """With every digit that was published."""
        unit = self.indicator.unit
        return Mark(exact(self.point.value, unit, lang, self.digits), raw=(raw(self.point.value, unit, lang),))


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
    rows = []
    for id, one in series.items():
        indicator = plan.indicator(id)
        digits = exact_digits((p.value for p in one.annual), indicator.unit, lang)
        rows += [_Row(p, indicator, digits) for p in one.annual]
    columns = Columns[_Row](lang, "table")
    columns.text("indicator", lambda r: r.indicator.short[lang], width=4)
    columns.year("year", lambda r: r.point.year)
    columns.figure("value", lambda r: r.value(lang), t("table.published_level", lang))
    columns.text("unit", lambda r: unit_header(r.indicator.unit, lang), width=3)
    growth = t("table.published_growth", lang)
    columns.share("growth", lambda r: None if r.point.growth_pct is None else r.point.growth_pct / 100, growth, width=3)
    columns.text("grade", lambda r: r.point.grade, width=2)
    _add_source(columns, sources or {})
    notes = [t("table.published_note", lang)]
    return columns.table(rows, label="tbl-published", caption=t("table.published_caption", lang), notes=notes)


def _add_source(columns: Columns[_Row], sources: Mapping[str, Text]) -> None:
    """The publication that a figure comes from, and its row."""
    lang = columns.lang
    name = t("table.source", lang)

    def cell(r: _Row) -> Mark:
        p, said = r.point, source_name(r.point.source, sources, lang)
        screen = f'{linked(said, p.address)} <span class="gr-row">{html.escape(p.row)}</span>'
        return Mark(f"{said} [{p.row}]", screen, (said, p.row, p.address or None))

    keys = {"source": name, "row": t("columns.row", lang), "address": t("columns.address", lang)}
    columns.text("source", cell, name, width=8, fields=tuple(text_field(key, label) for key, label in keys.items()))


def source_name(source: str, sources: Mapping[str, Text], lang: str) -> str:
    """What a source, or several that were added up, is called in a language."""
    named = (sources[one][lang] if one in sources else one for one in source.split("; "))
    return "; ".join(named)


def linked(name: str, address: str) -> str:
    """A source's name for the screen, leading to its address on the web where it has one."""
    text = html.escape(name)
    if not address.startswith(("http://", "https://")):
        return text
    return f'<a href="{html.escape(address.split(" ")[0], quote=True)}" rel="noreferrer">{text}</a>'
