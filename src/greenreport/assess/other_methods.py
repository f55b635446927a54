"""Second opinions: what published methods say of the same target, and whether they disagree with the verdict.

Calls the methods of `progress` with one set of figures; words nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from greenreport import progress
from greenreport.assess.model import SecondOpinion
from greenreport.progress import Direction, Result

__all__ = ["METHODS", "second_opinions"]

METHODS = (
    "cagr_ratio",
    "linear_ratio",
    "weather",
    "current_status_index",
    "anticipated_progress_index",
    "targeted_change",
    "progress_chart",
)

# A method disagrees when it gives its best mark to what we call at risk, or one of its bad marks to what we do not.
_BEST = {"achieved", "on_track", "sun", "will_meet", "met"}
_BAD = {
    "limited_progress", "deterioration", "stagnating", "decreasing", "cloud", "storm", "regression",
    "no_progress", "little_change", "getting_worse", "stagnation",
}  # fmt: skip
_BETWEEN = {"acceleration_needed", "moderately_improving", "sun_cloud", "accelerate", "improved", "fair"}
"""Statuses that contradict no verdict."""


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
    """Ask every published method.

    Args:
        history: year → value, full years.
        base_year: the plan's baseline year.
        base_value: its value.
        current_year: year of the latest value.
        current_value: the latest value.
        target_year: year of the target.
        target_value: its level.
        direction: "up" or "down".
        verdict: the class of our own verdict, for the comparison.
    """
    span: dict[str, Any] = {
        "base_value": base_value,
        "current_value": current_value,
        "target_value": target_value,
        "direction": direction,
    }
    dated: dict[str, Any] = {**span, "base_year": base_year, "current_year": current_year, "target_year": target_year}
    since = {year: value for year, value in history.items() if year < target_year}
    asked: dict[str, Callable[[], Result]] = {
        "cagr_ratio": lambda: progress.cagr_ratio(**dated),
        "linear_ratio": lambda: progress.linear_ratio(**dated, series=dict(history)),
        "weather": lambda: progress.weather(
            series=dict(history),
            direction=direction,
            target_year=target_year,
            target_value=target_value,
            current_year=current_year,
        ),
        "current_status_index": lambda: progress.current_status_index(**span),
        "anticipated_progress_index": lambda: progress.anticipated_progress_index(
            series=since,
            base_value=base_value,
            target_year=target_year,
            target_value=target_value,
            direction=direction,
        ),
        "targeted_change": lambda: progress.targeted_change(**span),
        "progress_chart": lambda: progress.progress_chart(**dated),
    }
    return tuple(_opinion(method, asked[method](), verdict) for method in METHODS)


def _opinion(method: str, result: Result, verdict: str) -> SecondOpinion:
    agrees: bool | None = None
    if result.ok and verdict != "not_assessable":
        agrees = result.status not in (_BEST if verdict == "at_risk" else _BAD)
    return SecondOpinion(
        method=method,
        value=result.value,
        status=result.status if result.ok else None,
        reason=result.reason,
        agrees=agrees,
    )
