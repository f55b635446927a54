"""What happens in a build, told as it happens: to the terminal, and to the run's `log.jsonl`.

Knows the shape of events only. The log is the one file of a run that holds clock times.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

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
        self._path, self._on_event = run_dir / "log.jsonl", on_event

    def tell(self, event: Event) -> None:
        """Write one event down and hand it on."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {key: value for key, value in asdict(event).items() if value is not None}
        with suppress(OSError), self._path.open("ab") as file:
            file.write((json.dumps({"time": now, **line}, ensure_ascii=False) + "\n").encode())
        if self._on_event is not None:
            self._on_event(event)
