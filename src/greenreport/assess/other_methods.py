"""Second opinions: what published methods say of the same target, and whether they disagree with the verdict.

Calls the methods of `progress` with one set of figures; words nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from greenreport import progress
from greenreport.assess.model import SecondOpinion
from greenreport.progress import Course, Result

__all__ = ["METHODS", "second_opinions"]

# A method disagrees when it gives its best mark to what we call at risk, or one of its bad marks to what we do not.
_BEST = {"achieved", "on_track", "sun", "will_meet", "met"}
_BAD = {
    "limited_progress", "deterioration", "stagnating", "decreasing", "cloud", "storm", "regression",
    "no_progress", "little_change", "getting_worse", "stagnation",
}  # fmt: skip
_BETWEEN = {"acceleration_needed", "moderately_improving", "sun_cloud", "accelerate", "improved", "fair"}
"""Statuses that contradict no verdict."""

METHODS = (
    "cagr_ratio",
    "linear_ratio",
    "weather",
    "current_status_index",
    "anticipated_progress_index",
    "targeted_change",
    "progress_chart",
)


def second_opinions(course: Course, *, history: Mapping[int, float], verdict: str) -> tuple[SecondOpinion, ...]:
    """What every published method says of full years (year → value), and whether it contradicts a verdict's class."""
    before = {year: value for year, value in history.items() if year < course.target_year}
    said = {
        "linear_ratio": progress.linear_ratio(course, series=history),
        "weather": progress.weather(
            series=history,
            direction=course.direction,
            target_year=course.target_year,
            target_value=course.target_value,
            current_year=int(course.current_year),
        ),
        "anticipated_progress_index": progress.anticipated_progress_index(course, series=before),
    }
    return tuple(_opinion(name, said.get(name) or getattr(progress, name)(course), verdict) for name in METHODS)


def _opinion(method: str, result: Result, verdict: str) -> SecondOpinion:
    agrees: bool | None = None
    if result.ok and verdict != "not_assessable":
        agrees = result.status not in (_BEST if verdict == "at_risk" else _BAD)
    return SecondOpinion(method, result.value, result.status if result.ok else None, result.reason, agrees)
