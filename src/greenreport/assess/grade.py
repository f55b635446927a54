"""From history and forecast to a graded target: the verdict pair, the paces, the second opinions.

Puts the pure functions of `progress` together for one indicator of one area; words nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from greenreport import progress
from greenreport.areas import Area
from greenreport.assess.basis import contradictions, weigh
from greenreport.assess.evidence import Evidence, Start
from greenreport.assess.fit import fit_known, outlook, probability
from greenreport.assess.model import IndicatorAssessment, Options, SecondOpinion, TargetGrade
from greenreport.assess.record import became, class_of
from greenreport.assess.second import second_opinions
from greenreport.assess.statements import Known, known
from greenreport.assess.strength import strength
from greenreport.forecast import Forecast, Growth, Level, Part
from greenreport.observations import Point, Series, parse_period
from greenreport.plan import Indicator, Target
from greenreport.progress import Verdict

__all__ = ["grade"]


def grade(
    evidence: Evidence,
    indicator: Indicator,
    area: Area,
    series: Series,
    found: Forecast,
    options: Options,
    *,
    weighing: bool = True,
) -> IndicatorAssessment:
    """Grade every target of one indicator in one area.

    Args:
        evidence: plan, roster and ledger.
        indicator: the indicator.
        area: the area; targets of districts are derived from the city's.
        series: its history.
        found: its forecast.
        options: path, allocation and interval level.
        weighing: whether each piece of evidence is weighed, which forecasts once for each; trials and earlier verdicts
            do without.
    """
    # What was graded is kept beside the grades, so that no other series or forecast comes to have the same identity.
    key = ("grade", indicator, area.code, id(series), id(found), options, weighing)
    return evidence.remember(
        key, lambda: (_graded(evidence, indicator, area, series, found, options, weighing=weighing), series, found)
    )[0]


def _graded(
    evidence: Evidence,
    indicator: Indicator,
    area: Area,
    series: Series,
    found: Forecast,
    options: Options,
    *,
    weighing: bool,
) -> IndicatorAssessment:
    start = None if area.kind == "nation" else evidence.baseline(indicator, area, options)
    base_year, base = (start.year, start.value) if start else (indicator.baseline.year, None)
    targets, key, derived, why = _targets(evidence, indicator, area, options)
    items = known(evidence, indicator, area, options)
    if options.method == "auto":
        items = contradictions(evidence, indicator, area, options, items)
        if any(k.doubt == "contradicts" for k in items):
            found = fit_known(evidence, indicator, area, options, [k for k in items if not k.doubt])
    series = _standing(series, items, found, base_year, evidence.as_of.year, count=indicator.kind == "cumulative_count")
    without = None
    if weighing and options.experience and options.method == "auto" and indicator.kind != "cumulative_count":
        believed = [k for k in items if not k.doubt]
        without = fit_known(evidence, indicator, area, replace(options, experience=False), believed)
    doubted = any(k.doubt in ("known_break", "contradicts") for k in items)
    grades = tuple(
        _grade_one(
            evidence, indicator, series, found, target, value, start, targets, options,
            derived=target.id in derived, doubted=doubted, without=without,
        )
        for target, value in targets
    )  # fmt: skip
    headline = _headline(grades, evidence.as_of.year)
    weighed = None
    if weighing and headline is not None and found.ok and options.method == "auto":
        head = grades[headline]
        weighed = weigh(evidence, indicator, area, options, items, found, year=head.year, target=head.value)
    notes = [why] if why else []
    path = progress.required_path(
        base_year=base_year, base_value=base, targets=_one_a_year(targets),
        shape=options.path_shape, route=options.path_route,
    ) if base is not None and targets else None  # fmt: skip
    if start is None and area.kind != "nation" and why != "no_derived_target":
        notes.append("no_baseline")  # what is not shared out needs no baseline either
    elif base_year != indicator.baseline.year:
        notes.append("base_year_differs")
    return IndicatorAssessment(
        id=indicator.id,
        baseline_year=base_year,
        baseline_value=base,
        points=series.points,
        path=tuple(zip(path.years, (path.at(y) for y in path.years), strict=True)) if path and path.ok else (),
        outlook=outlook(found, level=options.level, orientation=not any(p.year > base_year for p in series.points)),
        grades=grades,
        headline=headline,
        allocation=key,
        notes=tuple(notes),
        basis=weighed.basis if weighed else (),
        readings=weighed.readings if weighed else (),
        most_wanted=weighed.most_wanted if weighed else None,
    )


def _standing(
    series: Series, items: Sequence[Known], found: Forecast, base_year: int, now: int, *, count: bool
) -> Series:
    """The series as the verdict sees it: without doubtful figures after the baseline, and with where things stand after
    it if no full year says so.

    Growth since the last level, or the months known of a year, put the year at what the forecast makes of them (kind
    derived, note `estimated`); a count reached in mid-year is a fact, and the least that the year ends with (note
    `part_of_year`).
    """
    doubtful = {k.period for k in items if k.doubt and isinstance(k.statement, Level)}
    points = tuple(p for p in series.points if p.year <= base_year or p.period not in doubtful)
    series = replace(series, points=points)
    if any(p.year > base_year for p in series.annual) or not found.ok or found.start is None:
        return series
    told = [k for k in items if not k.doubt and isinstance(k.statement, Growth | Part)]
    reached = [p for p in series.part_years if p.year > base_year] if count else []
    stand: Point | None = None
    if reached:
        stand = replace(reached[-1], months=12, kind="derived", note=_noted(reached[-1].note, "part_of_year"))
    elif told:
        k = told[-1]
        year = k.statement.year  # type: ignore[union-attr]
        step = year - found.start
        if base_year < year <= now and 0 <= step < found.horizon:
            stand = Point(
                year=year, value=float(found.median[step]), kind="derived", grade=k.grade, vintage=k.vintage,
                period=str(year), source=k.source, address=k.address, note=_noted(k.note, "estimated"), row="",
                provisional=False, unconfirmed=False, bridged=False, restated_from=None, months=12,
            )  # fmt: skip
    if stand is None:
        return series
    return replace(series, points=tuple(sorted((*series.points, stand), key=lambda p: (p.year, p.months))))


def _noted(note: str, code: str) -> str:
    return f"{note};{code}" if note else code


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
    start = evidence.baseline(indicator, area, options)
    if first.id in derived and start and level == start.value:
        # A share of less than half a thing leaves a district with nothing to add: that is no target to be met.
        return [], None, frozenset(), "zero_increment"
    return out, key, frozenset(derived), None


def _one_a_year(targets: Sequence[tuple[Target, float]]) -> list[tuple[int, float]]:
    """One target a year for the path, the plan table's first: simultaneous targets are never averaged."""
    chosen: dict[int, float] = {}
    for target, value in sorted(targets, key=lambda pair: (pair[0].year, pair[0].origin != "table")):
        chosen.setdefault(target.year, value)
    return sorted(chosen.items())


def _strength(found: Forecast, verdict: Verdict, indicator: Indicator, *, doubted: bool) -> str | None:
    """The word for the evidence of a verdict; None where there is none.

    A target year that is over, and a count that has reached its target and can't fall, are decided by the figure itself;
    a schedule without a forecast leaves all else open.
    """
    if verdict.verdict_class == "not_assessable" or verdict.target_year is None:
        return None
    if verdict.rule == "past" or (verdict.rule == "met" and indicator.kind == "cumulative_count"):
        return "limited" if doubted else "strong"
    return strength(found, verdict.target_year, doubted=doubted) or "thin"


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
    start: Start | None,
    targets: Sequence[tuple[Target, float]],
    options: Options,
    *,
    derived: bool,
    doubted: bool,
    without: Forecast | None,
) -> TargetGrade:
    base_year, base = (start.year, start.value) if start else (indicator.baseline.year, None)
    history = {p.year: p.value for p in series.annual}
    current = series.annual[-1] if series.annual else None
    others = [(y, v) for y, v in _one_a_year(targets) if y != target.year]
    path = None
    if base is not None:
        path = progress.required_path(
            base_year=base_year, base_value=base, targets=[*others, (target.year, value)],
            shape=options.path_shape, route=options.path_route,
        )  # fmt: skip
    expected = probability(evidence, found, indicator, target.year, value, options)
    since = series.part_year if indicator.kind == "cumulative_count" else None
    latest: tuple[float, float] | None = (current.year, current.value) if current else None
    if current is not None and "part_of_year" in current.note.split(";"):
        # A count in mid-year is what there is to judge by: against what the path asks for by then, not by the year's end.
        part = parse_period(current.period)
        latest = (current.year - 1 + (part.months if part else 12) / 12, current.value)
    verdict = progress.verdict(
        base_year=base_year,
        base_value=base,
        current_year=latest[0] if latest else None,
        current_value=latest[1] if latest else None,
        standing=since.value if since else None,
        target_year=target.year,
        target_value=value,
        direction=indicator.direction,
        probability=expected,
        in_doubt=evidence.counted_otherwise(indicator, series),
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
            direction=indicator.direction, verdict=verdict.verdict_class,
        )  # fmt: skip
    plain = (
        None
        if without is None or verdict.probability is None
        else probability(evidence, without, indicator, target.year, value, replace(options, experience=False))
    )
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
        achieved_growth=paces["achieved_growth"],
        required_growth=paces["required_growth"],
        achieved_change=paces["achieved_change"],
        required_change=paces["required_change"],
        probability=verdict.probability,
        likelihood=verdict.likelihood,
        verdict=verdict.verdict_class,
        schedule=verdict.schedule,
        wording=verdict.wording,
        rule=verdict.rule,
        reasons=verdict.reasons,
        second=second,
        probability_plain=plain,
        past_like=(
            None
            if plain is None or verdict.probability is None
            else became(class_of(verdict.probability), evidence.plan.past_plan)
        ),
        strength=_strength(found, verdict, indicator, doubted=doubted),
    )
