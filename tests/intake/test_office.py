"""Workbooks as Excel, WPS and LibreOffice write them: texts stand in one table of the file, not in the cells.

openpyxl, which makes the workbooks of other tests, writes them into the cells.
"""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from greenreport.intake.sheets import Grid, open_grids

CASES = sorted((Path(__file__).parent / "cases").glob("*.xlsx"))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def as_an_office_saves(path: Path, into: Path) -> int:
    """The workbook with the texts of its cells in a table of shared strings; returns how many there are."""
    shared = etree.Element(f"{{{MAIN}}}sst", nsmap={None: MAIN})
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(into, "w") as made:
        for name in given.namelist():
            content = given.read(name)
            if name.startswith("xl/worksheets/sheet"):
                root = etree.fromstring(content)
                for cell in root.iter(f"{{{MAIN}}}c"):
                    if cell.get("t") == "inlineStr":
                        (text,) = cell.findall(f"{{{MAIN}}}is")
                        cell.remove(text)
                        text.tag = f"{{{MAIN}}}si"
                        cell.set("t", "s")
                        etree.SubElement(cell, f"{{{MAIN}}}v").text = str(len(shared))
                        shared.append(text)
                content = etree.tostring(root)
            elif name == "[Content_Types].xml":
                part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}"/></Types>'
                content = content.replace(b"</Types>", part.encode())
            elif name == "xl/_rels/workbook.xml.rels":
                way = f'<Relationship Id="rIdTexts" Type="{OFFICE}" Target="sharedStrings.xml"/></Relationships>'
                content = content.replace(b"</Relationships>", way.encode())
            if name != "xl/sharedStrings.xml":
                made.writestr(name, content)
        made.writestr("xl/sharedStrings.xml", etree.tostring(shared))
    return len(shared)


def grids(path: Path) -> list[Grid]:
    opened = open_grids(path)
    assert isinstance(opened, list), opened
    return opened


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_texts_shared_by_a_workbook_read_as_those_in_its_cells(path, tmp_path):
    """A workbook that an office program has saved gives the same grids as the one that a program made."""
    saved = tmp_path / path.name
    assert as_an_office_saves(path, saved) > 0
    assert grids(saved) == grids(path)


def test_marks_within_a_shared_text_are_seen(tmp_path):
    """A part that is struck out joins no number: “12” beside a struck “13” is not 1213, wherever the text stands."""
    book = openpyxl.Workbook()
    book.active["A1"] = CellRichText("12", TextBlock(InlineFont(strike=True), "13"))
    book.active["A2"] = "14"
    book.save(tmp_path / "own.xlsx")
    as_an_office_saves(tmp_path / "own.xlsx", tmp_path / "shared.xlsx")
    (own,), (shared,) = grids(tmp_path / "own.xlsx"), grids(tmp_path / "shared.xlsx")
    assert shared == own
    assert shared.rows == [["12（删除线：13）"], ["14"]]
