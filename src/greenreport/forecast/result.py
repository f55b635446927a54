"""`Forecast`: the answer of every forecast method, or the reason why there is none.

This module must not know how a forecast was made; it knows distributions, steps and JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from .distributions import Array, Distribution, from_dict

__all__ = ["LEAST", "Forecast", "refuse"]

LEAST = 1
"""Values that the project's own methods need; the others need more."""


@dataclass(frozen=True, eq=False)
class Forecast:
    """A forecast of the steps 1…horizon after the last value, or a refusal with its reason.

    A refusal is an answer: `ok` is False; `median`, `quantile` and `interval` are arrays of NaN, probabilities are NaN.

    Args:
        method: name of the method, a key of `METHODS` or "reconciled".
        kind: "level" or "count".
        horizon: number of steps, years after the last value (or, nowcast, from the year under way on).
        distribution: the predictive distribution; None for a refusal.
        parameters: what was assumed and estimated: numbers, strings, None.
        refused: pairs (what, why): methods and variants that were tried and do not apply, codes both.
        reason: code of the refusal, e.g. "too_few_points"; None where there is a forecast.
        n: number of values used.
        least: least number of values that the method needs.
        last: last value known (data scale), None where there is none.
        residuals: one-step errors of the fit, relative to the last level, oldest first (for reconciliation).
        nowcast: how the year under way was estimated; None where the last value is a whole year.
        start: year of step 1, where the evidence says years; None where it was an array.
    """

    method: str
    kind: str
    horizon: int
    distribution: Distribution | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()
    reason: str | None = None
    n: int = 0
    least: int = LEAST
    last: float | None = None
    residuals: tuple[float, ...] = ()
    nowcast: Mapping[str, Any] | None = None
    start: int | None = None

    @property
    def ok(self) -> bool:
        """Whether there is a forecast at all."""
        return self.distribution is not None

    def place(self, year: int) -> int | None:
        """Place of a year among the steps, from 0; None where it is not forecast.

        Args:
            year: a calendar year.

        Returns:
            Index into arrays of shape (H,).
        """
        if not self.ok or self.start is None or not 0 <= year - self.start < self.horizon:
            return None
        return year - self.start

    @property
    def median(self) -> Array:
        """Medians of the steps, shape (H,)."""
        return self.quantile(0.5)

    def quantile(self, p: float) -> Array:
        """Quantile of every step, shape (H,), on the data's scale; ValueError unless 0 < p < 1.

        Args:
            p: probability, between 0 and 1.

        Returns:
            Array of shape (H,), NaN for a refusal.
        """
        if not 0.0 < p < 1.0:
            raise ValueError(f"a quantile needs 0 < p < 1, not {p!r}")
        if self.distribution is None:
            return np.full(self.horizon, np.nan)
        return self.distribution.quantile(p)

    def interval(self, level: float) -> tuple[Array, Array]:
        """Central prediction interval, e.g. level 0.80: lower and upper ends, shapes (H,).

        Args:
            level: probability of the interval, between 0 and 1.

        Returns:
            Lower and upper ends, NaN for a refusal.
        """
        if not 0.0 < level < 1.0:
            raise ValueError(f"an interval needs 0 < level < 1, not {level!r}")
        return self.quantile((1.0 - level) / 2.0), self.quantile((1.0 + level) / 2.0)

    def prob_at_least(self, target: float, step: int) -> float:
        """P(Y ≥ target) at a step of 1…horizon.

        Args:
            target: on the data's scale.
            step: from 1 to the horizon.

        Returns:
            A probability, NaN for a refusal.
        """
        self._check(step)
        return np.nan if self.distribution is None else self.distribution.at_least(float(target), step)

    def prob_at_most(self, target: float, step: int) -> float:
        """P(Y ≤ target) at a step of 1…horizon.

        Args:
            target: on the data's scale.
            step: from 1 to the horizon.

        Returns:
            A probability, NaN for a refusal.
        """
        self._check(step)
        return np.nan if self.distribution is None else self.distribution.at_most(float(target), step)

    def prob_met(self, target: float, step: int, *, up: bool) -> float:
        """Probability that a target is met at a step: Y ≥ target where more is better (`up`), else Y ≤ target.

        Args:
            target: on the data's scale.
            step: from 1 to the horizon.
            up: whether more is better.

        Returns:
            A probability, NaN for a refusal.
        """
        return float(self.prob_at_least(target, step) if up else self.prob_at_most(target, step))

    def sample(self, n: int, seed: int) -> Array:
        """Joint paths over the steps, shape (n, H); the same seed gives the same paths.

        Args:
            n: number of paths.
            seed: of numpy's generator.

        Returns:
            Array of shape (n, H) on the data's scale, NaN for a refusal.
        """
        if self.distribution is None:
            return np.full((n, self.horizon), np.nan)
        return self.distribution.sample(n, np.random.default_rng(seed))

    def to_dict(self) -> dict[str, Any]:
        """JSON-friendly form, from which [Forecast.from_dict] rebuilds the forecast without the data.

        Returns:
            Numbers, texts, lists and mappings.
        """
        out = {f.name: getattr(self, f.name) for f in fields(self)}
        out["distribution"] = None if self.distribution is None else self.distribution.to_dict()
        out["last"] = None if self.last is None else float(self.last)
        plain: dict[str, Any] = _plain(out)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Forecast:
        """The forecast that [Forecast.to_dict] wrote.

        Args:
            data: what [Forecast.to_dict] gave.

        Returns:
            The forecast.
        """
        rest = dict(data)
        stored = rest.pop("distribution")
        rest["refused"] = tuple((what, why) for what, why in rest["refused"])
        rest["residuals"] = tuple(rest["residuals"])
        return cls(distribution=None if stored is None else from_dict(stored), **rest)

    def _check(self, step: int) -> None:
        if not 1 <= step <= self.horizon:
            raise ValueError(f"step must be 1…{self.horizon}, not {step!r}")


def refuse(
    method: str,
    kind: str,
    horizon: int,
    reason: str,
    *,
    n: int,
    least: int = LEAST,
    last: float | None = None,
) -> Forecast:
    """A forecast that is not made, with the code of the reason."""
    refused = ((method, reason),)
    return Forecast(method, kind, horizon, reason=reason, n=n, least=least, last=last, refused=refused)


def _plain(value: Any) -> Any:
    """Numbers, strings, lists and dictionaries that json can write."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return value
