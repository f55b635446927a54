"""What two runs of one parameter file show differently: for changes that should leave every page as it was.

    python benchmarks/same.py BEFORE AFTER [--site] [--no-pictures]

BEFORE and AFTER are folders of runs (`reports/demo`, or `greenreport build … --out`). Outputs of executed notebooks are
compared one by one, and the first place where a page differs is shown; `--site` compares every file of the sites byte by
byte as well; `--no-pictures` passes over still pictures, for a change of the library that draws them. Exits with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import re
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

AROUND = 80
"""Characters shown before the first that differs; twice as many after."""


PICTURE = re.compile(r'<svg.*?</svg>|, "image/svg\+xml": \{[^{}]*\}', re.DOTALL)
"""A still picture, and what a notebook says of its size."""


def outputs(notebook: Path, *, pictures: bool) -> list[str]:
    """The outputs of all cells, as text."""
    read = json.loads(notebook.read_text(encoding="utf-8"))
    found = [one for cell in read["cells"] for one in cell.get("outputs", ())]
    told = [json.dumps(one, ensure_ascii=False, sort_keys=True) for one in found]
    return told if pictures else [PICTURE.sub("", text) for text in told]


def pages(before: Path, after: Path, *, pictures: bool = True) -> Iterator[str]:
    """What differs between the executed notebooks of two runs, a page an item."""
    names = {path.relative_to(run) for run in (before, after) for path in run.glob("notebooks/**/*.ipynb")}
    for name in sorted(names):
        if missing := [str(run) for run in (before, after) if not (run / name).is_file()]:
            yield f"{name}: not in {', '.join(missing)}"
            continue
        read = (outputs(run / name, pictures=pictures) for run in (before, after))
        both = zip_longest(*read, fillvalue="")
        for number, (old, new) in enumerate(both):
            if old != new:
                yield f"{name}, output {number}\n{_place(old, new)}"
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
    parser.add_argument("--no-pictures", action="store_true", help="pass over still pictures")
    asked = parser.parse_args()
    found = [
        *pages(asked.before, asked.after, pictures=not asked.no_pictures),
        *(files(asked.before, asked.after) if asked.site else ()),
    ]
    print("\n".join(found) if found else "the same")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
