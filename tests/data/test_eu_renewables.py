"""The second plan of the repository, whose figures are all real: what is in it and what a day sees of it."""

from datetime import date
from pathlib import Path

from greenreport.areas import load_roster
from greenreport.assess import assess
from greenreport.level import NEUTRAL
from greenreport.plan import load_plan

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "data" / "eu-renewables"


def test_the_roster_is_the_union_and_27_countries_on_a_map():
    """26 member states and Norway, each with a tile of its own, in both languages."""
    roster = load_roster(HOME / "areas")
    countries = roster.on(date(2013, 12, 31))
    assert len(countries) == 27
    assert roster.city.code == "EU"
    assert {c.code for c in countries if c.parent != "EU"} == {"NO"}
    assert {t.code for t in roster.tiles(roster.layout_on(date(2013, 12, 31)))} == {c.code for c in countries}
    assert roster.find("法国").name.en == "France"
    assert roster.find("GR").name.en == "Greece"


def test_the_plan_says_what_its_whole_and_its_parts_are_called():
    """The Union and its countries are data, as the city and its districts are."""
    level = load_plan(HOME / "plan").level
    assert (level.whole["en"], level.parts["zh"], level.full["en"]) == ("the Union", "各国", "countries")
    assert load_plan(ROOT / "data/plan").level.full["zh"] == "区县（自治县）"
    assert load_plan(ROOT / "tests/data/other_plan").level == NEUTRAL


def test_no_figure_is_made_up(union):
    """Every row has a source with an address; the ledger is not synthetic."""
    ledger = union.ledger
    assert not ledger.synthetic
    assert set(ledger.frame["grade"]) == {"A", "B"}
    assert (ledger.frame["source_address"].str.startswith("http")).all()


def test_the_end_of_2013_sees_the_years_up_to_2012(union, countries):
    """A country's figure is known at the end of the following year; the Union's on the day of its publication."""
    assert {tuple(p.year for p in found.indicators[0].points) for found in countries} == {tuple(range(2004, 2013))}
    whole = assess(union, area="EU").indicators[0]
    assert whole.current.year == 2011
    assert next(p for p in whole.points if p.year == 2010).value == 12.1  # restated from 12.4 in April 2013
    assert union.plan.indicators[0].baseline.value == 8.5


def test_every_country_has_the_target_of_annex_1(countries):
    """None is derived from the Union's, and the Union's is none of theirs."""
    heads = {found.area: found.indicators[0].head for found in countries}
    assert not any(h.derived for h in heads.values())
    assert {h.year for h in heads.values()} == {2020}
    assert {code: heads[code].value for code in ("DE", "FR", "MT", "SE", "NO")} == {
        "DE": 18.0, "FR": 23.0, "MT": 10.0, "SE": 49.0, "NO": 67.5,
    }  # fmt: skip


def test_the_plan_never_learns_from_itself():
    """It is among the past plans that experience was learned from, under the same name."""
    from greenreport.forecast import experience

    assert experience(load_plan(HOME / "plan").id).plans == experience().plans - 1
