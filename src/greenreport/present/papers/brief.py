"""The brief: two pages for those who read nothing else.

The conclusion in one sentence, a line per indicator, the picture, three problems, three recommendations, and what is
not known. Chooses from the report's sentences; grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from greenreport.areas import Roster
from greenreport.assess.goals import GoalStatus
from greenreport.assess.model import Assessment
from greenreport.assess.quality import Quality
from greenreport.assess.shortfall import Gap
from greenreport.plan import Plan
from greenreport.present.advice import recommendations
from greenreport.present.conclusions import last_target, summary
from greenreport.present.data_needs import data_needs
from greenreport.present.evidence_words import period_words, strength_short
from greenreport.present.markdown import bulleted, titled
from greenreport.present.messages import As, Message, Said, in_sentence, prose, say
from greenreport.present.narrative import reason_text
from greenreport.present.numbers import joined
from greenreport.present.papers.districts import extremes_table, late_tasks, problems_elsewhere
from greenreport.present.papers.lines import FEW, courses, headline_target, line_cells, line_columns, short_named
from greenreport.present.papers.marks import bare, labelled, sized
from greenreport.present.parts_of_plan import classes_table, parts_advice, parts_behind, parts_summary, parts_unknown
from greenreport.present.problems import Grounds, first_reason, problem_items
from greenreport.present.scoreboard import bullets
from greenreport.present.show import Shown, Table
from greenreport.present.tables import any_strength, pairs, strength_column
from greenreport.present.tabulate import escape_markdown, table
from greenreport.tasks import TaskStatus
from greenreport.words import t

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
    grounds = Grounds(roster, gaps, quality, goals, tasks)
    yield from (_of_whole if plan.of_whole else _of_parts)(city, plan, districts, lang, grounds)


def _of_whole(
    city: Assessment, plan: Plan, districts: Sequence[Assessment], lang: str, grounds: Grounds
) -> Iterator[Shown]:
    """The brief on a plan that sets targets for the area planned for."""
    first = _first_sentence(bare(summary(city, plan, lang)), lang)
    yield titled("papers.brief.conclusion", [f"**{prose([first, *last_target(city, plan)], lang)}**"], lang)
    yield lines_table(city, plan, lang, label="tbl-brief")
    if drawn := bullets(city, plan, lang):
        yield sized(labelled(drawn[1], "fig-brief"), _CHART)
    yield from courses(city, plan, lang, width=_CHART)
    also = problems_elsewhere(city, districts, plan, grounds.tasks)
    problems = [*problem_items(city, plan, lang, grounds, part="problems"), *(prose([one], lang) for one in also)]
    yield titled("papers.brief.problems", [_numbered(problems) or t("papers.brief.no_problem", lang)], lang)
    yield titled("papers.brief.advice", [_numbered(recommendations(city, plan, lang, grounds))], lang)
    if districts and len(plan.indicators) <= FEW:
        yield from extremes_table(districts, plan, lang, level=city.options.level, depth=2)
    yield from _open([*_unknown(city, plan), *_gaps([city], grounds)], lang)


def _of_parts(
    city: Assessment, plan: Plan, parts: Sequence[Assessment], lang: str, grounds: Grounds
) -> Iterator[Shown]:
    """The brief on a plan whose targets are its parts' own."""
    yield titled("papers.brief.conclusion", [f"**{bare(parts_summary(parts, plan, lang))}**"], lang)
    yield classes_table(parts, plan, lang, label="tbl-brief")
    problems = [prose([one], lang) for one in (*parts_behind(parts, plan), *late_tasks(plan, grounds.tasks))]
    yield titled("papers.brief.problems", [_numbered(problems) or t("papers.brief.no_problem", lang)], lang)
    if advised := [*parts_advice(parts, plan), *data_needs(city, plan, grounds)]:
        yield titled("papers.brief.advice", [_numbered([prose([one], lang) for one in advised])], lang)
    yield from _open([*parts_unknown(parts, plan), *_gaps(parts, grounds)], lang)


def _open(unknown: Sequence[Message], lang: str) -> Iterator[Shown]:
    """What is not known; no section where nothing is open."""
    if unknown:
        yield titled("papers.brief.unknown", [bulleted(escape_markdown(prose([one], lang)) for one in unknown)], lang)


def lines_table(assessment: Assessment, plan: Plan, lang: str, *, label: str) -> Table:
    """A line per indicator: mark, figure, target, probability, strength of evidence."""
    columns = line_columns(headline_target(assessment, plan), lang)
    if any_strength(assessment.indicators):
        columns.append(strength_column(lang))
    rows = [
        line_cells(one, indicator, lang) | {"strength": strength_short(one.head, lang)}
        for indicator, one in pairs(assessment, plan)
    ]
    caption = t("papers.brief.lines_caption", lang, area=assessment.area_name[lang])
    return table(columns, rows, label=label, caption=caption)


def _first_sentence(text: str, lang: str) -> str:
    stop, gap = t("mark.stop", lang), t("mark.gap", lang)
    return text.split(stop + gap)[0].removesuffix(stop) + stop


def _numbered(items: Sequence[str]) -> str:
    return "\n".join(f"{n}. {item}" for n, item in enumerate(items[:_MOST], 1))


def _unknown(city: Assessment, plan: Plan) -> Iterator[Message]:
    """The indicators without a verdict, by reason, and the figures that would settle what is thin, by period."""
    names = {i.id: As(in_sentence, i.name) for i in plan.indicators}
    blank: dict[str, tuple[Said, list[As]]] = {}
    wanted: dict[str, list[As]] = {}
    for one in city.concerning:
        if one.verdict == "not_assessable":
            code = first_reason(one)
            why: Said = As(reason_text, code, one) if code else Message("verdict_short.not_assessable")
            blank.setdefault(say(why, "en"), (why, []))[1].append(names[one.id])  # what reads alike stands together
        if one.most_wanted and (one.verdict == "not_assessable" or (one.head and one.head.strength == "thin")):
            wanted.setdefault(one.most_wanted, []).append(names[one.id])
    for why, found in blank.values():
        yield Message("papers.brief.blank", names=As(joined, found), why=why)
    for period, found in wanted.items():
        yield Message("papers.brief.wanted", names=As(joined, found), period=As(period_words, period))


def _gaps(judged: Sequence[Assessment], grounds: Grounds) -> Iterator[Message]:
    """Figures that are missing, goals that can't be assessed, and, where there are probabilities, what they leave out."""
    quality, goals = grounds.quality, grounds.goals
    if quality is not None and quality.years:
        year = quality.years[-1]
        if missing := sum(c.year == year for c in quality.having("missing", "part")):
            yield Message("papers.brief.data_missing", year=year, n=missing)
        if flash := len(quality.having("provisional")):
            yield Message("papers.brief.data_flash", n=flash)
    if open_ := sum(not g.assessed for g in goals):
        yield Message("papers.brief.goals_unassessed", n=len(goals), m=open_)
    if any(one.head and one.head.probability is not None for part in judged for one in part.concerning):
        yield Message("papers.brief.beyond")
