"""Looking back, told: what was expected of a target, what came, and how well the evaluation did.

Made from `assess.outcome`; compares and computes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from greenreport.assess.model import Assessment
from greenreport.assess.outcome import ALWAYS_EVEN, LookingBack, Score, TargetOutcome, YearOutcome, score
from greenreport.plan import Indicator, Plan
from greenreport.present.catalog import t
from greenreport.present.columns import (
    Measure,
    count_cell,
    count_column,
    measure,
    range_column,
    share_cell,
    share_column,
    year_cell,
    year_column,
)
from greenreport.present.indicator_views import area_link
from greenreport.present.method_views import likelihood_bounds
from greenreport.present.narrative import prose
from greenreport.present.numbers import (
    day,
    decimal,
    interval,
    joined,
    listed,
    percent,
    probability,
    quantity,
    years,
)
from greenreport.present.paces import amount
from greenreport.present.show import Narrative, Table
from greenreport.present.tables import verdict_mark
from greenreport.present.tabulate import Column, Mark, escape_markdown, table

__all__ = ["outcome_areas_table", "outcome_classes_table", "outcome_overview", "outcome_table", "outcome_text"]

_NAMED = 8
"""Up to so many areas are named in one sentence."""


def outcome_text(assessment: Assessment, plan: Plan, lang: str, *, level: int = 2) -> Narrative | None:
    """What became of the targets of one area, a paragraph per indicator; None where nothing was looked back on, or
    nothing has come of what was expected.

    Args:
        assessment: of the area, looked back on.
        plan: the plan as it applies to the area.
        lang: language.
        level: of the heading.
    """
    back = assessment.outcome
    if back is None or not any(one.years or (one.head and one.head.met is not None) for one in back.indicators):
        return None
    heading = f"{'#' * level} {t('outcome.heading', lang)}"
    blocks = [heading, prose([_lead(assessment, back, lang)], lang)]
    several = len(back.indicators) > 1
    for one in back.indicators:
        indicator = plan.indicator(one.id)
        said = _told(back, one.head, indicator, lang) if one.head else [t("outcome.no_target", lang)]
        if one.years and one.head and one.head.value is None:
            said.append(_latest(back, one.years[-1], indicator, lang))
        if len(one.years) > 1:
            inside = sum(y.inside for y in one.years)
            span = years(one.years[0].year, one.years[-1].year, lang)
            words = {"n": len(one.years), "span": span, "inside": inside, "level": percent(back.level, lang, 0)}
            said.append(t("outcome.years", lang, **words))
        name = f"**{escape_markdown(indicator.name[lang])}**{'。' if lang == 'zh' else ': '}" if several else ""
        blocks.append(("- " if several else "") + name + prose(said, lang))
    return Narrative("\n\n".join(blocks))


def _lead(assessment: Assessment, back: LookingBack, lang: str) -> str:
    return t("outcome.lead", lang, as_of=day(assessment.as_of, lang), day=day(back.outcome_as_of, lang))


def _told(back: LookingBack, head: TargetOutcome, indicator: Indicator, lang: str) -> list[str]:
    """What came of one target, what had been said of it, and whether the range held."""
    unit = indicator.unit
    told = {"year": head.year, "target": quantity(head.target, unit, lang)}
    if head.value is None:
        said = [t("outcome.open", lang, year=head.year, day=day(back.outcome_as_of, lang))]
    else:
        told["value"] = quantity(head.value, unit, lang)
        if head.missed_by:
            said = [t("outcome.missed", lang, **told, short=amount(head.missed_by, indicator, lang))]
        else:
            said = [t("outcome.met", lang, **told)]
    verdict = t(f"wording_short.{head.wording}", lang)
    if lang == "en":
        verdict = verdict[:1].lower() + verdict[1:]
    key = "outcome.said" if head.probability is not None else "outcome.said_bare"
    said.append(t(key, lang, verdict=verdict, p=probability(head.probability, lang)))
    if head.inside is not None and head.value is not None and head.high is not None:
        words = {
            "level": percent(back.level, lang, 0),
            "range": interval(head.low, head.high, unit, lang),
            "median": quantity(head.median, unit, lang),
        }
        if head.inside:
            said.append(t("outcome.inside", lang, **words))
        else:
            said.append(t("outcome.outside", lang, **words, above=int(head.value > head.high)))
    return said


def _latest(back: LookingBack, one: YearOutcome, indicator: Indicator, lang: str) -> str:
    """The latest year that has come, before the target's has: what a yearly run says of last year's report."""
    unit = indicator.unit
    words = {
        "year": one.year,
        "value": quantity(one.value, unit, lang),
        "median": quantity(one.median, unit, lang),
        "level": percent(back.level, lang, 0),
        "range": interval(one.low, one.high, unit, lang),
    }
    return t("outcome.latest", lang, **words, inside=int(one.inside))


def outcome_table(assessment: Assessment, plan: Plan, lang: str) -> Table | None:
    """Every target of one area: verdict, probability and range then, and what came; None where there is none."""
    back = assessment.outcome
    if back is None or not any(one.targets for one in back.indicators):
        return None
    columns = [
        Column("indicator", t("table.indicator", lang), width=4),
        Column("unit", t("table.unit", lang), width=2),
        year_column("year", t("table.year", lang)),
        *_then_columns(back, lang),
        count_column("target", t("table.target_value", lang)),
        count_column("came", t("outcome.came_any", lang)),
        *_result_columns(lang),
    ]
    rows: list[dict[str, str | Mark]] = []
    for one in back.indicators:
        indicator = plan.indicator(one.id)
        unit = measure([v for x in one.targets for v in (x.target, x.value, x.median)], indicator.unit, lang)
        for target in one.targets:
            row: dict[str, str | Mark] = {"indicator": indicator.short[lang], "unit": unit.unit}
            row["year"] = year_cell(target.year, lang)
            rows.append(row | _cells(target, unit, lang))
    words = {"as_of": day(assessment.as_of, lang), "day": day(back.outcome_as_of, lang)}
    caption = t("outcome.table_caption", lang, area=assessment.area_name[lang], **words)
    return table(columns, rows, label="tbl-outcome", caption=caption)


def _then_columns(back: LookingBack, lang: str) -> list[Column]:
    return [
        Column("verdict", t("outcome.then_verdict", lang), width=4),
        share_column("probability", t("outcome.then_p", lang), lang),
        range_column("range", t("outcome.then_range", lang, level=percent(back.level, lang, 0)), lang, width=3),
    ]


def _result_columns(lang: str) -> list[Column]:
    return [Column("met", t("outcome.result", lang), width=2), Column("inside", t("outcome.range", lang), width=2)]


def _cells(target: TargetOutcome, unit: Measure, lang: str) -> dict[str, str | Mark]:
    dash = t("number.missing", lang)
    met = "is_open" if target.met is None else "is_met" if target.met else "is_missed"
    inside = "" if target.inside is None else t(f"outcome.{'is_inside' if target.inside else 'is_outside'}", lang)
    return {
        "verdict": verdict_mark(target.verdict, target.wording, lang),
        "probability": share_cell(target.probability, lang, probability=True),
        "range": unit.range(target.low, target.high),
        "target": unit.cell(target.target),
        "came": unit.cell(target.value),
        "met": t(f"outcome.{met}", lang),
        "inside": inside or dash,
    }


def outcome_areas_table(areas: Sequence[Assessment], indicator: Indicator, lang: str) -> Table | None:
    """One indicator over all areas: what was expected of each and what came; None where nothing was looked back on."""
    found = [(a, back, head) for a in areas if (back := a.outcome) and (head := _head(back, indicator)) is not None]
    if not found:
        return None
    _, back, first = found[0]
    unit = measure([v for _, _, h in found for v in (h.target, h.value, h.median)], indicator.unit, lang)
    columns = [
        Column("area", t("table.area", lang), width=3),
        *_then_columns(back, lang),
        unit.column("target", t("compare.column_target", lang, year=first.year)),
        unit.column("came", t("outcome.came", lang, year=first.year)),
        *_result_columns(lang),
    ]
    rows: list[dict[str, str | Mark]] = [
        {**_cells(head, unit, lang), "area": area_link(a, lang)} for a, _, head in found
    ]
    caption = t("outcome.areas_caption", lang, indicator=indicator.name[lang], year=first.year)
    return table(columns, rows, label=f"tbl-outcome-{indicator.id.replace('_', '-')}", caption=caption)


def _head(back: LookingBack, indicator: Indicator) -> TargetOutcome | None:
    one = back.indicator(indicator.id)
    return one.head if one else None


def outcome_overview(
    whole: Assessment, areas: Sequence[Assessment], plan: Plan, lang: str, *, level: int = 2
) -> Narrative | None:
    """What became of the whole and of its areas, and the score of the evaluation, indicator by indicator.

    Args:
        whole: the assessment of the area planned for, looked back on.
        areas: those of its parts; may be empty.
        plan: the plan.
        lang: language.
        level: of the heading.

    Returns:
        None where nothing was looked back on.
    """
    own = outcome_text(whole, plan, lang, level=level)
    back = whole.outcome
    if own is None or back is None:
        return None
    blocks = [own.markdown]
    for indicator in plan.indicators:
        found = score(areas, indicator=indicator.id)
        if found.known:
            blocks.append(
                prose(_scored(found, areas, indicator, back.level, lang, named=len(plan.indicators) > 1), lang)
            )
    return Narrative("\n\n".join(blocks))


def _scored(
    found: Score, areas: Sequence[Assessment], indicator: Indicator, level: float, lang: str, *, named: bool
) -> list[str]:
    words = {"indicator": indicator.name[lang], "n": found.known, "met": found.met}
    said = [t("outcome.counts_of" if named else "outcome.counts", lang, **words)]
    heads = [(a, head) for a in areas if a.outcome and (head := _head(a.outcome, indicator)) and head.met is not None]
    missed = [
        t("outcome.missed_name", lang, area=a.area_short[lang], value=quantity(h.value, indicator.unit, lang),
          target=quantity(h.target, indicator.unit, lang))
        for a, h in heads
        if not h.met
    ]  # fmt: skip
    if missed:
        said.append(t("outcome.missed_names", lang, names=_names(missed, lang)))
    for key, met, classes in (
        ("against_odds", True, ("unlikely", "very_unlikely")),
        ("despite", False, ("likely", "very_likely")),
    ):
        names = [
            t("outcome.with_p", lang, area=a.area_short[lang], p=probability(h.probability, lang))
            for a, h in heads
            if h.met is met and h.likelihood in classes
        ]
        if names:
            said.append(t(f"outcome.{key}", lang, names=_names(names, lang)))
    if found.brier is not None and found.expected is not None:
        expected, came = percent(found.expected, lang, 0), percent(found.share_met, lang, 0)
        said.append(t("outcome.expected", lang, expected=expected, came=came))
        brier, base = decimal(found.brier, lang, 3), decimal(ALWAYS_EVEN, lang, 2)
        said.append(t("outcome.brier", lang, brier=brier, base=base, better=int(found.brier < ALWAYS_EVEN)))
    if found.ranged:
        share = percent(found.inside / found.ranged, lang, 0)
        words = {"level": percent(level, lang, 0), "inside": found.inside, "n": found.ranged, "share": share}
        said.append(t("outcome.ranges", lang, **words))
    if found.known > 1:
        said.append(t("outcome.fate", lang, n=found.known))
    return said


def _names(names: list[str], lang: str) -> str:
    if len(names) <= _NAMED:
        return joined(names, lang)
    return t("districts.and_more", lang, names=listed(names[:_NAMED], lang), n=len(names))


def outcome_classes_table(areas: Sequence[Assessment], indicator: Indicator, lang: str) -> Table | None:
    """By the likelihood stated: how many targets, and how many of them were met; None where none is known."""
    found = score(areas, indicator=indicator.id)
    if not found.scored:
        return None
    columns = [
        Column("likelihood", t("outcome.likelihood", lang), width=5),
        count_column("targets", t("outcome.targets", lang)),
        count_column("met", t("outcome.met_count", lang)),
        share_column("share", t("outcome.met_share", lang), lang),
    ]
    classes = [
        (t(f"likelihood_short.{name}", lang) + likelihood_bounds(name, lang), n, met)
        for name, n, met in found.by_likelihood
    ]
    without = found.known - found.scored
    if without:
        classes.append((t("outcome.without", lang), without, found.met - sum(met for _, _, met in classes)))
    classes.append((t("outcome.all", lang), found.known, found.met))
    rows: list[dict[str, str | Mark]] = [
        {
            "likelihood": name,
            "targets": count_cell(n, lang),
            "met": count_cell(met, lang),
            "share": share_cell(met / n, lang, 0),
        }
        for name, n, met in classes
    ]
    return table(
        columns,
        rows,
        label=f"tbl-outcome-classes-{indicator.id.replace('_', '-')}",
        caption=t("outcome.classes_caption", lang, indicator=indicator.name[lang]),
        notes=[t("outcome.classes_note", lang)],
    )
