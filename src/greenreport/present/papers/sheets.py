"""The sheet of a district: one page that goes back to it.

Its lines against its targets and against the city, its places with their uncertainty, what it would have to do and
what figures it owes. Grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from greenreport.areas import Roster
from greenreport.assess.model import Assessment
from greenreport.assess.quality import Cell, Quality
from greenreport.assess.ranks import RankRange
from greenreport.plan import Plan
from greenreport.present.advice import pace_items
from greenreport.present.columns import share_cell, share_column
from greenreport.present.conclusions import summary
from greenreport.present.markdown import bulleted, titled
from greenreport.present.messages import As, Message, prose
from greenreport.present.numbers import listed, percent, separated, years
from greenreport.present.papers.districts import ranked_cell
from greenreport.present.papers.lines import courses, headline_target, line_cells, line_columns, short_named
from greenreport.present.papers.marks import bare, labelled, sized
from greenreport.present.problems import Grounds
from greenreport.present.scoreboard import bullets
from greenreport.present.show import Field, Narrative, Shown, Table
from greenreport.present.tables import pairs
from greenreport.present.tabulate import Column, Mark, table
from greenreport.words import t

__all__ = ["sheet"]

_CHART = 500
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
    """
    plan = short_named(official)
    district = district.completed([i.id for i in plan.indicators])  # without what only other districts have targets of
    yield Narrative(bare(summary(district, plan, lang)))
    yield _lines(district, plan, city, lang, places)
    if drawn := bullets(district, plan, lang):
        yield sized(labelled(drawn[1], f"fig-sheet-{district.area}"), _CHART)
    yield from courses(district, plan, lang, width=_CHART)
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
    rank = t("papers.sheet.rank", lang, level=level)
    beside = any(city.indicator(i.id).head for i in plan.indicators)
    *columns, chance = line_columns(year, lang, width=2)
    if beside:
        columns.append(share_column("city", t("papers.sheet.city", lang), lang, width=2))
    columns += [chance, Column("rank", rank, "right", 4, (Field("rank", rank),))]
    rows = []
    for indicator, one in pairs(district, plan):
        whole = city.indicator(indicator.id).head
        place = places.get(indicator.id, {}).get(district.area)
        own: dict[str, str | Mark] = {
            "city": share_cell(whole.completion if whole else None, lang),
            "rank": ranked_cell(place, lang),
        }
        rows.append(line_cells(one, indicator, lang) | own)
    keys = sorted({one.allocation for one in district.indicators if one.allocation})
    key = listed([t(f"allocation.{k}", lang) for k in keys], lang)
    note = t("papers.sheet.note" if keys else "papers.sheet.note_own", lang, year=year, level=level, key=key)
    caption = "papers.sheet.lines_caption" if beside else "papers.sheet.lines_alone"
    return table(
        columns,
        rows,
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
