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
from typing import Any, Literal, Protocol

from IPython.display import display

ASSESSMENT_MIME = "application/vnd.greenreport.assessment+json"
TABLE_MIME = "application/vnd.greenreport.table+json"
"""The figures of a table or a chart, typed, for downloads."""

Bundle = tuple[dict[str, Any], dict[str, Any]]


class Shown(Protocol):
    """Anything that [show] can display."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle: ...


Raw = str | int | float | None


@dataclass(frozen=True)
class Field:
    """A column of data: a plain ASCII id, unique in its sheet, label and unit in the language of the page; dates are ISO strings."""

    id: str
    label: str
    unit: str = ""
    type: Literal["number", "text", "date"] = "number"


@dataclass(frozen=True)
class Sheet:
    """What a table or a chart shows, as typed data: one value per field in each row, numbers as numbers, None where there is none."""

    fields: tuple[Field, ...]
    rows: tuple[tuple[Raw, ...], ...]
    caption: str

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.fields):
                raise ValueError(f"{len(self.fields)} fields, but a row of {len(row)} values")
            for one, value in zip(self.fields, row, strict=True):
                if value is not None and isinstance(value, str) is (one.type == "number"):
                    raise ValueError(f"{one.id} holds {one.type}s, not {value!r}")

    def to_json(self) -> dict[str, Any]:
        """Plain data; figures to ten significant digits, so that two machines write the same bytes."""
        columns = [{"id": f.id, "label": f.label, "unit": f.unit, "type": f.type} for f in self.fields]
        rows = [[_rounded(value) for value in row] for row in self.rows]
        return {"columns": columns, "rows": rows, "caption": self.caption}


def _rounded(value: Raw) -> Raw:
    if not isinstance(value, float):
        return value
    if value != value or value in (float("inf"), float("-inf")):
        return None
    short = float(f"{value:.10g}")
    return int(short) if short == int(short) and abs(short) < 1e15 else short


@dataclass(frozen=True)
class Narrative:
    """Running text as Markdown, the same on screen and on paper; `start` shows it on the site's start page too."""

    markdown: str
    start: bool = False

    def __post_init__(self) -> None:
        if self.markdown.lstrip().startswith("---"):
            # Quarto reads such a cell as a YAML block, and one phantom block breaks the whole site.
            raise ValueError("a narrative never opens with '---'; use '***' for a rule")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        return {"text/markdown": self.markdown}, _told("narrative", start=self.start)


@dataclass(frozen=True)
class Table:
    """A table: HTML for the screen, a pipe table for print.

    Args:
        label: unique on its page, begins with `tbl-`.
        caption: what the table shows, without its number.
        html: the table for the screen.
        markdown: the same as a pipe table.
        sheet: its figures, for downloads.
        start: whether the site's start page shows it too.
    """

    label: str
    caption: str
    html: str
    markdown: str
    sheet: Sheet
    start: bool = False

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        forms = {"text/html": self.html, "text/markdown": self.markdown, TABLE_MIME: self.sheet.to_json()}
        return forms, _told("table", label=self.label, caption=self.caption, start=self.start)


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
        sheet: its figures, for downloads.
        start: whether the site's start page shows it too.
    """

    label: str
    caption: str
    alt: str
    svg: str
    width: int
    height: int
    spec: dict[str, Any]
    sheet: Sheet | None = None
    start: bool = False

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        # "</" inside a JSON string would end the script element; "<\/" is the same JSON.
        spec = json.dumps(self.spec, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("</", "<\\/")
        screen = (
            f'<figure class="gr-chart" id="chart-{html.escape(self.label, quote=True)}" '
            f'role="img" aria-label="{html.escape(self.alt, quote=True)}">'
            f'<div class="gr-still">{self.svg}</div>'
            f'<script type="application/json" class="gr-spec">{spec}</script></figure>'
        )
        forms: dict[str, Any] = {"text/html": screen, "image/svg+xml": self.svg}
        if self.sheet:
            forms[TABLE_MIME] = self.sheet.to_json()
        size = {"image/svg+xml": {"width": self.width, "height": self.height}}
        return forms, size | _told("figure", label=self.label, caption=self.caption, alt=self.alt, start=self.start)


@dataclass(frozen=True)
class Findings:
    """The findings of a page as data: nothing a reader sees, all that an overview needs."""

    data: dict[str, Any]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        return {ASSESSMENT_MIME: self.data}, _told("findings")


def _told(role: str, *, start: bool = False, **more: str) -> dict[str, Any]:
    """The metadata of an output."""
    return {"greenreport": {"role": role, **more} | ({"start": True} if start else {})}


def show(*items: Shown | Iterable[Shown] | None) -> None:
    """Display what a reader sees, in order.

    Args:
        items: texts, tables, figures and findings; of an iterable each of its items; None (there is no such thing) is nothing.
    """
    for item in items:
        if item is None:
            continue
        for one in item if isinstance(item, Iterable) else (item,):
            data, metadata = one._repr_mimebundle_()
            display(data, metadata=metadata, raw=True)
