"""What must hold for any figures: units do not matter, better is never worse, mirrored worlds agree."""

import math

import pytest
from courses import (
    cagr_ratio,
    completion,
    current_status_index,
    linear_ratio,
    progress_chart,
    schedule,
    targeted_change,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from greenreport.progress import NEARLY_ON_SCHEDULE, required_path, verdict, weather

levels = st.floats(min_value=0.5, max_value=1e4, allow_nan=False)
factors = st.floats(min_value=1e-6, max_value=1e6, allow_nan=False)
chances = st.sampled_from((0.02, 0.2, 0.5, 0.75, 0.97))
directions = st.sampled_from(("up", "down"))
RANK = {"at_risk": 0, "uncertain": 1, "on_track": 2, "ahead": 3, "achieved": 4}
EDGES = (0, 0.1, 0.5, 0.6, 0.95, 1, 9, 10, -10)
"""Where one method or another changes its word."""
YEARS = {"base_year": 2023, "current_year": 2025, "target_year": 2027}


def away_from_edges(*numbers):
    """Scaling rounds: figures that agree to the last bits may fall on either side of a limit."""
    assume(all(abs(a - b) > 1e-6 * (abs(a) + abs(b)) for n, a in enumerate(numbers) for b in numbers[:n]))


@given(levels, levels, levels, factors, directions, chances)
def test_the_unit_does_not_matter(base, current, target, factor, direction, chance):
    """Counting in yuan or in 100 million yuan gives the same verdict and the same second opinions."""
    away_from_edges(base, current, target)
    away_from_edges(abs(current - base), 0.1 * base)
    plain = {"base_value": base, "current_value": current, "target_value": target}
    scaled = {name: value * factor for name, value in plain.items()}
    first, second = (
        [
            completion(**figures, direction=direction),
            targeted_change(**figures, direction=direction),
            current_status_index(**figures, direction=direction),
            cagr_ratio(**figures, **YEARS, direction=direction),
            linear_ratio(**figures, **YEARS, direction=direction),
            progress_chart(**figures, **YEARS, direction=direction),
            verdict(**figures, **YEARS, direction=direction, probability=chance),
        ]
        for figures in (plain, scaled)
    )
    grades = first.pop(), second.pop()
    for one, other in zip(first, second, strict=True):
        if one.value is None:
            assert (other.value, other.status) == (None, one.status)
            continue
        assert other.value == pytest.approx(one.value, rel=1e-5, abs=1e-7)
        if min(abs(one.value - edge) for edge in EDGES) > 1e-4:
            assert (one.status, one.reason) == (other.status, other.reason)
    lead = grades[0].lead
    # The word goes by the lead as printed, so that it changes half a tenth of a point beyond the limit.
    if lead is None or min(abs(lead + edge + 0.0005) for edge in (0, NEARLY_ON_SCHEDULE)) > 1e-6:
        assert (grades[0].verdict_class, grades[0].reasons) == (grades[1].verdict_class, grades[1].reasons)


@given(levels, levels, levels, levels, directions, chances)
def test_a_better_value_never_has_a_worse_verdict(base, one, other, target, direction, chance):
    """With all else equal, moving the current value towards better never lowers the class."""
    worse, better = sorted((one, other), reverse=direction == "down")
    ask = {**YEARS, "base_value": base, "target_value": target, "direction": direction, "probability": chance}
    low, high = (verdict(**ask, current_value=v) for v in (worse, better))
    assert RANK[low.verdict_class] <= RANK[high.verdict_class]


@given(levels, levels, levels, directions, chances, chances)
def test_a_better_chance_never_has_a_worse_verdict(base, current, target, direction, one, other):
    """With all else equal, a higher probability never lowers the class."""
    ask = {**YEARS, "base_value": base, "current_value": current, "target_value": target, "direction": direction}
    low, high = (verdict(**ask, probability=p) for p in sorted((one, other)))
    assert RANK[low.verdict_class] <= RANK[high.verdict_class]


@given(levels, levels, levels, levels)
def test_second_opinions_rise_with_the_current_value(base, one, other, step):
    """Towards a target above the base, every share and ratio rises with the value achieved."""
    target = base + step
    low, high = sorted((one, other))
    assume(high < target)
    for method in (completion, targeted_change, current_status_index):
        ask = {"base_value": base, "target_value": target, "direction": "up"}
        assert method(**ask, current_value=low).value <= method(**ask, current_value=high).value
    for method in (cagr_ratio, linear_ratio, progress_chart):
        ask = {**YEARS, "base_value": base, "target_value": target, "direction": "up"}
        values = [method(**ask, current_value=v).value for v in (low, high)]
        if None not in values:
            assert values[0] <= values[1]


@given(st.integers(-500, 500), st.integers(-500, 500), st.integers(-500, 500), chances)
def test_less_is_better_mirrors_more_is_better(base, current, target, chance):
    """Turning every figure's sign and the direction over gives the same verdict."""
    figures = {"base_value": base, "current_value": current, "target_value": target}
    turned = {name: -value for name, value in figures.items()}
    ask = {**YEARS, "probability": chance}
    one = verdict(**ask, **figures, direction="up")
    other = verdict(**ask, **turned, direction="down")
    assert (one.verdict_class, one.reasons, one.completion, one.lead) == (
        other.verdict_class,
        other.reasons,
        other.completion,
        other.lead,
    )


@given(st.lists(levels, min_size=6, max_size=9), levels, factors, directions)
def test_the_weather_does_not_depend_on_the_unit(values, target, factor, direction):
    """The symbol of a series in tonnes is that of the series in 10,000 tonnes."""
    away_from_edges(*values, target)
    series = dict(enumerate(values, 2015))
    plain = weather(series=series, direction=direction, target_year=2030, target_value=target)
    scaled = weather(
        series={year: value * factor for year, value in series.items()},
        direction=direction,
        target_year=2030,
        target_value=target * factor,
    )
    if plain.value is None or min(abs(plain.value - edge) for edge in (0.05, 0.2, 1)) > 1e-6:
        assert plain.status == scaled.status


@given(levels, st.lists(levels, min_size=1, max_size=4), st.sampled_from(("linear", "geometric")), directions)
def test_being_on_the_path_is_being_on_schedule(base, goals, shape, direction):
    """Whoever stands where the path requires is on schedule, in every year and for every shape."""
    targets = [(2025 + 2 * n, goal) for n, goal in enumerate(goals)]
    path = required_path(base_year=2023, base_value=base, targets=targets, shape=shape)
    year, goal = targets[-1]
    assume(abs(goal - base) > 1e-3 * base)
    for when in path.years[1:]:
        level = path.at(when)
        assert min(base, *goals) * (1 - 1e-9) <= level <= max(base, *goals) * (1 + 1e-9)
        got = schedule(
            base_year=2023, base_value=base, current_year=when, current_value=level, target_year=year,
            target_value=goal, direction=direction, path=path,
        )  # fmt: skip
        assert got.status in ("on", "undefined")
        if got.ok:
            assert math.isclose(got.value, 0, abs_tol=1e-9)
