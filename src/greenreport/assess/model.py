"""What an evaluation finds, as frozen records that travel as JSON.

Numbers and ids only: no word that a reader sees is made here (present does that), no figure is computed here (grade
does that). Values are in the ledger's unit of the indicator, shares and probabilities in [0, 1], growth as a share
per year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Literal

from greenreport import choices
from greenreport.assess.outcome import LookingBack
from greenreport.assess.plain import plain
from greenreport.errors import RequestError
from greenreport.observations import PUBLISHED_GRADES, Point
from greenreport.plan import Text
from greenreport.words import error

__all__ = [
    "ALL_GRADES",
    "LIMITS",
    "STRENGTHS",
    "Assessment",
    "BasisItem",
    "Claim",
    "IndicatorAssessment",
    "Options",
    "Outlook",
    "OutlookStep",
    "Reading",
    "SecondOpinion",
    "TargetGrade",
    "wording_of",
]

SCHEMA = 3

ALL_GRADES = (*PUBLISHED_GRADES, "C")

STRENGTHS = ("strong", "fair", "limited", "thin")
"""How much a verdict's evidence carries, best first; measured by what it leaves open."""

LIMITS = (0.20, 0.40, 0.80)
"""Widths of the 80 % range, as shares of its middle, up to which evidence is strong, fair, limited; beyond, thin.

On the public panel (`benchmarks/thin.py`, table "Strength") that width sorts forecasts by what they were worth: the
narrower, the more their probabilities beat the base rate. It asks not how many figures there are, but what they leave open.
"""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What an analyst can choose, and what is declared in the report.

    Args:
        method: forecast method of levels, a key of `forecast.METHODS`; "auto" for the project's own, and of cumulative
            counts always, because no trend model keeps them from falling.
        prior_growth: yearly growth that short series are drawn towards, as a share; None learns it from the ledger's own
            areas and the nation as known on the day (`assess.prior`).
        path_shape: shape of the required path between dated values.
        path_route: through every dated target, or straight to the last one.
        allocation: key that derives district targets; "plan" takes the plan's own. What the plan does not share out
            (`none`) is shared out by no key.
        use_unconfirmed: whether figures of grade C enter series and forecasts.
        comparable: whether growth published on a comparable base links levels of different vintages.
        bridge: whether a district created by a boundary change takes over its predecessors' history.
        nowcast: whether the months known of the year under way enter the forecast.
        level: level of the prediction interval that is printed.
        without: kinds of evidence that are left out, out of `forecast.KINDS`.
        experience: whether probabilities take in what became of past plans (`forecast.experience`).

    Raises:
        RequestError: a number is out of its range, or there is no such method (see [greenreport.choices]).
    """

    method: str = "auto"
    prior_growth: float | None = None
    path_shape: Literal["linear", "geometric"] = "linear"
    path_route: Literal["piecewise", "direct"] = "piecewise"
    allocation: Literal["plan", "baseline_share", "equal", "population", "none"] = "plan"
    use_unconfirmed: bool = False
    comparable: bool = False
    bridge: bool = True
    nowcast: bool = True
    level: float = 0.80
    without: tuple[str, ...] = ()
    experience: bool = True

    @property
    def grades(self) -> tuple[str, ...]:
        """Grades of the figures that count."""
        return ALL_GRADES if self.use_unconfirmed else PUBLISHED_GRADES

    def __post_init__(self) -> None:
        for name in (*choices.RANGES, "method"):
            if found := choices.trouble(name, getattr(self, name)):
                raise error(RequestError, found, field=name)


@dataclass(frozen=True)
class OutlookStep:
    """The forecast of one year: median, and the bounds of the printed and of the 50 % interval."""

    year: int
    median: float
    low: float
    high: float
    low50: float
    high50: float


@dataclass(frozen=True)
class Outlook:
    """A forecast told in numbers; `ok` is False where the data do not carry one, and `reason` says why.

    `nowcast` says how the year under way was estimated, None where it was not; `record` rebuilds the forecast itself
    (`forecast.Forecast.from_dict`), for pages that reconcile several areas. `orientation`: only the baseline is known, the
    range shows what is left open and carries no verdict.
    """

    ok: bool
    method: str
    reason: str | None
    n: int
    least: int
    steps: tuple[OutlookStep, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()
    nowcast: dict[str, Any] | None = None
    record: dict[str, Any] | None = None
    orientation: bool = False

    def in_year(self, year: int) -> OutlookStep | None:
        """The step of one year, None where the forecast does not reach it."""
        return next((s for s in self.steps if s.year == year), None)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a piece of evidence says of an indicator, and who says so."""

    kind: str  # out of `forecast.KINDS`
    period: str  # as in the ledger: 2023, 2021/2024, 2026-01/2026-06
    value: float | None = None  # level in the ledger's unit; None where only growth is known
    rate: float | None = None  # growth a year as a share; None where a level is known
    side: str = "exact"  # "exact", "about", "above" or "below": how the source words the figure
    area: str = ""  # code of the area that it is about where that is another one: the figure is borrowed
    vintage: date
    source: str
    address: str
    grade: str
    note: str


@dataclass(frozen=True, kw_only=True)
class BasisItem(Claim):
    """One piece of evidence that an indicator's outlook rests on, or was kept out of it; `area` is always told."""

    used: bool  # whether it entered the outlook
    doubt: str | None  # why it is doubtful or was kept out, a reason id; None where nothing speaks against it
    # probability of the headline target without it (of one kept out: with it), if there is one
    probability_without: float | None
    median_without: float | None  # median of the headline target's year, likewise


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way to read evidence that contradicts itself, and what it means for the headline target and its year.

    It believes the pieces `kept` ("growth 2021/2024") and not the ones `dropped`; the report's verdict rests on the one
    that is `leading`.
    """

    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    probability: float
    median: float
    low: float
    high: float
    leading: bool


@dataclass(frozen=True)
class SecondOpinion:
    """What a published method says of the same target; `agrees` is None where the method is undefined."""

    method: str
    value: float | None
    status: str | None
    reason: str | None
    agrees: bool | None


@dataclass(frozen=True, kw_only=True)
class TargetGrade:
    """One target of one indicator, graded; what could not be said is None."""

    year: int  # the target's year
    value: float  # its level in the ledger's unit
    label: Text | None  # what tells it from other targets of that year
    origin: str  # "table" or "text"
    derived: bool  # whether it was derived from the target of the whole
    outlook: bool  # whether it lies beyond the plan's period
    completion: float | None  # share of the planned change achieved
    time_share: float | None  # share of the time gone
    required_now: float | None  # level that the path requires by now
    achieved_growth: float | None  # mean growth a year since the baseline, as a share
    required_growth: float | None  # growth a year from now on that leads to the target, as a share
    achieved_change: float | None  # mean change a year since the baseline
    required_change: float | None  # change a year from now on
    probability: float | None  # of meeting the target
    likelihood: str | None  # the word for it (`progress.LIKELIHOODS`)
    verdict: str  # the class (`progress.CLASSES`)
    schedule: str | None  # "on", "nearly" or "behind"
    wording: str | None  # the sentence to print (`progress.WORDINGS`)
    rule: str | None  # by which it was graded (`progress.Verdict`)
    reasons: tuple[str, ...] = ()  # ids, most important first
    second: tuple[SecondOpinion, ...] = ()  # what published methods say
    strength: str | None = None  # of the evidence, out of `STRENGTHS`
    probability_plain: float | None = None  # probability without the experience of past plans
    # how many targets of past plans were given a probability of the same class at mid-term, and how many of them
    # were met (`assess.record`)
    past_like: tuple[int, int] | None = None


def wording_of(grade: TargetGrade | None) -> str:
    """Which sentence the two halves of a verdict make; `not_assessable` where there is no verdict."""
    return (grade and grade.wording) or "not_assessable"


@dataclass(frozen=True, kw_only=True)
class IndicatorAssessment:
    """One indicator of one area: its history, its forecast, its targets graded."""

    id: str  # of the indicator
    baseline_year: int | None  # year from which the way is measured
    baseline_value: float | None  # its level
    points: tuple[Point, ...]  # the history
    path: tuple[tuple[int, float], ...]  # (year, level required)
    outlook: Outlook  # the forecast
    grades: tuple[TargetGrade, ...]  # of every target
    # position in `grades` of the verdict that counts, the plan table's target of the next target year; None where
    # the plan sets the area no target
    headline: int | None
    allocation: str | None  # key by which targets were derived
    notes: tuple[str, ...] = ()  # ids of what else must be told
    basis: tuple[BasisItem, ...] = ()  # every piece of evidence, weighed
    readings: tuple[Reading, ...] = ()  # two or more, where the evidence contradicts itself
    most_wanted: str | None = None  # the period whose figure would narrow the headline's range most

    @property
    def head(self) -> TargetGrade | None:
        """The grade that counts."""
        return None if self.headline is None else self.grades[self.headline]

    @property
    def verdict(self) -> str:
        """The class of the headline grade; not assessable where there is no target."""
        return self.head.verdict if self.head else "not_assessable"

    @property
    def elsewhere(self) -> bool:
        """Whether only other parts have targets of it: what figures this area has are shown, and not judged."""
        return "no_own_target" in self.notes

    @property
    def known(self) -> bool:
        """Whether there is anything to show: a figure, or a forecast."""
        return bool(self.points) or self.outlook.ok

    @property
    def current(self) -> Point | None:
        """The latest observation of a full year."""
        full = [p for p in self.points if p.months == 12]
        return full[-1] if full else None

    @property
    def part_year(self) -> Point | None:
        """An observation of part of a year that is later than the latest full year."""
        current = self.current
        part = [p for p in self.points if p.months < 12 and (current is None or p.year > current.year)]
        return part[-1] if part else None


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Everything found of one area on one day.

    Args:
        area: its code.
        area_name: its name; `area_short` and `area_kind` likewise.
        as_of: data cut-off.
        plan: version of the plan.
        synthetic: whether the figures are made up.
        source: title of the ledger.
        options: what was chosen.
        indicators: in the plan's order.
        outcome: what became of it, where a report looks back.
        schema: version of this record.
    """

    area: str
    area_name: Text
    area_short: Text
    area_kind: str
    as_of: date
    plan: str
    synthetic: bool
    source: Text
    options: Options
    indicators: tuple[IndicatorAssessment, ...]
    outcome: LookingBack | None = None
    schema: int = SCHEMA

    def completed(self, ids: Sequence[str]) -> Assessment:
        """The same with a blank for each indicator that the area has no part in and its page leaves out (`Evidence.plan_for`).

        Args:
            ids: the plan's indicators, in its order.

        Returns:
            The findings, one per id.
        """
        found, nothing = {one.id: one for one in self.indicators}, Outlook(False, "", None, 0, 0)
        blank = IndicatorAssessment(
            id="", baseline_year=None, baseline_value=None, points=(), path=(), outlook=nothing, grades=(),
            headline=None, allocation=None, notes=("no_own_target",),
        )  # fmt: skip
        return replace(self, indicators=tuple(found.get(id) or replace(blank, id=id) for id in ids))

    @property
    def known(self) -> bool:
        """Whether there is anything to show of any indicator."""
        return any(one.known for one in self.indicators)

    @property
    def concerning(self) -> tuple[IndicatorAssessment, ...]:
        """The indicators that the area has a part in.

        Those that only others have targets of, and those that the plan doesn't share out and of which it has no
        figures, are not counted among what cannot be assessed.
        """
        own = tuple(
            one for one in self.indicators if not one.elsewhere and (one.points or "no_derived_target" not in one.notes)
        )
        return own or self.indicators

    def indicator(self, id: str) -> IndicatorAssessment:
        """The assessment of one indicator; KeyError where the plan has none such.

        Args:
            id: its id in the plan.

        Returns:
            What was found of it.
        """
        return {one.id: one for one in self.indicators}[id]

    def to_json(self) -> dict[str, Any]:
        """Plain data, floats to twelve significant digits so that two machines write the same bytes.

        Returns:
            What `json.dumps` takes.
        """
        out: dict[str, Any] = plain(self)
        return out

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Assessment:
        """The record that [to_json] wrote.

        Args:
            data: what [to_json] gave.

        Returns:
            The record.

        Raises:
            pydantic.ValidationError: the data are not of this schema.
        """
        out: Assessment = _adapter().validate_python(data)
        return out


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Assessment)
