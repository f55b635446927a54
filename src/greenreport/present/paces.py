"""How a pace and a difference are told: levels grow by per cent, counts by whole things, shares by percentage points.

Formats figures of an assessment; computes none, and words no sentence.
"""

from __future__ import annotations

from typing import Any

from greenreport.assess.model import TargetGrade
from greenreport.plan import Indicator
from greenreport.present.messages import As
from greenreport.present.numbers import average, fitting, percent, percentage_points, published, quantity, years

__all__ = ["amount", "by_growth", "is_percentage", "kind_of", "level_asked", "pace", "paces", "past_pace"]


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

    Args:
        value: in the ledger's unit.
        indicator: its unit and kind.
        lang: language.
        digits: after the point, in the ledger's unit: differences carry no more than the figures they are made of.
        beside: a figure of the same sentence, whose unit it keeps: 0.24万吨 and not 2400吨 beside 5.12万吨.
    """
    if is_percentage(indicator):
        return percentage_points(value, lang)
    if indicator.is_count:
        return average(value, indicator.unit, lang)
    # A difference that rounds to nothing keeps its digits: it is there, or the sentence would not be.
    value, unit = round(value, digits) or round(value, 4), indicator.unit
    if fitting(unit, lang, beside) is unit is not fitting(unit, lang, value) and beside:
        return published(value, unit, lang)
    return quantity(value, unit, lang)


def level_asked(value: float, indicator: Indicator, lang: str) -> str:
    """A level that is asked for: of a count, to a tenth; of a share, per cent and not points."""
    return quantity(value, indicator.unit, lang) if is_percentage(indicator) else amount(value, indicator, lang)
