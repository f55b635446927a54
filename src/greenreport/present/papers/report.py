"""The report that is signed: what stands in it, chapter by chapter, whatever the number of districts.

In the order that a government expects: overall assessment, achievements, the evidence, problems, causes,
recommendations. What is longer stays on the website. Words nothing that another page words already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from greenreport.areas import Roster
from greenreport.assess.drivers import Gap
from greenreport.assess.evidence import Evidence
from greenreport.assess.goals import GoalStatus
from greenreport.assess.model import Assessment
from greenreport.assess.quality import Quality
from greenreport.assess.sensitivity import Sensitivity
from greenreport.plan import Plan
from greenreport.present.achievements import achievements_text
from greenreport.present.advice import advice_text, data_needs
from greenreport.present.catalog import t
from greenreport.present.chapters import (
    beneath,
    definitions_heading,
    definitions_table,
    forecast_text,
    main_heading,
    scope_text,
    sources_text,
)
from greenreport.present.conclusions import summary
from greenreport.present.goal_views import goals_table, goals_text
from greenreport.present.history_views import Past, history_text
from greenreport.present.narrative import indicator_text, method_text
from greenreport.present.numbers import listed
from greenreport.present.outlook import outlook_chart
from greenreport.present.overview import district_heading, tile_map
from greenreport.present.papers.districts import extremes_table, matrix
from greenreport.present.papers.lines import named, short_named, targets_table
from greenreport.present.papers.marks import NEW_PAGE, bare, labelled, sized, wide
from greenreport.present.parts import classes_table, parts_advice, parts_behind, parts_summary
from greenreport.present.problems import problems_text
from greenreport.present.quality_views import quality_text
from greenreport.present.scoreboard import bullets
from greenreport.present.sensitivity_views import sensitivity_text
from greenreport.present.show import Narrative, Shown
from greenreport.present.tables import main_table, outlook_table
from greenreport.present.task_views import tasks_matrix, tasks_text
from greenreport.progress import NEARLY_ON_SCHEDULE
from greenreport.tasks import TaskStatus

__all__ = ["report"]

_CHART, _MAP = 540, 500
"""Widths on paper in CSS pixels: a chart fills the column, two maps go on a page."""
_CHART_HEIGHT = 150
"""Of a plot in its own pixels: text, chart and table of an indicator go on a page."""


def report(
    evidence: Evidence,
    city: Assessment,
    districts: Sequence[Assessment],
    lang: str,
    *,
    gaps: Mapping[str, Gap],
    tasks: Mapping[str, TaskStatus],
    goals: Sequence[GoalStatus],
    past: Past,
    firm: Sequence[Sensitivity],
    quality: Quality,
) -> Iterator[Shown]:
    """Everything that stands in the report after its cover, in order.

    Args:
        evidence: what the evaluation rests on.
        city: findings of the area planned for.
        districts: findings of its districts.
        lang: language.
        gaps: indicator → its standing by district.
        tasks: task id → latest report.
        goals: the goals of the plan's text.
        past: earlier verdicts.
        firm: what other choices would change.
        quality: the state of the figures.
    """
    official, plan = evidence.plan, short_named(evidence.plan)
    roster, level = evidence.roster, city.options.level
    # Long chapters begin on pages of their own; without districts they are a few lines each.
    page = (NEW_PAGE,) if districts else ()
    if not plan.of_whole:
        yield from _of_parts(evidence, city, districts, plan, lang, tasks=tasks, goals=goals, quality=quality)
        return
    yield from _first_page(city, plan, lang)
    yield _chapter("assessment", lang)
    yield _section(t("scope.heading", lang), bare(scope_text(evidence, city, lang, districts=len(districts))))
    yield NEW_PAGE
    yield beneath(main_heading(lang))
    yield Narrative(t("papers.report.main_see", lang, n=len(official.indicators)) + _footnote(named(official, lang)))
    yield history_text(past, plan, lang)
    yield from wide(main_table(city, official, lang))
    yield from _goals(goals, plan, roster, lang)
    yield from page
    yield from _there(achievements_text(city, plan, lang, districts=districts, tasks=tasks, goals=goals))
    yield from _indicators(city, plan, lang, level)
    yield from _districts(evidence, districts, plan, lang, level)
    yield from _tasks(evidence, tasks, plan, lang, page)
    chapter = partial(problems_text, city, plan, lang, roster=roster, gaps=gaps, quality=quality, tasks=tasks)
    yield from page
    yield chapter(part="problems")
    yield chapter(part="causes")
    yield from page
    yield forecast_text(city, plan, lang)
    years = plan.target_years
    see = t("papers.report.outlook_lead", lang, label="tbl-outlook", first=years[0], last=years[-1])
    yield Narrative(see)
    yield sensitivity_text(firm, plan, lang, level=3)
    yield from wide(outlook_table(city, plan, lang))
    yield advice_text(city, plan, lang, roster=roster, gaps=gaps, quality=quality, goals=goals, tasks=tasks)
    yield from _annex(evidence, city, official, quality, lang)


def _of_parts(
    evidence: Evidence,
    city: Assessment,
    districts: Sequence[Assessment],
    plan: Plan,
    lang: str,
    *,
    tasks: Mapping[str, TaskStatus],
    goals: Sequence[GoalStatus],
    quality: Quality,
) -> Iterator[Shown]:
    """The report on a plan whose targets are its parts' own: without the chapters that tell of the whole."""
    yield NEW_PAGE
    heading = f"## {t('papers.report.summary', lang)} {{.unnumbered .unlisted}}"
    yield Narrative(f"{heading}\n\n{bare(parts_summary(districts, plan, lang))}")
    yield Narrative("::: {.gr-contents}\n:::")
    yield _chapter("assessment", lang)
    yield _section(t("scope.heading", lang), bare(scope_text(evidence, city, lang, districts=len(districts))))
    yield beneath(main_heading(lang))
    if names := named(evidence.plan, lang):
        yield Narrative(names)
    yield classes_table(districts, plan, lang)
    yield from _goals(goals, plan, evidence.roster, lang)
    yield from _there(achievements_text(city, plan, lang, districts=districts, tasks=tasks, goals=goals))
    yield from _districts(evidence, districts, plan, lang, city.options.level)
    yield from _tasks(evidence, tasks, plan, lang, (NEW_PAGE,))
    behind = parts_behind(districts, plan, lang)
    advised = [*parts_advice(districts, plan, lang), *data_needs(city, plan, lang, roster=evidence.roster,
               quality=quality, goals=goals)]  # fmt: skip
    yield NEW_PAGE
    for heading, items in (("problems.heading_problems", behind), ("advice.heading_derived", advised)):
        if items:
            yield Narrative(f"## {t(heading, lang)}\n\n" + "\n".join(f"- {item}" for item in items))
    yield from _annex(evidence, city, evidence.plan, quality, lang)


def _there(item: Shown | None) -> Iterator[Shown]:
    if item is not None:
        yield item


def _goals(goals: Sequence[GoalStatus], plan: Plan, roster: Roster, lang: str) -> Iterator[Shown]:
    """The goals of the running text; a plan without any has no such section."""
    if goals:
        yield goals_text(goals, plan, lang)
    if any(goal.assessed for goal in goals):
        yield goals_table(goals, plan, roster, lang)


def _tasks(
    evidence: Evidence, tasks: Mapping[str, TaskStatus], plan: Plan, lang: str, page: Sequence[Shown]
) -> Iterator[Shown]:
    """The plan's tasks; a plan without any has no such chapter."""
    if plan.tasks:
        yield from page
        yield tasks_text(plan, tasks, lang, as_of=evidence.as_of)
    if tasks:
        yield tasks_matrix(plan, tasks, lang, as_of=evidence.as_of)


def _first_page(city: Assessment, plan: Plan, lang: str) -> Iterator[Shown]:
    """The conclusions and the indicators in one picture; the contents follow."""
    yield NEW_PAGE
    heading = f"## {t('papers.report.summary', lang)} {{.unnumbered .unlisted}}"
    yield Narrative(f"{heading}\n\n{bare(summary(city, plan, lang))}")
    if drawn := bullets(city, plan, lang):
        how, chart = drawn
        yield how
        yield sized(labelled(chart, "fig-summary"), _CHART)
    yield Narrative("::: {.gr-contents}\n:::")


def _footnote(text: str) -> str:
    return f"[^names]\n\n[^names]: {text}" if text else ""


def _chapter(key: str, lang: str) -> Narrative:
    return Narrative(f"## {t(f'papers.report.{key}', lang)}")


def _section(heading: str, text: str) -> Narrative:
    return Narrative(f"### {heading}\n\n{text}")


def _indicators(city: Assessment, plan: Plan, lang: str, level: float) -> Iterator[Shown]:
    for n, (indicator, one) in enumerate(zip(plan.indicators, city.indicators, strict=True)):
        yield NEW_PAGE
        if not n:
            yield _chapter("indicators", lang)
        chart = outlook_chart(one, indicator, lang=lang, level=level, height=_CHART_HEIGHT)
        label = f"tbl-targets-{indicator.id.replace('_', '-')}"
        see = t("papers.page.see", lang, figure=chart.label, table=label)
        yield Narrative(f"{indicator_text(one, indicator, lang=lang, level=level, basis=False).markdown}{see}")
        yield sized(chart, _CHART)
        yield targets_table(city, plan, indicator, lang, label=label)


def _districts(
    evidence: Evidence, districts: Sequence[Assessment], plan: Plan, lang: str, level: float
) -> Iterator[Shown]:
    expected = len(evidence.districts)
    yield NEW_PAGE
    if not districts:
        yield district_heading(districts, plan, lang, expected=expected)
        return
    label = "tbl-matrix"
    yield district_heading(districts, plan, lang, expected=expected)
    yield Narrative(t("papers.report.matrix_see", lang, label=label) + t("papers.report.districts_rest", lang))
    yield NEW_PAGE
    yield matrix(districts, plan, lang, label=label)
    shown = 0
    for indicator in plan.indicators:
        if not any(d.indicator(indicator.id).head for d in districts):
            continue
        if (chart := tile_map(districts, plan.only(indicator), evidence.roster, lang)) is None:
            break  # the roster has no map
        if shown % 2 == 0:
            yield NEW_PAGE
        shown += 1
        if shown == 1:
            yield Narrative(f"### {t('papers.report.maps', lang)}")
        yield sized(labelled(chart, f"fig-map-{indicator.id.replace('_', '-')}"), _MAP)
    yield NEW_PAGE
    yield from extremes_table(districts, plan, lang, level=level)


def _annex(evidence: Evidence, city: Assessment, plan: Plan, quality: Quality, lang: str) -> Iterator[Shown]:
    yield NEW_PAGE
    yield Narrative(f"## {t('papers.report.annex', lang)} {{.unnumbered}}")
    yield beneath(method_text(city, plan, lang, tolerance=NEARLY_ON_SCHEDULE, bridges=bool(evidence.roster.bridges)))
    state = quality_text(quality, plan, evidence.roster, lang, as_of=evidence.as_of)
    yield Narrative("\n\n".join(state.markdown.split("\n\n")[:2]))  # what is at hand; the rest is on the website
    yield sources_text(evidence, lang)
    yield from wide(definitions_heading(lang), definitions_table(plan, lang))
    pages = [page for page, there in (("city", plan.of_whole), ("tasks", bool(plan.tasks or plan.goals))) if there]
    links = [t(f"papers.report.site_{page}", lang) for page in ("index", *pages, "methods", "data")]
    yield _section(t("papers.report.site_heading", lang), t("papers.report.site", lang, pages=listed(links, lang)))
