"""The status of the plan's tasks: who reported what, on which day, on which evidence.

A small ledger of its own beside the figures (`tasks/status.csv` in the ledger's folder), read strictly against the
plan. Knows nothing of figures, verdicts or pages.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import Field, field_validator

from greenreport.errors import DataError, Problem
from greenreport.plan import Plan, Task
from greenreport.spreadsheets import harmless
from greenreport.strict_files import Row, digest_files, nearest, read_table
from greenreport.text import Text

__all__ = ["FILE", "STATUSES", "UNREPORTED", "TaskLedger", "TaskStatus", "load_tasks", "template"]

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


class _StatusRow(Row):
    task: str
    title: str = ""
    as_of: date
    status: str
    evidence: str = Field(default="")
    owner: str = Field(default="")
    note: str = Field(default="")
    evidence_en: str = Field(default="")
    owner_en: str = Field(default="")

    @field_validator("status")
    @classmethod
    def _known(cls, value: str) -> str:
        for id, word in STATUSES.items():
            if value == word:
                return id
        words = list(STATUSES.values())
        raise ValueError(
            f"读到“{value}”，只能是{'、'.join(words)}之一。 | Found {value!r}; it must be one of {', '.join(words)}."
        )


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
    numbers = list(_row_numbers(path))
    problems = list(_problems(rows, numbers, {t.id: t for t in plan.tasks}))
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
            for r, n in zip(rows, numbers, strict=True)
        ),
        digest_files([path]),
    )


def _row_numbers(path: Path) -> Iterator[int]:
    """The rows that hold anything, as a spreadsheet counts them."""
    text = path.read_bytes().decode("utf-8-sig")
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
        if number > 1 and any(cell.strip() for cell in cells):
            yield number


def _problems(rows: list[_StatusRow], numbers: list[int], tasks: Mapping[str, Task]) -> Iterator[Problem]:
    seen: dict[tuple[str, date], int] = {}
    for row, number in zip(rows, numbers, strict=True):
        task = tasks.get(row.task)
        if task is None:
            near = nearest(row.task, tasks) or list(tasks)[:3]
            yield Problem(
                f"规划中没有任务“{row.task}”。相近的有：{'、'.join(near)}。",
                f"The plan has no task {row.task!r}. The nearest: {', '.join(near)}.",
                FILE,
                number,
                "task",
            )
            continue
        if row.title and row.title not in (task.title.zh, task.title.en):
            yield Problem(
                f"“{row.title}”不是{row.task}的名称；{row.task}是“{task.title.zh}”。请核对是否串行。",
                f"{row.title!r} is not the title of {row.task}, which is {task.title.en!r}. Check for shifted rows.",
                FILE,
                number,
                "title",
            )
        if row.status in ("done", "late") and not row.evidence:
            yield Problem(
                f"“{STATUSES[row.status]}”须写明依据。",
                f"A task reported as {STATUSES[row.status]} needs evidence.",
                FILE,
                number,
                "evidence",
            )
        if (first := seen.setdefault((row.task, row.as_of), number)) != number:
            yield Problem(
                f"{row.task}在{row.as_of}的情况已见于第{first}行，同一天只能报一次。",
                f"{row.task} was already reported for {row.as_of} in row {first}; one report a day.",
                FILE,
                number,
                "as_of",
            )


def template(plan: Plan, *, lang: str = "zh") -> str:
    """An empty table to fill in, one row per task of the plan, as the text of a csv.

    Args:
        plan: whose tasks are listed.
        lang: language of the titles.

    Returns:
        The csv; write it as UTF-8 with a byte-order mark, so that spreadsheets read Chinese. Rows without a status
        are to be deleted before it is handed in.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = list(_StatusRow.model_fields)
    writer.writerow(columns)
    writer.writerows([t.id, harmless(t.title[lang])] + [""] * (len(columns) - 2) for t in plan.tasks)
    return out.getvalue()
