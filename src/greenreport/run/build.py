"""A build: find out what must be made, make it on all cores, write down what came of it after every page.

Composes sweep, cache and making; must not know how a notebook is executed, nor render anything.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from greenreport.areas import load_roster
from greenreport.errors import ParamsError, RunError
from greenreport.run import cache, feasibility, kinds
from greenreport.run.events import Log, OnEvent
from greenreport.run.files import clean_temporary, hold
from greenreport.run.manifest import Manifest
from greenreport.run.params import RunParams
from greenreport.run.session import Maker, manifest_before
from greenreport.run.sweep import plan_pages
from greenreport.run.task import PageTask
from greenreport.text import Text
from greenreport.words import both, error

__all__ = ["BuildResult", "build", "status"]


@dataclass(frozen=True)
class BuildResult:
    """What a build did.

    Attributes:
        run_dir: the run's folder.
        manifest: as written at the end.
        made: (page, language, seconds) of the pages executed now, slowest first.
        skipped: how many pages were current.
        seconds: wall time of the whole.
    """

    run_dir: Path
    manifest: Manifest
    made: tuple[tuple[str, str, float], ...]
    skipped: int
    seconds: float

    @property
    def exit_code(self) -> int:
        """0 all well; 1 some pages failed."""
        return 1 if self.manifest.failed else 0


def build(
    params: RunParams,
    *,
    out: Path | None = None,
    only: Sequence[str] | None = None,
    langs: Sequence[str] | None = None,
    formats: Sequence[str] | None = None,
    jobs: int | None = None,
    force: bool = False,
    on_event: OnEvent | None = None,
    scheduler: str | None = None,
    fork: bool = True,
    today: date | None = None,
) -> BuildResult:
    """Execute every notebook that a parameter file asks for and that is not current.

    Nothing is written before the request and the data are known to be right.

    Args:
        params: the checked parameter file.
        out: the run's folder; by default `reports/<name of the file>` under the project's root.
        only: pages to make; None for all.
        langs: languages to make; None for those of the file.
        formats: what will be rendered from the run; only written down here.
        jobs: pages at a time; by default one more than there are cores.
        force: rebuild pages even if they are up to date.
        on_event: called with each [Event], in the calling thread.
        scheduler: address of a Dask scheduler to run the pages on instead of this machine's cores.
        fork: whether pages are forked from one process that has imported the libraries, where that can be done.
        today: the day it is, to tell a cut-off in the future; None: not looked at.

    Raises:
        RequestError, DataError: the request or the data is wrong.
        RunLocked: another build holds the run.
    """
    began = time.perf_counter()
    run_dir, everything, inputs = _opened(params, out, today)
    tasks = plan_pages(params, only=only, langs=langs)
    with hold(run_dir), _terminable():
        clean_temporary(run_dir)
        log, stack = Log(run_dir, on_event), ExitStack()
        maker = Maker(params, inputs, everything, run_dir, log, stack, force=force, fork=fork, formats=formats)
        try:
            with stack:
                maker.prepare(len(tasks))
                # A page waits for its kernel and for its pictures: with a page to spare the cores are never idle.
                jobs = jobs or (os.cpu_count() or 1) + 1
                for stage in (False, True):
                    maker.make([task for task in tasks if task.reads_findings is stage], jobs=jobs, scheduler=scheduler)
            seconds = time.perf_counter() - began
            slowest = tuple(sorted(maker.made, key=lambda item: -item[2]))
            return BuildResult(run_dir, maker.finish(seconds), slowest, maker.skipped, seconds)
        except KeyboardInterrupt:
            maker.stopped()
            raise
        except OSError as cause:
            where = cause.filename or run_dir
            raise error(RunError, "run.no_room", file=where, why=cause.strerror or cause) from cause


@contextmanager
def _terminable() -> Iterator[None]:
    """Have SIGTERM stop a build as cleanly as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _opened(params: RunParams, out: Path | None, today: date | None) -> tuple[Path, tuple[PageTask, ...], cache.Inputs]:
    """The run's folder, all of its pages, and what they are made from, which is known to be right."""
    run_dir = (out or params.root / "reports" / params.name).resolve()
    roster = load_roster(params.root / params.areas)
    tasks = plan_pages(params)
    inputs = cache.Inputs.read(params, tasks, run_dir, roster=roster)
    latest = date.fromisoformat(inputs.latest) if inputs.latest else None
    if today is not None and (ahead := tuple(feasibility.days_ahead(params, latest, today))):
        raise ParamsError(ahead)
    return run_dir, tasks, inputs


def status(
    params: RunParams, *, out: Path | None = None, force: bool = False, today: date | None = None
) -> list[tuple[PageTask, bool, Text]]:
    """What a build would do: per page and language, whether it would run, and why.

    An overview is said to run when any page whose findings it reads would. So is the page of an indicator, unless
    nothing but data changed: the rows of its indicator are then among what it depends on itself.
    """
    run_dir, tasks, inputs = _opened(params, out, today)
    before = manifest_before(run_dir)
    told = cache.findings(run_dir, tasks)
    found: list[tuple[PageTask, bool, Text]] = []
    others: set[str] = set()
    for task in tasks:
        record = before.page(task.id, task.lang) if before else None
        why = cache.reason(task, inputs.parts(task, told), record, run_dir=run_dir, forced=force)
        if task.reads_findings and why == "current" and (others - {"data"} if task.indicator else others):
            why = "findings"
        if why != "current" and not task.reads_findings and task.kind not in kinds.ANNEXES:
            others.add(why)
        found.append((task, why != "current", both(f"remake.{why}")))
    return found
