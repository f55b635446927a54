"""Cumulative counts: never falling, whole, honest where little is known; arithmetic that a reader can redo."""

import numpy as np
import pytest
from scipy import stats

from greenreport.forecast import Level, forecast, forecast_evidence, mixture
from greenreport.forecast.counts import DISCOUNT, PRIOR_RATE, PRIOR_SHAPE
from greenreport.forecast.mixture import CountMixture

MALLS = [44, 48, 50, 53, 57, 60, 62, 65]


def test_the_rate_follows_by_hand():
    """The annual rate of the example is the discounted increments over the discounted years, prior included."""
    # increments 4, 2, 3, 4, 3, 2, 3, weights .9^6 … .9^0 = .531441, .59049, .6561, .729, .81, .9, 1
    # Σ w·x = 2.125764 + 1.18098 + 1.9683 + 2.916 + 2.43 + 1.8 + 3 = 15.421044;  Σ w = 5.217031
    # rate = (.5 + 15.421044) / (.35 + 5.217031) = 15.921044 / 5.567031 = 2.859881
    assert (PRIOR_SHAPE, PRIOR_RATE, DISCOUNT) == (0.5, 0.35, 0.9)
    f = forecast(MALLS, 4, kind="count")
    assert f.parameters["dispersion"] == 1.0
    assert f.parameters["rate"] == pytest.approx(2.859881, rel=1e-6)
    # Gamma–Poisson: the mean of four years is 4 × 2.86 = 11.4 more; the median of the skew sum lies at 76 or 77.
    assert f.median[-1] == 76.0


def test_the_published_example_has_its_published_figures():
    """44 … 65 gives median 76 in four years, 80 % interval 70 to 84 and about one chance in four of 80."""
    f = forecast(MALLS, 4, kind="count")
    low, high = f.interval(0.80)
    assert (f.median[-1], low[-1], high[-1]) == (76.0, 70.0, 84.0)
    assert f.prob_at_least(80, 4) == pytest.approx(0.26, abs=0.03)


def test_a_mixture_of_one_node_is_the_negative_binomial():
    """With one node the distribution is scipy's negative binomial of the increments' sum."""
    # mean 3 a year, variance 2 × mean: after 4 years mean 12 = r(1 − p)/p with p = ½, r = 12.
    dist = CountMixture(10, np.array([1.0]), np.array([[3.0, 6.0, 9.0, 12.0]]), 2.0)
    nb = stats.nbinom(12, 0.5)
    for p in (0.05, 0.5, 0.9):
        assert dist.quantile(p)[3] == 10 + nb.ppf(p)
    assert dist.at_most(20, 4) == pytest.approx(nb.cdf(10))
    assert dist.at_least(20, 4) == pytest.approx(nb.sf(9))
    poisson = CountMixture(10, np.array([1.0]), np.array([[3.0, 6.0, 9.0, 12.0]]), 1.0)
    assert poisson.at_most(20, 4) == pytest.approx(stats.poisson(12).cdf(10))


@pytest.mark.parametrize("dispersion", [1.0, 1.5, 4.0])
@pytest.mark.parametrize("mean", [0.3, 12.0, 180.0, 900.0, 4000.0, 250_000.0])
def test_tables_give_what_scipy_gives(mean, dispersion):
    """Whole tables of small counts and the points of large ones: both are scipy's distribution."""
    nodes, weights = np.array([mean, mean / 3.0]), np.array([0.7, 0.3])
    dist = CountMixture(5, weights, nodes[:, None], dispersion)
    if dispersion == 1.0:
        parts = [stats.poisson(m) for m in nodes]
    else:
        parts = [stats.nbinom(m / (dispersion - 1.0), 1.0 / dispersion) for m in nodes]

    def below(k):
        return weights @ [part.cdf(k) for part in parts]

    exact = mean < 50
    for p in (0.005, 0.1, 0.25, 0.31, 0.5, 0.77, 0.9, 0.999):
        k = dist.quantile(p)[0] - 5
        assert dist.at_most(5 + k, 1) >= p - 1e-9 and (k == 0 or dist.at_most(4 + k, 1) < p + 1e-9)
        assert dist.at_most(5 + k, 1) == pytest.approx(below(k), abs=1e-6 if exact else 1e-3)
    assert dist.at_least(5, 1) == 1.0 and dist.at_most(4, 1) == 0.0


def test_a_rate_that_is_not_known_widens_the_sum():
    """A Gamma rate over Poisson increments is one negative binomial, which scipy knows."""
    # rate ~ Gamma(4, 1/2), mean 8, squared variation 1/4: after one year NB with size 4 and p = 4 / (4 + 8) = 1/3
    dist = CountMixture(0, np.ones(1), np.array([[8.0]]), 1.0, np.array([[0.25]]))
    assert dist.quantile(0.9)[0] == stats.nbinom(4, 1 / 3).ppf(0.9)
    assert dist.at_most(7, 1) == pytest.approx(stats.nbinom(4, 1 / 3).cdf(7), abs=1e-9)


LARGE = {
    "steady": 40 + np.cumsum([0, 310, 295, 305, 300, 290, 308, 299]),
    "irregular": 40 + np.cumsum([0, 250, 420, 180, 330, 510, 220, 300]),
    "ramping": np.cumsum([0, 100, 190, 310, 420, 560, 650, 800]),
    "slowing": 900 + np.cumsum([0, 5200, 4300, 3900, 3100, 2700, 2200]),
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("step", [1, 3, 6])
def test_large_counts_have_no_lumps(name, step):
    """The probability of a large count rises to one mode (two where two models are blended) and falls, without gaps."""
    f = forecast(LARGE[name], 6, kind="count")
    q = np.array([f.quantile(p)[step - 1] for p in np.linspace(0.01, 0.99, 60)])
    assert (np.diff(q) > 0).all()
    # Mean probability of a count between neighbouring points of a grid, from the 1st to the 99th percentile.
    grid = np.unique(np.rint(np.linspace(q[0], q[-1], 25)))
    mass = np.diff([f.prob_at_most(k, step) for k in grid]) / np.diff(grid)
    turns = np.diff(np.sign(np.diff(mass[mass > 0])))
    assert (mass > 0).all()
    assert (turns < 0).sum() <= (2 if f.parameters["variant"] == "blend" else 1)


@pytest.mark.parametrize("name", LARGE)
def test_more_points_change_nothing(name, monkeypatch):
    """Twice the points of a table move no quantile's distance from what is reached by one percent."""
    few = forecast(LARGE[name], 6, kind="count")
    before = [few.quantile(p) - few.last for p in (0.025, 0.1, 0.5, 0.9, 0.975)]
    monkeypatch.setattr(mixture, "_POINTS", 2 * mixture._POINTS)
    monkeypatch.setattr(mixture, "_MORE", 2 * mixture._MORE)
    mixture._template.cache_clear()
    many = forecast(LARGE[name], 6, kind="count")
    after = [many.quantile(p) - many.last for p in (0.025, 0.1, 0.5, 0.9, 0.975)]
    mixture._template.cache_clear()
    assert np.array(after) == pytest.approx(np.array(before), rel=0.01)


def test_the_rates_law_by_brute_force():
    """Quantiles of a steady count of hundreds are those of its rate's law, drawn year by year."""
    f = forecast(LARGE["steady"], 6, kind="count")
    assert f.parameters["variant"] == "established"
    # rate ~ Gamma, times exp(g·i·.1 − (i·.1)²/2) in year i; Poisson increments with the dispersion found
    inc = np.diff(LARGE["steady"])
    events = inc @ 0.9 ** np.arange(6.0, -1.0, -1.0)
    d = f.parameters["dispersion"]
    rng = np.random.default_rng(0)
    rate = rng.gamma(0.5 + events / d, f.parameters["rate"] / (0.5 + events / d), size=200_000)
    drift = rng.standard_normal(200_000)
    total = np.zeros(200_000)
    for i in range(1, 7):
        total += rng.poisson(rate * np.exp(drift * i * 0.1 - 0.5 * (i * 0.1) ** 2))
    for p in (0.025, 0.1, 0.5, 0.9, 0.975):
        assert f.quantile(p)[-1] - f.last == pytest.approx(np.quantile(total, p), rel=0.05)


@pytest.mark.parametrize("name", LARGE)
def test_a_hundred_times_the_events_widens_nothing(name):
    """A hundred times the events of a count of thousands widens nothing by more than the luck of single events."""
    y = LARGE[name] - LARGE[name][0]
    one, more = forecast(10 * y, 6, kind="count"), forecast(1000 * y, 6, kind="count")
    for p in (0.1, 0.5, 0.9):
        ahead = (one.quantile(p) - 10 * y[-1]) / 10, (more.quantile(p) - 1000 * y[-1]) / 1000
        assert ahead[0] == pytest.approx(ahead[1], rel=0.05)


def test_an_irregular_large_count_keeps_its_rate():
    """Hundreds a year, however irregular, are not drawn towards the prior's one a year."""
    # increments of mean 300; the prior is worth .35 years of nearly nothing for small counts only
    f = forecast(40 + np.cumsum([0, 100, 500, 200, 400, 150, 450]), 6, kind="count")
    assert f.parameters["dispersion"] > 30
    assert f.parameters["rate"] == pytest.approx(300, rel=0.1)


def test_paths_agree_with_the_distribution():
    """Sampled paths have the stated probabilities."""
    f = forecast([0, 1, 3, 6, 10, 15], 4, kind="count")
    paths = f.sample(40_000, 2)
    for step in (1, 4):
        target = f.median[step - 1] + 3
        assert np.mean(paths[:, step - 1] >= target) == pytest.approx(f.prob_at_least(target, step), abs=0.01)


@pytest.mark.parametrize("y", [MALLS, [0, 0, 1], [0, 0, 0, 0], [0, 1, 3, 6, 10, 15, 22], [7, 7, 7, 9]])
def test_no_path_falls_and_all_are_whole(y):
    """Paths start from what is reached, never fall and hold whole numbers; so do the quantiles."""
    f = forecast(y, 5, kind="count")
    paths = f.sample(2000, 3)
    assert (np.diff(paths, axis=1, prepend=float(y[-1])) >= 0).all()
    assert (paths == np.rint(paths)).all()
    for p in (0.025, 0.1, 0.5, 0.9, 0.975):
        q = f.quantile(p)
        assert (np.diff(q, prepend=float(y[-1])) >= 0).all() and (q == np.rint(q)).all()
    assert f.prob_at_least(y[-1], 1) == 1.0
    assert f.prob_at_most(y[-1] - 1, 5) == 0.0


def test_three_small_numbers_get_a_wide_answer():
    """A district with 0, 0, 1 may stay there or reach several: the interval says so, and so does its reason."""
    f = forecast([0, 0, 1], 4, kind="count")
    low, high = f.interval(0.8)
    assert low[-1] == 1.0 and high[-1] >= 5.0


def test_a_count_from_zero_is_blended_with_a_trend():
    """A count that starts at zero and speeds up reaches further than its average rate, and says which variant it is."""
    f = forecast([0, 1, 3, 6, 10, 15, 21], 3, kind="count")
    assert f.parameters["variant"] == "blend" and f.parameters["log_rate_slope"] > 0
    assert f.median[0] - 21 >= 5
    assert forecast(MALLS, 3, kind="count").parameters["variant"] == "established"


@pytest.mark.parametrize(
    ("y", "reason"),
    [
        ([], "too_few_points"),
        ([4, 5, 5.5], "not_whole"),
        ([-1, 0, 2], "negative_count"),
        ([4, 6, 5, 7], "count_falls"),
        ([4, np.nan, 5, np.nan], "ends_missing"),
    ],
)
def test_what_is_no_count_is_refused(y, reason):
    """A series that is not a cumulative count is refused with the reason."""
    f = forecast(y, 3, kind="count")
    assert (f.ok, f.reason) == (False, reason)


def test_a_gap_counts_as_two_years():
    """An increment over a gap enters with two years of exposure: the rate is that of the even split."""
    full = forecast([10, 12, 14, 16, 18, 20], 3, kind="count")
    gap = forecast([10, 12, np.nan, 16, 18, 20], 3, kind="count")
    assert gap.parameters["rate"] == pytest.approx(full.parameters["rate"], rel=0.02)


def test_half_a_year_counts_as_half_a_year():
    """With 67 reached by June, the year ends at or above 67, and half a year of increments is expected on top."""
    years = [Level(2016 + n, count) for n, count in enumerate(MALLS)]

    def by_june(count):
        return forecast_evidence([*years, Level(2024, count, elapsed=0.5)], start=2024, last_year=2026, kind="count")

    f = by_june(67)
    # about 2.9 a year: one or two more until December
    assert f.median[0] in (68.0, 69.0)
    assert f.quantile(0.01)[0] >= 67.0
    fallen = by_june(60)
    assert (fallen.ok, fallen.reason) == (False, "count_falls")


def test_counts_have_a_method_of_their_own():
    """A trend of levels does not keep a count from falling: asked for by name, it is an error of the caller."""
    with pytest.raises(ValueError, match="gamma_poisson"):
        forecast(MALLS, 4, kind="count", method="ols_trend")
