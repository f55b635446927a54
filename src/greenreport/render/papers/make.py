"""Makes the papers of a run that are stale, side by side, and says what became of each.

Knows files and digests; must not know how a document is typeset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import TypeVar

from greenreport.errors import GreenReportError
from greenreport.render.builtin import version
from greenreport.render.front_matter import FOLDER
from greenreport.render.glyphs import check_glyphs
from greenreport.render.pandoc import theme_digest
from greenreport.render.papers.docx import paper_docx
from greenreport.render.papers.parts import SHEETS, Paper, papers_of
from greenreport.render.papers.pdf import bodies, heading_pages, paper_pdf, sheets_pdf
from greenreport.render.previous_render import Prior, Rendered
from greenreport.render.source import Run
from greenreport.run.digests import digest, package_digest
from greenreport.run.manifest import TEMPLATE

__all__ = ["make"]

T = TypeVar("T")

Work = tuple[str, str, str, Callable[[], bytes]]
"""Paper, format, digest of what it is made from, and how."""


def make(run: Run, langs: Sequence[str], prior: Prior, *, workers: int) -> list[Rendered]:
    """Make the papers of some languages that are stale."""
    out: list[Rendered] = []
    with ThreadPoolExecutor(workers) as pool:
        for lang in langs:
            try:
                work = _work(run, lang)
            except GreenReportError as error:
                target = run.folder / "site" / lang / FOLDER
                out.append(Rendered(FOLDER, lang, "pdf", target, "failed", error))
                continue
            out += pool.map(partial(_made, run, lang, prior), work)
    return out


def _work(run: Run, lang: str) -> list[Work]:
    page = run.papers(lang)
    if page is None:
        return []
    papers = papers_of(run, page)
    for paper in papers:
        check_glyphs(paper.staged.characters, page=paper.name)
    template = run.folder / TEMPLATE
    own = template.read_bytes() if template.is_file() else None
    sheets = [one for one in papers if one.form == "sheet"]
    # Texts are written once for all files that need them, and only where one is stale.
    texts = _once(partial(_texts, tuple(sheets)))
    work = [one for paper in papers for one in _files(run, paper, texts if paper.form == "sheet" else None, own)]
    if sheets and "pdf" in run.formats:
        work.append((SHEETS, "pdf", _digest(run, sheets), partial(_all_sheets, run, sheets, texts)))
    return work


def _files(run: Run, paper: Paper, texts: Callable[[], dict[str, str]] | None, own: bytes | None) -> Iterator[Work]:
    """The files of one paper; its Word file takes the numbers of pages from its PDF, which is set once for both."""
    pdf = _once(partial(_pdf, run, paper, texts))
    formats = [fmt for fmt in paper.formats if fmt in run.formats]
    if "pdf" in formats:
        yield paper.name, "pdf", _digest(run, [paper]), pdf
    if "docx" in formats:
        yield paper.name, "docx", _digest(run, [paper], digest(own or b"")), partial(_docx, run, paper, pdf, own)


def _once(work: Callable[[], T]) -> Callable[[], T]:
    """Work that is done when it is first wanted and by one thread, however many want it."""
    lock, done = Lock(), []  # type: ignore[var-annotated]

    def result() -> T:
        with lock:
            if not done:
                done.append(work())
            return done[0]

    return result


def _texts(sheets: Sequence[Paper]) -> dict[str, str]:
    return dict(zip([one.name for one in sheets], bodies(sheets), strict=True))


def _pdf(run: Run, paper: Paper, texts: Callable[[], dict[str, str]] | None) -> bytes:
    return paper_pdf(run, paper, texts()[paper.name] if texts else bodies([paper])[0])


def _docx(run: Run, paper: Paper, pdf: Callable[[], bytes], own: bytes | None) -> bytes:
    """Contents are filled in with the pages of the PDF, which is laid out the same; Word counts again by itself."""
    return paper_docx(run, paper, heading_pages(pdf()), own)


def _all_sheets(run: Run, sheets: Sequence[Paper], texts: Callable[[], dict[str, str]]) -> bytes:
    return sheets_pdf(run, sheets, [texts()[one.name] for one in sheets])


def _digest(run: Run, papers: Sequence[Paper], *more: str) -> str:
    parts = [(one.name, one.title, one.staged.digest) for one in papers]
    lang = papers[0].staged.page.lang
    return digest([package_digest(), version(), theme_digest("pdf"), run.as_of, run.title[lang], *more, *parts])


def _made(run: Run, lang: str, prior: Prior, work: Work) -> Rendered:
    name, fmt, source, content = work
    return prior.made(name, lang, fmt, run.folder / "site" / lang / FOLDER / f"{name}.{fmt}", source, content)
