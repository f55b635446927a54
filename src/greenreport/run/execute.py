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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenreport.run import notebook
from greenreport.run.manifest import PageError
from greenreport.run.task import PageTask

__all__ = ["Outcome", "execute_page", "lost_page", "refused_page"]

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
        kernel: `warm` or `cold`, and why cold where warm was asked for.
    """

    id: str
    lang: str
    notebook: bytes
    findings: bytes | None
    error: PageError | None
    seconds: float
    kernel: str


def execute_page(task: PageTask, source: Mapping[str, Any], *, root: Path, journal: Path, kernel: str) -> Outcome:
    """Execute a page's notebook, front matter and all, in this process, which is its own.

    How far it is goes into `journal`, for [lost_page]; `kernel` is what is said of the process.
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
            error = PageError(
                "cell_raised",
                f"结果数据中有不是有限值的数字（{raised}）。请检查产生结果的单元格。",
                f"The findings hold a number that is not finite ({raised}). Check the cell that makes them.",
            )
    if error is None and found is not None and task.parameters:
        error = _other_subject(json.loads(found), task)
    return _outcome(task, made, found, error, root=root, began=began, kernel=kernel)


def lost_page(
    task: PageTask, source: Mapping[str, Any], *, root: Path, journal: Path, kernel: str, began: float, late: bool
) -> Outcome:
    """What came of a page whose process is gone, or was ended `late`; it began at a moment of the performance counter."""
    from greenreport.run import engine

    run = engine.read_journal(journal)
    error = (_late if late else _died)(task, _number(run))
    return _outcome(task, run.notebook or dict(source), None, error, root=root, began=began, kernel=kernel)


def refused_page(task: PageTask, source: Mapping[str, Any], *, root: Path, why: str) -> Outcome:
    """What comes of a page for which no process could be had."""
    error = _internal(f"Refused: {why}", None)
    return _outcome(task, source, None, error, root=root, began=time.perf_counter(), kernel="")


def _outcome(
    task: PageTask,
    made: Mapping[str, Any],
    found: bytes | None,
    error: PageError | None,
    *,
    root: Path,
    began: float,
    kernel: str,
) -> Outcome:
    content = notebook.normalise(made, root=root)
    return Outcome(task.id, task.lang, content, found, error, time.perf_counter() - began, kernel)


def _other_subject(findings: Any, task: PageTask) -> PageError | None:
    """A page whose findings are about another area or day than its task, however it came by them."""
    if not isinstance(findings, dict):
        return None
    for name, wanted in (("area", task.area), ("as_of", task.as_of)):
        told = findings.get(name)
        if wanted and isinstance(told, str) and told != wanted:
            return PageError(
                "other_subject",
                f"这一页应是{name}={wanted}，结果却是{name}={told}的：笔记本没有采用运行器给的参数。请检查parameters单元格，其后不要再给这些名称赋值。",
                f"This page is for {name}={wanted}, but its findings are for {name}={told}: the notebook did not use the "
                "runner's parameters. Check its parameters cell, and assign these names nowhere below it.",
            )
    return None


def _cause(raised: Exception, task: PageTask, cell: int | None) -> PageError:
    """Why papermill gave up, in words."""
    from papermill.exceptions import PapermillExecutionError

    if not isinstance(raised, PapermillExecutionError):
        return _internal(f"{type(raised).__name__}: {raised}", cell)
    at_zh, at_en = _place(task, cell)
    if raised.ename == "MemoryError" and task.memory_bytes:
        return PageError(
            "memory_limit",
            f"{at_zh}超过了内存上限{_size(task.memory_bytes)}。请调高memory_limit或减少数据。",
            f"At {at_en} the page went over its memory limit of {_size(task.memory_bytes)}. "
            "Raise memory_limit or use less data.",
            cell,
            _tail(raised.traceback),
        )
    said_zh, said_en = _said(raised.ename, raised.evalue)
    return PageError("cell_raised", f"{at_zh}出错：{said_zh}", f"At {at_en}: {said_en}", cell, _tail(raised.traceback))


def _late(task: PageTask, cell: int | None) -> PageError:
    at_zh, at_en = _place(task, cell)
    return PageError(
        "timed_out",
        f"{at_zh}运行时页面超过了{task.timeout}秒的时限。请调高timeout或简化计算。",
        f"The page passed its time limit of {task.timeout} seconds at {at_en}. Raise timeout or compute less.",
        cell,
    )


def _died(task: PageTask, cell: int | None) -> PageError:
    at_zh, at_en = _place(task, cell)
    limit_zh = f"（内存上限{_size(task.memory_bytes)}）" if task.memory_bytes else ""
    limit_en = f" (memory limit {_size(task.memory_bytes)})" if task.memory_bytes else ""
    return PageError(
        "kernel_died",
        f"{at_zh}运行时内核意外退出{limit_zh}。常见原因是内存不足或本机代码崩溃，请查看保留的笔记本。",
        f"The kernel stopped at {at_en}{limit_en}. Usual causes are a lack of memory or a crash "
        "in compiled code; see the notebook that was kept.",
        cell,
    )


def _internal(why: str, cell: int | None) -> PageError:
    return PageError("internal", f"页面未能运行（{why}）。", f"The page could not be run ({why}).", cell)


def _place(task: PageTask, cell: int | None) -> tuple[str, str]:
    at_zh, at_en = (f"第{cell}个代码单元格", f"code cell {cell}") if cell else ("启动时", "the start")
    return f"{task.notebook}{at_zh}", f"{at_en} of {task.notebook}"


def _said(name: str, value: str) -> tuple[str, str]:
    """What was raised, in Chinese and in English: this project's errors speak both, a line each; others as they are."""
    lines = [line.strip() for line in value.strip().splitlines() if line.strip()]
    zh = [line for line in lines if _CHINESE.search(line)]
    en = [line for line in lines if not _CHINESE.search(line)]
    if zh and en:
        return " ".join(zh), " ".join(en)
    last = f"{name}: {lines[-1]}" if lines else name
    return last, last


def _number(run: Any) -> int | None:
    """The running cell's number among the executed notebook's code cells, from 1, as JupyterLab shows it."""
    if run.cell is None or run.notebook is None:
        return None
    own = [cell for cell in run.notebook["cells"] if not notebook.is_mark(cell)]
    return sum(1 for cell in own[: run.cell + 1] if cell["cell_type"] == "code")


def _tail(traceback: list[str], lines: int = 12) -> str:
    text = _ANSI.sub("", "\n".join(traceback))
    return "\n".join(text.splitlines()[-lines:])


def _size(size: int | None) -> str:
    if not size:
        return "–"
    gigabytes = size / 1024**3
    return f"{gigabytes:g} GB" if math.isclose(gigabytes, round(gigabytes, 1)) else f"{size // 1024**2} MB"
