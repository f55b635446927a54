"""Learn the constants of the latent path, on the tuning half only, and write `learned_path.py`.

    OPENBLAS_NUM_THREADS=1 python benchmarks/path_tune.py           # two minutes on one core
    python benchmarks/path_tune.py --check                           # loss of the committed constants, writes nothing

Loss: minus the log score of the path's mixture of normals for horizons 1 to 6, averaged over histories of 1, 2, 3, 4 and 6
values, every third origin of each series, each series weighing the same. Then the scale is widened so that the 80 % range
covers COVER80 of the outcomes at 1, 2 and 3 values. Nothing here reads a series of the report half.
"""

from __future__ import annotations

import argparse
import hashlib
import math
from collections import Counter
from dataclasses import asdict, fields, replace
from pathlib import Path

import numpy as np
from panels import HORIZON, Array, looks, monthly, states
from scipy import optimize, special

from greenreport.forecast import learned_path
from greenreport.forecast.path import PathConstants, Row, believe, student

LENGTHS = (1, 2, 3, 4, 6)
PRIOR = 0.03  # what is shipped, not learned: an assumption about the domain
COVER80 = 0.81
RIDGE = 1e-4
START = PathConstants(0.93, 0.03, 0.14, 0.004, 0.1, 0.05, 0.06, 0.9, 1.0)
TARGET = Path(__file__).parents[1] / "src/greenreport/forecast/learned_path.py"


def panel(n: int) -> tuple[Array, Array, Array]:
    """Histories (N, n) and log changes to the next six values (N, 6), NaN where unknown, and weights (N,)."""
    rows = looks("tuning", walk=True)
    series = [name.rpartition("@")[0] for name, _, _ in rows]
    times = Counter(series)
    history = np.log([y[-n:] for _, y, _ in rows])
    change = np.log([future for _, _, future in rows]) - history[:, -1:]
    return history, change, np.array([1.0 / times[name] for name in series])


def mixture(z: Array, c: PathConstants) -> tuple[Array, Array, Array]:
    """Weights (N, K), means (N, K, 6) of the change from the last value and spreads (K, 6): what `believe` says of many
    series of one length at once, because their gains are the same.
    """
    n = z.shape[1]
    rows = [Row(((i, 1.0),), 0.0) for i in range(n)]
    flat = believe(rows, n + HORIZON, anchor=(n - 1, 0.0), prior=0.0, constants=c)
    # Means are linear in the values: one unit vector after the other gives the gains; weights follow from the residuals.
    gains = np.empty((len(flat.sigma), HORIZON, n))
    for i in range(n):
        unit = [Row(((j, 1.0),), float(j == i)) for j in range(n)]
        gains[:, :, i] = believe(unit, n + HORIZON, anchor=(n - 1, 0.0), prior=0.0, constants=c).mean[:, n:]
    drift = z - z[:, -1:] - PRIOR * np.arange(1.0 - n, 1.0)
    mean = np.einsum("khi,ni->nkh", gains, drift) + PRIOR * np.arange(1.0, HORIZON + 1)
    spread = np.sqrt(flat.cov[:, range(n, n + HORIZON), range(n, n + HORIZON)])
    log_weight = np.tile(np.log(flat.weight), (len(z), 1))
    # Covariance of the n published values around the last one's diffuse level, per node.
    inner = believe([], n, anchor=(n - 1, 0.0), prior=0.0, constants=c).cov
    for k in range(len(flat.sigma)):
        white = np.linalg.solve(np.linalg.cholesky(inner[k]), drift.T)
        log_weight[:, k] -= 0.5 * (white * white).sum(axis=0)
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    return weight / weight.sum(axis=1, keepdims=True), mean, spread


def loss(c: PathConstants, panels: dict[int, tuple[Array, Array, Array]]) -> float:
    total = 0.0
    for z, change, w in panels.values():
        weight, mean, spread = mixture(z, c)
        known = np.isfinite(change)
        x = np.where(known, change, 0.0)[:, None]
        density = (weight[:, :, None] * np.exp(-0.5 * ((x - mean) / spread) ** 2) / spread).sum(axis=1)
        score = -np.log(density / math.sqrt(2 * math.pi) + 1e-6)
        share = np.where(known, (w / known.sum(axis=1))[:, None], 0.0)
        total += float((score * share).sum() / share.sum())
    return total / len(panels)


def pack(c: PathConstants) -> Array:
    return np.array(
        [special.logit(v) if name == "damping" else math.log(v) for name, v in asdict(c).items() if name != "widen"]
    )


def unpack(x: Array) -> PathConstants:
    names = [f.name for f in fields(PathConstants) if f.name != "widen"]
    values = {
        name: float(special.expit(v) if name == "damping" else np.exp(v)) for name, v in zip(names, x, strict=True)
    }
    return PathConstants(**values, widen=1.0)


def learn() -> PathConstants:
    panels = {n: panel(n) for n in LENGTHS}
    start = pack(START)
    found = optimize.minimize(
        lambda x: loss(unpack(x), panels) + RIDGE * float(((x - start) ** 2).sum()), start, method="L-BFGS-B",
        options={"maxiter": 60},
    )  # fmt: skip
    c = unpack(found.x)
    print(f"loss {found.fun:.5f}")
    return replace(c, widen=widened(c))


def widened(c: PathConstants, every: int = 4) -> float:
    """The factor on the scale at which the 80 % range covers what it should at 1, 2 and 3 values."""
    needed = []
    for n in (1, 2, 3):
        z, change, _ = panel(n)
        for history, future in zip(z[::every], change[::every], strict=True):
            rows = [Row(((i, 1.0),), float(v)) for i, v in enumerate(history)]
            belief = believe(rows, n + HORIZON, anchor=(n - 1, float(history[-1])), prior=PRIOR, constants=c)
            centre, cov, df = student(belief, range(n, n + HORIZON))
            reach = float(special.stdtrit(df, 0.9)) * np.sqrt(np.diagonal(cov))
            ratio = np.abs(history[-1] + future - centre) / reach
            needed.extend(ratio[np.isfinite(ratio)])
    return float(np.quantile(needed, COVER80))


def between_shares() -> float:
    """Spread between monthly series of the logit of the first half-year's share, mean of four years each."""
    kept = [m for m in monthly("tuning") if m.min() > 0 and len(m) >= 4]
    return float(np.std([special.logit(m[-4:, :6].sum(axis=1) / m[-4:].sum(axis=1)).mean() for m in kept]))


def related() -> float:
    """Spread of a state's growth of output around that of all states, states of the tuning half by hash of their names."""
    every = [(s.name, np.concatenate([s.history, s.future])) for s in states() if s.name.endswith(":GSP")]
    whole = np.diff(np.log(np.sum([y for _, y in every], axis=0)))
    kept = [np.diff(np.log(y)) - whole for name, y in every if not hashlib.sha256(name.encode()).digest()[0] & 1]
    return float(np.std(kept))


def write(c: PathConstants) -> None:
    lines = "\n".join(f"    {name}={value:.6g}," for name, value in asdict(c).items())
    text = learned_path.__doc__
    TARGET.write_text(
        f'"""{text}"""\n\nfrom __future__ import annotations\n\nfrom .path import PathConstants\n\n'
        '__all__ = ["PATH", "RELATED_SD", "SHARE_BETWEEN_SD"]\n\n'
        f"PATH = PathConstants(\n{lines}\n)\n\n"
        "# Spread of an area's growth in one year around that of the whole it belongs to (output of states).\n"
        f"RELATED_SD = {related():.2g}\n\n"
        "# Spread between monthly series of the logit of the share that the first six months have of a year.\n"
        f"SHARE_BETWEEN_SD = {between_shares():.2g}\n",
        encoding="utf-8",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        print(f"loss of the committed constants {loss(learned_path.PATH, {n: panel(n) for n in LENGTHS}):.5f}")
        return
    c = learn()
    print(c)
    write(c)


if __name__ == "__main__":
    main()
