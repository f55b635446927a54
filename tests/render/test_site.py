"""What a rendered run looks like from outside: files, links, notices, sameness."""

from __future__ import annotations

import re
from pathlib import Path

import make_run
import pytest

from greenreport.errors import RequestError
from greenreport.render import RenderResult, render


def pages(rendered: tuple[Path, RenderResult]) -> list[Path]:
    """The start page, and in each language three pages and those that rendering makes itself."""
    found = sorted((rendered[0] / "site").rglob("*.html"))
    assert len(found) == 1 + 2 * (len(make_run.TITLES) + 3)
    return found


def test_every_page_is_there_in_every_language_and_format(rendered: tuple[Path, RenderResult]) -> None:
    """Three pages in two languages give three HTML and three PDF files per language, and a start page."""
    folder, result = rendered
    assert result.engine == "builtin"
    assert not result.failed
    for lang in ("zh", "en"):
        for page in make_run.TITLES:
            for fmt in ("html", "pdf"):
                assert (folder / "site" / lang / f"{page}.{fmt}").is_file()
        assert (folder / "site" / lang / "index.html").is_file()
    assert (folder / "site" / "index.html").is_file()


def test_no_link_leads_nowhere(rendered: tuple[Path, RenderResult]) -> None:
    """Every reference of every page names a file of the site, and none names a network."""
    for page in pages(rendered):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r'(?:href|src)="([^"]*)"', text):
            if target.startswith(("data:", "#")):
                continue
            assert "//" not in target, f"{page.name}: {target}"
            assert (page.parent / target.split("#")[0]).is_file(), f"{page.name}: {target}"


def test_demonstration_data_is_marked_on_every_page(rendered: tuple[Path, RenderResult]) -> None:
    """A synthetic run says so on every HTML page, the start pages included."""
    for page in pages(rendered):
        notice = "Demonstration data" if page.parent.name == "en" else "演示数据，非真实统计"
        assert notice in page.read_text(encoding="utf-8")


def test_real_data_is_not_marked(tmp_path: Path) -> None:
    """A run of real data carries no notice of demonstration."""
    nb = make_run.notebook(
        "city", "zh", "重庆市", [make_run.code(make_run.narrative("## 结论\n\n正文。"))], synthetic=False
    )
    folder = make_run.write_run(tmp_path / "real", {("city", "zh"): nb}, synthetic=False, langs=("zh",))
    render(folder, engine="builtin", formats=["html"])
    assert "演示数据" not in (folder / "site" / "zh" / "city.html").read_text(encoding="utf-8")


def test_a_failed_page_says_so(rendered: tuple[Path, RenderResult]) -> None:
    """A page whose notebook failed is there, tells why, and is marked in the list of pages."""
    folder, _ = rendered
    text = (folder / "site" / "en" / "district-500102.html").read_text(encoding="utf-8")
    assert "This page could not be produced" in text
    assert "Cell 3 raised an error." in text
    assert "not produced" in (folder / "site" / "en" / "index.html").read_text(encoding="utf-8")


def test_the_same_run_gives_the_same_bytes(rendered: tuple[Path, RenderResult], tmp_path: Path) -> None:
    """Rendering the same run in another folder, with other concurrency, gives the same files byte for byte."""
    folder, _ = rendered
    twin = make_run.small_run(tmp_path / "elsewhere")
    render(twin, engine="builtin", jobs=1)
    ours = {p.relative_to(folder): p.read_bytes() for p in sorted((folder / "site").rglob("*")) if p.is_file()}
    theirs = {p.relative_to(twin): p.read_bytes() for p in sorted((twin / "site").rglob("*")) if p.is_file()}
    assert ours.keys() == theirs.keys()
    assert [str(name) for name in ours if ours[name] != theirs[name]] == []


def test_unchanged_pages_are_left_alone(rendered: tuple[Path, RenderResult]) -> None:
    """A second rendering sets nothing again."""
    folder, _ = rendered
    again = render(folder, engine="builtin")
    assert {page.status for page in again.pages} == {"unchanged"}


def test_an_unknown_format_is_refused(rendered: tuple[Path, RenderResult]) -> None:
    """Asking for a format that does not exist names those that do."""
    with pytest.raises(RequestError, match="html"):
        render(rendered[0], engine="builtin", formats=["epub"])


def test_a_report_without_its_archive_leaves_no_trace_of_it(tmp_path: Path) -> None:
    """Told to leave the archive out, a rendering makes the pages alone, links to nothing else and takes old ones away."""
    folder = make_run.write_run(
        tmp_path / "run", {("city", "en"): make_run.ordinary("city", "en", "City")}, langs=("en",)
    )
    site = folder / "site" / "en"
    render(folder, engine="builtin", formats=["html", "pdf", "docx"])
    papers = site / "papers"
    assert {path.name for path in papers.iterdir()} == {"archive.pdf", "archive.docx"}
    made = render(folder, engine="builtin", formats=["html", "pdf", "docx"], archive=False).pages
    assert {one.path.name for one in made if one.path.suffix == ".pdf"} == {"city.pdf"}
    assert not list(papers.iterdir())
    assert 'href="papers/archive' not in (site / "index.html").read_text(encoding="utf-8")
