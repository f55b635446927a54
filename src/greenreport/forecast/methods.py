"""`forecast()` and the table of methods by name. Knows arrays; must not know what they measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .counts import METHOD as COUNT_METHOD
from .counts import PriorRate, count_path
from .evidence import Level, Statement
from .levels import METHOD as LEVEL_METHOD
from .levels import level_path
from .named import NAMED, named
from .result import Forecast, refuse
from .series import annual

__all__ = ["DEFAULT", "METHODS", "forecast", "forecast_evidence"]

DEFAULT = {"level": LEVEL_METHOD, "count": COUNT_METHOD}
METHODS = (LEVEL_METHOD, COUNT_METHOD, *NAMED)


def forecast(
    y: Any,
    horizon: int,
    *,
    kind: str = "level",
    method: str | None = None,
    prior_growth: Any = 0.03,
    bounds: tuple[float, float] | None = None,
) -> Forecast:
    """Forecast a short annual series.

    Args:
        y: annual values, oldest first, one per year, NaN for gaps: list, array or pandas Series. The first
            and the last value must be real.
        horizon: number of years ahead, at least 1.
        kind: "level" (flows, stocks, shares) or "count" (cumulative counts, which never fall).
        method: one of `METHODS` for levels; by default the project's own for the kind, and the only one for counts.
        prior_growth: growth per year (log scale; 0.03 = about 3 %) towards which the own method shrinks; a
            number, or what [learn_prior_growth] returns.
        bounds: lower and upper bound of a share, e.g. (0, 100). Only the own method keeps within them; the
            others say so in `refused`.

    Returns:
        A forecast, or a refusal: look at `ok` and `reason`.

    Raises:
        ValueError: a kind, method, horizon or bounds that does not exist: an error of the caller, not of the
            data.

    >>> float(forecast([44, 48, 50, 53, 57, 60, 62, 65], 4, kind="count").median[-1])
    76.0
    """
    name = _requested(kind, horizon, method, prior_growth)
    values, why = annual(y)
    known = values[np.isfinite(values)]
    n, last = len(known), float(known[-1]) if len(known) else None
    if why is None and name == COUNT_METHOD and kind == "level":
        why = "counts_only"
    if why is not None:
        return refuse(name, kind, horizon, why, n=n, last=last)
    if name in NAMED:
        made = named(name, values, horizon)
        return made if bounds is None else replace(made, refused=(*made.refused, ("bounds", "not_kept")))
    levels = [Level(year, float(v)) for year, v in enumerate(values) if not np.isnan(v)]
    start = len(values)
    if kind == "count":
        return replace(count_path(levels, start=start, last_year=start + horizon - 1), start=None, n=n, last=last)
    return level_path(levels, start=start, last_year=start + horizon - 1, prior_growth=prior_growth, bounds=bounds)


def _requested(kind: str, horizon: int, method: str | None, prior_growth: Any) -> str:
    """The method's name, where what is asked for exists."""
    if kind not in DEFAULT:
        raise ValueError(f"kind must be one of {', '.join(DEFAULT)}, not {kind!r}")
    if horizon < 1:
        raise ValueError(f"horizon must be at least 1, not {horizon!r}")
    name = DEFAULT[kind] if method is None else method
    known = METHODS if kind == "level" else (COUNT_METHOD,)
    if name not in known:
        raise ValueError(f"method must be one of {', '.join(known)}, not {name!r}")
    if not np.isfinite(float(prior_growth)):
        raise ValueError(f"prior_growth must be a finite number, not {prior_growth!r}")
    return name


def forecast_evidence(
    evidence: Sequence[Statement],
    *,
    start: int,
    last_year: int,
    kind: str = "level",
    prior_growth: Any = 0.03,
    bounds: tuple[float, float] | None = None,
    lasting: bool = False,
    prior_rate: PriorRate | None = None,
    goal: float | None = None,
) -> Forecast:
    """Forecast from whatever is known of a path: the same models as [forecast], from any mixture of statements.

    Args:
        evidence: statements (`evidence.py`) in any order.
        start: year of step 1: the year after the last whole year that is known.
        last_year: year of the last step, not before `start`.
        kind: "level" or "count".
        prior_growth: as for [forecast]; levels and shares.
        bounds: as for [forecast].
        prior_rate: counts: what other areas say of the annual rate; used where the record is thin.
        lasting: levels and shares: whether growth lasts, as it does under a plan, instead of being damped.
        goal: levels: the target that will be asked about; one of zero or less says that the values may be so, too.

    Returns:
        A forecast, or a refusal: look at `ok` and `reason`; `refused` names statements that could not be taken.

    Raises:
        ValueError: a kind or horizon that does not exist.

    >>> from greenreport.forecast import Growth, Level
    >>> f = forecast_evidence([Level(2023, 1800.0), Growth(2024, 0.082)], start=2024, last_year=2027)
    >>> round(float(f.median[0]))
    1948
    """
    if kind not in DEFAULT:
        raise ValueError(f"kind must be one of {', '.join(DEFAULT)}, not {kind!r}")
    if last_year < start:
        raise ValueError(f"last_year must not lie before start, {start}, as {last_year} does")
    if kind == "count":
        return count_path(evidence, start=start, last_year=last_year, prior_rate=prior_rate)
    made = level_path(
        evidence, start=start, last_year=last_year, prior_growth=prior_growth, bounds=bounds, lasting=lasting, goal=goal
    )
    return replace(made, start=start)
