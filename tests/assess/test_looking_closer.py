"""What stands behind a verdict: earlier verdicts, other choices, the districts' part, the goals of the text."""

import functools
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from helpers import with_figures

from greenreport.assess import Options, assess, assess_goals, gaps, past_verdicts, sensitivity
from greenreport.assess.goals import ABOUT
from greenreport.assess.history import a_year_before, earlier_days
from greenreport.assess.shortfall import steps, weakest_year
from greenreport.progress import CLASSES

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = Options()


@pytest.fixture(scope="module")
def tried(demo, city, districts):
    """What other choices would have given an area's indicators, worked out once for each area that is asked for."""
    found = {a.area: a.indicators for a in (city, *districts)}
    return functools.cache(lambda code: sensitivity(demo, found[code], area=demo.area(code), options=OPTIONS))


def test_earlier_evaluations_are_those_of_the_same_day_since_the_plan_was_issued(demo):
    """The plan is of 11 May 2024, so 30 June 2024 and 2025 come before 30 June 2026; a leap day becomes the 28th."""
    assert earlier_days(demo) == (date(2024, 6, 30), date(2025, 6, 30), date(2026, 6, 30))
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_an_earlier_verdict_is_the_one_that_day_would_have_given(demo, city):
    """As of 30 June 2025 the latest year was 2024; the verdict is that of an evaluation made on that day."""
    then = assess(replace(demo, as_of=date(2025, 6, 30)), area="500000")
    past = past_verdicts(demo, city.indicators, area=demo.area("500000"), options=OPTIONS)
    for one in then.indicators:
        told = past[one.id][1]
        assert (told.as_of, told.year, told.verdict) == (date(2025, 6, 30), 2024, one.verdict)
        assert told.probability == one.head.probability
    assert [p[-1].verdict for p in past.values()] == [one.verdict for one in city.indicators]


def test_a_district_has_no_verdict_from_before_it_existed(demo):
    """两江新区 exists since November 2025: its history begins in 2026, whatever its predecessors had."""
    area = demo.area("500157")
    past = past_verdicts(demo, assess(demo, area=area.code).indicators, area=area, options=OPTIONS)
    assert [p.reasons for p in past["online_retail"][:2]] == [("area_not_yet",), ("area_not_yet",)]
    assert past["online_retail"][-1].verdict != "not_assessable"


def test_each_choice_is_tried_alone_and_gives_what_an_evaluation_under_it_would(demo, tried):
    """The trial with a prior of 6 % is the verdict of a report made with a prior of 6 %."""
    found = {s.indicator: s for s in tried("500000")}
    other = assess(demo, area="500000", options=replace(OPTIONS, prior_growth=0.06))
    for id in ("online_retail", "recycled_volume", "elv_dismantled"):
        (trial,) = [x for x in found[id].trials if (x.setting, x.choice) == ("prior", 0.06)]
        assert trial.verdict == other.indicator(id).verdict
        assert trial.probability == other.indicator(id).head.probability


def test_only_choices_that_can_bear_on_an_indicator_are_tried(tried):
    """No prior for counts, no key of allocation for the city, no unconfirmed figures where there are none."""
    settings = {s.indicator: {x.setting for x in s.trials} for s in tried("500000")}
    assert settings["green_mall"] == {"path_geometric", "route_direct", "nowcast_out"}
    assert "nowcast_out" in settings["online_retail"]
    assert not set().union(*settings.values()) & {"allocation", "unconfirmed_in", "bridge_out"}


def test_a_verdict_is_fragile_exactly_when_another_choice_gives_another_class(districts, tried):
    """A choice that allows no verdict speaks neither for the reported class nor against it."""
    seen = set()
    for d in districts[:12]:
        for s in tried(d.area):
            for trial in s.trials:
                assert trial.flips == (trial.verdict not in (s.verdict, "not_assessable"))
            assert s.fragile == any(x.flips for x in s.trials)
            seen.add(s.fragile)
    assert seen == {True, False}


def test_unconfirmed_figures_are_tried_where_there_are_some(demo):
    """Five years of the city are confirmed, the sixth is not: with it, 2026 would have met the target of 2027."""
    levels = zip(range(2019, 2026), (700, 760, 820, 860, 900, 940, 1110), strict=True)
    made = with_figures(demo, "recycled_volume", {("500000", y): v for y, v in levels}, unconfirmed=2025)
    city = assess(made, area="500000")
    found = sensitivity(made, city.indicators, area=made.area("500000"), options=OPTIONS)
    tried = {s.indicator: x for s in found for x in s.trials if x.setting == "unconfirmed_in"}
    assert set(tried) == {"recycled_volume"}
    assert tried["recycled_volume"].verdict == "achieved"
    assert tried["recycled_volume"].flips


def test_what_the_districts_lack_and_have_to_spare_is_counted_where_the_year_is_known(demo, city, districts):
    """Districts without a figure of the year are told apart; of the others, what they lack less what they have beyond
    is the sum of their distances from their paths."""
    one = city.indicator("elv_dismantled")
    found = gaps(demo.plan, city, districts)["elv_dismantled"]
    assert {"500229", "500156"} <= set(found.unknown)
    mine = {d.area: d.indicator("elv_dismantled") for d in districts if d.area not in found.unknown}
    assert all(x.current.year == one.current.year for x in mine.values())
    assert found.lacking - found.spare == pytest.approx(
        sum(x.head.required_now - x.current.value for x in mine.values())
    )
    assert sum(c.share for c in found.carriers) == pytest.approx(1)
    assert [c.short for c in found.carriers] == sorted((c.short for c in found.carriers), reverse=True)


def test_counts_are_compared_with_their_target_and_lack_whole_things(demo, city, districts):
    """Six districts lack one hotel each; the city lacks eight: targets are rounded district by district."""
    found = gaps(demo.plan, city, districts)["green_hotel"]
    assert found.against == "target"
    assert found.short == 40 - 32
    assert [c.short for c in found.carriers] == [1] * 6
    assert found.lacking == 6


def test_the_fewest_districts_that_carry_half_of_a_gap_are_named(demo, city, districts):
    """They carry at least half together, and without the last of them less than half."""
    found = gaps(demo.plan, city, districts)["recycled_volume"]
    half = found.covering(0.5)
    assert sum(c.share for c in half) >= 0.5
    assert sum(c.share for c in half[:-1]) < 0.5


def test_the_year_that_broke_the_pace_is_the_one_furthest_below_the_path(city):
    """Hotels: 2.75 a year are needed to 2027; 2024 brought 2, 2025 one."""
    one = city.indicator("green_hotel")
    assert [(s.year, s.change, s.needed) for s in steps(one)] == [(2024, 2, 2.75), (2025, 1, 2.75)]
    assert weakest_year(one).year == 2025
    assert weakest_year(city.indicator("online_retail")) is None


def test_a_goal_with_figures_is_told_and_one_without_says_what_the_plan_lacks(demo):
    """5 of 10 sorting centres without a baseline, 24 of 37 districts with a mall, 1,000 products without a statistic."""
    found = {g.goal: g for g in assess_goals(demo, OPTIONS)}
    assert len(found) == len(demo.plan.goals)
    centres = found["green_sorting_centre"]
    assert (centres.status, centres.value, centres.wanted, centres.pace, centres.needed) == (
        "figures_only",
        5,
        10,
        3,
        2.5,
    )
    assert centres.reasons == ("no_baseline",)
    malls = found["green_mall_coverage"]
    assert (malls.value, malls.wanted) == (24, 37)
    assert len(malls.having) + len(malls.lacking) + len(malls.unknown) == 37
    assert found["green_products_1000"].reasons == ("no_statistic", "no_baseline", "no_date")
    assert found["green_brand_top10"].status == "not_assessable"
    assert {r for g in found.values() for r in g.reasons} >= {"no_statistic", "no_baseline", "no_date", "no_quantity"}


def test_about_five_a_year_allows_four_to_six(demo):
    """44 malls in 2023 and 56 in 2025 are six a year; four would do, three would not."""
    pace = next(g for g in assess_goals(demo, OPTIONS) if g.goal == "green_mall_pace")
    assert (pace.first, pace.pace, pace.status) == (2023, 6, "in_pace")
    assert 5 * (1 - ABOUT) == 4
    goal = next(g for g in demo.plan.goals if g.id == "green_mall_pace")
    for wanted, status in ((7.5, "in_pace"), (7.6, "behind")):
        plan = replace(demo.plan, goals=(replace(goal, value=wanted),))
        assert assess_goals(replace(demo, plan=plan), OPTIONS)[0].status == status


def test_a_goal_is_met_or_missed_by_its_figures(demo):
    """Five centres meet a goal of five; a goal of six due in 2025 is missed; a direction is followed or not."""
    goal = next(g for g in demo.plan.goals if g.id == "green_sorting_centre")
    kinds = {
        "met": replace(goal, value=5.0),
        "behind": replace(goal, value=6.0, deadline=2025),
        "in_pace": replace(goal, kind="directional", operator="up_each_year", value=None),
        "figures_only": replace(goal, kind="directional", operator="large_up", value=None),
    }
    for status, wanted in kinds.items():
        plan = replace(demo.plan, goals=(wanted,))
        assert assess_goals(replace(demo, plan=plan), OPTIONS)[0].status == status
    fell = replace(goal, kind="directional", operator="down", value=None)
    assert assess_goals(replace(demo, plan=replace(demo.plan, goals=(fell,))), OPTIONS)[0].status == "behind"


def test_a_direction_is_followed_on_the_whole_or_year_by_year(demo):
    """Mean change from the first figure to the last; "every year" asks for each; one that fell once tells them apart."""
    goal = next(g for g in demo.plan.goals if g.id == "green_sorting_centre")
    seen = set()
    for indicator in demo.plan.indicators:
        points = demo.series(indicator, demo.roster.city, OPTIONS).annual
        rises = [b.value - a.value for a, b in pairwise(points)]
        pace = sum(rises) / (points[-1].year - points[0].year)
        said = {"up": pace > 0, "down": pace < 0, "up_each_year": min(rises) > 0}
        for operator, followed in said.items():
            asked = replace(goal, kind="directional", operator=operator, value=None, series=indicator.id)
            (found,) = assess_goals(replace(demo, plan=replace(demo.plan, goals=(asked,))), OPTIONS)
            assert (found.pace, found.status) == (pytest.approx(pace), "in_pace" if followed else "behind")
        seen.add((said["up"], said["up_each_year"]))
    assert seen >= {(True, True), (True, False)}


CANNOT_OCCUR = {
    "missing_target": "the plan sets every indicator a target",
    "target_not_after_base": "a plan with such a target is refused when it is read",
    "target_year_not_observed": "no target year is over on 30 June 2026",
    "missing_base": "every area has some year before the first target year from which to measure",
}


def test_every_class_and_every_reason_that_can_occur_appears_and_leads_to_rows(demo, city, districts, tried):
    """The demonstration shows what each verdict and each "not assessable" looks like, with the rows behind it."""
    classes, reasons, rows = set(), set(), 0
    for a in (city, *districts):
        area = demo.area(a.area)
        for one in a.indicators:
            classes.add(one.verdict)
            if one.verdict == "not_assessable":
                reasons |= {*(one.head.reasons if one.head else one.notes)}
            for p in one.points:
                for place in p.row.split("; ") if p.row else ():  # where things stand by an estimate, there is no row
                    file, row = place.split(":")
                    assert _line(file, int(row)).startswith(f"{one.id},")
                    rows += 1
        for s in tried(a.area):
            reasons |= {x.reason for x in s.trials if x.verdict == "not_assessable"}
        if a.area in ("500000", "500157"):
            for row in past_verdicts(demo, a.indicators, area=area, options=OPTIONS).values():
                reasons |= {r for p in row if p.verdict == "not_assessable" for r in p.reasons}
    for g in assess_goals(demo, OPTIONS):
        reasons |= set(g.reasons)
        for place in g.rows:
            file, row = place.split(":")
            assert _line(file, int(row))
            rows += 1
    assert rows > 800
    assert classes == set(CLASSES)
    assert reasons >= {
        "no_observation_after_base", "no_derived_target", "zero_increment",
        "missing_population", "area_not_yet", "no_statistic", "no_baseline", "no_date", "no_quantity",
    }  # fmt: skip
    assert not reasons & set(CANNOT_OCCUR)


@functools.cache
def _lines(file):
    return (ROOT / "data/demo" / file).read_text("utf-8").splitlines()


def _line(file, row):
    return _lines(file)[row - 1]
