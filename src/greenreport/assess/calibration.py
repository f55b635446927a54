"""What is known of the forecast method itself: the constants it learned, and how often its probabilities came true.

Reads what the forecast package publishes; knows no plan, area or wording.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from greenreport.forecast import counts, experience
from greenreport.forecast.learned import LOG

__all__ = ["Bin", "Constants", "calibration", "constants"]


class Bin(NamedTuple):
    """Statements of one tenth of the probability scale, made from histories of one length."""

    length: int  # values of history
    number: int  # 1 to 10
    forecast: float  # mean probability stated
    observed: float  # share of the statements that came true
    n: int  # number of statements


class Constants(NamedTuple):
    """The constants that a reader can make sense of (forecast.damped.Constants and forecast.counts have them all)."""

    discount: float  # weight of a year's growth per year of age
    growth_sd: float  # standard deviation of true growth around the prior growth, as a share
    damping: float  # damping of growth per year of a series with a volatility of 5 % a year
    df: float  # degrees of freedom at eight values
    count_years: float  # years of experience that the prior of a count's rate is worth
    count_discount: float  # weight of a year's increment per year of age
    dispersion: float  # prior ratio of variance to mean of increments
    pull: float  # share of what is missing that past plans made up beyond the trend, mean over plans
    pull_sd: float  # its standard deviation between plans
    past_plans: int  # number of plans that this was learned from


def constants() -> Constants:
    """The constants of the forecast package.

    Returns:
        Those that a reader can make sense of.
    """
    learned = experience()
    return Constants(
        LOG.discount, LOG.growth_sd, 1 / (1 + math.exp(-LOG.damping)), LOG.df, counts.PRIOR_RATE, counts.DISCOUNT,
        counts.DISPERSION, learned.pull, learned.pull_sd, learned.plans,
    )  # fmt: skip


@cache
def calibration() -> tuple[Bin, ...]:
    """The published reliability table.

    Returns:
        A bin for each length of history and tenth of the probability scale.
    """
    text = (files("greenreport.forecast") / "calibration.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(
        Bin(int(r["length"]), int(r["bin"]), float(r["forecast"]), float(r["observed"]), int(r["n"]))
        for r in csv.DictReader(lines)
    )
