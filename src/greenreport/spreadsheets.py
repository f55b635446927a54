"""Tables for spreadsheets: CSV, and text that none of them takes for a formula. Independent of content."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable

__all__ = ["csv_text", "harmless", "plain_cell", "starts_formula"]

_STARTS = "=+-@"
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d{1,3})? ?[%‰]?")


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet may run a text as a formula.

    It begins with =, +, -, @ in any width, perhaps behind blanks or characters that nobody sees, and is no plain
    number.
    """
    seen = text.lstrip()
    while seen and unicodedata.category(seen[0]) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        seen = seen[1:].lstrip()
    first = unicodedata.normalize("NFKC", seen[:1])
    if first not in _STARTS or not first:
        # A line break or tab in front of anything is what some importers cut at.
        return text[:1] in ("\t", "\r", "\n") and bool(seen)
    return _NUMBER.fullmatch(seen) is None or seen != text


def harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula; numbers stay numbers.

    >>> harmless("=HYPERLINK(1)"), harmless("-5%")
    ("'=HYPERLINK(1)", '-5%')
    """
    return f"'{text}" if starts_formula(text) else text


def plain_cell(value: object) -> object:
    """A value as a table holds it: nothing for None, true and false in words, no text that begins a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value) if isinstance(value, str) else value


def csv_text(rows: Iterable[Iterable[object]], *, end: str = "\n") -> str:
    """Rows as CSV, as they are: cells quoted where they have to be, and empty for None."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows(rows)
    return out.getvalue()
