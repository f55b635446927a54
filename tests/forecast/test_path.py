"""Levels from one figure up, and from every kind of evidence."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from greenreport.forecast import (
    CONTRADICTION,
    Bound,
    Forecast,
    Growth,
    Increment,
    Level,
    Part,
    Related,
    Start,
    Total,
    chance,
    experience,
    forecast,
    forecast_evidence,
    surprises,
)
from greenreport.forecast.learned_path import PATH
from greenreport.forecast.linear import part_growth_error, share_of_year
from greenreport.forecast.path import PathConstants, Row, believe, student


def asked(evidence, *, start=2024, last_year=2027, **options):
    return forecast_evidence(evidence, start=start, last_year=last_year, **options)


def width(f, step=1, level=0.80):
    low, high = f.interval(level)
    return math.log(high[step - 1] / low[step - 1])


def test_one_figure_is_answered_by_the_prior_growth_and_a_wide_range():
    """100 in one year: the median grows by the prior's 3 % a year, and the range widens with the horizon."""
    f = forecast([100.0], 4)
    assert f.ok and f.n == 1
    assert f.median == pytest.approx(100 * np.exp(0.03 * np.arange(1, 5)), rel=1e-6)
    assert all(np.diff([width(f, h) for h in (1, 2, 3, 4)]) > 0)
    assert 0.2 < width(f) < 0.6


def test_two_figures_of_one_year_are_one_year():
    """Nothing is known of growth from 100 and 102 in the same year; a forecast there is all the same."""
    f = asked([Level(2023, 100.0), Level(2023, 102.0)])
    assert f.ok and 98 < f.median[0] < 108 and "growth_own" not in f.parameters


def test_each_figure_narrows_the_range_and_none_makes_it_jump():
    """Along a smooth series the range narrows from one to eight values, and no value halves it twice over."""
    y = 100 * 1.05 ** np.arange(8)
    widths = [width(forecast(y[:n], 4), 2) for n in range(1, 9)]
    assert all(b < a * 1.02 for a, b in pairwise(widths))
    chances = [forecast(y[:n], 4).prob_at_least(y[n - 1] * 1.05**2, 2) for n in range(2, 9)]
    assert np.abs(np.diff(chances)).max() < 0.15


@pytest.mark.parametrize("seed", range(12))
def test_the_fourth_figure_is_no_switch(seed):
    """Where the fourth value is the one expected, median and range go on as they went: two models, no seam."""
    rng = np.random.default_rng(seed)
    y = list(100 * np.exp(np.cumsum(rng.normal(0.04, 0.05, 3))))
    three = forecast(y, 4)
    four = forecast([*y, float(three.median[0])], 3)
    assert four.median[:3] == pytest.approx(three.median[1:], rel=0.06)
    assert 0.35 < width(four, 2) / width(three, 3) < 1.25


def test_the_conditioning_is_that_of_a_normal_distribution():
    """With one σ the belief equals the textbook formula for a multivariate normal, worked out beside it."""
    c = replace(PATH, scale_sd=1e-9)
    years, known = 6, [(0, 0.10), (1, 0.14), (3, 0.21)]
    rows = [Row(((at, 1.0),), value) for at, value in known]
    belief = believe(rows, years, anchor=(3, 0.21), prior=0.03, constants=c)

    sigma = c.scale
    first = c.growth_sd**2 + (c.growth_noise * sigma) ** 2
    turn = c.turn_sd**2 + (c.turn_noise * sigma) ** 2
    variance = [first]
    for _ in range(years - 2):
        variance.append(c.damping**2 * variance[-1] + turn)
    growth = np.array([[variance[min(i, j)] * c.damping ** abs(i - j) for j in range(5)] for i in range(5)])
    add = np.tril(np.ones((years, years - 1)), -1)
    cov = add @ (growth + sigma**2 * np.eye(5)) @ add.T + 25.0
    mean = 0.21 + 0.03 * (np.arange(years) - 3)
    at = [a for a, _ in known]
    gain = cov[:, at] @ np.linalg.inv(cov[np.ix_(at, at)] + c.noise * sigma**2 * np.eye(3))
    assert belief.mean[4] == pytest.approx(mean + gain @ (np.array([v for _, v in known]) - mean[at]), abs=1e-6)
    left = cov - gain @ cov[at] + c.noise * sigma**2 * np.eye(years)
    assert belief.cov[4] == pytest.approx(left, abs=1e-6)


def test_the_path_is_a_local_linear_trend_of_statsmodels():
    """With one σ, undamped growth and a wide prior, the forecast equals that of statsmodels' Kalman filter."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    c = PathConstants(1.0, 0.5, 0.0, 0.01, 0.0, 0.04, 0.05, 1e-9, 1.0)
    z = np.array([0.00, 0.05, 0.07, 0.14, 0.21, 0.22, 0.30])
    rows = [Row(((i, 1.0),), float(v)) for i, v in enumerate(z)]
    ours = believe(rows, 10, anchor=(6, 0.3), prior=0.0, constants=c)
    model = UnobservedComponents(z, "lltrend", use_exact_diffuse=True)
    made = model.smooth([0.04 * 0.05**2, 0.05**2, 0.01**2]).get_forecast(3)
    assert ours.mean[4][7:] == pytest.approx(made.predicted_mean, abs=2e-3)
    assert np.sqrt(np.diagonal(ours.cov[4])[7:]) == pytest.approx(made.se_mean, rel=0.02)


def test_a_mixture_becomes_a_t_with_its_own_ranges():
    """The matched Student t has the mixture's median, and an 80 % range of its width, at every step."""
    belief = believe([Row(((0, 1.0),), 0.0), Row(((1, 1.0),), 0.05)], 5, anchor=(1, 0.05), prior=0.03, constants=PATH)
    centre, cov, df = student(belief, [2, 3, 4])
    for i, at in enumerate((2, 3, 4)):
        for p in (0.1, 0.5, 0.9):
            x = centre[i] + stats.t.ppf(p, df) * math.sqrt(cov[i, i])
            below = belief.weight @ stats.norm.cdf((x - belief.mean[:, at]) / np.sqrt(belief.cov[:, at, at]))
            assert below == pytest.approx(p, abs=0.02)


def test_growth_without_a_level_is_a_level_told_otherwise():
    """180 and + 8.2 % say nearly what 180 and 194.8 say of the years after."""
    told = asked([Level(2023, 180.0), Growth(2024, 0.082)])
    level = asked([Level(2023, 180.0), Level(2024, 194.76)], start=2025)
    assert told.median[0] == pytest.approx(194.76, rel=0.01)
    assert told.median[1:] == pytest.approx(level.median, rel=0.02)


def test_average_growth_speaks_of_the_whole_span():
    """10 % a year over 2021–2024 from a known 2020 puts 2024 at 1.1⁴ = 1.4641 times it, whatever 2023 was."""
    f = asked([Level(2020, 100.0), Growth(2024, 0.10, since=2020)], start=2021, last_year=2026)
    assert f.median[3] == pytest.approx(146.41, rel=0.01)
    assert f.median[0] == pytest.approx(110.0, rel=0.02)


def test_a_mean_and_a_sum_say_the_same():
    """A mean of 30 over two years and a sum of 60 are one statement, and put the years around it."""
    mean = asked([Level(2023, 28.0), Total(2024, 2025, 30.0, mean=True)])
    total = asked([Level(2023, 28.0), Total(2024, 2025, 60.0)])
    assert mean.median == pytest.approx(total.median)
    assert mean.median[:2].sum() == pytest.approx(60.0, rel=0.01)


def test_more_than_cuts_off_what_lies_below():
    """ "More than 30" for a year that was expected at 26 lifts it above 30, and nothing is left below."""
    plain, more = asked([Level(2023, 25.0)]), asked([Level(2023, 25.0), Bound(2024, 30.0)])
    assert plain.median[0] < 30 < more.median[0]
    assert more.quantile(0.001)[0] >= 30.0
    assert (more.median[1:] > plain.median[1:]).all()
    less = asked([Level(2023, 25.0), Bound(2024, 24.0, "below")])
    assert less.median[0] < 24.5 < plain.median[0]


def test_a_rounded_figure_is_wider_than_an_exact_one():
    """ "About 50", which 45 to 55 would be called, leaves a wider range than 50."""
    rounded, exact = asked([Level(2023, 50.0, error=0.1)]), asked([Level(2023, 50.0)])
    assert width(rounded) > width(exact)
    assert rounded.median == pytest.approx(exact.median, rel=0.01)


def test_half_a_year_counts_without_any_earlier_half_year():
    """The less is known of the share of the year, the wider the range; but each is narrower than without the half-year."""
    known = [Level(2022, 100.0), Level(2023, 104.0)]
    plain = asked(known)
    blind = asked([*known, Part(2024, 55.0, 0.5)])
    lent = asked([*known, Part(2024, 55.0, 0.5, borrowed=(0.47, 0.48, 0.46))])
    own = asked([*known, Part(2024, 55.0, 0.5, earlier=((2022, 47.0, 100.0), (2023, 49.0, 104.0)))])
    assert width(own) < width(lent) < width(blind) < width(plain)
    assert plain.median[0] < own.median[0] < 55 / 0.47
    assert blind.quantile(1e-4)[0] >= 55.0
    assert (own.nowcast["years"], lent.nowcast["borrowed"], blind.nowcast["years"]) == (2, 3, 0)
    assert 0 < blind.nowcast["weight"] < own.nowcast["weight"] < 1


def test_the_share_of_a_year_moves_from_the_time_gone_to_the_own_years():
    """Nothing known: one half. Others at 45 %: near 45 %. Own years at 40 %: near 40 %, whatever the others say."""
    assert share_of_year(Part(2024, 1.0, 0.5), 2024)[0] == pytest.approx(0.5)
    assert share_of_year(Part(2024, 1.0, 0.5, borrowed=(0.45,) * 5), 2024)[0] == pytest.approx(0.45)
    own = tuple((year, 40.0, 100.0) for year in range(2018, 2024))
    share, var, years = share_of_year(Part(2024, 1.0, 0.5, own, (0.45,) * 5), 2024)
    assert share == pytest.approx(0.40, abs=0.01) and years == 6
    assert math.sqrt(var) < 0.06
    assert part_growth_error(0.5) == pytest.approx(math.sqrt(2) * 0.5 * 0.07667)


def test_the_growth_of_the_whole_stands_in_for_the_own():
    """The nation's + 8 % lifts a district of which nothing else is known, by less certainty than its own + 8 %."""
    plain, borrowed = asked([Level(2023, 10.0)]), asked([Level(2023, 10.0), Related(2024, 0.08)])
    own = asked([Level(2023, 10.0), Growth(2024, 0.08)])
    assert plain.median[0] < borrowed.median[0] < 10.8
    assert width(own) < width(borrowed) < width(plain)


def test_what_cannot_be_taken_is_named():
    """A count's increment says nothing of a level, and growth nothing of a share; without a level nothing is forecast."""
    assert asked([Level(2023, 10.0), Increment(2024, 2024, 3.0)]).refused == (("increment", "counts_only"),)
    share = asked([Level(2023, 40.0), Growth(2024, 0.05)], bounds=(0, 100))
    assert share.ok and share.refused == (("growth", "not_a_flow"),)
    nothing = asked([Growth(2024, 0.05)])
    assert (nothing.ok, nothing.reason) == (False, "too_few_points")


@pytest.mark.parametrize(
    ("one", "bounds", "why"),
    [
        (Growth(2024, -1.0), None, ("growth", "not_positive")),
        (Related(2024, -1.5), None, ("related", "not_positive")),
        (Growth(2024, math.nan), None, ("growth", "not_finite")),
        (Bound(2024, math.inf), None, ("bound", "not_finite")),
        (Bound(2024, 12.0, elapsed=0.5), None, ("bound", "not_a_count")),
        (Level(2024, 12.0, elapsed=0.5), None, ("level", "not_a_count")),
        (Total(2024, 2025, 0.0), None, ("total", "not_a_flow")),
        (Part(2024, 0.0, 0.5), None, ("part", "not_a_flow")),
        (Total(2024, 2025, 80.0), (0, 100), ("total", "not_a_flow")),
        (Related(2024, 0.05), (0, 100), ("related", "not_a_flow")),
        (Part(2024, 20.0, 0.5), (0, 100), ("part", "not_a_flow")),
        (Start(2020), None, ("start", "counts_only")),
    ],
)
def test_why_a_statement_cannot_be_taken(one, bounds, why):
    """Each is named with its reason, and the forecast is the one without it."""
    base = Level(2023, 40.0)
    made = asked([base, one], bounds=bounds)
    assert made.ok and why in made.refused
    assert made.median == pytest.approx(asked([base], bounds=bounds).median)


@pytest.mark.parametrize(
    "one",
    [Growth(2040, 0.5), Bound(2024, 0.0), Bound(2024, -3.0), Part(2022, 50.0, 0.5), Total(2030, 2040, 9000.0)],
    ids=lambda one: type(one).__name__,
)
def test_what_says_nothing_is_left_out_in_silence(one):
    """Years out of reach, more than nothing of what is positive, months of a year that is over."""
    made = asked([Level(2023, 40.0), one])
    assert made.refused == () and made.median == pytest.approx(asked([Level(2023, 40.0)]).median)


def test_a_year_under_way_does_not_end_below_what_it_has_reached():
    """Nor below what it is said to exceed; a later bound holds for its own year only."""
    base = Level(2023, 100.0)
    assert asked([base, Part(2024, 90.0, 0.5)]).quantile(0.001)[0] >= 90.0
    above = asked([base, Bound(2025, 130.0)])
    assert above.quantile(0.001)[1] >= 130.0 > above.quantile(0.001)[0]
    assert asked([base, Bound(2024, 130.0, "below")]).quantile(0.001)[0] < 100.0


def test_evidence_counts_with_four_levels_as_well_as_with_one():
    """The year under way and published growth move the blend of both models, by about what they move the path."""
    known = [Level(2020 + i, v) for i, v in enumerate((100.0, 104.0, 108.0, 113.0))]
    plain, fast = asked(known), asked([*known, Growth(2024, 0.15)])
    assert fast.median[0] == pytest.approx(113 * 1.15, rel=0.02)
    assert width(fast) < width(plain) and (fast.median > plain.median).all()


def test_the_unit_does_not_matter_and_a_forecast_survives_json():
    """In yuan or in hundred million yuan, and read back from JSON, the same answer."""
    known = [Level(2022, 17.3), Level(2023, 18.0), Growth(2024, 0.07)]
    f = asked(known)
    big = asked([Level(2022, 17.3e8), Level(2023, 18.0e8), Growth(2024, 0.07)])
    assert big.median == pytest.approx(f.median * 1e8, rel=1e-9)
    again = Forecast.from_dict(json.loads(json.dumps(f.to_dict())))
    assert again.start == 2024 and again.median == pytest.approx(f.median, rel=1e-9)


def test_what_cannot_be_right_together_is_found():
    """17.5 % a year since 2020 does not fit 1350 in 2020 and 1800 in 2023; 10 % does."""
    known = [Level(2019, 1194.6), Level(2020, 1350.5), Level(2023, 1800.0)]
    rates = [Growth(2024, rate, since=2020) for rate in (0.175, 0.10)]
    wrong, right = (surprises([*known, one], [one], start=2024, last_year=2030) for one in rates)
    assert wrong[0] < CONTRADICTION < right[0]
    alone = [Level(2023, 1.0)]
    assert surprises(alone, alone, start=2024, last_year=2027) == (None,)


def test_levels_from_one_to_three_cover_as_they_say():
    """On simulated paths of every roughness the 80 % range holds .76 to .92 of what came."""
    rng = np.random.default_rng(7)
    for n in (1, 2, 3):
        inside = []
        for _ in range(300):
            sigma = PATH.scale * math.exp(PATH.scale_sd * rng.standard_normal())
            growth = 0.03 + math.hypot(PATH.growth_sd, PATH.growth_noise * sigma) * rng.standard_normal()
            z = np.cumsum(growth + sigma * rng.standard_normal(n + 4))
            f = forecast(np.exp(z[:n]), 4)
            low, high = f.interval(0.80)
            inside.append((low <= np.exp(z[n:])) & (np.exp(z[n:]) <= high))
        assert 0.76 <= np.mean(inside) <= 0.92, n


def test_under_a_plan_growth_lasts_and_targets_pull():
    """Without damping a growing series goes further; the pull lifts a target that is missed, and moves none that is met."""
    y = [Level(2016 + i, 100 * 1.06**i) for i in range(8)]
    usual, lasting = asked(y), asked(y, lasting=True)
    assert (lasting.median > usual.median).all()
    learned = experience()
    far, near = float(lasting.quantile(0.9)[3]), float(y[-1].value) * 0.9
    assert chance(lasting, far, 4, up=True, learned=None) == pytest.approx(0.10)
    assert chance(lasting, far, 4, up=True, learned=learned) > 0.10
    assert chance(lasting, near, 4, up=True, learned=learned) == lasting.prob_at_least(near, 4)
    assert experience("eu_red_2020").plans == learned.plans - 1


def test_falling_is_rising_upside_down():
    """A plan that wants less gives, on the reciprocal, the same probabilities as one that wants more."""
    y = [100.0, 108.0, 113.0]
    up = asked([Level(2021 + i, v) for i, v in enumerate(y)], prior_growth=0.03)
    down = asked([Level(2021 + i, 1e4 / v) for i, v in enumerate(y)], prior_growth=-0.03)
    learned = experience()
    for target in (115.0, 130.0, 150.0):
        one = chance(up, target, 4, up=True, learned=learned)
        other = chance(down, 1e4 / target, 4, up=False, learned=learned)
        assert one == pytest.approx(other, abs=1e-6)
