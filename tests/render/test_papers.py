"""The papers that are handed in: the same figures everywhere, whole cells, true contents, Word as officials use it."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import docx
import pytest
from bs4 import BeautifulSoup
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor
from helpers import squeezed
from pypdf import PdfReader
from reading import as_office_sets, parted

from greenreport.plan import load_plan
from greenreport.render import render
from greenreport.render.papers.pdf import heading_pages
from greenreport.run import manifest
from greenreport.run.build import build
from greenreport.run.params import load

ROOT = Path(__file__).parents[2]
LANGS = ("zh", "en")
AREAS = ["500101", "500103", "500104", "500106"]
FILES = [f"{lang}/papers/{name}.pdf" for lang in LANGS for name in ("report", "brief", "sheets")]

needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext: install poppler-utils")
needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="no soffice: install LibreOffice Writer")


def _params(folder: Path, **more: str) -> Path:
    file = folder / "papers.yaml"
    extra = "".join(f"{key}: {value}\n" for key, value in more.items())
    file.write_text(
        "title: {zh: 中期评估（演示数据）, en: Mid-term evaluation (demonstration data)}\n"
        "plan: data/plan\nareas: data/areas\ndata: data/demo\nas_of: 2026-06-30\nformats: [html, pdf, docx]\n"
        f"{extra}pages:\n"
        "  - {notebook: notebooks/overview.ipynb, kind: overview}\n"
        "  - {notebook: notebooks/city.ipynb, kind: city}\n"
        f"  - {{notebook: notebooks/district.ipynb, kind: district, areas: {AREAS}}}\n".replace("'", '"')
        + "  - {notebook: notebooks/papers.ipynb, kind: papers}\n",
        encoding="utf-8",
    )
    return file


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of four districts with its papers, in both languages."""
    folder = tmp_path_factory.mktemp("papers")
    built = build(load(_params(folder)), out=folder / "run")
    assert not built.manifest.failed, [page.error for page in built.manifest.failed]
    assert not render(folder / "run", engine="builtin").failed
    return folder / "run"


@pytest.fixture(scope="module")
def converted(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Word files as LibreOffice sets them."""
    return as_office_sets(run / "site", tmp_path_factory.mktemp("converted"))


def _text(path: Path) -> str:
    return "".join(page.extract_text() for page in PdfReader(path).pages)


def test_the_papers_that_are_asked_for_are_there(run: Path) -> None:
    """Report and brief as PDF and Word, all sheets and each, and nothing of an archive that nobody asked for."""
    names = {"report.pdf", "report.docx", "brief.pdf", "brief.docx", "sheets.pdf"} | {f"sheet-{a}.pdf" for a in AREAS}
    for lang in LANGS:
        assert {path.name for path in (run / "site" / lang / "papers").iterdir()} == names


def test_pages_are_within_their_limits(run: Path) -> None:
    """A brief has two pages, a sheet one, a report of a few districts twenty to forty."""
    for lang in LANGS:
        folder = run / "site" / lang / "papers"
        pages = {path.stem: len(PdfReader(path).pages) for path in folder.glob("*.pdf")}
        assert 20 <= pages["report"] <= 40
        assert pages["brief"] == 2
        assert pages["sheets"] == len(AREAS)
        assert all(pages[f"sheet-{area}"] == 1 for area in AREAS)


@pytest.mark.parametrize("lang", LANGS)
def test_an_indicator_has_a_page_of_its_own(lang: str, run: Path) -> None:
    """Text, chart and table of each indicator stand on one page, and the picture of all on page two."""
    path = run / "site" / lang / "papers" / "report.pdf"
    marked = heading_pages(path.read_bytes())
    names = [indicator.short[lang] for indicator in load_plan(ROOT / "data" / "plan").indicators]
    pages = [number for depth, title, number in marked if depth == 2 and title.endswith(tuple(names))]
    following = next(number for depth, _, number in marked if depth == 1 and number > pages[-1])
    assert [*pages, following] == list(range(pages[0], pages[0] + len(names) + 1))
    picture = squeezed(PdfReader(path).pages[1].extract_text())
    assert ("图1" if lang == "zh" else "Figure1") in picture


def test_papers_of_one_indicator_have_no_chapter_without_content(tmp_path: Path) -> None:
    """Another plan, one indicator, no tasks: a brief of two pages, no chapter without content, no page turned round for a
    table of one row; sheets in the words of its level."""
    file = tmp_path / "union.yaml"
    file.write_text(
        (ROOT / "params" / "eu-renewables.yaml").read_text("utf-8").replace("areas: all", "areas: [AT, BE, FR]"),
        encoding="utf-8",
    )
    pages = ["city", "AT", "BE", "FR", "papers"]
    built = build(load(file), out=tmp_path / "run", only=pages)
    assert not built.manifest.failed, [page.error for page in built.manifest.failed]
    assert not render(tmp_path / "run", engine="builtin").failed
    for lang in LANGS:
        folder = tmp_path / "run" / "site" / lang / "papers"
        assert len(PdfReader(folder / "brief.pdf").pages) == 2
        report = PdfReader(folder / "report.pdf")
        assert all(page.mediabox.width < page.mediabox.height for page in report.pages)
        chapters = [title for depth, title, _ in heading_pages((folder / "report.pdf").read_bytes()) if depth == 1]
        assert not [title for title in chapters if "任务" in title or "Tasks" in title]
        assert ("国家一页通" if lang == "zh" else "Country sheet") in _text(folder / "sheet-AT.pdf")


def _column(run: Path, lang: str, page: str, label: str, column: str) -> list[object]:
    """What a table of a page's notebook holds in one column, as data."""
    cells = json.loads((run / "notebooks" / lang / f"{page}.ipynb").read_text("utf-8"))["cells"]
    for output in (output for cell in cells for output in cell.get("outputs", [])):
        if output["metadata"].get("greenreport", {}).get("label") == label:
            data = output["data"]["application/vnd.greenreport.table+json"]
            place = [one["id"] for one in data["columns"]].index(column)
            return [row[place] for row in data["rows"]]
    raise LookupError(label)


@pytest.mark.parametrize("lang", LANGS)
def test_report_brief_sheet_and_site_have_the_same_figures(lang: str, run: Path) -> None:
    """Latest figure, target, completion and probability of each indicator are the same in report, brief and site; those
    of a district the same on its sheet and its page; and PDF and Word print them alike."""
    for column, site in (("latest", "latest"), ("target", "t2027"), ("completion", "completion")):
        brief = _column(run, lang, "papers", "tbl-brief", column)
        assert (
            brief == _column(run, lang, "papers", "tbl-main", site) == _column(run, lang, "overview", "tbl-main", site)
        )
    chances = _column(run, lang, "papers", "tbl-brief", "probability")
    assert chances == _column(run, lang, "overview", "tbl-scoreboard", "probability")
    assert chances[0] == _column(run, lang, "papers", "tbl-targets-online-retail", "probability")[0]
    for area in AREAS:
        for column in ("latest", "completion"):
            sheet = _column(run, lang, "papers", f"tbl-sheet-{area}", column)
            # A page gives each row the unit that suits it, a sheet the plan's: shares compare, levels by ratio.
            page = _column(run, lang, f"district-{area}", "tbl-main", column)
            assert [one is None for one in sheet] == [one is None for one in page]
            if column == "completion":
                assert sheet == page
    folder = run / "site" / lang / "papers"
    report, brief = (squeezed(_text(folder / f"{name}.pdf")) for name in ("report", "brief"))
    lines = _lines(folder / "brief.docx", 0)
    assert len(lines) == len(load_plan(ROOT / "data" / "plan").indicators)
    cells = [re.split(r"[（(]", squeezed(cell))[0] for row in lines for cell in row]
    assert [cell for cell in cells if cell not in brief] == []
    figures = [cell for cell in cells if re.search(r"\d{2}", cell)]
    assert len(figures) >= 3 * len(lines)
    assert [cell for cell in figures if cell not in report] == []


def _lines(path: Path, number: int) -> list[list[str]]:
    table = docx.Document(str(path)).tables[number]
    return [[cell.text for cell in row.cells] for row in table.rows[1:]]


@needs_poppler
@pytest.mark.parametrize("file", FILES)
def test_no_figure_is_parted_from_its_unit(file: str, run: Path) -> None:
    """No line of a PDF ends in a figure, or in half a unit, whose rest stands on the next."""
    assert not parted(run / "site" / file)


@needs_poppler
@needs_office
@pytest.mark.long
@pytest.mark.parametrize("name", ["report", "brief"])
@pytest.mark.parametrize("lang", LANGS)
def test_no_cell_of_word_parts_a_figure_from_its_unit(lang: str, name: str, converted: Path) -> None:
    """The same for the tables of a Word file, as LibreOffice sets it; their type is smaller than the text's."""
    assert not parted(converted / lang / "papers" / f"{name}.pdf", largest=13.0)


@pytest.mark.parametrize("lang", LANGS)
def test_contents_are_headings_and_pages(lang: str, run: Path) -> None:
    """The contents of the PDF and those of the Word file name the same headings in the same order, with their pages."""
    folder = run / "site" / lang / "papers"
    marked = heading_pages((folder / "report.pdf").read_bytes())
    reader = PdfReader(folder / "report.pdf")
    for _, title, number in marked:
        assert squeezed(title) in squeezed(reader.pages[number - 1].extract_text()), title
    listed = squeezed(reader.pages[2].extract_text() + reader.pages[3].extract_text())
    document = docx.Document(str(folder / "report.docx"))
    entries = [p.text.rsplit("\t", 1) for p in document.paragraphs if p.style and p.style.name in ("toc 1", "toc 2")]
    assert [title for title, _ in entries] == [title for depth, title, _ in marked if depth <= 2]
    assert [int(number) for _, number in entries] == [number for depth, _, number in marked if depth <= 2]
    headings = [p.text for p in document.paragraphs if p.style and p.style.name in ("Heading 1", "Heading 2")]
    assert headings == [title for title, _ in entries]
    assert all(squeezed(title) in listed for title in headings)


@needs_office
@pytest.mark.long
@pytest.mark.parametrize("lang", LANGS)
def test_contents_hold_in_the_converted_word_file(lang: str, converted: Path) -> None:
    """Set by LibreOffice, the Word report has each chapter on the page that its contents name, and each section there or
    next to it: a line more or less of other fonts moves those in the middle of a chapter."""
    reader = PdfReader(converted / lang / "papers" / "report.pdf")
    pages = [squeezed(page.extract_text()) for page in reader.pages]
    assert 15 <= len(pages) <= 40
    found = re.findall(r"^(.*?)[\s.·…]*\.{3,}\s*(\d+)\s*$", reader.pages[2].extract_text(), re.M)
    assert len(found) >= 9
    for title, number in found:
        chapter = re.match(r"[一二三四五六七八九]、|\d+\s|附件|Annex", title.strip())
        near = range(int(number) - (0 if chapter else 1), int(number) + (1 if chapter else 2))
        assert any(squeezed(title) in pages[n - 1] for n in near), (title, number)
    assert len(PdfReader(converted / lang / "papers" / "brief.pdf").pages) == 2


def _word(run: Path, lang: str, name: str = "report") -> tuple[docx.document.Document, dict[str, str]]:
    path = run / "site" / lang / "papers" / f"{name}.docx"
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one).decode() for one in archive.namelist() if one.endswith((".xml", ".rels"))}
    return docx.Document(str(path)), parts


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["report", "brief"])
def test_a_word_file_is_as_officials_use_it(lang: str, name: str, run: Path) -> None:
    """Styles that exist, today's Word, no revisions, captions and references as fields that lead somewhere, words for
    every picture, heads of tables repeated, rows whole, properties filled in."""
    document, parts = _word(run, lang, name)
    body = parts["word/document.xml"]
    known = {style.style_id for style in document.styles}
    assert set(re.findall(r'<w:[prt]\w*Style w:val="([^"]+)"', body)) <= known
    assert 'w:name="compatibilityMode"' in parts["word/settings.xml"]
    assert re.search(r'compatibilityMode"[^>]*w:val="15"', parts["word/settings.xml"])
    assert not re.search(r"<w:(ins|del|moveFrom|moveTo) ", body)
    marks = set(re.findall(r'<w:bookmarkStart[^>]*w:name="([^"]+)"', body))
    assert "SEQ " in body
    targets = set(re.findall(r" (?:REF|PAGEREF) (\w+) ", body))
    assert targets <= marks and bool(targets) == (name == "report")
    pictures = re.findall(r"<wp:docPr[^>]*>", body)
    assert pictures and all(re.search(r'descr="[^"]{20,}"', one) for one in pictures)
    assert document.styles["Table Text"].font.bold is None  # or the heads of tables would not be bold
    assert document.tables
    for table in document.tables:
        first = table.rows[0]._tr
        assert first.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)
        widths = [int(one.get(qn("w:w"))) for one in table._tbl.tblGrid.gridCol_lst]
        assert all(width > 200 for width in widths)
    about = document.core_properties
    assert about.title and about.subject and about.language in ("zh-CN", "en")
    assert (about.created.year, about.created.month) == (2026, 6)


def test_the_chinese_report_keeps_to_the_standard(run: Path) -> None:
    """GB/T 9704-2012: A4, type area 156 × 225 mm, 22 lines, size three 仿宋, titles 小标宋 of size two, 黑体 and 楷体
    headings, first lines indented by two characters, the page number outside between dashes; a cover to fill in."""
    document, parts = _word(run, "zh")
    first = document.sections[0]
    width = (first.page_width - first.left_margin - first.right_margin) / Mm(1)
    height = (first.page_height - first.top_margin - first.bottom_margin) / Mm(1)
    assert (round(width), round(height)) == (156, 225)
    assert (round(first.top_margin / Mm(1)), round(first.left_margin / Mm(1))) == (37, 28)
    assert round(height / 25.4 * 72 / document.styles["Body Text"].paragraph_format.line_spacing.pt) == 22
    faces = {name: document.styles[name] for name in ("Body Text", "Heading 1", "Heading 2", "Title")}
    assert {n: s.element.rPr.rFonts.get(qn("w:eastAsia")) for n, s in faces.items()} == {
        "Body Text": "仿宋_GB2312", "Heading 1": "黑体", "Heading 2": "楷体_GB2312", "Title": "方正小标宋简体"
    }  # fmt: skip
    assert [faces[name].font.size.pt for name in faces] == [16, 16, 16, 22]
    assert faces["Body Text"].element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    foot = first.footer._element
    assert re.sub(r"<[^>]+>", "", foot.xml).replace(" PAGE ", "").split() == ["—", "1", "—"]
    assert document.settings.odd_and_even_pages_header_footer
    assert 'w:val="right"' in foot.xml and 'w:val="left"' in first.even_page_footer._element.xml
    assert first.different_first_page_header_footer
    assert "altName" in parts["word/fontTable.xml"]
    fields = re.findall(r'<w:alias w:val="([^"]+)"', parts["word/document.xml"])
    assert fields == ["报送单位", "文号", "签发人", "日期"]
    assert any(section.orientation == WD_ORIENT.LANDSCAPE for section in document.sections)
    # The last table lies across the page: no upright section of nothing follows it.
    assert document.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    assert "w:footnoteReference" in parts["word/document.xml"]


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "评价规则和预测方法见网站“方法”页"), ("en", "are described in “Methods” on the website")]
)
def test_a_link_says_where_it_leads(lang: str, said: str, run: Path) -> None:
    """On paper a link names the website and the page; the colour of a screen's links is not on it."""
    document, parts = _word(run, lang)
    assert said in "".join(re.findall(r"<w:t[^>]*>([^<]*)", parts["word/document.xml"]))
    assert squeezed(said) in squeezed(_text(run / "site" / lang / "papers" / "report.pdf"))
    assert document.styles["Hyperlink"].font.color.rgb == RGBColor(0, 0, 0)


def test_the_unit_in_a_head_begins_its_second_line(run: Path) -> None:
    """A head that takes two lines breaks before its unit or after its year, nowhere else."""
    document, _ = _word(run, "zh")
    heads = [cell.text for table in document.tables for cell in table.rows[0].cells if "\n" in cell.text]
    assert heads
    assert all(re.fullmatch(r"[^\n]+\n（[^\n]+）|\d{4}年\n[^\n]+", head) for head in heads), heads


def test_the_same_run_gives_the_same_bytes(run: Path, tmp_path: Path) -> None:
    """Papers made again elsewhere are the same, PDF and Word alike."""
    twin = tmp_path / "twin"
    shutil.copytree(run, twin, ignore=shutil.ignore_patterns("site", "stage"))
    render(twin, engine="builtin", langs=["en"])
    papers = sorted((run / "site" / "en" / "papers").iterdir())
    assert len(papers) == 5 + len(AREAS)
    for path in papers:
        assert (twin / "site" / "en" / "papers" / path.name).read_bytes() == path.read_bytes(), path.name


def test_a_template_of_the_users_own_keeps_its_page_and_styles(run: Path, tmp_path: Path) -> None:
    """A template's page and styles stay; what it lacks is added; without it the file is as before."""
    own = docx.Document()
    own.sections[0].left_margin = Mm(41)
    own.styles["Heading 1"].font.color.rgb = RGBColor(0x12, 0x34, 0x56)
    raw = io.BytesIO()
    own.save(raw)
    twin = tmp_path / "twin"
    shutil.copytree(run, twin, ignore=shutil.ignore_patterns("site", "stage"))
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(twin / manifest.TEMPLATE, "w") as target:
        for item in source.infolist():
            content = source.read(item.filename)
            target.writestr(item, content.replace(b"document.main+xml", b"template.main+xml"))
    assert not render(twin, engine="builtin", langs=["en"], formats=["docx"]).failed
    document = docx.Document(str(twin / "site" / "en" / "papers" / "report.docx"))
    assert round(document.sections[0].left_margin / Mm(1)) == 41
    assert document.styles["Heading 1"].font.color.rgb == RGBColor(0x12, 0x34, 0x56)
    assert {"Table Text", "Table Caption"} <= {style.name for style in document.styles}


def test_a_word_file_that_was_edited_opens_again(run: Path, tmp_path: Path) -> None:
    """A Word file survives a reader's edit: opened, a paragraph added, saved, opened again with all that it had."""
    document, _ = _word(run, "zh")
    before = (len(document.tables), len(document.sections), len(document.inline_shapes))
    document.add_paragraph("补充一段。", style="Body Text")
    document.save(str(tmp_path / "edited.docx"))
    again = docx.Document(str(tmp_path / "edited.docx"))
    assert (len(again.tables), len(again.sections), len(again.inline_shapes)) == before
    assert again.paragraphs[-1].text == "补充一段。"


@pytest.mark.parametrize("lang", LANGS)
def test_the_start_page_lists_the_papers_first(lang: str, run: Path) -> None:
    """Report, brief and sheets stand first on the start page, with pages and size; every page leads to the report."""
    site = run / "site" / lang
    soup = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")
    assert soup.select("main section")[0].get("id") == "papers"
    links = {str(a["href"]): a.get_text() for a in soup.select("#papers a")}
    assert list(links) == [
        f"papers/{name}" for name in ("report.pdf", "report.docx", "brief.pdf", "brief.docx", "sheets.pdf")
    ]
    count = len(PdfReader(site / "papers" / "report.pdf").pages)
    assert f"{count}{'页' if lang == 'zh' else ' pages'}" in links["papers/report.pdf"]
    assert all(re.search("[KM]B", text) for text in links.values())
    for page in site.glob("*.html"):
        top = BeautifulSoup(page.read_text("utf-8"), "html.parser").select(".gr-tools a[href='papers/report.pdf']")
        assert len(top) == 1, page.name


def test_only_the_papers_that_are_asked_for_are_made(tmp_path: Path) -> None:
    """`papers: [brief]` makes the brief alone; taken out again, its files go."""
    built = build(
        load(_params(tmp_path, papers="[brief]", languages="[en]")), out=tmp_path / "run", only=["city", "papers"]
    )
    assert not built.manifest.failed
    render(tmp_path / "run", engine="builtin")
    folder = tmp_path / "run" / "site" / "en" / "papers"
    assert {path.name for path in folder.iterdir()} == {"brief.pdf", "brief.docx"}
    build(load(_params(tmp_path, papers="[]", languages="[en]")), out=tmp_path / "run", only=["city", "papers"])
    render(tmp_path / "run", engine="builtin")
    assert not list(folder.iterdir())
