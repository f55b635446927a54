"""How the count model fares where the truth is known: coverage and Brier skill of cumulative counts.

    OPENBLAS_NUM_THREADS=1 python benchmarks/forecast_counts.py      # two minutes: all tables
    OPENBLAS_NUM_THREADS=1 python benchmarks/forecast_counts.py --thin   # one to four values, and what is not a value
    OPENBLAS_NUM_THREADS=1 python benchmarks/forecast_counts.py --speed  # series per CPU second, n = 1…10, and levels

Regimes with five and eight values are simulated: steady, irregular, ramping up from zero, slowing, tiny, and a rate
that jumps at the last year (which no history announces); then large counts of hundreds and thousands a year. Thin
records are taken from simulated programmes of four shapes and from a real one: sites that states inscribed on the
World Heritage List, 1978–2019 (`world_heritage.csv`, counted from the list that the UNESCO World Heritage Centre
publishes; a site of several states counts in each). Constants saw the half of the states whose SHA-256 is even.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from scipy import stats

from greenreport.forecast import Forecast, forecast

HORIZON, SERIES = 6, 300
REGIMES = ("steady", "irregular", "ramp from zero", "slowing", "tiny", "jump")
LARGE = ("steady, hundreds", "irregular, hundreds", "wandering, thousands", "ramp to hundreds")
SHAPES = ("steady", "ramping up", "fading", "stop and go")
REAL = Path(__file__).with_name("world_heritage.csv")


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


def programme(shape: str, ahead: int, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """A programme's counts at the ends of years, from the zero before its first year, and the index of a first look.

    Usual rates are 5 a year, half of them between 3 and 9; the first look comes after 1 to 30 years (5 in the middle),
    where a programme ramps up after 0 to 4.
    """
    usual = float(np.exp(rng.normal(np.log(5.0), 0.8)))
    age = int(np.rint(np.exp(rng.uniform(0.0, np.log(30.0)))))
    if shape == "ramping up":
        age = int(rng.integers(0, 5))
    at, excess = np.arange(1, age + ahead + 1), 1.3
    rate = np.full(len(at), usual)
    if shape == "ramping up":
        rate = 0.3 * usual * np.exp(np.cumsum(0.35 * 0.85 ** (at - 1)))
    elif shape == "fading":
        rate = 2.0 * usual * np.exp(-0.15 * at)
    elif shape == "stop and go":
        rate, excess = usual / 0.6 * (rng.random(len(at)) < 0.6), 1.5
    steps = rng.negative_binomial(np.maximum(rate / (excess - 1.0), 1e-9), 1.0 / excess)
    return np.concatenate([[0], np.cumsum(steps)]), age


def states(half: str) -> dict[str, np.ndarray]:
    """Cumulative World Heritage sites of the states of one half, from the year before the first to 2019."""
    new: dict[str, dict[int, int]] = defaultdict(dict)
    with REAL.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            new[row["state"]][int(row["year"])] = int(row["new"])
    return {
        state: np.cumsum([found.get(year, 0) for year in range(min(found) - 1, 2020)])
        for state, found in new.items()
        if (int(hashlib.sha256(state.encode()).hexdigest(), 16) % 2 == 0) == (half == "tune")
    }


def looks(least: int, need: int, half: str = "report") -> Iterator[tuple[np.ndarray, int]]:
    """Real counts and every third year in which they stand at `least` or more, with `need` years up to it."""
    for y in states(half).values():
        for now in range(need - 1, len(y) - HORIZON, 3):
            if y[now] >= least:
                yield y, now


def windows(source: str, n: int, series: int = SERIES) -> list[np.ndarray]:
    """n values that are known and HORIZON that came: simulated, or real from a stock of 1, 5 or 10 on."""
    if source not in SHAPES:
        return [y[now - n + 1 : now + HORIZON + 1] for y, now in looks(int(source.split()[-1]), n)]
    rng, found = np.random.default_rng(n), []
    for _ in range(series):
        y, age = programme(source, n - 1 + HORIZON, rng)
        found.append(y[age:])
    return found


def learned(length: int = 10) -> tuple[float, float]:
    """Mean and spread of the annual rates of the tuning half's states, over their last ten years."""
    rates = [(y[-1] - y[-1 - length]) / length for y in states("tune").values() if len(y) > length]
    return float(np.mean(rates)), float(np.std(rates))


def thin() -> None:
    """Coverage of one to four values and on. "stated" is what an 80 % range says of itself: ends are whole numbers."""

    def told(past: np.ndarray) -> Forecast:
        """The forecast that is told at what rates the states of the other half go on."""
        from greenreport.forecast import PriorRate, count_path
        from greenreport.forecast.evidence import Level

        said = [Level(i, float(value)) for i, value in enumerate(past)]
        return count_path(said, start=len(past), last_year=len(past) + HORIZON - 1, prior_rate=PriorRate(*learned()))

    print(f"{'thin records':20s} {'n':>2s} series  {'c80':>4s} {'c95':>4s} stated  width    BSS")
    for source in (*SHAPES, "real, stock ≥ 1", "real, stock ≥ 5", "real, stock ≥ 10", "others' rate, ≥ 5"):
        for n in (1, 2, 3, 4, 5, 8):
            rows, widths, stated, happened = [], [], [], []
            panel = windows(source, n)
            usual = np.median([y[n:] - y[n - 1] for y in panel], axis=0)
            for y in panel:
                past, future = y[:n], y[n:]
                f = told(past) if source.startswith("others") else forecast(past, HORIZON, kind="count")
                if not f.ok:
                    break
                (low, high), (lowest, highest) = f.interval(0.80), f.interval(0.95)
                own = [f.prob_at_most(high[h], h + 1) - f.prob_at_most(low[h] - 1, h + 1) for h in range(HORIZON)]
                inside, within = (low <= future) & (future <= high), (lowest <= future) & (future <= highest)
                rows.append((inside.mean(), within.mean(), np.mean(own)))
                widths.append(high[-1] - low[-1])
                for step in range(1, HORIZON + 1):
                    for factor in (0.5, 1.0, 1.5):
                        goal = past[-1] + max(1, round(factor * usual[step - 1]))
                        stated.append(f.prob_at_least(goal, step))
                        happened.append(bool(future[step - 1] >= goal))
            if not rows:
                print(f"{source:20s} {n:2d}  refused")
                continue
            c80, c95, own80 = np.mean(rows, axis=0)
            print(
                f"{source:20s} {n:2d} {len(rows):6d}  {c80:.2f} {c95:.2f}   {own80:.2f} {np.median(widths):6.0f} "
                f" {skill(stated, happened):+.3f}",
                flush=True,
            )


def kinds() -> dict[str, Callable[[np.ndarray, int, np.random.Generator], list]]:
    """Kinds of evidence: what is said of a count y that has come to its year `now`, and nothing else."""
    from greenreport.forecast.evidence import Bound, Increment, Level, Start

    def round_down(x: float) -> int:
        return int(x // 10 * 10) if x >= 20 else int(x // 5 * 5)

    def june(y: np.ndarray, now: int, rng: np.random.Generator) -> list:
        mid = y[now] + rng.binomial(y[now + 1] - y[now], 0.5)
        return [Level(now, float(y[now])), Level(now + 1, float(mid), elapsed=0.5)]

    def half(y: np.ndarray, now: int, _: object) -> list:
        rounded = max(5, 5 * round(y[now] / 5))
        return [Level(now, float(rounded), error=2.5 / rounded)]

    return {
        "one level": lambda y, now, _: [Level(now, float(y[now]))],
        "a level three years ago": lambda y, now, _: [Level(now - 3, float(y[now - 3]))],
        "two levels, a gap": lambda y, now, _: [Level(now - 3, float(y[now - 3])), Level(now, float(y[now]))],
        "a level to the next five": half,
        "level and mid-year count": june,
        "programme's start, level": lambda y, now, _: [Start(1), Level(now, float(y[now]))],
        "level, last year's new": lambda y, now, _: [
            Level(now, float(y[now])),
            Increment(now, now, float(y[now] - y[now - 1])),
        ],
        "level, three years' new": lambda y, now, _: [
            Level(now, float(y[now])),
            Increment(now - 2, now, float(y[now] - y[now - 3])),
        ],
        "level, then new alone": lambda y, now, _: [
            Level(now - 2, float(y[now - 2])),
            Increment(now, now, float(y[now] - y[now - 1])),
        ],
        "two years' new, no stock": lambda y, now, _: [
            Increment(now - 1, now - 1, float(y[now - 1] - y[now - 2])),
            Increment(now, now, float(y[now] - y[now - 1])),
        ],
        "five years' new, no stock": lambda y, now, _: [Increment(now - 4, now, float(y[now] - y[now - 5]))],
        "level, then more than": lambda y, now, _: [
            Level(now - 2, float(y[now - 2])),
            Bound(now, float(max(round_down(y[now]), y[now - 2]))),
        ],
        "level, then nearly": lambda y, now, _: [
            Level(now - 2, float(y[now - 2])),
            Bound(now, float(round_down(y[now]) + (10 if y[now] >= 20 else 5)), "below"),
        ],
        "more than, then level": lambda y, now, _: [
            Bound(now - 2, float(round_down(y[now - 2]))),
            Level(now, float(y[now])),
        ],
        "more than, nothing else": lambda y, now, _: [Bound(now, float(max(round_down(y[now]), 1)))],
    }


def hidden() -> None:
    """Only one kind of evidence is shown; how often the hidden counts of the next six years lie inside."""
    from greenreport.forecast import count_path

    print(f"{'what is shown':26s} simulated: {'c80':>4s} {'c95':>4s}   real: {'c80':>4s} {'c95':>4s}")
    rng = np.random.default_rng(1)
    drawn = []
    for i in range(400):
        y, age = programme(SHAPES[i % 4], 4 + HORIZON, rng)
        drawn.append((y, age + 4))
    real = list(looks(5, 6))
    for name, say in kinds().items():
        line = f"{name:26s}"
        for panel in (drawn, real):
            inside = []
            for y, now in panel:
                said = say(y, now, rng)
                f = count_path(said, start=now + 1, last_year=now + HORIZON)
                future = y[now + 1 : now + HORIZON + 1]
                inside.append(
                    [((low <= future) & (future <= high)).mean() for low, high in map(f.interval, (0.8, 0.95))]
                )
            line += "            {:.2f} {:.2f}".format(*np.mean(inside, axis=0))
        print(line, flush=True)


def speed(series: int = 120, rounds: int = 5) -> None:
    """Series per CPU second with median, two intervals and five probabilities per step; the best of a few rounds."""
    print("series per CPU second")
    for regime, fewest in [(name, 5) for name in (*REGIMES, *LARGE, "level")] + [(f"n = {n}", n) for n in (1, 2, 3, 4)]:
        rng = np.random.default_rng(0)
        kind = "level" if regime == "level" else "count"
        lengths = [fewest + (i % 6 if fewest == 5 else 0) for i in range(series)]
        past = [simulate(regime if regime in REGIMES + LARGE else "steady", n, rng)[:n] for n in lengths]
        ahead = [max(float(np.diff(y).mean()) if len(y) > 1 else 0.0, 0.5) * np.arange(1, HORIZON + 1) for y in past]
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
    arguments.add_argument("--thin", action="store_true", help="thin records and hidden evidence only")
    chosen = arguments.parse_args()
    if chosen.speed:
        speed()
        return
    if not chosen.thin:
        rich()
        print()
    thin()
    print()
    hidden()


def rich() -> None:
    """The tables of five and eight values."""
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
