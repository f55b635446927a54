"""Constants of the project's own method, learned on the tuning half of the public panel.

Written by `benchmarks/forecast_tune.py`; nothing here is set by hand.
"""

from __future__ import annotations

from .damped import Constants

__all__ = ["LOG", "SHARE_SD"]

LOG = Constants(
    discount=0.81575,
    growth_sd=0.027669,
    damping=2.77472,
    damping_vol=-0.0110351,
    rebound=-0.110972,
    rebound_vol=0.168062,
    rebound_smooth=-0.247999,
    rebound_before=0.0378585,
    rebound_third=-0.103075,
    persistence=0.250157,
    prior_n=0.283578,
    prior_var=8.93185e-05,
    power=1.01153,
    short=-0.179685,
    shock=0.401178,
    smooth=-0.0366171,
    trend=0.379542,
    walk=0.695845,
    walk_power=1.09331,
    walk_smooth=0.143816,
    walk_vol=-0.329482,
    walk_trend=0.125857,
    slope=3.32638,
    drift=7.66558e-06,
    drift_power=2.30719,
    df=3.68381,
    df_power=0.139253,
)

# Spread of the logit of a part year's share, from one year to the next, in monthly series.
SHARE_SD = 0.07667
