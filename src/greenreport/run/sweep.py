"""The sweep: from a parameter file to the list of pages, one task per page and language.

Knows the roster, the plan's indicators and the notebooks' parameter cells, and refuses what does not fit before anything runs. Must
not know how a page is executed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from greenreport import choices
from greenreport.areas import Roster, load_roster
from greenreport.errors import ParamsError, Problem, RequestError
from greenreport.plan import load_plan
from greenreport.run import feasibility, kinds, notebook
from greenreport.run.feasibility import as_of_year
from greenreport.run.page_subjects import Subject, choose, subjects
from greenreport.run.params import PageSpec, RunParams, Value
from greenreport.run.task import PageTask
from greenreport.words import Said, both, error

__all__ = ["plan_pages"]

SUPPLIED = ("lang", "area", "indicator", "as_of", "outcome_as_of", "plan", "areas", "data", "papers")
"""Parameters that the runner fills in where a notebook declares them."""


def plan_pages(
    params: RunParams, *, only: Sequence[str] | None = None, langs: Sequence[str] | None = None
) -> tuple[PageTask, ...]:
    """All pages that a parameter file asks for, in a fixed order: page by page, languages beside each other.

    Args:
        params: the checked parameter file.
        only: page ids, codes or ids or names (full or short, zh or en) of areas and indicators to keep; None or empty for all.
        langs: languages to keep; None for those of the file.

    Returns:
        A task for each page and language.

    Raises:
        ParamsError: an area is not in the roster, a parameter is not in the notebook, two pages share an id.
        RequestError: something in `only` or `langs` is not part of this file; the message lists what is.
    """
    roster = load_roster(params.root / params.areas)
    plan = load_plan(params.root / params.plan)
    wanted = _languages(params, langs)
    problems: list[Problem] = []
    sources = _notebooks(params, problems)
    tasks: list[PageTask] = []
    named: dict[str, Subject] = {}
    on_disk: set[str] = set()
    for index, page in enumerate(params.pages):
        for subject in subjects(params, index, roster=roster, plan=plan, problems=problems):
            if subject.page_id.casefold() in on_disk:
                problems.append(params.problem(("pages", index), "params.page_twice", page=subject.page_id))
                continue
            named[subject.page_id] = subject
            on_disk.add(subject.page_id.casefold())  # names of files: some systems do not tell case apart
            tasks += [_task(params, page, subject, lang, sources[page.notebook], roster) for lang in wanted]
    problems += feasibility.problems(params, plan, roster)
    if problems:
        raise ParamsError(tuple(problems))
    chosen = choose(only, named) if only else set(named)
    ranked = sorted(tasks, key=lambda task: kinds.order(task.kind))  # stable
    return tuple(task for task in ranked if task.id in chosen)


def _task(
    params: RunParams,
    page: PageSpec,
    subject: Subject,
    lang: str,
    declared: Mapping[str, notebook.Parameter],
    roster: Roster,
) -> PageTask:
    day = as_of_year(subject.year) if subject.year else params.as_of
    area = subject.area.code if subject.area else None
    indicator = subject.indicator.id if subject.indicator else None
    group = roster.group_on(area, day) if area and page.kind == "district" else None
    supplied = _supplied(params, area, indicator, lang, day)
    filled = {name: value for name, value in supplied.items() if name in declared and value is not None}
    shared = {name: value for name, value in params.parameters.items() if name in declared}
    return PageTask(
        id=subject.page_id,
        lang=lang,
        kind=page.kind,
        notebook=page.notebook,
        area=area,
        indicator=indicator,
        group=group[lang] if group else None,
        year=subject.year,
        as_of=day.isoformat(),
        title=subject.title(lang),
        subtitle=params.title.text[lang],
        parameters={**filled, **shared, **page.parameters},
        **_reads(page, area, roster, day, {**shared, **page.parameters}),
        timeout=params.timeout,
        memory_bytes=params.memory_bytes,
    )


def _supplied(
    params: RunParams, area: str | None, indicator: str | None, lang: str, day: date
) -> dict[str, Value | None]:
    """What the runner tells every page that declares it; None is told to none."""
    # The page of an earlier year is an earlier report: what has come since stands beside what it expected.
    later = params.outcome_as_of or (params.as_of if day < params.as_of else None)
    return {
        "lang": lang,
        "area": area,
        "indicator": indicator,
        "as_of": day.isoformat(),
        "outcome_as_of": later.isoformat() if later else None,
        "plan": params.plan,
        "areas": params.areas,
        "data": params.data,
        "papers": [one for one in params.papers if one != "archive"],
    }


def _languages(params: RunParams, langs: Sequence[str] | None) -> tuple[str, ...]:
    if not langs:
        return tuple(params.languages)
    for lang in langs:
        if lang not in params.languages:
            raise error(RequestError, "run.no_language", name=lang, known=tuple(params.languages), file=params.file)
    return tuple(lang for lang in params.languages if lang in langs)


def _notebooks(params: RunParams, problems: list[Problem]) -> dict[str, dict[str, notebook.Parameter]]:
    """What each notebook declares; problems with names and types of parameters are added to `problems`."""
    sources: dict[str, dict[str, notebook.Parameter]] = {}
    for index, page in enumerate(params.pages):
        if page.notebook not in sources:
            nb = notebook.read(params.notebook(page.notebook))
            sources[page.notebook] = notebook.parameters(nb)
            if (cells := len(notebook.parameters_cells(nb))) != 1:
                about = {"name": page.notebook, "cells": cells}
                problems.append(params.problem(("pages", index, "notebook"), "notebook.cells_tagged", **about))
    for index, page in enumerate(params.pages):
        path = ("pages", index, "parameters")
        _check(params, path, page.parameters, sources[page.notebook], page.notebook, problems)
        if page.kind == "indicator" and "indicator" not in sources[page.notebook]:
            at = ("pages", index, "notebook")
            problems.append(params.problem(at, "notebook.no_indicator", name=page.notebook))
    everywhere = {name: parameter for declared in sources.values() for name, parameter in declared.items()}
    where = "、".join(sources) if len(sources) < 4 else "notebooks"
    _check(params, ("parameters",), params.parameters, everywhere, where, problems)
    return sources


def _check(
    params: RunParams,
    path: tuple[str | int, ...],
    values: Mapping[str, Value],
    declared: Mapping[str, notebook.Parameter],
    where: str,
    problems: list[Problem],
) -> None:
    for name, value in values.items():
        trouble: Said | None
        if name in SUPPLIED:
            trouble = both("notebook.supplied", name=name)
        elif name not in declared:
            free = {key: parameter for key, parameter in declared.items() if key not in SUPPLIED}
            trouble = notebook.unknown_parameter(name, free, where=where)
        else:
            trouble = notebook.type_problem(declared[name], value) or choices.trouble(name, value)
        if trouble:
            problems.append(params.problem((*path, name), trouble))


def _reads(page: PageSpec, area: str | None, roster: Roster, day: date, values: Mapping[str, Value]) -> dict[str, Any]:
    """Whose rows of the ledger a page reads, and of whom the baseline year only.

    A district's targets may be its share of the city's by the districts' baselines, so its page depends on all
    of these; levels linked back on a comparable base make every later row of them count as well. Where its own growth
    or share of the year is not known, a page borrows the city's or the nation's. The overview
    tells of the districts' restatements and late reports, which their findings do not hold.
    """
    districts = tuple(district.code for district in roster.on(day))
    codes = [area or roster.city.code, roster.city.code, *([roster.nation.code] if roster.nation else [])]
    shares = page.kind == "district"
    whole = page.kind in kinds.WHOLE_READERS or "districts" in page.reads
    if whole or (shares and values.get("comparable")):
        codes += districts
    return {"reads": tuple(dict.fromkeys(codes)), "reads_base": districts if shares else ()}
