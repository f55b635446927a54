"""A bureau at mid-term: two figures after the baseline, half a year, districts of which one lacks the baseline."""

from pathlib import Path

import pandas as pd
import pytest
from helpers import ledger_from

from greenreport import present
from greenreport.assess import Evidence, Options, assess, quality
from greenreport.assess.case import TARGET_REASONS, Case, Start
from greenreport.assess.model import STRENGTHS
from greenreport.words import t

OPTIONS = Options()
FOLDER = Path(__file__).resolve().parents[1] / "data/bureau"


@pytest.fixture(scope="module")
def town(bureau):
    return assess(bureau, area="500000")


def test_the_citys_figures_say_how_far_it_has_come(town):
    """Malls: 44, 49, 55 of 65 are 11 of 21, that is 52.4 % with two years of four gone; the count keeps to schedule."""
    malls = town.indicator("green_mall").head
    assert malls.completion == pytest.approx(11 / 21)
    assert malls.time_share == 0.5
    assert malls.schedule == "on"
    hotels = town.indicator("green_hotel").head
    assert (hotels.completion, hotels.schedule) == (pytest.approx(5 / 11), "nearly")


def test_the_half_year_is_there_for_three_indicators(town):
    """January to June 2026 of online retail, recyclables and vehicles, without the same months of an earlier year."""
    halves = {one.id: one.part_year.value for one in town.indicators if one.part_year}
    assert halves == {"online_retail": 1085, "recycled_volume": 486, "elv_dismantled": 13.9}


def test_no_district_figure_is_needed_for_a_districts_target(bureau):
    """万州 has 40 of 1800 and 2 of 44: 40 × 2400/1800 = 53.33 and 2 + 21 × 2/44 = 2.95, that is 3."""
    found = assess(bureau, area="500101")
    assert found.indicator("online_retail").head.value == pytest.approx(40 * 2400 / 1800)
    assert found.indicator("green_mall").head.value == 3
    assert found.indicator("recycled_volume").head.value == pytest.approx(30 * 1100 / 900)


def without(evidence, *areas):
    """The same ledger, as if these areas had not reported."""
    rows = pd.concat(pd.read_csv(p, dtype=str, keep_default_na=False) for p in sorted(FOLDER.glob("*.csv")))
    kept = rows[~rows["area"].isin(areas)].reset_index(drop=True)
    ledger = ledger_from(kept, plan=evidence.plan, roster=evidence.roster)
    return Evidence(evidence.plan, evidence.roster, ledger, evidence.as_of)


@pytest.mark.parametrize("absent", [(), ("500102",), ("500102", "500103")])
def test_a_districts_targets_are_the_same_whoever_else_reports(bureau, absent):
    """万州's targets of every indicator and year stand whether it reports with two others, one or alone."""
    whole = assess(bureau, area="500101")
    alone = assess(without(bureau, *absent), area="500101")
    for one in whole.indicators:
        assert [g.value for g in alone.indicator(one.id).grades] == [g.value for g in one.grades]


def test_a_district_is_behind_by_one_figure(bureau):
    """42.67 of the way from 40 to 53.33 is 20.0 % with half of the time gone."""
    head = assess(bureau, area="500101").indicator("online_retail").head
    assert head.completion == pytest.approx(0.2, abs=5e-4)
    assert (head.time_share, head.schedule) == (0.5, "behind")


def test_a_district_without_the_baseline_is_measured_from_its_first_year_and_that_is_marked(bureau):
    """涪陵 has 29.4 in 2024, when the city had 1965: its target is 29.4 × 2400/1965 = 35.91, its way begins in 2024."""
    plan = bureau.plan.indicator("online_retail")
    assert Case(bureau, plan, bureau.area("500102"), OPTIONS).baseline == Start(2024, 29.4)
    one = assess(bureau, area="500102").indicator("online_retail")
    assert (one.baseline_year, one.baseline_value) == (2024, 29.4)
    assert one.head.value == pytest.approx(29.4 * 2400 / 1965)
    assert one.head.time_share == pytest.approx(1 / 3)
    assert one.head.completion == pytest.approx((31.2 - 29.4) / (29.4 * 2400 / 1965 - 29.4))
    assert "base_year_differs" in one.notes
    assert one.path[0] == (2024, 29.4)
    malls = assess(bureau, area="500102").indicator("green_mall").head
    assert malls.value == 2 + round(2 / 49 * (65 - 49))


def test_a_baseline_that_is_only_not_comparable_is_not_taken_for_missing(bureau):
    """Without published growth nothing links 2025 back to 2023: no other year takes the baseline's place in silence."""
    plan = bureau.plan.indicator("online_retail")
    assert Case(bureau, plan, bureau.area("500101"), Options(comparable=True)).baseline is None
    sent_later = Case(bureau, plan, bureau.area("500102"), Options(comparable=True)).baseline
    assert sent_later == Start(2025, 31.2)


def test_the_missing_baseline_is_counted_among_what_is_missing(bureau):
    """涪陵 owes five indicators for three years; six figures are there, and none of 2023."""
    state = quality(bureau, [bureau.area("500102")], options=OPTIONS)
    assert state.years == (2023, 2024, 2025)
    assert len(state.cells) == 15
    assert len(state.having("observed")) == 6
    assert sum(c.year == 2023 for c in state.having("missing")) == 5


def test_exhibitions_are_missing_from_no_district(bureau):
    """They are recognised by the city: none is due from a district, and their absence is no missing baseline."""
    state = quality(bureau, bureau.districts, options=OPTIONS, whole=bureau.area("500000"))
    assert "green_expo" not in {c.indicator for c in state.cells}
    assert "green_expo" not in {x.indicator for x in state.late}
    for code in ("500101", "500102", "500103"):
        for key in ("plan", "equal", "population"):
            found = assess(bureau, area=code, options=Options(allocation=key))
            assert found.indicator("green_expo").notes == ("no_derived_target",)
    own = quality(bureau, [bureau.area("500000")], options=OPTIONS)
    assert {c.year for c in own.cells if c.indicator == "green_expo"} == {2023, 2024, 2025}


def test_a_zone_body_has_its_page(bureau):
    """A zone body overlaps its districts: where it has no share it says so in words, and no page breaks."""
    for key in ("plan", "equal", "population"):
        found = assess(bureau, area="DZ-GX", options=Options(allocation=key))
        for lang in ("zh", "en"):
            for indicator, one in zip(bureau.plan.indicators, found.indicators, strict=True):
                assert present.indicator_text(one, indicator, lang=lang, level=0.8).markdown
    equal = assess(bureau, area="DZ-GX", options=Options(allocation="equal"))
    assert equal.indicator("online_retail").notes[0] in ("missing_base", "not_a_district")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("reason", [*TARGET_REASONS, "zero_increment", "no_baseline", "base_year_differs", "no_target"])
def test_every_reason_without_a_target_has_its_words(reason, lang):
    """Whatever stands in the way of a target is said in both languages."""
    assert t(f"reason.{reason}", lang, n=1, least=1)


def test_every_indicator_of_the_city_has_a_verdict_a_probability_and_a_strength(town):
    """Two figures after the baseline are enough for all six; three values of exhibitions are called thin."""
    for one in town.indicators:
        assert one.verdict != "not_assessable"
        assert 0 < one.head.probability < 1
        assert one.head.strength in STRENGTHS
        assert one.outlook.ok
    assert town.indicator("green_expo").head.strength == "thin"


def test_one_figure_after_the_baseline_is_a_verdict_and_the_baseline_alone_is_none(bureau):
    """涪陵 is behind from 2024 on; of 渝中 only 2023 is known: no verdict, and what is missing is named."""
    fuling = assess(bureau, area="500102")
    assert {fuling.indicator(i).verdict for i in ("online_retail", "recycled_volume")} == {"at_risk"}
    yuzhong = assess(bureau, area="500103")
    for id in ("online_retail", "green_mall"):
        assert yuzhong.indicator(id).verdict == "not_assessable"
        assert yuzhong.indicator(id).head.reasons == ("no_observation_after_base",)


@pytest.mark.parametrize(
    ("lang", "counted", "schedule", "missing"),
    [
        ("zh", "6项主要指标", "2027年目标增量完成进度为52.4%，快于时间进度（50.0%）", "2023年（基期）数据"),
        (
            "en",
            "six main indicators",
            "52.4% of the increase planned by 2027 has been achieved",
            "the baseline year 2023",
        ),
    ],
)
def test_the_case_is_told_in_words(bureau, town, lang, counted, schedule, missing):
    """From the figures to the sentences: how many indicators, how far the malls are, which figure a district lacks."""
    plan = bureau.plan
    assert counted in present.summary(town, plan, lang).markdown
    malls = present.indicator_text(town.indicator("green_mall"), plan.indicator("green_mall"), lang=lang, level=0.8)
    assert schedule in malls.markdown.replace("\u00a0", " ")
    advice = present.advice_text(assess(bureau, area="500102"), plan, lang, present.Grounds(bureau.roster)).markdown
    assert missing in advice.replace("\u00a0", " ")


@pytest.mark.parametrize(("lang", "five"), [("zh", "5项主要指标"), ("en", "five main indicators")])
def test_a_district_is_told_of_five_indicators_not_of_six(bureau, lang, five):
    """Exhibitions are no indicator of a district's: they count neither as assessed nor as lacking."""
    for code in ("500101", "500103"):
        found = assess(bureau, area=code)
        assert five in present.summary(found, bureau.plan, lang).markdown.replace("\u00a0", " ")
        assert (
            bureau.plan.indicator("green_expo").name[lang]
            not in present.problems_text(found, bureau.plan, lang, present.Grounds(bureau.roster)).markdown
        )
