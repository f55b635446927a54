"""Looking back: what an evaluation expected, what came, and its score."""

from dataclasses import replace
from datetime import date

import pytest

from greenreport.assess import Assessment, look_back, score
from greenreport.assess.outcome import ALWAYS_EVEN, IndicatorOutcome, LookingBack, TargetOutcome
from greenreport.errors import RequestError


@pytest.fixture(scope="module")
def then(countries):
    return countries


@pytest.fixture(scope="module")
def now(union, then):
    return tuple(look_back(union, a, outcome_as_of="2023-12-31") for a in then)


def of(found, area):
    return next(a for a in found if a.area == area).outcome.indicators[0]


def test_what_was_expected_does_not_know_what_came(then, now):
    """Looking back adds the outcomes and changes nothing else."""
    assert all(a.outcome is None for a in then)
    assert tuple(replace(a, outcome=None) for a in now) == then


def test_26_of_27_targets_were_met_and_france_missed_its_own_by_3_9_points(now):
    """Eurostat for 2020: France 19.1 % against 23 %, all others at or above their targets."""
    missed = {a.area: a.outcome.indicators[0].head for a in now if not a.outcome.indicators[0].head.met}
    assert set(missed) == {"FR"}
    assert missed["FR"].value == 19.109
    assert missed["FR"].missed_by == pytest.approx(3.9)


def test_a_percentage_is_compared_to_the_decimals_of_its_unit(now):
    """The Netherlands reached 13.999 %, which is 14.0 %: met."""
    head = of(now, "NL").head
    assert (head.value, head.met, head.missed_by) == (13.999, True, 0.0)


def test_ranges_are_held_against_every_year_that_came(now):
    """2013–2020 were forecast and are known; each lies inside or outside the range given for it."""
    for a in now:
        one = a.outcome.indicators[0]
        assert [y.year for y in one.years] == list(range(2013, 2021))
        assert all(y.inside == (y.low <= y.value <= y.high) for y in one.years)
        assert one.later[-1][0] == 2022
        assert one.head.inside == one.years[-1].inside


def test_an_outcome_that_is_not_known_yet_is_neither_met_nor_missed(union, then):
    """At the end of 2016 the figures up to 2015 are known; 2020 is not."""
    france = look_back(union, next(a for a in then if a.area == "FR"), outcome_as_of=date(2016, 12, 31))
    one = france.outcome.indicators[0]
    assert (one.head.value, one.head.met, one.head.inside) == (None, None, None)
    assert [y.year for y in one.years] == [2013, 2014, 2015]
    assert score([france]).known == 0


def target(p, met, *, likelihood=None, inside=True):
    return TargetOutcome(
        year=2020, target=10.0, derived=False, verdict="on_track", wording="on_track", likelihood=likelihood,
        probability=p, low=8.0, median=10.0, high=12.0, value=11.0 if met else 9.0, met=met,
        missed_by=0.0 if met else 1.0, inside=inside,
    )  # fmt: skip


def looked(then, *targets):
    ones = tuple(IndicatorOutcome(f"i{n}", (x,), 0, (), ()) for n, x in enumerate(targets))
    return replace(then[0], outcome=LookingBack(date(2023, 12, 31), 0.8, ones))


def test_the_brier_score_is_the_mean_squared_miss_of_the_probabilities(then):
    """0.9 and met, 0.2 and missed, 0.6 and missed: (0.01 + 0.04 + 0.36) ÷ 3; a coin gets 0.25."""
    found = score([looked(then, target(0.9, True), target(0.2, False), target(0.6, False, inside=False))])
    assert found.brier == pytest.approx((0.01 + 0.04 + 0.36) / 3)
    assert found.expected == pytest.approx(1.7 / 3)
    assert found.share_met == pytest.approx(1 / 3)
    assert (found.ranged, found.inside) == (3, 2)
    coin = score([looked(then, target(0.5, True), target(0.5, False))])
    assert coin.brier == ALWAYS_EVEN


def test_a_target_without_a_probability_counts_as_met_or_missed_but_is_not_scored(then):
    """There is an outcome, and nothing that it could be held against."""
    found = score([looked(then, target(None, True), target(0.8, True, likelihood="likely"))])
    assert (found.known, found.met, found.scored) == (2, 2, 1)
    assert found.brier == pytest.approx(0.04)
    assert found.by_likelihood == (("likely", 1, 1),)


def test_the_classes_of_the_score_add_up(now):
    """Every target with a probability stands in one class of likelihood."""
    found = score(now)
    assert (found.known, found.met) == (27, 26)
    assert sum(n for _, n, _ in found.by_likelihood) == found.scored
    assert score(now, indicator="nothing").known == 0


def test_a_falling_indicator_is_met_from_above(union, then):
    """Where less is better, 19.1 % has met 23 % and misses 15 %."""
    from greenreport.assess.outcome import _short

    indicator = replace(union.plan.indicators[0], direction="down")
    assert _short(19.1, 23.0, indicator) < 0
    assert _short(19.1, 15.0, indicator) == pytest.approx(4.1)


def test_looking_back_travels_as_json(now):
    """An overview reads the outcomes of other pages."""
    again = Assessment.from_json(now[0].to_json())
    assert again.outcome == Assessment.from_json(again.to_json()).outcome
    assert again.outcome.outcome_as_of == date(2023, 12, 31)


def test_a_day_of_outcomes_that_does_not_follow_the_report_is_refused(union, then):
    """One cannot look back from the same day."""
    with pytest.raises(RequestError, match="outcome_as_of"):
        look_back(union, then[0], outcome_as_of="2013-12-31")
