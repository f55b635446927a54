"""A district's part of a city target, by a declared key, from its own figures and the city's alone.

Knows numbers only. What comes out is derived, never the plan's own: the caller marks it so, and a district's own target,
where one exists, takes its place. No other district's figure enters, so that a target never hangs on who has reported.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from .result import Result

__all__ = ["REASONS", "Key", "allocate"]

Key = Literal["baseline_share", "equal", "population"]

REASONS = (
    "missing_base",
    "negative_base",
    "zero_base",
    "not_integers",
    "not_a_district",
    "missing_population",
    "negative_target",
)
"""Every reason why there is no derived target; each has its words wherever one is told."""


def allocate(
    code: str,
    *,
    base: float | None,
    city_base: float,
    city_target: float,
    key: Key = "baseline_share",
    population: Mapping[str, float | None] | None = None,
    integers: bool = False,
) -> Result:
    """Give a district its base plus its share of the city's change: T_d = b_d + (T − b)·k_d.

    Over districts whose bases add up to the city's, targets by `baseline_share` add up to the city target, save for the
    rounding of whole numbers, which is told beside their sum and never pushed onto single districts.

    Args:
        code: the district.
        base: its baseline.
        city_base: the city's baseline of the same year, same unit.
        city_target: the city's target.
        key: "baseline_share" (k_d = b_d / b), "equal" (1 / number of districts) or "population".
        population: code → inhabitants of all districts that share the target; their codes are the districts.
        integers: the change is rounded to the nearest whole number, halves away from zero (for counts).

    Returns:
        The target in the unit of the base, status `derived`; or `undefined` with a reason out of `REASONS`.

    Raises:
        ValueError: unknown key.
    """
    if key not in ("baseline_share", "equal", "population"):
        raise ValueError(f"unknown key: {key!r}")
    if base is None or math.isnan(base):
        return Result.undefined("missing_base")
    if base < 0:
        return Result.undefined("negative_base")
    if integers and not all(float(x).is_integer() for x in (base, city_base, city_target)):
        return Result.undefined("not_integers")
    share = _share(code, base, city_base, key, population or {})
    if isinstance(share, str):
        return Result.undefined(share)
    change = (city_target - city_base) * share
    value = base + (_whole(change) if integers else change)
    return Result.undefined("negative_target") if value < 0 else Result(value, "derived")


def _share(code: str, base: float, city_base: float, key: Key, population: Mapping[str, float | None]) -> float | str:
    """The share of the city's change, or the reason why it is not known."""
    if key == "baseline_share":
        return base / city_base if city_base else "zero_base"
    if code not in population:
        return "not_a_district"
    if key == "equal":
        return 1 / len(population)
    people = [float(p) for p in population.values() if p is not None and p > 0]
    if len(people) < len(population):
        return "missing_population"
    return float(population[code] or 0) / math.fsum(people)


def _whole(change: float) -> int:
    """To the nearest whole number, halves away from zero; nine decimals are enough to see a half."""
    return int(math.copysign(math.floor(round(abs(change), 9) + 0.5), change))
