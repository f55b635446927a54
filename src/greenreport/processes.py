"""Long-running helper programs: one request per line on standard input, one answer per line on standard output.

A program that takes longer to start than to answer is started once and asked again and again; as many run as are
asked at a time. Knows lines of JSON; must not know what they say.
"""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

__all__ = ["Ended", "Processes", "interruptible"]

_stopping = threading.Event()
_all: weakref.WeakSet[Processes] = weakref.WeakSet()


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
        self._busy: set[subprocess.Popen[str]] = set()
        _all.add(self)

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """What a process answers; from any thread.

        An answer whose `last` is true says that the process ends after it.

        Raises:
            Ended: the process ended without an answer, for want of memory as a rule.
        """
        if _stopping.is_set():
            raise Ended("stopped")
        with self._lock:
            process = self.idle.pop() if self.idle else self._started()
            self._busy.add(process)
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
        finally:
            with self._lock:
                self._busy.discard(process)
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

    def stop(self) -> None:
        """Kill the processes that are at work; whoever waits for one is told that it ended."""
        for process in tuple(self._busy):
            process.kill()

    def _started(self) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        # A session of its own: Ctrl-C reaches the whole terminal group, and whoever owns the process decides.
        return subprocess.Popen(
            list(self._command()), stdin=pipe, stdout=pipe, text=True, encoding="utf-8", start_new_session=True
        )


@contextmanager
def interruptible() -> Iterator[None]:
    """Have Ctrl-C end at once what processes are at work on, and all that waits for them, before it is raised."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        _stopping.set()
        for processes in tuple(_all):
            processes.stop()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        _stopping.clear()


def _end(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()
