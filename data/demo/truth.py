"""What is behind the demonstration: the true figures of every area and year, before anything is left out of the ledger.

All areas of a year's roster add up to the city, in 2023 to the plan's baselines. Draws from SEED with the standard
library only; knows nothing of how figures are reported (generate.py does that).
"""

from __future__ import annotations

import csv
import math
import random
from datetime import date
from pathlib import Path
from statistics import NormalDist

from settings import BREAK, CHANGED, JUMP, MERGED, OLD, SEED, SUCCESSOR, UNKNOWN_POPULATION, YEARS, Flow

from greenreport.areas import Area, Roster

NORMAL = NormalDist()
with (Path(__file__).parents[1] / "areas" / "groupings.csv").open(encoding="utf-8") as file:
    GROUPS = {row["code"]: row["group_id"] for row in csv.DictReader(file) if row["version"] == "2020"}


def draw(*key: object) -> random.Random:
    """A stream of its own for each purpose: adding one never moves another."""
    return random.Random(":".join(map(str, (SEED, *key))))


def normal(stream: random.Random) -> float:
    """One standard normal draw."""
    return NORMAL.inv_cdf(min(max(stream.random(), 1e-9), 1 - 1e-9))


def split(total: int, weights: dict[str, float]) -> dict[str, int]:
    """Whole numbers in proportion to the weights that add up to `total` (largest remainders; ties by code)."""
    size = sum(weights.values())
    exact = {k: total * w / size for k, w in weights.items()}
    out = {k: math.floor(v) for k, v in exact.items()}
    left = total - sum(out.values())
    for k in sorted(exact, key=lambda k: (out[k] - exact[k], k))[:left]:
        out[k] += 1
    return out


def weights_of(indicator: str, flow: Flow, roster: Roster) -> dict[int, dict[str, float]]:
    """For each year how much of the city falls to each district: size, growth of its own, and noise."""
    out: dict[int, dict[str, float]] = {y: {} for y in (*YEARS, 2026)}
    for area in roster.on(OLD):
        stream = draw(indicator, area.code)
        size = (area.population or UNKNOWN_POPULATION) * flow.urban[GROUPS[area.code]] * math.exp(0.25 * normal(stream))
        before, after = 0.5 * flow.spread * normal(stream), flow.spread * normal(stream)
        drift = 0.0
        for year in (*YEARS, 2026):
            drift = 0.4 * drift + flow.noise * normal(stream)
            growth = (before if year < 2023 else after) * (year - 2023)
            jump = JUMP.get((indicator, area.code, year), 1.0)
            out[year][area.code] = size * math.exp(growth + (0.0 if year == 2023 else drift)) * jump
    return out


def redrawn(values: dict[str, int]) -> dict[str, int]:
    """Flows of a year on the roster after the change: two districts merge, towns go to and from a third."""
    out = {k: v for k, v in values.items() if k not in MERGED}
    to_changed, from_changed = values[MERGED[1]] // 50, values[CHANGED] // 14
    out[CHANGED] = values[CHANGED] + to_changed - from_changed
    out[SUCCESSOR] = sum(values[m] for m in MERGED) - to_changed + from_changed
    return out


def flow_values(indicator: str, flow: Flow, baseline: float, roster: Roster) -> dict[int, dict[str, int]]:
    """Ticks per year and area, city included, on the roster of the end of each year."""
    weights = weights_of(indicator, flow, roster)
    out = {}
    for year in (*YEARS, 2026):
        total = round((baseline if year == 2023 else flow.city[year]) * flow.ticks)
        parts = split(total, weights[year])
        parts = redrawn(parts) if date(year, 12, 31) >= BREAK else parts
        out[year] = {"500000": total, **parts}
    return out


def count_values(indicator: str, path: dict[int, int], baseline: float, roster: Roster) -> dict[int, dict[str, int]]:
    """Cumulative counts per year and area: each year's new ones fall to districts by size."""
    steps = dict(sorted((path | {2023: round(baseline)}).items()))
    have = dict.fromkeys((a.code for a in roster.on(OLD)), 0)
    stream, out, before = draw(indicator), {}, 0
    for year, total in steps.items():
        for _ in range(total - before):
            weights = {a.code: count_weight(a, have[a.code], roster) for a in roster.on(OLD)}
            have[stream.choices(list(weights), list(weights.values()))[0]] += 1
        before = total
        parts = dict(have)
        if date(year, 12, 31) >= BREAK:
            parts[SUCCESSOR] = sum(parts.pop(m) for m in MERGED)
        out[year] = {"500000": total, **parts}
    return out


def count_weight(area: Area, have: int, roster: Roster) -> float:
    """How likely the next one is to stand in this district."""
    urban = {"core": 1.6, "new_metropolitan": 1.0, "north_east": 0.7, "south_east": 0.6}
    size = (area.population or UNKNOWN_POPULATION) * urban[GROUPS[area.code]]
    return size / (1 + 0.5 * have)
