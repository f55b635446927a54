"""Which numbers a baseline, a target or a figure of an indicator can be: by its type alone.

Knows types of indicators; must not know files.
"""

from __future__ import annotations

from greenreport.plan.kinds import KINDS
from greenreport.text import Text
from greenreport.words import both

__all__ = ["impossible"]


def impossible(value: float, kind: str, *, additive: bool) -> Text | None:
    """Why an indicator of a type cannot be at a value, with the remedy; None where it can.

    Args:
        value: in the unit of the ledger; of a share in per cent.
        kind: `flow`, `cumulative_count` or `share`.
        additive: whether areas add up; an amount that does is never negative, a level such as a balance may be.

    Returns:
        What is wrong with the value, or None.
    """
    bounds, is_count = KINDS[kind].bounds, KINDS[kind].is_count
    if bounds and not bounds[0] <= value <= bounds[1]:
        return both("error.plan.no_share", value=value)
    if is_count and value < 0:
        return both("error.plan.count_below_zero", value=value)
    if is_count and value != int(value):
        return both("error.plan.count_not_whole", value=value)
    if kind == "flow" and additive and value < 0:
        return both("error.plan.amount_below_zero", value=value)
    return None
