"""Constants of the project's own method, learned by `benchmarks/forecast_tune.py` on the tuning half only.

Written by that script; nothing here is set by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ADDITIVE", "LOG", "SHARE_SD", "Constants"]


@dataclass(frozen=True)
class Constants:
    """See docs/forecasting.md, "The method", for what each constant does."""

    discount: float = 0.83
    growth_sd: float = 0.03
    damping: float = 0.932
    rebound: float = 0.07
    prior_n: float = 0.333
    prior_var: float = 0.0111**2
    pivot: float = 0.0025
    power: float = 0.934
    walk: float = 0.689
    walk_power: float = 0.5
    trend: float = 5.79
    drift: float = 1e-5
    drift_power: float = 2.47
    df: float = 3.33
    df_power: float = 0.161


LOG = Constants()
ADDITIVE = Constants()

# Spread of the logit of a part year's share, from one year to the next, in monthly series.
SHARE_SD = 0.08
