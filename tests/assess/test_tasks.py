"""The status of the plan's tasks: read strictly, by day, and traced to rows."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from greenreport.errors import DataError
from greenreport.tasks import FILE, load_tasks

ROOT = Path(__file__).resolve().parents[2]
HEAD = "task,title,as_of,status,evidence,owner,note\n"


def written(folder, text):
    (folder / "tasks").mkdir()
    (folder / FILE).write_text(text, "utf-8")
    return folder


def test_the_script_reproduces_the_demonstration(tmp_path):
    """Running the committed script again writes the committed bytes."""
    subprocess.run([sys.executable, ROOT / "data/demo/generate_tasks.py", tmp_path], check=True)
    assert (tmp_path / FILE).read_bytes() == (ROOT / "data/demo" / FILE).read_bytes()


def test_the_demonstration_shows_every_status_and_marks_every_row(plan):
    """All four statuses and an unreported task occur; no row can be taken for a real report."""
    reports = load_tasks(ROOT / "data/demo", plan=plan)
    known = reports.as_of(date(2026, 6, 30))
    assert {r.status for r in known.values()} == {"done", "in_progress", "late", "not_started"}
    assert len(known) < len(plan.tasks)
    assert all("演示" in r.note and "演示" in r.owner.zh and "demo" in r.owner.en for r in reports.reports)


def test_the_demonstration_s_tasks_agree_with_its_figures(plan, city, evidence):
    """Late is every task of an indicator that is behind, as hotels are; the others of indicators are under way."""
    known = load_tasks(ROOT / "data/demo", plan=plan).as_of(evidence.as_of)
    told = 0
    for task in plan.tasks:
        heads = [one.head for one in city.indicators if one.id in task.indicators]
        if not heads or task.id not in known:
            continue
        told += 1
        behind = any(h.schedule == "behind" for h in heads)
        assert known[task.id].status == ("late" if behind else "in_progress"), task.id
    assert told == 12
    assert known["B2.3"].status == "late"
    assert known["B2.5"].status == "in_progress"  # five sorting centres stand, ten are wanted


def test_the_latest_report_up_to_the_day_counts(plan, tmp_path):
    """A report made after the cut-off is not looked at, an older one is replaced."""
    rows = (
        "T3.1.1,,2025-06-20,推进中,,,\nT3.1.1,,2026-06-15,滞后,年度检查,甲处,\nT3.1.1,,2026-07-20,已完成,验收,甲处,\n"
    )
    reports = load_tasks(written(tmp_path, HEAD + rows), plan=plan)
    assert reports.as_of(date(2025, 6, 19)) == {}
    assert reports.as_of(date(2025, 12, 31))["T3.1.1"].status == "in_progress"
    late = reports.as_of(date(2026, 6, 30))["T3.1.1"]
    assert (late.status, late.evidence.zh, late.row) == ("late", "年度检查", f"{FILE}:3")


def test_a_ledger_without_reports_has_none(plan):
    """Nothing reported is not the same as nothing begun."""
    assert load_tasks(ROOT / "data/public", plan=plan).as_of(date(2026, 6, 30)) == {}


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ("T3.1.9,,2026-06-15,推进中,,,", "task", "T3.1.1"),
        ("T3.1.1,,2026-06-15,快了,,,", "status", "推进中"),
        ("T3.1.1,推广绿色消费产品,2026-06-15,推进中,,,", "title", "增加绿色消费产品供给"),
        ("T3.1.1,,2026-06-15,滞后,,,", "evidence", "滞后"),
        ("T3.1.1,,六月,推进中,,,", "as_of", "六月"),
    ],
)
def test_a_wrong_row_is_told_with_file_row_field_and_what_is_expected(plan, tmp_path, row, field, said):
    """An unknown task, an unknown status, a shifted row, a claim without evidence, a date that is none."""
    with pytest.raises(DataError) as caught:
        load_tasks(written(tmp_path, HEAD + row + "\n"), plan=plan)
    (problem,) = caught.value.problems
    assert (str(problem.file), problem.row, problem.field) == (FILE, 2, field)
    assert said in problem.zh
    assert problem.en


def test_two_reports_of_one_task_on_one_day_are_refused(plan, tmp_path):
    """Nobody can tell which of the two holds; blank rows do not shift the count."""
    rows = "T3.1.1,,2026-06-15,推进中,,,\n\nT3.1.1,,2026-06-15,已完成,验收,,\n"
    with pytest.raises(DataError) as caught:
        load_tasks(written(tmp_path, HEAD + rows), plan=plan)
    assert [p.row for p in caught.value.problems] == [4]
