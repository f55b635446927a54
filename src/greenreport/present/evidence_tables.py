"""The tables of what a verdict rests on: every piece of evidence, and readings of figures that contradict each other.

Lays out an assessment's `basis` and `readings`; weighs nothing and grades nothing.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping

from greenreport.areas import Roster
from greenreport.assess.model import BasisItem, IndicatorAssessment, Reading
from greenreport.plan import Indicator
from greenreport.present.catalog import t
from greenreport.present.columns import (
    date_column,
    estimate_cell,
    estimate_range,
    range_column,
    raw,
    share_cell,
    share_column,
    text_field,
)
from greenreport.present.evidence_words import period_words, pieces
from greenreport.present.numbers import bracketed, percent, probability, quantity, unit_header
from greenreport.present.show import Field, Table
from greenreport.present.source_tables import source_name
from greenreport.present.tabulate import Column, Mark, table
from greenreport.text import Text

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
    source = t("basis.columns.source", lang)
    value = t("basis.columns.value", lang)
    columns = [
        Column("evidence", t("basis.columns.evidence", lang), width=3),
        Column("period", t("basis.columns.period", lang), width=3),
        Column(
            "value",
            value,
            "right",
            3,
            (
                Field("value", value, unit_header(indicator.unit, lang)),
                Field("rate", t("basis.kind.growth", lang), "%"),
            ),
        ),
        Column(
            "source",
            source,
            width=6,
            fields=(text_field("source", source), text_field("address", t("columns.address", lang))),
        ),
        date_column("published", t("basis.columns.published", lang)),
        Column("grade", t("basis.columns.grade", lang), width=1),
        Column("role", t("basis.columns.role", lang), width=4),
    ]
    if head is not None:
        columns.append(share_column("without", t("basis.columns.probability", lang), lang, width=2))
    else:
        columns.append(
            Column(
                "without",
                t("basis.columns.median", lang),
                "right",
                3,
                (Field("without", t("basis.columns.median", lang), unit_header(indicator.unit, lang)),),
            )
        )
    rows: list[dict[str, str | Mark]] = [
        {
            "evidence": _kind(b, lang, area=area, roster=roster),
            "period": period_words(b.period, lang),
            "value": _value(b, indicator, lang),
            "source": _source(b, source_name(b.source, sources, lang)),
            "published": Mark(b.vintage.isoformat(), raw=(b.vintage.isoformat(),)),
            "grade": b.grade,
            "role": _role(b, lang),
            "without": share_cell(b.probability_without, lang, probability=True)
            if head is not None
            else Mark(
                quantity(b.median_without, indicator.unit, lang), raw=(raw(b.median_without, indicator.unit, lang),)
            ),
        }
        for b in one.basis
    ]
    year = one.head.year if one.head else max((s.year for s in one.outlook.steps), default=0)
    if head is None:
        note = t("basis.note_plain", lang, year=year)
    elif head.probability is None:
        note = t("basis.note_open", lang, year=year)
    else:
        note = t("basis.note", lang, year=year, p=probability(head.probability, lang))
    return table(
        columns,
        rows,
        label=f"tbl-{one.id.replace('_', '-')}-basis",
        caption=t("basis.caption", lang, indicator=indicator.name[lang]),
        notes=[note],
    )


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
    return Mark(t("number.missing", lang), raw=(None, None))


def _role(b: BasisItem, lang: str) -> str:
    role = t("basis.used" if b.used else "basis.left", lang)
    return role if b.doubt is None else t("basis.because", lang, role=role, doubt=t(f"doubt.{b.doubt}", lang))


def _source(b: BasisItem, name: str) -> Mark:
    text = html.escape(name)
    if b.address.startswith(("http://", "https://")):
        text = f'<a href="{html.escape(b.address.split(" ")[0], quote=True)}" rel="noreferrer">{text}</a>'
    return Mark(name, text, (name, b.address or None))


def _readings_table(one: IndicatorAssessment, indicator: Indicator, lang: str, *, level: float) -> Table:
    said = percent(level, lang, 0)
    unit = unit_header(indicator.unit, lang)
    median = t("readings.columns.median", lang)
    columns = [
        Column("reading", t("readings.columns.reading", lang), width=2),
        Column("kept", t("readings.columns.kept", lang), width=5),
        Column("dropped", t("readings.columns.dropped", lang), width=5),
        share_column("probability", t("readings.columns.probability", lang), lang),
        Column("median", median + bracketed(unit, lang), "right", 3, (Field("median", median, unit),)),
        range_column("interval", t("readings.columns.interval", lang, level=said), lang, unit=unit),
    ]
    rows: list[dict[str, str | Mark]] = [_reading_row(n, r, indicator, lang) for n, r in enumerate(one.readings, 1)]
    return table(
        columns,
        rows,
        label=f"tbl-{one.id.replace('_', '-')}-readings",
        caption=t("readings.caption", lang, indicator=indicator.name[lang]),
    )


def _reading_row(n: int, r: Reading, indicator: Indicator, lang: str) -> dict[str, str | Mark]:
    name = t("readings.number", lang, n=n) + bracketed(t("readings.of_report", lang) if r.leading else "", lang)
    return {
        "reading": name,
        "kept": pieces(r.kept, lang, empty="readings.all"),
        "dropped": pieces(r.dropped, lang, empty="readings.none"),
        "probability": share_cell(r.probability, lang, probability=True),
        "median": estimate_cell(r.median, indicator.unit, lang),
        "interval": estimate_range(r.low, r.high, indicator.unit, lang),
    }
