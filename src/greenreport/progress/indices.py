"""Second opinions that measure the share of the planned change.

`current_status_index` and `anticipated_progress_index` (UN ESCAP) and `targeted_change` (Healthy People).
Knows numbers and years only.
"""

from __future__ import annotations

from collections.abc import Mapping

from .result import Course, Result, clean_series

__all__ = ["anticipated_progress_index", "current_status_index", "targeted_change"]

_CLEARLY_CHANGED = 10.0
"""Per cent; the Healthy People threshold where no standard error is known."""


def _index(value: float, c: Course, best: str, worst: str) -> Result:
    if not c.meets(value) and c.target_value == c.base_value:
        return Result.undefined("flat_target")
    planned = abs(c.target_value - c.base_value)
    index = 10.0 if c.meets(value) else 10 * c.d * (value - c.base_value) / planned
    return Result(index, best if index > 9 else worst if index <= 0 else "accelerate")


def current_status_index(course: Course) -> Result:
    """UN ESCAP's current status index, 10·d·(y_t − y_b) / |y_T − y_b|; 10 once the target is met.

    Source: UN ESCAP, progress assessment methodology; formula as in UNICEF MENARO's public code
    (spalmas/SDG-MENARO, progress_assessment_functions.R).

    Args:
        course: base, current value and target.

    Returns:
        The index; status `on_track` (> 9), `accelerate`, `regression` (≤ 0). `undefined` with the reason
        `flat_target` where target and base are equal and the target is not met.
    """
    return _index(course.current_value, course, "on_track", "regression")


def anticipated_progress_index(course: Course, *, series: Mapping[int, float | None]) -> Result:
    """UN ESCAP's anticipated progress index: the same with the value expected in the target year.

    The expected value is a straight line fitted to all points by weighted least squares, with weights
    (T − t_first) / (T − t_i) that grow towards the target year T.

    Args:
        course: base and target.
        series: year → value, at least two points before the target year.

    Returns:
        The index; status `will_meet` (> 9), `accelerate`, `no_progress` (≤ 0). `undefined` with the reason
        `too_few_observations`, `target_year_over` (a point in or after the target year) or `flat_target`.
    """
    points = clean_series(series)
    if any(year >= course.target_year for year in points):
        return Result.undefined("target_year_over")
    if len(points) < 2:
        return Result.undefined("too_few_observations")
    first = min(points)
    # Years count from the first one: their squares would cost digits.
    end = course.target_year - first
    line = [(end / (course.target_year - y), y - first, v) for y, v in points.items()]
    total = sum(w for w, _, _ in line)
    mean_time = sum(w * x for w, x, _ in line) / total
    mean_value = sum(w * v for w, _, v in line) / total
    spread = sum(w * (x - mean_time) ** 2 for w, x, _ in line)
    slope = sum(w * (x - mean_time) * (v - mean_value) for w, x, v in line) / spread
    return _index(mean_value + slope * (end - mean_time), course, "will_meet", "no_progress")


def targeted_change(course: Course) -> Result:
    """Per cent of the targeted change achieved, 100·(y_t − y_b) / (y_T − y_b) (Healthy People).

    Source: US National Center for Health Statistics, Healthy People 2020 progress table (status definitions
    where no standard errors are available) and Healthy People 2030 measurement practices.

    Args:
        course: base, current value and target.

    Returns:
        The per cent; status `met`, `improved` (≥ 10 %), `little_change`, `getting_worse` (away from the base
        by at least 10 % of the base). Where the base had met the target too, the share is not assessed:
        no value, reason `met_at_base`; where it had and the current value does not, reason
        `target_behind_base`. `undefined` with the reason `flat_target`.
    """
    planned = course.d * (course.target_value - course.base_value)
    moved = course.d * (course.current_value - course.base_value)
    if planned <= 0 and course.met:
        return Result(None, "met", "met_at_base")
    if planned == 0:
        return Result.undefined("flat_target")
    share = 100 * moved / planned if planned > 0 else None
    reason = None if planned > 0 else "target_behind_base"
    if course.met:
        return Result(share, "met")
    if moved >= 0:
        clear = share is not None and share >= _CLEARLY_CHANGED
        return Result(share, "improved" if clear else "little_change", reason)
    # From a base of zero any move away is beyond every percentage of it.
    worse = course.base_value == 0 or 100 * -moved / abs(course.base_value) >= _CLEARLY_CHANGED
    return Result(share, "getting_worse" if worse else "little_change", reason)
