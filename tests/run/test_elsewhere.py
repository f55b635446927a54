"""Other systems, simulated: no fork, no IPC sockets, no POSIX locks or signals, names that differ in case only, `\\`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from project import Project

from greenreport import system
from greenreport.areas import load_roster
from greenreport.errors import AreaError, RunLocked
from greenreport.run import notebook
from greenreport.run.files import hold
from greenreport.run.kernel.process import start_server


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do without what not every system has."""
    monkeypatch.setenv(system.PLAIN, "1")


def test_a_build_without_fork_and_ipc_gives_the_same_bytes(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are made in fresh processes, no server and no painter: notebooks and findings are the same."""
    project.build()
    usual = project.bytes()
    monkeypatch.setenv(system.PLAIN, "1")
    told: list[str] = []
    result = project.build(force=True, on_event=lambda event: told.append(event.message.en))
    assert result.exit_code == 0
    assert project.bytes() == usual
    assert any("fresh kernels" in line for line in told)


def test_no_page_is_forked_where_there_are_no_ipc_sockets(plain: None) -> None:
    """No server is looked for there."""
    assert start_server({}, {}) == "pages can be forked on Linux only"


def test_every_module_can_be_imported_where_posix_is_missing() -> None:
    """No module asks for fcntl, resource, AF_UNIX, SIGKILL or fork when it is imported."""
    code = """
# the libraries know their systems; they are here before this one is taken for another
import asyncio, importlib, os, pkgutil, signal, socket, subprocess, sys
import ipykernel.kernelapp, jupyter_client.manager, multiprocessing.forkserver, nbconvert, papermill, pandas, typer
import greenreport
for name in [n for n in sys.modules if n.startswith("greenreport")]:
    del sys.modules[name]
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
for where, names in ((socket, ["AF_UNIX"]), (os, ["getuid", "setsid", "killpg", "pidfd_open", "pread", "pwrite", "O_CLOEXEC"]),
                     (signal, ["SIGKILL", "SIGCHLD", "SIGPIPE"])):
    for name in names:
        delattr(where, name)
import greenreport
failed = []
for module in pkgutil.walk_packages(greenreport.__path__, "greenreport."):
    if module.name.endswith("__main__") or ".quarto_scripts." in module.name:
        continue
    try:
        importlib.import_module(module.name)
    except Exception as error:
        failed.append(f"{module.name}: {error!r}")
print("\\n".join(failed))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def windows_locks() -> SimpleNamespace:
    """What Windows' library for locks does, for one process: an open handle may hold a file, another is refused."""
    held: dict[int, int] = {}

    def locking(handle: int, mode: int, size: int) -> None:
        inode = os.fstat(handle).st_ino
        other = held.get(inode)
        if other is not None and other != handle:  # the same number: closed and opened again
            try:
                open_still = os.fstat(other).st_ino == inode
            except OSError:
                open_still = False
            if open_still:
                raise OSError("held")
        held[inode] = handle

    return SimpleNamespace(locking=locking, LK_LOCK=1, LK_NBLCK=2)


def test_runs_and_ledgers_are_held_by_the_locks_of_the_system(
    plain: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With Windows' locks in place of POSIX ones, a second build of a run is refused, and a folder is held."""
    monkeypatch.setitem(sys.modules, "msvcrt", windows_locks())  # type: ignore[arg-type]
    with hold(tmp_path / "run"), pytest.raises(RunLocked, match=str(os.getpid())), hold(tmp_path / "run"):
        pass
    with hold(tmp_path / "run"):
        pass
    with system.locked_folder(tmp_path), pytest.raises(OSError, match="held"), system.locked_folder(tmp_path):
        pass


def test_a_process_is_known_to_run_without_signals(plain: None) -> None:
    """On Windows a signal 0 would interrupt a process; it is looked for in another way."""
    assert system.runs(os.getpid())
    assert not system.runs(2**22 + 12345)


def test_a_parameter_file_written_on_windows_is_read_anywhere(project: Project) -> None:
    """Backslashes in paths are read as slashes, so that the file names the same folders on every system."""
    pages = [{"notebook": "notebooks\\page.ipynb", "kind": "city"}]
    read = project.params(plan="data\\plan", areas="data\\areas", data="data\\demo", pages=pages)
    assert (read.plan, read.areas, read.data) == ("data/plan", "data/areas", "data/demo")
    assert read.pages[0].notebook == "notebooks/page.ipynb"


def test_codes_that_cannot_be_names_of_files_everywhere_are_refused(tmp_path: Path) -> None:
    """Pages are named after codes: two that differ in case only, or a colon in one, would not be files everywhere."""
    head = "code,name_en,kind,parent\nW,Whole,whole,\n"
    for rows, words in (
        ("a1,One,part,W\nA1,Two,part,W\n", "differ only in case"),
        ("a:1,One,part,W\n", "can't be part of a file's name"),
    ):
        (tmp_path / "areas.csv").write_text(head + rows, "utf-8")
        with pytest.raises(AreaError, match=words):
            load_roster(tmp_path)


def test_folders_of_the_machine_are_cut_from_tracebacks_however_they_are_written() -> None:
    """A kernel's file names go from warnings and tracebacks, with slashes or with backslashes."""
    for text in ("/tmp/ipykernel_12/345.py:1: W", "C:\\Users\\me\\Temp\\ipykernel_12\\345.py:1: W"):
        cell = {
            "cell_type": "code",
            "metadata": {},
            "source": "",
            "outputs": [{"output_type": "stream", "name": "stderr", "text": text}],
        }
        made = notebook.normalise({"cells": [cell]}, root=Path("/work"))
        assert b"<cell>:1: W" in made
