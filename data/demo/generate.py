"""Makes the demonstration ledger: synthetic figures for every area, indicator and year, with the mess of real life.

    python data/demo/generate.py [FOLDER]

writes FOLDER/*.csv; the default is the folder of this script.

It looks like what a bureau has at mid-term: the city's figures from the years in which there was such a statistic, the
districts' from the baseline year on and patchy, half-years of two years, rates without levels, "more than", late reports.

Nothing here is real but three things taken from the plan and the roster: the baselines of 2023, which the districts
add up to, the 2020 census populations as rough sizes, and the change of the roster on 2025-11-06. Rerunning writes the
same bytes: only the standard library draws numbers, from SEED. In every year the districts' latest figures add up to
the city's; where some are missing, the city's figure still contains them.
"""

from __future__ import annotations

import csv
import math
import sys
from datetime import date, timedelta
from pathlib import Path

from settings import (
    ADDRESS,
    AVERAGE,
    BREAK,
    CENSUS,
    CITY_FIRST,
    CITY_ONLY,
    COLUMNS,
    COMPLETE,
    CONTRADICTED,
    COUNTS,
    COUNTS_JUNE,
    DISTRICT_FIRST,
    FLOWS,
    GAP_SHARE,
    GAPS,
    GROWTH_HALF,
    GROWTH_ONLY,
    HALF_MISSING,
    HALF_YEARS,
    LATE,
    LATE_RECORDS,
    LONG,
    MERGED,
    MORE_THAN,
    NO_BASELINE,
    OWN_SCOPE,
    OWN_TARGETS,
    OWN_TARGETS_KNOWN,
    SORTING_CENTRES,
    SOURCE,
    STILL_FLASH,
    TYPO,
    YEARS,
    ZONES,
    Flow,
)
from truth import count_values, draw, flow_values, normal, redrawn, split, weights_of

from greenreport.areas import Roster, load_roster
from greenreport.plan import Plan, load_plan

HERE = Path(__file__).resolve().parent
DATA = HERE.parent


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
        scope: str = "",
    ) -> None:
        """One row; `value` in ticks."""
        row = {
            "indicator": indicator,
            "area": area,
            "period": period,
            "value": str(value) if ticks == 1 else f"{value / ticks:.{len(str(ticks)) - 1}f}",
            "unit": unit or self.units[indicator],
            "kind": kind,
            "scope": scope,
            "vintage": vintage,
            "source": SOURCE,
            "source_address": ADDRESS,
            "grade": "S",
            "note": ";".join(notes),
            "growth_pct": "" if growth is None else f"{growth:.1f}",
        }
        self.rows.append(row)

    def rate(
        self, indicator: str, area: str, period: str, growth: float, vintage: str, *, notes: tuple[str, ...] = ()
    ) -> None:
        """A row of growth alone, in per cent."""
        self.add(indicator, area, period, round(growth * 10), vintage, ticks=10, kind="growth", notes=notes, unit="%")


def final_day(area: str, year: int) -> str:
    """When a district's figure of a year became final: spring of the next year, each on its own day."""
    if (area, year) in LATE:
        return LATE[area, year]
    return (date(year + 1, 4, 1) + timedelta(days=draw("final", area, year).randrange(30))).isoformat()


def begins(indicator: str, area: str) -> int:
    """The first year of which an area has a figure."""
    if area == "500000":
        return CITY_FIRST.get(indicator, min(COUNTS.get(indicator, {2023: 0})))
    return LONG.get((indicator, area), DISTRICT_FIRST)


def missing(indicator: str, area: str, year: int) -> bool:
    """Whether an area never reported this year; the city always did."""
    if year < begins(indicator, area):
        return True
    if area == "500000":
        return False
    if area == NO_BASELINE and year == 2023:
        return True
    if year in GAPS.get((indicator, area), ()):
        return True
    told = (indicator, area, year)
    if (
        (indicator, year) == COMPLETE
        or (indicator, area) in LONG
        or told in GROWTH_ONLY | MORE_THAN.keys() | TYPO.keys() | CONTRADICTED.keys()
    ):
        return False
    return draw("gap", indicator, area, year).random() < GAP_SHARE.get(year, 0.0)


def otherwise_told(
    w: Writer, indicator: str, area: str, year: int, values: dict[int, dict[str, int]], day: str
) -> bool:
    """A figure published as a rate, as an average rate, or as "more than", in place of the level; whether it was."""
    value, before = values[year][area], values.get(year - 1, {}).get(area)
    ticks = FLOWS[indicator].ticks if indicator in FLOWS else 1
    if step := MORE_THAN.get((indicator, area, year)):
        unit = round(step * ticks)
        floor = (value - 1) // unit * unit
        w.add(indicator, area, str(year), floor, day, ticks=ticks, notes=("lower_bound",))
        return True
    if (indicator, area, year) in GROWTH_ONLY and before:
        w.rate(indicator, area, str(year), (value / before - 1) * 100, day)
        return True
    if span := AVERAGE.get((indicator, area)):
        if year == span[1]:
            mean = (value / values[span[0] - 1][area]) ** (1 / (span[1] - span[0] + 1)) - 1
            w.rate(indicator, area, f"{span[0]}/{span[1]}", mean * 100, day, notes=("average_growth",))
        return span[0] <= year <= span[1]
    if (more := CONTRADICTED.get((indicator, area, year))) and before:
        w.rate(indicator, area, str(year), (value / before - 1) * 100 + more, day)
    return False


def write_flow(w: Writer, indicator: str, flow: Flow, values: dict[int, dict[str, int]]) -> None:
    """Rows of a flow's full years: flash and final figures, revisions, corrections, late and missing ones."""
    for year in YEARS:
        now = values[year]
        first = first_figures(indicator, year, now)
        growth = None
        if year > begins(indicator, "500000"):
            growth = (now["500000"] / values[year - 1]["500000"] - 1) * 100
        for area, value in now.items():
            if missing(indicator, area, year):
                continue
            own = growth if area == "500000" else None
            late = ("late",) if (area, year) in LATE else ()
            final = f"{year + 1}-05-08" if area == "500000" else final_day(area, year)
            if otherwise_told(w, indicator, area, year, values, final):
                continue
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
    before: dict[str, int] = {}
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
            day = f"{year}-06-30" if newest else f"{year}-07-{draw('july', area, year).randrange(12, 24)}"
            if (indicator, area, year) in GROWTH_HALF:
                w.rate(indicator, area, f"{year}-01/{year}-06", (value / before[area] - 1) * 100, day)
                continue
            w.add(
                indicator,
                area,
                f"{year}-01/{year}-06",
                value,
                day,
                ticks=flow.ticks,
                kind="provisional" if newest else "observed",
                notes=("half_year", "flash") if newest else ("half_year",),
            )
        before = parts


def write_counts(w: Writer, indicator: str, values: dict[int, dict[str, int]]) -> None:
    """Rows of a cumulative count, and the city's in June of the year under way."""
    for year, now in values.items():
        for area, value in now.items():
            if missing(indicator, area, year) or (indicator in CITY_ONLY and area != "500000"):
                continue
            late = ("late",) if (area, year) in LATE else ()
            day = f"{year + 1}-05-08" if area == "500000" else final_day(area, year)
            if not otherwise_told(w, indicator, area, year, values, day):
                w.add(indicator, area, str(year), value, day, notes=late)
    june = COUNTS_JUNE[indicator]
    w.add(indicator, "500000", "2026-01/2026-06", june, "2026-06-30", kind="provisional", notes=("half_year", "flash"))


def write_own_targets(w: Writer, values: dict[str, dict[int, dict[str, int]]]) -> None:
    """Targets of districts that have a plan of their own."""
    for area, targets in OWN_TARGETS.items():
        for indicator, years in targets.items():
            ticks = FLOWS[indicator].ticks if indicator in FLOWS else 1
            for year, factor in years.items():
                value = math.ceil(values[indicator][2023][area] / ticks * factor) * ticks
                w.add(
                    indicator,
                    area,
                    str(year),
                    value,
                    OWN_TARGETS_KNOWN,
                    ticks=ticks,
                    kind="target",
                    scope=OWN_SCOPE,
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
    counts = {i: count_values(i, path, baselines[i], roster) for i, path in COUNTS.items()}
    for indicator, values in counts.items():
        write_counts(w, indicator, values)
    write_zones(w, flows)
    write_own_targets(w, flows | counts)
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
