"""What the demonstration looks like: paths of the city, how districts differ, and where the mess is put.

Data for generate.py, which turns them into rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SEED = 20240513
YEARS = range(2019, 2026)
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
    """The city's values from 2019 on; None where the plan gives the value."""
    return {2019 + n: v for n, v in enumerate(values) if v is not None}


FLOWS = {
    # Two mild shocks (2020, 2022), then growth well above the pace that the target needs.
    "online_retail": Flow(
        city=path(1234, 1327, 1478, 1602, None, 2036.8, 2318.4, 2645),
        ticks=100,
        urban={"core": 2.6, "new_metropolitan": 1.0, "north_east": 0.62, "south_east": 0.5},
        spread=0.035,
        noise=0.02,
        half=0.465,
    ),
    # Just about at the pace that the target needs.
    "recycled_volume": Flow(
        city=path(777, 749, 826, 838, None, 956.4, 1018.7, 1081),
        ticks=100,
        urban={"core": 1.1, "new_metropolitan": 1.25, "north_east": 0.75, "south_east": 0.6},
        spread=0.03,
        noise=0.02,
        half=0.48,
    ),
    # A trade-in programme from 2024 carries it past the target.
    "elv_dismantled": Flow(
        city=path(14.8, 14.1, 17.2, 18.9, None, 27.62, 31.18, 33.0),
        ticks=10_000,
        urban={"core": 1.3, "new_metropolitan": 1.15, "north_east": 0.7, "south_east": 0.55},
        spread=0.06,
        noise=0.045,
        half=0.45,
    ),
}
# From the start of each programme; exhibitions are recognised by the city, districts have none of their own.
COUNTS = {
    "green_mall": {2019: 9, 2020: 17, 2021: 27, 2022: 37, 2024: 50, 2025: 56},
    "green_hotel": {2017: 4, 2018: 9, 2019: 14, 2020: 17, 2021: 22, 2022: 26, 2024: 31, 2025: 32},
    "green_expo": {2024: 1, 2025: 3},
}
CITY_ONLY = ("green_expo",)
# Counts of the city in June of the year under way: facts, though no full year's.
COUNTS_JUNE = {"green_mall": 57, "green_hotel": 33, "green_expo": 4}
# The first year for which the city has such a statistic. Districts were asked for the first time with the plan: for 2023.
CITY_FIRST = {"online_retail": 2021, "recycled_volume": 2019, "elv_dismantled": 2019, "green_expo": 2023}
DISTRICT_FIRST = 2023
# Districts that kept books of their own before: indicator and district → first year.
LONG = {
    ("online_retail", "500101"): 2021,
    ("recycled_volume", "500101"): 2019,
    ("elv_dismantled", "500101"): 2019,
    ("elv_dismantled", "500230"): 2019,
}
# Beside the six indicators: a goal of the text that has figures of its own.
SORTING_CENTRES = {2024: 2, 2025: 5}
# Indicators revised after the economic census: the first vintages of these years were higher by this share.
CENSUS = {"online_retail": ({2021, 2022}, 0.018, "2024-12-20")}
# A district whose first figure of a year was typed with a zero too many, and corrected on that day.
TYPO = {("recycled_volume", "500117", 2024): "2025-09-30"}
# Districts whose late records raised a year's figure on that day, by so many per cent.
LATE_RECORDS = {("elv_dismantled", 2024): (("500101", "500118"), 7.5, "2025-11-18")}
# Reported late: visible on 2026-06-30, or only afterwards.
LATE = {("500242", 2025): "2026-06-24", ("500229", 2025): "2026-07-20", ("500238", 2024): "2025-08-29"}
# Still flash figures on 2026-06-30, final later.
STILL_FLASH = ("500113", "500119", "500236", "500240")
# Never reported. One district has no figure for the baseline year, one has sent little since.
NO_BASELINE = "500243"
GAPS = {
    **{(i, "500156"): {2024, 2025} for i in ("online_retail", "elv_dismantled", "green_mall", "green_hotel")},
    ("recycled_volume", "500235"): {2023},
    ("recycled_volume", "500237"): {2025},
    ("elv_dismantled", "500241"): {2024},
    ("online_retail", "500111"): {2024},
    ("green_hotel", "500230"): {2024, 2025},
    ("green_mall", "500151"): {2024},
}
# How often a district left out a figure: the older year is nearly closed, the last one is not.
GAP_SHARE = {2024: 0.05, 2025: 0.08}
# Of this one all districts sent the older year, so that their sum can be checked.
COMPLETE = ("recycled_volume", 2024)
# Published as growth alone ("同比增长8.2%"), no level.
GROWTH_ONLY = {
    ("online_retail", "500114", 2025),
    ("online_retail", "500152", 2025),
    ("online_retail", "500233", 2025),
    ("recycled_volume", "500116", 2025),
    ("elv_dismantled", "500154", 2025),
}
# The same for half a year.
GROWTH_HALF = {("online_retail", "500114", 2026), ("recycled_volume", "500116", 2026)}
# Worded as "more than": indicator, district, year → the round figure below the true one is a multiple of this.
MORE_THAN = {
    ("recycled_volume", "500153", 2025): 1.0,
    ("online_retail", "500120", 2025): 5.0,
    ("green_mall", "500112", 2024): 1.0,
}
# An average over two years and no level of either.
AVERAGE = {("online_retail", "500110"): (2024, 2025)}
# A rate that the district's own levels contradict: per cent over what they give.
CONTRADICTED = {("online_retail", "500106", 2025): 9.0}
# A district with a plan of its own: indicator → targets by year, relative to its figure of 2023.
OWN_TARGETS = {
    "500107": {
        "online_retail": {2027: 1.40},
        "recycled_volume": {2027: 1.30, 2030: 1.45},
        "green_mall": {2027: 2.0},
    }
}
OWN_TARGETS_KNOWN = "2025-03-20"
OWN_SCOPE = "district_plan"
# One jump that nobody corrected.
JUMP = {("elv_dismantled", "500230", 2020): 2.3}
ZONES = {
    "DZ-LJ": (("online_retail", "elv_dismantled"), range(2023, 2025)),
    "DZ-GX": (("online_retail", "recycled_volume"), range(2023, 2026)),
    "DZ-WS": (("online_retail", "elv_dismantled"), range(2023, 2026)),
}
HALF_YEARS = range(2025, 2027)
HALF_MISSING = {("500233", 2026), ("500229", 2026), ("500156", 2025), ("500156", 2026), ("500237", 2025)}
# Stands in for the three counties whose population has no source; sizes a synthetic district, nothing more.
UNKNOWN_POPULATION = 600_000
