"""Files of a run: written whole or not at all, read back the same on any machine.

Knows paths and bytes, nothing of pages, notebooks or plans. A build may be killed at any moment: whatever
stands under its final name is complete, and what was half written lies in `.tmp`, which the next build
empties.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from greenreport.atomic import write_whole
from greenreport.errors import RunLocked
from greenreport.system import lock, runs
from greenreport.words import both, error

__all__ = ["canonical_json", "clean_temporary", "compact_json", "hold", "read_json", "write_bytes", "write_json"]

TEMPORARY = ".tmp"
LOCK = ".lock"
DEAD_HOLDER_SECONDS = 5.0


def canonical_json(value: Any) -> bytes:
    """JSON with one form per value: sorted keys, UTF-8, one space of indent, a newline at the end.

    Raises:
        ValueError: a number is not finite, which JSON cannot hold.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return text.encode() + b"\n"


def compact_json(value: Any) -> bytes:
    """The same on one line, written several times as fast.

    Raises:
        ValueError: a number is not finite.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def read_json(path: Path) -> Any:
    """The value that a JSON file holds."""
    return json.loads(path.read_bytes())


def write_bytes(path: Path, content: bytes, *, run_dir: Path) -> None:
    """[write_whole] by way of the run's own folder of temporary files, which the next build empties."""
    write_whole(path, content, temporary=run_dir / TEMPORARY / f"{os.getpid()}-{path.parent.name}-{path.name}")


def write_json(path: Path, value: Any, *, run_dir: Path) -> None:
    """Write a value as canonical JSON, in one step (see [write_bytes])."""
    write_bytes(path, canonical_json(value), run_dir=run_dir)


def clean_temporary(run_dir: Path) -> None:
    """Remove what an interrupted build left half written."""
    shutil.rmtree(run_dir / TEMPORARY, ignore_errors=True)


def _locked(handle: int) -> str | None:
    """Lock an open file; who holds it where that can't be done.

    A build that was killed while it started a process leaves the lock to that process for a moment: a holder that
    is gone is waited for.
    """
    deadline = time.monotonic() + DEAD_HOLDER_SECONDS
    while True:
        try:
            lock(handle)
        except OSError:
            os.lseek(handle, 0, os.SEEK_SET)
            holder = os.read(handle, 64).decode(errors="replace").strip()
            # Who has just taken the lock writes down a moment later who it is.
            if (holder.isdigit() and runs(int(holder))) or time.monotonic() > deadline:
                return holder
            time.sleep(0.05)
        else:
            return None


@contextmanager
def hold(run_dir: Path) -> Iterator[None]:
    """Hold a run's folder for one build.

    The lock belongs to the open file, so it ends with the process however that ends; the text in the file
    only says who it was.

    Raises:
        RunLocked: another process holds it; the message says which.
    """
    run_dir.mkdir(parents=True, exist_ok=True)
    path = run_dir / LOCK
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if (holder := _locked(handle)) is not None:
            by = both("run.locked_by", holder=holder) if holder else ""
            raise error(RunLocked, "run.locked", by=by, file=run_dir)
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, f"{os.getpid()}\n".encode())
        try:
            yield
        finally:
            # The file stays: removing it would let two builds lock two different files of the same name.
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)
