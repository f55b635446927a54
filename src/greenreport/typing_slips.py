"""Detects common typing errors in small YAML files: full-width punctuation and digits, commas inside braces.

Knows characters only; must not know what the files are about, nor any model of them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from itertools import takewhile

__all__ = ["Slip", "comma", "full_width", "in_key", "in_value", "lines_with", "nearest"]

Slip = tuple[str, str]
"""What is wrong and what to do, in Chinese and in English."""

_MARKS = "：，；｛｝［］＃－＂＇　"
_KEY = re.compile(r"""^\s*(?:-\s+)?["']?[A-Za-z_][\w-]*["']?\s*：""")
_NAMES = {
    "：": ("全角冒号“：”", "full-width colon “：”"),
    "，": ("全角逗号“，”", "full-width comma “，”"),
    "；": ("全角分号“；”", "full-width semicolon “；”"),
    "｛": ("全角括号“｛”", "full-width brace “｛”"),
    "｝": ("全角括号“｝”", "full-width brace “｝”"),
    "［": ("全角方括号“［”", "full-width bracket “［”"),
    "］": ("全角方括号“］”", "full-width bracket “］”"),
    "＃": ("全角井号“＃”", "full-width number sign “＃”"),
    "－": ("全角连字符“－”", "full-width hyphen “－”"),
    "＂": ("全角引号“＂”", "full-width quotation mark “＂”"),
    "＇": ("全角引号“＇”", "full-width quotation mark “＇”"),
    "\u3000": ("全角空格", "full-width space"),
}


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


def _told(mark: str) -> Slip:
    zh, en = _NAMES.get(mark, (f"全角数字“{mark}”", f"full-width digit “{mark}”"))
    half = unicodedata.normalize("NFKC", mark)
    shown = "空格" if half == " " else f"“{half}”"
    return f"这里有{zh}，请改为半角{shown}。", f"There is a {en} here; write {half!r}."


def lines_with(content: str) -> list[tuple[int, Slip]]:
    """Lines (from 1) of a YAML file on which a key is followed by a full-width colon, and what to do."""
    return [
        (number, _told("："))
        for number, line in enumerate(content.splitlines(), start=1)
        if _KEY.match(line) and not line.lstrip().startswith("#")
    ]


def in_key(key: str, value: object) -> Slip | None:
    """What an unknown key may come from; None if it looks like a key.

    Args:
        key: as it was read.
        value: what stands behind it; a comma inside braces leaves a key with nothing behind it.
    """
    if mark := full_width(key):
        return _told(mark)
    return comma(key) if value is None and not key.isidentifier() else None


def comma(key: str) -> Slip:
    """What to do where a comma inside braces made a key of the rest of a text."""
    return (
        f"“{key}”前的逗号被读成了下一项的开始。含有逗号的文字请用英文引号括起来。",
        f"The comma before {key!r} begins a new entry. Put quotes around a text that contains a comma.",
    )


def in_value(value: object) -> Slip | None:
    """What a refused value may come from: a full-width mark or digit in it; None if there is none."""
    mark = full_width(value) if isinstance(value, str) else ""
    return _told(mark) if mark else None
