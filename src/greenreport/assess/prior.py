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

from greenreport.areas import Area
from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Options
from greenreport.assess.statements import Known, known
from greenreport.forecast import Level, Part, PriorGrowth, PriorRate, assumed_growth, learn_prior_growth
from greenreport.plan import Indicator

Array: TypeAlias = npt.NDArray[np.float64]

__all__ = ["borrowed_key", "learned_prior", "prior_for", "rate_for"]

"""Bounds of a share, in per cent."""

_GRAIN = 0.005
"""What a learned prior is rounded to. Half a percentage point says all that a prior can, and a corrected figure of one
district does not move the pages of all others."""

_FEW = 8
"""Up to so many areas, an area's own series is left out of the panel that it is shrunk towards."""


def prior_for(evidence: Evidence, indicator: Indicator, area: Area, options: Options) -> PriorGrowth | float:
    """The growth towards which an indicator's series in an area is shrunk.

    Args:
        evidence: the ledger as known on the day.
        indicator: the indicator, a level or a share.
        area: the area.
        options: a number in `prior_growth` is taken as it is.

    Returns:
        That number, or what was learned, rounded to half a percentage point; where no area says anything, the growth
        assumed for the plan's direction.
    """
    if options.prior_growth is not None:
        return options.prior_growth
    panel = _panel(evidence, indicator, options)
    left_out = area.code if len(panel) <= _FEW or area.kind == "nation" else ""
    key = ("prior", indicator.id, left_out, *_choices(options))
    return evidence.remember(key, lambda: _learn(panel, indicator, left_out))


def learned_prior(evidence: Evidence, options: Options) -> dict[str, PriorGrowth]:
    """Per indicator that is no cumulative count, what all areas' series teach, before rounding.

    Args:
        evidence: plan, roster and ledger.
        options: its choices decide on the series.

    Returns:
        Indicator id → what was learned; indicators without any usable series are left out.
    """
    found = {}
    for indicator in evidence.plan.indicators:
        if indicator.is_count:
            continue
        panel = _panel(evidence, indicator, options)
        made = _taught(panel, indicator)
        if made.n_series:
            found[indicator.id] = made
    return found


def rate_for(evidence: Evidence, indicator: Indicator, area: Area, options: Options) -> PriorRate | None:
    """What the districts' counts show of a district's annual rate, where its own record is thin.

    Mean and standard deviation of the other districts' annual increments since their first figure; None for the area
    planned for, from fewer than three districts, and where a number in `prior_growth` says that nothing is to be learned
    from other areas. Rounded to a twentieth, for the same reason as a prior growth.
    """
    if options.prior_growth is not None or area.code not in {d.code for d in evidence.districts}:
        return None

    def rates() -> dict[str, float]:
        out = {}
        for district in evidence.districts:
            levels = [
                k.statement
                for k in known(evidence, indicator, district, options)
                if isinstance(k.statement, Level) and not k.doubt and k.statement.elapsed == 1.0
            ]
            if len(levels) > 1:
                out[district.code] = (levels[-1].value - levels[0].value) / (levels[-1].year - levels[0].year)
        return out

    every = evidence.remember(("rates", indicator.id, *_choices(options)), rates)
    others = np.array([rate for code, rate in every.items() if code != area.code or len(every) > _FEW])
    if len(others) < 3:
        return None
    mean, spread = float(others.mean()), float(others.std(ddof=1))
    return PriorRate(max(round(mean / 0.05) * 0.05, 0.05), max(round(spread / 0.05) * 0.05, 0.05))


def borrowed_key(evidence: Evidence, options: Options) -> str:
    """What a page takes from areas whose rows it does not read.

    The learned priors as they are used, and the shares of the year that the area planned for borrows from its
    districts. A page is stale when this changes.

    Covers the page's own choices and those that its sensitivity tries beside them.

    Args:
        evidence: the ledger as known on the day.
        options: the page's choices.
    """
    own = replace(options, nowcast=True)
    tried = (own, replace(own, use_unconfirmed=not own.use_unconfirmed), replace(own, bridge=not own.bridge))
    return repr([_borrowed(evidence, choices) for choices in tried])


def _borrowed(evidence: Evidence, options: Options) -> list[object]:
    out: list[object] = []
    whole = evidence.roster.city
    for indicator in evidence.plan.indicators:
        items = known(evidence, indicator, whole, options)
        out.append([k.statement.borrowed for k in items if isinstance(k.statement, Part)])
        if indicator.is_count:
            out += [rate_for(evidence, indicator, d, options) for d in evidence.districts[:1]]
        if indicator.is_count or options.prior_growth is not None:
            continue
        panel = _panel(evidence, indicator, options)
        if len(panel) <= _FEW:
            out.append(sorted((code, values.tolist()) for code, values in panel.items()))
        else:
            made = prior_for(evidence, indicator, whole, options)
            out.append((float(made), getattr(made, "sd", None)))
    return out


def _learn(panel: dict[str, Array], indicator: Indicator, left_out: str) -> PriorGrowth:
    made = _taught({c: y for c, y in panel.items() if c != left_out}, indicator)

    def rounded(value: float) -> float:
        return round(value / _GRAIN) * _GRAIN

    return replace(made, value=rounded(made.value), sd=max(rounded(made.sd), _GRAIN))


def _taught(panel: Mapping[str, Array], indicator: Indicator) -> PriorGrowth:
    bounds = indicator.bounds
    mean, sd = assumed_growth(indicator.direction, bounded=bounds is not None)
    return learn_prior_growth(panel, assumed=mean, assumed_sd=sd, bounds=bounds)


def _choices(options: Options) -> tuple[object, ...]:
    return options.without, options.use_unconfirmed, options.comparable, options.bridge


def _panel(evidence: Evidence, indicator: Indicator, options: Options) -> dict[str, Array]:
    """Annual levels of every area with two or more, by code: districts, the city, the nation; doubtful ones left out."""

    def gather() -> dict[str, Array]:
        above = [a for a in (evidence.roster.city, evidence.roster.nation) if a is not None]
        out = {}
        for area in (*evidence.districts, *above):
            values = _values(known(evidence, indicator, area, options))
            if values is not None:
                out[area.code] = values
        return out

    return evidence.remember(("panel", indicator.id, *_choices(options)), gather)


def _values(items: tuple[Known, ...]) -> Array | None:
    levels = {k.statement.year: k.statement.value for k in items if isinstance(k.statement, Level) and not k.doubt}
    if len(levels) < 2:
        return None
    first, last = min(levels), max(levels)
    return np.array([levels.get(year, np.nan) for year in range(first, last + 1)])
