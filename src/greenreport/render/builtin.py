"""The built-in engine: Pandoc and Typst, the parts that Quarto is made of, all from packages.

Renders the same staged pages as Quarto, with the same theme, and says clearly what it does not know. It must not
know what a page is about, nor how its folder is laid out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.metadata import version as package_version
from pathlib import Path

from greenreport.errors import GreenReportError, RenderError
from greenreport.render import chapters, glyphs
from greenreport.render.jobs import FONTS, Order, timestamp
from greenreport.render.markdown import to_markdown
from greenreport.render.pandoc import Form, convert
from greenreport.render.pandoc import version as pandoc_version
from greenreport.render.pdf_compression import packed
from greenreport.render.source import Run
from greenreport.render.staging import Staged
from greenreport.render.volumes import Chapter
from greenreport.render.words import word
from greenreport.typesetting import TypesettingError, typeset
from greenreport.words import error

__all__ = [
    "STANDARDS",
    "compile_pdf",
    "render_chapter",
    "render_html",
    "render_pdf",
    "set_page",
    "set_pages",
    "typst_string",
    "version",
]

STANDARDS = ["ua-1", "a-2a"]
_CAPTIONS = ("fig", "tbl")
_TYPST = "typst-smart"


def version() -> str:
    """The versions of the engine's parts, as one word."""
    parts = [f"pandoc-{pandoc_version()}"]
    return "+".join(parts + [f"{name}-{package_version(name)}" for name in ("pikepdf", "typst")])


def set_page(staged: Staged, fmt: str, *, run: Run, chapter: Chapter | None = None) -> bytes:
    """One page in one format, `html` or `pdf`; keeps its chapter of the bound report where one is named."""
    makers = {"html": lambda: render_html(staged), "pdf": lambda: render_pdf(staged, run=run, chapter=chapter)}
    return makers[fmt]()


def set_pages(orders: Sequence[Order], *, run: Run, workers: int) -> Iterator[tuple[int, bytes | GreenReportError]]:
    """Set pages side by side; yields the number of each order with its file's bytes or what went wrong.

    Threads are enough: Pandoc and Typst work in processes of their own.
    """

    def one(order: Order) -> bytes | GreenReportError:
        try:
            return set_page(order.staged, order.format, run=run, chapter=order.chapter)
        except GreenReportError as cause:
            return cause

    with ThreadPoolExecutor(workers) as pool:
        numbers = {pool.submit(one, order): n for n, order in enumerate(orders)}
        for future in as_completed(numbers):
            yield numbers[future], future.result()


def render_html(staged: Staged) -> bytes:
    """One page as HTML.

    Raises:
        Unsupported: the page asks for something that only Quarto knows.
    """
    form = Form("html5", _words(staged), template="page.html", toc=3)
    return convert(to_markdown(staged, "screen"), [form], about=staged.page.id)[0]


def render_chapter(staged: Staged, to: str, chapter: Chapter) -> bytes:
    """One page as a chapter of the bound report: Typst, or for `docx` Pandoc's JSON, without anything around it."""
    return convert(to_markdown(staged, "print"), [_chapter(staged, to, chapter)], about=staged.page.id)[0]


def _chapter(staged: Staged, to: str, chapter: Chapter) -> Form:
    told: dict[str, object] = {"gr-chapter": chapter.label, "gr-prefix": f"{staged.page.id}-"}
    told |= {"gr-book": list(chapter.book), "gr-elsewhere": dict(chapter.elsewhere)}
    if to == "docx":
        told["gr-target"] = to
    return Form("json" if to == "docx" else _TYPST, {**_words(staged), **told})


def _words(staged: Staged) -> dict[str, object]:
    return {"gr-words": {key: word(staged.page.lang, key) for key in _CAPTIONS}}


def render_pdf(staged: Staged, *, run: Run, chapter: Chapter | None = None) -> bytes:
    """One page as PDF/UA-1 and PDF/A-2a.

    Raises:
        RenderError: Typst refused the document.
    """
    forms = [Form(_TYPST, _words(staged), template="builtin.typ")]
    if chapter is not None:
        forms.append(_chapter(staged, "typst", chapter))
    source, *others = convert(to_markdown(staged, "print"), forms, about=staged.page.id)
    if chapter is not None:
        chapters.keep(run, staged, chapter, others[0].decode())
    return compile_pdf(source.decode(), staged.svgs, run=run, about=staged.page.id)


def compile_pdf(source: str, svgs: Mapping[str, str], *, run: Run, about: str) -> bytes:
    """Typst source and its pictures (`figures/<name>.svg`) to PDF bytes."""
    with tempfile.TemporaryDirectory(prefix="greenreport-") as folder:
        root = Path(folder)
        (root / "figures").mkdir()
        for name, svg in svgs.items():
            (root / "figures" / f"{name}.svg").write_text(svg, encoding="utf-8")
        main = root / "main.typ"
        main.write_text(source, encoding="utf-8")
        try:
            made = typeset(main, fonts=_fonts(run.folder / FONTS), standards=STANDARDS, timestamp=timestamp(run.as_of))
        except TypesettingError as cause:
            raise error(RenderError, "render.typst_refused", why=cause, file=about) from cause
        if lost := [warning for warning in made.warnings if "unknown font" in warning]:
            raise error(RenderError, "render.no_font", fonts="; ".join(lost), file=about)
        return packed(made.path)


def typst_string(text: str) -> str:
    """A text as a string of Typst's own, on one line: none of its characters has a meaning."""
    return '"' + " ".join(text.split("\n")).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _fonts(own: Path) -> list[str]:
    return sorted({str(path.parent) for path in (glyphs.chart_face(own), *glyphs.files())})
