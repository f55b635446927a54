"""The tables of a site as files: what a spreadsheet and a program read is what the page shows, and nothing more."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import make_run
import pytest
from openpyxl import load_workbook

from greenreport.errors import RenderError
from greenreport.render import RenderResult, render
from greenreport.render.tables import csv_bytes, read_table, workbook_bytes

NASTY = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    "<b>&amp;</b>",
    '"quoted", 山水\u202e',
    "−5.2%",
    "-3.5",
]


def given(rows: list[list[object]], **column: str) -> dict[str, object]:
    columns = [{"id": "name", "label": "名称", "unit": "", "type": "text"}, {"id": "v", "label": "数值", **column}]
    return {"columns": columns, "rows": rows, "caption": "表题"}


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_table_is_a_file(lang: str, rendered: tuple[Path, RenderResult]) -> None:
    """The table of a page lies in CSV and in the page's workbook: heads, figures as figures, demonstration marked."""
    site = rendered[0] / "site" / lang
    content = (site / "tables" / "city" / "tbl-main.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    table = rows_of(content)
    assert len(table) == 61 and table[1][1:4] == ["1800", "2146", "2400"]
    notice = {"zh": "演示数据，非真实统计", "en": "Demonstration data, not real statistics"}[lang]
    assert {row[-1] for row in table[1:]} == {notice}
    book = load_workbook(site / "city.xlsx")
    assert len(book.sheetnames) == 2
    sheet = book.worksheets[1]
    assert notice in sheet["A2"].value
    assert [cell.value for cell in sheet[3]] == table[0][:-1]
    assert [cell.value for cell in sheet[4]][1:4] == [1800, 2146, 2400]
    assert all(notice in one["A2"].value for one in book.worksheets)


def test_no_cell_is_a_formula() -> None:
    """Texts that a spreadsheet would take for formulas stay texts in both files; figures stay figures."""
    table = read_table(given([[text, 1.5] for text in NASTY]), label="tbl-x", number=1, caption="", lang="zh")
    plain = rows_of(csv_bytes(table, lang="zh", synthetic=False))
    assert [row[0] for row in plain[1:]] == [*(f"'{text}" for text in NASTY[:6]), *NASTY[6:]]
    sheet = load_workbook(
        io.BytesIO(workbook_bytes([table], lang="zh", title="页", facts=[], synthetic=False))
    ).worksheets[1]
    cells = [row[0] for row in sheet.iter_rows(min_row=3)]
    assert [cell.value for cell in cells] == NASTY
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


@pytest.mark.parametrize(("lang", "head"), [("zh", "数值（亿元）"), ("en", "数值 (亿元)")])
def test_units_stand_in_the_head(lang: str, head: str) -> None:
    """A column's unit follows its name in the language's brackets, once."""
    table = read_table(given([["甲", None]], unit="亿元"), label="tbl-x", number=1, caption="", lang=lang)
    assert rows_of(csv_bytes(table, lang=lang, synthetic=False)) == [["名称", head], ["甲", ""]]


def test_sheets_have_names_that_excel_takes() -> None:
    """Long captions, forbidden signs and equal captions give names of 31 characters at most, all different."""
    long = given([["甲", 1]]) | {"caption": "网络零售额：[实绩]/时序*进度?要求" * 4}
    tables = [read_table(long, label=f"tbl-{n}", number=n, caption="", lang="zh") for n in (1, 2, 3)]
    names = load_workbook(
        io.BytesIO(workbook_bytes(tables, lang="zh", title="页", facts=[], synthetic=True))
    ).sheetnames
    assert len(set(names)) == 4 and max(map(len, names)) <= 31


def test_a_row_too_short_is_refused() -> None:
    """Data that don't fit their columns are named, with the row."""
    with pytest.raises(RenderError, match="Row 2"):
        read_table(given([["甲", 1], ["乙"]]), label="tbl-x", number=1, caption="", lang="zh")


def test_what_a_run_leaves_out_goes(tmp_path: Path) -> None:
    """A table that a later run no longer has leaves no file behind, nor does the page's workbook."""
    folder = make_run.small_run(tmp_path / "run")
    render(folder, engine="builtin", formats=["html"])
    path = folder / "notebooks" / "zh" / "city.ipynb"
    nb = json.loads(path.read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        cell["outputs"] = [
            o for o in cell.get("outputs", []) if o.get("metadata", {}).get("greenreport", {}).get("role") != "table"
        ]
        for output in cell["outputs"]:
            if "text/markdown" in output.get("data", {}):
                output["data"]["text/markdown"] = output["data"]["text/markdown"].replace("[@tbl-main]", "下表")
    path.write_text(json.dumps(nb, ensure_ascii=False), encoding="utf-8")
    assert not render(folder, engine="builtin", formats=["html"]).failed
    assert not (folder / "site" / "zh" / "tables" / "city").exists()
    assert not (folder / "site" / "zh" / "city.xlsx").exists()
    assert (folder / "site" / "en" / "city.xlsx").is_file()
