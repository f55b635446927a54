"""Where the figures come from: every publication that the ledger cites, with how many figures it gave.

Counts rows of the ledger; looks at no value.
"""

from __future__ import annotations

import html

from greenreport.assess.evidence import Evidence
from greenreport.present.catalog import t
from greenreport.present.columns import count_cell, count_column, date_column, text_field
from greenreport.present.narrative import prose
from greenreport.present.numbers import day, decimal, separated
from greenreport.present.numbers import years as spell_years
from greenreport.present.show import Narrative, Table
from greenreport.present.source_tables import source_name
from greenreport.present.tabulate import Column, Mark, table

__all__ = ["publications_chapter"]


def publications_chapter(evidence: Evidence, lang: str) -> tuple[Narrative | Table, ...]:
    """The publications behind the city's and the districts' figures, the most used first."""
    heading = f"## {t('publications.heading', lang)}\n\n"
    when = day(evidence.as_of, lang)
    codes = [evidence.plan.area, *(d.code for d in evidence.districts)]
    rows = evidence.view.rows(areas=codes)
    if not len(rows):
        return (Narrative(heading + t("publications.none", lang, day=when)),)
    groups = []
    for (code, grade), part in rows.groupby(["source", "grade"], sort=True, observed=True):
        source = source_name(str(code), evidence.ledger.sources, lang)
        addresses = sorted({str(a) for a in part["source_address"] if isinstance(a, str) and a})
        years = sorted({int(y) for y in part["year"].dropna()} - {0})  # 0: no single year
        groups.append((source, str(grade), len(part), part["area"].nunique(), years, part["vintage"].max(), addresses))
    groups.sort(key=lambda g: (-g[2], g[0], g[1]))
    cells: list[dict[str, str | Mark]] = []
    for source, grade, n, areas, years, latest, addresses in groups:
        span = spell_years(years[0], years[-1], lang) if years else ""
        address = addresses[0].split(" ")[0] if addresses else ""
        linked = html.escape(source)
        if address.startswith(("http://", "https://")):
            linked = f'<a href="{html.escape(address, quote=True)}" rel="noreferrer">{linked}</a>'
        published = f"{latest:%Y-%m-%d}"
        cells.append(
            {
                "source": Mark(source, linked, (source, address or None)),
                "grade": grade,
                "figures": count_cell(n, lang),
                "areas": count_cell(int(areas), lang),
                "years": span or t("number.missing", lang),
                "latest": Mark(published, raw=(published,)),
            }
        )
    name = t("publications.source", lang)
    columns = [
        Column(
            "source",
            name,
            width=8,
            fields=(text_field("source", name), text_field("address", t("publications.address", lang))),
        ),
        Column("grade", t("publications.grade", lang), width=2),
        count_column("figures", t("publications.figures", lang)),
        count_column("areas", t("publications.areas", lang)),
        Column("years", t("publications.years", lang), width=3),
        date_column("latest", t("publications.latest", lang)),
    ]
    legend = separated((t(f"grade.{g}", lang) for g in sorted({g[1] for g in groups})), lang)
    told = t("publications.lead", lang, n=len({g[0] for g in groups}), figures=decimal(len(rows), lang, 0), day=when)
    return (
        Narrative(heading + prose([told], lang)),
        table(
            columns,
            cells,
            label="tbl-publications",
            caption=t("publications.caption", lang),
            notes=[t("publications.note", lang, legend=legend)],
        ),
    )
