"""Runs the committed notebooks again with their own parameters, in place, one after the other.

They are committed with the outputs of the demonstration data, so that readers see pages without running anything
and nbval has something to compare with. Written in nbformat's own layout, one key a line, for readable diffs.
"""

from __future__ import annotations

import json
from pathlib import Path

from greenreport.errors import CellError, ParamsError
from greenreport.run import notebook
from greenreport.run.events import Event, OnEvent
from greenreport.run.page_environment import Site, scratch
from greenreport.run.params import project_root
from greenreport.run.pool import run_page
from greenreport.run.task import PageTask
from greenreport.text import Text
from greenreport.words import error

__all__ = ["refresh"]

TIMEOUT = 600


def refresh(folder: Path, *, on_event: OnEvent) -> None:
    """Execute every notebook of a folder and write it back with its outputs.

    Args:
        folder: holds the notebooks.
        on_event: told when each begins and is done.

    Raises:
        ParamsError: there is no notebook in the folder.
        CellError: a cell raised; that notebook is left as it was.
    """
    files = sorted(folder.glob("*.ipynb"))
    if not files:
        raise error(ParamsError, "run.no_notebooks", file=folder)
    with scratch() as short:
        for done, path in enumerate(files):
            name = Text(path.name, path.name)
            on_event(Event("page_started", name, page=path.stem, done=done, total=len(files)))
            path.write_bytes(_executed(path, Site(project_root(path), None, Path(short))))
            on_event(Event("page_done", name, page=path.stem, done=done + 1, total=len(files)))


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
