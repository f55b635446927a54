"""Files that are refused before they are opened, and what leaves here harmless."""

import gc
import io
import zipfile
from datetime import date

import openpyxl
import pytest

from greenreport.intake.actions import export_csv, write_refused
from greenreport.intake.safety import COLUMNS, safe_name
from greenreport.spreadsheets import harmless

HEADS = ["区县", "指标", "年份", "数值", "单位"]
WORKSHEET = "xl/worksheets/sheet1.xml"


def only_reason(got):
    """The code for which the one file was refused whole."""
    assert len(got.rows) == 0
    (refusal,) = got.refused
    assert refusal.row == 0 and got.rows_in == 1
    return refusal.codes


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl/vbaProject.bin", b"macro", "macros"),
        ("xl/macrosheets/sheet1.xml", b"<x/>", "macros"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "external_links"),
        ("xl/connections.xml", b"<x/>", "external_data"),
        ("xl/queryTables/queryTable1.xml", b"<x/>", "external_data"),
        ("xl/embeddings/oleObject1.bin", b"x", "macros"),
        ("xl/embeddings/package.docx", b"x", "embedded"),
        ("xl/activeX/activeX1.xml", b"<x/>", "embedded"),
        ("../../outside.xml", b"<x/>", "zip_names"),
        ("/etc/passwd", b"x", "zip_names"),
        ("xl\\..\\..\\x.xml", b"x", "zip_names"),
        ("C:/x.xml", b"x", "zip_names"),
        ("customXml/item1.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', "xml_entities"),
        ("xl/worksheets/_rels/sheet1.xml.rels", b'<Relationships><Relationship Id="r1" Type="http://x/attachedTemplate" Target="file:///etc/passwd" TargetMode="External"/></Relationships>', "external_links"),
        ("big.xml", b"0" * 40_000_000, "zip_bomb"),
    ],
)  # fmt: skip
def test_workbooks_with_dangerous_parts_are_not_opened(part, content, code, tmp_path, understand, make):
    """Macros, links, embedded programs, entities, bombs and names that leave the archive refuse the whole file."""
    path = tmp_path / "given.xlsx"
    path.write_bytes(make.with_parts(make.book([HEADS]), {part: content}))
    assert only_reason(understand(path)) == (code,)


def test_a_hyperlink_in_a_cell_is_no_link_to_another_workbook(tmp_path, understand):
    """Spreadsheets make hyperlinks of addresses by themselves; such a workbook is read."""
    book = openpyxl.Workbook()
    book.active.append(HEADS)
    book.active.append(["万州", "网络零售额", 2025, 25.5, "亿元"])
    book.active["F1"] = "网址"
    book.active["F2"] = "https://sww.cq.gov.cn/x"
    book.active["F2"].hyperlink = "https://sww.cq.gov.cn/x"
    path = tmp_path / "given.xlsx"
    book.save(path)
    got = understand(path)
    assert list(got.rows["source_address"]) == ["https://sww.cq.gov.cn/x"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "file_format"),
        ("page.xlsx", b"%PDF-1.7 ...", "file_format"),
        ("table.csv", b"\x1f\x8b\x08zzzz", "file_format"),
        ("macro.xlsm", b"PK\x03\x04", "macros"),
        ("torn.xlsx", b"PK\x03\x04" + b"\1" * 300, "file_damaged"),
        ("nulls.csv", "区县,指标\0".encode(), "file_encoding"),
        ("random.csv", bytes(range(128, 256)) * 3, "file_encoding"),
    ],
)
def test_files_of_another_kind_are_refused_whole(name, content, code, tmp_path, understand):
    """A file that is no workbook and no text is refused with what to do, whatever its name says."""
    path = tmp_path / name
    path.write_bytes(content)
    assert only_reason(understand(path)) == (code,)


def test_ods_and_plain_archives_are_told_apart(tmp_path, understand):
    """An ODS spreadsheet and a zip of files get different advice."""
    for names, word in ((["mimetype", "content.xml"], "ODS"), (["a.csv"], "压缩包")):
        raw = io.BytesIO()
        with zipfile.ZipFile(raw, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        path = tmp_path / "given.xlsx"
        path.write_bytes(raw.getvalue())
        assert word in understand(path).refused[0].reason.zh


def test_an_encrypted_part_is_refused(tmp_path, understand, make):
    """The flag of an encrypted part is enough to refuse the file."""
    raw = bytearray(make.book([HEADS]))
    at = raw.find(b"PK\x01\x02")
    raw[at + 8] |= 1
    path = tmp_path / "given.xlsx"
    path.write_bytes(bytes(raw))
    assert only_reason(understand(path)) == ("file_encrypted",)


def test_a_sheet_of_too_many_columns_is_refused(tmp_path, understand, make):
    """A sheet wider than the limit is an accident or an attack."""
    path = tmp_path / "given.xlsx"
    path.write_bytes(make.book([HEADS, list(range(COLUMNS + 1))]))
    assert only_reason(understand(path)) == ("sheet_too_large",)


def test_a_claimed_size_does_not_hide_rows(tmp_path, understand, make):
    """Rows beyond the size that a sheet claims in its XML are read all the same."""
    raw = make.book([HEADS, ["万州", "网络零售额", 2025, 25.5, "亿元"], ["涪陵", "网络零售额", 2025, 1, "亿元"]])
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheet = archive.read(WORKSHEET).replace(b'ref="A1:E3"', b'ref="A1:A1"')
    path = tmp_path / "given.xlsx"
    path.write_bytes(make.with_parts(raw, {WORKSHEET: sheet}))
    assert len(understand(path).rows) == 2


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+cmd",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＠SUM(A1)",
        "－1+1",
        " =1",
        "\u200b=1",
        "\ufeff=1",
        "-a",
        "+",
        "=",
        "\tx",
    ],
)
def test_texts_that_start_formulas_are_made_harmless(text):
    """Whatever a spreadsheet would run gets an apostrophe before it."""
    assert harmless(text) == "'" + text


def test_exports_hold_no_formula(tmp_path, understand, plan, roster):
    """Neither the exported CSV nor the workbook of refused figures has a cell that a spreadsheet would run."""
    source = tmp_path / "given.csv"
    source.write_text(
        '区县,指标,年份,数值,单位,来源,备注\n万州,网络零售额,2025,25.5,亿元,"=cmd|x","@x"\n=1+1,+2,-3,=4,@5,=6,=7\n'
    )
    got = understand(source)
    text = export_csv(got.rows, tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert "'=cmd|x" in text and "'@x" in text
    assert all(not cell.startswith(("=", "+", "@")) for line in text.splitlines() for cell in line.split(","))
    book = openpyxl.load_workbook(write_refused(got.refused, tmp_path / "back.xlsx", day=date(2026, 7, 1)))
    cells = [c for row in book.active.iter_rows() for c in row]
    assert any(str(c.value).startswith("=") for c in cells)
    assert all(c.data_type != "f" for c in cells)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/abs", "..", "a/b\\c", "\0x", "con:stream"])
def test_names_cannot_leave_their_folder(name):
    """A name made safe is a plain file name: no separators, no dots in front."""
    made = safe_name(name)
    assert made and not set(made) & set("/\\:\0") and not made.startswith(".")


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"]
)
def test_a_workbook_whose_xml_is_broken_is_refused_and_closed(part, tmp_path, understand, make):
    """However the reader of workbooks fails, the file is refused whole and not left open."""
    raw = make.book([HEADS, ["万州", "网络零售额", 2025, 25.5, "亿元"]])
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        torn = archive.read(part)[:-20]
    path = tmp_path / "given.xlsx"
    path.write_bytes(make.with_parts(raw, {part: torn}))
    assert only_reason(understand(path)) == ("file_damaged",)
    gc.collect()


@pytest.mark.parametrize(
    "value",
    ['"); __import__("os").system("echo x") #', "'''\n1/0\n'''", "\\", 'a\\"b\nimport os', "{1/0}", "=1+1", "\u2028", ["']; 1/0; ['"]],
)  # fmt: skip
def test_a_parameter_is_data_and_never_code(value):
    """The cell that papermill writes assigns exactly the value, whatever stands in it: one statement, one literal."""
    import ast

    from papermill.translators import papermill_translators

    cell = papermill_translators.find_translator("python3", "python").codify({"area": value}, "Parameters")
    (statement,) = ast.parse(cell).body
    assert isinstance(statement, ast.Assign)
    assert ast.literal_eval(statement.value) == value
