"""What one part of a plan must know of another, checked over the whole of plan.yaml.

Must not know how a file is read, nor any indicator by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set

from greenreport.errors import Problem
from greenreport.plan.files import IndicatorFile, PlanFile, TargetFile
from greenreport.plan.possible import impossible
from greenreport.strict_files import nearest

__all__ = ["cross_checks"]


def cross_checks(head: PlanFile, statements: Set[str] | None, file: str) -> Iterator[Problem]:
    """Everything in plan.yaml that contradicts another part of it.

    Args:
        head: the file.
        statements: ids of statements.csv; None where that file could not be read.
        file: the file as the user knows it.
    """
    years = [year for year in (head.baseline_year, *head.period, head.outlook) if year is not None]
    if years != sorted(years):
        yield Problem(
            "年份应为：基期≤规划期起始年≤规划期末年≤展望年。",
            "Years must run: baseline ≤ first year ≤ last year ≤ outlook.",
            file,
            None,
            "period",
        )
    yield from _twice(head, file)
    yield from _languages(head, file)
    for i in head.indicators:
        yield from _unit(i, [u.id for u in head.units], file)
        yield from _doubts(i, file)
        yield from _targets(head, i, file)
        yield from _division(i, file)
        yield from _counted(i, file)
    if statements is not None:
        yield from _unstated(head, statements, file)


def _unit(i: IndicatorFile, units: Sequence[str], file: str) -> Iterator[Problem]:
    if i.unit not in units:
        near = nearest(i.unit, units) or units
        yield Problem(
            f"单位“{i.unit}”未在units中说明，已有：{'、'.join(near)}。",
            f"The unit {i.unit!r} is not described under units; there are {', '.join(near)}.",
            file,
            None,
            f"indicators.{i.id}.unit",
        )


def _doubts(i: IndicatorFile, file: str) -> Iterator[Problem]:
    """Figures that are doubted twice."""
    doubts = Counter((d.period, d.kind, d.value) for d in i.doubtful)
    for period, kind, value in sorted((d for d, times in doubts.items() if times > 1), key=str):
        yield Problem(
            f"存疑数据“{period}（{kind}{'' if value is None else f'，{value:g}'}）”写了两次，请删去一条。",
            f"The doubt about {period} ({kind}{'' if value is None else f', {value:g}'}) appears twice; remove one.",
            file,
            None,
            f"indicators.{i.id}.doubtful",
        )


def _unstated(head: PlanFile, statements: Set[str], file: str) -> Iterator[Problem]:
    """Statements that a goal names and statements.csv lacks."""
    for goal, s in ((g, s) for g in head.goals for s in g.statements if s not in statements):
        near = nearest(s, statements)
        yield Problem(
            f"statements.csv中没有“{s}”。"
            + (f"相近的有：{'、'.join(near)}。" if near else "请补上这一条，或改正编号。"),
            f"There is no {s!r} in statements.csv."
            + (f" The nearest: {', '.join(near)}." if near else " Add it, or correct the id."),
            file,
            None,
            f"goals.{goal.id}",
        )


def _counted(i: IndicatorFile, file: str) -> Iterator[Problem]:
    """What only a cumulative count can have."""
    for field in ("increments", "programme_start"):
        if getattr(i, field) is not None and not i.is_count:
            yield Problem(
                "只有累计数（kind: cumulative_count）才有年度新增数和起始年份，请删去这一行或改kind。",
                "Only a cumulative count (kind: cumulative_count) has yearly increments and a first year; delete the line "
                "or change kind.",
                file,
                None,
                f"indicators.{i.id}.{field}",
            )
    if i.programme_start is not None and i.programme_start > i.baseline.year and i.baseline.value:
        yield Problem(
            f"基期{i.baseline.year}年已有{i.baseline.value:g}，起始年份不应晚于基期，请核对两者。",
            f"The baseline of {i.baseline.year} is {i.baseline.value:g} already; the first year cannot be later. Check both.",
            file,
            None,
            f"indicators.{i.id}.programme_start",
        )


def _twice(head: PlanFile, file: str) -> Iterator[Problem]:
    for what, ids in (
        ("units", [u.id for u in head.units]),
        ("indicators", [i.id for i in head.indicators]),
        ("targets", [t.id for i in head.indicators for t in i.targets if t.id]),
        ("goals", [g.id for g in head.goals]),
    ):
        for twice in sorted(i for i, times in Counter(ids).items() if times > 1):
            yield Problem(
                f"编号“{twice}”出现两次，请改其中一个。",
                f"The id {twice!r} appears twice; change one of them.",
                file,
                None,
                what,
            )


_NAMES = {"zh": ("中文（zh）", "Chinese (zh)"), "en": ("英文（en）", "English (en)")}


def _languages(head: PlanFile, file: str) -> Iterator[Problem]:
    """Texts that lack a language in which the plan's title is given: its pages would mix two."""
    for where, text in head.texts():
        for lang in head.title.langs:
            if lang not in text.langs:
                zh, en = _NAMES[lang]
                yield Problem(
                    f"规划标题有{zh}，这里没有。请补上；只用一种语言的规划，标题也只写这一种。",
                    f"The plan's title is given in {en}, this is not. Add it; a plan in one language has its title in "
                    "that language only.",
                    file,
                    None,
                    where,
                )


def _targets(head: PlanFile, i: IndicatorFile, file: str) -> Iterator[Problem]:
    """What is wrong with the numbers of an indicator, one by one and beside each other."""
    said = [
        (i.baseline.value, "baseline"),
        *((n, f"targets.{t.id or t.year}") for t in i.targets for n in (t.value, t.to)),
    ]
    for value, where in said:
        if value is not None and (why := impossible(value, i.kind, additive=i.adds_up)):
            yield Problem(why.zh, why.en, file, None, f"indicators.{i.id}.{where}")
    for t in i.targets:
        for told in (_year(head, i, t), _number(i, t)):
            yield from (Problem(*text, file, None, f"indicators.{i.id}.targets.{t.id or t.year}") for text in told)
    if any(t.value is not None for t in i.targets) and i.baseline.value is None:
        yield Problem(
            "有目标值而没有基期值。请在baseline中写value。",
            "There are targets with values, and no value of the baseline. Give baseline a value.",
            file,
            None,
            f"indicators.{i.id}.baseline",
        )


def _year(head: PlanFile, i: IndicatorFile, t: TargetFile) -> Iterator[tuple[str, str]]:
    """What is wrong with a target's year, in Chinese and English."""
    if t.year <= i.baseline.year:
        yield (
            f"目标年份（{t.year}）应晚于基期（{i.baseline.year}）。",
            f"A target's year ({t.year}) must follow the baseline's ({i.baseline.year}).",
        )
    if t.outlook is not None and t.outlook != (t.year > head.period[1]):
        yield (
            f"规划期至{head.period[1]}年，其后的目标才是展望（outlook: true）；也可不写outlook。",
            f"The plan ends in {head.period[1]}; later targets, and only those, are outlook: true. "
            "outlook may be left out.",
        )


def _number(i: IndicatorFile, t: TargetFile) -> Iterator[tuple[str, str]]:
    """What is wrong with a target's value, in Chinese and English."""
    better = 1 if i.direction == "up" else -1
    if t.value is None and i.allocation != "none":
        yield (
            f"没有数值的目标不能推算各区域的目标（allocation: {i.allocation}）。请写数值，或写allocation: none。",
            f"A target without a value gives the parts none (allocation: {i.allocation}). Give the value, or write "
            "allocation: none.",
        )
    if t.to is not None and (t.value is None or better * (t.to - t.value) <= 0):
        yield (
            f"区间目标的value是先达到的一端，to是更远的一端：方向为{i.direction}时，to应{'大' if better > 0 else '小'}于value。",
            "Of a range, value is the end that is reached first and to the far one: with direction "
            f"{i.direction}, to is {'above' if better > 0 else 'below'} value.",
        )
    if t.value is None or i.baseline.value is None or t.hold:
        return
    if better * (t.value - i.baseline.value) < 0:
        zh, en = ("越大越好（up）", "up") if i.direction == "up" else ("越小越好（down）", "down")
        yield (
            f"指标{zh}，目标{t.value:g}却比基期{i.baseline.value:g}差。请核对direction、基期和目标；如系不得突破的限值，请写hold: true。",
            f"The direction is {en}, yet the target {t.value:g} is worse than the baseline {i.baseline.value:g}. "
            "Check direction, baseline and target; if it is a limit not to be crossed, write hold: true.",
        )


def _division(i: IndicatorFile, file: str) -> Iterator[Problem]:
    """A division that makes no sense: what does not add up can't be cut up."""
    where = f"indicators.{i.id}.allocation"
    if not i.adds_up and i.allocation in ("baseline_share", "population", "equal"):
        yield Problem(
            f"各区域的数值不能相加（additive: false），全域目标不能按{i.allocation}分解。"
            "请写same（各区域都用全域的目标水平）或none（不推算）。",
            f"The parts do not add up (additive: false), so a target can't be divided by {i.allocation}. "
            "Write same (the whole's level holds for each part) or none.",
            file,
            None,
            where,
        )
    if i.adds_up and i.allocation == "same":
        yield Problem(
            "各区域的数值可以相加，全域目标不能原样用于每个区域。请写baseline_share、population、equal或none。",
            "The parts add up, so the whole's target can't hold for each of them. Write baseline_share, population, "
            "equal or none.",
            file,
            None,
            where,
        )
