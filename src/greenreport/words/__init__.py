"""Language catalogues: every word a reader sees, as data: `zh.yaml`, `en.yaml` and `<topic>.<lang>.yaml` beside this file.

A text is found by a dotted key, whose first part is a section of one file. The key sets of both languages are equal (a
test holds them to it). This package formats no numbers and knows nothing of what the texts are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol, TypeVar

from greenreport.errors import GreenReportError, Problem
from greenreport.level import CITY, Level, Tongue, spoken
from greenreport.text import LANGS, Text

__all__ = ["LANGS", "Said", "both", "error", "in_line", "keys", "problem", "t", "texts"]

E = TypeVar("E", bound=GreenReportError)

_FORMS = re.compile(r"\{(\w+)\?([^|{}]*)\|([^|{}]*)\}")
_SECTION = re.compile(r"^(\w+):", re.MULTILINE)


@cache
def _sections(lang: str) -> dict[str, str]:
    """Section → the text of the file that holds it. Files are parsed when a section of theirs is asked for."""
    if lang not in LANGS:
        raise ValueError(f"lang must be one of {', '.join(LANGS)}, not {lang!r}")
    found: dict[str, str] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(f"{lang}.yaml"):
            text = file.read_text(encoding="utf-8")
            for section in _SECTION.findall(text):
                if section in found:
                    raise ValueError(f"{file.name} says again what another catalogue of {lang} says: {section}")
                found[section] = text
    return found


@cache
def _parsed(text: str) -> dict[str, str]:
    """The texts of one file by their whole keys."""
    import yaml  # the command line names its options without any text of a catalogue

    return dict(_flat(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), ""))


def _flat(node: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for name, child in node.items():
            yield from _flat(child, f"{key}.{name}" if key else str(name))
    else:
        yield key, str(node)


def keys(lang: str) -> frozenset[str]:
    """All keys of one language.

    Args:
        lang: `zh` or `en`.

    Returns:
        Dotted keys.
    """
    return frozenset(key for text in _sections(lang).values() for key in _parsed(text))


def texts(section: str, lang: str) -> dict[str, str]:
    """The texts of one section as they stand in the catalogue, for a script or a template that fills them itself.

    Args:
        section: the first part of the keys.
        lang: `zh` or `en`.

    Returns:
        Texts by the rest of their keys, placeholders not filled.
    """
    start = f"{section}."
    found = _parsed(_sections(str(lang))[section])
    return {key.removeprefix(start): text for key, text in found.items() if key.startswith(start)}


def t(key: str, lang: str, /, **values: object) -> str:
    """The text of `key` in `lang`, its `{placeholders}` filled from `values`.

    `{place.part}` and its like are filled from the language's level ([greenreport.level.Tongue]). `{n?point|points}` takes the first form
    where English has the singular, else the second; Chinese texts use it to leave a word out where there is one year. A
    whole number named `n` is a count: English groups its thousands. Other whole numbers are years or stand as their
    caller wrote them.

    Args:
        key: a dotted key.
        lang: `zh` or `en`, or a [greenreport.level.Tongue].
        values: fill the placeholders.

    Returns:
        The text.

    Raises:
        KeyError: the catalogue has no such key, or the text names a value that was not given.
    """
    text = spoken(_parsed(_sections(str(lang))[key.partition(".")[0]])[key], lang)
    if not values:
        return text
    chosen = _FORMS.sub(lambda m: m[2] if _one(values[m[1]]) else m[3], text)
    if lang == "en" and isinstance(n := values.get("n"), int):
        values["n"] = f"{n:,}"
    return chosen.format(**values)


class Said(Protocol):
    """Whatever is said in both languages: a [Text], and other things that know their words."""

    @property
    def zh(self) -> str:
        """In Chinese."""

    @property
    def en(self) -> str:
        """In English."""


def both(key: str, level: Level = CITY, /, **values: object) -> Text:
    """The text of `key` in each language.

    Args:
        key: as of [t].
        level: what the whole and its parts are called, where the text names them.
        values: what fills the placeholders. A text in both languages speaks each; a tuple or list is strung together as
            each language does.

    Returns:
        The text in both languages.

    Raises:
        KeyError: as [t].
    """
    tongues = [Tongue(lang, level) for lang in LANGS]
    return Text(*(t(key, lang, **{name: _spoken(value, lang) for name, value in values.items()}) for lang in tongues))


def in_line(key: str, /, **values: object) -> str:
    """The text of `key` in both languages on one line, for a terminal.

    Args:
        key: as of [t].
        values: as of [both].

    Returns:
        Chinese, a blank, English.
    """
    text = both(key, **values)
    return f"{text.zh} {text.en}".strip()


def _one(value: object) -> bool:
    """Whether English has the singular after this number, by the plural rules of the CLDR: 1 point, 1.0 points.

    Of two forms that a truth value chooses between, the first is for what is true.
    """
    if isinstance(value, bool):
        return value
    text = str(value).replace(",", "")
    return text.replace(".", "", 1).isdigit() and _english().plural_form(Decimal(text)) == "one"


@cache
def _english() -> Any:
    from babel import Locale

    return Locale("en", "GB")


def problem(
    said: str | Said,
    /,
    file: str | Path | None = None,
    row: int | None = None,
    field: str | None = None,
    code: str = "",
    **values: Any,
) -> Problem:
    """What is wrong, in words of the catalogue; places as in [Problem], values as in [both].

    Args:
        said: a key as of [t], or what is said already.
        file: where it stands.
        row: as a spreadsheet counts it.
        field: the column or key.
        code: a word for programs.
        values: fill the placeholders.

    Returns:
        The problem.
    """
    text = both(said, **values) if isinstance(said, str) else said
    return Problem(text.zh, text.en, file, row, field, code)


def error(kind: type[E], said: str | Said, /, **place_and_values: Any) -> E:
    """An error of a class with one [problem].

    Args:
        kind: the class.
        said: as for [problem].
        place_and_values: as for [problem].

    Returns:
        The error, to be raised.
    """
    return kind((problem(said, **place_and_values),))


def _spoken(value: Any, lang: str) -> object:
    if isinstance(value, list | tuple):
        return t("mark.list", lang).join(str(_spoken(one, lang)) for one in value)
    return getattr(value, lang, value)
