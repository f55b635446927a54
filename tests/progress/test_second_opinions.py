"""The published methods: formulas by hand, and the table of edge cases cell by cell."""

import pytest
from courses import (
    anticipated_progress_index,
    cagr_ratio,
    current_status_index,
    linear_ratio,
    progress_chart,
    targeted_change,
)

from greenreport.progress import growth_rating, weather

UP = {"base_year": 2020, "current_year": 2022, "target_year": 2024, "direction": "up"}


def shares(base, current, target, direction="up"):
    return {"base_value": base, "current_value": current, "target_value": target, "direction": direction}


# ── CAGR ratio ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("current", "status"),
    [
        (121, "on_track"),
        (118, "acceleration_needed"),
        (110, "limited_progress"),
        (100, "limited_progress"),
        (99, "deterioration"),
    ],
)
def test_the_cagr_ratio_is_the_share_of_the_pace_needed(current, status):
    """100 → 146.41 in four years needs 10 % a year; 121 after two is exactly that."""
    got = cagr_ratio(**UP, base_value=100, current_value=current, target_value=146.41)
    assert got.status == status
    assert got.value == pytest.approx(((current / 100) ** 0.5 - 1) / 0.1)


@pytest.mark.parametrize(("ratio", "score"), [(-1, -5), (-0.6, -5), (0, -2.5), (0.6, 0), (0.95, 2.5), (1.3, 5), (2, 5)])
def test_the_cagr_score_runs_straight_between_its_knots(ratio, score):
    """The score runs straight through (−0.6, −5), (0.6, 0) and (1.3, 5)."""
    got = cagr_ratio(**UP, base_value=100, current_value=100 * (1 + 0.1 * ratio) ** 2, target_value=146.41)
    assert got.score == pytest.approx(score)


@pytest.mark.parametrize(
    ("growth", "status", "score"),
    [
        (0.03, "on_track", 5),
        (0.0151, "on_track", 2.55),
        (0.01, "acceleration_needed", 1.25),
        (0.0025, "limited_progress", -1.25),
        (-0.01, "deterioration", -3.75),
        (-0.05, "deterioration", -5),
    ],
)
def test_without_a_target_growth_is_held_against_fixed_rates(growth, status, score):
    """Without a target, growth is held against 1.5 %, 0.5 % and 0 a year."""
    ask = {"base_year": 2020, "base_value": 100, "current_year": 2021, "current_value": 100 * (1 + growth)}
    got = growth_rating(**ask, direction="up")
    assert (got.status, got.score) == (status, pytest.approx(score))
    assert got.value == pytest.approx(growth)


def test_a_natural_limit_lowers_the_thresholds():
    """From 90 % of 100 the factor is 1 − 0.9^4.44 = 0.374: 0.7 % a year is on track, without a limit not."""
    ask = {"base_year": 2020, "base_value": 90, "current_year": 2021, "current_value": 90 * 1.007}
    assert growth_rating(**ask, direction="up", limit=100).status == "on_track"
    assert growth_rating(**ask, direction="up").status == "acceleration_needed"
    full = {**ask, "base_value": 100, "current_value": 100}
    at_limit = growth_rating(**full, direction="up", limit=100)
    assert (at_limit.status, at_limit.reason, at_limit.score) == ("on_track", "base_at_limit", 5)
    assert growth_rating(**{**full, "current_value": 99}, direction="up", limit=100).status == "deterioration"
    assert growth_rating(**{**full, "base_value": 101}, direction="up", limit=100).reason == "base_beyond_limit"


# ── edge cases, as the table in docs/methods.md has them ─────────────────────


def test_a_zero_base_is_refused_by_the_methods_of_growth_alone():
    """Refused by the methods of growth, fine for the others: 0 → 3 of 6 after half the time."""
    zero = {"base_value": 0, "current_value": 3, "target_value": 6}
    assert cagr_ratio(**UP, **zero).reason == "base_not_positive"
    assert progress_chart(**UP, **zero).reason == "base_not_positive"
    assert linear_ratio(**UP, **zero).value == 1
    assert current_status_index(**zero, direction="up").value == 5
    assert targeted_change(**zero, direction="up").value == 50
    line = {2020: 0, 2021: 1.5, 2022: 3}
    ahead = anticipated_progress_index(series=line, base_value=0, target_year=2024, target_value=6.5, direction="up")
    assert ahead.value == pytest.approx(10 * 6 / 6.5)
    got = weather(series={2019: 0, **line}, direction="up", target_year=2024, target_value=6)
    assert got.value == pytest.approx(1 / 3)


def test_a_target_that_is_met_has_each_methods_best_word():
    """Met now: achieved, on track, the rule for levels to hold, achieved, 10, met."""
    met = {"base_value": 4, "current_value": 6, "target_value": 6}
    assert (cagr_ratio(**UP, **met).status, cagr_ratio(**UP, **met).score) == ("achieved", 5)
    assert (linear_ratio(**UP, **met).status, linear_ratio(**UP, **met).reason) == ("on_track", "target_met")
    assert progress_chart(**UP, **met).status == "achieved"
    assert current_status_index(**met, direction="up").value == 10
    assert (targeted_change(**met, direction="up").status, targeted_change(**met, direction="up").value) == ("met", 100)
    over = targeted_change(base_value=7, current_value=8, target_value=6, direction="up")
    assert (over.status, over.value, over.reason) == ("met", None, "met_at_base")
    kept = targeted_change(base_value=6, current_value=6, target_value=6, direction="up")
    assert (kept.status, kept.value, kept.reason) == ("met", None, "met_at_base")
    from_zero = cagr_ratio(**UP, base_value=0, current_value=6, target_value=6)
    assert (from_zero.status, from_zero.value, from_zero.reason) == ("achieved", None, "base_not_positive")


def test_a_flat_target_that_is_not_met_has_no_ratio():
    """30 → 30 and not met: undefined, or lost ground where the method has a word for it."""
    flat = {"base_value": 30, "current_value": 29, "target_value": 30}
    assert cagr_ratio(**UP, **flat).reason == "flat_target"
    assert progress_chart(**UP, **flat).reason == "flat_target"
    assert current_status_index(**flat, direction="up").reason == "flat_target"
    assert targeted_change(**flat, direction="up").reason == "flat_target"
    assert linear_ratio(**UP, **flat).status == "decreasing"
    series = {2020: 29.5, 2021: 29.4, 2022: 29.2}
    falling = anticipated_progress_index(
        series=series, base_value=30, target_year=2024, target_value=30, direction="up"
    )
    assert falling.reason == "flat_target"
    recovering = {2020: 28, 2021: 28.5, 2022: 29}
    assert linear_ratio(**UP, **flat, series=recovering).reason == "flat_target"


def test_too_few_points_are_refused():
    """Two points for all but the weather symbols, which need four years in a row or six points."""
    alone = {"base_year": 2020, "base_value": 5, "current_year": 2020, "current_value": 5, "target_value": 6}
    for method in (cagr_ratio, linear_ratio, progress_chart):
        assert method(**alone, target_year=2024, direction="up").reason == "no_observation_after_base"
    one = anticipated_progress_index(series={2020: 5}, base_value=5, target_year=2024, target_value=6, direction="up")
    assert one.reason == "too_few_observations"
    three = {2020: 1, 2021: 2, 2022: 3}
    assert weather(series=three, direction="up").reason == "too_few_observations"
    assert weather(series={2018: 0, **three}, direction="up").reason == "too_few_observations"
    assert weather(series={2019: 0, **three}, direction="up").status == "sun"
    assert weather(series={2010: -2, 2012: -1, 2018: 0, **three}, direction="up").status == "sun"
    assert weather(series={}, direction="up").reason == "too_few_observations"
    assert weather(series={2019: 0, **three}, direction="up", current_year=2023).reason == "too_few_observations"


@pytest.mark.parametrize("method", [cagr_ratio, progress_chart])
def test_growth_needs_numbers_that_can_grow(method):
    """Negative values have no growth rate; a target of zero, or a base behind it, has no ratio."""
    assert method(**UP, base_value=5, current_value=-1, target_value=6).reason == "current_negative"
    assert method(**UP, base_value=-5, current_value=1, target_value=6).reason == "base_not_positive"


def test_targets_that_growth_cannot_reach():
    """Down to zero is refused by the CAGR ratio, not patched with 0.001; a lost target by the progress chart."""
    down = {**UP, "direction": "down"}
    assert cagr_ratio(**down, base_value=5, current_value=2, target_value=0).reason == "target_not_positive"
    assert progress_chart(**UP, base_value=7, current_value=5, target_value=6).reason == "target_behind_base"
    late = {**UP, "target_year": 2022}
    assert progress_chart(**late, base_value=4, current_value=5, target_value=6).reason == "target_year_over"
    at_base = {**UP, "current_year": 2020}
    for method in (cagr_ratio, linear_ratio, progress_chart):
        assert method(**at_base, base_value=4, current_value=6, target_value=6).reason == "no_observation_after_base"
        assert method(**at_base, base_value=4, current_value=6, target_value=6).status == "undefined"
    never = {**UP, "target_year": 2020}
    assert cagr_ratio(**never, base_value=4, current_value=5, target_value=6).reason == "target_not_after_base"
    assert linear_ratio(**never, base_value=4, current_value=5, target_value=6).reason == "target_not_after_base"


# ── formulas ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("current", "value", "status"),
    [
        (24, 1, "on_track"),
        (22, 0.5, "moderately_improving"),
        (21, 0.25, "stagnating"),
        (20, 0, "stagnating"),
        (19, -0.25, "decreasing"),
    ],
)
def test_the_linear_ratio_is_the_change_over_what_was_needed(current, value, status):
    """20 → 28 in four years needs 2 a year; the ratio is the change achieved over that."""
    got = linear_ratio(**UP, base_value=20, current_value=current, target_value=28)
    assert (got.value, got.status) == (value, status)


def test_the_linear_ratio_reads_the_last_four_annual_values():
    """With a history the recent change counts, not the one since the base: (26 − 20) / 3 against (30 − 10) / 20."""
    ask = {"base_year": 2010, "base_value": 10, "current_year": 2023, "current_value": 26, "target_year": 2030}
    history = {2010: 10, 2015: 11, 2019: 25, 2020: 20, 2021: None, 2022: 23, 2023: 26}
    assert linear_ratio(**ask, target_value=30, direction="up", series=history).value == 2
    assert linear_ratio(**ask, target_value=30, direction="up", series={2010: 10}).value == pytest.approx(16 / 13)


def test_a_met_target_that_was_lost_is_decreasing():
    """Base 7, target 6, now 5: decreasing; recovering it has no ratio."""
    lost = {"base_value": 7, "current_value": 5, "target_value": 6}
    assert linear_ratio(**UP, **lost).status == "decreasing"
    back = linear_ratio(**UP, **lost, series={2021: 4, 2022: 5})
    assert (back.status, back.reason) == ("undefined", "target_behind_base")


@pytest.mark.parametrize(
    ("current", "value", "status"),
    [
        (121, 1, "on_track"),
        (104, 0.1758, "fair"),
        (102.5, 0.1091, "fair"),
        (102, 0.0871, "stagnation"),
        (95, -0.2101, "stagnation"),
    ],
)
def test_the_progress_chart_lets_growth_go_on(current, value, status):
    """Growth goes on to the target year: 100 → 121 → 146.41 is all of the way to 146.41."""
    got = progress_chart(**UP, base_value=100, current_value=current, target_value=146.41)
    assert (round(got.value, 4), got.status) == (value, status)


@pytest.mark.parametrize(
    ("current", "value", "status"),
    [(38, 9.0, "accelerate"), (39, 9.5, "on_track"), (20, 0, "regression"), (16, -2, "regression")],
)
def test_the_current_status_index_is_the_share_of_the_way(current, value, status):
    """20 → 40: nine tenths of the way is not yet on track, more is; none of it or less is regression."""
    got = current_status_index(**shares(20, current, 40))
    assert (got.value, got.status) == (pytest.approx(value), status)
    mirrored = current_status_index(**shares(-20, -current, -40, "down"))
    assert (mirrored.value, mirrored.status) == (got.value, status)


def test_the_anticipated_progress_index_extends_a_line():
    """Points on a line stay on it, whatever the weights: 2 a year from 20 is 36 in 2028."""
    line = {2020: 20, 2021: 22, 2023: 26}
    ask = {"series": line, "base_value": 20, "target_year": 2028, "direction": "up"}
    assert anticipated_progress_index(**ask, target_value=40).value == pytest.approx(8)
    assert anticipated_progress_index(**ask, target_value=36.5).status == "will_meet"
    assert anticipated_progress_index(**ask, target_value=36).value == pytest.approx(10)
    fall = {**ask, "series": {2020: 20, 2021: 19}}
    assert anticipated_progress_index(**fall, target_value=36).status == "no_progress"
    over = {**ask, "series": {**line, 2028: 30}}
    assert anticipated_progress_index(**over, target_value=36).reason == "target_year_over"


def test_the_anticipated_progress_index_weighs_recent_points_more():
    """0, 0, 3 in 2020–2022 for 2024: weights 1, 4/3, 2 put the line at 7.36, equal ones at 5.5."""
    got = anticipated_progress_index(
        series={2020: 0, 2021: 0, 2022: 3}, base_value=0, target_year=2024, target_value=10, direction="up"
    )
    # Σw = 13/3, mean year 2020 + 16/13, mean value 18/13, slope = (12 − 96/13) / (28/3 − 256/39) = 5/3
    assert got.value == pytest.approx(18 / 13 + 5 / 3 * (4 - 16 / 13))


@pytest.mark.parametrize(
    ("current", "share", "status"),
    [
        (22, 10, "improved"),
        (21.9, 9.5, "little_change"),
        (20, 0, "little_change"),
        (18.1, -9.5, "little_change"),
        (18, -10, "getting_worse"),
        (40, 100, "met"),
    ],
)
def test_a_tenth_of_the_planned_change_is_improved(current, share, status):
    """20 → 40: a tenth of the way is improved; a tenth of the base away from it is worse."""
    got = targeted_change(**shares(20, current, 40))
    assert (got.value, got.status) == (pytest.approx(share), status)


def test_a_move_away_from_zero_is_worse_and_a_lost_target_has_no_share():
    """Any move away from zero is worse; a target met at the base and lost since has no share."""
    assert targeted_change(**shares(0, 1, -10, "down")).status == "getting_worse"
    lost = targeted_change(**shares(50, 44, 45))
    assert (lost.status, lost.value, lost.reason) == ("getting_worse", None, "target_behind_base")
    assert targeted_change(**shares(46, 44.5, 45)).status == "little_change"
    assert targeted_change(**shares(44, 44.5, 43, "down")).status == "little_change"


# ── weather ──────────────────────────────────────────────────────────────────

LINE = {2017: 10, 2018: 12, 2019: 14, 2020: 16, 2021: 18, 2022: 20}


@pytest.mark.parametrize(
    ("target", "value", "symbol"),
    [
        (28, 0, "sun"),
        (28.4, 0.4 / 8.4, "sun"),
        (28.5, 0.5 / 8.5, "sun_cloud"),
        (30, 0.2, "sun_cloud"),
        (30.1, 2.1 / 10.1, "cloud"),
        (24, -1, "sun"),
    ],
)
def test_the_weather_holds_the_miss_against_the_way_to_go(target, value, symbol):
    """2 a year from 20 is 28 in 2026; the miss counts against the way still to go."""
    got = weather(series=LINE, direction="up", target_year=2026, target_value=target)
    assert (got.value, got.status) == (pytest.approx(value), symbol)


def test_the_weather_is_sunny_below_five_per_cent_only():
    """19 a year from 200 is 95 of the 100 that are lacking by 2027: a miss of exactly 5 % is no sun any more."""
    series = {year: 200 - 19 * (2022 - year) for year in LINE}
    got = weather(series=series, direction="up", target_year=2027, target_value=300)
    assert (got.value, got.status) == (0.05, "sun_cloud")


def test_the_wrong_direction_is_a_storm():
    """Falling, or not moving, while more is wanted."""
    for series in ({y: -v for y, v in LINE.items()}, dict.fromkeys(LINE, 5)):
        assert weather(series=series, direction="up", target_year=2026, target_value=30).status == "storm"


@pytest.mark.parametrize(
    ("target", "direction", "symbol"),
    [(19, "up", "sun"), (21, "up", "cloud"), (21, "down", "sun_cloud"), (19, "down", "storm")],
)
def test_the_weather_of_a_value_to_be_kept_is_whether_it_is_met(target, direction, symbol):
    """Met or not, and whether the mean change is for the worse."""
    got = weather(series=LINE, direction=direction, target_value=target)
    assert (got.status, got.reason) == (symbol, "hold_rule")


@pytest.mark.parametrize(
    ("end", "symbol"),
    [({2022: 20}, "sun"), ({2022: 17}, "sun_cloud"), ({2021: 8, 2022: 9}, "cloud"), ({2022: 9}, "storm")],
)
def test_the_weather_of_a_direction_is_mean_and_last_change(end, symbol):
    """Mean change and last change, each right or wrong."""
    got = weather(series={**LINE, **end}, direction="up")
    assert (got.status, got.reason) == (symbol, "direction_rule")


def test_the_weather_looks_no_further_than_its_year():
    """Six points up to the year asked for; older and later ones have no say; nothing after the target year."""
    long = {**LINE, 2012: 99, 2023: 5}
    got = weather(series=long, direction="up", target_year=2026, target_value=30, current_year=2022)
    assert got == weather(series=LINE, direction="up", target_year=2026, target_value=30)
    ask = {"series": LINE, "direction": "up", "target_value": 30}
    assert weather(**ask, target_year=2021).reason == "target_year_over"
    assert weather(**ask, target_year=2022).status == "cloud"


def test_an_unknown_direction_is_an_error():
    """Better is up or down, nothing else."""
    with pytest.raises(ValueError, match="direction"):
        weather(series=LINE, direction="left")


def test_an_infinite_value_is_an_error():
    """Infinity is a mistake of a computation, not an observation; NaN is a gap."""
    with pytest.raises(ValueError, match="infinite"):
        weather(series={**LINE, 2022: float("inf")}, direction="up")
    gap = {**LINE, 2022: float("nan")}
    assert weather(series=gap, direction="up").status == "sun"
