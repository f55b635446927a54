"""The pages per indicator, the annexes, the scoreboard: what they show, from which figures, in which size."""

import json
import re
from dataclasses import replace
from pathlib import Path

import altair as alt
import pytest

from greenreport import present
from greenreport.assess import Options, calibration, compare_methods, constants
from greenreport.present.columns import Columns, measure, share_cell
from greenreport.present.indicator_views import ranked
from greenreport.present.methods import _GRID, _LIKELIHOODS
from greenreport.present.show import TABLE_MIME, Field, Figure, Narrative, Sheet, Table
from greenreport.present.tabulate import Column, Mark, table
from greenreport.progress.grading import LIKELIHOODS

ROOT = Path(__file__).resolve().parents[2]
LANGS = ("zh", "en")


def shown(evidence, city, districts, lang):
    """Everything new that a reader sees, page by page."""
    plan, roster, day = evidence.plan, evidence.roster, evidence.as_of
    tasks = evidence.tasks.as_of(day)
    yield present.scoreboard(city, plan, lang)
    yield from present.bullets(city, plan, lang)
    yield present.tile_map(districts, plan, roster, lang)
    yield present.verdict_matrix(districts, plan, lang)
    for indicator in plan.indicators:
        yield present.districts_text(districts, indicator, lang, expected=len(evidence.districts))
        yield present.facts_table(indicator, plan, lang)
        yield present.district_table(districts, indicator, lang)
        for chart in (
            present.district_ranges(districts, indicator, lang),
            present.district_multiples(districts, indicator, lang),
        ):
            yield from chart or ()
    yield from present.tasks_chapter(plan, tasks, lang, as_of=evidence.as_of, chart=True)
    yield from present.terms_chapter(plan, lang)
    yield from present.learned_chapter(constants(), city, plan, lang, prior=0.03)
    yield from present.calibration_chapter(calibration(), lang)
    yield from present.rules_chapter(lang)
    yield from present.formulas_chapter(lang)
    yield from present.publications_chapter(evidence, lang)
    yield present.annex_text(plan, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_everything_shown_has_its_words_and_its_data(evidence, city, districts, lang):
    """Every table and chart has a caption, typed data beside it, and every chart words and a valid specification."""
    for one in shown(evidence, city, districts, lang):
        data, metadata = one._repr_mimebundle_()
        if isinstance(one, Narrative):
            assert one.markdown.strip()
            continue
        assert metadata["greenreport"]["caption"]
        sheet = json.loads(json.dumps(data[TABLE_MIME]))
        assert len({c["id"] for c in sheet["columns"]}) == len(sheet["columns"]), one.label
        assert all(len(row) == len(sheet["columns"]) for row in sheet["rows"])
        assert sheet["rows"]
        if isinstance(one, Figure):
            assert len(one.alt) > 20
            # Vega takes no background at all; the schema of Vega-Lite does not know it.
            alt.LayerChart.from_dict({k: v for k, v in one.spec.items() if k != "config"}, validate=True)


@pytest.mark.parametrize("lang", LANGS)
def test_no_chart_of_all_districts_is_heavy(evidence, districts, lang):
    """The tile map of six indicators specifies itself in 40 KB, small charts of 37 districts in as much again."""
    tiles = present.tile_map(districts, evidence.plan, evidence.roster, lang)
    assert len(json.dumps(tiles.spec, ensure_ascii=False).encode()) < 40_000
    _, chart = present.district_multiples(districts, evidence.plan.indicators[0], lang)
    assert len(json.dumps(chart.spec, ensure_ascii=False).encode()) + len(chart.svg.encode()) < 80_000


def test_small_charts_keep_to_their_panels(evidence, districts):
    """Every district's record is a line of its own, and none runs across the picture from panel to panel."""
    _, chart = present.district_multiples(districts, evidence.plan.indicators[0], "zh")
    drawn = [d for d in re.findall(r' d="(M[^"]+)"', chart.svg) if d.count("M") >= len(districts)]
    assert len(drawn) >= 4, "base, target, path and record, each broken between panels"
    for line in drawn:
        for piece in line.split("M")[1:]:
            xs = [float(x) for x in re.findall(r"(-?[\d.]+),-?[\d.]+", piece)]
            assert max(xs) - min(xs) < chart.width / 5


def test_a_download_holds_the_figures_of_the_table_as_numbers(evidence, districts):
    """What the page prints in CNY billion the English data hold in CNY billion, the Chinese in 亿元."""
    indicator = evidence.plan.indicator("online_retail")
    found = {d.area_short["en"]: d.indicator("online_retail").current.value for d in districts}
    names = {d.area_short[lang]: d.area_short["en"] for d in districts for lang in ("zh", "en")}
    for lang, factor, unit in (("zh", 1, "亿元"), ("en", 0.1, "CNY billion")):
        sheet = present.district_table(districts, indicator, lang).sheet.to_json()
        column = next(c for c in sheet["columns"] if c["id"] == "latest")
        assert (column["unit"], column["type"]) == (unit, "number")
        for row in sheet["rows"]:
            assert row[sheet["columns"].index(column)] == pytest.approx(found[names[row[0]]] * factor)


def test_the_table_of_districts_is_in_the_order_of_its_ranks(evidence, districts):
    """The first rank comes first, whatever the protocol order."""
    rows = present.district_table(districts, evidence.plan.indicator("online_retail"), "en").sheet.rows
    places = [row[1] for row in rows if row[1] is not None]
    assert places == sorted(places)
    assert places[0] == 1


def test_charts_name_whom_they_leave_out(evidence, districts):
    """A district without figures is missing from the charts, and the text above says so, in both languages."""
    indicator = evidence.plan.indicator("online_retail")
    one = districts[0].indicator(indicator.id)
    bare = replace(one, points=(), outlook=replace(one.outlook, steps=()))
    without = (replace(districts[0], indicators=(bare,)), *districts[1:])
    for lang, said in (("zh", "没有目标或数据，未列入"), ("en", "not shown, for lack of")):
        for drawn in (present.district_ranges, present.district_multiples):
            told, _ = drawn(without, indicator, lang)
            assert said in told.markdown
            assert without[0].area_short[lang] in told.markdown
            assert said not in drawn(districts, indicator, lang)[0].markdown


def test_a_sheet_refuses_words_among_figures():
    """A number column holds numbers or nothing."""
    with pytest.raises(ValueError, match="numbers"):
        Sheet((Field("a", "a"),), (("twelve",),), "c")
    with pytest.raises(ValueError, match="row of 2"):
        Sheet((Field("a", "a"),), ((1, 2),), "c")


def test_a_cell_without_a_raw_value_is_its_text_or_missing():
    """Words go into columns of words as they are, and into columns of figures not at all."""
    made = table(
        [Column("a", "A"), Column("b", "B", "right", fields=(Field("b", "B", "km"),))],
        [{"a": "x", "b": "–"}, {"a": "y", "b": Mark("3.0", raw=(3.0,))}],
        label="tbl-x",
        caption="c",
    )
    assert made.sheet.to_json()["rows"] == [["x", None], ["y", 3]]


def test_all_rows_of_a_table_are_set_alike():
    """Every row has the alignment of its column, and text that looks like the pattern of a row stays text."""
    rows = [{"a": f"r{n}", "b": "\\1 <x> {b}"} for n in range(3)]
    made = table([Column("a", "A"), Column("b", "B", "right")], rows, label="tbl-x", caption="c")
    assert made.html.count("<tr>") == len(rows)
    assert made.html.count("\\1 &lt;x&gt; {b}") == 3
    assert len(re.findall(r"<td[^>]*gt_right", made.html)) == 3
    empty = table([Column("a", "A")], [], label="tbl-x", caption="c")
    assert "<td" not in empty.html.split("<tfoot")[0]


def test_a_column_keeps_one_unit_and_one_number_of_digits(evidence):
    """Vehicles of districts are counted in vehicles, not in tens of thousands; no row has more digits than another."""
    unit = evidence.plan.indicator("elv_dismantled").unit
    small = measure([0.99, 0.31, 3.2, None], unit, "zh")
    assert (small.unit, small.text(0.99), small.text(3.2)) == ("台", "9900", "32000")
    money = evidence.plan.indicator("online_retail").unit
    one = measure([28.7, 428.1, 9.14], money, "zh")
    assert [one.text(v) for v in (28.7, 428.1, 9.14)] == ["28.7", "428.1", "9.1"]
    assert measure([28.7, 428.1, 9.14], money, "en").text(9.14) == "0.91"
    assert measure([3, 12], evidence.plan.indicator("green_mall").unit, "en").text(3) == "3"


@pytest.mark.parametrize(
    "lang, heads", [("zh", ["指标", "完成进度（%）", "Own"]), ("en", ["Indicator", "Completion (%)", "Own"])]
)
def test_a_column_is_told_once(lang, heads):
    """Its key, its cell and its topic make heading, print, screen and data; a heading of its own takes precedence."""
    columns = Columns[tuple[str, float | None]](lang, "table")
    columns.text("indicator", lambda row: row[0], width=5)
    columns.share("completion", lambda row: row[1])
    columns.number("own", lambda row: row[1], "Own", decimals=2)
    made = columns.table([("a", 0.5), ("b", None)], label="tbl-x", caption="c")
    assert [line.strip() for line in made.markdown.splitlines()[0].strip("| ").split("|")] == heads
    assert made.sheet.rows == (("a", 50.0, 0.5), ("b", None, None))
    assert [f.unit for f in made.sheet.fields] == ["", "%", ""]
    assert made.html.count("gt_right") == 6


def test_a_probability_in_a_column_is_never_a_certainty():
    """Below 1 % and above 99 % the cell says so; the data have the figure."""
    assert share_cell(0.999, "en", probability=True).text == ">99"
    assert share_cell(0.004, "zh", probability=True).text == "<1"
    assert share_cell(0.004, "zh", probability=True).raw == (0.4,)


def test_equal_completions_share_a_place():
    """Two at the top are both first, and the next is third; no figure, no place."""
    assert ranked([0.5, 1.0, None, 1.0, 0.2]) == [3, 1, None, 1, 4]


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_without_district_figures_says_so(evidence, districts, lang):
    """No pages, no figures and no targets are three different things, and none of them is an empty table."""
    indicator = evidence.plan.indicator("green_expo")
    none = present.districts_text((), indicator, lang, expected=37).markdown
    assert ("没有生成区县页面" if lang == "zh" else "No district pages") in none
    untold = present.districts_text(districts, indicator, lang, expected=37).markdown
    assert ("目标不分解到区县" if lang == "zh" else "not divided among districts") in untold
    assert present.district_ranges(districts, indicator, lang) is None
    assert present.district_multiples(districts, indicator, lang) is None


def test_the_rules_printed_are_the_rules_applied():
    """The table of classes has the likelihood words of progress, best first, and a column more for no forecast at all."""
    assert tuple(word for word, _ in LIKELIHOODS) == _LIKELIHOODS
    assert {len(classes) for classes in _GRID.values()} == {6}


def test_every_graded_indicator_follows_the_printed_rules(city, districts):
    """Whoever has the two printed words can name the class from the table on the methods page."""
    seen = 0
    for a in (city, *districts):
        for one in a.indicators:
            head = one.head
            if head is None or head.rule != "reach" or head.schedule is None:
                continue
            column = _LIKELIHOODS.index(head.likelihood) if head.likelihood else -1
            assert head.verdict == _GRID[head.schedule][column]
            seen += 1
    assert seen > 80


def test_the_calibration_is_that_of_the_published_file():
    """Three lengths of history, ten bins each, probabilities within their bins."""
    bins = calibration()
    assert {b.length for b in bins} == {6, 8, 10}
    assert len(bins) == 30
    assert all((b.number - 1) / 10 <= b.forecast <= b.number / 10 for b in bins)
    text, *_ = present.calibration_chapter(bins, "en")
    assert "1.4" not in text.markdown.split("mean difference")[0]


def test_the_back_test_shows_every_method_that_could_be_tried(evidence):
    """A method that refuses a series has no dot; ours is marked."""
    indicator = evidence.plan.indicator("online_retail")
    options = Options()
    found = compare_methods(evidence, indicator, evidence.area("500000"), year=2027, target=2400, options=options)
    rows = [r for r in found if r.error is not None]
    _, chart = present.backtest_chapter({indicator.id: rows}, evidence.plan, "en")
    assert len(chart.sheet.rows) == len(rows) >= 5
    assert "used here" in chart.alt
    assert len([*present.backtest_chapter({}, evidence.plan, "en")]) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_the_start_page_is_told_what_to_show(evidence, city, districts, lang):
    """Headline, scoreboard and tile map are marked; nothing is by itself."""
    marked = [
        present.summary(city, evidence.plan, lang, start=True),
        present.scoreboard(city, evidence.plan, lang, start=True),
        present.tile_map(districts, evidence.plan, evidence.roster, lang, start=True),
    ]
    assert all(one._repr_mimebundle_()[1]["greenreport"]["start"] is True for one in marked)
    assert "start" not in present.summary(city, evidence.plan, lang)._repr_mimebundle_()[1]["greenreport"]


def test_one_indicator_needs_no_choice_of_indicators(evidence, districts):
    """The map of a page about one indicator has no menu."""
    plan = replace(evidence.plan, indicators=evidence.plan.indicators[:1])
    assert "params" not in present.tile_map(districts, plan, evidence.roster, "zh").spec
    assert "params" in present.tile_map(districts, evidence.plan, evidence.roster, "zh").spec


def test_tables_are_told_apart_from_figures(evidence, city):
    """The scoreboard is a table with bars in its cells; the bars carry the share and the time elapsed."""
    made = present.scoreboard(city, evidence.plan, "en")
    assert isinstance(made, Table)
    assert "--p:" in made.html
    assert "--m:50%" in made.html


@pytest.mark.parametrize("late", [1, 8, 9, 10, 11])
def test_all_late_districts_are_named_or_a_few_of_many_with_their_number(evidence, districts, late):
    """Ten names are a list; of eleven, the first eight and how many there are."""
    indicator = evidence.plan.indicators[0]

    def judged(district, verdict):
        one = district.indicator(indicator.id)
        graded = replace(one, grades=tuple(replace(grade, verdict=verdict) for grade in one.grades))
        return replace(district, indicators=tuple(graded if i is one else i for i in district.indicators))

    graded = [d for d in districts if d.indicator(indicator.id).head]
    some = [judged(d, "at_risk" if n < late else "on_track") for n, d in enumerate(graded[:12])]
    line = present.district_heading(some, evidence.plan, "en", expected=12).markdown
    named = [d for d in some if d.area_short["en"] in line.split("\n- ")[1]]
    assert len(named) == (8 if late > 10 else late)
    assert ("and others (11 in all)" in line) == (late > 10)
