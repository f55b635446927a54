"""What the same evaluation would have found on earlier days: the same rules on what was known then.

Looks back through the ledger's vintages; words nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from greenreport.areas import Area
from greenreport.assess.evidence import Evidence
from greenreport.assess.fit import fit
from greenreport.assess.grade import grade
from greenreport.assess.model import IndicatorAssessment, Options, TargetGrade, wording_of

__all__ = ["PastVerdict", "a_year_before", "earlier_days", "past_verdicts", "same_target"]


@dataclass(frozen=True)
class PastVerdict:
    """The verdict on one target as it would have been given on `as_of`.

    `year` and `value` are the latest full year known then. Where nothing could be graded `verdict` and `wording` are
    "not_assessable" and `reasons` says why.
    """

    as_of: date
    year: int | None = None
    value: float | None = None
    completion: float | None = None
    probability: float | None = None
    verdict: str = "not_assessable"
    wording: str = "not_assessable"
    reasons: tuple[str, ...] = ()


def a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for 29 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return (day - timedelta(days=1)).replace(year=day.year - 1)


def earlier_days(evidence: Evidence) -> tuple[date, ...]:
    """The anniversaries of the data cut-off since the plan was issued, earliest first, the cut-off itself last.

    Before the ledger's first figure was published there is nothing to look back on.
    """
    days = [evidence.as_of]
    begins = max(evidence.plan.begins, evidence.view.first_published or evidence.plan.begins)
    while (before := a_year_before(days[-1])) >= begins:
        days.append(before)
    return tuple(reversed(days))


def same_target(one: IndicatorAssessment, head: TargetGrade | None) -> TargetGrade | None:
    """The grade of the target that `head` is about, in another assessment of the same indicator."""
    if head is None:
        return None
    return next((g for g in one.grades if (g.year, g.origin, g.label) == (head.year, head.origin, head.label)), None)


def past_verdicts(
    evidence: Evidence, current: tuple[IndicatorAssessment, ...], *, area: Area, options: Options
) -> dict[str, tuple[PastVerdict, ...]]:
    """Earlier verdicts beside the current one.

    Args:
        evidence: plan, roster and ledger as known on the cut-off.
        current: the indicators as assessed on the cut-off.
        area: the area.
        options: as for the current assessment.

    Returns:
        Indicator id → one verdict per day of [earlier_days], the current one last. An area that did not yet exist on
        a day has the reason `area_not_yet`.
    """
    out: dict[str, tuple[PastVerdict, ...]] = {}
    for now in current:
        indicator = evidence.plan.indicator(now.id)
        past = []
        for day in earlier_days(evidence)[:-1]:
            if not area.valid_on(day):
                past.append(PastVerdict(day, reasons=("area_not_yet",)))
                continue
            then = evidence.known_on(day)
            series, found = then.series(indicator, area, options), fit(then, indicator, area, options)
            past.append(_told(day, grade(then, indicator, area, series, found, options, weighing=False), now.head))
        out[now.id] = (*past, _told(evidence.as_of, now, now.head))
    return out


def _told(day: date, one: IndicatorAssessment, head: TargetGrade | None) -> PastVerdict:
    found, current = same_target(one, head), one.current
    year, value = (current.year, current.value) if current else (None, None)
    if found is None:
        return PastVerdict(day, year, value, reasons=one.notes)
    completion, probability = found.completion, found.probability
    return PastVerdict(day, year, value, completion, probability, found.verdict, wording_of(found), found.reasons)
