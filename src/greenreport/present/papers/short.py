"""The short papers: the brief, two pages for those who read nothing else, and the sheet that goes back to a district.

They choose from the report's sentences; grade nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from greenreport.areas import Roster
from greenreport.assess.model import Assessment
from greenreport.assess.quality import Cell, Quality
from greenreport.assess.ranks import RankRange
from greenreport.plan import Plan
from greenreport.present.advice import data_needs, pace_items, recommendations
from greenreport.present.conclusions import (
    classes_table,
    last_target,
    parts_advice,
    parts_behind,
    parts_summary,
    parts_unknown,
    summary,
)
from greenreport.present.districts import extremes_table, ranked_cell
from greenreport.present.evidence_words import period_words
from greenreport.present.messages import As, Message, Said, bulleted, in_sentence, prose, say, titled
from greenreport.present.narrative import reason_text
from greenreport.present.numbers import joined, listed, percent, separated, years
from greenreport.present.papers.parts import (
    FEW,
    bare,
    courses,
    headline_target,
    labelled,
    line_columns,
    short_named,
    sized,
)
from greenreport.present.problems import Grounds, first_reason, late_tasks, problem_items
from greenreport.present.scoreboard import bullets
from greenreport.present.show import Narrative, Shown, Table
from greenreport.present.tables import Pair, add_strength, pairs
from greenreport.present.tabulate import escape_markdown
from greenreport.words import t

_MOST = 3
"""Problems and recommendations that a brief has room for."""
_BRIEF_CHART = 470
"""Width of the picture on paper, in CSS pixels."""


def brief(
    city: Assessment,
    official: Plan,
    districts: Sequence[Assessment],
    lang: str,
    grounds: Grounds,
) -> Iterator[Shown]:
    """Everything that stands in the brief below its title.

    Args:
        city: findings of the area planned for.
        official: the plan.
        districts: findings of its districts.
        lang: language.
        grounds: what problems and recommendations rest on.

    Yields:
        The parts, in order.
    """
    plan = short_named(official)
    yield from (_of_whole if plan.of_whole else _of_parts)(city, plan, districts, lang, grounds)


def _of_whole(
    city: Assessment, plan: Plan, districts: Sequence[Assessment], lang: str, grounds: Grounds
) -> Iterator[Shown]:
    """The brief on a plan that sets targets for the area planned for."""
    first = _first_sentence(bare(summary(city, plan, lang)), lang)
    yield titled("papers.brief.conclusion", [f"**{prose([first, *last_target(city, plan)], lang)}**"], lang)
    yield _lines_table(city, plan, lang)
    if drawn := bullets(city, plan, lang):
        yield sized(labelled(drawn[1], "fig-brief"), _BRIEF_CHART)
    yield from courses(city, plan, lang, width=_BRIEF_CHART)
    also = [*parts_behind(districts, plan, whole=city), *late_tasks(plan, grounds.tasks)]
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


def _lines_table(assessment: Assessment, plan: Plan, lang: str) -> Table:
    """A line per indicator: mark, figure, target, probability, strength of evidence."""
    columns = line_columns(headline_target(assessment, plan), lang)
    add_strength(columns, assessment.indicators, lambda r: r.head)
    caption = t("papers.brief.lines_caption", lang, area=assessment.area_name[lang])
    return columns.table(pairs(assessment, plan), label="tbl-brief", caption=caption, screen=False)


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


_SHEET_CHART = 500
"""Width of the picture on paper, in CSS pixels."""
_OWED = {"missing": "data_missing", "part": "data_part", "provisional": "data_final", "unconfirmed": "data_check"}
"""Status of a figure → what its district owes."""


def sheet(
    district: Assessment,
    official: Plan,
    city: Assessment,
    lang: str,
    *,
    roster: Roster,
    places: Mapping[str, Mapping[str, RankRange]],
    quality: Quality,
) -> Iterator[Shown]:
    """Everything that stands on a district's sheet below its title.

    Args:
        district: its findings.
        official: the plan as it applies to the district.
        city: findings of the area planned for.
        lang: language.
        roster: names of areas.
        places: indicator → district → its place.
        quality: the state of all districts' figures.

    Yields:
        The parts, in order.
    """
    plan = short_named(official)
    district = district.completed([i.id for i in plan.indicators])  # without what only other districts have targets of
    yield Narrative(bare(summary(district, plan, lang)))
    yield _lines(district, plan, city, lang, places)
    if drawn := bullets(district, plan, lang):
        yield sized(labelled(drawn[1], f"fig-sheet-{district.area}"), _SHEET_CHART)
    yield from courses(district, plan, lang, width=_SHEET_CHART)
    todo = pace_items(district, plan, lang, Grounds(roster))
    judged = any(one.verdict != "not_assessable" for one in district.indicators)
    none = t("papers.sheet.todo_none" if judged else "papers.sheet.todo_unknown", lang)
    yield titled("papers.sheet.todo", [bulleted(todo) or none], lang)
    owed = list(_owed(quality, district.area, plan))
    told = prose([As(separated, owed)], lang) if owed else t("papers.sheet.data_none", lang)
    yield titled("papers.sheet.data", [told], lang)
    yield Narrative(t("papers.sheet.more", lang, area=f"[{district.area_name[lang]}](district-{district.area}.html)"))


def _lines(
    district: Assessment, plan: Plan, city: Assessment, lang: str, places: Mapping[str, Mapping[str, RankRange]]
) -> Table:
    level = percent(district.options.level, lang, 0)
    year = headline_target(district, plan)

    def whole(r: Pair) -> float | None:
        head = city.indicator(r.indicator.id).head
        return head.completion if head else None

    beside = any(city.indicator(i.id).head for i in plan.indicators)
    columns = line_columns(year, lang, width=2, beside=whole if beside else None)
    rank = t("papers.sheet.rank", lang, level=level)
    place = {id: found.get(district.area) for id, found in places.items()}
    columns.figure("rank", lambda r: ranked_cell(place.get(r.indicator.id), lang), rank, width=4)
    keys = sorted({one.allocation for one in district.indicators if one.allocation})
    key = listed([t(f"allocation.{k}", lang) for k in keys], lang)
    note = t("papers.sheet.note" if keys else "papers.sheet.note_own", lang, year=year, level=level, key=key)
    caption = "papers.sheet.lines_caption" if beside else "papers.sheet.lines_alone"
    return columns.table(
        pairs(district, plan),
        label=f"tbl-sheet-{district.area}",
        caption=t(caption, lang, area=district.area_name[lang]),
        notes=[note],
        screen=False,
    )


def _owed(quality: Quality, area: str, plan: Plan) -> Iterator[Message]:
    """The figures since the baseline that the district has not reported, or not finally, indicator by indicator."""
    for i in plan.indicators:
        cells = [c for c in quality.cells if c.area == area and c.indicator == i.id and c.year >= plan.baseline_year]
        for status, key in _OWED.items():
            if spans := _spans([c for c in cells if c.status == status]):
                yield Message(f"papers.sheet.{key}", indicator=i.name, years=As(listed, spans))


def _spans(cells: Sequence[Cell]) -> list[As]:
    """Years as spans: 2023—2024, 2026."""
    ordered = sorted(c.year for c in cells)
    runs = [[y for _, y in run] for _, run in groupby(enumerate(ordered), key=lambda p: p[1] - p[0])]
    return [As(years, run[0], run[-1]) for run in runs]
