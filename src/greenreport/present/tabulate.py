"""From rows of ready-made cells to a [Table]: HTML for the screen, a pipe table for print, typed data beside.

Cells arrive as finished text in one language, with the raw value they tell where a download should have it; this
module formats no number and knows no indicator.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from greenreport.present.numbers import JOINER
from greenreport.present.show import Field, Raw, Sheet, Table

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|$~^@])")
_AS_TEXT: tuple[Raw, ...] = ("\x00",)
"""Stands for "the text itself" where a cell names no raw value."""
_ROOM = (
    "padding-left:0px;padding-right:0px;padding-top:10px;padding-bottom:10px;"
    "overflow-x:auto;overflow-y:auto;width:auto;height:auto;"
)
_CLASSES = 'class="gt_table" data-quarto-disable-processing="false" data-quarto-bootstrap="false"'
_HEAD_ROW = '<tr class="gt_col_headings">'
_HEAD = 'class="gt_col_heading gt_columns_bottom_border gt_{}" rowspan="1" colspan="1" scope="col"'
_NOTE = '<tr class="gt_sourcenotes"><td class="gt_sourcenote" colspan="{}"><span class="gt_from_md">{}</span></td></tr>'


Align = Literal["left", "right", "center"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Its heading names the unit where it has one; `width` is relative, in print. It stands for `fields` in the data, several
    for a range; one column of text by default.
    """

    key: str
    header: str
    align: Align = "left"
    width: int = 1
    fields: tuple[Field, ...] = ()

    @property
    def data(self) -> tuple[Field, ...]:
        """Its columns in the data."""
        return self.fields or (Field(self.key, self.header, type="text"),)


@dataclass(frozen=True)
class Mark:
    """A cell that is more than its text, which stands in print.

    `html` stands on screen, `raw` in the data: one value per field of the column; both are the text by default.
    """

    text: str
    html: str | None = None
    raw: tuple[Raw, ...] = _AS_TEXT


Cell = str | Mark


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
    rows: Sequence[Mapping[str, Cell]],
    *,
    label: str,
    caption: str,
    notes: Sequence[str] = (),
    start: bool = False,
    screen: bool = True,
) -> Table:
    """Set a table: columns in order, rows of cells by column key, notes as lines below.

    Its `label` is unique on its page and begins with `tbl-`. `start`: the start page of the site shows it too; `screen`:
    it is ever seen on a screen, which papers are not.
    """
    # A unit in a narrow column does not break behind its slash.
    tied = [
        {k: v.replace("/", "/" + JOINER) if k == "unit" and isinstance(v, str) else v for k, v in r.items()}
        for r in rows
    ]
    values = tuple(tuple(v for c in columns for v in _raw(row[c.key], c)) for row in tied)
    return Table(
        label=label,
        caption=caption,
        html=_screen(columns, tied, notes, label) if screen else "",
        markdown=_pipe(columns, tied, notes),
        sheet=Sheet(tuple(field for c in columns for field in c.data), values, caption),
        start=start,
    )


def _screen(columns: Sequence[Column], rows: Sequence[Mapping[str, Cell]], notes: Sequence[str], label: str) -> str:
    """The table with the classes of great_tables, which the style sheets of both engines know.

    No blank line, which ends an HTML block in Markdown; a heading with a scope is header enough for its column.
    """
    # The engine's own element carries the label as its id; two elements must not.
    lines = [f'<div id="cells-{label}" style="{_ROOM}">', f"<table {_CLASSES}>", "<thead>", _HEAD_ROW]
    lines += [f'  <th {_HEAD.format(c.align)} id="cells-{label}-{c.key}">{html.escape(c.header)}</th>' for c in columns]
    lines += ["</tr>", "</thead>", '<tbody class="gt_table_body">']
    for row in rows:
        cells = (f'<td class="gt_{c.align}">{_html(row[c.key])}</td>' for c in columns)
        lines += ["<tr>", *cells, "  </tr>"]
    lines.append("</tbody>")
    if notes:
        lines.append(f"<tfoot>{''.join(_NOTE.format(len(columns), html.escape(note)) for note in notes)}</tfoot>")
    return "\n".join([*lines, "</table>", "</div>"])


def _raw(cell: Cell, column: Column) -> tuple[Raw, ...]:
    """What the data hold of a cell: a column of figures has no text to tell, what is not a figure there is missing."""
    if isinstance(cell, Mark) and cell.raw is not _AS_TEXT:
        return cell.raw
    text = _text(cell).replace(JOINER, "")
    return tuple(text if one.type == "text" else None for one in column.data)


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, Mark) else cell


def _html(cell: Cell) -> str:
    if isinstance(cell, Mark) and cell.html is not None:
        return cell.html
    return html.escape(_text(cell)).replace("\n", "<br>")


def _pipe(columns: Sequence[Column], rows: Sequence[Mapping[str, Cell]], notes: Sequence[str]) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cells) + " |"

    # Pandoc takes relative column widths from the dashes once a line is longer than its column limit.
    dashes = {"left": ":{}-", "right": "-{}:", "center": ":{}:"}
    out = [
        line([escape_markdown(c.header) for c in columns]),
        "|" + "|".join(dashes[c.align].format("-" * (3 * c.width)) for c in columns) + "|",
    ]
    out += [line([escape_markdown(_text(row[c.key])) for c in columns]) for row in rows]
    if notes:
        out += ["", "\n\n".join(escape_markdown(note) for note in notes)]
    return "\n".join(out)
