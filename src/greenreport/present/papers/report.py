"""The report that is signed: what stands in it, chapter by chapter, whatever the number of districts.

In the order that a government expects: overall assessment, achievements, the evidence, problems, causes,
recommendations. What is longer stays on the website. Words nothing that another page words already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Assessment
from greenreport.assess.quality import Quality
from greenreport.assess.sensitivity import Sensitivity
from greenreport.plan import Plan
from greenreport.present.advice import advice_text, data_needs
from greenreport.present.chapters import (
    contradictions_chapter,
    definitions_chapter,
    forecast_text,
    scope_text,
    sources_text,
)
from greenreport.present.conclusions import (
    achievements_text,
    classes_table,
    parts_advice,
    parts_behind,
    parts_summary,
    summary,
)
from greenreport.present.districts import district_heading, extremes_table, matrix, tile_map
from greenreport.present.evidence_words import past_sentence
from greenreport.present.firmness import Past, history_text, sensitivity_text
from greenreport.present.goals_and_tasks import goals_chapter, goals_open_table, tasks_chapter
from greenreport.present.indicator_views import district_table
from greenreport.present.messages import bulleted, heading, prose, section, titled
from greenreport.present.methods import method_text
from greenreport.present.narrative import indicator_text
from greenreport.present.numbers import join_sentences, joined
from greenreport.present.outlook import outlook_chart
from greenreport.present.papers.parts import (
    FENCE,
    FEW,
    NEW_PAGE,
    bare,
    labelled,
    named,
    short_named,
    sized,
    targets_table,
    upright,
    wide,
)
from greenreport.present.problems import Grounds, late_tasks, problems_text
from greenreport.present.quality import quality_text
from greenreport.present.scoreboard import bullets
from greenreport.present.show import Figure, Narrative, Shown
from greenreport.present.tables import main_table, outlook_table
from greenreport.words import t

_CHART, _MAP, _ON_SUMMARY = 576, 500, 500
"""Widths on paper in CSS pixels: a chart fills the column, two maps go on a page, the summary keeps to one."""
_CHART_HEIGHT = 150
"""Of a plot in its own pixels: text, chart and table of an indicator go on a page."""


def report(
    evidence: Evidence,
    city: Assessment,
    districts: Sequence[Assessment],
    lang: str,
    grounds: Grounds,
    *,
    past: Past,
    firm: Sequence[Sensitivity],
) -> Iterator[Shown | None]:
    """Everything that stands in the report after its cover, in order.

    Args:
        evidence: what the evaluation rests on.
        city: findings of the area planned for.
        districts: findings of its districts.
        lang: language.
        grounds: what problems and recommendations rest on.
        past: earlier verdicts.
        firm: what other choices would change.

    Yields:
        The parts, in order.
    """
    official, plan = evidence.plan, short_named(evidence.plan)
    tasks, goals = grounds.tasks, grounds.goals
    if not plan.of_whole:
        yield from _of_parts(evidence, city, districts, lang, grounds)
        return
    turned = wide if len(plan.indicators) > FEW else upright
    yield from _summary(summary(city, plan, lang), bullets(city, plan, lang), lang)
    yield from _assessment(evidence, city, districts, lang)
    names = named(official, lang)
    main = t("papers.report.main_see", lang, n=len(official.indicators))
    yield Narrative(main + (f"[^names]\n\n[^names]: {names}" if names else ""))
    yield history_text(past, plan, lang)
    yield from turned(main_table(city, official, lang))
    if goals:
        yield from goals_chapter(goals, plan, evidence.roster, lang, where=False)
    yield achievements_text(city, plan, lang, grounds, districts=districts)
    yield from _indicators(city, plan, lang)
    yield from _districts(evidence, districts, plan, lang, city.options.level)
    if plan.tasks:
        yield from tasks_chapter(plan, tasks, lang, as_of=evidence.as_of)
    yield problems_text(city, plan, lang, grounds, part="problems")
    if also := [*parts_behind(districts, plan, whole=city), *late_tasks(plan, tasks)]:
        yield Narrative(bulleted(prose([one], lang) for one in also))
    yield problems_text(city, plan, lang, grounds, part="causes")
    yield from _forecasts(city, plan, firm, lang)
    # English units are words: ten columns of them need the long side of the paper.
    yield from (turned if lang == "en" else upright)(outlook_table(city, plan, lang))
    if len(plan.indicators) > FEW:  # what is to be done begins a page, in print as in Word
        yield NEW_PAGE
    yield advice_text(city, plan, lang, grounds)
    yield from _annex(evidence, city, grounds.quality, lang)
    yield from turned(*definitions_chapter(official, lang))
    if any(not goal.assessed for goal in goals):
        yield NEW_PAGE
        yield section("papers.report.open_goals", lang, "papers.report.open_goals_see", level=3)
        yield goals_open_table(goals, plan, lang, where=False)
    if plan.contradictions:
        yield from wide(*contradictions_chapter(plan, lang, level=3))


def _of_parts(
    evidence: Evidence, city: Assessment, districts: Sequence[Assessment], lang: str, grounds: Grounds
) -> Iterator[Shown | None]:
    """The report on a plan whose targets are its parts' own: without the chapters that tell of the whole."""
    plan = short_named(evidence.plan)
    yield from _summary(parts_summary(districts, plan, lang), None, lang)
    yield from _assessment(evidence, city, districts, lang)
    if names := named(evidence.plan, lang):
        yield Narrative(names)
    yield classes_table(districts, plan, lang)
    if grounds.goals:
        yield from goals_chapter(grounds.goals, plan, evidence.roster, lang, where=False)
    yield achievements_text(city, plan, lang, grounds, districts=districts)
    yield from _districts(evidence, districts, plan, lang, city.options.level)
    if plan.tasks:
        yield from tasks_chapter(plan, grounds.tasks, lang, as_of=evidence.as_of)
    chapters = {
        "problems.heading_problems": parts_behind(districts, plan),
        "advice.heading_derived": [*parts_advice(districts, plan), *data_needs(city, plan, grounds)],
    }
    for key, said in chapters.items():
        if said:
            yield titled(key, [bulleted(prose([one], lang) for one in said)], lang)
    yield from _annex(evidence, city, grounds.quality, lang)
    yield from definitions_chapter(evidence.plan, lang)


def _summary(text: Narrative, drawn: tuple[Shown, Figure] | None, lang: str) -> Iterator[Shown]:
    """The first page: the conclusions, what is drawn of them, and the contents."""
    yield NEW_PAGE
    yield Narrative(f"{heading('papers.report.summary', lang)} {{.unnumbered .unlisted}}\n\n{bare(text)}")
    if drawn:
        yield drawn[0]
        yield sized(labelled(drawn[1], "fig-summary"), _ON_SUMMARY)
    yield Narrative("::: {.gr-contents}\n:::")


def _assessment(evidence: Evidence, city: Assessment, districts: Sequence[Assessment], lang: str) -> Iterator[Shown]:
    """How the overall assessment begins, up to its table."""
    yield section("papers.report.assessment", lang)
    yield scope_text(evidence, city, lang, districts=len(districts), level=3)
    yield section("chapter.main", lang, level=3)


def _forecasts(city: Assessment, plan: Plan, firm: Sequence[Sensitivity], lang: str) -> Iterator[Shown]:
    """How likely the targets are, what became of others as likely, and how firm that is."""
    yield forecast_text(city, plan, lang)
    years = joined([str(year) for year in plan.target_years], lang)
    told = [t("papers.report.outlook_lead", lang, label="tbl-outlook", years=years)]
    if past := list(dict.fromkeys(said for one in city.indicators for said in past_sentence(one.head, lang))):
        told.append(prose(past, lang))
    yield Narrative(join_sentences(told, lang))
    yield sensitivity_text(firm, plan, lang, level=3)


def _indicators(city: Assessment, plan: Plan, lang: str) -> Iterator[Shown]:
    level = city.options.level
    for n, (indicator, one) in enumerate(zip(plan.indicators, city.indicators, strict=True)):
        yield NEW_PAGE
        yield Narrative(f"{FENCE} {{.gr-whole}}")
        if not n:
            yield section("papers.report.indicators", lang)
        chart = outlook_chart(one, indicator, lang=lang, level=level, height=_CHART_HEIGHT)
        label = f"tbl-targets-{indicator.id.replace('_', '-')}"
        see = t("papers.page.see", lang, figure=chart.label, table=label)
        yield Narrative(f"{indicator_text(one, indicator, lang=lang, level=level, basis=False).markdown}{see}")
        yield sized(chart, _CHART)
        yield targets_table(city, indicator, lang, label=label)
        yield Narrative(FENCE)


def _districts(
    evidence: Evidence, districts: Sequence[Assessment], plan: Plan, lang: str, level: float
) -> Iterator[Shown]:
    yield NEW_PAGE
    yield district_heading(districts, plan, lang, expected=len(evidence.districts))
    if not districts:
        return
    label = "tbl-matrix"
    see = (t("papers.report.matrix_see", lang, label=label), t("papers.report.districts_rest", lang))
    yield Narrative(join_sentences(see, lang))
    if len(plan.indicators) == 1:  # a matrix would have one column: there is room for each district's figures
        yield labelled(district_table(districts, plan.indicators[0], lang, level=level), label)
    else:
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
            yield section("papers.report.maps", lang, level=3)
        yield sized(labelled(chart, f"fig-map-{indicator.id.replace('_', '-')}"), _MAP)
    yield from extremes_table(districts, plan, lang, level=level)


def _annex(evidence: Evidence, city: Assessment, quality: Quality | None, lang: str) -> Iterator[Shown]:
    plan = evidence.plan
    yield NEW_PAGE
    yield Narrative(f"{heading('papers.report.annex', lang)} {{.unnumbered}}")
    yield method_text(city, plan, lang, bridges=bool(evidence.roster.bridges), level=3)
    if quality is not None:
        state = quality_text(quality, plan, evidence.roster, lang, as_of=evidence.as_of, level=3)
        yield Narrative("\n\n".join(state.markdown.split("\n\n")[:2]))  # what is at hand; the rest is on the website
    yield sources_text(evidence, lang, level=3)
    tasks = t("papers.report.site_tasks", lang) if plan.tasks or plan.goals else ""
    yield titled("papers.report.site_heading", [t("papers.report.site", lang, tasks=tasks)], lang, level=3)
