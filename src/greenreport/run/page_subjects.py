"""What the pages of a run are about: areas, indicators, years or the whole, under the names that people use.

Knows the roster and the plan's indicators; must not know notebooks, nor how pages are executed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from greenreport.areas import Area, Roster
from greenreport.errors import AreaError, Problem, RequestError
from greenreport.plan import Indicator, Plan
from greenreport.run import kinds
from greenreport.run.params import PageSpec, RunParams
from greenreport.strict_files import nearest
from greenreport.text import Text
from greenreport.words import both, error, t

__all__ = ["Subject", "choose", "subjects"]


@dataclass(frozen=True)
class Subject:
    """What one page is about: a kind, the area or indicator of a page about one, a year unless it is as of the cut-off."""

    kind: str
    area: Area | None = None
    indicator: Indicator | None = None
    year: int | None = None

    @property
    def about(self) -> Area | Indicator | None:
        """The area or the indicator that it is about."""
        return self.area or self.indicator

    @property
    def page_id(self) -> str:
        """The id of its page."""
        stem = self.kind
        if self.kind == "district" and self.area:
            stem = f"district-{self.area.code}"
        elif self.indicator:
            stem = f"indicator-{self.indicator.id.replace('_', '-')}"
        return f"{stem}-{self.year}" if self.year else stem

    def title(self, lang: str) -> str:
        """The title of its page."""
        title = self.about.name[lang] if self.about else t(f"page_title.{self.kind}", lang)
        if self.year is None:
            return title
        return t("page_title.of_year", lang, title=title, year=self.year)

    @property
    def short(self) -> str:
        """How a Chinese list of pages names it."""
        return self.about.short.zh if self.about else self.page_id

    @property
    def names(self) -> set[str]:
        """Everything it may be asked for by."""
        codes = {one for one in (self.area and self.area.code, self.indicator and self.indicator.id) if one}
        return {self.page_id, *codes, *(_spellings(self.about) if self.about else ())}


def _spellings(one: Area | Indicator) -> tuple[str, ...]:
    return one.name.zh, one.name.en, one.short.zh, one.short.en


def subjects(params: RunParams, index: int, *, roster: Roster, plan: Plan, problems: list[Problem]) -> list[Subject]:
    """What one entry of a parameter file runs over, in the roster's or the plan's order, or in that of the file.

    What is not there is added to `problems`.
    """
    page = params.pages[index]
    years: Sequence[int | None] = page.years or (None,)
    if page.kind == "indicator":
        chosen = _indicators(params, index, plan, problems)
        return [Subject(page.kind, indicator=one, year=year) for one in chosen for year in years]
    areas = _areas(params, index, page, roster, problems)
    return [Subject(page.kind, area=area, year=year) for area in areas for year in years]


def _areas(
    params: RunParams, index: int, page: PageSpec, roster: Roster, problems: list[Problem]
) -> Sequence[Area | None]:
    if page.kind not in kinds.AREA_KINDS:
        return (None,)
    if page.areas is None and page.kind in ("city", "national"):
        return (roster.city if page.kind == "city" else roster.nation,)
    if page.areas is None or page.areas == "all":
        return roster.on(params.as_of)
    found = []
    for place, name in enumerate(page.areas):
        try:
            found.append(roster.find(name, day=params.as_of))
        except AreaError as cause:
            problems += [params.problem(("pages", index, "areas", place), said) for said in cause.problems]
    return found


def _indicators(params: RunParams, index: int, plan: Plan, problems: list[Problem]) -> Sequence[Indicator]:
    wanted = params.pages[index].indicators
    if wanted is None or wanted == "all":
        return plan.indicators
    by_name: dict[str, list[Indicator]] = {}
    for one in plan.indicators:
        for name in dict.fromkeys(name.casefold() for name in (one.id, *_spellings(one))):
            by_name.setdefault(name, []).append(one)
    found = []
    for place, name in enumerate(wanted):
        fitting = by_name.get(name.strip().casefold(), [])
        if len(fitting) == 1:
            found.append(fitting[0])
            continue
        near = [one.id for one in fitting] or nearest(name, by_name) or [one.id for one in plan.indicators]
        why = f"params.{'several_indicators' if fitting else 'no_such_indicator'}"
        problems.append(params.problem(("pages", index, "indicators", place), why, name=name, near=near))
    return found


def choose(only: Sequence[str], named: Mapping[str, Subject]) -> set[str]:
    """The page ids that a request for some pages means.

    Raises:
        RequestError: something is not part of the run; the message lists what is.
    """
    keys: dict[str, set[str]] = {}
    for page_id, subject in named.items():
        for name in subject.names:
            keys.setdefault(name.casefold(), set()).add(page_id)
    chosen: set[str] = set()
    for asked in only:
        if (found := keys.get(asked.strip().casefold())) is None:
            near = nearest(asked, [name for subject in named.values() for name in subject.names])
            names = Text("、".join(subject.short for subject in named.values()), ", ".join(named))
            hint = both("run.did_you_mean_pages", near=near) if near else both("run.pages_are", names=names)
            raise error(RequestError, "run.no_subject", name=asked, hint=hint, field="--only")
        chosen |= found
    return chosen
