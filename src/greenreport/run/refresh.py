"""Runs the committed notebooks again with their own parameters, in place, one after the other.

They are committed with the outputs of the demonstration data, so that readers see pages without running anything
and nbval has something to compare with. Written in nbformat's own layout, one key a line, for readable diffs.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from greenreport.errors import CellError, ParamsError
from greenreport.run import notebook
from greenreport.run.events import Event, EventKind, OnEvent
from greenreport.run.kernel.scratch import scratch
from greenreport.run.page_environment import Site
from greenreport.run.params import project_root
from greenreport.run.pool import run_page
from greenreport.run.task import PageTask
from greenreport.text import Text
from greenreport.words import error

__all__ = ["refresh"]

TIMEOUT = 600


def refresh(folder: Path, *, on_event: OnEvent | None = None) -> None:
    """Execute every notebook of a folder and write it back with its outputs.

    Raises:
        ParamsError: there is no notebook in the folder.
        CellError: a cell raised; that notebook is left as it was.
    """
    files = sorted(folder.glob("*.ipynb"))
    if not files:
        raise error(ParamsError, "run.no_notebooks", file=folder)
    with scratch() as short:
        for done, path in enumerate(files):
            _tell(on_event, "page_started", path, done, len(files))
            began = time.perf_counter()
            path.write_bytes(_executed(path, Site(root=project_root(path), run_dir=None, scratch=short, kernel="cold")))
            _tell(on_event, "page_done", path, done + 1, len(files), time.perf_counter() - began)


def _executed(path: Path, site: Site) -> bytes:
    task = PageTask(
        id=path.stem, lang="zh", kind="notebook", notebook=str(path), area=None, year=None, as_of="2000-01-01",
        title="", subtitle="", parameters={}, reads=(), timeout=TIMEOUT, memory_bytes=None,
    )  # fmt: skip
    outcome = run_page(task, notebook.read(path), site)
    if outcome.error is not None:
        raise error(CellError, outcome.error, file=path)
    made = json.loads(outcome.notebook)
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def _tell(
    on_event: OnEvent | None, kind: EventKind, path: Path, done: int, total: int, seconds: float | None = None
) -> None:
    if on_event is not None:
        on_event(Event(kind, Text(path.name, path.name), path.stem, None, seconds, done, total))
