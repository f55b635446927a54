"""What is typed wrongly is answered in both languages, with what may be typed instead, before anything runs."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from helpers import ROOT
from helpers import greenreport as run

from greenreport import schemas


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the demonstration's data and parameter files."""
    made = tmp_path_factory.mktemp("copy")
    for folder in ("plan", "areas", "demo"):
        shutil.copytree(ROOT / "data" / folder, made / "data" / folder)
    shutil.copytree(ROOT / "params", made / "params")
    (made / "greenreport.toml").touch()
    return made


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bild"], "Did you mean build"),
        (["build", "--jobz", "3"], "Did you mean --jobs"),
        (["build", "params/demo.yaml", "--renderer", "word"], "auto, quarto, builtin"),
        (["render"], "RUN is missing"),
        (["data", "chek"], "Did you mean check"),
        (["verify", "README.md"], "manifest.json"),
        (["verify", "nowhere"], "manifest.json"),
        (["build", "params"], "This is a folder"),
        (["build", "params/dema.yaml"], "Did you mean params/demo.yaml"),
        (["build", "params/demo.yaml", "--only", "万洲"], "万州"),
        (["plan", "data/areas"], "plan.yaml"),
        (["--project", "nowhere", "status"], "--project"),
        (["data", "check", "--data", "data/areas"], "ledger.toml"),
        (["data", "import", "READMI.md", "--yes", "--who", "x", "--data", "data/demo"], "Did you mean README.md"),
        (["data", "import", "data", "--yes", "--who", "x", "--data", "data/demo"], "This is a folder"),
        (["new"], "chongqing"),
        (["new", "x", "--template", "y.xlsx"], "--template"),
    ],
)
def test_a_wrong_command_says_what_may_be_typed(arguments: list[str], words: str) -> None:
    """Exit code 2, one message in Chinese and one in English, no traceback, no question."""
    done = run(*arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert words in done.stderr
    assert re.search("[\u4e00-\u9fff]", done.stderr)
    assert re.search("[a-z]{3}", done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("timeout: 600", "timeout: 600\nparameters: {prior_growth: 5}", ["0.05", "5%"]),
        ("timeout: 600", "timeout: 600\nparameters: {level: 80}", ["0.80", "80%"]),
        ("timeout: 600", "timeout: 600\nparameters: {method: arima}", ["arima_011_drift", "Choose from"]),
        ("timeout: 600", "timeout: 600\nparameters: {without: [growht]}", ["growht", "Write growth"]),
        ("timeout: 600", "timeout: 600\nprior_growth: 0.05", ["parameters: {prior_growth: …}"]),
        ("as_of: 2026-06-30", "as_of: 2035-01-01", ["2030", "Check the year"]),
        ("as_of: 2026-06-30", "as_of: 2023-06-30", ["baseline year", "2023"]),
        ("areas: all", "areas: [万洲]", ["Did you mean", "万州区"]),
        ("data: data/demo", "data: data/dema", ["Did you mean demo"]),
        ("data: data/demo", "data: data/areas", ["ledger.toml", "areas.csv"]),
        ("plan: data/plan", "plan: data/areas", ["plan.yaml"]),
        ("timeout: 600", "timeout： 600", ["full-width colon"]),
        ("languages: [zh, en]", "languages: [zh，en]", ["full-width comma"]),
        ("languages: [zh, en]", "langauges: [zh, en]", ["langauges", "Did you mean 'languages'"]),
    ],
)
def test_a_slip_in_a_parameter_file_is_caught_before_anything_runs(
    copy: Path, old: str, new: str, words: list[str]
) -> None:
    """`status` refuses it with its line and what to write; nothing was built."""
    text = (ROOT / "params/demo.yaml").read_text("utf-8")
    assert old in text
    (copy / "params/slip.yaml").write_text(text.replace(old, new, 1), "utf-8")
    done = run("status", "params/slip.yaml", cwd=copy)
    assert done.returncode == 2, done.stdout
    for word in words:
        assert word in done.stderr
    assert not (copy / "reports").exists()


def test_a_cut_off_in_the_future_is_refused_unless_figures_come_near_it(copy: Path) -> None:
    """A day that has not come, more than a year after the latest figure, is a slip; the message names both days."""
    from datetime import date

    from greenreport.run import feasibility, params

    loaded = params.load(copy / "params/demo.yaml")
    assert list(feasibility.days_ahead(loaded, date(2026, 5, 1), date(2026, 1, 1))) == []
    (problem,) = feasibility.days_ahead(loaded, date(2024, 5, 1), date(2026, 1, 1))
    assert "2024-05-01" in problem.en
    assert "2026-01-01" in problem.en
    assert list(feasibility.days_ahead(loaded, date(2024, 5, 1), date(2026, 7, 1))) == []


def test_plan_check_says_everything_at_once(copy: Path, tmp_path: Path) -> None:
    """Slips in plan, roster and ledger come in one answer, each with its file."""
    for folder in ("plan", "areas", "demo"):
        shutil.copytree(copy / "data" / folder, tmp_path / "data" / folder)
    for name, old, new in (
        ("plan/plan.yaml", "direction: up", "direction: upp"),
        ("plan/tasks.csv", ",task,3,", ",duty,3,"),
        ("areas/areas.csv", ",500000,1564449,", ",500000,many,"),
    ):
        path = tmp_path / "data" / name
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    done = run("plan", "check", "data/plan", cwd=tmp_path)
    assert done.returncode == 2
    for place in ("plan/plan.yaml", "plan/tasks.csv", "areas/areas.csv"):
        assert place in done.stderr
    assert run("plan", "check", str(copy / "data/plan")).returncode == 0


def test_a_project_is_checked_with_all_that_its_reports_are_made_from(copy: Path) -> None:
    """Without an argument: every parameter file, with plan, roster, ledger; a slip in the ledger is found."""
    for file in (copy / "params").glob("*.yaml"):
        if file.name != "demo.yaml":
            file.unlink()
    ledger = next(f for f in sorted((copy / "data/demo").glob("*.csv")) if ",500101,2023," in f.read_text("utf-8"))
    text = ledger.read_text("utf-8")
    ledger.write_text(text.replace(",500101,2023,", ",50O101,2023,", 1), "utf-8")
    done = run("plan", "check", cwd=copy)
    ledger.write_text(text, "utf-8")
    assert done.returncode == 2, done.stdout
    assert ledger.name in done.stderr


def test_a_comma_in_braces_is_named_whatever_it_leaves_behind(copy: Path, tmp_path: Path) -> None:
    """`{en: Energy per CNY 10,000}` has a number for a key; the remedy is quotation marks."""
    shutil.copytree(copy / "data/plan", tmp_path / "data/plan")
    path = tmp_path / "data/plan/plan.yaml"
    text = re.sub(
        r"name: \{zh: [^}]*\}", "name: {zh: 能耗, en: Energy per CNY 10,000}", path.read_text("utf-8"), count=1
    )
    path.write_text(text, "utf-8")
    done = run("plan", "check", "data/plan", cwd=tmp_path)
    assert done.returncode == 2
    assert "Put quotes around" in done.stderr
    assert "Keys should be strings" not in done.stderr


def test_the_options_named_for_analysts_are_those_of_the_evaluation() -> None:
    """What is sent from the top of a parameter file to `parameters` is every option there is."""
    from dataclasses import fields

    from greenreport.assess import Options
    from greenreport.choices import NAMES

    assert {f.name for f in fields(Options)} == NAMES


def test_the_version_is_told() -> None:
    """`--version` says the package and its version, and nothing else."""
    done = run("--version")
    assert done.returncode == 0
    assert re.fullmatch(r"greenreport \d+\.\d+\.\d+\S*\n", done.stdout)


@pytest.mark.parametrize("name", schemas.NAMES)
def test_the_schemas_for_editors_are_those_of_the_readers(name: str) -> None:
    """`python -m greenreport.schemas docs/schemas` was run after the last change; the command prints the same."""
    kept = (ROOT / f"docs/schemas/{name}.schema.json").read_text("utf-8")
    assert kept == schemas.text(name)
    assert run("schema", name).stdout == kept


def test_the_schemas_accept_what_the_package_ships() -> None:
    """Every plan.yaml and parameter file of the repository is valid by its schema, as an editor would check it."""
    import jsonschema
    import yaml

    for name, files in (("plan", "data/**/plan.yaml"), ("params", "params/*.yaml")):
        checker = jsonschema.Draft202012Validator(schemas.schema(name))
        found = sorted(ROOT.glob(files))
        assert found
        for file in found:
            content = json.loads(json.dumps(yaml.safe_load(file.read_text("utf-8")), default=str))
            assert [error.message for error in checker.iter_errors(content)] == [], file
