"""Makes the papers of a run that are stale, side by side, and says what became of each.

Knows files and digests; must not know how a document is typeset.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from greenreport.errors import GreenReportError
from greenreport.render import site
from greenreport.render.builtin import version
from greenreport.render.front import FOLDER
from greenreport.render.glyphs import check_glyphs
from greenreport.render.pandoc import theme_digest
from greenreport.render.papers.docx import paper_docx
from greenreport.render.papers.parts import SHEETS, Paper, papers_of
from greenreport.render.papers.pdf import bodies, heading_pages, paper_pdf, sheets_pdf
from greenreport.render.records import Prior, Rendered
from greenreport.render.source import Run
from greenreport.run.digests import package_digest
from greenreport.run.manifest import TEMPLATE

__all__ = ["make"]

Work = tuple[str, str, str, Callable[[], bytes]]
"""Paper, format, digest of what it is made from, and how."""


def make(run: Run, langs: Sequence[str], prior: Prior, *, workers: int) -> list[Rendered]:
    """Make the papers of some languages that are stale.

    Args:
        run: the run.
        langs: its languages that are rendered.
        prior: what earlier files were made from.
        workers: how many papers may be made at a time.
    """
    out: list[Rendered] = []
    with ThreadPoolExecutor(workers) as pool:
        for lang in langs:
            try:
                work = _work(run, lang)
            except GreenReportError as error:
                target = run.folder / "site" / lang / FOLDER
                out.append(Rendered(FOLDER, lang, "pdf", target, "failed", error))
                continue
            out += pool.map(lambda one, lang=lang: _made(run, lang, one, prior), work)  # type: ignore[misc]
    return out


def _work(run: Run, lang: str) -> list[Work]:
    page = run.papers(lang)
    if page is None:
        return []
    papers = papers_of(run, page)
    for paper in papers:
        check_glyphs([paper.staged.source().decode()], page=paper.name)
    work: list[Work] = []
    template = run.folder / TEMPLATE
    own = template.read_bytes() if template.is_file() else None
    sheets = [one for one in papers if one.form == "sheet"]
    # Texts are written once for all forms that need them, and only where one is stale.
    texts = cache(lambda: dict(zip([one.name for one in sheets], bodies(sheets), strict=True)))
    for paper in papers:
        if paper.form == "sheet":
            if "pdf" in run.formats:
                work.append(
                    (paper.name, "pdf", _digest(run, [paper]), lambda p=paper: paper_pdf(run, p, texts()[p.name]))
                )  # type: ignore[misc]
            continue
        made = cache(lambda p=paper: paper_pdf(run, p, bodies([p])[0]))  # type: ignore[misc]
        if "pdf" in run.formats:
            work.append((paper.name, "pdf", _digest(run, [paper]), made))
        if "docx" in run.formats:
            digest = _digest(run, [paper], hashlib.sha256(own or b"").hexdigest())
            # Contents are filled in with the pages of the PDF, which is laid out the same; Word counts again by itself.
            work.append(
                (paper.name, "docx", digest, lambda p=paper, m=made: paper_docx(run, p, heading_pages(m()), own))
            )  # type: ignore[misc]
    if sheets and "pdf" in run.formats:
        all_texts = lambda: sheets_pdf(run, sheets, [texts()[one.name] for one in sheets])  # noqa: E731
        work.append((SHEETS, "pdf", _digest(run, sheets), all_texts))
    return work


def _digest(run: Run, papers: Sequence[Paper], *more: str) -> str:
    lang = papers[0].staged.page.lang
    head = (package_digest(), version(), theme_digest("pdf"), run.as_of, run.title[lang], *more)
    parts = [*head, *(part for one in papers for part in (one.name, one.title, one.staged.digest))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _made(run: Run, lang: str, work: Work, prior: Prior) -> Rendered:
    name, fmt, digest, content = work
    target = run.folder / "site" / lang / FOLDER / f"{name}.{fmt}"
    if prior.holds(target, digest):
        return Rendered(name, lang, fmt, target, "unchanged")
    try:
        site.write_file(target, content())
    except GreenReportError as error:
        target.unlink(missing_ok=True)
        return Rendered(name, lang, fmt, target, "failed", error)
    prior.note(target, digest)
    return Rendered(name, lang, fmt, target, "rendered")
