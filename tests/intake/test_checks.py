"""Every check finds what it is for, with its severity, and keeps quiet otherwise."""

from dataclasses import replace
from datetime import date

import pytest

from greenreport.checks import CHECKS, check, check_areas, check_store
from greenreport.level import NEUTRAL
from greenreport.plan import Unit
from greenreport.stores import open_store

COLUMNS = "indicator,area,period,value,unit,kind,scope,vintage,source,source_address,grade,note,growth_pct"


def line(indicator, period, value, *, area="500101", unit=None, kind="observed", vintage=None, note="", grade="A"):
    units = {"online_retail": "亿元", "green_mall": "家", "recycled_volume": "万吨", "elv_dismantled": "万台"}
    known = vintage or f"{int(period[:4]) + 1}-04-30"
    return f"{indicator},{area},{period},{value},{unit or units.get(indicator, '亿元')},{kind},,{known},年报,,{grade},{note},"


def found(tmp_path, plan, roster, *lines):
    """Findings of a single CSV as (check, severity, area, period)."""
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join([COLUMNS, *lines]) + "\n", encoding="utf-8")
    result = check_store(open_store(path), plan=plan, roster=roster)
    for f in result.findings:
        assert f.zh and f.en and f.check in CHECKS
    return [(f.check, f.severity, f.area, f.period) for f in result.findings], result


STEADY = [line("online_retail", str(y), 10 * 1.1 ** (y - 2016)) for y in range(2016, 2026)]


def test_a_steady_series_is_not_complained_about(tmp_path, plan, roster):
    """Ten years at ten per cent give no finding and exit code 0."""
    got, result = found(tmp_path, plan, roster, *STEADY)
    assert got == [] and result.exit_code == 0


def test_the_demonstration_has_no_errors(demo):
    """The shipped synthetic ledger passes: warnings at most, and few."""
    findings = check(demo)
    assert not [f for f in findings if f.severity == "error"] and len(findings) < 50


@pytest.mark.parametrize(
    ("row", "check_id"),
    [
        (line("online_retail", "2025", "abc"), "type"),
        (line("online_retail", "2025", ""), "type"),
        (line("online_retail", "2025", "12", vintage="昨天"), "type"),
        (line("online_retail", "2025", "12", unit="万元"), "unit"),
        (line("online_retail", "2025", "12", area="999999"), "area"),
        (line("online_retail", "2026-01/2026-03", "12", area="500105", vintage="2026-04-30"), "area"),
        (line("online_retail", "2024", "12", area="500157"), "area"),
        (line("online_retial", "2025", "12"), "indicator"),
        (line("online_retail", "2024", STEADY[8].split(",")[3]), "duplicate"),
    ],
)  # fmt: skip
def test_rows_that_no_ledger_may_hold_are_errors(row, check_id, tmp_path, plan, roster):
    """A bad row is told as an error of its kind with file and row, and the others are still checked."""
    jump = line("recycled_volume", "2024", 5), line("recycled_volume", "2025", 5000)
    got, result = found(tmp_path, plan, roster, *STEADY, row, *jump)
    assert (check_id, "error") in {g[:2] for g in got} and result.exit_code == 2
    assert ("unit_slip", "error", "500101", "2025") in got
    strict = next(f for f in result.findings if f.check == check_id)
    assert (strict.file, strict.row) == ("ledger.csv", 12)


def test_levels_below_zero_and_broken_counts_are_errors(tmp_path, plan, roster):
    """Negative values and counts with a fraction are errors of range."""
    got, _ = found(tmp_path, plan, roster, line("online_retail", "2025", -1), line("green_mall", "2025", 2.5))
    assert got == [("range", "error", "500101", "2025")] * 2


def test_a_cumulative_count_that_falls_is_an_error_unless_the_note_says_why(tmp_path, plan, roster):
    """A fall is an error; with the reason in the note it is a warning."""
    up = line("green_mall", "2024", 5)
    assert found(tmp_path, plan, roster, up, line("green_mall", "2025", 4))[0] == [
        ("falling_count", "error", "500101", "2025")
    ]
    assert found(tmp_path, plan, roster, up, line("green_mall", "2025", 4, note="摘牌1家"))[0] == [
        ("falling_count", "warning", "500101", "2025")
    ]


def test_a_jump_beyond_what_history_makes_plausible_is_told(tmp_path, plan, roster):
    """After nine years at ten per cent, +80% is a warning; a hundredfold is an error of unit."""
    for factor, want in ((1.8, ("jump", "warning")), (100, ("unit_slip", "error"))):
        rows = [*STEADY[:-1], line("online_retail", "2025", 10 * 1.1**8 * factor)]
        assert [g[:2] for g in found(tmp_path, plan, roster, *rows)[0]] == [want]


def districts(roster, year, value):
    day = date(int(year[:4]), 12, 31)
    return [line("online_retail", year, value, area=a.code) for a in roster.on(day)]


def test_districts_must_add_up_to_the_city(tmp_path, plan, roster):
    """38 districts of 10 make 380: 390 for the city is a warning, 500 an error, 380 is right."""
    for city, want in ((380, []), (390, [("sum", "warning")]), (500, [("sum", "error")])):
        rows = [*districts(roster, "2024", 10), line("online_retail", "2024", city, area="500000")]
        assert [g[:2] for g in found(tmp_path, plan, roster, *rows)[0]] == want


def test_sums_are_told_in_the_words_of_the_plans_level(tmp_path, plan, roster):
    """A plan of another level has no districts and no city."""
    of_union = replace(plan, level=NEUTRAL)
    rows = [*districts(roster, "2024", 10), line("online_retail", "2024", 390, area="500000")]
    _, result = found(tmp_path, of_union, roster, *rows)
    (one,) = result.findings
    assert "the areas add up to" in one.en and "the plan area’s" in one.en
    assert "各地区合计" in one.zh and "全域数" in one.zh


def test_missing_districts_are_no_error_until_the_others_exceed_the_city(tmp_path, plan, roster):
    """With a district missing the sum may lie below the city but not above."""
    for city, want in ((400, []), (300, [("sum", "warning")])):
        rows = [*districts(roster, "2024", 10)[1:], line("online_retail", "2024", city, area="500000")]
        assert [g[:2] for g in found(tmp_path, plan, roster, *rows)[0]] == want


def test_predecessors_count_where_the_successor_has_no_figure(tmp_path, plan, roster):
    """For 2025 the two abolished districts stand for the new one, and are not counted beside it."""
    whole = districts(roster, "2025", 10)
    old = [line("online_retail", "2025", 10, area=a) for a in ("500105", "500112")]
    without = [r for r in whole if ",500157," not in r]
    city = line("online_retail", "2025", 380, area="500000")
    assert found(tmp_path, plan, roster, *without, *old, city)[0] == []
    city = line("online_retail", "2025", 370, area="500000")
    assert found(tmp_path, plan, roster, *whole, *old, city)[0] == []


def test_part_years_stay_below_the_year(tmp_path, plan, roster):
    """A year to date above the year is an error, above it while provisional a warning; so is a falling one."""
    part = line("online_retail", "2025-01/2025-09", 12, vintage="2025-10-30")
    assert found(tmp_path, plan, roster, part, line("online_retail", "2025", 11))[0] == [
        ("part_year", "error", "500101", "2025-01/2025-09")
    ]
    flash = line("online_retail", "2025", 11, kind="provisional")
    assert found(tmp_path, plan, roster, part, flash)[0] == [("part_year", "warning", "500101", "2025-01/2025-09")]
    earlier = line("online_retail", "2025-01/2025-06", 13, vintage="2025-07-30")
    assert [g[:2] for g in found(tmp_path, plan, roster, part, earlier)[0]] == [("part_year", "error")]


def test_large_restatements_are_told(tmp_path, plan, roster):
    """A revision of 10% is a warning, of 3% nothing; from provisional to final it is only told."""
    first = line("online_retail", "2024", 10)
    again = {v: line("online_retail", "2024", v, vintage="2025-12-01") for v in (11, 10.3)}
    assert [g[:2] for g in found(tmp_path, plan, roster, first, again[11])[0]] == [("restatement", "warning")]
    assert found(tmp_path, plan, roster, first, again[10.3])[0] == []
    flash = line("online_retail", "2024", 10, kind="provisional")
    assert [g[:2] for g in found(tmp_path, plan, roster, flash, again[11])[0]] == [("restatement", "info")]


def test_a_share_above_a_hundred_is_an_error(plan, roster, tmp_path):
    """In a plan with a share, 101% is an error and 100% is not."""
    unit = Unit("percent", "%", "%")
    share = replace(plan.indicators[0], id="green_share", kind="share", additive=False, unit=unit)
    lines = [line("green_share", year, value, unit="%") for year, value in (("2024", 100), ("2025", 101))]
    got, _ = found(tmp_path, replace(plan, indicators=(share,)), roster, *lines)
    assert got == [("share", "error", "500101", "2025")]


def test_many_findings_are_counted_not_dropped(tmp_path, plan, roster, monkeypatch):
    """Beyond the most listed of a kind, how many more there are is said."""
    monkeypatch.setattr("greenreport.checks.plausible._MOST", 3)
    rows = [line("online_retail", str(y), -1) for y in range(2000, 2010)]
    _, result = found(tmp_path, plan, roster, *rows)
    assert sum(f.check == "range" and f.severity == "error" for f in result.findings) == 3
    assert any("7" in f.zh for f in result.findings if f.severity == "info")


def test_a_page_is_checked_from_its_own_rows(demo):
    """The findings of some areas are those of the whole check about these areas, sums included where the city is one."""
    whole = check(demo, as_of=date(2026, 6, 30))
    for areas in (["500101"], ["500101", "500117"], [a.code for a in demo.roster.on(date(2026, 6, 30))] + ["500000"]):
        own = check_areas(demo.as_of(date(2026, 6, 30)), areas, indicators=[i.id for i in demo.plan.indicators])
        assert [f for f in own if f.check == "restatement"] == [
            f for f in whole if f.check == "restatement" and f.area in areas
        ]
    assert own == whole


def test_three_growths_do_not_say_what_is_usual(tmp_path, plan, roster):
    """Two steady years and a tripling are too little history for a jump; seven steady years are enough."""
    short = [line("online_retail", str(y), v) for y, v in zip(range(2022, 2026), (10, 11, 12.1, 36), strict=True)]
    assert found(tmp_path, plan, roster, *short)[0] == []
    long = [*STEADY[:9], line("online_retail", "2025", 10 * 1.1**8 * 3)]
    assert found(tmp_path, plan, roster, *long)[0] == [("jump", "warning", "500101", "2025")]


def test_findings_are_told_in_the_units_of_each_language(tmp_path, plan, roster):
    """1.1406万台 is 11,406 vehicles in English, and a change has its direction in words."""
    _, result = found(
        tmp_path, plan, roster,
        line("elv_dismantled", "2024", 1.1406), line("elv_dismantled", "2024", 1.2261, vintage="2025-11-18"),
    )  # fmt: skip
    told = result.findings[0]
    assert "2024年：由1.1406万台（2025-04-30）修订为1.2261万台（2025-11-18），上调7.5%。" in told.zh
    assert "2024: revised from 11,406 vehicles (2025-04-30) to 12,261 vehicles (2025-11-18), up 7.5%." in told.en
