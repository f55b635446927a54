"""The formats of a report. Knows what tells them apart; must not know how they are made."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True)
class Format:
    """One format.

    Args:
        label: what readers call it.
        of_pages: whether each page is set in it.
        bound: whether papers and the archive are made in it.
        without: endings of the theme's files that it is made without.
    """

    label: str
    of_pages: bool
    bound: bool
    without: tuple[str, ...]


FORMATS = {
    # Style sheet and script are linked, not built into pages.
    "html": Format("HTML", of_pages=True, bound=False, without=(".css", ".js", ".typ")),
    "pdf": Format("PDF", of_pages=True, bound=True, without=(".css", ".js", ".html")),
    "docx": Format("Word", of_pages=False, bound=True, without=(".css", ".js", ".html", ".typ")),
}
