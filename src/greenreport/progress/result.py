"""What every progress function hands back, and the few checks that all of them share.

Knows numbers and years only: no plan, area or language; imports no other greenreport package.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self, TypeVar

Direction = Literal["up", "down"]
Y = TypeVar("Y", int, float)

__all__ = ["Direction", "Result", "clean_series", "is_met", "number", "sign"]


@dataclass(frozen=True, slots=True)
class Result:
    """A number with its reading, or the reason why there is none.

    Args:
        value: the number, or None where it is undefined or where the status says all there is to say.
        status: an id; which ids there are stands in the docstring of the function that returns it.
        reason: an id that says why `value` is None or why a special rule gave the status; else None.
        score: the same reading on a scale from −5 to +5, where the method has one.
    """

    value: float | None
    status: str
    reason: str | None = None
    score: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the method could judge at all."""
        return self.status != "undefined"

    @classmethod
    def undefined(cls, reason: str) -> Self:
        """A refusal."""
        return cls(None, "undefined", reason)


def sign(direction: Direction) -> int:
    """+1 where more is better, −1 where less is better."""
    if direction == "up":
        return 1
    if direction == "down":
        return -1
    raise ValueError(f"direction must be 'up' or 'down', not {direction!r}")


def is_met(value: float, target: float, direction: Direction) -> bool:
    """Whether a value reaches a target.

    Args:
        value: the value.
        target: level of the target.
        direction: "up" where more is better, "down" where less is.

    Returns:
        True also where both are equal.
    """
    return sign(direction) * (value - target) >= 0


def number(value: float | None) -> float | None:
    """The value as a float; None for None and for NaN, which both mean "not known"."""
    if value is None or math.isnan(value):
        return None
    if math.isinf(value):
        raise ValueError("an infinite value is not an observation")
    return float(value)


def clean_series(series: Mapping[Y, float | None]) -> dict[Y, float]:
    """A history without its gaps, in order of years."""
    known = {year: number(value) for year, value in series.items()}
    return {year: value for year, value in sorted(known.items()) if value is not None}
