"""Forecasts of short annual series and counts, with calibrated intervals and probabilities.

Works on arrays and knows no plans.

    from greenreport.forecast import forecast
    f = forecast([44, 48, 50, 53, 57, 60, 62, 65], 4, kind="count")
    f.median, f.interval(0.80), f.prob_at_least(80, 4)

Importing this package imports numpy and scipy.special only; statsmodels is imported when a method of its name
is asked for.
"""

from __future__ import annotations

from .backtest import backtest
from .counts import PriorRate, count_path
from .evidence import KINDS, Bound, Growth, Increment, Level, Part, Related, Start, Statement, Total
from .experience import Experience, chance, experience
from .levels import CONTRADICTION, surprises
from .linear import part_growth_error
from .methods import DEFAULT, METHODS, forecast, forecast_evidence
from .panel import PriorGrowth, assumed_growth, learn_prior_growth
from .reconcile import Reconciled, reconcile
from .result import Forecast

__all__ = [
    "CONTRADICTION",
    "DEFAULT",
    "KINDS",
    "METHODS",
    "Bound",
    "Experience",
    "Forecast",
    "Growth",
    "Increment",
    "Level",
    "Part",
    "PriorGrowth",
    "PriorRate",
    "Reconciled",
    "Related",
    "Start",
    "Statement",
    "Total",
    "assumed_growth",
    "backtest",
    "chance",
    "count_path",
    "experience",
    "forecast",
    "forecast_evidence",
    "learn_prior_growth",
    "part_growth_error",
    "reconcile",
    "surprises",
]
