"""From rows of ready-made texts to a [Table]: great_tables for the screen, a pipe table for print.

Cells arrive as finished text in one language; this module formats no number and knows no indicator.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from great_tables import GT

from greenreport.present.show import Table

__all__ = ["Column", "Mark", "escape_markdown", "quoted", "table"]

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|$~^@])")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
        key: the key of its cells in each row.
        header: its heading.
        align: left for words, right for figures.
        width: relative width in print; wide words get more.
    """

    key: str
    header: str
    align: Literal["left", "right", "center"] = "left"
    width: int = 1


@dataclass(frozen=True)
class Mark:
    """A cell whose screen form is more than text, for example a verdict with its colour and shape."""

    text: str
    html: str


def escape_markdown(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split("\n")))


def quoted(names: Sequence[str], lang: str) -> str:
    """Names that are whole phrases, listed in running text so that each can be told from the next."""
    marked = [f"“{escape_markdown(name)}”" for name in names]
    if lang == "zh" or len(marked) < 2:
        return "".join(marked)  # between closing and opening quotation marks Chinese needs no other mark
    return ", ".join(marked[:-1]) + " and " + marked[-1]


def table(
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, str | Mark]],
    *,
    label: str,
    caption: str,
    notes: Sequence[str] = (),
) -> Table:
    """Set a table.

    Args:
        columns: in order.
        rows: one mapping of column key to text (or [Mark]) each.
        label: unique on its page, begins with `tbl-`.
        caption: what the table shows.
        notes: lines below the table.
    """
    cells = {c.key: [_html(row[c.key]) for row in rows] for c in columns}
    frame = pd.DataFrame(cells, columns=[c.key for c in columns])
    # The engine's own element carries the label as its id; two elements must not.
    gt = GT(frame, id=f"cells-{label}").fmt(fns=_as_it_is).cols_label(cases={c.key: c.header for c in columns})
    for align in ("left", "right", "center"):
        chosen = [c.key for c in columns if c.align == align]
        if chosen:
            gt = gt.cols_align(align=align, columns=chosen)
    for note in notes:
        gt = gt.tab_source_note(note)
    # The theme styles tables for both engines; great_tables' own style sheet (10 KB a table) would fight it.
    raw = re.sub(r"<style>.*?</style>", "", gt.as_raw_html(), flags=re.S).strip()
    raw = re.sub(r"\n\s*\n", "\n", raw)  # a blank line ends an HTML block in Markdown
    # A heading with a scope is header enough for its column; repeating it in every cell doubles the size of a table.
    raw = re.sub(r' headers="[^"]*" class="gt_row (gt_\w+)"', r' class="\1"', raw)
    raw = re.sub(r"\n +<t([dr])", r"\n<t\1", raw)
    return Table(label=label, caption=caption, html=raw, markdown=_pipe(columns, rows, notes))


def _as_it_is(cell: str) -> str:
    return cell


def _html(cell: str | Mark) -> str:
    return cell.html if isinstance(cell, Mark) else html.escape(cell).replace("\n", "<br>")


def _pipe(columns: Sequence[Column], rows: Sequence[Mapping[str, str | Mark]], notes: Sequence[str]) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cells) + " |"

    # Pandoc takes relative column widths from the dashes once a line is longer than its column limit.
    dashes = {"left": ":{}-", "right": "-{}:", "center": ":{}:"}
    out = [
        line([escape_markdown(c.header) for c in columns]),
        "|" + "|".join(dashes[c.align].format("-" * (3 * c.width)) for c in columns) + "|",
    ]
    for row in rows:
        texts = [cell.text if isinstance(cell, Mark) else cell for cell in (row[c.key] for c in columns)]
        out.append(line([escape_markdown(text) for text in texts]))
    if notes:
        out += ["", "\n\n".join(escape_markdown(note) for note in notes)]
    return "\n".join(out)
