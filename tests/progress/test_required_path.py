"""Required paths, shares of the planned change and of the time, paces, schedule."""

import math

import pytest
from courses import (
    completion,
    paces,
    schedule,
    time_share,
)

from greenreport.progress import required_path

HOTELS = {"base_year": 2023, "base_value": 29, "targets": [(2027, 40), (2030, 42)]}
VEHICLES = {"base_year": 2023, "base_value": 24, "targets": [(2027, 30), (2030, 30)]}


@pytest.mark.parametrize(
    ("plan", "route", "required"),
    [
        (HOTELS, "piecewise", 34.5),
        (HOTELS, "direct", 32.7),
        (VEHICLES, "piecewise", 27.0),
        (VEHICLES, "direct", 25.7),
    ],
)
def test_the_plans_own_paths_in_2025(plan, route, required):
    """Hotels need 34.5 in 2025 through 2027 and 32.7 straight to 2030; vehicles 27.0 and 25.7."""
    assert round(required_path(**plan, route=route).at(2025), 1) == required


def test_a_piecewise_path_passes_through_every_target():
    """The path equals the base in the base year and each target in its year, and stays level afterwards."""
    path = required_path(**HOTELS)
    assert [path.at(y) for y in (2023, 2027, 2030, 2035)] == [29, 40, 42, 42]
    assert path.years == tuple(range(2023, 2031))


def test_targets_may_be_given_in_any_order():
    """The order in which targets are listed does not matter."""
    assert required_path(base_year=2023, base_value=29, targets=[(2030, 42), (2027, 40)]) == required_path(**HOTELS)


def test_a_geometric_path_grows_at_one_rate():
    """From 100 to 144 in two years a geometric path passes 120, a linear one 122."""
    ask = {"base_year": 2023, "base_value": 100, "targets": [(2025, 144)]}
    assert required_path(**ask, shape="geometric").at(2024) == pytest.approx(120)
    assert required_path(**ask).at(2024) == 122
    small = required_path(base_year=2023, base_value=0.25, targets=[(2025, 0.64)], shape="geometric")
    assert small.at(2024) == pytest.approx(0.4)


def test_part_of_a_year_stands_between_its_years():
    """Half of 2025 lies midway between the levels of 2024 and 2025 years' ends."""
    path = required_path(**VEHICLES)
    assert path.at(2024.5) == pytest.approx((path.at(2024) + path.at(2025)) / 2)


@pytest.mark.parametrize(
    "base, goal, reason",
    [(0, 6, "base_not_positive"), (-3, 6, "base_not_positive"), (6, 0, "target_not_positive")],
)
def test_a_geometric_path_is_refused_where_growth_rates_do_not_exist(base, goal, reason):
    """Zero or negative ends have no growth rate: the path says why and gives no number."""
    path = required_path(base_year=2023, base_value=base, targets=[(2027, goal)], shape="geometric")
    assert not path.ok and path.reason == reason and path.years == ()
    with pytest.raises(ValueError, match=reason):
        path.at(2025)


def test_a_zero_base_has_a_linear_path():
    """Exhibitions, 0 → 6 → 10: 3 in 2025, 6 in 2027, 8 2/3 in 2029."""
    path = required_path(base_year=2023, base_value=0, targets=[(2027, 6), (2030, 10)])
    assert path.at(2025) == 3
    assert path.at(2029) == pytest.approx(8 + 2 / 3)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"targets": []}, "at least one target"),
        ({"targets": [(2027, 6), (2027, 10)]}, "one target per year"),
        ({"targets": [(2023, 6)]}, "after the base year"),
        ({"targets": [(2027, 6)], "shape": "curved"}, "curved"),
        ({"targets": [(2027, 6)], "route": "scenic"}, "scenic"),
    ],
)
def test_a_path_that_makes_no_sense_is_an_error(wrong, said):
    """No target, two in a year, one not after the base, or an unknown word raises."""
    with pytest.raises(ValueError, match=said):
        required_path(base_year=2023, base_value=0, **wrong)


def test_no_level_is_required_before_the_base():
    """A year before the base year has no required level."""
    with pytest.raises(ValueError, match="before the base year"):
        required_path(**HOTELS).at(2022)


@pytest.mark.parametrize(
    ("base", "current", "goal", "direction", "value", "status"),
    [
        (1800, 2146, 2400, "up", 346 / 600, "under_way"),
        (0, 3, 6, "up", 0.5, "under_way"),
        (24, 33, 30, "up", 1.5, "met"),
        (29, 29, 40, "up", 0, "none"),
        (29, 28, 40, "up", -1 / 11, "backward"),
        (50, 45, 40, "down", 0.5, "under_way"),
        (50, 55, 40, "down", -0.5, "backward"),
        (50, 40, 40, "down", 1, "met"),
    ],
)
def test_completion_is_the_share_of_the_planned_change(base, current, goal, direction, value, status):
    """Completion is the share of the planned change achieved, whichever way is better."""
    got = completion(base_value=base, current_value=current, target_value=goal, direction=direction)
    assert (got.value, got.status) == (pytest.approx(value), status)


@pytest.mark.parametrize(
    ("goal", "direction", "reason"),
    [(30, "up", "flat_target"), (20, "up", "target_behind_base"), (40, "down", "target_behind_base")],
)
def test_completion_is_refused_where_no_change_is_planned(goal, direction, reason):
    """A target equal to the base, or behind it, plans no change to complete."""
    got = completion(base_value=30, current_value=31, target_value=goal, direction=direction)
    assert (got.value, got.status, got.reason) == (None, "undefined", reason)


def test_the_time_share_is_that_of_the_years_gone():
    """Two of four years is half the time; after the end it is all of it, before the base it is undefined."""
    ask = {"base_year": 2023, "target_year": 2027}
    half = time_share(current_year=2025, **ask)
    assert (half.value, half.status) == (0.5, "running")
    start = time_share(current_year=2023, **ask)
    assert (start.value, start.status) == (0, "running")
    assert time_share(current_year=2025.5, **ask).value == 0.625
    over = time_share(current_year=2029, **ask)
    assert (over.value, over.status) == (1.0, "over")
    assert time_share(current_year=2022, **ask).reason == "before_base"
    assert time_share(base_year=2023, current_year=2024, target_year=2023).reason == "target_not_after_base"


def test_paces_are_those_of_the_sample_text():
    """Online retail, 1800 → 2146 in two years, 2400 by 2027: 9.2 % a year achieved, 5.8 % a year needed."""
    got = paces(
        base_year=2023, base_value=1800, current_year=2025, current_value=2146, target_year=2027, target_value=2400
    )
    assert f"{got.achieved_growth:.1%} {got.required_growth:.1%}" == "9.2% 5.8%"
    assert (got.achieved_change, got.required_change) == (173, 127)


def test_there_is_no_pace_where_it_is_undefined():
    """No pace to a year that is over, no growth from or to zero, no achieved pace without an observation."""
    ask = {"base_year": 2023, "current_year": 2025, "target_year": 2027}
    assert paces(base_value=0, current_value=3, target_value=6, **ask)[:3] == (None, 2**0.5 - 1, 1.5)
    assert paces(base_value=3, current_value=0, target_value=6, **ask) == (None, None, -1.5, 3)
    assert paces(base_value=3, current_value=6, target_value=0, **ask)[1::2] == (None, -3)
    assert paces(base_value=3, current_value=5, target_value=6, **{**ask, "target_year": 2025})[1::2] == (None, None)
    assert paces(base_value=3, current_value=3, target_value=6, **{**ask, "current_year": 2023})[::2] == (None, None)


@pytest.mark.parametrize(
    ("current", "status"),
    [(36, "on"), (34.5, "on"), (34, "nearly"), (33.95, "nearly"), (33.9, "behind"), (29, "behind")],
)
def test_the_schedule_tolerates_five_points_of_completion(current, status):
    """Hotels need 34.5 in 2025 of 29 → 40; five points are 0.55, so 33.95 is nearly and 33.9 behind."""
    got = schedule(
        base_year=2023, base_value=29, current_year=2025, current_value=current, target_year=2027,
        target_value=40, direction="up",
    )  # fmt: skip
    assert got.status == status
    assert got.required_value == 34.5
    assert got.value == pytest.approx((current - 34.5) / 11)


def test_the_schedule_follows_the_declared_path():
    """33.5 hotels in 2025 are behind on the way through 2027 but on schedule straight to 2030."""
    ask = {
        "base_year": 2023, "base_value": 29, "current_year": 2025, "current_value": 33.5, "target_year": 2030,
        "target_value": 42, "direction": "up",
    }  # fmt: skip
    assert schedule(**ask, path=required_path(**HOTELS)).status == "behind"
    assert schedule(**ask, path=required_path(**HOTELS, route="direct")).status == "on"


def test_the_schedule_says_why_it_is_undefined():
    """A flat target, a base year in the future and a refused path carry their reasons through."""
    ask = {
        "base_year": 2023,
        "current_year": 2025,
        "current_value": 3,
        "target_year": 2027,
        "direction": "up",
    }
    assert schedule(**ask, base_value=3, target_value=3).reason == "flat_target"
    assert schedule(**{**ask, "current_year": 2022}, base_value=3, target_value=4).reason == "before_base"
    refused = required_path(base_year=2023, base_value=0, targets=[(2027, 6)], shape="geometric")
    assert schedule(**ask, base_value=0, target_value=6, path=refused).reason == "base_not_positive"


def test_a_binary_fraction_does_not_decide_the_schedule():
    """A value written exactly as the path requires is on schedule whatever the floating point says."""
    path = required_path(base_year=2023, base_value=0.1, targets=[(2030, 0.8)])
    for year in range(2024, 2030):
        want = round(0.1 * (year - 2022), 1)
        assert math.isclose(path.at(year), want)
        got = schedule(
            base_year=2023, base_value=0.1, current_year=year, current_value=want, target_year=2030,
            target_value=0.8, direction="up",
        )  # fmt: skip
        assert got.status == "on"
