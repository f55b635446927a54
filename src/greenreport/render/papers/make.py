"""Makes the papers of a run that are stale, side by side, and says what became of each.

Knows files and digests; must not know how a document is typeset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import NamedTuple, TypeVar

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

__all__ = ["Job", "make", "plan", "reports"]

T = TypeVar("T")


class Job(NamedTuple):
    """One file of a paper: what it is made from, as a digest, and how."""

    lang: str
    paper: str
    format: str
    source: str
    content: Callable[[], bytes]

    @property
    def href(self) -> str:
        """Where it will lie beside its language's pages."""
        return f"{FOLDER}/{self.paper}.{self.format}"


def plan(run: Run, langs: Sequence[str]) -> tuple[list[Job], list[Rendered]]:
    """The files of the papers of some languages, and what is said of languages whose papers cannot be staged."""
    jobs: list[Job] = []
    refused = []
    for lang in langs:
        try:
            jobs += _jobs(run, lang)
        except GreenReportError as error:
            refused.append(Rendered(FOLDER, lang, "pdf", run.folder / "site" / lang / FOLDER, "failed", error))
    return jobs, refused


def reports(jobs: Sequence[Job]) -> dict[str, str]:
    """Language → where its report will lie beside its pages; nothing for a language without one."""
    return {job.lang: job.href for job in reversed(jobs) if job.paper == "report"}


def make(run: Run, jobs: Sequence[Job], prior: Prior, *, workers: int) -> list[Rendered]:
    """Make the files that are stale, so many at a time."""

    def made(job: Job) -> Rendered:
        target = run.folder / "site" / job.lang / job.href
        return prior.made(job.paper, job.lang, job.format, target, job.source, job.content)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(made, jobs))


def _jobs(run: Run, lang: str) -> list[Job]:
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
    jobs = [one for paper in papers for one in _files(run, paper, texts if paper.form == "sheet" else None, own)]
    if sheets and "pdf" in run.formats:
        jobs.append(Job(lang, SHEETS, "pdf", _digest(run, sheets), partial(_all_sheets, run, sheets, texts)))
    return jobs


def _files(run: Run, paper: Paper, texts: Callable[[], dict[str, str]] | None, own: bytes | None) -> Iterator[Job]:
    """The files of one paper; its Word file takes the numbers of pages from its PDF, which is set once for both."""
    lang = paper.staged.page.lang
    pdf = _once(partial(_pdf, run, paper, texts))
    formats = [fmt for fmt in paper.formats if fmt in run.formats]
    if "pdf" in formats:
        yield Job(lang, paper.name, "pdf", _digest(run, [paper]), pdf)
    if "docx" in formats:
        source = _digest(run, [paper], digest(own or b""))
        yield Job(lang, paper.name, "docx", source, partial(_docx, run, paper, pdf, own))


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
