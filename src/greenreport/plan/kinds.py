"""The kinds of indicators and what they differ in.

A new kind is an entry here; forecasts, checks, templates and pages ask its properties. Knows no indicator and no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["KINDS", "Kind", "KindId"]

KindId = Literal["flow", "cumulative_count", "share"]


@dataclass(frozen=True)
class Kind:
    """What is true of all indicators of a kind.

    `is_count`: whole things that were counted since their programme began, so
    that a value is never below an earlier one and a forecast is made of what each year adds. `accrues`: an
    amount that comes together over the year: told by its growth, and what part of a year brought is part of it. `bounds`: the lowest and the
    highest value there can be, in the unit of the ledger; forecasts then keep between them (logits), and statements about
    growth are read as differences. `additive`: whether parts add up to the whole, where the plan
    does not say otherwise.
    """

    is_count: bool = False
    accrues: bool = False
    bounds: tuple[float, float] | None = None
    additive: bool = True


KINDS: dict[str, Kind] = {
    "flow": Kind(accrues=True),
    "cumulative_count": Kind(is_count=True),
    "share": Kind(bounds=(0.0, 100.0), additive=False),
}
