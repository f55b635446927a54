"""A short private folder for sockets, gone when its owner is gone.

Unix socket paths hold about a hundred characters, so the folder lies near the root of the file system. A
killed owner cannot tidy up; the next one removes folders whose lock nobody holds.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

__all__ = ["own_scratch", "scratch"]


def _base() -> Path:
    base = Path(tempfile.gettempdir()) / f"greenreport-{os.getuid()}"
    if len(str(base)) > 60:
        base = Path("/tmp") / f"greenreport-{os.getuid()}"
    base.mkdir(mode=0o700, exist_ok=True)
    if base.stat().st_uid != os.getuid():
        raise PermissionError(f"{base} belongs to another user")
    return base


@contextmanager
def scratch() -> Iterator[Path]:
    """A new folder, removed at the end; folders that killed owners left behind go at the start."""
    base = _base()
    for other in base.iterdir():
        _remove_if_orphaned(other)
    folder = Path(tempfile.mkdtemp(dir=base, prefix=""))
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _remove_if_orphaned(folder: Path) -> None:
    try:
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return  # just being made, or just being removed
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return
    else:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


@cache
def own_scratch() -> Path:
    """One folder for this process, removed when it ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(scratch())
