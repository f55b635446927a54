"""Looking back, told: what was expected of a target, what came, and how well the evaluation did.

Made from `assess.outcome`; compares and computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from greenreport.assess.model import Assessment
from greenreport.assess.outcome import (
    ALWAYS_EVEN,
    IndicatorOutcome,
    LookingBack,
    Score,
    TargetOutcome,
    YearOutcome,
    score,
)
from greenreport.plan import Indicator, Plan
from greenreport.present.columns import Columns, Measure, measure
from greenreport.present.indicator_views import area_link
from greenreport.present.messages import in_sentence, prose, titled
from greenreport.present.methods import likelihood_bounds
from greenreport.present.numbers import day, decimal, interval, joined, listed, percent, probability, quantity, years
from greenreport.present.outcome_charts import outcome_areas_chart, outcome_chart
from greenreport.present.paces import amount
from greenreport.present.show import Figure, Narrative, Table
from greenreport.present.tables import verdict_mark
from greenreport.present.tabulate import Cell, escape_markdown
from greenreport.words import t

_NAMED = 8
"""Up to so many areas are named in one sentence."""
_SURPRISES: dict[tuple[bool | None, str | None], str] = {
    (True, "unlikely"): "against_odds",
    (True, "very_unlikely"): "against_odds",
    (False, "likely"): "despite",
    (False, "very_likely"): "despite",
}
"""What is told of a target that was met or not, though it was so likely to be."""


def outcome_chapter(assessment: Assessment, plan: Plan, lang: str) -> Iterator[Narrative | Figure | Table]:
    """What became of the targets of one area.

    Args:
        assessment: of the area, looked back on.
        plan: the plan as it applies to the area.
        lang: language.

    Yields:
        A paragraph per indicator, a table of targets, a chart per indicator; nothing where nothing has come of what was
        expected, or nothing was looked back on.
    """
    if (told := outcome_text(assessment, plan, lang)) is None:
        return
    drawn = (outcome_chart(assessment, indicator, lang) for indicator in plan.indicators)
    yield from filter(None, (told, outcome_table(assessment, plan, lang), *drawn))


def outcome_text(assessment: Assessment, plan: Plan, lang: str) -> Narrative | None:
    """What became of the targets of one area, a paragraph per indicator; None where nothing came of what was expected."""
    back = assessment.outcome
    if back is None or not any(one.years or (one.head and one.head.met is not None) for one in back.indicators):
        return None
    days = {"as_of": day(assessment.as_of, lang), "day": day(back.outcome_as_of, lang)}
    blocks = [prose([t("outcome.lead", lang, **days)], lang)]
    for one in back.indicators:
        indicator = plan.indicator(one.id)
        paragraph = prose(_told(back, one, indicator, lang), lang)
        if len(back.indicators) > 1:
            paragraph = t("outcome.item", lang, indicator=escape_markdown(indicator.name[lang]), said=paragraph)
        blocks.append(paragraph)
    return titled("outcome.heading", blocks, lang)


def _told(back: LookingBack, one: IndicatorOutcome, indicator: Indicator, lang: str) -> list[str]:
    """What came of an indicator: of its target, in the latest year before that, and year by year."""
    head, level = one.head, percent(back.level, lang, 0)
    said = _target(back, head, indicator, lang) if head else [t("outcome.no_target", lang)]
    if one.years and head and head.value is None:
        said.append(_latest(one.years[-1], level, indicator, lang))
    if len(one.years) > 1:
        inside = sum(y.inside for y in one.years)
        span = years(one.years[0].year, one.years[-1].year, lang)
        said.append(t("outcome.years", lang, n=len(one.years), span=span, inside=inside, level=level))
    return said


def _target(back: LookingBack, head: TargetOutcome, indicator: Indicator, lang: str) -> list[str]:
    """What came of one target, what had been said of it, and whether the range held."""
    unit = indicator.unit
    told: dict[str, object] = {"year": head.year, "target": quantity(head.target, unit, lang)}
    told["value"] = quantity(head.value, unit, lang)
    if head.value is None:
        said = [t("outcome.open", lang, year=head.year, day=day(back.outcome_as_of, lang))]
    elif head.missed_by:
        said = [t("outcome.missed", lang, **told, short=amount(head.missed_by, indicator, lang))]
    else:
        said = [t("outcome.met", lang, **told)]
    verdict = in_sentence(t(f"wording_short.{head.wording}", lang), lang)
    key = "outcome.said" if head.probability is not None else "outcome.said_bare"
    said.append(t(key, lang, verdict=verdict, p=probability(head.probability, lang)))
    if head.inside is not None and head.value is not None and head.high is not None:
        words = {
            "level": percent(back.level, lang, 0),
            "range": interval(head.low, head.high, unit, lang),
            "median": quantity(head.median, unit, lang),
        }
        key = "outcome.inside" if head.inside else "outcome.outside"
        said.append(t(key, lang, **words, above=int(head.value > head.high)))
    return said


def _latest(one: YearOutcome, level: str, indicator: Indicator, lang: str) -> str:
    """The latest year that has come, before the target's has: what a yearly run says of last year's report."""
    value, median = (quantity(v, indicator.unit, lang) for v in (one.value, one.median))
    ends = interval(one.low, one.high, indicator.unit, lang)
    told = {"year": one.year, "value": value, "median": median, "level": level, "range": ends}
    return t("outcome.latest", lang, **told, inside=int(one.inside))


class _Row(NamedTuple):
    """A target looked back on: what or whose it is, and the unit of its row."""

    name: Cell
    target: TargetOutcome
    unit: Measure


def outcome_table(assessment: Assessment, plan: Plan, lang: str) -> Table | None:
    """Every target of one area: verdict, probability and range then, and what came; None where there is none."""
    back = assessment.outcome
    if back is None or not any(one.targets for one in back.indicators):
        return None
    columns = Columns[_Row](lang, "table")
    columns.text("indicator", lambda r: r.name, width=4)
    columns.text("unit", lambda r: r.unit.unit, width=2)
    columns.year("year", lambda r: r.target.year)
    _add_then(columns, back)
    columns.figure("target", lambda r: r.unit.cell(r.target.target), t("table.target_value", lang), width=2)
    columns.figure("came", lambda r: r.unit.cell(r.target.value), t("outcome.came_any", lang), width=2)
    _add_result(columns)
    rows = []
    for one in back.indicators:
        indicator = plan.indicator(one.id)
        unit = measure([v for x in one.targets for v in (x.target, x.value, x.median)], indicator.unit, lang)
        rows += [_Row(indicator.short[lang], target, unit) for target in one.targets]
    days = {"as_of": day(assessment.as_of, lang), "day": day(back.outcome_as_of, lang)}
    caption = t("outcome.table_caption", lang, area=assessment.area_name[lang], **days)
    return columns.table(rows, label="tbl-outcome", caption=caption)


def _add_then(columns: Columns[_Row], back: LookingBack) -> None:
    """What was said of a target then."""
    lang = columns.lang
    head = t("outcome.then_verdict", lang)
    columns.text("verdict", lambda r: verdict_mark(r.target.verdict, r.target.wording, lang), head, width=4)
    columns.share("probability", lambda r: r.target.probability, t("outcome.then_p", lang), probability=True)
    head = t("outcome.then_range", lang, level=percent(back.level, lang, 0))
    columns.range("range", lambda r: r.unit.range(r.target), head, width=3)


def _add_result(columns: Columns[_Row]) -> None:
    """What became of it."""
    lang = columns.lang
    met = {None: "is_open", True: "is_met", False: "is_missed"}
    held = {None: "number.missing", True: "outcome.is_inside", False: "outcome.is_outside"}
    columns.text("met", lambda r: t(f"outcome.{met[r.target.met]}", lang), t("outcome.result", lang), width=2)
    columns.text("inside", lambda r: t(held[r.target.inside], lang), t("outcome.range", lang), width=2)


def outcome_areas_table(areas: Sequence[Assessment], indicator: Indicator, lang: str) -> Table | None:
    """One indicator over all areas: what was expected of each and what came; None where nothing was looked back on."""
    found = [(a, back, head) for a in areas if (back := a.outcome) and (head := _head(back, indicator)) is not None]
    if not found:
        return None
    _, back, first = found[0]
    unit = measure([v for _, _, h in found for v in (h.target, h.value, h.median)], indicator.unit, lang)
    columns = Columns[_Row](lang, "table")
    columns.text("area", lambda r: r.name, width=3)
    _add_then(columns, back)
    target = t("compare.column_target", lang, year=first.year)
    came = t("outcome.came", lang, year=first.year)
    columns.figure("target", lambda r: unit.cell(r.target.target), target, width=2, unit=unit.unit, named=True)
    columns.figure("came", lambda r: unit.cell(r.target.value), came, width=2, unit=unit.unit, named=True)
    _add_result(columns)
    rows = [_Row(area_link(a, lang), head, unit) for a, _, head in found]
    label = f"tbl-outcome-{indicator.id.replace('_', '-')}"
    caption = t("outcome.areas_caption", lang, indicator=indicator.name[lang], year=first.year)
    return columns.table(rows, label=label, caption=caption)


def _head(back: LookingBack, indicator: Indicator) -> TargetOutcome | None:
    one = back.indicator(indicator.id)
    return one.head if one else None


def outcome_overview(
    whole: Assessment, areas: Sequence[Assessment], plan: Plan, lang: str, *, each: bool = False
) -> Iterator[Narrative | Figure | Table]:
    """What became of the whole and of its areas, and the score of the evaluation, indicator by indicator.

    Args:
        whole: the assessment of the area planned for, looked back on.
        areas: those of its parts; may be empty.
        plan: the plan.
        lang: language.
        each: whether to list the areas.

    Yields:
        Text, and charts and tables by indicator; nothing where nothing was looked back on.
    """
    own, back = outcome_text(whole, plan, lang), whole.outcome
    if own is None or back is None:
        return
    blocks = [own.markdown]
    for indicator in plan.indicators:
        found = score(areas, indicator=indicator.id)
        if found.known:
            said = _scored(found, areas, indicator, back.level, lang, named=len(plan.indicators) > 1)
            blocks.append(prose(said, lang))
    yield Narrative("\n\n".join(blocks))
    for indicator in plan.indicators:
        if drawn := outcome_chart(whole, indicator, lang):
            yield drawn
        if table := outcome_classes_table(areas, indicator, lang):
            yield table
        yield from outcome_areas_chart(areas, indicator, lang) or ()
        if each and (rows := outcome_areas_table(areas, indicator, lang)):
            yield rows


def _scored(
    found: Score, areas: Sequence[Assessment], indicator: Indicator, level: float, lang: str, *, named: bool
) -> list[str]:
    """How many targets were met, which were missed or surprised, and how the evaluation did."""
    words = {"indicator": indicator.name[lang], "n": found.known, "met": found.met}
    said = [t("outcome.counts_of" if named else "outcome.counts", lang, **words)]
    said += _missed_and_surprising(areas, indicator, lang)
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


def _missed_and_surprising(areas: Sequence[Assessment], indicator: Indicator, lang: str) -> list[str]:
    """The areas that missed their target, those that met it against the odds, those that missed it despite them."""
    heads = [(a, head) for a in areas if a.outcome and (head := _head(a.outcome, indicator)) and head.met is not None]
    groups: dict[str, list[str]] = {"missed_names": [], "against_odds": [], "despite": []}
    for area, head in heads:
        name = area.area_short[lang]
        if not head.met:
            value, target = (quantity(v, indicator.unit, lang) for v in (head.value, head.target))
            groups["missed_names"].append(t("outcome.missed_name", lang, area=name, value=value, target=target))
        if (key := _SURPRISES.get((head.met, head.likelihood))) is not None:
            groups[key].append(t("outcome.with_p", lang, area=name, p=probability(head.probability, lang)))
    return [t(f"outcome.{key}", lang, names=_names(names, lang)) for key, names in groups.items() if names]


def _names(names: list[str], lang: str) -> str:
    if len(names) <= _NAMED:
        return joined(names, lang)
    return t("districts.and_more", lang, names=listed(names[:_NAMED], lang), n=len(names))


def outcome_classes_table(areas: Sequence[Assessment], indicator: Indicator, lang: str) -> Table | None:
    """By the likelihood stated: how many targets, and how many of them were met; None where none is known."""
    found = score(areas, indicator=indicator.id)
    if not found.scored:
        return None
    columns = Columns[tuple[str, int, int]](lang, "outcome")
    columns.text("likelihood", lambda r: r[0], width=5)
    columns.count("targets", lambda r: r[1])
    columns.count("met", lambda r: r[2], t("outcome.met_count", lang))
    columns.share("share", lambda r: r[2] / r[1], t("outcome.met_share", lang), decimals=0)
    classes = [
        (t(f"likelihood_short.{name}", lang) + likelihood_bounds(name, lang), n, met)
        for name, n, met in found.by_likelihood
    ]
    without = found.known - found.scored
    if without:
        classes.append((t("outcome.without", lang), without, found.met - sum(met for _, _, met in classes)))
    classes.append((t("outcome.all", lang), found.known, found.met))
    label = f"tbl-outcome-classes-{indicator.id.replace('_', '-')}"
    caption = t("outcome.classes_caption", lang, indicator=indicator.name[lang])
    return columns.table(classes, label=label, caption=caption, notes=[t("outcome.classes_note", lang)])
