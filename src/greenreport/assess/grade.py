"""From history and forecast to a graded target: the verdict pair, the paces, the second opinions.

Puts the pure functions of `progress` together for one indicator of one area; words nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from greenreport import progress
from greenreport.areas import Area
from greenreport.assess.evidence import Evidence
from greenreport.assess.fit import carries, outlook
from greenreport.assess.model import IndicatorAssessment, Options, SecondOpinion, TargetGrade
from greenreport.assess.second import second_opinions
from greenreport.forecast import Forecast
from greenreport.observations import Series
from greenreport.plan import Indicator, Target

__all__ = ["grade"]


def grade(
    evidence: Evidence, indicator: Indicator, area: Area, series: Series, found: Forecast, options: Options
) -> IndicatorAssessment:
    """Grade every target of one indicator in one area.

    Args:
        evidence: plan, roster and ledger.
        indicator: the indicator.
        area: the area; targets of districts are derived from the city's.
        series: its history.
        found: its forecast.
        options: path, allocation and interval level.
    """
    base_year = indicator.baseline.year
    base = None if area.kind == "nation" else evidence.baseline(indicator, area, options)
    targets, key, derived, why = _targets(evidence, indicator, area, options)
    grades = tuple(
        _grade_one(
            evidence, indicator, series, found, target, value, base, targets, options, derived=target.id in derived
        )
        for target, value in targets
    )
    notes = [why] if why else []
    path = progress.required_path(
        base_year=base_year, base_value=base, targets=_one_a_year(targets),
        shape=options.path_shape, route=options.path_route,
    ) if base is not None and targets else None  # fmt: skip
    if base is None and area.kind != "nation":
        notes.append("no_baseline")
    return IndicatorAssessment(
        id=indicator.id,
        baseline_year=base_year,
        baseline_value=base,
        points=series.points,
        path=tuple(zip(path.years, (path.at(y) for y in path.years), strict=True)) if path and path.ok else (),
        outlook=outlook(found, series, level=options.level),
        grades=grades,
        headline=_headline(grades, evidence.as_of.year),
        allocation=key,
        notes=tuple(notes),
    )


def _targets(
    evidence: Evidence, indicator: Indicator, area: Area, options: Options
) -> tuple[list[tuple[Target, float]], str | None, frozenset[str], str | None]:
    """The targets with the level each asks of this area, the key that derived some, which, and why there are none.

    A target of the district's own, from the ledger, wins over one derived from the city's.
    """
    if area.kind == "nation":
        return [], None, frozenset(), "no_target"
    if area.code == evidence.plan.area:
        given = [(t, t.value) for t in indicator.targets if t.value is not None]
        return given, None, frozenset(), None if given else "no_target"
    out: list[tuple[Target, float]] = []
    derived: set[str] = set()
    key = why = None
    for target in indicator.targets:
        own = evidence.own_target(indicator, area, target.year) if target.origin == "table" else None
        if own is not None:
            out.append((target, own))
            continue
        if target.value is None:
            why = "no_own_target"
            continue
        value, how = evidence.derived_target(indicator, area, target.value, options)
        if value is None:
            why = how
            continue
        key = how
        derived.add(target.id)
        out.append((target, value))
    if not out:
        return [], None, frozenset(), why
    first, level = min(out, key=lambda pair: pair[0].year)
    if first.id in derived and level == evidence.baseline(indicator, area, options):
        # Whole numbers divided among many districts leave some with nothing to add: that is no target to be met.
        return [], None, frozenset(), "zero_increment"
    return out, key, frozenset(derived), None


def _one_a_year(targets: Sequence[tuple[Target, float]]) -> list[tuple[int, float]]:
    """One target a year for the path, the plan table's first: simultaneous targets are never averaged."""
    chosen: dict[int, float] = {}
    for target, value in sorted(targets, key=lambda pair: (pair[0].year, pair[0].origin != "table")):
        chosen.setdefault(target.year, value)
    return sorted(chosen.items())


def _headline(grades: Sequence[TargetGrade], year: int) -> int | None:
    """The plan table's target of the next target year; after the last one, the last."""
    table = [(i, g) for i, g in enumerate(grades) if g.origin == "table"] or list(enumerate(grades))
    if not table:
        return None
    ahead = [pair for pair in table if pair[1].year >= year] or table[-1:]
    return min(ahead, key=lambda pair: pair[1].year)[0]


def _grade_one(
    evidence: Evidence,
    indicator: Indicator,
    series: Series,
    found: Forecast,
    target: Target,
    value: float,
    base: float | None,
    targets: Sequence[tuple[Target, float]],
    options: Options,
    *,
    derived: bool,
) -> TargetGrade:
    base_year = indicator.baseline.year
    history = {p.year: p.value for p in series.annual}
    current = series.annual[-1] if series.annual else None
    others = [(y, v) for y, v in _one_a_year(targets) if y != target.year]
    path = None
    if base is not None:
        path = progress.required_path(
            base_year=base_year, base_value=base, targets=[*others, (target.year, value)],
            shape=options.path_shape, route=options.path_route,
        )  # fmt: skip
    probability = _probability(found, series, indicator, target.year, value)
    verdict = progress.verdict(
        base_year=base_year,
        base_value=base,
        current_year=current.year if current else None,
        current_value=current.value if current else None,
        target_year=target.year,
        target_value=value,
        direction=indicator.direction,
        probability=probability,
        n_observations=len(history),
        path=path,
        history={y: v for y, v in history.items() if y >= base_year},
        as_of_year=evidence.as_of.year,
    )
    paces: Mapping[str, float | None] = dict.fromkeys(
        ("achieved_growth", "required_growth", "achieved_change", "required_change")
    )
    if current is not None and base is not None:
        past: dict[str, Any] = {
            "base_year": base_year,
            "base_value": base,
            "current_year": current.year,
            "current_value": current.value,
        }
        ahead: dict[str, Any] = {
            "current_year": current.year, "current_value": current.value, "target_year": target.year,
            "target_value": value, "direction": indicator.direction,
        }  # fmt: skip
        paces = {
            "achieved_growth": progress.achieved_growth(**past).value,
            "required_growth": progress.required_growth(**ahead).value,
            "achieved_change": progress.achieved_annual_change(**past).value,
            "required_change": progress.required_annual_change(**ahead).value,
        }
    second: tuple[SecondOpinion, ...] = ()
    if current is not None and base is not None and current.year > base_year:
        second = second_opinions(
            history=history, base_year=base_year, base_value=base, current_year=current.year,
            current_value=current.value, target_year=target.year, target_value=value,
            direction=indicator.direction, verdict=verdict.cls,
        )  # fmt: skip
    return TargetGrade(
        year=target.year,
        value=value,
        label=target.label,
        origin=target.origin,
        derived=derived,
        outlook=target.outlook,
        completion=verdict.completion,
        time_share=verdict.time_share,
        required_now=verdict.required_value,
        **paces,
        probability=verdict.probability,
        likelihood=verdict.expectation,
        verdict=verdict.cls,
        schedule=verdict.schedule,
        expectation=verdict.wording,
        rule=verdict.rule,
        reasons=verdict.reasons,
        second=second,
    )


def _probability(found: Forecast, series: Series, indicator: Indicator, year: int, value: float) -> float | None:
    if not carries(found) or not series.annual:
        return None
    step = year - series.annual[-1].year
    if not 1 <= step <= found.horizon:
        return None
    ask = found.prob_at_least if indicator.direction == "up" else found.prob_at_most
    return float(ask(value, step))
