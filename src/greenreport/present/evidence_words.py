"""What a verdict rests on, in words: the evidence, its strength, readings of figures that contradict each other.

Made from an assessment's `basis`, `readings` and `most_wanted`; weighs nothing and grades nothing.
"""

from __future__ import annotations

from greenreport.assess.model import BasisItem, IndicatorAssessment, Reading, TargetGrade
from greenreport.observations import parse_period
from greenreport.plan import Indicator
from greenreport.present.catalog import t
from greenreport.present.numbers import bracketed, interval, joined, listed, percent, probability, quantity, separated

__all__ = [
    "basis_sentences",
    "orientation_sentence",
    "period_words",
    "pieces",
    "reading_sentences",
    "strength_short",
    "strength_words",
]

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
    return period.replace("/", "—" if lang == "zh" else "–")


def basis_sentences(one: IndicatorAssessment, lang: str) -> list[str]:
    """What the verdict rests on, what is shown but not used, and which one further figure would settle most."""
    said = []
    if one.basis:
        key = "basis.lead_orientation" if one.outlook.orientation else "basis.lead"
        if used := _counted([b for b in one.basis if b.used], lang):
            said.append(t(key, lang, items=joined(used, lang)))
        if left := _counted([b for b in one.basis if not b.used], lang):
            said.append(t("basis.left_out", lang, items=joined(left, lang)))
    if one.most_wanted is not None:
        said.append(t("basis.wanted", lang, period=period_words(one.most_wanted, lang)))
    return said


def _counted(items: list[BasisItem], lang: str) -> list[str]:
    """How many pieces of each kind there are, and of which periods."""
    out = []
    for kind in _KINDS:
        found = [b for b in items if b.kind == kind]
        if found:
            periods = listed(_spans([b.period for b in found], lang), lang)
            out.append(t(f"basis.item.{kind}", lang, n=len(found), periods=periods))
    return out


def _spans(periods: list[str], lang: str) -> list[str]:
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


def orientation_sentence(
    one: IndicatorAssessment, indicator: Indicator, lang: str, *, level: float, year: int
) -> list[str]:
    """Only the baseline is known: the range that is left open, marked as no verdict."""
    step = one.outlook.in_year(year)
    if not one.outlook.orientation or step is None:
        return []
    unit = indicator.unit
    told = {"range": interval(step.low, step.high, unit, lang), "median": quantity(step.median, unit, lang)}
    return [t("orientation.text", lang, year=year, level=percent(level, lang, 0), **told)]


def reading_sentences(one: IndicatorAssessment, indicator: Indicator, lang: str, *, level: float) -> list[str]:
    """Figures that can't all be right: every reading with its probability, and what would decide between them."""
    head = one.head
    if len(one.readings) < 2 or head is None:
        return []
    n = len(one.readings)
    lead = t("readings.lead", lang) if n == 2 else t("readings.lead_many", lang, n=n)
    first = next((r for r in one.readings if r.leading), one.readings[0])
    other = max((r for r in one.readings if r is not first), key=lambda r: abs(r.probability - first.probability))
    items = [
        t(
            "readings.item",
            lang,
            what=_told_by(r, other if r is first else first, lang),
            year=head.year,
            p=probability(r.probability, lang),
            median=quantity(r.median, indicator.unit, lang),
            level=percent(level, lang, 0),
            range=interval(r.low, r.high, indicator.unit, lang),
        )
        + bracketed(t("readings.leading", lang) if r.leading else "", lang)
        for r in (first, other)
    ]
    colon = "：" if lang == "zh" else ": "
    return [lead + colon + separated(items, lang), _decided(one, lang)]


def _told_by(reading: Reading, beside: Reading, lang: str) -> str:
    """A reading by what sets it apart from another: what it believes beyond it, or what it does not believe."""
    more = tuple(piece for piece in reading.kept if piece not in beside.kept)
    if more:
        return t("readings.with", lang, pieces=pieces(more, lang, empty="readings.all"))
    less = tuple(piece for piece in beside.kept if piece not in reading.kept)
    return t("readings.without", lang, pieces=pieces(less or reading.dropped, lang, empty="readings.none"))


def _decided(one: IndicatorAssessment, lang: str) -> str:
    """What would decide: the next figure, and a word of those who published the figures in question."""
    what = []
    if one.most_wanted is not None:
        what.append(t("readings.decide_wanted", lang, period=period_words(one.most_wanted, lang)))
    dropped = tuple(dict.fromkeys(piece for r in one.readings for piece in r.dropped))
    if dropped:
        what.append(t("readings.decide_source", lang, dropped=pieces(dropped, lang, empty="readings.none")))
    return t("readings.decide", lang, what=separated(what, lang)) if what else ""


def pieces(given: tuple[str, ...], lang: str, *, empty: str) -> str:
    """Pieces of evidence by kind and period in words: "growth 2021/2024"; the text of `empty` where there are none."""
    words = []
    for piece in given:
        kind, _, period = piece.partition(" ")
        words.append(t("basis.piece", lang, kind=t(f"basis.kind.{kind}", lang), period=period_words(period, lang)))
    return joined(words, lang) if words else t(empty, lang)
