"""Differences between operating systems: locks, IPC sockets, folders on disk.

Linux has everything. macOS has no forked pages here (see `run.kernel.process`), Windows neither these nor IPC sockets nor
POSIX locks; there what every system has is used instead. With `GREENREPORT_PLAIN` set, any system does without what
not every system has: that is how the other systems are tried in the tests. Knows no file of ours.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

__all__ = [
    "PLAIN",
    "has_ipc",
    "held_megabytes",
    "limit_data",
    "lock",
    "locked_folder",
    "plain",
    "runs",
    "sync_folder",
]

PLAIN = "GREENREPORT_PLAIN"
"""Environment variable: do without what not every system has."""

_FAR = 1 << 30
"""Where Windows locks a file: beyond what stands in it, which others may read."""


def plain() -> bool:
    """Whether to do without what not every system has."""
    return bool(os.environ.get(PLAIN))


def has_ipc() -> bool:
    """Whether processes can talk over sockets in the file system."""
    return hasattr(socket, "AF_UNIX") and sys.platform != "win32" and not plain()


def _posix_locks() -> bool:
    return fcntl is not None and not plain()


def lock(handle: int) -> None:
    """Lock an open file for this process; the lock ends with the handle, or with the process however that ends.

    Raises:
        OSError: another holds it.
    """
    if _posix_locks():
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    try:
        import msvcrt
    except ImportError:
        return  # a system with neither kind of lock: two builds of one run are then up to the user
    windows: Any = msvcrt
    os.lseek(handle, _FAR, os.SEEK_SET)
    windows.locking(handle, windows.LK_NBLCK, 1)


@contextlib.contextmanager
def locked_folder(path: Path) -> Iterator[None]:
    """Hold a folder. Where a folder itself can't be locked, a file `.lock` in it is.

    Raises:
        OSError: another holds it.
    """
    own = path / ".lock"
    handle = os.open(path, os.O_RDONLY) if _posix_locks() else os.open(own, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        lock(handle)
        yield
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Put a folder's names on the disk, where the system lets a folder be opened."""
    if sys.platform == "win32" or plain():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def runs(pid: int) -> bool:
    """Whether a process is there."""
    import psutil  # comes with ipykernel; on Windows a signal 0 would interrupt the process

    return bool(psutil.pid_exists(pid))


def limit_data(size: int) -> None:
    """Limit this process's private memory, where the system can.

    The limit is on data (RLIMIT_DATA), not on address space, of which a JavaScript engine reserves gigabytes that it
    never touches.
    """
    if resource is None or not hasattr(resource, "RLIMIT_DATA") or plain():
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def held_megabytes() -> float:
    """Megabytes that this process holds now: the peak would be that of the process that forked this one, too."""
    import psutil

    return float(psutil.Process().memory_info().rss) / 1024 / 1024
