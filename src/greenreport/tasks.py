"""The status of the plan's tasks: who reported what, on which day, on which evidence.

A small ledger of its own beside the figures (`tasks/status.csv` in the ledger's folder), read strictly against the
plan. Knows nothing of figures, verdicts or pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator
from pydantic.dataclasses import dataclass as row

from greenreport.errors import DataError, Problem
from greenreport.plan import Plan, Task
from greenreport.strict_files import ROW, digest_files, nearest, read_table, refusal
from greenreport.text import Text
from greenreport.words import problem

__all__ = ["FILE", "STATUSES", "UNREPORTED", "TaskLedger", "TaskStatus", "load_tasks"]

FILE = "tasks/status.csv"
"""Where the file lies in a ledger's folder; a folder of its own, because every csv beside the figures is figures."""

STATUSES: Mapping[str, str] = {
    "done": "已完成",
    "in_progress": "推进中",
    "late": "滞后",
    "not_started": "未启动",
}
"""Id → the word that stands in the file, best first."""

UNREPORTED = "unreported"
"""The status of a task of which nothing was reported; never written into the file."""


def _status(word: str) -> str:
    """The id of a status by its word."""
    for id, known in STATUSES.items():
        if word == known:
            return id
    raise refusal("error.row.one_of", text=word, known=list(STATUSES.values()))


@row(frozen=True, kw_only=True, config=ROW)
class _StatusRow:
    task: str
    title: str = ""
    as_of: date
    status: Annotated[str, AfterValidator(_status)]
    evidence: str = ""
    owner: str = ""
    note: str = ""
    evidence_en: str = ""
    owner_en: str = ""


@dataclass(frozen=True)
class TaskStatus:
    """What was reported of one task on one day; `row` says where it stands (file:row).

    Evidence and owner are in Chinese, and in English too where an English text was handed in.
    """

    task: str
    as_of: date
    status: str
    evidence: Text
    owner: Text
    note: str
    row: str


@dataclass(frozen=True)
class TaskLedger:
    """All reports of task status, in the order of the file; empty where none was handed in."""

    reports: tuple[TaskStatus, ...] = ()
    digest: str = ""

    def as_of(self, day: date) -> dict[str, TaskStatus]:
        """Task id → the latest report up to that day; tasks without one are left out."""
        latest: dict[str, TaskStatus] = {}
        for report in self.reports:
            if report.as_of <= day and (report.task not in latest or latest[report.task].as_of <= report.as_of):
                latest[report.task] = report
        return latest


def load_tasks(data: str | Path, *, plan: Plan) -> TaskLedger:
    """Read the task status that lies beside a ledger's figures.

    Args:
        data: the ledger, a folder or a file; only a folder can hold the file [FILE].
        plan: whose tasks the rows may report on.

    Returns:
        The reports; an empty ledger where there is no such file.

    Raises:
        DataError: with every bad row: unknown task (the nearest named), unknown status, a title that is not the
            task's, a completed or late task without evidence, two reports of one task on one day.
    """
    path = Path(data) / FILE
    if not path.is_file():
        return TaskLedger()
    rows = read_table(path, _StatusRow, error=DataError, name=FILE)
    problems = list(_problems(rows, {t.id: t for t in plan.tasks}))
    if problems:
        raise DataError(tuple(problems))
    return TaskLedger(
        tuple(
            TaskStatus(
                task=r.task,
                as_of=r.as_of,
                status=r.status,
                evidence=Text(r.evidence, r.evidence_en or r.evidence),
                owner=Text(r.owner, r.owner_en or r.owner),
                note=r.note,
                row=f"{FILE}:{n}",
            )
            for n, r in rows.items()
        ),
        digest_files([path]),
    )


def _problems(rows: Mapping[int, _StatusRow], tasks: Mapping[str, Task]) -> Iterator[Problem]:
    seen: dict[tuple[str, date], int] = {}
    for number, told in rows.items():
        task = tasks.get(told.task)
        if task is None:
            near = nearest(told.task, tasks) or list(tasks)[:3]
            yield problem("error.task.unknown", FILE, number, "task", task=told.task, near=near)
            continue
        if told.title and told.title not in (task.title.zh, task.title.en):
            yield problem("error.task.title", FILE, number, "title", given=told.title, task=told.task, title=task.title)
        if told.status in ("done", "late") and not told.evidence:
            yield problem("error.task.evidence", FILE, number, "evidence", status=STATUSES[told.status])
        if (first := seen.setdefault((told.task, told.as_of), number)) != number:
            yield problem("error.task.twice", FILE, number, "as_of", task=told.task, day=told.as_of, first=first)
