"""What many series know together: the growth towards which each of them is shrunk.

Knows a panel of arrays; must not know that they are districts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .damped import PIVOT
from .distributions import Array
from .learned import LOG
from .learned_path import PATH
from .levels import LONGEST, share_link
from .series import annual, growth, weights

__all__ = ["LEAST_PANEL", "PriorGrowth", "assumed_growth", "learn_prior_growth"]

LEAST_PANEL = 2
"""Values from which a series says something of growth."""

_OWN_SPREAD = 4.0
"""Series that the panel's usual spread between series is worth when their own is estimated."""


def assumed_growth(direction: str, *, bounded: bool) -> tuple[float, float]:
    """Growth assumed of an indicator of which no area says anything, and how far it may be off (model scale).

    Three per cent a year the way the plan wants, for positive levels; for shares no change of the logit. A plan wants
    what it finds moving.

    Args:
        direction: "up" or "down": what the plan wants.
        bounded: whether the indicator is a share.

    Returns:
        Growth a year and its standard deviation.
    """
    if bounded:
        return 0.0, 0.05
    return (0.03 if direction == "up" else -0.03), 0.02


@dataclass(frozen=True)
class PriorGrowth:
    """A prior growth learned from a panel; `float()` of it is its mean, `sd` how far a series' growth may lie from it.

    Args:
        value: growth per year on the model scale, the panel's mean shrunk to the assumption.
        sd: standard deviation of one series' true growth around `value`: between series, and the mean's own error.
        panel_mean: the panel's own mean growth (NaN without a usable series).
        panel_se: its standard error, common shocks of a year included.
        weight: share of the panel's mean in `value`, 0…1.
        n_series: number of series used.
    """

    value: float
    sd: float
    panel_mean: float
    panel_se: float
    weight: float
    n_series: int

    def __float__(self) -> float:
        """The learned growth."""
        return self.value


def learn_prior_growth(
    panel: Iterable[Any],
    *,
    assumed: float = 0.03,
    assumed_sd: float = 0.02,
    bounds: tuple[float, float] | None = None,
) -> PriorGrowth:
    """Mean growth of a panel of series that end in about the same year, shrunk towards an assumption.

    Random-effects mean of the series' weighted growth rates (DerSimonian & Laird 1986). The series of one
    plan share the good and the bad years, so the standard error is at least that of the panel's yearly means
    over time. The mean is then weighed against the assumption by precision, the assumption's error being at least what
    the panel shows it to be.

    Args:
        panel: series as for [forecast]; those with fewer than 2 values or values that are not positive (not within the
            bounds) say nothing of growth.
        assumed: growth assumed without a panel (model scale).
        assumed_sd: how far the assumption may be off.
        bounds: lower and upper bound of shares: their growth is that of the logit.

    Returns:
        The prior, with the assumption alone where no series is of use.
    """
    rates: list[float] = []
    variances: list[float] = []
    yearly: dict[int, list[float]] = {}
    for y in panel:
        values, why = annual(y)
        if why is not None or not _says_growth(values[np.isfinite(values)], bounds):
            continue
        g = growth(_model(values[-LONGEST:] if np.isfinite(values[-LONGEST:]).sum() >= LEAST_PANEL else values, bounds))
        w, w1 = weights(g, LOG.discount)
        b = float(w @ g.rate)
        # One typical year beside the series' own: two values alone say nothing of their volatility.
        s2 = (PIVOT + g.m * float(w1 @ (g.years * (g.rate - b) ** 2))) / g.m
        rates.append(b)
        variances.append(s2 * float(np.sum(w**2 / g.years)))
        for rate, age in zip(g.rate, g.age, strict=True):
            yearly.setdefault(int(age), []).append(float(rate))
    if not rates:
        return PriorGrowth(assumed, float(np.hypot(PATH.growth_sd, assumed_sd)), np.nan, np.nan, 0.0, 0)
    b_all, v_all = np.array(rates), np.array(variances)
    between = _between(b_all, v_all)
    precision = 1.0 / (v_all + between)
    mean = float(precision @ b_all / precision.sum())
    se2 = max(1.0 / float(precision.sum()), _common(yearly))
    # An assumption that the panel is plainly at odds with was further off than assumed (empirical Bayes): what grows
    # tenfold is not drawn to three per cent.
    off2 = assumed_sd**2 + max(0.0, (mean - assumed) ** 2 - se2)
    weight = off2 / (off2 + se2)
    n = len(rates)
    spread2 = (n * between + _OWN_SPREAD * PATH.growth_sd**2) / (n + _OWN_SPREAD)
    return PriorGrowth(
        weight * mean + (1.0 - weight) * assumed,
        float(np.sqrt(spread2 + weight * se2)),
        mean,
        float(np.sqrt(se2)),
        weight,
        n,
    )


def _says_growth(known: Array, bounds: tuple[float, float] | None) -> bool:
    if len(known) < LEAST_PANEL:
        return False
    if bounds is None:
        return bool(known.min() > 0)
    return bool(bounds[0] <= known.min() and known.max() <= bounds[1])


def _model(values: Array, bounds: tuple[float, float] | None) -> Array:
    """Logarithms, or logits inside the bounds."""
    return np.log(values) if bounds is None else share_link(values[np.isfinite(values)], *bounds).forward(values)


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
