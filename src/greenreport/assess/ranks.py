"""The places of the districts among each other by what is forecast for the target year, and how sure those places are.

Draws from the forecasts that the findings record: a place is as uncertain as the figures that it compares. Works on
findings alone and words nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from greenreport.assess.model import Assessment
from greenreport.forecast import Forecast
from greenreport.plan import Indicator

__all__ = ["RankRange", "ranks"]

DRAWS = 2000
"""Joint draws of all districts; the ends of a range of places move by less than one place from seed to seed."""
SEED = 2024


@dataclass(frozen=True)
class RankRange:
    """The place of a district among `of` districts, 1 for the most favourable: the lowest where an indicator must fall.

    `place` is by the medians, `low` and `high` hold the place with the probability of the interval asked for. Equal
    districts share the better place.
    """

    place: int
    low: int
    high: int
    of: int


def ranks(districts: Sequence[Assessment], indicator: Indicator, *, level: float = 0.80) -> dict[str, RankRange]:
    """District code → its place by the forecast for the headline's year as a share of its own target.

    Districts are drawn independently of each other, as their pages forecast them; a goal of reduction turns the share
    round. Goldstein and Spiegelhalter (1996), League tables and their limitations, J. R. Stat. Soc. A 159: ranks are
    reported with their intervals. Those with a forecast and a target above zero; nothing where there are fewer than two.
    """
    codes: list[str] = []
    draws, medians = [], []
    for n, d in enumerate(districts):
        one = d.indicator(indicator.id)
        head, record = one.head, one.outlook.record
        if head is None or record is None or head.value <= 0 or not one.outlook.steps:
            continue
        step = head.year - one.outlook.steps[0].year
        found = one.outlook.in_year(head.year)
        if found is None:
            continue
        codes.append(d.area)
        draws.append(Forecast.from_dict(record).sample(DRAWS, SEED + n)[:, step] / head.value)
        medians.append(found.median / head.value)
    if len(codes) < 2:
        return {}
    sign = -1.0 if indicator.direction == "up" else 1.0
    # Places are told of shares as they are printed, to a tenth of a per cent: smaller differences are none.
    places = pd.Series(sign * np.round(medians, 3)).rank(method="min")
    drawn = pd.DataFrame(sign * np.round(np.stack(draws), 3)).rank(method="min")
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=1, method="nearest")
    return {
        code: RankRange(int(place), int(min(a, place)), int(max(b, place)), len(codes))
        for code, place, a, b in zip(codes, places, low, high, strict=True)
    }
