"""Numbers and units as each language writes them: 1800亿元 is CNY 180 billion.

Computes nothing but a change of scale. Chinese follows GB/T 15835: no thousands separators in running text, and both
ends of a range carry 万, 亿 or % (2250亿—2640亿元), because "2250—2640亿元" may be misread. English groups thousands
and uses an unspaced per cent sign.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from babel.dates import format_date

from greenreport.plan import Unit
from greenreport.words import t

NBSP = "\u00a0"
JOINER = "\u2060"
_LOCALE = {"zh": "zh_Hans_CN", "en": "en_GB"}


def decimal(value: float, lang: str, decimals: int) -> str:
    """A number with so many digits after the point, grouped as the language groups."""
    if not math.isfinite(value):
        return t("number.missing", lang)
    # -0.0 and values that round to it would print as "-0"
    # 12 digits first: 0.55 is 0.55 whether it came from 34.5 − 33.4 or from 66.6 − 65.5, and rounds alike
    value = round(float(f"{value:.12g}"), decimals) + 0.0
    return f"{value:{'' if lang == 'zh' else ','}.{decimals}f}".replace("-", "−")


def _digits(value: float) -> int:
    """Digits after the point that a figure has, up to ten."""
    return len(f"{Decimal(str(value)):.10f}".rstrip("0").partition(".")[2])  # as written: 9876543.21 has two


def _decimals(unit: Unit, lang: str, *scaled: float) -> int:
    """The unit's decimals suit the city; a district's smaller figures get three significant digits.

    Percentages keep the decimals of their unit: 8.5% beside 13.2%, and not 8.50%.
    """
    base = unit.decimals_zh if lang == "zh" else unit.decimals_en
    if unit.zh == "%" and all(v == 0 or abs(v) >= 0.5 * 10.0**-base for v in scaled):
        return base
    parts = [abs(v) for v in scaled if v != round(v)]
    least = min(parts, default=math.inf)
    return max(base, 0 if least >= 100 else 1 if least >= 10 else 2 if least >= 1 else 3)


def number(value: float | None, unit: Unit, lang: str) -> str:
    """A value of the ledger in the unit's header form of the language, without the unit."""
    if value is None or not math.isfinite(value):
        return t("number.missing", lang)
    return _printed([sensible(in_language(value, unit, lang))], unit, lang)[0]


def in_language(value: float, unit: Unit, lang: str) -> float:
    """A ledger value in the header unit of the language: 1800亿元 is CNY 180 billion."""
    # Rounding takes out what a binary scale factor puts in: 30 × 0.01 is not 0.3.
    return value if lang == "zh" else float(f"{value * unit.en_scale:.12g}")


def sensible(scaled: float) -> float:
    """Four significant digits from 10,000 on: a forecast of 355,452.3 vehicles claims to know too much.

    Figures as published get the same, so that a text never sets 148,761 beside an estimate of 331,200; every digit
    that was published stands in the table of sources ([exact]).
    """
    return scaled if abs(scaled) < 1e4 else float(f"{scaled:.4g}")


def quantity(value: float | None, unit: Unit, lang: str) -> str:
    """A value with its unit, never torn from it: 2146亿元, CNY 214.6 billion."""
    if value is None or not math.isfinite(value):
        return t("number.missing", lang)
    return alike([value], unit, lang)[0]


def average(value: float, unit: Unit, lang: str) -> str:
    """A mean of whole things, to one decimal where it is not whole itself: 2.5家, 6家."""
    return published(round(value, 1), unit, lang)


def published(value: float, unit: Unit, lang: str) -> str:
    """A figure with its unit and every digit that was published: 1350.5亿元 is not rounded to 1350亿元."""
    chosen, factor = fitting(unit, lang, value)
    if factor > 1:  # a smaller unit is for estimates: what was published keeps its own
        chosen, factor = unit, 1.0
    scaled = in_language(value * factor, chosen, lang)
    return _with_unit(decimal(scaled, lang, _digits(scaled)), chosen, lang)


def exact_digits(values: Iterable[float], unit: Unit | None = None, lang: str = "zh") -> int:
    """Digits after the point that show every one of these figures as published; in the ledger's unit without a `unit`."""
    return max((_digits(v if unit is None else in_language(v, unit, lang)) for v in values), default=0)


def exact(value: float, unit: Unit, lang: str, decimals: int) -> str:
    """A figure in the unit of the language's header, without the unit, with so many digits after the point.

    With the [exact_digits] of all figures of a series, a column of them shows what was published, the points aligned.
    """
    return decimal(in_language(value, unit, lang), lang, decimals)


def alike(values: Sequence[float], unit: Unit, lang: str) -> list[str]:
    """Quantities to be compared in a sentence: in one unit, with the same digits after the point.

    Running text says 24万台 and CNY 180 billion; only a column of figures needs the same decimals throughout.
    """
    scaled, unit = _fitted(values, max(values, key=abs), unit, lang)
    whole = all(v == round(v) for v in scaled)
    return [_with_unit(text, unit, lang) for text in _printed(scaled, unit, lang, decimals=0 if whole else None)]


def _fitted(values: Sequence[float], by: float, unit: Unit, lang: str) -> tuple[list[float], Unit]:
    """Values in the unit that [fitting] chooses for one of them, as they are printed, with that unit."""
    chosen, factor = fitting(unit, lang, by)
    return [sensible(in_language(v * factor, chosen, lang)) for v in values], chosen


def _printed(scaled: Sequence[float], unit: Unit, lang: str, *, decimals: int | None = None) -> list[str]:
    """Figures with as many digits after the point as suit the unit and all of them."""
    if decimals is None:
        decimals = 0 if min(map(abs, scaled)) >= 1e4 else _decimals(unit, lang, *scaled)
    return [decimal(v, lang, decimals) for v in scaled]


def _with_unit(text: str, unit: Unit, lang: str) -> str:
    if lang == "zh":
        return _kept(text + unit.zh, lang)
    suffix = unit.en_suffix.removesuffix("s") if text == "1" else unit.en_suffix
    return _kept(f"{unit.en_prefix}{text}{suffix}", lang)


def _kept(text: str, lang: str) -> str:
    """A figure with its unit as one word: no line ends at its spaces, nor behind the slash of kWh/m2."""
    return (text if lang == "zh" else text.replace(" ", NBSP)).replace("/", "/" + JOINER)


# A district's 0.994万台 is written 9940台, its CNY 0.978 billion CNY 978 million.
_SMALLER_ZH = {"亿": ("万", 1e4), "万": ("", 1e4)}
_SMALLER_EN = ((" billion", " million", 1e3), (" million ", " ", 1e6))


def fitting(unit: Unit, lang: str, value: float) -> tuple[Unit, float]:
    """The unit that suits a value, and how many of it make one of the unit given.

    The unit itself, or the next smaller one where the value is below one of it; English says trillion from one on.
    Whole things are counted one by one up to 100,000: a district's 9937台 stands beside a target of 11130台.
    """
    size = abs(in_language(value, unit, lang))
    if lang == "en" and size >= 1e3 and unit.en_suffix.startswith(" billion"):
        return _in_english(unit, " billion", " trillion", decimals=2), 1e-3
    least = 10 if lang == "zh" and unit.zh[:1] == "万" and not unit.decimals_en else 1
    return _smaller(unit, lang) if 0 < size < least else (unit, 1.0)


def _smaller(unit: Unit, lang: str) -> tuple[Unit, float]:
    """The next smaller unit and how many of it make one; the unit itself where there is none."""
    if lang == "zh" and len(unit.zh) > 1 and (found := _SMALLER_ZH.get(unit.zh[0])):
        return replace(unit, zh=found[0] + unit.zh[1:], decimals_zh=0), found[1]
    if lang == "en":
        for large, small, factor in _SMALLER_EN:
            if unit.en_suffix.startswith(large):
                return _in_english(unit, large, small, decimals=0), factor
    return unit, 1.0


def _in_english(unit: Unit, large: str, small: str, *, decimals: int) -> Unit:
    """A unit with another power of ten before it: CNY million for CNY billion."""
    head = unit.en.replace(large.strip(), small.strip()).strip()
    return replace(unit, en=head, en_suffix=small + unit.en_suffix[len(large) :], decimals_en=decimals)


def change(value: float, unit: Unit, lang: str) -> str:
    """A signed quantity, for differences."""
    sign = "−" if value < 0 else "+"
    return sign + quantity(abs(value), unit, lang)


def interval(low: float | None, high: float | None, unit: Unit, lang: str) -> str:
    """A range with its unit: 2250亿—2640亿元, CNY 225–264 billion."""
    if low is None or high is None:
        return t("number.missing", lang)
    scaled, unit = _fitted((low, high), high, unit, lang)
    first, last = _printed(scaled, unit, lang)
    if lang == "zh":
        numeral = unit.zh[0] if unit.zh == "%" or (unit.zh[:1] in "万亿" and len(unit.zh) > 1) else ""
        return _kept(f"{first}{numeral}—{last}{unit.zh}", lang)
    return _kept(f"{unit.en_prefix}{first}–{last}{unit.en_suffix}", lang)


def bare_interval(low: float | None, high: float | None, unit: Unit, lang: str) -> str:
    """A range without its unit, for a column whose header names it."""
    if low is None or high is None:
        return t("number.missing", lang)
    first, last = _printed([sensible(in_language(x, unit, lang)) for x in (low, high)], unit, lang)
    return spanned(first, last, lang)


def percent(share: float | None, lang: str, decimals: int = 1) -> str:
    """A share as a percentage: 0.577 → 57.7%."""
    if share is None or not math.isfinite(share):
        return t("number.missing", lang)
    return decimal(share * 100, lang, decimals) + "%"


def points(share: float, lang: str) -> str:
    """A difference of two shares in percentage points, without sign: 7.7个百分点, 7.7 percentage points."""
    return percentage_points(abs(share) * 100, lang)


def percentage_points(value: float, lang: str) -> str:
    """A difference of two percentages, given in per cent, with its sign where it is negative: 0.3个百分点, 0.3 percentage points.

    One digit after the point; two where one would leave nothing.
    """
    text = decimal(value, lang, 1 if abs(value) >= 0.05 or value == 0 else 2).removesuffix(".0")
    return t("number.points", lang, value=text)


def probability(p: float | None, lang: str) -> str:
    """A probability in whole per cent; the ends are not told as certainties: 不足1%, over 99%."""
    if p is None:
        return t("number.missing", lang)
    if p < 0.01:
        return t("number.below_one_percent", lang)
    if p > 0.99:
        return t("number.above_99_percent", lang)
    return decimal(p * 100, lang, 0) + "%"


def rate(share: float, lang: str) -> str:
    """A setting as a percentage, without digits that it does not have: 0.03 → 3%."""
    value = round(share * 100, 4)
    return decimal(value, lang, _digits(value)) + "%"


def day(value: date, lang: str) -> str:
    """A date in words: 2026年6月30日, 30 June 2026."""
    return format_date(value, format=t("number.date", lang), locale=_LOCALE[lang])


def month(number: int, lang: str) -> str:
    """A month in a date that names it: 6, June."""
    return format_date(date(2000, number, 1), format=t("number.month", lang), locale=_LOCALE[lang])


def ordinal(n: int, lang: str) -> str:
    """A number of a chapter: 三, 3."""
    return "".join(t("number.ordinals", lang)[n : n + 1]) or str(n)


def unit_header(unit: Unit, lang: str) -> str:
    """The unit as a table's header names it."""
    return unit.zh if lang == "zh" else unit.en


def years(first: int, last: int, lang: str) -> str:
    """A span of years, 2026—2027 or 2026–2027; one year alone where both are the same."""
    return str(last) if first >= last else spanned(str(first), str(last), lang)


def spanned(low: str, high: str, lang: str) -> str:
    """A range of two printed ends: 94%—99%, 94%–99%."""
    return f"{low}{t('mark.range', lang)}{high}"


def listed(items: Iterable[str], lang: str) -> str:
    """A list that ends in nothing more: 甲、乙、丙; A, B, C."""
    return t("mark.list", lang).join(items)


def clauses(parts: Iterable[str], lang: str) -> str:
    """Clauses of one sentence: 甲，乙; a, b."""
    return t("mark.clause", lang).join(parts)


def separated(parts: Iterable[str], lang: str) -> str:
    """Clauses that hold commas of their own, or entries of a cell: 甲；乙; a; b."""
    return t("mark.part", lang).join(parts)


def bracketed(text: str, lang: str) -> str:
    """What stands in brackets after a word, with the gap before it; nothing where there is nothing: （甲）; (a) after a space."""
    return t("mark.bracket", lang, text=text) if text else ""


def either(items: Sequence[str], lang: str) -> str:
    """Alternatives in running text: 甲、乙或丙; A, B or C."""
    return t("mark.or", lang).join([*([listed(items[:-1], lang)] if items[:-1] else []), items[-1]])


def joined(items: Sequence[str], lang: str) -> str:
    """A list in running text: 甲、乙和丙; A, B and C; a comma keeps the last of several apart where one holds an “and”."""
    if len(items) < 2:
        return "".join(items)
    word = t("mark.and", lang)
    # Chinese keeps no item apart: 和 inside a name is no list.
    apart = lang == "en" and len(items) > 2 and any(word in item and not item.startswith("“") for item in items)
    return listed(items[:-1], lang) + ("," if apart else "") + word + items[-1]


def join_sentences(sentences: Iterable[str], lang: str) -> str:
    """Whole sentences one after the other: Chinese ones without a gap."""
    return t("mark.gap", lang).join(sentences)
