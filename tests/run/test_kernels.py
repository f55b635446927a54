"""Forked pages: quick, never left behind, and with the outputs of any Jupyter kernel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from greenreport import chart_images
from greenreport.run import page_environment
from greenreport.run.execute import Outcome
from greenreport.run.kernel.chart_workers import Painters
from greenreport.run.kernel.process import Begun, Orders, PageProcess, end_server, start_server
from greenreport.run.page_environment import Site, kernel_environment, scratch, workshop
from greenreport.run.pool import run_page, run_pages
from greenreport.run.task import PageTask


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """The environment of pages; the server that a test starts ends with it."""
    yield dict(os.environ)
    end_server()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder for sockets."""
    with scratch() as path:
        yield Path(path)


def gone(pid: int, seconds: float = 40) -> bool:
    """Whether a process ends in time; a zombie that nobody waits for has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def forked(
    environment: dict[str, str], *calls: Callable[[], Any], first: Callable[[], object] | None = None
) -> PageProcess:
    """A process forked from the server for some calls."""
    return PageProcess(Orders(environment, "/", calls, first, None), forked=True)


def heard(made: PageProcess) -> object:
    """What a process answers next."""
    answer = made.answers.recv()
    return made.answers.recv() if isinstance(answer, Begun) else answer


def cells(*sources: str) -> dict[str, Any]:
    """A notebook of some code cells."""
    made = [
        {"cell_type": "code", "id": str(n), "metadata": {}, "execution_count": None, "outputs": [], "source": source}
        for n, source in enumerate(sources)
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}


def task(lang: str = "zh", timeout: int = 60) -> PageTask:
    """A page of no particular kind."""
    return PageTask("t", lang, "notebook", "t.ipynb", None, None, "2026-06-30", "", "", {}, (), timeout, None)


def shown(outcome: Outcome) -> list[list[str]]:
    """What the code cells of a page show, as texts."""
    outputs = [cell["outputs"] for cell in json.loads(outcome.notebook)["cells"]]
    return [[one.get("text") or one["data"]["text/plain"] for one in of_cell] for of_cell in outputs]


def test_a_process_ends_with_all_that_it_started(environment: dict[str, str]) -> None:
    """Whoever asked ends it at any moment, right after the fork or later, and its children with it."""
    start_server(environment, {})
    for delay in (0.0, 0.0, 0.5):
        made = forked(environment, partial(subprocess.run, ["sleep", "60"]))
        time.sleep(delay)
        made.end()
        assert gone(made.number)


def test_everything_ends_with_an_owner_that_is_killed(folder: Path, no_process_left: Callable[[], None]) -> None:
    """A build that is killed leaves no server, no painter and no page."""
    script = """
import os, sys, time
from functools import partial
from pathlib import Path
from greenreport.run.kernel.chart_workers import Painters
from greenreport.run.kernel.process import Orders, PageProcess, start_server
start_server(os.environ, {})
painters = Painters(Path(sys.argv[1]), count=1, environment=os.environ)
orders = Orders(dict(os.environ), "/", [partial(time.sleep, 1), partial(time.sleep, 60)], None, None)
page = PageProcess(orders, forked=True)
cold = PageProcess(Orders(dict(os.environ), "/", [partial(time.sleep, 60)], None, None), forked=False)
page.answers.recv(), page.answers.recv(), page.answers.recv()
print("ready", flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script, folder], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
        owner.kill()
    no_process_left()


def test_a_page_has_an_environment_of_its_own(environment: dict[str, str]) -> None:
    """The environment is the request's, not the server's, and what one page does to it does not reach another."""
    start_server(environment, {})
    made = forked(
        {**environment, "GREENREPORT_RUN": "/some/run"},
        partial(exec, "import os; os.environ['GREENREPORT_RUN'] = '/another'"),
        partial(os.getenv, "GREENREPORT_RUN"),
    )
    assert (heard(made), heard(made)) == (None, "/some/run")
    made.end()


def test_what_is_worked_out_first_is_there_for_every_page(environment: dict[str, str]) -> None:
    """Calls are forked from what was called first; where that fails, they are made all the same."""
    start_server(environment, {})
    look = partial(eval, "__import__('sys').path.count('/shared')")
    for first, found in (("import sys; sys.path.append('/shared')", 1), ("1 / 0", 0)):
        made = forked(environment, look, look, first=partial(exec, first))
        assert (heard(made), heard(made)) == (found, found)
        made.end()


def test_pages_are_made_in_fresh_processes_where_imports_start_threads(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fork copies no thread, so a server that has several must not serve; why is told."""
    (folder / "threads.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
    )
    monkeypatch.setattr(page_environment, "PRELOAD", ("threads",))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    told: list[str] = []
    with workshop(Site(folder, None, folder), jobs=1, as_of="2026-06-30", warn=told.append) as site:
        made = run_page(task(), cells("1 + 1"), site)
    assert (site.forked, told) == (False, ["importing the libraries started 1 threads"])
    assert shown(made) == [["2"]]


def test_streams_keep_their_place_among_what_is_displayed(folder: Path, tmp_path: Path) -> None:
    """What a cell prints, from whatever thread or process, stands between what it displays as it was said."""
    first = (
        "import subprocess, sys, threading\n"
        "from IPython.display import display\n"
        "print('a'); display(1); print('b', end=''); sys.stdout.flush(); print('c', file=sys.stderr); display(2)\n"
        "one = threading.Thread(target=print, args=('d',)); one.start(); one.join()"
    )
    site = Site(root=tmp_path, run_dir=None, scratch=folder)
    made = run_page(task(), cells(first, "display(3)", "print('e')", "_ = subprocess.run(['echo', 'f'])"), site)
    assert made.error is None
    assert shown(made) == [["a\n", "1", "b", "c\n", "2", "d\n"], ["3"], ["e\n"], ["f\n"]]


def test_cells_find_what_any_jupyter_kernel_has(folder: Path, tmp_path: Path) -> None:
    """Magics, top-level await with a loop that runs in every cell, results by number, displays that are updated."""
    sources = (
        "import asyncio\nloop = asyncio.get_running_loop()\nawait asyncio.sleep(0)\n'awaited'",
        "assert asyncio.get_running_loop() is loop\n_",
        "%time None\nhandle = display(0, display_id='x')",
        "handle.update(7)\nget_ipython().kernel is not None, __name__",
    )
    made = run_page(task(), cells(*sources), Site(root=tmp_path, run_dir=None, scratch=folder))
    assert made.error is None
    got = shown(made)
    assert [got[0], got[1], got[2][-1], got[3]] == [["'awaited'"], ["'awaited'"], "7", ["(True, '__main__')"]]
    asked = run_page(task(), cells("input()"), Site(root=tmp_path, run_dir=None, scratch=folder))
    assert asked.error is not None and "does not support input requests" in asked.error.en


def test_languages_of_a_subject_know_nothing_of_each_other(environment: dict[str, str], folder: Path) -> None:
    """Each is made in a fork of its own; one that dies or takes too long fails alone."""
    site = Site(folder, None, folder, forked=True)
    start_server(kernel_environment(site, "2026-06-30"), {})
    kept = "import sys, time, os, signal\nprint(hasattr(sys, 'left_behind'))\nsys.left_behind = 1\n"
    for trouble, kind in (("", None), ("os.kill(os.getpid(), 9)", "kernel_died"), ("time.sleep(60)", "timed_out")):
        sources = {"zh": cells(kept + trouble), "en": cells(kept)}
        tasks: Sequence[PageTask] = [replace(task(lang, timeout=8), area="500101") for lang in ("zh", "en")]
        zh, en = run_pages(tasks, lambda one, of=sources: of[one.lang], site, jobs=1, started=lambda _: None)  # type: ignore[misc]
        assert (zh.error.kind if zh.error else None, en.error) == (kind, None)
        assert shown(zh) == shown(en) == [["False\n"]]
    assert not list(folder.glob("*.journal"))


def test_a_page_that_cannot_begin_fails_alone(folder: Path) -> None:
    """A process that ends before it has written anything down is a page that stopped at the start."""
    site = Site(root=folder / "nowhere", run_dir=None, scratch=folder)
    made = run_page(task(), cells("1"), site)
    assert made.error is not None
    assert (made.error.kind, made.error.cell) == ("kernel_died", None)
    assert "stopped at the start of t.ipynb" in made.error.en


def test_a_page_that_leaves_a_process_behind_is_not_waited_for(folder: Path, tmp_path: Path) -> None:
    """A page that dies fails at once, even if a process that it forked lives on with its pipe; that one ends too."""
    source = "import os, time\nchild = os.fork()\nif child == 0: time.sleep(50); os._exit(0)\nos.kill(os.getpid(), 9)"
    began = time.monotonic()
    made = run_page(task(), cells(source), Site(root=tmp_path, run_dir=None, scratch=folder))
    assert made.error is not None and made.error.kind == "kernel_died"
    assert time.monotonic() - began < 45


LABELS = ("网络零售额（亿元）", "万州区", "▲ On schedule", "★✓○▼", "AVATAR fi — 1,234.5", "重慶 ﷼ ب 😀", "")


def test_painters_draw_what_a_kernel_would_draw(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture has the same bytes wherever it is drawn, whatever its letters; without painters it is drawn here."""
    rows = [{"what": label, "value": 3.5 * n, "kind": f"种类{n % 3}"} for n, label in enumerate(LABELS)]
    bars = {
        "mark": "bar",
        "encoding": {
            "x": {"field": "value", "type": "quantitative", "title": "完成进度（%）"},
            "y": {"field": "what", "type": "nominal"},
            "color": {"field": "kind", "type": "nominal", "legend": {"orient": "bottom"}},
        },
    }
    words = {
        "mark": {"type": "text", "fontWeight": "bold", "fontStyle": "italic", "lineBreak": "（"},
        "encoding": {**bars["encoding"], "text": {"field": "what"}},  # type: ignore[dict-item]
    }
    config = {"font": "Noto Sans SC", "axis": {"labelFont": "Noto Serif SC", "titleFont": "sans-serif"}}
    spec = {"data": {"values": rows}, "layer": [bars, words], "config": config}
    monkeypatch.delenv(chart_images.PAINTER, raising=False)
    here = chart_images.svg(spec, vl_version="6.1")
    painters = Painters(folder, count=2, environment=os.environ)
    monkeypatch.setenv(chart_images.PAINTER, painters.address)
    assert [chart_images.svg(spec, vl_version="6.1") for _ in range(4)] == [here] * 4
    with pytest.raises(ValueError, match="conversion failed"):
        chart_images.svg({"mark": "nonsense"}, vl_version="6.1")
    painters.stop()
    assert chart_images.svg(spec, vl_version="6.1") == here


def test_libraries_are_imported_without_what_they_can_do_without() -> None:
    """No process of ours builds jsonschema's grammar, and it can be imported afterwards."""
    script = (
        "import sys\n"
        "import greenreport.run.engine\n"
        "assert 'rfc3987_syntax' not in sys.modules\n"
        "import importlib.util\n"
        "if importlib.util.find_spec('rfc3987_syntax'): import rfc3987_syntax"  # comes with JupyterLab
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_killed_owner_leaves_its_folder_to_the_next() -> None:
    """Folders of sockets whose owner was killed go when the next one opens; those in use stay."""
    script = "import os\nfrom greenreport.run.page_environment import scratch\nkept = scratch()\nprint(kept.name, flush=True)\nos.kill(os.getpid(), 9)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == -9
    left = Path(done.stdout.strip())
    assert left.is_dir()
    with scratch() as mine:
        assert not left.exists()
        with scratch():
            assert Path(mine).is_dir()


def test_what_pages_find_ready_starts_no_thread(folder: Path) -> None:
    """A library that starts a thread when it is imported would have every page made in a fresh process, slowly."""
    told: list[str] = []
    with workshop(Site(folder, None, folder), jobs=1, as_of="2026-06-30", warn=told.append) as site:
        assert (site.forked, told) == (True, [])
