"""Pages on a Dask cluster: the same work, on workers that need not share a disk.

Inputs travel once per worker process, outcomes come back as bytes. Needs the extra `dask`. Must not know the manifest or the cache.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from greenreport.addresses import LedgerAddress
from greenreport.errors import RequestError
from greenreport.run.digests import digest, package_digest, versions
from greenreport.run.execute import Outcome
from greenreport.run.page_environment import Site, scratch, workshop
from greenreport.run.params import RunParams
from greenreport.run.pool import Source, run_page
from greenreport.run.task import PageTask
from greenreport.words import error

__all__ = ["Bundle", "run_pages"]


_RUN = ".run"
"""The run's folder in a worker's copy of the project."""


@dataclass(frozen=True)
class Bundle:
    """The files that pages read.

    Attributes:
        digest: fingerprint of the files; a worker unpacks a bundle once.
        files: their contents by their paths relative to the project's root: plan, roster, the ledger unless it is in a
            database, and findings of pages made before, which overviews and pages of indicators read.
    """

    digest: str
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, params: RunParams, run_dir: Path, *, findings: bool) -> Bundle:
        """Pack what pages read."""
        files = {}
        ledger = [str(LedgerAddress.of(params.data).path)] if params.ledger.in_files else []
        for named in (params.plan, params.areas, *ledger):
            start = params.root / named
            for path in [start] if start.is_file() else start.rglob("*"):
                if path.is_file():
                    files[(Path(named) / path.relative_to(start)).as_posix()] = path.read_bytes()
        if findings:
            files |= {f"{_RUN}/data/{path.name}": path.read_bytes() for path in (run_dir / "data").glob("*.json")}
        return cls(digest({name: digest(content) for name, content in files.items()}), files)


def run_pages(
    work: Sequence[PageTask],
    source: Source,
    params: RunParams,
    run_dir: Path,
    *,
    scheduler: str,
    started: Callable[[PageTask], None],
) -> Generator[Outcome]:
    """Make pages on a cluster and yield what came of them as it comes.

    A page whose worker is lost is made again by another; Dask gives up on a page after three lost workers.

    Raises:
        RequestError: the extra is not installed, the scheduler (`tcp://HOST:PORT`) does not answer, or the workers have
            other sources or libraries than this machine, which would make other pages.
    """
    try:
        from distributed import Client, as_completed
    except ModuleNotFoundError:
        raise error(RequestError, "run.no_dask") from None
    try:
        client = Client(scheduler, timeout=10, set_as_default=False)
    except (OSError, ValueError) as cause:
        about = {"address": scheduler, "why": type(cause).__name__}
        raise error(RequestError, "run.no_scheduler", field="--scheduler", **about) from None
    with client:
        _check_workers(client)
        bundle = Bundle.of(params, run_dir, findings=any(task.reads_findings for task in work))
        held = client.scatter(bundle, broadcast=True, hash=False)
        pages = []
        for task in work:
            started(task)
            pages.append(client.submit(_on_worker, task, source(task), held, pure=False))
        for page in as_completed(pages, loop=client.loop):
            yield page.result()
            page.release()


def _check_workers(client: Any) -> None:
    """All workers must be what this machine is; a worker of another version would make other pages."""
    client.wait_for_workers(1, timeout=30)
    here = _identity()
    for address, there in client.run(_identity).items():
        differing = [f"{name}: {there.get(name)} ≠ {value}" for name, value in here.items() if there.get(name) != value]
        if differing:
            about = {"address": address, "differing": "; ".join(differing[:4])}
            raise error(RequestError, "run.other_worker", field="--scheduler", **about)


def _identity() -> dict[str, str]:
    return {"package": package_digest(), **versions()}


_lock = threading.Lock()
_sites: dict[str, Site] = {}


def _on_worker(task: PageTask, source: Mapping[str, Any], bundle: Bundle) -> Outcome:
    """Make one page in a worker process of the cluster."""
    return run_page(task, source, _site(bundle, task.as_of))


def _site(bundle: Bundle, as_of: str) -> Site:
    """This worker's place for a bundle's files, with a server and a painter that end with the worker."""
    with _lock:
        if not _sites:
            stack = ExitStack()
            atexit.register(stack.close)
            folder = Path(stack.enter_context(scratch()))
            _sites[""] = stack.enter_context(workshop(Site(folder, None, folder), jobs=1, as_of=as_of))
        if bundle.digest not in _sites:
            root = _sites[""].scratch / bundle.digest
            for name, content in bundle.files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(content)
            _sites[bundle.digest] = replace(_sites[""], root=root, run_dir=root / _RUN)
        return _sites[bundle.digest]
