"""Starting, owning and asking the warm server. Knows processes and sockets; must not know notebooks or pages."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from greenreport.run.kernel.freshness import server_environment
from greenreport.run.kernel.scratch import own_scratch
from greenreport.system import has_ipc

__all__ = ["Refused", "Server", "WarmKernel", "end_own_servers", "own_server", "possible"]

READY_SECONDS = 120


class Refused(Exception):
    """The server cannot serve this kernel; the text says why."""


def possible() -> str:
    """Why this machine cannot have a warm server; empty if it can."""
    if sys.platform != "linux" or not has_ipc():
        return "warm kernels need Linux"
    if not hasattr(os, "pidfd_open"):
        return "this Python has no pidfd_open"
    return ""


class Server:
    """A server that belongs to this process and ends with it, however that ends.

    Args:
        folder: a short private path for its socket.
        environment: what its kernels' environment will be, as far as libraries read it when they are imported.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        if why := possible():
            raise Refused(why)
        folder.mkdir(parents=True, exist_ok=True)
        self.address = str(folder / f"w{os.getpid()}-{time.monotonic_ns() % 10**9}")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            # Bound here, so that kernels can be asked for at once; requests wait while libraries are imported.
            listener.bind(self.address)
            listener.listen(128)
            self.process = subprocess.Popen(
                [sys.executable, "-m", "greenreport.run.kernel.server", str(listener.fileno())],
                env=server_environment(environment),
                pass_fds=[listener.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        atexit.register(self.stop)

    def ready(self, *, wait: bool = True) -> bool:
        """Whether it serves yet.

        Raises:
            Refused: it could not start.
        """
        if self.process.stdout is None or self.process.stdout.closed:
            return True
        deadline = time.monotonic() + (READY_SECONDS if wait else 0)
        if not select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
            if wait:
                self.stop()
                raise Refused(f"the server was not ready after {READY_SECONDS} s")
            return False
        line = self.process.stdout.readline().decode(errors="replace").strip()
        self.process.stdout.close()
        if line != "ready":
            self.stop()
            raise Refused(line.removeprefix("failed ") or "the server ended while it started")
        return True

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self.process.poll() is None

    def stop(self) -> None:
        """End the server and its kernels."""
        atexit.unregister(self.stop)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None and not pipe.closed:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        Path(self.address).unlink(missing_ok=True)


class WarmKernel:
    """One kernel that a server forked for this process.

    Raises:
        Refused: the server is not there, or says that it cannot serve this kernel.
    """

    def __init__(self, address: str, *, argv: list[str], environment: Mapping[str, str], cwd: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._received = bytearray()
        self.exit_code: int | None = None
        try:
            self._socket.settimeout(READY_SECONDS)
            self._socket.connect(address)
            self._send({"argv": argv, "env": dict(environment), "cwd": cwd})
            answer = self._message()
        except OSError as error:
            self._socket.close()
            raise Refused(f"the server does not answer ({error})") from None
        if answer is None or "pid" not in answer:
            self._socket.close()
            raise Refused(answer["refused"] if answer else "the server hung up")
        self.pid = int(answer["pid"])

    def _send(self, message: Mapping[str, Any]) -> None:
        self._socket.sendall(json.dumps(message).encode() + b"\n")

    def _message(self) -> dict[str, Any] | None:
        while (end := self._received.find(b"\n")) < 0:
            part = self._socket.recv(65536)
            if not part:
                return None
            self._received += part
        message = json.loads(self._received[:end])
        del self._received[: end + 1]
        return dict(message)

    def poll(self, *, seconds: float = 0.0) -> int | None:
        """The exit code, or None while the kernel runs; waits up to `seconds` for it."""
        if self.exit_code is None and select.select([self._socket], [], [], seconds)[0]:
            try:
                message = self._message()
            except OSError:
                message = None
            # A server that hangs up without a word was killed, and its kernels with it.
            self.exit_code = int(message["exit"]) if message and "exit" in message else -9
            self._socket.close()
        return self.exit_code

    def signal(self, number: int) -> None:
        """Send a signal to the kernel and all that it started."""
        if self.exit_code is None:
            with contextlib.suppress(OSError):
                self._send({"signal": number})

    def close(self) -> None:
        """Hang up, which ends the kernel."""
        if self.exit_code is None:
            self.exit_code = -9
            self._socket.close()


_own: Server | None = None
_retired: list[Server] = []
_unable = ""
_own_lock = threading.Lock()


def own_server(environment: Mapping[str, str], *, renew: bool = False) -> Server:
    """The server of this process, started when it is first asked for (nbval, JupyterLab, remote workers).

    Args:
        environment: as for [Server].
        renew: start a new one, because the old one is stale.

    Raises:
        Refused: it could not start.
    """
    global _own, _unable
    with _own_lock:
        if _unable:
            raise Refused(_unable)
        if _own is not None and (renew or not _own.running):
            # Kernels that the old one serves go on; it ends with the last of them.
            _retired.append(_own)
            _own = None
        if _own is None:
            _own = Server(own_scratch(), environment)
        try:
            _own.ready()
        except Refused as why:
            _own, _unable = None, str(why)  # what kept it from starting will keep the next one
            raise
        return _own


def end_own_servers() -> None:
    """End the servers of this process, if there are any."""
    global _own
    with _own_lock:
        while _retired:
            _retired.pop().stop()
        if _own is not None:
            _own.stop()
            _own = None
