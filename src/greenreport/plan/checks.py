"""What one part of a plan must know of another, checked over the whole of plan.yaml.

Must not know how a file is read, nor any indicator by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from typing import TypeAlias

from greenreport.errors import Problem
from greenreport.plan.files import IndicatorFile, PlanFile, TargetFile
from greenreport.plan.possible import impossible
from greenreport.strict_files import nearest
from greenreport.text import Text
from greenreport.words import both, problem

__all__ = ["cross_checks"]

_Found: TypeAlias = Iterator[tuple[str, Text]]
"""Fields, and what is wrong with each."""


def cross_checks(head: PlanFile, statements: Set[str] | None, file: str) -> Iterator[Problem]:
    """Everything in plan.yaml that contradicts another part of it.

    Args:
        head: the file.
        statements: ids of statements.csv; None where that file could not be read.
        file: the file as the user knows it.

    Returns:
        Problems, part by part.
    """
    for field, said in _found(head, statements):
        yield problem(said, file, None, field)


def _found(head: PlanFile, statements: Set[str] | None) -> _Found:
    years = [year for year in (head.baseline_year, *head.period, head.outlook) if year is not None]
    if years != sorted(years):
        yield "period", both("error.plan.years")
    yield from _twice(head)
    yield from _languages(head)
    for i in head.indicators:
        for field, said in _of_indicator(i, head):
            yield f"indicators.{i.id}.{field}", said
    if statements is not None:
        yield from _unstated(head, statements)


def _of_indicator(i: IndicatorFile, head: PlanFile) -> _Found:
    units = [u.id for u in head.units]
    if i.unit not in units:
        yield "unit", both("error.plan.unit", unit=i.unit, known=nearest(i.unit, units) or units)
    doubts = Counter((d.period, d.kind, d.value) for d in i.doubtful)
    for period, kind, value in sorted((d for d, times in doubts.items() if times > 1), key=str):
        what = (period, kind) if value is None else (period, kind, f"{value:g}")
        yield "doubtful", both("error.plan.doubted_twice", what=what)
    yield from _targets(head, i)
    # What does not add up can't be cut up.
    if not i.adds_up and i.allocation in ("baseline_share", "population", "equal"):
        yield "allocation", both("error.plan.not_additive", allocation=i.allocation)
    if i.adds_up and i.allocation == "same":
        yield "allocation", both("error.plan.additive")
    yield from _counted(i)


def _unstated(head: PlanFile, statements: Set[str]) -> _Found:
    """Statements that a goal names and statements.csv lacks."""
    for goal, s in ((g, s) for g in head.goals for s in g.statements if s not in statements):
        if near := nearest(s, statements):
            yield f"goals.{goal.id}", both("error.plan.statement_near", id=s, near=near)
        else:
            yield f"goals.{goal.id}", both("error.plan.statement", id=s)


def _counted(i: IndicatorFile) -> _Found:
    """What only a cumulative count can have."""
    for field in ("increments", "programme_start"):
        if getattr(i, field) is not None and not i.is_count:
            yield field, both("error.plan.no_count")
    if i.programme_start is not None and i.programme_start > i.baseline.year and i.baseline.value:
        yield "programme_start", both("error.plan.starts_late", year=i.baseline.year, value=i.baseline.value)


def _twice(head: PlanFile) -> _Found:
    for what, ids in (
        ("units", [u.id for u in head.units]),
        ("indicators", [i.id for i in head.indicators]),
        ("targets", [t.id for i in head.indicators for t in i.targets if t.id]),
        ("goals", [g.id for g in head.goals]),
    ):
        for twice in sorted(i for i, times in Counter(ids).items() if times > 1):
            yield what, both("error.plan.id_twice", id=twice)


def _languages(head: PlanFile) -> _Found:
    """Texts that lack a language in which the plan's title is given: its pages would mix two."""
    for where, text in head.texts():
        for lang in head.title.langs:
            if lang not in text.langs:
                yield where, both("error.plan.language", language=both(f"error.plan.language_{lang}"))


def _targets(head: PlanFile, i: IndicatorFile) -> _Found:
    """What is wrong with the numbers of an indicator, one by one and beside each other."""
    said = [
        (i.baseline.value, "baseline"),
        *((n, f"targets.{t.id or t.year}") for t in i.targets for n in (t.value, t.to)),
    ]
    for value, where in said:
        if value is not None and (why := impossible(value, i.kind, additive=i.adds_up)):
            yield where, why
    for t in i.targets:
        for text in (*_year(head, i, t), *_number(i, t)):
            yield f"targets.{t.id or t.year}", text
    if any(t.value is not None for t in i.targets) and i.baseline.value is None:
        yield "baseline", both("error.plan.no_baseline")


def _year(head: PlanFile, i: IndicatorFile, t: TargetFile) -> Iterator[Text]:
    """What is wrong with a target's year."""
    if t.year <= i.baseline.year:
        yield both("error.plan.target_year", year=t.year, baseline=i.baseline.year)
    if t.outlook is not None and t.outlook != (t.year > head.period[1]):
        yield both("error.plan.outlook", last=head.period[1])


def _number(i: IndicatorFile, t: TargetFile) -> Iterator[Text]:
    """What is wrong with a target's value."""
    better = 1 if i.direction == "up" else -1
    up = better > 0
    if t.value is None and i.allocation != "none":
        yield both("error.plan.no_value", allocation=i.allocation)
    if t.to is not None and (t.value is None or better * (t.to - t.value) <= 0):
        yield both("error.plan.range", direction=i.direction, up=up)
    if t.value is None or i.baseline.value is None or t.hold:
        return
    if better * (t.value - i.baseline.value) < 0:
        yield both("error.plan.worse", up=up, target=t.value, baseline=i.baseline.value)
