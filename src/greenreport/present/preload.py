"""What every page reads of words and formats, read once, in the process from which pages are forked.

Nothing is made that a page could tell from what it makes itself: no counter moves, no choice is set.
"""

from __future__ import annotations

from greenreport.present.numbers import decimal
from greenreport.present.tabulate import Column, table
from greenreport.words import LANGS, t

__all__ = ["prepare"]


def prepare() -> None:
    """Read the catalogues and the formats of both languages, and have the libraries read what they set tables with."""
    for lang in LANGS:
        decimal(1234.5, lang, 1)
        head = t("number.missing", lang)
        table([Column("a", head)], [{"a": head}], label="tbl-a", caption=head, notes=[head])
