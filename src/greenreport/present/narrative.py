"""The assessment in words, as an official or a statistician would write it: numbers first, the range beside the point.

Chooses what to say of one indicator; computes nothing that the assessment does not hold, and adds no adjective that a
figure does not carry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from greenreport.assess.model import IndicatorAssessment, TargetGrade, wording_of
from greenreport.observations import parse_period
from greenreport.plan import Indicator
from greenreport.present.evidence_words import (
    basis_messages,
    orientation,
    past_sentence,
    ranged,
    reading_messages,
    said_words,
    strength_words,
)
from greenreport.present.messages import As, Message, Said, cardinal, prose, together
from greenreport.present.numbers import (
    average,
    bracketed,
    clauses,
    month,
    percent,
    points,
    probability,
    quantity,
)
from greenreport.present.numbers import years as span
from greenreport.present.paces import aimed_at, amount, is_percentage, met_since, past_pace, reached, sign
from greenreport.present.show import Narrative
from greenreport.present.tabulate import escape_markdown
from greenreport.words import t


def indicator_text(
    one: IndicatorAssessment, indicator: Indicator, *, lang: str, level: float, basis: bool = True
) -> Narrative:
    """One indicator in words: where it stands, at what pace, where it is heading, the verdict; and what that rests on.

    Args:
        one: the indicator's assessment.
        indicator: the indicator as the plan has it.
        lang: language.
        level: of the printed interval.
        basis: whether to tell what it and its probabilities rest on; a paper has room for its strength only.

    Returns:
        Paragraphs, under the indicator's name.
    """
    paragraphs = [prose(_messages(one, indicator, level, basis=basis), lang)]
    if basis:
        paragraphs.append(prose([*basis_messages(one), *reading_messages(one, indicator, level=level)], lang))
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return Narrative(f"### {escape_markdown(indicator.name[lang])}\n\n{text}")


def _messages(one: IndicatorAssessment, indicator: Indicator, level: float, *, basis: bool) -> Iterator[Said]:
    """What is worth saying of an indicator, in order."""
    yield from _standing(one, indicator)
    if "base_year_differs" in one.notes and one.baseline_year is not None:
        yield Message("indicator.base_year_differs", year=one.baseline_year)
    yield from _part_year(one, indicator, level)
    if one.outlook.orientation:
        yield from orientation(one, indicator, level=level)
    else:
        for year in _years_told(one):
            yield from _forecast(one, year, indicator, level, basis=basis)
    yield from _verdict(one)
    yield from _why_not(one)
    yield from _other_targets(one, indicator)


def _standing(one: IndicatorAssessment, indicator: Indicator) -> Iterator[Said]:
    """The latest figure, how far it has come, and at what pace."""
    if one.current is not None:
        yield progress_clause(one, indicator)
        if one.head is not None and not _only_base(one):
            yield from _pace(one, one.head, indicator, last=one.current.year)
    elif one.part_year is None:
        yield Message("indicator.no_data")


def _only_base(one: IndicatorAssessment) -> bool:
    """Whether the latest figure is the baseline that progress would be measured from."""
    return one.current is not None and one.current.year == one.baseline_year and one.head is not None


def progress_clause(one: IndicatorAssessment, indicator: Indicator) -> Said:
    """The latest figure and how far it has come, compared with the time gone, as one clause; empty without a figure."""
    head = one.head
    if one.current is None:
        return ""
    standing = _figure(one, indicator)
    if head is None or _only_base(one):
        return standing
    if head.rule == "hold":
        return As(clauses, [standing, Message("indicator.hold", value=As(quantity, head.value, indicator.unit))])
    if head.verdict == "achieved" and not met_since(one, head, indicator):
        return As(clauses, [standing, _met(head, indicator)])
    if head.completion is None or head.time_share is None:
        return standing
    lead = round(head.completion - head.time_share, 3)
    done = "completion" if indicator.direction == "up" else "completion_down"
    beside = "same" if lead == 0 else "faster" if lead > 0 else "slower"
    return Message(
        "indicator.so_far",
        standing=standing,
        done=Message(f"indicator.{done}", year=head.year, share=As(percent, head.completion)),
        beside=Message(f"indicator.{beside}", time=As(percent, head.time_share), points=As(points, lead)),
    )


def _figure(one: IndicatorAssessment, indicator: Indicator) -> Message:
    """Where things stand: a full year, a count in mid-year, or what growth or months since the last level make of it."""
    current = one.current
    assert current is not None
    told = {"year": current.year, "value": As(quantity, current.value, indicator.unit)}
    if _only_base(one):
        return Message("indicator.current_baseline_only", **told)
    part = parse_period(current.period)
    notes = current.note.split(";")
    if "part_of_year" in notes and part is not None:
        return Message("indicator.part_year_standing", month=As(month, part.months), **told)
    return Message("indicator.current_estimated" if "estimated" in notes else "indicator.current", **told)


def _met(head: TargetGrade, indicator: Indicator) -> Message:
    return Message("indicator.met", year=head.year, value=As(quantity, head.value, indicator.unit))


def _part_year(one: IndicatorAssessment, indicator: Indicator, level: float) -> Iterator[Said]:
    """The year under way: a flow so far, or a count as it stands; with the estimate of the year where there is one."""
    part, nowcast = one.part_year, one.outlook.nowcast
    if part is None:
        return
    step = None if nowcast is None or one.outlook.orientation else one.outlook.in_year(part.year)
    share = (nowcast or {}).get("share")
    if indicator.is_count:
        key = "part_year_count" if step else "part_year_standing"
    else:
        key = "part_year_nowcast" if step and share is not None else "part_year"
    told = Message(
        f"indicator.{key}",
        year=part.year,
        month=As(month, part.months),
        count=As(cardinal, part.months),
        value=As(quantity, part.value, indicator.unit),
        share=As(percent, share),
        **(ranged(step, indicator.unit, level) if step else {}),
    )
    head = one.head
    met = head is not None and head.verdict == "achieved" and met_since(one, head, indicator)
    yield As(clauses, [told, _met(head, indicator)]) if head and met else told


def _pace(one: IndicatorAssessment, headline: TargetGrade, indicator: Indicator, *, last: int) -> Iterator[Said]:
    """What it has grown a year up to the `last` figure, and what it takes from there."""
    head = aimed_at(one, headline, indicator)
    key, done, needed, write = _manner(head, indicator)
    if done is None:
        return
    told: dict[str, Any] = {
        **past_pace(one.baseline_year or last, last),
        "rose": done >= 0,
        "achieved": write(abs(done)),
    }
    years = head.year - last
    # A target that is to be held asks for no change in the indicator's direction.
    if needed is None or years < 1 or head.verdict == "achieved" or needed * sign(indicator) <= 0:
        if not key.startswith("increase"):  # of a count that has nothing to make up its figures say enough
            yield Message(f"indicator.{key}_met", **told)
        return
    aim = "indicator.aim_next" if headline.verdict == "achieved" else "indicator.aim"
    told |= {"years": years, "span": As(span, last + 1, head.year), "aim": Message(aim, year=head.year)}
    yield Message(f"indicator.{key}", **told, up=needed >= 0, required=write(abs(needed)))


def _manner(head: TargetGrade, indicator: Indicator) -> tuple[str, float | None, float | None, Callable[[float], As]]:
    """How a pace is told, what it was and has to be: points of a share, things of a count, else growth."""
    if is_percentage(indicator):
        return "share", head.achieved_change, head.required_change, lambda x: As(amount, x, indicator)
    if indicator.is_count or head.achieved_growth is None:
        write = average if indicator.is_count else quantity
        done = head.achieved_change
        key = "increase_flat" if done is not None and round(done, 1) == 0 else "increase"
        return key, done, head.required_change, lambda x: As(write, x, indicator.unit)
    key = "decline" if head.achieved_growth < 0 else "growth" if indicator.direction == "up" else "rise"
    return key, head.achieved_growth, head.required_growth, lambda x: As(percent, x)


def _years_told(one: IndicatorAssessment) -> list[int]:
    """The years whose forecast is told: the headline's, the later targets' of its kind, the outlook's."""
    if not one.outlook.steps:
        return []
    head = one.head
    years = [head.year if head else one.outlook.steps[-1].year]
    years += [g.year for g in one.grades if g.outlook or (head and g.origin == head.origin and g.year > head.year)]
    return list(dict.fromkeys(years))


def _forecast(
    one: IndicatorAssessment, year: int, indicator: Indicator, level: float, *, basis: bool
) -> Iterator[Said]:
    """The forecast for a year, the range beside the point, and the probability of its target."""
    step, grade = one.outlook.in_year(year), _grade_of(one, year)
    if step is None:
        return
    told = {"year": year, **ranged(step, indicator.unit, level)}
    held = grade is not None and reached(one, grade, indicator)
    # A cumulative count cannot fall, so that it will hold what it has reached says nothing.
    certain = held and indicator.is_count
    if grade is None or grade.probability is None or grade.likelihood is None or certain:
        yield Message("indicator.forecast_only", **told)
        return
    key = ("forecast" if grade is one.head else "outlook") + (f"_hold_{indicator.direction}" if held else "")
    yield Message(
        f"indicator.{key}",
        **told,
        target=As(quantity, grade.value, indicator.unit),
        p=As(together, [As(said_words, grade), _plain(grade) if basis else ""]),
        words=Message(f"likelihood.{grade.likelihood}"),
    )
    if basis and grade is one.head and not grade.derived and not held:
        yield As(together, As(past_sentence, grade))


def _grade_of(one: IndicatorAssessment, year: int) -> TargetGrade | None:
    """The target of a year that its forecast is told beside: the headline, else the one of the plan's table."""
    if one.head and one.head.year == year:
        return one.head
    return next((g for g in one.grades if g.year == year and g.origin == "table"), None)


def _plain(grade: TargetGrade) -> Said:
    """The probability without the record of past plans, in brackets, where it reads otherwise."""
    plain = grade.probability_plain
    if plain is None or probability(plain, "en") == probability(grade.probability, "en"):
        return ""
    return As(bracketed, Message("indicator.plain", p=As(probability, plain)))


def _verdict(one: IndicatorAssessment) -> Iterator[Said]:
    """The verdict, with the strength of its evidence."""
    if one.head is not None and one.verdict != "not_assessable":
        told = Message("indicator.verdict", verdict=As(wording, one.head))
        yield As(together, [told, As(bracketed, As(strength_words, one.head))])


def _why_not(one: IndicatorAssessment) -> Iterator[Said]:
    """Why there is no verdict; without a target, or where there is a verdict, why there is no forecast."""
    head, outlook = one.head, one.outlook
    if one.verdict != "not_assessable" or (head is None and "no_target" in one.notes):
        if outlook.reason and (head is None or "no_forecast" in head.reasons):
            yield As(reason_text, outlook.reason, one)
        return
    for code in (head.reasons if head else one.notes)[:1]:
        why = As(reason_text, code, one)
        yield Message("indicator.no_verdict", verdict=Message("verdict.not_assessable"), why=why)


def _other_targets(one: IndicatorAssessment, indicator: Indicator) -> Iterator[Said]:
    """Other targets of the headline's year: assessed side by side, never averaged."""
    head = one.head
    for other in one.grades:
        if head is None or other is head or other.year != head.year:
            continue
        yield Message(
            "indicator.second_target" if other.probability is not None else "indicator.second_target_no_p",
            year=other.year,
            label=other.label or "",
            value=As(quantity, other.value, indicator.unit),
            verdict=As(wording, other),
            p=As(said_words, other),
        )


def reason_text(code: str, one: IndicatorAssessment, lang: str) -> str:
    """Why something is not assessable, in words."""
    return t(f"reason.{code}", lang, n=one.outlook.n, least=one.outlook.least)


def wording(head: TargetGrade, lang: str) -> str:
    """The verdict as the sentence that its two halves make, so that class and probability never contradict."""
    schedule = t("wording.nearly" if head.schedule == "nearly" else "wording.on", lang)
    return t(f"wording.{wording_of(head)}", lang, schedule=schedule)
