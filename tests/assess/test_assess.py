"""From ledger to graded targets, on the demonstration data and by hand."""

import math
from datetime import date
from pathlib import Path

import pytest

from greenreport.assess import Assessment, Evidence, Options, assess
from greenreport.assess.model import STRENGTHS

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2026-06-30"


def test_completion_and_time_share_are_those_a_reader_can_redo(demo, city):
    """Completion is (latest − 2023) ÷ (2027 − 2023), the time share two years of four."""
    one = city.indicator("online_retail")
    current = one.current
    assert current.year == 2025
    assert one.head.completion == pytest.approx((current.value - 1800) / (2400 - 1800))
    assert one.head.time_share == pytest.approx(2 / 4)
    assert one.head.achieved_growth == pytest.approx((current.value / 1800) ** 0.5 - 1)
    assert one.head.required_growth == pytest.approx((2400 / current.value) ** 0.5 - 1)


def test_the_next_target_year_is_the_headline_and_every_year_is_graded(city):
    """2027 counts in 2026; 2030 is graded beside it."""
    for one in city.indicators:
        assert one.head.year == 2027
        assert {g.year for g in one.grades} == {2027, 2030}


def test_the_two_exhibition_targets_are_graded_side_by_side(city):
    """6 recognised and 10 fostered by 2027 are both kept; the plan's table is the headline."""
    one = city.indicator("green_expo")
    assert sorted(g.value for g in one.grades if g.year == 2027) == [6, 10]
    assert one.head.value == 6


def test_every_strength_of_evidence_occurs_in_the_demonstration(city, districts):
    """From seven years and two halves to a single figure after the baseline: strong, fair, limited and thin."""
    assert {one.head.strength for a in (city, *districts) for one in a.indicators if one.head} - {None} == set(
        STRENGTHS
    )


@pytest.mark.parametrize("indicator", ["online_retail", "recycled_volume", "elv_dismantled"])
def test_derived_targets_of_flows_are_the_districts_part_of_the_citys(demo, districts, indicator):
    """Districts with a baseline of 2023 hold together the share of the city's target that they had of its baseline."""
    plan = demo.plan.indicator(indicator)
    mine = [d.indicator(indicator) for d in districts]
    for target in plan.targets:
        held = [
            (one.baseline_value, g.value)
            for one in mine
            for g in one.grades
            if g.year == target.year and g.derived and one.baseline_year == 2023
        ]
        assert len(held) >= 33
        assert sum(t for _, t in held) == pytest.approx(target.value * sum(b for b, _ in held) / plan.baseline.value)


@pytest.mark.parametrize(("indicator", "asked", "not_asked"), [("green_mall", 12, 23), ("green_hotel", 6, 30)])
def test_derived_targets_of_counts_are_each_districts_own(demo, districts, indicator, asked, not_asked):
    """Base plus the nearest whole part of the city's increase; a part below a half asks for nothing more."""
    plan = demo.plan.indicator(indicator)
    first = plan.targets[0]
    seen = []
    for d in districts:
        one = d.indicator(indicator)
        if one.baseline_year != 2023 or any(not g.derived for g in one.grades):
            continue
        more = math.floor((first.value - plan.baseline.value) * one.baseline_value / plan.baseline.value + 0.5)
        assert (one.head is None) == (more == 0)
        if one.head is None:
            assert one.notes == ("zero_increment",)
        else:
            assert one.head.value == one.baseline_value + more
        seen.append(one.head is not None)
    assert (seen.count(True), seen.count(False)) == (asked, not_asked)


def test_a_district_target_says_that_it_is_derived(districts):
    """The plan sets no district targets, and no page may look as if it did: only 九龙坡 has some of its own."""
    own = {(d.area, one.id, g.year) for d in districts for one in d.indicators for g in one.grades if not g.derived}
    assert own == {
        ("500107", "online_retail", 2027), ("500107", "recycled_volume", 2027), ("500107", "recycled_volume", 2030),
        ("500107", "green_mall", 2027),
    }  # fmt: skip
    for d in districts:
        for one in d.indicators:
            assert (one.allocation is not None) == any(g.derived for g in one.grades)


def test_a_district_without_the_baseline_year_is_assessed_from_its_first(districts):
    """彭水 has sent 2024 and 2025: its way begins in 2024, its target is its part of the city's in that year."""
    one = next(d for d in districts if d.area == "500243").indicator("online_retail")
    assert (one.baseline_year, one.head.time_share) == (2024, pytest.approx(1 / 3))
    assert one.notes == ("base_year_differs",)
    assert one.head.value == pytest.approx(one.baseline_value * 2400 / 2036.8)
    assert one.verdict != "not_assessable"


def test_few_figures_give_a_verdict_and_say_how_much_it_carries(city):
    """Exhibitions, 0, 1 and 3: half of the way to six, a forecast, and evidence that is called thin."""
    one = city.indicator("green_expo")
    assert one.verdict != "not_assessable"
    assert 0 < one.head.probability < 1
    assert one.head.strength == "thin"
    assert one.outlook.ok and one.outlook.steps
    assert one.head.completion == pytest.approx(0.5)


def test_the_new_district_carries_on_its_predecessors_only_over_the_declared_bridge(demo):
    """两江新区 (2025) has a history with the bridge; without it, its way begins in its first year, and that is marked."""
    with_bridge = assess(demo, area="500157").indicator("online_retail")
    without = assess(demo, area="500157", options=Options(bridge=False)).indicator("online_retail")
    assert {p.year for p in with_bridge.points if p.bridged and p.months == 12} == {2023, 2024}
    assert not [p for p in without.points if p.bridged]
    assert (with_bridge.baseline_year, without.baseline_year) == (2023, 2025)
    assert "base_year_differs" in without.notes
    assert "base_year_differs" not in with_bridge.notes


def test_an_earlier_day_knows_less(demo):
    """As of 30 June 2024 the figure of 2024 is not out, and 2023 is the latest."""
    then = Evidence(demo.plan, demo.roster, demo.ledger, date(2024, 6, 30))
    assert assess(then, area="500000").indicator("online_retail").current.year == 2023


def test_findings_travel_as_json_without_loss(city, districts):
    """What an overview reads is what a page found."""
    for a in (city, districts[0]):
        data = a.to_json()
        assert Assessment.from_json(data).to_json() == data


def test_the_public_record_is_too_thin_for_verdicts_and_that_is_said(published):
    """On published figures nothing of the six can be graded; each says why."""
    found = assess(published, area="重庆市").indicators
    assert len(found) == 6
    for one in found:
        assert one.verdict == "not_assessable"
        assert one.head.reasons == ("no_observation_after_base",)


def test_the_prior_growth_can_be_learned_from_the_districts(demo):
    """The panel's mean is weighed against the assumption, so the learned value lies between the two."""
    from greenreport.assess.prior import learned_prior

    learned = learned_prior(demo, Options())
    assert set(learned) == {"online_retail", "recycled_volume", "elv_dismantled"}
    for one in learned.values():
        assert one.n_series >= 20
        low, high = sorted((0.03, one.panel_mean))
        assert low <= float(one) <= high


def test_the_notebooks_fits_are_those_a_reader_can_redo(demo):
    """One series of each kind: a mean of log growth drawn towards the prior; a count never below what is reached."""
    import numpy as np

    from greenreport.assess import fit

    options, place = Options(nowcast=False, experience=False), demo.area("500000")
    indicator = demo.plan.indicator("online_retail")
    made = fit(demo, indicator, place, options)
    growth = np.diff(np.log(demo.series(indicator, place, options).values))
    assert growth.min() < made.parameters["growth_own"] < growth.max()
    low, high = sorted((made.parameters["growth_own"], math.log1p(made.parameters["prior_growth"])))
    assert low <= made.parameters["growth_used"] <= high + 0.005

    count = demo.plan.indicator("green_mall")
    malls = fit(demo, count, place, options)
    low, _ = malls.interval(0.95)
    assert (low >= demo.series(count, place, options).values[-1]).all()
    assert (malls.median == np.round(malls.median)).all()


def test_a_districts_own_target_wins_over_the_derived_one(demo, tmp_path):
    """A district that has set itself a target is graded against it, and the sum over all is told beside the city's."""
    import shutil

    from greenreport import present

    folder = tmp_path / "demo"
    shutil.copytree(ROOT / "data/demo", folder)
    header = (folder / "online_retail.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    row = dict.fromkeys(header, "") | {
        "indicator": "online_retail", "area": "500102", "period": "2027", "value": "40", "unit": "亿元",
        "kind": "target", "vintage": "2025-03-01", "source": "区县自定", "source_address": "test", "grade": "S",
    }  # fmt: skip
    (folder / "own_targets.csv").write_text(",".join(header) + "\n" + ",".join(row[h] for h in header) + "\n", "utf-8")
    own = Evidence.load(plan=ROOT / "data/plan", areas=ROOT / "data/areas", data=folder, as_of=AS_OF)
    found = assess(own, area="500102")
    head = found.indicator("online_retail").head
    assert (head.value, head.derived) == (40.0, False)
    later = next(g for g in found.indicator("online_retail").grades if g.year == 2030)
    assert later.derived
    before = assess(demo, area="500102").indicator("online_retail").head
    assert before.derived and before.value != 40.0
    text = present.district_heading((found,), own.plan, "zh", expected=1).markdown
    assert "1个区县自定目标，2027年各区县目标合计40亿元，全市目标2400亿元" in text


def test_a_report_without_districts_says_so(demo, city):
    """Where no district was assessed, neither the scope nor the chapter on districts speaks of any."""
    from greenreport import present

    for lang, none in (("zh", "没有区县评价结果"), ("en", "no verdicts by district")):
        assert none in present.district_heading((), demo.plan, lang, expected=37).markdown
        assert "37" not in present.scope_text(demo, city, lang, districts=0).markdown
        assert "37" in present.scope_text(demo, city, lang).markdown
