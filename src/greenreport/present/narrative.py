"""The assessment in words, as an official or a statistician would write it: numbers first, the range beside the point.

Chooses sentences and fills them; computes nothing that the assessment does not hold, and adds no adjective that a
figure does not carry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from greenreport.assess.model import IndicatorAssessment, TargetGrade, wording_of
from greenreport.observations import Point, parse_period
from greenreport.plan import Indicator
from greenreport.present.aims import aimed_at, met_since, reached
from greenreport.present.catalog import t
from greenreport.present.evidence_words import (
    basis_sentences,
    orientation_sentence,
    reading_sentences,
    strength_words,
)
from greenreport.present.numbers import (
    average,
    bracketed,
    interval,
    month,
    pace_years,
    percent,
    points,
    probability,
    quantity,
    separated,
)
from greenreport.present.numbers import years as span
from greenreport.present.paces import amount, is_percentage
from greenreport.present.record_words import past_sentence, said_words
from greenreport.present.show import Narrative
from greenreport.present.tabulate import escape_markdown

__all__ = [
    "cardinal",
    "in_sentence",
    "indicator_text",
    "indicators_heading",
    "outlook_heading",
    "progress_clause",
    "prose",
    "reason_text",
    "sources_heading",
    "wording",
]


def indicators_heading(lang: str) -> Narrative:
    """The heading above the paragraphs and charts of the indicators."""
    return Narrative(f"## {t('indicator.heading', lang)}")


def outlook_heading(lang: str) -> Narrative:
    """The heading above the table of forecasts."""
    return Narrative(f"## {t('outlook.heading', lang)}")


def sources_heading(lang: str) -> Narrative:
    """The heading above the table of sources."""
    return Narrative(f"## {t('sources.heading', lang)}")


def indicator_text(
    one: IndicatorAssessment, indicator: Indicator, *, lang: str, level: float, basis: bool = True
) -> Narrative:
    """One indicator in words: where it stands, at what pace, where it is heading, the verdict; and what that rests on.

    Without `basis` what it and its probabilities rest on is left out, for a paper that has room for its strength only.
    """
    text = _paragraph(one, indicator, lang, level, basis=basis)
    return Narrative(f"### {escape_markdown(indicator.name[lang])}\n\n{text}")


def _paragraph(one: IndicatorAssessment, indicator: Indicator, lang: str, level: float, *, basis: bool) -> str:
    unit, current, head = indicator.unit, one.current, one.head
    sentences: list[str] = []
    if current is None:
        sentences.append(t("indicator.no_data", lang) if one.part_year is None else "")
    else:
        value = quantity(current.value, unit, lang)
        only_base = current.year == one.baseline_year and head is not None
        first = _first(current, value, only_base=only_base, lang=lang)
        if head is None or only_base:
            sentences.append(first)
        else:
            sentences.append(first + _progress(one, head, indicator, lang))
            sentences += _pace(one, head, indicator, lang)
    if "base_year_differs" in one.notes and one.baseline_year is not None:
        sentences.append(t("indicator.base_year_differs", lang, year=one.baseline_year))
    sentences += _part_year(one, indicator, lang, level)
    if one.outlook.orientation:
        year = head.year if head else one.outlook.steps[-1].year if one.outlook.steps else 0
        sentences += orientation_sentence(one, indicator, lang, level=level, year=year)
    else:
        sentences += _outlook(one, head, indicator, lang, level, basis=basis)
    if head is not None and head.verdict != "not_assessable":
        strength = bracketed(strength_words(head, lang), lang)
        sentences.append(t("indicator.verdict", lang, verdict=wording(head, lang)) + strength)
    sentences += _why_not(one, head, lang)
    for other in _beside(one, head):
        key = "indicator.second_target" if other.probability is not None else "indicator.second_target_no_p"
        sentences.append(
            t(
                key,
                lang,
                year=other.year,
                label=other.label[lang] if other.label else "",
                value=quantity(other.value, unit, lang),
                verdict=wording(other, lang),
                p=said_words(other, lang),
            )
        )
    evidence = [*basis_sentences(one, lang), *reading_sentences(one, indicator, lang, level=level)] if basis else []
    return "\n\n".join(text for text in (prose(sentences, lang), prose(evidence, lang)) if text)


def progress_clause(one: IndicatorAssessment, indicator: Indicator, lang: str) -> str:
    """The latest figure and how far it has come, compared with the time gone, as one clause; empty without a figure."""
    if one.current is None:
        return ""
    only_base = one.current.year == one.baseline_year and one.head is not None
    first = _first(one.current, quantity(one.current.value, indicator.unit, lang), only_base=only_base, lang=lang)
    return first + (_progress(one, one.head, indicator, lang) if one.head and not only_base else "")


def _first(current: Point, value: str, *, only_base: bool, lang: str) -> str:
    """Where things stand: a full year, a count in mid-year, or what growth or months since the last level make of it."""
    if only_base:
        return t("indicator.current_baseline_only", lang, year=current.year, value=value)
    part = parse_period(current.period)
    notes = current.note.split(";")
    if "part_of_year" in notes and part is not None:
        return t("indicator.part_year_standing", lang, year=current.year, month=month(part.months, lang), value=value)
    key = "indicator.current_estimated" if "estimated" in notes else "indicator.current"
    return t(key, lang, year=current.year, value=value)


def _part_year(one: IndicatorAssessment, indicator: Indicator, lang: str, level: float) -> list[str]:
    """The year under way: a flow so far, or a count as it stands; with the estimate of the year where there is one."""
    part = one.part_year
    if part is None:
        return []
    numbers = {
        "year": part.year,
        "month": month(part.months, lang),
        "count": cardinal(part.months, lang),
        "value": quantity(part.value, indicator.unit, lang),
    }
    step = one.outlook.in_year(part.year)
    share = (one.outlook.nowcast or {}).get("share")
    estimated = step is not None and one.outlook.nowcast is not None and not one.outlook.orientation
    if estimated and step is not None:
        numbers |= {
            "median": quantity(step.median, indicator.unit, lang),
            "level": percent(level, lang, 0),
            "range": interval(step.low, step.high, indicator.unit, lang),
            "share": percent(share, lang),
        }
    if indicator.kind == "cumulative_count":
        key = "part_year_count" if estimated else "part_year_standing"
    else:
        key = "part_year_nowcast" if estimated and share is not None else "part_year"
    told = t(f"indicator.{key}", lang, **numbers)
    if one.head is not None and one.head.verdict == "achieved" and met_since(one, one.head, indicator):
        told += ("，" if lang == "zh" else ", ") + t(
            "indicator.met", lang, year=one.head.year, value=quantity(one.head.value, indicator.unit, lang)
        )
    return [told]


def _progress(one: IndicatorAssessment, head: TargetGrade, indicator: Indicator, lang: str) -> str:
    """How far, compared with the time gone."""
    comma = "，" if lang == "zh" else ", "
    if head.rule == "hold":
        return comma + t("indicator.hold", lang, value=quantity(head.value, indicator.unit, lang))
    if head.verdict == "achieved" and not met_since(one, head, indicator):
        return comma + t("indicator.met", lang, year=head.year, value=quantity(head.value, indicator.unit, lang))
    if head.completion is None or head.time_share is None:
        return ""
    key = "indicator.completion" if indicator.direction == "up" else "indicator.completion_down"
    done = t(key, lang, year=head.year, share=percent(head.completion, lang))
    lead = round(head.completion - head.time_share, 3)
    word = "same" if lead == 0 else "faster" if lead > 0 else "slower"
    return (
        ("，" if lang == "zh" else "; ")
        + done
        + comma
        + t(f"indicator.{word}", lang, time=percent(head.time_share, lang), points=points(lead, lang))
    )


def _pace(one: IndicatorAssessment, head: TargetGrade, indicator: Indicator, lang: str) -> list[str]:
    """What it has grown a year, and what it takes from here."""
    current = one.current
    assert current is not None
    met, head = head.verdict == "achieved", aimed_at(one, head, indicator)
    years = head.year - current.year
    last = current.year
    past, steps = pace_years(last if one.baseline_year is None else one.baseline_year, last, lang)
    told = {"past": past, "steps": steps, "years": years, "span": span(last + 1, head.year, lang)}
    told |= {"aim": t("indicator.aim_next" if met else "indicator.aim", lang, year=head.year)}
    if is_percentage(indicator):
        return _share_pace(head, indicator, told, lang)
    if indicator.kind == "cumulative_count" or head.achieved_growth is None:
        if head.achieved_change is None or head.required_change is None or years < 1:
            return []
        if not _asks_more(head.required_change, indicator):
            return []
        if head.verdict == "achieved":
            return []
        write = average if indicator.kind == "cumulative_count" else quantity
        done, needed = head.achieved_change, head.required_change
        achieved, required = (write(abs(x), indicator.unit, lang) for x in (done, needed))
        ways = {"rose": int(done >= 0), "up": int(needed >= 0)}
        key = "increase" if round(done, 1) else "increase_flat"
        return [t(f"indicator.{key}", lang, **told, **ways, achieved=achieved, required=required)]
    key = "decline" if head.achieved_growth < 0 else "growth" if indicator.direction == "up" else "rise"
    achieved = percent(abs(head.achieved_growth), lang)
    more = head.required_growth is not None and _asks_more(head.required_growth, indicator)
    if head.required_growth is None or years < 1 or head.verdict == "achieved" or not more:
        return [t(f"indicator.{key}_met", lang, past=past, steps=steps, achieved=achieved)]
    required = percent(abs(head.required_growth), lang)
    return [
        t(f"indicator.{key}", lang, **told, achieved=achieved, required=required, up=int(head.required_growth >= 0))
    ]


def _asks_more(needed: float, indicator: Indicator) -> bool:
    """Whether a target asks for a change in the indicator's direction; one that is to be held asks for none."""
    return needed * (1 if indicator.direction == "up" else -1) > 0


def _share_pace(head: TargetGrade, indicator: Indicator, told: dict[str, Any], lang: str) -> list[str]:
    """The same of a share, in percentage points a year."""
    done, needed = head.achieved_change, head.required_change
    if done is None:
        return []
    words: dict[str, Any] = {"rose": int(done >= 0), "achieved": amount(abs(done), indicator, lang)}
    if needed is None or told["years"] < 1 or head.verdict == "achieved" or not _asks_more(needed, indicator):
        return [t("indicator.share_met", lang, **told, **words)]
    words |= {"up": int(needed >= 0), "required": amount(abs(needed), indicator, lang)}
    return [t("indicator.share", lang, **told, **words)]


def _outlook(
    one: IndicatorAssessment, head: TargetGrade | None, indicator: Indicator, lang: str, level: float, *, basis: bool
) -> list[str]:
    """The forecast for the headline year and for the outlook year, the range beside the point."""
    unit = indicator.unit
    out: list[str] = []
    if not one.outlook.steps:
        return out
    said: set[int] = set()
    years = [head.year] if head else [one.outlook.steps[-1].year]
    years += [g.year for g in one.grades if g.outlook or (head and g.origin == head.origin and g.year > head.year)]
    for year in years:
        step = one.outlook.in_year(year)
        if step is None or year in said:
            continue
        said.add(year)
        grade = (
            head
            if head and head.year == year
            else next((g for g in one.grades if g.year == year and g.origin == "table"), None)
        )
        numbers = {
            "year": year,
            "median": quantity(step.median, unit, lang),
            "level": percent(level, lang, 0),
            "range": interval(step.low, step.high, unit, lang),
        }
        # A cumulative count cannot fall, so that it will hold what it has reached says nothing.
        certain = grade is not None and reached(one, grade, indicator) and indicator.kind == "cumulative_count"
        if grade is None or grade.probability is None or grade.likelihood is None or certain:
            out.append(t("indicator.forecast_only", lang, **numbers))
        else:
            key = "indicator.forecast" if grade is head else "indicator.outlook"
            if reached(one, grade, indicator):
                key = f"indicator.{'forecast' if grade is head else 'outlook'}_hold_{indicator.direction}"
            out.append(
                t(
                    key,
                    lang,
                    **numbers,
                    target=quantity(grade.value, unit, lang),
                    p=said_words(grade, lang) + (_plain(grade, lang) if basis else ""),
                    words=t(f"likelihood.{grade.likelihood}", lang),
                )
            )
            if basis and grade is head and not head.derived and not reached(one, head, indicator):
                out += past_sentence(head, lang)
    return out


def _plain(grade: TargetGrade, lang: str) -> str:
    """The probability without the record of past plans, in brackets, where it reads otherwise."""
    plain = grade.probability_plain
    if plain is None or probability(plain, lang) == probability(grade.probability, lang):
        return ""
    return bracketed(t("indicator.plain", lang, p=probability(plain, lang)), lang)


def _beside(one: IndicatorAssessment, head: TargetGrade | None) -> list[TargetGrade]:
    """Other targets of the headline's year: assessed side by side, never averaged."""
    return [g for g in one.grades if head is not None and g is not head and g.year == head.year]


def _why_not(one: IndicatorAssessment, head: TargetGrade | None, lang: str) -> list[str]:
    if one.verdict != "not_assessable" or (head is None and "no_target" in one.notes):
        unforeseen = head is None or "no_forecast" in head.reasons
        return [reason_text(one.outlook.reason, one, lang)] if unforeseen and one.outlook.reason else []
    codes = [*(head.reasons[:1] if head else one.notes[:1])]
    why = [reason_text(code, one, lang) for code in dict.fromkeys(codes)]
    if not why:
        return []
    verdict = t("verdict.not_assessable", lang)
    told = bracketed(separated(why, lang), lang) if lang == "zh" else f" – {separated(why, lang)}"
    return [t("indicator.verdict", lang, verdict=verdict) + told]


def reason_text(code: str, one: IndicatorAssessment, lang: str) -> str:
    """Why something is not assessable, in words."""
    return t(f"reason.{code}", lang, n=one.outlook.n, least=one.outlook.least)


def prose(parts: Sequence[str], lang: str) -> str:
    """Sentences put together, each with its full stop, English ones with a capital."""
    stop = "。" if lang == "zh" else "."
    done = [p if p.endswith(stop) else p + stop for p in parts if p]
    if lang == "zh":
        # "概率为99%", but "概率超过99%" and "概率不足1%"
        return re.sub("概率为(?=(?:<a [^>]*>)?(?:超过|不足))", "概率", "".join(done))
    return " ".join(p[0].upper() + p[1:] for p in done)


def wording(head: TargetGrade, lang: str) -> str:
    """The verdict as the sentence that its two halves make, so that class and probability never contradict."""
    schedule = t("wording.nearly" if head.schedule == "nearly" else "wording.on", lang)
    return t(f"wording.{wording_of(head)}", lang, schedule=schedule)


def in_sentence(name: str, lang: str) -> str:
    """A name as it stands inside an English sentence: with a small letter, unless it is an abbreviation."""
    return name[0].lower() + name[1:] if lang == "en" and name[:2].istitle() else name


def cardinal(count: int, lang: str) -> str:
    """English spells small numbers out in running text; Chinese reports write figures."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[count] if lang == "en" and count < len(words) else str(count)
