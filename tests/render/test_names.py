"""Names and captions with every hostile character come out as themselves, in every form and from both engines."""

from __future__ import annotations

import html
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import make_run
import pytest
from bs4 import BeautifulSoup
from helpers import squeezed
from pypdf import PdfReader

from greenreport.errors import GlyphMissing
from greenreport.render import quarto, render
from greenreport.render.cells import escape

HOSTILE = [
    "<b>A&B</b> &amp; *star* **bold** _under_ ~~del~~",
    "#hash $x^2$ $$y$$ | pipe | `code` ``two``",
    "\"double\" 'single' [link](http://x) ![img](y) \\back\\slash",
    "@fig-x {{< shortcode >}} ::: {.div} --- ... ~sub~ ^sup^",
    "= heading - item 1. item // comment /* c */ #let x = 1",
    "山水·绿谷（试验）—“引”‘号’《书》％",
    "שלום عربي RTL",
    "长" * 120,
]
engines = [
    "builtin",
    pytest.param(
        "quarto",
        marks=[pytest.mark.quarto, pytest.mark.skipif(quarto.find() is None, reason="no Quarto at hand")],
    ),
]


def hostile_run(folder: Path) -> Path:
    """One page per language whose title, captions, cells, callout and text hold the hostile names."""
    made = {}
    for lang in ("zh", "en"):
        cells = [make_run.code(make_run.narrative("\n\n".join(["## " + escape(HOSTILE[0]), *map(escape, HOSTILE)])))]
        for n, name in enumerate(HOSTILE):
            cells.append(
                make_run.code(
                    make_run.figure(f"fig-{n}", name, name),
                    make_run.table(f"tbl-{n}", name, [name, "2023"], [[name, "1"]], name),
                )
            )
        made["city", lang] = make_run.notebook("city", lang, HOSTILE[0] + HOSTILE[1], cells)
    return make_run.write_run(folder, made)


@pytest.fixture(scope="module", params=engines)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = hostile_run(tmp_path_factory.mktemp("hostile") / "run")
    result = render(folder, engine=request.param, formats=["html", "pdf", "docx"], jobs=2)
    assert not result.failed, [str(page.error) for page in result.failed]
    return folder / "site"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_names_stand_on_screen_as_they_are(site: Path, lang: str) -> None:
    """Title, headings, captions, cells, notes and text of the HTML hold the names as they are."""
    soup = BeautifulSoup((site / lang / "city.html").read_text(encoding="utf-8"), "html.parser")
    assert soup.h1 is not None and squeezed(soup.h1.get_text()) == squeezed(HOSTILE[0] + HOSTILE[1])
    assert soup.title is not None and squeezed(HOSTILE[0]) in squeezed(soup.title.get_text())
    captions = [squeezed(tag.get_text()) for tag in soup.select("figcaption")]
    paragraphs = [squeezed(tag.get_text()) for tag in soup.select("main p")]
    cells = [squeezed(tag.get_text()) for tag in soup.select("td, th")]
    labels = [str(tag["aria-label"]) for tag in soup.select("figure.gr-chart")]
    for name in HOSTILE:
        assert sum(caption.endswith(squeezed(name)) for caption in captions) == 2, name
        assert squeezed(name) in paragraphs, name
        assert cells.count(squeezed(name)) >= 2, name
        assert name in labels, name


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("file", ["city.pdf", "papers/archive.pdf"])
def test_hostile_names_stand_on_paper_as_they_are(site: Path, lang: str, file: str) -> None:
    """The PDF's text and bookmarks hold the names as they are (letters that run from right to left aside)."""
    pdf = PdfReader(site / lang / file)
    text = squeezed("".join(page.extract_text() for page in pdf.pages))
    for name in HOSTILE:
        if "RTL" in name:
            continue
        assert squeezed(name) in text, name
    titles = squeezed(str([item.title for item in pdf.outline if not isinstance(item, list)]))
    assert squeezed("A&B") in titles


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_names_stand_in_word_as_they_are(site: Path, lang: str) -> None:
    """The Word file's paragraphs hold the names as they are."""
    with zipfile.ZipFile(io.BytesIO((site / lang / "papers" / "archive.docx").read_bytes())) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    lines = [squeezed("".join(t.text or "" for t in p.iter(f"{space}t"))) for p in root.iter(f"{space}p")]
    for name in HOSTILE:
        assert sum(squeezed(name) in line for line in lines) >= 3, name
    described = [str(tag.get("descr")) for tag in root.iter() if tag.tag.endswith("}docPr")]
    for name in HOSTILE:
        assert name in described, name


def test_a_character_without_a_glyph_is_named(tmp_path: Path) -> None:
    """A character that no font at hand can draw fails its page, by name; the page in its place says so."""
    nb = make_run.notebook("city", "en", "Title", [make_run.code(make_run.narrative("## One\n\nA \U0001f600 face."))])
    folder = make_run.write_run(tmp_path / "run", {("city", "en"): nb}, langs=("en",))
    result = render(folder, engine="builtin", formats=["html", "pdf"])
    errors = [page.error for page in result.pages if page.page == "city"]
    assert all(isinstance(error, GlyphMissing) for error in errors) and len(errors) == 2
    assert "U+1F600 GRINNING FACE" in str(errors[0])
    shown = html.unescape((folder / "site" / "en" / "city.html").read_text(encoding="utf-8"))
    assert "U+1F600 GRINNING FACE" in shown and "\U0001f600" not in shown
