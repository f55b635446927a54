"""From history and forecast to a graded target: the verdict pair, the paces, the second opinions.

Puts the pure functions of `progress` together for one indicator of one area; words nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from greenreport import progress
from greenreport.areas import Area
from greenreport.assess.basis import contradictions, weigh
from greenreport.assess.case import Case
from greenreport.assess.evidence import Evidence
from greenreport.assess.fit import fit_known, outlook, probability
from greenreport.assess.model import LIMITS, STRENGTHS, IndicatorAssessment, Options, SecondOpinion, TargetGrade
from greenreport.assess.other_methods import second_opinions
from greenreport.assess.record import became, class_of
from greenreport.assess.statements import DOUBTED, Known, known
from greenreport.forecast import Forecast, Growth, Level, Part
from greenreport.observations import Point, Series, parse_period
from greenreport.plan import Indicator, Target
from greenreport.progress import Course, Paces, Verdict, paces

__all__ = ["grade"]

_OF_VERDICT = ("completion", "time_share", "probability", "likelihood", "schedule", "wording", "rule", "reasons")


def grade(
    evidence: Evidence,
    indicator: Indicator,
    area: Area,
    series: Series,
    found: Forecast,
    options: Options,
    *,
    weighing: bool = True,
) -> IndicatorAssessment:
    """Grade every target of one indicator in one area.

    Args:
        evidence: plan, roster and ledger.
        indicator: the indicator.
        area: the area; targets of districts are derived from the city's.
        series: its history.
        found: its forecast.
        options: path, allocation and interval level.
        weighing: whether each piece of evidence is weighed, which forecasts once for each; trials and earlier verdicts
            do without.

    Returns:
        The grades with history and outlook, in the ledger's unit of the indicator.
    """
    # What was graded is kept beside the grades, so that no other series or forecast comes to have the same identity.
    key = ("grade", indicator, area.code, id(series), id(found), options, weighing)
    case = Case(evidence, indicator, area, options)
    return evidence.remember(key, lambda: (_graded(case, series, found, weighing=weighing), series, found))[0]


def _graded(case: Case, series: Series, found: Forecast, *, weighing: bool) -> IndicatorAssessment:
    indicator, options, now = case.indicator, case.options, case.evidence.as_of.year
    asked = _asked(case)
    own = options.method == "auto"
    items = contradictions(case, known(case)) if own else known(case)
    believed, doubts = [k for k in items if not k.doubt], {k.doubt for k in items}
    if "contradicts" in doubts:
        found = fit_known(case, believed)
    series = _standing(series, items, found, asked.base_year, now, count=indicator.is_count)
    without = _without_experience(case, believed) if weighing else None
    judged = _Judged(case, asked, series, found, without, not DOUBTED.isdisjoint(doubts))
    grades = tuple(judged.grade(target, value) for target, value in asked.targets)
    headline = _headline(grades, now)
    weighed: dict[str, Any] = {}
    if weighing and own and headline is not None and found.ok:
        head = grades[headline]
        told = weigh(case, items, found, year=head.year, target=head.value)
        weighed = dict(zip(("basis", "readings", "most_wanted"), told, strict=True))
    return IndicatorAssessment(
        id=indicator.id,
        baseline_year=asked.base_year,
        baseline_value=asked.base,
        points=series.points,
        path=asked.levels(options),
        outlook=outlook(
            found, level=options.level, orientation=not any(p.year > asked.base_year for p in series.points)
        ),
        grades=grades,
        headline=headline,
        allocation=asked.key,
        notes=tuple(_notes(asked, case)),
        **weighed,
    )


def _without_experience(case: Case, believed: Sequence[Known]) -> Forecast | None:
    """The forecast without the experience of past plans; None where that does not enter."""
    options = case.options
    enters = options.experience and options.method == "auto" and not case.indicator.is_count
    return fit_known(case.under(experience=False), believed) if enters else None


def _notes(asked: _Asked, case: Case) -> Iterator[str]:
    if asked.why:
        yield asked.why
    if asked.base is None and not case.national and asked.why != "no_derived_target":
        yield "no_baseline"  # what is not shared out needs no baseline either
    elif asked.base_year != case.indicator.baseline.year:
        yield "base_year_differs"


def _standing(
    series: Series, items: Sequence[Known], found: Forecast, base_year: int, now: int, *, count: bool
) -> Series:
    """The series without doubtful figures after the baseline, and with where things stand if no full year says so.

    Growth since the last level, or the months known of a year, put the year at what the forecast makes of them (kind
    derived, note `estimated`); a count reached in mid-year is a fact, and the least that the year ends with (note
    `part_of_year`).
    """
    doubtful = {k.period for k in items if k.doubt and isinstance(k.statement, Level)}
    points = tuple(p for p in series.points if p.year <= base_year or p.period not in doubtful)
    series = replace(series, points=points)
    if any(p.year > base_year for p in series.annual) or not found.ok:
        return series
    reached = [p for p in series.part_years if p.year > base_year] if count else []
    stand: Point | None
    if reached:
        stand = replace(reached[-1], months=12, kind="derived", note=_noted(reached[-1].note, "part_of_year"))
    else:
        stand = _estimated(items, found, range(base_year + 1, now + 1))
    if stand is None:
        return series
    return replace(series, points=tuple(sorted((*series.points, stand), key=lambda p: (p.year, p.months))))


def _estimated(items: Sequence[Known], found: Forecast, years: range) -> Point | None:
    """The year that is told of last, by growth or its first months, as the forecast has it; None outside `years`."""
    told = [(k, k.statement.year) for k in items if not k.doubt and isinstance(k.statement, Growth | Part)]
    if not told:
        return None
    k, year = told[-1]
    step = found.place(year)
    if step is None or year not in years:
        return None
    return Point(
        year=year, value=float(found.median[step]), kind="derived", grade=k.grade, vintage=k.vintage,
        period=str(year), source=k.source, address=k.address, note=_noted(k.note, "estimated"), row="",
        provisional=False, unconfirmed=False, bridged=False, restated_from=None, months=12,
    )  # fmt: skip


def _noted(note: str, code: str) -> str:
    return f"{note};{code}" if note else code


@dataclass(frozen=True)
class _Asked:
    """What is asked of an area, and from where: the targets with their levels, or why there are none.

    `key` derived those whose ids are `derived` from the whole's. `base` is None where the way has no beginning.
    """

    base_year: int
    base: float | None
    targets: tuple[tuple[Target, float], ...] = ()
    key: str | None = None
    derived: frozenset[str] = frozenset()
    why: str | None = None

    def levels(self, options: Options) -> tuple[tuple[int, float], ...]:
        """The level required in every year, by the path through all targets."""
        path = self.path(options)
        return () if path is None else tuple((year, path.at(year)) for year in path.years)

    def path(self, options: Options, target: tuple[Target, float] | None = None) -> progress.Path | None:
        """The required path through all targets, or the one that leads to this target; None without a beginning or end."""
        knots = _one_a_year(self.targets)
        if target is not None:
            knots[target[0].year] = target[1]
        if self.base is None or not knots:
            return None
        return progress.required_path(
            base_year=self.base_year, base_value=self.base, targets=list(knots.items()),
            shape=options.path_shape, route=options.path_route,
        )  # fmt: skip


def _asked(case: Case) -> _Asked:
    start = None if case.national else case.baseline
    nothing = _Asked(*start) if start else _Asked(case.indicator.baseline.year, None)
    if case.national:
        return replace(nothing, why="no_target")
    rows = list(case.targets())
    targets = tuple((target, value) for target, value, _ in rows if value is not None)
    if not targets:
        return replace(nothing, why=[how or "no_target" for _, _, how in rows][-1])
    keys = {target.id: how for target, value, how in rows if value is not None and how}
    first, level = min(targets, key=lambda pair: pair[0].year)
    if first.id in keys and level == nothing.base:
        # A share of less than half a thing leaves a district with nothing to add: that is no target to be met.
        return replace(nothing, why="zero_increment")
    return replace(nothing, targets=targets, key=([None, *keys.values()])[-1], derived=frozenset(keys))


def _one_a_year(targets: Sequence[tuple[Target, float]]) -> dict[int, float]:
    """One target a year for the path, the plan table's first: simultaneous targets are never averaged."""
    chosen: dict[int, float] = {}
    for target, value in sorted(targets, key=lambda pair: (pair[0].year, pair[0].origin != "table")):
        chosen.setdefault(target.year, value)
    return chosen


def _strength(found: Forecast, verdict: Verdict, *, count: bool, doubted: bool) -> str | None:
    """The word for the evidence of a verdict; None where there is none.

    Evidence that contradicts itself is limited at best. A target year that is over, and a count that has reached its
    target and can't fall, are decided by the figure itself; a schedule without a forecast leaves all else open.
    """
    if verdict.verdict_class == "not_assessable" or verdict.target_year is None:
        return None
    worst, step = 2 if doubted else 0, found.place(verdict.target_year)
    if verdict.rule == "past" or (verdict.rule == "met" and count):
        return STRENGTHS[worst]
    if step is None:
        return STRENGTHS[-1]
    low, high = found.interval(0.80)
    middle = abs(float(found.median[step]))
    width = float(high[step] - low[step]) / middle if middle > 0 else float("inf")
    return STRENGTHS[max(sum(width > limit for limit in LIMITS), worst)]


def _headline(grades: Sequence[TargetGrade], year: int) -> int | None:
    """The plan table's target of the next target year; after the last one, the last."""
    table = [(i, g) for i, g in enumerate(grades) if g.origin == "table"] or list(enumerate(grades))
    if not table:
        return None
    ahead = [pair for pair in table if pair[1].year >= year] or table[-1:]
    return min(ahead, key=lambda pair: pair[1].year)[0]


@dataclass(frozen=True)
class _Judged:
    """A case ready to be graded: what is asked, what is known, what is expected.

    `without` is the forecast without the experience of past plans, `doubted` whether evidence is in doubt.
    """

    case: Case
    asked: _Asked
    series: Series
    found: Forecast
    without: Forecast | None
    doubted: bool

    @property
    def history(self) -> dict[int, float]:
        return {p.year: p.value for p in self.series.annual}

    @property
    def current(self) -> Point | None:
        return self.series.annual[-1] if self.series.annual else None

    def grade(self, target: Target, value: float) -> TargetGrade:
        """The verdict on one target, with the paces, the second opinions and how far to trust it."""
        verdict, course = self._verdict(target, value), self._course(target, value)
        second: tuple[SecondOpinion, ...] = ()
        if course is not None and course.current_year > course.base_year:
            second = second_opinions(course, history=self.history, verdict=verdict.verdict_class)
        plain = past_like = None
        if verdict.probability is not None and self.without is not None:
            plain = probability(self.case.under(experience=False), self.without, target.year, value)
            if plain is not None:
                past_like = became(class_of(verdict.probability), self.case.evidence.plan.past_plan)
        return TargetGrade(
            year=target.year,
            value=value,
            label=target.label,
            origin=target.origin,
            derived=target.id in self.asked.derived,
            outlook=target.outlook,
            required_now=verdict.required_value,
            verdict=verdict.verdict_class,
            second=second,
            probability_plain=plain,
            past_like=past_like,
            strength=_strength(self.found, verdict, count=self.case.indicator.is_count, doubted=self.doubted),
            **(Paces() if course is None else paces(course))._asdict(),
            **{name: getattr(verdict, name) for name in _OF_VERDICT},
        )

    def _verdict(self, target: Target, value: float) -> Verdict:
        year, figure = self._latest()
        evidence, indicator = self.case.evidence, self.case.indicator
        since = self.series.part_year if indicator.is_count else None
        return progress.verdict(
            base_year=self.asked.base_year,
            base_value=self.asked.base,
            current_year=year,
            current_value=figure,
            standing=since.value if since else None,
            target_year=target.year,
            target_value=value,
            direction=indicator.direction,
            probability=probability(self.case, self.found, target.year, value),
            in_doubt=not any(p.year > indicator.baseline.year for p in self.series.annual)
            and self.case.counted_otherwise,
            path=self.asked.path(self.case.options, (target, value)),
            history={y: v for y, v in self.history.items() if y >= self.asked.base_year},
            as_of_year=evidence.as_of.year,
        )

    def _latest(self) -> tuple[float | None, float | None]:
        """Year and value to judge by; a count in mid-year is judged against what the path asks for by then."""
        current = self.current
        if current is None:
            return None, None
        if "part_of_year" not in current.note.split(";"):
            return current.year, current.value
        part = parse_period(current.period)
        return current.year - 1 + (part.months if part else 12) / 12, current.value

    def _course(self, target: Target, value: float) -> Course | None:
        current, base = self.current, self.asked.base
        if current is None or base is None:
            return None
        return Course(
            base_year=self.asked.base_year, base_value=base, current_year=current.year, current_value=current.value,
            target_year=target.year, target_value=value, direction=self.case.indicator.direction,
        )  # fmt: skip
