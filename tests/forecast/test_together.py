"""Part-years, panels, reconciliation, back-tests, JSON and imports: what the parts of the room do together."""

import json
import subprocess
import sys

import numpy as np
import pytest

from greenreport.forecast import (
    METHODS,
    Forecast,
    Level,
    Part,
    backtest,
    forecast,
    forecast_evidence,
    learn_prior_growth,
    reconcile,
)

GROWING = np.array([100.0, 104.0, 111.0, 115.0, 118.0, 126.0, 130.0, 139.0])
JUNE = np.array([0.46, 0.45, 0.47, 0.46, 0.45, 0.46, 0.47, 0.46])


def year_under_way(part, elapsed, parts):
    """Forecast from GROWING and what its next year has reached; `parts` are the same months of its years."""
    earlier = tuple((n, float(part), float(whole)) for n, (part, whole) in enumerate(zip(parts, GROWING, strict=True)))
    years = [Level(n, float(value)) for n, value in enumerate(GROWING)]
    return forecast_evidence([*years, Part(8, part, elapsed, earlier)], start=8, last_year=10)


def districts(n=5, years=8, seed=0):
    rng = np.random.default_rng(seed)
    city = rng.normal(0.05, 0.04, years)
    return [100 * (i + 1) * np.exp(np.cumsum(city + rng.normal(0, 0.03, years))) for i in range(n)]


def test_a_part_year_moves_and_narrows_the_year():
    """Half a year 15 % above the same months of the year before lifts the year, and narrows its interval."""
    plain = forecast(GROWING, 3)
    strong = year_under_way(139 * 0.46 * 1.15, 0.5, GROWING * JUNE)
    assert strong.nowcast["years"] == 8
    assert strong.nowcast["share"] == pytest.approx(0.46, abs=0.005)
    assert (strong.median > plain.median).all()

    def width(f):
        low, high = f.interval(0.8)
        return np.log(high / low)

    assert (width(strong) < width(plain)).all()
    # The year's own uncertainty is not forgotten afterwards: later steps are wider than the first.
    assert (np.diff(width(strong)) > 0).all()


def test_the_later_in_the_year_the_surer_and_the_nearer():
    """Nine months count for more than six, and the year can't end below what is reached."""
    six = year_under_way(64.0, 0.5, GROWING * 0.46)
    nine = year_under_way(100.0, 0.75, GROWING * 0.72)
    assert 0 < six.nowcast["weight"] < nine.nowcast["weight"] < 1
    assert nine.nowcast["share_sd"] < six.nowcast["share_sd"]
    late = year_under_way(140.0, 0.95, GROWING * 0.97)
    assert late.quantile(0.0001)[0] >= 140.0 and late.prob_at_least(140.0, 1) == 1.0
    assert late.prob_at_most(139.0, 1) == 0.0 and late.sample(500, 1)[:, 0].min() >= 140.0
    assert Forecast.from_dict(json.loads(json.dumps(late.to_dict()))).prob_at_least(140.0, 1) == 1.0


def test_a_panel_teaches_its_growth():
    """Districts that grow by about 8 % pull the prior from 3 % towards 8 %, the more the longer they are."""
    fast = [100 * np.exp(0.08 * np.arange(9) + 0.02 * np.sin(np.arange(9) * (i + 1))) for i in range(12)]
    prior = learn_prior_growth(fast)
    assert 0.06 < float(prior) < 0.09 and prior.n_series == 12
    assert prior.panel_mean == pytest.approx(0.08, abs=0.01)
    assert float(prior) == pytest.approx(prior.weight * prior.panel_mean + (1 - prior.weight) * 0.03)
    assert forecast(fast[0], 3, prior_growth=prior).parameters["prior_growth"] == float(prior)


def test_a_panel_that_shares_its_shocks_counts_for_less():
    """Twelve districts with the same good and bad years say little more than one does."""
    rng = np.random.default_rng(1)
    common = np.cumsum(rng.normal(0.05, 0.08, 8))
    together = learn_prior_growth([np.exp(common + 0.001 * rng.standard_normal(8)) for _ in range(12)])
    apart = learn_prior_growth([np.exp(np.cumsum(rng.normal(0.05, 0.08, 8))) for _ in range(12)])
    assert together.panel_se > apart.panel_se


def test_an_empty_panel_keeps_the_assumption():
    """One value, or one that is not positive, says nothing of growth; without a usable series the assumption stands."""
    prior = learn_prior_growth([[2.0], [0.0, 1.0, 2.0, 3.0]])
    assert float(prior) == 0.03 and prior.weight == 0.0 and prior.n_series == 0


def test_reconciled_forecasts_lie_between_the_two_views():
    """The reconciled city lies between its own forecast and the sum of its districts' (within sampling error)."""
    y = districts()
    bottom, top = [forecast(d, 4) for d in y], forecast(np.sum(y, axis=0), 4)
    r = reconcile(bottom, top)
    assert r.ok and r.top.method == "reconciled" and r.top.parameters["base_method"] == "shrunk_damped_growth"
    sums = np.sum([f.median for f in bottom], axis=0)
    low, high = np.minimum(sums, top.median), np.maximum(sums, top.median)
    assert (r.top.median >= low * 0.97).all() and (r.top.median <= high * 1.03).all()


def test_reconciliation_does_not_make_the_city_overconfident():
    """Two views of the same future are not two independent witnesses: the interval keeps most of its width."""
    y = districts(n=12)
    top = forecast(np.sum(y, axis=0), 4)
    r = reconcile([forecast(d, 4) for d in y], top)
    before, after = (np.subtract(*f.interval(0.8)[::-1]) for f in (top, r.top))
    assert (after > 0.6 * before).all() and (after < 1.2 * before).all()


def test_the_same_seed_gives_the_same_paths():
    """Reconciliation is reproducible, and another seed changes paths but hardly any figure."""
    y = districts()
    bottom, top = [forecast(d, 4) for d in y], forecast(np.sum(y, axis=0), 4)
    one, same, other = reconcile(bottom, top), reconcile(bottom, top), reconcile(bottom, top, seed=1)
    assert (one.top.sample(50, 1) == same.top.sample(50, 1)).all()
    assert one.top.median == pytest.approx(other.top.median, rel=0.02)


def test_what_no_part_covers_is_a_part_of_its_own():
    """A district without a forecast, or not handed in, goes into the rest, and the whole still adds up."""
    y = districts()
    bottom = [forecast(d, 4) for d in y[:-1]]
    top = forecast(np.sum(y, axis=0), 4)
    r = reconcile([*bottom, forecast([], 4)], top)
    assert not r.bottom[4].ok and r.rest is not None
    parts = [f.sample(100, 2) for f in (*r.bottom[:4], r.rest)]
    assert r.top.sample(100, 2) == pytest.approx(np.sum(parts, axis=0), rel=1e-12)


def test_what_does_not_add_up_is_refused():
    """Shares, overlapping areas and a whole without its parts are refused with a code; forecasts stay as they were."""
    y = districts()
    bottom, top = [forecast(d, 4) for d in y], forecast(np.sum(y, axis=0), 4)
    # The zone and the district it lies in, both handed in: together more than the city.
    assert reconcile([*bottom, bottom[-1]], top).reason == "part_exceeds_whole"
    assert reconcile(bottom[:2], top).reason == "parts_too_few"
    share = forecast([90.0, 92.0, 93.0, 95.0], 4, bounds=(0, 100))
    assert reconcile([share], share).reason == "not_additive"
    unknown = forecast([], 4)
    assert reconcile([*bottom, unknown], unknown).reason == "whole_unknown"
    assert reconcile([*bottom, bottom[-1]], top).top is top
    with pytest.raises(ValueError, match="same kind and horizon"):
        reconcile(bottom, forecast(np.sum(y, axis=0), 3))


def test_a_city_without_a_forecast_is_its_districts_sum():
    """Where only the districts can be forecast, the city is their sum."""
    y = districts()
    r = reconcile([forecast(d, 4) for d in y], forecast([], 4))
    assert r.ok and r.top.ok
    assert r.top.sample(50, 0) == pytest.approx(np.sum([f.sample(50, 0) for f in r.bottom], axis=0), rel=1e-12)


@pytest.mark.parametrize("method", [m for m in METHODS if m != "gamma_poisson"])
def test_every_method_answers_on_an_ordinary_series(method):
    """Each method by name gives ordered finite intervals around its median, and paths that agree with them."""
    f = forecast(GROWING, 4, method=method)
    assert f.ok and f.method == method
    low, high = f.interval(0.8)
    assert (low <= f.median).all() and (f.median <= high).all() and (high > low).all()
    assert 100 < f.median[0] < 180
    assert np.quantile(f.sample(20_000, 0)[:, 3], 0.9) == pytest.approx(high[3], rel=0.02)


@pytest.mark.parametrize("method", [m for m in METHODS if m not in ("gamma_poisson", "shrunk_damped_growth")])
def test_every_method_says_how_many_values_it_needs(method):
    """One fewer than that is refused with both numbers, that many are answered."""
    least = forecast([5.0], 2, method=method).least
    values = [5.0, 6.0, 8.0, 7.0, 9.0, 12.0][:least]
    refused = forecast(values[:-1], 2, method=method)
    assert (refused.ok, refused.kind, refused.reason) == (False, "level", "too_few_points")
    assert (refused.n, refused.least, refused.last) == (least - 1, least, values[-2])
    assert refused.refused == ((method, "too_few_points"),)
    answered = forecast(values, 2, method=method)
    assert (answered.ok, answered.kind, answered.n, answered.least) == (True, "level", least, least)
    assert np.isnan(refused.median).all() and refused.to_dict()["distribution"] is None


def test_ols_intervals_are_those_of_statsmodels():
    """The closed form of the straight line equals statsmodels' prediction intervals."""
    import statsmodels.api as sm

    x = sm.add_constant(np.arange(8.0))
    told = sm.OLS(GROWING, x).fit().get_prediction(sm.add_constant(np.arange(8.0, 12.0)))
    low, high = forecast(GROWING, 4, method="ols_trend").interval(0.8)
    assert np.column_stack([low, high]) == pytest.approx(told.conf_int(obs=True, alpha=0.2), rel=1e-9)


def test_drift_follows_by_hand():
    """Drift: last value plus the mean change; σ²·h·(1 + h/m) around it."""
    # changes 1, 3, 2: mean 2, σ² = ((−1)² + 1² + 0)/2 = 1; medians 12, 14
    f = forecast([4.0, 5.0, 8.0, 10.0], 2, method="drift")
    assert f.median == pytest.approx([12.0, 14.0])
    # 90 % quantile: z = 1.281552; √(1·(1 + 1/3)) = 1.154701, √(2·(1 + 2/3)) = 1.825742
    assert f.quantile(0.9) == pytest.approx([12 + 1.281552 * 1.154701, 14 + 1.281552 * 1.825742], rel=1e-6)


def test_a_forecast_survives_json():
    """A stored forecast gives the same figures without the data: levels and counts exactly, paths in quantiles."""
    y = districts(n=3)
    level, count = forecast(GROWING, 4), forecast([0, 1, 3, 6, 10], 4, kind="count")
    thin, refused = forecast([44], 4, kind="count"), forecast([], 4)
    whole = reconcile([forecast(d, 4) for d in y], forecast(np.sum(y, axis=0), 4)).top
    for f in (level, count, thin, refused, whole):
        back = Forecast.from_dict(json.loads(json.dumps(f.to_dict(), allow_nan=False)))
        assert (back.ok, back.method, back.reason, back.n, back.last) == (f.ok, f.method, f.reason, f.n, f.last)
        tolerance = 5e-3 if f is whole else 1e-12
        for p in (0.1, 0.5, 0.9):
            assert back.quantile(p) == pytest.approx(f.quantile(p), rel=tolerance, nan_ok=True)
        assert not f.ok or f is whole or (back.sample(200, 1) == f.sample(200, 1)).all()
        target = f.median[1]
        assert back.prob_at_least(target, 2) == pytest.approx(f.prob_at_least(target, 2), abs=0.01, nan_ok=True)


def test_a_backtest_is_tidy_and_complete():
    """One row per method, origin and step; refusals keep their row with the reason."""
    table = backtest(GROWING, ["shrunk_damped_growth", "theta", "naive"], horizon=3)
    # origins 3, 4, 5, 6 (four values up to one before the last) with 3, 3, 2, 1 steps
    assert len(table) == 3 * (3 + 3 + 2 + 1)
    naive = table[(table["method"] == "naive") & (table["origin"] == 3)]
    assert naive["median"].tolist() == [115.0] * 3 and naive["error"].tolist() == [3.0, 11.0, 15.0]
    # Theta needs five values, so the first origin is refused.
    assert (table.loc[(table["method"] == "theta") & (table["origin"] == 3), "reason"] == "too_few_points").all()
    assert backtest([1.0, 2.0], ["naive"]).empty


def test_a_backtest_forecasts_from_every_origin_as_a_reader_would():
    """Each row is the forecast from the values up to its origin, held against what came; the origins are as many as asked."""
    table = backtest(GROWING, ["shrunk_damped_growth"], horizon=2, start=4)
    assert sorted(set(table["origin"])) == list(range(3, len(GROWING) - 1))
    for row in table.itertuples():
        f = forecast(GROWING[: row.origin + 1], row.step)
        assert row.actual == GROWING[row.origin + row.step]
        assert row.median == pytest.approx(f.median[-1], rel=1e-3)
        assert (row.low80, row.high80) == pytest.approx([float(end[-1]) for end in f.interval(0.8)], rel=1e-3)
        assert row.inside80 == (row.low80 <= row.actual <= row.high80)
        assert row.error == pytest.approx(row.actual - row.median)


def test_importing_the_room_is_light():
    """`import greenreport.forecast` brings in neither statsmodels nor pandas: --help and kernels stay quick."""
    code = "import sys, greenreport.forecast; print([m for m in ('statsmodels', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
