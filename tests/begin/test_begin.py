"""A project is begun from a workbook, from answers or from an example, and is checked before it is there."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import yaml
from filled import PLAN, fill, stores
from helpers import greenreport

from greenreport import begin
from greenreport.areas import load_roster
from greenreport.errors import DataError, RequestError
from greenreport.plan import load_plan
from greenreport.run import checking, params

TODAY = dt.date(2026, 7, 1)


def test_a_workbook_becomes_a_project_that_checks_clean(tmp_path: Path) -> None:
    """One language, no whole, own targets, many parts, a share, a count and an intensity: all of it is in the files."""
    made, _ = begin.write(begin.read_workbook(stores(tmp_path / "plan.xlsx"), today=TODAY), tmp_path / "p")
    root = tmp_path / "p"
    assert checking.check_params(made).problems == []
    plan = load_plan(root / "data/plan")
    assert plan.langs == ("zh",)
    assert [(i.kind, i.direction, i.additive) for i in plan.indicators] == [
        ("share", "up", False),
        ("cumulative_count", "up", True),
        ("flow", "down", False),
    ]
    assert {t.value for i in plan.indicators for t in i.targets} == {None}
    assert len(load_roster(root / "data/areas").on(TODAY)) == 60
    asked = params.load(made)
    assert [page.kind for page in asked.pages] == ["overview", "indicator", "district", "methods", "data", "papers"]
    assert (asked.root, asked.as_of, asked.languages) == (root, dt.date(2026, 6, 30), ["zh"])
    rows = (root / "data/ledger/figures.csv").read_text("utf-8").splitlines()
    assert "energy,S01,2025,125,千瓦时,observed,,2026-03-01,plan.xlsx,,R,," in rows
    assert sum(",target," in row for row in rows) == 60 * 3 * 2
    for name in ("README.md", ".gitignore", "greenreport.toml", "schemas/plan.schema.json", "notebooks/overview.ipynb"):
        assert (root / name).is_file()


def test_a_notebook_of_a_project_begins_with_the_projects_own_data(tmp_path: Path) -> None:
    """Run-all in JupyterLab shows the project: the parameters cell names its folders, its first part, its language."""
    begin.write(begin.read_workbook(stores(tmp_path / "plan.xlsx", 2), today=TODAY), tmp_path / "p")
    nb = json.loads((tmp_path / "p/notebooks/district.ipynb").read_text("utf-8"))
    cell = next(c for c in nb["cells"] if "parameters" in c["metadata"].get("tags", []))
    for line in ('area: str = "S01"', 'data: str = "data/ledger"', 'as_of: str = "2026-06-30"', '= "zh"'):
        assert line in cell["source"]


BOTH = PLAN | {"A part is called, in English": "store", "Several parts are called, in English": "stores"}
BOTH |= {"Title in English": "Store plan", "Name of the whole in English": "The Group"}


def test_everything_wrong_with_a_workbook_is_said_at_once_with_its_cell(tmp_path: Path) -> None:
    """A name misspelt, a word not offered, a formula, a missing year and language: five problems, each with sheet and cell."""
    path = fill(
        tmp_path / "plan.xlsx",
        plan=BOTH | {"First year": "soon"},
        areas=[{"Code": "A", "Name in Chinese": "甲", "Name in English": "Alpha"}],
        indicators=[
            {
                "Id": "rate", "Name in Chinese": "回收率", "Name in English": "Rate", "Unit in Chinese": "%",
                "Unit in English": "%", "Type": "比列", "Direction": "up", "Baseline year": 2023, "Baseline": "=1+1",
            },
            {"Name in Chinese": "能耗", "Unit in Chinese": "吨", "Unit in English": "t", "Direction": "down"},
        ],
        targets=[{"Indicator": "rat", "2028": 50}, {"Indicator": "能耗", "2028": 1}],
    )  # fmt: skip
    with pytest.raises(DataError) as caught:
        begin.read_workbook(path, today=TODAY)
    assert {str(p.field).partition("!")[2] for p in caught.value.problems} >= {"B10", "C4", "G3", "I4", "J3", "A3"}
    said = "\n".join(p.en for p in caught.value.problems)
    for words in (
        "whole number",
        "share",
        "formulas are never evaluated",
        "“Baseline year” is not filled in",
        "Did you mean rate",
    ):
        assert words in said, said
    assert all(p.zh and p.zh != p.en for p in caught.value.problems)


def test_nothing_is_left_where_a_project_is_refused(tmp_path: Path) -> None:
    """A plan that contradicts itself writes no folder; a folder that is not empty is not touched."""
    path = fill(
        tmp_path / "plan.xlsx",
        plan=PLAN,
        indicators=[
            {
                "Id": "x",
                "Name in Chinese": "甲",
                "Unit in Chinese": "个",
                "Direction": "up",
                "Baseline year": 2023,
                "Baseline": 9,
            }
        ],
        targets=[{"Indicator": "x", "2028": 4}],
    )
    with pytest.raises(DataError, match="worse than the baseline"):
        begin.write(begin.read_workbook(path, today=TODAY), tmp_path / "p")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan.xlsx"]
    with pytest.raises(RequestError, match="something here"):
        begin.example("chongqing", tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan.xlsx"]


@pytest.mark.parametrize("name", begin.examples())
def test_every_example_is_a_project_that_checks_clean(tmp_path: Path, name: str) -> None:
    """What the package brings along as an example is complete and consistent in a folder of its own."""
    made = begin.example(name, tmp_path / "p")
    files = sorted((tmp_path / "p/params").glob("*.yaml"))
    assert made in files
    for file in files:
        assert checking.check_params(file).problems == []


def test_an_unknown_example_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="Did you mean chongqing"):
        begin.example("chongking", tmp_path / "p")


def test_a_few_answers_make_a_project(tmp_path: Path) -> None:
    """Typed: English, a title, the whole, years, two parts, one share with a target that holds for each part."""
    answers = [
        "2",
        "Green travel plan",
        "The Province",
        "2024",
        "2028",
        "North, South",
        "county",
        "counties",
        "Share of green trips",
        "%",
        "share",
    ]
    answers += ["up", "2023", "40", "2028=55", "same level", "n"]
    done = greenreport("new", "p", cwd=tmp_path, answers="\n".join(answers) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    plan = load_plan(tmp_path / "p/data/plan")
    (one,) = plan.indicators
    assert (plan.langs, one.id, one.kind, one.allocation) == (("en",), "share_of_green_trips", "share", "same")
    assert [(t.year, t.value) for t in one.targets] == [(2028, 55.0)]
    assert (plan.level.whole.en, plan.level.part.en, plan.level.parts.en) == ("The Province", "county", "counties")
    assert [a.name.en for a in load_roster(tmp_path / "p/data/areas").on(TODAY)] == ["North", "South"]
    checked = greenreport("plan", "check", "params/report.yaml", cwd=tmp_path / "p")
    assert checked.returncode == 0, checked.stderr


def test_commands_find_their_project_from_any_folder_inside_or_by_option(tmp_path: Path) -> None:
    """As git does: from `data/plan` upwards; from elsewhere with --project; the only parameter file need not be named."""
    begin.write(begin.read_workbook(stores(tmp_path / "plan.xlsx", 2), today=TODAY), tmp_path / "p")
    inside = greenreport("status", cwd=tmp_path / "p/data/plan")
    outside = greenreport("--project", "p", "status", cwd=tmp_path)
    assert inside.returncode == outside.returncode == 0, inside.stderr + outside.stderr
    assert "district-S01" in inside.stdout
    assert inside.stdout == outside.stdout
    lost = greenreport("status", cwd=tmp_path)
    assert lost.returncode == 2
    assert "greenreport new" in lost.stderr


def test_paths_outside_the_project_are_allowed_with_a_warning(tmp_path: Path) -> None:
    """A ledger elsewhere on the machine is read, and the command says that the run can't be made again elsewhere."""
    made, _ = begin.write(begin.read_workbook(stores(tmp_path / "plan.xlsx", 2), today=TODAY), tmp_path / "p")
    (tmp_path / "p/data/ledger").rename(tmp_path / "kept")
    made.write_text(made.read_text("utf-8").replace("data: data/ledger", f"data: {tmp_path / 'kept'}"), "utf-8")
    done = greenreport("status", cwd=tmp_path / "p")
    assert done.returncode == 0, done.stderr
    assert "outside the project" in " ".join(done.stdout.split())


def test_a_copy_of_a_notebook_that_lags_behind_is_told(tmp_path: Path) -> None:
    """A fresh copy says nothing; one made from an older package, or changed, is named with what to do."""
    from greenreport.run import notebook_copies

    made, _ = begin.write(begin.read_workbook(stores(tmp_path / "plan.xlsx", 2), today=TODAY), tmp_path / "p")
    assert notebook_copies.lagging(params.load(made)) == []
    own = tmp_path / "p/notebooks/data.ipynb"
    nb = json.loads(own.read_text("utf-8"))
    nb["metadata"]["greenreport"][notebook_copies.STAMP] = "older"
    own.write_text(json.dumps(nb), "utf-8")
    (told,) = notebook_copies.lagging(params.load(made))
    assert "lags behind" in told.en
    own.unlink()
    assert notebook_copies.lagging(params.load(made)) == []
    assert params.load(made).notebook("notebooks/data.ipynb").is_file()


def test_the_template_is_the_same_for_the_same_year(tmp_path: Path) -> None:
    one, two = (begin.write_template(tmp_path / name, year=2026).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert one == two


def test_files_of_a_project_are_plain_yaml_with_a_schema(tmp_path: Path) -> None:
    """plan.yaml names its schema for editors, and reads back as what was filled in."""
    begin.write(begin.read_workbook(stores(tmp_path / "plan.xlsx", 2), today=TODAY), tmp_path / "p")
    text = (tmp_path / "p/data/plan/plan.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../schemas/plan.schema.json\n")
    assert (tmp_path / "p/data/plan" / "../../schemas/plan.schema.json").is_file()
    assert yaml.safe_load(text)["title"] == {"zh": "某集团门店绿色发展规划"}


@pytest.mark.parametrize(
    ("name", "words"), [("none.xlsx", "no such workbook"), ("plan.yaml", "in the form of the template")]
)
def test_what_is_no_workbook_is_said_in_one_sentence(tmp_path: Path, name: str, words: str) -> None:
    """A wrong path, or another kind of file: not a list of the sheets it lacks."""
    (tmp_path / "plan.yaml").write_text("id: x\n", "utf-8")
    with pytest.raises(DataError, match=words) as caught:
        begin.read_workbook(tmp_path / name, today=TODAY)
    assert len(caught.value.problems) == 1


def test_a_workbook_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    """Who types the command again after filling in the workbook loses nothing."""
    path = stores(tmp_path / "plan.xlsx", 2)
    before = path.read_bytes()
    with pytest.raises(RequestError, match="left alone"):
        begin.write_template(path, year=2026)
    assert path.read_bytes() == before
