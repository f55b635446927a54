"""Where an indicator should stand, where it stands, and the pace between: paths, shares, schedule.

Knows numbers and years only. Completion and time share are the 完成进度 and 时间进度 of Chinese mid-term
evaluations; the schedule is their 时序进度. Notation as in [Course].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from .result import Course, Result

__all__ = [
    "NEARLY_ON_SCHEDULE",
    "Paces",
    "Path",
    "Schedule",
    "completion",
    "paces",
    "required_path",
    "schedule",
    "time_share",
]

NEARLY_ON_SCHEDULE = 0.05
"""基本达到时序进度: completion at most this share of the planned change behind what the path requires.

Five percentage points of completion, because that is the unit in which the report prints the gap to the
schedule, so a reader can check it by eye; because it stays defined for a zero base; and because the other
candidate, 95 % of the increment required so far, shrinks to nothing in the first years of a plan.
"""

SHOWN = 3
"""Decimals of a lead as it is printed (7.7 percentage points) and as it is judged: 27.0 on a path of 27.000000000000004
is on schedule, and no gap printed as 5 points is behind it."""

Shape = Literal["linear", "geometric"]
Route = Literal["piecewise", "direct"]


@dataclass(frozen=True, slots=True)
class Path:
    """The level required in every year from the base to the last target.

    Args:
        knots: (year, level) pairs that the path runs through, base first; empty when refused.
        shape: "linear" or "geometric" between the knots.
        reason: why the path is refused (`base_not_positive`, `target_not_positive`), or None.
    """

    knots: tuple[tuple[int, float], ...]
    shape: Shape
    reason: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the path is defined."""
        return self.reason is None

    @property
    def years(self) -> tuple[int, ...]:
        """Every year from the base year to the last target year; empty when refused."""
        return tuple(range(self.knots[0][0], self.knots[-1][0] + 1)) if self.ok else ()

    def at(self, year: float) -> float:
        """The level required in a year (a fraction for part of a year). After the last target: that target.

        Args:
            year: a calendar year, 2026.5 for the end of June 2026.

        Returns:
            The level, in the unit of the target.

        Raises:
            ValueError: the path is refused (see `reason`), or the year lies before the base year.
        """
        if not self.ok:
            raise ValueError(f"this path is not defined: {self.reason}")
        if year < self.knots[0][0]:
            raise ValueError(f"{year} lies before the base year {self.knots[0][0]}")
        for (y0, v0), (y1, v1) in pairwise(self.knots):
            if year == y1:
                return v1
            if year < y1:
                share = (year - y0) / (y1 - y0)
                return v0 + (v1 - v0) * share if self.shape == "linear" else v0 * (v1 / v0) ** share
        return self.knots[-1][1]

    def level_before(self, target_year: int) -> tuple[int, float] | None:
        """The knot just before a target year, that is, where the stretch to that target begins.

        Args:
            target_year: a year that the path has a knot for.

        Returns:
            Year and level; None where the path begins there.
        """
        earlier = [knot for knot in self.knots if knot[0] < target_year]
        return earlier[-1] if earlier else None


def required_path(
    *,
    base_year: int,
    base_value: float,
    targets: Sequence[tuple[int, float]],
    shape: Shape = "linear",
    route: Route = "piecewise",
) -> Path:
    """The path that leads from the base through the dated targets.

    Args:
        base_year: year of the baseline.
        base_value: level of the baseline, in the indicator's unit.
        targets: (year, level) pairs, in any order, one per year. Of several simultaneous targets the
            caller passes one and asks once per target.
        shape: "linear" (equal steps) or "geometric" (equal growth rates).
        route: "piecewise" through every target, or "direct" from the base to the last one.

    Returns:
        The path. A geometric path is refused (`ok` False) with the reason `base_not_positive` for a zero or
        negative base and `target_not_positive` for such a target.

    Raises:
        ValueError: no target, two targets in one year, or a target year not after the base year.
    """
    ordered = sorted(targets)
    years = [year for year, _ in ordered]
    if not ordered:
        raise ValueError("a path needs at least one target")
    if len(set(years)) != len(years):
        raise ValueError("a path takes one target per year")
    if years[0] <= base_year:
        raise ValueError(f"the target year {years[0]} does not lie after the base year {base_year}")
    if shape not in ("linear", "geometric") or route not in ("piecewise", "direct"):
        raise ValueError(f"unknown shape or route: {shape!r}, {route!r}")
    through = ordered if route == "piecewise" else ordered[-1:]
    if shape == "geometric":
        if base_value <= 0:
            return Path((), shape, "base_not_positive")
        if any(value <= 0 for _, value in through):
            return Path((), shape, "target_not_positive")
    knots = ((base_year, float(base_value)), *((year, float(value)) for year, value in through))
    return Path(knots, shape)


def completion(course: Course) -> Result:
    """完成进度, the share of the planned change achieved: (y_t − y_b) / (y_T − y_b).

    Args:
        course: base, current value and target.

    Returns:
        The share; status `met`, `under_way` (share > 0), `none` (0), `backward` (< 0), or `undefined` with the reason
        `flat_target` (the target asks for no change) or `target_behind_base` (the base was beyond the target
        already); whether the level is held is then the question, see `verdict`.
    """
    planned = course.target_value - course.base_value
    if planned == 0:
        return Result.undefined("flat_target")
    if course.d * planned < 0:
        return Result.undefined("target_behind_base")
    share = (course.current_value - course.base_value) / planned
    if course.met:
        return Result(share, "met")
    return Result(share, "under_way" if share > 0 else "none" if share == 0 else "backward")


def time_share(course: Course) -> Result:
    """时间进度, the share of the time gone: (t − b) / (T − b), never more than 1.

    Args:
        course: its years.

    Returns:
        The share; status `running`, `over` (t ≥ T), or `undefined` with the reason `target_not_after_base` or
        `before_base`.
    """
    if course.target_year <= course.base_year:
        return Result.undefined("target_not_after_base")
    if course.current_year < course.base_year:
        return Result.undefined("before_base")
    share = (course.current_year - course.base_year) / (course.target_year - course.base_year)
    return Result(1.0, "over") if share >= 1 else Result(share, "running")


class Paces(NamedTuple):
    """Change and growth per year, since the base and from now on to the target; None where undefined.

    A pace to a year that is over does not exist, nor one without an observation since the base, nor growth from or to
    zero. Of a target that is met, the required pace is what it could bear.
    """

    achieved_growth: float | None = None  # mean growth since the base, (y_t / y_b)^(1/(t−b)) − 1, as a fraction
    required_growth: float | None = None  # growth that leads from the current value to the target
    achieved_change: float | None = None  # mean change since the base, in the indicator's unit
    required_change: float | None = None  # change that leads from the current value to the target


def paces(course: Course) -> Paces:
    """The paces of a course.

    Args:
        course: base, current value and target.

    Returns:
        Achieved and required, as growth and as change.
    """
    so_far = course.base_value, course.current_value, course.current_year - course.base_year
    ahead = course.current_value, course.target_value, course.target_year - course.current_year
    return Paces(_growth(*so_far), _growth(*ahead), _change(*so_far), _change(*ahead))


def _growth(start: float, end: float, years: float) -> float | None:
    return (end / start) ** (1 / years) - 1 if years > 0 and start > 0 and end > 0 else None


def _change(start: float, end: float, years: float) -> float | None:
    return (end - start) / years if years > 0 else None


@dataclass(frozen=True, slots=True)
class Schedule(Result):
    """How a value stands to its required path: its `value` is the lead.

    The lead is completion minus the completion required by now, as a fraction of the planned change (+0.077 is 7.7
    percentage points ahead); `status` is `on` (达到时序进度), `nearly` (基本达到), `behind` (未达), or `undefined`.

    Args:
        required_value: the level that the path requires in the current year.
    """

    required_value: float | None = None


def schedule(course: Course, *, path: Path | None = None) -> Schedule:
    """Whether a value keeps up with the path to its target (时序进度).

    Args:
        course: base, current value and target.
        path: the required path; without one, a straight line from the base to the target.

    Returns:
        The schedule; `undefined` with the reason of `completion` or `time_share`, or of the path.
    """
    done, gone = completion(course), time_share(course)
    if done.value is None or not gone.ok:
        return Schedule.undefined((done.reason if done.value is None else gone.reason) or "")
    if path is None:
        target = (course.target_year, course.target_value)
        path = required_path(base_year=course.base_year, base_value=course.base_value, targets=[target])
    if not path.ok:
        return Schedule.undefined(path.reason or "")
    required = path.at(min(course.current_year, course.target_year))
    lead = done.value - (required - course.base_value) / (course.target_value - course.base_value)
    printed = round(lead, SHOWN)  # the word goes by the figure that is printed
    status = "on" if printed >= 0 else "nearly" if printed >= -NEARLY_ON_SCHEDULE else "behind"
    return Schedule(lead, status, required_value=required)
