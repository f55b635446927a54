"""Rows of the ledger are checked strictly, all at once, and every refusal says where and what to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers import ledger_from

from greenreport.areas import Roster
from greenreport.errors import LedgerError
from greenreport.observations import BadRows, Ledger, check, parse_period, rows_digest, rules_of
from greenreport.plan import Plan
from greenreport.stores import open_ledger

HEAD = "indicator,area,period,value,unit,kind,scope,vintage,source,source_address,grade,note,growth_pct"
GOOD = "online_retail,500101,2023,12.5,亿元,observed,,2024-04-10,统计公报,http://example.org,A,,3.1"
FIELDS = HEAD.split(",")


def row(**changes: str) -> str:
    cells = dict(zip(FIELDS, GOOD.split(","), strict=True)) | changes
    return ",".join(cells[f] for f in FIELDS)


@pytest.fixture
def read(tmp_path: Path, plan: Plan, roster: Roster):
    def run(*lines: str, head: str = HEAD, encoding: str = "utf-8", end: str = "\n") -> Ledger:
        path = tmp_path / "part.csv"
        path.write_bytes((end.join((head, *lines)) + end).encode(encoding))
        return open_ledger(path, plan=plan, roster=roster)

    return run


def test_a_good_row_gets_its_types(read) -> None:
    """Numbers become numbers, the vintage a day, the period a year, and the row keeps its place."""
    frame = read(GOOD).frame
    first = frame.iloc[0]
    assert (first["value"], first["growth_pct"], first["year"], first["months"]) == (12.5, 3.1, 2023, 12)
    assert first["vintage"] == pd.Timestamp("2024-04-10")
    assert (first["file"], first["row"]) == ("part.csv", 2)
    assert {*frame.columns} == {*FIELDS, "year", "months", "file", "row"}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"indicator": "online_retial"}, "indicator", ["online_retial", "online_retail"]),
        ({"area": "万州区"}, "area", ["万州区", "500101"]),
        ({"area": "500199"}, "area", ["500199"]),
        ({"area": "500157"}, "area", ["2025-11-06", "2022"]),
        ({"area": "500105", "period": "2026"}, "area", ["2025-11-06", "500157"]),
        ({"period": "2023年"}, "period", ["2023年", "2025-01/2025-09"]),
        ({"period": "2023-13"}, "period", ["2023-13"]),
        ({"period": "2023-09/2023-01"}, "period", ["2023-09/2023-01"]),
        ({"value": ""}, "value", ["没有数值"]),
        ({"value": "约12"}, "value", ["约12", "number"]),
        ({"value": '"1,234"'}, "value", ["1,234"]),
        ({"value": "inf"}, "value", ["inf"]),
        ({"value": "1e999"}, "value", ["1e999"]),
        ({"value": "nan"}, "value", ["nan"]),
        ({"value": "12万"}, "value", ["12万"]),
        ({"value": "1_000"}, "value", ["1_000"]),
        ({"value": "0x10"}, "value", ["0x10"]),
        ({"value": "True"}, "value", ["True"]),
        ({"unit": "万元"}, "unit", ["万元", "亿元"]),
        ({"kind": "estimated"}, "kind", ["estimated", "provisional"]),
        ({"grade": "E"}, "grade", ["E", "A, B, R, C"]),
        ({"vintage": "2024/04/10"}, "vintage", ["2024/04/10", "2024-05-11"]),
        ({"vintage": "2024-02-30"}, "vintage", ["2024-02-30"]),
        ({"vintage": ""}, "vintage", ["2024-05-11"]),
        ({"source": ""}, "source", ["source"]),
        ({"growth_pct": "fast"}, "growth_pct", ["fast"]),
        ({"kind": "growth"}, "unit", ["亿元", "%"]),
    ],
)
def test_a_bad_cell_is_refused(read, changes: dict[str, str], field: str, words: list[str]) -> None:
    """Each kind of mistake names file, row, field, what was read, and what is expected."""
    with pytest.raises(LedgerError) as caught:
        read(GOOD, row(**{"period": "2022", **changes}) if "period" not in changes else row(**changes))
    problems = [p for p in caught.value.problems if p.field == field]
    assert [(p.file, p.row) for p in problems] == [("part.csv", 3)]
    for word in words:
        assert word in f"{problems[0].zh} {problems[0].en}"


def test_all_bad_rows_are_reported_at_once(read) -> None:
    """Thirty bad rows give thirty problems in the order of the file; the message shows 20 and counts the rest."""
    lines = [row(period=str(1990 + n), value="x") for n in range(30)]
    with pytest.raises(BadRows) as caught:
        read(*lines)
    assert [p.row for p in caught.value.problems] == list(range(2, 32))
    assert str(caught.value).count("part.csv") == 40
    assert "另有10处" in str(caught.value)
    assert "10 more" in str(caught.value)
    with pytest.raises(BadRows) as caught:
        read(*lines[:20])
    assert "more" not in str(caught.value)


def test_problems_come_in_the_order_of_the_rows(read) -> None:
    """Whatever the column: who mends a file goes through it from top to bottom."""
    with pytest.raises(BadRows) as caught:
        read(row(value="x"), row(period="2022", indicator="nothing"), row(period="2021", value="y"))
    assert [p.row for p in caught.value.problems] == [2, 3, 4]


def test_a_repeated_key_is_refused_and_a_new_vintage_is_not(read) -> None:
    """One key and vintage may stand once; a later vintage is a correction; a target is another kind of figure."""
    read(GOOD, row(vintage="2024-05-10", value="12.6"), row(kind="target", value="14"))
    with pytest.raises(LedgerError) as caught:
        read(GOOD, row(kind="provisional", value="13"))
    assert [(p.row, p.field) for p in caught.value.problems] == [(3, "vintage")]
    assert "part.csv:2" in str(caught.value)


def test_rows_are_counted_as_a_spreadsheet_counts_them(read) -> None:
    """Blank lines and cells with line breaks do not move the row numbers of what follows."""
    blank, broken = "", row(period="2021", note='"two\nlines"')
    with pytest.raises(LedgerError) as caught:
        read(GOOD, blank, broken, "," * 12, row(period="2020", value="x"))
    assert [p.row for p in caught.value.problems] == [6]
    assert len(read(GOOD, blank, broken, "," * 12).frame) == 2


def test_head_must_be_known_and_complete(read) -> None:
    """An unknown column is answered with the nearest name, a missing or repeated one is named."""
    with pytest.raises(LedgerError, match="vintage"):
        read(GOOD, head=HEAD.replace("vintage", "vintge"))
    with pytest.raises(LedgerError, match="grade"):
        read(head=HEAD.replace(",grade", ""))
    with pytest.raises(LedgerError, match="twice"):
        read(head=HEAD.replace("note", "grade"))
    head = ",".join(f for f in FIELDS if f not in ("scope", "source_address", "note", "growth_pct"))
    assert len(read("online_retail,500101,2023,1,亿元,observed,2024-04-10,x,A", head=head).frame) == 1


def test_rows_that_are_too_long_are_refused(read) -> None:
    """A comma too many shifts cells: the row is named instead of read wrongly, even if every row has it."""
    for lines in ([GOOD, GOOD + ",more"], [GOOD + ",more"]):
        with pytest.raises(LedgerError) as caught:
            read(*lines)
        assert [p.row for p in caught.value.problems] == [len(lines) + 1]


def test_utf_8_is_read_and_gb18030_refused(read) -> None:
    """A byte-order mark and Windows line ends are read; GB18030 is refused with what to do."""
    assert len(read(GOOD, encoding="utf-8-sig").frame) == 1
    assert read(GOOD, end="\r\n").frame["growth_pct"].tolist() == [3.1]
    with pytest.raises(LedgerError, match="UTF-8"):
        read(GOOD, encoding="gb18030")


def test_an_empty_ledger_is_a_ledger(read) -> None:
    """A head without rows is allowed: nothing is known yet."""
    assert read().frame.empty


def folder(tmp_path: Path, toml: str, *lines: str) -> Path:
    (tmp_path / "ledger").mkdir(parents=True)
    (tmp_path / "ledger/ledger.toml").write_text(toml, encoding="utf-8")
    (tmp_path / "ledger/a.csv").write_text("\n".join((HEAD, *lines)) + "\n", encoding="utf-8")
    return tmp_path / "ledger"


TOML = 'synthetic = false\n[title]\nzh = "甲"\nen = "A"\n'


def test_indicators_outside_the_plan_must_be_declared(tmp_path: Path, plan: Plan, roster: Roster) -> None:
    """A context indicator with a name and a unit of the plan may be kept; without, or with the plan's own id, not."""
    line = row(indicator="elv_recycled", area="100000", unit="万辆")
    declared = '[context_indicators.{}]\nzh = "甲"\nen = "A"\nunit = "{}"\n'
    good = TOML + declared.format("elv_recycled", "vehicles_10k_liang")
    ledger = open_ledger(folder(tmp_path / "good", good, line), plan=plan, roster=roster)
    assert ledger.unit("elv_recycled").en == "million vehicles"
    assert ledger.name("elv_recycled").zh == "甲"
    for place, toml, word in (
        ("undeclared", TOML, "context_indicators"),
        ("own", TOML + declared.format("online_retail", "cny_100m"), "online_retail"),
        ("unit", TOML + declared.format("elv_recycled", "vehicle_10k"), "vehicles_10k"),
    ):
        with pytest.raises(LedgerError, match=word):
            open_ledger(folder(tmp_path / place, toml, line), plan=plan, roster=roster)


def test_synthetic_rows_cannot_hide(tmp_path: Path, plan: Plan, roster: Roster) -> None:
    """A row of grade S in a ledger that is not declared synthetic is refused."""
    with pytest.raises(LedgerError, match="synthetic"):
        open_ledger(folder(tmp_path, TOML, row(grade="S")), plan=plan, roster=roster)


def test_unknown_scope_and_key_are_refused(tmp_path: Path, plan: Plan, roster: Roster) -> None:
    """A scope must be described in ledger.toml, and ledger.toml knows no other keys."""
    with pytest.raises(LedgerError, match="scopes"):
        open_ledger(folder(tmp_path, TOML, row(scope="above_quota")), plan=plan, roster=roster)
    (tmp_path / "ledger/ledger.toml").write_text("synthetc = true\n" + TOML, encoding="utf-8")
    with pytest.raises(LedgerError, match="synthetic"):
        open_ledger(tmp_path / "ledger", plan=plan, roster=roster)


def test_missing_ledger_is_explained(tmp_path: Path, plan: Plan, roster: Roster) -> None:
    """A path that leads nowhere and a folder without a head are told apart; one without rows is an empty ledger."""
    with pytest.raises(LedgerError, match="no such ledger"):
        open_ledger(tmp_path / "nowhere", plan=plan, roster=roster)
    with pytest.raises(LedgerError, match=r"ledger\.toml"):
        open_ledger(tmp_path, plan=plan, roster=roster)
    (tmp_path / "ledger.toml").write_text(TOML, encoding="utf-8")
    assert not len(open_ledger(tmp_path, plan=plan, roster=roster).frame)


@pytest.mark.parametrize(
    ("text", "year", "months"),
    [
        ("2023", 2023, 12),
        ("2025-01/2025-09", 2025, 9),
        ("2025-01/2025-12", 2025, 12),
        ("2025-01-01/2025-06-30", 2025, 6),
        ("2025-01", 2025, 1),
        ("2025-02/2025-09", 0, 0),
        ("2024-01/2025-06", 0, 0),
        ("2011/2015", 0, 0),
        ("2020-11-01/2020-11-11", 0, 0),
        ("2020-11-01", 0, 0),
    ],
)
def test_years_and_years_to_date_are_told_from_other_intervals(text: str, year: int, months: int) -> None:
    """A year, a year to date however it is written, and other intervals are told apart."""
    period = parse_period(text)
    assert period is not None
    assert (period.year, period.months) == (year, months)


@pytest.mark.parametrize(
    "text", ["", "23", "2023Q1", "2023-1", "2023/", "2023/2024/2025", "2023-02-30", "2023/2024-05"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    """Anything else is no period."""
    assert parse_period(text) is None


def test_the_digest_follows_contents_not_order_or_place(read, tmp_path: Path, plan: Plan, roster: Roster) -> None:
    """The digest of rows does not change with their order, nor with the place of the file; it does with a value."""
    lines = [GOOD, row(period="2022", value="11"), row(area="500102", value="9")]
    first = read(*lines).frame
    assert rows_digest(read(*reversed(lines)).frame) == rows_digest(first)
    assert rows_digest(first.sample(frac=1, random_state=1)) == rows_digest(first)
    assert rows_digest(read(*lines[:2], row(area="500102", value="9.01")).frame) != rows_digest(first)
    part = first[first["area"] == "500102"]
    assert rows_digest(part) == rows_digest(read(lines[2]).frame)


def test_a_ledger_from_a_frame_is_the_same_ledger(read, plan: Plan, roster: Roster) -> None:
    """Rows that come from a database pass the same checks and give the same digest."""
    frame = pd.DataFrame([dict(zip(FIELDS, line.split(","), strict=True)) for line in (GOOD, row(period="2022"))])
    ledger = ledger_from(frame, plan=plan, roster=roster)
    assert ledger.digest == read(GOOD, row(period="2022")).digest
    with pytest.raises(LedgerError, match="亿元"):
        ledger_from(frame.assign(unit="元"), plan=plan, roster=roster)


def test_many_rows_are_checked_column_by_column(plan: Plan, roster: Roster) -> None:
    """A hundred thousand rows pass, and the two bad ones among them are found in their places."""
    n = 100_000
    days = pd.date_range("1990-01-01", periods=n // 100).strftime("%Y-%m-%d")
    raw = pd.DataFrame(
        {
            "indicator": "online_retail",
            "area": "500101",
            "period": np.tile([str(y) for y in range(1925, 2025)], n // 100),
            "value": "1.5",
            "unit": "亿元",
            "kind": "observed",
            "vintage": np.repeat(days, 100),
            "source": "x",
            "grade": "A",
        }
    )
    assert len(ledger_from(raw, plan=plan, roster=roster).frame) == n
    raw.loc[[70_000, 99_999], "value"] = "?"
    with pytest.raises(LedgerError) as caught:
        ledger_from(raw, plan=plan, roster=roster)
    assert [p.row for p in caught.value.problems] == [70_002, 100_001]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("value", float("inf"), "inf"),
        ("value", float("nan"), "没有数值"),
        ("growth_pct", float("-inf"), "-inf"),
        ("vintage", pd.NaT, "2024-05-11"),
    ],
)
def test_typed_rows_are_judged_as_texts_are(read, plan: Plan, roster: Roster, field: str, value, words: str) -> None:
    """Rows whose numbers and days are typed already pass where the texts pass, and fail in the same field."""
    known = read(GOOD).frame
    rows = known[[*FIELDS, "file", "row"]]
    rules = rules_of(None, plan=plan, roster=roster, name="", synthetic=False)
    assert check(rows, rules).equals(known)
    bad = rows.copy()
    bad.loc[0, field] = value
    with pytest.raises(BadRows) as caught:
        check(bad, rules)
    (problem,) = caught.value.problems
    assert problem.field == field
    assert words in problem.zh
