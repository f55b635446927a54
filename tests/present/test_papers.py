"""What stands in the papers: one name per indicator, ranks with their intervals, achievements, recommendations that recommend."""

from __future__ import annotations

import pytest

from greenreport.assess import Evidence, Options, assess, gaps
from greenreport.assess.model import Assessment
from greenreport.assess.ranks import ranks
from greenreport.present.advice import advice_text, pace_items, recommendations
from greenreport.present.conclusions import achievements_text
from greenreport.present.papers import on_paper, sheet
from greenreport.present.papers.parts import NEW_PAGE, named, short_named
from greenreport.present.problems import Grounds, problem_items, problems_text


def test_places_have_intervals_that_hold_them(evidence: Evidence, districts: tuple[Assessment, ...]) -> None:
    """Places run from 1, every interval holds its place and ends within the number of districts compared; a wider level
    never gives a narrower interval."""
    found = ranks(districts, evidence.plan.indicator("online_retail"), level=0.80)
    assert min(one.place for one in found.values()) == 1
    assert all(1 <= one.low <= one.place <= one.high <= one.of == len(found) for one in found.values())
    wider = ranks(districts, evidence.plan.indicator("online_retail"), level=0.98)
    assert all(wider[a].low <= found[a].low and wider[a].high >= found[a].high for a in found)


def test_one_district_has_no_place(evidence: Evidence, districts: tuple[Assessment, ...]) -> None:
    """A district alone is first and last of nothing."""
    assert ranks(districts[:1], evidence.plan.indicator("online_retail")) == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_indicator_goes_by_one_name_in_a_paper(lang: str, evidence: Evidence, city: Assessment) -> None:
    """In a paper an indicator goes by its short name; the footnote gives the plan's own for those that differ."""
    plan = short_named(evidence.plan)
    text = problems_text(city, plan, lang, Grounds(evidence.roster)).markdown
    differ = [i for i in evidence.plan.indicators if i.short[lang] != i.name[lang]]
    assert len(differ) >= 5
    for i in differ:
        assert i.name[lang] in named(evidence.plan, lang)
        assert i.name[lang] not in text.replace(i.short[lang], "")
    assert any(i.short[lang] in text for i in differ)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_problems_and_causes_together_say_what_one_chapter_said(
    lang: str, evidence: Evidence, city: Assessment
) -> None:
    """Split into two chapters, every sentence of the one chapter stands in one of them."""
    grounds = Grounds(evidence.roster, tasks=evidence.tasks.as_of(evidence.as_of))
    whole = problem_items(city, evidence.plan, lang, grounds)
    parts = [problem_items(city, evidence.plan, lang, grounds, part=part) for part in ("problems", "causes")]
    stop = "。" if lang == "zh" else ". "
    said = "".join(text for part in parts for text in part)
    for item in whole:
        for sentence in item.rstrip(".").split(stop):
            assert sentence in said, sentence


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_achievements_name_what_is_on_schedule_only(lang: str, evidence: Evidence, city: Assessment) -> None:
    """An indicator at risk is no achievement; one that is achieved is."""
    text = achievements_text(city, evidence.plan, lang, Grounds(evidence.roster)).markdown
    for one in city.indicators:
        name = f"**{evidence.plan.indicator(one.id).name[lang]}**"
        assert (name in text) == (one.verdict in ("achieved", "ahead", "on_track"))


def test_recommendations_begin_with_what_to_do(evidence: Evidence, city: Assessment) -> None:
    """Each says first what to do, those at risk come first, and tasks behind schedule are named with who is responsible."""
    tasks = evidence.tasks.as_of(evidence.as_of)
    found = gaps(evidence.plan, city, ())
    grounds = Grounds(evidence.roster, found, tasks=tasks)
    items = pace_items(city, evidence.plan, "zh", grounds)
    assert items and all("。建议" in item for item in items)
    risky = [one.id for one in city.indicators if one.verdict == "at_risk"]
    assert items[0].startswith(f"**{evidence.plan.indicator(risky[0]).name.zh}**")
    late = [x for x in evidence.plan.tasks if risky[0] in x.indicators and tasks[x.id].status == "late"]
    assert late
    assert all(x.title.zh in items[0] and tasks[x.id].owner.zh in items[0] for x in late)
    whole = advice_text(city, evidence.plan, "zh", Grounds(evidence.roster, found, tasks=tasks)).markdown
    assert all(item in whole for item in items)
    short = recommendations(city, evidence.plan, "zh", grounds)
    assert len(short[0]) <= len(items[0])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sheet_says_what_a_district_owes(lang: str, evidence: Evidence, city: Assessment) -> None:
    """The figures that a district has not reported are named with their years; those that it has are not."""
    from greenreport.assess import quality

    state = quality(evidence, evidence.districts, options=Options())
    owing = next(c for c in state.cells if c.status == "missing" and c.year >= evidence.plan.baseline_year)
    area = evidence.area(owing.area)
    found = assess(evidence, area=area.code, options=Options())
    parts = list(sheet(found, evidence.plan_for(area), city, lang, roster=evidence.roster, places={}, quality=state))
    text = "\n".join(getattr(part, "markdown", "") for part in parts)
    assert evidence.plan.indicator(owing.indicator).short[lang] in text and str(owing.year) in text


def test_parts_know_their_paper() -> None:
    """Every part of a paper carries its name, the first its title, and none a form for the screen."""
    parts = list(on_paper("brief", [NEW_PAGE, NEW_PAGE], "zh"))
    first, second = (part._repr_mimebundle_() for part in parts)
    assert first[1]["greenreport"] == {"role": "narrative", "paper": "brief", "title": "中期评估简报"}
    assert second[1]["greenreport"] == {"role": "narrative", "paper": "brief"}
    assert "text/html" not in first[0]
