"""Language catalogues: every word a reader sees, as data: `words/zh.yaml`, `words/en.yaml` and `words/<topic>.<lang>.yaml`.

A text is found by a dotted key. The key sets of both files are equal (a test holds them to it). This module
formats no numbers (`numbers.py` does) and knows nothing of what the texts are about.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from babel import Locale

from greenreport.level import spoken

__all__ = ["LANGS", "keys", "point_kind", "t"]

LANGS = ("zh", "en")
_ENGLISH = Locale("en", "GB")
_FORMS = re.compile(r"\{(\w+)\?([^|{}]*)\|([^|{}]*)\}")


@cache
def _catalogue(lang: str) -> dict[str, str]:
    if lang not in LANGS:
        raise ValueError(f"lang must be one of {', '.join(LANGS)}, not {lang!r}")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    folder = files(__package__) / "words"
    flat: dict[str, str] = {}

    def walk(prefix: str, node: Any) -> None:
        if isinstance(node, dict):
            for key, child in node.items():
                walk(f"{prefix}.{key}" if prefix else str(key), child)
        else:
            flat[prefix] = str(node)

    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(f"{lang}.yaml"):
            before = len(flat)
            texts = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
            walk("", texts)
            if len(flat) != before + _leaves(texts):
                raise ValueError(f"{file.name} says again what another catalogue of {lang} says")
    return flat


def _leaves(node: Any) -> int:
    return sum(_leaves(child) for child in node.values()) if isinstance(node, dict) else 1


def keys(lang: str) -> frozenset[str]:
    """All keys of one language."""
    return frozenset(_catalogue(lang))


def t(key: str, lang: str, /, **values: object) -> str:
    """The text of `key` in `lang`, its `{placeholders}` filled from `values`.

    `{place.part}` and its like are filled from the language's level ([greenreport.level.Tongue]). `{n?point|points}` takes the first form
    where English has the singular, else the second; Chinese texts use it to leave a word out where there is one year. A
    whole number named `n` is a count: English groups its thousands. Other whole numbers are years or stand as their
    caller wrote them.

    Raises:
        KeyError: the catalogue has no such key, or the text names a value that was not given.
    """
    text = spoken(_catalogue(str(lang))[key], lang)
    if not values:
        return text
    chosen = _FORMS.sub(lambda m: m[2] if _one(values[m[1]]) else m[3], text)
    if lang == "en" and isinstance(n := values.get("n"), int):
        values["n"] = f"{n:,}"
    return chosen.format(**values)


def _one(value: object) -> bool:
    """Whether English has the singular after this number, by the plural rules of the CLDR: 1 point, 1.0 points."""
    text = str(value).replace(",", "")
    return text.replace(".", "", 1).isdigit() and _ENGLISH.plural_form(Decimal(text)) == "one"


def point_kind(point: Any) -> str:
    """The key of what an observation is: published, provisional, unconfirmed, bridged or linked."""
    if point.bridged:
        return "point.bridged"
    if point.kind == "derived":
        return "point.comparable"
    if point.unconfirmed:
        return "point.unconfirmed"
    return "point.provisional" if point.provisional else "point.observed"
