"""The plan's goals from running text, beside the table: assessed where figures exist, else the reason why not.

Reads the ledger for the series that a goal names; words nothing, and knows no goal by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Options
from greenreport.observations import Point, Series
from greenreport.plan import Goal, Indicator

__all__ = ["ABOUT", "GoalStatus", "assess_goals"]

ABOUT = 0.20
"""How far from the figure "about" (左右) still holds, as a share of it: about five a year is four to six."""


@dataclass(frozen=True, kw_only=True)
class GoalStatus:
    """What is known of one goal.

    `status` is met, in_pace (kept up with the pace asked for), behind, figures_only (no ground for a verdict) or
    not_assessable (nothing to go by). Values in the unit of the goal's series (the yearly pace for a goal that asks for one, districts for coverage).
    `deadline_assumed`: the plan names no year, so the end of its period is taken. `pace` is the mean yearly change
    from `first` to the latest figure, `needed` the mean yearly change from there to the goal. `having`, `lacking` and
    `unknown` are district codes, for coverage in `year`: a district without a figure of that year is unknown. `rows` says
    where the figures stand.
    """

    goal: str
    status: str
    reasons: tuple[str, ...] = ()
    wanted: float | None = None
    year: int | None = None
    value: float | None = None
    first: int | None = None
    pace: float | None = None
    needed: float | None = None
    deadline: int | None = None
    deadline_assumed: bool = False
    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()

    @property
    def assessed(self) -> bool:
        """Whether there are figures to tell."""
        return self.status != "not_assessable"


def assess_goals(evidence: Evidence, options: Options) -> tuple[GoalStatus, ...]:
    """Follow every goal of the running text.

    Args:
        evidence: plan, roster and ledger as known on the day.
        options: whether unconfirmed figures count, and bridges.

    Returns:
        One status per goal, in the order of the plan. Reasons are ids: `no_statistic`, `no_baseline`, `no_date`,
        `no_quantity` (the plan does not give it), `no_data` (the ledger holds no figure), `too_few_observations`,
        `target_missed`.
    """
    return tuple(_assess(evidence, goal, options) for goal in evidence.plan.goals)


def _assess(evidence: Evidence, goal: Goal, options: Options) -> GoalStatus:
    points: tuple[Point, ...] = ()
    if goal.series is not None:
        points = evidence.view.series(
            goal.series, evidence.plan.area, grades=options.grades, bridge=options.bridge
        ).annual
    if not points or goal.kind == "state":
        # A figure that exists nowhere is the first reason; what else the plan leaves open comes after it.
        return _open(goal, goal.reasons or ("no_data",), goal.value)
    indicator = next((i for i in evidence.plan.indicators if i.id == goal.series), None)
    if goal.kind == "rate":
        return _rate(goal, points, indicator)
    if goal.kind == "coverage":
        return _coverage(evidence, goal, indicator, options)
    if goal.kind == "directional":
        return _directional(goal, points)
    return _level(evidence, goal, points)


def _open(goal: Goal, reasons: tuple[str, ...], wanted: float | None = None) -> GoalStatus:
    """A goal of which nothing can be said."""
    return GoalStatus(goal=goal.id, status="not_assessable", reasons=reasons, wanted=wanted)


def _level(evidence: Evidence, goal: Goal, points: Sequence[Point]) -> GoalStatus:
    """A level or a number to be reached."""
    last = points[-1]
    deadline, pace = goal.deadline or evidence.plan.period[1], _pace(points)
    known = replace(
        _seen(goal, points), wanted=goal.value, pace=pace, deadline=deadline, deadline_assumed=goal.deadline is None
    )
    if goal.value is None:
        return replace(known, reasons=goal.reasons or ("no_quantity",))
    if last.value >= goal.value:
        return replace(known, status="met")
    if last.year >= deadline:
        return replace(known, status="behind", reasons=("target_missed",))
    needed = (goal.value - last.value) / (deadline - last.year)
    reasons = tuple(r for r in goal.reasons if r != "no_statistic")
    if reasons or pace is None:
        return replace(known, reasons=reasons, needed=needed)
    return replace(known, status="in_pace" if pace >= needed else "behind", needed=needed)


def _rate(goal: Goal, points: Sequence[Point], indicator: Indicator | None) -> GoalStatus:
    """So many a year: the mean yearly change since the baseline, with the room that "about" gives."""
    base = indicator.baseline if indicator and indicator.baseline.value is not None else None
    used = [p for p in points if base is None or p.year >= base.year]
    if goal.value is None or len(used) < 2:
        return _open(goal, ("no_observation_after_base",), goal.value)
    start, value = used[0].year, used[0].value
    if base is not None and base.value is not None:
        start, value = base.year, base.value
    pace = (used[-1].value - value) / (used[-1].year - start)
    least = goal.value * (1 - ABOUT) if goal.operator == "~=" else goal.value
    return replace(
        _seen(goal, used),
        status="in_pace" if pace >= least - 1e-9 else "behind",
        first=start,
        wanted=goal.value,
        pace=pace,
        needed=goal.value,
        deadline=goal.deadline,
    )


def _coverage(evidence: Evidence, goal: Goal, indicator: Indicator | None, options: Options) -> GoalStatus:
    """At least one in every district: which have one, which have none, of which nothing is known."""
    series = {d.code: evidence.series(indicator, d, options) for d in evidence.districts} if indicator else {}
    year = _year_of_most(series.values())
    if year is None:
        return _open(goal, (*goal.reasons, "no_data"))
    known = {code: p for code, one in series.items() if (p := one.in_year(year)) is not None}
    having = [c for c, p in known.items() if p.value >= 1]
    done = len(having) == len(series)
    return GoalStatus(
        goal=goal.id,
        status="met" if done else "figures_only",
        reasons=() if done else goal.reasons,
        wanted=float(len(series)),
        year=year,
        value=float(len(having)),
        deadline=goal.deadline,
        having=tuple(having),
        lacking=tuple(c for c in known if c not in having),
        unknown=tuple(c for c in series if c not in known),
        rows=tuple(p.row for p in known.values()),
    )


def _year_of_most(series: Iterable[Series]) -> int | None:
    """The year that most latest figures are for, the later of equals."""
    years = Counter(one.annual[-1].year for one in series if one.annual)
    return max(years, key=lambda y: (years[y], y), default=None)


def _directional(goal: Goal, points: Sequence[Point]) -> GoalStatus:
    """A direction without a figure: whether it was followed, never whether it was followed far enough."""
    known, pace = _seen(goal, points), _pace(points)
    if pace is None:
        return replace(known, reasons=("too_few_observations",))
    d = -1.0 if goal.operator == "down" else 1.0
    known = replace(known, pace=pace)
    if goal.operator == "large_up":  # the plan does not say how much is large
        return replace(known, status="behind" if pace <= 0 else "figures_only", reasons=("no_quantity",))
    each = all(d * (b.value - a.value) > 0 for a, b in pairwise(points))
    followed = each if goal.operator == "up_each_year" else d * pace > 0
    return replace(known, status="in_pace" if followed else "behind")


def _pace(points: Sequence[Point]) -> float | None:
    """Mean yearly change; None within one year."""
    first, last = points[0], points[-1]
    return (last.value - first.value) / (last.year - first.year) if last.year > first.year else None


def _seen(goal: Goal, points: Sequence[Point]) -> GoalStatus:
    """The figures of a goal, without a verdict."""
    return GoalStatus(
        goal=goal.id,
        status="figures_only",
        year=points[-1].year,
        value=points[-1].value,
        first=points[0].year,
        rows=tuple(p.row for p in points),
    )
