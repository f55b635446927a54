"""The methods that users know give what statsmodels gives, and never a worse likelihood."""

import warnings

import numpy as np
import pytest

from greenreport.forecast import forecast
from greenreport.forecast.named import least_on, moving_average, simple_smoothing
from greenreport.forecast.series import unit_of

GROWING = [100.0, 104.0, 111.0, 115.0, 118.0, 126.0, 130.0, 139.0]
ROUGH = [5.0, 9.0, 4.0, 7.0, 8.0, 2.0, 5.0, 6.0]
FALLING = [12.1, 11.0, 11.4, 9.8, 9.9, 8.0, 8.3, 7.7, 7.2]
SERIES = [GROWING, ROUGH, FALLING]


@pytest.mark.parametrize("y", SERIES)
def test_theta_is_that_of_statsmodels(y):
    """Medians, smoothing weight and slope are those of ThetaModel, whose fit stops at its own tolerance."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    z = np.array(y) / unit_of(np.array(y))
    fit = ThetaModel(z, period=1, deseasonalize=False).fit()
    f = forecast(y, 4, method="theta")
    assert f.parameters["alpha"] == pytest.approx(fit.params["alpha"], abs=2e-3)
    assert f.parameters["b0"] == pytest.approx(fit.params["b0"], rel=1e-6)
    assert f.median / unit_of(np.array(y)) == pytest.approx(np.asarray(fit.forecast(4)), rel=1e-3)


@pytest.mark.parametrize("y", SERIES)
def test_no_likelihood_is_below_that_of_the_optimiser(y):
    """The search over the moving average finds parameters at least as likely as those that statsmodels stops at."""
    from statsmodels.tsa.arima.model import ARIMA

    z = np.array(y) / unit_of(np.array(y))
    model = ARIMA(z, order=(0, 1, 1), trend="t")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels tells of starting values and convergence
        reached = model.fit().llf
    assert model.loglike(np.array(moving_average(np.diff(z)))) >= reached - 1e-6


def test_differences_without_memory_are_white_noise():
    """With d = 1, −1, 1, −1, … plus a mean of 3 the moving average is negative and the mean is 3."""
    mean, theta, variance = moving_average(3.0 + np.array([1.0, -1.0] * 6))
    assert mean == pytest.approx(3.0, abs=0.05) and theta < -0.8 and variance < 1.0


def test_simple_smoothing_follows_by_hand():
    """1, 2, 3: errors 1 and 2 − α, so that the sum of squares is least at the upper bound, where the level is 3."""
    alpha, level, errors = simple_smoothing(np.array([1.0, 2.0, 3.0]))
    assert alpha == pytest.approx(0.9999)
    # level after 2: 1 + α; after 3: 1 + α + α·(2 − α)
    assert level == pytest.approx(1.0 + 0.9999 + 0.9999 * (2.0 - 0.9999))
    assert errors == pytest.approx([1.0, 2.0 - 0.9999])


def test_the_search_finds_the_lower_of_two_valleys():
    """(x² − 1)² + x/10 has two valleys; the one at about −1.01 is lower."""
    assert least_on(lambda x: (x * x - 1.0) ** 2 + 0.1 * x, -2.0, 2.0) == pytest.approx(-1.0123, abs=1e-3)
    assert least_on(lambda x: (x * x - 1.0) ** 2 + 0.1 * x, -2.0, 2.0, start=0.5) == pytest.approx(0.9872, abs=1e-3)


def test_a_second_call_gives_the_same_answer():
    """Fits are kept for the next call with the same figures, and not changed by it."""
    first, second = (forecast(GROWING, 4, method="damped_holt") for _ in range(2))
    assert (first.median == second.median).all() and first.parameters == second.parameters
