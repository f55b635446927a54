"""Parameter files are read strictly, and every message says where and what to do."""

from __future__ import annotations

from typing import get_args

import pytest
from project import Project

from greenreport import cli
from greenreport.errors import ParamsError
from greenreport.render.formats import FORMATS
from greenreport.run import params


def problems(project: Project, text: str = "", **changes: object) -> list[tuple[int | None, str | None, str, str]]:
    with pytest.raises(ParamsError) as raised:
        params.load(project.write(text, **changes))
    return [(p.row, p.field, p.zh, p.en) for p in raised.value.problems]


def test_a_right_file_is_read_with_its_root(project: Project) -> None:
    """A right file gives its pages, its day, and the project's root above it."""
    read = project.params(memory_limit="2 GB")
    assert read.name == "t"
    assert read.root == project.root
    assert read.as_of.isoformat() == "2026-06-30"
    assert read.memory_bytes == 2 * 1024**3
    assert [page.kind for page in read.pages] == ["overview", "city", "district"]


def test_an_unknown_key_is_refused_with_the_nearest_one(project: Project) -> None:
    """A key with a typing error is refused, on its line, with the key that was meant."""
    text = project.write().read_text("utf-8") + "timout: 5\n"
    line = len(text.splitlines())
    assert problems(project, text) == [
        (line, "timout", "无法识别“timout”。是否应为“timeout”？", "'timout' is not known here. Did you mean 'timeout'?")
    ]


def test_an_unknown_key_of_a_page_names_the_page(project: Project) -> None:
    """A wrong key inside a page says which page it is."""
    [(line, field, _, en)] = problems(
        project, pages=[{"notebook": "notebooks/page.ipynb", "kind": "city", "notbook": "x"}]
    )
    assert (field, line) == ("pages[1].notbook", 12)
    assert "'notebook'" in en


def test_a_key_that_stands_twice_is_refused(project: Project) -> None:
    """YAML keeps the last of two equal keys silently; here that is an error."""
    text = project.write().read_text("utf-8") + "timeout: 7\n"
    assert [field for _, field, _, _ in problems(project, text)] == ["timeout"]


def test_all_problems_are_told_at_once(project: Project) -> None:
    """A file with four mistakes gives four messages, in both languages."""
    found = problems(
        project, as_of="31 June", languages=["zh", "fr"], timeout="long", pages=[{"notebook": "notebooks/page.ipynb"}]
    )
    assert [field for _, field, _, _ in found] == ["as_of", "languages[2]", "pages[1].kind", "timeout"]
    assert all(zh and en for _, _, zh, en in found)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"plan": "data/plam"}, "plan"),
        ({"data": "/nowhere"}, "data"),
        ({"pages": [{"notebook": "notebooks/none.ipynb", "kind": "city"}]}, "pages[1].notebook"),
        ({"memory_limit": "much"}, "memory_limit"),
        ({"pages": []}, "pages"),
        ({"timeout": 0}, "timeout"),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_key(project: Project, changes: dict[str, object], field: str) -> None:
    """A path that is not there, an empty list, a nonsense size: each is told at its key."""
    assert [found for _, found, _, _ in problems(project, **changes)] == [field]


def test_a_date_among_notebook_parameters_is_refused(project: Project) -> None:
    """Parameters are plain data; a bare YAML date would reach the notebook as something else."""
    text = project.write().read_text("utf-8") + "parameters: {since: 2024-01-01}\n"
    [(_, field, _, en)] = problems(project, text)
    assert field == "parameters.since"
    assert "quotes" in en


def test_a_missing_file_names_its_neighbour(project: Project) -> None:
    """A mistyped file name is answered with the file that is there."""
    project.write()
    with pytest.raises(ParamsError, match=r"Did you mean .*t\.yaml"):
        params.load(project.root / "params" / "tt.yaml")


def test_broken_yaml_names_the_line(project: Project) -> None:
    """YAML that cannot be read is told with its line, not with a parser's traceback."""
    [(line, _, zh, _)] = problems(project, "title: {zh: 甲\nplan: data/plan\n")
    assert line is not None
    assert "YAML" in zh


def test_a_day_of_outcomes_follows_the_reports(project: Project) -> None:
    """A report looks back from a later day only, and pages by year have days of their own."""
    assert project.params(outcome_as_of="2031-06-30").outcome_as_of.isoformat() == "2031-06-30"
    [(_, field, zh, en)] = problems(project, outcome_as_of="2026-06-30")
    assert field == "outcome_as_of"
    assert "应晚于" in zh
    assert "must follow as_of" in en
    yearly = [{"notebook": "notebooks/page.ipynb", "kind": "city", "years": [2024, 2025]}]
    assert [field for _, field, _, _ in problems(project, outcome_as_of="2031-06-30", pages=yearly)] == [
        "pages[1].years"
    ]


def test_a_page_that_looks_back_sees_figures_up_to_the_day_of_outcomes() -> None:
    """Its key rests on them: a figure published between the two days makes it again, and only it."""
    from project import REPOSITORY

    from greenreport.run.cache import rows_key
    from greenreport.run.sweep import plan_pages

    chosen = {}
    for name in ("eu-renewables", "eu-renewables-outcome"):
        tasks = plan_pages(params.load(REPOSITORY / "params" / f"{name}.yaml"), langs=["en"])
        chosen[name] = {task.id: task for task in tasks}
    then, later = (chosen[name]["district-FR"] for name in chosen)
    assert "outcome_as_of" not in then.parameters
    assert later.parameters["outcome_as_of"] == "2023-12-31"
    assert then.as_of == later.as_of == "2013-12-31"
    assert rows_key(then).startswith("2013-12-31 ")
    assert rows_key(later).startswith("2023-12-31 ")
    assert "outcome_as_of" not in chosen["eu-renewables-outcome"]["methods"].parameters


def test_formats_have_the_same_names_everywhere():
    """What the command line offers, a parameter file may ask for, and rendering makes."""
    assert [f.value for f in cli.Format] == [*get_args(params.Format)] == [*FORMATS]
