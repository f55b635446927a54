"""The offline search of a site: the texts of its pages, section by section, in one script per language.

Read from the finished HTML, so that both engines' pages are searched alike. The script in the page looks terms up as
they stand; Chinese needs no word boundaries for that, and an evaluation's texts are small. Must not know runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

__all__ = ["search_script", "sections"]

_SILENT = {"script", "style", "svg", "nav", "button"}
_BLOCKS = {"p", "li", "td", "th", "tr", "figcaption", "div", "br", "h1", "h4"}


def sections(page: str) -> list[tuple[str, str, str]]:
    """The sections of an HTML page's `main`: (anchor, heading, text) each, the first without a heading.

    Args:
        page: the HTML.
    """
    reader = _Reader()
    reader.feed(page)
    return [(anchor, _flat(head), _flat(text)) for anchor, head, text in reader.found]


def search_script(pages: Iterable[tuple[str, str, Path]]) -> bytes:
    """The script that holds the texts of a site's pages in one language.

    Args:
        pages: (id, title, HTML file) each, in the order in which equal hits are listed.
    """
    found = [
        [page, title, [list(s) for s in sections(file.read_text(encoding="utf-8")) if s[1] or s[2]]]
        for page, title, file in pages
    ]
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return f"window.greenreportSearch = {text};\n".encode()


def _flat(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[str], list[str]]] = [("", [], [])]
        self._inside = 0
        self._silent = 0
        self._heading = False
        self._section = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "main":
            self._inside += 1
        elif self._inside and tag in _SILENT:
            self._silent += 1
        elif self._inside and tag == "section":
            self._section = given.get("id") or ""
        elif self._inside and tag in ("h2", "h3"):
            # Quarto names the section around a heading, Pandoc the heading.
            self.found.append((given.get("id") or self._section, [], []))
            self._heading = True
            self._section = ""
        elif self._inside and tag in _BLOCKS:
            self._say(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._inside -= 1
        elif self._inside and tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif self._heading and tag in ("h2", "h3"):
            self._heading = False
        elif self._inside and tag in _BLOCKS:
            self._say(" ")

    def handle_data(self, data: str) -> None:
        self._say(data)

    def _say(self, text: str) -> None:
        if self._inside and not self._silent:
            _, heading, body = self.found[-1]
            (heading if self._heading else body).append(text)
