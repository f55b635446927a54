"""How texts are set: headings above paragraphs, items of a list, an item under the name of what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from greenreport.present.messages import Said, prose
from greenreport.present.numbers import joined
from greenreport.present.show import Narrative
from greenreport.present.tabulate import escape_markdown
from greenreport.words import t

__all__ = ["about", "bulleted", "escaped", "heading", "strong", "titled"]


def heading(key: str, lang: str, level: int = 2) -> str:
    """A heading by its key among the words."""
    return f"{'#' * level} {t(key, lang)}"


def titled(key: str, blocks: Iterable[str], lang: str, *, level: int = 2, start: bool = False) -> Narrative:
    """Paragraphs and lists under a heading; empty ones are left out. `start`: the start page shows them too."""
    return replace(Narrative.under(t(key, lang), *blocks, level=level), start=start)


def bulleted(items: Iterable[str]) -> str:
    """A list without numbers."""
    return "\n".join(f"- {item}" for item in items)


def escaped(text: str, lang: str) -> str:
    """A text with whatever Markdown would read in it escaped; the same in all languages."""
    return escape_markdown(text)


def strong(name: str, lang: str) -> str:
    """A name in bold; the same in all languages."""
    return f"**{escape_markdown(name)}**"


def about(names: Sequence[str], said: Iterable[Said], lang: str) -> str:
    """What is said of one thing, or of several alike, under its name in bold."""
    named = joined([escape_markdown(name) for name in names], lang)
    return f"**{named}**{t('mark.about', lang)}{prose(said, lang)}"
