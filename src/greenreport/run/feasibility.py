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
from greenreport.words import both

__all__ = ["as_of_year", "days_ahead", "problems"]

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
        yield params.problem(("areas",), "params.no_plan_area", area=plan.area)
    for place, lang in enumerate(params.languages):
        language = both(f"run.language.{lang}")
        if lang not in params.title.langs:
            yield params.problem(("title",), "params.title_lacks", language=language, lang=lang)
        for who, langs in (("plan", plan.langs), ("roster", roster.langs)):
            if lang not in langs:
                about = {"language": language, "langs": tuple(langs)}
                yield params.problem(("languages", place), f"params.{who}_lacks", **about)
    first, last = min(i.baseline.year for i in plan.indicators), plan.outlook
    asked: list[tuple[tuple[str | int, ...], date]] = [(("as_of",), params.as_of)]
    asked += [
        (("pages", index, "years", place), as_of_year(year))
        for index, page in enumerate(params.pages)
        for place, year in enumerate(page.years)
    ]
    for path, day in asked:
        if day <= date(first, 12, 31):
            yield params.problem(path, "params.before_plan", day=day, first=first, next=first + 1)
        elif day > date(last + 2, 12, 31):
            yield params.problem(path, "params.after_plan", day=day, last=last)


def days_ahead(params: RunParams, latest: date | None, today: date) -> Iterator[Problem]:
    """A cut-off after `today`, of which nothing can be known; allowed as long as the ledger's figures come near it."""
    if params.as_of > today and (latest is None or (params.as_of - latest).days > DAYS_AHEAD):
        known = both("params.latest", latest=latest) if latest else both("params.no_figures")
        yield params.problem(("as_of",), "params.day_ahead", day=params.as_of, today=today, known=known)
