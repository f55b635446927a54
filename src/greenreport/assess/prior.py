"""The prior growth of an indicator: what the ledger's own areas and the nation show as of the day.

A district's growth over two years is mostly noise; that of all districts is not. So every series is drawn towards what
its neighbours show, with the uncertainty of that, and a fixed number is an option (`prior_growth`). On plans that have
ended this made the difference between a useful and a misleading "unlikely" (docs/forecasting.md, "Past plans").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from greenreport.assess.case import Case
from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Options
from greenreport.assess.statements import Known, known
from greenreport.forecast import Level, Part, PriorGrowth, PriorRate, assumed_growth, learn_prior_growth
from greenreport.plan import Indicator

Array: TypeAlias = npt.NDArray[np.float64]

__all__ = ["borrowed_key", "learned_prior", "prior_for", "rate_for"]

_GRAIN = 0.005
"""What a learned prior is rounded to. Half a percentage point says all that a prior can, and a corrected figure of one
district does not move the pages of all others."""

_FEW = 8
"""Up to so many areas, an area's own series is left out of the panel that it is shrunk towards."""


def prior_for(case: Case) -> PriorGrowth | float:
    """The growth towards which a series is shrunk: the number chosen, or what was learned, rounded to half a point."""
    if case.options.prior_growth is not None:
        return case.options.prior_growth
    panel = _panel(case)
    left_out = case.area.code if len(panel) <= _FEW or case.national else ""

    def learn() -> PriorGrowth:
        made = _taught({code: y for code, y in panel.items() if code != left_out}, case.indicator)
        value, sd = (round(x / _GRAIN) * _GRAIN for x in (made.value, made.sd))
        return replace(made, value=value, sd=max(sd, _GRAIN))

    return case.evidence.remember(("prior", case.indicator.id, left_out, *_choices(case)), learn)


def learned_prior(evidence: Evidence, options: Options) -> dict[str, PriorGrowth]:
    """Per indicator that is no cumulative count, what all areas' series teach, before rounding, if anything."""
    found = {
        i.id: _taught(_panel(Case(evidence, i, evidence.roster.city, options)), i)
        for i in evidence.plan.indicators
        if not i.is_count
    }
    return {id: made for id, made in found.items() if made.n_series}


def rate_for(case: Case) -> PriorRate | None:
    """What the districts' counts show of a district's annual rate, where its own record is thin.

    Mean and standard deviation of the other districts' annual increments since their first figure; None for the area
    planned for, from fewer than three districts, and where a number in `prior_growth` says that nothing is to be learned
    from other areas. Rounded to a twentieth, for the same reason as a prior growth.
    """
    districts = case.evidence.districts
    if case.options.prior_growth is not None or case.area.code not in {d.code for d in districts}:
        return None

    def rates() -> dict[str, float]:
        out = {}
        for district in districts:
            levels = [
                k.statement
                for k in known(case.of(district))
                if isinstance(k.statement, Level) and not k.doubt and k.statement.elapsed == 1.0
            ]
            if len(levels) > 1:
                out[district.code] = (levels[-1].value - levels[0].value) / (levels[-1].year - levels[0].year)
        return out

    every = case.evidence.remember(("rates", case.indicator.id, *_choices(case)), rates)
    others = np.array([rate for code, rate in every.items() if code != case.area.code or len(every) > _FEW])
    if len(others) < 3:
        return None
    mean, spread = float(others.mean()), float(others.std(ddof=1))
    return PriorRate(max(round(mean / 0.05) * 0.05, 0.05), max(round(spread / 0.05) * 0.05, 0.05))


def borrowed_key(evidence: Evidence, options: Options) -> str:
    """What a page takes from areas whose rows it does not read: the page is stale when this changes.

    The learned priors as they are used, and the shares of the year that the area planned for borrows from its districts,
    under the page's own choices and those that its sensitivity tries beside them.
    """
    own = replace(options, nowcast=True)
    tried = (own, replace(own, use_unconfirmed=not own.use_unconfirmed), replace(own, bridge=not own.bridge))
    return repr([_borrowed(evidence, choices) for choices in tried])


def _borrowed(evidence: Evidence, options: Options) -> list[object]:
    out: list[object] = []
    for indicator in evidence.plan.indicators:
        case = Case(evidence, indicator, evidence.roster.city, options)
        out.append([k.statement.borrowed for k in known(case) if isinstance(k.statement, Part)])
        if indicator.is_count:
            out += [rate_for(case.of(d)) for d in evidence.districts[:1]]
        if indicator.is_count or options.prior_growth is not None:
            continue
        panel = _panel(case)
        if len(panel) <= _FEW:
            out.append(sorted((code, values.tolist()) for code, values in panel.items()))
        else:
            made = prior_for(case)
            out.append((float(made), getattr(made, "sd", None)))
    return out


def _taught(panel: Mapping[str, Array], indicator: Indicator) -> PriorGrowth:
    bounds = indicator.bounds
    mean, sd = assumed_growth(indicator.direction, bounded=bounds is not None)
    return learn_prior_growth(panel.values(), assumed=mean, assumed_sd=sd, bounds=bounds)


def _choices(case: Case) -> tuple[object, ...]:
    o = case.options
    return o.without, o.use_unconfirmed, o.comparable, o.bridge


def _panel(case: Case) -> dict[str, Array]:
    """Annual levels of every area with two or more, by code: districts, the city, the nation; doubtful ones left out."""

    def gather() -> dict[str, Array]:
        roster = case.evidence.roster
        areas = (*case.evidence.districts, *(a for a in (roster.city, roster.nation) if a is not None))
        found = {area.code: _values(known(case.of(area))) for area in areas}
        return {code: values for code, values in found.items() if values is not None}

    return case.evidence.remember(("panel", case.indicator.id, *_choices(case)), gather)


def _values(items: tuple[Known, ...]) -> Array | None:
    levels = {k.statement.year: k.statement.value for k in items if isinstance(k.statement, Level) and not k.doubt}
    if len(levels) < 2:
        return None
    return np.array([levels.get(year, np.nan) for year in range(min(levels), max(levels) + 1)])
