"""What holds indicators back: the chapter on problems and their causes.

Every sentence follows from a figure of the assessment; none proposes a measure that the plan or the data do not name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from greenreport.areas import Roster
from greenreport.assess.goals import GoalStatus
from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.assess.quality import Quality
from greenreport.assess.shortfall import Carrier, Gap, steps, weakest_year
from greenreport.plan import Indicator, Plan, Task
from greenreport.present.evidence_words import ranged
from greenreport.present.messages import As, Message, Said, about, in_sentence, prose, titled
from greenreport.present.narrative import reason_text
from greenreport.present.numbers import clauses, exact_digits, joined, listed, percent, quantity
from greenreport.present.paces import amount, level_asked, sign
from greenreport.present.show import Narrative
from greenreport.present.tabulate import quoted
from greenreport.tasks import TaskStatus

HALF = 0.5
"""The districts named carry at least this share of a gap."""
NAMED = 6
"""At most so many districts are named in one sentence."""
LISTED = 10
"""A list of no more than this is given in full."""


@dataclass(frozen=True)
class Grounds:
    """What problems and recommendations rest on beside an assessment.

    Args:
        roster: names of districts.
        gaps: for the area planned for: indicator → its standing by district.
        quality: for the area planned for: the districts' figures.
        goals: the goals of the plan's text.
        tasks: task id → latest report, where tasks are told of.
    """

    roster: Roster
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    quality: Quality | None = None
    goals: Sequence[GoalStatus] = ()
    tasks: Mapping[str, TaskStatus] = field(default_factory=dict)


Part = Literal["both", "problems", "causes"]
_HEADINGS = {"both": "problems.heading", "problems": "problems.heading_problems", "causes": "problems.heading_causes"}


def problems_text(assessment: Assessment, plan: Plan, lang: str, grounds: Grounds, *, part: Part = "both") -> Narrative:
    """What holds each indicator in doubt back: the gap, the year, the districts, the figures, the tasks.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.
        grounds: what the problems rest on.
        part: where problems and causes are chapters of their own, which one.

    Returns:
        An item per indicator, with a heading.
    """
    items = problem_items(assessment, plan, lang, grounds, part=part)
    if part == "causes":
        lead: list[Message] = [] if items else [Message("problems.causes_none")]
    else:
        lead = list(_lead(assessment))
    if len(assessment.indicators) > 1:
        items = [f"- {item}" for item in items]
    return titled(_HEADINGS[part], [prose(lead, lang), *items], lang)


def _lead(assessment: Assessment) -> Iterator[Message]:
    """How many indicators are in doubt or without a verdict."""
    counted = {"doubt": sum(map(in_doubt, assessment.indicators)), "blank": len(_blank(assessment))}
    items = [Message(f"problems.lead_{key}", n=n) for key, n in counted.items() if n]
    if len(assessment.indicators) > 1:
        key = "problems.lead" if items else "problems.lead_none"
        yield Message(key, n=len(assessment.concerning), items=As(clauses, items))
    elif not items:
        yield Message("problems.one_none")


def _blank(assessment: Assessment) -> list[IndicatorAssessment]:
    """The indicators without a verdict."""
    return [one for one in assessment.concerning if one.verdict == "not_assessable"]


def problem_items(assessment: Assessment, plan: Plan, lang: str, grounds: Grounds, *, part: Part = "both") -> list[str]:
    """What holds each indicator back, an item each: those in doubt first."""
    items = []
    for one in filter(in_doubt, pressing_first(assessment)):
        indicator = plan.indicator(one.id)
        said: list[Said] = []
        if part != "causes":
            said += _standing(one, indicator, assessment.options.level)
        if part != "problems":
            due = len(grounds.roster.on(assessment.as_of))
            said += _years(one, indicator)
            said += _districts(grounds.gaps.get(one.id), indicator, grounds.roster, due=due)
            said += [*_figures(one, grounds.quality), *_linked(indicator, plan, grounds.tasks)]
        if said:
            items.append(about([indicator.name[lang]], said, lang))
    groups: dict[str, list[str]] = {}
    for one in _blank(assessment):
        indicator = plan.indicator(one.id)
        said = [_why_blank(one)] if part != "causes" else []
        if part != "problems":
            said += _linked(indicator, plan, grounds.tasks)
        if said:
            names = groups.setdefault(prose(said, lang), [])
            names.append(in_sentence(indicator.name[lang], lang) if names else indicator.name[lang])
    return items + [about(names, [why], lang) for why, names in groups.items()]


def pressing_first(assessment: Assessment) -> list[IndicatorAssessment]:
    """The indicators with those at risk before the others, else in the plan's order."""
    return sorted(assessment.indicators, key=lambda one: one.verdict != "at_risk")


def first_reason(one: IndicatorAssessment) -> str | None:
    """The code of the first reason why there is no verdict: of a missing forecast, why that is missing."""
    code = next(iter(one.head.reasons if one.head else one.notes), None)
    return one.outlook.reason if code == "no_forecast" and one.outlook.reason else code


def _why_blank(one: IndicatorAssessment) -> Message:
    """That there is no verdict, and the first reason."""
    verdict, code = Message("verdict.not_assessable"), first_reason(one)
    return Message("problems.blank", verdict=verdict, why=As(reason_text, code, one)) if code else verdict


def in_doubt(one: IndicatorAssessment) -> bool:
    """Whether an indicator is at risk, or about as likely as not to be met."""
    return one.head is not None and one.verdict in ("at_risk", "uncertain")


def _standing(one: IndicatorAssessment, indicator: Indicator, level: float) -> Iterator[Message]:
    """What is missing to the required path; where nothing is, how the forecast stands to the target."""
    head, current, d, unit = one.head, one.current, sign(indicator), indicator.unit
    if head is None or current is None or head.required_now is None:
        return
    to_target, short = (d * (x - current.value) for x in (head.value, head.required_now))
    told = {
        "year": current.year,
        "value": As(quantity, current.value, unit),
        "required": As(level_asked, head.required_now, indicator),
        "to_target": _difference(to_target, one, indicator),
        "target_year": head.year,
        "target": As(quantity, head.value, unit),
        "up": d > 0,
    }
    step = one.outlook.in_year(head.year)
    if short > 1e-9:
        yield Message("problems.short", **told, short=_difference(short, one, indicator))
    elif step is not None and to_target > 0:
        low = As(quantity, step.low if d > 0 else step.high, unit)
        yield Message("problems.no_short", **told, low=low, **ranged(step, unit, level))


def _difference(value: float, one: IndicatorAssessment, indicator: Indicator) -> As:
    """A difference with no more digits than the ledger's own figures have, in the unit of the latest one."""
    digits = exact_digits(p.value for p in one.points if p.kind != "derived")
    return As(amount, value, indicator, digits=digits, beside=one.current.value if one.current else 0.0)


def _years(one: IndicatorAssessment, indicator: Indicator) -> Iterator[Message]:
    """The year that fell shortest of what was needed, or that each of them did."""
    up = indicator.direction == "up"
    worst, found = weakest_year(one, up=up), steps(one, up=up)
    if worst is None:
        return
    told = {"year": worst.year, "change": _difference(abs(worst.change), one, indicator), "up": up}
    if len(found) > 1 and all(step.short > 1e-9 for step in found):
        key = "problems.each_short_back" if worst.change < 0 else "problems.each_short"
        yield Message(key, **told, needed=_difference(worst.needed, one, indicator))
        return
    yield Message(
        "problems.weakest_flat" if abs(worst.change) <= 1e-9 else "problems.weakest",
        **told,
        # A year that went the other way is told by its own word: a fall of 0.7 where an increase was needed.
        rose=(worst.change >= 0) == up,
        asked=(worst.needed >= 0) == up,
        needed=_difference(abs(worst.needed), one, indicator),
        short=_difference(worst.short, one, indicator),
    )


def _districts(gap: Gap | None, indicator: Indicator, roster: Roster, *, due: int) -> Iterator[Message]:
    """Which districts carry the gap; a sum over some of the `due` districts says on how many it rests."""
    if gap is None or not gap.carriers:
        return
    yield from (_behind_targets if gap.against == "target" else _behind_paths)(gap, indicator, roster)
    if gap.known + len(gap.unknown) < due:
        yield Message("problems.resting", known=gap.known, due=due)
    elif gap.unknown:
        yield Message("problems.unknown", n=len(gap.unknown), year=gap.year)


def _behind_targets(gap: Gap, indicator: Indicator, roster: Roster) -> Iterator[Message]:
    """The districts that have not reached their targets, with what each lacks."""
    carriers = gap.carriers
    names: Said = As(joined, [roster.area(c.area).short for c in carriers])
    if len(carriers) > 1:
        if len({round(c.short, 6) for c in carriers}) == 1:
            each = Message("problems.equal_each", short=As(amount, carriers[0].short, indicator))
            names = As(clauses, [names, each])
        elif len(carriers) <= LISTED:
            names = As(joined, _carriers(carriers, indicator, roster))
        else:
            names = Message("problems.among", names=As(_more, _carriers(carriers[:NAMED], indicator, roster)))
    key = "problems.lacking_target" if len(carriers) > 1 else "problems.lacking_one"
    yield Message(key, n=len(carriers), lacking=As(amount, gap.lacking, indicator), names=names)


def _behind_paths(gap: Gap, indicator: Indicator, roster: Roster) -> Iterator[Message]:
    """The districts behind their required paths, against what the others are ahead of theirs."""
    told = {
        "lacking": As(amount, gap.lacking, indicator),
        "spare": As(amount, gap.spare, indicator),
        "up": indicator.direction == "up",
    }
    if len(gap.carriers) == 1:
        yield Message("problems.spare_one", names=roster.area(gap.carriers[0].area).short, **told)
        return
    yield Message("problems.spare", n=len(gap.carriers), **told)
    most = gap.covering(HALF)[:NAMED]
    names = As(joined, _carriers(most, indicator, roster))
    yield Message("problems.carriers", names=names, share=As(percent, sum(c.share for c in most)))


def _carriers(carriers: Sequence[Carrier], indicator: Indicator, roster: Roster) -> list[Message]:
    """The districts that account for a gap, with their parts of it."""
    return [
        Message(
            "problems.carrier",
            area=roster.area(c.area).short,
            short=As(amount, c.short, indicator),
            share=As(percent, c.share),
        )
        for c in carriers
    ]


def _more(names: Sequence[str], lang: str) -> str:
    """A list that others follow: in English no “and” before the last one named."""
    return listed(names, lang) if lang == "en" else joined(names, lang)


def _figures(one: IndicatorAssessment, quality: Quality | None) -> Iterator[Message]:
    """How many figures of the latest year are missing or not final."""
    if quality is None or one.current is None:
        return
    year, items = one.current.year, []
    for key, statuses in (("missing", ("missing", "part")), ("provisional", ("provisional",))):
        if n := sum(c.indicator == one.id and c.year == year for c in quality.having(*statuses)):
            items.append(Message(f"problems.data_{key}", n=n, year=year))
    if items:
        yield Message("problems.data", items=As(clauses, items))


def held_up(indicator: Indicator, plan: Plan, known: Mapping[str, TaskStatus]) -> dict[str, list[Task]]:
    """The indicator's tasks that are reported late or not started, by status; a status that none has is left out."""
    found: dict[str, list[Task]] = {}
    for status in ("late", "not_started"):
        for task in plan.tasks:
            if indicator.id in task.indicators and task.id in known and known[task.id].status == status:
                found.setdefault(status, []).append(task)
    return found


def _linked(indicator: Indicator, plan: Plan, known: Mapping[str, TaskStatus]) -> list[Said]:
    """The indicator's tasks that are held up, by name."""
    return [
        Message(
            "problems.tasks",
            names=As(quoted, [task.title for task in tasks]),
            status=As(in_sentence, Message(f"tasks.status.{status}")),
        )
        for status, tasks in held_up(indicator, plan, known).items()
    ]


def late_tasks(plan: Plan, tasks: Mapping[str, TaskStatus]) -> list[Message]:
    """The tasks behind schedule, as one message; none where all keep to theirs."""
    names = [x.title for x in plan.tasks if x.id in tasks and tasks[x.id].status == "late"]
    return [Message("papers.brief.late_tasks", names=As(quoted, names))] if names else []
