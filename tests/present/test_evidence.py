"""What a verdict rests on, as a reader meets it: strength beside the verdict, the table of evidence, readings, orientation."""

import re
from dataclasses import replace
from datetime import date

import pytest
from helpers import with_figures

from greenreport import present
from greenreport import words as catalog
from greenreport.assess import assess
from greenreport.assess.model import STRENGTHS, BasisItem, Reading
from greenreport.assess.statements import DOUBTS
from greenreport.export import DICTIONARY
from greenreport.forecast import KINDS
from greenreport.present.evidence_words import period_words
from greenreport.present.narrative import reason_text
from greenreport.present.numbers import NBSP

LANGS = ("zh", "en")
LEVEL = BasisItem(
    kind="level", period="2025", value=2318.0, rate=None, side="exact", area="500000", vintage=date(2026, 5, 8),
    source="S1", address="https://example.org/a", grade="A", note="", used=True, doubt=None,
    probability_without=0.52, median_without=2500.0,
)  # fmt: skip
GROWTH = replace(
    LEVEL, kind="growth", period="2021/2024", value=None, rate=0.175, used=False, doubt="contradicts", grade="B",
    probability_without=0.8, median_without=2800.0,
)  # fmt: skip
BORROWED = replace(LEVEL, kind="related", period="2024", value=None, rate=0.072, area="100000")
READINGS = (
    Reading(kept=("level 2025",), dropped=("growth 2021/2024",), probability=0.4, median=2336.0, low=2015.0,
            high=2708.0, leading=True),
    Reading(kept=("level 2025", "growth 2021/2024"), dropped=(), probability=0.8, median=2546.0, low=1932.0,
            high=3356.0, leading=False),
)  # fmt: skip


@pytest.fixture(scope="module")
def retail(evidence, city):
    """Online retail of the city with a basis, readings and a wish made by hand."""
    one = city.indicator("online_retail")
    grades = tuple(replace(g, strength="limited") for g in one.grades)
    return replace(
        one, grades=grades, basis=(LEVEL, GROWTH, BORROWED), readings=READINGS, most_wanted="2026-01/2026-06"
    )


@pytest.fixture(scope="module")
def made(city, retail):
    """The city with that indicator among the others."""
    return replace(city, indicators=tuple(retail if i.id == retail.id else i for i in city.indicators))


def told(text):
    return text.markdown.replace(NBSP, " ")


@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_side_doubt_and_strength_has_its_words(lang):
    """Whatever the assessment can name, a page can say."""
    for key in (
        *(f"basis.kind.{k}" for k in KINDS),
        *(f"doubt.{d}" for d in DOUBTS),
        *(f"strength.{s}" for s in STRENGTHS),
        *(f"strength_long.{s}" for s in STRENGTHS),
        *(f"methods.strength.{s}" for s in STRENGTHS),
    ):
        assert catalog.t(key, lang, limit="20%")
    for kind in KINDS:
        assert catalog.t(f"basis.item.{kind}", lang, n=1, periods="x")
    for side in ("exact", "about", "above", "below"):
        assert "5" in catalog.t(f"basis.side.{side}", lang, value="5")


def test_every_doubt_told_of_is_one_that_an_assessment_can_have():
    """No words are kept for what nothing can say."""
    assert {k.removeprefix("doubt.") for k in catalog.keys("zh") if k.startswith("doubt.")} == set(DOUBTS)


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2023", "2023年", "2023"),
        ("2021/2024", "2021—2024年", "2021–2024"),
        ("2026-01/2026-06", "2026年1—6月", "the first 6 months of 2026"),
    ],
)
def test_periods_are_told_in_words(period, zh, en):
    """No reader sees how the ledger writes a period."""
    assert (period_words(period, "zh"), period_words(period, "en")) == (zh, en)


def test_the_verdict_says_how_strong_its_evidence_is_and_what_it_rests_on(evidence, retail):
    """In the paragraph of the indicator: strength, pieces by kind, what was left out, and the one figure wanted most."""
    indicator = evidence.plan.indicator("online_retail")
    zh = told(present.indicator_text(retail, indicator, lang="zh", level=0.8))
    en = told(present.indicator_text(retail, indicator, lang="en", level=0.8))
    assert "**（依据有限）。" in zh
    assert "(limited evidence)." in en
    assert "年度数据1个（2025年）和相关序列1项（2024年）" in zh
    assert "1 annual figure (2025) and 1 related series (2024)" in en
    assert "列出但未采用的有公布增速1项（2021—2024年）" in zh
    assert "最有助于作出明确判断的是2026年1—6月数据" in zh
    assert "would reduce the uncertainty most is that for the first 6 months of 2026" in en


def test_readings_stand_side_by_side_with_what_would_decide(evidence, retail):
    """Forty per cent without the published growth, eighty with it: both are told, neither is averaged."""
    indicator = evidence.plan.indicator("online_retail")
    zh = told(present.indicator_text(retail, indicator, lang="zh", level=0.8))
    en = told(present.indicator_text(retail, indicator, lang="en", level=0.8))
    assert re.search(r"不采信2021—2024年增速，则2027年目标的达标概率为40%.*采信2021—2024年增速，.*概率为80%", zh)
    assert "（本报告采用）" in zh
    assert "取舍可据以下材料判定：2026年1—6月数据；发布单位对2021—2024年增速口径的说明" in zh
    assert re.search(
        r"without the growth rate for 2021–2024, .* is 40% .*with the growth rate for 2021–2024, .* is 80%", en
    )
    *_, table = present.basis_tables(retail, indicator, "en", area="500000", roster=evidence.roster)
    assert [line.split("|")[4].strip() for line in table.markdown.splitlines()[2:4]] == ["40", "80"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_of_evidence_says_what_each_piece_is_and_moves(evidence, retail, lang):
    """Every piece with period, figure, source, day, use and doubt, and the probability without it."""
    indicator = evidence.plan.indicator("online_retail")
    table, _ = present.basis_tables(retail, indicator, lang, area="500000", roster=evidence.roster)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.markdown.splitlines()[2:5]]
    assert [row[-1] for row in rows] == ["52", "80", "52"]
    assert rows[1][2] == ("年均17.5%" if lang == "zh" else "17.5% a year")
    assert catalog.t("doubt.contradicts", lang) in rows[1][6]
    assert evidence.roster.area("100000").short[lang] in rows[2][0]
    assert all("2026-05-08" in row for row in rows)
    assert 'href="https://example.org/a"' in table.html


@pytest.mark.parametrize("lang", LANGS)
def test_strength_stands_beside_the_verdict_in_every_table(made, evidence, lang):
    """Scoreboard, main table, district table and matrix; where no strength is known there is no empty column."""
    plan, word = evidence.plan, catalog.t("strength.limited", lang)
    head = catalog.t("strength.name", lang)
    for table in (present.scoreboard(made, plan, lang), present.main_table(made, plan, lang)):
        row = next(line for line in table.markdown.splitlines() if f" {word} |" in line)
        assert head in table.markdown.splitlines()[0]
        assert plan.indicator("online_retail").short[lang] in row or plan.indicator("online_retail").name[lang] in row
        assert catalog.t("strength_note", lang) in table.markdown
    area = replace(made, area="500101", area_kind="district")
    assert f"| {word} |" in present.district_table((area,), plan.indicator("online_retail"), lang).markdown
    assert re.search(rf"[（(]{word}[)）]", present.verdict_matrix((area,), plan, lang).markdown)
    bare = replace(
        made,
        indicators=tuple(
            replace(i, grades=tuple(replace(g, strength=None) for g in i.grades)) for i in made.indicators
        ),
    )
    assert head not in present.scoreboard(bare, plan, lang).markdown.splitlines()[0]


def test_the_conclusions_name_the_indicators_whose_evidence_is_weak(made, evidence):
    """A reader of the first paragraph knows which verdicts can bear little."""
    assert "网络零售额" in told(present.summary(made, evidence.plan, "zh")).split("其中，")[1].split("的评估依据")[0]


def test_downloads_have_the_strength_and_the_words():
    """Whoever works on with the results has what the page shows."""
    assert {"strength", "likelihood", "schedule", "wording"} <= set(DICTIONARY["results"])


@pytest.mark.parametrize(("lang", "mark"), [("zh", "仅供参考"), ("en", "indicative")])
def test_with_the_baseline_only_a_range_is_told_and_no_verdict(evidence, city, lang, mark):
    """What is left open is marked as orientation; no probability stands beside it, and the chart says so too."""
    one, indicator = city.indicator("online_retail"), evidence.plan.indicator("online_retail")
    base = tuple(p for p in one.points if p.year == 2023 and p.months == 12)
    grades = tuple(
        replace(
            g, verdict="not_assessable", wording="not_assessable", probability=None, likelihood=None, schedule=None,
            completion=None, time_share=None, reasons=("no_observation_after_base",),
        )
        for g in one.grades
    )  # fmt: skip
    open_ = replace(
        one, points=base, grades=grades, outlook=replace(one.outlook, orientation=True, nowcast=None), basis=(),
        readings=(), most_wanted=None,
    )  # fmt: skip
    text = told(present.indicator_text(open_, indicator, lang=lang, level=0.8))
    assert mark in text
    assert ("概率" if lang == "zh" else "probability") not in text
    assert catalog.t("reason.no_observation_after_base", lang) in text
    alone = replace(city, indicators=(open_,))
    rows = present.outlook_table(alone, evidence.plan.only(indicator), lang).markdown
    assert catalog.t("orientation.mark", lang) in rows
    assert mark in present.outlook_chart(open_, indicator, lang=lang).alt


@pytest.mark.parametrize(("lang", "standing"), [("zh", "57（2026年6月末）"), ("en", "57 (June 2026)")])
def test_a_count_in_mid_year_stands_as_a_fact(evidence, city, lang, standing):
    """57 malls in June 2026 are told in text, table and chart, and nowhere as a mere orientation."""
    malls, one = evidence.plan.indicator("green_mall"), city.indicator("green_mall")
    assert standing in present.main_table(city, evidence.plan, lang).markdown
    text = told(present.indicator_text(one, malls, lang=lang, level=0.8))
    assert ("截至2026年6月末为57家" if lang == "zh" else "By the end of June 2026 the count stood at 57 malls") in text
    assert not re.search("仅供参考|仅作参考|information only|indicative", text)
    drawn = present.outlook_chart(one, malls, lang=lang)
    assert ("2026年6月" if lang == "zh" else "June 2026") in drawn.alt
    assert "57" in str(drawn.spec)


def _axis(figure):
    return next(
        layer["encoding"]["y"]["scale"]["domain"] for layer in figure.spec["layer"] if "scale" in layer["encoding"]["y"]
    )


def test_a_chart_of_two_points_shows_the_path_the_targets_and_more_than_one_tick(evidence, city):
    """The axis holds everything that is drawn and spans a fifth of the largest value, so that no step looks like a leap."""
    malls, one = evidence.plan.indicator("green_mall"), city.indicator("green_mall")
    two = replace(
        one, points=tuple(p for p in one.points if p.year in (2023, 2024)), outlook=replace(one.outlook, steps=())
    )
    low, high = _axis(present.outlook_chart(two, malls, lang="zh"))
    assert low <= 44 and high >= 80
    flat = replace(two, path=(), grades=(), headline=None, points=tuple(replace(p, value=2.0) for p in two.points))
    low, high = _axis(present.outlook_chart(flat, malls, lang="zh"))
    assert high - low >= 3


def test_a_chart_has_the_unit_of_the_text(evidence, districts):
    """Wanzhou's 8,708 vehicles are drawn as vehicles, not as 0.8708 of ten thousand."""
    (wanzhou,) = [d for d in districts if d.area == "500101"]
    vehicles = evidence.plan.indicator("elv_dismantled")
    drawn = present.outlook_chart(wanzhou.indicator("elv_dismantled"), vehicles, lang="zh")
    title = next(
        layer["encoding"]["y"]["axis"]["title"] for layer in drawn.spec["layer"] if "axis" in layer["encoding"]["y"]
    )
    assert "（台）" in title


@pytest.mark.parametrize(("lang", "said"), [("zh", "累计数有减少"), ("en", "cumulative count falls")])
def test_a_count_that_falls_has_its_schedule_and_says_why_it_is_not_forecast(evidence, lang, said):
    """A mall that lost its title breaks no page: behind schedule, and the figure is to be checked."""
    counted = zip(range(2021, 2026), (40, 42, 44, 47, 45), strict=True)
    known = with_figures(evidence, "green_mall", {("500000", year): value for year, value in counted})
    found = assess(known, area="500000").indicator("green_mall")
    assert (found.verdict, found.head.wording) == ("at_risk", "behind")
    text = told(present.indicator_text(found, evidence.plan.indicator("green_mall"), lang=lang, level=0.8))
    assert text.count(said) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_says_why_there_is_no_verdict(evidence, lang):
    """No indicator is called short of data whose target is lacking: the reason stands in the cell, as in the text."""
    wanzhou = assess(evidence, area="500101")
    words = present.Tongue(lang, evidence.plan.level)
    shown = present.main_table(wanzhou, evidence.plan, words).markdown
    blank = [one for one in wanzhou.indicators if one.verdict == "not_assessable"]
    assert {code for one in blank for code in one.notes} == {"zero_increment", "no_derived_target"}
    for one in blank:
        assert reason_text(one.notes[0], one, words) in shown
