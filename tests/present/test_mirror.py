"""A falling indicator is told as it is: the same plan upside down has the same verdicts, and the mirrored words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from mirror import CASES, both

from greenreport import present
from greenreport.assess import assess
from greenreport.level import Tongue


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory):
    """Evidence and findings, upwards (False) and upside down (True)."""
    return both(tmp_path_factory.mktemp("mirror"))


def test_the_plan_upside_down_has_the_same_verdicts(pair) -> None:
    """Class, schedule, completion, time and probability are those of the plan the right way up, target by target."""
    (_, up), (_, down) = pair[False], pair[True]
    seen = set()
    for one in up.indicators:
        other = down.indicator(one.id)
        assert len(one.grades) == len(other.grades) == 2
        for a, b in zip(one.grades, other.grades, strict=True):
            assert (a.verdict, a.schedule, a.rule, a.likelihood) == (b.verdict, b.schedule, b.rule, b.likelihood)
            assert a.reasons == b.reasons
            assert a.completion == pytest.approx(b.completion, abs=1e-9)
            assert a.time_share == pytest.approx(b.time_share)
            assert a.probability == pytest.approx(b.probability, abs=1e-6)
            assert a.required_change == pytest.approx(-b.required_change, abs=1e-9)
            seen.add(a.verdict)
    assert {"at_risk", "achieved", "on_track"} <= seen


def said(found, lang: str) -> str:
    """Everything that is told of the whole in words."""
    evidence, whole = found
    tongue = Tongue(lang, evidence.plan.level)
    texts = [
        present.indicator_text(one, indicator, lang=tongue, level=0.8).markdown
        for indicator, one in zip(evidence.plan.indicators, whole.indicators, strict=True)
    ]
    texts.append(present.problems_text(whole, evidence.plan, tongue, present.Grounds(evidence.roster)).markdown)
    texts.append(present.advice_text(whole, evidence.plan, tongue, present.Grounds(evidence.roster)).markdown)
    return "\n".join(texts)


def figures(line: str) -> list[float]:
    """The numbers of a line as they would be either way up: a level and 100 minus it are one, whatever their order."""
    return sorted(min(float(n), 100 - float(n)) for n in re.findall(r"\d+(?:\.\d+)?", line))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_falling_indicator_is_told_as_rising(pair, lang: str) -> None:
    """Upside down, what must fall is asked to fall: no word of an increase where the right way up has one."""
    up, down = said(pair[False], lang), said(pair[True], lang)
    for wrong in {
        "zh": ("目标增量", "各年增量", "不低于", "研究上调", "−"),
        "en": ("of the increase planned", "the increase fell short", "at or above", "Raising", "below the required"),
    }[lang]:
        told = down.replace("−25.0%", "")  # a share of the way that was gone backwards is negative in both
        assert wrong not in told, re.findall(f".{{30}}{wrong}.{{30}}", told)
    for right in {
        "zh": ("目标降幅", "各年降幅", "不高于", "降低", "年均降低"),
        "en": (
            "of the reduction planned",
            "at or below",
            "a fall of",
            "above the required path",
            "milestones for the fall",
        ),
    }[lang]:
        assert right in down
        assert right not in up or right in ("降低", "a fall of")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_differences_and_shares_are_the_same_figures_upside_down(pair, lang: str) -> None:
    """Levels are mirrored (an interval turns round with them), and nothing else changes; figures as rounded."""
    up, down = (said(pair[d], lang).splitlines() for d in (False, True))
    assert len(up) == len(down)
    for one, other in zip(up, down, strict=True):
        assert figures(one) == pytest.approx(figures(other), abs=0.11), (one, other)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_level_to_be_held_is_not_asked_to_worsen(pair, lang: str) -> None:
    """Where the target is met and to be held, no pace is asked for in either direction."""
    for down in (False, True):
        evidence, whole = pair[down]
        tongue = Tongue(lang, evidence.plan.level)
        text = {
            i.id: present.indicator_text(whole.indicator(i.id), i, lang=tongue, level=0.8).markdown
            for i in evidence.plan.indicators
        }
        asked = {"zh": "要如期达标", "en": "requires"}[lang]
        assert asked in text["behind"]
        assert asked not in text["held"]


def test_every_case_is_what_it_is_called(pair) -> None:
    """The cases cover a share behind, in time, met, moving the wrong way, and to be held."""
    _, whole = pair[False]
    assert [(id, whole.indicator(id).verdict) for id in CASES] == [
        ("behind", "at_risk"),
        ("in_time", "ahead"),
        ("met", "achieved"),
        ("back", "at_risk"),
        ("held", "on_track"),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_target_that_is_met_is_followed_by_the_next_one(pair, lang: str) -> None:
    """46 by 2027 is met with 47.5 in 2025; 60 by 2030 is 12.5 away: 2.5 a year, and no advice to ask for more."""
    for down, target in ((False, "60.0%"), (True, "40.0%")):
        evidence, whole = pair[down]
        tongue = Tongue(lang, evidence.plan.level)
        met = evidence.plan.indicator("met")
        text = present.indicator_text(whole.indicator("met"), met, lang=tongue, level=0.8).markdown
        plan = evidence.plan.only(met)
        alone = whole.completed(["met"])
        advice = present.advice_text(alone, plan, tongue, present.Grounds(evidence.roster)).markdown.replace(
            "\u00a0", " "
        )
        assert {"zh": "要实现2030年目标", "en": "the 2030 target requires"}[lang] in text
        assert target.removesuffix(".0%") in advice
        assert "2030" in advice
        assert "2.5" in advice
        for wrong in ("保持即可", "level to be maintained", "研究", "could be considered"):
            assert wrong not in advice


@pytest.mark.parametrize(("day", "year"), [("2026-06-30", 2026), ("2026-12-31", 2027), ("2025-12-30", 2025)])
def test_a_milestone_lies_ahead(pair, day: str, year: int) -> None:
    """Figures of 2024 are the latest known on the day: a milestone is set for a year-end that has not passed."""
    evidence, whole = pair[False]
    behind = evidence.plan.indicator("behind")
    one = whole.indicator("behind")
    early = replace(one, points=tuple(p for p in one.points if p.year <= 2024))
    found = replace(whole, indicators=(early,), as_of=date.fromisoformat(day))
    text = present.advice_text(found, evidence.plan.only(behind), "en", present.Grounds(evidence.roster)).markdown
    told = re.findall(r"Milestone for (\d+)", text)
    assert told == ([str(year)] if year < 2027 else [])


def test_small_charts_of_a_level_far_from_zero_do_not_start_there(pair) -> None:
    """65.5 against a target of 55 lies in the upper half: the scale starts higher, and the text says where."""
    evidence, _ = pair[True]
    parts = (assess(evidence, area="P"),)
    for lang, said in (("zh", "不自零起"), ("en", "not at zero")):
        told, chart = present.district_multiples(parts, evidence.plan.indicator("behind"), Tongue(lang))
        assert said in told.markdown
        heights = [float(y) for y in re.findall(r"-?[\d.]+,(-?[\d.]+)", chart.svg)]
        assert max(heights) - min(heights) > 20


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_conclusions_say_which_year_they_are_for_and_how_the_last_one_stands(pair, lang: str) -> None:
    """Verdicts are for 2027; of the five targets of 2030 those at risk are counted by name, for the whole and its parts."""
    for down in (False, True):
        evidence, whole = pair[down]
        tongue = Tongue(lang, evidence.plan.level)
        late = [one.id for one in whole.indicators if one.grades[-1].verdict == "at_risk"]
        assert 0 < len(late) < len(CASES)
        text = present.summary(whole, evidence.plan, tongue).markdown
        first, *rest = re.split(r"(?<=[.。])\s+|(?<=。)", text.split("\n\n")[1])
        last = next(one for one in rest if "2030" in one)
        assert "2027" in first
        assert f"{len(late)}{'项' if lang == 'zh' else ' of five'}" in last
        assert all(id in last for id in late)
        parts = (assess(evidence, area="P"),)
        told = present.parts_summary(parts, evidence.plan, tongue).markdown
        assert {"zh": "2027年目标", "en": "targets for 2027"}[lang] in told
        assert f"{len(late)}{'项' if lang == 'zh' else ' are'}" in told[told.index("2030") :]
