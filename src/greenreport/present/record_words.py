"""A probability and what became of targets that were given as much in past plans: links, classes, names in words.

The links lead to the page on the track record and stand on screen only. Counts nothing; `assess.record` does that.
"""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from greenreport.assess.model import TargetGrade
from greenreport.assess.record import CLASSES, PastTarget, class_of
from greenreport.present.columns import share_cell
from greenreport.present.numbers import percent, probability
from greenreport.present.tabulate import Mark
from greenreport.words import t

__all__ = [
    "anchor",
    "area_name",
    "class_words",
    "indicator_name",
    "past_sentence",
    "said_cell",
    "said_words",
    "to_record",
    "unit_words",
]

_PAGE = "record.html"
_CODES = {
    "Antigua and Barbuda": "AG", "Congo": "CG", "Cote d'Ivoire": "CI", "Democratic Republic of Congo": "CD",
    "Macedonia": "MK", "Micronesia (country)": "FM", "Myanmar": "MM", "Palestine": "PS", "Saint Kitts and Nevis": "KN",
    "Saint Lucia": "LC", "Saint Vincent and the Grenadines": "VC", "Sao Tome and Principe": "ST", "Swaziland": "SZ",
    "Timor": "TL", "Trinidad and Tobago": "TT", "Turkey": "TR",
}  # fmt: skip
"""ISO codes of the countries whose names in the record are not those of the Unicode repository."""


def anchor(number: int) -> str:
    """Where a class of probabilities stands on the page."""
    return f"said-{round(CLASSES[number] * 100)}"


def to_record(text: str, number: int | None = None) -> str:
    """A text that leads to the page on screen: an element, not a Markdown link, so that paper has the text alone."""
    place = "" if number is None else f"#{anchor(number)}"
    return f'<a class="gr-said" href="{_PAGE}{place}">{text}</a>'


def said_words(grade: TargetGrade, lang: str) -> str:
    """A target's probability in running text, leading to its class."""
    p = grade.probability
    return probability(p, lang) if p is None else to_record(probability(p, lang), class_of(p))


def said_cell(p: float | None, lang: str) -> Mark:
    """A target's probability in a column of percentages, leading to its class."""
    cell = share_cell(p, lang, probability=True)
    if p is None or cell.raw == (None,):
        return cell
    return Mark(cell.text, to_record(cell.text.replace("<", "&lt;").replace(">", "&gt;"), class_of(p)), cell.raw)


def class_words(number: int, lang: str) -> str:
    """A class of probabilities: less than 10%, 50–66%, 90% or more."""
    low = percent(CLASSES[number], lang, 0)
    high = percent(CLASSES[number + 1], lang, 0) if number + 1 < len(CLASSES) else None
    if high is None:
        return t("record.class_above", lang, low=low)
    if number == 0:
        return t("record.class_below", lang, high=high)
    return t("record.class_between", lang, low=low if lang == "zh" else low.removesuffix("%"), high=high)


def past_sentence(grade: TargetGrade | None, lang: str) -> list[str]:
    """What became of targets with such a probability; nothing where the record has none like it."""
    if grade is None or grade.past_like is None or grade.probability is None or not grade.past_like[0]:
        return []
    n, met = grade.past_like
    return [t("record.sentence", lang, **{"class": class_words(class_of(grade.probability), lang)}, n=n, met=met)]


@cache
def _codes() -> dict[str, str]:
    return {name: code for code, name in Locale("en").territories.items()} | _CODES


def area_name(area: str, lang: str) -> str:
    """A country of the record in the language of the page; one that has no code keeps its name."""
    code = _codes().get(area)
    return area if lang == "en" or code is None else str(Locale("zh").territories[code])


def indicator_name(row: PastTarget, lang: str) -> str:
    """What a target of the record is about."""
    return t(f"record.indicator.{_slug(row.indicator)}", lang)


def unit_words(row: PastTarget, lang: str) -> str:
    """The unit of a target of the record, as it follows a figure."""
    return t(f"record.unit.{'pct' if row.unit == '%' else _slug(row.unit)}", lang)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
