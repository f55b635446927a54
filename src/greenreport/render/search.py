"""The offline search of a site: the texts of its pages, section by section, in one script per language.

Read from the finished HTML, so that both engines' pages are searched alike. The script in the page looks terms up as
they stand; Chinese needs no word boundaries for that, and an evaluation's texts are small. Must not know runs.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from lxml import etree

__all__ = ["search_script", "sections"]

_SILENT = {"script", "style", "svg", "nav", "button"}
_BREAK = "\x00"
_GAPS = {
    **dict.fromkeys(("p", "li", "tr", "figcaption", "div", "h1", "h4"), _BREAK),
    **dict.fromkeys(("td", "th", "br", "dt", "dd"), " "),
}
"""What parts the texts of blocks and of cells."""


def sections(page: str) -> list[tuple[str, str, list[str]]]:
    """The sections of an HTML page's `main`: (anchor, heading, blocks of text) each, the first without a heading."""
    reader = _Reader()
    etree.fromstring(page, etree.HTMLParser(target=reader, huge_tree=True))
    return [
        (anchor, _flat(head), [flat for block in "".join(text).split(_BREAK) if (flat := _flat([block]))])
        for anchor, head, text in reader.found
    ]


def search_script(pages: Iterable[tuple[str, str, Path]]) -> bytes:
    """The script that holds the texts of a site's pages in one language, packed.

    The texts of districts resemble each other: each text is kept once, and the whole is deflated (RFC 1950) and put
    into base64, because a page opened from a folder can load nothing but scripts.

    Args:
        pages: (id, title, HTML file) each, in the order in which equal hits are listed.
    """
    numbers: dict[str, int] = {}

    def number(text: str) -> int:
        return numbers.setdefault(text, len(numbers))

    found = [
        [
            page,
            number(title),
            [
                [number(anchor), number(heading), [number(block) for block in blocks]]
                for anchor, heading, blocks in sections(file.read_text(encoding="utf-8"))
                if heading or blocks
            ],
        ]
        for page, title, file in pages
    ]
    text = json.dumps([list(numbers), found], ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
    return f'window.greenreportSearch = "{packed}";\n'.encode()


def _flat(parts: list[str]) -> str:
    return " ".join("".join(parts).replace(_BREAK, " ").replace("\u2060", "").split())


class _Reader:
    """What lxml tells of a page, tag by tag."""

    def __init__(self) -> None:
        self.found: list[tuple[str, list[str], list[str]]] = [("", [], [])]
        self._inside = 0
        self._silent = 0
        self._heading = False
        self._section = ""

    def start(self, tag: str, given: Mapping[str, str]) -> None:
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
        else:
            self.data(_GAPS.get(tag, ""))

    def end(self, tag: str) -> None:
        if tag == "main":
            self._inside -= 1
        elif self._inside and tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif self._heading and tag in ("h2", "h3"):
            self._heading = False
        else:
            self.data(_GAPS.get(tag, ""))

    def close(self) -> None:
        pass

    def data(self, text: str) -> None:
        if self._inside and not self._silent:
            _, heading, body = self.found[-1]
            (heading if self._heading else body).append(text)
