"""Makes the demonstration ledger: synthetic figures for every area, indicator and year, with the mess of real life.

    python data/demo/generate.py [FOLDER]        writes FOLDER/*.csv; default: the folder of this script

Nothing here is real but three things taken from the plan and the roster: the baselines of 2023, which the districts
add up to exactly, the 2020 census populations as rough sizes, and the change of the roster on 2025-11-06. Rerunning
writes the same bytes: only the standard library draws numbers, from SEED. In every year the districts' latest figures
add up to the city's; where some are missing, the city's figure still contains them.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import NormalDist

from greenreport.areas import Area, Roster, load_roster
from greenreport.plan import Plan, load_plan

SEED = 20240513
HERE = Path(__file__).resolve().parent
DATA = HERE.parent
YEARS = range(2016, 2026)
BREAK = date(2025, 11, 6)
OLD, NEW = date(2024, 12, 31), date(2025, 12, 31)
SUCCESSOR, MERGED, CHANGED = "500157", ("500105", "500112"), "500109"
SOURCE = "演示数据生成脚本"
ADDRESS = "data/demo/generate.py"
COLUMNS = (
    *("indicator", "area", "period", "value", "unit", "kind", "scope", "vintage"),
    *("source", "source_address", "grade", "note", "growth_pct"),
)
NORMAL = NormalDist()


@dataclass(frozen=True)
class Flow:
    """A yearly flow: the city's path (its value of the baseline year comes from the plan) and how districts differ.

    `ticks` is how many of the smallest steps make one unit. `urban` is how much more of it falls to a head of the
    central city than to one elsewhere. `spread` is the spread of the districts' yearly growth about the city's,
    `noise` that of a single year, `half` the share of the first half-year.
    """

    city: dict[int, float]
    ticks: int
    urban: dict[str, float]
    spread: float
    noise: float
    half: float


def path(*values: float | None) -> dict[int, float]:
    """The city's values from 2016 on; None where the plan gives the value."""
    return {2016 + n: v for n, v in enumerate(values) if v is not None}


FLOWS = {
    # Two mild shocks (2020, 2022), then growth well above the pace that the target needs.
    "online_retail": Flow(
        city=path(905, 1004, 1112, 1234, 1327, 1478, 1602, None, 2036.8, 2318.4, 2645),
        ticks=100,
        urban={"core": 2.6, "new_metropolitan": 1.0, "north_east": 0.62, "south_east": 0.5},
        spread=0.035,
        noise=0.02,
        half=0.465,
    ),
    # Just about at the pace that the target needs.
    "recycled_volume": Flow(
        city=path(612, 668, 721, 777, 749, 826, 838, None, 956.4, 1018.7, 1081),
        ticks=100,
        urban={"core": 1.1, "new_metropolitan": 1.25, "north_east": 0.75, "south_east": 0.6},
        spread=0.03,
        noise=0.02,
        half=0.48,
    ),
    # A trade-in programme from 2024 carries it past the target.
    "elv_dismantled": Flow(
        city=path(9.6, 11.1, 12.9, 14.8, 14.1, 17.2, 18.9, None, 27.62, 31.18, 33.0),
        ticks=10_000,
        urban={"core": 1.3, "new_metropolitan": 1.15, "north_east": 0.7, "south_east": 0.55},
        spread=0.06,
        noise=0.045,
        half=0.45,
    ),
}
COUNTS = {
    "green_mall": {2016: 6, 2017: 9, 2018: 13, 2019: 18, 2020: 22, 2021: 30, 2022: 37, 2024: 50, 2025: 56},
    "green_hotel": {2016: 9, 2017: 12, 2018: 15, 2019: 18, 2020: 19, 2021: 23, 2022: 26, 2024: 31, 2025: 32},
    "green_expo": {2024: 1, 2025: 3},
}
# Indicators revised after the economic census: the first vintages of these years were higher by this share.
CENSUS = {"online_retail": ({2020, 2021, 2022}, 0.018, "2024-12-20")}
# A district whose first figure of a year was typed with a zero too many, and corrected on that day.
TYPO = {("recycled_volume", "500117", 2021): "2022-09-30"}
# Districts whose late records raised a year's figure on that day, by so many per cent.
LATE_RECORDS = {("elv_dismantled", 2024): (("500101", "500118"), 7.5, "2025-11-18")}
# Reported late: visible on 2026-06-30, or only afterwards.
LATE = {("500242", 2025): "2026-06-24", ("500229", 2025): "2026-07-20", ("500238", 2024): "2025-08-29"}
# Still flash figures on 2026-06-30, final later.
STILL_FLASH = ("500113", "500119", "500236", "500240")
# Never reported.
GAPS = {
    ("online_retail", "500243"): {2016, 2017, 2018},
    ("elv_dismantled", "500241"): set(range(2016, 2023)),
    ("recycled_volume", "500237"): {2025},
    ("recycled_volume", "500235"): {2024},
    ("online_retail", "500151"): {2019},
    ("green_hotel", "500230"): {2024, 2025},
    ("green_mall", "500156"): {2018, 2019},
}
GAP_SHARE = 0.02
# One jump that nobody corrected.
JUMP = {("elv_dismantled", "500230", 2020): 2.3}
ZONES = {
    "DZ-LJ": (("online_retail", "elv_dismantled"), range(2019, 2025)),
    "DZ-GX": (("online_retail", "recycled_volume"), range(2019, 2026)),
    "DZ-WS": (("online_retail", "elv_dismantled"), range(2020, 2026)),
}
HALF_YEARS = range(2022, 2027)
HALF_MISSING = {("500114", 2026), ("500233", 2026), ("500229", 2026), ("500238", 2024)}
# Stands in for the three counties whose population has no source; sizes a synthetic district, nothing more.
UNKNOWN_POPULATION = 600_000


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
        group = roster.group_of(area.code, "2020").id
        size = (area.population or UNKNOWN_POPULATION) * flow.urban[group] * math.exp(0.25 * normal(stream))
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
    """Cumulative counts per year and area: each year's new ones fall to districts by size, those without one first."""
    steps = dict(sorted((path | {2023: round(baseline)}).items()))
    have = dict.fromkeys((a.code for a in roster.on(OLD)), 0)
    stream, out, before = draw(indicator), {}, 0
    for year, total in steps.items():
        for _ in range(total - before):
            weights = {a.code: count_weight(indicator, a, have[a.code], roster) for a in roster.on(OLD)}
            have[stream.choices(list(weights), list(weights.values()))[0]] += 1
        before = total
        parts = dict(have)
        if date(year, 12, 31) >= BREAK:
            parts[SUCCESSOR] = sum(parts.pop(m) for m in MERGED)
        out[year] = {"500000": total, **parts}
    return out


def count_weight(indicator: str, area: Area, have: int, roster: Roster) -> float:
    """How likely the next one is to stand in this district."""
    urban = {"core": 1.6, "new_metropolitan": 1.0, "north_east": 0.7, "south_east": 0.6}
    size = (area.population or UNKNOWN_POPULATION) * urban[roster.group_of(area.code, "2020").id]
    return size / (1 + (1.5 if indicator == "green_mall" else 1.0) * have) ** 1.5


class Writer:
    """Collects rows of the ledger."""

    def __init__(self, plan: Plan) -> None:
        self.units = {i.id: i.unit.zh for i in plan.indicators}
        self.rows: list[dict[str, str]] = []

    def add(
        self,
        indicator: str,
        area: str,
        period: str,
        value: int,
        vintage: str,
        *,
        ticks: int = 1,
        kind: str = "observed",
        notes: tuple[str, ...] = (),
        growth: float | None = None,
        unit: str = "",
    ) -> None:
        """One row; `value` in ticks."""
        row = {
            "indicator": indicator,
            "area": area,
            "period": period,
            "value": str(value) if ticks == 1 else f"{value / ticks:.{len(str(ticks)) - 1}f}",
            "unit": unit or self.units[indicator],
            "kind": kind,
            "scope": "",
            "vintage": vintage,
            "source": SOURCE,
            "source_address": ADDRESS,
            "grade": "S",
            "note": ";".join(notes),
            "growth_pct": "" if growth is None else f"{growth:.1f}",
        }
        self.rows.append(row)


def final_day(area: str, year: int) -> str:
    """When a district's figure of a year became final: spring of the next year, each on its own day."""
    if (area, year) in LATE:
        return LATE[area, year]
    return (date(year + 1, 4, 1) + timedelta(days=draw("final", area, year).randrange(30))).isoformat()


def missing(indicator: str, area: str, year: int) -> bool:
    """Whether a district never reported this year; never the baseline year, never the city."""
    if area == "500000" or year == 2023:
        return False
    if year in GAPS.get((indicator, area), ()):
        return True
    return year != 2025 and draw("gap", indicator, area, year).random() < GAP_SHARE


def write_flow(w: Writer, indicator: str, flow: Flow, values: dict[int, dict[str, int]]) -> None:
    """Rows of a flow's full years: flash and final figures, revisions, corrections, late and missing ones."""
    for year in YEARS:
        now = values[year]
        first = first_figures(indicator, year, now)
        growth = None
        if year > YEARS[0]:
            growth = (now["500000"] / values[year - 1]["500000"] - 1) * 100
        for area, value in now.items():
            if missing(indicator, area, year):
                continue
            own = growth if area == "500000" else None
            late = ("late",) if (area, year) in LATE else ()
            final = f"{year + 1}-05-08" if area == "500000" else final_day(area, year)
            flash = draw("flash", indicator, area, year)
            if area == "500000" or (flash.random() < 0.35 and not late) or (area in STILL_FLASH and year == 2025):
                guess = round(first[area] * (1 + 0.012 * normal(flash)))
                day = f"{year + 1}-02-{20 if area == '500000' else flash.randrange(10, 20)}"
                w.add(indicator, area, str(year), guess, day, ticks=flow.ticks, kind="provisional", notes=("flash",))
            if area in STILL_FLASH and year == 2025:
                final = f"2026-09-{draw('still', area).randrange(10, 20)}"
            typo = TYPO.get((indicator, area, year))
            w.add(
                indicator,
                area,
                str(year),
                first[area] * (10 if typo else 1),
                final,
                ticks=flow.ticks,
                notes=late,
                growth=own,
            )
            if typo:
                w.add(indicator, area, str(year), value, typo, ticks=flow.ticks, notes=("corrected",))
            elif first[area] != value:
                census = year in CENSUS.get(indicator, (set(), 0.0, ""))[0]
                day = CENSUS[indicator][2] if census else LATE_RECORDS[indicator, year][2]
                note = "census_revision" if census else "late_records"
                w.add(indicator, area, str(year), value, day, ticks=flow.ticks, notes=(note,), growth=own)


def first_figures(indicator: str, year: int, now: dict[str, int]) -> dict[str, int]:
    """What was final before a revision; districts add up to the city before it as they do after."""
    years, share, _ = CENSUS.get(indicator, (set(), 0.0, ""))
    out = dict(now)
    if year in years:
        for area in now:
            if area != "500000":
                stream = draw("census", indicator, area, year)
                out[area] = round(now[area] * (1 + max(0.0, share * (1 + 0.8 * normal(stream)))))
    for area in LATE_RECORDS.get((indicator, year), ((), 0.0, ""))[0]:
        out[area] = round(now[area] / (1 + LATE_RECORDS[indicator, year][1] / 100))
    out["500000"] = sum(v for a, v in out.items() if a != "500000")
    return out


def write_halves(w: Writer, indicator: str, flow: Flow, roster: Roster) -> None:
    """First half-years, on the roster of their June; the newest is a flash figure known on its last day."""
    weights = weights_of(indicator, flow, roster)
    baseline = {2023: next(i.baseline.value for i in load_plan(DATA / "plan").indicators if i.id == indicator)}
    for year in HALF_YEARS:
        year_value = split(round((baseline | flow.city)[year] * flow.ticks), weights[year])
        parts = {}
        for area, value in year_value.items():
            usual = flow.half + 0.01 * normal(draw("share", indicator, area))
            parts[area] = round(value * (usual + 0.006 * normal(draw("half", indicator, area, year))))
        if date(year, 6, 30) >= BREAK:
            parts = redrawn(parts)
        newest = year == HALF_YEARS[-1]
        for area, value in {"500000": sum(parts.values()), **parts}.items():
            if (area, year) in HALF_MISSING:
                continue
            w.add(
                indicator,
                area,
                f"{year}-01/{year}-06",
                value,
                f"{year}-06-30" if newest else f"{year}-07-{draw('july', area, year).randrange(12, 24)}",
                ticks=flow.ticks,
                kind="provisional" if newest else "observed",
                notes=("half_year", "flash") if newest else ("half_year",),
            )


def write_counts(w: Writer, indicator: str, values: dict[int, dict[str, int]]) -> None:
    """Rows of a cumulative count."""
    for year, now in values.items():
        for area, value in now.items():
            if missing(indicator, area, year):
                continue
            late = ("late",) if (area, year) in LATE else ()
            w.add(
                indicator,
                area,
                str(year),
                value,
                f"{year + 1}-05-08" if area == "500000" else final_day(area, year),
                notes=late,
            )


def write_zones(w: Writer, values: dict[str, dict[int, dict[str, int]]]) -> None:
    """A few figures of the zone bodies; they are part of their districts' figures and never added up."""
    host = {"DZ-LJ": (MERGED, 0.55), "DZ-GX": (("500106", "500107"), 0.3), "DZ-WS": (("500110",), 0.22)}
    for zone, (indicators, years) in ZONES.items():
        codes, share = host[zone]
        for indicator in indicators:
            for year in years:
                part = share * (1 + 0.05 * normal(draw("zone", zone, indicator, year)))
                value = round(sum(values[indicator][year][c] for c in codes) * part)
                w.add(
                    indicator,
                    zone,
                    str(year),
                    value,
                    f"{year + 1}-04-25",
                    ticks=FLOWS[indicator].ticks,
                    notes=("overlap",),
                )


def main(folder: Path) -> None:
    """Write one csv per indicator into `folder`."""
    plan, roster = load_plan(DATA / "plan"), load_roster(DATA / "areas")
    baselines = {i.id: i.baseline.value for i in plan.indicators}
    w = Writer(plan)
    flows = {i: flow_values(i, f, baselines[i], roster) for i, f in FLOWS.items()}
    for indicator, flow in FLOWS.items():
        write_flow(w, indicator, flow, flows[indicator])
        write_halves(w, indicator, flow, roster)
    for indicator, path in COUNTS.items():
        write_counts(w, indicator, count_values(indicator, path, baselines[indicator], roster))
    write_zones(w, flows)
    for year, value in {2024: 2, 2025: 5}.items():
        w.add("green_sorting_centre", "500000", str(year), value, f"{year + 1}-05-08", unit="个")
    order = {a.code: n for n, a in enumerate(roster.areas)}
    for indicator in dict.fromkeys(r["indicator"] for r in w.rows):
        rows = [r for r in w.rows if r["indicator"] == indicator]
        rows.sort(key=lambda r: (order[r["area"]], r["period"], r["vintage"]))
        with (folder / f"{indicator}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
