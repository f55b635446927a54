"""The document contract: what a notebook hands to a reader, and in which forms.

A [Narrative], a [Table] and a [Figure] each know one form for the screen and one for print, and travel as one MIME
bundle with their role, label, caption and alternative text in the output's metadata (docs/architecture.md). Quarto,
nbconvert, JupyterLab and the built-in engine read the same bundle. This module computes and words nothing.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from IPython.display import display

__all__ = ["ASSESSMENT_MIME", "Figure", "Findings", "Narrative", "Shown", "Table", "show"]

ASSESSMENT_MIME = "application/vnd.greenreport.assessment+json"

Bundle = tuple[dict[str, Any], dict[str, Any]]


class Shown(Protocol):
    """Anything that [show] can display."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle: ...


@dataclass(frozen=True)
class Narrative:
    """Running text as Markdown, the same on screen and on paper."""

    markdown: str

    def __post_init__(self) -> None:
        if self.markdown.lstrip().startswith("---"):
            # Quarto reads such a cell as a YAML block, and one phantom block breaks the whole site.
            raise ValueError("a narrative never opens with '---'; use '***' for a rule")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        return {"text/markdown": self.markdown}, {"greenreport": {"role": "narrative"}}


@dataclass(frozen=True)
class Table:
    """A table: HTML for the screen, a pipe table for print.

    Args:
        label: unique on its page, begins with `tbl-`.
        caption: what the table shows, without its number.
        html: the table for the screen.
        markdown: the same as a pipe table.
    """

    label: str
    caption: str
    html: str
    markdown: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        return (
            {"text/html": self.html, "text/markdown": self.markdown},
            {"greenreport": {"role": "table", "label": self.label, "caption": self.caption}},
        )


@dataclass(frozen=True)
class Figure:
    """A chart: an interactive one that carries its still picture for the screen, the still picture for print.

    Args:
        label: unique on its page, begins with `fig-`.
        caption: what the figure shows, without its number.
        alt: what a reader who can't see it should know.
        svg: the still picture.
        width: its width in CSS pixels.
        height: its height in CSS pixels.
        spec: the Vega-Lite specification of the interactive form.
    """

    label: str
    caption: str
    alt: str
    svg: str
    width: int
    height: int
    spec: dict[str, Any]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        # "</" inside a JSON string would end the script element; "<\/" is the same JSON.
        spec = json.dumps(self.spec, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("</", "<\\/")
        screen = (
            f'<figure class="gr-chart" id="chart-{html.escape(self.label, quote=True)}" '
            f'role="img" aria-label="{html.escape(self.alt, quote=True)}">'
            f'<div class="gr-still">{self.svg}</div>'
            f'<script type="application/json" class="gr-spec">{spec}</script></figure>'
        )
        return (
            {"text/html": screen, "image/svg+xml": self.svg},
            {
                "image/svg+xml": {"width": self.width, "height": self.height},
                "greenreport": {
                    "role": "figure",
                    "label": self.label,
                    "caption": self.caption,
                    "alt": self.alt,
                },
            },
        )


@dataclass(frozen=True)
class Findings:
    """The findings of a page as data: nothing a reader sees, all that an overview needs."""

    data: dict[str, Any]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        return {ASSESSMENT_MIME: self.data}, {"greenreport": {"role": "findings"}}


def show(*items: Shown | Iterable[Shown]) -> None:
    """Display what a reader sees, in order; an iterable shows each of its items."""
    for item in items:
        for one in item if isinstance(item, Iterable) else (item,):
            data, metadata = one._repr_mimebundle_()
            display(data, metadata=metadata, raw=True)
