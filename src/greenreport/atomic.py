"""Writes a file in one step. Knows paths and bytes only."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, content: bytes, *, temporary: Path | None = None) -> None:
    """Put `content` at `path` in one step: whoever looks sees the old file or the new one, never a part of it.

    The content is on the disk before the name is, so that neither a kill nor a power cut leaves a torn file.

    Args:
        path: where; its folder is made.
        content: all of it.
        temporary: where it is written first, on the same disk; by default a hidden file beside `path`.

    Raises:
        OSError: such as a full disk; what stood at `path` before is left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if temporary is None:
        temporary = path.parent / f".{path.name}.{os.getpid()}.tmp"
    temporary.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
