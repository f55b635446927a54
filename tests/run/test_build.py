"""Builds: the same bytes, nothing redone that has not changed, faults kept to their page."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from project import BASE, Project, made

from greenreport import cli
from greenreport.errors import DataError, RequestError, RunLocked
from greenreport.render import RenderResult
from greenreport.run import manifest
from greenreport.run.build import status
from greenreport.run.files import LOCK, hold
from greenreport.run.verify import verify

CITY = {"pages": [BASE["pages"][1]], "languages": ["zh"]}
DISTRICTS = {"pages": [BASE["pages"][0], BASE["pages"][2]], "languages": ["zh"]}
CITY_AND_ONE = {"pages": [BASE["pages"][1], {**BASE["pages"][2], "areas": ["万州"]}]}
KINDS = [
    {"notebook": "notebooks/indicator.ipynb", "kind": "indicator", "indicators": ["online_retail", "绿色商场"]},
    {"notebook": "notebooks/annex.ipynb", "kind": "tasks"},
    {"notebook": "notebooks/annex.ipynb", "kind": "methods"},
    {"notebook": "notebooks/annex.ipynb", "kind": "data"},
]
WANZHOU = ("district-500101", "zh")


def test_a_build_makes_every_page_and_a_second_one_none(project: Project, no_process_left: Callable[[], None]) -> None:
    """All pages are made in both languages; without a change nothing runs and no byte differs."""
    first = project.build()
    assert made(first) == {(page.id, page.lang) for page in first.manifest.pages}
    assert len(first.made) == 8
    assert {page.status for page in first.manifest.pages} == {"done"}
    before = project.bytes()
    second = project.build()
    assert (second.made, second.skipped, second.exit_code) == ((), 8, 0)
    assert project.bytes() == before
    no_process_left()


HEAVY = {"pandas", "scipy", "altair", "statsmodels", "papermill", "IPython", "openpyxl", "pyarrow", "rfc3987_syntax"}
COMMAND_LINE = """
import sys
from greenreport.cli import app
app(sys.argv[1:], standalone_mode=False)
"""


def test_a_build_without_changes_imports_nothing_heavy_and_touches_no_table(project: Project) -> None:
    """What only making pages needs is not imported where nothing is made; the tables for download are left alone."""
    file = project.write(pages=[KINDS[3]], languages=["zh"], formats=["html"])
    command = ["build", str(file), "--renderer", "builtin", "--jobs", "1"]
    told = f"print('heavy:', sorted({HEAVY!r} & sys.modules.keys()))"
    script = f"import atexit\natexit.register(lambda: {told})\n{COMMAND_LINE}"
    first = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    assert "heavy: []" not in first.stdout
    tables = {path: path.stat().st_mtime_ns for path in (project.run / "data").iterdir()}
    assert {path.name for path in tables} >= {"results.csv", "results.xlsx", "datapackage.json"}
    second = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stderr
    assert "heavy: []" in second.stdout
    assert {path: path.stat().st_mtime_ns for path in (project.run / "data").iterdir()} == tables


@pytest.mark.parametrize(("options", "archive"), [([], None), (["--archive"], True), (["--no-archive"], False)])
def test_the_archive_can_be_asked_for(
    project: Project, monkeypatch: pytest.MonkeyPatch, options: list[str], archive: bool | None
) -> None:
    """`--archive` and `--no-archive` of the command line reaches the rendering, of a build and of a run alike."""
    asked = []

    def render(folder: Path, **given: object) -> RenderResult:
        asked.append(given["archive"])
        return RenderResult((), "builtin")

    monkeypatch.setattr("greenreport.render.render", render)
    file = project.write(pages=[KINDS[3]], languages=["zh"])
    for command in (["build", str(file), "--jobs", "1"], ["render", str(project.run)]):
        with pytest.raises(SystemExit) as ended:
            cli.app([*command, *options])
        assert ended.value.code == 0
    assert asked == [archive, archive]


def test_forked_and_fresh_processes_make_the_same_bytes(project: Project) -> None:
    """How a page is executed leaves no trace in it."""
    project.build(CITY_AND_ONE, fork=False)
    before = project.bytes()
    again = project.build(CITY_AND_ONE, force=True, jobs=2)
    assert len(again.made) == 4
    assert project.bytes() == before


def test_findings_and_front_matter_stand_where_the_contract_says(project: Project) -> None:
    """Findings are one file per page, the executed notebook opens with front matter and has its parameters."""
    project.build({**CITY, "parameters": {"growth": 0.05}}, fork=False)
    assert json.loads((project.run / "data/city.json").read_text("utf-8"))["growth"] == 0.05
    nb = json.loads((project.run / "notebooks/zh/city.ipynb").read_text("utf-8"))
    assert nb["cells"][0]["cell_type"] == "raw"
    head = nb["cells"][0]["source"]
    assert "title: 重庆市" in head
    assert "subtitle: 测试报告" in head
    assert "synthetic: true" in head
    assert "lang: zh-CN" in head
    assert str(project.root) not in json.dumps(nb)


def test_a_moved_run_stays_valid(project: Project) -> None:
    """A run that was moved or copied is as current as it was."""
    project.build(DISTRICTS)
    elsewhere = project.root / "elsewhere"
    shutil.move(project.run, elsewhere)
    assert project.build(DISTRICTS, out=elsewhere).made == ()


def _change_row(project: Project, *, area: str, year: int) -> None:
    """Add one to one figure of online retail sales."""
    file = project.root / "data/demo/online_retail.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    place = next(i for i, line in enumerate(lines) if f",{area}," in line and f",{year}," in line)
    fields = lines[place].split(",")
    fields[3] = str(float(fields[3]) + 1)
    lines[place] = ",".join(fields)
    file.write_text("".join(lines), "utf-8")


def test_a_changed_row_redoes_its_district_and_the_overview(project: Project) -> None:
    """One figure of one district after the baseline year concerns that district's page and the overview only."""
    project.build(DISTRICTS)
    _change_row(project, area="500102", year=2024)
    assert {(task.id, runs) for task, runs, _ in status(project.params(**DISTRICTS))} == {
        ("district-500101", False),
        ("district-500102", True),
        ("overview", True),
    }
    assert made(project.build(DISTRICTS)) == {("district-500102", "zh"), ("overview", "zh")}


def test_a_changed_row_redoes_the_page_of_its_indicator_only(project: Project) -> None:
    """Pages of indicators follow the findings and rows of their own indicator; annexes follow what they read."""
    pages = [*DISTRICTS["pages"], *KINDS]
    changes = {"pages": pages, "languages": ["zh"]}
    first = project.build(changes)
    assert {page.kind for page in first.manifest.pages} == {
        "overview", "district", "indicator", "tasks", "methods", "data",
    }  # fmt: skip
    assert first.manifest.page("indicator-green-mall", "zh").indicator == "green_mall"  # type: ignore[union-attr]
    assert sorted(path.name for path in (project.run / "data").glob("*.json")) == [
        "district-500101.json",
        "district-500102.json",
    ]
    assert verify(project.run) == ()
    _change_row(project, area="500102", year=2024)
    would = {task.id for task, runs, _ in status(project.params(**changes)) if runs}
    assert would == {"district-500102", "indicator-online-retail", "overview", "tasks", "data"}
    assert made(project.build(changes)) == {(page, "zh") for page in would}
    assert {runs for _, runs, _ in status(project.params(**changes))} == {False}


def test_a_changed_finding_redoes_the_page_of_its_indicator_only(project: Project) -> None:
    """Where a district finds something else of one indicator, the other indicators' pages stay as they are."""
    changes = {"pages": [*DISTRICTS["pages"], KINDS[0]], "languages": ["zh"]}
    project.build(changes)
    file = project.root / "notebooks/page.ipynb"
    cells = file.read_text("utf-8")
    longer = cells.replace("total(indicator)} for", "total(indicator) + len(indicator) // 11} for")
    assert longer != cells
    file.write_text(longer, "utf-8")
    redone = {page for page, _ in made(project.build(changes))}
    assert redone == {"district-500101", "district-500102", "indicator-online-retail", "overview"}


def test_the_reported_status_of_tasks_redoes_the_pages_that_read_it(project: Project) -> None:
    """A new report on a task concerns the annex of tasks and the overview."""
    changes = {"pages": [*DISTRICTS["pages"], *KINDS], "languages": ["zh"]}
    project.build(changes)
    file = project.root / "data/demo/tasks/status.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), "utf-8")
    assert {task.id: why.en for task, runs, why in status(project.params(**changes)) if runs} == dict.fromkeys(
        ("tasks", "overview"), "the reported status of tasks changed"
    )


def test_a_changed_parameter_or_cell_redoes_the_pages_concerned(project: Project) -> None:
    """A parameter concerns the pages that take it, a cell the pages of its notebook; an overview follows findings."""
    project.build(DISTRICTS)
    assert made(project.build({**DISTRICTS, "parameters": {"growth": 0.01}})) == {
        WANZHOU,
        ("district-500102", "zh"),
        ("overview", "zh"),
    }
    file = project.root / "notebooks/overview.ipynb"
    file.write_text(file.read_text("utf-8").replace("# unused here", "# not used"), "utf-8")
    assert made(project.build({**DISTRICTS, "parameters": {"growth": 0.01}})) == {("overview", "zh")}


def test_status_says_what_would_run_and_why(project: Project) -> None:
    """Before the first build all pages are new; an altered file is noticed."""
    read = project.params(**CITY)
    assert [(task.id, runs, why.en) for task, runs, why in status(read)] == [("city", True, "not made yet")]
    project.build(CITY, fork=False)
    assert [why.zh for _, _, why in status(read)] == ["没有变化"]
    (project.run / "data/city.json").write_text("{}")
    assert [why.en for _, _, why in status(read)] == ["a file is missing or was altered"]


def test_only_makes_what_is_asked_for(project: Project) -> None:
    """One area of many: the others keep their place in the manifest, not run."""
    result = project.build(only=["万州"], langs=["zh"], fork=False)
    assert made(result) == {WANZHOU}
    assert [page.status for page in result.manifest.pages].count("not_run") == 7


def test_pages_no_longer_asked_for_leave_nothing_behind(project: Project) -> None:
    """An area taken out of the file takes its notebook and findings along."""
    project.build({**CITY, "pages": [BASE["pages"][1], {**BASE["pages"][2], "areas": ["万州"]}]}, fork=False)
    project.build(CITY)
    assert sorted(p.name for p in project.run.rglob("*.ipynb")) == ["city.ipynb"]
    assert sorted(p.name for p in (project.run / "data").iterdir()) == ["city.json"]


@pytest.mark.parametrize(
    ("trouble", "kind", "settings", "told"),
    [
        ("raise", "cell_raised", {}, "ValueError: 这个数不对"),
        ("die", "kernel_died", {}, "kernel stopped"),
        ("sleep", "timed_out", {"timeout": 4}, "time limit of 4 seconds"),
        ("memory", "memory_limit", {"memory_limit": "2 GB"}, "memory limit of 2 GB"),
    ],
)
@pytest.mark.parametrize("fork", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_fault_stays_with_its_page(
    project: Project,
    trouble: str,
    kind: str,
    settings: dict[str, object],
    told: str,
    fork: bool,
    no_process_left: Callable[[], None],
) -> None:
    """The page fails with its cause and its notebook; the others are made; the next build redoes only it."""
    faulty = {**DISTRICTS, **settings, "parameters": {"trouble": trouble}}
    result = project.build(faulty, fork=fork)
    assert result.exit_code == 1
    page = result.manifest.page(*WANZHOU)
    assert page is not None and page.error is not None
    assert (page.status, page.error.kind, page.error.cell) == ("failed", kind, 3)
    assert told in page.error.en
    assert "第3个代码单元格" in page.error.zh
    assert page.notebook == "notebooks/zh/failed/district-500101.ipynb"
    assert f"about to {trouble}" in (project.run / page.notebook).read_text("utf-8")
    assert not (project.run / "notebooks/zh/district-500101.ipynb").exists()
    assert not (project.run / "data/district-500101.json").exists()
    overview = (project.run / "notebooks/zh/overview.ipynb").read_text("utf-8")
    assert "district-500102" in overview and "district-500101" not in overview
    assert [page.status for page in result.manifest.pages] == ["failed", "done", "done"]
    no_process_left()


def test_only_what_failed_is_redone(project: Project) -> None:
    """Once the cause is gone, the failed page is made, and the overview that missed it."""
    flag = project.root / "fixed"
    file = project.root / "notebooks/page.ipynb"
    text = file.read_text("utf-8").replace("if trouble and area", "if not os.path.exists('fixed') and area")
    file.write_text(text, "utf-8")
    faulty = {**DISTRICTS, "parameters": {"trouble": "raise"}}
    assert project.build(faulty, fork=False).exit_code == 1
    flag.touch()
    again = project.build(faulty, fork=False)
    assert made(again) == {WANZHOU, ("overview", "zh")}
    assert again.exit_code == 0
    assert not (project.run / "notebooks/zh/failed/district-500101.ipynb").exists()


def test_languages_must_find_the_same(project: Project) -> None:
    """A page whose findings depend on the language of the words is not a page to publish."""
    pages = {"pages": [BASE["pages"][1]], "parameters": {"trouble": "language", "where": "500000"}}
    result = project.build(pages, fork=False)
    assert sorted(page.status for page in result.manifest.pages) == ["done", "failed"]
    [failed] = result.manifest.failed
    assert failed.error is not None and failed.error.kind == "languages_differ"


def test_a_locked_run_says_who_holds_it(project: Project) -> None:
    """A second build of the same run stops at once and names the first."""
    with hold(project.run), pytest.raises(RunLocked, match=f"process {os.getpid()}"):
        project.build(CITY)


def test_wrong_data_stops_a_build_before_it_writes(project: Project) -> None:
    """A bad row is told, and nothing half done is left."""
    file = project.root / "data/demo/online_retail.csv"
    file.write_text(file.read_text("utf-8") + "online_retail,500101,2024,much,,,,,,,,,\n", "utf-8")
    with pytest.raises(DataError, match="much") as raised:
        project.build(CITY)
    assert raised.value.exit_code == 2
    assert not project.run.exists()


def test_a_run_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Reading a manifest where there is none says what to do."""
    with pytest.raises(RequestError, match="run greenreport build"):
        manifest.read(tmp_path)


def test_a_journal_completes_a_manifest_that_a_kill_left_behind(project: Project) -> None:
    """Records added since the manifest was last written count; a torn last line does not."""
    result = project.build(CITY, fork=False)
    record = json.loads((project.run / "manifest.json").read_text("utf-8"))["pages"][0]
    journal = project.run / manifest.JOURNAL
    journal.write_text(json.dumps({**record, "title": "新"}) + "\n" + '{"id": "ci', "utf-8")
    [page] = manifest.read(project.run).pages
    assert page.title == "新"
    assert result.manifest.pages[0].title == "重庆市"


BUILDER = """
import signal
import sys
from pathlib import Path
from greenreport.run import build, page_environment, params
page_environment.PRELOAD = ()
# A shell that starts CI in the background has SIGINT ignored, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
build.build(params.load(sys.argv[1]), jobs=2, on_event=lambda e: print(e.kind, flush=True))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_build_cleanly(
    project: Project, number: signal.Signals, no_process_left: Callable[[], None]
) -> None:
    """What is done is kept and written down, nothing runs on, and the next build completes the run."""
    slow = {**DISTRICTS, "parameters": {"trouble": "sleep"}}
    file = project.write(**slow)
    command = [sys.executable, "-c", BUILDER, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("page_done"):
                break
        process.send_signal(number)
        rest = process.stdout.read()
        assert process.wait(timeout=20) != 0
    assert "build_stopped" in rest
    no_process_left()
    kept = manifest.read(project.run)
    assert [page.status for page in kept.pages] == ["not_run", "done", "not_run"]
    assert made(project.build(DISTRICTS)) >= {WANZHOU, ("overview", "zh")}


def test_two_builds_at_once_cannot_both_hold_a_run(project: Project) -> None:
    """The lock ends with its holder, however that ends."""
    holding, release = threading.Event(), threading.Event()

    def holder() -> None:
        with hold(project.run):
            holding.set()
            release.wait(10)

    thread = threading.Thread(target=holder)
    thread.start()
    holding.wait(10)
    with pytest.raises(RunLocked, match=f"process {os.getpid()}"), hold(project.run):
        pass
    release.set()
    thread.join()
    with hold(project.run):
        pass


def test_what_a_killed_build_left_behind_is_waited_for(tmp_path: Path) -> None:
    """A lock whose holder is gone is on its way out: a child that was just being started may still have it open."""
    script = """
import fcntl, os, sys, time
handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(handle, fcntl.LOCK_EX)
os.write(handle, b"2147483646\\n")
print("held", flush=True)
time.sleep(0.5)
"""
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path / LOCK)], stdout=subprocess.PIPE) as left:
        assert left.stdout is not None
        left.stdout.readline()
        with hold(tmp_path):
            assert left.wait(timeout=30) == 0
