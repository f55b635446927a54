"""Targets as plans write them: limits, ranges, levels to be held; for the whole and for its parts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from filled import PLAN, fill

from greenreport import begin
from greenreport.assess import Evidence, assess
from greenreport.begin.targets import Bound, bound
from greenreport.errors import DataError
from greenreport.plan import load_plan

TODAY = dt.date(2026, 7, 1)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("60", Bound("level", (60.0,))),
        ("-1.5", Bound("level", (-1.5,))),
        ("６０％", Bound("level", (60.0,))),
        ("不低于60%", Bound("least", (60.0,))),
        ("60以上", Bound("least", (60.0,))),
        ("At least 1,250", Bound("least", (1250.0,))),
        ("≤45", Bound("most", (45.0,))),
        ("控制在45以内", Bound("most", (45.0,))),
        ("no more than 45 %", Bound("most", (45.0,))),
        ("20～25", Bound("range", (20.0, 25.0))),
        ("25%—20%", Bound("range", (20.0, 25.0))),
        ("20 to 25", Bound("range", (20.0, 25.0))),
        ("保持", Bound("hold")),
        ("Hold", Bound("hold")),
        ("翻一番", None),
        ("60左右", None),
    ],
)
def test_a_cell_is_read_as_people_write_targets(text: str, read: Bound | None) -> None:
    """Numbers, limits, ranges and what is to be held, in both languages; what is none of these is not guessed."""
    assert bound(text, {"zh": "%"}) == read


def book(path: Path, targets: list[dict[str, object]]) -> Path:
    """A whole with two parts, a share that rises, one that falls, and figures of the baseline year but for one part."""
    indicators = [
        {"Id": "rate", "Direction": "up", "Baseline": 40},
        {"Id": "waste", "Direction": "down", "Baseline": 50},
    ]
    common = {"Unit in Chinese": "%", "Decimals": 1, "Type": "比率", "Baseline year": 2023}
    return fill(
        path,
        plan=PLAN,
        areas=[{"Code": code, "Name in Chinese": f"{code}店"} for code in ("A", "B")],
        indicators=[{**i, "Name in Chinese": f"{i['Id']}率", **common} for i in indicators],
        targets=targets,
        figures=[{"Indicator": i, "Area": "A", "2023": 40, "2024": 42, "2025": 43} for i in ("rate", "waste")],
    )


def test_ranges_limits_and_holds_reach_the_plan_and_the_ledger(tmp_path: Path) -> None:
    """Of a range the end reached first decides, the other is shown; a limit that the baseline keeps is to be held."""
    path = book(
        tmp_path / "plan.xlsx",
        [
            {"Indicator": "rate", "2026": "45～50", "2028": "不低于55"},
            {"Indicator": "waste", "2028": "不超过60"},
            {"Indicator": "rate", "Area": "A", "2028": "保持"},
            {"Indicator": "waste", "Area": "A", "2028": "30～25"},
        ],
    )
    begin.write(begin.read_workbook(path, today=TODAY), tmp_path / "p")
    plan = load_plan(tmp_path / "p/data/plan")
    rate, waste = plan.indicators
    assert [(t.year, t.value) for t in rate.targets] == [(2026, 45.0), (2028, 55.0)]
    assert rate.targets[0].label is not None
    assert rate.targets[0].label["zh"] == "区间45—50"
    assert waste.targets[0].value == 60.0
    home = tmp_path / "p/data"
    evidence = Evidence.load(plan=home / "plan", areas=home / "areas", data=home / "ledger", as_of="2026-06-30")
    own = evidence.view.own_targets
    assert own == {("rate", "A", 2028): 40.0, ("waste", "A", 2028): 30.0}
    assert "30~25" in (home / "ledger/figures.csv").read_text("utf-8")
    held = assess(evidence, area="A").indicator("rate").head
    assert held is not None
    assert held.rule == "hold"


def test_a_target_that_cannot_be_meant_is_refused_with_its_cell(tmp_path: Path) -> None:
    """At most where more is better, a hold without a baseline, words: each with the cell and what may be written."""
    path = book(
        tmp_path / "plan.xlsx",
        [
            {"Indicator": "rate", "2028": "at most 45"},
            {"Indicator": "waste", "2028": "翻一番"},
            {"Indicator": "rate", "Area": "B", "2028": "hold"},
        ],
    )
    with pytest.raises(DataError) as caught:
        begin.read_workbook(path, today=TODAY)
    said = "\n".join(p.en for p in caught.value.problems)
    for words in ("against the direction of 'rate'", "at least 60, at most 45, 20 to 25, hold", "no figure for 2023"):
        assert words in said
    assert all(str(p.field).startswith("目标") for p in caught.value.problems if "no target" not in p.en)


def test_a_range_the_wrong_way_round_is_refused(tmp_path: Path) -> None:
    """In plan.yaml the far end lies beyond the end that decides."""
    path = book(tmp_path / "plan.xlsx", [{"Indicator": "rate", "2028": "45～50"}, {"Indicator": "waste", "2028": 30}])
    begin.write(begin.read_workbook(path, today=TODAY), tmp_path / "p")
    file = tmp_path / "p/data/plan/plan.yaml"
    file.write_text(file.read_text("utf-8").replace("to: 50.0", "to: 41.0"), "utf-8")
    with pytest.raises(DataError, match="the end that is reached first"):
        load_plan(file.parent)
