"""A text in the two languages of the report. Knows nothing of what the text is about."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LANGS", "Text"]

LANGS = ("zh", "en")


@dataclass(frozen=True)
class Text:
    """One text, written in Chinese and in English by people; neither is a translation key.

    >>> Text(zh="万州区", en="Wanzhou District")["en"]
    'Wanzhou District'
    """

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        if lang not in LANGS:
            raise KeyError(f"no such language: {lang!r}; there are {', '.join(LANGS)}")
        return str(getattr(self, lang))
