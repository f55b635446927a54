"""A short private folder for sockets, gone when its owner is gone.

Unix socket paths hold about a hundred characters, so the folder lies near the root of the file system. A
killed owner cannot tidy up; the next one removes folders whose lock nobody holds.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from greenreport.system import CLOEXEC, has_ipc, has_locks, lock, user

__all__ = ["own_scratch", "scratch"]


def _base() -> Path:
    base = Path(tempfile.gettempdir()) / f"greenreport-{user()}"
    if len(str(base)) > 60 and has_ipc():
        base = Path("/tmp") / f"greenreport-{user()}"
    base.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and base.stat().st_uid != os.getuid():
        raise PermissionError(f"{base} belongs to another user")
    return base


@contextmanager
def scratch() -> Iterator[Path]:
    """A new folder, removed at the end; folders that killed owners left behind go at the start."""
    base = _base()
    if has_locks():
        for other in base.iterdir():
            _remove_if_orphaned(other)
    folder = Path(tempfile.mkdtemp(dir=base, prefix=""))
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | CLOEXEC, 0o600)
    lock(handle, wait=True)
    try:
        yield folder
    finally:
        if has_ipc():
            shutil.rmtree(folder, ignore_errors=True)
            os.close(handle)
        else:  # a file that is open can't be removed there
            os.close(handle)
            shutil.rmtree(folder, ignore_errors=True)


def _remove_if_orphaned(folder: Path) -> None:
    try:
        handle = os.open(folder / "lock", os.O_RDWR | CLOEXEC)
    except OSError:
        return  # just being made, or just being removed
    try:
        lock(handle)
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
