"""What every progress function takes and hands back, and the few checks that all of them share.

Knows numbers and years only: no plan, area or language; imports no other greenreport package.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self, TypeVar

Direction = Literal["up", "down"]
Y = TypeVar("Y", int, float)

__all__ = ["Course", "Direction", "Result", "clean_series", "is_met", "number", "sign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where an indicator began, where it stands and where it should be: base (b, y_b), current (t, y_t), target (T, y_T).

    Args:
        base_year: year of the baseline, b.
        base_value: its level, y_b, in the indicator's unit.
        current_year: year of the latest value, t; a fraction (2026.5) for part of a year.
        current_value: the latest value, y_t.
        target_year: year of the target, T.
        target_value: its level, y_T.
        direction: "up" where more is better (d = 1), "down" where less is (d = −1).
    """

    base_year: int
    base_value: float
    current_year: float
    current_value: float
    target_year: int
    target_value: float
    direction: Direction

    @property
    def d(self) -> int:
        """+1 where more is better, −1 where less is."""
        return sign(self.direction)

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.meets(self.current_value)

    def meets(self, value: float) -> bool:
        """Whether a value reaches the target.

        Args:
            value: in the unit of the target.

        Returns:
            True where it lies on the better side of the target, or on it.
        """
        return is_met(value, self.target_value, self.direction)


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
        """A refusal.

        Args:
            reason: its code.

        Returns:
            A result without a value.
        """
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
