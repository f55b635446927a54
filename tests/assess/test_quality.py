"""How good the figures are: counted from the ledger, flagged by rules that a reader can redo."""

import math
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from helpers import with_figures

from greenreport.assess import Options, quality

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = Options()


@pytest.fixture(scope="module")
def whole(demo):
    return quality(demo, demo.districts, options=OPTIONS, whole=demo.area("500000"))


def of_one(demo, values, indicator="recycled_volume"):
    """A ledger of one district's figures by year."""
    return with_figures(demo, indicator, {("500101", year): value for year, value in values.items()})


def test_a_district_owes_figures_from_the_baseline_year_on_and_none_of_exhibitions(demo, whole):
    """Of five indicators and three years each district owes fifteen; what it has from before counts, gaps there don't."""
    assert "green_expo" not in {c.indicator for c in whole.cells}
    assert {c.year for c in whole.having("missing", "part")} == {2023, 2024, 2025}
    before = {(c.indicator, c.area) for c in whole.cells if c.year < 2023}
    assert before == {(i, "500101") for i in ("online_retail", "recycled_volume", "elv_dismantled")} | {
        ("elv_dismantled", "500230")
    }
    assert sum(c.year >= 2023 for c in whole.cells) == 37 * 5 * 3
    silent = {c.indicator for c in whole.having("part", "missing") if c.area == "500229" and c.year == 2025}
    assert silent == {i.id for i in demo.plan.indicators if i.allocation != "none"}


def test_a_baseline_that_was_never_sent_is_missing(whole):
    """彭水 sent nothing for 2023: five figures of that year are missing from it, none of 2024."""
    missing = [c for c in whole.having("missing") if c.area == "500243"]
    assert sorted(c.year for c in missing) == [2023] * 5


def test_late_and_outstanding_reports_are_those_of_the_plans_years(whole):
    """巫溪's figures of 2024 came in August 2025; 城口's of 2025 had not come by June 2026."""
    assert {(x.area, x.year) for x in whole.late if x.days is not None} == {("500238", 2024), ("500242", 2025)}
    assert ("500229", 2025) in {(x.area, x.year) for x in whole.late if x.days is None}
    assert min(x.year for x in whole.late) >= 2023


def test_restatements_come_largest_first_and_name_their_row(whole):
    """A figure typed with a zero too many is the largest; it was put right on 30 September 2025."""
    first = whole.restatements[0]
    assert (first.area, first.period, first.new_vintage) == ("500117", "2024", date(2025, 9, 30))
    assert first.change_pct == pytest.approx(-90)
    sizes = [abs(r.change_pct) for r in whole.restatements]
    assert sizes == sorted(sizes, reverse=True)


def test_the_jump_that_nobody_corrected_is_flagged_with_its_rule_and_row(whole):
    """丰都's vehicles of 2020 more than doubled and fell back in 2021: one flag, not two."""
    found = [o for o in whole.outliers if o.area == "500230"]
    assert [(o.year, o.rule, o.back) for o in found] == [(2020, "growth_unlike_its_own", True)]
    assert found[0].row.startswith("elv_dismantled.csv:")


def test_a_flag_needs_both_an_unusual_score_and_an_unusual_change(demo):
    """After 10 % a year, 40 % is no flag (1.4 ÷ 1.1 is below 1.5), doubling is (2 ÷ 1.1 = 1.82); the score can be redone."""
    steady = {y: round(100 * 1.1 ** (y - 2016), 2) for y in range(2016, 2026)}
    area = [demo.area("500101")]
    assert not quality(of_one(demo, steady), area, options=OPTIONS).outliers
    small = dict(steady) | {2025: round(steady[2024] * 1.4, 2)}  # 1.4 / 1.1 = 1.27 < 1.5
    assert not quality(of_one(demo, small), area, options=OPTIONS).outliers
    large = dict(steady) | {2025: round(steady[2024] * 2.0, 2)}  # 2.0 / 1.1 = 1.82
    (flag,) = quality(of_one(demo, large), area, options=OPTIONS).outliers
    assert flag.change == pytest.approx(1.0, abs=1e-3)
    values = list(large.values())
    growth = [math.log(b / a) for a, b in pairwise(values)]
    middle = median(growth)
    spread = median(abs(g - middle) for g in growth)
    assert flag.score == pytest.approx(0.6745 * abs(growth[-1] - middle) / spread, rel=1e-6)


def test_a_count_that_falls_is_flagged(demo):
    """A cumulative number of hotels cannot go down."""
    counts = of_one(demo, {2022: 3, 2023: 4, 2024: 3}, "green_hotel")
    (flag,) = quality(counts, [demo.area("500101")], options=OPTIONS).outliers
    assert (flag.rule, flag.year, flag.value) == ("count_fell", 2024, 3)


def test_sums_are_checked_where_every_part_is_known(demo, whole):
    """The demonstration adds up; a whole that is 1 % too large does not."""
    assert whole.sums == ()
    assert whole.sums_compared > 0
    parts = {d.code: 100 / 37 for d in demo.districts if d.code != "500157"}
    parts |= {"500105": 50 / 37, "500112": 50 / 37}
    values = {(area, 2024): round(value, 6) for area, value in {"500000": 101.5, **parts}.items()}
    made = with_figures(demo, "recycled_volume", values)
    found = quality(made, demo.districts, options=OPTIONS, whole=demo.area("500000"))
    assert [(s.indicator, s.year) for s in found.sums] == [("recycled_volume", 2024)]
    assert found.sums[0].gap == pytest.approx(-1.5, abs=1e-3)


def test_the_declared_bridge_is_told_with_its_areas(whole):
    """两江新区 continues 江北区 and 渝北区."""
    assert {(b.successor, b.predecessor) for b in whole.bridges} == {("500157", "500105"), ("500157", "500112")}


def test_the_ledgers_check_stands_on_the_page_of_the_area_that_it_is_about(demo, whole):
    """Hechuan's figure of 321, later 32.1, is told on its page and first of all among all districts; Fuling has none."""
    own = quality(demo, [demo.area("500117")], options=OPTIONS).checked
    assert [(f.check, f.severity, f.area, f.period) for f in own] == [("restatement", "warning", "500117", "2024")]
    assert whole.checked[0] == own[0]
    assert quality(demo, [demo.area("500102")], options=OPTIONS).checked == ()
