"""Second opinions that compare the pace achieved with the pace required.

`cagr_ratio` and `growth_rating` (Statistics Canada, Open SDG, after Eurostat), `linear_ratio` (SDSN) and
`progress_chart` (UN Statistics Division). Knows numbers and years only.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from .result import Course, Direction, Result, clean_series, sign

__all__ = ["cagr_ratio", "growth_rating", "linear_ratio", "progress_chart"]

_Knots = tuple[tuple[float, float], ...]

_WITH_TARGET = ((0.95, "on_track"), (0.60, "acceleration_needed"), (0.0, "limited_progress"))
_WITHOUT_TARGET = ((0.015, "on_track"), (0.005, "acceleration_needed"), (0.0, "limited_progress"))
_SCORE_WITH_TARGET: _Knots = ((-0.6, -5.0), (0.6, 0.0), (1.3, 5.0))
_SCORE_WITHOUT_TARGET: _Knots = ((-0.02, -5.0), (0.0, -2.5), (0.005, 0.0), (0.015, 2.5), (0.02, 5.0))

_LIMIT_EXPONENT = 4.44
"""Of the factor 1 − (y_b / limit)^4.44. The source prints the formula as an image only; the exponent was
recovered from its published scores, which it reproduces to the last digit (tests/progress/published)."""

_SDSN_YEARS = 4
"""SDSN reads the trend from the last four annual values."""


def _growth(start: float, end: float, years: float) -> float:
    return float((end / start) ** (1 / years) - 1)


def _interpolate(value: float, knots: _Knots) -> float:
    if value <= knots[0][0]:
        return knots[0][1]
    for (x0, y0), (x1, y1) in pairwise(knots):
        if value < x1:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
    return knots[-1][1]


def _category(value: float, bands: tuple[tuple[float, str], ...]) -> str:
    return next((status for least, status in bands if value >= least), "deterioration")


def cagr_ratio(course: Course) -> Result:
    """Growth achieved per year over growth required per year (Statistics Canada, Open SDG).

    R = d·CAGR_a / |CAGR_r| with CAGR_a from base to current and CAGR_r from base to target. Source:
    open-sdg/open-sdg, docs/progress-methodology.md; figures in sdg-data-canada-odd-donnees.

    Args:
        course: base, current value and target.

    Returns:
        R; status `achieved` (target met now, whatever R says), `on_track`, `acceleration_needed`, `limited_progress`,
        `deterioration`; the score from −5 to +5. `undefined` with the reason `no_observation_after_base`,
        `base_not_positive`, `current_negative`, `target_not_positive`, `flat_target` or `target_not_after_base`;
        `achieved` stays, with such a reason in place of the value. Zeros are refused where the source replaces them by
        0.001: the result would depend on that constant.
    """
    c = course
    if c.current_year <= c.base_year:
        return Result.undefined("no_observation_after_base")
    ratio = _ratio(c)
    if c.met:
        value, reason = (None, ratio) if isinstance(ratio, str) else (ratio, None)
        return Result(value, "achieved", reason, score=5.0)
    if isinstance(ratio, str):
        return Result.undefined(ratio)
    return Result(ratio, _category(ratio, _WITH_TARGET), score=_interpolate(ratio, _SCORE_WITH_TARGET))


def growth_rating(
    *,
    base_year: int,
    base_value: float,
    current_year: int,
    current_value: float,
    direction: Direction,
    limit: float | None = None,
) -> Result:
    """Growth achieved per year of an indicator without a target, d·CAGR_a (Statistics Canada, Open SDG).

    Args:
        base_year: year of the baseline.
        base_value: level of the baseline, positive.
        current_year: year of the latest value.
        current_value: the latest value, not negative.
        direction: "up" or "down".
        limit: a natural maximum (100 for a percentage). With direction "up" it lowers the thresholds above zero; else it
            has no say.

    Returns:
        The growth; statuses, scores and reasons as for [cagr_ratio], and the reason `base_beyond_limit`.
    """
    growth = _achieved(base_year, base_value, current_year, current_value)
    if isinstance(growth, str):
        return Result.undefined(growth)
    growth, limit = sign(direction) * growth, limit if direction == "up" else None
    if limit is not None and base_value > limit:
        return Result.undefined("base_beyond_limit")
    factor = 1.0 if limit is None else 1 - (base_value / limit) ** _LIMIT_EXPONENT
    if factor == 0 and growth >= 0:
        return Result(growth, "on_track", "base_at_limit", score=5.0)
    bands = tuple((least * factor, status) for least, status in _WITHOUT_TARGET)
    knots = tuple((x * factor if x > 0 else x, y) for x, y in _SCORE_WITHOUT_TARGET)
    return Result(growth, _category(growth, bands), score=_interpolate(growth, knots))


def _achieved(base_year: float, base_value: float, current_year: float, current_value: float) -> float | str:
    """Growth per year since the base, or the reason why there is none."""
    if current_year <= base_year:
        return "no_observation_after_base"
    if base_value <= 0:
        return "base_not_positive"
    if current_value < 0:
        return "current_negative"
    return _growth(base_value, current_value, current_year - base_year)


def _ratio(c: Course) -> float | str:
    """R, or the reason why there is none."""
    achieved = _achieved(c.base_year, c.base_value, c.current_year, c.current_value)
    if isinstance(achieved, str):
        return achieved
    if c.target_value <= 0:
        return "target_not_positive"
    if c.target_value == c.base_value:
        return "flat_target"
    if c.target_year <= c.base_year:
        return "target_not_after_base"
    return c.d * achieved / abs(_growth(c.base_value, c.target_value, c.target_year - c.base_year))


def linear_ratio(course: Course, *, series: Mapping[int, float | None] | None = None) -> Result:
    """Recent change per year over the change per year needed from the base (SDSN, SDG Index).

    Args:
        course: base, current value and target.
        series: year → value; the recent change then runs over the last four annual values. Without it, from
            the base, as SDSN does where base and start of the trend are the same year.

    Returns:
        The ratio; status `on_track` (≥ 1, or the target is met: no value), `moderately_improving` (≥ .5),
        `stagnating` (≥ 0), `decreasing`. Where the base had met the target and the current value does not,
        there is no ratio: `decreasing` with the reason `target_behind_base` if the recent change is for the
        worse, else `undefined`. `undefined` also with `flat_target`, `no_observation_after_base` and
        `target_not_after_base`.
    """
    c = course
    if c.current_year <= c.base_year:
        return Result.undefined("no_observation_after_base")
    if c.met:
        return Result(None, "on_track", "target_met")
    if c.target_year <= c.base_year:
        return Result.undefined("target_not_after_base")
    recent = {c.base_year: c.base_value}
    if series is not None:
        first = c.current_year - _SDSN_YEARS + 1
        recent = {y: v for y, v in clean_series(series).items() if first <= y < c.current_year} or recent
    start_year, start_value = min(recent.items())
    change = c.d * (c.current_value - start_value) / (c.current_year - start_year)
    needed = c.d * (c.target_value - c.base_value) / (c.target_year - c.base_year)
    if needed <= 0:
        reason = "flat_target" if needed == 0 else "target_behind_base"
        return Result(None, "decreasing", reason) if change < 0 else Result.undefined(reason)
    ratio = change / needed
    bands = ((1.0, "on_track"), (0.5, "moderately_improving"), (0.0, "stagnating"))
    return Result(ratio, next((status for least, status in bands if ratio >= least), "decreasing"))


def progress_chart(course: Course) -> Result:
    """Share of the planned change reached in the target year if growth goes on (UNSD Progress Chart).

    v_T = y_t·(1 + CAGR_a)^(T − t); score = (v_T − y_b) / (y_T − y_b). Source: UN Statistics Division, SDG
    Progress Chart, technical note 2023.

    Args:
        course: base, current value and target.

    Returns:
        The share; status `achieved` (met now: no value), `on_track` (≥ .95), `fair` (≥ .10), `stagnation`
        (less: stagnation or regression). `undefined` with the reason `no_observation_after_base`,
        `base_not_positive`, `current_negative`, `flat_target`, `target_behind_base` or `target_year_over`.
    """
    c = course
    if c.current_year <= c.base_year:
        return Result.undefined("no_observation_after_base")
    if c.met:
        return Result(None, "achieved", "target_met")
    growth = _achieved(c.base_year, c.base_value, c.current_year, c.current_value)
    if isinstance(growth, str):
        return Result.undefined(growth)
    planned = c.d * (c.target_value - c.base_value)
    if planned <= 0:
        return Result.undefined("flat_target" if planned == 0 else "target_behind_base")
    if c.target_year <= c.current_year:
        return Result.undefined("target_year_over")
    expected = c.current_value * (1 + growth) ** (c.target_year - c.current_year)
    share = c.d * (expected - c.base_value) / planned
    return Result(share, "on_track" if share >= 0.95 else "fair" if share >= 0.10 else "stagnation")
