"""Ways between pages: none leads to a page that a run does not have.

A page says where the rest stands; which pages there are is known only when all are rendered. A link to a page that is
not there loses its link in a table; in running text the sentence or the entry of a list that says nothing but the way
is left out. This module must not know what pages are about, nor how they are typeset.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from greenreport.render.cells import marks

__all__ = ["without_dead_ends"]

_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(([\w-]+)\.html(?:#[\w-]*)?\)")
_ANCHOR = re.compile(r'<a(?: class="[\w-]+")? href="([\w-]+)\.html(?:#[\w-]*)?"[^>]*>(.*?)</a>', re.S)
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.)\s")
_SENTENCES = re.compile(r"(?<=。)|(?<=[.!?])\s+(?=[A-Z\[*])")
_GAPS = ("、", "；", "; ", ", ")


def without_dead_ends(cell: dict[str, Any], there: Collection[str]) -> dict[str, Any]:
    """A staged cell without ways to pages that are not there."""
    if cell["cell_type"] == "markdown":
        return {**cell, "source": _text(cell["source"], there)}
    output = cell["outputs"][0]
    data = dict(output["data"])
    if "text/html" in data:
        data["text/html"] = _ANCHOR.sub(lambda m: m[0] if m[1] in there else m[2], data["text/html"])
    if marks(cell).get("role") != "table" and "text/markdown" in data:
        data["text/markdown"] = _text(data["text/markdown"], there)
    return {**cell, "outputs": [{**output, "data": data}]}


def _text(text: str, there: Collection[str]) -> str:
    """Markdown by paragraphs; one that introduces a list goes with the last of its entries.

    A link written as an element only underlies what the text says anyway; the words stay where it leads to nothing.
    """
    text = _ANCHOR.sub(lambda m: m[0] if m[1] in there else m[2], text)
    if all(m[2] in there for m in _LINK.finditer(text)):
        return text
    out: list[str] = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        entries = all(_ITEM.match(line) for line in lines)
        units = [kept for line in lines if (kept := _unit(line, there))] if entries else _paragraph(lines, there)
        if units:
            out.append("\n".join(units))
        elif entries and out and not out[-1].startswith("#"):
            out.pop()
    return "\n\n".join(out)


def _paragraph(lines: Sequence[str], there: Collection[str]) -> list[str]:
    kept = ["".join(_sentences(line, there)).rstrip() if line else line for line in lines]
    return [line for line, before in zip(kept, lines, strict=True) if line or not before]


def _sentences(line: str, there: Collection[str]) -> list[str]:
    """The sentences of a line, each with the gap after it, without those that lead to nothing."""
    starts = [0, *(m.end() for m in _SENTENCES.finditer(line)), len(line)]
    return [_unit(line[a:b], there) for a, b in pairwise(starts) if a < b]


def _unit(text: str, there: Collection[str]) -> str:
    """A sentence or an entry of a list: without its dead links; nothing where all of its links are dead."""
    links = list(_LINK.finditer(text))
    dead = [m for m in links if m[2] not in there]
    if not dead:
        return text
    if len(dead) == len(links):
        return ""
    for m in reversed(dead):
        start, end = m.span()
        if (gap := next((g for g in _GAPS if text[end:].startswith(g)), None)) is not None:
            end += len(gap)
        elif (gap := next((g for g in _GAPS if text[:start].endswith(g)), None)) is not None:
            start -= len(gap)
        text = text[:start] + text[end:]
    return text
