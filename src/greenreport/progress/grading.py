"""The verdict pair of a mid-term evaluation: on schedule so far, and expected in time.

Knows numbers and ids only; the fixed wording of each id stands in docs/methods.md and in the catalogues of
the report. The probability comes from a forecast that this module does not know. What it decides, it decides
from the two printed words (schedule and likelihood), so that a reader can derive the class from the page; and each
word from the figure as it is printed, so that no figure stands on the wrong side of its class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .path import Path, completion, schedule, time_share
from .result import Course, Direction, clean_series, is_met, number, sign

__all__ = [
    "CLASSES",
    "LIKELIHOODS",
    "REASONS",
    "TREND_POINTS",
    "WORDINGS",
    "Verdict",
    "as_shown",
    "likelihood",
    "verdict",
]

CLASSES = ("achieved", "ahead", "on_track", "uncertain", "at_risk", "not_assessable")

LIKELIHOODS: tuple[tuple[str, float], ...] = (
    ("very_likely", 0.90),
    ("likely", 0.66),
    ("even", 0.33),
    ("unlikely", 0.10),
    ("very_unlikely", 0.0),
)
"""Each word with the least probability that bears it (the IPCC scale)."""

TREND_POINTS = 4
"""A level that must be held is worsening when the mean change over this many last points, or as many as there are, is for
the worse."""

REASONS = (
    # why there is no class
    "missing_target",
    "missing_base",
    "target_not_after_base",
    "no_observation_after_base",
    "definition_in_doubt",
    "target_year_not_observed",
    # what stands behind a class
    "behind_schedule",
    "nearly_on_schedule",
    "unlikely_in_time",
    "even_odds",
    "no_forecast",
    "likely_despite_schedule",
    "met_early",
    "met_in_time",
    "met_late",
    "target_missed",
    "may_not_hold",
    "was_met_before",
    "level_held",
    "level_worsening",
    "level_not_held",
    "geometric_path_refused",
)

WORDINGS = (
    "achieved",
    "met_in_time",
    "ahead",
    "on_track",
    "uncertain",
    "schedule_only",
    "behind",
    "unlikely",
    "behind_and_unlikely",
    "not_held",
    "missed",
    "not_assessable",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The grade of one target, with all that it rests on.

    Args:
        verdict_class: one of `CLASSES`.
        rule: `reach` (a level to be reached), `hold` (a level to be held), `met` (reached before its year),
            `past` (the target year is over: graded on the outcome); None where nothing could be graded.
        schedule: `on`, `nearly`, `behind`, or None.
        likelihood: the word for the probability, or None where no probability is given or none is needed (`past`).
        reasons: ids out of `REASONS`, most important first; never empty for `not_assessable` and `at_risk`.
        wording: one of `WORDINGS`, the sentence to print: the class, save that `met_in_time` takes the
            place of `achieved` once the target year is over, `schedule_only` of `uncertain` where there is no
            probability and the schedule is all that can be stated, and that the class at risk says what is at risk:
            `behind` schedule, `unlikely` in time, both, level `not_held`, target `missed`.
        target_year: year of the target, if there is one.
        target_value: its level.
        completion: share of the planned change achieved, or None.
        time_share: share of the time gone, or None.
        lead: completion minus the share that the path requires by now, or None.
        required_value: the level that the path requires by now, or None.
        probability: as given; None where nothing could be graded: a probability without a verdict would be read as one.
    """

    verdict_class: str
    rule: str | None
    schedule: str | None
    likelihood: str | None
    reasons: tuple[str, ...]
    wording: str
    target_year: int | None = None
    target_value: float | None = None
    completion: float | None = None
    time_share: float | None = None
    lead: float | None = None
    required_value: float | None = None
    probability: float | None = None

    @property
    def reason(self) -> str | None:
        """The most important reason."""
        return self.reasons[0] if self.reasons else None


def as_shown(probability: float) -> float:
    """A probability as every page prints it, in whole per cent: .896 is printed 90 %, and is very likely.

    The words follow the printed figure, so that "90 %, very likely" never stands beside "90 %, likely".

    Args:
        probability: from 0 to 1.

    Returns:
        The same in hundredths.
    """
    return round(probability * 100) / 100


def likelihood(probability: float) -> str:
    """The calibrated word for a probability as it is printed.

    Very likely ≥ 90 %, likely ≥ 66 %, even ≥ 33 %, unlikely ≥ 10 %.

    Args:
        probability: from 0 to 1.

    Returns:
        A word out of `LIKELIHOODS`.

    Raises:
        ValueError: not a number from 0 to 1.
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"a probability lies between 0 and 1, not {probability!r}")
    return next(word for word, least in LIKELIHOODS if as_shown(probability) >= least)


def _worsening(history: Mapping[float, float], direction: Direction) -> bool:
    last = list(history.items())[-TREND_POINTS:]
    (y0, v0), (y1, v1) = last[0], last[-1]
    return y1 > y0 and sign(direction) * (v1 - v0) < 0


def _classify(schedule: str | None, expected: str | None, *, may_be_ahead: bool) -> tuple[str, str, list[str]]:
    """Class, wording and reasons of a schedule and a likelihood word; None: there is no probability."""
    unlikely = expected in ("unlikely", "very_unlikely")
    unknown = ["no_forecast"] if expected is None else []
    if schedule == "behind":
        if unlikely:
            return "at_risk", "behind_and_unlikely", ["behind_schedule", "unlikely_in_time"]
        spite = ["likely_despite_schedule"] if expected in ("likely", "very_likely") else unknown
        return "at_risk", "behind", ["behind_schedule", *spite]
    nearly = ["nearly_on_schedule"] if schedule == "nearly" else []
    if unlikely:
        return "at_risk", "unlikely", ["unlikely_in_time", *nearly]
    if expected is None:
        return "uncertain", "schedule_only", [*unknown, *nearly]
    if expected == "even":
        return "uncertain", "uncertain", ["even_odds", *nearly]
    if schedule == "on" and expected == "very_likely" and may_be_ahead:
        return "ahead", "ahead", []
    return "on_track", "on_track", nearly


def verdict(
    *,
    base_year: int,
    base_value: float | None,
    current_year: float | None,
    current_value: float | None,
    target_year: int | None,
    target_value: float | None,
    direction: Direction,
    probability: float | None = None,
    standing: float | None = None,
    in_doubt: bool = False,
    path: Path | None = None,
    history: Mapping[float, float | None] | None = None,
    as_of_year: int | None = None,
) -> Verdict:
    """Grade one target of one indicator in one area.

    The rules are tried in this order: no target or base → not assessable; no observation after the base, or a
    definition in doubt → not assessable; target year over → the outcome (`past`); a level to be held → `hold`; target
    reached → `met`; else `reach`. One figure after the base is enough: whether an indicator is on schedule needs no
    more, and where there is no probability the schedule alone is stated.

    Args:
        base_year: year of the baseline.
        base_value: level of the baseline; None or NaN if not known.
        current_year: year of the latest full-year observation; a fraction (2026.5) where nothing but a count of part of
            a year has followed the base; None if there is none.
        current_value: its level.
        target_year: year of the target; None if the plan gives none.
        target_value: level of the target; None if the plan gives none.
        direction: "up" where more is better, "down" where less is.
        probability: probability that the value of the target year meets the target, from 0 to 1; None where
            the forecast refused. Not looked at once the target year is over.
        standing: level since the current year, of a count that cannot fall: a target that it reaches is met, whatever
            the last full year says; completion and schedule are those of the current year.
        in_doubt: whether what was published since the base counts something else than the base does, so that the two
            can't be compared.
        path: the required path; without one, a straight line to this target. A path refused for its shape is
            replaced by the straight line, with the reason `geometric_path_refused`.
        history: year → value, the base and the current year may be left out.
        as_of_year: year of the data cut-off: a target year before it is over even if not yet observed.

    Returns:
        The verdict. Nothing about the data raises; wrong arguments (direction, probability) do.

    Raises:
        ValueError: direction is neither "up" nor "down", or the probability is not from 0 to 1.
    """
    expected = None if probability is None else likelihood(probability)
    sign(direction)
    base, current, goal = number(base_value), number(current_value), number(target_value)
    blank = Verdict("not_assessable", None, None, None, (), "not_assessable", target_year, goal)
    if target_year is None or goal is None:
        return replace(blank, reasons=("missing_target",))
    if base is None:
        return replace(blank, reasons=("missing_base",))
    if target_year <= base_year:
        return replace(blank, reasons=("target_not_after_base",))
    if in_doubt:
        return replace(blank, reasons=("definition_in_doubt",))
    if current_year is None or current is None or current_year <= base_year:
        return replace(blank, reasons=("no_observation_after_base",))
    course = Course(
        base_year=base_year, base_value=base, current_year=current_year, current_value=current,
        target_year=target_year, target_value=goal, direction=direction,
    )  # fmt: skip
    blank = replace(blank, likelihood=expected, probability=probability)
    return _graded(blank, course, path, history or {}, standing=number(standing), as_of_year=as_of_year)


def _graded(
    blank: Verdict,
    course: Course,
    path: Path | None,
    history: Mapping[float, float | None],
    *,
    standing: float | None,
    as_of_year: int | None,
) -> Verdict:
    """The verdict on a course, where nothing is missing."""
    refused = path is not None and not path.ok
    usable, notes = (None, ("geometric_path_refused",)) if refused else (path, ())
    met = course.met or (standing is not None and course.meets(standing))
    points = _points(course, history)
    line = schedule(course, path=usable)
    known = replace(
        blank,
        completion=completion(course).value,
        time_share=time_share(course).value,
        lead=line.value,
        required_value=line.required_value,
        schedule=line.status if line.ok else None,
    )
    over = as_of_year is not None and as_of_year > course.target_year
    if over or course.current_year >= course.target_year:
        return _past(known, points, course.direction, notes)
    if _asks_to_hold(course, usable, met=met):
        return _hold(known, met=met, worsening=_worsening(points, course.direction), notes=notes)
    if met:
        return _met(known, notes)
    was_met = any(course.meets(value) for year, value in points.items() if year > course.base_year)
    return _reach(known, was_met=was_met, notes=notes)


def _points(course: Course, history: Mapping[float, float | None]) -> dict[float, float]:
    """The history as far as it counts, base and current year as they were given."""
    ends = {course.base_year: course.base_value, course.current_year: course.current_value}
    return {year: v for year, v in clean_series({**history, **ends}).items() if year <= course.current_year}


def _asks_to_hold(course: Course, path: Path | None, *, met: bool) -> bool:
    """Whether the level was reached at the base already, or the stretch to the target begins at it.

    A flat last stretch (30 → 30) asks to hold a level only once that level was reached, or was due.
    """
    if course.meets(course.base_value):
        return True
    before = None if path is None else path.level_before(course.target_year)
    if before is None or before[0] <= course.base_year or not course.meets(before[1]):
        return False
    return met or course.current_year >= before[0]


def _reach(known: Verdict, *, was_met: bool, notes: tuple[str, ...]) -> Verdict:
    """A level to be reached: by the schedule so far and the probability of reaching it in time."""
    found, wording, reasons = _classify(known.schedule, known.likelihood, may_be_ahead=True)
    reasons += ["was_met_before"] if was_met else []
    return replace(known, verdict_class=found, rule="reach", reasons=(*reasons, *notes), wording=wording)


def _met(known: Verdict, notes: tuple[str, ...]) -> Verdict:
    """Reached before its year; whether it will still stand then may be open."""
    open_ = known.likelihood in ("even", "unlikely", "very_unlikely")
    reasons = ("met_early", *(("may_not_hold",) if open_ else ()), *notes)
    return replace(known, verdict_class="achieved", rule="met", schedule="on", reasons=reasons, wording="achieved")


def _past(known: Verdict, points: Mapping[float, float], direction: Direction, notes: tuple[str, ...]) -> Verdict:
    """The outcome in the target year; a forecast has no say any more."""
    year, goal = known.target_year, known.target_value
    assert year is not None and goal is not None
    known = replace(known, rule="past", likelihood=None, probability=None)
    if year not in points:
        return replace(known, schedule=None, reasons=("target_year_not_observed", *notes))
    if is_met(points[year], goal, direction):
        met = ("met_in_time", *notes)
        return replace(known, verdict_class="achieved", schedule="on", reasons=met, wording="met_in_time")
    late = any(is_met(value, goal, direction) for when, value in points.items() if when > year)
    told = ("target_missed", *(("met_late",) if late else ()), *notes)
    return replace(known, verdict_class="at_risk", schedule="behind", reasons=told, wording="missed")


def _hold(known: Verdict, *, met: bool, worsening: bool, notes: tuple[str, ...]) -> Verdict:
    """Met and not worsening counts as on schedule, met but worsening as nearly, not met as behind.

    No better class than on track: a level to be held is neither finished early nor exceeded.
    """
    kept = "behind" if not met else "nearly" if worsening else "on"
    graded, wording, found = _classify(kept, known.likelihood, may_be_ahead=False)
    own = "level_not_held" if not met else "level_worsening" if worsening else "level_held"
    found = [reason for reason in found if reason not in ("behind_schedule", "nearly_on_schedule")]
    wording = "not_held" if not met else wording
    return replace(
        known, verdict_class=graded, rule="hold", schedule=kept, reasons=(own, *found, *notes), wording=wording
    )
