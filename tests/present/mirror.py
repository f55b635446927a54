"""The same plan twice: once upwards, once upside down (every share v becomes 100 − v), for tests of falling indicators."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from greenreport.assess import Evidence, assess
from greenreport.assess.model import Assessment
from greenreport.observations import COLUMNS

YEARS = range(2017, 2026)
CASES = {
    # what the case is about: the level of each year from 2017 to 2025, the targets of 2027 and 2030
    "behind": ([30.0, 30.6, 31.1, 31.8, 32.2, 32.9, 33.4, 33.9, 34.5], (45.0, 55.0)),
    "in_time": ([30.0, 31.6, 33.1, 34.8, 36.2, 37.9, 39.4, 41.9, 44.5], (46.0, 50.0)),
    "met": ([30.0, 31.6, 33.1, 34.8, 36.2, 37.9, 39.4, 42.9, 47.5], (46.0, 60.0)),
    "back": ([40.0, 40.5, 41.1, 41.0, 41.9, 42.0, 42.4, 41.9, 41.5], (46.0, 50.0)),
    "held": ([50.0, 50.2, 50.1, 50.3, 50.2, 50.4, 50.6, 50.9, 51.2], (50.0, 50.0)),
}
BASE = 2023


def _plan(down: bool) -> str:
    def level(value: float) -> float:
        return round(100 - value, 1) if down else value

    lines = [
        "id: mirror",
        "title: {zh: 镜像规划, en: Mirror plan}",
        "area: W",
        "period: [2024, 2027]",
        'units: [{id: percent, zh: "%", en: "%", decimals_zh: 1, decimals_en: 1}]',
        "indicators:",
    ]
    for name, (values, targets) in CASES.items():
        base = values[BASE - YEARS[0]]
        lines += [
            f"  - id: {name}",
            f"    name: {{zh: 指标{name}, en: Indicator {name}}}",
            "    unit: percent",
            "    kind: share",
            f"    direction: {'down' if down else 'up'}",
            f"    baseline: {{year: {BASE}, value: {level(base)}}}",
            "    targets:",
            *(
                f"      - {{year: {year}, value: {level(value)}, hold: {str(name == 'held').lower()}}}"
                for year, value in zip((2027, 2030), targets, strict=True)
            ),
            "    allocation: same",
        ]
    return "\n".join(lines) + "\n"


def evidence(folder: Path, *, down: bool) -> Evidence:
    """The plan with its roster and ledger, written into a folder and read back."""
    for name in ("plan", "areas", "data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "plan/plan.yaml").write_text(_plan(down), "utf-8")
    (folder / "areas/areas.csv").write_text(
        "code,name_zh,name_en,kind,parent\nW,某省,The Province,whole,\nP,甲市,Alpha,city part,W\n", "utf-8"
    )
    (folder / "data/ledger.toml").write_text('title = {zh = "台账", en = "Ledger"}\n', "utf-8")
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, (values, _) in CASES.items():
        for area in ("W", "P"):
            for year, value in zip(YEARS, values, strict=True):
                shown = round(100 - value, 1) if down else value
                row = {"indicator": name, "area": area, "period": year, "value": shown, "unit": "%", "kind": "observed"}
                row |= {"vintage": f"{year + 1}-03-01", "source": "S", "grade": "A"}
                writer.writerow([row.get(c, "") for c in COLUMNS])
    (folder / "data/figures.csv").write_text(out.getvalue(), "utf-8")
    return Evidence.load(plan=folder / "plan", areas=folder / "areas", data=folder / "data", as_of="2026-06-30")


def both(folder: Path) -> dict[bool, tuple[Evidence, Assessment]]:
    """By whether it falls: the evidence, and what is found of the whole."""
    made = {down: evidence(folder / ("down" if down else "up"), down=down) for down in (False, True)}
    return {down: (found, assess(found, area="W")) for down, found in made.items()}
