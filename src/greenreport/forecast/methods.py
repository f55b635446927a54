"""`forecast()` and the table of methods by name. Knows arrays; must not know what they measure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .counts import METHOD as COUNT_METHOD
from .counts import gamma_poisson
from .levels import METHOD as LEVEL_METHOD
from .levels import shrunk_damped_growth
from .result import LEAST_COUNT, LEAST_LEVEL, Forecast, refuse
from .series import annual

__all__ = ["DEFAULT", "METHODS", "forecast"]

DEFAULT = {"level": LEVEL_METHOD, "count": COUNT_METHOD}
METHODS: dict[str, Callable[..., Forecast]] = {
    LEVEL_METHOD: shrunk_damped_growth,
    COUNT_METHOD: gamma_poisson,
}


def forecast(
    y: Any,
    horizon: int,
    *,
    kind: str = "level",
    method: str | None = None,
    prior_growth: float = 0.03,
    bounds: tuple[float, float] | None = None,
) -> Forecast:
    """Forecast a short annual series.

    Args:
        y: annual values, oldest first, one per year, NaN for gaps: list, array or pandas Series. The first
            and the last value must be real.
        horizon: number of years ahead, at least 1.
        kind: "level" (flows, stocks, shares) or "count" (cumulative counts, which never fall).
        method: a key of `METHODS`; by default the project's own method for the kind.
        prior_growth: growth per year (log scale; 0.03 = about 3 %) towards which the own method shrinks.
        bounds: lower and upper bound of a share, e.g. (0, 100).

    Returns:
        A forecast, or a refusal: look at `ok` and `reason`.

    Raises:
        ValueError: a kind, method, horizon or bounds that does not exist: an error of the caller, not of the
            data.

    >>> forecast([44, 48, 50, 53, 57, 60, 62, 65], 4, kind="count").median[-1]
    76.0
    """
    if kind not in DEFAULT:
        raise ValueError(f"kind must be one of {', '.join(DEFAULT)}, not {kind!r}")
    if horizon < 1:
        raise ValueError(f"horizon must be at least 1, not {horizon!r}")
    name = DEFAULT[kind] if method is None else method
    if name not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {name!r}")
    if not np.isfinite(prior_growth):
        raise ValueError(f"prior_growth must be a finite number, not {prior_growth!r}")
    values, why = annual(y)
    if why is not None:
        known = values[np.isfinite(values)]
        least = LEAST_COUNT if kind == "count" else LEAST_LEVEL
        last = float(known[-1]) if len(known) else None
        return refuse(name, kind, horizon, why, n=len(known), least=least, last=last)
    if name == COUNT_METHOD:
        return gamma_poisson(values, horizon)
    return METHODS[name](values, horizon, prior_growth=prior_growth, bounds=bounds)
