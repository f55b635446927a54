"""Names for a plan's whole and its parts, carried with the language.

全市 and 区县, the city and its districts; 欧盟 and 各国, the Union and its countries. The words are data of the plan; every
catalogue names them by `{place.…}`. Knows no area and no sentence.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache

from greenreport.text import Text

__all__ = ["CITY", "NEUTRAL", "Level", "Tongue", "spoken"]

_NAMED = re.compile(r"\{place\.(\w+)\}")


@dataclass(frozen=True)
class Level:
    """The names of the whole and of its parts."""

    whole: Text  # the area planned for inside a sentence: 全市, the city
    part: Text  # one of its parts: 区县, district
    parts: Text  # all of them, or several: 各区县, districts
    full: Text  # the parts under their full name, where scope and coverage are told: 区县（自治县）, districts and counties

    def to_json(self) -> dict[str, dict[str, str]]:
        """Plain data, as `plan.yaml` writes it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, dict[str, str]]) -> Level:
        """The level that [to_json] wrote; runs from before there were levels are of a city."""
        return cls(**{name: Text(**text) for name, text in data.items()}) if data else CITY


NEUTRAL = Level(
    whole=Text("全域", "the plan area"),
    part=Text("地区", "area"),
    parts=Text("各地区", "areas"),
    full=Text("地区", "areas"),
)
"""What a plan says that names no level."""

CITY = Level(
    whole=Text("全市", "the city"),
    part=Text("区县", "district"),
    parts=Text("各区县", "districts"),
    full=Text("区县（自治县）", "districts and counties"),
)
"""What a language says that was given no level: a page always gives it the plan's."""


class Tongue(str):
    """A language that also knows what the whole and its parts are called: `"zh"` or `"en"` wherever it is compared.

    So the words of a level reach every sentence with the language, and nothing global holds them.
    """

    level: Level

    def __new__(cls, lang: str, level: Level = CITY) -> Tongue:
        """Args: the language, and the level."""
        made = super().__new__(cls, lang)
        made.level = level
        return made


@cache
def _words(lang: str, level: Level) -> dict[str, str]:
    """The forms that catalogues may name; `Whole`, `Part` and `Parts` begin an English sentence.

    `bare` is the whole without its article, for heads of columns: City forecast; `Bare` begins one.
    """
    named = {name: text[lang] for name, text in vars(level).items()}
    named["bare"] = named["whole"].removeprefix("the ") if lang == "en" else named["whole"]
    return named | {name[0].upper() + name[1:]: text[:1].upper() + text[1:] for name, text in named.items()}


def spoken(text: str, lang: str) -> str:
    """A text with `{place.…}` filled from the language's level."""
    if "{place." not in text:
        return text
    words = _words(str(lang), getattr(lang, "level", CITY))
    return _NAMED.sub(lambda found: words[found[1]], text)
