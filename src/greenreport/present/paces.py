"""Where an indicator stands against its targets, and how a pace and a difference are told.

Levels grow by per cent, counts by whole things, shares by percentage points. Computes nothing and words no sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from greenreport.assess.model import IndicatorAssessment, TargetGrade
from greenreport.observations import Point
from greenreport.plan import Indicator
from greenreport.present.messages import As
from greenreport.present.numbers import average, fitting, percent, percentage_points, published, quantity, years


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


def past_pace(first: int, last: int) -> dict[str, Any]:
    """The values of a mean yearly change from one year to another: its years and how many steps; of one step, its year."""
    return {"past": As(years, last if last - first <= 1 else first, last), "steps": last - first}


def needs_growth(head: TargetGrade, indicator: Indicator) -> bool:
    """Whether the pace still needed is told as a growth rate; else, and where that is undefined, as a yearly change."""
    return indicator.accrues and head.required_growth is not None


def by_growth(head: TargetGrade, indicator: Indicator) -> bool:
    """Whether paces are told as growth rates: of levels, where both rates are defined.

    A share that rises from 5 to 10 % has not “grown by 100 %” to any reader: it has risen by 5 percentage points.
    """
    return needs_growth(head, indicator) and head.achieved_growth is not None


def paces(head: TargetGrade, indicator: Indicator) -> tuple[float | None, float | None]:
    """The yearly pace needed and achieved: growth where [by_growth], else a yearly change in the ledger's unit."""
    if by_growth(head, indicator):
        return head.required_growth, head.achieved_growth
    return head.required_change, head.achieved_change


def pace(value: float, head: TargetGrade, indicator: Indicator) -> As:
    """A yearly pace as [paces] gives it: per cent of growth, else a change in the unit of the indicator."""
    return As(percent, value) if by_growth(head, indicator) else As(amount, value, indicator)


def is_percentage(indicator: Indicator) -> bool:
    """Whether differences of the indicator are percentage points."""
    return bool(indicator.bounds) and indicator.unit.zh == "%"


def kind_of(indicator: Indicator) -> str:
    """The kind under which an indicator is described: an annual figure that does not add up is a level, not a flow."""
    return "level" if indicator.accrues and not indicator.additive else indicator.kind


def amount(value: float, indicator: Indicator, lang: str, digits: int = 4, *, beside: float = 0.0) -> str:
    """A difference or a yearly pace in the unit of the indicator.

    `digits` after the point are those of the ledger's unit: differences carry no more than the figures they are made of.
    `beside` is a figure of the same sentence, whose unit it keeps: 0.24万吨 and not 2400吨 beside 5.12万吨.
    """
    if is_percentage(indicator):
        return percentage_points(value, lang)
    if indicator.is_count:
        return average(value, indicator.unit, lang)
    # A difference that rounds to nothing keeps its digits: it is there, or the sentence would not be.
    value, unit = round(value, digits) or round(value, 4), indicator.unit
    if beside and fitting(unit, lang, beside)[0] is unit is not fitting(unit, lang, value)[0]:
        return published(value, unit, lang)
    return quantity(value, unit, lang)


def level_asked(value: float, indicator: Indicator, lang: str) -> str:
    """A level that is asked for: of a count, to a tenth; of a share, per cent and not points."""
    return quantity(value, indicator.unit, lang) if is_percentage(indicator) else amount(value, indicator, lang)
