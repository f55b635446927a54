"""Makes the demonstration ledger: synthetic figures for every area, indicator and year, with the mess of real life.

    python data/demo/generate.py [FOLDER]

writes FOLDER/*.csv; the default is the folder of this script.

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
from datetime import date, timedelta
from pathlib import Path
from statistics import NormalDist

from settings import (
    ADDRESS,
    BREAK,
    CENSUS,
    CHANGED,
    COLUMNS,
    COUNTS,
    FLOWS,
    GAP_SHARE,
    GAPS,
    HALF_MISSING,
    HALF_YEARS,
    JUMP,
    LATE,
    LATE_RECORDS,
    MERGED,
    OLD,
    SEED,
    SORTING_CENTRES,
    SOURCE,
    STILL_FLASH,
    SUCCESSOR,
    TYPO,
    UNKNOWN_POPULATION,
    YEARS,
    ZONES,
    Flow,
)

from greenreport.areas import Area, Roster, load_roster
from greenreport.plan import Plan, load_plan

HERE = Path(__file__).resolve().parent
DATA = HERE.parent
NORMAL = NormalDist()


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
    for year, value in SORTING_CENTRES.items():
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
