"""Pages side by side: joblib's loky on this machine, joblib's Dask backend on a cluster.

Knows how to spread work; must not know what a page is beyond [run_page]. Outcomes come as they are ready and
are kept nowhere, so that memory does not grow with the number of pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from greenreport.run.execute import Outcome, Site, run_page
from greenreport.run.task import PageTask

__all__ = ["run_pages"]


def run_pages(
    work: Sequence[tuple[PageTask, Mapping[str, Any]]], site: Site, *, jobs: int, scheduler: str | None = None
) -> Iterator[Outcome]:
    """Make pages, up to `jobs` at a time, and yield what came of them as it comes.

    Args:
        work: pages with their notebooks.
        site: where on this machine.
        jobs: pages at a time.
        scheduler: address of a Dask scheduler, or None for this machine's cores.
    """
    from joblib import Parallel, delayed

    jobs = min(jobs, len(work))
    if jobs == 1:
        for task, source in work:
            yield run_page(task, source, site)
        return
    parallel = Parallel(n_jobs=jobs, backend="loky", batch_size=1, return_as="generator_unordered")
    yield from parallel(delayed(run_page)(task, source, site) for task, source in work)
