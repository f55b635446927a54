"""The chapters of the report: what they say, in both languages, and that nothing said lacks a figure."""

import re
from dataclasses import replace
from datetime import date

import pytest

from greenreport import present
from greenreport.assess import Options, assess, assess_goals, gaps, past_verdicts, quality, sensitivity
from greenreport.present.advice import advice_text
from greenreport.present.messages import prose
from greenreport.present.numbers import NBSP
from greenreport.present.problems import problems_text
from greenreport.present.tables import head_mark

OPTIONS = Options()


class Report:
    """What an overview is made from."""

    def __init__(self, evidence, city, districts):
        self.evidence, self.city, self.districts = evidence, city, districts
        self.plan, self.roster = self.evidence.plan, self.evidence.roster
        self.place = self.evidence.area(self.plan.area)
        self.goals = assess_goals(self.evidence, OPTIONS)
        self.gaps = gaps(self.plan, self.city, self.districts)
        self.tasks = self.evidence.tasks.as_of(self.evidence.as_of)
        self.past = past_verdicts(self.evidence, self.city.indicators, area=self.place, options=OPTIONS)
        self.firm = sensitivity(self.evidence, self.city.indicators, area=self.place, options=OPTIONS)
        self.state = quality(self.evidence, self.evidence.districts, options=OPTIONS, whole=self.place)

    def chapters(self, lang):
        e, plan, roster, day = self.evidence, self.plan, self.roster, self.evidence.as_of
        yield present.scope_text(e, self.city, lang)
        yield from present.history_chapter(self.past, self.city, plan, lang, strip=False)
        yield from present.goals_chapter(self.goals, plan, roster, lang)
        yield present.goals_open_table(self.goals, plan, lang)
        yield from present.tasks_chapter(plan, self.tasks, lang, as_of=day)
        yield from present.tasks_list(plan, self.tasks, lang)
        yield self.problems(lang)
        yield present.forecast_text(self.city, plan, lang)
        yield from present.sensitivity_chapter(self.firm, self.city, plan, lang)
        yield present.history_text(self.past, plan, lang)
        yield present.sensitivity_text(self.firm, plan, lang)
        yield present.to_city(lang)
        yield present.to_overview(lang)
        yield from present.sensitivity_chapter(self.firm, self.city, plan, lang, each=True)
        yield self.advice(lang)
        yield present.sources_text(e, lang)
        yield present.quality.quality_text(self.state, plan, roster, lang, as_of=day)
        yield present.quality.coverage_table(self.state, roster, lang)
        yield from present.definitions_chapter(plan, lang)
        yield from present.contradictions_chapter(plan, lang)
        yield present.section("annex.reproduce_heading", lang, "annex.reproduce")

    def problems(self, lang):
        return problems_text(
            self.city, self.plan, lang, present.Grounds(self.roster, self.gaps, self.state, tasks=self.tasks)
        )

    def advice(self, lang):
        return advice_text(self.city, self.plan, lang, present.Grounds(self.roster, self.gaps, self.state, self.goals))


@pytest.fixture(scope="module")
def demo(evidence, city, districts):
    return Report(evidence, city, districts)


@pytest.fixture(scope="module")
def public(published):
    return Report(
        published, assess(published, area="500000"), [assess(published, area=d.code) for d in published.districts]
    )


def words(shown):
    return "\n".join(part.markdown for part in shown)


@pytest.mark.parametrize("ledger", ["demo", "public"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chapter_can_be_told_in_both_languages_on_rich_and_on_thin_data(ledger, lang, request):
    """No placeholder is left open, no English stands in the Chinese text and no Chinese in the English one."""
    text = words(request.getfixturevalue(ledger).chapters(lang))
    assert not re.search(r"\{[a-z_]+\}", text)
    assert not re.search(r"\b(None|nan)\b(?! of| was)", text)
    if lang == "en":
        left = re.sub(r"渝商务发〔2024〕19号", "", text)
        assert not re.search(r"[\u4e00-\u9fff]", left), re.findall(r".{20}[\u4e00-\u9fff]+.{20}", left)[:3]
    else:
        assert not re.search(r"[\u4e00-\u9fff]\s*[,;?!]\s", text)
        assert "。。" not in text


def test_problems_name_the_gap_the_year_and_the_districts(demo):
    """Hotels: 2.5 short of the path, 8 of the target; 2025 the weakest year; six districts, one hotel each."""
    text = demo.problems("zh").markdown
    hotels = next(x for x in text.splitlines() if "绿色饭店" in x)
    assert re.search(r"34\.5家.*2\.5家.*2027年目标（40家）.*8家", hotels)
    assert re.search(r"2025年.*1家.*2\.8家", hotels)
    assert re.search(r"6个区县，合计6家.*各差1家", hotels)
    english = demo.problems("en").markdown.replace(NBSP, " ")
    assert all(
        x in english for x in ("34.5 hotels", "2.5 hotels", "40 hotels", "8 hotels", "2.8 hotels", "1 hotel each")
    )


def test_recommendations_compare_the_pace_needed_with_the_pace_so_far(demo):
    """(40 − 32) ÷ 2 = 4 a year against (32 − 29) ÷ 2 = 1.5; 36 by the end of 2026."""
    text = demo.advice("zh").markdown
    hotels = next(x for x in text.splitlines() if "绿色饭店" in x)
    assert re.search(r"增加的8家.*年均4家.*年均增加1\.5家.*2026年不低于36家，年底", hotels)
    assert re.search(r"4 hotels a year.*1\.5 hotels", demo.advice("en").markdown.replace("\u00a0", " "))


def test_a_change_of_target_is_suggested_only_where_the_numbers_say_so(demo, public):
    """Vehicles met the target of 2027 in 2025, two years early. Nothing else qualifies, and thin data suggest nothing."""
    lines = [x for x in demo.advice("zh").markdown.splitlines() if "规划调整程序" in x]
    assert len(lines) == 1
    assert re.search(r"报废机动车.*2025年.*2027年目标（30万台）.*提前2年", lines[0])
    assert "规划调整程序" not in public.advice("zh").markdown


def test_a_target_out_of_reach_is_named_with_its_probability_and_range(demo):
    """With a probability of 4 % and a range that ends below the target, the target may be examined."""
    one = demo.city.indicator("green_hotel")
    head = replace(one.head, probability=0.04, likelihood="very_unlikely")
    grades = tuple(head if g is one.head else g for g in one.grades)
    city = replace(
        demo.city, indicators=tuple(replace(i, grades=grades) if i is one else i for i in demo.city.indicators)
    )
    text = advice_text(city, demo.plan, "zh", present.Grounds(demo.roster)).markdown
    line = next(x for x in text.splitlines() if "规划调整程序" in x and "绿色饭店" in x)
    assert "40家" in line
    assert "4%" in line


def test_no_page_of_a_district_suggests_changing_a_derived_target(demo):
    """A derived target is not the plan's; a district with targets of its own (九龙坡) is told what speaks for them."""
    for d in demo.districts:
        if d.area == "500107":
            continue
        text = advice_text(d, demo.plan, "zh", present.Grounds(demo.roster)).markdown
        assert "规划调整程序" not in text
        assert "目标调整" not in text


def test_tasks_are_counted_by_chapter_and_the_late_ones_named(demo):
    """The rows of the matrix add up to 61 tasks and projects; each late one is named with evidence and owner."""
    said, counted = present.tasks_chapter(demo.plan, demo.tasks, "zh", as_of=demo.evidence.as_of)
    text, table = said.markdown, counted.markdown
    cells = [[c.strip() for c in row.strip("|").split("|")] for row in table.splitlines()[2:] if row.startswith("|")]
    numbers = [[0 if c == "–" else int(c) for c in row[1:]] for row in cells]
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]
    assert all(sum(row[:-1]) == row[-1] for row in numbers)
    assert numbers[-1][-1] == len(demo.plan.tasks) == 61
    late = [t for t in demo.plan.tasks if t.id in demo.tasks and demo.tasks[t.id].status == "late"]
    assert late
    for task in late:
        assert f"**{task.title.zh}**（{task.id}" in text


def test_without_reports_the_chapter_on_tasks_says_so(public):
    """Nothing reported is not told as nothing done."""
    (said,) = present.tasks_chapter(public.plan, public.tasks, "zh", as_of=date(2026, 6, 30))
    text = said.markdown
    assert "61项" in text
    assert "暂不评价" in text
    assert "已完成" not in text


def test_fragile_verdicts_are_named_with_the_choice_that_turns_them(demo):
    """Had the geometric path's verdict been on track, not ahead, the choice and the class would be named."""
    retail, *others = demo.firm
    assert (retail.indicator, retail.verdict) == ("online_retail", "ahead")
    other = {"verdict": "on_track", "wording": "on_track", "flips": True}
    turned = [replace(x, **other) if x.setting == "path_geometric" else x for x in retail.trials]
    found = (replace(retail, trials=tuple(turned)), *others)
    text = next(iter(present.sensitivity_chapter(found, demo.city, demo.plan, "zh"))).markdown
    assert re.search(r"网络零售额（[^）]*等比[^）]*“预计如期完成”）", text)
    tables = list(present.sensitivity_chapter(found, demo.city, demo.plan, "zh", each=True))[1:]
    assert {t.label for t in tables} >= {"tbl-online-retail-sensitivity", "tbl-green-hotel-sensitivity"}
    assert any("≠ ●" in t.markdown for t in tables)


def test_both_dates_of_the_plan_say_what_they_are(demo):
    """The document is of 11 May 2024 and was sent out on the 13th: each date has its name."""
    assert "2024年5月11日成文，2024年5月13日印发" in present.scope_text(demo.evidence, demo.city, "zh").markdown
    told = present.scope_text(demo.evidence, demo.city, "en").markdown
    assert "dated 11 May 2024 and issued on 13 May 2024" in told


@pytest.mark.parametrize(
    ("lang", "held", "reached"),
    [
        ("zh", "仍不低于目标（30万台）的概率", "达到2900亿元的概率"),
        ("en", "still being at or above", "of reaching CNY 290"),
    ],
)
def test_a_level_that_is_reached_is_held_and_one_that_is_not_is_reached(demo, lang, held, reached):
    """Vehicles stand at 31.18 against 30 in 2030: what is uncertain is whether they stay there."""
    said = {
        i.id: present.indicator_text(demo.city.indicator(i.id), i, lang=lang, level=0.8).markdown.replace(NBSP, " ")
        for i in demo.plan.indicators
    }
    assert held in said["elv_dismantled"]
    assert "of reaching" not in said["elv_dismantled"]
    assert "达到30万台的概率" not in said["elv_dismantled"]
    assert reached in said["online_retail"]
    assert ("保持在目标水平" if lang == "zh" else "target still being met") in present.outlook_table(
        demo.city, demo.plan, lang
    ).markdown


def test_a_count_that_cannot_fall_is_not_said_to_stay(demo):
    """Wanzhou's four malls cannot become three: that the target of 2027 is held is no question, that of 2030 is one."""
    (wanzhou,) = [d for d in demo.districts if d.area == "500101"]
    malls = demo.plan.indicator("green_mall")
    told = present.indicator_text(wanzhou.indicator("green_mall"), malls, lang="zh", level=0.8).markdown
    assert "已达到2027年目标（4家）" in told
    assert "不低于" not in told
    assert told.count("概率") == 1
    assert "达到5家的概率为" in told


def test_chinese_says_over_99_per_cent_without_a_copula():
    """概率为92%, but 概率超过99%."""
    assert prose(["概率为92%，概率为超过99%", "概率为不足1%"], "zh") == "概率为92%，概率超过99%。概率不足1%。"


def test_differences_have_no_more_digits_than_the_figures(demo):
    """Wanzhou's tonnes are known to the hundred: 53,300 are lacking, not 53,289; vehicles are known one by one."""
    (wanzhou,) = [d for d in demo.districts if d.area == "500101"]
    text = problems_text(wanzhou, demo.plan, "en", present.Grounds(demo.roster)).markdown.replace(NBSP, " ")
    assert "53,300 tonnes short of the 2027 target" in text
    assert "1,311 vehicles below the required path" in text


def test_the_count_of_figures_says_whose_they_are(demo):
    """The annex counts what districts owe; a page of one area counts its own."""
    told = present.quality.quality_text(demo.state, demo.plan, demo.roster, "en", as_of=demo.evidence.as_of).markdown
    assert re.search(
        r"Of the 5\d\d annual figures due from the districts .* \(excluding the city’s own\), [45]\d\d are", told
    )
    zh = present.quality.quality_text(demo.state, demo.plan, demo.roster, "zh", as_of=demo.evidence.as_of).markdown
    assert re.search(r"各区县应有年度数据5\d\d个（全市数不计在内），现有[45]\d\d个", zh)
    own = quality(demo.evidence, [demo.place], options=OPTIONS)
    assert (
        "due for 2017–2025 are available"
        in present.quality.quality_text(own, demo.plan, demo.roster, "en", as_of=demo.evidence.as_of).markdown
    )
    assert (
        "不计在内"
        not in present.quality.quality_text(own, demo.plan, demo.roster, "zh", as_of=demo.evidence.as_of).markdown
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_verdict_has_the_same_words_in_every_table(demo, lang):
    """What the scoreboard calls a verdict, the last day of the history and the first row of the trials call it too."""
    said = {i.short[lang]: head_mark(demo.city.indicator(i.id), lang).text for i in demo.plan.indicators}
    board = present.scoreboard(demo.city, demo.plan, lang).markdown
    *_, past = present.history_chapter(demo.past, demo.city, demo.plan, lang)
    for name, words in said.items():
        assert any(line.startswith(f"| {name} | {words} |") for line in board.splitlines())
        row = next(line for line in past.markdown.splitlines() if line.startswith(f"| {name} "))
        assert row.split(" | ")[-1].startswith(words)
    _, *trials = present.sensitivity_chapter(demo.firm, demo.city, demo.plan, lang, each=True)
    reported = [one.markdown.splitlines()[2].rstrip(" |").split(" | ")[-1] for one in trials]
    assert len(reported) == len(demo.firm)
    assert set(reported) <= set(said.values())


def test_the_overview_tells_what_changed_and_leads_to_the_rest(demo, public):
    """Five verdicts read otherwise than a year before; where nothing could be graded no link leads to nothing."""
    text = present.history_text(demo.past, demo.plan, "zh").markdown
    assert "截至2025年6月30日" in text
    assert text.count("转为") == 5
    assert "(city.html)" in text
    still = {id: (row[0], replace(row[-1], as_of=row[-2].as_of), row[-1]) for id, row in demo.past.items()}
    assert "same verdicts" in present.history_text(still, demo.plan, "en").markdown
    assert "city.html" not in present.history_text(public.past, public.plan, "zh").markdown
    assert "city.html" not in present.sensitivity_text(public.firm, public.plan, "en").markdown


def test_a_change_within_a_class_is_a_change(demo):
    """Hotels stay in the class of those behind or unlikely, but the words change, and the text says so."""
    hotels = demo.past["green_hotel"]
    assert [p.wording for p in hotels[-2:]] == ["behind", "behind_and_unlikely"]
    assert hotels[-2].verdict == hotels[-1].verdict
    text = next(iter(present.history_chapter(demo.past, demo.city, demo.plan, "en"))).markdown
    assert re.search(r"hotels[^;.]* from “Behind[^”]*” to “Behind and unlikely”", text)


def test_without_any_verdict_there_is_nothing_to_test_and_no_history_to_show(public):
    """One sentence instead of an empty table and a strip of grey squares."""
    assert len(list(present.sensitivity_chapter(public.firm, public.city, public.plan, "zh"))) == 1
    assert len(list(present.history_chapter(public.past, public.city, public.plan, "zh"))) == 1


def test_the_strip_shows_every_verdict_of_every_day_in_words_too(demo):
    """Who can't see the squares can read them."""
    strip = list(present.history_chapter(demo.past, demo.city, demo.plan, "en"))[1]
    for indicator in demo.plan.indicators:
        assert f"{indicator.short.en}: 30 June 2024 Not assessable" in strip.alt
    assert strip.svg.count("<svg") == 1


def test_coverage_shows_the_gaps_and_no_more(demo):
    """Districts without a gap are counted in a note, not listed; the chart marks as many places as there are gaps."""
    table = present.quality.coverage_table(demo.state, demo.roster, "zh").markdown
    assert "| 彭水 | — | — | — | — | 0/5 | 5/5 | 5/5 |" in table
    assert "万州" not in table
    assert "其余14个区县各年齐全" in table
    chart = present.quality.coverage_chart(demo.state, demo.roster, "zh")
    places = {(c.area, c.year) for c in demo.state.cells if c.status in ("missing", "part")}
    assert f"共{len(places)}处标出" in chart.alt


def test_goals_without_figures_say_what_the_plan_does_not_give(demo):
    """1,000 green products: a quantity, but no statistic, no baseline and no date."""
    table = present.goals_open_table(demo.goals, demo.plan, "zh").markdown
    row = next(x for x in table.splitlines() if "1000个绿色消费产品" in x)
    assert [c.strip() for c in row.strip("|").split("|")][1:5] == ["无", "无", "无", "有"]
    _, table = present.goals_chapter(demo.goals, demo.plan, demo.roster, "zh")
    found = table.markdown
    assert "2025年37个区县（自治县）中24个已有，覆盖64.9%" in found
    assert "规划要求每年5家左右，按上下20%掌握" in found


@pytest.mark.parametrize(
    ("lang", "count", "worst"),
    [
        ("zh", "（大幅修订3处）", "由376.7万吨（2025-04-27）修订为37.67万吨（2025-09-30），下调90.0%。"),
        ("en", "(total 3; large restatement 3)", "from 3.767 million tonnes (2025-04-27) to 0.3767 million tonnes"),
    ],
)
def test_the_chapter_on_data_quality_counts_what_the_check_found_and_tells_the_worst(demo, lang, count, worst):
    """Counts by check, then three findings in words; with nothing found the chapter says so."""
    e = demo.evidence
    told = present.quality.quality_text(demo.state, e.plan, e.roster, lang, as_of=e.as_of).markdown
    assert count in told
    assert worst in told
    clean = quality(e, [e.area("500102")], options=OPTIONS)
    quiet = present.quality.quality_text(clean, e.plan, e.roster, lang, as_of=e.as_of).markdown
    assert ("未发现须留意之处" if lang == "zh" else "raised no points") in quiet


def test_no_district_is_named_before_another_with_the_same_gap(demo):
    """Six districts lack one hotel each: all six are named; of twelve alike, any six."""
    hotels = next(p for p in demo.advice("zh").markdown.split("\n\n") if p.startswith("- **培育绿色饭店"))
    carriers = demo.gaps["green_hotel"].carriers
    assert len(carriers) == 6
    assert all(demo.roster.area(c.area).short["zh"] in hotels for c in carriers)
    twelve = replace(demo.gaps["green_hotel"], carriers=(*carriers, *carriers))
    told = advice_text(demo.city, demo.plan, "en", present.Grounds(demo.roster, {"green_hotel": twelve})).markdown
    assert "any six of the 12 districts with the same gap" in told


def test_a_district_without_a_figure_of_the_year_is_not_counted_as_having_one(demo):
    """Five districts' figures for 2025 came after the cut-off or not at all: the coverage of 2025 cannot count their malls."""
    (mall,) = [g for g in demo.goals if g.goal == "green_mall_coverage"]
    assert mall.year == 2025
    assert {"500229", "500156"} <= set(mall.unknown)
    assert len(mall.having) + len(mall.lacking) == 37 - len(mall.unknown)


def test_the_picture_of_all_indicators_is_there_before_any_verdict(public):
    """Where only the baseline is known, the forecasts stand against the targets, marked as for orientation; no bar, no mark
    of the schedule."""
    for lang, mark in (("zh", "仅供参考"), ("en", "for orientation")):
        how, chart = present.bullets(public.city, public.plan, lang)
        assert mark in how.markdown and mark in chart.alt
        assert len(chart.sheet.rows) == len(public.plan.indicators)
        for _, completion, required, low, median, high in chart.sheet.rows:
            assert completion is None and required is None
            assert low <= median <= high


def test_the_lead_on_problems_names_no_zeros(demo, public):
    """A lead names what there is: no “0 of them” of another kind."""
    for report in (demo, public):
        for lang in ("zh", "en"):
            lead = report.problems(lang).markdown.split("\n\n")[1]
            assert not re.search(r"(?<!\d)0(?!\d)", lead), lead
