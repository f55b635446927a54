"""Minutes of work: builds killed at random moments, a full disk, a cluster that loses a worker."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import forkserver
from pathlib import Path

import pytest
from project import BASE, Project, made

from greenreport.errors import RequestError, RunError

PAGES = {"pages": [*BASE["pages"][:2], {**BASE["pages"][2], "areas": ["万州", "涪陵", "渝中", "大渡口"]}]}
BUILDER = "import sys\nfrom greenreport.run import build, page_environment, params\npage_environment.PRELOAD = ()\nbuild.build(params.load(sys.argv[1]), jobs=2)\n"


@pytest.mark.long
def test_a_build_killed_at_any_moment_is_completed_to_the_same_bytes(
    project: Project, no_process_left: Callable[[], None]
) -> None:
    """Killed twenty times at random moments and started again each time, a run ends as if nothing had happened."""
    began = time.monotonic()
    project.build(PAGES, jobs=2)
    whole = time.monotonic() - began
    undisturbed = project.bytes()
    moments = random.Random(20261122)
    for _ in range(20):
        shutil.rmtree(project.run)
        command = [sys.executable, "-c", BUILDER, str(project.write(**PAGES))]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(moments.uniform(0, 1.1 * whole))
            process.send_signal(signal.SIGKILL)
        no_process_left()
        project.build(PAGES, jobs=2)
        assert project.bytes() == undisturbed
        assert not list((project.run / ".tmp").glob("*"))


@pytest.mark.long
def test_a_build_goes_on_when_the_server_that_forks_its_pages_is_killed(
    project: Project, no_process_left: Callable[[], None]
) -> None:
    """multiprocessing starts it again; pages at work may be lost, and the next build makes these."""
    killed = []

    def kill(event: object) -> None:
        if getattr(event, "kind", "") == "page_done" and not killed:
            killed.append(forkserver._forkserver._forkserver_pid)  # type: ignore[attr-defined]
            os.kill(killed[0], signal.SIGKILL)

    result = project.build(PAGES, jobs=2, on_event=kill)
    assert killed
    assert len(result.manifest.failed) <= 2
    assert project.build(PAGES, jobs=2).exit_code == 0
    no_process_left()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 200 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small tmpfs needs root and the right to mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.long
def test_a_full_disk_stops_a_build_and_leaves_whole_files(project: Project, small_disk: Path) -> None:
    """The message says what to do, every file there is whole, and with room again the run is completed."""
    run = small_disk / "t"
    run.mkdir()
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 170_000)
    with pytest.raises(RunError, match="Free some disk space"):
        project.build(PAGES, out=run)
    filler.unlink()
    project.build(PAGES)
    project.build({**PAGES, "languages": ["zh", "en"]}, out=run)
    assert (project.run / "data/city.json").is_file()
    for path in (project.run / "data").iterdir():
        assert (run / "data" / path.name).read_bytes() == path.read_bytes()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and three workers, each with a folder of its own."""
    pytest.importorskip("distributed", reason="needs the extra dask")
    scheduler_file = tmp_path / "scheduler.json"

    def start(kind: str, *options: str) -> subprocess.Popen[bytes]:
        place = Path(tempfile.mkdtemp(dir=tmp_path, prefix=kind))
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + kind, *options],
            cwd=place,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    processes: list[subprocess.Popen[bytes]] = []
    processes.append(
        start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(scheduler_file)
        )
    )
    options = ("--scheduler-file", str(scheduler_file), "--nthreads", "1", "--no-nanny", "--no-dashboard")
    processes += [start("worker", *options) for _ in range(3)]
    deadline = time.monotonic() + 60
    while not scheduler_file.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    try:
        yield json.loads(scheduler_file.read_text())["address"], processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.long
def test_a_cluster_that_loses_a_worker_makes_the_same_bytes(
    project: Project, cluster: tuple[str, list[subprocess.Popen[bytes]]], no_process_left: Callable[[], None]
) -> None:
    """Inputs travel, outcomes come back; a worker killed in the middle costs time, not pages."""
    address, processes = cluster
    project.build(PAGES, jobs=2)
    here = project.bytes()
    killed = []

    def kill_one(event: object) -> None:
        if getattr(event, "kind", "") == "page_done" and not killed:
            killed.append(processes[-1].pid)
            processes[-1].kill()

    result = project.build(PAGES, scheduler=address, force=True, on_event=kill_one)
    assert killed
    assert len(made(result)) == 12
    assert project.bytes() == here
    for process in processes:
        process.kill()
        process.wait()
    no_process_left()


@pytest.mark.long
def test_a_cluster_of_one_worker_does_the_work(
    project: Project, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    """One worker of one thread is a cluster, too: pages are made there, not here."""
    address, processes = cluster
    for process in processes[2:]:
        process.kill()
        process.wait()
    time.sleep(1)
    parent = (project.root / "notebooks/page.ipynb").read_text("utf-8")
    said = parent.replace("area} · {lang}", "area} · {os.getcwd()} · {lang}")
    (project.root / "notebooks/page.ipynb").write_text(said, "utf-8")
    result = project.build({"pages": [BASE["pages"][1]]}, scheduler=address)
    assert len(made(result)) == 2
    assert str(project.root) not in (project.run / "notebooks/zh/city.ipynb").read_text("utf-8")


@pytest.mark.long
def test_a_scheduler_that_does_not_answer_is_told(project: Project) -> None:
    """A wrong address is a request error, before any page is touched."""
    pytest.importorskip("distributed", reason="needs the extra dask")
    with pytest.raises(RequestError, match="does not answer"):
        project.build(PAGES, scheduler="tcp://127.0.0.1:9")
