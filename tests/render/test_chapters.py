"""Chapters of the bound report are made with their pages, kept, and made again when they are not what they were."""

from __future__ import annotations

from pathlib import Path

import make_run

from greenreport.render import pandoc, render
from greenreport.render.pandoc import Form, convert

AREAS = ("Alpha", "Beta", "Gamma")


def _run(folder: Path, *, changed: str = "") -> Path:
    made = {
        (f"district-{n}", "en"): make_run.ordinary(f"district-{n}", "en", title + changed * (n == 2))
        for n, title in enumerate(AREAS, 1)
    }
    return make_run.write_run(folder, made, langs=("en",))


def _chapters(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in (folder / "stage" / "chapters" / "en").iterdir()}


def test_one_changed_page_is_one_new_chapter(tmp_path: Path) -> None:
    """Of three districts one changes: its chapter is new, the others stay, and the book is that of a run from nothing."""
    folder = _run(tmp_path / "run")
    render(folder, engine="builtin", formats=["html", "pdf"])
    before = _chapters(folder)
    assert sorted(before) == ["district-1", "district-2", "district-3"]
    _run(folder, changed=" and more")
    render(folder, engine="builtin", formats=["html", "pdf"])
    after = _chapters(folder)
    assert [name for name in sorted(after) if after[name] != before[name]] == ["district-2"]
    fresh = _run(tmp_path / "fresh", changed=" and more")
    render(fresh, engine="builtin", formats=["html", "pdf"])
    book = Path("site", "en", "papers", "archive.pdf")
    assert (folder / book).read_bytes() == (fresh / book).read_bytes()


def test_a_damaged_chapter_is_made_again(tmp_path: Path) -> None:
    """A chapter that someone touched, or half of one, never reaches a reader; chapters of pages that are gone go too."""
    folder = _run(tmp_path / "run")
    render(folder, engine="builtin", formats=["html", "pdf"])
    book = folder / "site" / "en" / "papers" / "archive.pdf"
    whole, kept = book.read_bytes(), _chapters(folder)
    place = folder / "stage" / "chapters" / "en"
    (place / "district-1.typ").write_bytes(kept["district-1"].replace(b"Alpha", b"Omega"))
    (place / "district-2.typ").write_bytes(kept["district-2"][:200])
    (place / "district-9.typ").write_bytes(b"// left behind\n")
    book.unlink()
    render(folder, engine="builtin", formats=["html", "pdf"])
    assert book.read_bytes() == whole and _chapters(folder) == kept


def test_a_text_is_the_same_alone_and_after_others() -> None:
    """What Pandoc's process made before leaves no trace: counters, words and names begin anew with every form."""
    words = {"gr-words": {"fig": "Figure", "tbl": "Table"}}
    page = '---\nlang: en\n---\n\n## One\n\n::: {#tbl-a .gr-float kind=tbl caption="A"}\n\n|a|b|\n|-|-|\n|1|2|\n\n:::\n\nSee @tbl-a.\n'
    plain = Form("typst-smart", words)
    chapter = Form("typst-smart", {**words, "gr-chapter": "3", "gr-prefix": "p-", "gr-book": ["p"]})
    alone = [convert(page, [form], about="p")[0] for form in (plain, chapter)]
    pandoc.end_idle()
    assert convert(page, [plain, chapter], about="p") == alone
    assert convert(page, [chapter, plain], about="p") == alone[::-1]
    assert b"3.1" in alone[1] and b"<p-tbl-a>" in alone[1] and b"<tbl-a>" in alone[0]
    [process] = pandoc._processes.idle
    pandoc.end_idle()
    assert process.returncode == 0
