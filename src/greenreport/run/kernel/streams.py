"""A kernel's standard output and error, flushed where there is something to flush.

ipykernel flushes both before each thing that a cell displays, and each flush wakes a thread and waits for it: on a page
with fifty tables, charts and paragraphs that is a twentieth of the kernel's time, for streams that nobody wrote to.
Knows ipykernel's streams only.
"""

from __future__ import annotations

from ipykernel.iostream import OutStream

__all__ = ["Stream"]


class Stream(OutStream):
    """ipykernel's stream; a flush waits only if something was written since the last one."""

    _written = False

    def write(self, string: str) -> int | None:  # type: ignore[override]
        """Write a text; returns its length."""
        try:
            return super().write(string)
        finally:
            # After the text is in the buffer: set before, another thread's flush could take the mark and not the text.
            self._written = True

    def flush(self) -> None:
        """Send what was written."""
        if self._written:
            self._written = False
            super().flush()  # type: ignore[no-untyped-call]
