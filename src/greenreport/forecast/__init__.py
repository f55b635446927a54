"""Forecasts of short annual series and counts, with ranges and probabilities that hold. Knows arrays, not
plans.

    from greenreport.forecast import forecast
    f = forecast([44, 48, 50, 53, 57, 60, 62, 65], 4, kind="count")
    f.median, f.interval(0.80), f.prob_at_least(80, 4)

Importing this package imports numpy and scipy.special only; statsmodels is imported when a method of its name
is asked for.
"""

from __future__ import annotations

from .backtest import backtest, summary
from .counts import PriorRate, count_path
from .methods import DEFAULT, METHODS, forecast
from .nowcast import nowcast
from .panel import PriorGrowth, learn_prior_growth
from .reconcile import Reconciled, reconcile
from .result import LEAST_COUNT, LEAST_LEVEL, Forecast

__all__ = [
    "DEFAULT",
    "LEAST_COUNT",
    "LEAST_LEVEL",
    "METHODS",
    "Forecast",
    "PriorGrowth",
    "PriorRate",
    "Reconciled",
    "backtest",
    "count_path",
    "forecast",
    "learn_prior_growth",
    "nowcast",
    "reconcile",
    "summary",
]
