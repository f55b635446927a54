"""Detects common typing errors in small YAML files: full-width punctuation and digits, commas inside braces.

Knows characters only; must not know what the files are about, nor any model of them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from itertools import takewhile

from greenreport.text import Text
from greenreport.words import both

__all__ = ["comma", "full_width", "in_key", "in_value", "lines_with", "nearest"]

_MARKS = "：，；｛｝［］＃－＂＇　"
_KEY = re.compile(r"""^\s*(?:-\s+)?["']?[A-Za-z_][\w-]*["']?\s*：""")
_NAMES = {
    "：": "colon", "，": "comma", "；": "semicolon", "｛": "brace", "｝": "brace", "［": "bracket", "］": "bracket",
    "＃": "number_sign", "－": "hyphen", "＂": "quotation_mark", "＇": "quotation_mark",
}  # fmt: skip


def nearest(name: str, known: Iterable[str], *, n: int = 3) -> list[str]:
    """The known names that look most like `name`, best first; empty if none comes near.

    Case and the width of characters do not matter. A name that is part of another, or of which another is a part, comes
    near it. Every suggestion of the package is made here, so that a slip is answered in the same way wherever it stands.
    """
    by_key: dict[str, str] = {}
    for k in known:
        by_key.setdefault(_folded(k), k)
    key = _folded(name)
    close = difflib.get_close_matches(key, by_key, n=max(len(by_key), 1), cutoff=0.5)
    ratio = {k: difflib.SequenceMatcher(None, k, key).ratio() for k in close}
    near = sorted(close, key=lambda k: (-ratio[k], -_alike(k, key)))[:n]
    if not near and len(key) > 1:
        near = [k for k in by_key if len(k) > 1 and (key in k or k in key)][:n]
    return [by_key[k] for k in near]


def _alike(a: str, b: str) -> int:
    """How many letters two names have in common from the first on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def full_width(text: str) -> str:
    """The first full-width mark or digit of a text that YAML does not read as the half-width one; empty if none."""
    return next((c for c in text if c in _MARKS or (c.isdigit() and not c.isascii())), "")


def _told(mark: str) -> Text:
    half = unicodedata.normalize("NFKC", mark)
    if half == " ":
        return both("error.slip.space")
    return both("error.slip.full_width", name=both(f"error.slip.{_NAMES.get(mark, 'digit')}"), mark=mark, half=half)


def lines_with(content: str) -> list[tuple[int, Text]]:
    """Lines (from 1) of a YAML file on which a key is followed by a full-width colon, and what to do."""
    return [
        (number, _told("："))
        for number, line in enumerate(content.splitlines(), start=1)
        if _KEY.match(line) and not line.lstrip().startswith("#")
    ]


def in_key(key: str, value: object) -> Text | None:
    """What an unknown key may come from; None if it looks like a key.

    Args:
        key: as it was read.
        value: what stands behind it; a comma inside braces leaves a key with nothing behind it.
    """
    if mark := full_width(key):
        return _told(mark)
    return comma(key) if value is None and not key.isidentifier() else None


def comma(key: str) -> Text:
    """What to do where a comma inside braces made a key of the rest of a text."""
    return both("error.slip.comma_in_text", key=key)


def in_value(value: object) -> Text | None:
    """What a refused value may come from: a full-width mark or digit in it; None if there is none."""
    mark = full_width(value) if isinstance(value, str) else ""
    return _told(mark) if mark else None
