"""Makes the demonstration status of the plan's tasks: synthetic, seeded, marked as such in every row.

    python data/demo/generate_tasks.py [FOLDER]    writes FOLDER/tasks/status.csv; default: the folder of this script

Nothing here says anything of real work: statuses are drawn from SEED, owners are invented rooms, and the evidence is a
sentence that calls itself a demonstration. A task that the plan links to figures agrees with the demonstration's own:
it is not done before they reach their target, not unstarted once they have moved, and late where they are behind
schedule. Rerunning writes the same bytes.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

from settings import COUNTS, FLOWS, SORTING_CENTRES

from greenreport.plan import Plan, Task, load_plan
from greenreport.progress import NEARLY_ON_SCHEDULE
from greenreport.tasks import FILE, STATUSES

SEED = 20240513
HERE = Path(__file__).resolve().parent
DAYS = ("2025-06-20", "2026-06-15", "2026-07-20")
"""Two rounds before the usual cut-off, and one after it that no report may look at."""

NOTE = "演示数据（合成）"
ROOMS = {"演示一处": "demo room 1", "演示二处": "demo room 2", "演示三处": "demo room 3", "演示四处": "demo room 4"}
UNREPORTED = 0.07
# How far work has come in each round, as weights of the statuses.
ROUNDS = (
    {"not_started": 30, "in_progress": 60, "late": 6, "done": 4},
    {"not_started": 8, "in_progress": 58, "late": 12, "done": 22},
    {"not_started": 5, "in_progress": 52, "late": 10, "done": 33},
)
EVIDENCE = {
    "not_started": ("", ""),
    "in_progress": ("演示依据：已印发方案并开展工作", "demonstration: a scheme was issued and work has begun"),
    "late": (
        "演示依据：牵头单位报告进度晚于年度安排",
        "demonstration: the lead body reports that it is behind schedule",
    ),
    "done": ("演示依据：验收材料已归档", "demonstration: the acceptance papers are filed"),
}


def draw(*key: object) -> random.Random:
    """A stream of its own for each purpose: adding one never moves another."""
    return random.Random(":".join(map(str, (SEED, "tasks", *key))))


def standings(plan: Plan, year: int) -> dict[str, tuple[bool, bool, bool]]:
    """What the city's figures of a year say of each thing that has any: target met, moved at all, behind schedule."""
    out = {}
    for i in plan.indicators:
        path = FLOWS[i.id].city if i.id in FLOWS else COUNTS[i.id]
        base, target = i.baseline, i.targets[0]
        done = (path[year] - base.value) / (target.value - base.value)
        share = (year - base.year) / (target.year - base.year)
        out[i.id] = (done >= 1, done > 0, done < share - NEARLY_ON_SCHEDULE)
    wanted = next(g.value for g in plan.goals if g.series == "green_sorting_centre")
    out["green_sorting_centre"] = (SORTING_CENTRES[year] >= (wanted or 0), SORTING_CENTRES[year] > 0, False)
    return out


def agreed(task: Task, status: str, known: dict[str, tuple[bool, bool, bool]]) -> str:
    """The status drawn, unless the figures that the plan links to the task say otherwise."""
    linked = [known[i] for i in task.indicators if i in known]
    if not linked or all(met for met, _, _ in linked):
        return status
    if any(behind for _, _, behind in linked):
        return "late"
    if status in ("done", "late") or (status == "not_started" and any(moved for _, moved, _ in linked)):
        return "in_progress"
    return status


def history(task: Task, plan: Plan) -> list[tuple[str, str]]:
    """The day and the status of each report; what is done stays done, what was begun is never un-begun."""
    if draw("silent", task.id).random() < UNREPORTED:
        return []
    out: list[tuple[str, str]] = []
    before = ""
    for day, weights in zip(DAYS, ROUNDS, strict=True):
        drawn = draw(task.id, day).choices(list(weights), list(weights.values()))[0]
        status = agreed(task, drawn, standings(plan, int(day[:4]) - 1))
        if before == "done" or (before and status == "not_started"):
            status = before
        out.append((day, status))
        before = status
    return out


def main(folder: Path) -> None:
    """Write the status of every task into `folder`."""
    plan = load_plan(HERE.parent / "plan")
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["task", "title", "as_of", "status", "evidence", "owner", "note", "evidence_en", "owner_en"])
        for task in plan.tasks:
            owner = draw("owner", task.chapter_no).choice(list(ROOMS))
            for day, status in history(task, plan):
                zh, en = EVIDENCE[status]
                writer.writerow([task.id, task.title.zh, day, STATUSES[status], zh, owner, NOTE, en, ROOMS[owner]])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
