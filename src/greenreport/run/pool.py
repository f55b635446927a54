"""Pages side by side on this machine: each subject in a process of its own, its languages one after another.

Knows processes, deadlines and who waits for what; must not know how a notebook is executed. Outcomes come as they are
ready and are kept nowhere, so that memory does not grow with the number of pages.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from greenreport.run import kinds
from greenreport.run.execute import Outcome, execute_page, lost_page, refused_page
from greenreport.run.kernel.process import Begun, Orders, PageProcess, Refused, possible
from greenreport.run.page_environment import Site, kernel_environment
from greenreport.run.task import PageTask

__all__ = ["Source", "run_page", "run_pages"]

Source = Callable[[PageTask], Mapping[str, Any]]
"""Gives a page's notebook with its front matter, when its turn has come."""

_STARTUP_SECONDS = 120
"""What the start of a process may take beside the page: the first one waits for the server to import the libraries."""


def run_pages(
    work: Sequence[PageTask], source: Source, site: Site, *, jobs: int, started: Callable[[PageTask], None]
) -> Generator[Outcome]:
    """Make pages on this machine, up to `jobs` at a time, and yield what came of them as it comes.

    Args:
        work: the pages.
        source: gives a page's notebook.
        site: where.
        jobs: pages at a time.
        started: called when a page begins.
    """
    subjects: dict[str, list[PageTask]] = {}
    for task in work:
        subjects.setdefault(task.id, []).append(task)
    # The longest first, so that no core waits for one of them at the end.
    waiting = deque(sorted(subjects.values(), key=lambda tasks: tasks[0].kind not in kinds.LONGEST))
    crew = _Crew(source, site, started)
    try:
        while waiting or crew.jobs:
            while waiting and len(crew.jobs) < jobs:
                tasks = waiting.popleft()
                # The languages of a subject share what is worked out for it, unless a core would have nothing to do.
                idle = len(waiting) + len(crew.jobs) + 1 < jobs
                if len(tasks) > 1 and (crew.unable or idle or _shared(tasks[0]) is None):
                    waiting.appendleft(tasks[1:])
                    tasks = tasks[:1]
                yield from crew.begin(tasks)
            yield from crew.some()
    finally:
        for job in crew.jobs:
            job.process.end()


def run_page(task: PageTask, source: Mapping[str, Any], site: Site) -> Outcome:
    """Make one page on this machine."""
    (outcome,) = run_pages([task], lambda _: source, site, jobs=1, started=lambda _: None)
    return outcome


@dataclass
class _Job:
    """A process at work on pages of one subject.

    Attributes:
        tasks: the pages that are left; the first is being made.
        process: the process.
        began: moment of the performance counter at which the first page began, or its process was asked for.
        kernel: what is said of the process.
        at_work: whether the page has begun.
    """

    tasks: list[PageTask]
    process: PageProcess
    began: float
    kernel: str
    at_work: bool = False

    @property
    def deadline(self) -> float:
        """The moment at which its page is stopped."""
        return self.began + self.tasks[0].timeout + (0 if self.at_work else _STARTUP_SECONDS)


class _Crew:
    """The processes of one call of [run_pages], and why no more of them are forked, if so."""

    def __init__(self, source: Source, site: Site, started: Callable[[PageTask], None]) -> None:
        self._source, self._site, self._started = source, site, started
        self._sources: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.jobs: list[_Job] = []
        self.unable = "cold" if site.kernel == "cold" else (why := possible()) and f"cold: {why}"

    def begin(self, tasks: list[PageTask]) -> Iterator[Outcome]:
        """Begin pages of one subject; yields those for which no process can be had."""
        for task in tasks:
            self._sources[task.id, task.lang] = self._source(task)
        self._started(tasks[0])
        yield from self._start(tasks)

    def _start(self, tasks: list[PageTask]) -> Iterator[Outcome]:
        if self.unable and self._site.kernel == "warm":
            why = self.unable.removeprefix("cold: ")
            for task in tasks:
                yield refused_page(task, self._sources.pop((task.id, task.lang)), root=self._site.root, why=why)
            return
        kernel, now = self.unable or "warm", time.perf_counter()
        calls = [
            partial(execute_page, task, self._sources[task.id, task.lang], **self._place(task, kernel))
            for task in tasks
        ]
        environment = kernel_environment(self._site, tasks[0].as_of)
        orders = Orders(environment, str(self._site.root), calls, _shared(tasks[0]), tasks[0].memory_bytes)
        try:
            process = PageProcess(orders, forked=not self.unable)
        except (OSError, EOFError) as error:
            if self.unable:
                raise
            yield from self._refuse(f"the server does not answer ({type(error).__name__})", tasks)
        else:
            self.jobs.append(_Job(tasks, process, now, kernel))

    def _place(self, task: PageTask, kernel: str) -> dict[str, Any]:
        journal = Path(self._site.scratch) / f"{task.id}-{task.lang}.journal"
        return {"root": self._site.root, "journal": journal, "kernel": kernel}

    def _refuse(self, why: str, tasks: list[PageTask]) -> Iterator[Outcome]:
        """Go on with fresh processes."""
        self.unable = f"cold: {why}"
        for task in tasks:
            yield from self._start([task])

    def some(self) -> Iterator[Outcome]:
        """Wait for a process to have something to say, or for its time to be up, and hear it."""
        soonest = min(job.deadline for job in self.jobs)
        # What a page forked may outlive it and keep its pipe open, so now and then the process itself is looked at.
        ready = wait([job.process.answers for job in self.jobs], max(0.0, min(1.0, soonest - time.perf_counter())))
        for job in list(self.jobs):
            if job.process.answers in ready:
                yield from self._heard(job)
            elif job.process.ended and not job.process.answers.poll():
                yield from self._lost(job, late=False)
            elif job.deadline <= time.perf_counter():
                yield from self._lost(job, late=True)

    def _heard(self, job: _Job) -> Iterator[Outcome]:
        try:
            answer = job.process.answers.recv()
        except (EOFError, OSError):
            yield from self._lost(job, late=False)
            return
        if isinstance(answer, Refused):
            self._end(job)
            yield from self._refuse(answer.why, job.tasks)
            return
        if isinstance(answer, Begun):
            job.began, job.at_work = time.perf_counter(), True
            return
        self._done(job.tasks.pop(0))
        if job.tasks:
            job.began, job.at_work = time.perf_counter(), False
            self._started(job.tasks[0])
        else:
            self._end(job)
        yield answer

    def _lost(self, job: _Job, *, late: bool) -> Iterator[Outcome]:
        """A process is gone, or is ended because its time is up: its page has failed, the others are made in another."""
        self._end(job)
        task = job.tasks.pop(0)
        source = self._sources[task.id, task.lang]
        yield lost_page(task, source, **self._place(task, job.kernel), began=job.began, late=late)
        self._done(task)
        if job.tasks:
            self._started(job.tasks[0])
            yield from self._start(job.tasks)

    def _end(self, job: _Job) -> None:
        self.jobs.remove(job)
        job.process.end()

    def _done(self, task: PageTask) -> None:
        del self._sources[task.id, task.lang]
        self._place(task, "")["journal"].unlink(missing_ok=True)


def _shared(task: PageTask) -> Callable[[], object] | None:
    """What to work out for all languages of a subject: an area is assessed once, and so are the usual models."""
    compare = task.kind == "methods" and bool(task.parameters.get("compare_models", True))
    if task.area is None and not compare:
        return None
    return partial(_work_out, area=task.area, day=task.as_of, options=dict(task.parameters), compare=compare)


def _work_out(**what: Any) -> None:
    from greenreport.assess.preload import work_out  # half a second, which the building process does without

    work_out(**what)
