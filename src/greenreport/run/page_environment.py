"""Where pages are made on one machine: the folder for sockets, the warm server, the painters.

Opens and closes them together; must not know pages.
"""

from __future__ import annotations

import calendar
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from greenreport.chart_images import PAINTER
from greenreport.run.params import RunParams
from greenreport.system import has_ipc

__all__ = ["Site", "kernel_environment", "preparation", "workshop"]

_LIBRARIES = ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "RAYON")
_THREADS = (*(f"{name}_NUM_THREADS" for name in _LIBRARIES), "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True)
class Site:
    """Where pages are made.

    Attributes:
        root: the project's root on this machine, the kernels' working directory.
        run_dir: the run's folder, given to kernels as GREENREPORT_RUN; overviews and pages of indicators read its findings. None where
            no run is being built.
        scratch: a short path for the kernels' sockets.
        kernel: `auto`, `warm` or `cold`.
        painters: address of the painters, or None.
        prepare: what the server does before it forks kernels, as JSON (see [greenreport.run.kernel.preloaded]).
    """

    root: Path
    run_dir: Path | None
    scratch: Path
    kernel: str = "auto"
    painters: str | None = None
    prepare: str = ""


def kernel_environment(site: Site, as_of: str) -> dict[str, str]:
    """A kernel's environment: one thread per numeric library, fixed hashing, no personal start-up files."""
    made = {
        **os.environ,
        **dict.fromkeys(_THREADS, "1"),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": str(calendar.timegm(date.fromisoformat(as_of).timetuple())),
        "IPYTHONDIR": str(site.scratch / "ipython"),
    }
    for name, value in (("GREENREPORT_RUN", site.run_dir), (PAINTER, site.painters)):
        made.pop(name, None)
        if value is not None:
            made[name] = str(value)
    return made


def preparation(params: RunParams, days: Sequence[str]) -> str:
    """What a warm server does for a run before it forks kernels: it loads the evidence of some days, ISO."""
    arguments = {
        "root": str(params.root),
        "plan": params.plan,
        "areas": params.areas,
        "data": params.data,
        "days": list(days),
        "options": dict(params.parameters),
    }
    return json.dumps({"greenreport.assess.preload:prepare": arguments}, ensure_ascii=False)


@contextmanager
def workshop(site: Site, *, jobs: int, as_of: str, warn: Callable[[str], None]) -> Iterator[Site]:
    """Open a site for so many pages at a time: start what it lacks, and end that with the block, whatever happens in it.

    `as_of` is for the kernels' environment; `warn` is told why there is no warm server where one was wanted.
    """
    from greenreport.run.kernel.chart_workers import Painters
    from greenreport.run.kernel.process import end_server, possible, start_server

    with ExitStack() as stack:
        environment = kernel_environment(site, as_of)
        if has_ipc():  # without such sockets each page draws its own pictures
            try:
                painters = Painters(site.scratch, count=(jobs + 3) // 4, environment=environment)
                stack.callback(painters.stop)
                site = replace(site, painters=painters.address)
            except OSError as why:
                warn(f"charts are drawn by the kernels themselves: {why}")
        if site.kernel != "cold":
            if unable := possible():
                warn(unable)
            else:
                start_server(environment, site.prepare)
                stack.callback(end_server)
        yield site
