"""What became of targets of plans that have ended, by the probability that the report would have given them at mid-term.

Reads the record that `benchmarks/past_plans.py --record` writes (docs/forecasting.md, "Past plans") and counts in it: by
class of probability, by plan, for the report and for what people do by hand. Targets of one plan share one fate, so every
plan counts alike, however many targets it has. Words nothing, and must not know how a probability comes about.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from greenreport.progress import as_shown, likelihood

__all__ = [
    "CLASSES",
    "METHODS",
    "REGIMES",
    "WORDS",
    "ClassRecord",
    "PastTarget",
    "PlanRecord",
    "became",
    "by_class",
    "by_plan",
    "class_of",
    "far_off",
    "misses",
    "past_targets",
    "scores",
]

CLASSES = (0.0, 0.10, 0.33, 0.50, 0.66, 0.90)
"""Lower ends of the classes of probability: the words for probabilities, "about as likely as not" in two halves."""
WORDS = (0.0, 0.10, 0.33, 0.66, 0.90)
"""Lower ends of the words for probabilities (`progress.LIKELIHOODS`)."""
REGIMES = ("all", "since_baseline", "last_3")
METHODS = ("p", "plain", "line", "pace")
"""The report; the report without the experience of past plans; the straight line and the ratio of paces by hand."""
LEVEL = 0.80
_DRAWS = 4000
_FAR = 0.10
_NEAR = 0.05


@dataclass(frozen=True, kw_only=True)
class PastTarget:
    """One target of one area in a plan that has ended, seen at mid-term with the figures of a regime."""

    plan: str  # id of the past plan
    area: str  # name in English; so is `indicator`
    indicator: str
    unit: str = ""  # of the figures, as the source has it
    up: bool  # whether more is better
    baseline_year: int
    as_of: int  # the last year whose figures were known
    target_year: int
    baseline: float | None = None
    last: float | None = None  # latest value known; None where there is none
    target: float
    came: float  # what the target year brought
    regime: str  # which figures were known, out of [REGIMES]
    p: float | None = None  # probability by the report's own path, learned from the other past plans only
    plain: float | None = None  # the same without the experience of past plans
    line: float | None = None  # probability by a normal about the straight line from the baseline
    pace: float | None = None  # 1 or 0 by the ratio of the pace so far to the pace needed
    width: float | None = None  # of the 80 % range in the target's year, as a share of its middle
    met: bool  # whether the target was met

    def said(self, method: str) -> float | None:
        """The probability by one of [METHODS]."""
        found: float | None = getattr(self, method)
        return found

    @property
    def settled(self) -> bool:
        """Whether the target was met at the start or by mid-term already."""
        sign = 1.0 if self.up else -1.0
        return any(v is not None and sign * (v - self.target) >= 0 for v in (self.baseline, self.last))

    @property
    def why(self) -> str:
        """How the outcome came to differ from what the trend at mid-term led one to expect, an id.

        `near`: within a twentieth of the way from baseline to target. Of a target missed: `fell_back` (met at mid-term, then
        lost), `reversed` (moved away afterwards), `slowed`. Of one met: `turned` (had been moving away), `faster`.
        """
        sign = 1.0 if self.up else -1.0
        if self.last is None or self.baseline is None:
            return "unknown"
        before, after = sign * (self.last - self.baseline), sign * (self.came - self.last)
        if abs(self.came - self.target) <= _NEAR * abs(self.target - self.baseline):
            return "near"
        if self.met:
            return "turned" if before <= 0 else "faster"
        return "fell_back" if sign * (self.last - self.target) >= 0 else "reversed" if after <= 0 else "slowed"


@dataclass(frozen=True)
class ClassRecord:
    """What became of the targets that were given a probability of one class."""

    number: int  # of the class, its place among the lower ends
    word: str  # the likelihood word of the class
    n: int  # number of targets
    met: int  # how many of them were met
    plans: int  # of how many plans
    said: float  # mean probability given, plans weighted equally
    share: float  # share met, plans weighted equally
    low: float  # lower end of the 80 % range of that share, with the uncertainty that so few plans leave
    high: float  # upper end


@dataclass(frozen=True)
class PlanRecord:
    """One past plan: how many targets, mean probability given, share met, and mean squared misses (Brier scores).

    `base` is the score of always giving the share that was met in this plan, which nobody knew at the time; `means` and
    `brier` have the mean probabilities and the scores of [METHODS] in their order.
    """

    plan: str
    n: int
    met: float
    base: float
    means: tuple[float, ...]
    brier: tuple[float, ...]
    target_year: int

    @property
    def said(self) -> float:
        """The report's mean probability."""
        return self.means[0]


@cache
def _rows() -> tuple[PastTarget, ...]:
    from pydantic import TypeAdapter

    text = (files("greenreport.assess") / "track_record.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    known = [{name: value for name, value in row.items() if value} for row in rows]
    return TypeAdapter(tuple[PastTarget, ...]).validate_python(known)


def past_targets(*, without: str = "", regime: str = "all", experience: bool = True) -> tuple[PastTarget, ...]:
    """The record of one regime, without the plan that is being evaluated.

    Args:
        without: id of a past plan that is left out.
        regime: out of [REGIMES].
        experience: whether probabilities take in the experience of past plans; without it `p` is `plain`.

    Returns:
        One record a target.
    """
    rows = (row for row in _rows() if row.regime == regime and row.plan != without)
    return tuple(row if experience else replace(row, p=row.plain) for row in rows)


@cache
def became(number: int, without: str) -> tuple[int, int]:
    """How many targets of past plans but one were given a probability of a class at mid-term, and how many of them met."""
    inside = [row for row in past_targets(without=without) if row.p is not None and class_of(row.p) == number]
    return len(inside), sum(row.met for row in inside)


def class_of(probability: float, ends: Sequence[float] = CLASSES) -> int:
    """The class of a probability as it is printed, by the lower ends of the classes."""
    shown = as_shown(probability)
    return max(n for n, least in enumerate(ends) if shown >= least)


def _weights(targets: Sequence[PastTarget]) -> dict[str, float]:
    """What one target of each plan counts."""
    plans = [row.plan for row in targets]
    return {plan: 1 / plans.count(plan) for plan in dict.fromkeys(plans)}


def by_class(
    targets: Sequence[PastTarget], *, method: str = "p", ends: Sequence[float] = CLASSES
) -> tuple[ClassRecord, ...]:
    """What became of the targets of a regime by class ([CLASSES] or [WORDS]), classes without any left out.

    Each plan has the weight 1, divided evenly among its targets.
    """
    weight = _weights(targets)
    out = []
    for number, least in enumerate(ends):
        inside = [row for row in targets if (p := row.said(method)) is not None and class_of(p, ends) == number]
        if not inside:
            continue
        w = np.array([weight[row.plan] for row in inside])
        met = np.array([row.met for row in inside])
        given = np.array([row.said(method) for row in inside], dtype=float)
        low, high = _range(inside, weight)
        share = float(w @ met / w.sum())
        out.append(
            ClassRecord(
                number=number,
                word=likelihood(least),
                n=len(inside),
                met=int(met.sum()),
                plans=len({row.plan for row in inside}),
                said=float(w @ given / w.sum()),
                share=share,
                low=min(low, share),  # the posteriors lean to the middle; the share itself stays in its range
                high=max(high, share),
            )
        )
    return tuple(out)


def _range(inside: Sequence[PastTarget], weight: dict[str, float]) -> tuple[float, float]:
    """The 80 % range of a class's share met: plans drawn with replacement, each plan's share from its Jeffreys posterior.

    A plan with m of n targets met has the posterior Beta(m + ½, n − m + ½). The draws are seeded by nothing but their
    number, so that the same record gives the same range.
    """
    plans = list(dict.fromkeys(row.plan for row in inside))
    n = np.array([sum(row.plan == plan for row in inside) for plan in plans])
    m = np.array([sum(row.met for row in inside if row.plan == plan) for plan in plans])
    rng = np.random.default_rng(_DRAWS)
    shares = rng.beta(m + 0.5, n - m + 0.5, size=(_DRAWS, len(plans)))
    drawn = rng.integers(len(plans), size=(_DRAWS, len(plans)))
    w = np.array([weight[plan] for plan in plans]) * n
    picked = np.take_along_axis(shares, drawn, axis=1)
    found = (picked * w[drawn]).sum(axis=1) / w[drawn].sum(axis=1)
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def by_plan(targets: Sequence[PastTarget]) -> tuple[PlanRecord, ...]:
    """Every plan, in the order of the record; who says nothing is taken to say 50 %."""
    out = []
    for plan in dict.fromkeys(row.plan for row in targets):
        here = [row for row in targets if row.plan == plan]
        met = np.array([row.met for row in here], dtype=float)
        said = np.array([[0.5 if (p := row.said(m)) is None else p for row in here] for m in METHODS])
        brier = tuple(float(x) for x in ((said - met) ** 2).mean(axis=1))
        share = float(met.mean())
        means = tuple(float(x) for x in said.mean(axis=1))
        out.append(PlanRecord(plan, len(here), share, share * (1 - share), means, brier, here[0].target_year))
    return tuple(out)


def scores(targets: Sequence[PastTarget]) -> PlanRecord:
    """The same over all plans, every plan counting alike; `n` is the number of targets, `plan` empty."""
    plans = by_plan(targets)
    met, base = (float(np.mean([getattr(p, key) for p in plans])) for key in ("met", "base"))
    means, brier = (
        tuple(float(x) for x in np.mean([getattr(p, k) for p in plans], axis=0)) for k in ("means", "brier")
    )
    return PlanRecord("", len(targets), met, base, means, brier, max(p.target_year for p in plans))


def far_off(targets: Sequence[PastTarget]) -> tuple[PlanRecord, ...]:
    """Plans whose targets came out together better or worse than said by ten points or more, the furthest first."""
    found = [p for p in by_plan(targets) if abs(round(p.met - p.said, 2)) >= _FAR]
    return tuple(sorted(found, key=lambda p: -abs(p.met - p.said)))


def misses(targets: Sequence[PastTarget], *, met: bool, n: int) -> tuple[PastTarget, ...]:
    """The `n` targets whose outcome surprised most: met though improbable, or missed though probable."""
    found = [row for row in targets if row.p is not None and row.met == met and (row.p < 0.5) == met]
    return tuple(sorted(found, key=lambda row: -abs(row.met - (row.p or 0.0)))[:n])
