"""Reads a plan's folder and checks it as a whole.

Files: `plan.yaml`, `statements.csv`, `tasks.csv`, `contradictions.csv`. Another plan is another
folder. Must not know any indicator by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from greenreport.edges import digest_files, nearest, read_table, read_yaml
from greenreport.errors import PlanError, Problem
from greenreport.level import NEUTRAL, Level
from greenreport.plan.files import (
    ContradictionRow,
    GoalFile,
    IndicatorFile,
    LevelFile,
    PlanFile,
    StatementRow,
    TaskRow,
    TextFile,
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
from greenreport.text import Text

__all__ = ["load_plan"]

R = TypeVar("R", StatementRow, TaskRow, ContradictionRow)
_FILES = ("plan.yaml", "statements.csv", "tasks.csv", "contradictions.csv")


def load_plan(folder: str | Path) -> Plan:
    """Read and check a plan's folder.

    Args:
        folder: holds `plan.yaml`, `statements.csv`, `tasks.csv` and `contradictions.csv`.

    Raises:
        PlanError: with every problem found in the first file that is wrong: file, row, field, remedy.
    """
    root = Path(folder)
    names = {f: f"{root.name}/{f}" for f in _FILES}
    head = read_yaml(root / "plan.yaml", PlanFile, error=PlanError, name=names["plan.yaml"])
    statements = _table(root, "statements.csv", StatementRow)
    tasks = _table(root, "tasks.csv", TaskRow)
    contradictions = _table(root, "contradictions.csv", ContradictionRow)
    problems = list(_cross_checks(head, {s.id for s in statements}, names["plan.yaml"]))
    if problems:
        raise PlanError(tuple(problems))
    units = {u.id: Unit(**u.model_dump()) for u in head.units}
    return Plan(
        id=head.id,
        title=_text(head.title),
        number=head.number,
        issued=head.issued,
        released=head.released,
        period=(head.period[0], head.period[1]),
        outlook=head.outlook,
        baseline_year=head.baseline_year,
        attribution=_text(head.attribution),
        area=head.area,
        level=_level(head.level),
        indicators=tuple(_indicator(i, units[i.unit]) for i in head.indicators),
        goals=tuple(_goal(g) for g in head.goals),
        statements=tuple(_statement(s) for s in statements),
        tasks=tuple(_task(t) for t in tasks),
        contradictions=tuple(_contradiction(c) for c in contradictions),
        units=tuple(units.values()),
        version=head.version,
        past_plan=head.past_plan or head.id,
        digest=digest_files([root / f for f in _FILES]),
    )


def _table(root: Path, file: str, model: type[R]) -> list[R]:
    return read_table(root / file, model, error=PlanError, name=f"{root.name}/{file}", unique="id")


def _cross_checks(head: PlanFile, statements: set[str], file: str) -> Iterator[Problem]:
    """What one part of the plan must know of another."""
    units = [u.id for u in head.units]
    targets = [t.id for i in head.indicators for t in i.targets]
    for what, ids in (
        ("units", units),
        ("indicators", [i.id for i in head.indicators]),
        ("targets", targets),
        ("goals", [g.id for g in head.goals]),
    ):
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            yield Problem(f"编号“{twice}”出现两次。", f"The id {twice!r} stands twice.", file, None, what)
    for i in head.indicators:
        if i.unit not in units:
            near = nearest(i.unit, units) or units
            yield Problem(
                f"单位“{i.unit}”未在units中说明，已有：{'、'.join(near)}。",
                f"The unit {i.unit!r} is not described under units; there are {', '.join(near)}.",
                file,
                None,
                f"indicators.{i.id}.unit",
            )
        doubts = [(d.period, d.kind, d.value) for d in i.doubtful]
        for period, kind, value in sorted({d for d in doubts if doubts.count(d) > 1}, key=str):
            yield Problem(
                f"存疑数据“{period}（{kind}{'' if value is None else f'，{value:g}'}）”写了两次，请删去一条。",
                f"The doubt about {period} ({kind}{'' if value is None else f', {value:g}'}) stands twice; delete one.",
                file,
                None,
                f"indicators.{i.id}.doubtful",
            )
        for t in i.targets:
            where = f"indicators.{i.id}.targets.{t.id}"
            if t.year <= i.baseline.year:
                yield Problem("目标年份应晚于基期。", "A target's year must follow the baseline's.", file, None, where)
            if t.outlook != (t.year > head.period[1]):
                yield Problem(
                    f"规划期至{head.period[1]}年，其后的目标才是展望（outlook: true）。",
                    f"The plan ends in {head.period[1]}; later targets, and only those, are outlook: true.",
                    file,
                    None,
                    where,
                )
    for g in head.goals:
        for s in g.statements:
            if s not in statements:
                yield Problem(
                    f"statements.csv中没有“{s}”。",
                    f"There is no {s!r} in statements.csv.",
                    file,
                    None,
                    f"goals.{g.id}",
                )


def _text(t: TextFile) -> Text:
    return Text(zh=t.zh, en=t.en)


def _level(level: LevelFile | None) -> Level:
    if level is None:
        return NEUTRAL
    full = _text(level.full) if level.full else Text(level.part.zh, level.parts.en)
    return Level(_text(level.whole), _text(level.part), _text(level.parts), full)


def _maybe(t: TextFile | None) -> Text | None:
    return _text(t) if t else None


def _pair(zh: str | None, en: str | None) -> Text | None:
    return Text(zh=zh or en or "", en=en or zh or "") if zh or en else None


def _ids(cell: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (cell or "").split(";") if part.strip())


def _indicator(i: IndicatorFile, unit: Unit) -> Indicator:
    return Indicator(
        id=i.id,
        name=_text(i.name),
        short=_text(i.short),
        unit=unit,
        kind=i.kind,
        direction=i.direction,
        attribute=_text(i.attribute),
        responsible=_maybe(i.responsible),
        definition=_text(i.definition),
        scope=i.scope,
        known_breaks=_maybe(i.known_breaks),
        source_system=_maybe(i.source_system),
        frequency=_maybe(i.frequency),
        baseline=Baseline(i.baseline.year, i.baseline.value, i.baseline.quote, _text(i.baseline.chapter)),
        targets=tuple(
            Target(t.id, i.id, t.year, t.value, _maybe(t.label), t.origin, t.quote, _text(t.chapter), t.outlook)
            for t in i.targets
        ),
        allocation=i.allocation,
        additive=i.additive,
        series=i.series,
        series_note=_maybe(i.series_note),
        doubtful=tuple(Doubt(d.period, d.kind, _text(d.reason), d.value) for d in i.doubtful),
    )


def _goal(g: GoalFile) -> Goal:
    return Goal(
        id=g.id,
        name=_text(g.name),
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
        chapter=Text(s.chapter_zh, s.chapter_en),
        section=Text(s.section_zh, s.section_en),
        kind=s.kind,
        indicator=s.indicator,
        subject=Text(s.subject_zh, s.subject_en),
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
        chapter=Text(t.chapter_zh, t.chapter_en),
        section_no=t.section_no,
        section=Text(t.section_zh, t.section_en),
        title=Text(t.title_zh, t.title_en),
        deliverables=Text(t.deliverables_zh, t.deliverables_en),
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
        finding=Text(c.finding_zh, c.finding_en),
        evidence=tuple(e for e in evidence if e),
        calculation=c.calculation,
        handling=Text(c.handling_zh, c.handling_en),
    )
