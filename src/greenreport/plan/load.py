"""Reads a plan's folder and checks it as a whole.

Files: `plan.yaml`, and where the plan has such `statements.csv`, `tasks.csv`, `contradictions.csv`. Another plan is
another folder. Must not know any indicator by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from greenreport.edges import TextFile, digest_files, read_table, read_yaml
from greenreport.errors import PlanError, Problem
from greenreport.level import NEUTRAL, Level
from greenreport.plan.checks import cross_checks
from greenreport.plan.files import (
    ContradictionRow,
    GoalFile,
    IndicatorFile,
    LevelFile,
    PlanFile,
    StatementRow,
    TargetFile,
    TaskRow,
    UnitFile,
)
from greenreport.plan.model import (
    Baseline,
    Contradiction,
    Doubt,
    Goal,
    Indicator,
    Plan,
    Statement,
    Target,
    Task,
    Unit,
)
from greenreport.project import find
from greenreport.text import Text

__all__ = ["load_plan"]

A = TypeVar("A")
R = TypeVar("R", StatementRow, TaskRow, ContradictionRow)
_FILES = ("plan.yaml", "statements.csv", "tasks.csv", "contradictions.csv")


def load_plan(folder: str | Path) -> Plan:
    """Read and check a plan's folder.

    Args:
        folder: looked up in the working folder, then in the project; holds `plan.yaml` and, where the plan has such, `statements.csv`, `tasks.csv` and
            `contradictions.csv`.

    Raises:
        PlanError: with every problem found in any of the files: file, row, field, remedy.
    """
    root = find(Path(folder))
    problems: list[Problem] = []
    head = _collected(problems, _head, root)
    statements = _collected(problems, _table, root, "statements.csv", StatementRow) or []
    tasks = _collected(problems, _table, root, "tasks.csv", TaskRow) or []
    contradictions = _collected(problems, _table, root, "contradictions.csv", ContradictionRow) or []
    if head is not None:
        known = None if any("statements.csv" in str(p.file) for p in problems) else {s.id for s in statements}
        problems += cross_checks(head, known, f"{root.name}/plan.yaml")
    if problems or head is None:
        raise PlanError(tuple(problems))
    units = {u.id: _unit(u) for u in head.units}
    years = [t.year for i in head.indicators for t in i.targets]
    bases = [i.baseline.year for i in head.indicators]
    last = head.period[1]
    return Plan(
        id=head.id,
        title=head.title.text,
        number=head.number,
        issued=head.issued,
        released=head.released,
        period=(head.period[0], last),
        outlook=head.outlook or max([last, *years]),
        baseline_year=head.baseline_year or max(sorted(set(bases)), key=bases.count),
        attribution=_maybe(head.attribution),
        area=head.area,
        level=_level(head.level),
        indicators=tuple(_indicator(i, units[i.unit], last) for i in head.indicators),
        goals=tuple(_goal(g) for g in head.goals),
        statements=tuple(_statement(s) for s in statements),
        tasks=tuple(_task(t) for t in tasks),
        contradictions=tuple(_contradiction(c) for c in contradictions),
        units=tuple(units.values()),
        past_plan=head.past_plan or head.id,
        version=head.version or head.number or "1",
        digest=digest_files([root / f for f in _FILES if (root / f).is_file()]),
        langs=head.title.langs,
    )


def _head(root: Path) -> PlanFile:
    if not root.is_dir():
        raise PlanError.of(
            zh="没有这个规划文件夹。规划文件夹里要有plan.yaml，例如data/plan。",
            en="There is no such folder. The folder of a plan holds plan.yaml; such as data/plan.",
            file=str(root),
        )
    if not (root / "plan.yaml").is_file():
        there = sorted(p.name for p in root.iterdir() if not p.name.startswith("."))[:8]
        raise PlanError.of(
            zh=f"这不是规划文件夹：里面没有plan.yaml（现有：{'、'.join(there) or '空'}）。",
            en=f"This is not the folder of a plan: it holds no plan.yaml (it holds {', '.join(there) or 'nothing'}).",
            file=str(root),
        )
    return read_yaml(root / "plan.yaml", PlanFile, error=PlanError, name=f"{root.name}/plan.yaml")


def _collected(problems: list[Problem], read: Callable[..., A], *arguments: Any) -> A | None:
    """What is read, or None with the problems noted."""
    try:
        return read(*arguments)
    except PlanError as error:
        problems += error.problems
        return None


def _table(root: Path, file: str, model: type[R]) -> list[R]:
    if not (root / file).is_file():
        return []  # a plan may have none
    return read_table(root / file, model, error=PlanError, name=f"{root.name}/{file}", unique="id")


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


def _maybe(t: TextFile | None) -> Text | None:
    return t.text if t else None


def _pair(zh: str | None, en: str | None) -> Text | None:
    return _either(zh, en) if zh or en else None


def _either(zh: str | None, en: str | None) -> Text:
    return Text(zh=zh or en or "", en=en or zh or "")


def _ids(cell: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (cell or "").split(";") if part.strip())


def _targets(i: IndicatorFile, last: int) -> Iterator[Target]:
    seen: dict[str, int] = {}
    for t in i.targets:
        stem = t.id or f"{i.id}_{t.year}"
        seen[stem] = seen.get(stem, 0) + 1
        id = stem if t.id or seen[stem] == 1 else f"{stem}_{seen[stem]}"
        beyond = t.year > last if t.outlook is None else t.outlook
        yield Target(id, i.id, t.year, t.value, _label(t), t.origin, t.quote, _maybe(t.chapter), beyond)


def _indicator(i: IndicatorFile, unit: Unit, last: int) -> Indicator:
    return Indicator(
        id=i.id,
        name=i.name.text,
        short=(i.short or i.name).text,
        unit=unit,
        kind=i.kind,
        direction=i.direction,
        attribute=_maybe(i.attribute),
        responsible=_maybe(i.responsible),
        definition=_maybe(i.definition),
        scope=i.scope,
        known_breaks=_maybe(i.known_breaks),
        source_system=_maybe(i.source_system),
        frequency=_maybe(i.frequency),
        baseline=Baseline(i.baseline.year, i.baseline.value, i.baseline.quote, _maybe(i.baseline.chapter)),
        targets=tuple(_targets(i, last)),
        allocation=i.allocation,
        additive=i.adds_up,
        series=i.series,
        series_note=_maybe(i.series_note),
        doubtful=tuple(Doubt(d.period, d.kind, d.reason.text, d.value) for d in i.doubtful),
        increments=i.increments,
        programme_start=i.programme_start,
    )


def _goal(g: GoalFile) -> Goal:
    return Goal(
        id=g.id,
        name=g.name.text,
        kind=g.kind,
        operator=g.operator,
        value=g.value,
        unit=g.unit,
        deadline=g.deadline,
        series=g.series,
        lacks=tuple(g.lacks),
        statements=tuple(g.statements),
        note=_maybe(g.note),
    )


def _statement(s: StatementRow) -> Statement:
    return Statement(
        id=s.id,
        chapter_no=s.chapter_no,
        chapter=_either(s.chapter_zh, s.chapter_en),
        section=_either(s.section_zh, s.section_en),
        kind=s.kind,
        indicator=s.indicator,
        subject=_either(s.subject_zh, s.subject_en),
        quote=s.quote,
        operator=s.operator,
        value=s.value,
        value_hi=s.value_hi,
        unit=s.unit,
        baseline_period=s.baseline_period,
        target_period=s.target_period,
        precision=_pair(s.precision_zh, s.precision_en),
        line_from=s.line_from,
        line_to=s.line_to,
        note=_pair(s.note_zh, s.note_en),
    )


def _task(t: TaskRow) -> Task:
    return Task(
        id=t.id,
        level=t.level,
        chapter_no=t.chapter_no,
        chapter=_either(t.chapter_zh, t.chapter_en),
        section_no=t.section_no,
        section=_either(t.section_zh, t.section_en),
        title=_either(t.title_zh, t.title_en),
        deliverables=_either(t.deliverables_zh, t.deliverables_en),
        indicators=_ids(t.indicators),
        quantified=t.quantified,
        deadline=t.deadline,
        quote=t.quote,
        line=t.line,
    )


def _contradiction(c: ContradictionRow) -> Contradiction:
    evidence = (_pair(c.evidence_1_zh, c.evidence_1_en), _pair(c.evidence_2_zh, c.evidence_2_en))
    return Contradiction(
        id=c.id,
        kind=c.kind,
        severity=c.severity,
        indicators=_ids(c.indicators),
        finding=_either(c.finding_zh, c.finding_en),
        evidence=tuple(e for e in evidence if e),
        calculation=c.calculation,
        handling=_either(c.handling_zh, c.handling_en),
    )


def _label(target: TargetFile) -> Text | None:
    """What tells a target from others of its year; of a range, its ends."""
    if target.to is None or target.label is not None:
        return _maybe(target.label)
    return Text(zh=f"区间{target.value:g}—{target.to:g}", en=f"range {target.value:g}–{target.to:g}")
