"""A plan that sets targets for its parts alone: its papers tell of them, and of nothing that it does not have."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from filled import PLAN, fill

from greenreport import begin, present
from greenreport.assess import Evidence, Options, assess, assess_goals, gaps, past_verdicts, quality, sensitivity
from greenreport.assess.sensitivity import _settings
from greenreport.present import papers as paper
from greenreport.present.advice import data_needs
from greenreport.present.conclusions import GOOD, parts_good, parts_unknown
from greenreport.present.indicator_views import counts_by_verdict
from greenreport.present.messages import say
from greenreport.present.problems import Grounds

TODAY = dt.date(2026, 7, 1)
NAMES = {"zh": ("绿色包装占比", "塑料占比", "回收箱"), "en": ("Green packaging", "Plastic share", "Return boxes")}
UNITS = {"zh": ("%", "%", "个"), "en": ("%", "%", "boxes")}
PLANS = {
    "zh": PLAN,
    "en": {
        "Title in English": "Green plan of the Group",
        "Name of the whole in English": "the Group",
        "A part is called, in English": "store",
        "Several parts are called, in English": "stores",
        "First year": 2023,
        "Last year": 2027,
        "Data as known on": "2026-06-30",
    },
}
KINDS = (("比率", "升", 1), ("比率", "降", 1), ("累计数", "升", 0))
STEP = (2.0, -2.0, 4.0)


def made(folder: Path, lang: str, n: int = 5) -> Evidence:
    """A plan in one language: `n` parts, the last of which has neither targets nor figures of boxes; one gap."""
    tongue = {"zh": "Chinese", "en": "English"}[lang]
    ids, targets, figures = ("pack", "plastic", "boxes"), [], []
    for k in range(n):
        for x, (id, step) in enumerate(zip(ids, STEP, strict=True)):
            if id == "boxes" and k == n - 1:
                continue
            base = (30.0, 60.0, 20.0)[x] + k
            targets.append({"Indicator": id, "Area": f"S{k}", "2027": base + 5 * step})
            pace = step * (0.0 if id == "boxes" and k == 0 else 0.4 + 0.3 * k)
            years = {str(y): base + round(pace * (y - 2022)) for y in range(2018, 2026) if (k, y) != (1, 2024)}
            figures.append({"Indicator": id, "Area": f"S{k}", "Published on": "2026-03-01", **years})
    path = fill(
        folder / "plan.xlsx",
        plan=PLANS[lang],
        areas=[{"Code": f"S{k}", f"Name in {tongue}": f"{'店' if lang == 'zh' else 'Store '}{k}"} for k in range(n)],
        indicators=[
            {
                "Id": id,
                f"Name in {tongue}": NAMES[lang][x],
                f"Unit in {tongue}": UNITS[lang][x],
                "Type": KINDS[x][0],
                "Direction": KINDS[x][1],
                "Decimals": KINDS[x][2],
                "Baseline year": 2022,
            }
            for x, id in enumerate(ids)
        ],
        targets=targets,
        figures=figures,
    )
    begin.write(begin.read_workbook(path, today=TODAY), folder / "p")
    home = folder / "p/data"
    return Evidence.load(plan=home / "plan", areas=home / "areas", data=home / "ledger", as_of="2026-06-30")


@pytest.fixture(scope="module")
def of_parts(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Evidence]:
    """The plan in a language, with its number of parts: each made once."""
    return functools.cache(lambda *asked: made(tmp_path_factory.mktemp("plan"), *asked))


@pytest.fixture(scope="module", params=["zh", "en"])
def told(request: pytest.FixtureRequest, of_parts: Callable[..., Evidence]) -> dict[str, str]:
    """Paper → its text; and the language."""
    evidence = of_parts(request.param)
    lang = present.Tongue(request.param, evidence.plan.level)
    city = assess(evidence, area="ALL")
    parts = tuple(assess(evidence, area=d.code) for d in evidence.districts)
    whole = evidence.area("ALL")
    goals = assess_goals(evidence, city.options)
    state = quality(evidence, evidence.districts, options=city.options, whole=whole)
    past = past_verdicts(evidence, city.indicators, area=whole, options=city.options)
    firm = sensitivity(evidence, city.indicators, area=whole, options=city.options)
    grounds = present.Grounds(evidence.roster, gaps(evidence.plan, city, parts), state, goals)
    report = paper.report(evidence, city, parts, lang, grounds, past=past, firm=firm)
    brief = paper.brief(city, evidence.plan, parts, lang, grounds)
    last = parts[-1]
    here = evidence.plan_for(evidence.area(last.area))
    sheet = paper.sheet(last, here, city, lang, roster=evidence.roster, places={}, quality=state)
    found = {"report": report, "brief": brief, "sheet": sheet}
    return {"lang": request.param} | {
        name: "\n".join(getattr(one, "markdown", getattr(one, "alt", "")) for one in shown)
        for name, shown in found.items()
    }


def test_no_paper_tells_of_a_whole_tasks_or_goals_that_the_plan_does_not_have(told: dict[str, str]) -> None:
    """No empty table, no chapter that only says that there is nothing, no achievement of a whole without targets."""
    never = {
        "zh": (
            "重点任务",
            "正文",
            "已达到或基本达到时序进度，仍有",
            "尚无可用数据",
            "目标推算",
            "区县",
            "全市",
            "地区",
            "0个为",
        ),
        "en": ("Tasks", "text", "is on or nearly on schedule, but", "No usable data", "derived", "districts", " city"),
    }[told["lang"]]
    for name in ("report", "brief", "sheet"):
        for words in never:
            assert words not in told[name], (name, words)


def test_the_papers_tell_of_the_parts(told: dict[str, str]) -> None:
    """How many targets stand where, class by class, and what those at risk are to do."""
    words = {
        "zh": ("有结论的14项2027年目标中", "对策建议", "5个门店"),
        "en": ("of 14 targets for 2027", "Recommendations", "5 stores"),
    }
    for one in words[told["lang"]]:
        assert one in told["report"]


def test_a_part_without_target_and_figures_is_not_asked(told: dict[str, str]) -> None:
    """The last store has no boxes: its sheet does not name them."""
    assert NAMES[told["lang"]][2] not in told["sheet"]


def test_what_a_part_is_asked_for_is_what_it_has_targets_of(of_parts: Callable[..., Evidence]) -> None:
    """A year that is missing counts as missing, though the plan itself shares nothing out; others owe nothing."""
    evidence = of_parts("zh")
    assert evidence.view.asked("S0") == {"pack", "plastic", "boxes"}
    assert evidence.view.asked("S4") == {"pack", "plastic"}
    assert evidence.view.asked("ALL") == frozenset()
    parts = tuple(assess(evidence, area=d.code) for d in evidence.districts)
    assert sum(counts_by_verdict(parts, evidence.plan.indicator("boxes")).values()) == 4
    state = quality(evidence, evidence.districts, options=parts[0].options, whole=evidence.area("ALL"))
    assert {(c.area, c.year) for c in state.having("missing")} == {("S1", 2024)}


def test_a_count_that_stood_still_is_not_said_to_have_risen_by_nothing(of_parts: Callable[..., Evidence]) -> None:
    """The first store's boxes stayed at 20."""
    evidence = of_parts("en")
    one = assess(evidence, area="S0").indicator("boxes")
    lang = present.Tongue("en", evidence.plan.level)
    said = present.indicator_text(one, evidence.plan.indicator("boxes"), lang=lang, level=0.8).markdown
    assert "did not change" in said
    assert "rose by 0" not in said


def test_there_is_no_chapter_on_earlier_verdicts_before_anything_was_published(
    of_parts: Callable[..., Evidence],
) -> None:
    """All figures came out on one day: a row of “not assessable” for the years before would tell nothing."""
    evidence = of_parts("zh", 2)
    area = evidence.area("S0")
    one = assess(evidence, area="S0")
    past = past_verdicts(evidence, one.indicators, area=area, options=one.options)
    assert {len(row) for row in past.values()} == {1}
    assert list(present.history_chapter(past, one, evidence.plan, "zh")) == []


def test_parts_at_risk_are_named_and_advised_once(told: dict[str, str]) -> None:
    """Problems name the parts least likely to meet their target; the advice is one item, with no repeated sentence."""
    here = "门店" if told["lang"] == "zh" else "stores"
    least, advice = {"zh": ("达标可能性最小的是店", "建议督促"), "en": ("least likely to meet", "Have the stores")}[
        told["lang"]
    ]
    for name in ("report", "brief"):
        assert least in told[name]
        assert here in told[name]
        assert told[name].count(advice) == 1


def test_what_most_parts_are_behind_on_is_no_achievement(of_parts: Callable[..., Evidence]) -> None:
    """An indicator is told under achievements where at least half of the parts with a verdict do well on it."""
    evidence = of_parts("en")
    parts = tuple(assess(evidence, area=d.code) for d in evidence.districts)
    text = "\n".join(say(one, "en") for one in parts_good(parts, evidence.plan))
    well = {}
    for indicator in evidence.plan.indicators:
        counts = counts_by_verdict(parts, indicator)
        judged, good = sum(counts.values()) - counts["not_assessable"], sum(counts[v] for v in GOOD)
        well[indicator.name["en"].lower()] = 2 * good >= judged
    assert set(well.values()) == {True, False}
    assert {name: name in text.lower() for name in well} == well


def test_an_annex_of_a_plan_without_a_whole_points_to_the_parts(of_parts: Callable[..., Evidence]) -> None:
    """That there is no figure yet would be wrong: every store has them, and the methods’ findings are on its page."""
    evidence = of_parts("en")
    lang = present.Tongue("en", evidence.plan.level)
    (one,) = present.second_chapter(assess(evidence, area="ALL"), evidence.plan, lang)
    text = one.markdown
    assert "no later figure" not in text
    assert "page of each store" in text
    terms = [shown for shown in present.terms_chapter(evidence.plan, lang) if hasattr(shown, "sheet")]
    told = " ".join(str(row) for row in terms[0].sheet.rows)
    assert ("taken from the plan" in told) == all(i.baseline.value is not None for i in evidence.plan.indicators)


def test_a_falling_indicator_is_tried_with_falling_priors(of_parts: Callable[..., Evidence]) -> None:
    """A level that must fall is drawn towards no change, −3 and −6 % a year: the mirror of what is tried for the others."""
    evidence = of_parts("en")
    plan = evidence.plan
    level = replace(plan.indicator("plastic"), kind="flow", additive=False)
    for direction, sign in (("down", -1.0), ("up", 1.0)):
        tried = [size for id, size, _ in _settings(Options(), replace(level, direction=direction)) if id == "prior"]
        assert tried == [0.0, sign * 0.03, sign * 0.06]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_part_without_any_figure_is_asked_for_all_years(of_parts: Callable[..., Evidence], lang: str) -> None:
    """The baseline year alone would allow no verdict: all years since then are asked for, in one item."""
    evidence = of_parts(lang, 2)
    found = assess(evidence, area="S0")
    bare = [
        replace(
            one,
            points=(),
            outlook=replace(one.outlook, ok=False, steps=()),
            grades=tuple(replace(g, verdict="not_assessable", reasons=("missing_base",)) for g in one.grades),
        )
        for one in found.indicators
    ]
    empty = replace(found, indicators=tuple(bare))
    assert found.known
    assert not empty.known
    needs = data_needs(empty, evidence.plan, Grounds(evidence.roster))
    assert len(needs) == 1
    assert {"zh": "2022—2025年", "en": "2022–2025"}[lang] in say(needs[0], lang)


def test_the_same_unknown_parts_are_told_once(of_parts: Callable[..., Evidence]) -> None:
    """A store without any verdict is one item for all its indicators."""
    evidence = of_parts("en", 2)
    parts = tuple(assess(evidence, area=d.code) for d in evidence.districts)
    blank = tuple(
        replace(one, grades=tuple(replace(g, verdict="not_assessable") for g in one.grades))
        for one in parts[0].indicators
    )
    found = parts_unknown((replace(parts[0], indicators=blank), parts[1]), evidence.plan)
    assert len(found) == 1
    assert all(i.name["en"].lower() in say(found[0], "en").lower() for i in evidence.plan.indicators)
