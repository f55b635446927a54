"""One page: a notebook executed by papermill in a kernel of its own, and what came of it.

Runs in a worker process (or thread) of any machine that has the project's files under `root`. Never raises
for what a notebook does: a cell that raises, a kernel that dies, a time-out and a memory limit are outcomes.
Must not know other pages, the manifest or the cache.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from greenreport.run import notebook
from greenreport.run.manifest import PageError
from greenreport.run.task import PageTask
from greenreport.run.workshop import Site, kernel_environment

__all__ = ["Outcome", "Site", "run_page"]

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


def run_page(task: PageTask, source: Mapping[str, Any], site: Site) -> Outcome:
    """Execute a page's notebook.

    Args:
        task: the page.
        source: the notebook's JSON, with its front matter.
        site: where.
    """
    from greenreport.run import engine

    began = time.perf_counter()
    run = engine.Run(
        environment=kernel_environment(site, task.as_of),
        root=site.root,
        scratch=site.scratch,
        kernel=site.kernel,
        server=site.server,
        memory_bytes=task.memory_bytes,
        deadline=time.monotonic() + task.timeout,
    )
    error, found = None, None
    try:
        engine.execute(source, dict(task.parameters), run)
    except Exception as raised:  # whatever happens to one page must not stop the others
        error = _cause(raised, task, run)
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
    return Outcome(
        id=task.id,
        lang=task.lang,
        notebook=notebook.normalise(made, root=site.root),
        findings=found,
        error=error,
        seconds=time.perf_counter() - began,
        kernel=run.used,
    )


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


def _cause(raised: Exception, task: PageTask, run: Any) -> PageError:
    """Why papermill gave up, in words."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    cell = _number(run)
    limit_zh = f"（内存上限{_size(task.memory_bytes)}）" if task.memory_bytes else ""
    limit_en = f" (memory limit {_size(task.memory_bytes)})" if task.memory_bytes else ""
    at_zh, at_en = (f"第{cell}个代码单元格", f"code cell {cell}") if cell else ("启动时", "the start")
    at_zh, at_en = f"{task.notebook}{at_zh}", f"{at_en} of {task.notebook}"
    if isinstance(raised, PapermillExecutionError):
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
        return PageError(
            "cell_raised",
            f"{at_zh}出错：{said_zh}",
            f"At {at_en}: {said_en}",
            cell,
            _tail(raised.traceback),
        )
    if isinstance(raised, CellTimeoutError | TimeoutError):
        return PageError(
            "timed_out",
            f"{at_zh}运行时页面超过了{task.timeout}秒的时限。请调高timeout或简化计算。",
            f"The page passed its time limit of {task.timeout} seconds at {at_en}. Raise timeout or compute less.",
            cell,
        )
    if isinstance(raised, DeadKernelError) or "Kernel died" in str(raised):
        return PageError(
            "kernel_died",
            f"{at_zh}运行时内核意外退出{limit_zh}。常见原因是内存不足或本机代码崩溃，请查看保留的笔记本。",
            f"The kernel stopped at {at_en}{limit_en}. Usual causes are a lack of memory or a crash "
            "in compiled code; see the notebook that was kept.",
            cell,
        )
    return PageError(
        "internal",
        f"页面未能运行（{type(raised).__name__}: {raised}）。",
        f"The page could not be run ({type(raised).__name__}: {raised}).",
        cell,
    )


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
