"""The demonstration ledger: reproducible, adding up to the plan, and as messy as life."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from greenreport.observations import Ledger, View
from greenreport.plan import Plan

ADDITIVE = ("online_retail", "recycled_volume", "elv_dismantled", "green_mall", "green_hotel", "green_expo")


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


def test_districts_add_up_to_the_plans_baselines(demo_2026: View, plan: Plan, demo: Ledger) -> None:
    """In 2023 all 38 districts and counties report, and their sum is the plan's figure to the last digit."""
    districts = demo.roster.on(date(2023, 12, 31))
    for i in plan.indicators:
        values = [annual(demo_2026, i.id, a.code, 2023) for a in districts]
        assert None not in values
        assert sum(v or 0 for v in values) == pytest.approx(i.baseline.value, abs=1e-9)
        assert annual(demo_2026, i.id, "500000", 2023) == i.baseline.value


@pytest.mark.parametrize("indicator", ADDITIVE)
def test_districts_add_up_to_the_city_in_every_year(demo: Ledger, indicator: str) -> None:
    """Where all districts of the year's roster have reported, they add up to the city; else they fall short of it."""
    view = demo.as_of(date(2026, 12, 31))
    complete = 0
    for year in view.series(indicator, "500000").years.tolist():
        values = [annual(view, indicator, a.code, year) for a in demo.roster.on(date(year, 12, 31))]
        total = sum(v for v in values if v is not None)
        city = annual(view, indicator, "500000", year)
        if None in values:
            assert total <= city + 1e-9
        else:
            complete += 1
            assert total == pytest.approx(city, abs=1e-9)
    assert complete >= 2


def test_revisions_keep_adding_up(demo: Ledger) -> None:
    """Before and after the census revision of 2021 the districts that reported do not exceed the city."""
    for day in (date(2024, 6, 30), date(2025, 6, 30)):
        view = demo.as_of(day)
        values = [annual(view, "online_retail", a.code, 2021) for a in demo.roster.on(date(2021, 12, 31))]
        city = annual(view, "online_retail", "500000", 2021)
        missing = sum(v is None for v in values)
        short = city - sum(v for v in values if v is not None)
        assert short >= -1e-9
        assert missing or short == pytest.approx(0, abs=1e-9)


def test_counts_never_fall(demo_2026: View, demo: Ledger) -> None:
    """Cumulative counts grow or stay, in every area and across the change of the roster."""
    for indicator in ("green_mall", "green_hotel", "green_expo"):
        for area in demo.roster.areas:
            values = demo_2026.series(indicator, area.code).values
            assert (np.diff(values[~np.isnan(values)]) >= 0).all()


def test_each_day_knows_its_year(demo: Ledger) -> None:
    """In the summer of a year the year before is known, and nothing later but the half-year."""
    for year in (2024, 2025, 2026):
        series = demo.as_of(date(year, 6, 30)).series("online_retail", "500000")
        assert series.last_year == year - 1
    assert demo.as_of(date(2023, 12, 31)).series("green_mall", "500000").last_year == 2022


def test_the_roster_break_is_in_the_data(demo_2026: View) -> None:
    """From 2025 on the new district reports in place of its predecessors, and its bridged history begins in 2016."""
    series = demo_2026.series("online_retail", "500157")
    assert [p.year for p in series.annual if not p.bridged] == [2025]
    assert series.first_year == 2016
    assert demo_2026.series("online_retail", "500105").last_year == 2024
    assert demo_2026.series("online_retail", "DZ-LJ").last_year == 2024


def test_the_mess_is_there(demo_2026: View, demo: Ledger) -> None:
    """Missing years, provisional, restated, late and corrected figures, half-years and overlapping zones all occur."""
    notes = {c for n in demo.frame["note"] for c in n.split(";")}
    assert {"flash", "census_revision", "corrected", "late_records", "late", "overlap", "half_year"} <= notes
    typo = demo_2026.series("recycled_volume", "500117").in_year(2021)
    assert typo is not None
    assert typo.restated_from == pytest.approx(10 * typo.value)
    assert len(demo_2026.series("elv_dismantled", "500241").annual) == 3
    part = demo_2026.series("recycled_volume", "500000").part_year
    assert part is not None
    assert (part.year, part.months, part.provisional) == (2026, 6, True)
    districts = [a.code for a in demo.roster.on(date(2026, 6, 30))]
    halves = [demo_2026.series("recycled_volume", a).part_year for a in districts]
    assert 30 <= sum(h is not None for h in halves) < len(districts)
    assert any((p := demo_2026.series("online_retail", a).latest) and p.provisional for a in districts)


def test_half_years_lie_within_their_years(demo_2026: View, demo: Ledger) -> None:
    """Every first half-year is between a third and three fifths of its year, where both are known."""
    for area in demo.roster.areas:
        series = demo_2026.series("online_retail", area.code)
        for part in series.part_years:
            whole = series.in_year(part.year)
            assert whole is None or 1 / 3 < part.value / whole.value < 3 / 5
