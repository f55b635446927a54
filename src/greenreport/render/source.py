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
from greenreport.run.manifest import PageRecord
from greenreport.words import LANGS

__all__ = ["ANNEXES", "COMPOSED", "KINDS", "MOST_CHAPTERS", "PAPERS", "Page", "Run", "read_run"]

ANNEXES = ("tasks", "methods", "record", "data")
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
        id: the page's id, the same in both languages.
        lang: `zh` or `en`.
        kind: one of [KINDS] or [COMPOSED], or another word.
        title: its title in its language.
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
    year: int | None = None


@dataclass(frozen=True)
class Run:
    """What a run's folder holds, seen from the printing press.

    Args:
        chapters: the most chapters of a volume of the archive; 0: there is none.
        report: language → where its report lies beside its pages, empty where there is none.
    """

    folder: Path
    name: str
    title: dict[str, str]
    langs: tuple[str, ...]
    formats: tuple[str, ...]
    synthetic: bool
    as_of: str
    digests: dict[str, str]
    versions: dict[str, str]
    params: dict[str, Any]
    environment: dict[str, Any]
    pages: tuple[Page, ...]
    chapters: int = MOST_CHAPTERS
    report: Mapping[str, str] = field(default_factory=dict)

    def data_files(self) -> tuple[Path, ...]:
        """Tables and workbooks that the run offers for download."""
        found = (self.folder / "data").glob("*") if (self.folder / "data").is_dir() else ()
        return tuple(sorted(p for p in found if p.suffix in (".csv", ".xlsx", ".zip") or p.name == "datapackage.json"))

    def of(self, lang: str) -> tuple[Page, ...]:
        """The pages of one language by kind (see [KINDS]), those of a kind in the run's order."""
        pages = [p for p in self.pages if p.lang == lang and p.kind != PAPERS]
        rank = {kind: n for n, kind in enumerate(KINDS)}
        return tuple(sorted(pages, key=lambda p: rank.get(p.kind, len(rank))))

    @property
    def wanted(self) -> tuple[str, ...]:
        """The papers that the run's parameter file asks for, the archive among them."""
        return tuple(self.params.get("papers", ()))

    def papers(self, lang: str) -> Page | None:
        """The page that a language's papers are made from, None where there is none that could be made."""
        fit = (p for p in self.pages if p.lang == lang and p.kind == PAPERS and p.status == "done" and p.notebook)
        return next(fit, None)

    def page(self, page: str, lang: str) -> Page | None:
        """One page by id and language, or None."""
        return next((p for p in self.pages if p.id == page and p.lang == lang), None)


def read_run(folder: Path) -> Run:
    """Read a run's folder.

    Args:
        folder: holds `manifest.json`.

    Raises:
        RequestError: there is no manifest, or it names no page.
    """
    record = manifest.read(folder)
    level = Level.from_json(dict(record.level))
    tongue = {lang: Tongue(lang, level) for lang in LANGS}
    pages = tuple(_page(folder, p, tongue[p.lang]) for p in record.pages if p.lang in LANGS)
    if not pages:
        raise RequestError.of(
            zh="本次运行没有任何页面可供排版。",
            en="This run has no pages, so there is nothing to render.",
            file=folder,
        )
    return Run(
        folder=folder,
        name=record.run,
        title={lang: record.title[lang] for lang in LANGS},
        langs=tuple(tongue[lang] for lang in record.langs if lang in LANGS),
        formats=tuple(record.formats),
        synthetic=bool(record.synthetic),
        as_of=str(record.as_of),
        digests={k: str(v) for k, v in sorted(dict(record.digests).items())},
        versions={k: str(v) for k, v in sorted(dict(record.versions).items())},
        params=dict(record.params),
        environment=dict(record.environment),
        pages=pages,
    )


def _page(folder: Path, record: PageRecord, lang: Tongue) -> Page:
    notebook = folder / record.notebook if record.notebook and record.status == "done" else None
    if notebook is not None and not notebook.is_file():
        notebook = None
    return Page(
        id=record.id,
        lang=lang,
        kind=record.kind,
        title=record.title,
        # A page whose notebook has gone since is not there to be read either.
        status=record.status if notebook is not None or record.status != "done" else "not_run",
        notebook=notebook,
        reason=(record.error.zh if record.lang == "zh" else record.error.en) if record.error else None,
        year=record.year,
    )
