"""What many series know together: the growth towards which each of them is shrunk.

Knows a panel of arrays; must not know that they are districts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .distributions import Array
from .learned import LOG
from .result import LEAST_LEVEL
from .series import annual, growth, weights

__all__ = ["PriorGrowth", "learn_prior_growth"]


@dataclass(frozen=True)
class PriorGrowth:
    """A prior growth learned from a panel; `float()` of it is what [forecast] takes as prior_growth.

    Args:
        value: growth per year on the log scale, the panel's mean shrunk to the assumption.
        panel_mean: the panel's own mean growth (NaN without a usable series).
        panel_se: its standard error, common shocks of a year included.
        between_sd: standard deviation of the series' true growth rates around the mean.
        weight: share of the panel's mean in `value`, 0…1.
        n_series: number of series used.
        refused: pairs (number or key of the series, why) of the series that were not.
    """

    value: float
    panel_mean: float
    panel_se: float
    between_sd: float
    weight: float
    n_series: int
    refused: tuple[tuple[str, str], ...] = ()

    def __float__(self) -> float:
        """The learned growth."""
        return self.value


def learn_prior_growth(
    panel: Mapping[Any, Any] | Iterable[Any], *, assumed: float = 0.03, assumed_sd: float = 0.02
) -> PriorGrowth:
    """Mean growth of a panel of series that end in the same year, shrunk towards an assumption.

    Random-effects mean of the series' weighted growth rates (DerSimonian & Laird 1986). The series of one
    city share the good and the bad years, so the standard error is at least that of the panel's yearly means
    over time. The mean is then weighed against the assumption by precision.

    Args:
        panel: series as for [forecast], by key or in a row; those with fewer than 4 values or values that are
            not positive are refused.
        assumed: growth assumed without a panel (log scale).
        assumed_sd: how far the assumption may be off.
    """
    named = panel.items() if isinstance(panel, Mapping) else enumerate(panel)
    rates: list[float] = []
    variances: list[float] = []
    yearly: dict[int, list[float]] = {}
    refused: list[tuple[str, str]] = []
    for key, y in named:
        values, why = annual(y)
        known = values[np.isfinite(values)]
        if why is None and len(known) < LEAST_LEVEL:
            why = "too_few_points"
        if why is None and known.min() <= 0:
            why = "not_positive"
        if why is not None:
            refused.append((str(key), why))
            continue
        g = growth(np.log(values))
        w, w1 = weights(g, LOG.discount)
        b = float(w @ g.rate)
        s2 = float(w1 @ (g.years * (g.rate - b) ** 2)) * g.m / (g.m - 1)
        s2 = (LOG.prior_n * LOG.prior_var + (g.m - 1) * s2) / (LOG.prior_n + g.m - 1)
        rates.append(b)
        variances.append(s2 * float(np.sum(w**2 / g.years)))
        for rate, age in zip(g.rate, g.age, strict=True):
            yearly.setdefault(int(age), []).append(float(rate))
    if not rates:
        return PriorGrowth(assumed, np.nan, np.nan, np.nan, 0.0, 0, tuple(refused))
    b_all, v_all = np.array(rates), np.array(variances)
    between = _between(b_all, v_all)
    precision = 1.0 / (v_all + between)
    mean = float(precision @ b_all / precision.sum())
    se2 = max(1.0 / float(precision.sum()), _common(yearly))
    weight = assumed_sd**2 / (assumed_sd**2 + se2)
    return PriorGrowth(
        weight * mean + (1.0 - weight) * assumed,
        mean,
        float(np.sqrt(se2)),
        float(np.sqrt(between)),
        weight,
        len(rates),
        tuple(refused),
    )


def _between(b: Array, v: Array) -> float:
    """Variance between series by the method of moments (DerSimonian & Laird), 0 for one series."""
    if len(b) < 2:
        return 0.0
    w = 1.0 / v
    q = float(w @ (b - w @ b / w.sum()) ** 2)
    return max(0.0, (q - (len(b) - 1)) / float(w.sum() - (w @ w) / w.sum()))


def _common(yearly: Mapping[int, list[float]]) -> float:
    """Squared standard error of a mean over years whose panel means vary together."""
    means = np.array([np.mean(v) for _, v in sorted(yearly.items())])
    return float(np.var(means, ddof=1)) / len(means) if len(means) > 1 else 0.0
