"""Constants of the project's own method, learned on the tuning half of the public panel.

Written by `benchmarks/forecast_tune.py`; nothing here is set by hand.
"""

from __future__ import annotations

from .damped import Constants

__all__ = ["LOG", "SHARE_SD"]

LOG = Constants(
    discount=0.777704,
    growth_sd=0.0274689,
    damping=2.94676,
    damping_vol=0.143845,
    rebound=-0.0116843,
    rebound_vol=0.107565,
    rebound_smooth=0.0,
    rebound_before=0.0760477,
    rebound_third=0.0,
    persistence=0.210324,
    prior_n=0.30831,
    prior_var=0.000114966,
    power=0.981645,
    shock=0.398082,
    smooth=0.0617063,
    trend=0.311191,
    walk=0.708898,
    walk_power=1.04827,
    walk_smooth=0.23137,
    walk_vol=-0.227231,
    walk_trend=0.225415,
    slope=3.24262,
    drift=8.87755e-06,
    drift_power=2.44972,
    df=3.73732,
    df_power=0.269108,
)

# Spread of the logit of a part year's share, from one year to the next, in monthly series.
SHARE_SD = 0.07667
