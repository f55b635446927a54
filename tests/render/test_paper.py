"""The PDFs: archivable, tagged, readable in order, described, linked, in embedded fonts; and the bound report."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import make_run
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from greenreport.render import RenderResult, archive, builtin
from greenreport.render.source import read_run
from greenreport.render.volumes import chinese, volumes
from greenreport.render.words import dated

FILES = [f"{lang}/{name}.pdf" for lang in ("zh", "en") for name in ("city", "district-500101", "papers/archive")]


def pdf(rendered: tuple[Path, RenderResult], name: str) -> PdfReader:
    return PdfReader(rendered[0] / "site" / name)


def nodes(item: Any) -> list[DictionaryObject]:
    """Every element of a PDF's structure tree."""
    item = item.get_object() if isinstance(item, IndirectObject) else item
    if isinstance(item, ArrayObject):
        return [node for child in item for node in nodes(child)]
    if not isinstance(item, DictionaryObject):
        return []
    return [item, *nodes(item["/K"])] if "/K" in item else [item]


@pytest.mark.parametrize("name", FILES)
def test_a_pdf_says_what_it_is(name: str, rendered: tuple[Path, RenderResult]) -> None:
    """Each PDF declares PDF/UA-1 and PDF/A-2a, its language, its title, and the data cut-off as its only date."""
    reader = pdf(rendered, name)
    xmp = reader.root_object["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part>1<|pdfuaid:part=\"1\"", xmp)
    assert re.search(r"pdfaid:part>2<", xmp) and re.search(r"pdfaid:conformance>A<", xmp)
    assert str(reader.root_object["/Lang"]).startswith(name[:2])
    assert reader.metadata is not None and reader.metadata.title
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.strftime("%Y-%m-%d") == make_run.AS_OF
    assert reader.root_object["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("name", FILES)
def test_every_picture_has_words(name: str, rendered: tuple[Path, RenderResult]) -> None:
    """Every figure of a PDF carries its alternative text, and there is a table for each that the page shows."""
    found = nodes(pdf(rendered, name).root_object["/StructTreeRoot"]["/K"])
    pictures = [node for node in found if node.get("/S") == "/Figure"]
    assert pictures
    assert {str(node.get("/Alt")) for node in pictures} == {make_run.WORDS[name[:2]]["alt"]}
    tables = [node for node in found if node.get("/S") == "/Table"]
    assert len(tables) == len(pictures)
    assert any(node.get("/S") == "/TH" for node in found)


@pytest.mark.parametrize("name", FILES)
def test_fonts_are_in_the_file(name: str, rendered: tuple[Path, RenderResult]) -> None:
    """Every font of every page is embedded, and the text is set in the report's faces."""
    seen: set[str] = set()
    for page in pdf(rendered, name).pages:
        for font in page["/Resources"].get_object().get("/Font", {}).values():
            family = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = family["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
            seen.add(re.sub(r"^/\w{6}\+|-.*", "", str(family["/BaseFont"])))
    assert seen == {"NotoSansSC", "NotoSerifSC", "GreenreportChart"}


def test_text_comes_out_in_reading_order(rendered: tuple[Path, RenderResult]) -> None:
    """Title, sections, caption, table and note follow each other in the extracted text as on the page."""
    for lang in ("zh", "en"):
        text = "".join(
            "".join(page.extract_text().split()) for page in pdf(rendered, f"{lang}/district-500101.pdf").pages
        )
        words = make_run.WORDS[lang]
        order = [
            make_run.TITLES["district-500101"][lang],
            *(words[k] for k in ("h1", "lead", "h2", "fig", "tbl", "note")),
        ]
        at = 0
        for piece in order:
            found = text.find("".join(piece.split()), at)
            assert found >= at, f"comes too early: {piece}"
            at = found + 1


def test_long_tables_repeat_their_heads(rendered: tuple[Path, RenderResult]) -> None:
    """A table of sixty rows breaks over pages, and each page begins with its head."""
    pages = ["".join(page.extract_text().split()) for page in pdf(rendered, "zh/city.pdf").pages]
    carrying = [page for page in pages if "网络零售额5" in page or "网络零售额30" in page or "网络零售额60" in page]
    assert len(carrying) >= 2
    assert all("2027目标" in page for page in carrying)


def test_every_page_says_its_number_and_how_many_there_are(rendered: tuple[Path, RenderResult]) -> None:
    """Each page says its number and how many there are."""
    reader = pdf(rendered, "zh/city.pdf")
    for n, page in enumerate(reader.pages, 1):
        assert f"第{n}页，共{len(reader.pages)}页" in "".join(page.extract_text().split())


def test_the_bound_report_has_a_chapter_for_each_page(rendered: tuple[Path, RenderResult]) -> None:
    """Cover, contents, a chapter for each page that could be made, an appendix that names the one that could not."""
    reader = pdf(rendered, "zh/papers/archive.pdf")
    titles = [str(item.title) for item in reader.outline if not isinstance(item, list)]
    assert titles == ["第一章\u3000重庆市", "第二章\u3000万州区", "附录\u3000关于本报告"]
    last = reader.pages[-1].extract_text()
    assert "district-500102" in last
    text = "".join(page.extract_text() for page in reader.pages)
    assert "图 1-1" in text and "图 2-1" in text and "表 2-1" in text


def test_the_word_file_is_sound(rendered: tuple[Path, RenderResult], tmp_path: Path) -> None:
    """The Word file carries the chapters as headings, running head, foot, notice, pictures; twice the same bytes."""
    run = read_run(rendered[0])
    from greenreport.render.staging import stage_page

    pages = [stage_page(run, page, engine="builtin") for page in run.of("zh") if page.status == "done"]
    [volume] = volumes(run, "zh", pages)
    first, second = (archive.bound_docx(run, "zh", volume, workers=n) for n in (1, 2))
    assert first == second
    path = tmp_path / "report.docx"
    path.write_bytes(first)
    with zipfile.ZipFile(path) as packed:
        body = re.sub(r"<[^>]+>", "", packed.read("word/document.xml").decode())
        head = packed.read("word/header1.xml").decode()
        foot = packed.read("word/footer1.xml").decode()
        pictures = [name for name in packed.namelist() if name.endswith(".png")]
    assert "第一章\u3000重庆市" in body and "第二章\u3000万州区" in body
    assert "演示数据，非真实统计" in head
    assert "NUMPAGES" in foot and dated(make_run.AS_OF, "zh") in foot
    assert len(pictures) == 2


@pytest.mark.parametrize(
    ("number", "name"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (38, "三十八"), (99, "九十九")]
)
def test_chapters_count_as_chinese_reports_do(number: int, name: str) -> None:
    """Chapters count as Chinese reports do."""
    assert chinese(number) == name


def test_the_engine_names_its_parts() -> None:
    """The engine's version names all that a page's look depends on."""
    assert re.fullmatch(r"pandoc-[\d.]+\+pikepdf-[\d.]+\+typst-[\d.]+", builtin.version())
