"""One page: a notebook executed by papermill in a process of its own, and what came of it.

Runs on any machine that has the project's files under `root`. Never raises for what a notebook does: a cell that
raises, a process that dies, a time-out and a memory limit are outcomes.
Must not know other pages, the manifest or the cache.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from greenreport.run import notebook
from greenreport.run.manifest import PageError
from greenreport.run.task import PageTask
from greenreport.text import Text
from greenreport.words import both

__all__ = ["Outcome", "execute_page", "lost_page"]

_CHINESE = re.compile("[\u4e00-\u9fff]")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Outcome:
    """What came of a page; picklable, so that it can come back from another machine.

    Attributes:
        notebook: the executed notebook's bytes; of a failed page, as far as it came.
        findings: canonical JSON, or None.
        error: why the page failed, or None.
        seconds: wall time.
    """

    id: str
    lang: str
    notebook: bytes
    findings: bytes | None
    error: PageError | None
    seconds: float


def execute_page(task: PageTask, source: Mapping[str, Any], *, root: Path, journal: Path) -> Outcome:
    """Execute a page's notebook, front matter and all, in this process, which is its own.

    How far it is goes into `journal`, for [lost_page].
    """
    from greenreport.run import engine

    began = time.perf_counter()
    error, found = None, None
    with journal.open("wb", buffering=0) as written:
        run = engine.Run(written)
        try:
            engine.execute(source, dict(task.parameters), run)
        except Exception as raised:  # whatever happens to one page must not stop the others
            error = _cause(raised, task, _number(run))
    made = run.notebook or dict(source)
    if error is None:
        try:
            found = notebook.findings(made)
        except ValueError as raised:
            error = PageError.of("cell_raised", "page.not_finite", why=raised)
    if error is None and found is not None and task.parameters:
        error = _other_subject(json.loads(found), task)
    return _outcome(task, made, found, error, root=root, began=began)


def lost_page(
    task: PageTask, source: Mapping[str, Any], *, root: Path, journal: Path, began: float, late: bool
) -> Outcome:
    """What came of a page whose process is gone, or was ended `late`; it began at a moment of the performance counter."""
    from greenreport.run import engine

    run = engine.read_journal(journal)
    error = _lost(task, _number(run), late=late)
    return _outcome(task, run.notebook or dict(source), None, error, root=root, began=began)


def _outcome(
    task: PageTask,
    made: Mapping[str, Any],
    found: bytes | None,
    error: PageError | None,
    *,
    root: Path,
    began: float,
) -> Outcome:
    content = notebook.normalise(made, root=root)
    return Outcome(task.id, task.lang, content, found, error, time.perf_counter() - began)


def _other_subject(findings: Any, task: PageTask) -> PageError | None:
    """A page whose findings are about another area or day than its task, however it came by them."""
    if not isinstance(findings, dict):
        return None
    for name, wanted in (("area", task.area), ("as_of", task.as_of)):
        told = findings.get(name)
        if wanted and isinstance(told, str) and told != wanted:
            return PageError.of("other_subject", "page.other_subject", name=name, wanted=wanted, told=told)
    return None


def _cause(raised: Exception, task: PageTask, cell: int | None) -> PageError:
    """Why papermill gave up, in words."""
    from papermill.exceptions import PapermillExecutionError

    if not isinstance(raised, PapermillExecutionError):
        return _error("internal", None, cell, why=f"{type(raised).__name__}: {raised}")
    about: dict[str, object]
    kind, about = "cell_raised", {"said": _said(raised.ename, raised.evalue)}
    if raised.ename == "MemoryError" and task.memory_bytes:
        kind, about = "memory_limit", {"size": _size(task.memory_bytes)}
    return replace(_error(kind, task, cell, **about), traceback=_tail(raised.traceback))


def _lost(task: PageTask, cell: int | None, *, late: bool) -> PageError:
    if late:
        return _error("timed_out", task, cell, seconds=task.timeout)
    limit = both("page.limit", size=_size(task.memory_bytes)) if task.memory_bytes else ""
    return _error("kernel_died", task, cell, limit=limit)


def _error(kind: str, task: PageTask | None, cell: int | None, **about: object) -> PageError:
    """A page's error in words; what it says beside is `at`, the place in the notebook."""
    if task is not None:
        place = "page.at_cell" if cell else "page.at_start"
        about["at"] = both(place, notebook=task.notebook, cell=cell)
    return PageError.of(kind, f"page.{kind}", cell=cell, **about)


def _said(name: str, value: str) -> Text:
    """What was raised, in Chinese and in English: this project's errors speak both, a line each; others as they are."""
    lines = [line.strip() for line in value.strip().splitlines() if line.strip()]
    zh = [line for line in lines if _CHINESE.search(line)]
    en = [line for line in lines if not _CHINESE.search(line)]
    if zh and en:
        return Text(" ".join(zh), " ".join(en))
    last = f"{name}: {lines[-1]}" if lines else name
    return Text(last, last)


def _number(run: Any) -> int | None:
    """The running cell's number among the executed notebook's code cells, from 1, as JupyterLab shows it."""
    if run.cell is None or run.notebook is None:
        return None
    own = [cell for cell in run.notebook["cells"] if not notebook.is_mark(cell)]
    return sum(1 for cell in own[: run.cell + 1] if cell["cell_type"] == "code")


def _tail(traceback: list[str], lines: int = 12) -> str:
    text = _ANSI.sub("", "\n".join(traceback))
    return "\n".join(text.splitlines()[-lines:])


def _size(size: int) -> str:
    gigabytes = size / 1024**3
    return f"{gigabytes:g} GB" if math.isclose(gigabytes, round(gigabytes, 1)) else f"{size // 1024**2} MB"
