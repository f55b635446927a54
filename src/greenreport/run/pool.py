"""Pages side by side on this machine: each subject in a process of its own, its languages one after another.

Knows processes, deadlines and who waits for what; must not know how a notebook is executed. Outcomes come as they are
ready and are kept nowhere, so that memory does not grow with the number of pages.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from greenreport.run import kinds
from greenreport.run.execute import Outcome, execute_page, lost_page
from greenreport.run.kernel.process import Begun, Orders, PageProcess
from greenreport.run.page_environment import Site, kernel_environment
from greenreport.run.task import PageTask

__all__ = ["Source", "run_page", "run_pages"]

Source = Callable[[PageTask], Mapping[str, Any]]
"""Gives a page's notebook with its front matter, when its turn has come."""

_STARTUP_SECONDS = 120
"""What the start of a process may take beside the page."""


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
    at_work: list[_Job] = []
    try:
        while waiting or at_work:
            while waiting and len(at_work) < jobs:
                tasks = _next(waiting, together=site.forked and len(waiting) + len(at_work) >= jobs)
                started(tasks[0])
                at_work.append(_Job([(task, source(task)) for task in tasks], site))
            soonest = min(job.deadline for job in at_work) - time.perf_counter()
            # What a page forked may outlive it and keep its pipe open, so now and then the process itself is looked at.
            wait([job.process.answers for job in at_work], min(1.0, max(0.0, soonest)))
            for job in list(at_work):
                if (outcome := job.hear()) is not None:
                    if job.pages:
                        started(job.pages[0][0])
                    else:
                        at_work.remove(job)
                    yield outcome
    finally:
        for job in at_work:
            job.process.end()


def _next(waiting: deque[list[PageTask]], *, together: bool) -> list[PageTask]:
    """The pages of the next subject: where no core would have nothing to do, its languages share what is worked out for it."""
    tasks = waiting.popleft()
    if len(tasks) > 1 and not (together and _shared(tasks[0])):
        waiting.appendleft(tasks[1:])
        return tasks[:1]
    return tasks


def run_page(task: PageTask, source: Mapping[str, Any], site: Site) -> Outcome:
    """Make one page on this machine."""
    (outcome,) = run_pages([task], lambda _: source, site, jobs=1, started=lambda _: None)
    return outcome


class _Job:
    """A process at work on pages of one subject; the first of `pages` is being made.

    Args:
        pages: the pages and their notebooks.
        site: where.
    """

    def __init__(self, pages: list[tuple[PageTask, Mapping[str, Any]]], site: Site) -> None:
        self.pages, self._site = pages, site
        self._start()

    def _start(self) -> None:
        first = self.pages[0][0]
        calls = [
            partial(execute_page, task, source, root=self._site.root, journal=self._journal(task))
            for task, source in self.pages
        ]
        environment = kernel_environment(self._site, first.as_of)
        orders = Orders(environment, str(self._site.root), calls, _shared(first), first.memory_bytes)
        self._began, self._at_work = time.perf_counter(), False
        self.process = PageProcess(orders, forked=self._site.forked)

    def _journal(self, task: PageTask) -> Path:
        return self._site.scratch / f"{task.id}-{task.lang}.journal"

    @property
    def deadline(self) -> float:
        """The moment of the performance counter at which the page is stopped."""
        return self._began + self.pages[0][0].timeout + (0 if self._at_work else _STARTUP_SECONDS)

    def hear(self) -> Outcome | None:
        """What came of the page, which is then taken from the list; None while it is being made."""
        ended = self.process.ended  # it may still have said something before
        if self.process.answers.poll():
            try:
                answer = self.process.answers.recv()
            except (EOFError, OSError):
                return self._lost(late=False)
            self._began, self._at_work = time.perf_counter(), isinstance(answer, Begun)
            return None if self._at_work else self._done(answer)
        if ended or self.deadline <= time.perf_counter():
            return self._lost(late=not ended)
        return None

    def _done(self, outcome: Outcome) -> Outcome:
        self._journal(self.pages.pop(0)[0]).unlink(missing_ok=True)
        if not self.pages:
            self.process.end()
        return outcome

    def _lost(self, *, late: bool) -> Outcome:
        """The process is gone, or is ended because its time is up: its page has failed, the others are made in another."""
        self.process.end()
        task, source = self.pages.pop(0)
        journal = self._journal(task)
        outcome = lost_page(task, source, root=self._site.root, journal=journal, began=self._began, late=late)
        journal.unlink(missing_ok=True)
        if self.pages:
            self._start()
        return outcome


def _shared(task: PageTask) -> Callable[[], object] | None:
    """What to work out for all languages of a subject: an area is assessed once, and so are the usual models."""
    compare = task.kind == "methods" and bool(task.parameters.get("compare_models", True))
    if task.area is None and not compare:
        return None
    return partial(_work_out, area=task.area, day=task.as_of, options=dict(task.parameters), compare=compare)


def _work_out(**what: Any) -> None:
    from greenreport.assess.preload import work_out  # half a second, which the building process does without

    work_out(**what)
