"""Learn the constants of the project's own method, on the tuning half only, and write `learned.py`.

    python benchmarks/forecast_tune.py            # a few minutes on one core; rewrites learned.py
    python benchmarks/forecast_tune.py --check    # cross-validated loss of the committed constants, writes nothing

Loss: minus the log score of the Student t on the log scale, plus OWA of the medians, plus BRIER times the ratio of the
Brier score of the protocol's targets to that of their base rates, averaged over lengths, origins and panels. Then scale
and degrees of freedom are set so that the 80 % and the 95 % interval cover as said in every volatility third. Nothing
here reads a series of the report half.
"""

from __future__ import annotations

import argparse
import hashlib
import math
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from panels import MULTIPLES, Array, Series, cut, latest, monthly, rolled, stack, sums, yearly
from scipy import optimize, special

from greenreport.forecast import learned
from greenreport.forecast.damped import Constants, fit, variance
from greenreport.forecast.series import Growth

LENGTHS = (6, 8, 10)
BRIER = 2.0  # what a Brier ratio weighs against a log score and an OWA
SUMS = 0.75  # what a panel of annual sums weighs against one of yearly series: its series share their last years
RIDGE = 1e-3  # pull towards the start: a gain that is not clear is not taken
PRIOR_GROWTH = 0.03  # what is shipped, not learned: it is an assumption about the domain
COVER80, COVER95 = 0.82, 0.957  # a little above the nominal level: other panels are rougher than this one
POSITIVE = {
    "growth_sd", "prior_n", "prior_var", "power", "walk", "slope", "drift", "drift_power", "df",
}  # fmt: skip
SHARE = {"discount", "persistence"}  # between 0 and 1
TARGET = Path(__file__).parents[1] / "src/greenreport/forecast/learned.py"

# Where the search starts: the method before any feature of the series was let in.
START = Constants(
    discount=0.83, growth_sd=0.03, damping=2.62, damping_vol=0.0, rebound=0.07, rebound_vol=0.0,
    rebound_smooth=0.0, rebound_before=0.0, rebound_third=0.0, persistence=0.2, prior_n=0.33, prior_var=1.2e-4, power=0.934, short=0.0, shock=0.0, smooth=0.0,
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
        self.steps = self.known.sum(axis=1)
        self.actual = np.where(self.known, self.future, 1.0)
        self.naive_mae = np.abs(np.diff(self.history, axis=1)).mean(axis=1)[:, None]
        self.naive = np.abs(self.actual - self.history[:, -1:])
        steps = np.arange(1.0, self.future.shape[1] + 1)[:, None]
        drift, volatility = self.rate.mean(axis=1)[:, None, None], volatility[:, None, None]
        self.goal = drift * steps + np.array(MULTIPLES) * volatility * np.sqrt(steps)
        self.met = np.where(self.known[:, :, None], self.change[:, :, None] >= self.goal, 0.0)
        share = np.where(self.known, self.weight[:, None], 0.0)[:, :, None]
        base = (self.met * share).sum(axis=0) / share.sum(axis=0)
        self.base_miss = ((self.met - base) ** 2).sum(axis=2)

    def predict(self, c: Constants) -> tuple[Array, Array, float]:
        """Medians (of the log change), scales, degrees of freedom."""
        f = fit(self.rate, self.growth, self.future.shape[1], prior=PRIOR_GROWTH, constants=c)
        return f.ahead, np.sqrt(variance(f)), f.df

    def losses(self, c: Constants, keep: Array) -> tuple[float, float, float]:
        """Minus the log score, OWA, and Brier score over that of the base rate."""
        ahead, scale, df = self.predict(c)
        score, owa, brier, *_ = self._losses(ahead, scale, df, keep)
        return score, owa, brier

    def slopes(self, c: Constants, keep: Array) -> tuple[float, Array, Array, float]:
        """The loss, and its derivatives by the medians, by the logarithms of the scales, and by the df."""
        ahead, scale, df = self.predict(c)
        score, owa, brier, w, share, ratio, chance, v = self._losses(ahead, scale, df, keep)
        u = (self.change - ahead) / scale
        by_ahead = -w * (df + 1) * u / (df + u * u) / scale
        by_scale = w * (1 - (df + 1) * u * u / (df + u * u))
        median = self.history[:, -1:] * np.exp(ahead)
        error, total = np.abs(self.actual - median), self.actual + median
        turn = -np.sign(self.actual - median) * median
        by_ahead += 0.5 * w * turn / self.naive_mae / ratio[0]
        by_ahead += 0.5 * w * (turn / total - error * median / total**2) / ratio[1]
        miss = 2.0 * (chance - self.met) * np.exp(_norm(df) - (df + 1) / 2 * np.log1p(v * v / df))
        by_ahead += BRIER * share * (miss / scale[:, :, None]).sum(axis=2)
        by_scale -= BRIER * share * (miss * v).sum(axis=2)
        loss = score + owa + BRIER * brier
        more = self._losses(ahead, scale, df + 1e-3, keep)
        return loss, by_ahead, by_scale, (more[0] + more[1] + BRIER * more[2] - loss) / 1e-3

    def _losses(self, ahead: Array, scale: Array, df: float, keep: Array) -> tuple:
        w = np.where(self.known, (keep / keep.sum() / self.steps)[:, None], 0.0)
        u = (self.change - ahead) / scale
        score = float((w * (np.log(scale) + (df + 1) / 2 * np.log1p(u * u / df))).sum()) - _norm(df)
        median = self.history[:, -1:] * np.exp(ahead)
        error = np.abs(self.actual - median)
        ratio = (
            (w * self.naive / self.naive_mae).sum(),
            (w * self.naive / (self.actual + self.history[:, -1:])).sum(),
        )
        owa = (w * error / self.naive_mae).sum() / ratio[0] + (w * error / (self.actual + median)).sum() / ratio[1]
        v = (ahead[:, :, None] - self.goal) / scale[:, :, None]
        chance = special.stdtr(df, v)
        share = np.where(self.known, keep[:, None], 0.0)
        share = share / (share * self.base_miss).sum()
        brier = float((((chance - self.met) ** 2).sum(axis=2) * share).sum())
        return score, 0.5 * float(owa), brier, w, share, ratio, chance, v

    def cover_thirds(self, c: Constants, level: float) -> list[float]:
        ahead, scale, df = self.predict(c)
        inside = np.abs(self.change - ahead) <= special.stdtrit(df, 0.5 + level / 2) * scale
        inside = np.where(self.known, inside, np.nan)
        return [float(np.nanmean(inside[self.third == j])) for j in range(3)]

    def cover(self, c: Constants, level: float) -> float:
        ahead, scale, df = self.predict(c)
        inside = np.abs(self.change - ahead) <= special.stdtrit(df, 0.5 + level / 2) * scale
        return float(inside[self.known].mean())


def _norm(df: float) -> float:
    """Logarithm of the constant of the Student t density."""
    return float(special.gammaln((df + 1) / 2) - special.gammaln(df / 2)) - 0.5 * math.log(df * math.pi)


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


def loss(c: Constants, panels: list[Panel], fold: int | None, *, inside: bool) -> Array:
    """Minus the log score, OWA and Brier ratio of every panel; with a fold, on its series (inside) or the others."""
    return np.array([p.losses(c, _kept(p, fold, inside)) for p in panels])


def _kept(p: Panel, fold: int | None, inside: bool) -> Array:
    return p.weight if fold is None else p.weight * ((p.fold == fold) == inside)


def learn(panels: list[Panel], shares: Array, fold: int | None = None, *, steps: int = 120) -> Constants:
    """The constants of least loss; derivatives by the chain rule, those of the formulas themselves by differences."""
    start, tiny = pack(START), 1e-5
    kept = [_kept(p, fold, inside=False) for p in panels]

    def total(x: Array) -> tuple[float, Array]:
        c, moved = unpack(x), [unpack(x + tiny * row) for row in np.eye(len(x))]
        value, slope = RIDGE * float((x - start) @ (x - start)), 2.0 * RIDGE * (x - start)
        for p, share, keep in zip(panels, shares, kept, strict=True):
            part, by_ahead, by_scale, by_df = p.slopes(c, keep)
            ahead, scale, df = p.predict(c)
            value += share * part
            for i, other in enumerate(moved):
                ahead_i, scale_i, df_i = p.predict(other)
                change = (by_ahead * (ahead_i - ahead)).sum() + (by_scale * np.log(scale_i / scale)).sum()
                slope[i] += share * (change + by_df * (df_i - df)) / tiny
        return value, slope

    found = optimize.minimize(total, start, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return unpack(found.x)


def calibrate(c: Constants, panels: list[Panel]) -> Constants:
    """Scale, its dependence on volatility and length, and degrees of freedom, so that both intervals cover as wanted.

    The aim is the same in every volatility third of every panel, because a mean can hide a third that is too narrow.
    """

    def changed(x: Array) -> Constants:
        factor, power, prior_n, df = math.exp(x[0]), c.power + x[1], c.prior_n * math.exp(x[2]), c.df * math.exp(x[3])
        scaled = replace(c, walk=c.walk * factor, slope=c.slope * factor, drift=c.drift * factor)
        return replace(scaled, power=power, prior_n=prior_n, df=min(max(df, 2.5), 30.0), short=c.short + x[4])

    def miss(x: Array) -> float:
        s = changed(x)
        total = 0.0
        for p in panels:
            total += sum((cover - COVER80) ** 2 for cover in p.cover_thirds(s, 0.80))
            total += sum(4.0 * (cover - COVER95) ** 2 for cover in p.cover_thirds(s, 0.95))
        return total + 0.01 * float(x @ x)

    corners = np.vstack([np.zeros(5), np.diag([0.15, 0.1, 0.5, 0.3, 0.1])])
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
    # Annual sums of quarterly and monthly series are another kind; those of 10 years and more are too few.
    # They share their last years, so that their coverage is the luck of those years: intervals are not set by them.
    shared = [Panel(rows, np.ones(len(rows))) for rows in (cut(sums("tuning"), n) for n in LENGTHS[:2])]
    yearly_panels, panels = panels, panels + shared
    names = [f"{kind} {n}" for kind in ("rolled", "anchor", "latest") for n in LENGTHS] + ["sums 6", "sums 8"]
    shares = np.array([SUMS if name.startswith("sums") else 1.0 for name in names])
    shares = shares / shares.sum()
    if args.folds:
        parts = [loss(learn(panels, shares, fold), panels, fold, inside=True) for fold in range(3)]
        found = np.mean(parts, axis=0)
    else:
        c = learned.LOG if args.check else calibrate(learn(panels, shares), yearly_panels)
        found = loss(c, panels, None, inside=True)
    print("held out" if args.folds else "tuning half", "- minus log score, OWA, Brier skill")
    for name, (score, owa, brier) in zip(names, found, strict=True):
        print(f"{name:10s} {score:+.4f}  {owa:.4f}  {1.0 - brier:+.4f}")
    score, owa, brier = shares @ found
    print(f"{'all':10s} {score:+.4f}  {owa:.4f}  {1.0 - brier:+.4f}")
    if args.folds:
        return
    for name, p in zip(names, panels, strict=True):
        thirds = zip(p.cover_thirds(c, 0.8), p.cover_thirds(c, 0.95), strict=True)
        print(
            f"{name:10s} c80 {p.cover(c, 0.8):.3f}  c95 {p.cover(c, 0.95):.3f}  "
            + " ".join(f"{a:.3f}/{b:.3f}" for a, b in thirds)
        )
    print(f"share spread {share_sd():.4f}")
    if not args.check:
        write(c, share_sd())


if __name__ == "__main__":
    main()
