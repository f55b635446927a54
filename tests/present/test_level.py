"""What the whole and its parts are called, and how shares are told: a plan of countries reads as such."""

import re
from dataclasses import replace

import pytest

from greenreport import present
from greenreport import words as catalog
from greenreport.assess import assess
from greenreport.assess.shortfall import gaps
from greenreport.present.numbers import interval, percentage_points, quantity
from greenreport.present.paces import amount, level_asked
from greenreport.present.show import Narrative, Table

LANGS = ("zh", "en")


@pytest.fixture(scope="module")
def whole(union):
    return assess(union, area="EU")


def tongue(evidence, lang):
    return present.Tongue(lang, evidence.plan.level)


def test_a_language_carries_the_words_of_its_level(union):
    """The same text speaks of districts, of countries, or, without a level, of a city's districts."""
    assert catalog.t("advice.districts", tongue(union, "en"), n=1) == "1 country"
    assert catalog.t("advice.districts", tongue(union, "en"), n=3) == "3 countries"
    assert catalog.t("advice.districts", "en", n=3) == "3 districts"
    assert catalog.t("compare.city_heading", tongue(union, "zh")) == "欧盟情况"
    assert tongue(union, "zh") == "zh"


@pytest.mark.parametrize("lang", LANGS)
def test_every_text_can_be_said_of_a_union(union, lang):
    """No text names a form that a level does not have, and none keeps a word of the city.

    The importer's own forms have fixed heads, by which it knows them again; `kind: district` is a key, and examples of what
    others call their parts are examples.
    """
    ours = {
        key
        for key in catalog.keys(lang)
        if key.startswith(("begin.", "intake.")) or key in ("params.no_areas", "error.areas.words")
    }
    for key in catalog.keys(lang) - ours:
        said = catalog.t(key, tongue(union, lang))
        assert "{place." not in said
        text = re.sub(r"\{\w+(?:!r)?[?}]", "", said)
        assert not re.search(r"全市|区县|重庆|(?i:\b(city|districts?|county|counties|chongqing)\b(?!\.html))", text), (
            key
        )


def test_english_takes_the_singular_by_the_rules_of_the_language():
    """One is singular; none, two and one and a half are not."""
    said = {n: catalog.t("basis.item.bound", "en", n=n, periods="") for n in (0, 1, 2, 1.5)}
    assert [("bounds" in text) for text in said.values()] == [True, False, True, True]


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0.3, "0.3个百分点", "0.3 percentage points"),
        (1.0, "1个百分点", "1 percentage point"),
        (-1.87, "−1.9个百分点", "−1.9 percentage points"),
        (0.02, "0.02个百分点", "0.02 percentage points"),
    ],
)
def test_a_difference_of_two_shares_is_in_percentage_points(value, zh, en):
    """Never “0.300 %”."""
    assert percentage_points(value, "zh") == zh
    assert percentage_points(value, "en").replace("\u00a0", " ") == en


def test_a_share_keeps_the_decimals_of_its_unit(union):
    """8.5 % is not 8.50 %, nor a range 8.13–22.39 %; a Chinese range has the sign at both ends (GB/T 15835)."""
    unit = union.plan.indicators[0].unit
    assert quantity(8.5, unit, "en") == "8.5%"
    assert quantity(0.221, unit, "en") == "0.2%"
    assert interval(8.13, 22.39, unit, "zh") == "8.1%—22.4%"


def test_the_pace_of_a_share_is_told_in_points_a_year(union, countries):
    """France rose from 9.272 % in 2005 to 13.239 % in 2012, 0.57 points a year, and needed (23 − 13.239) ÷ 8 = 1.22."""
    france = next(c for c in countries if c.area == "FR").indicators[0]
    indicator = union.plan.indicators[0]
    said = present.indicator_text(france, indicator, lang=tongue(union, "en"), level=0.8).markdown.replace(
        "\u00a0", " "
    )
    assert "It rose by 0.6 percentage points a year on average over 2005–2012" in said
    assert "requires a rise of 1.2 percentage points a year over 2013–2020" in said
    assert "growth" not in said.lower()
    table = present.outlook_table(next(c for c in countries if c.area == "FR"), union.plan, tongue(union, "zh"))
    assert "1.2个百分点" in table.markdown


def test_a_falling_share_is_told_the_other_way_round(union, countries):
    """Upside down, what must rise must fall: 100 − share, with the target below."""
    indicator = union.plan.indicators[0]
    france = next(c for c in countries if c.area == "FR")
    one = france.indicators[0]
    head = one.head
    down = replace(indicator, direction="down")
    turned = replace(
        one,
        baseline_value=100 - one.baseline_value,
        points=tuple(replace(p, value=100 - p.value) for p in one.points),
        path=tuple((y, 100 - v) for y, v in one.path),
        grades=(
            replace(
                head,
                value=100 - head.value,
                required_now=100 - head.required_now,
                achieved_change=-head.achieved_change,
                required_change=-head.required_change,
            ),
        ),
    )
    plan = replace(union.plan, indicators=(down,))
    page = replace(france, indicators=(turned,))
    lang = tongue(union, "en")
    said = present.indicator_text(turned, down, lang=lang, level=0.8).markdown.replace("\u00a0", " ")
    assert "It fell by 0.6 percentage points a year" in said
    assert "requires a fall of 1.2 percentage points a year" in said
    problems = present.problems_text(page, plan, lang, present.Grounds(union.roster)).markdown.replace("\u00a0", " ")
    assert "2.4 percentage points above the required path" in problems
    assert "a rise of" not in problems
    advice = present.advice_text(page, plan, lang, present.Grounds(union.roster)).markdown.replace("\u00a0", " ")
    assert "the fall of 9.8 percentage points still needed by 2020" in advice


@pytest.mark.parametrize("lang", LANGS)
def test_percentages_are_never_added_up(union, whole, countries, lang):
    """27 shares have no sum; the targets of annex I do not come to 630.5 %."""
    assert gaps(union.plan, whole, countries) == {}
    indicator, said = union.plan.indicators[0], tongue(union, lang)
    texts = (
        present.district_heading(countries, union.plan, said, expected=27),
        present.districts_text(countries, indicator, said, expected=27),
        present.district_table(countries, indicator, said),
    )
    total = sum(c.indicators[0].head.value for c in countries)
    assert total == pytest.approx(607.5 + 23.0)
    for text in texts:
        assert "630" not in text.markdown
        assert not re.search("合计|add up", text.markdown)


@pytest.mark.parametrize("lang", LANGS)
def test_where_all_have_targets_of_their_own_nothing_is_said_of_derived_ones(union, whole, countries, lang):
    """No “the plan sets none”, no star on every row, no word of a key."""
    said, indicator = tongue(union, lang), union.plan.indicators[0]
    shown = (
        present.scope_text(union, whole, said, districts=27),
        present.district_heading(countries, union.plan, said, expected=27),
        present.districts_text(countries, indicator, said, expected=27),
        present.verdict_matrix(countries, union.plan, said),
        present.district_table(countries, indicator, said),
        present.facts_table(indicator, union.plan, said, districts=countries),
    )
    for text in shown:
        assert isinstance(text, Narrative | Table)
        assert not re.search(r"推算|derived|sets no|sets none|\*(?!\*)(?<!\*\*)", text.markdown), text.markdown


@pytest.mark.parametrize("lang", LANGS)
def test_what_a_plan_does_not_have_is_not_told(union, whole, lang):
    """No goals, no tasks, no outlook: no “0 further goals”, no link to a page that is not there."""
    said = tongue(union, lang)
    text = present.scope_text(union, whole, said, districts=27).markdown
    assert not re.search(r"\b0 |[^\d]0项|目标、|goals|tasks|任务|outlook|展望", text)
    assert "tasks.html" not in present.annex_text(union.plan, said).markdown
    assert not re.search("tasks|任务", present.to_overview(said, tasks=False).markdown)


def test_a_single_indicator_is_not_counted(union, whole):
    """“The verdict”, not “the verdicts on the one main indicators”."""
    text = present.summary(whole, union.plan, tongue(union, "en")).markdown
    assert "the verdict on “Share of renewables in gross final energy consumption” against its 2020 target is:" in text


def test_a_roster_without_a_map_is_told_without_one(union, countries):
    """The rest of the report does not wait for somebody to draw tiles."""
    bare = replace(union.roster, tile_rows=())
    assert present.tile_map(countries, union.plan, bare, tongue(union, "en")) is None


def test_a_level_that_is_asked_for_stays_a_percentage(union):
    """Only differences are points."""
    assert level_asked(15.65, union.plan.indicators[0], "en") == "15.7%"
    assert amount(15.65, union.plan.indicators[0], "zh") == "15.7个百分点"
