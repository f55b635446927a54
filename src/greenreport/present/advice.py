"""What would have to be true for the targets to be met: the chapter on recommendations.

Every sentence follows from a figure of the assessment; none proposes a measure that the plan or the data do not name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from greenreport.areas import Roster
from greenreport.assess.drivers import Carrier, Gap
from greenreport.assess.goals import GoalStatus
from greenreport.assess.model import Assessment, IndicatorAssessment, TargetGrade
from greenreport.assess.quality import Quality
from greenreport.plan import Indicator, Plan
from greenreport.present.aims import aimed_at
from greenreport.present.catalog import t
from greenreport.present.narrative import cardinal, in_sentence, prose
from greenreport.present.needs import data_needs
from greenreport.present.numbers import joined, pace_years, percent, probability, quantity, separated
from greenreport.present.numbers import years as span
from greenreport.present.paces import amount, by_growth, is_percentage, level_asked, paces
from greenreport.present.problems import HALF, LISTED, NAMED, colon, in_doubt, pressing_first
from greenreport.present.show import Narrative
from greenreport.present.tabulate import escape_markdown, quoted
from greenreport.tasks import TaskStatus

__all__ = ["advice_text", "pace_items", "recommendations"]


def advice_text(
    assessment: Assessment,
    plan: Plan,
    lang: str,
    *,
    roster: Roster,
    gaps: Mapping[str, Gap] | None = None,
    quality: Quality | None = None,
    goals: Sequence[GoalStatus] = (),
    tasks: Mapping[str, TaskStatus] | None = None,
) -> Narrative:
    """What to do for the targets to be met, and where the figures question a target itself.

    Args are those of `problems.problems_text`; `goals` are the goals of the running text.
    """
    pace = pace_items(assessment, plan, lang, roster=roster, gaps=gaps, tasks=tasks)
    keep, unknown = [], []
    for one in assessment.indicators:
        if one.head is None or one.current is None:
            continue
        indicator = plan.indicator(one.id)
        if one.verdict == "not_assessable":
            unknown.append(_needed(one.head, indicator, lang))
        elif not _pressing(one, indicator):
            keep.append(_keep(one, one.head, indicator, lang))
    own_targets = any(not g.derived for one in assessment.indicators for g in one.grades)
    blocks = [f"## {t('advice.heading', lang)}"]
    unknown = [item for item in unknown if item]
    if pace or keep or unknown:
        blocks.append(f"### {t('advice.pace_heading', lang)}")
    blocks += [f"- {item}" for item in pace]
    if keep:
        items = separated(keep, lang)
        blocks.append(prose([t("advice.keep", lang, items=items)], lang))
    if unknown:
        items = separated(unknown, lang)
        blocks.append(prose([t("advice.unknown", lang, items=items)], lang))
    changes = _changes(assessment, plan, lang)
    if own_targets:
        blocks.append(f"### {t('advice.targets_heading', lang)}")
        judged = any(g.probability is not None for one in assessment.indicators for g in one.grades)
        none = t("advice.no_change" if judged else "advice.no_ground", lang)
        blocks += [f"- {prose([c], lang)}" for c in changes] or [prose([none], lang)]
    if needs := data_needs(assessment, plan, lang, roster=roster, quality=quality, goals=goals):
        blocks.append(f"### {t('advice.data_heading', lang)}")
        blocks += [f"- {prose([n], lang)}" for n in needs]
    if len(blocks) == 1:
        blocks.append(prose([t("advice.nothing", lang)], lang))
    return Narrative("\n\n".join(blocks))


def pace_items(
    assessment: Assessment,
    plan: Plan,
    lang: str,
    *,
    roster: Roster,
    gaps: Mapping[str, Gap] | None = None,
    tasks: Mapping[str, TaskStatus] | None = None,
    short: bool = False,
) -> list[str]:
    """What to do for each indicator that is in doubt or needs a higher pace, an item each, those at risk first.

    Arguments as in [advice_text]; `short` leaves out the arithmetic behind the first sentence.
    """
    out = []
    for one in pressing_first(assessment):
        indicator = plan.indicator(one.id)
        if one.head is not None and one.current is not None and _pressing(one, indicator):
            gap, day = (gaps or {}).get(one.id), assessment.as_of
            said = _pace(one, one.head, indicator, gap, roster, lang, day=day, short=short)
            said += _held_up(indicator, plan, tasks or {}, lang)
            out.append(f"**{escape_markdown(indicator.name[lang])}**{colon(lang)}{prose(said, lang)}")
    return out


def recommendations(
    assessment: Assessment,
    plan: Plan,
    lang: str,
    *,
    roster: Roster,
    gaps: Mapping[str, Gap] | None = None,
    quality: Quality | None = None,
    goals: Sequence[GoalStatus] = (),
    tasks: Mapping[str, TaskStatus] | None = None,
) -> list[str]:
    """The recommendations of [advice_text] one by one and in short, the most pressing first: pace, targets, figures."""
    pace = pace_items(assessment, plan, lang, roster=roster, gaps=gaps, tasks=tasks, short=True)
    rest = [
        *_changes(assessment, plan, lang),
        *data_needs(assessment, plan, lang, roster=roster, quality=quality, goals=goals),
    ]
    return [*pace, *(prose([one], lang) for one in rest)]


def _pressing(one: IndicatorAssessment, indicator: Indicator) -> bool:
    """Whether something has to be done for an indicator: it has a verdict and is in doubt or too slow."""
    if one.head is None or one.verdict == "not_assessable":
        return False
    return in_doubt(one) or _must_gain(aimed_at(one, one.head, indicator), indicator)


def _held_up(indicator: Indicator, plan: Plan, known: Mapping[str, TaskStatus], lang: str) -> list[str]:
    """The indicator's tasks that are reported late or not started, each with who is responsible."""
    said = []
    for status in ("late", "not_started"):
        names = []
        for x in plan.tasks:
            if indicator.id in x.indicators and x.id in known and known[x.id].status == status:
                title, owner = quoted([x.title[lang]], lang), known[x.id].owner[lang]
                told = {"title": title, "owner": escape_markdown(owner)}
                names.append(t("advice.task_owner", lang, **told) if owner else title)
        if names:
            said.append(t(f"advice.tasks_{status}", lang, names=joined(names, lang)))
    return said


def _pace(
    one: IndicatorAssessment,
    head: TargetGrade,
    indicator: Indicator,
    gap: Gap | None,
    roster: Roster,
    lang: str,
    *,
    day: date,
    short: bool,
) -> list[str]:
    current = one.current
    assert current is not None
    said = []
    if (aim := aimed_at(one, head, indicator)) is not head:
        target = quantity(aim.value, indicator.unit, lang)
        said.append(t("advice.next", lang, met=head.year, year=aim.year, target=target))
        head, gap = aim, None  # gaps are against the headline's target
    years = head.year - current.year
    needed, done = paces(head, indicator)
    d = 1.0 if indicator.direction == "up" else -1.0
    if years > 0 and needed is not None and done is not None:
        growth, percentage = by_growth(head, indicator), is_percentage(indicator)
        wrong = d * done < 0
        key = "share" if percentage else "grow" if growth else "add"
        if wrong:
            key += "_fell"
        elif key == "grow" and d * needed <= d * done:
            key += "_hold"
        write = percent if growth else None
        required, achieved = (write(abs(x), lang) if write else amount(abs(x), indicator, lang) for x in (needed, done))
        past, steps = pace_years(one.baseline_year or current.year, current.year, lang)
        told = {
            "years": years,
            "year": head.year,
            "required": required,
            "span": span(current.year + 1, head.year, lang),
        }
        told |= {"past": past, "steps": steps, "up": int(d > 0), "rose": int(done >= 0)}
        total = "" if growth else amount(abs(years * needed), indicator, lang)
        said.append(t(f"advice.{key}", lang, **told, achieved=achieved, total=total))
        if d * needed <= d * done and not in_doubt(one):
            said.append(t("advice.below", lang))
        # A milestone is set for a year-end that is still to come.
        ahead = max(current.year + 1, day.year + (day >= date(day.year, 12, 31)))
        if ahead < head.year and not short and head.required_change is not None:
            value = current.value + head.required_change * (ahead - current.year)
            if indicator.kind == "cumulative_count":
                value = math.ceil(value - 1e-9)
            said.append(
                t(
                    "advice.milestone",
                    lang,
                    year=ahead,
                    value=level_asked(value, indicator, lang),
                    up=int(head.required_change >= 0),
                )
            )
    if gap is not None and gap.carriers:
        most, tied = _named(gap)
        to_target = d * (head.value - current.value)
        gain = sum(c.short for c in most)
        if to_target > 0:
            names = (
                t("advice.any", lang, n=tied, some=cardinal(len(most), lang))
                if tied > len(most)
                else joined([roster.area(c.area).short[lang] for c in most], lang)
            )
            enough = gap.against == "target" and gain >= to_target
            said.append(
                t(
                    "advice.carriers_all" if enough else f"advice.carriers_{gap.against}",
                    lang,
                    n=len(most),
                    up=int(d > 0),
                    names=names,
                    sum=amount(gain, indicator, lang),
                    gap=amount(to_target, indicator, lang),
                    share=percent(gain / to_target, lang),
                )
            )
    return said


def _named(gap: Gap) -> tuple[tuple[Carrier, ...], int]:
    """The districts to name, and of how many alike they are any: none is named before another of the same gap."""
    most = (gap.carriers if gap.against == "target" else gap.covering(HALF))[:NAMED]
    least = most[-1].short
    alike = tuple(c for c in gap.carriers if c.short >= least - 1e-6)
    if len(alike) <= LISTED:
        return alike, len(alike)
    larger = tuple(c for c in alike if c.short > least + 1e-6)
    return (larger, len(larger)) if larger else (most, len(alike))


def _must_gain(head: TargetGrade, indicator: Indicator) -> bool:
    """Whether the target asks for a higher pace than the one so far, however likely it is."""
    needed, done = paces(head, indicator)
    d = 1.0 if indicator.direction == "up" else -1.0
    return head.verdict != "achieved" and needed is not None and done is not None and d * needed > d * done


def _needed(head: TargetGrade, indicator: Indicator, lang: str) -> str:
    """What an indicator without a verdict would have to do from its latest figure; empty if that is undefined."""
    growth = indicator.kind == "flow" and head.required_growth is not None
    needed = head.required_growth if growth else head.required_change
    d = 1.0 if indicator.direction == "up" else -1.0
    if needed is None or d * needed <= 0:
        return ""
    required = percent(abs(needed), lang) if growth else amount(abs(needed), indicator, lang)
    key = "advice.unknown_item" if growth else "advice.unknown_item_count"
    name = in_sentence(indicator.name[lang], lang)
    return t(key, lang, indicator=name, year=head.year, required=required, up=int(d > 0))


def _keep(one: IndicatorAssessment, headline: TargetGrade, indicator: Indicator, lang: str) -> str:
    name = in_sentence(indicator.name[lang], lang)
    head = aimed_at(one, headline, indicator)
    needed, done = paces(head, indicator)
    if (head is headline and head.verdict == "achieved") or needed is None or done is None:
        return t("advice.keep_met", lang, indicator=name)
    if head.rule == "hold":
        return t("advice.keep_held", lang, indicator=name)
    falls = indicator.direction == "down" and needed <= 0 and done <= 0
    sign = -1.0 if falls else 1.0
    growth = by_growth(head, indicator)
    required, achieved = (
        percent(sign * x, lang) if growth else amount(sign * x, indicator, lang) for x in (needed, done)
    )
    key = "advice.keep_item" if head is headline else "advice.keep_next"
    return t(
        key + "_fall" * falls,
        lang,
        indicator=name,
        met=headline.year,
        year=head.year,
        target=quantity(head.value, indicator.unit, lang),
        required=required,
        achieved=achieved,
    )


def _changes(assessment: Assessment, plan: Plan, lang: str) -> list[str]:
    level = assessment.options.level
    return [x for one in assessment.indicators for x in _target_changes(one, plan.indicator(one.id), level, lang)]


def _target_changes(one: IndicatorAssessment, indicator: Indicator, level: float, lang: str) -> list[str]:
    """Targets that the figures question: all of them met, two years early or more, or with a probability below 10 %."""
    head = one.head
    if head is None or one.current is None:
        return []
    d = 1.0 if indicator.direction == "up" else -1.0
    unit, name = indicator.unit, indicator.name[lang]
    said = []
    met = [
        p.year
        for p in one.points
        if p.months == 12 and one.baseline_year and p.year > one.baseline_year and d * (p.value - head.value) >= 0
    ]
    # A target derived for a district is not the plan's: no page asks to change it.
    # Nor is one that a later, higher one follows: the plan has asked for more already.
    last = aimed_at(one, head, indicator) is head
    if head.verdict == "achieved" and last and met and head.year - met[0] >= 2 and not head.derived:
        later = next((g for g in one.grades if g.year > head.year and d * (one.current.value - g.value) >= 0), None)
        said.append(
            t(
                "advice.raise",
                lang,
                up=int(d > 0),
                indicator=name,
                met_year=met[0],
                year=head.year,
                target=quantity(head.value, unit, lang),
                early=head.year - met[0],
                value=quantity(one.current.value, unit, lang),
                later=t(
                    "advice.raise_later",
                    lang,
                    up=int(d > 0),
                    later_year=later.year,
                    later_target=quantity(later.value, unit, lang),
                )
                if later
                else "",
            )
        )
    for g in one.grades:
        step = one.outlook.in_year(g.year)
        if g.derived or g.likelihood != "very_unlikely" or step is None:
            continue
        best = step.high if d > 0 else step.low
        relation = "below_target" if d * (best - g.value) < 0 else "not_below"
        said.append(
            t(
                "advice.lower",
                lang,
                indicator=name,
                year=g.year,
                target=quantity(g.value, unit, lang),
                p=probability(g.probability, lang),
                level=percent(level, lang, 0),
                high=quantity(best, unit, lang),
                relation=t(f"advice.{relation}", lang),
            )
        )
    return said
