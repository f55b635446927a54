"""What was known on a day, and what a series is made of."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from greenreport.areas import Roster
from greenreport.errors import PlanError
from greenreport.observations import Ledger, View
from greenreport.observations.boundary_changes import bridged
from greenreport.plan import Plan
from greenreport.stores import open_ledger

HEAD = "indicator,area,period,value,unit,kind,scope,vintage,source,source_address,grade,note,growth_pct"
UNITS = {"online_retail": "亿元", "green_mall": "家"}


@pytest.fixture
def ledger(tmp_path: Path, plan: Plan, roster: Roster):
    def make(*rows: str) -> Ledger:
        """Rows as "area period value vintage [kind] [grade] [growth] [scope]" of online retail sales."""
        lines = [HEAD]
        for r in rows:
            area, period, value, vintage, kind, grade, growth, scope = (
                *r.split(),
                *("observed", "A", "-", "-")[len(r.split()) - 4 :],
            )
            growth, scope = growth.strip("-") if growth == "-" else growth, scope.strip("-")
            lines.append(f"online_retail,{area},{period},{value},亿元,{kind},{scope},{vintage},src,,{grade},,{growth}")
        path = tmp_path / "l.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return open_ledger(path, plan=plan, roster=roster)

    return make


def known(view: View, area: str = "500000", **options) -> dict[int, float]:
    return {p.year: p.value for p in view.series("online_retail", area, **options).annual}


def test_as_of_shows_what_was_known_on_the_day(ledger) -> None:
    """A vintage counts from its own day on; an earlier view keeps the earlier value, or knows nothing."""
    made = ledger("500000 2022 90 2023-03-01", "500000 2022 95 2024-06-01", "500000 2023 100 2024-03-01")
    assert known(made.as_of(date(2023, 2, 28))) == {}
    assert known(made.as_of(date(2023, 3, 1))) == {2022: 90}
    assert known(made.as_of(date(2024, 5, 31))) == {2022: 90, 2023: 100}
    assert known(made.as_of(date(2024, 6, 1))) == {2022: 95, 2023: 100}


def test_a_restated_point_tells_its_old_value(ledger) -> None:
    """Restated means that a final figure was replaced; a final one after a provisional one is no restatement."""
    view = ledger(
        "500000 2022 90 2023-03-01",
        "500000 2022 95 2024-06-01",
        "500000 2023 99 2024-02-01 provisional",
        "500000 2023 100 2024-03-01",
        "500000 2024 104 2025-02-01 provisional",
    ).as_of(date(2026, 1, 1))
    a, b, c = view.series("online_retail", "500000").annual
    assert (a.restated_from, b.restated_from, c.restated_from) == (90, None, None)
    assert [p.provisional for p in (a, b, c)] == [False, False, True]
    asked = {"areas": ["500000"], "indicators": ["online_retail"]}
    (only,) = view.restatements(**asked)
    assert (only.old, only.new, only.new_vintage) == (90, 95, date(2024, 6, 1))
    assert only.change_pct == pytest.approx(5 / 90 * 100)
    assert view.restatements(**asked | {"areas": ["500101"]}) == ()


def test_gaps_are_nan_between_first_and_last_year(ledger) -> None:
    """Years run without holes from the first to the last full year; a missing one is NaN."""
    series = (
        ledger("500000 2019 1 2020-03-01", "500000 2022 4 2023-03-01")
        .as_of(date(2026, 1, 1))
        .series("online_retail", "500000")
    )
    assert series.years.tolist() == [2019, 2020, 2021, 2022]
    np.testing.assert_array_equal(series.values, [1, np.nan, np.nan, 4])
    assert (series.first_year, series.last_year, series.latest and series.latest.value) == (2019, 2022, 4)
    assert series.in_year(2020) is None


def test_an_unknown_series_is_empty(ledger) -> None:
    """Where nothing is known the series is empty, not an error; an unknown indicator is one."""
    view = ledger("500000 2019 1 2020-03-01").as_of(date(2026, 1, 1))
    empty = view.series("green_mall", "500101")
    assert (len(empty.years), len(empty.values), empty.latest, empty.part_year) == (0, 0, None, None)
    assert view.series("elv_recycled", "100000").points == ()
    assert view.series("green_sorting_centre", "500000").points == ()
    with pytest.raises(PlanError, match="green_mall"):
        view.series("green_mal", "500000")


def test_part_years_stand_beside_full_years(ledger) -> None:
    """A year to date never counts as a year; the newest one is told only if it lies after the last full year."""
    rows = ["500000 2024 10 2025-03-01", "500000 2024-01/2024-06 4 2024-07-15", "500000 2025-01/2025-06 5 2025-07-15"]
    series = ledger(*rows).as_of(date(2025, 12, 1)).series("online_retail", "500000")
    assert series.years.tolist() == [2024]
    assert series.part_year is not None
    assert (series.part_year.year, series.part_year.months, series.part_year.value) == (2025, 6, 5)
    assert [p.year for p in series.part_years] == [2024, 2025]
    full = ledger(*rows, "500000 2025 11 2026-03-01").as_of(date(2026, 4, 1)).series("online_retail", "500000")
    assert full.part_year is None


def test_derived_and_other_kinds_are_no_observations(ledger) -> None:
    """Targets, derived values, means, sums, events and growth rates never appear in a series."""
    kinds = ("target", "derived", "mean", "sum", "event")
    rows = [f"500000 202{n} 7 2025-01-01 {kind}" for n, kind in enumerate(kinds)]
    view = ledger(*rows, "500000 2016 1 2017-03-01").as_of(date(2026, 1, 1))
    assert known(view) == {2016: 1}
    assert view.own_targets == {("online_retail", "500000", 2020): 7}


def test_unconfirmed_figures_wait_outside(ledger) -> None:
    """Grade C is left out unless asked for, and does not push out a confirmed earlier vintage."""
    view = ledger("500000 2023 10 2024-03-01", "500000 2023 12 2024-09-01 observed C").as_of(date(2026, 1, 1))
    assert known(view) == {2023: 10}
    (point,) = view.series("online_retail", "500000", grades=("A", "B", "C")).annual
    assert (point.value, point.unconfirmed) == (12, True)


def test_scopes_are_never_mixed(ledger) -> None:
    """Figures of another coverage form a series of their own, asked for by name."""
    view = ledger(
        "500000 2023 1800 2024-03-01",
        "500000 2023 190 2024-03-01 observed A - above_quota",
        "500000 2022 170 2023-03-01 observed A - above_quota",
    ).as_of(date(2026, 1, 1))
    assert known(view) == {2023: 1800}
    assert known(view, scope="above_quota") == {2022: 170, 2023: 190}


def test_comparable_basis_goes_back_through_published_growth(ledger) -> None:
    """200 after +25 % and +60 %: 160 and 100, whatever levels were published then; nothing beyond a missing rate."""
    view = ledger(
        "500000 2020 55 2021-03-01",
        "500000 2021 90 2022-03-01",
        "500000 2022 155 2023-03-01 observed A 60",
        "500000 2023 200 2024-03-01 observed A 25",
    ).as_of(date(2026, 1, 1))
    series = view.series("online_retail", "500000", basis="comparable")
    assert series.years.tolist() == [2021, 2022, 2023]
    np.testing.assert_allclose(series.values, [100, 160, 200])
    assert [p.kind for p in series.annual] == ["derived", "derived", "observed"]
    assert {p.note for p in series.annual[:2]} == {"comparable"}
    assert known(view)[2022] == 155


def test_nothing_grows_back_from_nothing(ledger) -> None:
    """A fall by 100 % leaves nothing to be reckoned back from: the comparable series begins there."""
    view = ledger(
        "500101 2023 80 2024-03-01", "500101 2024 0 2025-03-01 observed A -100", "500101 2025 9 2026-03-01"
    ).as_of(date(2026, 6, 30))
    assert known(view, "500101", basis="comparable") == {2025: 9}
    fallen = view.ledger.as_of(date(2025, 6, 30))
    assert known(fallen, "500101", basis="comparable") == {2024: 0}


def test_bridge_adds_up_the_predecessors(ledger) -> None:
    """Liangjiang before 2025 is Jiangbei plus Yubei; a year that one of them lacks is a gap; the own figure wins."""
    view = ledger(
        "500105 2022 10 2023-03-01",
        "500112 2022 20 2023-04-01 provisional",
        "500105 2023 11 2024-03-01",
        "500105 2024 12 2025-03-01",
        "500112 2024 24 2025-03-01",
        "500105 2025-01/2025-06 6 2025-07-15",
        "500112 2025-01/2025-06 13 2025-07-16",
        "500157 2025 40 2026-03-01",
    ).as_of(date(2026, 6, 30))
    series = view.series("online_retail", "500157")
    assert known(view, "500157") == {2022: 30, 2024: 36, 2025: 40}
    assert np.isnan(series.values[1])
    first, _, last = series.annual
    assert (first.bridged, first.provisional, first.vintage) == (True, True, date(2023, 4, 1))
    assert first.row.count("l.csv:") == 2
    assert not last.bridged
    assert [(p.value, p.bridged) for p in series.part_years] == [(19, True)]
    assert known(view, "500157", bridge=False) == {2025: 40}


def test_a_bridge_ends_on_its_day(ledger, roster: Roster) -> None:
    """From the first full year of the new area on, its own figures count alone, missing or not."""
    view = ledger("500105 2024 10 2025-03-01", "500105 2025 11 2026-03-01").as_of(date(2026, 6, 30))
    new_year = replace(roster.bridge("500157")[0], from_date=date(2025, 1, 1), predecessor="500105")
    assert [p.year for p in bridged([], [new_year], [view.series("online_retail", "500105")])] == [2024]


def test_rows_of_a_page_include_the_predecessors(ledger) -> None:
    """A page about the new district reads its predecessors' rows, every vintage known on the day, and no others."""
    made = ledger(
        "500105 2022 10 2023-03-01",
        "500105 2022 12 2024-03-01",
        "500112 2022 20 2027-04-01",
        "500157 2025 40 2026-03-01",
        "500101 2022 5 2023-03-01",
    )
    rows = made.as_of(date(2026, 6, 30)).rows(areas=["500157"])
    assert sorted(zip(rows["area"], rows["value"], strict=True)) == [("500105", 10), ("500105", 12), ("500157", 40)]
    assert [*rows.columns] == [*made.frame.columns] and [*rows.index] == [0, 1, 2]


def test_gaps_and_late_reporters_are_found_where_they_are(demo_2026: View, demo: Ledger) -> None:
    """The demonstration's gaps, late and missing reporters are found where its script put them."""
    view = demo_2026
    table = view.coverage(
        areas=["500243", "500157", "500237", "500241"], indicators=["online_retail"], years=[2023, 2025]
    )
    status = {(r.area, r.year): r.status for r in table.itertuples()}
    assert status["500243", 2023] == "missing"
    assert (status["500157", 2023], status["500157", 2025]) == ("bridged", "observed")
    areas = [a.code for a in demo.roster.on(view.day)]
    late = view.late(areas=areas, indicators=["online_retail"], years=[2025])
    assert {(x.area, x.vintage) for x in late if x.days is not None} == {("500242", date(2026, 6, 24))}
    never = {x.area for x in late if x.days is None}
    assert never >= {"500229", "500156", "500114"}  # not yet, not since the baseline, a rate without a level
    assert all(x.days is None or x.days > 45 for x in late)


def test_the_usual_day_is_the_median_of_those_who_reported(ledger) -> None:
    """Of an even number the earlier middle one: three in spring, one in autumn, one not at all."""
    days = {"500101": "2025-03-01", "500102": "2025-03-11", "500103": "2025-03-21", "500104": "2025-10-01"}
    view = ledger(*(f"{area} 2024 1 {day}" for area, day in days.items())).as_of(date(2026, 6, 30))
    late = view.late(areas=[*days, "500106"], indicators=["online_retail"], years=[2024])
    assert [(x.area, x.usual, x.days) for x in late] == [
        ("500104", date(2025, 3, 11), 204),
        ("500106", date(2025, 3, 11), None),
    ]


def test_a_series_is_found_without_searching(demo_2026: View, demo: Ledger) -> None:
    """Each indicator and area has its own slice of the sorted rows; together the slices are all rows, once."""
    slices = sorted(demo_2026._slices.values())
    assert slices[0][0] == 0
    assert all(a[1] == b[0] for a, b in pairwise(slices))
    assert slices[-1][1] == (demo.frame["vintage"] <= "2026-06-30").sum()


def test_ledgers_and_views_travel_between_processes(demo_2026: View) -> None:
    """A view survives pickling: pages may be assessed side by side in several processes."""
    copy = pickle.loads(pickle.dumps(demo_2026))
    assert copy.series("online_retail", "500157") == demo_2026.series("online_retail", "500157")
    assert copy.ledger.digest == demo_2026.ledger.digest
