"""From a parameter file to the list of pages: fixed order, names that people use, parameters checked."""

from __future__ import annotations

import pickle

import pytest
from project import BASE, REPOSITORY, Project

from greenreport.errors import ParamsError, RequestError
from greenreport.run.sweep import plan_pages

PAGE = {"notebook": "notebooks/page.ipynb", "kind": "district", "areas": ["500101"]}
INDICATORS = {"notebook": "notebooks/indicator.ipynb", "kind": "indicator"}


def test_pages_come_in_a_fixed_order_with_overviews_last(project: Project) -> None:
    """Pages stand in the file's order, languages side by side, overviews at the end because they read the rest."""
    assert [(task.id, task.lang) for task in plan_pages(project.params())] == [
        (page, lang) for page in ("city", "district-500101", "district-500102", "overview") for lang in ("zh", "en")
    ]


def test_all_means_the_districts_of_the_day(project: Project) -> None:
    """Before 2025-11-05 the roster had 38 districts, after it 37."""
    pages = [{**PAGE, "areas": "all"}]
    assert len(plan_pages(project.params(pages=pages, languages=["zh"], as_of="2025-06-30"))) == 38
    assert len(plan_pages(project.params(pages=pages, languages=["zh"]))) == 37


def test_the_yearly_run_looks_back_on_last_years_report() -> None:
    """The pages of earlier years are held against what had come by the run's day; the newest has nothing to look back on."""
    from greenreport.run import params

    tasks = plan_pages(params.load(REPOSITORY / "params/annual.yaml"), langs=["zh"])
    assert [(task.id, task.as_of, task.parameters.get("outcome_as_of")) for task in tasks] == [
        ("city-2023", "2024-06-30", "2026-06-30"),
        ("city-2024", "2025-06-30", "2026-06-30"),
        ("city-2025", "2026-06-30", None),
    ]


def test_a_page_of_a_year_is_as_of_the_next_june(project: Project) -> None:
    """The page about 2023 shows what was known on 2024-06-30."""
    pages = [{"notebook": "notebooks/page.ipynb", "kind": "city", "years": [2023, 2025]}]
    tasks = plan_pages(project.params(pages=pages, languages=["zh"]))
    assert [(task.id, task.as_of, task.parameters["as_of"]) for task in tasks] == [
        ("city-2023", "2024-06-30", "2024-06-30"),
        ("city-2025", "2026-06-30", "2026-06-30"),
    ]


@pytest.mark.parametrize("name", ["district-500101", "500101", "万州区", "万州", "Wanzhou District", "wanzhou"])
def test_an_area_is_asked_for_by_id_code_or_name(project: Project, name: str) -> None:
    """An area is asked for as people know it, in either language, in full or in short."""
    assert {task.id for task in plan_pages(project.params(), only=[name])} == {"district-500101"}


def test_only_what_is_not_there_lists_what_is(project: Project) -> None:
    """A name that is not in the run is a request error that lists the names that are."""
    with pytest.raises(RequestError) as raised:
        plan_pages(project.params(), only=["不存在"])
    assert raised.value.exit_code == 2
    [problem] = raised.value.problems
    assert "没有“不存在”" in problem.zh
    assert "万州" in problem.zh
    assert "district-500102" in problem.en


def test_a_language_that_the_run_lacks_is_refused(project: Project) -> None:
    """A run in Chinese alone cannot be asked for English."""
    with pytest.raises(RequestError, match="no language 'en'"):
        plan_pages(project.params(languages=["zh"]), langs=["en"])


def test_an_area_that_ended_is_refused_with_its_successors(project: Project) -> None:
    """Yubei District ended on 2025-11-05; a page as of 2026 says who followed."""
    with pytest.raises(ParamsError) as raised:
        plan_pages(project.params(pages=[{**PAGE, "areas": ["渝北"]}]))
    [problem] = raised.value.problems
    assert problem.field == "pages[1].areas[1]"
    assert "两江新区" in problem.zh


def test_parameters_reach_the_pages_that_declare_them(project: Project) -> None:
    """A value for all pages goes where it is declared; a page's own value wins."""
    pages = [*BASE["pages"][:2], {**PAGE, "parameters": {"growth": 0.05}}]
    tasks = {task.id: task for task in plan_pages(project.params(parameters={"growth": 0.02}, pages=pages))}
    assert tasks["city"].parameters["growth"] == 0.02
    assert tasks["district-500101"].parameters["growth"] == 0.05
    assert "growth" not in tasks["overview"].parameters


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"grwth": 0.1}, "Did you mean 'growth'"),
        ({"growth": "fast"}, "asks for float"),
        ({"growth": True}, "asks for float"),
        ({"names": ["a", 1]}, "asks for list"),
        ({"limit": 2.5}, "asks for int | None"),
        ({"lang": "zh"}, "filled in per page"),
    ],
)
def test_parameters_that_do_not_fit_the_notebook_are_refused(
    project: Project, values: dict[str, object], told: str
) -> None:
    """papermill would only warn; here a wrong name or type stops the build before it starts."""
    with pytest.raises(ParamsError) as raised:
        plan_pages(project.params(parameters=values))
    [problem] = raised.value.problems
    assert told in problem.en
    assert problem.field == f"parameters.{next(iter(values))}"


def test_pages_of_indicators_and_annexes_come_after_the_areas(project: Project) -> None:
    """All six indicators of the plan, under their own names; the overview at the end, annexes among the first."""
    pages = [
        BASE["pages"][0],
        {**INDICATORS, "indicators": "all"},
        BASE["pages"][1],
        *({"notebook": "notebooks/annex.ipynb", "kind": kind} for kind in ("tasks", "methods", "data")),
    ]
    tasks = plan_pages(project.params(pages=pages, languages=["en"]))
    assert [task.id for task in tasks] == [
        "city", "tasks", "methods", "data",
        "indicator-online-retail", "indicator-green-mall", "indicator-green-hotel", "indicator-recycled-volume",
        "indicator-elv-dismantled", "indicator-green-expo",
        "overview",
    ]  # fmt: skip
    by_id = {task.id: task for task in tasks}
    assert by_id["indicator-green-mall"].title == "Green malls fostered"
    assert by_id["indicator-green-mall"].parameters["indicator"] == "green_mall"
    assert [by_id[page].title for page in ("tasks", "methods", "data")] == ["Tasks", "Methods", "Data and sources"]
    assert [len(by_id[page].reads) for page in ("tasks", "methods", "data", "overview")] == [39, 2, 39, 39]


@pytest.mark.parametrize("name", ["green_mall", "indicator-green-mall", "绿色商场", "培育绿色商场", "green malls"])
def test_indicators_are_asked_for_as_people_know_them(project: Project, name: str) -> None:
    """By id, full or short name, both in the file and in `only`; pages have the plan's id."""
    asked = project.params(pages=[{**INDICATORS, "indicators": "all"}], languages=["zh"])
    [task] = plan_pages(asked, only=[name])
    assert (task.id, task.indicator) == ("indicator-green-mall", "green_mall")


def test_an_indicator_that_the_plan_lacks_is_refused_with_the_nearest(project: Project) -> None:
    """A slip of the pen is told with its place in the file and what was probably meant."""
    with pytest.raises(ParamsError) as raised:
        plan_pages(project.params(pages=[{**INDICATORS, "indicators": ["绿色饭店", "green_mal"]}]))
    [problem] = raised.value.problems
    assert problem.field == "pages[1].indicators[2]"
    assert "no indicator called 'green_mal'. The nearest: green_mall" in problem.en
    assert "没有指标叫“green_mal”" in problem.zh


def test_a_notebook_of_indicators_must_take_one(project: Project) -> None:
    """Without a parameter for it all pages would be the same."""
    with pytest.raises(ParamsError, match="does not declare indicator"):
        plan_pages(project.params(pages=[{"notebook": "notebooks/annex.ipynb", "kind": "indicator"}]))


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ({"notebook": "notebooks/annex.ipynb", "kind": "data", "areas": "all"}, "not about areas"),
        ({**PAGE, "indicators": ["green_mall"]}, "not about indicators"),
    ],
)
def test_areas_and_indicators_belong_to_their_kinds(project: Project, page: dict[str, object], told: str) -> None:
    """A key that would do nothing is refused rather than overlooked."""
    with pytest.raises(ParamsError, match=told):
        project.params(pages=[page])


def test_the_same_page_twice_is_refused(project: Project) -> None:
    """Two entries that would write the same page are a mistake."""
    with pytest.raises(ParamsError, match="makes the page city already"):
        plan_pages(project.params(pages=[BASE["pages"][1], BASE["pages"][1]]))


def test_a_task_survives_a_trip_to_another_process(project: Project) -> None:
    """A task is the same after a trip to another process."""
    tasks = plan_pages(project.params())
    assert pickle.loads(pickle.dumps(tasks)) == tasks
