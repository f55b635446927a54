"""Warm kernels: quick, never stale, never left behind, and the same for every Jupyter client."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from greenreport import stills
from greenreport.fonts import sans
from greenreport.run.execute import run_page
from greenreport.run.kernel.freshness import Snapshot
from greenreport.run.kernel.measures import measuring_fonts
from greenreport.run.kernel.painters import Painters
from greenreport.run.kernel.provisioner import ForkProvisioner
from greenreport.run.kernel.scratch import scratch
from greenreport.run.kernel.warm import Refused, Server, WarmKernel
from greenreport.run.task import PageTask
from greenreport.run.workshop import Site

LIGHT = {"GREENREPORT_PRELOAD": "json"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment whose servers import next to nothing."""
    monkeypatch.setenv("GREENREPORT_PRELOAD", "json")
    return dict(os.environ)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder for sockets."""
    with scratch() as path:
        yield path


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


def kernel(server: Server, environment: dict[str, str], tmp_path: Path) -> WarmKernel:
    """A kernel that waits for a client."""
    return WarmKernel(server.address, argv=["-f", str(tmp_path / "c.json")], environment=environment, cwd=str(tmp_path))


def test_a_kernel_ends_with_its_client(environment: dict[str, str], folder: Path, tmp_path: Path) -> None:
    """A client that hangs up, for whatever reason, loses its kernel."""
    server = Server(folder, environment)
    made = kernel(server, environment, tmp_path)
    assert made.poll() is None
    made.close()
    assert gone(made.pid)
    server.stop()


def test_a_client_that_hangs_up_at_once_holds_up_nobody(
    environment: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    """A kernel that does not lead its own group yet ends too, and the server goes on serving."""
    server = Server(folder, environment)
    pids = []
    for _ in range(100):
        made = kernel(server, environment, tmp_path)
        made.close()
        pids.append(made.pid)
    assert all(gone(pid) for pid in pids)
    server.stop()


def test_kernels_end_with_a_server_that_is_killed(environment: dict[str, str], folder: Path, tmp_path: Path) -> None:
    """Killing the server takes its kernels along, and the client learns of it."""
    server = Server(folder, environment)
    made = kernel(server, environment, tmp_path)
    server.process.kill()
    assert gone(made.pid)
    assert made.poll(seconds=5) == -9
    server.stop()


def test_a_server_ends_with_an_owner_that_is_killed(
    environment: dict[str, str], no_process_left: Callable[[], None]
) -> None:
    """A build that is killed leaves no server, no painter and no kernel."""
    script = """
import os, sys, time
from pathlib import Path
from greenreport.run.kernel.painters import Painters
from greenreport.run.kernel.scratch import own_scratch
from greenreport.run.kernel.warm import Server, WarmKernel
server = Server(own_scratch(), os.environ)
painters = Painters(own_scratch(), count=1, environment=os.environ)
kernel = WarmKernel(server.address, argv=["-f", "/nowhere/c.json"], environment=os.environ, cwd="/")
print(kernel.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.kill()
    assert gone(pid)
    no_process_left()


def test_a_kernel_starts_with_its_own_environment(environment: dict[str, str], folder: Path) -> None:
    """Variables of one page do not reach another: the environment is the request's, not the server's."""
    server = Server(folder, environment)
    made = kernel(server, {**environment, "GREENREPORT_RUN": "/some/run"}, folder)
    assert b"GREENREPORT_RUN" not in Path(f"/proc/{server.process.pid}/environ").read_bytes()
    assert made.poll(seconds=0.2) is None
    made.close()
    server.stop()


def test_a_changed_source_makes_a_server_refuse(
    environment: dict[str, str], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a module that it has imported changed, the server serves nobody and ends."""
    module = tmp_path / "fresh_module.py"
    module.write_text("value = 1\n")
    os.utime(module, (1_000_000_000, 1_000_000_000))
    changed = {**environment, "GREENREPORT_PRELOAD": "fresh_module", "PYTHONPATH": str(tmp_path)}
    server = Server(folder, changed)
    first = kernel(server, changed, tmp_path)
    module.write_text("value = 2\n")
    with pytest.raises(Refused, match=r"fresh_module\.py changed"):
        kernel(server, changed, tmp_path)
    assert first.poll() is None, "kernels that run already go on"
    first.close()
    assert gone(server.process.pid)
    server.stop()


def test_another_environment_makes_a_server_refuse(environment: dict[str, str], folder: Path, tmp_path: Path) -> None:
    """A variable that libraries read when they are imported can't be changed after the import."""
    server = Server(folder, environment)
    with pytest.raises(Refused, match="OMP_NUM_THREADS differs"):
        kernel(server, {**environment, "OMP_NUM_THREADS": "7"}, tmp_path)
    kernel(server, environment, tmp_path).close()
    server.stop()


def test_a_file_written_while_libraries_were_imported_counts_as_changed(tmp_path: Path) -> None:
    """Whether the old or the new content was imported is unknown, so the server must not serve."""
    assert Snapshot.take(0).changed()
    assert not Snapshot.take(time.time_ns()).changed()


def test_a_server_that_would_fork_threads_does_not_serve(folder: Path, tmp_path: Path) -> None:
    """A fork copies one thread only; a library that starts one at import makes kernels cold, and is told."""
    (tmp_path / "threads.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
    )
    server = Server(folder, {**os.environ, "GREENREPORT_PRELOAD": "threads", "PYTHONPATH": str(tmp_path)})
    with pytest.raises(Refused, match="started 1 threads"):
        server.ready()


@pytest.mark.parametrize("mode", ["warm", "cold"])
def test_any_jupyter_client_gets_a_kernel_over_ipc(
    environment: dict[str, str], tmp_path: Path, mode: str, no_process_left: Callable[[], None]
) -> None:
    """A plain kernel manager, as nbval and JupyterLab use, is served by the provisioner, without an open port."""
    spec = KernelSpec(argv=ForkProvisioner.argv(), display_name="greenreport", language="python", name="greenreport")
    manager = KernelManager(kernel_name="greenreport", connection_file=str(tmp_path / "c.json"))
    manager._kernel_spec = spec
    manager.provisioner = ForkProvisioner(kernel_id="k", kernel_spec=spec, parent=manager, mode=mode)
    manager.start_kernel(cwd=str(tmp_path))
    try:
        assert (manager.provisioner.used, manager.transport) == (mode, "ipc")
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        reply = client.execute_interactive(f"import os; assert os.getcwd() == {str(tmp_path)!r}", timeout=30)
        assert reply["content"]["status"] == "ok"
        client.stop_channels()
        pid = manager.provisioner.pid
        assert pid is not None
    finally:
        manager.shutdown_kernel(now=True)
        manager.context.destroy(linger=0)
    assert gone(pid)


def test_streams_keep_their_place_among_what_is_displayed(folder: Path, tmp_path: Path) -> None:
    """What a cell prints, from whatever thread, stands between what it displays as it was said, in its own cell."""
    first = (
        "import sys, threading\n"
        "from IPython.display import display\n"
        "print('a'); display(1); print('b', end=''); sys.stdout.flush(); print('c', file=sys.stderr); display(2)\n"
        "one = threading.Thread(target=print, args=('d',)); one.start(); one.join()"
    )
    cells = [
        {"cell_type": "code", "id": str(n), "metadata": {}, "execution_count": None, "outputs": [], "source": source}
        for n, source in enumerate((first, "display(3)", "print('e')"))
    ]
    task = PageTask("t", "zh", "notebook", "t.ipynb", None, None, "2026-06-30", "", "", {}, (), 60, None)
    site = Site(root=tmp_path, run_dir=None, scratch=folder, kernel="cold")
    made = run_page(task, {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, site)
    assert made.error is None
    outputs = [cell["outputs"] for cell in json.loads(made.notebook)["cells"]]
    shown = [[one.get("text") or one["data"]["text/plain"] for one in of_cell] for of_cell in outputs]
    assert shown == [["a\n", "1", "b", "c\n", "2", "d\n"], ["3"], ["e\n"]]


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
    monkeypatch.delenv(stills.PAINTER, raising=False)
    here = stills.svg(spec, vl_version="6.1")
    painters = Painters(folder, count=2, environment=os.environ)
    monkeypatch.setenv(stills.PAINTER, painters.address)
    assert [stills.svg(spec, vl_version="6.1") for _ in range(4)] == [here] * 4
    with pytest.raises(ValueError, match="conversion failed"):
        stills.svg({"mark": "nonsense"}, vl_version="6.1")
    painters.stop()
    assert stills.svg(spec, vl_version="6.1") == here


def test_a_measuring_font_keeps_every_advance_and_is_smaller(tmp_path: Path) -> None:
    """The font that painters measure with has the advances, letters and kerning of the one that is seen."""
    into = measuring_fonts(sans().parent, only=sans(), into=tmp_path / "f")
    (made,) = [path for path in into.iterdir() if not path.is_symlink()]
    with TTFont(sans()) as model, TTFont(made) as font:
        glyphs = model.getGlyphOrder()
        assert font["maxp"].numGlyphs == len(glyphs)
        assert [font["hmtx"][name] for name in font.getGlyphOrder()] == [model["hmtx"][name] for name in glyphs]
        assert {code: font.getGlyphID(name) for code, name in font.getBestCmap().items()} == {
            code: model.getGlyphID(name) for code, name in model.getBestCmap().items()
        }
        for table in ("GPOS", "GSUB", "OS/2", "hhea", "name"):
            assert font.reader[table] == model.reader[table]
    assert made.stat().st_size < sans().stat().st_size / 5
    assert {path.name for path in into.iterdir() if path != made} == {
        path.name for path in sans().parent.glob("*.otf") if path != sans()
    }


def test_a_font_that_cannot_be_understood_is_told(tmp_path: Path) -> None:
    """A font that lacks what measuring needs is refused; painters then use the fonts themselves."""
    (tmp_path / "fonts").mkdir()
    broken = tmp_path / "fonts" / "x.otf"
    broken.write_bytes(b"OTTO\0\0\0\0\0\0\0\0")
    with pytest.raises(ValueError, match="head, maxp, hmtx, cmap"):
        measuring_fonts(broken.parent, only=broken, into=tmp_path / "f")


def test_libraries_are_imported_without_what_they_can_do_without() -> None:
    """Neither a worker nor a server builds jsonschema's grammar or loads pyarrow for papermill, and both can be imported
    afterwards."""
    script = (
        "import sys\n"
        "import greenreport.run.engine\n"
        "assert not {'rfc3987_syntax', 'pyarrow'} & sys.modules.keys()\n"
        "import importlib.util\n"
        "import pyarrow\n"
        "if importlib.util.find_spec('rfc3987_syntax'): import rfc3987_syntax"  # comes with JupyterLab
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_killed_owner_leaves_its_folder_to_the_next(no_process_left: Callable[[], None]) -> None:
    """Folders of sockets whose owner was killed go when the next one opens; those in use stay."""
    script = "import os, signal\nfrom greenreport.run.kernel.scratch import own_scratch\nprint(own_scratch(), flush=True)\nos.kill(os.getpid(), signal.SIGKILL)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    left = Path(done.stdout.strip())
    assert left.is_dir()
    with scratch() as mine:
        assert not left.exists()
        with scratch():
            assert mine.is_dir()
