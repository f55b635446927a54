"""What every page reads of words and formats, read once, in the process from which pages are forked.

Nothing is made that a page could tell from what it makes itself: no counter moves, no choice is set.
"""

from __future__ import annotations

from greenreport.present.numbers import decimal
from greenreport.words import LANGS, keys


def prepare() -> None:
    """Read all catalogues of both languages and the formats of their numbers."""
    for lang in LANGS:
        keys(lang)
        decimal(1234.5, lang, 1)
