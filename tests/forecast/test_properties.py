"""What must hold for any series, found out by hypothesis: units, order, counts, and never an exception."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from greenreport.forecast import METHODS, forecast, reconcile

VALUES = st.floats(min_value=0.01, max_value=1000.0, allow_nan=False)
LEVELS = st.lists(VALUES, min_size=4, max_size=12)
STEPS = st.one_of(
    st.lists(st.integers(0, 30), min_size=2, max_size=10),
    st.lists(st.integers(0, 3000), min_size=2, max_size=10),
    st.lists(st.integers(90_000, 400_000), min_size=2, max_size=10),
)
UNITS = st.sampled_from([1e-6, 1e-3, 1.0, 7.0, 1e4, 1e8, 1e12])
PS = [0.001, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.999]
MANY = settings(max_examples=80, deadline=None, derandomize=True)
FEW = settings(max_examples=6, deadline=None, derandomize=True)


@MANY
@given(LEVELS, UNITS, st.booleans())
def test_results_do_not_depend_on_the_unit(y, unit, crossing):
    """Yuan or 100 million yuan: quantiles carry the unit over, probabilities do not change."""
    y = np.array(y) - (100.0 if crossing else 0.0)
    one, other = forecast(y, 4), forecast(y * unit, 4)
    assert one.ok == other.ok
    for p in (0.1, 0.5, 0.9):
        assert other.quantile(p) == pytest.approx(one.quantile(p) * unit, rel=1e-6)
    target = one.quantile(0.7)[1]
    assert other.prob_at_least(target * unit, 2) == pytest.approx(one.prob_at_least(target, 2), abs=1e-6)


@FEW
@given(st.lists(VALUES, min_size=7, max_size=8).filter(lambda y: len(set(y)) > 1), UNITS)
@pytest.mark.parametrize("method", ["damped_holt", "theta", "local_linear_trend", "ols_trend", "drift"])
def test_named_methods_do_not_depend_on_the_unit(method, y, unit):
    """The optimisers of statsmodels see the same numbers whatever the unit."""
    one, other = forecast(y, 3, method=method), forecast(np.array(y) * unit, 3, method=method)
    assert one.ok and other.ok, "only a constant may be refused"
    assert other.median == pytest.approx(one.median * unit, rel=1e-6)
    assert other.quantile(0.9) == pytest.approx(one.quantile(0.9) * unit, rel=1e-6)


@MANY
@given(LEVELS)
def test_quantiles_rise_and_probabilities_fall(y):
    """Quantiles rise with p, the uncertainty with the horizon, and P(Y ≥ x) falls with x."""
    f = forecast(y, 5)
    q = np.array([f.quantile(p) for p in PS])
    assert (np.diff(q, axis=0) >= 0).all()
    width = np.log(q[-2] / q[1])
    assert (np.diff(width) >= -1e-9).all()
    chances = [f.prob_at_least(x, 3) for x in q[:, 2]]
    assert (np.diff(chances) <= 1e-12).all()
    assert chances == pytest.approx([1 - p for p in PS], abs=1e-6)


@MANY
@given(st.integers(0, 50), STEPS)
def test_counts_never_fall(first, steps):
    """Whatever the history, quantiles and paths of a count are whole and never below what is reached."""
    y = first + np.concatenate([[0], np.cumsum(steps)])
    f = forecast(y, 4, kind="count")
    q = np.array([f.quantile(p) for p in PS])
    assert (q >= y[-1]).all() and (np.diff(q, axis=0) >= 0).all() and (np.diff(q, axis=1) >= 0).all()
    paths = f.sample(200, 1)
    assert (np.diff(paths, axis=1, prepend=float(y[-1])) >= 0).all() and (paths == np.rint(paths)).all()


@MANY
@given(st.integers(0, 50), STEPS, st.sampled_from([0.02, 0.1, 0.37, 0.5, 0.8, 0.93]))
def test_quantiles_and_probabilities_of_counts_agree(first, steps, p):
    """A quantile is the least count that reaches its probability, and P(Y ≥ x) falls with x and rises with time."""
    y = first + np.concatenate([[0], np.cumsum(steps)])
    f = forecast(y, 6, kind="count")
    q = f.quantile(p)
    for step in (1, 3, 6):
        assert f.prob_at_most(q[step - 1], step) >= p - 1e-9
        # An earlier step's lower tail may hold a later one's up; then both have one quantile.
        if step == 1 or q[step - 1] > q[step - 2]:
            assert f.prob_at_most(q[step - 1] - 1, step) < p + 1e-9
    points = np.unique(np.rint(np.linspace(y[-1], f.quantile(0.99)[-1], 30)))
    chances = np.array([[f.prob_at_least(x, step) for x in points] for step in (1, 2, 3, 4, 5, 6)])
    assert (np.diff(chances, axis=1) <= 1e-12).all()
    # Where both are far from certain, later is likelier.
    assert (np.diff(chances, axis=0)[chances[1:] < 0.95] >= -0.01).all()


@MANY
@given(
    st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12), st.sampled_from([0.0, 1e-300, 1e300, 5e-324])), max_size=14),
    st.sampled_from(["level", "count"]),
    st.sampled_from([None, (0.0, 100.0)]),
)
def test_more_history_never_raises(y, kind, bounds):
    """Every beginning of any series is forecast or refused, with finite figures or with a reason."""
    values = np.array([np.nan if v is None else v for v in y], dtype=float)
    for upto in range(len(values) + 1):
        f = forecast(values[:upto], 3, kind=kind, bounds=bounds)
        assert f.ok == (f.reason is None)
        if f.ok:
            assert np.isfinite(f.median).all()
            assert 0.0 <= f.prob_at_least(float(values[upto - 1]), 2) <= 1.0


@FEW
@given(st.lists(st.one_of(st.none(), st.floats(-50, 50)), max_size=9))
@example([3.0, -1.0, 2.0, 0.0, 4.0, 1.0, 2.5])
@pytest.mark.parametrize("method", sorted(set(METHODS) - {"ets_aicc", "arima_011_drift"}))
def test_named_methods_never_raise(method, y):
    """The named methods refuse what they cannot fit; they do not raise."""
    f = forecast(np.array([np.nan if v is None else v for v in y], dtype=float), 3, method=method)
    assert f.ok == (f.reason is None) == bool(np.isfinite(f.median).all())


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.floats(1.0, 100.0), min_size=6, max_size=6), min_size=1, max_size=6), st.booleans())
def test_the_city_is_the_sum_of_its_districts_in_every_path(districts, noisy):
    """Levels: after reconciliation the whole equals the sum of the parts, path by path, and stays positive."""
    y = np.array(districts)
    r = reconcile([forecast(row, 4) for row in y], forecast(y.sum(axis=0), 4), n=300, seed=int(noisy))
    assert r.ok and r.rest is None
    city = r.top.sample(200, 5)
    assert city == pytest.approx(np.sum([f.sample(200, 5) for f in r.bottom], axis=0), rel=1e-12)
    assert city.min() > 0 and min(f.sample(200, 5).min() for f in r.bottom) > 0


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.integers(0, 12), min_size=6, max_size=6), min_size=1, max_size=6))
def test_counts_of_districts_add_up_and_never_fall(steps):
    """Counts: the same, in whole numbers, and no district falls in any path."""
    y = np.cumsum(np.array(steps), axis=1)
    parts = [forecast(row, 4, kind="count") for row in y]
    r = reconcile(parts, forecast(y.sum(axis=0), 4, kind="count"), n=300)
    assert r.ok
    drawn = [f.sample(200, 5) for f in r.bottom]
    assert (r.top.sample(200, 5) == np.sum(drawn, axis=0)).all()
    for row, paths in zip(y, drawn, strict=True):
        assert (np.diff(paths, axis=1, prepend=float(row[-1])) >= 0).all() and (paths == np.rint(paths)).all()
