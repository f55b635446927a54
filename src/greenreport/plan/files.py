"""The shape of plan.yaml, checked at the edge. Must not be used outside this package.

Only what no evaluation can do without is required; the rest has a default that says so in its description. The
descriptions and examples also stand in messages and in the JSON Schema (`greenreport.schemas`).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from greenreport.plan.kinds import KINDS, KindId
from greenreport.strict_files import Strict, TextFile, refusal

_POINT = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
_PERIOD = re.compile(rf"{_POINT}(?:/{_POINT})?")


class UnitFile(Strict):
    """How a unit of the ledger is written in the two languages."""

    id: str = Field(description="short name, used in `unit` of indicators", examples=["tonnes"])
    zh: str | None = Field(default=None, description="in Chinese, and in the ledger's column `unit`", examples=["吨"])
    en: str | None = Field(default=None, description="in English, as a table's head", examples=["tonnes"])
    en_prefix: str = ""
    en_suffix: str | None = Field(default=None, description="behind an English number; by default a space and `en`")
    en_scale: float = Field(default=1.0, gt=0, description="ledger value × en_scale = English value")
    decimals_zh: int = Field(default=0, ge=0, le=6)
    decimals_en: int = Field(default=0, ge=0, le=6)

    @model_validator(mode="after")
    def _named(self) -> UnitFile:
        if not self.zh and not self.en:
            raise refusal("error.plan.unit_unnamed")
        return self


class BaselineFile(Strict):
    """Where an indicator stood when the plan was made."""

    year: int = Field(examples=[2023])
    value: float | None = Field(
        default=None, description="left out where the plan gives none for the whole", examples=[42.5]
    )
    quote: str = ""
    chapter: TextFile | None = None


class TargetFile(Strict):
    """A dated value that the plan wants."""

    id: str | None = Field(default=None, description="by default the indicator's id and the year")
    year: int = Field(examples=[2030])
    value: float | None = Field(
        default=None, description="left out where only the parts have targets, in the ledger", examples=[60]
    )
    to: float | None = Field(
        default=None,
        description="the far end of a range: `value`, the end that is reached first, decides; both are shown",
        examples=[65],
    )
    label: TextFile | None = None
    origin: Literal["table", "text"] = "table"
    quote: str = ""
    chapter: TextFile | None = None
    outlook: bool | None = Field(default=None, description="by default whether the year is beyond the plan's period")
    hold: bool = Field(
        default=False, description="a limit not to be crossed, which the baseline already keeps (at most, at least)"
    )


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
            raise refusal("error.plan.period", text=period)
        return period


class IndicatorFile(Strict):
    """One indicator with baseline and targets."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        description="lower-case letters, digits and underscores, as in the ledger",
        examples=["recycling_rate"],
    )
    name: TextFile = Field(examples=["{zh: 回收率, en: Recycling rate}"])
    short: TextFile | None = Field(default=None, description="for charts and narrow tables; by default the name")
    unit: str = Field(description="id of one of the plan's units", examples=["percent"])
    kind: KindId = Field(
        default="flow",
        description="flow: an amount or level, year by year; cumulative_count: a number that only grows; share: a rate",
    )
    direction: Literal["up", "down"] = Field(description="up: more is better; down: less is better", examples=["up"])
    attribute: TextFile | None = None
    responsible: TextFile | None = None
    definition: TextFile | None = None
    scope: str | None = None
    known_breaks: TextFile | None = None
    doubtful: list[DoubtFile] = Field(default_factory=list)
    source_system: TextFile | None = None
    frequency: TextFile | None = None
    baseline: BaselineFile = Field(examples=["{year: 2023, value: 42.5}"])
    targets: list[TargetFile] = Field(min_length=1, examples=["[{year: 2030, value: 60}]"])
    allocation: Literal["baseline_share", "population", "equal", "same", "none"] = Field(
        default="none",
        description="how the whole's target becomes targets of the parts, where they have none of their own: divided by "
        "a key (sums only), the same level for each (shares and rates), or not at all",
    )
    additive: bool | None = Field(
        default=None, description="whether the parts add up to the whole; by default yes, except for shares"
    )
    series: str | None = None
    series_note: TextFile | None = None
    increments: str | None = Field(
        default=None, description="ledger id under which the number added in a year is kept; cumulative counts only"
    )
    programme_start: int | None = Field(
        default=None, description="first year of the programme: the count was zero before; cumulative counts only"
    )

    @property
    def is_count(self) -> bool:
        """Whether it counts whole things since its programme began."""
        return KINDS[self.kind].is_count

    @property
    def adds_up(self) -> bool:
        """Whether the parts add up to the whole."""
        return KINDS[self.kind].additive if self.additive is None else self.additive


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
            raise refusal("error.plan.goal_value")
        return self


class LevelFile(Strict):
    """What the whole and its parts are called."""

    whole: TextFile
    part: TextFile
    parts: TextFile
    full: TextFile | None = None


class PlanFile(Strict):
    """plan.yaml."""

    id: str = Field(description="a name for machines", examples=["my-plan"])
    title: TextFile = Field(examples=["{zh: 某省绿色发展规划, en: Green development plan}"])
    number: str = Field(default="", description="number of the document")
    issued: date | None = Field(default=None, description="date of the document", examples=["2024-05-11"])
    released: date | None = None
    version: str | None = Field(default=None, description="by default the number, else 1")
    area: str = Field(description="code of the area planned for, in areas.csv", examples=['"500000"'])
    period: list[int] = Field(
        min_length=2, max_length=2, description="first and last year of the plan", examples=["[2024, 2027]"]
    )
    outlook: int | None = Field(
        default=None, description="last year that the plan looks at; by default that of a target"
    )
    baseline_year: int | None = Field(default=None, description="by default that of most indicators")
    attribution: TextFile | None = None
    past_plan: str | None = Field(
        default=None, description="its name among the plans that have ended and that probabilities were learned from"
    )
    level: LevelFile | None = Field(
        default=None,
        description="what the whole and its parts are called",
        examples=["{whole: {zh: 全国}, part: {zh: 省份}, parts: {zh: 各省份}}"],
    )
    units: list[UnitFile] = Field(min_length=1, examples=['[{id: percent, zh: "%", en: "%"}]'])
    indicators: list[IndicatorFile] = Field(
        min_length=1, examples=["[{id: …, name: …, unit: …, direction: up, baseline: …, targets: […]}]"]
    )
    goals: list[GoalFile] = Field(default_factory=list)

    def texts(self) -> list[tuple[str, TextFile]]:
        """Every text in the file, with its place."""
        return list(_texts(self, ""))


def _texts(value: Any, where: str) -> Any:
    if isinstance(value, TextFile):
        yield where, value
    elif isinstance(value, Strict):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), f"{where}.{name}" if where else name)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _texts(one, f"{where}.{getattr(one, 'id', None) or index}")
