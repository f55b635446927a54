"""The shapes of the files in a plan's folder, checked at the edge. Must not be used outside this package."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from greenreport.edges import Row, Strict

_POINT = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
_PERIOD = re.compile(rf"{_POINT}(?:/{_POINT})?")


class TextFile(Strict):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class UnitFile(Strict):
    """How a unit of the ledger is written in the two languages."""

    id: str
    zh: str
    en: str
    en_prefix: str = ""
    en_suffix: str = ""
    en_scale: float = Field(default=1.0, gt=0)
    decimals_zh: int = Field(default=0, ge=0, le=6)
    decimals_en: int = Field(default=0, ge=0, le=6)


class BaselineFile(Strict):
    """Where an indicator stood when the plan was made."""

    year: int
    value: float
    quote: str
    chapter: TextFile


class TargetFile(Strict):
    """A dated value that the plan wants."""

    id: str
    year: int
    value: float
    label: TextFile | None = None
    origin: Literal["table", "text"]
    quote: str
    chapter: TextFile
    outlook: bool = False


class DoubtFile(Strict):
    """A figure of the ledger that must not decide a verdict."""

    period: str
    kind: Literal["observed", "growth", "mean", "sum"]
    value: float | None = None
    reason: TextFile

    @field_validator("period")
    @classmethod
    def _as_in_the_ledger(cls, period: str) -> str:
        if not _PERIOD.fullmatch(period):
            raise ValueError(
                f"读到“{period}”，应写成台账中的时期，如2020、2021/2024或2020-01/2020-09。"
                f" | Found {period!r}; write the period as the ledger does, such as 2020, 2021/2024 or 2020-01/2020-09."
            )
        return period


class IndicatorFile(Strict):
    """One indicator with baseline and targets."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: TextFile
    short: TextFile
    unit: str
    kind: Literal["flow", "cumulative_count", "share"]
    direction: Literal["up", "down"]
    attribute: TextFile
    responsible: TextFile | None = None
    definition: TextFile
    scope: str | None = None
    known_breaks: TextFile | None = None
    doubtful: list[DoubtFile] = Field(default_factory=list)
    source_system: TextFile | None = None
    frequency: TextFile | None = None
    baseline: BaselineFile
    targets: list[TargetFile] = Field(min_length=1)
    allocation: Literal["baseline_share", "population", "equal", "none"]
    additive: bool
    series: str | None = None
    series_note: TextFile | None = None


class GoalFile(Strict):
    """A goal that stands in the text, not in the table of indicators."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: TextFile
    kind: Literal["point", "rate", "count", "coverage", "batch", "directional", "state"]
    operator: Literal[">=", "=", "~=", "all", "up", "up_each_year", "large_up", "down", "some", "state"]
    value: float | None = None
    unit: str | None = None
    deadline: int | None = None
    series: str | None = None
    lacks: list[Literal["statistic", "baseline", "date", "quantity"]] = Field(default_factory=list)
    statements: list[str] = Field(min_length=1)
    note: TextFile | None = None

    @model_validator(mode="after")
    def _quantified(self) -> GoalFile:
        if self.kind in ("point", "rate", "count", "coverage") and self.value is None:
            raise ValueError("这一类目标要写数值（value）。 | A goal of this kind needs a value.")
        return self


class LevelFile(Strict):
    """What the whole and its parts are called."""

    whole: TextFile
    part: TextFile
    parts: TextFile
    full: TextFile | None = None


class PlanFile(Strict):
    """plan.yaml."""

    id: str
    title: TextFile
    number: str
    issued: date
    released: date | None = None
    version: str
    area: str
    period: list[int] = Field(min_length=2, max_length=2)
    outlook: int
    baseline_year: int
    attribution: TextFile
    past_plan: str | None = None
    level: LevelFile | None = None
    units: list[UnitFile] = Field(min_length=1)
    indicators: list[IndicatorFile] = Field(min_length=1)
    goals: list[GoalFile] = Field(default_factory=list)

    @model_validator(mode="after")
    def _ordered(self) -> PlanFile:
        if not self.baseline_year <= self.period[0] <= self.period[1] <= self.outlook:
            raise ValueError(
                "年份应为：基期≤规划期起始年≤规划期末年≤展望年。"
                " | Years must run: baseline ≤ first year ≤ last year ≤ outlook."
            )
        return self


class StatementRow(Row):
    """statements.csv."""

    id: str
    chapter_no: int
    chapter_zh: str
    chapter_en: str
    section_zh: str
    section_en: str
    kind: str
    indicator: str | None = None
    subject_zh: str
    subject_en: str
    quote: str
    operator: str | None = None
    value: str | None = None
    value_hi: str | None = None
    unit: str | None = None
    baseline_period: str | None = None
    target_period: str | None = None
    precision_zh: str | None = None
    precision_en: str | None = None
    line_from: int
    line_to: int
    note_zh: str | None = None
    note_en: str | None = None


class TaskRow(Row):
    """tasks.csv."""

    id: str
    level: Literal["task", "box_project"]
    chapter_no: int
    chapter_zh: str
    chapter_en: str
    section_no: int | None = None
    section_zh: str
    section_en: str
    title_zh: str
    title_en: str
    deliverables_zh: str
    deliverables_en: str
    indicators: str | None = None
    quantified: Literal["yes", "no", "directional", "process"]
    deadline: str | None = None
    quote: str
    line: int


class ContradictionRow(Row):
    """contradictions.csv."""

    id: str
    kind: Literal["internal", "external"]
    severity: Literal["high", "medium", "low"]
    indicators: str | None = None
    finding_zh: str
    finding_en: str
    evidence_1_zh: str
    evidence_1_en: str
    evidence_2_zh: str | None = None
    evidence_2_en: str | None = None
    calculation: str | None = None
    handling_zh: str
    handling_en: str
