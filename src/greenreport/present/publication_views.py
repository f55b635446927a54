"""Where the figures come from: every publication that the ledger cites, with how many figures it gave.

Counts rows of the ledger; looks at no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from greenreport.assess.evidence import Evidence
from greenreport.present.columns import Columns, text_field
from greenreport.present.messages import prose
from greenreport.present.numbers import day, decimal, separated, years
from greenreport.present.show import Narrative, Table
from greenreport.present.source_tables import linked, source_name
from greenreport.present.tabulate import Mark
from greenreport.words import t

__all__ = ["publications_chapter"]


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
    """The publications behind the city's and the districts' figures, the most used first."""
    heading = t("publications.heading", lang)
    when = day(evidence.as_of, lang)
    rows = evidence.view.rows(areas=[evidence.plan.area, *(d.code for d in evidence.districts)])
    if not len(rows):
        return (Narrative.under(heading, t("publications.none", lang, day=when)),)
    found = [
        _Publication.of(source_name(str(code), evidence.ledger.sources, lang), str(grade), part)
        for (code, grade), part in rows.groupby(["source", "grade"], sort=True, observed=True)
    ]
    found.sort(key=lambda p: (-p.figures, p.source, p.grade))
    told = t("publications.lead", lang, n=len({p.source for p in found}), figures=decimal(len(rows), lang, 0), day=when)
    return Narrative.under(heading, prose([told], lang)), _table(found, lang)


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
    legend = separated((t(f"grade.{g}", lang) for g in sorted({p.grade for p in found})), lang)
    notes = [t("publications.note", lang, legend=legend)]
    return columns.table(found, label="tbl-publications", caption=t("publications.caption", lang), notes=notes)
