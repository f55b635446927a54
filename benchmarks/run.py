"""Side by side: the plain way to run papermill and render a set, and greenreport.

    python benchmarks/run.py [--plain 10] [--areas 5,37,200] [--workers 1,2] [--no-render] [--base 37] [--langs zh,en]

The plain way is papermill's command line, one cold kernel per notebook, in a row, then the same pages rendered one
after the other as HTML and PDF: by Quarto's command line where it is installed (GREENREPORT_QUARTO, or on PATH), else by
the built-in engine, one page at a time. papermill and Quarto are measured on every n-th page of each kind and reckoned
up to the whole, because they are linear and slow; `--plain 1` runs them on all pages. greenreport is its command line
with the built-in engine, from nothing: notebooks, tables for download, HTML and PDF of each page, which is what the two
ways are compared on; then the same with the papers, and with the bound reports, which the plain way does not make. Each phase is a process of
its own: wall time, CPU time of it and all its children, peak memory of the whole tree (proportional set size, looked at
once a second). Nothing is measured twice or picked; every line is printed when it is known. Run it on an idle machine,
where it takes about half an hour, most of it for 200 districts. `--workers` adds builds on local Dask clusters of so many
worker processes, whose CPU time is not shown; `--base` and `--langs` make the whole small, for a trial.
"""

from __future__ import annotations

import argparse
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import psutil
import yaml

from greenreport.run.params import load
from greenreport.run.sweep import plan_pages
from greenreport.run.task import PageTask

ROOT = Path(__file__).resolve().parents[1]
CLUSTER = """
import sys
from pathlib import Path
from greenreport.run import build, params
result = build.build(params.load(sys.argv[1]), out=Path(sys.argv[2]), scheduler=sys.argv[3])
sys.exit(result.exit_code)
"""
IN_A_ROW = """
import sys
from greenreport.render import render
sys.exit(bool(render(sys.argv[1], engine="builtin", formats=("html", "pdf"), jobs=1, archive=False).failed))
"""
QUARTO = "project: {type: default}\nexecute: {enabled: false, echo: false}\nformat: {html: default, typst: default}\n"


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
    total = 0
    with suppress(psutil.Error):
        for process in (whole := psutil.Process(root), *whole.children(recursive=True)):
            with suppress(psutil.Error):
                total += process.memory_full_info().pss
    return total / 1024**2


def project(folder: Path, areas: int, langs: Sequence[str]) -> Path:
    """A copy of the project with so many districts: the first of the roster, or these and clones of them."""
    for name in ("data", "notebooks", "params"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    file = folder / "params/demo.yaml"
    content = yaml.safe_load(file.read_text("utf-8"))
    content["as_of"] = str(content["as_of"])
    content["languages"] = list(langs)
    roster = rows(folder / "data/areas/areas.csv")
    live = roster["kind"].isin(["district", "county", "autonomous_county"]) & (roster["valid_to"] == "")
    codes = roster.loc[live, "code"].tolist()
    if areas > len(codes):
        clone(folder, codes, areas - len(codes))
    elif areas < len(codes):
        for page in content["pages"]:
            if page["kind"] == "district":
                page["areas"] = codes[:areas]
    papers = content.pop("papers")
    file.write_text(yaml.safe_dump({**content, "papers": []}, allow_unicode=True), "utf-8")
    with_papers(file).write_text(yaml.safe_dump({**content, "papers": papers}, allow_unicode=True), "utf-8")
    return file


def with_papers(file: Path) -> Path:
    """The parameter file of the same pages that asks for papers as well."""
    return file.with_name("papers.yaml")


def rows(path: Path) -> pd.DataFrame:
    """A table as it stands, all texts."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def clone(folder: Path, codes: list[str], count: int) -> None:
    """Add districts: the roster's again under new codes and names, with the same figures."""
    numbers = range(1, count + 1)
    twins = pd.DataFrame({"new": [f"59{n:04}" for n in numbers], "old": [codes[n % len(codes)] for n in numbers]})

    def add(path: Path, column: str) -> None:
        kept = rows(path)
        added = kept.merge(twins, left_on=column, right_on="old")
        added[column] = added["new"]
        number = added["new"].str[2:]
        if "name_zh" in kept:
            short = added["name_zh"].str[0] + number
            names = {"name_zh": short + "区", "short_zh": short, "name_en": "Trial District " + number}
            names |= {"short_en": "Trial " + number, "order": (number.astype(int) + 1000).astype(str)}
            names |= dict.fromkeys(("valid_from", "successors", "note"), "")
            added = added.assign(**{name: value for name, value in names.items() if name in kept})
        pd.concat([kept, added[kept.columns]]).to_csv(path, index=False, lineterminator="\n")

    tiles = folder / "data/areas/tiles.csv"
    layouts = rows(tiles)["layout"].unique()
    with tiles.open("a", encoding="utf-8", newline="") as file:
        for layout in layouts:
            for place, new in enumerate(twins["new"]):
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


def sampled(file: Path, every: int) -> dict[str, tuple[list[PageTask], int]]:
    """Kind of page → every n-th page of it, at least one, and how many there are."""
    by_kind: dict[str, list[PageTask]] = {}
    for task in plan_pages(load(file)):
        by_kind.setdefault(task.kind, []).append(task)
    return {kind: (tasks[:: max(1, every)], len(tasks)) for kind, tasks in by_kind.items()}


def reckoned(sample: Mapping[str, tuple[list[PageTask], int]], cost: Callable[[PageTask], Cost]) -> Cost:
    """The cost of all pages, from that of the sampled ones, kind by kind."""
    total = Cost(0, 0, 0)
    for tasks, count in sample.values():
        own = Cost(0, 0, 0)
        for task in tasks:
            own = own.plus(cost(task))
        total = total.plus(own.times(count / len(tasks)))
    return total


def papermill(task: PageTask, root: Path, out: Path) -> Cost:
    """A page by papermill's command line, in a cold kernel."""
    options = [part for name, value in task.parameters.items() for part in ("-r", name, str(value))]
    made = out / f"{task.id}-{task.lang}.ipynb"
    command = [sys.executable, "-m", "papermill", task.notebook, str(made), "--no-progress-bar", "-k", "python3"]
    return measured([*command, *options], cwd=root)


def quarto(task: PageTask, program: str, out: Path) -> Cost:
    """A page that papermill made, as HTML and PDF by Quarto's command line."""
    total = Cost(0, 0, 0)
    for form in ("html", "typst"):
        total = total.plus(measured([program, "render", f"{task.id}-{task.lang}.ipynb", "--to", form], cwd=out))
    return total


def command_line(file: Path, run: Path, *, bound: bool) -> Cost:
    """A build by greenreport's command line, with the papers that its parameter file asks for, Word files included."""
    command = [sys.executable, "-m", "greenreport", "build", str(file), "--out", str(run), "--renderer", "builtin"]
    command += ["--format", "html", "--format", "pdf", *(["--format", "docx"] if file.stem == "papers" else [])]
    command.append("--archive" if bound else "--no-archive")
    return measured(command, cwd=file.parents[1])


def last_build(run: Path) -> tuple[float, int]:
    """How long the notebooks of the last build took, and how many there were, by its log."""
    events = [json.loads(text) for text in (run / "log.jsonl").read_text("utf-8").splitlines()]
    begins = max(n for n, event in enumerate(events) if event["kind"] == "build_started")
    kinds = [event["kind"] for event in events[begins:]]
    return float(events[begins + kinds.index("build_done")]["seconds"]), kinds.count("page_done")


def line(name: str, wall: float, cost: Cost | None = None, pages: int = 0, than: Cost | None = None) -> None:
    """Print a row of the table; `than` is the cost of the plain way."""
    shown = [f"{cost.cpu:,.1f}", f"{cost.cpu / pages:.2f}" if pages else "", f"{cost.peak:,.0f}"] if cost else [""] * 3
    ratio = f"{than.wall / wall:.1f} ×" + (f" · {than.cpu / cost.cpu:.1f} ×" if cost else "") if than else ""
    print(f"| {name} | {wall:,.1f} | {' | '.join(shown)} | {ratio} |", flush=True)


def plain(file: Path, run: Path, every: int, *, render: bool) -> tuple[Cost, Cost]:
    """The plain way, notebooks and pages; the built-in engine renders a copy of a run that is there."""
    sample = sampled(file, every)
    pages, taken = sum(count for _, count in sample.values()), sum(len(tasks) for tasks, _ in sample.values())
    setting = Cost(0, 0, 0)
    with tempfile.TemporaryDirectory() as place:
        out = Path(place)
        (out / "_quarto.yml").write_text(QUARTO)
        made = reckoned(sample, lambda task: papermill(task, file.parents[1], out))
        line(f"plain: notebooks, papermill in a row ({taken} of {pages} measured)", made.wall, made, pages)
        if render:
            program = os.environ.get("GREENREPORT_QUARTO") or shutil.which("quarto")
            if program:
                setting = reckoned(sample, lambda task: quarto(task, program, out))
                name = f"plain: HTML and PDF, Quarto in a row ({taken} of {pages} measured)"
                line(name, setting.wall, setting, pages)
            copy = out / "run"
            shutil.copytree(run, copy, ignore=shutil.ignore_patterns("site", "stage", ".stage*"))
            alone = measured([sys.executable, "-c", IN_A_ROW, str(copy)], cwd=out)
            line("plain: HTML and PDF, built-in engine, one page at a time", alone.wall, alone, pages)
            setting = setting if program else alone
    return made, setting


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plain", type=int, default=10, help="measure the plain way on every n-th page of each kind")
    parser.add_argument("--areas", default="5,37,200", help="numbers of districts for the growth")
    parser.add_argument("--workers", default="", help="numbers of worker processes of local clusters")
    parser.add_argument("--no-render", action="store_true", help="do without rendering in the plain way")
    parser.add_argument("--base", type=int, default=37, help="number of districts of the comparison")
    parser.add_argument("--langs", default="zh,en", help="languages")
    options = parser.parse_args()
    langs = options.langs.split(",")
    print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}\n\n"
        "| phase | wall s | CPU s | CPU s/page | peak MB | times as fast as the plain way, wall · CPU |\n"
        "|---|---|---|---|---|---|",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="gr-bench-") as place:
        base = Path(place) / "demo"
        file = project(base, options.base, langs)
        alone, handed, whole = (base / "reports" / name for name in ("pages", "papers", "whole"))
        pages = sum(count for _, count in sampled(file, 1).values())
        quick = command_line(file, alone, bound=False)
        executed, _ = last_build(alone)
        line(f"greenreport: first build of {pages} pages, HTML and PDF", quick.wall, quick, pages)
        line("greenreport: its notebooks", executed)
        with_sheets = command_line(with_papers(file), handed, bound=False)
        line("greenreport: the same with the papers", with_sheets.wall, with_sheets, pages)
        with_bound = command_line(with_papers(file), whole, bound=True)
        line("greenreport: the same with papers and bound reports", with_bound.wall, with_bound, pages)
        nothing = command_line(with_papers(file), whole, bound=True)
        line("greenreport: nothing changed", nothing.wall, nothing)
        change_one_row(base)
        changed = (
            (file, alone, False, "pages"),
            (with_papers(file), handed, False, "pages and papers"),
            (with_papers(file), whole, True, "pages, papers and bound reports"),
        )
        for asked, run, bound, what in changed:
            little = command_line(asked, run, bound=bound)
            line(f"greenreport: one row changed, {last_build(run)[1]} notebooks again, {what}", little.wall, little)
        made, setting = plain(file, alone, options.plain, render=not options.no_render)
        line("notebooks: greenreport against the plain way", executed, than=made)
        if not options.no_render:
            line("pages: greenreport against the plain way", quick.wall, quick, pages, made.plus(setting))
        numbers = [int(part) for part in options.areas.split(",") if part]
        growth(Path(place), numbers, langs, {options.base: with_bound})
        for workers in (int(part) for part in options.workers.split(",") if part):
            folder = Path(place) / f"cluster-{workers}"
            file = project(folder, options.base, langs)
            with cluster(folder, workers) as address:
                command = [sys.executable, "-c", CLUSTER, str(file), str(folder / "reports/demo"), address]
                cost = measured(command, cwd=folder)
            line(f"greenreport: notebooks on {workers} cluster workers", cost.wall, cost)


def growth(place: Path, numbers: Sequence[int], langs: Sequence[str], known: dict[int, Cost]) -> None:
    """Builds of so many districts, bound reports included; `known` are those measured already."""
    base = next(iter(known))
    for areas in numbers:
        if areas not in known:
            folder = place / f"areas-{areas}"
            file, run = project(folder, areas, langs), folder / "reports/demo"
            pages = sum(count for _, count in sampled(file, 1).values())
            known[areas] = command_line(with_papers(file), run, bound=True)
            line(
                f"greenreport: {areas} districts, {pages} pages, papers and bound reports",
                known[areas].wall,
                known[areas],
                pages,
            )
            line("greenreport: its notebooks", last_build(run)[0])
            shutil.rmtree(folder)
    for areas in numbers:
        if areas > base:
            more, less = known[areas], known[base]
            print(
                f"\n{areas} districts against {base}: {more.wall / less.wall:.2f} times the time, "
                f"{more.cpu / less.cpu:.2f} times the CPU, {more.peak / less.peak:.2f} times the memory",
                flush=True,
            )


if __name__ == "__main__":
    main()
