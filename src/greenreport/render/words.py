"""The words of the page around a document: navigation, footer, captions' names, notices, and how they are put together.

They stand in the section `site` of the catalogues. Figures, verdicts and narrative are none of this module's business:
they arrive finished in the notebooks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from babel.dates import format_date

from greenreport.words import t

__all__ = ["NAMES", "TAGS", "as_of_line", "dated", "listed", "mark", "other", "word"]

NAMES: Final = {"zh": "中文", "en": "English"}
TAGS: Final = {"zh": "zh-CN", "en": "en"}


def word(lang: str, key: str) -> str:
    """One word of the page in one language."""
    return t(f"site.{key}", lang)


def mark(lang: str, key: str) -> str:
    """What stands between two parts of a text: a colon, a gap."""
    return t(f"mark.{key}", lang)


def dated(day: str, lang: str) -> str:
    """A date as a reader writes it: 2026年6月30日, 30 June 2026."""
    form = t("number.date", lang)
    return format_date(date.fromisoformat(day[:10]), format=form, locale=TAGS[lang].replace("-", "_"))


def as_of_line(day: str, lang: str) -> str:
    """The data cut-off, as covers and heads give it."""
    return f"{word(lang, 'as_of')}{mark(lang, 'gap')}{dated(day, lang)}"


def listed(lang: str, names: Iterable[str]) -> str:
    """A list that ends in nothing more: 甲、乙、丙; A, B, C."""
    return mark(lang, "list").join(names)


def other(lang: str) -> str:
    """The other language of the pair."""
    return "en" if lang == "zh" else "zh"
