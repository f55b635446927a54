"""The frame of a mid-term report: what was evaluated and how, the numbering of chapters, the annex.

Tells what the plan, the roster and the ledger say of themselves; grades nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Assessment
from greenreport.plan import Contradiction, Indicator, Plan
from greenreport.present.columns import Columns
from greenreport.present.messages import (
    As,
    Message,
    Said,
    bulleted,
    cardinal,
    escaped,
    prose,
    say,
    section,
    titled,
    together,
)
from greenreport.present.numbers import bracketed, clauses, day, joined, listed, probability, separated, unit_header
from greenreport.present.paces import kind_of
from greenreport.present.show import Narrative, Table
from greenreport.progress import likelihood
from greenreport.words import t


def scope_text(
    evidence: Evidence, city: Assessment, lang: str, *, districts: int | None = None, level: int = 2
) -> Narrative:
    """Basis, scope, data cut-off and method of an evaluation, a paragraph each.

    Args:
        evidence: what the evaluation rests on.
        city: the city's assessment.
        lang: language.
        districts: how many districts are assessed beside the city; all by default.
        level: of the heading.

    Returns:
        The paragraphs, with their heading.
    """
    plan, ledger = evidence.plan, evidence.ledger
    latest = _latest_year(evidence, city, parts=districts != 0)
    paragraphs = [
        _basis(plan),
        Message(
            "scope.range_city" if districts == 0 else "scope.range" if plan.of_whole else "scope.range_parts",
            items=As(joined, _contents(plan)),
            districts=len(evidence.districts),
        ),
        Message(
            "scope.data",
            day=As(day, evidence.as_of),
            source=As(escaped, ledger.title),
            latest=Message(
                "scope.latest" if latest > plan.baseline_year else "scope.latest_none",
                year=max(latest, plan.baseline_year),
            ),
        ),
        Message("scope.method", targets="" if districts == 0 else _part_targets(evidence, city)),
    ]
    if ledger.synthetic and ledger.source_note:
        paragraphs.insert(0, Message("scope.synthetic", note=As(escaped, ledger.source_note)))
    return titled("scope.heading", [say(paragraph, lang) for paragraph in paragraphs], lang, level=level)


def _basis(plan: Plan) -> Message:
    """The document that is evaluated, its years and its baseline."""
    dated = Message("scope.dated", day=As(day, plan.issued)) if plan.issued else ""
    released = Message("scope.released", day=As(day, plan.released)) if plan.released and plan.issued else ""
    document = [plan.number, *([As(together, [dated, released])] if dated else [])]
    return Message(
        "scope.basis",
        ahead=Message("scope.ahead", outlook=plan.outlook) if plan.outlook > plan.period[1] else "",
        plan=As(escaped, plan.title),
        document=As(bracketed, As(clauses, [part for part in document if part])),
        first=plan.period[0],
        last=plan.period[1],
        base=plan.baseline_year,
    )


def _contents(plan: Plan) -> list[Message]:
    """What the plan sets, by number."""
    found = {"indicators": len(plan.indicators), "goals": len(plan.goals), "tasks": len(plan.tasks)}
    return [Message(f"scope.{key}", n=n, count=As(cardinal, n)) for key, n in found.items() if n]


def _latest_year(evidence: Evidence, city: Assessment, *, parts: bool) -> int:
    """The year of the latest full-year figure; with `parts` those of the districts count too."""
    years = [p.year for one in city.indicators for p in one.points if p.months == 12]
    if parts:
        series = (evidence.series(i, d, city.options) for i in evidence.plan.indicators for d in evidence.districts)
        years += [p.year for one in series for p in one.annual[-1:]]
    return max(years, default=0)


def _part_targets(evidence: Evidence, city: Assessment) -> Said:
    """Where the targets of districts come from; nothing where there are none."""
    indicators = evidence.plan.indicators
    if not evidence.districts:
        return ""
    first = ((i, d, y) for i in indicators for d in evidence.districts for y in i.target_years[:1])
    if all(evidence.own_target(*one) is not None for one in first):
        return Message("scope.targets_own")
    keys: list[str] = list(dict.fromkeys(i.allocation for i in indicators if i.allocation != "none"))
    if city.options.allocation != "plan":
        keys = [city.options.allocation]
    return Message("scope.targets_derived", key=As(listed, [Message(f"allocation.{k}") for k in keys])) if keys else ""


def to_city(lang: str) -> Narrative:
    """On the overview: what the city's page tells of the indicators one by one.

    Args:
        lang: language.

    Returns:
        A paragraph without a heading.
    """
    return Narrative(t("chapter.to_city", lang))


def to_overview(lang: str, *, tasks: bool = True) -> Narrative:
    """On the city's page: what the overview beside it tells.

    Args:
        lang: language.
        tasks: whether the overview has a chapter on tasks.

    Returns:
        A paragraph without a heading.
    """
    return Narrative(t("chapter.to_overview", lang, tasks=t("chapter.the_tasks", lang) if tasks else ""))


def forecast_text(assessment: Assessment, plan: Plan, lang: str) -> Narrative:
    """How the probabilities of each target year are spread, under the heading of the forecasts.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.

    Returns:
        The text, with its heading.
    """
    return titled("outlook.heading", [prose(_forecasts(assessment, plan), lang)], lang)


def _forecasts(assessment: Assessment, plan: Plan) -> Iterator[Message]:
    """How many targets of each year are how likely, and how many indicators have a range alone, or nothing."""
    known = {year: _chances(assessment, year) for year in plan.target_years}
    if items := [_spread(year, chances) for year, chances in known.items() if len(chances) > 1]:
        yield Message("forecast.lead", items=As(separated, items))
    for year, chances in known.items():
        if len(chances) == 1:
            yield Message("forecast.one", year=year, p=As(probability, chances[0]))
    outlooks = [one.outlook for one in assessment.indicators]
    if n := sum(outlook.ok and outlook.orientation for outlook in outlooks):
        yield Message("forecast.orientation", n=n)
    if blank := sum(not outlook.ok for outlook in outlooks):
        yield Message("forecast.none" if blank < len(outlooks) else "forecast.all_none", n=blank)


def _chances(assessment: Assessment, year: int) -> list[float]:
    """The probabilities of a year's targets."""
    grades = (g for one in assessment.indicators for g in one.grades if g.year == year)
    return [g.probability for g in grades if g.probability is not None]


def _spread(year: int, chances: Sequence[float]) -> Message:
    """How many of a year's targets are very likely, unlikely, or in between."""
    words = [likelihood(p) for p in chances]
    high, low = words.count("very_likely"), words.count("unlikely") + words.count("very_unlikely")
    numbers = {"high": high, "middle": len(words) - high - low, "low": low}
    counts = [Message(f"forecast.{key}", n=n) for key, n in numbers.items() if n]
    return Message("forecast.year", year=year, total=len(words), counts=As(clauses, counts))


def annex_text(plan: Plan, lang: str) -> Narrative:
    """Where the rest stands: the pages of the indicators and the annexes, by name and link.

    Args:
        plan: the plan.
        lang: language.

    Returns:
        A list, with its heading.
    """
    return titled("chapter.annex", [t("annex.lead", lang), bulleted(say(one, lang) for one in _annexes(plan))], lang)


def _annexes(plan: Plan) -> Iterator[Message]:
    """The pages beside the overview."""
    pages = [
        Message("annex.indicator_item", name=As(escaped, i.name), page=f"indicator-{i.id.replace('_', '-')}.html")
        for i in plan.indicators
    ]
    yield Message("annex.indicators" if plan.of_whole else "annex.indicators_parts", pages=As(_entries, pages))
    if plan.of_whole:
        yield Message("annex.city")
    if plan.tasks or plan.goals:
        yield Message("annex.tasks")
    yield Message("annex.methods" if plan.contradictions else "annex.methods_plain")
    yield from (Message("annex.record"), Message("annex.data"))


def _entries(links: Sequence[str], lang: str) -> str:
    """Links in a row."""
    return t("mark.entry", lang).join(links)


def definitions_chapter(plan: Plan, lang: str, *, level: int = 3) -> tuple[Narrative, Table]:
    """What each indicator counts, where its figures come from, how district targets are derived, where it breaks.

    Args:
        plan: the plan.
        lang: language.
        level: of the heading.

    Returns:
        The heading, and a table of the indicators.
    """
    dash = t("number.missing", lang)

    def told(*texts: Said | None) -> str:
        return separated([say(text, lang) for text in texts if text], lang) or dash

    cells: dict[str, tuple[int, Callable[[Indicator], str]]] = {
        "indicator": (4, lambda i: i.name[lang] + bracketed(unit_header(i.unit, lang), lang)),
        "definition": (9, lambda i: told(i.definition)),
        "source": (5, lambda i: told(i.source_system, i.frequency)),
        "kind": (4, lambda i: told(Message(f"definitions.kind.{kind_of(i)}"), Message(f"allocation.{i.allocation}"))),
        "breaks": (7, lambda i: told(i.known_breaks)),
    }
    columns = Columns[Indicator](lang, "definitions.columns")
    for key, (width, cell) in cells.items():
        if any(cell(i) != dash for i in plan.indicators):
            columns.text(key, cell, width=width)
    shown = columns.table(plan.indicators, label="tbl-definitions", caption=t("definitions.caption", lang))
    return section("definitions.heading", lang, level=level), shown


def contradictions_chapter(plan: Plan, lang: str, *, level: int = 2) -> Iterator[Narrative | Table]:
    """Every contradiction that the plan holds, with its arithmetic and how the report handles it, the weightiest first.

    Args:
        plan: the plan.
        lang: language.
        level: of the heading.

    Yields:
        How many there are, and their table; nothing where there are none.
    """
    if not plan.contradictions:
        return
    counts = {kind: sum(c.kind == kind for c in plan.contradictions) for kind in ("internal", "external")}
    yield titled("contradictions.heading", [prose([Message("contradictions.lead", **counts)], lang)], lang, level=level)
    order = ("high", "medium", "low")
    columns = Columns[Contradiction](lang, "contradictions.columns")
    columns.text("id", lambda c: c.id, width=2)
    columns.text("severity", lambda c: t(f"contradictions.severity.{c.severity}", lang), width=2)
    columns.text("finding", lambda c: c.finding[lang] + (f"\n{c.calculation}" if c.calculation else ""), width=10)
    columns.text("handling", lambda c: c.handling[lang], width=8)
    rows = sorted(plan.contradictions, key=lambda c: order.index(c.severity))
    yield columns.table(rows, label="tbl-contradictions", caption=t("contradictions.caption", lang))


def sources_text(evidence: Evidence, lang: str, *, level: int = 2) -> Narrative:
    """What the ledger says of its sources, and where each figure is listed.

    Args:
        evidence: what the evaluation rests on.
        lang: language.
        level: of the heading.

    Returns:
        The text, with its heading.
    """
    ledger = evidence.ledger
    text = Message(
        "annex.sources" if evidence.plan.of_whole else "annex.sources_parts",
        title=As(escaped, ledger.title),
        note=As(escaped, ledger.source_note) if ledger.source_note else "",
    )
    return titled("annex.sources_heading", [say(text, lang)], lang, level=level)
