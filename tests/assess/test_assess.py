"""From ledger to graded targets, on the demonstration data and by hand."""

from datetime import date
from pathlib import Path

import pytest

from greenreport.assess import Assessment, Evidence, Options, assess

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2026-06-30"


@pytest.fixture(scope="module")
def city(demo):
    return assess(demo, area="重庆市")


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


def test_every_verdict_class_occurs_in_the_demonstration(city, districts):
    """The mid-term set shows what each class looks like."""
    classes = {one.verdict for a in (city, *districts) for one in a.indicators}
    assert classes == {"achieved", "ahead", "on_track", "at_risk", "not_assessable"}


@pytest.mark.parametrize(
    "indicator", ["online_retail", "recycled_volume", "elv_dismantled", "green_mall", "green_hotel"]
)
def test_derived_district_targets_add_up_to_the_citys(demo, districts, indicator):
    """What is divided among the districts is the city's target, no more and no less."""
    plan = demo.plan.indicator(indicator)
    for target in plan.targets:
        parts = []
        for d in districts:
            one = d.indicator(indicator)
            # A district that the rule gives nothing to add has no target and keeps its baseline.
            parts.append(next((g.value for g in one.grades if g.year == target.year), one.baseline_value))
            assert one.grades or one.notes == ("zero_increment",)
        assert len(parts) == 37
        if target.year == min(t.year for t in plan.targets) or plan.kind == "flow":
            assert sum(parts) == pytest.approx(target.value)


def test_a_district_target_says_that_it_is_derived(districts):
    """The plan sets no district targets, and no page may look as if it did."""
    for d in districts:
        for one in d.indicators:
            assert all(g.derived for g in one.grades)  # the demonstration has no district with a target of its own
            assert (one.allocation is not None) == bool(one.grades)


def test_too_few_observations_give_completion_and_no_forecast(city):
    """Three counts of exhibitions carry no trend: no probability, no fan, and the reason is given."""
    one = city.indicator("green_expo")
    assert one.verdict == "not_assessable"
    assert one.head.reasons[0] == "too_few_observations"
    assert one.head.probability is None
    assert not one.outlook.ok and not one.outlook.steps
    assert one.head.completion == pytest.approx(0.5)


def test_the_new_district_carries_on_its_predecessors_only_over_the_declared_bridge(demo):
    """两江新区 (2025) has a history with the bridge, and one year without it."""
    with_bridge = assess(demo, area="500157").indicator("online_retail")
    without = assess(demo, area="500157", options=Options(bridge=False)).indicator("online_retail")
    assert len([p for p in with_bridge.points if p.bridged]) >= 5
    assert not [p for p in without.points if p.bridged]
    assert without.verdict == "not_assessable"


def test_an_earlier_day_knows_less(demo):
    """As of 30 June 2024 the figure of 2024 is not out, and 2023 is the latest."""
    then = Evidence(demo.plan, demo.roster, demo.ledger, date(2024, 6, 30))
    assert assess(then, area="500000").indicator("online_retail").current.year == 2023


def test_findings_travel_as_json_without_loss(city, districts):
    """What an overview reads is what a page found."""
    for a in (city, districts[0]):
        data = a.to_json()
        assert Assessment.from_json(data).to_json() == data


def test_the_public_record_is_too_thin_for_verdicts_and_that_is_said():
    """On published figures nothing of the six can be graded; each says why."""
    public = Evidence.load(plan=ROOT / "data/plan", areas=ROOT / "data/areas", data=ROOT / "data/public", as_of=AS_OF)
    for one in assess(public, area="500000").indicators:
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
    """One series of each kind: weighted log growth drawn towards the prior; a count never below what is reached."""
    import numpy as np

    from greenreport.assess import fit
    from greenreport.forecast.learned import LOG

    options = Options(nowcast=False)
    indicator = demo.plan.indicator("online_retail")
    series = demo.series(indicator, demo.area("500000"), options)
    made = fit(series, indicator, last_year=2030, options=options)
    growth = np.diff(np.log(series.values))
    age = np.arange(len(growth))[::-1]
    weights = LOG.discount**age / (LOG.discount**age).sum()
    assert made.parameters["growth_own"] == pytest.approx(float(weights @ growth))
    own, used = made.parameters["growth_own"], made.parameters["growth_used"]
    k = made.parameters["growth_own_weight"]
    assert used == pytest.approx(k * own + (1 - k) * 0.03)

    count = demo.plan.indicator("green_mall")
    reached = demo.series(count, demo.area("500000"), options)
    malls = fit(reached, count, last_year=2030, options=options)
    low, _ = malls.interval(0.95)
    assert (low >= reached.values[-1]).all()
    assert (malls.median == np.round(malls.median)).all()


def test_a_districts_own_target_wins_over_the_derived_one(demo, tmp_path):
    """A district that has set itself a target is graded against it, and the sum over all is told beside the city's."""
    import shutil

    from greenreport import present

    folder = tmp_path / "demo"
    shutil.copytree(ROOT / "data/demo", folder)
    header = (folder / "online_retail.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    row = dict.fromkeys(header, "") | {
        "indicator": "online_retail", "area": "500101", "period": "2027", "value": "40", "unit": "亿元",
        "kind": "target", "vintage": "2025-03-01", "source": "区县自定", "source_address": "test", "grade": "S",
    }  # fmt: skip
    (folder / "own_targets.csv").write_text(",".join(header) + "\n" + ",".join(row[h] for h in header) + "\n", "utf-8")
    own = Evidence.load(plan=ROOT / "data/plan", areas=ROOT / "data/areas", data=folder, as_of=AS_OF)
    found = assess(own, area="500101")
    head = found.indicator("online_retail").head
    assert (head.value, head.derived) == (40.0, False)
    later = next(g for g in found.indicator("online_retail").grades if g.year == 2030)
    assert later.derived
    before = assess(demo, area="500101").indicator("online_retail").head
    assert before.derived and before.value != 40.0
    text = present.district_heading((found,), own.plan, "zh", expected=1).markdown
    assert "1个区县自定目标，2027年各区县目标合计40亿元，全市目标2400亿元" in text


def test_a_report_without_districts_says_so(demo, city):
    """Where no district was assessed, neither the scope nor the chapter on districts speaks of any."""
    from greenreport import present

    for lang, none in (("zh", "没有区县评价结果"), ("en", "no verdicts on districts")):
        assert none in present.district_heading((), demo.plan, lang, expected=37).markdown
        assert "37" not in present.scope_text(demo, city, lang, districts=0).markdown
        assert "37" in present.scope_text(demo, city, lang).markdown
