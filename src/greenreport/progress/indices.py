"""Second opinions that measure the share of the planned change.

`current_status_index` and `anticipated_progress_index` (UN ESCAP) and `targeted_change` (Healthy People).
Knows numbers and years only.
"""

from __future__ import annotations

from collections.abc import Mapping

from .result import Direction, Result, clean_series, is_met, sign

__all__ = ["anticipated_progress_index", "current_status_index", "targeted_change"]

_CLEARLY_CHANGED = 10.0
"""Per cent; the Healthy People threshold where no standard error is known."""


def _index(value: float, *, base: float, target: float, direction: Direction) -> Result | float:
    if is_met(value, target, direction):
        return 10.0
    if target == base:
        return Result.undefined("flat_target")
    return 10 * sign(direction) * (value - base) / abs(target - base)


def current_status_index(
    *, base_value: float, current_value: float, target_value: float, direction: Direction
) -> Result:
    """UN ESCAP's current status index, 10·d·(y_t − y_b) / |y_T − y_b|; 10 once the target is met.

    Source: UN ESCAP, progress assessment methodology; formula as in UNICEF MENARO's public code
    (spalmas/SDG-MENARO, progress_assessment_functions.R).

    Args:
        base_value: level of the baseline, y_b.
        current_value: the latest value, y_t.
        target_value: level of the target, y_T.
        direction: "up" (d = 1) or "down" (d = −1).

    Returns:
        The index; status `on_track` (> 9), `accelerate`, `regression` (≤ 0). `undefined` with the reason
        `flat_target` where target and base are equal and the target is not met.
    """
    index = _index(current_value, base=base_value, target=target_value, direction=direction)
    if isinstance(index, Result):
        return index
    return Result(index, "on_track" if index > 9 else "regression" if index <= 0 else "accelerate")


def anticipated_progress_index(
    *,
    series: Mapping[int, float | None],
    base_value: float,
    target_year: int,
    target_value: float,
    direction: Direction,
) -> Result:
    """UN ESCAP's anticipated progress index: the same with the value expected in the target year.

    The expected value is a straight line fitted to all points by weighted least squares, with weights
    (T − t_first) / (T − t_i) that grow towards the target year T.

    Args:
        series: year → value, at least two points before the target year.
        base_value: level of the baseline; zero is fine.
        target_year: year of the target.
        target_value: level of the target.
        direction: "up" or "down".

    Returns:
        The index; status `will_meet` (> 9), `accelerate`, `no_progress` (≤ 0). `undefined` with the reason
        `too_few_observations`, `target_year_over` (a point in or after the target year) or `flat_target`.
    """
    points = clean_series(series)
    if any(year >= target_year for year in points):
        return Result.undefined("target_year_over")
    if len(points) < 2:
        return Result.undefined("too_few_observations")
    first = min(points)
    # Years count from the first one: their squares would cost digits.
    line = [((target_year - first) / (target_year - y), y - first, v) for y, v in points.items()]
    total = sum(w for w, _, _ in line)
    mean_time = sum(w * x for w, x, _ in line) / total
    mean_value = sum(w * v for w, _, v in line) / total
    spread = sum(w * (x - mean_time) ** 2 for w, x, _ in line)
    slope = sum(w * (x - mean_time) * (v - mean_value) for w, x, v in line) / spread
    expected = mean_value + slope * (target_year - first - mean_time)
    index = _index(expected, base=base_value, target=target_value, direction=direction)
    if isinstance(index, Result):
        return index
    return Result(index, "will_meet" if index > 9 else "no_progress" if index <= 0 else "accelerate")


def targeted_change(*, base_value: float, current_value: float, target_value: float, direction: Direction) -> Result:
    """Per cent of the targeted change achieved, 100·(y_t − y_b) / (y_T − y_b) (Healthy People).

    Source: US National Center for Health Statistics, Healthy People 2020 progress table (status definitions
    where no standard errors are available) and Healthy People 2030 measurement practices.

    Args:
        base_value: level of the baseline, y_b.
        current_value: the latest value, y_t.
        target_value: level of the target, y_T.
        direction: "up" or "down".

    Returns:
        The per cent; status `met`, `improved` (≥ 10 %), `little_change`, `getting_worse` (away from the base
        by at least 10 % of the base). Where the base had met the target too, the share is not assessed:
        no value, reason `met_at_base`; where it had and the current value does not, reason
        `target_behind_base`. `undefined` with the reason `flat_target`.
    """
    d = sign(direction)
    planned = d * (target_value - base_value)
    moved = d * (current_value - base_value)
    met = is_met(current_value, target_value, direction)
    if planned <= 0 and met:
        return Result(None, "met", "met_at_base")
    if planned == 0:
        return Result.undefined("flat_target")
    share = 100 * moved / planned if planned > 0 else None
    reason = None if planned > 0 else "target_behind_base"
    if met:
        return Result(share, "met")
    if moved >= 0:
        clear = share is not None and share >= _CLEARLY_CHANGED
        return Result(share, "improved" if clear else "little_change", reason)
    # From a base of zero any move away is beyond every percentage of it.
    worse = base_value == 0 or 100 * -moved / abs(base_value) >= _CLEARLY_CHANGED
    return Result(share, "getting_worse" if worse else "little_change", reason)
