"""What a report has printed it prints again: forecasts of every kind of evidence, as they were when last released.

The figures change only with the method, and then the changelog says so:
`python -m pytest tests/forecast/test_kept_figures.py` with KEEP=1 in the environment writes them anew.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from helpers import alike

from greenreport.forecast import (
    METHODS,
    Bound,
    Growth,
    Increment,
    Level,
    Part,
    PriorRate,
    Related,
    Start,
    Total,
    assumed_growth,
    chance,
    experience,
    forecast,
    forecast_evidence,
    learn_prior_growth,
    reconcile,
    surprises,
)

KEPT = Path(__file__).parent / "published" / "kept_figures.json"

SALES = [1800.0, 1871, 2013, 2146, 2190, 2402, 2511, 2544, 2760, 2998]
RATE = [42.5, 44.1, 43.0, 47.9, 51.2, 50.8, 55.5]
BALANCE = [-12.0, -3.5, 4.0, -1.0, 8.5, 12.0]
HOTELS = [29.0, 31, 31, 34, 38, 40, 45, 51, 52]
PANEL = [[100.0, 104, 109], [50.0, 51, 57, 60], [10.0, 14], [80.0, np.nan, 90, 85], [-1.0, 3]]


def levels(values, first=2016):
    return [Level(first + i, v) for i, v in enumerate(values)]


def said(*statements, start=2024, kind="level", **options):
    return forecast_evidence(list(statements), start=start, last_year=start + 3, kind=kind, **options)


def count(*statements, start=2024, **options):
    return said(*statements, start=start, kind="count", **options)


def series():
    out = {}
    for n in (1, 2, 3, 4, 5, 7, 10):
        out[f"sales {n}"] = forecast(SALES[:n], 4)
        out[f"hotels {n}"] = forecast(HOTELS[: min(n, 9)], 4, kind="count")
    for n in (1, 2, 4, 7):
        out[f"rate {n}"] = forecast(RATE[:n], 4, bounds=(0, 100))
        out[f"balance {n}"] = forecast(BALANCE[: n if n < 7 else 6], 4)
    out["sales with a gap"] = forecast([1800, np.nan, 2013, 2146, np.nan, 2402], 4)
    out["sales, learned"] = forecast(SALES[:3], 4, prior_growth=learn_prior_growth(PANEL))
    out["rate at its bound"] = forecast([96.0, 98.5, 100, 100], 4, bounds=(0, 100))
    out["small rate"] = forecast([0.2, 0.25, 0.24, 0.3], 4, bounds=(0, 100))
    out["long and wild"] = forecast([5.0, 9, 6, 14, 11, 25, 18, 40, 22, 61, 35], 4)
    out["long and smooth"] = forecast([100 * 1.04**n for n in range(12)], 4)
    out["large count"] = forecast([12000.0, 12900, 14100, 15000, 16200], 4, kind="count")
    out["zero, then more"] = forecast([0.0, 0, 3, 4, 9], 4, kind="count")
    return out


def named():
    out = {}
    for name in METHODS:
        out[f"{name}, sales"] = (
            forecast(SALES, 4, method=name) if name != "gamma_poisson" else forecast(HOTELS, 4, kind="count")
        )
    for name in ("theta", "damped_holt"):
        out[f"{name}, wild"] = forecast([5.0, 9, 6, 14, 11, 25, 18, 40, 22, 61, 35], 4, method=name)
    return out


def evidence():
    out, base = {}, Level(2021, 1800.0)
    out["growth"] = said(base, Growth(2022, 0.08), Growth(2023, 0.05))
    out["growth over years"] = said(base, Growth(2023, 0.06, since=2021))
    out["growth, about"] = said(base, Growth(2022, 0.08, error=0.02))
    out["growth ahead"] = said(base, *levels([1950.0, 2050], 2022), Growth(2024, 0.05))
    out["sum"] = said(base, Total(2022, 2023, 3900.0))
    out["mean"] = said(base, Level(2023, 2000.0), Total(2021, 2023, 1905.0, mean=True))
    out["sum, more than"] = said(base, Total(2022, 2024, 6300.0, side="above"))
    out["balance, mean"] = said(*levels(BALANCE, 2018), Total(2024, 2025, 9.0, mean=True))
    out["more than"] = said(base, Bound(2023, 2100.0))
    out["nearly"] = said(base, Bound(2024, 1900.0, "below"))
    out["half a year"] = said(base, Part(2024, 1010.0, 0.5), *levels([1900.0, 1980], 2022))
    out["half a year, own"] = said(
        base, Part(2024, 1010.0, 0.5, ((2021, 860.0, 1800.0), (2022, 930.0, 1900.0))), *levels([1900.0, 1980], 2022)
    )
    out["half a year, others"] = said(
        base, Part(2024, 1010.0, 0.5, (), (0.46, 0.48, 0.47)), *levels([1900.0, 1980], 2022)
    )
    out["half a year, growth"] = said(base, Part(2024, 1010.0, 0.5, (), (), 0.07), *levels([1900.0, 1980], 2022))
    out["related"] = said(base, Related(2022, 0.06), Related(2023, 0.04))
    out["about"] = said(Level(2021, 1800.0, error=0.05), Level(2022, 1900.0, error=0.02), Level(2023, 2000.0))
    out["everything"] = said(
        *levels(SALES[:6], 2018),
        Growth(2024, 0.05),
        Bound(2025, 2600.0),
        Total(2024, 2026, 8100.0),
        Part(2025, 1300.0, 0.5),
    )
    out["rate, bound"] = said(*levels(RATE, 2017), Bound(2024, 58.0), bounds=(0.0, 100.0))
    out["lasting"] = said(*levels(SALES[:6], 2018), lasting=True)
    out["goal of nothing"] = said(*levels([8.0, 5, 3, 2], 2020), goal=0.0)
    out["goal below nothing"] = said(*levels([8.0, 5, 3, 2], 2020), goal=-5.0)
    out["nothing, with a goal"] = said(*levels([0.0, 0, 0], 2021), goal=10.0)
    out["from nothing"] = said(*levels([0.0, 0, 4, 6, 7], 2019))
    return out


def counts():
    out, stock = {}, Level(2021, 44)
    out["count, one"] = count(stock)
    out["count, learned rate"] = count(stock, prior_rate=PriorRate(3.0, 1.0))
    out["count, new ones"] = count(stock, Increment(2023, 2023, 8))
    out["count, new ones alone"] = count(Increment(2021, 2021, 10), Increment(2022, 2023, 11))
    out["count, start"] = count(Start(2020), Level(2023, 24))
    out["count, start alone"] = count(Start(2023))
    out["count, about"] = count(Level(2022, 40), Level(2023, 50, error=0.1))
    out["count, more than"] = count(stock, Bound(2023, 60))
    out["count, more than between"] = count(Level(2020, 40), Bound(2022, 52), Level(2023, 55))
    out["count, nearly"] = count(stock, Bound(2023, 50, "below"))
    out["count, both"] = count(stock, Bound(2023, 60), Bound(2023, 70, "below"))
    out["count, bound alone"] = count(Bound(2023, 50))
    out["count, before the first"] = count(Bound(2020, 10), Level(2023, 30))
    out["count, mid-year"] = count(stock, Level(2024, 57, elapsed=0.5))
    out["count, two increments"] = count(Level(2018, 5), Increment(2020, 2020, 2), Increment(2022, 2022, 3))
    return out


def together():
    out = {}
    years = levels(SALES[:4], 2020)
    earlier = tuple((2020 + n, part, SALES[n]) for n, part in enumerate([880.0, 900, 960, 1050]))
    gone = float(np.median([part / whole for _, part, whole in earlier]))
    out["nowcast"] = said(*years, Part(2024, 1100.0, gone, earlier))
    out["nowcast, time gone"] = said(*years, Part(2024, 1100.0, 0.5))

    parts = [forecast([v * share for v in SALES[:6]], 4) for share in (0.3, 0.2, 0.4)]
    whole = reconcile(parts, forecast(SALES[:6], 4), n=400)
    out |= {"whole": whole.top, "its first part": whole.bottom[0], "its rest": whole.rest}
    homes = [forecast(y, 4, kind="count") for y in ([5, 6, 8, 9], [3, 3, 4, 6], [10, 12, 12, 15])]
    sums = reconcile(homes, forecast([20.0, 23, 26, 32], 4, kind="count"), n=400)
    out |= {"count, whole": sums.top, "count, its last part": sums.bottom[2], "count, its rest": sums.rest}
    return out


def figures(one):
    """What is printed of a forecast: its ranges, probabilities, and what was assumed and estimated."""
    target = 1.05 * float(one.median[-1])
    sums = one.sample(1000, 1).sum(axis=1)
    return {
        "ranges": [one.quantile(p).tolist() for p in (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)],
        "chances": [[one.prob_at_least(target, h), one.prob_at_most(target, h)] for h in range(1, one.horizon + 1)],
        "sums": np.quantile(sums, [0.1, 0.5, 0.9]).tolist(),
        "parameters": {k: v for k, v in one.parameters.items() if isinstance(v, float | int | str)},
        "residuals": list(one.residuals),
        "nowcast": dict(one.nowcast or {}),
        "n": one.n,
        "last": one.last,
        "refused": [list(pair) for pair in one.refused],
    }


def beside():
    """What is worked out beside forecasts: learned growth, contradictions, what past plans teach."""
    panel = learn_prior_growth(PANEL)
    shares = learn_prior_growth([[40.0, 45, 47], [60.0, 61], [0.0, 101]], bounds=(0, 100), assumed=0.0)
    held = [*levels([1800.0, 1871, 2013], 2020), Growth(2022, 0.2), Bound(2023, 2000.0), Total(2020, 2022, 5900.0)]
    bounded = [*levels(RATE, 2016), Bound(2023, 70.0)]
    learned = experience("")
    ahead = forecast(SALES[:6], 4)
    return {
        "panel": [vars(panel)[k] for k in ("value", "sd", "panel_mean", "panel_se", "weight", "n_series")],
        "panel of shares": [vars(shares)[k] for k in ("value", "sd", "panel_mean", "panel_se", "weight", "n_series")],
        "assumed": [assumed_growth(d, bounded=b) for d in ("up", "down") for b in (False, True)],
        "surprises": list(surprises(held, held, start=2023, last_year=2026)),
        "surprises of shares": list(surprises(bounded, bounded, start=2023, last_year=2026, bounds=(0.0, 100.0))),
        "chances": [
            chance(ahead, goal, h, up=up, learned=learned)
            for goal in (2300.0, 2600.0)
            for h in (1, 4)
            for up in (True, False)
        ],
    }


def now(group):
    made = group()
    return made if group is beside else {name: figures(one) for name, one in made.items()}


GROUPS = (series, named, evidence, counts, together, beside)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_what_was_printed_is_printed_again(group):
    """To six digits, on every machine; random paths by their seeds."""
    found = json.loads(json.dumps(now(group)))
    kept = json.loads(KEPT.read_text("utf-8"))
    if os.environ.get("KEEP"):
        kept[group.__name__] = _rounded(found)
        lines = (f"{json.dumps(name)}: {json.dumps(figures)}" for name, figures in kept.items())
        KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    assert kept[group.__name__].keys() == found.keys()
    for name, one in found.items():
        assert alike(kept[group.__name__][name], one, rel=1e-5, abs=1e-8), name


def _rounded(value):
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value
