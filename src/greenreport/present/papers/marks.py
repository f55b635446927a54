"""What belongs to a paper is marked in its metadata: which paper, where a page begins, what lies across the page.

Knows the document contract (docs/architecture.md); must not know what a paper says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from greenreport.present.show import Bundle, Figure, Narrative, Shown, Table
from greenreport.words import t

__all__ = ["FENCE", "NEW_PAGE", "OnPaper", "bare", "labelled", "on_paper", "sized", "title", "upright", "wide"]

NEW_PAGE = Narrative("::: {.gr-page}\n:::")
"""What follows begins a new page of a paper."""

FENCE = ":" * 13
"""Around several outputs that are laid out together: longer than any fence inside."""

_HEADING = re.compile(r"\A#+ [^\n]*\n+")
_SCREEN = "text/html"


@dataclass(frozen=True)
class OnPaper:
    """Anything shown, as a part of a paper: in its form for print, with labels of the paper's own.

    Args:
        item: what is shown.
        paper: the paper: `report`, `brief` or `sheet-<code>`.
        title: the paper's title; on its first part only.
    """

    item: Shown
    paper: str
    title: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        data, metadata = self.item._repr_mimebundle_()
        told = dict(metadata["greenreport"]) | {"paper": self.paper}
        told.pop("start", None)
        if self.title:
            told["title"] = self.title
        return {kind: value for kind, value in data.items() if kind != _SCREEN}, dict(metadata) | {"greenreport": told}


def on_paper(paper: str, title: str, parts: Iterable[Shown]) -> Iterator[OnPaper]:
    """The parts of a paper, in order.

    Args:
        paper: the paper: `report`, `brief` or `sheet-<code>`.
        title: its title.
        parts: what stands in it.
    """
    for n, part in enumerate(parts):
        yield OnPaper(part, paper, "" if n else title)


def bare(text: Narrative) -> str:
    """A text without the heading that it has on its page."""
    return _HEADING.sub("", text.markdown).strip()


_Labelled = TypeVar("_Labelled", Figure, Table)


def labelled(item: _Labelled, label: str) -> _Labelled:
    """A figure or table under another label, unique in its paper."""
    return replace(item, label=label)


def sized(chart: Figure, width: float) -> Figure:
    """A figure drawn smaller on paper: its width in CSS pixels (a page's text is 604 wide, or less)."""
    return replace(chart, width=round(width), height=round(chart.height * width / chart.width))


def wide(*items: Shown) -> tuple[Shown, ...]:
    """What needs the long side of the paper: on pages turned round."""
    return (Narrative(f"{FENCE} {{.gr-wide}}"), *items, Narrative(FENCE))


def upright(*items: Shown) -> tuple[Shown, ...]:
    """What stands on the page as the rest does."""
    return items


def title(paper: str, lang: str, *, of: str = "") -> str:
    """The title of a paper, with whom it is about."""
    name = t(f"papers.{paper}.title", lang)
    return t("mark.title", lang).join([name, of] if of else [name])
