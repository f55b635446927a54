"""The demonstration ledger: reproducible, adding up to the plan, and as messy as life."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from greenreport.observations import Ledger, View
from greenreport.plan import Plan

SHARED = ("online_retail", "recycled_volume", "elv_dismantled", "green_mall", "green_hotel")


def annual(view: View, indicator: str, area: str, year: int) -> float | None:
    point = view.series(indicator, area, bridge=False).in_year(year)
    return point.value if point else None


def test_the_script_reproduces_the_files(data: Path, tmp_path: Path) -> None:
    """Running the committed script again writes the committed bytes."""
    subprocess.run([sys.executable, data / "demo/generate.py", tmp_path], check=True)
    made = {p.name: p.read_bytes() for p in tmp_path.glob("*.csv")}
    committed = {p.name: p.read_bytes() for p in (data / "demo").glob("*.csv")}
    assert made == committed


def test_everything_is_marked_synthetic(demo: Ledger) -> None:
    """The ledger says so, every row has grade S, and every note is spelt out."""
    assert demo.synthetic
    assert set(demo.frame["grade"]) == {"S"}
    assert {c for n in demo.frame["note"].unique() for c in n.split(";") if c} == set(demo.notes)


@pytest.fixture(scope="module")
def made(data: Path) -> Iterator[Any]:
    """The script itself: what it knows before anything is left out of the ledger."""
    sys.path.insert(0, str(data / "demo"))
    try:
        yield importlib.import_module("generate")
    finally:
        sys.path.remove(str(data / "demo"))


def test_what_is_behind_the_ledger_adds_up(made: Any, plan: Plan, demo: Ledger) -> None:
    """Before anything is left out, all areas of a year's roster add up to the city, in 2023 to the plan's baseline."""
    baselines = {i.id: i.baseline.value for i in plan.indicators}
    flows = {id: made.flow_values(id, flow, baselines[id], demo.roster) for id, flow in made.FLOWS.items()}
    counts = {id: made.count_values(id, path, baselines[id], demo.roster) for id, path in made.COUNTS.items()}
    assert flows.keys() | counts.keys() == baselines.keys()
    for id, values in (flows | counts).items():
        assert values[2023]["500000"] == round(baselines[id] * (made.FLOWS[id].ticks if id in flows else 1))
        for year in values.values():
            assert sum(v for a, v in year.items() if a != "500000") == year["500000"]


@pytest.mark.parametrize("indicator", SHARED)
def test_districts_add_up_to_the_city_or_fall_short_by_those_that_are_missing(demo: Ledger, indicator: str) -> None:
    """Where all districts of the year's roster have reported, they add up to the city; else they fall short of it."""
    view = demo.as_of(date(2026, 12, 31))
    for year in (2023, 2024, 2025):
        values = [annual(view, indicator, a.code, year) for a in demo.roster.on(date(year, 12, 31))]
        total = sum(v for v in values if v is not None)
        city = annual(view, indicator, "500000", year)
        assert city is not None
        assert sum(v is not None for v in values) > 0.7 * len(values)
        assert total <= city + 1e-9
        if (indicator, year) == ("recycled_volume", 2024):
            assert None not in values
            assert total == pytest.approx(city, abs=1e-9)


def test_the_citys_record_is_that_of_a_bureau(demo_2026: View, plan: Plan) -> None:
    """Series begin where such statistics begin, 2023 is the plan's baseline, 2024 and 2025 are there and final."""
    first = {i.id: demo_2026.series(i.id, "500000").first_year for i in plan.indicators}
    assert first == {
        "online_retail": 2021, "recycled_volume": 2019, "elv_dismantled": 2019,
        "green_mall": 2019, "green_hotel": 2017, "green_expo": 2023,
    }  # fmt: skip
    for i in plan.indicators:
        series = demo_2026.series(i.id, "500000")
        assert annual(demo_2026, i.id, "500000", 2023) == i.baseline.value
        assert series.last_year == 2025
        assert not series.annual[-1].provisional
        assert not [p for p in series.annual if i.doubt(str(p.year), p.kind, p.value)]
        part = series.part_year
        assert part is not None
        assert (part.year, part.months) == (2026, 6)
        assert i.kind != "cumulative_count" or part.value >= series.annual[-1].value


def test_most_districts_have_three_annual_values(demo_2026: View, demo: Ledger) -> None:
    """2023, 2024 and 2025 are what districts have; a few kept books before, some left out a year."""
    districts = demo.roster.on(date(2026, 6, 30))
    for indicator in SHARED:
        known = [len(demo_2026.series(indicator, a.code).annual) for a in districts]
        assert known.count(3) > len(known) / 2
        assert sum(n > 3 for n in known) <= 2
        assert min(known) < 3


def test_exhibitions_are_the_citys_alone(demo: Ledger) -> None:
    """The plan doesn't share them out: no district is asked for them, none has sent any."""
    rows = demo.frame
    assert set(rows[rows["indicator"] == "green_expo"]["area"]) == {"500000"}


def test_every_kind_of_evidence_occurs(demo: Ledger) -> None:
    """Rates without a level (a year, half a year, an average), lower bounds, a rate that levels contradict, own targets."""
    f = demo.frame
    growth = f[f["kind"] == "growth"]
    assert {"2025", "2024/2025", "2026-01/2026-06"} <= set(growth["period"])
    assert set(growth["unit"]) == {"%"}
    averages = growth[growth["note"] == "average_growth"]
    assert set(averages["period"]) == {"2024/2025"}
    levels = set(zip(f["indicator"], f["area"], f["period"], f["kind"], strict=True))
    alone = [
        (i, a, p, "observed") not in levels
        for i, a, p in zip(growth["indicator"], growth["area"], growth["period"], strict=True)
    ]
    assert alone.count(False) == 1
    assert (f["note"] == "lower_bound").sum() == 3
    targets = f[f["kind"] == "target"]
    assert set(targets["area"]) == {"500107"}
    assert set(targets["scope"]) == {"district_plan"}


def test_a_rate_alone_is_the_one_that_the_levels_would_give(made: Any, demo: Ledger, plan: Plan) -> None:
    """黔江's online retail of 2025 is told as growth; it is the growth of the figure left out."""
    baseline = plan.indicator("online_retail").baseline.value
    values = made.flow_values("online_retail", made.FLOWS["online_retail"], baseline, demo.roster)
    f = demo.frame
    row = f[(f["kind"] == "growth") & (f["area"] == "500114") & (f["period"] == "2025")].iloc[0]
    assert row["value"] == pytest.approx((values[2025]["500114"] / values[2024]["500114"] - 1) * 100, abs=0.05)


def test_a_lower_bound_is_below_what_it_bounds(made: Any, demo: Ledger, plan: Plan) -> None:
    """ "More than 20": the true figure behind it is larger, by less than the step it was rounded down to."""
    for (id, area, year), step in made.MORE_THAN.items():
        baseline = plan.indicator(id).baseline.value
        if id in made.FLOWS:
            flow = made.FLOWS[id]
            true = made.flow_values(id, flow, baseline, demo.roster)[year][area] / flow.ticks
        else:
            true = made.count_values(id, made.COUNTS[id], baseline, demo.roster)[year][area]
        f = demo.frame
        told = f[
            (f["indicator"] == id) & (f["area"] == area) & (f["period"] == str(year)) & (f["note"] == "lower_bound")
        ]
        assert 0 < true - float(told["value"].iloc[0]) <= step


def test_counts_never_fall(demo_2026: View, demo: Ledger) -> None:
    """Cumulative counts grow or stay, in every area and across the change of the roster."""
    for indicator in ("green_mall", "green_hotel", "green_expo"):
        series = [demo_2026.series(indicator, area.code).values for area in demo.roster.areas]
        changes = [np.diff(values[~np.isnan(values)]) for values in series]
        assert sum(map(len, changes)) >= (2 if indicator == "green_expo" else 60)
        assert all((change >= 0).all() for change in changes)


def test_each_day_knows_its_year(demo: Ledger) -> None:
    """In the summer of a year the year before is known, and nothing later but the half-year."""
    for year in (2024, 2025, 2026):
        series = demo.as_of(date(year, 6, 30)).series("online_retail", "500000")
        assert series.last_year == year - 1
    assert demo.as_of(date(2023, 12, 31)).series("green_mall", "500000").last_year == 2022


def test_the_roster_break_is_in_the_data(demo_2026: View) -> None:
    """From 2025 on the new district reports in place of its predecessors, and its bridged history begins in 2023."""
    series = demo_2026.series("online_retail", "500157")
    assert [p.year for p in series.annual if not p.bridged] == [2025]
    assert series.first_year == 2023
    assert demo_2026.series("online_retail", "500105").last_year == 2024
    assert demo_2026.series("online_retail", "DZ-LJ").last_year == 2024


def test_gaps_restatements_and_late_figures_occur(demo_2026: View, demo: Ledger) -> None:
    """Missing years, provisional, restated, late and corrected figures, half-years and overlapping zones all occur."""
    notes = {c for n in demo.frame["note"] for c in n.split(";")}
    assert {"flash", "census_revision", "corrected", "late_records", "late", "overlap", "half_year"} <= notes
    typo = demo_2026.series("recycled_volume", "500117").in_year(2024)
    assert typo is not None
    assert typo.restated_from == pytest.approx(10 * typo.value)
    retail = demo_2026.series("online_retail", "500000").in_year(2022)
    assert retail is not None
    assert retail.restated_from is not None
    assert retail.restated_from > retail.value
    districts = [a.code for a in demo.roster.on(date(2026, 6, 30))]
    halves = [demo_2026.series("recycled_volume", a).part_year for a in districts]
    assert 30 <= sum(h is not None for h in halves) < len(districts)
    assert any((p := demo_2026.series("online_retail", a).latest) and p.provisional for a in districts)


def test_one_district_has_no_figure_for_the_baseline_year_and_one_nothing_since(demo_2026: View) -> None:
    """彭水 begins in 2024; 武隆's vehicles end in 2023; 城口's 2025 comes after the cut-off."""
    assert demo_2026.series("online_retail", "500243").first_year == 2024
    assert demo_2026.series("elv_dismantled", "500156").last_year == 2023
    assert demo_2026.series("recycled_volume", "500229").last_year == 2024


def test_half_years_lie_within_their_years(demo_2026: View, demo: Ledger) -> None:
    """Every first half-year is between a third and three fifths of its year, where both are known."""
    series = [demo_2026.series("online_retail", area.code) for area in demo.roster.areas]
    known = [(part.value, one.in_year(part.year)) for one in series for part in one.part_years]
    shares = [half / year.value for half, year in known if year]
    assert len(shares) >= 30
    assert all(1 / 3 < share < 3 / 5 for share in shares)
