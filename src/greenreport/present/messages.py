"""What is worth saying, before a language says it: messages, the values that fill them, and how they become prose.

A [Message] names a text of the catalogues (`greenreport.words`) and carries its values; an [As] is a value that each
language writes in its own way. Functions that look at findings yield messages and know no language; [say] and [prose]
put them into words and know no findings. So a new sentence is a message and an entry in each catalogue, no branch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from greenreport.present.numbers import join_sentences, joined
from greenreport.present.show import Narrative
from greenreport.present.tabulate import escape_markdown
from greenreport.text import Text
from greenreport.words import t


@dataclass(frozen=True, init=False)
class Message:
    """A sentence, or a part of one: the key of its words and the values for their placeholders.

    Values are numbers and texts as they are, a [Text], an [As], or a message that stands inside this one. A truth value
    chooses between the two forms of `{up?rise|fall}`.

    >>> say(Message("advice.districts", n=2), "en")
    '2 districts'
    """

    key: str
    values: Mapping[str, Any]

    def __init__(self, key: str, /, **values: Any) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", values)


@dataclass(frozen=True, init=False)
class As:
    """A value as a function of `numbers` and its like writes it, called with the arguments given and the language.

    >>> from greenreport.present.numbers import percent
    >>> say(As(percent, 0.577), "zh")
    '57.7%'
    """

    write: Callable[..., Any]
    values: tuple[Any, ...]
    options: Mapping[str, Any]

    def __init__(self, write: Callable[..., Any], /, *values: Any, **options: Any) -> None:
        object.__setattr__(self, "write", write)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "options", options)


Said = Message | As | Text | str
"""Whatever can be said in a language; a plain text is the same in all."""


def say(said: Said, lang: str) -> str:
    """A message in words."""
    return str(_filled(said, lang))


def _filled(value: Any, lang: str) -> Any:
    """A value with everything inside it that depends on the language written out."""
    if isinstance(value, Message):
        return t(value.key, lang, **{name: _filled(one, lang) for name, one in value.values.items()})
    if isinstance(value, As):
        return value.write(*(_filled(one, lang) for one in value.values), lang=lang, **value.options)
    if isinstance(value, Text):
        return value[lang]
    return [_filled(one, lang) for one in value] if isinstance(value, list | tuple) else value


def prose(said: Iterable[Said], lang: str) -> str:
    """Sentences put together, each with its full stop, English ones with a capital."""
    stop = t("mark.stop", lang)
    texts = [text for one in said if (text := say(one, lang))]
    done = [text if text.endswith(stop) else text + stop for text in texts]
    if lang == "zh":
        # "概率为99%", but "概率超过99%" and "概率不足1%"
        return re.sub("概率为(?=(?:<a [^>]*>)?(?:超过|不足))", "概率", "".join(done))
    return join_sentences([capital(text, lang) for text in done], lang)


def together(parts: Sequence[str], lang: str) -> str:
    """Parts of one text without anything between them."""
    return "".join(parts)


def capital(text: str, lang: str) -> str:
    """A text as it begins a sentence or a cell: with a capital letter, of which Chinese has none."""
    return text[:1].upper() + text[1:] if lang == "en" else text


def in_sentence(name: str, lang: str) -> str:
    """A name as it stands inside an English sentence: with a small letter, unless it is an abbreviation."""
    return name[0].lower() + name[1:] if lang == "en" and name[:2].istitle() else name


def cardinal(count: int, lang: str) -> str:
    """English spells small numbers out in running text; Chinese reports write figures."""
    words = t("number.cardinals", lang).split()
    return words[count] if count < len(words) else str(count)


def heading(key: str, lang: str, level: int = 2) -> str:
    """A heading by its key among the words."""
    return f"{'#' * level} {t(key, lang)}"


def titled(key: str, blocks: Iterable[str], lang: str, *, level: int = 2, start: bool = False) -> Narrative:
    """Paragraphs and lists under a heading; empty ones are left out. `start`: the start page shows them too."""
    return Narrative("\n\n".join([heading(key, lang, level), *filter(None, blocks)]), start)


def section(key: str, lang: str, *texts: str, level: int = 2) -> Narrative:
    """A heading of a page, with texts that need no figures below it.

    Args:
        key: of the heading in the catalogues: `indicator.heading`.
        lang: language.
        texts: keys of the paragraphs.
        level: of the heading.

    Returns:
        The heading and its paragraphs.
    """
    return titled(key, [prose([t(text, lang)], lang) for text in texts], lang, level=level)


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
