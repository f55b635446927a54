"""Where an indicator stands against its targets: which are reached, and which one efforts go to next.

Compares figures of an assessment; words nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from greenreport.assess.model import IndicatorAssessment, TargetGrade
from greenreport.observations import Point
from greenreport.plan import Indicator

__all__ = ["aimed_at", "last_of", "met_since", "reached", "sign", "standing", "years_judged"]


def sign(indicator: Indicator) -> float:
    """1 where a higher figure is better, −1 where a lower one is."""
    return 1.0 if indicator.direction == "up" else -1.0


def standing(one: IndicatorAssessment, indicator: Indicator) -> Point | None:
    """A cumulative count in the year under way: a fact, because it cannot fall; None for flows and shares."""
    return one.part_year if indicator.is_count else None


def reached(one: IndicatorAssessment, grade: TargetGrade, indicator: Indicator) -> bool:
    """Whether the latest figure is at the target already: what is left is to hold it, not to reach it."""
    latest = standing(one, indicator) or one.current
    if latest is None or latest.year == one.baseline_year:
        return False
    return sign(indicator) * (latest.value - grade.value) >= 0


def aimed_at(one: IndicatorAssessment, head: TargetGrade, indicator: Indicator) -> TargetGrade:
    """The target that efforts go to: the headline's, or, where that is achieved, the next one that asks for more."""
    if head.verdict != "achieved":
        return head
    later = (g for g in one.grades if g.year > head.year and g.origin == head.origin)
    return next((g for g in later if not reached(one, g, indicator)), head)


def last_of(one: IndicatorAssessment) -> TargetGrade | None:
    """The target of the last year, where it has a verdict and comes after the one that the verdict is for."""
    head = one.head
    if head is None:
        return None
    last = max((g for g in one.grades if g.origin == head.origin), key=lambda g: g.year, default=head)
    return last if last.year > head.year and last.verdict != "not_assessable" else None


def years_judged(ones: Iterable[IndicatorAssessment]) -> list[str]:
    """The years of the targets that verdicts are for."""
    return [str(y) for y in sorted({o.head.year for o in ones if o.head and o.head.verdict != "not_assessable"})]


def met_since(one: IndicatorAssessment, head: TargetGrade, indicator: Indicator) -> bool:
    """Whether a count reached its target in the year under way, after the last full year."""
    if one.current is not None and sign(indicator) * (one.current.value - head.value) >= 0:
        return False
    return reached(one, head, indicator)
