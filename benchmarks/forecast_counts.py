"""How the count model fares where the truth is known: simulated cumulative counts, coverage and Brier skill.

    OPENBLAS_NUM_THREADS=1 python benchmarks/forecast_counts.py      # half a minute
    OPENBLAS_NUM_THREADS=1 python benchmarks/forecast_counts.py --speed  # series per CPU second, n = 5…10, and levels

There is no public panel of short cumulative counts of this kind, so the regimes are simulated: steady, irregular,
ramping up from zero, slowing, tiny, and a rate that jumps at the last year (which no history announces); then large
counts of hundreds and thousands a year.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from scipy import stats

from greenreport.forecast import forecast

HORIZON, SERIES = 6, 300
REGIMES = ("steady", "irregular", "ramp from zero", "slowing", "tiny", "jump")
LARGE = ("steady, hundreds", "irregular, hundreds", "wandering, thousands", "ramp to hundreds")


def simulate(regime: str, n: int, rng: np.random.Generator) -> np.ndarray:
    """One cumulative count of n + 6 years."""
    years = n + HORIZON
    at = np.arange(years)
    excess = 1.3
    if regime == "steady":
        rate, excess = np.full(years, rng.gamma(2, 2)), 1.0
    elif regime == "irregular":
        rate, excess = np.full(years, rng.gamma(2, 2)), 2.5
    elif regime == "ramp from zero":
        rate = rng.uniform(0.2, 0.8) * np.exp(np.cumsum(0.35 * 0.85**at))
    elif regime == "slowing":
        rate = rng.gamma(4, 2) * np.exp(-0.15 * at)
    elif regime == "steady, hundreds":
        rate, excess = np.full(years, rng.gamma(4, 75)), 2.0
    elif regime == "irregular, hundreds":
        rate, excess = np.full(years, rng.gamma(4, 75)), 40.0
    elif regime == "wandering, thousands":
        # A rate that wanders a tenth a year, as an economy's does.
        rate, excess = rng.gamma(4, 750) * np.exp(0.1 * np.cumsum(rng.standard_normal(years))), 20.0
    elif regime == "ramp to hundreds":
        rate, excess = rng.uniform(20, 80) * np.exp(np.cumsum(0.35 * 0.85**at)), 4.0
    elif regime == "tiny":
        rate, excess = np.full(years, rng.gamma(1, 0.4)), 1.0
    else:
        rate = np.where(at < n - 1, rng.gamma(2, 2), rng.gamma(2, 2))
    if excess == 1.0:
        steps = rng.poisson(rate)
    else:
        steps = rng.negative_binomial(np.maximum(rate / (excess - 1), 1e-9), 1 / excess)
    first = 0 if regime in ("ramp from zero", "ramp to hundreds", "tiny") else 40
    return first + np.concatenate([[0], np.cumsum(steps)])[:years]


def scored(regime: str, n: int) -> tuple[str, list[float], list[bool]]:
    """A line of the table, and the probabilities stated of 18 targets per series with what came."""
    rng = np.random.default_rng(0)
    inside, plain, stated, happened = [], [], [], []
    for _ in range(SERIES):
        y = simulate(regime, n, rng)
        past, future = y[:n], y[n:]
        f = forecast(past, HORIZON, kind="count")
        row, row_plain = [], []
        mean = (past[-1] - past[0]) / (n - 1) * np.arange(1, HORIZON + 1)
        for level in (0.80, 0.95):
            low, high = f.interval(level)
            row.append((low <= future) & (future <= high))
            ends = stats.poisson(np.maximum(mean, 1e-9)).interval(level)
            row_plain.append((past[-1] + ends[0] <= future) & (future <= past[-1] + ends[1]))
        inside.append(row)
        plain.append(row_plain)
        for step in range(1, HORIZON + 1):
            for factor in (0.6, 1.0, 1.4):
                goal = past[-1] + max(1, round(factor * mean[step - 1]))
                stated.append(f.prob_at_least(goal, step))
                happened.append(bool(future[step - 1] >= goal))
    c80, c95 = np.mean(inside, axis=(0, 2))
    p80, p95 = np.mean(plain, axis=(0, 2))
    return f"{regime:20s} {n:2d}  {c80:.2f} {c95:.2f}  {p80:17.2f} {p95:.2f}", stated, happened


def skill(stated: list[float], happened: list[bool]) -> float:
    """Brier skill against the common base rate of each of the 18 targets."""
    said, came = np.array(stated).reshape(-1, 18), np.array(happened, float).reshape(-1, 18)
    return float(1 - np.mean((said - came) ** 2) / np.mean((came.mean(axis=0) - came) ** 2))


def speed(series: int = 120, rounds: int = 5) -> None:
    """Series per CPU second with median, two intervals and five probabilities per step; the best of a few rounds."""
    print("series per CPU second")
    for regime in (*REGIMES, *LARGE, "level"):
        rng = np.random.default_rng(0)
        kind = "level" if regime == "level" else "count"
        past = [simulate("steady" if kind == "level" else regime, 5 + i % 6, rng)[: 5 + i % 6] for i in range(series)]
        ahead = [np.maximum(np.diff(y).mean(), 0.5) * np.arange(1, HORIZON + 1) for y in past]
        factors = np.array([0.5, 0.8, 1.0, 1.2, 1.5])
        goals = [np.rint(y[-1] + a[:, None] * factors) for y, a in zip(past, ahead, strict=True)]
        best = np.inf
        for _ in range(rounds):
            began = time.process_time()
            for y, goal in zip(past, goals, strict=True):
                f = forecast(y, HORIZON, kind=kind)
                _ = f.median, f.interval(0.80), f.interval(0.95)
                _ = [[f.prob_at_least(x, h + 1) for x in goal[h]] for h in range(HORIZON)]
            best = min(best, time.process_time() - began)
        print(f"{regime:20s} {series / best:6.0f}", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--speed", action="store_true", help="series per CPU second instead of coverage")
    if arguments.parse_args().speed:
        speed()
        return
    print(f"{'regime':20s} {'n':>2s}  {'c80':>4s} {'c95':>4s}  {'plain Poisson c80 c95':>22s}")
    for group, name in ((REGIMES, "small counts"), (LARGE, "large counts")):
        said: list[float] = []
        came: list[bool] = []
        for regime in group:
            for n in (5, 8):
                row, stated, happened = scored(regime, n)
                print(row, flush=True)
                said += stated
                came += happened
        print(f"Brier skill over {name}, targets at 0.6, 1 and 1.4 times the past trend: {skill(said, came):+.3f}")


if __name__ == "__main__":
    main()
