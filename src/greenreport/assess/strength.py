"""How much the evidence behind a verdict carries, in four words, by measurement.

The measure is the width of the 80 % range in the target's year, as a share of its middle. On the public panel
(`benchmarks/thin.py`, table "Strength") that width sorts forecasts by what they were worth: the narrower, the more their
probabilities beat the base rate. It does not ask how many figures there are, but what they leave open.
"""

from __future__ import annotations

from greenreport.assess.model import STRENGTHS
from greenreport.forecast import Forecast

__all__ = ["LIMITS", "strength"]

LIMITS = (0.20, 0.40, 0.80)
"""Widths of the 80 % range, as shares of its middle, up to which evidence is strong, fair, limited; beyond, thin."""


def strength(found: Forecast, year: int, *, doubted: bool) -> str | None:
    """The word for the evidence of a forecast of one year; None where there is no forecast of it.

    Args:
        found: the forecast.
        year: the target's year.
        doubted: whether evidence contradicts itself or a figure that would decide is in doubt: then it is limited at best.
    """
    step = found.place(year)
    if step is None:
        return None
    low, high = found.interval(0.80)
    middle = abs(float(found.median[step]))
    width = float(high[step] - low[step]) / middle if middle > 0 else float("inf")
    place = sum(width > limit for limit in LIMITS)
    return STRENGTHS[max(place, 2 if doubted else 0)]
