"""The tables of a page: main indicators, forecasts and paces; the marks of verdicts.

Each function lays out rows of one assessment; `tabulate` sets them, `numbers` writes the figures.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from greenreport.assess.model import Assessment, IndicatorAssessment, TargetGrade, wording_of
from greenreport.observations import Point, parse_period
from greenreport.plan import Indicator, Plan
from greenreport.present import theme
from greenreport.present.aims import reached, standing
from greenreport.present.catalog import t
from greenreport.present.columns import (
    Measure,
    count_column,
    measure,
    range_column,
    raw,
    share_bar,
    share_cell,
    share_column,
    text_field,
    year_cell,
    year_column,
)
from greenreport.present.evidence_words import strength_short
from greenreport.present.narrative import reason_text, wording
from greenreport.present.numbers import bracketed, listed, month, percent, unit_header
from greenreport.present.paces import amount, is_percentage
from greenreport.present.record_words import said_cell
from greenreport.present.show import Field, Table
from greenreport.present.tabulate import Column, Mark, table
from greenreport.text import Text

__all__ = [
    "any_strength",
    "class_mark",
    "head_mark",
    "headline_year",
    "main_table",
    "outlook_table",
    "pairs",
    "standing_words",
    "strength_column",
    "verdict_mark",
    "when_words",
    "wording_short",
]


def verdict_mark(verdict: str, wording: str, lang: str) -> Mark:
    """A verdict in few words that tell its two halves apart, after the sign of its class: the same in every table.

    A short name of the class alone would hide that a district with even odds is called on track, or that one is at
    risk for its schedule while its target is likely.

    Args:
        verdict: the class, one of `theme.VERDICTS`.
        wording: the sentence that the two halves make, as `progress.verdict` names it.
        lang: language.
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


def strength_column(lang: str) -> Column:
    """The strength of a verdict's evidence, beside the verdict."""
    return Column("strength", t("strength.name", lang), width=2)


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


def main_table(assessment: Assessment, plan: Plan, lang: str) -> Table:
    """Where each indicator stands: baseline, latest value, targets, completion, time, verdict."""
    years = plan.target_years
    head_year = headline_year(assessment, years)
    attributes = [i.attribute for i in plan.indicators]
    nature = attributes[0] if attributes and len(set(attributes)) == 1 else None
    same = nature is not None
    columns = [
        Column("indicator", t("table.indicator", lang), width=5),
        *([] if same or not any(attributes) else [Column("attribute", t("table.attribute", lang), width=2)]),
        Column("unit", t("table.unit", lang), width=2),
        count_column("baseline", t("table.baseline", lang, year=plan.baseline_year)),
        Column(
            "latest",
            t("table.latest", lang),
            "right",
            width=3,
            fields=(Field("latest", t("table.latest_value", lang)), Field("latest_year", t("columns.year", lang))),
        ),
        *(
            Column(
                f"t{y}",
                t("table.target", lang, year=y),
                "right",
                width=2,
                fields=(Field(f"t{y}", t("table.target", lang, year=y)),),
            )
            for y in years
        ),
        share_column("completion", t("table.completion", lang), lang),
        share_column("time", t("table.time_share", lang), lang),
        Column("verdict", t("table.verdict_full", lang), width=5),
        *([strength_column(lang)] if any_strength(assessment.indicators) else []),
    ]
    stood = False
    rows: list[dict[str, str | Mark]] = []
    for indicator, one in pairs(assessment, plan):
        head, current = one.head, one.current
        unit = measure(
            [one.baseline_value, current.value if current else None, *(g.value for g in one.grades)],
            indicator.unit,
            lang,
        )
        latest = Mark(t("number.missing", lang), raw=(None, None))
        if current is not None and current.year != one.baseline_year:  # the baseline has a column of its own
            year = bracketed(when_words(current, lang), lang)
            latest = Mark(unit.text(current.value) + year, raw=(unit.shown(current.value), current.year))
        if (since := standing(one, indicator)) is not None:
            stood = True
            now = unit.text(since.value) + bracketed(standing_words(since.year, since.months, lang), lang)
            latest = Mark(f"{latest.text}\n{now}" if latest.raw[0] is not None else now, raw=latest.raw)
        rows.append(
            {
                "indicator": indicator.name[lang],
                "attribute": indicator.attribute[lang] if indicator.attribute else t("number.missing", lang),
                "unit": unit.unit,
                "baseline": _baseline(one, unit, plan.baseline_year, lang),
                "latest": latest,
                **{f"t{y}": _target_cell(one, unit, y, lang) for y in years},
                "completion": share_bar(head.completion, lang, mark=head.time_share)
                if head
                else share_cell(None, lang),
                "time": share_cell(head.time_share if head else None, lang),
                "verdict": _full_mark(one, lang),
                "strength": strength_short(one.head, lang),
            }
        )
    notes = [
        t("table.main_note", lang, year=head_year, attribute=nature[lang])
        if nature is not None
        else t("table.main_note_mixed", lang, year=head_year)
    ]
    if assessment.area == plan.area and not any(i.responsible for i in plan.indicators):
        notes.append(t("table.responsible_note", lang))
    if stood:
        notes.append(t("table.standing_note", lang))
    if any_strength(assessment.indicators):
        notes.append(t("strength_note", lang))
    notes += _derived_notes(assessment, lang)
    return table(
        columns,
        rows,
        label="tbl-main",
        caption=t("table.main_caption", lang, area=assessment.area_name[lang]),
        notes=notes,
    )


def outlook_table(assessment: Assessment, plan: Plan, lang: str) -> Table:
    """Where each indicator is heading: forecast with its range, probability, and the paces, per target."""
    level = percent(assessment.options.level, lang, 0)
    graded = any(one.grades for one in assessment.indicators)
    columns = [
        Column("indicator", t("table.indicator", lang), width=5),
        Column("unit", t("table.unit", lang), width=2),
        year_column("year", t("table.year", lang)),
        count_column("target", t("table.target_value", lang), width=3),
        count_column("median", t("chart.forecast", lang), width=3),
        range_column("interval", t("table.interval", lang, level=level), lang),
        share_column("probability", t("table.probability", lang), lang),
        count_column("achieved", t("table.achieved", lang), width=3),
        Column(
            "required",
            t("table.required", lang),
            "right",
            width=3,
            fields=(
                Field("required", t("table.required", lang)),
                text_field("pace_unit", t("columns.pace_unit", lang)),
            ),
        ),
    ]
    if not graded:
        columns = [c for c in columns if c.key in ("indicator", "unit", "year", "median", "interval")]
    rows = [
        _outlook_row(one, g, indicator, lang)
        for indicator, one in pairs(assessment, plan)
        for g in one.grades or (None,)
        if graded or one.outlook.ok
    ]
    labels = [
        t("table.label_note", lang, other=g.label[lang], own=own[lang])
        for one in assessment.indicators
        for g in one.grades
        if g.label is not None and (own := _counted_as(one, g)) is not None
    ]
    held = (
        [t("table.held_note", lang)]
        if any(
            g.probability is not None and reached(one, g, indicator)
            for indicator, one in pairs(assessment, plan)
            for g in one.grades
        )
        else []
    )
    return table(
        columns,
        rows,
        label="tbl-outlook",
        caption=t("table.outlook_caption", lang, area=assessment.area_name[lang]),
        notes=[t("table.outlook_note", lang, level=level), *held, *dict.fromkeys(labels)] if graded else [],
    )


def _outlook_row(
    one: IndicatorAssessment, g: TargetGrade | None, indicator: Indicator, lang: str
) -> dict[str, str | Mark]:
    unit, dash = indicator.unit, t("number.missing", lang)
    year = g.year if g else (one.outlook.steps[-1].year if one.outlook.steps else None)
    step = one.outlook.in_year(year) if year is not None else None
    label = bracketed(g.label[lang], lang) if g and g.label else ""
    # Growth where it is defined, a yearly change for counts and where it is not.
    growth = g is not None and indicator.kind == "flow" and g.required_growth is not None
    what = "growth_per_year" if growth else "points_per_year" if is_percentage(indicator) else "per_year"
    pace_unit = t(f"columns.{what}", lang, unit=unit_header(unit, lang))

    def pace(rate: float | None, change: float | None) -> tuple[str, float | None]:
        if growth:
            return percent(rate, lang), None if rate is None else rate * 100
        if change is None:
            return dash, None
        return amount(change, indicator, lang), raw(change, unit, lang)

    achieved = pace(g.achieved_growth, g.achieved_change) if g else (dash, None)
    required = pace(g.required_growth, g.required_change) if g else (dash, None)
    if g is not None and g.required_change is not None and reached(one, g, indicator):
        required = (t("table.met", lang), None)
    if g is not None and _counted_as(one, g) is not None:
        achieved = required = (dash, None)

    # One unit and one number of digits for target, forecast and range of all the indicator's rows.
    found = [one.outlook.in_year(x.year) for x in one.grades] or [step]
    figures = [*(x.value for x in one.grades), *(s.median for s in found if s is not None)]
    row = measure(figures, unit, lang)

    return {
        "indicator": indicator.name[lang] + label,
        "unit": row.unit,
        "year": year_cell(year, lang, t("orientation.mark", lang) if one.outlook.orientation and step else ""),
        "target": row.cell(g.value if g else None),
        "median": row.cell(step.median if step else None),
        "interval": row.range(step.low if step else None, step.high if step else None),
        "probability": said_cell(g.probability if g else None, lang),
        "achieved": Mark(achieved[0], raw=(achieved[1],)),
        "required": Mark(required[0], raw=(required[1], pace_unit if g else None)),
    }


def _counted_as(one: IndicatorAssessment, g: TargetGrade) -> Text | None:
    """What the indicator's figures count, where a second target of the headline's year is about something else."""
    own = one.head.label if one.head else None
    return own if own is not None and g.label is not None and g.label != own else None


def _baseline(one: IndicatorAssessment, unit: Measure, year: int, lang: str) -> Mark:
    """The baseline, with its year where it is not the plan's."""
    cell = unit.cell(one.baseline_value)
    if one.baseline_value is None or one.baseline_year == year:
        return cell
    return Mark(cell.text + bracketed(str(one.baseline_year), lang), raw=cell.raw)


def _full_mark(one: IndicatorAssessment, lang: str) -> Mark:
    """The headline verdict as the sentence of the text, so that table and text never differ; where there is none, why."""
    said = wording(one.head, lang) if one.head else t(f"verdict.{one.verdict}", lang)
    codes = (one.head.reasons if one.head else one.notes)[:1] if one.verdict == "not_assessable" else ()
    return _signed(one.verdict, said + "".join(bracketed(reason_text(code, one, lang), lang) for code in codes))


def _target_cell(one: IndicatorAssessment, unit: Measure, year: int, lang: str) -> Mark:
    """The targets of a year; the data hold the first, which is the table's."""
    found = [g for g in one.grades if g.year == year]
    text = "\n".join(unit.text(g.value) + (bracketed(g.label[lang], lang) if g.label else "") for g in found) or t(
        "number.missing", lang
    )
    return Mark(text, raw=(unit.shown(found[0].value) if found else None,))


def pairs(assessment: Assessment, plan: Plan) -> list[tuple[Indicator, IndicatorAssessment]]:
    """Each indicator of the plan beside what was found of it."""
    return [(plan.indicator(one.id), one) for one in assessment.indicators]


def headline_year(assessment: Assessment, years: tuple[int, ...]) -> int:
    """The target year that most headline verdicts are about; the plan's first where there is none."""
    heads = [one.head.year for one in assessment.indicators if one.head]
    return max(set(heads), key=heads.count) if heads else years[0]


def _derived_notes(assessment: Assessment, lang: str) -> list[str]:
    keys = sorted({one.allocation for one in assessment.indicators if one.allocation})
    if not keys:
        return []
    words = listed([t(f"allocation.{k}", lang) for k in keys], lang)
    return [t("table.derived_note", lang, key=words)]
