"""What a verdict rests on, in words: the evidence, its strength, contradicting readings, what became of past targets.

Links to the page on the track record stand on screen only. Weighs nothing and grades nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from babel import Locale

from greenreport.assess.model import BasisItem, IndicatorAssessment, OutlookStep, Reading, TargetGrade
from greenreport.assess.record import CLASSES, PastTarget, class_of
from greenreport.observations import Point, parse_period
from greenreport.plan import Indicator, Unit
from greenreport.present.columns import share_cell
from greenreport.present.messages import As, Message
from greenreport.present.numbers import (
    bracketed,
    interval,
    joined,
    listed,
    percent,
    probability,
    quantity,
    separated,
    spanned,
)
from greenreport.present.tabulate import Mark
from greenreport.words import t

_KINDS = ("level", "increment", "start", "growth", "total", "bound", "part", "related")
"""The order in which kinds of evidence are told: what is known of the level first."""


def strength_words(grade: TargetGrade | None, lang: str) -> str:
    """The strength of a verdict's evidence beside the verdict (依据有限, limited evidence); empty where it has none."""
    return "" if grade is None or grade.strength is None else t(f"strength_long.{grade.strength}", lang)


def strength_short(grade: TargetGrade | None, lang: str) -> str:
    """The same in a column of its own, whose head says what it is."""
    if grade is None or grade.strength is None:
        return t("number.missing", lang)
    return t(f"strength.{grade.strength}", lang)


def period_words(period: str, lang: str) -> str:
    """A period of the ledger in words: 2023年, 2021—2024年, 2026年1—6月."""
    found = parse_period(period)
    if found is not None and found.months == 12:
        return t("basis.period.year", lang, year=found.year)
    if found is not None and found.year:
        return t("basis.period.part", lang, year=found.year, count=found.months)
    first, _, last = period.partition("/")
    if first.isdigit() and last.isdigit():
        return t("basis.period.span", lang, first=first, last=last)
    return period.replace("/", spanned("", "", lang))


def basis_messages(one: IndicatorAssessment) -> Iterator[Message]:
    """What the verdict rests on, what is shown but not used, and which one further figure would settle most."""
    lead = "basis.lead_orientation" if one.outlook.orientation else "basis.lead"
    for key, used in ((lead, True), ("basis.left_out", False)):
        if items := _counted([item for item in one.basis if item.used is used]):
            yield Message(key, items=As(joined, items))
    if one.most_wanted is not None:
        yield Message("basis.wanted", period=As(period_words, one.most_wanted))


def _counted(items: Sequence[BasisItem]) -> list[Message]:
    """How many pieces of each kind there are, and of which periods."""
    periods = {kind: [item.period for item in items if item.kind == kind] for kind in _KINDS}
    return [
        Message(f"basis.item.{kind}", n=len(found), periods=As(listed, As(_spans, found)))
        for kind, found in periods.items()
        if found
    ]


def _spans(periods: Sequence[str], lang: str) -> list[str]:
    """Periods as a list names them, runs of years as one span: 2021—2025年."""
    out: list[str] = []
    run: list[int] = []
    for period in [*dict.fromkeys(periods), ""]:
        year = int(period) if period.isdigit() else None
        if run and (year is None or year != run[-1] + 1):
            out.append(period_words(f"{run[0]}/{run[-1]}" if len(run) > 1 else str(run[0]), lang))
            run = []
        if year is not None:
            run.append(year)
        elif period:
            out.append(_short_period(period, lang))
    return out


def _short_period(period: str, lang: str) -> str:
    """A period as it stands in a list in brackets."""
    found = parse_period(period)
    if found is not None and 0 < found.months < 12:
        return t("basis.period.part_short", lang, year=found.year, count=found.months)
    return period_words(period, lang)


def ranged(found: OutlookStep | Reading, unit: Unit, level: float) -> dict[str, As]:
    """The values of a forecast: its median, and the range with its level."""
    return {
        "median": As(quantity, found.median, unit),
        "level": As(percent, level, decimals=0),
        "range": As(interval, found.low, found.high, unit),
    }


def orientation(one: IndicatorAssessment, indicator: Indicator, *, level: float) -> Iterator[Message]:
    """Only the baseline is known: the range that is left open, marked as no verdict."""
    year = one.head.year if one.head else one.outlook.steps[-1].year if one.outlook.steps else 0
    if step := one.outlook.in_year(year):
        yield Message("orientation.text", year=year, **ranged(step, indicator.unit, level))


def reading_messages(one: IndicatorAssessment, indicator: Indicator, *, level: float) -> Iterator[Message]:
    """Figures that can't all be right: every reading with its probability, and what would decide between them."""
    head, n = one.head, len(one.readings)
    if n < 2 or head is None:
        return
    first = next((r for r in one.readings if r.leading), one.readings[0])
    other = max((r for r in one.readings if r is not first), key=lambda r: abs(r.probability - first.probability))
    items = [
        Message(
            "readings.item",
            what=_told_by(reading, beside),
            year=head.year,
            p=As(probability, reading.probability),
            leading=As(bracketed, Message("readings.leading") if reading.leading else ""),
            **ranged(reading, indicator.unit, level),
        )
        for reading, beside in ((first, other), (other, first))
    ]
    yield Message("readings.lead" if n == 2 else "readings.lead_many", n=n, items=As(separated, items))
    yield from _decided(one)


def _told_by(reading: Reading, beside: Reading) -> Message:
    """A reading by what sets it apart from another: what it believes beyond it, or what it does not believe."""
    if more := [piece for piece in reading.kept if piece not in beside.kept]:
        return Message("readings.with", pieces=As(pieces, more, empty="readings.all"))
    less = [piece for piece in beside.kept if piece not in reading.kept] or reading.dropped
    return Message("readings.without", pieces=As(pieces, less, empty="readings.none"))


def _decided(one: IndicatorAssessment) -> Iterator[Message]:
    """What would decide: the next figure, and a word of those who published the figures in question."""
    what = []
    if one.most_wanted is not None:
        what.append(Message("readings.decide_wanted", period=As(period_words, one.most_wanted)))
    if dropped := list(dict.fromkeys(piece for reading in one.readings for piece in reading.dropped)):
        what.append(Message("readings.decide_source", dropped=As(pieces, dropped, empty="readings.none")))
    if what:
        yield Message("readings.decide", what=As(separated, what))


def pieces(given: Sequence[str], lang: str, *, empty: str) -> str:
    """Pieces of evidence by kind and period in words: "growth 2021/2024"; the text of `empty` where there are none."""
    words = []
    for piece in given:
        kind, _, period = piece.partition(" ")
        words.append(t("basis.piece", lang, kind=t(f"basis.kind.{kind}", lang), period=period_words(period, lang)))
    return joined(words, lang) if words else t(empty, lang)


def point_kind(point: Point) -> str:
    """The key of what an observation is: published, provisional, unconfirmed, bridged or linked."""
    if point.bridged:
        return "point.bridged"
    if point.kind == "derived":
        return "point.comparable"
    if point.unconfirmed:
        return "point.unconfirmed"
    return "point.provisional" if point.provisional else "point.observed"


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


def said_cell(grade: TargetGrade | None, lang: str) -> Mark:
    """A target's probability in a column of percentages, leading to its class."""
    p = grade.probability if grade else None
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
