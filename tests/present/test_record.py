"""The page on the track record, and the ways that lead to it from every probability."""

import re
from dataclasses import replace
from pathlib import Path

import altair as alt
import pytest

from greenreport import present
from greenreport.assess import Options, assess, past_targets
from greenreport.assess.record import CLASSES, class_of
from greenreport.plan import load_plan
from greenreport.present.evidence_words import anchor, area_name, class_words, indicator_name, unit_words
from greenreport.present.show import Figure, Narrative, Table
from greenreport.render.navigation import without_dead_ends
from greenreport.words import keys, t

ROOT = Path(__file__).resolve().parents[2]
LANGS = ("zh", "en")
PLAN = load_plan(ROOT / "data/plan")
AMONG = replace(PLAN, past_plan="eu_red_2020")


def page(plan, lang, **more):
    return present.record_page(plan, lang, **({"year": 2026} | more))


def words(shown):
    return "\n".join(x.markdown if isinstance(x, Narrative | Table) else f"{x.caption} {x.alt}" for x in shown)


@pytest.mark.parametrize("lang", LANGS)
def test_every_class_of_probability_has_its_place_on_the_page(lang):
    """Six classes, each with a row that a probability can lead to, how many targets and how many of them met."""
    (found,) = [x for x in page(PLAN, lang) if isinstance(x, Table) and x.label == "tbl-record-classes"]
    assert [f'id="{anchor(n)}"' in found.html for n in range(len(CLASSES))] == [True] * 6
    assert sum(row[2] for row in found.sheet.rows) == 446
    assert class_words(3, lang) in found.html


@pytest.mark.parametrize("lang", LANGS)
def test_the_diagram_has_the_report_and_what_is_done_by_hand(lang):
    """Counts and ranges stand in the data, the methods by hand and every plan beside the report."""
    charts = [x for x in page(PLAN, lang) if isinstance(x, Figure)]
    assert [x.label for x in charts] == ["fig-record", "fig-record-plans"]
    methods = {row[0] for row in charts[0].sheet.rows}
    assert {t(f"record.method.{m}", lang) for m in ("p", "line", "pace")} < methods
    assert {t(f"record.plan_short.{p}", lang) for p in {row.plan for row in past_targets()}} < methods
    for low, share, high in ((row[3], row[2], row[4]) for row in charts[0].sheet.rows):
        assert low <= share <= high
    for x in charts:
        alt.LayerChart.from_dict({k: v for k, v in x.spec.items() if k != "config"}, validate=True)


@pytest.mark.parametrize("lang", LANGS)
def test_a_past_plan_is_left_out_on_its_own_page(lang):
    """The page says so, and nothing of that plan is on it."""
    there, own = words(page(PLAN, lang)), words(page(AMONG, lang))
    for name in (t("record.plan.eu_red_2020", lang), f"| {t('record.plan_short.eu_red_2020', lang)} |"):
        assert name in there
        assert name not in own
    assert t("record.left_out", lang, plans=6) in own
    assert t("record.left_out", lang, plans=6) not in there


def test_a_run_without_experience_is_told_so_and_scored_so():
    """The score of the page is then the one that stands in the other page's column "without past plans"."""
    text = words(page(PLAN, "en", experience=False))
    assert "does not use the record of past plans" in text
    (score,) = re.findall(r"Without the record of past plans it is (0\.\d{3})", words(page(PLAN, "en")))
    assert re.search(rf"a constant 50% scores 0\.25\) is {score}", text)


def test_plans_that_ended_later_than_the_cut_off_are_mentioned():
    """As of 2013 nobody knew what 2015 and 2020 would bring."""
    early = words(page(PLAN, "en", year=2013))
    assert "not then known" in early
    assert "not then known" not in words(page(PLAN, "en"))


@pytest.mark.parametrize("lang", LANGS)
def test_everything_in_the_record_has_a_name_in_both_languages(lang):
    """Plans, indicators, units and countries: no English country on a Chinese page."""
    for row in past_targets():
        assert {f"record.{part}.{row.plan}" for part in ("plan", "plan_short", "why_plan")} <= keys(lang)
        assert indicator_name(row, lang) and unit_words(row, lang)
        name = area_name(row.area, lang)
        assert bool(re.search("[\u4e00-\u9fff]", name)) == (lang == "zh"), row.area


@pytest.mark.parametrize("lang", LANGS)
def test_a_probability_leads_to_its_class(city, lang):
    """In the paragraph of an indicator and in the tables; the words are the same with and without the page."""
    retail = city.indicators[0]
    text = present.indicator_text(retail, PLAN.indicators[0], lang=lang, level=0.8).markdown
    place = anchor(class_of(retail.head.probability))
    assert f'href="record.html#{place}"' in text
    assert f'href="record.html#{place}"' in present.scoreboard(city, PLAN, lang).html
    assert f'href="record.html#{place}"' in present.outlook_table(city, PLAN, lang).html
    assert "record.html" not in present.scoreboard(city, PLAN, lang).markdown
    cell = {"cell_type": "markdown", "metadata": {}, "source": text}
    without = without_dead_ends(cell, {"overview"})["source"]
    assert without == re.sub(r"</?a\b[^>]*>", "", text)
    assert without_dead_ends(cell, {"record"})["source"] == text


@pytest.mark.parametrize("lang", LANGS)
def test_an_indicator_says_what_became_of_such_targets(city, districts, lang):
    """Of the plan's own targets with a probability; a target derived for a district is no such target."""
    one = next(x for x in city.indicators if x.head.past_like and x.head.verdict not in ("achieved", "not_assessable"))
    indicator = PLAN.indicator(one.id)
    n, met = one.head.past_like
    said = {"class": class_words(class_of(one.head.probability), lang)}
    sentence = t("record.sentence", lang, **said, n=n, met=met)
    assert sentence in present.indicator_text(one, indicator, lang=lang, level=0.8).markdown
    before = t("record.sentence", lang, **{"class": "§"}, n=1, met=1).split("§")[0]
    for d in districts:
        for x in d.indicators:
            if x.head is not None and x.head.derived:
                assert before not in present.indicator_text(x, PLAN.indicator(x.id), lang=lang, level=0.8).markdown


def test_counts_and_runs_without_experience_have_no_like_among_past_plans(evidence):
    """No past plan had a cumulative count, and without experience the record is of another probability."""
    own = assess(evidence, area="500000")
    off = assess(evidence, area="500000", options=Options(experience=False))
    for one in own.indicators:
        if PLAN.indicator(one.id).kind == "cumulative_count":
            assert all(g.past_like is None for g in one.grades)
    assert all(g.past_like is None and g.probability_plain is None for one in off.indicators for g in one.grades)


@pytest.mark.parametrize("lang", LANGS)
def test_the_overview_has_a_paragraph_a_picture_and_a_sentence_for_the_start_page(city, lang):
    """The sentence is for the start page; where no verdict has a probability there is none."""
    text, chart = present.record_brief(PLAN, lang)
    assert "446" in text.markdown and "record.html" in text.markdown
    assert chart.label == "fig-record"
    (line,) = present.record_line(city, PLAN, lang, start=True)
    assert line.start
    very = [row for row in past_targets() if class_of(row.p) == 5]
    assert str(len(very)) in line.markdown and str(sum(r.met for r in very)) in line.markdown
    bare = replace(city, indicators=tuple(replace(one, headline=None) for one in city.indicators))
    assert list(present.record_line(bare, PLAN, lang)) == []


def test_a_plan_is_known_by_the_name_it_gives(tmp_path):
    """`past_plan` in plan.yaml, or else the plan's own id."""
    assert PLAN.past_plan == PLAN.id
    for file in (ROOT / "data/plan").iterdir():
        if file.suffix in (".csv", ".yaml"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    head = tmp_path / "plan.yaml"
    head.write_text("past_plan: eu_red_2020\n" + head.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_plan(tmp_path).past_plan == "eu_red_2020"
