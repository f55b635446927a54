"""Learn the constants of the project's own method, on the tuning half only, and write `learned.py`.

    python benchmarks/forecast_tune.py            # a few minutes on one core; rewrites learned.py
    python benchmarks/forecast_tune.py --check    # cross-validated loss of the committed constants, writes nothing

Loss: minus the log score of the Student t on the log scale, plus OWA of the medians, averaged over lengths and
origins. Then scale and degrees of freedom are set so that the 80 % and the 95 % interval cover as said in every
volatility third. Nothing here reads a series of the report half.
"""

from __future__ import annotations

import argparse
import hashlib
import math
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from panels import Array, Series, cut, latest, monthly, rolled, stack, yearly
from scipy import optimize, special

from greenreport.forecast import learned
from greenreport.forecast.damped import Constants, fit, variance
from greenreport.forecast.series import Growth

LENGTHS = (6, 8, 10)
RIDGE = 1e-3  # pull towards the start: a gain that is not clear is not taken
PRIOR_GROWTH = 0.03  # what is shipped, not learned: it is an assumption about the domain
COVER80, COVER95 = 0.815, 0.957  # a little above the nominal level: other panels are rougher than this one
POSITIVE = {
    "growth_sd", "prior_n", "prior_var", "power", "walk", "slope", "drift", "drift_power", "df",
}  # fmt: skip
SHARE = {"discount", "persistence"}  # between 0 and 1
TARGET = Path(__file__).parents[1] / "src/greenreport/forecast/learned.py"

# Where the search starts: the method before any feature of the series was let in.
START = Constants(
    discount=0.83, growth_sd=0.03, damping=2.62, damping_vol=0.0, rebound=0.07, rebound_vol=0.0,
    rebound_before=0.0, persistence=0.2, prior_n=0.33, prior_var=1.2e-4, power=0.934, shock=0.0, smooth=0.0,
    trend=0.0, walk=0.69, walk_power=0.5, walk_smooth=0.0, walk_vol=0.0, walk_trend=0.0, slope=5.79, drift=1e-5,
    drift_power=2.47, df=3.33, df_power=0.16,
)  # fmt: skip


class Panel:
    """All tuning series of one length, as arrays."""

    def __init__(self, series: list[Series], weight: Array) -> None:
        self.history, self.future = stack(series)
        self.weight = weight / weight.sum()
        self.fold = np.array([hashlib.sha256(s.name.encode()).digest()[1] % 3 for s in series])
        self.rate = np.diff(np.log(self.history), axis=1)
        m = self.rate.shape[1]
        volatility = self.rate.std(axis=1, ddof=1)
        self.third = np.digitize(volatility, np.quantile(volatility, [1 / 3, 2 / 3]))
        self.growth = Growth(self.rate, np.ones(m), np.arange(m - 1.0, -1.0, -1.0))
        self.known = np.isfinite(self.future)
        self.change = np.log(np.where(self.known, self.future, 1.0) / self.history[:, -1:])
        self.naive_mae = np.abs(np.diff(self.history, axis=1)).mean(axis=1)
        self.steps = self.known.sum(axis=1)

    def predict(self, c: Constants) -> tuple[Array, Array, float]:
        """Medians (of the log change), scales, degrees of freedom."""
        f = fit(self.rate, self.growth, self.future.shape[1], prior=PRIOR_GROWTH, constants=c)
        return f.ahead, np.sqrt(variance(f)), f.df

    def per_series(self, x: Array) -> Array:
        return np.where(self.known, x, 0.0).sum(axis=1) / self.steps

    def log_score(self, c: Constants, keep: Array) -> float:
        ahead, scale, df = self.predict(c)
        u = (self.change - ahead) / scale
        norm = special.gammaln((df + 1) / 2) - special.gammaln(df / 2) - 0.5 * math.log(df * math.pi)
        loss = self.per_series(np.log(scale) + (df + 1) / 2 * np.log1p(u * u / df) - norm)
        return float(loss @ keep / keep.sum())

    def owa(self, c: Constants, keep: Array) -> float:
        ahead, _, _ = self.predict(c)
        actual = np.where(self.known, self.future, 1.0)
        ratios = []
        for scaled in (False, True):
            parts = []
            for median in (self.history[:, -1:] * np.exp(ahead), self.history[:, -1:]):
                error = np.abs(actual - median)
                error = error / self.naive_mae[:, None] if scaled else error / (actual + median)
                parts.append(self.per_series(error) @ keep)
            ratios.append(parts[0] / parts[1])
        return float(np.mean(ratios))

    def cover_thirds(self, c: Constants, level: float) -> list[float]:
        ahead, scale, df = self.predict(c)
        inside = np.abs(self.change - ahead) <= special.stdtrit(df, 0.5 + level / 2) * scale
        inside = np.where(self.known, inside, np.nan)
        return [float(np.nanmean(inside[self.third == j])) for j in range(3)]

    def cover(self, c: Constants, level: float) -> float:
        ahead, scale, df = self.predict(c)
        inside = np.abs(self.change - ahead) <= special.stdtrit(df, 0.5 + level / 2) * scale
        return float(inside[self.known].mean())


def pack(c: Constants) -> Array:
    values = []
    for name, value in asdict(c).items():
        values.append(math.log(value) if name in POSITIVE else special.logit(value) if name in SHARE else value)
    return np.array(values)


def unpack(x: Array) -> Constants:
    found = {}
    for name, value in zip(asdict(START), x, strict=True):
        found[name] = float(math.exp(value) if name in POSITIVE else special.expit(value) if name in SHARE else value)
    return Constants(**found)


def loss(c: Constants, panels: list[Panel], fold: int | None, *, inside: bool) -> tuple[float, float]:
    """Mean log score and OWA over the panels; with a fold, on its series (inside) or on the others."""
    scores, owas = [], []
    for p in panels:
        keep = p.weight if fold is None else p.weight * ((p.fold == fold) == inside)
        scores.append(p.log_score(c, keep))
        owas.append(p.owa(c, keep))
    return float(np.mean(scores)), float(np.mean(owas))


def learn(panels: list[Panel], fold: int | None = None, *, steps: int = 60) -> Constants:
    start = pack(START)

    def total(x: Array) -> float:
        return sum(loss(unpack(x), panels, fold, inside=False)) + RIDGE * float((x - start) @ (x - start))

    found = optimize.minimize(total, start, method="L-BFGS-B", options={"maxiter": steps})
    return unpack(found.x)


def calibrate(c: Constants, panels: list[Panel]) -> Constants:
    """Scale, its dependence on volatility, and degrees of freedom, so that both intervals cover as wanted.

    The aim is the same in every volatility third of every panel, because a mean can hide a third that is too narrow.
    """

    def changed(x: Array) -> Constants:
        factor, power, prior_n, df = math.exp(x[0]), c.power + x[1], c.prior_n * math.exp(x[2]), c.df * math.exp(x[3])
        scaled = replace(c, walk=c.walk * factor, slope=c.slope * factor, drift=c.drift * factor)
        return replace(scaled, power=power, prior_n=prior_n, df=min(max(df, 2.5), 30.0))

    def miss(x: Array) -> float:
        s = changed(x)
        total = 0.0
        for p in panels:
            total += sum((cover - COVER80) ** 2 for cover in p.cover_thirds(s, 0.80))
            total += sum(4.0 * (cover - COVER95) ** 2 for cover in p.cover_thirds(s, 0.95))
        return total + 0.01 * float(x @ x)

    corners = np.vstack([np.zeros(4), np.diag([0.15, 0.1, 0.5, 0.3])])
    found = optimize.minimize(
        miss, corners[0], method="Nelder-Mead", options={"initial_simplex": corners, "xatol": 1e-3, "fatol": 1e-6}
    )
    return changed(found.x)


def share_sd() -> float:
    """Typical yearly spread of the logit of the first half's and the first three quarters' share in monthly series."""
    spreads = []
    for months in monthly("tuning"):
        months = months[-8:]
        if len(months) < 4 or months.min() <= 0:
            continue
        for upto in (6, 9):
            z = special.logit(months[:, :upto].sum(axis=1) / months.sum(axis=1))
            spreads.append(float(np.var(z, ddof=1)))
    return float(np.sqrt(np.median(spreads)))


def write(c: Constants, spread: float) -> None:
    lines = [f"    {name}={value:.6g}," for name, value in asdict(c).items()]
    TARGET.write_text(
        '"""Constants of the project\'s own method, learned on the tuning half of the public panel.\n\n'
        'Written by `benchmarks/forecast_tune.py`; nothing here is set by hand.\n"""\n\n'
        "from __future__ import annotations\n\n"
        "from .damped import Constants\n\n"
        '__all__ = ["LOG", "SHARE_SD"]\n\n'
        "LOG = Constants(\n" + "\n".join(lines) + "\n)\n\n"
        "# Spread of the logit of a part year's share, from one year to the next, in monthly series.\n"
        f"SHARE_SD = {spread:.4g}\n",
        encoding="utf-8",
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--check", action="store_true", help="report the loss, write nothing")
    arguments.add_argument("--folds", action="store_true", help="cross-validate over three folds, write nothing")
    args = arguments.parse_args()
    series = yearly("tuning")
    anchors = [Panel(rows, np.ones(len(rows))) for rows in (cut(series, n) for n in LENGTHS)]
    # Other origins are other years: the competition's own, the last six values, and a walk through the history.
    panels = [Panel(*rolled(series, n)) for n in LENGTHS] + anchors
    panels += [Panel(rows, np.ones(len(rows))) for rows in (cut(latest(series), n) for n in LENGTHS)]
    if args.folds:
        results = np.array([loss(learn(panels, fold), panels, fold, inside=True) for fold in range(3)])
        score, owa = results.mean(axis=0)
        print(f"held out: minus log score {score:.4f}, OWA {owa:.4f}")
        return
    c = learned.LOG if args.check else calibrate(learn(panels), panels)
    score, owa = loss(c, panels, None, inside=True)
    print(f"tuning half: minus log score {score:.4f}, OWA {owa:.4f}")
    for n, p in zip(LENGTHS, anchors, strict=True):
        print(
            f"n={n:2d}  OWA {p.owa(c, p.weight):.3f}  c80 {p.cover(c, 0.8):.3f}  c95 {p.cover(c, 0.95):.3f}  "
            + " ".join(f"{a:.3f}/{b:.3f}" for a, b in zip(p.cover_thirds(c, 0.8), p.cover_thirds(c, 0.95), strict=True))
        )
    print(f"share spread {share_sd():.4f}")
    if not args.check:
        write(c, share_sd())


if __name__ == "__main__":
    main()
