"""A city target divided among districts by a declared key.

Knows codes and numbers only. What comes out is derived, never the plan's own: the caller marks it so, and a
district's own target, where one exists, takes its place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Allocation", "Key", "allocate"]

Key = Literal["baseline_share", "equal", "population"]


@dataclass(frozen=True, slots=True)
class Allocation(Mapping[str, float]):
    """Derived targets by code; reads like a dict, empty when refused.

    Args:
        targets: code → derived target, in the unit of the bases.
        shares: code → share of the city's increment.
        key: the key used.
        status: `complete` (the targets add up to the city target), `partial` (the bases do not add up to the
            city base, so neither do the targets), or `undefined`.
        reason: `bases_do_not_add_up` for `partial`; the refusal for `undefined`.
        total: sum of the targets.
        gap: city target minus `total`; 0 when complete.
    """

    targets: Mapping[str, float] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)
    key: str = ""
    status: str = "undefined"
    reason: str | None = None
    total: float = 0.0
    gap: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether targets were derived."""
        return self.status != "undefined"

    def __getitem__(self, code: str) -> float:
        return self.targets[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.targets)

    def __len__(self) -> int:
        return len(self.targets)


def allocate(
    *,
    city_base: float,
    city_target: float,
    base: Mapping[str, float],
    key: Key = "baseline_share",
    population: Mapping[str, float | None] | None = None,
    integers: bool = False,
) -> Allocation:
    """Give every district its base plus its share of the city's increment: T_d = b_d + (T − b)·k_d.

    Args:
        city_base: the city's baseline.
        city_target: the city's target.
        base: code → the district's baseline, same unit.
        key: "baseline_share" (k_d = b_d / Σb), "equal" (1 / number of districts) or "population".
        population: code → inhabitants, for that key.
        integers: whole increments by largest remainder, ties in the order of codes (for counts).

    Returns:
        The allocation. Where the bases add up to the city base, the targets add up to the city target
        exactly. Refused with the reason `no_districts`, `missing_base`, `negative_base`, `zero_base` (no
        baseline share exists), `missing_population`, `not_integers` or `negative_target` (a fall larger
        than a base).

    Raises:
        ValueError: unknown key.
    """
    if key not in ("baseline_share", "equal", "population"):
        raise ValueError(f"unknown key: {key!r}")
    codes = sorted(base)
    if not codes:
        return Allocation(key=key, reason="no_districts")
    if any(base[code] is None or math.isnan(base[code]) for code in codes):
        return Allocation(key=key, reason="missing_base")
    if any(base[code] < 0 for code in codes):
        return Allocation(key=key, reason="negative_base")
    if integers and not all(float(x).is_integer() for x in (city_base, city_target, *base.values())):
        return Allocation(key=key, reason="not_integers")

    weights = _weights(codes, base, key, population)
    if isinstance(weights, str):
        return Allocation(key=key, reason=weights)
    whole = math.fsum(weights.values())
    shares = {code: weights[code] / whole for code in codes}
    increment = city_target - city_base
    steps = _whole_steps(shares, round(increment)) if integers else {c: increment * shares[c] for c in codes}
    targets = {code: base[code] + steps[code] for code in codes}
    if any(value < 0 for value in targets.values()):
        return Allocation(key=key, reason="negative_target")

    missing = city_base - math.fsum(base[code] for code in codes)
    complete = abs(missing) <= 1e-9 * max(1.0, abs(city_base))
    if complete and not integers:
        _close(targets, city_target)
    total = math.fsum(targets.values())
    return Allocation(
        targets=targets,
        shares=shares,
        key=key,
        status="complete" if complete else "partial",
        reason=None if complete else "bases_do_not_add_up",
        total=total,
        gap=city_target - total,
    )


def _weights(
    codes: list[str], base: Mapping[str, float], key: Key, population: Mapping[str, float | None] | None
) -> dict[str, float] | str:
    """Unscaled shares, or the reason why there are none."""
    if key == "equal":
        return dict.fromkeys(codes, 1.0)
    if key == "baseline_share":
        return {code: float(base[code]) for code in codes} if any(base.values()) else "zero_base"
    found: dict[str, float] = {}
    for code in codes:
        people = (population or {}).get(code)
        if people is None or not people > 0:
            return "missing_population"
        found[code] = float(people)
    return found


def _whole_steps(shares: Mapping[str, float], increment: int) -> dict[str, int]:
    """Largest remainder; remainders are rounded so that equal shares tie in spite of binary fractions."""
    exact = {code: increment * share for code, share in shares.items()}
    steps = {code: math.floor(round(value, 9)) for code, value in exact.items()}
    order = sorted(shares, key=lambda code: (-round(exact[code] - steps[code], 9), code))
    for code in order[: increment - sum(steps.values())]:
        steps[code] += 1
    return steps


def _close(targets: dict[str, float], city_target: float) -> None:
    """Put the last bits of rounding on the smallest target that moves at all: its grid is the finest."""
    smallest = min((code for code in sorted(targets) if targets[code] > 0), key=lambda code: targets[code], default="")
    for _ in range(4):
        rest = math.fsum((city_target, *(-value for value in targets.values())))
        if rest == 0 or not smallest:
            return
        targets[smallest] += rest
