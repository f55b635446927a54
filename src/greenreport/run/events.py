"""What happens in a build, told as it happens: to the terminal, and to the run's `log.jsonl`.

Knows the shape of events only. The log is the one file of a run that holds clock times.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from greenreport.system import CLOEXEC
from greenreport.text import Text

__all__ = ["Event", "EventKind", "Log", "OnEvent"]

EventKind = Literal[
    "build_started",
    "page_skipped",
    "page_started",
    "page_done",
    "page_failed",
    "warning",
    "build_stopped",
    "build_done",
]


@dataclass(frozen=True)
class Event:
    """One thing that happened, in one readable line: to which page, how long it took, and how many of all are done."""

    kind: EventKind
    message: Text
    page: str | None = None
    lang: str | None = None
    seconds: float | None = None
    done: int = 0
    total: int = 0


OnEvent = Callable[[Event], None]


class Log:
    """Appends events to `log.jsonl` and hands them on.

    A log that cannot be written (a full disk) never stops a build: the events still reach `on_event`.
    """

    def __init__(self, run_dir: Path, on_event: OnEvent | None) -> None:
        self._on_event = on_event
        self._lock = threading.Lock()  # pages are said to start by the pool's own thread
        try:
            self._file: int | None = os.open(
                run_dir / "log.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND | CLOEXEC, 0o644
            )
        except OSError:
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)

    def tell(self, event: Event) -> None:
        """Write one event down and hand it on, one at a time."""
        with self._lock:
            if self._file is not None:
                now = datetime.now(UTC).isoformat(timespec="milliseconds")
                line = {key: value for key, value in asdict(event).items() if value is not None}
                with contextlib.suppress(OSError):
                    os.write(self._file, (json.dumps({"time": now, **line}, ensure_ascii=False) + "\n").encode())
            if self._on_event is not None:
                self._on_event(event)
