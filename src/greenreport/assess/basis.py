"""What a verdict rests on.

Every piece of evidence with what it moves, readings that contradict each other, and the one figure that would settle
most.

Forecasts again without a piece, or with one that was kept out; words nothing. Evidence that can't both be right is never
averaged: the reading that the report follows and the other ones stand side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from greenreport.areas import Area
from greenreport.assess.evidence import Evidence
from greenreport.assess.fit import fit_known, probability
from greenreport.assess.model import BasisItem, Options, Reading
from greenreport.assess.prior import prior_for
from greenreport.assess.statements import DOUBTED, Known, first_step
from greenreport.forecast import CONTRADICTION, Bound, Forecast, Level, Related, surprises
from greenreport.plan import Indicator

__all__ = ["Weighed", "contradictions", "most_wanted", "weigh"]

MOST_LEVELS = 8
"""Annual levels that are left out one by one, the newest: what lies further back moves nothing."""


@dataclass(frozen=True)
class Weighed:
    """The evidence of one indicator, weighed against its headline target."""

    basis: tuple[BasisItem, ...] = ()
    readings: tuple[Reading, ...] = ()
    most_wanted: str | None = None


def contradictions(
    evidence: Evidence, indicator: Indicator, area: Area, options: Options, items: Sequence[Known]
) -> tuple[Known, ...]:
    """The pieces, marked as doubtful where they can't hold together with the levels.

    These are published as such, while a rate, a sum or a bound is told of them.

    Args:
        evidence: as for `fit`; so are `indicator`, `area` and `options`.
        indicator: the indicator.
        area: the area.
        options: the choices.
        items: what is known.
    """
    believed = [k for k in items if not k.doubt]
    told = [k for k in believed if not isinstance(k.statement, Level | Related)]
    if not told or indicator.is_count:
        return tuple(items)
    start = first_step(believed, indicator.baseline.year)
    found = surprises(
        [k.statement for k in believed],
        start=start,
        last_year=max(max(evidence.plan.target_years), start),
        prior_growth=prior_for(evidence, indicator, area, options),
        bounds=indicator.bounds,
    )
    wrong = {id(k) for k, p in zip(believed, found, strict=True) if p is not None and p < CONTRADICTION}
    return tuple(replace(k, doubt="contradicts") if id(k) in wrong and k in told else k for k in items)


def weigh(
    evidence: Evidence,
    indicator: Indicator,
    area: Area,
    options: Options,
    items: Sequence[Known],
    found: Forecast,
    *,
    year: int,
    target: float,
) -> Weighed:
    """Weigh the evidence against a target.

    Args:
        evidence: as for `fit`; so are `indicator`, `area` and `options`.
        indicator: the indicator.
        area: the area.
        options: the choices.
        items: all that is known, doubtful pieces marked.
        found: the forecast from the pieces that are not doubtful.
        year: year of the headline target.
        target: its level.
    """

    def told(kept: Sequence[Known]) -> tuple[Forecast, float | None]:
        made = fit_known(evidence, indicator, area, options, kept)
        return made, probability(evidence, made, indicator, year, target, options)

    believed = [k for k in items if not k.doubt]
    levels = [k for k in believed if isinstance(k.statement, Level)]
    fixed = {id(k) for k in levels[:-MOST_LEVELS]}
    basis = []
    for k in items:
        p = median = None
        if id(k) not in fixed:
            kept = [other for other in believed if other is not k] if not k.doubt else _in_order([*believed, k])
            made, p = told(kept)
            median = _median(made, year)
        basis.append(BasisItem(**k.figure(area.code), used=not k.doubt, probability_without=p, median_without=median))
    return Weighed(
        tuple(basis),
        _readings(
            items, believed, found, told, probability(evidence, found, indicator, year, target, options), year, options
        ),
        most_wanted(evidence, indicator, area, options, believed, found, year=year),
    )


def _readings(
    items: Sequence[Known],
    believed: Sequence[Known],
    found: Forecast,
    told: Callable[[Sequence[Known]], tuple[Forecast, float | None]],
    p: float | None,
    year: int,
    options: Options,
) -> tuple[Reading, ...]:
    """The report's reading and, for what it doubts, the readings that believe it instead."""
    doubted = [k for k in items if k.doubt in DOUBTED]
    if not doubted or p is None:
        return ()
    out = [_reading(believed, doubted, found, p, year, options, leading=True)]
    for group in [doubted] if len(doubted) == 1 else [[k] for k in doubted] + [doubted]:
        kept = _in_order([*believed, *group])
        made, q = told(kept)
        if q is not None:
            left = [k for k in doubted if k not in group]
            out.append(_reading(kept, left, made, q, year, options, leading=False))
    return tuple(out) if len(out) > 1 else ()


def _reading(
    kept: Sequence[Known],
    dropped: Sequence[Known],
    made: Forecast,
    p: float,
    year: int,
    options: Options,
    *,
    leading: bool,
) -> Reading:
    assert made.start is not None
    step = year - made.start
    low, high = made.interval(options.level)
    return Reading(
        kept=tuple(k.name for k in kept),
        dropped=tuple(k.name for k in dropped),
        probability=p,
        median=float(made.median[step]),
        low=float(low[step]),
        high=float(high[step]),
        leading=leading,
    )


def most_wanted(
    evidence: Evidence,
    indicator: Indicator,
    area: Area,
    options: Options,
    believed: Sequence[Known],
    found: Forecast,
    *,
    year: int,
) -> str | None:
    """The period whose full-year figure would narrow the range of a year most, if it came out as expected.

    Candidates are the full years since the baseline that are over on the day and not known, and the baseline itself;
    None where there is none, or where nothing is forecast.

    Args:
        evidence: as for `fit`; so are `indicator`, `area` and `options`.
        indicator: the indicator.
        area: the area.
        options: the choices.
        believed: the evidence that counts.
        found: the forecast from it.
        year: the year whose range is to be narrowed.
    """
    if not found.ok or found.start is None:
        return None
    have = {k.statement.year for k in believed if isinstance(k.statement, Level | Bound) and k.statement.elapsed == 1.0}
    missing = [y for y in range(indicator.baseline.year, min(evidence.as_of.year, year)) if y not in have]
    best, narrowest = None, _width(found, year, options)
    for candidate in missing:
        value = _expected(found, candidate, whole=indicator.is_count)
        if value <= 0.0:
            continue
        new = replace(believed[0], statement=Level(candidate, value), kind="level", period=str(candidate), doubt=None)
        # A level replaces what was only told of its year.
        kept = [k for k in believed if getattr(k.statement, "year", None) != candidate]
        width = _width(fit_known(evidence, indicator, area, options, _in_order([*kept, new])), year, options)
        if width < narrowest:
            best, narrowest = str(candidate), width
    return best or (str(missing[-1]) if missing else None)


def _expected(found: Forecast, year: int, *, whole: bool) -> float:
    """What a year's figure would come out at: the forecast's median, else the last level."""
    step = found.place(year)
    value = (found.last or 0.0) if step is None else float(found.median[step])
    return float(round(value)) if whole else value


def _width(made: Forecast, year: int, options: Options) -> float:
    step = made.place(year)
    if step is None:
        return float("inf")
    low, high = made.interval(options.level)
    return float(high[step] - low[step])


def _median(made: Forecast, year: int) -> float | None:
    step = made.place(year)
    return None if step is None else float(made.median[step])


def _in_order(items: Sequence[Known]) -> list[Known]:
    return sorted(
        items, key=lambda k: (int(getattr(k.statement, "year", getattr(k.statement, "last", 0))), k.kind, k.period)
    )
