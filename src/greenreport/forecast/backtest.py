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

COLUMNS = [
    "method", "origin", "step", "actual", "median", "low80", "high80", "low95", "high95", "error", "inside80",
    "inside95", "reason",
]  # fmt: skip


def backtest(
    y: Any,
    methods: Sequence[str],
    *,
    horizon: int = 4,
    kind: str = "level",
    start: int = 4,
    **options: Any,
) -> pd.DataFrame:
    """Forecast from every origin that has at least `start` known values before it and a known value after it.

    Args:
        y: as for [forecast], shape (n,).
        methods: names out of `METHODS`.
        horizon: steps per origin, cut where the series ends.
        kind: "level" or "count".
        start: least number of known values before an origin.
        options: prior_growth and bounds, as for [forecast].

    Returns:
        One row per method, origin and step with a known actual value: method, origin (position of the last
        value used, from 0), step, actual, median, low80, high80, low95, high95, error (actual − median),
        inside80 and inside95 (True/False, missing for a refusal), reason (code of a refusal or None). Empty
        where the series is too short: the columns are there all the same.
    """
    import pandas as pd

    values, why = annual(y)
    rows: list[tuple[Any, ...]] = []
    if why is None:
        known = np.flatnonzero(np.isfinite(values))
        for origin in known[max(start, 1) - 1 : -1]:
            ahead = [h for h in range(1, horizon + 1) if origin + h < len(values)]
            ahead = [h for h in ahead if np.isfinite(values[origin + h])]
            if not ahead:
                continue
            for method in methods:
                f = forecast(values[: origin + 1], ahead[-1], kind=kind, method=method, **options)
                median, (low80, high80), (low95, high95) = f.median, f.interval(0.80), f.interval(0.95)
                for h in ahead:
                    actual, i = float(values[origin + h]), h - 1
                    inside = [
                        bool(low[i] <= actual <= high[i]) if f.ok else pd.NA
                        for low, high in ((low80, high80), (low95, high95))
                    ]
                    ends = (low80[i], high80[i], low95[i], high95[i])
                    rows.append(
                        (method, int(origin), h, actual, median[i], *ends, actual - median[i], *inside, f.reason)
                    )
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({"inside80": "boolean", "inside95": "boolean"})
