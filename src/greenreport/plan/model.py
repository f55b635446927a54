"""What a plan is: indicators with baselines and targets, text goals, statements, tasks, contradictions.

Frozen records only. Must not know files, nor any indicator by name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import isclose
from typing import Literal

from greenreport.errors import PlanError
from greenreport.level import NEUTRAL, Level
from greenreport.plan.kinds import KINDS, KindId
from greenreport.plan.rows import Contradiction, Statement, Task
from greenreport.strict_files import nearest
from greenreport.text import LANGS, Text
from greenreport.words import error

__all__ = ["Baseline", "Doubt", "Goal", "Indicator", "Plan", "Target", "Unit"]


@dataclass(frozen=True)
class Unit:
    """A unit of the ledger and how each language writes it.

    `zh` is what stands in the ledger's column `unit`. Ledger value × `en_scale` = English value, written
    `en_prefix` + number + `en_suffix` in running text and under the head `en` in tables. Decimals suit the
    figures of the area planned for; smaller areas may need more.
    """

    id: str
    zh: str
    en: str
    en_prefix: str = ""
    en_suffix: str = ""
    en_scale: float = 1.0
    decimals_zh: int = 0
    decimals_en: int = 0


@dataclass(frozen=True)
class Baseline:
    """Where an indicator stood at the end of `year`, with the plan's own words.

    `value` is None where the plan gives the area planned for none, because only its parts have figures.
    """

    year: int
    value: float | None
    quote: str = ""
    chapter: Text | None = None


@dataclass(frozen=True)
class Target:
    """A value that the plan wants by the end of `year`.

    `value` is None where only the parts have targets, which stand in the ledger. `origin` tells the table of main indicators from running text; `outlook` marks a year beyond the plan
    period; `label` is given where several targets of one year must be told apart.
    """

    id: str
    indicator: str
    year: int
    value: float | None
    label: Text | None
    origin: Literal["table", "text"]
    quote: str
    chapter: Text | None
    outlook: bool


@dataclass(frozen=True)
class Doubt:
    """A figure for the area planned for that the ledger may hold, and why it must not decide a verdict.

    `period` is written as in the ledger. `kind` is `observed` (provisional figures with it), `growth`, `mean` or
    `sum`. `value` names the one figure that was published, in the indicator's unit (per cent for growth): a bureau's
    own figure for the same period is another and not doubted. None: any figure for the period.
    """

    period: str
    kind: str
    reason: Text
    value: float | None = None

    def covers(self, period: str, kind: str, value: float) -> bool:
        """Whether a row of the ledger is the figure that is doubted.

        Args:
            period: of the row.
            kind: of the row.
            value: of the row; in the unit of the indicator, of growth in per cent.

        Returns:
            Whether it is.
        """
        same_kind = self.kind == ("observed" if kind == "provisional" else kind)
        return same_kind and self.period == period and (self.value is None or isclose(self.value, value))


@dataclass(frozen=True)
class Indicator:
    """One indicator of the plan, all values in `unit`.

    `scope` is the statistical coverage (an id of the ledger) that the plan's figures have; None: the ledger's
    default. `additive`: the districts' values add up to the area planned for. `allocation`: how targets of the parts come
    from the whole's where they have none of their own; a target is divided only where values add up. `series`: the ledger
    id of the comparable series of other areas (the nation), where it differs from `id`; `series_note` says how.
    `known_breaks` tells a reader what is wrong with the published figures, `doubtful` names those that must not decide a
    verdict. `increments`: the ledger id of what a cumulative count gained year by year, where that is published without the
    stock; `programme_start`: the year before which the count was zero.
    """

    id: str
    name: Text
    short: Text
    unit: Unit
    kind: KindId
    direction: Literal["up", "down"]
    attribute: Text | None
    responsible: Text | None
    definition: Text | None
    scope: str | None
    known_breaks: Text | None
    source_system: Text | None
    frequency: Text | None
    baseline: Baseline
    targets: tuple[Target, ...]
    allocation: Literal["baseline_share", "population", "equal", "same", "none"]
    additive: bool
    series: str | None
    series_note: Text | None
    doubtful: tuple[Doubt, ...] = ()
    increments: str | None = None
    programme_start: int | None = None

    def doubt(self, period: str, kind: str, value: float) -> Doubt | None:
        """The doubt that the plan's file casts on this figure of the area planned for; None where there is none.

        Args:
            period: as for [Doubt.covers], as are `kind` and `value`.
            kind: of the row.
            value: of the row.

        Returns:
            The doubt, or None.
        """
        return next((d for d in self.doubtful if d.covers(period, kind, value)), None)

    @property
    def is_count(self) -> bool:
        """Whether it counts whole things since its programme began ([plan.kinds.Kind])."""
        return KINDS[self.kind].is_count

    @property
    def accrues(self) -> bool:
        """Whether it is told by its growth, and what part of a year brought is part of the year."""
        return KINDS[self.kind].accrues

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The lowest and the highest value there can be, in the unit of the ledger."""
        return KINDS[self.kind].bounds

    @property
    def of_whole(self) -> bool:
        """Whether the area planned for has a target; else only its parts have."""
        return any(t.value is not None for t in self.targets)

    @property
    def national_series(self) -> str:
        """The ledger id under which the nation's comparable figures run."""
        return self.series or self.id

    @property
    def ledger_ids(self) -> tuple[str, ...]:
        """Every ledger id whose figures bear on this indicator."""
        return tuple(dict.fromkeys(i for i in (self.id, self.national_series, self.increments) if i))

    @property
    def target_years(self) -> tuple[int, ...]:
        """The years for which a target is set, ascending."""
        return tuple(sorted({t.year for t in self.targets}))

    def targets_in(self, year: int) -> tuple[Target, ...]:
        """All targets set for `year`; the one from the table first, then in the order of the file.

        Args:
            year: a calendar year.

        Returns:
            The targets; none where the year has none.
        """
        return tuple(sorted((t for t in self.targets if t.year == year), key=lambda t: t.origin != "table"))


@dataclass(frozen=True)
class Goal:
    """A goal from running text, beside the table of indicators.

    `series` is the ledger id whose figures would show it; `lacks` says what the plan does not give
    (statistic, baseline, date, quantity). `deadline` None: the plan names no year.
    """

    id: str
    name: Text
    kind: Literal["point", "rate", "count", "coverage", "batch", "directional", "state"]
    operator: str
    value: float | None
    unit: str | None
    deadline: int | None
    series: str | None
    lacks: tuple[str, ...]
    statements: tuple[str, ...]
    note: Text | None

    @property
    def reasons(self) -> tuple[str, ...]:
        """What stands in the way: any of `no_statistic`, `no_baseline`, `no_date`, `no_quantity`."""
        return tuple(f"no_{what}" for what in self.lacks)


@dataclass(frozen=True)
class Plan:
    """A plan with everything in it that can be assessed.

    `period` is (first year, last year); `outlook` the year beyond it for which the plan gives an outlook; `area`
    the code of the area planned for; `issued` the date of the document (成文日期), where it is known, `released` the day on
    which it was printed and sent out (印发日期), where that is another; `level` what the whole and its parts are called;
    `past_plan` the id under which it is found among the plans that have ended and that probabilities were learned from;
    `langs` the languages it is written in; `digest` the
    SHA-256 of its files.
    """

    id: str
    title: Text
    number: str
    issued: date | None
    period: tuple[int, int]
    outlook: int
    baseline_year: int
    attribution: Text | None
    area: str
    indicators: tuple[Indicator, ...]
    goals: tuple[Goal, ...]
    statements: tuple[Statement, ...]
    tasks: tuple[Task, ...]
    contradictions: tuple[Contradiction, ...]
    units: tuple[Unit, ...]
    version: str
    digest: str
    released: date | None = None
    langs: tuple[str, ...] = LANGS
    level: Level = NEUTRAL
    past_plan: str = ""

    @property
    def of_whole(self) -> bool:
        """Whether the area planned for has any target; else only its parts have."""
        return any(i.of_whole for i in self.indicators)

    @property
    def begins(self) -> date:
        """The first day on which the plan could be looked back on: its date, else the first day of its period."""
        return self.issued or date(self.period[0], 1, 1)

    @property
    def target_years(self) -> tuple[int, ...]:
        """All years for which any indicator has a target, ascending."""
        return tuple(sorted({t.year for i in self.indicators for t in i.targets}))

    def indicator(self, id: str) -> Indicator:
        """The indicator with this id.

        Args:
            id: of the indicator.

        Returns:
            The indicator.

        Raises:
            PlanError: there is none; the message names the nearest ids.
        """
        for i in self.indicators:
            if i.id == id:
                return i
        near = nearest(id, [i.id for i in self.indicators]) or [i.id for i in self.indicators]
        raise error(PlanError, "error.plan.indicator", id=id, near=near)

    def only(self, indicator: Indicator) -> Plan:
        """The same plan as if it had this indicator alone, for a page about one indicator.

        Args:
            indicator: one of the plan.

        Returns:
            A plan with this indicator.
        """
        return replace(self, indicators=(indicator,))

    def of_part(self) -> Plan:
        """The same plan for a page about a part: a name that begins with the word for the whole (全市…) goes without it.

        Returns:
            A plan that differs in the names of indicators.
        """
        whole = self.level.whole.zh
        return replace(
            self,
            indicators=tuple(
                replace(i, name=replace(i.name, zh=i.name.zh.removeprefix(whole) or i.name.zh)) for i in self.indicators
            ),
        )

    def unit(self, id: str) -> Unit:
        """The unit with this id; one that the plan does not describe is written as it stands.

        Args:
            id: of the unit.

        Returns:
            The unit.
        """
        return next((u for u in self.units if u.id == id), Unit(id=id, zh=id, en=id, en_suffix=f" {id}"))
