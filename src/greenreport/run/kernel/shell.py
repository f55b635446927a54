"""A Jupyter kernel without sockets: ipykernel's shell, driven in this process, and what it has to say handed on.

Cells find what they find in any Jupyter kernel (`get_ipython`, `display`, magics, top-level `await`, comms), and the
messages are ipykernel's own. Must not know notebooks or pages.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import sys
import tempfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from traitlets.config import Config

__all__ = ["Kernel"]

Take = Callable[[str, bytes], object]
"""Is handed the type and the packed content of a message."""


class _Wire(Session):
    """Hands messages on instead of sending them, packed, so that nobody can change any more what they say."""

    take: Take

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["msg_type"], msg_or_type["content"]
        self.take(msg_or_type, self.pack(content or {}))


class _Stream(io.TextIOBase):
    """Standard output or error: one message for all that was written since the last flush, whoever wrote it.

    What libraries and child processes write to the file descriptor itself counts as well.
    """

    encoding = "utf-8"

    def __init__(self, name: str, number: int, wire: _Wire, noted: Callable[[str, str], object]) -> None:
        self.name, self._number, self._wire, self._noted = name, number, wire, noted
        self._parts: list[str] = []
        self._owner = os.getpid()
        self._direct = tempfile.TemporaryFile("ab+", buffering=0)  # noqa: SIM115 -- open as long as the process
        self._read = 0
        os.dup2(self._direct.fileno(), number)

    def write(self, string: str) -> int:
        """Write a text; returns its length."""
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string).__name__}")
        if os.getpid() == self._owner:
            self._parts.append(string)
            self._noted(self.name, string)
        else:
            os.write(self._number, string.encode())
        return len(string)

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def fileno(self) -> int:
        """The descriptor that child processes are given."""
        return self._number

    def flush(self) -> None:
        """Hand on what was written."""
        parts, self._parts = self._parts, []
        if os.fstat(self._number).st_size > self._read:
            written = os.pread(self._number, 1 << 30, self._read)
            self._read += len(written)
            parts.append(written.decode(errors="replace"))
        if text := "".join(parts):
            self._wire.send(None, "stream", {"name": self.name, "text": text})


class Kernel:
    """ipykernel's kernel of this process; made once, and copied where the process is forked."""

    def __init__(self) -> None:
        app = IPKernelApp.instance()
        app.update_config(Config({"HistoryManager": {"enabled": False}}))
        self._wire = _Wire()
        self._kernel: Any = IPythonKernel.instance(
            parent=app, session=self._wire, iopub_socket=object(), log=logging.getLogger(__name__)
        )
        app.kernel = self._kernel
        self._kernel.shell_channel_thread = SimpleNamespace(parent_thread=None)  # cells that await are not interrupted
        self.shell = cast(Any, self._kernel.shell)
        self.shell.extension_manager.load_extension("IPython.extensions.storemagic")
        # A cell that need not be awaited comes to the same when it is, and is not read twice to find that out.
        self.shell.should_run_async = lambda *_, **__: True
        self.unpack: Callable[[bytes], dict[str, Any]] = self._wire.unpack

    def begin(self, take: Take, noted: Callable[[str, str], object]) -> None:
        """Begin to execute: from here on the process is the cells'.

        Args:
            take: is handed each message.
            noted: is told at once what is written to which stream; the message follows when that is flushed.
        """
        self._wire.take = take
        self.shell.init_environment()
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        sys.stdout = _Stream("stdout", 1, self._wire, noted)
        sys.stderr = _Stream("stderr", 2, self._wire, noted)
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def execute(self, source: str) -> dict[str, Any]:
        """Execute a cell; returns ipykernel's reply: whether its `status` is `ok` or `error`, and of an error what it was."""
        reply = self._loop.run_until_complete(self._kernel.do_execute(source, silent=False))
        sys.stdout.flush()
        sys.stderr.flush()
        return dict(reply)
