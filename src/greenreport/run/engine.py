"""papermill, with this project's client: its own kernels, one deadline per page, and the place where it
stopped.

papermill parameterises and walks the notebook; this engine only chooses the kernel and remembers the running
cell, because papermill saves a notebook whose kernel died as if all its cells had run. Must not know pages.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenreport.run.kernel.lean import GRAMMAR, without
from greenreport.run.kernel.manager import PageKernelManager

# papermill looks for pyarrow to reach one store of files that nothing here is kept in: a third of its imports.
with without(GRAMMAR, "pyarrow"):
    import nbformat
    import papermill
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines
    from papermill.execute import raise_for_execution_errors

__all__ = ["Run", "execute"]

NAME = "greenreport"
# Parameters are checked before (papermill reads only the simplest annotations, and only warns).
logging.getLogger("papermill").setLevel(logging.ERROR)
_quiet = logging.getLogger("greenreport.papermill")
_quiet.setLevel(logging.CRITICAL + 1)  # papermill's narration; the run's own events tell what happens


@dataclass
class Run:
    """One execution: what is asked for, and, while it goes on, how far it is.

    Attributes:
        deadline: moment of the monotonic clock at which the page is stopped.
        notebook: the notebook as executed so far.
        cell: index of the cell that runs or ran last.
        used: the kernel that served, `warm` or `cold`, and why.
    """

    environment: Mapping[str, str]
    root: Path
    scratch: Path
    kernel: str
    server: str | None
    memory_bytes: int | None
    deadline: float
    notebook: Any = None
    cell: int | None = None
    used: str = ""


class _Client(PapermillNotebookClient):
    run: Run

    def execute_cell(self, cell: Any, cell_index: int, **kwargs: Any) -> Any:
        self.run.cell = cell_index
        return super().execute_cell(cell, cell_index, **kwargs)


class _Engine(NBClientEngine):
    """papermill's own engine with our client."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, run: Run, **_: Any) -> Any:
        run.notebook = nb_man.nb
        manager = PageKernelManager.for_run(
            scratch=run.scratch, mode=run.kernel, server=run.server, memory_bytes=run.memory_bytes
        )
        client = _Client(
            nb_man,
            km=manager,
            log=_quiet,
            startup_timeout=120,
            iopub_timeout=30,
            timeout_func=lambda cell: max(1, math.ceil(run.deadline - time.monotonic())),
            shutdown_kernel="immediate",
        )
        client.run = run
        try:
            return client.execute(env=dict(run.environment), cwd=str(run.root), cleanup_kc=True)
        finally:
            run.used = manager.used
            manager.dispose()


papermill_engines.register(NAME, _Engine)


def execute(source: Mapping[str, Any], parameters: dict[str, Any], run: Run) -> None:
    """Execute a notebook; the executed one is in `run.notebook`, however it ended.

    Raises:
        papermill.PapermillExecutionError: a cell raised.
        nbclient.exceptions.DeadKernelError: the kernel stopped.
        nbclient.exceptions.CellTimeoutError: the deadline passed.
    """
    # In two steps: in one, papermill writes the executed notebook out once more, to nowhere.
    prepared = papermill.execute_notebook(
        nbformat.from_dict(dict(source)),
        None,
        parameters=parameters,
        kernel_name="python3",
        language="python",
        prepare_only=True,
        progress_bar=False,
    )
    made = papermill_engines.execute_notebook_with_engine(
        NAME, prepared, "python3", progress_bar=False, autosave_cell_every=0, run=run
    )
    raise_for_execution_errors(made, None)
