"""Part-years from arrays: the year under way, estimated from its first months, and the years after it.

The array call of what `level_path` and the counts do with a [Part]. Knows arrays; must not know months or indicators.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .counts import METHOD as COUNT_METHOD
from .counts import gamma_poisson
from .evidence import Level, Part
from .levels import METHOD, level_path
from .result import LEAST_COUNT, LEAST_LEVEL, Forecast, refuse
from .series import annual

__all__ = ["nowcast"]


def nowcast(
    y: Any,
    part: float,
    *,
    horizon: int,
    kind: str = "level",
    earlier_parts: Any = None,
    elapsed: float | None = None,
    prior_growth: Any = 0.03,
) -> Forecast:
    """Forecast from a year that is known in part only.

    Levels (flows): the year is the part divided by the share of the year that it usually is, from the same months of
    earlier years, else from the time gone (`linear.share_of_year`). Counts: the increments since the last whole year
    enter with an exposure of `elapsed` years, and nothing falls below `part`.

    Args:
        y: whole-year values up to the year before the one under way, as for [forecast], shape (n,).
        part: what the year under way has reached: the flow so far, or the cumulative count.
        horizon: number of steps; step 1 is the end of the year under way.
        kind: "level" or "count".
        earlier_parts: levels: the same months of the years in `y`, same shape, NaN where not known.
        elapsed: share of the year that had passed, 0 < elapsed < 1 (June: 0.5, September: 0.75); counts need it, and
            levels of which no earlier part is known.
        prior_growth: as for [forecast].

    Returns:
        A forecast with `nowcast` set to what was used: for levels "part", "share", "share_sd" (log scale), "years"
        (number of own earlier shares), "borrowed", "weight" (of the part year against the series, 0…1). Refused with
        "no_earlier_parts" (and no `elapsed`), "bad_parts" (a part outside its year), "not_a_flow" (part or values not
        positive), or with the reason of the forecast underneath.

    Raises:
        ValueError: shapes that do not match, or a missing or impossible `elapsed`.
    """
    values, why = annual(y)
    known = values[np.isfinite(values)]
    count = kind == "count"

    def no(reason: str) -> Forecast:
        method, least = (COUNT_METHOD, LEAST_COUNT) if count else (METHOD, LEAST_LEVEL)
        last = float(known[-1]) if len(known) else None
        return refuse(method, kind, horizon, reason, n=len(known), least=least, last=last)

    if why is None and not np.isfinite(part):
        why = "not_finite"
    if why is not None:
        return no(why)
    if elapsed is not None and not 0.0 < elapsed < 1.0:
        raise ValueError(f"elapsed is the share of the year gone, between 0 and 1, not {elapsed!r}")
    if count:
        if elapsed is None:
            raise ValueError("a part-year count needs elapsed, the share of the year gone, between 0 and 1")
        counted = gamma_poisson(values, horizon, part=float(part), elapsed=elapsed)
        return counted.with_nowcast({"part": float(part), "elapsed": float(elapsed)})
    if kind != "level":
        raise ValueError(f"kind must be level or count, not {kind!r}")
    parts = np.full(values.shape, np.nan) if earlier_parts is None else np.asarray(earlier_parts, dtype=float)
    if parts.shape != values.shape:
        raise ValueError(f"earlier_parts must have the shape of y, {values.shape}, not {parts.shape}")
    have = np.isfinite(parts) & np.isfinite(values)
    if not have.any() and elapsed is None:
        return no("no_earlier_parts")
    if part <= 0 or (known <= 0).any():
        return no("not_a_flow")
    if (parts[have] <= 0).any() or (parts[have] >= values[have]).any():
        return no("bad_parts")
    shares = parts[have] / values[have]
    earlier = tuple((int(year), float(parts[year]), float(values[year])) for year in np.flatnonzero(have))
    gone = float(np.median(shares)) if elapsed is None else elapsed
    evidence = [Level(year, float(v)) for year, v in enumerate(values) if np.isfinite(v)]
    under_way = Part(len(values), float(part), gone, earlier)
    return level_path(
        [*evidence, under_way], start=len(values), last_year=len(values) + horizon - 1, prior_growth=prior_growth
    )
