"""How the count model fares where the truth is known: simulated cumulative counts, coverage and Brier skill.

    python benchmarks/forecast_counts.py        # about a minute

There is no public panel of short cumulative counts of this kind, so the regimes are simulated: steady, irregular,
ramping up from zero, slowing, tiny, and a rate that jumps at the last year (which no history announces).
"""

from __future__ import annotations

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


def main() -> None:
    print(f"{'regime':16s} {'n':>2s}  {'c80':>4s} {'c95':>4s}  {'plain Poisson c80 c95':>22s}")
    all_said, all_came = [], []
    for regime in REGIMES:
        for n in (5, 8):
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
                        happened.append(future[step - 1] >= goal)
            c80, c95 = np.mean(inside, axis=(0, 2))
            p80, p95 = np.mean(plain, axis=(0, 2))
            print(f"{regime:16s} {n:2d}  {c80:.2f} {c95:.2f}  {p80:17.2f} {p95:.2f}", flush=True)
            all_said += stated
            all_came += happened
    said, came = np.array(all_said).reshape(-1, 18), np.array(all_came, float).reshape(-1, 18)
    skill = 1 - np.mean((said - came) ** 2) / np.mean((came.mean(axis=0) - came) ** 2)
    print(f"Brier skill over all regimes, targets at 0.6, 1 and 1.4 times the past trend: {skill:+.3f}")


if __name__ == "__main__":
    main()
