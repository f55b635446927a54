"""From an executed notebook's cells to those of a staged one: what a reader sees, one output to a cell.

Captions and alternative texts travel in output metadata; here they become `#| label`, `#| fig-cap`, `#| fig-alt` and
`#| tbl-cap` of the cell, because that is what Quarto honours. A cell with several outputs becomes several cells, and
the findings and everything printed by the way are left out. This module must not know runs, pages or engines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from greenreport.errors import RenderError
from greenreport.fonts import SANS
from greenreport.render.glyphs import CHART
from greenreport.render.tables import MIME, Table, read_table
from greenreport.render.words import word
from greenreport.words import error

__all__ = ["Reading", "attribute", "escape", "markdown_cell", "marks", "read_cells"]

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_HEADING = re.compile(r"^(#{1,6})(?=\s)")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_ENTITIES = {'"': "&quot;", "'": "&#39;", "<": "&lt;", ">": "&gt;", "{": "&#123;", "}": "&#125;"}
_SVG_TEXT = re.compile(r"<(?:text|tspan)\b[^>]*>")
_CAPTION_LINE = re.compile(r"\n\s*\n(?::|Table:)\s[^\n]*\s*\Z")
PAGE_WIDTH = 604  # CSS pixels: the 160 mm between the margins of A4
CHART_HEIGHT = 250
SHOWN = ("text/html", "text/markdown", "image/svg+xml", "image/png", "text/plain")


@dataclass(frozen=True)
class Reading:
    """What a reader sees of a notebook: front matter, cells of one output each, the still picture of each label, tables."""

    front: dict[str, Any]
    cells: list[dict[str, Any]]
    svgs: dict[str, str]
    tables: tuple[Table, ...] = ()


def escape(text: str) -> str:
    """A plain text as Markdown that shows it letter by letter, on one line."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(str(text).split()))


def attribute(text: str) -> str:
    """A plain text as the value of a Pandoc attribute in quotes of either kind."""
    text = " ".join(str(text).split()).replace("&", "&amp;").replace("\\", "\\\\")
    for character, entity in _ENTITIES.items():
        text = text.replace(character, entity)
    return text


def read_cells(
    notebook: dict[str, Any], *, page: str | None = None, lang: str = "zh", file: Path | None = None
) -> Reading:
    """Stage the cells of a notebook (nbformat 4); without a `page` there are no files for download.

    Raises:
        RenderError: the front matter is not YAML, or a cell holds an error.
    """
    front, rest = _split_front(notebook.get("cells", []), file)
    cells: list[dict[str, Any]] = []
    desk = _Desk(page, lang, file)
    for cell in rest:
        desk.cell += cell["cell_type"] == "code"
        if cell["cell_type"] == "markdown":
            cells.append(markdown_cell("".join(cell["source"])))
        elif cell["cell_type"] == "code":
            staged = (_output(output, desk) for output in cell.get("outputs", []))
            cells.extend(one for one in staged if one is not None)
    _level_headings(cells)
    return Reading(front, cells, desk.svgs, tuple(desk.tables))


@dataclass
class _Desk:
    """What is put aside while a notebook is read."""

    page: str | None
    lang: str
    file: Path | None
    cell: int = 0
    used: set[str] = field(default_factory=set)
    svgs: dict[str, str] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)

    def take(self, given: Any, label: str, caption: str) -> str:
        """Put the data of a table or chart aside for download; returns the links that stand below it."""
        kind = label[:4]
        number = sum(1 for one in self.used if one.startswith(kind))
        given = json.loads(given) if isinstance(given, str) else given
        table = read_table(given, label=label, number=number, caption=caption, lang=self.lang)
        self.tables.append(table)
        links = [(f"tables/{self.page}/{label}.csv", "csv" if kind == "tbl-" else "chart_data")]
        if kind == "tbl-":
            links.append((f"{self.page}.xlsx", "xlsx"))
        buttons = "".join(
            f'<a class="gr-button" href="{href}" download>{word(self.lang, key)}</a>' for href, key in links
        )
        return f'\n<div class="gr-actions">{buttons}</div>'


def _split_front(cells: list[dict[str, Any]], file: Path | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if cells and cells[0]["cell_type"] == "raw":
        text = "".join(cells[0]["source"]).strip()
        try:
            front = yaml.safe_load(text.removeprefix("---").removesuffix("---"))
        except yaml.YAMLError as cause:
            raise error(RenderError, "render.bad_front", why=cause, file=file, field="cell 1") from cause
        if isinstance(front, dict):
            return front, cells[1:]
    return {}, cells


def markdown_cell(source: str) -> dict[str, Any]:
    """A staged Markdown cell."""
    if source.lstrip().startswith("---"):
        source = source.replace("---", "***", 1)  # a phantom YAML block would break the whole site
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def marks(cell: dict[str, Any]) -> dict[str, Any]:
    """What the project's own metadata say of a cell's output (docs/architecture.md: the document contract)."""
    outputs = cell.get("outputs") or [{}]
    return dict(outputs[0].get("metadata", {}).get("greenreport", {}))


def _output(output: dict[str, Any], desk: _Desk) -> dict[str, Any] | None:
    """One cell that holds one output, or nothing where a reader sees nothing."""
    if output["output_type"] == "error":
        name = output.get("ename")
        raise error(RenderError, "render.cell_raised", cell=desk.cell, name=name, file=desk.file, field=name)
    if output["output_type"] not in ("display_data", "execute_result"):
        return None
    given = ((k, "".join(v) if isinstance(v, list) else str(v)) for k, v in output.get("data", {}).items())
    data = {k: text for k, text in given if k in SHOWN}
    if not data:
        return None
    meta = _fitted(dict(output.get("metadata", {})))
    ours = dict(meta.get("greenreport", {}))
    options: list[str] = []
    if set(data) > {"text/plain"}:
        data.pop("text/plain", None)
    if ours.get("role") in ("figure", "table"):
        options = _float(data, ours, desk)
        if desk.page is not None and MIME in output["data"] and "text/html" in data:
            data["text/html"] += desk.take(output["data"][MIME], ours["label"], str(ours.get("caption") or ""))
    if not ours.get("role"):
        ours["cell"] = desk.cell  # to be named where it has no form for paper
    meta["greenreport"] = ours
    shown = {"output_type": "display_data", "data": data, "metadata": meta}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [shown],
        "source": "\n".join(options),
    }


def _float(data: dict[str, str], ours: dict[str, Any], desk: _Desk) -> list[str]:
    """Make a figure or table ready in place; returns the options of its cell: label, caption, alternative text."""
    kind = "fig" if ours["role"] == "figure" else "tbl"
    ours["label"] = _label(str(ours.get("label") or ""), kind, desk.used)
    caption = str(ours.get("caption") or "")
    # Quarto writes a figure's caption down as Markdown, a table's as an attribute that it reads as Markdown later.
    written = escape(caption) if kind == "fig" else attribute(escape(caption))
    options = [f"#| label: {ours['label']}", f"#| {kind}-cap: {_quoted(written)}"]
    if kind == "fig":
        # PDF/UA wants words for every picture; the caption is the least that can be said.
        ours["alt"] = str(ours.get("alt") or caption)
        options.append(f"#| fig-alt: {_quoted(attribute(ours['alt']))}")
        if "image/svg+xml" in data:
            data["image/svg+xml"] = _SVG_TEXT.sub(_chart_face, data["image/svg+xml"])
            desk.svgs[ours["label"]] = data["image/svg+xml"]
    elif "text/markdown" in data:
        data["text/markdown"] = _table_and_notes(data["text/markdown"])
    return options


def _chart_face(tag: re.Match[str]) -> str:
    """A text element of a printed chart, in the face that holds the regular weight only (see [glyphs.chart_face])."""
    bold = re.search(r"font-weight\s*[=:]\s*[\"']?(bold|[5-9]00)", tag[0])
    return tag[0] if bold else tag[0].replace(SANS, CHART)


def _fitted(meta: dict[str, Any]) -> dict[str, Any]:
    """Picture sizes in the metadata as they are printed: no wider than the page, charts no higher than a third."""
    for mime in ("image/svg+xml", "image/png"):
        size = meta.get(mime)
        if isinstance(size, dict) and size.get("width") and size.get("height"):
            scale = min(1, PAGE_WIDTH / size["width"])
            if size["width"] >= 1.5 * size["height"]:
                scale = min(scale, CHART_HEIGHT / size["height"])
            meta[mime] = {key: round(value * scale, 2) for key, value in size.items()}
    return meta


def _table_and_notes(markdown: str) -> str:
    """A pipe table, with what stands below it marked as its notes."""
    table, _, notes = _CAPTION_LINE.sub("", markdown).strip().partition("\n\n")
    return f"{table}\n\n::: {{.gr-note}}\n{notes.strip()}\n:::" if notes.strip() else table


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string


def _label(wanted: str, kind: str, used: set[str]) -> str:
    stem = re.sub(r"[^A-Za-z0-9]+", "-", wanted).strip("-").lower()
    stem = stem if stem.startswith(f"{kind}-") else f"{kind}-{stem or 'x'}"
    label, n = stem, 1
    while label in used:
        n += 1
        label = f"{stem}-{n}"
    used.add(label)
    return label


def _level_headings(cells: list[dict[str, Any]]) -> None:
    """Move headings so that the highest in the text is of level 2: the page's title is its only level 1."""
    texts: list[tuple[dict[str, Any], str]] = []
    for cell in cells:
        if cell["cell_type"] == "markdown":
            texts.append((cell, "source"))
        else:
            data = cell["outputs"][0]["data"]
            if marks(cell).get("role") != "table" and "text/markdown" in data:
                texts.append((data, "text/markdown"))
    found = [(holder, key, list(_headings(holder[key]))) for holder, key in texts]
    shift = 2 - min((level for *_, heads in found for _, level, aside in heads if not aside), default=2)
    for holder, key, heads in found:
        lines = holder[key].split("\n")
        for n, level, _ in heads:
            lines[n] = "#" * min(6, level + shift) + lines[n].lstrip("#")
        holder[key] = "\n".join(lines)


def _headings(text: str) -> Iterator[tuple[int, int, bool]]:
    """The headings of a Markdown text outside code: number of the line, level, and whether it is a callout's title."""
    fenced, divs = False, 0
    for n, line in enumerate(text.split("\n")):
        if _FENCE.match(line):
            fenced = not fenced
        elif line.startswith(":::"):
            divs += 1 if line.strip(": ") else -1
        elif not fenced and (head := _HEADING.match(line)):
            yield n, len(head[1]), divs > 0
