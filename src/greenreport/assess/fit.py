"""From what is known of an indicator to an outlook: which model, which horizon, in numbers.

The forecast package knows statements and arrays only; this module knows which of them an indicator is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from greenreport.areas import Area
from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Options, Outlook, OutlookStep
from greenreport.assess.prior import prior_for, rate_for
from greenreport.assess.statements import Known, first_step, known, when
from greenreport.forecast import Experience, Forecast, chance, experience, forecast, forecast_evidence
from greenreport.plan import Indicator

__all__ = ["fit", "fit_known", "outlook", "probability"]


def fit(evidence: Evidence, indicator: Indicator, area: Area, options: Options) -> Forecast:
    """Forecast one indicator of one area to the plan's last target year.

    Args:
        evidence: plan, roster and ledger as known on the day.
        indicator: says whether the series is a level, a share or a cumulative count.
        area: the area.
        options: method, prior growth, which evidence counts.

    Returns:
        The forecast of `start` and the years after it; `ok` is False where nothing at all is known of the level.
    """

    def make() -> Forecast:
        items = known(evidence, indicator, area, options)
        return fit_known(evidence, indicator, area, options, [k for k in items if not k.doubt])

    return evidence.remember(("fit", indicator, area.code, options), make)


def fit_known(
    evidence: Evidence, indicator: Indicator, area: Area, options: Options, items: Sequence[Known]
) -> Forecast:
    """The same from these pieces of evidence only: what an outlook would be without one of them, or with a doubtful one.

    Args:
        evidence: as for [fit]; so are `indicator`, `area` and `options`.
        indicator: the indicator.
        area: the area.
        options: the choices.
        items: what is believed.
    """
    start = first_step(items, indicator.baseline.year)
    count = indicator.is_count
    if count:  # what is reached is a fact: the first year that is forecast is the one of which it is told last
        start = max([start, *(when(k.statement) for k in items)])
    last_year = max(max(evidence.plan.target_years), start)
    bounds = indicator.bounds
    if not count and options.method != "auto":
        values = evidence.series(indicator, area, options).values
        made = forecast(values, last_year - start + 1, method=options.method, bounds=bounds)
        return made.starting(start)
    return forecast_evidence(
        [k.statement for k in items],
        start=start,
        last_year=last_year,
        kind="count" if count else "level",
        prior_growth=0.0 if count else prior_for(evidence, indicator, area, options),
        bounds=bounds,
        prior_rate=rate_for(evidence, indicator, area, options) if count else None,
        lasting=options.experience and area.kind != "nation",
        goal=None if count or area.kind == "nation" else _goal(evidence, indicator, area, options),
    )


def _goal(evidence: Evidence, indicator: Indicator, area: Area, options: Options) -> float | None:
    """The lowest level that a target asks of an area; None where none asks anything."""
    asked = []
    for target in indicator.targets:
        own = evidence.own_target(indicator, area, target.year)
        if own is None and target.value is not None:
            whole = area.code == evidence.plan.area
            own = target.value if whole else evidence.derived_target(indicator, area, target.value, options)[0]
        if own is not None:
            asked.append(own)
    return min(asked, default=None)


def probability(
    evidence: Evidence, found: Forecast, indicator: Indicator, year: int, value: float, options: Options
) -> float | None:
    """P(the value of a year meets a target), with what past plans teach unless that is switched off.

    None where the forecast does not reach the year, or there is none.
    """
    place = found.place(year)
    if place is None:
        return None
    learned: Experience | None = experience(evidence.plan.past_plan) if options.experience else None
    return chance(found, value, place + 1, up=indicator.direction == "up", learned=learned)


def outlook(found: Forecast, *, level: float, orientation: bool = False) -> Outlook:
    """A forecast as numbers that travel, one step a year.

    Args:
        found: the forecast.
        level: of the printed interval.
        orientation: whether only the baseline is known.
    """
    steps: tuple[OutlookStep, ...] = ()
    if found.ok and found.start is not None:
        low, high = found.interval(level)
        low50, high50 = found.interval(0.50)
        steps = tuple(
            OutlookStep(found.start + i, *(float(a[i]) for a in (found.median, low, high, low50, high50)))
            for i in range(found.horizon)
        )
    return Outlook(
        ok=found.ok,
        method=found.method,
        reason=found.reason,
        n=found.n,
        least=found.least,
        steps=steps,
        parameters=_plain(found.parameters),
        refused=tuple((str(what), str(why)) for what, why in found.refused),
        nowcast=None if found.nowcast is None or not found.ok else _plain(found.nowcast),
        record=found.to_dict() if found.ok else None,
        orientation=orientation,
    )


def _plain(parameters: Mapping[str, object]) -> dict[str, object]:
    return {k: float(v) if isinstance(v, np.floating) else v for k, v in parameters.items()}
