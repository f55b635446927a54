"""The warm server: a process that has imported the libraries and forks itself into kernels.

Runs as `python -m greenreport.run.kernel.server FD`, started and owned by [greenreport.run.kernel.warm]. It has
one thread, no event loop and no zmq context, because a fork copies none of these whole. One connection is one kernel:

    client → {"argv": […], "env": {…}, "cwd": …}          start a kernel
    server → {"pid": …}  or  {"refused": "why"}
    client → {"signal": 9}                                 any number of times
    server → {"exit": code}                                when the kernel has ended

A client that hangs up loses its kernel, an owner that ends loses the server, and a server that ends takes its
kernels along: nothing is left behind, whoever is killed. Must not know notebooks or pages.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from greenreport.run.kernel import app
from greenreport.run.kernel.freshness import Snapshot
from greenreport.run.kernel.lean import GRAMMAR, without

__all__ = ["PRELOAD", "PREPARE_VARIABLE", "main"]

PRELOAD = (
    "pandas",
    "altair",
    "vl_convert",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "pdb",
    "tornado.locks",
    "tornado.platform.asyncio",
    "greenreport.assess",
    "greenreport.present",
    "greenreport.forecast",
    "greenreport.progress",
    "greenreport.run.kernel.streams",
)
"""What most pages import. A module that is missing or fails is left for the kernel to import, and to complain of."""

PRELOAD_VARIABLE = "GREENREPORT_PRELOAD"
"""Environment variable with other modules to import instead, separated by commas, for notebooks of another field."""

PREPARE_VARIABLE = "GREENREPORT_PREPARE"
"""Environment variable with functions to call after the imports: JSON, "module:function" to keyword arguments."""


KERNEL_COLLECTOR = (50_000, 20, 20)
"""Thresholds of the collector in kernels, which live for a second: by the usual ones it takes a tenth of that."""


@dataclass
class _Kernel:
    """One connection and the kernel that it asked for, if any yet."""

    connection: socket.socket
    pid: int = 0
    handle: int = -1
    received: bytearray = field(default_factory=bytearray)


class _Server:
    def __init__(self, listener: int, owner: int) -> None:
        self.owner = owner
        self.parent = os.getppid()
        self.snapshot: Snapshot
        self.stale = ""
        self.kernels: dict[int, _Kernel] = {}
        self.selector = selectors.DefaultSelector()
        self.listener = socket.socket(fileno=listener)
        self.listener.set_inheritable(False)

    def preload(self) -> None:
        """Import everything once, and remember the files as they were."""
        began = time.time_ns()
        gc.disable()  # nothing that is imported is garbage
        wanted = os.environ.get(PRELOAD_VARIABLE)
        with without(GRAMMAR):
            for name in wanted.split(",") if wanted else PRELOAD:
                with contextlib.suppress(Exception):
                    importlib.import_module(name)
        self._prepare()
        threads = sum(1 for _ in Path("/proc/self/task").iterdir())
        if threads != 1:
            raise RuntimeError(f"importing the libraries started {threads - 1} threads")
        self.snapshot = Snapshot.take(began)
        gc.freeze()  # keeps the collector from touching, and so copying, the pages shared with the kernels
        gc.set_threshold(*KERNEL_COLLECTOR)
        gc.enable()

    def _prepare(self) -> None:
        """Call the functions that the owner wants called before kernels are forked; they may well fail."""
        with contextlib.suppress(Exception):
            for name, arguments in json.loads(os.environ.get(PREPARE_VARIABLE) or "{}").items():
                module, function = name.split(":")
                getattr(importlib.import_module(module), function)(**arguments)

    def serve(self) -> None:
        """Fork kernels until the owner ends."""
        self.listener.setblocking(False)
        self.selector.register(self.listener, selectors.EVENT_READ, self._accept)
        self.selector.register(self.owner, selectors.EVENT_READ, None)
        print("ready", flush=True)
        while True:
            for key, _ in self.selector.select(timeout=1.0):
                if key.data is None:
                    return
                key.data()
            if os.getppid() != self.parent or (self.stale and not self.kernels):
                return

    def close(self) -> None:
        """End all kernels."""
        for kernel in list(self.kernels.values()):
            self._drop(kernel)

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError):
            connection, _ = self.listener.accept()
            connection.setblocking(False)
            kernel = _Kernel(connection)
            self.kernels[connection.fileno()] = kernel
            self.selector.register(connection, selectors.EVENT_READ, lambda: self._read(kernel))

    def _read(self, kernel: _Kernel) -> None:
        try:
            part = kernel.connection.recv(1 << 20)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if not part:
            self._drop(kernel)
            return
        kernel.received += part
        while (end := kernel.received.find(b"\n")) >= 0:
            message = json.loads(kernel.received[:end])
            del kernel.received[: end + 1]
            if "signal" in message:
                self._signal(kernel, int(message["signal"]))
            else:
                self._start(kernel, message)

    def _start(self, kernel: _Kernel, request: dict[str, Any]) -> None:
        self.stale = self.stale or self.snapshot.changed()
        if why := self.stale or self.snapshot.differs(request["env"]):
            self._send(kernel, {"refused": why})
            self._drop(kernel)
            return
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_kernel(request, server)
        kernel.pid, kernel.handle = pid, os.pidfd_open(pid)
        self.selector.register(kernel.handle, selectors.EVENT_READ, lambda: self._reap(kernel))
        self._send(kernel, {"pid": pid})

    def _become_kernel(self, request: dict[str, Any], server: int) -> None:
        """Turn this forked copy into a kernel; never returns."""
        code = 1
        try:
            os.setsid()
            app.die_with_parent(server)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.selector.close()
            self.listener.close()
            for other in self.kernels.values():
                other.connection.close()
                if other.handle >= 0:
                    os.close(other.handle)
            os.environ.clear()
            os.environ.update(request["env"])
            time.tzset()
            os.chdir(request["cwd"])
            sys.path[0] = request["cwd"]  # as `python -m` would have set it there
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(null, stream)
            sys.argv = [app.__file__, *request["argv"]]
            app.serve(request["argv"])
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _signal(self, kernel: _Kernel, number: int) -> None:
        if not kernel.pid:
            return
        try:
            os.killpg(kernel.pid, number)
        except (ProcessLookupError, PermissionError):
            # Just forked, it may not lead its group yet: a signal to the group alone would be lost, and waiting
            # for the end of a kernel that was never told to end would hold up the server for good.
            with contextlib.suppress(ProcessLookupError):
                os.kill(kernel.pid, number)

    def _reap(self, kernel: _Kernel) -> None:
        """A kernel has ended: tell its client, and end what it may have started itself."""
        _, status = os.waitpid(kernel.pid, 0)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(kernel.pid, signal.SIGKILL)
        self.selector.unregister(kernel.handle)
        os.close(kernel.handle)
        kernel.pid, kernel.handle = 0, -1
        self._send(kernel, {"exit": os.waitstatus_to_exitcode(status)})
        self._drop(kernel)

    def _send(self, kernel: _Kernel, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            kernel.connection.send(json.dumps(message).encode() + b"\n")

    def _drop(self, kernel: _Kernel) -> None:
        """Hang up, and end the kernel if it is still there."""
        if self.kernels.pop(kernel.connection.fileno(), None) is not None:
            self.selector.unregister(kernel.connection)
        if kernel.pid:
            self._signal(kernel, signal.SIGKILL)
            os.waitpid(kernel.pid, 0)
            self.selector.unregister(kernel.handle)
            os.close(kernel.handle)
            kernel.pid, kernel.handle = 0, -1
        kernel.connection.close()


def main(listener: int) -> int:
    """Serve at a listening socket until the standard input, held open by the owner, ends.

    Args:
        listener: the socket's file descriptor, inherited.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal group; the owner decides
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = _Server(listener, owner=sys.stdin.fileno())
    try:
        server.preload()
        server.serve()
    except Exception as error:
        print(f"failed {type(error).__name__}: {error}", flush=True)
        return 1
    finally:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
