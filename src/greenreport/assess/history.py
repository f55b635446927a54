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
from greenreport.plan import Indicator

__all__ = ["PastVerdict", "a_year_before", "assess_one", "earlier_days", "past_verdicts", "same_target"]

_NONE = ("not_assessable", "not_assessable")


@dataclass(frozen=True)
class PastVerdict:
    """The verdict on one target as it would have been given on `as_of`.

    `year` and `value` are the latest full year known then. Where nothing could be graded `verdict` is
    "not_assessable" and `reasons` says why. `wording` is the sentence that the two halves of the verdict make.
    """

    as_of: date
    year: int | None
    value: float | None
    completion: float | None
    probability: float | None
    verdict: str
    wording: str
    reasons: tuple[str, ...]


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


def assess_one(evidence: Evidence, indicator: Indicator, area: Area, options: Options) -> IndicatorAssessment:
    """One indicator of one area, from its series to its grades."""
    series = evidence.series(indicator, area, options)
    found = fit(evidence, indicator, area, options)
    return grade(evidence, indicator, area, series, found, options, weighing=False)


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
        evidence: as known on the cut-off; earlier vintages are taken from its ledger.
        current: the indicators as assessed now; their headline targets are followed back.
        area: the area.
        options: as of the current assessment.

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
                past.append(PastVerdict(day, None, None, None, None, *_NONE, ("area_not_yet",)))
                continue
            past.append(_told(day, assess_one(evidence.known_on(day), indicator, area, options), now.head))
        out[now.id] = (*past, _told(evidence.as_of, now, now.head))
    return out


def _told(day: date, one: IndicatorAssessment, head: TargetGrade | None) -> PastVerdict:
    found, current = same_target(one, head), one.current
    return PastVerdict(
        as_of=day,
        year=current.year if current else None,
        value=current.value if current else None,
        completion=found.completion if found else None,
        probability=found.probability if found else None,
        verdict=found.verdict if found else "not_assessable",
        wording=wording_of(found),
        reasons=found.reasons if found else one.notes,
    )
