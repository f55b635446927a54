"""What the demonstration looks like: paths of the city, how districts differ, and where the mess is put.

Data for generate.py, which turns them into rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SEED = 20240513
YEARS = range(2016, 2026)
BREAK = date(2025, 11, 6)
OLD = date(2024, 12, 31)
SUCCESSOR, MERGED, CHANGED = "500157", ("500105", "500112"), "500109"
SOURCE = "演示数据生成脚本"
ADDRESS = "data/demo/generate.py"
COLUMNS = (
    *("indicator", "area", "period", "value", "unit", "kind", "scope", "vintage"),
    *("source", "source_address", "grade", "note", "growth_pct"),
)


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
# Beside the six indicators: a goal of the text that has figures of its own.
SORTING_CENTRES = {2024: 2, 2025: 5}
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
