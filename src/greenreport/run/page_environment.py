"""Where pages are made on one machine: the folder for sockets, the server that forks them, the painters.

Opens and closes them together; must not know pages.
"""

from __future__ import annotations

import calendar
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from greenreport.chart_images import PAINTER
from greenreport.run.params import RunParams
from greenreport.system import has_ipc, runs

__all__ = ["Site", "kernel_environment", "preparation", "scratch", "workshop"]

PRELOAD = (
    "pandas",
    "altair",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "pdb",
    "greenreport.assess",
    "greenreport.present",
    "greenreport.forecast",
    "greenreport.progress",
    "greenreport.present.preload:prepare",
    "greenreport.run.pool",  # takes their orders
)
"""What most pages import, and a function to call: done once, before pages are forked."""

_LIBRARIES = ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "RAYON")
_THREADS = (*(f"{name}_NUM_THREADS" for name in _LIBRARIES), "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True)
class Site:
    """Where pages are made.

    Attributes:
        root: the project's root on this machine, the kernels' working directory.
        run_dir: the run's folder, given to kernels as GREENREPORT_RUN; overviews and pages of indicators read its findings. None where
            no run is being built.
        scratch: a short path for the painters' socket, and for what pages write down while they are made.
        forked: whether pages are forked from a server that has imported the libraries.
        painters: address of the painters, or None.
    """

    root: Path
    run_dir: Path | None
    scratch: Path
    forked: bool = False
    painters: str | None = None


def scratch() -> TemporaryDirectory[str]:
    """A new folder with a short path (that of a Unix socket holds about a hundred characters), removed at the end.

    A killed process cannot tidy up; the folders of those that are gone are removed here.
    """
    for left in Path(gettempdir()).glob("greenreport-[0-9]*-*"):
        number = left.name.split("-")[1]
        if number.isdigit() and not runs(int(number)):
            shutil.rmtree(left, ignore_errors=True)
    return TemporaryDirectory(prefix=f"greenreport-{os.getpid()}-", ignore_cleanup_errors=True)


def kernel_environment(site: Site, as_of: str) -> dict[str, str]:
    """A kernel's environment: one thread per numeric library, fixed hashing, no personal start-up files."""
    made = {
        **os.environ,
        **dict.fromkeys(_THREADS, "1"),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": str(calendar.timegm(date.fromisoformat(as_of).timetuple())),
        "IPYTHONDIR": str(site.scratch / "ipython"),
        "JE_ARROW_MALLOC_CONF": "background_thread:false",  # Arrow's allocator would start a thread at import
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # ipykernel's debugger would warn on the terminal that nobody debugs
    }
    for name, value in (("GREENREPORT_RUN", site.run_dir), (PAINTER, site.painters)):
        made.pop(name, None)
        if value is not None:
            made[name] = str(value)
    return made


def preparation(params: RunParams, days: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """What is called for a run before its pages are forked: it loads the evidence of some days, ISO."""
    arguments = {
        "root": str(params.root),
        "plan": params.plan,
        "areas": params.areas,
        "data": params.data,
        "days": list(days),
        "options": dict(params.parameters),
    }
    return {"greenreport.assess.preload:prepare": arguments}


@contextmanager
def workshop(
    site: Site,
    *,
    jobs: int,
    as_of: str,
    fork: bool = True,
    prepare: Mapping[str, Mapping[str, Any]] | None = None,
    warn: Callable[[str], None] = lambda why: None,
) -> Iterator[Site]:
    """Open a site for so many pages at a time: start what it lacks, and end that with the block, whatever happens in it.

    Args:
        site: where.
        jobs: pages at a time.
        as_of: for the kernels' environment.
        fork: whether pages are to be forked.
        prepare: what to call before that besides the usual imports (see [preparation]).
        warn: told what can't be had here, and why.

    Yields:
        The site with what was started.
    """
    from greenreport.run.kernel.chart_workers import Painters
    from greenreport.run.kernel.process import end_server, start_server

    with ExitStack() as stack:
        environment = kernel_environment(site, as_of)
        if has_ipc():  # without such sockets each page draws its own pictures
            try:
                painters = Painters(site.scratch, count=(jobs + 3) // 4, environment=environment)
                stack.callback(painters.stop)
                site = replace(site, painters=painters.address)
            except OSError as why:
                warn(f"charts are drawn by the kernels themselves: {why}")
        if fork:
            stack.callback(end_server)
            unable = start_server(environment, {name: {} for name in PRELOAD} | dict(prepare or {}))
            if unable:
                warn(unable)
            site = replace(site, forked=not unable)
        yield site
