"""What every page reads of words and formats, read once, in the process from which pages are forked.

Nothing is made that a page could tell from what it makes itself: no counter moves, no choice is set.
"""

from __future__ import annotations

from datetime import date

from greenreport.present.numbers import day
from greenreport.words import LANGS, keys


def prepare() -> None:
    """Read all catalogues of both languages and the formats of their dates."""
    for lang in LANGS:
        keys(lang)
        day(date(2000, 1, 1), lang)
