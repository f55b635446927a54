"""Which numbers a baseline, a target or a figure of an indicator can be: by its type alone.

Knows types of indicators; must not know files.
"""

from __future__ import annotations

from greenreport.plan.kinds import KINDS
from greenreport.text import Text

__all__ = ["impossible"]


def impossible(value: float, kind: str, *, additive: bool) -> Text | None:
    """Why an indicator of a type cannot be at a value, with the remedy; None where it can.

    Args:
        value: in the unit of the ledger; of a share in per cent.
        kind: `flow`, `cumulative_count` or `share`.
        additive: whether areas add up; an amount that does is never negative, a level such as a balance may be.
    """
    bounds, is_count = KINDS[kind].bounds, KINDS[kind].is_count
    if bounds and not bounds[0] <= value <= bounds[1]:
        return Text(
            f"比率{value:g}不在0—100之间。请核对；如不是比率，类型改为“水平”。",
            f"A share of {value:g} is not between 0 and 100. Check it; if this is no share, its type is a level.",
        )
    if is_count and value < 0:
        return Text(f"累计数{value:g}小于0。请核对。", f"A count of {value:g} is below 0. Check it.")
    if is_count and value != int(value):
        return Text(
            f"累计数{value:g}不是整数。请核对；如不是逐个计数，类型改为“总量”。",
            f"A count of {value:g} is not whole. Check it; if single things are not counted, its type is an amount.",
        )
    if kind == "flow" and additive and value < 0:
        return Text(
            f"总量{value:g}小于0。请核对；如可以为负（差额、增幅），类型改为“水平”。",
            f"An amount of {value:g} is below 0. Check it; if it can be negative (a balance, a change), its type is a level.",
        )
    return None
