"""Programs kept for the next request: one request a line on their standard input, one answer a line on their output.

A program that takes longer to start than to answer is started once and asked again and again; as many run as are
asked at a time. Knows lines of JSON; must not know what they say.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["Ended", "Processes"]


class Ended(Exception):
    """A process ended instead of answering; the text says how."""


class Processes:
    """Processes of one command.

    Args:
        command: makes the command line; called when the first process starts.
    """

    def __init__(self, command: Callable[[], Sequence[str]]) -> None:
        self._command = command
        self._lock = threading.Lock()
        self.idle: list[subprocess.Popen[str]] = []

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """What a process answers; from any thread.

        An answer whose `last` is true says that the process ends after it.

        Raises:
            Ended: the process ended without an answer, for want of memory as a rule.
        """
        with self._lock:
            process = self.idle.pop() if self.idle else self._started()
        try:
            assert process.stdin is not None and process.stdout is not None
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
            line = process.stdout.readline()
            answer: dict[str, Any] = json.loads(line) if line else {"last": True}
        except BaseException:
            process.kill()
            _end(process)
            raise
        if answer.get("last"):
            _end(process)
        else:
            with self._lock:
                self.idle.append(process)
        if not line:
            raise Ended(f"the process ended with status {process.returncode}")
        return answer

    def end_idle(self) -> None:
        """End the processes that wait for work."""
        with self._lock:
            waiting, self.idle = self.idle, []
        for process in waiting:
            _end(process)

    def _started(self) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(list(self._command()), stdin=pipe, stdout=pipe, text=True, encoding="utf-8")


def _end(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()
