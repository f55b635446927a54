"""Tables from a grammar: no figure is read that the construction does not hold, and none that it must hold is missed."""

from datetime import date

import openpyxl
import pytest
from grammar import sentences
from tables import as_book, as_csv, made, tables

TABLES = sentences()


def figures(got):
    names = ["indicator", "area", "period"]
    rows = got.rows[[*names, "value"]].astype(dict.fromkeys(names, str))
    return {(i, a, p): round(v, 9) for i, a, p, v in rows.itertuples(index=False)}


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_what_is_read_is_what_was_meant(table, tmp_path, understand):
    """Each table as a workbook, and as a CSV where nothing hangs on merged cells, hidden rows or the sheet's name."""
    paths = [as_book(table, tmp_path / "given.xlsx")]
    if not (table.merges or table.hidden or table.sheet != "Sheet1"):
        paths.append(as_csv(table, tmp_path / "given.csv"))
    for path in paths:
        got = understand(path)
        told = figures(got)
        wrong = {k: v for k, v in told.items() if table.allowed.get(k) != v}
        assert not wrong, path.suffix
        if table.required:
            missing = {k: v for k, v in table.allowed.items() if k not in told}
            assert not missing, [r.reason.zh for r in got.refused]


@pytest.mark.parametrize("table", tables(), ids=lambda t: t.name)
def test_tables_as_they_are_sent_are_read_as_they_were_meant(table, tmp_path, understand):
    """Each table of `tables.txt`, growth included where it is given."""
    for path in made(table, tmp_path):
        got = understand(path, when=date(2026, 7, 15))
        told = {(r.indicator, r.area, r.period): (round(r.value, 9), r.growth_pct) for r in got.rows.itertuples()}
        for key, (value, growth) in told.items():
            assert key in table.allowed, (key, value, path.suffix)
            meant, grown = table.allowed[key]
            same = growth == grown or (growth != growth and grown != grown)
            assert value == meant and (grown is None or same), (key, growth, path.suffix)
        if table.required:
            assert told.keys() == table.allowed.keys(), [r.reason.zh for r in got.refused]


def test_what_is_struck_through_is_not_taken(tmp_path, understand):
    """A figure, or the name beside it, with a line through it may have been withdrawn."""
    book = openpyxl.Workbook()
    for row in (
        ["2025年各区县网络零售额（亿元）"],
        ["区县", "网络零售额"],
        ["万州区", 24.5],
        ["涪陵区", 21],
        ["渝中区", 19.5],
    ):
        book.active.append(row)
    for cell in ("B3", "A4"):
        book.active[cell].font = openpyxl.styles.Font(strike=True)
    book.save(tmp_path / "struck.xlsx")
    got = understand(tmp_path / "struck.xlsx")
    assert figures(got) == {("online_retail", "500103", "2025"): 19.5}
    assert [r.read for r in got.refused][:1] == ["⊘24.5"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "；", "，", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("lead", ["", "sep={}\n", "\n\n"])
def test_any_separator_is_found_under_a_title(mark, encoding, lead, tmp_path, understand):
    """The separator is that of the table, whatever stands over it."""
    rows = f"2025年各区县网络零售额\n单位：亿元\n区县{mark}网络零售额\n万州区{mark}24.5\n涪陵区{mark}21\n"
    path = tmp_path / "given.csv"
    path.write_bytes((lead.format(mark) + rows).encode(encoding))
    assert figures(understand(path)) == {
        ("online_retail", "500101", "2025"): 24.5,
        ("online_retail", "500102", "2025"): 21,
    }


def test_there_are_enough_of_them():
    """At least 150 variations, no two alike."""
    assert len({t.name for t in TABLES}) == len(TABLES) >= 150
