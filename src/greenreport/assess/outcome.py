"""Looking back (后评估): what an evaluation expected on its day, beside what came of it, and how well it did.

Compares an assessment with figures published later; forecasts nothing, grades nothing anew and words nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from greenreport.errors import RequestError
from greenreport.plan import Indicator
from greenreport.progress import LIKELIHOODS
from greenreport.words import error

if TYPE_CHECKING:
    from greenreport.assess.evidence import Evidence
    from greenreport.assess.model import Assessment, IndicatorAssessment, TargetGrade

__all__ = [
    "ALWAYS_EVEN",
    "IndicatorOutcome",
    "LookingBack",
    "Score",
    "TargetOutcome",
    "YearOutcome",
    "look_back",
    "score",
]

ALWAYS_EVEN = 0.25
"""Brier score of whoever always says 50 %: (0.5 − 0)² = (0.5 − 1)²."""


@dataclass(frozen=True)
class YearOutcome:
    """One year that was forecast and is known by now, in the ledger's unit: what was expected and what came."""

    year: int
    low: float
    median: float
    high: float
    value: float
    inside: bool


@dataclass(frozen=True)
class TargetOutcome:
    """One target: what was said of it then, and what became of it.

    `value` is the figure of the target year, None while it is not known; then `met`, `missed_by` and `inside` are None,
    too. `missed_by` is how far the figure lies on the wrong side of the target, 0 where it was met. `inside` is None
    also where there was no forecast. `derived`: the target was derived for the area, not set for it.
    """

    year: int
    target: float
    derived: bool
    verdict: str
    wording: str
    likelihood: str | None
    probability: float | None
    low: float | None
    median: float | None
    high: float | None
    value: float | None
    met: bool | None
    missed_by: float | None
    inside: bool | None


@dataclass(frozen=True)
class IndicatorOutcome:
    """One indicator: its targets, every year that was forecast and has come, and all figures later than the report's.

    `headline` is the position in `targets` of the one that the verdict was about; None where there was none. `later`
    holds (year, value) of full years.
    """

    id: str
    targets: tuple[TargetOutcome, ...]
    headline: int | None
    years: tuple[YearOutcome, ...]
    later: tuple[tuple[int, float], ...]

    @property
    def head(self) -> TargetOutcome | None:
        """The target that the verdict was about."""
        return None if self.headline is None else self.targets[self.headline]


@dataclass(frozen=True)
class LookingBack:
    """What became of one area's assessment."""

    outcome_as_of: date  # day up to which figures were published
    level: float  # of the ranges
    indicators: tuple[IndicatorOutcome, ...]  # what became of each

    def indicator(self, id: str) -> IndicatorOutcome | None:
        """The outcome of one indicator; None where nothing was looked back on."""
        return next((one for one in self.indicators if one.id == id), None)


@dataclass(frozen=True)
class Score:
    """How well an evaluation did over several targets.

    Brier score: the mean of (probability − outcome)², outcome 1 where met and 0 where not (Brier 1950); 0 is perfect,
    `ALWAYS_EVEN` what always saying 50 % gets. None where there is nothing to score.
    """

    known: int  # targets whose outcome is known
    met: int  # how many of these were met
    scored: int  # how many of these had a probability
    expected: float | None  # the mean of these probabilities
    share_met: float | None  # share met of those with a probability
    brier: float | None  # the Brier score
    ranged: int  # outcomes for whose year there was a range
    inside: int  # how many of these lie in it
    # likelihood id → (targets that were given it, how many of these were met), likeliest first
    by_likelihood: tuple[tuple[str, int, int], ...]


def look_back(evidence: Evidence, assessment: Assessment, *, outcome_as_of: str | date) -> Assessment:
    """The same assessment with what became of it.

    Args:
        evidence: plan, roster and ledger, as known on the assessment's day.
        assessment: what was expected then.
        outcome_as_of: figures published up to this day (ISO) are what came.

    Returns:
        The assessment with its `outcome`.

    Raises:
        RequestError: the day does not follow the assessment's.
    """
    day = date.fromisoformat(outcome_as_of) if isinstance(outcome_as_of, str) else outcome_as_of
    if day <= assessment.as_of:
        raise error(RequestError, "error.choice.outcome_before", field="outcome_as_of", day=day, as_of=assessment.as_of)
    later = evidence.known_on(day)
    area = evidence.area(assessment.area)
    plan = evidence.plan_for(area)

    def outcome(one: IndicatorAssessment) -> IndicatorOutcome:
        indicator = plan.indicator(one.id)
        series = later.series(indicator, area, assessment.options)
        return _indicator(one, indicator, {p.year: p.value for p in series.annual if not p.provisional})

    found = tuple(outcome(one) for one in assessment.indicators)
    return replace(assessment, outcome=LookingBack(day, assessment.options.level, found))


def _indicator(one: IndicatorAssessment, indicator: Indicator, came: dict[int, float]) -> IndicatorOutcome:
    seen = one.current.year if one.current else None
    later = tuple((year, value) for year, value in sorted(came.items()) if seen is None or year > seen)
    years = tuple(
        YearOutcome(s.year, s.low, s.median, s.high, came[s.year], s.low <= came[s.year] <= s.high)
        for s in one.outlook.steps
        if s.year in came and not one.outlook.orientation
    )
    targets = tuple(_target(one, grade, indicator, came.get(grade.year)) for grade in one.grades)
    return IndicatorOutcome(one.id, targets, one.headline, years, later)


def _target(one: IndicatorAssessment, grade: TargetGrade, indicator: Indicator, value: float | None) -> TargetOutcome:
    step = None if one.outlook.orientation else one.outlook.in_year(grade.year)
    short = None if value is None else _short(value, grade.value, indicator)
    expected: dict[str, Any] = {name: getattr(step, name, None) for name in ("low", "median", "high")}
    return TargetOutcome(
        **{name: getattr(grade, name) for name in ("year", "derived", "verdict", "likelihood", "probability")},
        **expected,
        target=grade.value,
        wording=grade.wording or "not_assessable",
        value=value,
        met=None if short is None else short <= 0,
        missed_by=None if short is None else max(short, 0.0),
        inside=None if value is None or step is None else step.low <= value <= step.high,
    )


def _short(value: float, target: float, indicator: Indicator) -> float:
    """How far a figure is short of a target, the direction minded.

    Percentages are compared as their unit is written, to its decimals: 13.999 % has met 14 %.
    """
    if indicator.bounds and indicator.unit.zh == "%":
        value = round(value, indicator.unit.decimals_zh)
    return (target - value) if indicator.direction == "up" else (value - target)


def score(found: Iterable[Assessment], *, indicator: str | None = None) -> Score:
    """How well the headline verdicts of several areas and indicators did.

    Args:
        found: assessments looked back on; others have nothing to score.
        indicator: of this indicator only; None for all.

    Returns:
        Counts, shares and the Brier score.
    """
    heads = list(_heads(found, indicator))
    said = [(head.probability, float(bool(head.met))) for head in heads if head.probability is not None]
    ranged = [head.inside for head in heads if head.inside is not None]
    classes = {word: [bool(head.met) for head in heads if head.likelihood == word] for word, _ in LIKELIHOODS}
    return Score(
        known=len(heads),
        met=sum(bool(head.met) for head in heads),
        scored=len(said),
        expected=_mean([p for p, _ in said]),
        share_met=_mean([met for _, met in said]),
        brier=_mean([(p - met) ** 2 for p, met in said]),
        ranged=len(ranged),
        inside=sum(ranged),
        by_likelihood=tuple((word, len(met), sum(met)) for word, met in classes.items() if met),
    )


def _heads(found: Iterable[Assessment], indicator: str | None) -> Iterator[TargetOutcome]:
    """The headline targets whose outcome is known."""
    for assessment in found:
        for one in assessment.outcome.indicators if assessment.outcome is not None else ():
            head = one.head
            if head is not None and head.met is not None and indicator in (None, one.id):
                yield head


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
