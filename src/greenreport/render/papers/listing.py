"""The papers that are there, as the start page lists them: titles, pages and sizes.

Reads finished files; must not know how they were made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from greenreport.render.formats import FORMATS
from greenreport.render.front_matter import FOLDER
from greenreport.render.previous_render import Rendered
from greenreport.render.words import mark, word

__all__ = ["Entry", "File", "entries"]

_LISTED = ("report", "brief", "sheets")


@dataclass(frozen=True)
class File:
    """One file of a paper: where it lies beside the language's pages, and what is said of it."""

    href: str
    title: str


@dataclass(frozen=True)
class Entry:
    """One paper in the list, `report`, `brief` or `sheets`: what it is called, what it is for, its files."""

    name: str
    title: str
    text: str
    files: tuple[File, ...]


def entries(lang: str, made: Sequence[Rendered]) -> tuple[Entry, ...]:
    """The papers of a language, those to be read first."""
    out = []
    for name in _LISTED:
        own = [one for one in made if one.lang == lang and one.page == name and one.status != "failed"]
        files = tuple(File(f"{FOLDER}/{one.path.name}", _told(lang, one.format, one.path)) for one in own)
        if files:
            out.append(Entry(name, word(lang, f"paper_{name}"), word(lang, f"paper_{name}_text"), files))
    return tuple(out)


def _told(lang: str, fmt: str, path: Path) -> str:
    """PDF, 31 pages, 0.4 MB; what is less than 0.1 MB in KB."""
    parts = [FORMATS[fmt].label]
    if fmt == "pdf":
        with pikepdf.open(path) as document:
            count = len(document.pages)
        parts.append(word(lang, "paper_page" if count == 1 else "paper_pages").format(count))
    size = path.stat().st_size
    parts.append(f"{size / 1e6:.1f}\u00a0MB" if size >= 1e5 else f"{max(1, round(size / 1e3))}\u00a0KB")
    return mark(lang, "clause").join(parts)
