"""The brief: two pages for those who read nothing else.

The conclusion in one sentence, a line per indicator, the picture, three problems, three recommendations, and what is
not known. Chooses from the report's sentences; grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from greenreport.areas import Roster
from greenreport.assess.drivers import Gap
from greenreport.assess.goals import GoalStatus
from greenreport.assess.model import Assessment
from greenreport.assess.quality import Quality
from greenreport.plan import Plan
from greenreport.present.advice import recommendations
from greenreport.present.catalog import t
from greenreport.present.columns import share_cell, share_column
from greenreport.present.conclusions import last_target, summary
from greenreport.present.evidence_words import period_words, strength_short
from greenreport.present.narrative import in_sentence, prose, reason_text
from greenreport.present.needs import data_needs
from greenreport.present.numbers import joined
from greenreport.present.papers.districts import extremes_table, late_tasks, problems_elsewhere
from greenreport.present.papers.lines import FEW, courses, latest, latest_column, short_named, target
from greenreport.present.papers.marks import bare, labelled, sized
from greenreport.present.parts import classes_table, parts_advice, parts_behind, parts_summary, parts_unknown
from greenreport.present.problems import problem_items
from greenreport.present.scoreboard import bullets
from greenreport.present.show import Field, Narrative, Shown, Table
from greenreport.present.tables import any_strength, head_mark, pairs, strength_column
from greenreport.present.tabulate import Column, Mark, escape_markdown, table
from greenreport.tasks import TaskStatus

__all__ = ["brief"]

_MOST = 3
"""Problems and recommendations that a brief has room for."""
_CHART = 470
"""Width of the picture on paper, in CSS pixels."""


def brief(
    city: Assessment,
    official: Plan,
    districts: Sequence[Assessment],
    lang: str,
    *,
    roster: Roster,
    gaps: Mapping[str, Gap],
    tasks: Mapping[str, TaskStatus],
    goals: Sequence[GoalStatus],
    quality: Quality,
) -> Iterator[Shown]:
    """Everything that stands in the brief below its title; arguments as for the report."""
    plan = short_named(official)
    if not plan.of_whole:
        yield from _of_parts(city, plan, districts, lang, roster=roster, tasks=tasks, goals=goals, quality=quality)
        return
    first = _first_sentence(bare(summary(city, plan, lang)), lang)
    yield _section("conclusion", f"**{prose([first, *last_target(city, plan, lang)], lang)}**", lang)
    yield lines_table(city, plan, lang, label="tbl-brief")
    if drawn := bullets(city, plan, lang):
        yield sized(labelled(drawn[1], "fig-brief"), _CHART)
    yield from courses(city, plan, lang, width=_CHART)
    problems = [
        *problem_items(city, plan, lang, roster=roster, part="problems"),
        *problems_elsewhere(city, districts, plan, tasks, lang),
    ]
    yield _section("problems", _numbered(problems, lang) or t("papers.brief.no_problem", lang), lang)
    advised = recommendations(city, plan, lang, roster=roster, gaps=gaps, quality=quality, goals=goals, tasks=tasks)
    yield _section("advice", _numbered(advised, lang), lang)
    if districts and len(plan.indicators) <= FEW:
        yield from extremes_table(districts, plan, lang, level=city.options.level, depth=2)
    yield from _open(_unknown(city, plan, goals, quality, lang), lang)


def _of_parts(
    city: Assessment,
    plan: Plan,
    parts: Sequence[Assessment],
    lang: str,
    *,
    roster: Roster,
    tasks: Mapping[str, TaskStatus],
    goals: Sequence[GoalStatus],
    quality: Quality,
) -> Iterator[Shown]:
    """The brief on a plan whose targets are its parts' own."""
    yield _section("conclusion", f"**{bare(parts_summary(parts, plan, lang))}**", lang)
    yield classes_table(parts, plan, lang, label="tbl-brief")
    problems = [*parts_behind(parts, plan, lang), *late_tasks(plan, tasks, lang)]
    yield _section("problems", _numbered(problems, lang) or t("papers.brief.no_problem", lang), lang)
    needs = data_needs(city, plan, lang, roster=roster, quality=quality, goals=goals)
    if advised := [*parts_advice(parts, plan, lang), *(prose([one], lang) for one in needs)]:
        yield _section("advice", _numbered(advised, lang), lang)
    judged = any(one.head and one.head.probability is not None for part in parts for one in part.indicators)
    yield from _open([*parts_unknown(parts, plan, lang), *_gaps(goals, quality, lang, judged=judged)], lang)


def _open(unknown: Sequence[str], lang: str) -> Iterator[Shown]:
    """What is not known; no section where nothing is open."""
    if unknown:
        said = [escape_markdown(prose([one], lang)) for one in unknown]
        yield _section("unknown", "\n".join(f"- {one}" for one in said), lang)


def lines_table(assessment: Assessment, plan: Plan, lang: str, *, label: str) -> Table:
    """A line per indicator: mark, figure, target, probability, strength of evidence."""
    year = next((one.head.year for one in assessment.indicators if one.head), plan.target_years[0])
    columns = [
        Column("indicator", t("papers.columns.indicator", lang), width=4),
        Column("verdict", t("papers.columns.verdict", lang), width=9),
        latest_column(lang),
        Column(
            "target",
            t("papers.columns.target", lang, year=year),
            "right",
            3,
            (Field("target", t("table.target_value", lang)),),
        ),
        share_column("completion", t("papers.columns.completion", lang), lang, width=3),
        share_column("probability", t("papers.columns.probability", lang), lang, width=3),
        *([strength_column(lang)] if any_strength(assessment.indicators) else []),
    ]
    rows: list[dict[str, str | Mark]] = [
        {
            "indicator": indicator.short[lang],
            "verdict": head_mark(one, lang),
            "latest": latest(one, indicator, lang),
            "target": target(one.head, indicator, lang),
            "completion": share_cell(one.head.completion if one.head else None, lang),
            "probability": share_cell(one.head.probability if one.head else None, lang, probability=True),
            "strength": strength_short(one.head, lang),
        }
        for indicator, one in pairs(assessment, plan)
    ]
    caption = t("papers.brief.lines_caption", lang, area=assessment.area_name[lang])
    return table(columns, rows, label=label, caption=caption)


def _section(key: str, text: str, lang: str) -> Narrative:
    return Narrative(f"## {t(f'papers.brief.{key}', lang)}\n\n{text}")


def _first_sentence(text: str, lang: str) -> str:
    stop = "。" if lang == "zh" else ". "
    return text.split(stop)[0].rstrip(".") + stop.strip()


def _numbered(items: Sequence[str], lang: str) -> str:
    return "\n".join(f"{n}. {item}" for n, item in enumerate(items[:_MOST], 1))


def _unknown(city: Assessment, plan: Plan, goals: Sequence[GoalStatus], quality: Quality, lang: str) -> list[str]:
    names = {i.id: in_sentence(i.name[lang], lang) for i in plan.indicators}
    said = []
    why: dict[str, list[str]] = {}
    for one in city.concerning:
        if one.verdict == "not_assessable":
            codes = list(one.head.reasons if one.head else one.notes)[:1]
            if "no_forecast" in codes and one.outlook.reason:
                codes = [one.outlook.reason]
            reason = reason_text(codes[0], one, lang) if codes else t("verdict_short.not_assessable", lang)
            why.setdefault(reason, []).append(names[one.id])
    said += [t("papers.brief.blank", lang, names=joined(found, lang), why=reason) for reason, found in why.items()]
    wanted: dict[str, list[str]] = {}
    for one in city.concerning:
        if one.most_wanted is not None and (
            one.verdict == "not_assessable" or (one.head and one.head.strength == "thin")
        ):
            wanted.setdefault(period_words(one.most_wanted, lang), []).append(names[one.id])
    said += [t("papers.brief.wanted", lang, names=joined(who, lang), period=period) for period, who in wanted.items()]
    judged = any(one.head and one.head.probability is not None for one in city.concerning)
    return [*said, *_gaps(goals, quality, lang, judged=judged)]


def _gaps(goals: Sequence[GoalStatus], quality: Quality, lang: str, *, judged: bool) -> list[str]:
    """Figures that are missing, goals that can't be assessed, and, where there are probabilities, what they leave out."""
    said: list[str] = []
    if quality.years:
        year = quality.years[-1]
        missing = sum(c.year == year for c in quality.having("missing", "part"))
        flash = len(quality.having("provisional"))
        said += [t("papers.brief.data_missing", lang, year=year, n=missing)] if missing else []
        said += [t("papers.brief.data_flash", lang, n=flash)] if flash else []
    if goals and (open_ := sum(not g.assessed for g in goals)):
        said.append(t("papers.brief.goals_unassessed", lang, n=len(goals), m=open_))
    if judged:
        said.append(t("papers.brief.beyond", lang))
    return said
