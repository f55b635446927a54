"""What papers share: marks of what belongs to which paper, and a line per indicator under its short name.

Knows the document contract (docs/architecture.md); grades nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from greenreport.assess.model import Assessment, TargetGrade, wording_of
from greenreport.plan import Indicator, Plan
from greenreport.present.columns import Columns, measure, missing_cell, raw, text_field
from greenreport.present.numbers import bracketed, listed, percent, quantity, unit_header
from greenreport.present.outlook import outlook_chart
from greenreport.present.show import Bundle, Field, Figure, Narrative, Shown, Table
from greenreport.present.tables import Pair, add_strength, head_mark, label_words, pairs, verdict_mark
from greenreport.present.tabulate import Mark
from greenreport.words import t

NEW_PAGE = Narrative("::: {.gr-page}\n:::")
"""What follows begins a new page of a paper."""

FENCE = ":" * 13
"""Around several outputs that are laid out together: longer than any fence inside."""

_HEADING = re.compile(r"\A#+ [^\n]*\n+")
_SCREEN = "text/html"


@dataclass(frozen=True)
class OnPaper:
    """Anything shown, as a part of a paper: in its form for print, with labels of the paper's own.

    `paper` is `report`, `brief` or `sheet-<code>`; the first part of a paper has its `title`.
    """

    item: Shown
    paper: str
    title: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        data, metadata = self.item._repr_mimebundle_()
        told = dict(metadata["greenreport"]) | {"paper": self.paper}
        told.pop("start", None)
        if self.title:
            told["title"] = self.title
        return {kind: value for kind, value in data.items() if kind != _SCREEN}, dict(metadata) | {"greenreport": told}


def on_paper(paper: str, parts: Iterable[Shown | None], lang: str, *, of: str = "") -> Iterator[OnPaper]:
    """The parts of a paper, in order, the first with its title.

    Args:
        paper: `report`, `brief` or `sheet-<code>`.
        parts: what stands in it; None is nothing.
        lang: language.
        of: whom it is about.

    Yields:
        Each part, marked as one of the paper.
    """
    name = t(f"papers.{paper.partition('-')[0]}.title", lang)
    title = t("mark.title", lang).join([name, of] if of else [name])
    for n, part in enumerate(part for part in parts if part is not None):
        yield OnPaper(part, paper, "" if n else title)


def bare(text: Narrative) -> str:
    """A text without the heading that it has on its page."""
    return _HEADING.sub("", text.markdown).strip()


_Labelled = TypeVar("_Labelled", Figure, Table)


def labelled(item: _Labelled, label: str) -> _Labelled:
    """A figure or table under another label, unique in its paper."""
    return replace(item, label=label)


def sized(chart: Figure, width: float) -> Figure:
    """A figure drawn smaller on paper: its width in CSS pixels (a page's text is 604 wide, or less)."""
    return replace(chart, width=round(width), height=round(chart.height * width / chart.width))


def wide(*items: Shown) -> tuple[Shown, ...]:
    """What needs the long side of the paper: on pages turned round."""
    return (Narrative(f"{FENCE} {{.gr-wide}}"), *items, Narrative(FENCE))


def upright(*items: Shown) -> tuple[Shown, ...]:
    """What stands on the page as the rest does."""
    return items


FEW, _COURSE_HEIGHT = 2, 190
"""So few indicators leave room for the course of each, this high in its own pixels."""


def courses(assessment: Assessment, plan: Plan, lang: str, *, width: float) -> Iterator[Figure]:
    """The charts of an area's indicators, where they are few: record, required path and forecast; `width` on paper."""
    if len(plan.indicators) <= FEW:
        drawn = [(indicator, one) for indicator, one in pairs(assessment, plan) if one.known]
        for indicator, one in drawn:
            chart = outlook_chart(
                one,
                indicator,
                lang=lang,
                level=assessment.options.level,
                height=_COURSE_HEIGHT,
                beside=[other for _, other in drawn],
            )
            yield sized(labelled(chart, f"{chart.label}-{assessment.area}"), width)


def short_named(plan: Plan) -> Plan:
    """The plan with every indicator under its short name: one name per indicator throughout a paper."""
    return replace(plan, indicators=tuple(replace(i, name=i.short) for i in plan.indicators))


def named(plan: Plan, lang: str) -> str:
    """Which short names stand for which names of the plan, as a sentence; empty where none is shorter."""
    other = [
        f"{i.short[lang]}{bracketed(i.name[lang], lang)}" for i in plan.indicators if i.short[lang] != i.name[lang]
    ]
    return t("papers.report.names", lang, names=listed(other, lang)) if other else ""


def line_columns(
    year: int, lang: str, *, width: int = 3, beside: Callable[[Pair], float | None] | None = None
) -> Columns[Pair]:
    """What every paper says of an indicator in a line; `beside`: the completion of the whole beside that of a part."""
    columns = Columns[Pair](lang, "papers.columns")
    columns.text("indicator", lambda r: r.indicator.short[lang], width=4)
    columns.text("verdict", lambda r: head_mark(r.one, lang), width=9)
    fields = (
        Field("latest", t("scoreboard.latest", lang)),
        text_field("unit", t("table.unit", lang)),
        Field("latest_year", t("columns.year", lang)),
    )
    columns.text("latest", lambda r: _latest(r, lang), align="right", width=4, fields=fields)
    target, aim = t("papers.columns.target", lang, year=year), Field("target", t("table.target_value", lang))
    columns.text("target", lambda r: _target(r, lang), target, align="right", width=3, fields=(aim,))
    columns.share("completion", lambda r: r.head.completion if r.head else None, width=width)
    if beside:
        columns.share("city", beside, t("papers.sheet.city", lang), width=width)
    columns.share("probability", lambda r: r.head.probability if r.head else None, width=width, probability=True)
    return columns


def headline_target(assessment: Assessment, plan: Plan) -> int:
    """The year of the targets in a line."""
    return next((one.head.year for one in assessment.indicators if one.head), plan.target_years[0])


def _latest(pair: Pair, lang: str) -> Mark:
    """The latest figure with its unit and year."""
    current, unit = pair.one.current, pair.indicator.unit
    if current is None:
        return missing_cell(lang, 3)
    text = quantity(current.value, unit, lang) + bracketed(str(current.year), lang)
    return Mark(text, raw=(raw(current.value, unit, lang), unit_header(unit, lang), current.year))


def _target(pair: Pair, lang: str) -> Mark:
    """The headline's target with its unit."""
    head, unit = pair.head, pair.indicator.unit
    return Mark(quantity(head.value, unit, lang), raw=(raw(head.value, unit, lang),)) if head else missing_cell(lang)


def targets_table(assessment: Assessment, indicator: Indicator, lang: str, *, label: str) -> Table:
    """One indicator's targets, a row each: target, forecast with its range, probability, verdict, strength."""
    one = assessment.indicator(indicator.id)
    steps = {g.year: one.outlook.in_year(g.year) for g in one.grades}
    unit = measure([*(g.value for g in one.grades), *(s.median for s in steps.values() if s)], indicator.unit, lang)
    level = percent(assessment.options.level, lang, 0)
    columns = Columns[TargetGrade](lang, "table")
    year = t("scoreboard.target_year", lang)
    columns.text("year", lambda g: f"{g.year}{label_words(g.label, lang)}", year, width=3)

    def figure(key: str, of: Callable[[TargetGrade], float | None], header: str) -> None:
        columns.figure(key, lambda g: unit.cell(of(g)), header, unit=unit.unit, named=True)

    figure("target", lambda g: g.value, t("table.target_value", lang))
    figure("median", lambda g: step.median if (step := steps[g.year]) else None, t("chart.forecast", lang))
    interval = t("table.interval", lang, level=level)
    columns.range("range", lambda g: unit.range(steps[g.year]), interval, unit=unit.unit, width=3)
    columns.share("probability", lambda g: g.probability, width=3, probability=True)
    columns.text("verdict", lambda g: verdict_mark(g.verdict, wording_of(g), lang), width=5)
    add_strength(columns, [one], lambda g: g)
    caption = t("papers.report.targets_caption", lang, indicator=indicator.name[lang])
    return columns.table(one.grades, label=label, caption=caption)
