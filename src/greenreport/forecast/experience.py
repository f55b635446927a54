"""What became of targets in plans that have ended, as a correction of the probabilities of a plan that has not.

Two things were learned (`benchmarks/past_plans.py --learn`, docs/forecasting.md "Past plans"). Growth under a plan lasts:
the damping that is right for any series makes a plan's look slower than it is. And targets pull: by the target year part
of what was missing is made up that no trend shows, in some plans more, in some nothing, all indicators of a plan together.
So the share that is made up is a distribution, with the uncertainty that so few plans leave, and a plan that is among
those learned from never learns from itself. Knows probabilities and numbers; must not know any plan but by the name under
which it was learned from.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from .distributions import LinkedT
from .result import Forecast

__all__ = ["Experience", "chance", "experience"]

_AT, _WEIGHT = np.polynomial.hermite_e.hermegauss(15)
_WEIGHT = _WEIGHT / _WEIGHT.sum()


@dataclass(frozen=True)
class Experience:
    """What past plans teach.

    Args:
        pull: share of what is missing that is made up beyond the trend, mean over plans.
        pull_sd: its standard deviation for a plan that has not been seen.
        plans: number of plans it was learned from.
    """

    pull: float
    pull_sd: float
    plans: int


@cache
def experience(without: str = "") -> Experience:
    """What all past plans teach, or all but one.

    Args:
        without: id of the past plan that is being evaluated; one that is not among them changes nothing.

    Returns:
        What was learned of the others.
    """
    text = (files("greenreport.forecast") / "experience.csv").read_text(encoding="utf-8")
    rows = {r["left_out"]: r for r in csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))}
    row = rows.get(without) or rows[""]
    return Experience(float(row["pull"]), float(row["pull_sd"]), int(row["plans"]))


def chance(found: Forecast, target: float, step: int, *, up: bool, learned: Experience | None) -> float:
    """Probability that a target is met.

    With y the forecast, x the last value and T the target, all on the model scale, P(y + δ·(T − x) ≥ T) averaged over
    the share δ of what is missing, normal with the mean and standard deviation that past plans teach. A target that is
    met already pulls nobody; nor do targets of cumulative counts, of which no past plan was at hand.

    Args:
        found: the forecast.
        target: the target, on the data's scale.
        step: its step, 1…horizon.
        up: whether more is better.
        learned: what past plans teach; None for the trend alone.

    Returns:
        The probability, 0…1.
    """
    dist = found.distribution
    if learned is None or not isinstance(dist, LinkedT) or found.last is None:
        return found.prob_met(target, step, up=up)
    goal, last = dist.link.threshold(target), dist.link.threshold(found.last)
    missing = goal - last
    if not np.isfinite(missing) or (missing <= 0 if up else missing >= 0):
        return found.prob_met(target, step, up=up)
    shares = np.clip(learned.pull + learned.pull_sd * _AT, -0.9, 0.9)
    levels = dist.link.back(goal - shares * missing)
    return float(_WEIGHT @ np.array([found.prob_met(float(level), step, up=up) for level in levels]))
