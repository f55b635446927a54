"""Reads a plan's folder and checks it as a whole.

Files: `plan.yaml`, and where the plan has such `statements.csv`, `tasks.csv`, `contradictions.csv`. Another plan is
another folder. Must not know any indicator by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from greenreport.errors import PlanError, Problem
from greenreport.level import NEUTRAL, Level
from greenreport.plan.checks import cross_checks
from greenreport.plan.files import IndicatorFile, LevelFile, PlanFile, TargetFile, UnitFile
from greenreport.plan.model import Baseline, Doubt, Goal, Indicator, Plan, Target, Unit
from greenreport.plan.rows import Contradiction, Statement, Task
from greenreport.project import find
from greenreport.strict_files import TextFile, digest_files, read_table, read_yaml
from greenreport.text import Text
from greenreport.words import both, error

__all__ = ["load_plan"]

A = TypeVar("A")
T = TypeVar("T", Plan, Goal, Indicator, Baseline, Target, Doubt)
R = TypeVar("R", Statement, Task, Contradiction)
_FILES = ("plan.yaml", "statements.csv", "tasks.csv", "contradictions.csv")


def load_plan(folder: str | Path) -> Plan:
    """Read and check a plan's folder.

    Args:
        folder: looked up in the working folder, then in the project; holds `plan.yaml` and, where the plan has such, `statements.csv`, `tasks.csv` and
            `contradictions.csv`.

    Returns:
        The plan.

    Raises:
        PlanError: with every problem found in any of the files: file, row, field, remedy.
    """
    root = find(Path(folder))
    problems: list[Problem] = []
    head = _collected(problems, _head, root)
    statements = _collected(problems, _table, root, "statements.csv", Statement) or ()
    tasks = _collected(problems, _table, root, "tasks.csv", Task) or ()
    contradictions = _collected(problems, _table, root, "contradictions.csv", Contradiction) or ()
    if head is not None:
        known = None if any("statements.csv" in str(p.file) for p in problems) else {s.id for s in statements}
        problems += cross_checks(head, known, f"{root.name}/plan.yaml")
    if problems or head is None:
        raise PlanError(tuple(problems))
    return _plan(
        head,
        statements=statements,
        tasks=tasks,
        contradictions=contradictions,
        digest=digest_files([root / f for f in _FILES if (root / f).is_file()]),
    )


def _plan(head: PlanFile, **rows: Any) -> Plan:
    """The plan of plan.yaml, with the records of the other files."""
    units = {u.id: _unit(u) for u in head.units}
    bases = [i.baseline.year for i in head.indicators]
    last = head.period[1]
    years = [t.year for i in head.indicators for t in i.targets]
    return _record(
        Plan,
        head,
        outlook=head.outlook or max([last, *years]),
        baseline_year=head.baseline_year or max(sorted(set(bases)), key=bases.count),
        level=_level(head.level),
        indicators=tuple(_indicator(i, units[i.unit], last) for i in head.indicators),
        goals=tuple(_record(Goal, g) for g in head.goals),
        units=tuple(units.values()),
        past_plan=head.past_plan or head.id,
        version=head.version or head.number or "1",
        langs=head.title.langs,
        **rows,
    )


def _record(kind: type[T], source: BaseModel, **given: Any) -> T:
    """A record from a part of a file: what is given, else the field of the same name."""
    for one in fields(kind):
        if one.name not in given:
            value = getattr(source, one.name)
            given[one.name] = (
                value.text if isinstance(value, TextFile) else tuple(value) if isinstance(value, list) else value
            )
    return kind(**given)


def _head(root: Path) -> PlanFile:
    if not root.is_dir():
        raise error(PlanError, "error.plan.no_folder", file=str(root))
    if not (root / "plan.yaml").is_file():
        there = sorted(p.name for p in root.iterdir() if not p.name.startswith("."))[:8]
        raise error(PlanError, "error.plan.no_plan", file=str(root), there=there or both("error.nothing"))
    return read_yaml(root / "plan.yaml", PlanFile, error=PlanError, name=f"{root.name}/plan.yaml")


def _collected(problems: list[Problem], read: Callable[..., A], *arguments: Any) -> A | None:
    """What is read, or None with the problems noted."""
    try:
        return read(*arguments)
    except PlanError as e:
        problems += e.problems
        return None


def _table(root: Path, file: str, model: type[R]) -> tuple[R, ...]:
    if not (root / file).is_file():
        return ()  # a plan may have none
    return tuple(read_table(root / file, model, error=PlanError, name=f"{root.name}/{file}", unique="id").values())


def _unit(u: UnitFile) -> Unit:
    en = u.en or u.zh or ""
    suffix = u.en_suffix
    if suffix is None:
        suffix = "" if u.en_prefix else en if en.startswith(("%", "‰", "°")) else f" {en}"
    return Unit(u.id, u.zh or u.en or "", en, u.en_prefix, suffix, u.en_scale, u.decimals_zh, u.decimals_en)


def _level(level: LevelFile | None) -> Level:
    if level is None:
        return NEUTRAL
    full = level.full.text if level.full else Text(level.part.text.zh, level.parts.text.en)
    return Level(level.whole.text, level.part.text, level.parts.text, full)


def _targets(i: IndicatorFile, last: int) -> Iterator[Target]:
    seen: dict[str, int] = {}
    for t in i.targets:
        stem = t.id or f"{i.id}_{t.year}"
        seen[stem] = seen.get(stem, 0) + 1
        id = stem if t.id or seen[stem] == 1 else f"{stem}_{seen[stem]}"
        beyond = t.year > last if t.outlook is None else t.outlook
        yield _record(Target, t, id=id, indicator=i.id, label=_label(t), outlook=beyond)


def _indicator(i: IndicatorFile, unit: Unit, last: int) -> Indicator:
    return _record(
        Indicator,
        i,
        short=(i.short or i.name).text,
        unit=unit,
        baseline=_record(Baseline, i.baseline),
        targets=tuple(_targets(i, last)),
        additive=i.adds_up,
        doubtful=tuple(_record(Doubt, d) for d in i.doubtful),
    )


def _label(target: TargetFile) -> Text | None:
    """What tells a target from others of its year; of a range, its ends."""
    if target.to is None or target.label is not None:
        return target.label.text if target.label else None
    return both("ledger.range", low=target.value, high=target.to)
