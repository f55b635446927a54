"""A cell of the workbook is taken only where it is understood whole; what is not taken is told with its cell and remedy."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from filled import PLAN, fill
from helpers import greenreport

from greenreport import begin
from greenreport.begin.draft import Draft
from greenreport.begin.summary import summary
from greenreport.errors import DataError
from greenreport.run import checking

TODAY = dt.date(2026, 7, 1)
NAMES = {"Title in English": "Store plan", "Name of the whole in English": "The Group"}
ENGLISH = NAMES | {key: value for key, value in PLAN.items() if "Year" in key or "year" in key or "known" in key}
KINDS = {"share": ("%", "share", "up"), "energy": ("kWh/m2", "level", "down"), "points": ("points", "count", "up")}
KINDS |= {"waste": ("tonnes", "amount", "down")}
FIRST = {"share": 20, "energy": 197, "points": 4, "waste": 50}
GOAL = {"share": 40, "energy": 170, "points": 9, "waste": 40}


def book(
    path: Path,
    *,
    plan: dict[str, object] | None = None,
    areas: list[dict[str, object]] | None = None,
    indicators: dict[str, dict[str, object]] | None = None,
    targets: dict[str, dict[str, object]] | None = None,
    figures: dict[str, dict[str, object]] | None = None,
    more: list[dict[str, object]] | None = None,
) -> Path:
    """Two stores with targets of their own for four indicators; the arguments change the rows of the first."""
    rows: dict[str, list[dict[str, object]]] = {"indicators": [], "targets": [], "figures": []}
    for id, (unit, kind, direction) in KINDS.items():
        row = {"Id": id, "Name in English": f"The {id}", "Unit in English": unit, "Type": kind, "Direction": direction}
        rows["indicators"].append(row | {"Baseline year": 2023} | (indicators or {}).get(id, {}))
        for code in ("S1", "S2"):
            mine = code == "S1"
            key = {"Indicator": id, "Area": code}
            rows["targets"].append(key | {"2028": GOAL[id]} | ((targets or {}).get(id, {}) if mine else {}))
            known = {"2023": FIRST[id], "2024": FIRST[id], "2025": FIRST[id] + 1, "Published on": "2026-03-01"}
            rows["figures"].append(key | known | ((figures or {}).get(id, {}) if mine else {}))
    stores = [{"Code": "S1", "Name in English": "Alder store"}, {"Code": "S2", "Name in English": "Birch store"}]
    rows["figures"] += more or []
    return fill(path, plan=ENGLISH | (plan or {}), areas=areas or stores, **rows)


def read(path: Path) -> Draft:
    return begin.read_workbook(path, today=TODAY)


def refused(path: Path) -> list[tuple[str, str]]:
    """The cell and what is said of each problem, which is said in both languages and names the workbook."""
    with pytest.raises(DataError) as caught:
        begin.write(read(path), path.parent / "p")
    assert not (path.parent / "p").exists()
    assert all(p.file == path.name and p.row and p.zh and p.zh != p.en for p in caught.value.problems)
    return [(str(p.field), p.en) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("indicator", "head", "value", "words"),
    [
        ("share", "2024", "22,7%", "227, 22.7"),
        ("share", "2024", "2.5x1", "number"),
        ("share", "2024", "20 to 25", "more than a number"),
        ("share", "2024", 132, "between 0 and 100"),
        ("share", "2024", -3, "between 0 and 100"),
        ("energy", "2024", "190 points", "unit"),
        ("points", "2024", 4.5, "not whole"),
        ("points", "2024", -1, "below 0"),
        ("points", "2025", 3, "say so in the note"),
        ("points", "2024", "four", "number"),
        ("points", "2024", "5万", "unit"),
        ("waste", "2024", -2, "below 0"),
        ("waste", "2024", "=A1", "never evaluated"),
        ("waste", "2024", "2024-05-01", "date"),
        ("share", "Published on", "15/3/26", "four digits"),
        ("share", "Published on", "2026-13-01", "four digits"),
        ("share", "Published on", "0015-03-26", "four digits"),
        ("share", "Published on", "2024-12-31", "cannot be known"),
    ],
)
def test_a_figure_that_is_not_understood_or_cannot_be_is_refused(
    indicator: str, head: str, value: object, words: str, tmp_path: Path
) -> None:
    """No digit is guessed, and nothing that the type of an indicator rules out goes into the ledger."""
    found = refused(book(tmp_path / "plan.xlsx", figures={indicator: {head: value}}))
    row = 3 + 2 * list(KINDS).index(indicator)
    assert len(found) == 1, found
    assert found[0][0].startswith("数据 Figures!")
    assert found[0][0].endswith(str(row))
    assert words in found[0][1]


@pytest.mark.parametrize("people", ["-5", "200000000000", "1.5"])
def test_a_population_out_of_bounds_is_refused_at_once(people: str, tmp_path: Path) -> None:
    """Whether a number lies within bounds is not found out by counting up to them."""
    areas: list[dict[str, object]] = [{"Code": "S1", "Name in English": "Alder store", "Population": people}]
    areas.append({"Code": "S2", "Name in English": "Birch store"})
    assert "99999999999" in refused(book(tmp_path / "plan.xlsx", areas=areas))[0][1]


@pytest.mark.parametrize(
    ("indicator", "value", "read_as", "note"),
    [
        ("share", "22.7%", "22.7", ""),
        ("share", "２２．７", "22.7", ""),
        ("energy", "197 kWh/m2", "197", ""),
        ("waste", "1,250 tonnes", "1250", ""),
        ("waste", "about 48", "48", "rounded"),
    ],
)
def test_a_figure_that_is_understood_is_taken_as_it_is(
    indicator: str, value: object, read_as: str, note: str, tmp_path: Path
) -> None:
    """Width, grouping, a percent sign, the indicator's own unit; what is about right is noted as that."""
    begin.write(read(book(tmp_path / "plan.xlsx", figures={indicator: {"2024": value}})), tmp_path / "p")
    rows = (tmp_path / "p/data/ledger/figures.csv").read_text("utf-8").splitlines()
    (row,) = [r for r in rows if r.startswith(f"{indicator},S1,2024,")]
    assert row.split(",")[3] == read_as
    assert row.split(",")[11] == note


def test_a_level_may_be_below_zero_and_a_count_may_fall_where_the_note_says_why(tmp_path: Path) -> None:
    """What can be true is taken; a fallen count is a warning of the ledger's checks from then on."""
    path = book(
        tmp_path / "plan.xlsx",
        indicators={"energy": {"Unit in English": "°C"}},
        figures={"energy": {"2024": -3}, "points": {"2025": 2, "Note": "two were closed"}},
    )
    _, warnings = begin.write(read(path), tmp_path / "p")
    assert warnings >= 2


@pytest.mark.parametrize(
    ("indicator", "value", "words"),
    [
        ("energy", 900, "write at most 900"),
        ("points", 2, "write at least 2"),
        ("energy", "300 to 250", "worse than the baseline"),
        ("share", 140, "between 0 and 100"),
        ("share", "at least 140", "between 0 and 100"),
        ("share", "22,7", "227, 22.7"),
        ("points", 9.5, "not whole"),
        ("energy", "about 150", "a target is a number"),
        ("energy", "150 tonnes", "unit"),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused(indicator: str, value: object, words: str, tmp_path: Path) -> None:
    """A bare target that asks for less than there was, and numbers that no indicator of the type can reach."""
    found = refused(book(tmp_path / "plan.xlsx", targets={indicator: {"2028": value}}))
    assert len(found) == 1, found
    assert found[0][0].startswith("目标 Targets!")
    assert words in found[0][1]


def test_a_limit_looser_than_the_baseline_is_taken_where_it_is_said_to_be_one(tmp_path: Path) -> None:
    path = book(tmp_path / "plan.xlsx", targets={"energy": {"2028": "at most 900 kWh/m2"}, "points": {"2028": "hold"}})
    draft = read(path)
    own = {(f.indicator, f.area): f.value for f in draft.figures if f.target}
    assert own["energy", "S1"] == 900
    assert own["points", "S1"] == 4


@pytest.mark.parametrize(
    ("change", "cell", "words"),
    [
        ({"plan": {"First year": 24}}, "规划 Plan!B10", "from 1950 to 2100"),
        ({"plan": {"First year": "2024/25"}}, "规划 Plan!B10", "whole number"),
        ({"plan": {"Last year": 2208}}, "规划 Plan!B11", "from 1950 to 2100"),
        ({"plan": {"First year": ""}}, "规划 Plan!B10", "not filled in"),
        ({"plan": {"Title in English": ""}}, "规划 Plan!B2", "title"),
        ({"plan": {"Name of the whole in English": ""}}, "规划 Plan!B5", "name of the whole"),
        ({"indicators": {"points": {"Unit in English": ""}}}, "指标 Indicators!E5", "unit is not given"),
        ({"indicators": {"points": {"Name in English": ""}}}, "指标 Indicators!C5", "name is not given"),
        ({"indicators": {"points": {"Decimals": 9}}}, "指标 Indicators!F5", "from 0 to 6"),
        ({"indicators": {"points": {"Id": "share"}}}, "指标 Indicators!A5", "already"),
        ({"indicators": {"share": {"Baseline": 140}}}, "指标 Indicators!J3", "between 0 and 100"),
        ({"targets": {"share": {"2023": 30}}}, "目标 Targets!", "after the baseline year"),
        ({"targets": {"share": {"Area": ""}}}, "指标 Indicators!J3", "no baseline"),
        ({"figures": {"share": {"2150": 3}}}, "数据 Figures!", "from 1950 to 2100"),
        ({"figures": {"share": {"Area": "Alder stores"}}}, "数据 Figures!B3", "Did you mean Alder store"),
        ({"more": [{"Indicator": "share", "Area": "S1", "2024": 9, "Published on": "2026-03-01"}]}, "数据 Figures!", "same number"),
        ({"areas": [{"Code": "S1", "Name in English": "A"}, {"Code": "S2", "Name in English": "a"}]}, "区域 Areas!C4", "already"),
    ],
)  # fmt: skip
def test_what_is_missing_or_doubled_is_told_at_its_own_cell(
    change: dict[str, object], cell: str, words: str, tmp_path: Path
) -> None:
    """Not at the row's first cell; suggestions are names as they were written."""
    found = refused(book(tmp_path / "plan.xlsx", **change))  # type: ignore[arg-type]
    assert any(where.startswith(cell) and words in said for where, said in found), found


def test_a_figure_under_no_head_is_not_lost(tmp_path: Path) -> None:
    import openpyxl

    path = book(tmp_path / "plan.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook.worksheets[4]["Z3"] = 12
    workbook.save(path)
    assert [where for where, _ in refused(path)] == ["数据 Figures!Z3"]


def test_words_for_what_is_missing_are_taken_and_told(tmp_path: Path) -> None:
    """The summary counts what was read, and names what is not there."""
    words = {"share": {"2024": "n/a"}, "points": {"2024": "缺", "2023": "-"}}
    draft = read(book(tmp_path / "plan.xlsx", figures=words))
    told = "\n".join(text.en for text in summary(draft))
    assert (
        "areas 2, indicators 4, targets of the whole 0, areas' own targets 8, figures 21, blank cells among the figures 3"
        in told
    )
    assert all(f"“{word}”" in told for word in ("n/a", "缺", "-"))
    assert "points/S1" in told
    assert "2024-01-01, the plan's first day" in told
    assert all(text.zh != text.en for text in summary(draft))


def test_the_plans_own_date_and_name_stand_beside_its_targets(tmp_path: Path) -> None:
    """Targets come from the plan, not from the workbook; a date that was not given is marked as one."""
    dated = read(book(tmp_path / "a.xlsx", plan={"Date of the document": "2024-05-11"}))
    undated = read(book(tmp_path / "b.xlsx"))
    assert {(f.source, f.vintage, f.note) for f in dated.figures if f.target} == {
        ("Store plan", dt.date(2024, 5, 11), "")
    }
    assert {f.note for f in undated.figures if f.target} == {"plan_start"}


def test_the_check_of_a_project_is_that_of_its_ledger_too(tmp_path: Path) -> None:
    """What `data check` calls an error `plan check` does not call clean; both work on the project's own ledger."""
    begin.write(read(book(tmp_path / "plan.xlsx")), tmp_path / "p")
    clean = greenreport("data", "check", cwd=tmp_path / "p")
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert "rows checked" in clean.stdout
    assert "检查" not in clean.stdout
    ledger = tmp_path / "p/data/ledger/figures.csv"
    text = ledger.read_text("utf-8")
    spoilt = text.replace("share,S1,2025,21,", "share,S1,2025,132,").replace("points,S1,2025,5,", "points,S1,2025,1,")
    ledger.write_text(spoilt, "utf-8")
    found = checking.check_params(tmp_path / "p/params/report.yaml")
    assert [(f.check, f.severity) for f in found.findings if f.severity == "error"] == [
        ("falling_count", "error"),
        ("share", "error"),
    ]
    told = greenreport("plan", "check", cwd=tmp_path / "p")
    assert told.returncode == 2
    for words in ("132%", "cumulative count", "figures.csv", "累计数"):
        assert words in told.stderr
    assert greenreport("data", "check", cwd=tmp_path / "p").returncode == 2


@pytest.mark.parametrize("address", ["parquet:kept", "kept.duckdb"])
def test_the_check_reads_a_ledger_from_every_kind_of_store(address: str, tmp_path: Path) -> None:
    """A project whose parameter file names another store than a folder of csv is checked like any."""
    begin.write(read(book(tmp_path / "plan.xlsx")), tmp_path / "p")
    made = greenreport("data", "copy", address, "--who", "x", cwd=tmp_path / "p")
    assert made.returncode == 0, made.stderr
    file = tmp_path / "p/params/report.yaml"
    file.write_text(file.read_text("utf-8").replace("data: data/ledger", f"data: {address}"), "utf-8")
    told = greenreport("plan", "check", cwd=tmp_path / "p")
    assert told.returncode == 0, told.stdout + told.stderr


def test_typed_answers_are_read_as_cells_are(tmp_path: Path) -> None:
    """A comma out of place, a share above 100, a year of another century: asked again, never guessed."""
    from greenreport.begin import questions

    unit = {"en": "%"}
    assert [questions._number(text, unit, "share") for text in ("22,7", "140", "-3", "22.7%")] == [
        None,
        None,
        None,
        22.7,
    ]
    assert questions._number("4.5", {"en": "points"}, "cumulative_count") is None
    assert [questions._whole_number(text) for text in ("0026", "2026年", "2205")] == [None, 2026, None]
    for text in ("2028=55x", "2028=22,7", "2028=55,soon", "28=55"):
        assert questions._targets(text, unit, "share") is None
    assert [(t.year, t.value) for t in questions._targets("2028=55，2030：60%", unit, "share") or ()] == [
        (2028, 55),
        (2030, 60),
    ]
    areas = tmp_path / "areas.csv"
    areas.write_text("code,name,population\nA,Alpha,about 5\n", "utf-8")
    with pytest.raises(DataError, match="row 2, field 'population'"):
        questions.areas_of(areas, ("en",))


def test_an_indicators_page_names_where_its_figures_come_from(tmp_path: Path) -> None:
    """The plan of a workbook names no source; those of the figures stand there, the workbook's where there is none."""
    from greenreport import present
    from greenreport.assess import Evidence, assess

    begin.write(
        read(book(tmp_path / "plan.xlsx", figures={"share": {"Source": "Facilities department"}})), tmp_path / "p"
    )
    home = tmp_path / "p/data"
    evidence = Evidence.load(plan=home / "plan", areas=home / "areas", data=home / "ledger", as_of="2026-06-30")
    found = [assess(evidence, area=code) for code in ("S1", "S2")]
    assert {p.grade for one in found for i in one.indicators for p in i.points} == {"R"}
    for lang, words in (("en", "the figures of this report are from"), ("zh", "本报告的数据来自")):
        shown = present.facts_table(evidence.plan.indicator("share"), evidence.plan, lang, districts=found)
        told = next(row for row in shown.html.split("<tr") if words in row)
        assert "Facilities department" in told
        assert "plan.xlsx" in told
