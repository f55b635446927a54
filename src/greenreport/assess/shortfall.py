"""What holds an indicator back: which districts lack how much, and which year broke the pace.

Compares figures that are already assessed with the path they should follow; forecasts nothing and words nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from greenreport.assess.model import Assessment, IndicatorAssessment, TargetGrade
from greenreport.plan import Indicator, Plan

__all__ = ["Carrier", "Gap", "YearStep", "gaps", "steps", "weakest_year"]


@dataclass(frozen=True)
class Carrier:
    """A district that is short of what is asked of it: by how much, and its share of all that is lacking."""

    area: str
    current: float
    required: float
    short: float
    share: float


@dataclass(frozen=True)
class Gap:
    """Where an indicator stands against its path or target, in the area planned for and district by district.

    Values in the ledger's unit. `against` is "path" (what is required in `year`) or "target". `short` is what the
    whole area lacks against it (negative: it has more), `lacking` adds up what the districts that are short lack,
    `spare` what the others have beyond. `carriers` are the districts that are short, the largest first; `unknown`
    those without a figure for the year or without a derived target, save those of which nothing more is asked.
    `known` counts the districts that the sums rest on, those of which nothing more is asked among them.
    """

    indicator: str
    year: int
    against: str
    short: float
    lacking: float
    spare: float
    carriers: tuple[Carrier, ...]
    unknown: tuple[str, ...]
    known: int

    def covering(self, share: float) -> tuple[Carrier, ...]:
        """The fewest districts that together lack at least this share of all that is lacking."""
        out: list[Carrier] = []
        for one in self.carriers:
            if sum(c.share for c in out) >= share - 1e-9:
                break
            out.append(one)
        return tuple(out)


@dataclass(frozen=True)
class YearStep:
    """One year since the baseline: what was added and what the path asked for; `short` is the difference."""

    year: int
    change: float
    needed: float

    @property
    def short(self) -> float:
        """What the year fell short by; negative where it did more than the path asked for."""
        return self.needed - self.change


def gaps(plan: Plan, city: Assessment, districts: Sequence[Assessment]) -> dict[str, Gap]:
    """The standing of every indicator by district: flows against their path, counts against their target.

    No district can be half a hotel behind. What districts lack of a share does not add up to what the whole lacks.

    Args:
        plan: says which indicators add up.
        city: findings of the city.
        districts: findings of its districts.

    Returns:
        Indicator id → its gap, where there is a target and an observation since the baseline.
    """
    found = {i.id: _gap(i, city.indicator(i.id), districts) for i in plan.indicators if i.additive}
    return {id: one for id, one in found.items() if one is not None}


def _gap(indicator: Indicator, city: IndicatorAssessment, districts: Sequence[Assessment]) -> Gap | None:
    """An indicator's standing by district, in the year of the city's latest figure.

    A district that has not reported that year is unknown, not behind.
    """
    head, current = city.head, city.current
    if not (head and current) or head.required_now is None or current.year == city.baseline_year:
        return None
    against, d = "target" if indicator.is_count else "path", 1.0 if indicator.direction == "up" else -1.0

    def required(grade: TargetGrade) -> float:
        # A derived target without an increase has no path.
        return grade.value if against == "target" or grade.required_now is None else grade.required_now

    found, unknown, done = [], [], 0
    for area in districts:
        one = area.indicator(city.id)
        if one.head is None and "zero_increment" in one.notes:
            done += 1
        elif one.head is None or one.current is None or one.current.year != current.year:
            unknown.append(area.area)
        else:
            value, level = one.current.value, required(one.head)
            found.append(Carrier(area.area, value, level, d * (level - value), 0.0))
    lacking, carriers = _carriers(found)
    return Gap(
        indicator=city.id,
        year=current.year,
        against=against,
        short=d * (required(head) - current.value),
        lacking=lacking,
        spare=-sum(f.short for f in found if f.short < 0),
        carriers=carriers,
        unknown=tuple(unknown),
        known=len(found) + done,
    )


def _carriers(found: Sequence[Carrier]) -> tuple[float, tuple[Carrier, ...]]:
    """What the districts that are behind lack together, and each with its share of that, the largest first."""
    behind = sorted((f for f in found if f.short > 1e-9), key=lambda f: -f.short)
    lacking = sum(f.short for f in behind)
    return lacking, tuple(replace(f, share=f.short / lacking) for f in behind)


def steps(one: IndicatorAssessment, *, up: bool = True) -> tuple[YearStep, ...]:
    """What each year since the baseline added, beside what the path asked of it.

    A year enters only where it and the year before it are known and on the path.
    """
    if one.baseline_year is None or one.baseline_value is None:
        return ()
    d = 1.0 if up else -1.0
    known = {p.year: p.value for p in one.points if p.months == 12} | {one.baseline_year: one.baseline_value}
    path = dict(one.path)
    return tuple(
        YearStep(year, d * (value - known[year - 1]), d * (path[year] - path[year - 1]))
        for year, value in sorted(known.items())
        if year > one.baseline_year and year - 1 in known and year in path and year - 1 in path
    )


def weakest_year(one: IndicatorAssessment, *, up: bool = True) -> YearStep | None:
    """The year that fell furthest short of what the path asked for; None where no year did."""
    short = [s for s in steps(one, up=up) if s.short > 1e-9]
    return max(short, key=lambda s: s.short) if short else None
