"""The plan as data: complete, quoted exactly, strict, and not bound to one city."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from helpers import squeezed

from greenreport.errors import PlanError
from greenreport.observations import Ledger
from greenreport.plan import Plan, load_plan

HERE = Path(__file__).resolve().parent


@pytest.fixture
def copy(data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data / "plan", tmp_path / "plan"))


def edit(folder: Path, old: str, new: str, *, file: str = "plan.yaml") -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_everything_of_the_plan_is_there(plan: Plan) -> None:
    """Six indicators, 87 statements, 45 tasks and 16 projects, 22 contradictions."""
    assert len(plan.indicators) == 6
    assert len(plan.statements) == 87
    assert [sum(t.level == k for t in plan.tasks) for k in ("task", "box_project")] == [45, 16]
    assert len(plan.contradictions) == 22


@pytest.mark.parametrize(
    ("id", "baseline", "mid", "end"),
    [
        ("online_retail", 1800, 2400, 2900),
        ("green_mall", 44, 65, 80),
        ("green_hotel", 29, 40, 42),
        ("recycled_volume", 900, 1100, 1200),
        ("elv_dismantled", 24, 30, 30),
        ("green_expo", 0, 6, 10),
    ],
)
def test_figures_are_those_of_the_table(plan: Plan, id: str, baseline: float, mid: float, end: float) -> None:
    """Baseline and targets are those of box 1, and each stands in the row that is quoted for it."""
    indicator = plan.indicator(id)
    table = [t for t in indicator.targets if t.origin == "table"]
    assert (indicator.baseline.value, *(t.value for t in table)) == (baseline, mid, end)
    assert [t.year for t in table] == [2027, 2030]
    assert [t.outlook for t in table] == [False, True]
    for part in (indicator.baseline, *table):
        assert f"{part.value:.0f}{indicator.unit.zh}" in part.quote
    assert indicator.attribute.zh == "预期性"
    assert indicator.responsible is None


def test_every_quote_stands_in_the_plan(plan: Plan, data: Path) -> None:
    """Statements, tasks, baselines and targets are quoted exactly, white space aside, where they say they stand."""
    lines = (data / "plan/source-zh.txt").read_text(encoding="utf-8").split("\n")
    whole = squeezed("".join(lines))
    for s in plan.statements:
        assert squeezed(s.quote) in squeezed("".join(lines[s.line_from - 1 : s.line_to])), s.id
    for t in plan.tasks:
        assert squeezed(t.quote) in squeezed("".join(lines[t.line - 1 : t.line + 2])), t.id
    for i in plan.indicators:
        for part in (i.baseline, *i.targets):
            assert squeezed(part.quote) in whole


def test_conflicting_targets_are_both_kept(plan: Plan) -> None:
    """The two targets for exhibitions by 2027 stand side by side, that of the table first, told apart by labels."""
    six, ten = plan.indicator("green_expo").targets_in(2027)
    assert (six.value, six.origin, six.label and six.label.zh) == (6, "table", "认定")
    assert (ten.value, ten.origin, ten.label and ten.label.zh) == (10, "text", "培育")


@pytest.mark.parametrize(
    ("id", "zh", "en"),
    [
        ("online_retail", "1800亿元", "CNY 180.0 billion"),
        ("recycled_volume", "900万吨", "9.00 million tonnes"),
        ("elv_dismantled", "24万台", "240,000 vehicles"),
        ("green_mall", "44家", "44 malls"),
        ("green_hotel", "29家", "29 hotels"),
    ],
)
def test_units_read_naturally_in_english(plan: Plan, id: str, zh: str, en: str) -> None:
    """The same baseline is written in the plan's unit in Chinese and on an English scale in English."""
    i = plan.indicator(id)
    u = i.unit
    assert f"{i.baseline.value:.0f}{u.zh}" == zh
    assert f"{u.en_prefix}{i.baseline.value * u.en_scale:,.{u.decimals_en}f}{u.en_suffix}" == en


def test_goals_beyond_the_table_carry_what_an_assessment_needs(plan: Plan) -> None:
    """Text goals carry what an assessment needs, or the reason why there can be none."""
    goals = {g.id: g for g in plan.goals}
    centres = goals["green_sorting_centre"]
    assert (centres.value, centres.deadline, centres.operator, centres.reasons) == (10, 2027, ">=", ("no_baseline",))
    assert goals["green_mall_pace"].value == 5
    assert goals["green_mall_coverage"].reasons == ("no_baseline", "no_date")
    assert goals["green_products_1000"].value == 1000
    assert "statistic" in goals["green_fdi_share"].lacks


def test_no_goal_is_forgotten(plan: Plan) -> None:
    """Every directional or quantified statement outside the six indicators' table is taken up by a goal."""
    kinds = {"directional", "coverage", "unquantified_batch", "target_rate", "target_count", "aspiration"}
    wanted = {s.id for s in plan.statements if s.kind in kinds}
    own = {i.id for i in plan.indicators}
    wanted |= {s.id for s in plan.statements if s.kind == "target_point" and s.indicator not in own}
    assert wanted <= {s for g in plan.goals for s in g.statements}


def test_both_languages_are_complete(plan: Plan) -> None:
    """No text of the plan is empty, nor Chinese where English should stand."""
    texts = [t.title for t in plan.tasks] + [t.deliverables for t in plan.tasks] + [t.section for t in plan.tasks]
    texts += [s.subject for s in plan.statements] + [s.section for s in plan.statements]
    texts += [n for s in plan.statements if (n := s.note)]
    texts += [c.finding for c in plan.contradictions] + [c.handling for c in plan.contradictions]
    texts += [e for c in plan.contradictions for e in c.evidence] + [g.name for g in plan.goals]
    for text in texts:
        assert text.zh and text.en
        assert not re.search(r"[\u4e00-\u9fff]", text.en), text.en
        assert re.search(r"[\u4e00-\u9fff]", text.zh), text.zh


def test_unknown_indicator_names_the_nearest(plan: Plan) -> None:
    """A mistyped id is answered with the id that was meant."""
    with pytest.raises(PlanError, match="green_mall"):
        plan.indicator("green_mal")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("direction: up", "directon: up", ["directon", "direction"]),
        ("kind: flow", "kind: stream", ["stream", "flow"]),
        ("year: 2023, value: 1800.0", "year: 2023, value: many", ["many", "number"]),
        ("issued: 2024-05-11", "issued: May", ["May", "2024-05-11"]),
        ("unit: cny_100m", "unit: cny_10m", ["cny_10m", "cny_100m"]),
        ("outlook: 2030\n", "outlook: 2026\n", ["outlook"]),
        ("statements: [ST-062]", "statements: [ST-999]", ["ST-999"]),
        ("number: 渝商务发〔2024〕19号", "number: 渝商务发〔2024〕19号\nnumber: x", ["number", "line"]),
        ("  - id: green_hotel\n", "  - id: green_mall\n", ["green_mall", "twice"]),
        ("year: 2027, value: 65.0", "year: 2022, value: 65.0", ["green_mall_2027"]),
        ('period: "2020"', 'period: "20"', ["'20'", "2021/2024"]),
        ("kind: growth\n        value", "kind: rate\n        value", ["rate", "growth"]),
        ("value: 938.4", "valeu: 938.4", ["valeu", "value"]),
        (
            "period: 2020-01/2020-09\n        kind: observed\n        value: 938.4",
            'period: "2020"\n        kind: observed\n        value: 1350.5',
            ["online_retail", "twice"],
        ),
    ],
)
def test_mistakes_in_plan_yaml_are_explained(copy: Path, old: str, new: str, words: list[str]) -> None:
    """A wrong key, word, number, date or reference is refused; the message names file and field and the remedy."""
    edit(copy, old, new)
    with pytest.raises(PlanError) as caught:
        load_plan(copy)
    text = str(caught.value)
    assert "plan/plan.yaml" in text
    for word in words:
        assert word in text
    assert caught.value.problems[0].zh != caught.value.problems[0].en


def test_yaml_problem_names_the_line(copy: Path) -> None:
    """The row of a problem is the line on which the key stands."""
    text = (copy / "plan.yaml").read_text(encoding="utf-8")
    line = text[: text.index("kind: cumulative_count")].count("\n") + 1
    edit(copy, "kind: cumulative_count", "kind: heap")
    with pytest.raises(PlanError) as caught:
        load_plan(copy)
    assert [(p.row, p.field) for p in caught.value.problems] == [(line, "indicators.1.kind")]


@pytest.mark.parametrize(
    ("file", "old", "new", "row", "word"),
    [
        ("tasks.csv", "title_zh", "titel_zh", 1, "title_zh"),
        ("tasks.csv", ",task,3,", ",duty,3,", 2, "duty"),
        ("tasks.csv", "T3.1.2,", "T3.1.1,", 3, "T3.1.1"),
        ("statements.csv", "ST-002,0,", "ST-002,zero,", 3, "zero"),
        ("contradictions.csv", ",internal,high,", ",internal,grave,", 2, "grave"),
        ("contradictions.csv", "IC-03,", "IC-03,extra,", 4, "14"),
    ],
)
def test_mistakes_in_tables_are_explained(copy: Path, file: str, old: str, new: str, row: int, word: str) -> None:
    """A wrong cell or head is refused with its file and its row as a spreadsheet counts it."""
    edit(copy, old, new, file=file)
    with pytest.raises(PlanError) as caught:
        load_plan(copy)
    first = caught.value.problems[0]
    assert (first.file, first.row) == (f"plan/{file}", row)
    assert word in str(caught.value)


def test_a_plan_may_have_no_tasks_statements_or_contradictions(copy: Path) -> None:
    """A file of what a plan has none of need not be there."""
    for file in ("tasks.csv", "contradictions.csv"):
        (copy / file).unlink()
    found = load_plan(copy)
    assert (found.tasks, found.contradictions) == ((), ())
    assert len(found.statements) == 87


def test_a_folder_that_is_no_plan_is_explained(data: Path) -> None:
    """The roster's folder handed in for the plan's is told by what it lacks and what it holds."""
    with pytest.raises(PlanError, match=r"plan\.yaml.*\n.*areas\.csv"):
        load_plan(data / "areas")


SMALL = """\
id: small
title: 某省绿色出行规划
area: S
period: [2024, 2027]
units: [{id: percent, zh: "%"}, {id: tce, zh: 吨标准煤}]
indicators:
  - id: share
    name: 绿色出行比例
    unit: percent
    kind: share
    direction: up
    baseline: {year: 2023, value: 40}
    targets: [{year: 2027, value: 50}, {year: 2030, value: 60}]
    allocation: same
  - id: intensity
    name: 能耗强度
    unit: tce
    direction: down
    baseline: {year: 2022, value: 40}
    targets: [{year: 2027, value: 34}]
"""


def small(tmp_path: Path, text: str = SMALL) -> Plan:
    folder = tmp_path / "kept"
    folder.mkdir(exist_ok=True)
    (folder / "plan.yaml").write_text(text, "utf-8")
    return load_plan(folder)


def refused(tmp_path: Path, text: str) -> list[tuple[int | None, str | None, str, str]]:
    with pytest.raises(PlanError) as caught:
        small(tmp_path, text)
    return [(p.row, p.field, p.zh, p.en) for p in caught.value.problems]


def test_what_a_plan_may_lack_has_a_sensible_default(tmp_path: Path) -> None:
    """One file in one language is a plan: no number, version, outlook, ids of targets, definitions, quotes or places."""
    plan = small(tmp_path)
    assert (plan.langs, plan.version, plan.number, plan.outlook, plan.baseline_year) == (("zh",), "1", "", 2030, 2022)
    share, intensity = plan.indicators
    assert [(t.id, t.outlook, t.origin) for t in share.targets] == [
        ("share_2027", False, "table"),
        ("share_2030", True, "table"),
    ]
    assert (share.additive, intensity.additive, intensity.allocation) == (False, True, "none")
    assert share.short == share.name
    assert (share.definition, share.attribute, share.baseline.chapter) == (None, None, None)
    assert [i.baseline.year for i in plan.indicators] == [2023, 2022]


def test_parts_may_have_targets_where_the_whole_has_none(tmp_path: Path) -> None:
    """A target without a value says for which year the parts have theirs, in the ledger."""
    text = SMALL.replace("{year: 2022, value: 40}", "{year: 2022}").replace("{year: 2027, value: 34}", "{year: 2027}")
    plan = small(tmp_path, text)
    assert plan.indicator("intensity").targets[0].value is None
    assert plan.indicator("intensity").baseline.value is None


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("allocation: same", "allocation: baseline_share", "indicators.share.allocation", ["same", "none"]),
        ("allocation: same", "allocation: same\n    additive: true", "indicators.share.allocation", ["equal"]),
        ("direction: down", "direction: up", "indicators.intensity.targets.2027", ["worse", "hold: true"]),
        ("name: 能耗强度", "name: Energy intensity", "indicators.intensity.name", ["Chinese", "one language"]),
        ("name: 能耗强度", "name: {zh: 每万元, 10000元能耗}", "indicators.1.name.10000元能耗", ["comma", "quotes"]),
        ("direction: down", "direction： down", None, ["full-width colon", "':'"]),
        ("period: [2024, 2027]", "period: [2024，2027]", "period.0", ["full-width comma", "','"]),
        (
            "year: 2027, value: 34",
            "year: ２０２７, value: 34",
            "indicators.1.targets.0.year",
            ["full-width digit", "'2'"],
        ),
        ("    direction: down\n", "", "indicators.1.direction", ["required", "Such as: up"]),
        ("kind: share", "kinds: share", "indicators.0.kinds", ["Did you mean 'kind'"]),
        ("kind: share", "colour: share", "indicators.0.colour", ["direction", "baseline"]),
        ("id: intensity", "id: 能耗", "indicators.1.id", ["lower-case letters"]),
    ],
)
def test_a_slip_is_named_with_its_line_and_what_would_be_accepted(
    tmp_path: Path, old: str, new: str, field: str | None, words: list[str]
) -> None:
    """Each slip is one problem, on its line where it has one, that says what to write instead."""
    assert SMALL.count(old) >= 1
    found = refused(tmp_path, SMALL.replace(old, new))
    assert [f for _, f, _, _ in found] == [field], found
    line, _, zh, en = found[0]
    for word in words:
        assert word in en
    assert zh != en
    if "full-width" in words[0]:
        assert line == SMALL[: SMALL.index(old)].count("\n") + 1


def test_a_limit_that_is_kept_already_is_a_target_when_it_says_so(tmp_path: Path) -> None:
    """At most 45 where the baseline has 40: refused as a slip unless it is said to be a limit to be kept."""
    text = SMALL.replace("{year: 2027, value: 34}", "{year: 2027, value: 45, hold: true}")
    assert small(tmp_path, text).indicator("intensity").targets[0].value == 45


def test_all_files_of_a_plan_are_checked_at_once(copy: Path) -> None:
    """A slip in each of three files is three problems in one message."""
    edit(copy, "unit: cny_100m", "unit: cny_10m")
    edit(copy, ",task,3,", ",duty,3,", file="tasks.csv")
    edit(copy, ",internal,high,", ",internal,grave,", file="contradictions.csv")
    with pytest.raises(PlanError) as caught:
        load_plan(copy)
    assert {p.file for p in caught.value.problems} == {
        f"plan/{f}" for f in ("plan.yaml", "tasks.csv", "contradictions.csv")
    }


def test_another_citys_plan_loads_by_data_alone() -> None:
    """A plan of other indicators, with a share, a falling target and a responsible body, needs no code."""
    other = load_plan(HERE / "other_plan")
    assert [i.id for i in other.indicators] == ["runoff_control", "flood_spots"]
    assert other.indicator("flood_spots").direction == "down"
    assert other.indicator("runoff_control").responsible is not None
    assert other.target_years == (2025, 2030)
    assert (other.goals, other.contradictions) == ((), ())


def test_digest_follows_content_not_place(data: Path, copy: Path, plan: Plan) -> None:
    """A copy has the same digest, Windows line ends included; a changed word has another."""
    for path in copy.glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_plan(copy).digest == plan.digest
    edit(copy, "重庆市商务委员会", "重庆市商务局")
    assert load_plan(copy).digest != plan.digest


def test_every_indicator_says_what_it_is_and_where_it_comes_from_in_both_languages(plan: Plan) -> None:
    """Definition, source system and frequency are there in Chinese and English; what no source gives is left out."""
    for i in plan.indicators:
        for text in (i.definition, i.source_system, i.frequency, i.known_breaks, i.responsible):
            if text is not None:
                assert any("\u4e00" <= c <= "\u9fff" for c in text.zh)
                assert not any("\u4e00" <= c <= "\u9fff" for c in text.en)
        assert i.definition
        assert i.source_system
        assert i.frequency


def test_doubtful_figures_are_named_where_a_program_can_read_them(plan: Plan, public: Ledger) -> None:
    """Each doubt names one row of the public ledger; a bureau's own figure for the same year is not doubted."""
    retail = plan.indicator("online_retail")
    assert [(d.period, d.kind, d.value) for d in retail.doubtful] == [
        ("2020", "observed", 1350.5),
        ("2020-01/2020-09", "observed", 938.4),
        ("2021/2024", "growth", 17.5),
    ]
    for indicator in plan.indicators:
        f = public.frame
        rows = f[(f["indicator"] == indicator.id) & (f["area"] == plan.area)]
        for doubt in indicator.doubtful:
            covered = [doubt.covers(r.period, r.kind, r.value) for r in rows.itertuples()]
            assert covered.count(True) == 1, (indicator.id, doubt.period)
            assert doubt.reason.zh and doubt.reason.en
    assert retail.doubt("2020", "provisional", 1350.5) is retail.doubtful[0]
    assert retail.doubt("2020", "observed", 1400.0) is None
    assert retail.doubt("2023", "observed", 1800.0) is None


def test_the_sums_told_with_the_doubts_can_be_redone(plan: Plan) -> None:
    """1350.5 × 1.175⁴ = 2574; 2574 / 1800 = 1.43; (1800 / 1350.5)^(1/3) = 1.101: what a reader is told follows."""
    retail = plan.indicator("online_retail")
    level, _, growth = retail.doubtful
    then = level.value * (1 + growth.value / 100) ** 4
    more = 100 * (then / retail.baseline.value - 1)
    assert f"2024年应达{then:.0f}亿元，即须比规划基数一年增长{more:.0f}%" in level.reason.zh
    assert f"{then / 10:.1f} billion" in level.reason.en and f"{more:.0f}%" in level.reason.en
    pace = f"{100 * ((retail.baseline.value / level.value) ** (1 / 3) - 1):.1f}%"
    assert f"三年年均增长{pace}" in growth.reason.zh and f"is {pace} a year" in growth.reason.en
