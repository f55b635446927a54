"""Constants of the latent path and of what is told of it, learned on the tuning half of public panels.

Written by `benchmarks/path_tune.py`; nothing here is set by hand.
"""

from __future__ import annotations

from .path import PathConstants

__all__ = ["PATH", "RELATED_SD", "SHARE_BETWEEN_SD"]

PATH = PathConstants(
    damping=0.991109,
    growth_sd=0.031112,
    growth_noise=0.148853,
    turn_sd=0.00385968,
    turn_noise=0.0755343,
    noise=0.0266492,
    scale=0.089917,
    scale_sd=0.920917,
    widen=1.04045,
)

# Spread of an area's growth in one year around that of the whole it belongs to (output of states).
RELATED_SD = 0.027

# Spread between monthly series of the logit of the share that the first six months have of a year.
SHARE_BETWEEN_SD = 0.22
