"""Where figures come from and what a verdict rests on: every figure, publication and piece of evidence in tables.

Lays out what an assessment and the ledger hold; weighs nothing and grades nothing.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from greenreport.areas import Roster
from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Assessment, BasisItem, IndicatorAssessment, Reading
from greenreport.observations import Point, Series
from greenreport.plan import Indicator, Plan
from greenreport.present.columns import Columns, estimate_cell, estimate_range, missing_cell, raw, text_field
from greenreport.present.evidence_words import period_words, pieces, point_kind
from greenreport.present.messages import prose, section, titled
from greenreport.present.numbers import (
    bracketed,
    day,
    decimal,
    exact,
    exact_digits,
    month,
    percent,
    probability,
    quantity,
    separated,
    unit_header,
    years,
)
from greenreport.present.show import Field, Narrative, Table
from greenreport.present.tables import pairs
from greenreport.present.tabulate import Mark
from greenreport.text import Text
from greenreport.words import t


def sources_chapter(
    assessment: Assessment, plan: Plan, lang: str, *, sources: Mapping[str, Text] | None = None
) -> Iterator[Narrative | Table]:
    """Every figure that the page uses, with the row and the publication it comes from.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.
        sources: what the ledger's sources are called in each language, where that differs.

    Yields:
        A heading and the table; nothing where there are no figures.
    """
    if not any(one.points for one in assessment.indicators):
        return
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
    yield section("sources.heading", lang)
    notes = [_grades((p.grade for one in assessment.indicators for p in one.points), lang)]
    yield columns.table(rows, label="tbl-sources", caption=t("table.sources_caption", lang), notes=notes)


def _grades(grades: Iterable[str], lang: str) -> str:
    """What these grades of figures mean."""
    return separated((t(f"grade.{g}", lang) for g in sorted(set(grades))), lang)


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
        sources: what the ledger's sources are called in each language, where that differs.

    Returns:
        A table with a row for each figure of a whole year.
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


def basis_tables(
    one: IndicatorAssessment,
    indicator: Indicator,
    lang: str,
    *,
    area: str,
    roster: Roster,
    level: float = 0.80,
    sources: Mapping[str, Text] | None = None,
) -> Iterator[Table]:
    """The table of what an indicator's verdict rests on, and that of the readings where figures contradict each other.

    Args:
        one: the indicator's assessment.
        indicator: the indicator as the plan has it.
        lang: language.
        area: code of the area that is assessed; evidence of another one is named so.
        roster: names of areas.
        level: level of the printed interval.
        sources: what the ledger's sources are called in each language, where that differs.

    Yields:
        The tables; nothing without a basis.
    """
    if one.basis:
        yield _basis_table(one, indicator, lang, area=area, roster=roster, sources=sources or {})
    if len(one.readings) > 1:
        yield _readings_table(one, indicator, lang, level=level)


def _basis_table(
    one: IndicatorAssessment,
    indicator: Indicator,
    lang: str,
    *,
    area: str,
    roster: Roster,
    sources: Mapping[str, Text],
) -> Table:
    head = one.head if any(b.probability_without is not None for b in one.basis) else None
    unit = indicator.unit

    def word(key: str) -> str:
        return t(f"basis.columns.{key}", lang)

    def source(b: BasisItem) -> Mark:
        name = source_name(b.source, sources, lang)
        return Mark(name, linked(name, b.address), (name, b.address or None))

    def without(b: BasisItem) -> Mark:
        return Mark(quantity(b.median_without, unit, lang), raw=(raw(b.median_without, unit, lang),))

    columns = Columns[BasisItem](lang, "basis.columns")
    columns.text("evidence", lambda b: _kind(b, lang, area=area, roster=roster), width=3)
    columns.text("period", lambda b: period_words(b.period, lang), width=3)
    fields = (Field("value", word("value"), unit_header(unit, lang)), Field("rate", t("basis.kind.growth", lang), "%"))
    columns.text("value", lambda b: _value(b, indicator, lang), align="right", width=3, fields=fields)
    fields = (text_field("source", word("source")), text_field("address", t("columns.address", lang)))
    columns.text("source", source, width=6, fields=fields)
    columns.date("published", lambda b: b.vintage)
    columns.text("grade", lambda b: b.grade)
    columns.text("role", lambda b: _role(b, lang), width=4)
    if head is not None:
        columns.share("without", lambda b: b.probability_without, word("probability"), probability=True)
    else:
        columns.figure("without", without, word("median"), unit=unit_header(unit, lang))
    year = one.head.year if one.head else max((s.year for s in one.outlook.steps), default=0)
    chance = head.probability if head else None
    key = "basis.note_plain" if head is None else "basis.note_open" if chance is None else "basis.note"
    label, caption = f"tbl-{one.id.replace('_', '-')}-basis", t("basis.caption", lang, indicator=indicator.name[lang])
    note = t(key, lang, year=year, p=probability(chance, lang))
    return columns.table(one.basis, label=label, caption=caption, notes=[note])


def _kind(b: BasisItem, lang: str, *, area: str, roster: Roster) -> str:
    words = t(f"basis.kind.{b.kind}", lang)
    if b.area and b.area != area:
        words += bracketed(t("basis.borrowed", lang, area=roster.area(b.area).short[lang]), lang)
    return words[0].upper() + words[1:]


def _value(b: BasisItem, indicator: Indicator, lang: str) -> Mark:
    """The figure as its source words it: about, more than; or a growth a year."""
    if b.value is not None:
        text = t(f"basis.side.{b.side}", lang, value=quantity(b.value, indicator.unit, lang))
        return Mark(text, raw=(raw(b.value, indicator.unit, lang), None))
    if b.rate is not None:
        rate = t("basis.rate", lang, rate=percent(b.rate, lang)) if "/" in b.period else percent(b.rate, lang)
        return Mark(t(f"basis.side.{b.side}", lang, value=rate), raw=(None, b.rate * 100))
    return missing_cell(lang, 2)


def _role(b: BasisItem, lang: str) -> str:
    role = t("basis.used" if b.used else "basis.left", lang)
    return role if b.doubt is None else t("basis.because", lang, role=role, doubt=t(f"doubt.{b.doubt}", lang))


def _readings_table(one: IndicatorAssessment, indicator: Indicator, lang: str, *, level: float) -> Table:
    unit = indicator.unit
    head = unit_header(unit, lang)
    numbers = {id(r): n for n, r in enumerate(one.readings, 1)}

    def name(r: Reading) -> str:
        of_report = t("readings.of_report", lang) if r.leading else ""
        return t("readings.number", lang, n=numbers[id(r)]) + bracketed(of_report, lang)

    columns = Columns[Reading](lang, "readings.columns")
    columns.text("reading", name, width=2)
    columns.text("kept", lambda r: pieces(r.kept, lang, empty="readings.all"), width=5)
    columns.text("dropped", lambda r: pieces(r.dropped, lang, empty="readings.none"), width=5)
    columns.share("probability", lambda r: r.probability, probability=True)
    columns.figure("median", lambda r: estimate_cell(r.median, unit, lang), unit=head, named=True)
    ends = t("readings.columns.interval", lang, level=percent(level, lang, 0))
    columns.range("interval", lambda r: estimate_range(r.low, r.high, unit, lang), ends, unit=head)
    label = f"tbl-{one.id.replace('_', '-')}-readings"
    return columns.table(one.readings, label=label, caption=t("readings.caption", lang, indicator=indicator.name[lang]))


@dataclass(frozen=True)
class _Publication:
    """What one publication gave of one grade; `years` without figures of no single year."""

    source: str
    grade: str
    figures: int
    areas: int
    years: list[int]
    latest: date
    address: str

    @classmethod
    def of(cls, source: str, grade: str, rows: pd.DataFrame) -> _Publication:
        """Counts the rows of the ledger that cite it."""
        addresses = sorted({str(a) for a in rows["source_address"] if isinstance(a, str) and a})
        years = sorted({int(y) for y in rows["year"].dropna()} - {0})
        address = addresses[0].split(" ")[0] if addresses else ""
        return cls(source, grade, len(rows), int(rows["area"].nunique()), years, rows["vintage"].max(), address)


def publications_chapter(evidence: Evidence, lang: str) -> tuple[Narrative | Table, ...]:
    """The publications behind the city's and the districts' figures, the most used first.

    Args:
        evidence: what the evaluation rests on.
        lang: language.

    Returns:
        A text, with its heading, and a table where there are any figures.
    """
    when = day(evidence.as_of, lang)
    rows = evidence.view.rows(areas=[evidence.plan.area, *(d.code for d in evidence.districts)])
    if not len(rows):
        return (titled("publications.heading", [t("publications.none", lang, day=when)], lang),)
    found = [
        _Publication.of(source_name(str(code), evidence.ledger.sources, lang), str(grade), part)
        for (code, grade), part in rows.groupby(["source", "grade"], sort=True, observed=True)
    ]
    found.sort(key=lambda p: (-p.figures, p.source, p.grade))
    told = t("publications.lead", lang, n=len({p.source for p in found}), figures=decimal(len(rows), lang, 0), day=when)
    return titled("publications.heading", [prose([told], lang)], lang), _table(found, lang)


def _table(found: Sequence[_Publication], lang: str) -> Table:
    dash, name = t("number.missing", lang), t("publications.source", lang)
    columns = Columns[_Publication](lang, "publications")
    columns.text(
        "source",
        lambda p: Mark(p.source, linked(p.source, p.address), (p.source, p.address or None)),
        name,
        width=8,
        fields=(text_field("source", name), text_field("address", t("publications.address", lang))),
    )
    columns.text("grade", lambda p: p.grade, width=2)
    columns.count("figures", lambda p: p.figures)
    columns.count("areas", lambda p: p.areas)
    span = t("publications.years", lang)
    columns.text("years", lambda p: years(p.years[0], p.years[-1], lang) if p.years else dash, span, width=3)
    columns.date("latest", lambda p: p.latest)
    legend = _grades((p.grade for p in found), lang)
    notes = [t("publications.note", lang, legend=legend)]
    return columns.table(found, label="tbl-publications", caption=t("publications.caption", lang), notes=notes)
