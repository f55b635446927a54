"""What two runs of one parameter file show differently: for changes that should leave every page as it was.

    python benchmarks/same.py BEFORE AFTER [--site]

BEFORE and AFTER are folders of runs (`reports/demo`, or `greenreport build … --out`). Outputs of executed notebooks are
compared cell by cell, and the first place where a page differs is shown; `--site` compares every file of the sites byte by
byte as well. Exits with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

AROUND = 80
"""Characters shown before the first that differs; twice as many after."""


def cells(notebook: Path) -> list[str]:
    """The outputs of each cell, as text."""
    read = json.loads(notebook.read_text(encoding="utf-8"))
    return [json.dumps(cell.get("outputs"), ensure_ascii=False, sort_keys=True) for cell in read["cells"]]


def pages(before: Path, after: Path) -> Iterator[str]:
    """What differs between the executed notebooks of two runs, a page an item."""
    names = {path.relative_to(run) for run in (before, after) for path in run.glob("notebooks/**/*.ipynb")}
    for name in sorted(names):
        if missing := [str(run) for run in (before, after) if not (run / name).is_file()]:
            yield f"{name}: not in {', '.join(missing)}"
            continue
        both = zip_longest(cells(before / name), cells(after / name), fillvalue="")
        for number, (old, new) in enumerate(both):
            if old != new:
                yield f"{name}, cell {number}\n{_place(old, new)}"
                break


def _place(old: str, new: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    part = slice(max(0, at - AROUND), at + 2 * AROUND)
    return f"  - {old[part]}\n  + {new[part]}"


def files(before: Path, after: Path) -> Iterator[str]:
    """The files of two sites that differ, or that only one of them has."""
    names = {path.relative_to(run) for run in (before, after) for path in run.glob("site/**/*") if path.is_file()}
    for name in sorted(names):
        old, new = before / name, after / name
        if not (old.is_file() and new.is_file() and filecmp.cmp(old, new, shallow=False)):
            yield str(name)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--site", action="store_true", help="compare the files of the sites as well")
    asked = parser.parse_args()
    found = [*pages(asked.before, asked.after), *(files(asked.before, asked.after) if asked.site else ())]
    print("\n".join(found) if found else "the same")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
