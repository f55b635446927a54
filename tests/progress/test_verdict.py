"""The verdict pair: every class, every rule, every reason, on cases that can be worked out by hand."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenreport.progress import (
    CLASSES,
    LIKELIHOODS,
    REASONS,
    WORDINGS,
    as_shown,
    likelihood,
    required_path,
    verdict,
)

RETAIL = {
    "base_year": 2023, "base_value": 1800, "current_year": 2025, "current_value": 2146, "target_year": 2027,
    "target_value": 2400, "direction": "up",
}  # fmt: skip
VEHICLES = required_path(base_year=2023, base_value=24, targets=[(2027, 30), (2030, 30)])
HOLD = {"base_year": 2023, "base_value": 30, "target_year": 2027, "target_value": 30, "direction": "up"}


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (1, "very_likely"), (0.90, "very_likely"), (0.896, "very_likely"), (0.894, "likely"), (0.66, "likely"),
        (0.656, "likely"), (0.654, "even"), (0.33, "even"), (0.324, "unlikely"), (0.10, "unlikely"),
        (0.094, "very_unlikely"), (0, "very_unlikely"),
    ],
)  # fmt: skip
def test_a_likelihood_word_goes_by_the_printed_figure(probability, word):
    """The bands are closed at their lower end, and go by the figure that is printed: 89.6 % is printed 90 %."""
    assert likelihood(probability) == word


@given(st.floats(0, 1))
def test_no_probability_stands_on_the_wrong_side_of_its_word(probability):
    """Whoever reads the printed per cent can name the word from the printed limits."""
    printed = int(f"{probability * 100:.0f}")
    assert round(100 * as_shown(probability)) == printed
    word = next(w for w, least in ((w, round(100 * p)) for w, p in LIKELIHOODS) if printed >= least)
    assert likelihood(probability) == word


@pytest.mark.parametrize(
    ("value", "schedule"), [(2099.8, "on"), (2099.6, "nearly"), (2069.8, "nearly"), (2069.6, "behind")]
)
def test_a_schedule_goes_by_the_points_that_are_printed(value, schedule):
    """Of 600 to go half are due: 0.03 points short print as 0 and are on schedule, 5.03 print as 5 and are nearly on."""
    assert verdict(**{**RETAIL, "current_value": value}, probability=0.7).schedule == schedule


@pytest.mark.parametrize("wrong", [-0.1, 1.1, math.nan])
def test_a_probability_lies_between_0_and_1(wrong):
    """Anything else is a mistake of the caller, not a verdict."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        likelihood(wrong)
    with pytest.raises(ValueError, match="between 0 and 1"):
        verdict(**RETAIL, probability=wrong)


def test_the_sample_text_is_on_schedule_and_uncertain():
    """Online retail of the sample: 57.7 % done, 50.0 % of the time, on schedule, 61 %: it may or may not be met in time."""
    got = verdict(**RETAIL, probability=0.61)
    assert f"{got.completion:.1%} {got.time_share:.1%} {got.lead:.1%}" == "57.7% 50.0% 7.7%"
    assert (got.verdict_class, got.schedule, got.likelihood, got.wording) == ("uncertain", "on", "even", "uncertain")
    assert (got.rule, got.reason) == ("reach", "even_odds")


# Value in 2025 of 1800 → 2400 by 2027 that is on, nearly on and behind schedule (2100 required, 30 tolerated).
VALUES = {"on": 2110, "nearly": 2080, "behind": 2060}
CHANCES = {"very_likely": 0.95, "likely": 0.8, "even": 0.5, "unlikely": 0.2, "very_unlikely": 0.05}
MATRIX = {
    "on": ("ahead", "on_track", "uncertain", "at_risk", "at_risk"),
    "nearly": ("on_track", "on_track", "uncertain", "at_risk", "at_risk"),
    "behind": ("at_risk",) * 5,
}


@pytest.mark.parametrize(("plan", "word"), list(itertools.product(VALUES, CHANCES)))
def test_the_class_follows_from_the_two_printed_words(plan, word):
    """Schedule and likelihood decide the class together, as the table in docs/methods.md shows."""
    got = verdict(**{**RETAIL, "current_value": VALUES[plan]}, probability=CHANCES[word])
    assert (got.schedule, got.likelihood) == (plan, word)
    assert got.verdict_class == MATRIX[plan][list(CHANCES).index(word)]
    if got.verdict_class == "at_risk":
        parts = (plan == "behind", word in ("unlikely", "very_unlikely"))
        assert got.wording == {
            (True, False): "behind", (False, True): "unlikely", (True, True): "behind_and_unlikely"
        }[parts]  # fmt: skip
        assert ("behind_schedule" in got.reasons, "unlikely_in_time" in got.reasons) == parts
    else:
        assert (got.wording == "uncertain") == (word == "even")
        assert ("nearly_on_schedule" in got.reasons) == (plan == "nearly")


def test_behind_schedule_but_likely_is_told():
    """A verdict at risk for the schedule alone says that the target is likely all the same."""
    got = verdict(**{**RETAIL, "current_value": 2060}, probability=0.7)
    assert got.reasons == ("behind_schedule", "likely_despite_schedule")


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        ("on", ("uncertain", "schedule_only", ("no_forecast",))),
        ("nearly", ("uncertain", "schedule_only", ("no_forecast", "nearly_on_schedule"))),
        ("behind", ("at_risk", "behind", ("behind_schedule", "no_forecast"))),
    ],
)
def test_without_a_probability_the_schedule_alone_is_stated(plan, found):
    """One figure after the baseline tells the schedule; what is expected is left open."""
    got = verdict(**{**RETAIL, "current_value": VALUES[plan]})
    assert (got.verdict_class, got.wording, got.reasons) == found
    assert got.likelihood is None


def test_a_count_in_mid_year_is_a_fact():
    """44 malls in 2023, 56 in 2025, 65 wanted: 65 in June 2026 meet the target, 64 leave it where 2025 left it."""
    ask = {**RETAIL, "base_value": 44, "current_value": 56, "target_value": 65, "probability": 0.7}
    met, open_ = verdict(**ask, standing=65), verdict(**ask, standing=64)
    assert (met.verdict_class, met.rule, met.reason) == ("achieved", "met", "met_early")
    assert (open_.verdict_class, open_.completion) == ("on_track", 12 / 21)
    assert met.completion == 12 / 21


def test_a_count_in_mid_year_is_judged_where_no_full_year_has_followed():
    """Half a year after the baseline an eighth of four years has gone: 2.625 of 21 malls are due."""
    ask = {**RETAIL, "base_value": 44, "current_year": 2023.5, "target_value": 65, "probability": 0.7}
    got = verdict(**{**ask, "current_value": 47})
    assert (got.schedule, got.time_share, got.required_value) == ("on", 0.125, 46.625)
    assert verdict(**{**ask, "current_value": 45}).schedule == "behind"


@pytest.mark.parametrize(("probability", "doubt"), [(0.95, False), (0.66, False), (0.654, True), (None, False)])
def test_a_target_met_early_is_achieved(probability, doubt):
    """Reached before its year: achieved with or without a forecast; a doubtful hold is told."""
    got = verdict(**{**RETAIL, "current_value": 2400}, probability=probability)
    assert (got.verdict_class, got.rule, got.schedule) == ("achieved", "met", "on")
    assert got.reasons == (("met_early", "may_not_hold") if doubt else ("met_early",))


def test_a_target_once_met_and_lost_is_told():
    """Reached in 2024 and lost in 2025: graded like any other, with a note."""
    got = verdict(**RETAIL, probability=0.7, history={2024: 2500})
    assert (got.verdict_class, got.reasons) == ("on_track", ("was_met_before",))


def test_less_is_better_where_the_plan_says_down():
    """From 50 down to 40: 44 after half the time is on schedule, 47 is behind, 39 is achieved."""
    ask = {
        "base_year": 2023, "base_value": 50, "current_year": 2025, "target_year": 2027, "target_value": 40,
        "direction": "down", "probability": 0.7,
    }  # fmt: skip
    found = [verdict(**ask, current_value=v) for v in (44, 47, 39)]
    assert [one.verdict_class for one in found] == ["on_track", "at_risk", "achieved"]
    assert [one.schedule for one in found] == ["on", "behind", "on"]


def test_a_zero_base_is_graded_on_a_straight_line():
    """Exhibitions, 0 → 6: 3 in 2025 is on schedule; a geometric path is replaced, and that is told."""
    ask = {**RETAIL, "base_value": 0, "current_value": 3, "target_value": 6, "probability": 0.7}
    got = verdict(**ask)
    assert (got.verdict_class, got.completion, got.required_value, got.reasons) == ("on_track", 0.5, 3, ())
    curve = required_path(base_year=2023, base_value=0, targets=[(2027, 6)], shape="geometric")
    assert verdict(**ask, path=curve).reasons == ("geometric_path_refused",)


def test_simultaneous_targets_are_graded_one_by_one():
    """Exhibitions by 2027, 6 recognised and 10 fostered: 3 in 2025 is on schedule for one, behind for the other."""
    ask = {**RETAIL, "base_value": 0, "current_value": 3}
    box = verdict(**{**ask, "target_value": 6}, probability=0.7)
    text = verdict(**{**ask, "target_value": 10}, probability=0.2)
    assert (box.verdict_class, text.verdict_class) == ("on_track", "at_risk")


# ── levels to be held ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("values", "probability", "cls", "plan", "reasons", "wording"),
    [
        ((30, 30, 31, 32), 0.95, "on_track", "on", ("level_held",), "on_track"),
        ((30, 30, 33, 31), 0.7, "on_track", "on", ("level_held",), "on_track"),
        ((33, 32, 31, 30), 0.5, "uncertain", "nearly", ("level_worsening", "even_odds"), "uncertain"),
        ((33, 32, 31, 30), 0.2, "at_risk", "nearly", ("level_worsening", "unlikely_in_time"), "unlikely"),
        ((30, 30, 29, 28), 0.2, "at_risk", "behind", ("level_not_held", "unlikely_in_time"), "not_held"),
        ((30, 28, 28, 29), 0.7, "at_risk", "behind", ("level_not_held", "likely_despite_schedule"), "not_held"),
    ],
)  # fmt: skip
def test_a_level_to_be_held_is_never_ahead(values, probability, cls, plan, reasons, wording):
    """30 → 30: met and not worsening is on schedule, met but worsening nearly, not met behind; never ahead."""
    series = dict(zip((2021, 2022, 2023, 2024), values, strict=True))
    got = verdict(
        **{**HOLD, "base_year": 2020}, current_year=2024, current_value=values[-1], history=series,
        probability=probability,
    )  # fmt: skip
    assert (got.rule, got.verdict_class, got.schedule, got.reasons, got.wording) == (
        "hold",
        cls,
        plan,
        reasons,
        wording,
    )
    assert got.completion is None and got.lead is None


def test_a_target_below_the_base_is_a_level_to_be_held():
    """Base 35, target 30, more is better: nothing to reach, a level to hold."""
    got = verdict(**{**HOLD, "base_value": 35}, current_year=2025, current_value=34, probability=0.9)
    assert got.rule == "hold"


def test_a_flat_last_stretch_is_reached_first_and_held_then():
    """Vehicles 24 → 30 (2027) → 30 (2030): before 2027 the level is to be reached, once reached to be held."""
    ask = {
        "base_year": 2023, "base_value": 24, "target_year": 2030, "target_value": 30, "direction": "up",
        "probability": 0.8, "path": VEHICLES,
    }  # fmt: skip
    assert verdict(**ask, current_year=2025, current_value=27).rule == "reach"
    early = verdict(**ask, current_year=2025, current_value=31)
    assert (early.rule, early.verdict_class, early.reason) == ("hold", "on_track", "level_held")
    late = verdict(**ask, current_year=2028, current_value=29)
    assert (late.rule, late.verdict_class, late.reason) == ("hold", "at_risk", "level_not_held")
    for_2027 = {**ask, "target_year": 2027}
    assert verdict(**for_2027, current_year=2025, current_value=31).verdict_class == "achieved"


# ── target year over ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("year", "value", "history", "cls", "reasons", "wording"),
    [
        (2027, 2400, {}, "achieved", ("met_in_time",), "met_in_time"),
        (2027, 2399, {}, "at_risk", ("target_missed",), "missed"),
        (2028, 2300, {2027: 2450}, "achieved", ("met_in_time",), "met_in_time"),
        (2028, 2500, {2027: 2350}, "at_risk", ("target_missed", "met_late"), "missed"),
        (2028, 2500, {2026: 2450}, "not_assessable", ("target_year_not_observed",), "not_assessable"),
    ],
)
def test_a_target_year_that_is_over_is_graded_on_its_outcome(year, value, history, cls, reasons, wording):
    """Only the value of the target year counts; the forecast has no say, and a gap is not filled."""
    got = verdict(**{**RETAIL, "current_year": year, "current_value": value}, history=history, probability=0.99)
    assert (got.rule, got.verdict_class, got.reasons, got.wording) == ("past", cls, reasons, wording)
    assert got.schedule == {"achieved": "on", "at_risk": "behind", "not_assessable": None}[cls]
    assert got.likelihood is None and got.probability is None


def test_a_target_year_that_is_over_but_not_observed_is_not_forecast():
    """Cut-off in 2028, latest value of 2025, target 2027: nothing can be said, whatever the forecast."""
    got = verdict(**RETAIL, probability=0.9, as_of_year=2028)
    assert (got.verdict_class, got.reason, got.rule) == ("not_assessable", "target_year_not_observed", "past")
    assert verdict(**RETAIL, probability=0.7, as_of_year=2027).verdict_class == "on_track"


# ── not assessable ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"target_value": None}, "missing_target"),
        ({"target_year": None}, "missing_target"),
        ({"target_value": math.nan}, "missing_target"),
        ({"base_value": None}, "missing_base"),
        ({"base_value": math.nan}, "missing_base"),
        ({"target_year": 2023}, "target_not_after_base"),
        ({"current_year": 2023, "current_value": 1800}, "no_observation_after_base"),
        ({"current_year": None, "current_value": None}, "no_observation_after_base"),
        ({"current_value": math.nan}, "no_observation_after_base"),
        ({"in_doubt": True}, "definition_in_doubt"),
    ],
)
def test_what_cannot_be_assessed_says_why(change, reason):
    """Every lack has its own reason, and no class is guessed."""
    got = verdict(**{**RETAIL, "probability": 0.7, **change})
    assert (got.verdict_class, got.wording, got.reason) == ("not_assessable", "not_assessable", reason)


def test_every_class_reason_and_wording_can_occur():
    """No id is left in the lists that no case produces, and no case produces an id outside them."""
    cases = [
        verdict(**{**RETAIL, "current_value": v}, probability=p, as_of_year=year, history=h)
        for v, p, year, h in itertools.product(
            (1700, 2060, 2080, 2110, 2146, 2400), (None, 0.05, 0.5, 0.7, 0.95), (2025, 2028), ({}, {2024: 2500})
        )
    ]
    cases += [
        verdict(**{**RETAIL, "current_year": 2028, "current_value": v}, history={2027: w})
        for v, w in itertools.product((2350, 2450), repeat=2)
    ]
    cases += [
        verdict(**HOLD, current_year=2025, current_value=v, history={2024: 31}, probability=p)
        for v, p in itertools.product((29, 30, 32), (0.2, 0.95))
    ]
    cases += [
        verdict(**{**HOLD, "base_value": 31}, current_year=2025, current_value=30, probability=0.7),
        verdict(**{**RETAIL, "target_value": None}),
        verdict(**RETAIL, in_doubt=True),
        verdict(**{**RETAIL, "base_value": None}),
        verdict(**{**RETAIL, "target_year": 2020}),
        verdict(**{**RETAIL, "current_value": None}),
        verdict(
            **{**RETAIL, "base_value": 0},
            path=required_path(base_year=2023, base_value=0, targets=[(2027, 6)], shape="geometric"),
        ),
    ]
    assert {v.verdict_class for v in cases} == set(CLASSES)
    assert {v.wording for v in cases} == set(WORDINGS)
    assert {reason for v in cases for reason in v.reasons} == set(REASONS)
    assert all(v.reasons for v in cases if v.verdict_class in ("not_assessable", "at_risk"))
