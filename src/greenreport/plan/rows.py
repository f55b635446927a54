"""What a plan's csv files hold, one record a row. Must not know plan.yaml."""

from __future__ import annotations

from typing import Literal

from pydantic.dataclasses import dataclass

from greenreport.strict_files import ROW, Codes
from greenreport.text import Text

__all__ = ["Contradiction", "Statement", "Task"]

NO_TEXT = Text("", "")


@dataclass(frozen=True, kw_only=True, config=ROW)
class Statement:
    """A quantitative, dated or directional statement of the plan, quoted exactly: a row of statements.csv.

    `value` is as written (a number, a date, a range); `number` reads it. `line_from` and `line_to` count lines
    of the plan's text, `source-zh.txt` in the plan's folder.
    """

    id: str
    chapter_no: int
    chapter: Text = NO_TEXT
    section: Text = NO_TEXT
    kind: str
    indicator: str | None = None
    subject: Text
    quote: str
    operator: str | None = None
    value: str | None = None
    value_hi: str | None = None
    unit: str | None = None
    baseline_period: str | None = None
    target_period: str | None = None
    precision: Text | None = None
    line_from: int
    line_to: int
    note: Text | None = None

    @property
    def number(self) -> float | None:
        """`value` as a number; None where it is a date, a range or not given."""
        try:
            return float(self.value) if self.value is not None else None
        except ValueError:
            return None


@dataclass(frozen=True, kw_only=True, config=ROW)
class Task:
    """A task of a chapter, or a project of one of the plan's boxes: a row of tasks.csv."""

    id: str
    level: Literal["task", "box_project"] = "task"
    chapter_no: int
    chapter: Text = NO_TEXT
    section_no: int | None = None
    section: Text = NO_TEXT
    title: Text
    deliverables: Text = NO_TEXT
    indicators: Codes = ()
    quantified: Literal["yes", "no", "directional", "process"] = "no"
    deadline: str | None = None
    quote: str = ""
    line: int = 0


@dataclass(frozen=True, kw_only=True, config=ROW)
class Contradiction:
    """A place where the plan contradicts itself (`internal`) or other documents (`external`): a row of contradictions.csv."""

    id: str
    kind: Literal["internal", "external"]
    severity: Literal["high", "medium", "low"]
    indicators: Codes = ()
    finding: Text
    evidence_1: Text | None = None
    evidence_2: Text | None = None
    calculation: str | None = None
    handling: Text = NO_TEXT

    @property
    def evidence(self) -> tuple[Text, ...]:
        """What shows it."""
        return tuple(e for e in (self.evidence_1, self.evidence_2) if e)
