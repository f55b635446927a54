"""Counts of which little is known: one to three values, increments without a stock, bounds, starts, half-years."""

import math

import numpy as np
import pytest
from scipy import stats

from greenreport.forecast import PriorRate, count_path, forecast
from greenreport.forecast.counts import FULL
from greenreport.forecast.evidence import Bound, Growth, Increment, Level, Start

SHAPES = ("steady", "ramping", "fading", "stop and go")


def programme(shape, ahead, rng):
    """Counts at the ends of years from a programme's zero on, and the index of a first look at it."""
    usual, age = rng.lognormal(np.log(5), 0.8), int(np.rint(np.exp(rng.uniform(0, np.log(30)))))
    if shape == "ramping":
        age = int(rng.integers(0, 5))
    at = np.arange(1, age + ahead + 1)
    rate = np.full(len(at), usual)
    if shape == "ramping":
        rate = 0.3 * usual * np.exp(np.cumsum(0.35 * 0.85 ** (at - 1)))
    elif shape == "fading":
        rate = 2 * usual * np.exp(-0.15 * at)
    elif shape == "stop and go":
        rate = usual / 0.6 * (rng.random(len(at)) < 0.6)
    return np.concatenate([[0], np.cumsum(rng.poisson(rate))]), age


def covered(made, future, level=0.80):
    low, high = made.interval(level)
    return float(np.mean((low <= future) & (future <= high)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_ranges_of_thin_records_hold(shape, n):
    """Of the 80 % ranges from one, two or three values, 70 to 98 % hold in every shape; of the 95 % ones, 88 % and more."""
    rng = np.random.default_rng(n)
    held, wide = [], []
    for _ in range(200):
        y, age = programme(shape, n + 5, rng)
        past, future = y[age : age + n], y[age + n :]
        made = forecast(past, len(future), kind="count")
        assert made.ok and made.n == n and made.least == 1
        held.append(covered(made, future))
        wide.append(covered(made, future, 0.95))
    assert 0.70 <= np.mean(held) <= 0.98
    assert np.mean(wide) >= 0.88


@pytest.mark.parametrize(
    "y", [[44], [0], [44, 48], [44, 48, 50], [44, 48, 50, 53], [0, 0, 3], [44, np.nan, 50], [44, 48, 50, 53, 57, 60]]
)
def test_the_array_and_the_statements_give_one_answer(y):
    """Annual values are the same forecast, whether they come as an array or as statements in any order."""
    made = forecast(y, 4, kind="count")
    said = [Level(2020 + i, v) for i, v in enumerate(y) if not math.isnan(v)]
    path = count_path(said[::-1], start=2020 + len(y), last_year=2023 + len(y))
    assert path.ok and path.parameters == made.parameters
    for p in (0.1, 0.5, 0.9):
        assert (path.quantile(p) == made.quantile(p)).all()
    paths = made.sample(500, 1)
    assert (np.diff(paths, axis=1, prepend=float(y[-1])) >= 0).all() and (paths == np.rint(paths)).all()


@pytest.mark.parametrize("step", [3, 4, 5, 6, 9])
def test_nothing_jumps_when_a_further_value_comes(step):
    """Where each new value is what was expected, range and probability move by less than a third."""
    y = 44 + 3 * np.arange(step + 1)
    few, more = forecast(y[:step], 4, kind="count"), forecast(y, 4, kind="count")
    (low, high), (low_then, high_then) = few.interval(0.8), more.interval(0.8)
    was, now = (high - low)[-1], (high_then - low_then)[-1]
    assert 0.62 <= now / was <= 1.2
    assert few.prob_at_least(y[step - 1] + 12, 4) == pytest.approx(more.prob_at_least(y[step] + 12, 4), abs=0.12)


def test_the_weight_of_the_thin_model_fades():
    """From six exact values on a record is forecast as before; with four and five a third and two thirds of it are."""
    assert FULL == 5
    y = [44, 48, 50, 53, 57, 60]
    six, five, four, three = (forecast(y[:n], 4, kind="count").distribution for n in (6, 5, 4, 3))
    # two nodes of an established rate; up to five components of thin nodes and these two; thin ones alone
    assert len(six.weights) == 2 and six.weights.sum() == pytest.approx(1.0)
    assert five.weights[-2:].sum() == pytest.approx(2 / 3)
    assert four.weights[-2:].sum() == pytest.approx(1 / 3)
    assert len(three.weights) <= 5


def test_the_rate_scales_with_the_stock():
    """With nothing but a stock, ten times the stock means about ten times as much a year."""
    small, large = forecast([50], 4, kind="count"), forecast([500], 4, kind="count")
    ahead = small.median[-1] - 50, large.median[-1] - 500
    assert 4.0 < ahead[1] / ahead[0] < 16.0
    low, high = small.interval(0.8)
    assert low[-1] - 50 < 10 and high[-1] - 50 > 30


def test_a_rate_learned_elsewhere_takes_the_place_of_the_wide_prior():
    """A district without malls is expected to gain what others gain, if that is given; the range shrinks."""
    alone = forecast([0], 4, kind="count")
    told = count_path([Level(2023, 0)], start=2024, last_year=2027, prior_rate=PriorRate(3.0, 1.0))
    assert 8 <= told.median[-1] <= 16
    assert np.diff(told.interval(0.8), axis=0)[0, -1] < np.diff(alone.interval(0.8), axis=0)[0, -1]
    # A mean of 3 and a spread of 1 is a Gamma of shape 9 and rate 3.
    assert (PriorRate(3.0, 1.0).gamma.events, PriorRate(3.0, 1.0).gamma.years) == (9.0, 3.0)
    with pytest.raises(ValueError, match="positive mean"):
        PriorRate(0.0, 1.0)


def test_new_ones_alone_are_answered():
    """ "10 new in 2021, 8 in 2022" without a stock: at least 18 stand, and how many more nobody knows."""
    made = count_path([Increment(2021, 2021, 10), Increment(2022, 2022, 8)], start=2023, last_year=2025)
    low, high = made.interval(0.8)
    assert made.ok and made.last == 18 and low[0] >= 18
    assert made.median[0] > 18 + 9 and high[0] > 2 * low[0]
    assert 4 < made.parameters["rate"] < 14


def test_increments_hang_on_levels():
    """A level and the new ones of the next year are two levels; so are a level and the new ones of its own year."""
    two = count_path([Level(2022, 44), Level(2023, 54)], start=2024, last_year=2026)
    for said in ([Level(2022, 44), Increment(2023, 2023, 10)], [Increment(2023, 2023, 10), Level(2023, 54)]):
        made = count_path(said, start=2024, last_year=2026)
        assert (made.quantile(0.9) == two.quantile(0.9)).all() and made.last == 54


def test_the_new_ones_of_several_years_are_one_increment():
    """30 new in 2020–2022 before a stock of 44 in 2022: the stock was 14 in 2019."""
    made = count_path([Level(2022, 44), Increment(2020, 2022, 30)], start=2023, last_year=2026)
    same = count_path([Level(2019, 14), Level(2022, 44)], start=2023, last_year=2026)
    assert (made.quantile(0.1) == same.quantile(0.1)).all()
    assert made.median[-1] > forecast([44], 4, kind="count").interval(0.8)[0][-1]


def test_new_ones_in_a_year_between_levels_say_how_the_rest_is_spread():
    """20 in 2020, 44 in 2023: if 20 of the 24 came in 2023, more is expected than if they came in 2021."""
    late = count_path([Level(2020, 20), Increment(2023, 2023, 20), Level(2023, 44)], start=2024, last_year=2027)
    early = count_path([Level(2020, 20), Increment(2021, 2021, 20), Level(2023, 44)], start=2024, last_year=2027)
    assert late.median[-1] > early.median[-1]


def test_new_ones_after_an_unknown_year_add_to_what_is_reached():
    """44 in 2021 and 8 new in 2023: at least 52, plus what 2022 brought."""
    made = count_path([Level(2021, 44), Increment(2023, 2023, 8)], start=2024, last_year=2025)
    assert made.last == 52 and made.interval(0.8)[0][0] >= 52
    assert made.median[0] >= 52 + 8


def test_a_programme_s_first_year_is_a_zero_the_year_before():
    """A programme that began in 2021 stood at 0 at the end of 2020."""
    begun = count_path([Start(2021), Level(2023, 24)], start=2024, last_year=2026)
    zero = count_path([Level(2020, 0), Level(2023, 24)], start=2024, last_year=2026)
    assert (begun.quantile(0.9) == zero.quantile(0.9)).all()
    # 24 in three years are about eight a year: with the age known, the range is narrower than without.
    unknown = count_path([Level(2023, 24)], start=2024, last_year=2026)
    assert np.diff(begun.interval(0.8), axis=0)[0, -1] < np.diff(unknown.interval(0.8), axis=0)[0, -1]
    assert 24 + 10 <= begun.median[-1] <= 24 + 60
    only = count_path([Start(2024)], start=2024, last_year=2026)
    assert only.ok and only.interval(0.8)[0][-1] <= 2 and only.interval(0.8)[1][-1] >= 8


def test_a_mid_year_count_is_a_floor_and_half_a_year():
    """57 in June: the year ends at 57 or above, and the rest of it counts half."""
    made = count_path([Level(2025, 50), Level(2026, 57, elapsed=0.5)], start=2026, last_year=2028)
    assert made.quantile(0.001)[0] >= 57
    gains = np.diff(made.median, prepend=57.0)
    assert gains[0] < gains[1]


def test_more_than_raises_and_nearly_lowers():
    """ "More than 60" after 44: nothing below 60, and the median rises; "nearly 50" lowers it."""
    plain = count_path([Level(2023, 44)], start=2025, last_year=2027)
    above = count_path([Level(2023, 44), Bound(2024, 60)], start=2025, last_year=2027)
    below = count_path([Level(2023, 44), Bound(2024, 50, "below")], start=2025, last_year=2027)
    assert above.quantile(0.001)[0] >= 60
    assert above.median[-1] > plain.median[-1] > below.median[-1] >= 44
    assert above.parameters["rate"] > plain.parameters["rate"] > below.parameters["rate"]
    both = count_path([Level(2023, 44), Bound(2024, 60), Bound(2024, 70, "below")], start=2024, last_year=2026)
    low, high = both.interval(0.95)
    assert 60 <= low[0] <= high[0] <= 72


def test_a_bound_follows_the_truncated_law_by_brute_force():
    """Counts and rates drawn from the prior, kept where the bound allows them, weighed by the speaker's choice."""
    said = [Level(2023, 44), Level(2024, 50)]
    free = count_path(said, start=2026, last_year=2027)
    bound = count_path([*said, Bound(2025, 60)], start=2026, last_year=2027)
    paths = count_path(said, start=2025, last_year=2027).sample(200_000, 1)
    kept = paths[:, 0] >= 60
    weight = np.exp(-(paths[kept, 0] - 60) / 12.0)  # a fifth of 60
    order = np.argsort(paths[kept, 2])
    share = np.cumsum(weight[order]) / weight.sum()
    median = paths[kept, 2][order][np.searchsorted(share, 0.5)]
    assert bound.median[-1] - 60 == pytest.approx(median - 60, rel=0.15)
    assert bound.median[-1] > free.median[-1]


def test_a_bound_stands_in_where_no_level_is_known():
    """ "More than 50 malls", nothing else: at least 50, and 50-odd rather than 80."""
    made = count_path([Bound(2024, 50)], start=2024, last_year=2027)
    assert made.ok and made.quantile(0.02)[0] >= 49
    assert 51 <= made.median[0] <= 60
    assert count_path([Bound(2024, 50, "below")], start=2024, last_year=2027).median[0] <= 50


def test_a_bound_far_from_all_expectation_is_a_level():
    """44 and, a year later, "more than 5,000": something else is counted, and the answer starts from there."""
    made = count_path([Level(2023, 44), Bound(2024, 5000)], start=2025, last_year=2026)
    assert made.ok and made.median[0] > 5000


def test_a_rounded_level_is_a_level_with_an_error():
    """ "About 50" (±10 %) may be 46 or 54; the range of the year itself says so, and later ones are a little wider."""
    about = count_path([Level(2024, 50, error=0.1)], start=2024, last_year=2027)
    low, high = about.interval(0.95)
    assert 42 <= low[0] <= 47 and 53 <= high[0] <= 58
    # two rounded figures that seem to fall are drawn together instead of refused
    fallen = count_path([Level(2023, 52, error=0.1), Level(2024, 50, error=0.1)], start=2025, last_year=2026)
    assert fallen.ok and 49 <= fallen.last <= 52


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ([], "too_few_points"),
        ([Growth(2023, 0.1)], "too_few_points"),
        ([Level(2023, 4.5)], "not_whole"),
        ([Level(2023, -4)], "negative_count"),
        ([Level(2022, 50), Level(2023, 44)], "count_falls"),
        ([Level(2022, 44), Level(2022, 45)], "evidence_conflicts"),
        ([Level(2022, 44), Increment(2023, 2023, 10), Level(2023, 60)], "evidence_conflicts"),
        ([Increment(2021, 2021, 30), Level(2023, 20)], "evidence_conflicts"),
        ([Bound(2022, 50), Level(2023, 44)], "evidence_conflicts"),
        ([Bound(2023, 40, "below"), Level(2022, 44)], "evidence_conflicts"),
        ([Start(2022), Level(2020, 3)], "evidence_conflicts"),
        ([Start(2022), Start(2021)], "evidence_conflicts"),
    ],
)
def test_what_cannot_all_be_right_is_refused(said, reason):
    """Statements that contradict each other are never averaged: the refusal says which kind of contradiction it is."""
    made = count_path(said, start=2024, last_year=2025)
    assert (made.ok, made.reason) == (False, reason)


def test_what_says_nothing_of_a_count_is_named():
    """A growth rate beside a level: the level is used, the rest listed."""
    made = count_path([Growth(2023, 0.1), Level(2023, 5)], start=2024, last_year=2025)
    assert made.ok and made.refused == (("growth", "not_for_counts"),)
    overlap = [Level(2019, 5), Increment(2021, 2022, 4), Increment(2022, 2023, 5), Level(2025, 20)]
    assert ("increment", "overlaps") in count_path(overlap, start=2026, last_year=2027).refused


def test_a_forecast_begins_with_the_year_of_the_latest_count():
    """50 in 2024 and 57 in June 2026, asked from 2025 on: 2026 is the first year that is ahead, and ends at 57 or more."""
    made = count_path([Level(2024, 50), Level(2026, 57, elapsed=0.5)], start=2025, last_year=2030)
    assert (made.start, made.horizon) == (2026, 5)
    assert made.quantile(0.001)[0] >= 57
    with pytest.raises(ValueError, match="last_year"):
        count_path([Level(2023, 5)], start=2024, last_year=2022)


def test_a_node_is_the_negative_binomial():
    """A rate of Gamma(a, b) and one Poisson year are one negative binomial, which scipy knows."""
    from greenreport.forecast.mixture import CountMixture

    # two components with dispersions of their own: Poisson given the rate, and twice its mean
    dist = CountMixture(
        0, np.array([0.5, 0.5]), np.array([[8.0], [8.0]]), np.array([1.0, 2.0]), np.array([[0.25], [0.0]])
    )
    parts = stats.nbinom(4, 1 / 3), stats.nbinom(8, 0.5)
    for k in (0, 5, 8, 20):
        assert dist.at_most(k, 1) == pytest.approx(np.mean([part.cdf(k) for part in parts]), abs=1e-6)
    paths = dist.sample(40_000, np.random.default_rng(1))
    assert np.mean(paths <= 8) == pytest.approx(dist.at_most(8, 1), abs=0.01)
