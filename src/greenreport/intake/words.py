"""One spelling for what people write, and the words of `lexicon.toml`, which say what heads, titles and cells mean.

A mark (①, ¹, *) is never turned into a digit or a letter here. Knows no indicator, no area and no file.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

__all__ = [
    "IGNORED", "KEYS", "KEY_KINDS", "KIND_WORDS", "LEXICON", "MARK", "MISSING", "RETURNED", "ROLES", "SCALED",
    "STRUCK", "UNREPORTED", "fold", "is_missing", "marks_at_end", "plain", "role_of",
]  # fmt: skip


SCALED, STRUCK = "⚠", "⊘"
"""Stand before a number whose format shows another size, and before one that is struck through.

They are signs in the text, and no field beside it, so that a figure sent back for that reason stays refused until it is typed anew.
"""


def _stays(c: str) -> bool:
    """Whether a character keeps its form: raised, lowered and circled ones are marks, not digits and letters."""
    if c.isascii() or "\u4e00" <= c <= "\u9fff":
        return False
    form = unicodedata.decomposition(c)
    return unicodedata.category(c) == "No" or form.startswith(("<super>", "<sub>", "<circle>"))


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """The text in ordinary width, without spaces around it and without characters that nobody sees."""
    if text.isascii():
        folded = text
    elif any(_stays(c) for c in text):
        folded = "".join(c if _stays(c) else unicodedata.normalize("NFKC", c) for c in text)
    else:
        folded = unicodedata.normalize("NFKC", text)
    seen = "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc") or c in "\t\n")
    return " ".join(seen.split())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """One spelling for names: width, case, spaces, dashes and punctuation do not matter."""
    return "".join(c for c in plain(text).casefold() if c.isalnum() or c in "%+/&")


LEXICON = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))
ROLES = {role: frozenset(map(fold, words)) for role, words in LEXICON["roles"].items() if role != "ignored"}
IGNORED = frozenset(map(fold, LEXICON["roles"]["ignored"]))
RETURNED = tuple(frozenset(map(fold, LEXICON["words"][f"returned_{lang}"])) for lang in ("zh", "en"))
KIND_WORDS: dict[str, str] = {fold(w): kind for kind, words in LEXICON["kinds"].items() for w in words}
KIND_WORDS |= {k: k for k in ("target", "derived", "growth", "mean", "sum", "event")}
UNREPORTED = frozenset(LEXICON["words"]["unreported"])
MISSING = frozenset(LEXICON["words"]["missing"]) | UNREPORTED

KEY_KINDS = {plain(word).casefold(): kind for kind, words in LEXICON["keyed"].items() for word in words}
_SPACED = (r"\s*".join(map(re.escape, w)) if not w.isascii() else re.escape(w) for w in KEY_KINDS)
# A key and its colon, also where the key is spaced out to fill the line: 表    号：.
KEYS = re.compile(rf"(?<!\w)({'|'.join(sorted(_SPACED, key=len, reverse=True))})\s*\d*\s*[::]\s*", re.IGNORECASE)

_BARE = "".join(map(re.escape, LEXICON["words"]["marks"]))
_RAISED = "".join(chr(c) for c in range(0x80, 0x3400) if _stays(chr(c)) and not chr(c).isalpha())
MARK = re.compile(rf"[(\[]?注\s*\d{{0,2}}[)\]]?$|[\[(]\d{{1,2}}[\])]$|[(\[]?[{_BARE}{re.escape(_RAISED)}]+[)\]]?$")


def marks_at_end(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the marks at its end, and the marks: 24.5① is 24.5 with the mark ①."""
    marks: list[str] = []
    while (found := MARK.search(text)) and found.start() > 0:
        marks.insert(0, found[0].strip("()[] "))
        text = text[: found.start()].rstrip()
    return text, tuple(marks)


@lru_cache(maxsize=65536)
def is_missing(text: str) -> bool:
    """Whether a cell says that there is no figure: blank, a dash, 暂无, n/a."""
    return plain(text).casefold() in MISSING


@lru_cache(maxsize=4096)
def role_of(text: str) -> str | None:
    """The role that a column head names: a column of the ledger, `ignored`, `months`, `month`, or None."""
    key = fold(text)
    if not key:
        return None
    for role, words in ROLES.items():
        if key in words or key == fold(role):
            return str(role)
    return "ignored" if key in IGNORED or not key.strip("#/") else None
