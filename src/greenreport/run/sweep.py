"""The sweep: from a parameter file to the list of pages, one task per page and language.

Knows the roster and the notebooks' parameter cells, and refuses what does not fit before anything runs. Must
not know how a page is executed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from greenreport.areas import Area, Roster, load_roster
from greenreport.errors import AreaError, ParamsError, Problem, RequestError
from greenreport.run import notebook
from greenreport.run.params import PageSpec, RunParams, Value
from greenreport.run.task import PageTask

__all__ = ["PageTask", "as_of_year", "plan_pages"]

SUPPLIED = ("lang", "area", "as_of", "plan", "areas", "data")
"""Parameters that the runner fills in where a notebook declares them."""

_OVERVIEW = {"zh": "总览", "en": "Overview"}


def as_of_year(year: int) -> date:
    """The cut-off of a page about one year: 30 June of the next.

    By then the annual statistical communiqués (March) and the departments' figures of the year are out.
    """
    return date(year + 1, 6, 30)


def plan_pages(
    params: RunParams, *, only: Sequence[str] | None = None, langs: Sequence[str] | None = None
) -> tuple[PageTask, ...]:
    """All pages that a parameter file asks for, in a fixed order: page by page, languages beside each other.

    Args:
        params: the checked parameter file.
        only: page ids, area codes or names (full or short, zh or en) to keep; None or empty for all.
        langs: languages to keep; None for those of the file.

    Raises:
        ParamsError: an area is not in the roster, a parameter is not in the notebook, two pages share an id.
        RequestError: something in `only` or `langs` is not part of this file; the message lists what is.
    """
    roster = load_roster(params.root / params.areas)
    wanted = _languages(params, langs)
    problems: list[Problem] = []
    sources = _notebooks(params, problems)
    tasks: list[PageTask] = []
    named: dict[str, Area | None] = {}
    for index, page in enumerate(params.pages):
        declared = sources.get(page.notebook, {})
        shared = {name: value for name, value in params.parameters.items() if name in declared}
        for area, year in _over(params, index, page, roster, problems):
            page_id = _page_id(page.kind, area, year)
            if page_id in named:
                problems.append(
                    params.problem(
                        "pages",
                        index,
                        zh=f"页面“{page_id}”已由前面的条目生成。请去掉重复的条目。",
                        en=f"An earlier entry makes the page {page_id} already. Remove the duplicate.",
                    )
                )
                continue
            named[page_id] = area
            day = as_of_year(year) if year else params.as_of
            for lang in wanted:
                supplied: dict[str, Value] = {
                    "lang": lang,
                    "area": area.code if area else None,
                    "as_of": day.isoformat(),
                    "plan": params.plan,
                    "areas": params.areas,
                    "data": params.data,
                }
                filled = {
                    name: value
                    for name, value in supplied.items()
                    if name in declared and not (name == "area" and value is None)
                }
                tasks.append(
                    PageTask(
                        id=page_id,
                        lang=lang,
                        kind=page.kind,
                        notebook=page.notebook,
                        area=area.code if area else None,
                        year=year,
                        as_of=day.isoformat(),
                        title=_title(area, year, lang),
                        subtitle=getattr(params.title, lang),
                        parameters={**filled, **shared, **page.parameters},
                        **_reads(page, area, roster, day, {**shared, **page.parameters}),
                        timeout=params.timeout,
                        memory_bytes=params.memory_bytes,
                    )
                )
    if problems:
        raise ParamsError(tuple(problems))
    chosen = _chosen(only, named) if only else set(named)
    ranked = sorted(tasks, key=lambda task: task.overview)  # stable: only overviews move, to the end
    return tuple(task for task in ranked if task.id in chosen)


def _languages(params: RunParams, langs: Sequence[str] | None) -> tuple[str, ...]:
    if not langs:
        return tuple(params.languages)
    for lang in langs:
        if lang not in params.languages:
            have = "、".join(params.languages)
            raise RequestError.of(
                zh=f"这次运行没有语言“{lang}”。可选：{have}。",
                en=f"This run has no language {lang!r}. Choose from: {', '.join(params.languages)}.",
                file=params.file,
            )
    return tuple(lang for lang in params.languages if lang in langs)


def _notebooks(params: RunParams, problems: list[Problem]) -> dict[str, dict[str, notebook.Parameter]]:
    """What each notebook declares; problems with names and types of parameters are added to `problems`."""
    sources: dict[str, dict[str, notebook.Parameter]] = {}
    for page in params.pages:
        if page.notebook not in sources:
            sources[page.notebook] = notebook.parameters(notebook.read(params.root / page.notebook))
    for index, page in enumerate(params.pages):
        path = ("pages", index, "parameters")
        _check(params, path, page.parameters, sources[page.notebook], page.notebook, problems)
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
        if name in SUPPLIED:
            zh = f"“{name}”由运行器按页面填写，请删去；地区、语言和日期各有专门的键。"
            en = f"{name!r} is filled in per page. Remove it; areas, languages and as_of have their own keys."
        elif name not in declared:
            free = {key: parameter for key, parameter in declared.items() if key not in SUPPLIED}
            zh, en = notebook.unknown_parameter(name, free, where=where)
        elif trouble := notebook.type_problem(declared[name], value):
            zh, en = trouble
        else:
            continue
        problems.append(params.problem(*path, name, zh=zh, en=en))


def _over(
    params: RunParams, index: int, page: PageSpec, roster: Roster, problems: list[Problem]
) -> Iterable[tuple[Area | None, int | None]]:
    """The areas and years that one entry of the file runs over."""
    areas: Sequence[Area | None]
    if page.kind == "overview":
        areas = (None,)
    elif page.kind == "city" and page.areas is None:
        areas = (roster.city,)
    elif page.kind == "national" and page.areas is None:
        areas = (roster.nation,)
    elif page.areas is None or page.areas == "all":
        areas = roster.on(params.as_of)
    else:
        areas = tuple(
            area
            for place, name in enumerate(page.areas)
            if (area := _find(params, index, place, name, roster, problems)) is not None
        )
    years: Sequence[int | None] = page.years or (None,)
    return [(area, year) for area in areas for year in years]


def _find(params: RunParams, index: int, place: int, name: str, roster: Roster, problems: list[Problem]) -> Area | None:
    try:
        return roster.find(name, day=params.as_of)
    except AreaError as error:
        problems += [params.problem("pages", index, "areas", place, zh=p.zh, en=p.en) for p in error.problems]
        return None


def _page_id(kind: str, area: Area | None, year: int | None) -> str:
    stem = f"district-{area.code}" if kind == "district" and area else kind
    return f"{stem}-{year}" if year else stem


def _title(area: Area | None, year: int | None, lang: str) -> str:
    title = _OVERVIEW[lang] if area is None else area.name[lang]
    if year is None:
        return title
    return f"{title}（{year}年）" if lang == "zh" else f"{title}, {year}"


def _reads(
    page: PageSpec, area: Area | None, roster: Roster, day: date, values: Mapping[str, Value]
) -> dict[str, tuple[str, ...]]:
    """Whose rows of the ledger a page reads, and of whom the baseline year only.

    A district's targets may be its share of the city's by the districts' baselines, so its page depends on all
    of these; levels linked back on a comparable base make every later row of them count as well. The overview
    tells of the districts' restatements and late reports, which their findings do not hold.
    """
    districts = tuple(district.code for district in roster.on(day))
    codes = [area.code if area else roster.city.code]
    if "city" in page.reads:
        codes.append(roster.city.code)
    if "nation" in page.reads and roster.nation:
        codes.append(roster.nation.code)
    shares = page.kind == "district"
    if page.kind == "overview" or "districts" in page.reads or (shares and values.get("comparable")):
        codes += districts
    return {"reads": tuple(dict.fromkeys(codes)), "reads_base": districts if shares else ()}


def _chosen(only: Sequence[str], named: Mapping[str, Area | None]) -> set[str]:
    """The page ids that `only` asks for."""
    keys: dict[str, set[str]] = {}
    for page_id, area in named.items():
        names = {page_id}
        if area is not None:
            names |= {area.code, area.name.zh, area.name.en, area.short.zh, area.short.en}
        for name in names:
            keys.setdefault(name.casefold(), set()).add(page_id)
    chosen: set[str] = set()
    for asked in only:
        if (found := keys.get(asked.strip().casefold())) is None:
            near = difflib.get_close_matches(asked.casefold(), keys, 3, 0.5)
            shown = [name for area in named.values() if area for name in (area.short.zh,)] + [
                page for page, area in named.items() if area is None
            ]
            hint_zh = f"是否想选：{'、'.join(near)}？" if near else ""
            hint_en = f"Did you mean: {', '.join(near)}? " if near else ""
            raise RequestError.of(
                zh=f"这次运行里没有“{asked}”。{hint_zh}可选：{'、'.join(shown)}。",
                en=f"There is no {asked!r} in this run. {hint_en}It has: {', '.join(named)}.",
                field="--only",
            )
        chosen |= found
    return chosen
