"""How fast figures come in, and with how much memory, next to pandas reading the same file and doing nothing else.

    python benchmarks/intake.py [--rows 1000000] [--sheet-rows 100000] [--repeat 3]

Each measurement runs in a process of its own, so that its peak memory is its own. Seconds are those of the processor,
so that a busy machine counts little; modules are imported before the clock starts, for pandas as for this package. The
tasks take turns `--repeat` times; the least time of each counts, and the highest peak. The file has the ledger's columns:
40 areas, the plan's indicators, 25 years, and as many vintages as the rows need.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greenreport.areas import Roster
    from greenreport.intake.read_result import Understood
    from greenreport.plan import Plan

ROOT = Path(__file__).parents[1]
_MODULES = ("intake.reading", "intake.actions", "checks", "stores.folder", "areas", "plan")
HEAD = 'synthetic = true\n[title]\nzh = "基准"\nen = "Benchmark"\n'


def write_rows(path: Path, rows: int) -> int:
    """A long CSV with as many rows of the ledger as asked for, each with a key and vintage of its own."""
    import numpy as np
    import pandas as pd

    from greenreport.areas import load_roster
    from greenreport.plan import load_plan

    plan, roster = load_plan(ROOT / "data" / "plan"), load_roster(ROOT / "data" / "areas")
    areas = np.array(
        [
            a.code
            for a in roster.areas
            if a.kind not in ("nation", "city") and a.valid_from is None and a.valid_to is None
        ],
        dtype=object,
    )
    ids = np.array([i.id for i in plan.indicators], dtype=object)
    units = {i.id: i.unit.zh for i in plan.indicators}
    years = np.arange(2000, 2025)
    first = dt.date(2025, 1, 1)
    per_day = len(areas) * len(ids) * len(years)
    days = np.array([str(first + dt.timedelta(days=int(d))) for d in range(rows // per_day + 1)], dtype=object)
    generator = np.random.default_rng(7)

    def block(start: int, stop: int) -> pd.DataFrame:
        n = np.arange(start, stop)
        period = years[n // (len(ids) * len(areas)) % len(years)]
        unit = np.array([units[i] for i in ids], dtype=object)[n % len(ids)]
        counted = np.isin(unit, ["家", "个"])
        value = np.where(counted, period - 1990.0, np.round(50 + 10 * generator.random(len(n)), 2))
        fixed = {"kind": "observed", "scope": "", "source": "年报", "grade": "S", "note": "", "growth_pct": ""}
        return pd.DataFrame({
            "indicator": ids[n % len(ids)],
            "area": areas[n // len(ids) % len(areas)],
            "period": period,
            "value": value,
            "unit": unit,
            "vintage": days[n // per_day],
            "source_address": "https://example.invalid/annual",
            **fixed,
        })  # fmt: skip

    if path.suffix == ".xlsx":
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("rows")
        frame = block(0, rows)
        sheet.append(list(frame.columns))
        for row in frame.itertuples(index=False):
            sheet.append([v.item() if hasattr(v, "item") else v for v in row])
        book.save(path)
        return rows
    with path.open("w", encoding="utf-8", newline="") as file:
        for start in range(0, rows, 250_000):
            part = block(start, min(start + 250_000, rows))
            part.to_csv(file, index=False, header=start == 0, lineterminator="\n")
    return rows


def pandas_alone(path: Path) -> int:
    """What pandas takes to read the file into memory."""
    import pandas as pd

    return len(pd.read_csv(path) if path.suffix == ".csv" else pd.read_excel(path))


def understand(path: Path) -> int:
    """Reading and judging every row."""
    from greenreport.areas import load_roster
    from greenreport.plan import load_plan

    return len(_understood(path, load_plan(ROOT / "data" / "plan"), load_roster(ROOT / "data" / "areas")).rows)


def import_whole(path: Path) -> int:
    """Reading, judging, comparing with an empty ledger, and writing with fsync."""
    from greenreport.areas import load_roster
    from greenreport.intake import actions, preview
    from greenreport.observations import Ledger
    from greenreport.plan import load_plan
    from greenreport.stores import create_store
    from greenreport.stores.base import ledger_of
    from greenreport.stores.rows import stacked

    plan, roster = load_plan(ROOT / "data" / "plan"), load_roster(ROOT / "data" / "areas")
    with tempfile.TemporaryDirectory() as folder:
        store = create_store(Path(folder) / "ledger", head=HEAD)
        empty: Ledger = ledger_of(stacked([]), HEAD, plan=plan, roster=roster, name="empty")
        shown = preview.preview(_understood(path, plan, roster), empty, version=store.version())
        record = actions.commit(shown, store, who="benchmark", when=dt.date(2040, 1, 1))
        assert record is not None
        return record.new


def check_whole(path: Path) -> int:
    """Reading the file as a ledger and checking it."""
    from greenreport.areas import load_roster
    from greenreport.checks import check_store
    from greenreport.plan import load_plan
    from greenreport.stores import open_store

    result = check_store(
        open_store(path), plan=load_plan(ROOT / "data" / "plan"), roster=load_roster(ROOT / "data" / "areas")
    )
    assert result.errors == 0, [f.en for f in result.findings[:3]]
    return result.rows


def _understood(path: Path, plan: Plan, roster: Roster) -> Understood:
    from greenreport.intake import reading

    got = reading.read([path], plan=plan, roster=roster, when=dt.date(2040, 1, 1), grade="S")
    assert not len(got.refused), got.refused[0]
    return got


TASKS = {"pandas": pandas_alone, "read": understand, "import": import_whole, "check": check_whole}


def measure(task: str, path: Path, rows: int = 0) -> dict[str, float]:
    """One task in a process of its own: rows, seconds, peak memory in MiB."""
    command = [sys.executable, __file__, "--task", task, "--file", str(path), "--rows", str(rows)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Print one line per measurement."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--sheet-rows", type=int, default=100_000)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--task", choices=["write", *TASKS])
    options.add_argument("--file", type=Path)
    given = options.parse_args()
    if given.task:
        # What any session that already works with figures has loaded.
        for module in ("pandas", "openpyxl", *(f"greenreport.{m}" for m in _MODULES)):
            import_module(module)

        start = time.process_time()
        rows = TASKS[given.task](given.file) if given.task != "write" else write_rows(given.file, given.rows)
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"rows": rows, "seconds": seconds, "peak": peak}))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(
            f"{'file':<22}{'task':<8}{'rows':>10}{'seconds':>9}{'rows/s':>11}{'× pandas':>10}{'MiB':>7}{'× pandas':>10}"
        )
        for name, rows in (("rows.csv", given.rows), ("rows.xlsx", given.sheet_rows)):
            if rows:
                compare(Path(folder) / name, rows, repeat=given.repeat)


def compare(path: Path, rows: int, *, repeat: int) -> None:
    """Measure all tasks on one file, in turns, and print a line for each."""
    measure("write", path, rows)
    tasks = list(TASKS) if path.suffix == ".csv" else ["pandas", "read", "import"]
    rounds = [{task: measure(task, path) for task in tasks} for _ in range(repeat)]
    seconds = {task: min(r[task]["seconds"] for r in rounds) for task in tasks}
    peak = {task: max(r[task]["peak"] for r in rounds) for task in tasks}
    size = f"{path.name} {path.stat().st_size / 1e6:.0f} MB"
    for task in tasks:
        read = rounds[0][task]["rows"]
        print(
            f"{size:<22}{task:<8}{read:>10,.0f}{seconds[task]:>9.2f}{read / seconds[task]:>11,.0f}"
            f"{seconds[task] / seconds['pandas']:>10.2f}{peak[task]:>7,.0f}{peak[task] / peak['pandas']:>10.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
