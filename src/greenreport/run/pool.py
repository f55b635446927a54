"""Pages side by side: joblib's loky on this machine, joblib's Dask backend on a cluster.

Knows how to spread work; must not know what a page is beyond [run_page]. Outcomes come as they are ready and are
kept nowhere, so that memory does not grow with the number of pages.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any

from greenreport.errors import RunError
from greenreport.run.execute import Outcome, run_page
from greenreport.run.task import PageTask
from greenreport.run.workshop import Site

__all__ = ["Source", "end_workers", "run_pages"]

Source = Callable[[PageTask], Mapping[str, Any]]
"""Gives a page's notebook with its front matter, when its turn has come."""

_LOSSES = 3


def run_pages(
    work: Sequence[PageTask], source: Source, site: Site, *, jobs: int, started: Callable[[PageTask], None]
) -> Generator[Outcome]:
    """Make pages on this machine, up to `jobs` at a time, and yield what came of them as it comes.

    A worker process that is killed (for want of memory, say) is replaced, and its page made again. Workers stay for the
    next call, because what they import costs as much as half a page; [end_workers] ends them.

    Args:
        work: the pages.
        source: gives a page's notebook.
        site: where.
        jobs: pages at a time.
        started: called when a page begins, perhaps in another thread.

    Raises:
        RunError: workers were killed again and again.
    """
    if min(jobs, len(work)) <= 1:
        for task in work:
            started(task)
            yield run_page(task, source(task), site)
        return
    from joblib.externals.loky.process_executor import BrokenProcessPool

    left = {(task.id, task.lang): task for task in work}
    for _ in range(_LOSSES):
        try:
            for outcome in _parallel(list(left.values()), source, site, jobs, started):
                del left[outcome.id, outcome.lang]
                yield outcome
            return
        except BrokenProcessPool:
            continue
    raise RunError.of(
        zh=f"工作进程多次被系统终止（通常是内存不足），还剩{len(left)}页。请减少--jobs后再次运行，已完成的页会保留。",
        en=f"Worker processes were killed again and again (for lack of memory, as a rule); {len(left)} pages are left. "
        "Run again with fewer --jobs; what is done is kept.",
    )


def _parallel(
    work: Sequence[PageTask], source: Source, site: Site, jobs: int, started: Callable[[PageTask], None]
) -> Generator[Outcome]:
    from joblib import Parallel, delayed

    def calls() -> Iterator[Any]:
        for task in work:
            started(task)
            yield delayed(_in_worker)(task, source(task), site, os.getpid())

    parallel = Parallel(
        n_jobs=min(jobs, len(work)),
        backend="loky",
        batch_size=1,
        pre_dispatch="n_jobs",
        return_as="generator_unordered",
        max_nbytes=None,
    )
    try:
        yield from parallel(calls())
    except BaseException:
        end_workers()  # what they are at is not wanted any more
        raise


def end_workers() -> None:
    """End the worker processes of this process, if there are any."""
    if "joblib.externals.loky" in sys.modules:
        from joblib.externals.loky import get_reusable_executor

        get_reusable_executor().shutdown(wait=True, kill_workers=True)


_watching = False


def _in_worker(task: PageTask, source: Mapping[str, Any], site: Site, parent: int) -> Outcome:
    global _watching
    if not _watching:
        _watching = True
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build ends its workers itself
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        importlib.import_module("greenreport.run.engine")
        gc.freeze()  # what is imported is no garbage; without it the collector would look through it on every page
    return run_page(task, source, site)


def _end_with(parent: int) -> None:
    """End this worker when the build was killed; its kernel ends with it."""
    while os.getppid() == parent:
        time.sleep(0.25)
    os._exit(1)
