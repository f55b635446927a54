"""Rows of a table that hold no figure: remarks, and the name of the area that the rows below are about.

Must not know what becomes of the other rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from greenreport.intake.account import Account, Accountant
from greenreport.intake.blocks import fields_of, filled, is_figure, is_remark
from greenreport.intake.columns import Column
from greenreport.intake.periods import Span
from greenreport.intake.words import KEYS, is_missing, plain

__all__ = ["area_alone", "is_remark_row", "names_others"]


def is_remark_row(row: list[str], level: Sequence[Column], words: Accountant) -> bool:
    """Whether a row is a remark on the table: fields of the form, a note, or the number of a page."""
    cells = filled(row)
    pairs = fields_of(row, words)
    if pairs and not any(words.of(row[k]).has_dimension for k, _ in pairs):
        return True
    if not cells or any(is_figure(row[c.index]) for c in level if c.index < len(row)):
        return False
    if all(KEYS.search(plain(c)) for _, c in cells):
        return not any(_describes(words.title(c)) for _, c in cells)
    return len(cells) == 1 and _remarks(cells[0][1], words)


def _remarks(text: str, words: Accountant) -> bool:
    said = words.of(text)
    page = said.known and not (said.is_label or said.groups) and any(map(str.isdecimal, text))
    return not said.indicators and (page or is_remark(text))


def area_alone(row: list[str], columns: Sequence[Column], words: Accountant) -> tuple[str, int] | None:
    """The area whose name is all that a row holds, and the place of the cell."""
    cells = [(i, t) for i, t in filled(row) if not is_missing(t) and columns[i].use != "ignored"]
    if len(cells) != 1:
        return None
    said = words.of(cells[0][1])
    bare = Account(said.text, areas=said.areas, unknown=said.unknown)
    return (said.areas[0], cells[0][0]) if len(said.areas) == 1 and said.known and said == bare else None


def names_others(text: str, words: Accountant) -> bool:
    """Whether a cell names an area, a group of areas or a sum, under the name of an area."""
    said = words.of(text)
    return bool(said.areas or said.groups) or words.names.is_total(text)


def _describes(a: Account) -> bool:
    """Whether a field below the figures says something of them, so that it is no remark."""
    return bool(a.units or a.indicators or a.period != Span() or (a.unknown and not a.reporter))
