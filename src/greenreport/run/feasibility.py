"""Whether what a parameter file asks for can be: days within the plan's time, languages the plan is written in.

Compares the file with the plan and the roster; must not know notebooks, nor how pages are executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from greenreport.areas import Roster
from greenreport.errors import Problem
from greenreport.plan import Plan
from greenreport.run.params import RunParams

__all__ = ["as_of_year", "days_ahead", "problems"]

_NAMES = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}
DAYS_AHEAD = 366
"""A cut-off in the future is a slip when the ledger's latest figure is older than this at that time."""


def as_of_year(year: int) -> date:
    """The cut-off of a page about one year: 30 June of the next.

    By then the annual statistical communiqués (March) and the departments' figures of the year are out.
    """
    return date(year + 1, 6, 30)


def problems(params: RunParams, plan: Plan, roster: Roster) -> Iterator[Problem]:
    """What a parameter file asks of a plan and a roster that can't be."""
    if plan.area not in roster.by_code:
        yield params.problem(
            "areas",
            zh=f"名录中没有规划所指的区域“{plan.area}”（plan.yaml的area）。请在areas.csv中补上，或改正area。",
            en=f"The roster has no area {plan.area!r}, which the plan is for (area in plan.yaml). Add it to areas.csv, "
            "or correct area.",
        )
    for place, lang in enumerate(params.languages):
        if lang not in params.title.langs:
            zh, en = _NAMES[lang]
            yield params.problem(
                "title",
                zh=f"标题没有{zh}（{lang}），而languages中有。请补上，或从languages中删去{lang}。",
                en=f"The title is not given in {en} ({lang}), which is among the languages. Add it, or remove {lang} there.",
            )
        for who, langs in (("规划", plan.langs), ("名录", roster.langs)):
            if lang not in langs:
                zh, en = _NAMES[lang]
                file = "The plan" if who == "规划" else "The roster"
                yield params.problem(
                    "languages",
                    place,
                    zh=f"{who}没有{zh}文本，不能生成{zh}页面。请写languages: [{'、'.join(langs)}]，或在{who}中补上{zh}。",
                    en=f"{file} is not written in {en}, so no {en} pages can be made. "
                    f"Write languages: [{', '.join(langs)}], or add the {en} texts.",
                )
    first, last = min(i.baseline.year for i in plan.indicators), plan.outlook
    asked: list[tuple[tuple[str | int, ...], date]] = [(("as_of",), params.as_of)]
    asked += [
        (("pages", index, "years", place), as_of_year(year))
        for index, page in enumerate(params.pages)
        for place, year in enumerate(page.years)
    ]
    for path, day in asked:
        if day <= date(first, 12, 31):
            yield params.problem(
                *path,
                zh=f"数据截至{day}，不晚于规划的基期（{first}年），还没有可评估的进展。请写{first + 1}年以后的日期。",
                en=f"The data cut-off {day} does not come after the plan's baseline year ({first}): there is no progress "
                f"to evaluate yet. Write a day after {first}.",
            )
        elif day > date(last + 2, 12, 31):
            yield params.problem(
                *path,
                zh=f"数据截至{day}，远晚于规划的最后一个目标年（{last}年）。请核对年份。",
                en=f"The data cut-off {day} is long after the plan's last target year ({last}). Check the year.",
            )


def days_ahead(params: RunParams, latest: date | None, today: date) -> Iterator[Problem]:
    """A cut-off in the future, of which nothing can be known; allowed as long as the ledger's figures come near it."""
    if params.as_of > today and (latest is None or (params.as_of - latest).days > DAYS_AHEAD):
        known = f"台账最新的数据发布于{latest}" if latest else "台账还没有数据"
        known_en = f"the ledger's latest figure became known on {latest}" if latest else "the ledger has no figures yet"
        yield params.problem(
            "as_of",
            zh=f"数据截至{params.as_of}，晚于今天（{today}），而{known}。请写已经过去的日期。",
            en=f"The data cut-off {params.as_of} is after today ({today}), and {known_en}. Write a day that has passed.",
        )
