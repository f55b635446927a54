"""Part-years: the year under way, estimated from the same months of earlier years, and the years after it.

Two sources are weighed by their precision: what the series so far says about the year, and what the part
known says. The uncertainty that remains flows into the later steps. Knows arrays; must not know months or
indicators.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy import special

from .counts import METHOD as COUNT_METHOD
from .counts import gamma_poisson
from .distributions import Array, LinkedT
from .learned import SHARE_SD
from .levels import METHOD, shrunk_damped_growth
from .result import LEAST_COUNT, LEAST_LEVEL, Forecast, refuse
from .series import annual

__all__ = ["nowcast"]

DISCOUNT = 0.8  # weight of a year's share, per year of age
PRIOR_N = 3.0  # the prior spread of shares is worth this many degrees of freedom


def nowcast(
    y: Any,
    part: float,
    *,
    horizon: int,
    kind: str = "level",
    earlier_parts: Any = None,
    elapsed: float | None = None,
    prior_growth: float = 0.03,
) -> Forecast:
    """Forecast from a year that is known in part only.

    Levels (flows): share of the year = part of earlier years / whole of earlier years, averaged on the logit
    scale with newer years weighing more, its spread shrunk to what monthly series show. Counts: the
    increments since the last whole year enter with an exposure of `elapsed` years, and nothing falls below
    `part`.

    Args:
        y: whole-year values up to the year before the one under way, as for [forecast], shape (n,).
        part: what the year under way has reached: the flow so far, or the cumulative count.
        horizon: number of steps; step 1 is the end of the year under way.
        kind: "level" or "count".
        earlier_parts: levels: the same months of the years in `y`, same shape, NaN where not known.
        elapsed: counts: share of the year that had passed, 0 < elapsed < 1 (June: 0.5, September: 0.75).
        prior_growth: as for [forecast].

    Returns:
        A forecast with `nowcast` set to what was used: for levels "part", "share", "share_sd" (log scale),
        "years" (number of earlier shares), "weight" (of the part year against the series, 0…1). Refused with
        "no_earlier_parts", "bad_parts" (a part outside its year), "not_a_flow" (part or values not positive),
        or with the reason of the forecast underneath.

    Raises:
        ValueError: shapes that do not match, or a missing or impossible `elapsed`.
    """
    values, why = annual(y)
    known = values[np.isfinite(values)]
    least = LEAST_COUNT if kind == "count" else LEAST_LEVEL
    method = COUNT_METHOD if kind == "count" else METHOD
    if why is None and not np.isfinite(part):
        why = "not_finite"
    if why is not None:
        last = float(known[-1]) if len(known) else None
        return refuse(method, kind, horizon, why, n=len(known), least=least, last=last)
    if kind == "count":
        if elapsed is None or not 0.0 < elapsed < 1.0:
            raise ValueError("a part-year count needs elapsed, the share of the year gone, between 0 and 1")
        counted = gamma_poisson(values, horizon, part=float(part), elapsed=elapsed)
        return replace(counted, nowcast={"part": float(part), "elapsed": float(elapsed)})
    if kind != "level":
        raise ValueError(f"kind must be level or count, not {kind!r}")
    return _flow(values, known, float(part), horizon, earlier_parts, prior_growth)


def _flow(values: Array, known: Array, part: float, horizon: int, earlier_parts: Any, prior_growth: float) -> Forecast:
    def no(reason: str) -> Forecast:
        last = float(known[-1]) if len(known) else None
        return refuse(METHOD, "level", horizon, reason, n=len(known), least=LEAST_LEVEL, last=last)

    if earlier_parts is None:
        return no("no_earlier_parts")
    parts = np.asarray(earlier_parts, dtype=float)
    if parts.shape != values.shape:
        raise ValueError(f"earlier_parts must have the shape of y, {values.shape}, not {parts.shape}")
    have = np.isfinite(parts) & np.isfinite(values)
    if not have.any():
        return no("no_earlier_parts")
    if part <= 0 or (known <= 0).any():
        return no("not_a_flow")
    if (parts[have] <= 0).any() or (parts[have] >= values[have]).any():
        return no("bad_parts")
    base = shrunk_damped_growth(values, horizon, prior_growth=prior_growth)
    if not isinstance(base.distribution, LinkedT):
        return base

    share, var, df = _share(parts[have] / values[have], (len(values) - np.flatnonzero(have)).astype(np.float64))
    dist = base.distribution
    seen = float(dist.link.threshold(part / share))
    gain = dist.cov[:, 0] / (dist.cov[0, 0] + var)
    weight = float(gain[0])
    floor = np.full(horizon, -np.inf)
    floor[0] = part
    updated = LinkedT(
        dist.centre + gain * (seen - dist.centre[0]),
        dist.cov - np.outer(gain, dist.cov[0]),
        weight * df + (1.0 - weight) * dist.df,
        dist.link,
        floor,
    )
    return replace(
        base,
        distribution=updated,
        nowcast={
            "part": part,
            "share": share,
            "share_sd": float(np.sqrt(var)),
            "years": int(have.sum()),
            "weight": weight,
        },
    )


def _share(shares: Array, age: Array) -> tuple[float, float, float]:
    """Share of the year expected, variance of its logarithm for a new year, degrees of freedom.

    Means and spread are taken on the logit scale; a change of u there moves the logarithm of the share by
    (1 − share)·u: the nearer the year's end, the less is open.
    """
    z = special.logit(shares)
    w = DISCOUNT ** (age - age.min())
    w = w / w.sum()
    mean = float(w @ z)
    m = len(z)
    own = float(w @ (z - mean) ** 2) * m
    spread = (PRIOR_N * SHARE_SD**2 + own) / (PRIOR_N + m - 1)
    share = float(special.expit(mean))
    return share, (1.0 - share) ** 2 * spread * (1.0 + float(w @ w)), PRIOR_N + m - 1
