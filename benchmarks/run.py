"""Side by side: the plain way to run papermill and render a set, and greenreport.

    python benchmarks/run.py [--plain 10] [--areas 5,37,200] [--workers 1,2] [--no-render]

The plain way is papermill's command line, one cold kernel per notebook, in a row, then the same pages rendered one
after the other (by Quarto where it is installed, else by the built-in engine). It is measured on every n-th page of
the set and reckoned up to the whole, because it is linear and slow; `--plain 0` runs it on all pages. Each phase is a
process of its own: wall time, CPU time of it and all its children, peak memory of the whole tree (proportional set
size). Nothing is measured twice or picked; run it on an idle machine.
`--workers` adds builds on local Dask clusters of so many worker processes, whose CPU time is not shown.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
BUILD = """
import sys
from pathlib import Path
from greenreport.run import build, params
result = build.build(params.load(sys.argv[1]), out=Path(sys.argv[2]), scheduler=(sys.argv[3:] or [None])[0])
sys.exit(result.exit_code)
"""
RENDER = """
import sys
from greenreport.render import render
sys.exit(bool(render(sys.argv[1], jobs=int(sys.argv[2]) or None).failed))
"""


@dataclass(frozen=True)
class Cost:
    """What a phase took: seconds of wall and of CPU, and megabytes at its peak."""

    wall: float
    cpu: float
    peak: float

    def times(self, factor: float) -> Cost:
        return Cost(self.wall * factor, self.cpu * factor, self.peak)

    def plus(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak))


def measured(command: list[str], *, cwd: Path) -> Cost:
    """Run a command and measure it with all its children; it must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        peak = [0.0]
        done = threading.Event()

        def watch() -> None:
            while not done.wait(1.0):
                peak[0] = max(peak[0], tree_memory(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        assert process.stderr is not None
        said = process.stderr.read()
        code = process.wait()
        done.set()
        watcher.join()
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if code != 0:
        raise SystemExit(f"failed ({code}): {' '.join(command[:6])}\n{said[-3000:]}")
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak[0])


def tree_memory(root: int) -> float:
    """Proportional set size, in MB, of a process and all that descend from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
    tree, grown = {root}, True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in tree} - tree
        tree |= more
        grown = bool(more)
    total = 0
    for pid in tree:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def project(folder: Path, areas: int) -> Path:
    """A copy of the project with so many districts: the first of the roster, or these and clones of them."""
    for name in ("data", "notebooks", "params"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    file = folder / "params/demo.yaml"
    content = yaml.safe_load(file.read_text("utf-8"))
    content["as_of"] = str(content["as_of"])
    codes = [row["code"] for row in rows(folder / "data/areas/areas.csv") if live_district(row)]
    if areas > len(codes):
        clone(folder, codes, areas - len(codes))
    elif areas < len(codes):
        for page in content["pages"]:
            if page["kind"] == "district":
                page["areas"] = codes[:areas]
    file.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return file


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def live_district(row: dict[str, str]) -> bool:
    return row["kind"] in {"district", "county", "autonomous_county"} and not row["valid_to"]


def clone(folder: Path, codes: list[str], count: int) -> None:
    """Add districts: the roster's again under new codes and names, with the same figures."""
    twins = {f"59{number:04}": codes[number % len(codes)] for number in range(1, count + 1)}
    of: dict[str, list[str]] = {}
    for new, old in twins.items():
        of.setdefault(old, []).append(new)

    def add(path: Path, column: str) -> None:
        kept = rows(path)
        added = []
        for row in kept:
            for new in of.get(row[column], []):
                twin = {**row, column: new}
                if "name_zh" in row:
                    number = new[2:]
                    twin |= {"name_zh": f"{row['name_zh'][0]}{number}区", "short_zh": f"{row['name_zh'][0]}{number}"}
                    twin |= {"name_en": f"Trial District {number}", "short_en": f"Trial {number}"}
                    twin |= {name: "" for name in ("valid_from", "successors", "note") if name in row}
                    if "order" in row:
                        twin["order"] = str(1000 + int(number))
                added.append(twin)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(kept[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept + added)

    tiles = folder / "data/areas/tiles.csv"
    layouts = dict.fromkeys(row["layout"] for row in rows(tiles))
    with tiles.open("a", encoding="utf-8", newline="") as file:
        for layout in layouts:
            for place, new in enumerate(twins):
                file.write(f"{layout},{new},{50 + place // 10},{place % 10},1,1,no\n")
    add(folder / "data/areas/areas.csv", "code")
    add(folder / "data/areas/groupings.csv", "code")
    for path in (folder / "data/demo").glob("*.csv"):
        add(path, "area")


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """A scheduler and so many workers of one thread on this machine; the value is the address."""
    address = folder / "scheduler.json"

    def start(kind: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options]
        command += ["--scheduler-file", str(address), "--no-dashboard"]
        return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    processes = [start("scheduler", "--host", "127.0.0.1", "--port", "0")]
    processes += [start("worker", "--nthreads", "1", "--no-nanny") for _ in range(workers)]
    try:
        while not address.exists():
            time.sleep(0.1)
        yield json.loads(address.read_text())["address"]
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def change_one_row(folder: Path) -> None:
    """Raise one figure of one district by one tenth."""
    path = folder / "data/demo/online_retail.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    place = max(i for i, line in enumerate(lines) if ",500102," in line)
    fields = lines[place].split(",")
    fields[3] = f"{float(fields[3]) * 1.1:.2f}"
    lines[place] = ",".join(fields)
    path.write_text("".join(lines), "utf-8")


def plain(file: Path, every: int) -> tuple[Cost, int, int]:
    """papermill's command line, a cold kernel per notebook, in a row; reckoned up from every n-th page."""
    from greenreport.run import params
    from greenreport.run.sweep import plan_pages

    tasks = [task for task in plan_pages(params.load(file)) if not task.overview]
    chosen = tasks[:: max(1, every)]
    total = Cost(0, 0, 0)
    with tempfile.TemporaryDirectory() as out:
        for task in chosen:
            options = [part for name, value in task.parameters.items() for part in ("-r", name, str(value))]
            command = [sys.executable, "-m", "papermill", task.notebook, f"{out}/{task.id}-{task.lang}.ipynb"]
            total = total.plus(
                measured([*command, "--no-progress-bar", "-k", "python3", *options], cwd=file.parents[1])
            )
    return total.times(len(tasks) / len(chosen)), len(tasks), len(chosen)


def line(name: str, cost: Cost, pages: int, than: Cost | None = None) -> None:
    ratio = f"{than.wall / cost.wall:6.1f} × {than.cpu / cost.cpu:6.1f} ×" if than else " " * 17
    print(
        f"| {name:<44} | {cost.wall:8.1f} | {cost.cpu:8.1f} | {cost.cpu / max(pages, 1):6.2f} | {cost.peak:6.0f} | {ratio} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plain", type=int, default=10, help="measure the plain way on every n-th page (0: all)")
    parser.add_argument("--areas", default="5,37,200", help="numbers of districts for the growth")
    parser.add_argument("--workers", default="", help="numbers of worker processes of local clusters")
    parser.add_argument("--no-render", action="store_true", help="notebooks only")
    options = parser.parse_args()
    python = [sys.executable, "-c"]
    print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    print("| phase | wall s | CPU s | CPU s/page | peak MB | wall and CPU against the plain way |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="gr-bench-") as place:
        base = Path(place) / "demo"
        file = project(base, 37)
        run = base / "reports" / "demo"
        slow, pages, sampled = plain(file, options.plain)
        line(f"plain: notebooks ({sampled} of {pages} measured)", slow, pages)
        quick = measured([*python, BUILD, str(file), str(run)], cwd=base)
        line("greenreport: notebooks, first build", quick, pages + 2, slow)
        if not options.no_render:
            slow_pages = measured([*python, RENDER, str(run), "1"], cwd=base)
            line("plain: pages, HTML and PDF, in a row", slow_pages, pages + 2)
            shutil.rmtree(run / "site", ignore_errors=True)
            for left in run.glob(".stage*"):
                shutil.rmtree(left)
            quick_pages = measured([*python, RENDER, str(run), "0"], cwd=base)
            line("greenreport: pages, HTML and PDF", quick_pages, pages + 2, slow_pages)
            line("greenreport: whole build", quick.plus(quick_pages), pages + 2, slow.plus(slow_pages))
        line("greenreport: nothing changed", measured([*python, BUILD, str(file), str(run)], cwd=base), 0)
        change_one_row(base)
        line("greenreport: one row changed", measured([*python, BUILD, str(file), str(run)], cwd=base), 4)
        grown: dict[int, Cost] = {}
        for areas in (int(part) for part in options.areas.split(",") if part):
            folder = Path(place) / f"areas-{areas}"
            file = project(folder, areas)
            grown[areas] = measured([*python, BUILD, str(file), str(folder / "reports/demo")], cwd=folder)
            line(f"greenreport: notebooks of {areas} districts", grown[areas], 2 * areas + 4)
        for workers in (int(part) for part in options.workers.split(",") if part):
            folder = Path(place) / f"cluster-{workers}"
            file = project(folder, 37)
            with cluster(folder, workers) as address:
                command = [*python, BUILD, str(file), str(folder / "reports/demo"), address]
                line(f"greenreport: notebooks on {workers} cluster workers", measured(command, cwd=folder), 0)
        if {37, 200} <= grown.keys():
            wall, peak = grown[200].wall / grown[37].wall, grown[200].peak / grown[37].peak
            print(f"\n200 districts against 37: {wall:.2f} times the time, {peak:.2f} times the memory")


if __name__ == "__main__":
    main()
