"""A run's folder as rendering sees it: which pages there are, in which languages, and where their notebooks lie.

Reads the run's manifest and no other greenreport data. Must not know how a page was computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from greenreport.errors import RequestError
from greenreport.level import Level, Tongue
from greenreport.run import manifest
from greenreport.run.kinds import ANNEXES
from greenreport.run.manifest import PageRecord
from greenreport.words import LANGS, error

__all__ = ["COMPOSED", "KINDS", "MOST_CHAPTERS", "PAPERS", "Page", "Run", "read_run"]

KINDS = ("overview", "city", "indicator", "district", "national", *ANNEXES)
"""Kinds of pages in the order in which a reader takes them."""
MOST_CHAPTERS = 50
"""The bound report has volumes where it has more chapters than this; Typst holds about 30 MB for each of a volume."""
PAPERS = "papers"
"""The kind of the page that the papers are made from: it is none of the site."""
COMPOSED = ("index", "list", "about")
"""Kinds of pages that rendering makes itself, from the others and from the manifest; for the screen only."""


@dataclass(frozen=True)
class Page:
    """One page in one language.

    Args:
        kind: one of [KINDS] or [COMPOSED], or another word.
        status: done, failed or not_run.
        notebook: the executed notebook; None where the page has none.
        reason: what went wrong, in the page's language.
    """

    id: str
    lang: str
    kind: str
    title: str
    status: str
    notebook: Path | None
    reason: str | None = None


@dataclass(frozen=True)
class Run:
    """What a run's folder holds, seen from the printing press; what is not told here is as in its manifest.

    Args:
        chapters: the most chapters of a volume of the archive; 0: there is none.
        report: language → where its report lies beside its pages, empty where there is none.
    """

    folder: Path
    title: dict[str, str]
    langs: tuple[str, ...]
    formats: tuple[str, ...]
    synthetic: bool
    as_of: str
    digests: Mapping[str, str]
    versions: Mapping[str, str]
    params: Mapping[str, Any]
    environment: Mapping[str, Any]
    pages: tuple[Page, ...]
    chapters: int = MOST_CHAPTERS
    report: Mapping[str, str] = field(default_factory=dict)

    def data_files(self) -> tuple[Path, ...]:
        """Tables and workbooks that the run offers for download."""
        found = sorted((self.folder / "data").glob("*"))
        return tuple(p for p in found if p.suffix in (".csv", ".xlsx", ".zip") or p.name == "datapackage.json")

    def of(self, lang: str, kind: str | None = None) -> tuple[Page, ...]:
        """The pages of one language by kind (see [KINDS]), or of one kind only, those of a kind in the run's order."""
        pages = [p for p in self.pages if p.lang == lang and p.kind != PAPERS and kind in (None, p.kind)]
        rank = {kind: n for n, kind in enumerate(KINDS)}
        return tuple(sorted(pages, key=lambda p: rank.get(p.kind, len(rank))))

    def there(self, lang: str, kind: str | None = None) -> tuple[Page, ...]:
        """Those of [of] that were run, be it that they failed."""
        return tuple(page for page in self.of(lang, kind) if page.status != "not_run")

    @property
    def wanted(self) -> tuple[str, ...]:
        """The papers that the run's parameter file asks for, the archive among them."""
        return tuple(self.params.get("papers", ()))

    def papers(self, lang: str) -> Page | None:
        """The page that a language's papers are made from, None where there is none that could be made."""
        fit = (p for p in self.pages if p.lang == lang and p.kind == PAPERS and p.status == "done" and p.notebook)
        return next(fit, None)


def read_run(folder: Path) -> Run:
    """Read the manifest in a run's folder.

    Raises:
        RequestError: there is no manifest, or it names no page.
    """
    record = manifest.read(folder)
    level = Level.from_json(dict(record.level))
    tongue = {lang: Tongue(lang, level) for lang in LANGS}
    pages = tuple(_page(folder, p, tongue[p.lang]) for p in record.pages if p.lang in LANGS)
    if not pages:
        raise error(RequestError, "render.no_pages", file=folder)
    return Run(
        folder=folder,
        title={lang: record.title[lang] for lang in LANGS},
        langs=tuple(tongue[lang] for lang in record.langs if lang in LANGS),
        formats=record.formats,
        synthetic=record.synthetic,
        as_of=record.as_of,
        digests=record.digests,
        versions=record.versions,
        params=record.params,
        environment=record.environment,
        pages=pages,
    )


def _page(folder: Path, record: PageRecord, lang: Tongue) -> Page:
    done = record.status == "done"
    notebook = folder / record.notebook if record.notebook and done else None
    if notebook is not None and not notebook.is_file():
        notebook = None
    # A page whose notebook has gone since is not there to be read either.
    status = "not_run" if done and notebook is None else record.status
    reason = getattr(record.error, lang) if record.error else None
    return Page(record.id, lang, record.kind, record.title, status, notebook, reason)
