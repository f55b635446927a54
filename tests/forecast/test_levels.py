"""Levels: arithmetic that a reader can redo, agreement with statsmodels, refusals, gaps, bounds."""

import math

import numpy as np
import pytest
from scipy import stats

from greenreport.forecast import Level, forecast, forecast_evidence
from greenreport.forecast.damped import Constants, fit, variance
from greenreport.forecast.learned import LOG
from greenreport.forecast.levels import _weight, link_of, share_link
from greenreport.forecast.series import growth, weights

GROWING = [100.0, 104.0, 111.0, 115.0, 118.0, 126.0, 130.0, 139.0]

# Round constants under which the method can be followed with a pocket calculator.
PLAIN = Constants(
    discount=0.5, growth_sd=0.03, damping=0.0, damping_vol=0.0, rebound=0.1, rebound_vol=0.0, rebound_smooth=0.0,
    rebound_before=0.0, rebound_third=0.0, persistence=0.0, prior_n=0.0, prior_var=0.0, power=1.0, short=0.0, shock=0.0, smooth=0.0, trend=0.0, walk=1.0,
    walk_power=1.0, walk_smooth=0.0, walk_vol=0.0, walk_trend=0.0, slope=2.0, drift=0.0, drift_power=1.0, df=5.0,
    df_power=0.0,
)  # fmt: skip


def test_the_fit_follows_by_hand():
    """With round constants every figure of the fit is the one that paper and pencil give."""
    # ln y = 0, .04, .10, .12, so that growth is .04, .06, .02; weights ∝ ¼, ½, 1 = 1/7, 2/7, 4/7.
    # own growth b = (.04 + 2·.06 + 4·.02) / 7 = .24 / 7 = .0342857
    # surprises: .0057143, .0257143, −.0142857
    # their weighted squares: (3.2653e−5 + 2·6.6122e−4 + 4·2.0408e−4) / 7 = 3.10204e−4; × 3/2 = 4.65306e−4
    # variance of b: 4.65306e−4 × (1 + 4 + 16)/49 = 1.99417e−4
    # weight of the own growth: 9e−4 / (9e−4 + 1.99417e−4) = .818615
    # growth used: .818615·.0342857 + .181385·.03 = .0335083
    z = np.array([0.0, 0.04, 0.10, 0.12])
    g = growth(z)
    f = fit(g.rate, g, 2, prior=0.03, constants=PLAIN)
    assert float(f.own) == pytest.approx(0.24 / 7)
    assert float(f.var) == pytest.approx(4.65306e-4, rel=1e-5)
    assert float(f.own_var) == pytest.approx(1.99417e-4, rel=1e-5)
    assert float(f.own_weight) == pytest.approx(0.818615, rel=1e-5)
    assert float(f.used) == pytest.approx(0.0335083, rel=1e-5)
    # damping = logistic(0) = ½, so the sums are ½ and ¾; a tenth of the last surprise is given back once:
    # step 1: .0335083·.5 + .1·.0142857 = .0181827; step 2: .0335083·.75 + .00142857 = .0265598
    assert f.ahead == pytest.approx([0.0181827, 0.0265598], rel=1e-5)
    # spread = variance of growth; squared scales: 4.65306e−4·h + 2·.818615·1.99417e−4·(½² | ¾²)
    #   step 1: 4.65306e−4 + 3.26492e−4·.25 = 5.46929e−4; step 2: 9.30612e−4 + 3.26492e−4·.5625 = 1.114264e−3
    assert variance(f) == pytest.approx([5.46929e-4, 1.114264e-3], rel=1e-5)


def test_growth_and_its_variance_are_those_of_weighted_least_squares():
    """The closed form equals statsmodels' WLS fit of a constant to growth."""
    import statsmodels.api as sm

    g = growth(np.log(GROWING))
    f = fit(g.rate, g, 4, prior=0.03, constants=LOG)
    w, _ = weights(g, LOG.discount)
    wls = sm.WLS(g.rate, np.ones(g.m), weights=w).fit()
    assert float(f.own) == pytest.approx(float(wls.params[0]), abs=1e-12)
    # WLS's residual scale is Σ w·e²/(m − 1); the method's variance of annual growth is Σ w·e²·m/(m − 1).
    assert float(f.var) == pytest.approx(float(wls.scale) * g.m, abs=1e-12)
    # and the variance of the mean of independent growths with these weights is that times Σ w².
    assert float(f.own_var) == pytest.approx(float(f.var) * float(np.sum(w**2)), abs=1e-12)


def test_one_series_and_a_panel_share_the_formulas():
    """Fitting many series at once, as the learning script does, gives what each alone gives."""
    panel = np.log(np.array([GROWING, GROWING[::-1], [5, 9, 4, 7, 8, 2, 5, 6]]))
    g = growth(panel[0])
    many = fit(np.diff(panel, axis=1), g, 5, prior=0.03, constants=LOG)
    for i, z in enumerate(panel):
        alone = fit(np.diff(z), growth(z), 5, prior=0.03, constants=LOG)
        assert many.ahead[i] == pytest.approx(alone.ahead, abs=1e-12)
        assert variance(many)[i] == pytest.approx(variance(alone), abs=1e-12)


def test_quantiles_probabilities_and_paths_agree():
    """P(Y ≥ the 90 % quantile) is 10 %, and sampled paths have the same quantiles."""
    f = forecast(GROWING, 4)
    q90 = f.quantile(0.9)
    for step in range(1, 5):
        assert f.prob_at_least(q90[step - 1], step) == pytest.approx(0.1)
        assert f.prob_at_most(q90[step - 1], step) == pytest.approx(0.9)
    paths = f.sample(40_000, 1)
    assert np.quantile(paths, 0.9, axis=0) == pytest.approx(q90, rel=0.01)
    assert np.quantile(paths, 0.5, axis=0) == pytest.approx(f.median, rel=0.01)


def test_the_interval_is_a_student_t_on_the_log_scale():
    """The ends of an interval are the median times the exponential of t-quantile × scale."""
    f = forecast(GROWING, 3)
    scale = np.sqrt(np.diagonal(f.distribution.cov))
    low, high = f.interval(0.80)
    t90 = stats.t.ppf(0.9, f.parameters["df"])
    assert high == pytest.approx(f.median * np.exp(t90 * scale))
    assert low == pytest.approx(f.median * np.exp(-t90 * scale))


def test_the_prior_growth_can_be_set_and_is_shown():
    """A higher prior growth raises the medians, and the parameters say what was used."""
    low, high = forecast(GROWING, 4, prior_growth=0.0), forecast(GROWING, 4, prior_growth=0.08)
    assert (high.median > low.median).all()
    assert (low.parameters["prior_growth"], high.parameters["prior_growth"]) == (0.0, 0.08)


def test_nothing_at_all_is_an_answer():
    """No value is refused with a code and both numbers; nothing is invented."""
    f = forecast([], 4)
    assert (f.ok, f.reason, f.n, f.least) == (False, "too_few_points", 0, 1)
    assert f.refused == (("shrunk_damped_growth", "too_few_points"),)
    assert np.isnan(f.median).all() and math.isnan(f.prob_at_least(3.0, 1))
    assert f.median.shape == (4,)


@pytest.mark.parametrize(
    ("y", "options", "reason"),
    [
        ([], {}, "too_few_points"),
        ([1.0, 2.0, 3.0, np.inf], {}, "not_finite"),
        ([np.nan, 2.0, 3.0, 4.0, 5.0], {}, "ends_missing"),
        ([1.0, 2.0, 3.0, 4.0, np.nan], {}, "ends_missing"),
        ([0.0, 0.0, 0.0, 0.0], {}, "all_zero"),
        ([90.0, 95.0, 99.0, 104.0], {"bounds": (0, 100)}, "out_of_bounds"),
        ([1.0, 2.0, 3.0, 4.0], {"method": "gamma_poisson"}, "counts_only"),
    ],
)
def test_what_cannot_be_forecast_is_refused_with_a_reason(y, options, reason):
    """Every refusal of the data is an answer with a code, never an exception."""
    f = forecast(y, 3, **options)
    assert (f.ok, f.reason) == (False, reason)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "levels"}, "kind must be one of"),
        ({"method": "prophet"}, "method must be one of"),
        ({"prior_growth": np.nan}, "prior_growth must be a finite number"),
        ({"bounds": (100, 0)}, "bounds must rise"),
        ({"horizon": 0}, "horizon must be at least 1"),
    ],
)
def test_a_request_that_does_not_exist_is_an_error(wrong, said):
    """A caller's mistake is a ValueError, not a refusal."""
    with pytest.raises(ValueError, match=said):
        forecast(GROWING, **{"horizon": 3, **wrong})


def test_a_step_beyond_the_horizon_is_an_error():
    """Of three years ahead the fourth has no probability."""
    with pytest.raises(ValueError, match="step must be"):
        forecast(GROWING, 3).prob_at_least(1.0, 4)


def test_a_gap_counts_as_the_years_it_spans():
    """A missing value on the growth path changes the own growth nowhere and widens nothing by itself."""
    steady = 100.0 * 1.05 ** np.arange(9)
    gappy = steady.copy()
    gappy[4] = np.nan
    whole, gap = forecast(steady, 3), forecast(gappy, 3)
    assert gap.n == 8
    assert gap.parameters["growth_own"] == pytest.approx(math.log(1.05))
    assert gap.median == pytest.approx(whole.median, rel=2e-3)


def test_growth_over_a_gap_has_the_weight_and_variance_of_its_years():
    """Weights over a two-year interval: both years' in the mean, one year's in the variance."""
    # z known at years 0, 1, 3, 4; discount ½: ages of the intervals' ends are 3, 1, 0.
    g = growth(np.array([0.0, 0.1, np.nan, 0.5, 0.6]))
    assert g.rate == pytest.approx([0.1, 0.2, 0.1])
    assert g.years.tolist() == [1.0, 2.0, 1.0] and g.age.tolist() == [3.0, 1.0, 0.0]
    # mean: ⅛ : (½ + ¼) : 1 = 1 : 6 : 8;   variance: ⅛ : ⅜ : 1 = 1 : 3 : 8
    mean, var = weights(g, 0.5)
    assert mean == pytest.approx(np.array([1, 6, 8]) / 15)
    assert var == pytest.approx(np.array([1, 3, 8]) / 12)


def test_zero_and_negative_values_are_forecast_on_their_own_scale():
    """A balance that crosses zero gets an additive forecast, and the log form is refused by name."""
    f = forecast([3.0, -1.0, 2.0, 0.0, 4.0, 1.0], 3)
    assert f.ok and f.parameters["scale"] == "identity"
    assert f.refused == (("log_growth", "not_positive"),)
    low, high = f.interval(0.8)
    assert (low < f.median).all() and (f.median < high).all() and low[0] < 0 < high[0]


def test_a_share_stays_within_its_bounds():
    """Quantiles of a share near 100 % stay below it, also where it was reached."""
    f = forecast([92.0, 95.0, 97.0, 99.0, 100.0, 99.5], 5, bounds=(0, 100))
    assert f.ok and f.parameters["scale"] == "logit"
    assert (f.quantile(0.999) < 100).all() and (f.quantile(0.001) > 0).all()
    assert f.prob_at_least(100.5, 1) == 0.0 and f.prob_at_least(-1.0, 1) == 1.0


def test_a_share_at_its_bound_has_a_place_on_the_logit_scale():
    """A quarter of a per cent inside, or half of what the nearest other one lies inside; never nearer than a millionth."""
    plain = share_link(np.array([40.0, 60.0]), 0.0, 100.0)
    assert (plain.edge, plain.brim) == (0.0025, 0.0005)  # 100 % is met by what rounds to it: 99.95 %
    touched = share_link(np.array([60.0, 100.0]), 0.0, 100.0)
    assert (touched.edge, touched.brim) == (0.0025, pytest.approx(0.00375))
    small = share_link(np.array([0.2, 0.3]), 0.0, 100.0)
    assert (small.edge, small.brim) == (pytest.approx(0.001), 0.0005)
    tiny = share_link(np.array([1e-5, 0.0]), 0.0, 100.0)
    assert (tiny.edge, tiny.brim) == (1e-6, pytest.approx(1.5e-6))
    other = share_link(np.array([2.1, 3.0]), 2.0, 4.0)
    assert other.forward(np.array([3.0])) == pytest.approx(0.0) and other.back(np.array([0.0])) == pytest.approx(3.0)
    assert plain.threshold(100.0) == pytest.approx(np.log(0.9995 / 0.0005))
    assert (plain.threshold(100.1), plain.threshold(-0.1)) == (np.inf, -np.inf)


def test_the_scale_goes_by_the_values_and_the_target():
    """Positive values grow; what is, or is wanted, at zero or below it has no rate of growth."""
    assert link_of(np.array([4.0, 8.0]), None)[0].kind == "log"
    assert link_of(np.array([0.5, 0.6]), None, 0.1)[0].kind == "log"
    zero = link_of(np.array([4.0, 8.0]), None, 0.0)[0]
    assert zero.kind == "identity" and zero.brim * zero.scale == pytest.approx(2.0)  # half the least counts as nothing
    assert link_of(np.array([0.0, 8.0]), None)[0].brim > 0
    below = link_of(np.array([4.0, 8.0]), None, -1.0)[0]
    assert (below.kind, below.brim) == ("identity", 0.0)
    assert link_of(np.array([-4.0, 8.0]), None)[0].brim == 0.0
    assert link_of(np.array([0.0, 0.0]), None) == (None, "all_zero")
    assert link_of(np.array([0.0, 0.0]), None, 5.0)[0].scale == 5.0
    assert link_of(np.array([1e-200, 8.0]), None) == (None, "fit_failed")
    assert link_of(np.array([40.0, 101.0]), (0.0, 100.0)) == (None, "out_of_bounds")
    assert link_of(np.array([-1.0, 40.0]), (0.0, 100.0)) == (None, "out_of_bounds")
    assert link_of(np.array([0.0, 100.0]), (0.0, 100.0))[0].kind == "logit"
    with pytest.raises(ValueError, match="bounds must rise"):
        link_of(np.array([0.5]), (1.0, 1.0))


def test_what_lies_far_back_and_zeros_at_the_beginning_are_left_out():
    """Thirty years count; of the zeros that a series begins with the last does; the forecast says how many values."""
    long = forecast([float(100 + n) for n in range(40)], 2)
    short = forecast([float(110 + n) for n in range(30)], 2)
    assert long.median == pytest.approx(short.median, rel=1e-4) and (long.n, short.n) == (40, 30)
    late = forecast([0.0, 0.0, 0.0, 4.0, 6.0], 2)
    assert late.n == 3 and (late.median == forecast([0.0, 4.0, 6.0], 2).median).all()
    old = forecast_evidence([Level(1980, 100.0)], start=2024, last_year=2025)
    assert old.ok and old.n == 1


def test_the_second_model_takes_over_as_the_record_grows():
    """Nothing up to three levels, a third at four, three quarters at six, nine tenths at ten."""
    assert [round(_weight(n), 2) for n in (1, 3, 4, 6, 10)] == [0, 0, 0.35, 0.74, 0.91]


def test_volatile_series_get_wider_intervals():
    """The same path with more noise has a wider relative interval."""
    rng = np.random.default_rng(0)
    noise = rng.standard_normal(8)
    calm, rough = (np.exp(0.04 * np.arange(8) + s * noise) for s in (0.01, 0.2))
    width = [np.subtract(*np.log(forecast(y, 4).interval(0.8))[::-1]) for y in (calm, rough)]
    assert (width[1] > width[0]).all()
