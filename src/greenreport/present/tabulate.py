"""From rows of ready-made cells to a [Table]: great_tables for the screen, a pipe table for print, typed data beside.

Cells arrive as finished text in one language, with the raw value they tell where a download should have it; this
module formats no number and knows no indicator.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd
from great_tables import GT

from greenreport.present.numbers import JOINER
from greenreport.present.show import Field, Raw, Sheet, Table

__all__ = ["Column", "Field", "Mark", "Sheet", "escape_markdown", "quoted", "table"]

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|$~^@])")
_AS_TEXT: tuple[Raw, ...] = ("\x00",)
"""Stands for "the text itself" where a cell names no raw value."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
        key: the key of its cells in each row.
        header: its heading, with the unit where it has one.
        align: left for words, right for figures.
        width: relative width in print; wide words get more.
        fields: the columns it stands for in the data, several for a range; one column of text by default.
    """

    key: str
    header: str
    align: Literal["left", "right", "center"] = "left"
    width: int = 1
    fields: tuple[Field, ...] = field(default=())


@dataclass(frozen=True)
class Mark:
    """A cell that is more than its text: a form of its own on screen, or a raw value in the data.

    Args:
        text: what stands in print.
        html: what stands on screen; the text by default.
        raw: what the data hold: one value per field of the column; the text by default.
    """

    text: str
    html: str | None = None
    raw: tuple[Raw, ...] = _AS_TEXT


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
    start: bool = False,
    screen: bool = True,
) -> Table:
    """Set a table.

    Args:
        columns: in order.
        rows: one mapping of column key to text (or [Mark]) each.
        label: unique on its page, begins with `tbl-`.
        caption: what the table shows.
        notes: lines below the table.
        start: whether the start page of the site shows it too.
        screen: whether it is ever seen on a screen; papers are not.
    """
    # A unit in a narrow column does not break behind its slash.
    tied = [
        {k: v.replace("/", "/" + JOINER) if k == "unit" and isinstance(v, str) else v for k, v in r.items()}
        for r in rows
    ]
    return Table(
        label=label,
        caption=caption,
        html=_screen(columns, tied, notes, label) if screen else "",
        markdown=_pipe(columns, tied, notes),
        sheet=_sheet(columns, tied, caption),
        start=start,
    )


def _screen(
    columns: Sequence[Column], rows: Sequence[Mapping[str, str | Mark]], notes: Sequence[str], label: str
) -> str:
    """The table as great_tables sets it: it sets one row, and that row is the pattern of all.

    It writes each cell through an indexed frame, 30 ms for a table of 38 districts; a pattern takes a tenth.
    """
    pattern = {c.key: [f"\x02{i}\x03"] for i, c in enumerate(columns)}
    # The engine's own element carries the label as its id; two elements must not.
    gt = GT(pd.DataFrame(pattern), id=f"cells-{label}").cols_label(cases={c.key: c.header for c in columns})
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
    head, first, rest = raw.partition("<tbody")
    opening, rest = rest.split(">", 1)
    row, _, tail = rest.partition("</tbody>")
    parts = re.split("\x02(\\d+)\x03", row.strip("\n"))
    body = []
    for cells in rows:
        filled = list(parts)
        filled[1::2] = [_html(cells[columns[int(i)].key]) for i in parts[1::2]]
        body.append("".join(filled))
    return f"{head}{first}{opening}>\n" + "\n".join(body) + f"\n</tbody>{tail}"


def _sheet(columns: Sequence[Column], rows: Sequence[Mapping[str, str | Mark]], caption: str) -> Sheet:
    fields = tuple(f for c in columns for f in (c.fields or (Field(c.key, c.header, type="text"),)))
    data = []
    for cells in rows:
        values: list[Raw] = []
        for column in columns:
            cell = cells[column.key]
            raw = _AS_TEXT if isinstance(cell, str) else cell.raw
            if raw is _AS_TEXT:
                text = (cell if isinstance(cell, str) else cell.text).replace(JOINER, "")
                # A column of figures has no text to tell: what is not a figure there is missing.
                kinds = [f.type for f in column.fields] or ["text"]
                raw = tuple(text if kind == "text" else None for kind in kinds)
            values += raw
        data.append(tuple(values))
    return Sheet(fields, tuple(data), caption)


def _html(cell: str | Mark) -> str:
    if isinstance(cell, Mark) and cell.html is not None:
        return cell.html
    text = cell.text if isinstance(cell, Mark) else cell
    return html.escape(text).replace("\n", "<br>")


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
