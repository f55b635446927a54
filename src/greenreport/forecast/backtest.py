"""Rolling-origin back-test: what every method would have said in earlier years, beside what came.

Knows arrays and methods by name; must not know what the series measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .methods import forecast
from .series import annual

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["backtest"]

COLUMNS = ["method", "origin", "step", "actual", "median", "low80", "high80", "reason"]


def backtest(y: Any, methods: Sequence[str], *, horizon: int = 4, start: int = 4, **options: Any) -> pd.DataFrame:
    """Forecast levels from every origin that has at least `start` known values before it and a known value after it.

    Args:
        y: as for [forecast], shape (n,).
        methods: names out of `METHODS`.
        horizon: steps per origin, cut where the series ends.
        start: least number of known values before an origin.
        options: prior_growth and bounds, as for [forecast].

    Returns:
        One row per method, origin and step with a known actual value: method, origin (position of the last
        value used, from 0), step, actual, median, low80, high80 (NaN for a refusal), reason (code of a refusal or None),
        error (actual − median), inside80 (whether the actual value lies between low80 and high80). Empty where the series
        is too short: the columns are there all the same.
    """
    import pandas as pd

    values, why = annual(y)
    known = np.flatnonzero(np.isfinite(values)) if why is None else np.array([], int)
    rows: list[tuple[Any, ...]] = []
    for origin in known[max(start, 1) - 1 : -1].tolist():
        ahead = known[(known > origin) & (known <= origin + horizon)].tolist()
        for method in methods if ahead else ():
            f = forecast(values[: origin + 1], ahead[-1] - origin, method=method, **options)
            median, (low, high) = f.median, f.interval(0.80)
            for at in ahead:
                i = at - origin - 1
                rows.append((method, origin, i + 1, values[at], median[i], low[i], high[i], f.reason))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    inside = frame["actual"].between(frame["low80"], frame["high80"])
    return frame.assign(error=frame["actual"] - frame["median"], inside80=inside)
