"""What holds indicators back: the chapter on problems and their causes.

Every sentence follows from a figure of the assessment; none proposes a measure that the plan or the data do not name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from greenreport.areas import Roster
from greenreport.assess.drivers import Carrier, Gap, steps, weakest_year
from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.assess.quality import Quality
from greenreport.plan import Indicator, Plan
from greenreport.present.catalog import t
from greenreport.present.narrative import in_sentence, prose, reason_text
from greenreport.present.numbers import clauses, exact_digits, joined, percent, quantity
from greenreport.present.paces import amount, level_asked
from greenreport.present.show import Narrative
from greenreport.present.tabulate import escape_markdown, quoted
from greenreport.tasks import TaskStatus

__all__ = ["HALF", "LISTED", "NAMED", "colon", "in_doubt", "pressing_first", "problem_items", "problems_text"]

HALF = 0.5
"""The districts named carry at least this share of a gap."""
NAMED = 6
"""At most so many districts are named in one sentence."""
LISTED = 10
"""A list of no more than this is given in full."""
Part = Literal["both", "problems", "causes"]
_HEADINGS = {"both": "problems.heading", "problems": "problems.heading_problems", "causes": "problems.heading_causes"}


def problems_text(
    assessment: Assessment,
    plan: Plan,
    lang: str,
    *,
    roster: Roster,
    gaps: Mapping[str, Gap] | None = None,
    quality: Quality | None = None,
    tasks: Mapping[str, TaskStatus] | None = None,
    part: Part = "both",
) -> Narrative:
    """What holds each indicator in doubt back: the gap, the year, the districts, the figures, the tasks.

    Args:
        assessment: of the area.
        plan: the plan.
        lang: language.
        roster: names of districts.
        gaps: for the area planned for: indicator → its standing by district.
        quality: for the area planned for: the districts' figures.
        tasks: task id → latest report, where tasks are told of.
        part: where problems and causes are chapters of their own: which one.
    """
    doubtful = [one for one in assessment.indicators if in_doubt(one)]
    blank = [one for one in assessment.concerning if one.verdict == "not_assessable"]
    several = len(assessment.indicators) > 1
    said = []
    if several and part != "causes":
        counted = {"doubt": len(doubtful), "blank": len(blank)}
        items = [t(f"problems.lead_{key}", lang, n=n) for key, n in counted.items() if n]
        key = "problems.lead" if items else "problems.lead_none"
        said.append(t(key, lang, n=len(assessment.concerning), items=clauses(items, lang)))
    elif part != "causes" and not doubtful and not blank:
        said.append(t("problems.one_none", lang))
    items = problem_items(assessment, plan, lang, roster=roster, gaps=gaps, quality=quality, tasks=tasks, part=part)
    if part == "causes" and not items:
        said.append(t("problems.causes_none", lang))
    heading = f"## {t(_HEADINGS[part], lang)}\n\n"
    lead = prose(said, lang)
    if several:
        items = [f"- {item}" for item in items]
    return Narrative(heading + "\n\n".join([*([lead] if lead else []), *items]))


def problem_items(
    assessment: Assessment,
    plan: Plan,
    lang: str,
    *,
    roster: Roster,
    gaps: Mapping[str, Gap] | None = None,
    quality: Quality | None = None,
    tasks: Mapping[str, TaskStatus] | None = None,
    part: Part = "both",
) -> list[str]:
    """What holds each indicator back, an item each: those in doubt first; arguments as in [problems_text]."""
    items = []
    for one in (one for one in pressing_first(assessment) if in_doubt(one)):
        indicator = plan.indicator(one.id)
        parts = _standing(one, indicator, assessment.options.level, lang) if part != "causes" else []
        if part != "problems":
            parts += [
                *_years(one, indicator, lang),
                *_districts((gaps or {}).get(one.id), indicator, roster, lang, due=len(roster.on(assessment.as_of))),
                *_figures(one, quality, lang),
                *_linked(indicator, plan, tasks or {}, lang),
            ]
        if parts:
            items.append(f"**{escape_markdown(indicator.name[lang])}**{colon(lang)}{prose(parts, lang)}")
    groups: dict[str, list[str]] = {}
    for one in (one for one in assessment.concerning if one.verdict == "not_assessable"):
        indicator = plan.indicator(one.id)
        why = [_why_blank(one, lang)] if part != "causes" else []
        if part != "problems":
            why += [*_figures(one, None, lang), *_linked(indicator, plan, tasks or {}, lang)]
        if why:
            names = groups.setdefault(prose(why, lang), [])
            name = in_sentence(indicator.name[lang], lang) if names else indicator.name[lang]
            names.append(escape_markdown(name))
    return items + [f"**{joined(names, lang)}**{colon(lang)}{why}" for why, names in groups.items()]


def pressing_first(assessment: Assessment) -> list[IndicatorAssessment]:
    """The indicators with those at risk before the others, else in the plan's order."""
    return sorted(assessment.indicators, key=lambda one: one.verdict != "at_risk")


def _why_blank(one: IndicatorAssessment, lang: str) -> str:
    """That there is no verdict, and the first reason."""
    codes = list(one.head.reasons if one.head else one.notes)[:1]
    if "no_forecast" in codes and one.outlook.reason:
        codes = [one.outlook.reason]
    said = t("verdict.not_assessable", lang)
    return said + ("：" if lang == "zh" else " – ") + reason_text(codes[0], one, lang) if codes else said


def in_doubt(one: IndicatorAssessment) -> bool:
    """Whether an indicator is at risk, or about as likely as not to be met."""
    return one.head is not None and (one.verdict == "at_risk" or one.verdict == "uncertain")


def _standing(one: IndicatorAssessment, indicator: Indicator, level: float, lang: str) -> list[str]:
    head, current = one.head, one.current
    if head is None or current is None or head.required_now is None:
        return []
    d = 1.0 if indicator.direction == "up" else -1.0
    digits = _digits(one)
    told = {
        "year": current.year,
        "value": quantity(current.value, indicator.unit, lang),
        "required": level_asked(head.required_now, indicator, lang),
        "to_target": amount(d * (head.value - current.value), indicator, lang, digits, beside=current.value),
        "target_year": head.year,
        "target": quantity(head.value, indicator.unit, lang),
        "up": int(d > 0),
    }
    short = d * (head.required_now - current.value)
    if short > 1e-9:
        return [t("problems.short", lang, **told, short=amount(short, indicator, lang, digits, beside=current.value))]
    step = one.outlook.in_year(head.year)
    if step is None or d * (head.value - current.value) <= 0:
        return []
    return [
        t(
            "problems.no_short",
            lang,
            **told,
            median=quantity(step.median, indicator.unit, lang),
            level=percent(level, lang, 0),
            low=quantity(step.low if d > 0 else step.high, indicator.unit, lang),
        )
    ]


def _years(one: IndicatorAssessment, indicator: Indicator, lang: str) -> list[str]:
    up = indicator.direction == "up"
    worst = weakest_year(one, up=up)
    if worst is None:
        return []

    def say(value: float) -> str:
        return amount(value, indicator, lang, _digits(one), beside=one.current.value if one.current else 0.0)

    told = {
        "year": worst.year,
        "change": say(worst.change),
        "needed": say(worst.needed),
        "up": int(up),
    }
    if all(s.short > 1e-9 for s in steps(one, up=up)) and len(steps(one, up=up)) > 1:
        if worst.change < 0:
            return [t("problems.each_short_back", lang, **told | {"change": say(abs(worst.change))})]
        return [t("problems.each_short", lang, **told)]
    # A year that went the other way is told by its own word: a fall of 0.7 where an increase was needed.
    told |= {"rose": int((worst.change >= 0) == up), "asked": int((worst.needed >= 0) == up)}
    told |= {"change": say(abs(worst.change)), "needed": say(abs(worst.needed))}
    flat = abs(worst.change) <= 1e-9
    return [t("problems.weakest_flat" if flat else "problems.weakest", lang, **told, short=say(worst.short))]


def _districts(gap: Gap | None, indicator: Indicator, roster: Roster, lang: str, *, due: int) -> list[str]:
    """Which districts carry the gap; a sum over some of the `due` districts says on how many it rests."""
    if gap is None or not gap.carriers:
        return []
    lacking = amount(gap.lacking, indicator, lang)
    said = []
    if gap.against == "target":
        each = {round(c.short, 6) for c in gap.carriers}
        names = [roster.area(c.area).short[lang] for c in gap.carriers]
        if len(names) == 1:
            told = names[0]
        elif len(each) == 1:
            comma = "，" if lang == "zh" else ", "
            one = t("problems.equal_each", lang, short=amount(gap.carriers[0].short, indicator, lang))
            told = joined(names, lang) + comma + one
        else:
            full = len(gap.carriers) <= LISTED
            told = (
                _carriers(gap.carriers, indicator, roster, lang)
                if full
                else t(
                    "problems.among", lang, names=_carriers(gap.carriers[:NAMED], indicator, roster, lang, more=True)
                )
            )
        key = "problems.lacking_target" if len(names) > 1 else "problems.lacking_one"
        said.append(t(key, lang, n=len(names), lacking=lacking, names=told))
    else:
        up = int(indicator.direction == "up")
        spare = amount(gap.spare, indicator, lang)
        if len(gap.carriers) == 1:
            name = roster.area(gap.carriers[0].area).short[lang]
            return [
                t("problems.spare_one", lang, names=name, lacking=lacking, spare=spare, up=up),
                *_resting(gap, lang, due),
            ]
        said.append(t("problems.spare", lang, n=len(gap.carriers), lacking=lacking, spare=spare, up=up))
        most = gap.covering(HALF)[:NAMED]
        share = percent(sum(c.share for c in most), lang)
        said.append(t("problems.carriers", lang, names=_carriers(most, indicator, roster, lang), share=share))
    return said + _resting(gap, lang, due)


def _resting(gap: Gap, lang: str, due: int) -> list[str]:
    """On how many districts the sums rest, where not on all."""
    if gap.known + len(gap.unknown) < due:
        return [t("problems.resting", lang, known=gap.known, due=due)]
    return [t("problems.unknown", lang, n=len(gap.unknown), year=gap.year)] if gap.unknown else []


def _carriers(
    carriers: Sequence[Carrier], indicator: Indicator, roster: Roster, lang: str, *, more: bool = False
) -> str:
    """The districts that account for a gap, with their parts of it; `more` where others follow the last one named."""
    told = [
        t(
            "problems.carrier",
            lang,
            area=roster.area(c.area).short[lang],
            short=amount(c.short, indicator, lang),
            share=percent(c.share, lang),
        )
        for c in carriers
    ]
    return ", ".join(told) if more and lang == "en" else joined(told, lang)


def _figures(one: IndicatorAssessment, quality: Quality | None, lang: str) -> list[str]:
    items = []
    if quality is not None and one.current is not None:
        year = one.current.year
        for key, statuses in (("missing", ("missing", "part")), ("provisional", ("provisional",))):
            n = sum(c.indicator == one.id and c.year == year for c in quality.having(*statuses))
            if n:
                items.append(t(f"problems.data_{key}", lang, n=n, year=year))
    if not items:
        return []
    return [t("problems.data", lang, items=clauses(items, lang))]


def _linked(indicator: Indicator, plan: Plan, known: Mapping[str, TaskStatus], lang: str) -> list[str]:
    said = []
    for status in ("late", "not_started"):
        names = [
            x.title[lang]
            for x in plan.tasks
            if indicator.id in x.indicators and x.id in known and known[x.id].status == status
        ]
        if names:
            word = in_sentence(t(f"tasks.status.{status}", lang), lang)
            said.append(t("problems.tasks", lang, names=quoted(names, lang), status=word))
    return said


def _digits(one: IndicatorAssessment) -> int:
    """Digits after the point that the ledger's own figures have."""
    return exact_digits(p.value for p in one.points if p.kind != "derived")


def colon(lang: str) -> str:
    """What stands between the name of an indicator and what is said of it."""
    return "。" if lang == "zh" else ": "
