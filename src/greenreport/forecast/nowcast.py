"""Part-years from arrays: the year under way, estimated from its first months, and the years after it.

The array call of what `level_path` and the counts do with a [Part]. Knows arrays; must not know months or indicators.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .counts import METHOD as COUNT_METHOD
from .counts import gamma_poisson
from .distributions import Array
from .evidence import Level, Part
from .levels import METHOD, level_path
from .result import Forecast, refuse_values
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
    method = COUNT_METHOD if kind == "count" else METHOD
    if why is None and not np.isfinite(part):
        why = "not_finite"
    if why is not None:
        return refuse_values(method, kind, horizon, why, values)
    if elapsed is not None and not 0.0 < elapsed < 1.0:
        raise ValueError(f"elapsed is the share of the year gone, between 0 and 1, not {elapsed!r}")
    if kind == "count":
        if elapsed is None:
            raise ValueError("a part-year count needs elapsed, the share of the year gone, between 0 and 1")
        counted = gamma_poisson(values, horizon, part=float(part), elapsed=elapsed)
        return counted.with_nowcast({"part": float(part), "elapsed": float(elapsed)})
    if kind != "level":
        raise ValueError(f"kind must be level or count, not {kind!r}")
    return _flow(values, float(part), horizon, earlier_parts, elapsed, prior_growth)


def _flow(
    values: Array, part: float, horizon: int, earlier_parts: Any, elapsed: float | None, prior_growth: Any
) -> Forecast:
    """The same for a flow whose arguments are in order."""
    parts = np.full(values.shape, np.nan) if earlier_parts is None else np.asarray(earlier_parts, dtype=float)
    if parts.shape != values.shape:
        raise ValueError(f"earlier_parts must have the shape of y, {values.shape}, not {parts.shape}")
    have = np.isfinite(parts) & np.isfinite(values)
    why = _why_no_share(part, values[np.isfinite(values)], parts[have], values[have], elapsed)
    if why is not None:
        return refuse_values(METHOD, "level", horizon, why, values)
    shares = parts[have] / values[have]
    earlier = tuple((int(year), float(parts[year]), float(values[year])) for year in np.flatnonzero(have))
    gone = float(np.median(shares)) if elapsed is None else elapsed
    evidence = [Level(year, float(v)) for year, v in enumerate(values) if np.isfinite(v)]
    under_way = Part(len(values), part, gone, earlier)
    return level_path(
        [*evidence, under_way], start=len(values), last_year=len(values) + horizon - 1, prior_growth=prior_growth
    )


def _why_no_share(part: float, known: Array, parts: Array, wholes: Array, elapsed: float | None) -> str | None:
    """A code where a flow's first months say nothing of its year, None where they do."""
    if not len(parts) and elapsed is None:
        return "no_earlier_parts"
    if part <= 0 or (known <= 0).any():
        return "not_a_flow"
    return None if ((parts > 0) & (parts < wholes)).all() else "bad_parts"
