"""What would have to be true for the targets to be met: the chapter on recommendations.

Every sentence follows from a figure of the assessment; none proposes a measure that the plan or the data do not name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from greenreport.areas import Roster
from greenreport.assess.model import Assessment, IndicatorAssessment, TargetGrade
from greenreport.assess.quality import Quality
from greenreport.assess.shortfall import Carrier, Gap
from greenreport.plan import Indicator, Plan
from greenreport.present.evidence_words import period_words
from greenreport.present.messages import As, Message, Said, about, cardinal, heading, in_sentence, prose, titled
from greenreport.present.numbers import joined, percent, probability, quantity, separated
from greenreport.present.numbers import years as span
from greenreport.present.paces import (
    aimed_at,
    amount,
    by_growth,
    is_percentage,
    level_asked,
    needs_growth,
    pace,
    paces,
    past_pace,
    sign,
)
from greenreport.present.problems import HALF, LISTED, NAMED, Grounds, held_up, in_doubt, pressing_first
from greenreport.present.show import Narrative
from greenreport.present.tabulate import escape_markdown, quoted
from greenreport.tasks import TaskStatus
from greenreport.words import t


def advice_text(assessment: Assessment, plan: Plan, lang: str, grounds: Grounds) -> Narrative:
    """What to do for the targets to be met, and where the figures question a target itself.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.
        grounds: what the recommendations rest on.

    Returns:
        Paces, targets and figures, with headings.
    """
    pace, changes = pace_items(assessment, plan, lang, grounds), _changes(assessment, plan)
    needs = data_needs(assessment, plan, grounds)
    parts: dict[str, tuple[list[str], Iterable[Message]]] = {
        "pace": (pace, _unpressing(assessment, plan)),
        "targets": ([prose([one], lang) for one in changes], () if changes else _unquestioned(assessment)),
        "data": ([prose([need], lang) for need in needs], ()),
    }
    blocks = []
    for key, (items, paragraphs) in parts.items():
        told = [*(f"- {item}" for item in items), *(prose([one], lang) for one in paragraphs)]
        blocks += [heading(f"advice.{key}_heading", lang, 3), *told] if told else []
    return titled("advice.heading", blocks or [prose([Message("advice.nothing")], lang)], lang)


def pace_items(assessment: Assessment, plan: Plan, lang: str, grounds: Grounds, *, short: bool = False) -> list[str]:
    """What to do for each indicator that is in doubt or needs a higher pace, an item each, those at risk first.

    `short` leaves out the arithmetic behind the first sentence.
    """
    out = []
    for one in pressing_first(assessment):
        indicator = plan.indicator(one.id)
        if one.head is None or one.current is None or not _pressing(one, indicator):
            continue
        head = aimed_at(one, one.head, indicator)
        said: list[Said] = []
        if head is not one.head:
            target = As(quantity, head.value, indicator.unit)
            said.append(Message("advice.next", met=one.head.year, year=head.year, target=target))
        said += _pace(one, head, indicator)
        if not short:
            said += _milestone(one, head, indicator, assessment.as_of)
        if head is one.head:  # gaps are against the headline's target
            said += _districts(grounds.gaps.get(one.id), one, head, indicator, grounds.roster)
        said += _held_up(indicator, plan, grounds.tasks)
        out.append(about([indicator.name[lang]], said, lang))
    return out


def recommendations(assessment: Assessment, plan: Plan, lang: str, grounds: Grounds) -> list[str]:
    """The recommendations of [advice_text] one by one and in short, the most pressing first: pace, targets, figures."""
    rest = [*_changes(assessment, plan), *data_needs(assessment, plan, grounds)]
    return [*pace_items(assessment, plan, lang, grounds, short=True), *(prose([one], lang) for one in rest)]


def _pressing(one: IndicatorAssessment, indicator: Indicator) -> bool:
    """Whether something has to be done for an indicator: it has a verdict and is in doubt or too slow."""
    if one.head is None or one.verdict == "not_assessable":
        return False
    head = aimed_at(one, one.head, indicator)
    return in_doubt(one) or (head.verdict != "achieved" and _faster(head, indicator) is True)


def _faster(head: TargetGrade, indicator: Indicator) -> bool | None:
    """Whether the target asks for a higher pace than the one so far; None where there is no telling."""
    needed, done = paces(head, indicator)
    return None if needed is None or done is None else sign(indicator) * needed > sign(indicator) * done


def _pace(one: IndicatorAssessment, head: TargetGrade, indicator: Indicator) -> Iterator[Message]:
    """The pace that the target asks for, beside the one so far."""
    needed, done = paces(head, indicator)
    last = one.current.year if one.current else head.year
    years, d = head.year - last, sign(indicator)
    if years <= 0 or needed is None or done is None:
        return
    growth, faster = by_growth(head, indicator), _faster(head, indicator)
    key = "share" if is_percentage(indicator) else "grow" if growth else "add"
    if d * done < 0:
        key += "_fell"
    elif key == "grow" and not faster:
        key += "_hold"
    yield Message(
        f"advice.{key}",
        **past_pace(one.baseline_year or last, last),
        years=years,
        year=head.year,
        span=As(span, last + 1, head.year),
        up=d > 0,
        rose=done >= 0,
        required=pace(abs(needed), head, indicator),
        achieved=pace(abs(done), head, indicator),
        total="" if growth else As(amount, abs(years * needed), indicator),
    )
    if not faster and not in_doubt(one):
        yield Message("advice.below")


def _milestone(one: IndicatorAssessment, head: TargetGrade, indicator: Indicator, day: date) -> Iterator[Message]:
    """The level to be at by the next year-end, where the target is for a later one and its pace can be told."""
    if one.current is None or head.required_change is None or None in paces(head, indicator):
        return
    # A milestone is set for a year-end that is still to come.
    year = max(one.current.year + 1, day.year + (day >= date(day.year, 12, 31)))
    if year < head.year:
        value = one.current.value + head.required_change * (year - one.current.year)
        if indicator.is_count:
            value = math.ceil(value - 1e-9)
        level = As(level_asked, value, indicator)
        yield Message("advice.milestone", year=year, value=level, up=head.required_change >= 0)


def _districts(
    gap: Gap | None, one: IndicatorAssessment, head: TargetGrade, indicator: Indicator, roster: Roster
) -> Iterator[Message]:
    """Which districts to press, and how much of what is missing to the target they could make up."""
    if gap is None or not gap.carriers or one.current is None:
        return
    to_target = sign(indicator) * (head.value - one.current.value)
    if to_target <= 0:
        return
    most, tied = _named(gap)
    gain = sum(c.short for c in most)
    names: Said = As(joined, [roster.area(c.area).short for c in most])
    if tied > len(most):
        names = Message("advice.any", n=tied, some=As(cardinal, len(most)))
    enough = gap.against == "target" and gain >= to_target
    yield Message(
        "advice.carriers_all" if enough else f"advice.carriers_{gap.against}",
        n=len(most),
        up=sign(indicator) > 0,
        names=names,
        sum=As(amount, gain, indicator),
        gap=As(amount, to_target, indicator),
        share=As(percent, gain / to_target),
    )


def _named(gap: Gap) -> tuple[tuple[Carrier, ...], int]:
    """The districts to name, and of how many alike they are any: none is named before another of the same gap."""
    most = (gap.carriers if gap.against == "target" else gap.covering(HALF))[:NAMED]
    least = most[-1].short
    alike = tuple(c for c in gap.carriers if c.short >= least - 1e-6)
    if len(alike) <= LISTED:
        return alike, len(alike)
    larger = tuple(c for c in alike if c.short > least + 1e-6)
    return (larger, len(larger)) if larger else (most, len(alike))


def _held_up(indicator: Indicator, plan: Plan, known: Mapping[str, TaskStatus]) -> Iterator[Message]:
    """The indicator's tasks that are reported late or not started, each with who is responsible."""
    for status, tasks in held_up(indicator, plan, known).items():
        names = [As(_owned, As(quoted, [task.title]), known[task.id].owner) for task in tasks]
        yield Message(f"advice.tasks_{status}", names=As(joined, names))


def _owned(title: str, owner: str, lang: str) -> str:
    return t("advice.task_owner", lang, title=title, owner=escape_markdown(owner)) if owner else title


def _unpressing(assessment: Assessment, plan: Plan) -> Iterator[Message]:
    """The indicators that need no higher pace, and those that have no verdict yet."""
    kept: list[Message] = []
    needed: list[Message] = []
    for one in assessment.indicators:
        indicator = plan.indicator(one.id)
        if one.head is None or one.current is None or _pressing(one, indicator):
            continue
        if one.verdict == "not_assessable":
            needed += _needed(one.head, indicator)
        else:
            kept.append(_keep(one, one.head, indicator))
    if kept:
        yield Message("advice.keep", items=As(separated, kept))
    if needed:
        yield Message("advice.unknown", items=As(separated, needed))


def _needed(head: TargetGrade, indicator: Indicator) -> Iterator[Message]:
    """What an indicator without a verdict would have to do from its latest figure; nothing if that is undefined."""
    growth = needs_growth(head, indicator)
    needed = head.required_growth if growth else head.required_change
    if needed is None or sign(indicator) * needed <= 0:
        return
    yield Message(
        "advice.unknown_item" if growth else "advice.unknown_item_count",
        indicator=As(in_sentence, indicator.name),
        year=head.year,
        required=As(percent, abs(needed)) if growth else As(amount, abs(needed), indicator),
        up=sign(indicator) > 0,
    )


def _keep(one: IndicatorAssessment, headline: TargetGrade, indicator: Indicator) -> Message:
    """What keeps an indicator on its way that needs no higher pace."""
    name = As(in_sentence, indicator.name)
    head = aimed_at(one, headline, indicator)
    needed, done = paces(head, indicator)
    if (head is headline and head.verdict == "achieved") or needed is None or done is None:
        return Message("advice.keep_met", indicator=name)
    if head.rule == "hold":
        return Message("advice.keep_held", indicator=name)
    falls = indicator.direction == "down" and needed <= 0 and done <= 0
    key = "advice.keep_item" if head is headline else "advice.keep_next"
    return Message(
        f"{key}_fall" if falls else key,
        indicator=name,
        met=headline.year,
        year=head.year,
        target=As(quantity, head.value, indicator.unit),
        required=pace(-needed if falls else needed, head, indicator),
        achieved=pace(-done if falls else done, head, indicator),
    )


def _unquestioned(assessment: Assessment) -> Iterator[Message]:
    """That the figures question no target, or cannot; nothing of targets that are all derived."""
    grades = [grade for one in assessment.indicators for grade in one.grades]
    if not all(grade.derived for grade in grades):
        judged = any(grade.probability is not None for grade in grades)
        yield Message("advice.no_change" if judged else "advice.no_ground")


def _changes(assessment: Assessment, plan: Plan) -> list[Message]:
    """Targets that the figures question, indicator by indicator."""
    level, out = assessment.options.level, []
    for one in assessment.indicators:
        indicator = plan.indicator(one.id)
        out += [*_raised(one, indicator), *_lowered(one, indicator, level)]
    return out


def _raised(one: IndicatorAssessment, indicator: Indicator) -> Iterator[Message]:
    """A target met two years early or more, for good: it could be higher."""
    head, current, d = one.head, one.current, sign(indicator)
    # A target derived for a district is not the plan's: no page asks to change it.
    # Nor is one that a later, higher one follows: the plan has asked for more already.
    if head is None or current is None or head.derived or head.verdict != "achieved":
        return
    met = _first_met(one, head, indicator)
    if met is None or head.year - met < 2 or aimed_at(one, head, indicator) is not head:
        return
    later = next((g for g in one.grades if g.year > head.year and d * (current.value - g.value) >= 0), None)
    also = later and Message(
        "advice.raise_later", up=d > 0, later_year=later.year, later_target=As(quantity, later.value, indicator.unit)
    )
    yield Message(
        "advice.raise",
        up=d > 0,
        indicator=indicator.name,
        met_year=met,
        year=head.year,
        target=As(quantity, head.value, indicator.unit),
        early=head.year - met,
        value=As(quantity, current.value, indicator.unit),
        later=also or "",
    )


def _first_met(one: IndicatorAssessment, head: TargetGrade, indicator: Indicator) -> int | None:
    """The first year after the baseline whose figure is at the target."""
    base = one.baseline_year
    full = (p for p in one.points if base and p.months == 12 and p.year > base)
    return next((p.year for p in full if sign(indicator) * (p.value - head.value) >= 0), None)


def _lowered(one: IndicatorAssessment, indicator: Indicator, level: float) -> Iterator[Message]:
    """Targets with a probability below 10 %: they could be argued anew."""
    for grade in one.grades:
        step = one.outlook.in_year(grade.year)
        if one.head is None or one.current is None or step is None:
            continue
        if grade.derived or grade.likelihood != "very_unlikely":
            continue
        best = step.high if sign(indicator) > 0 else step.low
        missed = sign(indicator) * (best - grade.value) < 0
        yield Message(
            "advice.lower",
            indicator=indicator.name,
            year=grade.year,
            target=As(quantity, grade.value, indicator.unit),
            p=As(probability, grade.probability),
            level=As(percent, level, decimals=0),
            high=As(quantity, best, indicator.unit),
            relation=Message("advice.below_target" if missed else "advice.not_below"),
        )


def data_needs(assessment: Assessment, plan: Plan, grounds: Grounds) -> list[Message]:
    """Which figures to supply, the largest gap first."""
    said: list[Message] = []
    if grounds.quality is not None and grounds.quality.years:
        said += _owed(grounds.quality, grounds.roster)
    if plan.of_whole or assessment.area != plan.area:
        said += _wanted(assessment, plan)
    if n := sum("no_statistic" in g.reasons for g in grounds.goals):
        said.append(Message("advice.goals", n=n))
    if grounds.goals and (internal := [c for c in plan.contradictions if c.kind == "internal"]):
        high = sum(c.severity == "high" for c in internal)
        said.append(Message("advice.contradictions", n=len(internal), high=high))
    return said


def _owed(quality: Quality, roster: Roster) -> Iterator[Message]:
    """The figures of the latest year that districts have not supplied, and those that are not final."""
    year = quality.years[-1]
    if missing := [c for c in quality.having("missing", "part") if c.year == year]:
        areas = dict.fromkeys(c.area for c in missing)
        names: Said = Message("advice.districts", n=len(areas))
        if len(areas) <= NAMED:
            names = As(joined, [roster.area(code).short for code in areas])
        yield Message("advice.data_missing", year=year, n=len(missing), names=names)
    if flash := quality.having("provisional"):
        yield Message("advice.data_final", n=len(flash))


def _wanted(assessment: Assessment, plan: Plan) -> Iterator[Message]:
    """Which figures would make a verdict possible, and which would settle most where there is one."""
    names = {i.id: As(in_sentence, i.name) for i in plan.indicators}
    lacking = {one.id: _lacking(one) for one in assessment.indicators}
    year, last = plan.baseline_year, assessment.as_of.year - 1
    for key in ("data_all", "data_base", "data_after"):
        if found := [names[id] for id, lacks in lacking.items() if lacks == key]:
            yield Message(f"advice.{key}", names=As(joined, found), year=year, span=As(span, year, max(year, last)))
    if settling := [
        Message("advice.data_wanted_item", indicator=names[one.id], period=As(period_words, one.most_wanted))
        for one in assessment.indicators
        if one.most_wanted is not None and one.verdict not in ("achieved", "not_assessable")
    ]:
        yield Message("advice.data_wanted", items=As(separated, settling))


def _lacking(one: IndicatorAssessment) -> str:
    """What an indicator lacks for a verdict from the plan's baseline: all figures, that of the baseline, later ones."""
    lacks = {*(one.head.reasons if one.head else one.notes)}
    no_base = bool(lacks & {"missing_base", "no_baseline"})
    if no_base and not one.points:
        return "data_all"
    if no_base or "base_year_differs" in one.notes:
        return "data_base"
    return "data_after" if "no_observation_after_base" in lacks else ""
