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
from greenreport.present.catalog import t
from greenreport.present.columns import share_cell, share_column
from greenreport.present.conclusions import summary
from greenreport.present.narrative import prose
from greenreport.present.numbers import listed, percent, separated, years
from greenreport.present.papers.districts import ranked_cell
from greenreport.present.papers.lines import courses, latest, latest_column, short_named, target
from greenreport.present.papers.marks import bare, labelled, sized
from greenreport.present.scoreboard import bullets
from greenreport.present.show import Field, Narrative, Shown, Table
from greenreport.present.tables import head_mark, pairs
from greenreport.present.tabulate import Column, Mark, table

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
    todo = pace_items(district, plan, lang, roster=roster)
    judged = any(one.verdict != "not_assessable" for one in district.indicators)
    none = t("papers.sheet.todo_none" if judged else "papers.sheet.todo_unknown", lang)
    yield _section("todo", "\n".join(f"- {item}" for item in todo) or none, lang)
    owed = _owed(quality, district.area, plan, lang)
    yield _section("data", prose([separated(owed, lang)], lang) if owed else t("papers.sheet.data_none", lang), lang)
    yield Narrative(t("papers.sheet.more", lang, area=f"[{district.area_name[lang]}](district-{district.area}.html)"))


def _section(key: str, text: str, lang: str) -> Narrative:
    return Narrative(f"## {t(f'papers.sheet.{key}', lang)}\n\n{text}")


def _lines(
    district: Assessment, plan: Plan, city: Assessment, lang: str, places: Mapping[str, Mapping[str, RankRange]]
) -> Table:
    level = percent(district.options.level, lang, 0)
    year = next((one.head.year for one in district.indicators if one.head), plan.target_years[0])
    rank = t("papers.sheet.rank", lang, level=level)
    beside = any(city.indicator(i.id).head for i in plan.indicators)
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
        share_column("completion", t("papers.columns.completion", lang), lang, width=2),
        *([share_column("city", t("papers.sheet.city", lang), lang, width=2)] if beside else []),
        share_column("probability", t("papers.columns.probability", lang), lang, width=2),
        Column("rank", rank, "right", 4, (Field("rank", rank),)),
    ]
    rows: list[dict[str, str | Mark]] = []
    for indicator, one in pairs(district, plan):
        head, whole = one.head, city.indicator(indicator.id).head
        rows.append(
            {
                "indicator": indicator.short[lang],
                "verdict": head_mark(one, lang),
                "latest": latest(one, indicator, lang),
                "target": target(head, indicator, lang),
                "completion": share_cell(head.completion if head else None, lang),
                "city": share_cell(whole.completion if whole else None, lang),
                "probability": share_cell(head.probability if head else None, lang, probability=True),
                "rank": ranked_cell(places.get(indicator.id, {}).get(district.area), lang),
            }
        )
    keys = sorted({one.allocation for one in district.indicators if one.allocation})
    told = {"year": year, "level": level}
    note = (
        t("papers.sheet.note", lang, **told, key=listed([t(f"allocation.{k}", lang) for k in keys], lang))
        if keys
        else t("papers.sheet.note_own", lang, **told)
    )
    caption = t(
        "papers.sheet.lines_caption" if beside else "papers.sheet.lines_alone", lang, area=district.area_name[lang]
    )
    return table(columns, rows, label=f"tbl-sheet-{district.area}", caption=caption, notes=[note], screen=False)


def _owed(quality: Quality, area: str, plan: Plan, lang: str) -> list[str]:
    """The figures since the baseline that the district has not reported, or not finally, indicator by indicator."""
    out = []
    for i in plan.indicators:
        cells = [c for c in quality.cells if c.area == area and c.indicator == i.id and c.year >= plan.baseline_year]
        for status, key in _OWED.items():
            if spans := _spans([c for c in cells if c.status == status], lang):
                out.append(t(f"papers.sheet.{key}", lang, indicator=i.name[lang], years=spans))
    return out


def _spans(cells: Sequence[Cell], lang: str) -> str:
    """Years as spans: 2023—2024、2026."""
    ordered = sorted(c.year for c in cells)
    runs = [[y for _, y in run] for _, run in groupby(enumerate(ordered), key=lambda p: p[1] - p[0])]
    return listed([years(run[0], run[-1], lang) for run in runs], lang)
