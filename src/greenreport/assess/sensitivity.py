"""How a verdict changes with the choices behind it: one choice at a time, everything else as reported.

Grades again under other options; words nothing. A verdict that another defensible choice turns into another class is
fragile. What was known a year earlier is no choice: the earlier verdicts tell it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from greenreport.areas import Area
from greenreport.assess.evidence import Evidence
from greenreport.assess.fit import fit
from greenreport.assess.grade import grade
from greenreport.assess.history import same_target
from greenreport.assess.model import IndicatorAssessment, Options, TargetGrade, wording_of
from greenreport.observations import Series
from greenreport.plan import Indicator
from greenreport.progress import as_shown
from greenreport.progress.allocation import Key

__all__ = ["PRIORS", "Sensitivity", "Trial", "sensitivity"]

PRIORS = (0.0, 0.03, 0.06)
"""Yearly change, in the indicator's own direction, that short series may be drawn towards: none, the default, a fast one."""

EDGE = 1
"""Percentage points, as printed, that may lie between two probabilities on either side of a limit without the verdict
being called sensitive: it is on the edge."""

_KEYS: tuple[Key, ...] = ("baseline_share", "equal", "population")
_NOT_FORECAST = {"path_shape", "path_route", "allocation"}
"""Options that do not move what is forecast."""


@dataclass(frozen=True)
class Trial:
    """What one other choice would have found.

    Where it allows no verdict at all (`not_assessable`), it speaks neither for the reported class nor against it.
    """

    # path_linear, path_geometric, route_piecewise, route_direct, prior, allocation, or unconfirmed, bridge, nowcast with
    # _in or _out
    setting: str
    choice: str | float | None  # its value where it has one
    verdict: str
    wording: str  # the sentence that the two halves of the verdict make
    completion: float | None
    probability: float | None
    reason: str | None
    flips: bool  # the class is another one …
    edge: bool = False  # … and only because the printed probability lies one point or less across a limit


@dataclass(frozen=True)
class Sensitivity:
    """The reported verdict of one indicator and every trial that can bear on it."""

    indicator: str
    verdict: str
    wording: str
    completion: float | None
    probability: float | None
    trials: tuple[Trial, ...]

    @property
    def flips(self) -> tuple[Trial, ...]:
        """The trials that end in another class, for more than a limit that lies between two all but equal figures."""
        return tuple(t for t in self.trials if t.flips and not t.edge)

    @property
    def edges(self) -> tuple[Trial, ...]:
        """The trials that end in another class because the verdict is on the edge of its own."""
        return tuple(t for t in self.trials if t.edge)

    @property
    def silent(self) -> tuple[Trial, ...]:
        """The trials under which there is no verdict, where the report gives one."""
        return tuple(t for t in self.trials if t.verdict == "not_assessable" != self.verdict)

    @property
    def fragile(self) -> bool:
        """Whether another defensible choice gives another class."""
        return bool(self.flips)


def sensitivity(
    evidence: Evidence, current: tuple[IndicatorAssessment, ...], *, area: Area, options: Options
) -> tuple[Sensitivity, ...]:
    """Try every choice on every indicator that has a headline target.

    Args:
        evidence: as known on the cut-off.
        current: the indicators as assessed under `options`.
        area: the area.
        options: the choices made in the report.

    Returns:
        One record per indicator with a headline target, in the plan's order. A choice that cannot bear on an indicator
        (the prior on a count, unconfirmed figures where there are none) is left out.
    """
    out = []
    for now in current:
        if now.head is None:
            continue
        indicator = evidence.plan.indicator(now.id)
        trials = []
        for id, choice, changed in _settings(options, indicator):
            o = replace(options, **changed)
            series = evidence.series(indicator, area, o)
            if not _bears(id, choice, indicator, now, series, options):
                continue
            found = fit(evidence, indicator, area, options if changed.keys() <= _NOT_FORECAST else o)
            then = grade(evidence, indicator, area, series, found, o, weighing=False)
            trials.append(_trial(id, choice, now, then))
        head = now.head
        told = now.id, now.verdict, wording_of(head), head.completion, head.probability
        out.append(Sensitivity(*told, tuple(trials)))
    return tuple(out)


def _settings(options: Options, indicator: Indicator) -> Iterator[tuple[str, str | float | None, dict[str, Any]]]:
    """Every other choice: its id, its value where it has one, and the options that it changes."""
    shape = "geometric" if options.path_shape == "linear" else "linear"
    yield f"path_{shape}", None, {"path_shape": shape}
    route = "direct" if options.path_route == "piecewise" else "piecewise"
    yield f"route_{route}", None, {"path_route": route}
    for size in PRIORS:
        prior = -size if size and indicator.direction == "down" else size
        if prior != options.prior_growth:
            yield "prior", prior, {"prior_growth": prior}
    for key in _KEYS:
        yield "allocation", key, {"allocation": key}
    for name, id in (("use_unconfirmed", "unconfirmed"), ("bridge", "bridge"), ("nowcast", "nowcast")):
        on = not getattr(options, name)
        yield f"{id}_{'in' if on else 'out'}", None, {name: on}


def _bears(
    id: str, choice: Any, indicator: Indicator, now: IndicatorAssessment, series: Series, options: Options
) -> bool:
    """Whether a choice can change anything for this indicator in this area."""
    match id:
        case "prior":
            if indicator.bounds:  # any number is no change there: one trial says it
                return not choice
            return not indicator.is_count
        case "allocation":
            return indicator.additive and now.allocation is not None and choice != now.allocation
        case "nowcast_in" | "nowcast_out":
            return not indicator.bounds and options.method == "auto" and now.part_year is not None
        case "unconfirmed_in" | "unconfirmed_out" | "bridge_in" | "bridge_out":
            return series.points != now.points
        case _:
            return True


def _on_edge(now: TargetGrade | None, then: TargetGrade | None) -> bool:
    """Whether two verdicts differ in their class only because a limit lies between two all but equal probabilities."""
    if now is None or then is None or now.probability is None or then.probability is None:
        return False
    apart = abs(round(100 * (as_shown(now.probability) - as_shown(then.probability))))
    return apart <= EDGE and (now.schedule, now.rule) == (then.schedule, then.rule)


def _trial(id: str, choice: Any, now: IndicatorAssessment, then: IndicatorAssessment) -> Trial:
    found = same_target(then, now.head)
    verdict = found.verdict if found else "not_assessable"
    reasons = found.reasons if found else then.notes
    flips = verdict not in (now.verdict, "not_assessable")
    return Trial(
        id, choice, verdict, wording_of(found), found.completion if found else None,
        found.probability if found else None, reasons[0] if reasons else None, flips,
        flips and _on_edge(now.head, found),
    )  # fmt: skip
