"""Constants of the project's own method, learned on the tuning half of the public panel.

Written by `benchmarks/forecast_tune.py`; nothing here is set by hand.
"""

from __future__ import annotations

from .damped import Constants

__all__ = ["LOG", "SHARE_SD"]

LOG = Constants(
    discount=0.786421,
    growth_sd=0.0243596,
    damping=3.55814,
    damping_vol=0.504359,
    rebound=-0.0247201,
    rebound_vol=0.116648,
    rebound_before=0.0967821,
    persistence=0.485865,
    prior_n=0.234436,
    prior_var=0.00016888,
    power=0.958191,
    shock=0.431944,
    smooth=0.0477993,
    trend=0.319845,
    walk=0.767393,
    walk_power=1.20879,
    walk_smooth=0.145789,
    walk_vol=-0.313514,
    walk_trend=0.164304,
    slope=2.47743,
    drift=5.316e-06,
    drift_power=2.67153,
    df=4.50897,
    df_power=0.44032,
)

# Spread of the logit of a part year's share, from one year to the next, in monthly series.
SHARE_SD = 0.07667
