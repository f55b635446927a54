"""The tables of what a verdict rests on: every piece of evidence, and readings of figures that contradict each other.

Lays out an assessment's `basis` and `readings`; weighs nothing and grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from greenreport.areas import Roster
from greenreport.assess.model import BasisItem, IndicatorAssessment, Reading
from greenreport.plan import Indicator
from greenreport.present.columns import Columns, estimate_cell, estimate_range, missing_cell, raw, text_field
from greenreport.present.evidence_words import period_words, pieces
from greenreport.present.numbers import bracketed, percent, probability, quantity, unit_header
from greenreport.present.show import Field, Table
from greenreport.present.source_tables import linked, source_name
from greenreport.present.tabulate import Mark
from greenreport.text import Text
from greenreport.words import t

__all__ = ["basis_tables"]


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
        one: the indicator's assessment; without a basis there is no table.
        indicator: the indicator as the plan has it.
        lang: language.
        area: code of the area that is assessed; evidence of another one is named so.
        roster: names of areas.
        level: level of the printed interval.
        sources: what the ledger's sources are called in each language, where that differs.
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
