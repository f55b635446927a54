"""The frame of a mid-term report: what was evaluated and how, the numbering of chapters, the annex.

Tells what the plan, the roster and the ledger say of themselves; grades nothing.
"""

from __future__ import annotations

from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Assessment
from greenreport.plan import Contradiction, Plan
from greenreport.present.catalog import t
from greenreport.present.narrative import prose
from greenreport.present.numbers import bracketed, clauses, day, joined, listed, separated, unit_header
from greenreport.present.paces import kind_of
from greenreport.present.show import Narrative, Table
from greenreport.present.tabulate import Column, escape_markdown, table
from greenreport.progress import likelihood

__all__ = [
    "annex_text",
    "beneath",
    "contradictions_table",
    "contradictions_text",
    "definitions_heading",
    "definitions_table",
    "forecast_text",
    "main_heading",
    "raised",
    "reproduce_text",
    "scope_text",
    "sources_text",
    "to_city",
    "to_overview",
]


def beneath(text: Narrative) -> Narrative:
    """The same text one level down, for a part of the annex."""
    lines = (f"#{line}" if line.startswith("##") else line for line in text.markdown.split("\n"))
    return Narrative("\n".join(lines))


def scope_text(evidence: Evidence, city: Assessment, lang: str, *, districts: int | None = None) -> Narrative:
    """Basis, scope, data cut-off and method of an evaluation, a paragraph each.

    Args:
        evidence: what the evaluation rests on.
        city: the city's assessment.
        lang: `zh` or `en`.
        districts: how many districts are assessed beside the city; all by default.
    """
    plan, ledger = evidence.plan, evidence.ledger
    years = [p.year for one in city.indicators for p in one.points if p.months == 12]
    if districts != 0:
        series = (evidence.series(i, d, city.options) for i in plan.indicators for d in evidence.districts)
        years += [p.year for one in series for p in one.annual[-1:]]
    latest = max(years, default=0)
    keys: list[str] = list(dict.fromkeys(i.allocation for i in plan.indicators if i.allocation != "none"))
    if city.options.allocation != "plan":
        keys = [city.options.allocation]
    dated = t("scope.dated", lang, day=day(plan.issued, lang)) if plan.issued else ""
    released = t("scope.released", lang, day=day(plan.released, lang)) if plan.released and plan.issued else ""
    document = clauses([part for part in (plan.number, dated + released) if part], lang)
    paragraphs = [
        t(
            "scope.basis",
            lang,
            ahead=t("scope.ahead", lang, outlook=plan.outlook) if plan.outlook > plan.period[1] else "",
            plan=escape_markdown(plan.title[lang]),
            document=bracketed(document, lang) if document else "",
            first=plan.period[0],
            last=plan.period[1],
            base=plan.baseline_year,
        ),
        t(
            "scope.range_city" if districts == 0 else "scope.range",
            lang,
            items=joined(
                [
                    t(f"scope.{key}", lang, n=len(found))
                    for key, found in (("indicators", plan.indicators), ("goals", plan.goals), ("tasks", plan.tasks))
                    if found
                ],
                lang,
            ),
            districts=len(evidence.districts),
        ),
        t(
            "scope.data",
            lang,
            day=day(evidence.as_of, lang),
            source=escape_markdown(ledger.title[lang]),
            latest=t("scope.latest", lang, year=latest)
            if latest > plan.baseline_year
            else t("scope.latest_none", lang, year=plan.baseline_year),
        ),
        t("scope.method", lang, targets="" if districts == 0 else _part_targets(evidence, keys, lang)),
    ]
    if ledger.synthetic and ledger.source_note:
        paragraphs.insert(0, t("scope.synthetic", lang, note=escape_markdown(ledger.source_note[lang])))
    return Narrative(f"## {t('scope.heading', lang)}\n\n" + "\n\n".join(paragraphs))


def _part_targets(evidence: Evidence, keys: list[str], lang: str) -> str:
    """Where the targets of districts come from; nothing where there are none."""
    plan = evidence.plan
    if not evidence.districts:
        return ""
    if all(evidence.own_target(i, d, y) is not None for i in plan.indicators for d in evidence.districts
           for y in i.target_years[:1]):  # fmt: skip
        return t("scope.targets_own", lang)
    return (
        t("scope.targets_derived", lang, key=listed([t(f"allocation.{k}", lang) for k in keys], lang)) if keys else ""
    )


def main_heading(lang: str) -> Narrative:
    """The heading above the main table."""
    return Narrative(f"## {t('chapter.main', lang)}")


def to_city(lang: str) -> Narrative:
    """On the overview: what the city's page tells of the indicators one by one."""
    return Narrative(t("chapter.to_city", lang))


def to_overview(lang: str, *, tasks: bool = True) -> Narrative:
    """On the city's page: what the overview beside it tells; `tasks`: whether it has a chapter on them."""
    return Narrative(t("chapter.to_overview", lang, tasks=t("chapter.the_tasks", lang) if tasks else ""))


def forecast_text(assessment: Assessment, plan: Plan, lang: str) -> Narrative:
    """How the probabilities of each target year are spread, under the heading of the forecasts."""
    items = []
    for year in plan.target_years:
        grades = [g for one in assessment.indicators for g in one.grades if g.year == year]
        known = [likelihood(g.probability) for g in grades if g.probability is not None]
        if known:
            high, low = known.count("very_likely"), sum(word in ("unlikely", "very_unlikely") for word in known)
            numbers = {"high": high, "middle": len(known) - high - low, "low": low}
            counts = [t(f"forecast.{key}", lang, n=n) for key, n in numbers.items() if n]
            items.append(t("forecast.year", lang, year=year, counts=clauses(counts, lang)))
    said = [t("forecast.lead", lang, items=separated(items, lang))] if items else []
    open_ = sum(one.outlook.ok and one.outlook.orientation for one in assessment.indicators)
    if open_:
        said.append(t("forecast.orientation", lang, n=open_))
    blank = sum(not one.outlook.ok for one in assessment.indicators)
    if blank == len(assessment.indicators):
        said.append(t("forecast.all_none", lang))
    elif blank:
        said.append(t("forecast.none", lang, n=blank))
    return Narrative(f"## {t('outlook.heading', lang)}\n\n{prose(said, lang)}")


def raised(text: Narrative) -> Narrative:
    """The same text one level up, for a page of its own."""
    lines = (line[1:] if line.startswith("###") else line for line in text.markdown.split("\n"))
    return Narrative("\n".join(lines))


def annex_text(plan: Plan, lang: str) -> Narrative:
    """Where the rest stands: the pages of the indicators and the annexes, by name and link."""
    pages = [
        t(
            "annex.indicator_item",
            lang,
            name=escape_markdown(i.name[lang]),
            page=f"indicator-{i.id.replace('_', '-')}.html",
        )
        for i in plan.indicators
    ]
    listed = "、" if lang == "zh" else "; "
    blocks = [
        f"## {t('chapter.annex', lang)}",
        t("annex.lead", lang),
        "\n".join(
            [
                f"- {t('annex.indicators', lang, pages=listed.join(pages))}",
                *([f"- {t('annex.city', lang)}"] if plan.of_whole else []),
                *(
                    f"- {t(f'annex.{page}' + ('' if plan.contradictions or page != 'methods' else '_plain'), lang)}"
                    for page in ("tasks", "methods", "record", "data")
                    if page != "tasks" or plan.tasks or plan.goals
                ),
            ]
        ),
    ]
    return Narrative("\n\n".join(blocks))


def definitions_heading(lang: str, *, level: int = 3) -> Narrative:
    """The heading above the definitions."""
    return Narrative(f"{'#' * level} {t('definitions.heading', lang)}")


def definitions_table(plan: Plan, lang: str) -> Table:
    """What each indicator counts, where its figures come from, how district targets are derived, where it breaks."""
    columns = [
        Column("indicator", t("definitions.columns.indicator", lang), width=4),
        Column("definition", t("definitions.columns.definition", lang), width=9),
        Column("source", t("definitions.columns.source", lang), width=5),
        Column("kind", t("definitions.columns.kind", lang), width=4),
        Column("breaks", t("definitions.columns.breaks", lang), width=7),
    ]
    dash = t("number.missing", lang)
    rows = []
    for i in plan.indicators:
        sources = [x[lang] for x in (i.source_system, i.frequency) if x is not None]
        kind = [t(f"definitions.kind.{kind_of(i)}", lang), t(f"allocation.{i.allocation}", lang)]
        rows.append(
            {
                "indicator": i.name[lang] + bracketed(unit_header(i.unit, lang), lang),
                "definition": i.definition[lang] if i.definition else dash,
                "source": separated(sources, lang) or dash,
                "kind": separated(kind, lang),
                "breaks": i.known_breaks[lang] if i.known_breaks else dash,
            }
        )
    return table(columns, rows, label="tbl-definitions", caption=t("definitions.caption", lang))


def contradictions_text(plan: Plan, lang: str) -> Narrative:
    """How many contradictions the plan holds, above their table."""
    counts = {kind: sum(c.kind == kind for c in plan.contradictions) for kind in ("internal", "external")}
    return Narrative(
        f"### {t('contradictions.heading', lang)}\n\n{prose([t('contradictions.lead', lang, **counts)], lang)}"
    )


def contradictions_table(plan: Plan, lang: str) -> Table:
    """Every contradiction with its arithmetic and how the report handles it, the weightiest first."""
    order = ("high", "medium", "low")
    columns = [
        Column("id", t("contradictions.columns.id", lang), width=2),
        Column("severity", t("contradictions.columns.severity", lang), width=2),
        Column("finding", t("contradictions.columns.finding", lang), width=10),
        Column("handling", t("contradictions.columns.handling", lang), width=8),
    ]

    def row(c: Contradiction) -> dict[str, str]:
        return {
            "id": c.id,
            "severity": t(f"contradictions.severity.{c.severity}", lang),
            "finding": c.finding[lang] + (f"\n{c.calculation}" if c.calculation else ""),
            "handling": c.handling[lang],
        }

    rows = [row(c) for c in sorted(plan.contradictions, key=lambda c: order.index(c.severity))]
    return table(columns, rows, label="tbl-contradictions", caption=t("contradictions.caption", lang))


def sources_text(evidence: Evidence, lang: str) -> Narrative:
    """What the ledger says of its sources, and where each figure is listed."""
    ledger = evidence.ledger
    text = t(
        "annex.sources",
        lang,
        title=escape_markdown(ledger.title[lang]),
        note=escape_markdown(ledger.source_note[lang]) if ledger.source_note else "",
    )
    return Narrative(f"### {t('annex.sources_heading', lang)}\n\n{text}")


def reproduce_text(lang: str) -> Narrative:
    """How a reader checks a page and makes it again."""
    return Narrative(f"### {t('annex.reproduce_heading', lang)}\n\n{prose([t('annex.reproduce', lang)], lang)}")
