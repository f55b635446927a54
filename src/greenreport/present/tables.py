"""The tables of a page: main indicators, forecasts and paces; the marks of verdicts.

Each function lays out rows of one assessment; `tabulate` sets them, `numbers` writes the figures.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from greenreport.assess.model import Assessment, IndicatorAssessment, OutlookStep, TargetGrade, wording_of
from greenreport.observations import Point, parse_period
from greenreport.plan import Indicator, Plan
from greenreport.present import theme
from greenreport.present.columns import (
    Columns,
    Measure,
    Row,
    measure,
    missing_cell,
    raw,
    share_bar,
    text_field,
    year_cell,
)
from greenreport.present.evidence_words import said_cell, strength_short
from greenreport.present.narrative import reason_text, wording
from greenreport.present.numbers import bracketed, listed, month, percent, unit_header
from greenreport.present.paces import amount, is_percentage, needs_growth, reached, standing
from greenreport.present.show import Field, Table
from greenreport.present.tabulate import Mark
from greenreport.text import Text
from greenreport.words import t


def verdict_mark(verdict: str, wording: str, lang: str) -> Mark:
    """A verdict in few words that tell its two halves apart, after the sign of its class: the same in every table.

    A short name of the class alone would hide that a district with even odds is called on track, or that one is at
    risk for its schedule while its target is likely.
    """
    return _signed(verdict, t(f"wording_short.{wording}", lang))


def head_mark(one: IndicatorAssessment, lang: str) -> Mark:
    """The headline verdict of an indicator as [verdict_mark]."""
    return _signed(one.verdict, wording_short(one, lang))


def class_mark(verdict: str, lang: str) -> Mark:
    """A class by itself, where rules are told or verdicts counted."""
    return _signed(verdict, t(f"verdict_short.{verdict}", lang))


def wording_short(one: IndicatorAssessment, lang: str) -> str:
    """The words of [head_mark] without the sign."""
    return t(f"wording_short.{wording_of(one.head)}", lang)


def any_strength(ones: Iterable[IndicatorAssessment]) -> bool:
    """Whether a column for the strength of the evidence would say anything."""
    return any(one.head is not None and one.head.strength is not None for one in ones)


def add_strength(
    columns: Columns[Row], ones: Iterable[IndicatorAssessment], head: Callable[[Row], TargetGrade | None]
) -> None:
    """The strength of a verdict's evidence, beside the verdict, where any has one."""
    if any_strength(ones):
        lang = columns.lang
        columns.text("strength", lambda row: strength_short(head(row), lang), t("strength.name", lang), width=2)


def when_words(point: Point, lang: str) -> str:
    """The year of a latest figure, with what it is where it is no full year as published."""
    notes, part = point.note.split(";"), parse_period(point.period)
    if "part_of_year" in notes and part is not None:
        return standing_words(point.year, part.months, lang)
    return t("table.estimated", lang, year=point.year) if "estimated" in notes else str(point.year)


def standing_words(year: int, months: int, lang: str) -> str:
    """The day on which a count stood as it is printed: 2026年6月末, end of June 2026."""
    return t("table.standing", lang, year=year, month=month(months, lang))


def _signed(verdict: str, words: str) -> Mark:
    """Words after the sign of a class; on screen with its colour, which never stands alone."""
    sign = theme.VERDICT_SIGN[verdict]
    screen = (
        f'<span class="gr-verdict gr-{verdict.replace("_", "-")}">'
        f'<span class="gr-sign" aria-hidden="true">{sign}</span> {html.escape(words)}</span>'
    )
    return Mark(f"{sign} {words}", screen, (words,))


class Pair(NamedTuple):
    """An indicator of the plan beside what was found of it."""

    indicator: Indicator
    one: IndicatorAssessment

    @property
    def head(self) -> TargetGrade | None:
        """The headline target."""
        return self.one.head


def main_table(assessment: Assessment, plan: Plan, lang: str) -> Table:
    """Where each indicator stands: baseline, latest value, targets, completion, time, verdict.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.

    Returns:
        A table with a row for each indicator.
    """
    attributes = [i.attribute for i in plan.indicators]
    nature = attributes[0] if attributes and len(set(attributes)) == 1 else None
    dash = t("number.missing", lang)
    columns = Columns[Pair](lang, "table")
    columns.text("indicator", lambda r: r.indicator.name[lang], width=5)
    if nature is None and any(attributes):
        words = {i.id: i.attribute[lang] if i.attribute else dash for i in plan.indicators}
        columns.text("attribute", lambda r: words[r.indicator.id], width=2)
    units = {pair.one.id: _stand_unit(pair, lang) for pair in pairs(assessment, plan)}
    columns.text("unit", lambda r: units[r.one.id].unit, width=2)
    base = plan.baseline_year
    head = t("table.baseline", lang, year=base)
    columns.figure("baseline", lambda r: _baseline(r.one, units[r.one.id], base, lang), head, width=2)
    fields = (Field("latest", t("table.latest_value", lang)), Field("latest_year", t("columns.year", lang)))
    latest = t("table.latest", lang)
    columns.text("latest", lambda r: _latest(r, units[r.one.id]), latest, align="right", width=3, fields=fields)
    for year in plan.target_years:
        cell = partial(_target_cell, units=units, year=year, lang=lang)
        columns.figure(f"t{year}", cell, t("table.target", lang, year=year), width=2)
    columns.share("completion", lambda r: completion_bar(r.head, lang))
    columns.share("time", lambda r: r.head.time_share if r.head else None, t("table.time_share", lang))
    columns.text("verdict", lambda r: _full_mark(r.one, lang), t("table.verdict_full", lang), width=5)
    add_strength(columns, assessment.indicators, lambda r: r.head)
    caption = t("table.main_caption", lang, area=assessment.area_name[lang])
    notes = _main_notes(assessment, plan, nature, lang)
    return columns.table(pairs(assessment, plan), label="tbl-main", caption=caption, notes=notes)


def _main_notes(assessment: Assessment, plan: Plan, nature: Text | None, lang: str) -> list[str]:
    year = headline_year(assessment, plan.target_years)
    if nature is not None:
        notes = [t("table.main_note", lang, year=year, attribute=nature[lang])]
    else:
        notes = [t("table.main_note_mixed", lang, year=year)]
    if assessment.area == plan.area and not any(i.responsible for i in plan.indicators):
        notes.append(t("table.responsible_note", lang))
    if any(standing(one, indicator) for indicator, one in pairs(assessment, plan)):
        notes.append(t("table.standing_note", lang))
    if any_strength(assessment.indicators):
        notes.append(t("strength_note", lang))
    if derived := sorted({one.allocation for one in assessment.indicators if one.allocation}):
        notes.append(t("table.derived_note", lang, key=listed([t(f"allocation.{key}", lang) for key in derived], lang)))
    return notes


def _stand_unit(pair: Pair, lang: str) -> Measure:
    """One unit and one number of digits for all figures of an indicator's row."""
    indicator, one = pair
    current = one.current.value if one.current else None
    return measure([one.baseline_value, current, *(g.value for g in one.grades)], indicator.unit, lang)


def _baseline(one: IndicatorAssessment, unit: Measure, year: int, lang: str) -> Mark:
    """The baseline, with its year where it is not the plan's."""
    cell = unit.cell(one.baseline_value)
    if one.baseline_value is None or one.baseline_year == year:
        return cell
    return Mark(cell.text + bracketed(str(one.baseline_year), lang), raw=cell.raw)


def _latest(pair: Pair, unit: Measure) -> Mark:
    """The latest full year, unless that is the baseline, which has a column of its own."""
    current = pair.one.current
    shown = None if current is None or current.year == pair.one.baseline_year else current
    return latest_cell(shown, standing(pair.one, pair.indicator), unit)


def latest_cell(point: Point | None, since: Point | None, unit: Measure, *, usual: str = "", mark: str = "") -> Mark:
    """The latest figure with its year, where that is not the usual one; and a count as it stands `since`."""
    lang, cell = unit.lang, missing_cell(unit.lang, 2)
    if point is not None:
        words = when_words(point, lang)
        year = "" if words == usual else bracketed(words, lang)
        cell = Mark(unit.text(point.value) + mark + year, raw=(unit.shown(point.value), point.year))
    if since is None:
        return cell
    now = unit.text(since.value) + bracketed(standing_words(since.year, since.months, lang), lang)
    return Mark(f"{cell.text}\n{now}" if point is not None else now, raw=cell.raw)


def _target_cell(pair: Pair, *, units: Mapping[str, Measure], year: int, lang: str) -> Mark:
    """The targets of a year; the data hold the first, which is the table's."""
    unit = units[pair.one.id]
    found = [g for g in pair.one.grades if g.year == year]
    if not found:
        return missing_cell(lang)
    text = "\n".join(unit.text(g.value) + label_words(g.label, lang) for g in found)
    return Mark(text, raw=(unit.shown(found[0].value),))


def label_words(label: Text | None, lang: str) -> str:
    """What sets a second target of a year apart from the first, in brackets."""
    return bracketed(label[lang], lang) if label else ""


def completion_bar(head: TargetGrade | None, lang: str) -> Mark:
    """The completion of a target over a bar, the time elapsed as a line in it."""
    return share_bar(head.completion, lang, mark=head.time_share) if head else missing_cell(lang)


def _full_mark(one: IndicatorAssessment, lang: str) -> Mark:
    """The headline verdict as the sentence of the text, so that table and text never differ; where there is none, why."""
    said = wording(one.head, lang) if one.head else t(f"verdict.{one.verdict}", lang)
    codes = (one.head.reasons if one.head else one.notes)[:1] if one.verdict == "not_assessable" else ()
    return _signed(one.verdict, said + "".join(bracketed(reason_text(code, one, lang), lang) for code in codes))


@dataclass(frozen=True)
class _Ahead:
    """A row of the table of forecasts: one target of an indicator, or its last forecast where it has none."""

    indicator: Indicator
    one: IndicatorAssessment
    grade: TargetGrade | None
    unit: Measure

    @property
    def step(self) -> OutlookStep | None:
        """The forecast for its year."""
        if self.grade is None:
            return self.one.outlook.steps[-1] if self.one.outlook.steps else None
        return self.one.outlook.in_year(self.grade.year)

    @property
    def other_than(self) -> Text | None:
        """What the indicator's figures count, where a second target of the headline's year is about something else."""
        own = self.one.head.label if self.one.head else None
        grade = self.grade
        return own if own is not None and grade and grade.label is not None and grade.label != own else None

    @property
    def reached(self) -> bool:
        return self.grade is not None and reached(self.one, self.grade, self.indicator)

    @property
    def by_growth(self) -> bool:
        """Paces as growth where it is defined, as a yearly change for counts and where it is not."""
        return self.grade is not None and needs_growth(self.grade, self.indicator)

    def name(self, lang: str) -> str:
        """The indicator, with what sets its second target of a year apart."""
        return self.indicator.name[lang] + (label_words(self.grade.label, lang) if self.grade else "")

    def year(self, lang: str) -> Mark:
        """The target's year, or that of the last forecast; marked where the forecast is for orientation."""
        year = self.grade.year if self.grade else self.step.year if self.step else None
        return year_cell(year, lang, t("orientation.mark", lang) if self.one.outlook.orientation and self.step else "")

    def achieved(self, lang: str) -> Mark:
        if (grade := self.grade) is None:
            return missing_cell(lang)
        return self._pace(grade.achieved_growth, grade.achieved_change, lang)

    def required(self, lang: str) -> Mark:
        """The pace that the target asks for, and its unit for the data; that it is met, where it is."""
        if (grade := self.grade) is None:
            return missing_cell(lang, 2)
        pace = self._pace(grade.required_growth, grade.required_change, lang)
        if self.reached and grade.required_change is not None and self.other_than is None:
            pace = Mark(t("table.met", lang), raw=(None,))
        unit = (
            "growth_per_year" if self.by_growth else "points_per_year" if is_percentage(self.indicator) else "per_year"
        )
        return Mark(pace.text, raw=(*pace.raw, t(f"columns.{unit}", lang, unit=unit_header(self.indicator.unit, lang))))

    def _pace(self, growth: float | None, change: float | None, lang: str) -> Mark:
        if self.other_than is None and self.by_growth:
            return Mark(percent(growth, lang), raw=(None if growth is None else growth * 100,))
        if self.other_than is not None or change is None:
            return missing_cell(lang)
        return Mark(amount(change, self.indicator, lang), raw=(raw(change, self.indicator.unit, lang),))


def outlook_table(assessment: Assessment, plan: Plan, lang: str) -> Table:
    """Where each indicator is heading: forecast with its range, probability, and the paces.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.

    Returns:
        A table with a row for each target, or for each forecast where there are no targets.
    """
    level = percent(assessment.options.level, lang, 0)
    graded = any(one.grades for one in assessment.indicators)
    columns = Columns[_Ahead](lang, "table")
    columns.text("indicator", lambda r: r.name(lang), width=5)
    columns.text("unit", lambda r: r.unit.unit, width=2)
    columns.figure("year", lambda r: r.year(lang), width=2)
    if graded:
        columns.figure(
            "target", lambda r: r.unit.cell(r.grade.value if r.grade else None), t("table.target_value", lang)
        )
    columns.figure("median", lambda r: r.unit.cell(r.step.median if r.step else None), t("chart.forecast", lang))
    columns.range("interval", lambda r: r.unit.range(r.step), t("table.interval", lang, level=level))
    if graded:
        columns.share("probability", lambda r: said_cell(r.grade, lang))
        columns.figure("achieved", lambda r: r.achieved(lang))
        required = t("table.required", lang)
        fields = (Field("required", required), text_field("pace_unit", t("columns.pace_unit", lang)))
        columns.text("required", lambda r: r.required(lang), required, align="right", width=3, fields=fields)
    rows = _ahead(assessment, plan, lang)
    notes = _ahead_notes(rows, level, lang) if graded else []
    caption = t("table.outlook_caption", lang, area=assessment.area_name[lang])
    shown = [r for r in rows if graded or r.one.outlook.ok]
    return columns.table(shown, label="tbl-outlook", caption=caption, notes=notes)


def _ahead_notes(rows: Sequence[_Ahead], level: str, lang: str) -> list[str]:
    notes = [t("table.outlook_note", lang, level=level)]
    if any(r.reached and r.grade and r.grade.probability is not None for r in rows):
        notes.append(t("table.held_note", lang))
    others = [(r.grade.label, own) for r in rows if r.grade and r.grade.label and (own := r.other_than)]
    told = (t("table.label_note", lang, other=other[lang], own=own[lang]) for other, own in others)
    return [*notes, *dict.fromkeys(told)]


def _ahead(assessment: Assessment, plan: Plan, lang: str) -> list[_Ahead]:
    """The rows of the table; one unit and one number of digits for target, forecast and range of an indicator's rows."""
    rows = []
    for indicator, one in pairs(assessment, plan):
        steps = [one.outlook.in_year(g.year) for g in one.grades] or one.outlook.steps[-1:]
        figures = [*(g.value for g in one.grades), *(s.median for s in steps if s is not None)]
        unit = measure(figures, indicator.unit, lang)
        rows += [_Ahead(indicator, one, g, unit) for g in one.grades or (None,)]
    return rows


def pairs(assessment: Assessment, plan: Plan) -> list[Pair]:
    """Each indicator of the plan beside what was found of it."""
    return [Pair(plan.indicator(one.id), one) for one in assessment.indicators]


def headline_year(assessment: Assessment, years: tuple[int, ...]) -> int:
    """The target year that most headline verdicts are about; the plan's first where there is none."""
    heads = [one.head.year for one in assessment.indicators if one.head]
    return max(set(heads), key=heads.count) if heads else years[0]
