"""Second opinions: what published methods say of the same target, and whether they disagree with the verdict.

Calls the methods of `progress` with one set of figures; words nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenreport import progress
from greenreport.assess.model import SecondOpinion
from greenreport.progress import Direction, Result

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


def second_opinions(
    *,
    history: Mapping[int, float],
    base_year: int,
    base_value: float,
    current_year: int,
    current_value: float,
    target_year: int,
    target_value: float,
    direction: Direction,
    verdict: str,
) -> tuple[SecondOpinion, ...]:
    """What every published method says of full years (year → value), and whether it contradicts a verdict's class."""
    now: dict[str, Any] = {"current_year": current_year}
    goal: dict[str, Any] = {"target_value": target_value, "direction": direction}
    dated = {**goal, "target_year": target_year}
    span = {**goal, "base_value": base_value, "current_value": current_value}
    full = {**span, **dated, **now, "base_year": base_year}
    before = {year: value for year, value in history.items() if year < target_year}
    asked: dict[str, dict[str, Any]] = {
        "cagr_ratio": full,
        "linear_ratio": {**full, "series": history},
        "weather": {**dated, **now, "series": history},
        "current_status_index": span,
        "anticipated_progress_index": {**dated, "series": before, "base_value": base_value},
        "targeted_change": span,
        "progress_chart": full,
    }
    return tuple(_opinion(method, getattr(progress, method)(**asked[method]), verdict) for method in METHODS)


def _opinion(method: str, result: Result, verdict: str) -> SecondOpinion:
    agrees: bool | None = None
    if result.ok and verdict != "not_assessable":
        agrees = result.status not in (_BEST if verdict == "at_risk" else _BAD)
    return SecondOpinion(method, result.value, result.status if result.ok else None, result.reason, agrees)
