"""Looking back, as a reader sees it: words, tables and charts on overview and area pages, in both languages."""

import re

import altair as alt
import pytest

from greenreport import present
from greenreport.assess import assess, look_back

LANGS = ("zh", "en")


@pytest.fixture(scope="module")
def whole(union):
    return look_back(union, assess(union, area="EU"), outcome_as_of="2023-12-31")


@pytest.fixture(scope="module")
def countries(union, countries):
    """What came of what was found of each country."""
    return tuple(look_back(union, found, outcome_as_of="2023-12-31") for found in countries)


def tongue(union, lang):
    return present.Tongue(lang, union.plan.level)


def plain(text):
    return text.markdown.replace("\u00a0", " ")


def test_an_areas_page_says_what_was_expected_and_what_came(union, countries):
    """France: 19.1 % against 23 %, missed by 3.9 points, inside the range or not, in the words of the time."""
    france = next(c for c in countries if c.area == "FR")
    english = plain(present.outcome_views.outcome_text(france, union.plan, tongue(union, "en")))
    assert "19.1% in 2020: the target of 23% was missed by 3.9 percentage points" in english
    assert "This report is based on what was known on 31 December 2013" in english
    assert re.search(r"Verdict at the time: .*, probability \d+%", english)
    chinese = plain(present.outcome_views.outcome_text(france, union.plan, tongue(union, "zh")))
    assert "2020年实际为19.1%，未达到目标（23%），相差3.9个百分点" in chinese
    assert "当时的80%预测区间" in chinese


def test_the_overview_gives_the_score_of_the_evaluation(union, whole, countries):
    """Met and missed by name, the Brier score beside a coin's, the share of outcomes inside the ranges."""
    english = plain(next(present.outcome_overview(whole, countries, union.plan, tongue(union, "en"))))
    assert "Of 27 targets for countries whose outcome is known, 26 were met" in english
    assert "Missed: France (19.1% against 23%)" in english
    assert re.search(r"Brier score: 0\.\d{3} \(0 is perfect; a constant 50% scores 0\.25\)", english)
    assert re.search(r"\d+ of 27 outcomes \(\d+%\) lie inside their 80% intervals", english)
    chinese = plain(next(present.outcome_overview(whole, countries, union.plan, tongue(union, "zh"))))
    assert "各国结果已知的目标27个，达到26个" in chinese


@pytest.mark.parametrize("lang", LANGS)
def test_the_tables_hold_every_outcome(union, countries, lang):
    """A row per country, a class per likelihood, and their sum."""
    indicator, said = union.plan.indicators[0], tongue(union, lang)
    table = present.outcome_views.outcome_areas_table(countries, indicator, said)
    assert len(table.sheet.rows) == 27
    classes = present.outcome_views.outcome_classes_table(countries, indicator, said)
    assert classes.sheet.rows[-1][1:3] == (27, 26)
    assert sum(row[1] for row in classes.sheet.rows[:-1]) == 27
    own = present.outcome_views.outcome_table(countries[0], union.plan, said)
    assert len(own.sheet.rows) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_the_charts_set_the_expected_range_beside_the_outcome(union, countries, lang):
    """Valid specifications with an alternative text; the data for download hold range and outcome."""
    indicator, said = union.plan.indicators[0], tongue(union, lang)
    how, chart = present.outcome_charts.outcome_areas_chart(countries, indicator, said)
    assert how.markdown and chart.alt
    assert len(chart.sheet.rows) == 27
    one = present.outcome_charts.outcome_chart(countries[0], indicator, said)
    assert [row[0] for row in one.sheet.rows] == list(range(2004, 2023))
    for drawn in (chart, one):
        alt.LayerChart.from_dict({k: v for k, v in drawn.spec.items() if k != "config"}, validate=True)
        assert not re.search("全市|区县|district|city", drawn.alt)


def test_without_outcomes_nothing_is_told(union):
    """The same page on its own day has no such chapter."""
    bare, lang = assess(union, area="FR"), tongue(union, "en")
    indicator = union.plan.indicators[0]
    assert present.outcome_views.outcome_text(bare, union.plan, lang) is None
    assert not [*present.outcome_overview(bare, (bare,), union.plan, lang)]
    assert present.outcome_views.outcome_table(bare, union.plan, lang) is None
    assert present.outcome_charts.outcome_chart(bare, indicator, lang) is None
    assert present.outcome_charts.outcome_areas_chart((bare,), indicator, lang) is None
    assert present.outcome_views.outcome_areas_table((bare,), indicator, lang) is None
    assert present.outcome_views.outcome_classes_table((bare,), indicator, lang) is None


def test_a_target_year_that_is_still_to_come_is_told_as_such(union):
    """Years that have come are held against their ranges all the same: what a yearly run says of last year's report."""
    early = look_back(union, assess(union, area="FR"), outcome_as_of="2016-12-31")
    text = plain(present.outcome_views.outcome_text(early, union.plan, tongue(union, "en")))
    assert "The figure for the target year 2020 had not been published by 31 December 2016" in text
    assert re.search(
        r"Of the 3 years forecast at the time for which outcomes are now known \(2013–2015\), \d lies? inside", text
    )
