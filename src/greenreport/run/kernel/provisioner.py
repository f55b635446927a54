"""A Jupyter kernel provisioner that forks kernels from a warm server, and starts cold ones where it cannot.

Serves papermill, nbval and JupyterLab alike, by entry point `greenreport-fork`. Must not know notebooks or pages.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Integer, Unicode

from greenreport.run.kernel import app
from greenreport.run.kernel.scratch import own_scratch
from greenreport.run.kernel.warm import Refused, WarmKernel, own_server
from greenreport.system import has_ipc

__all__ = ["ForkProvisioner"]


class ForkProvisioner(LocalProvisioner):
    """Kernels from a warm server (see [greenreport.run.kernel.server]) or, failing that, cold.

    Attributes:
        mode: `auto` tries the server and falls back; `warm` insists on it; `cold` does without.
        server: address of a running server; empty to start one that belongs to this process.
        memory_bytes: limit of the kernel's memory; 0 for none.
        used: after the launch, `warm` or `cold`, with the reason where warm was wanted.
    """

    mode = Unicode("auto").tag(config=True)
    server = Unicode("").tag(config=True)
    memory_bytes = Integer(0).tag(config=True)
    used = ""
    warm: WarmKernel | None = None
    folder: Path | None = None

    @staticmethod
    def argv() -> list[str]:
        """The command of a cold kernel, as a kernel spec holds it."""
        return [
            sys.executable,
            "-m",
            "greenreport.run.kernel.app",
            "-f",
            "{connection_file}",
            "--HistoryManager.enabled=False",
        ]

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel."""
        return self.warm is not None or super().has_process

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Prepare the launch, over IPC (where there is such) whatever the manager was set to: a port is for everyone."""
        manager = self.parent
        if manager is not None and manager.transport != "ipc" and has_ipc():
            self.folder = Path(tempfile.mkdtemp(dir=own_scratch(), prefix="k"))
            manager.cache_ports = False
            manager.transport = "ipc"
            manager.ip = str(self.folder / "s")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel; returns its connection information.

        Raises:
            Refused: the mode is `warm` and no warm kernel can be had.
        """
        environment = dict(kwargs.get("env") or os.environ)
        if self.memory_bytes:
            environment[app.MEMORY_VARIABLE] = str(self.memory_bytes)
        kwargs["env"] = environment
        if self.mode == "cold":
            return await self._launch_cold(cmd, "cold", **kwargs)
        cwd = str(kwargs.get("cwd") or Path.cwd())
        try:
            self.warm = self._launch_warm(cmd[cmd.index("-f") :], environment, cwd)
        except Refused as why:
            if self.mode == "warm":
                raise
            return await self._launch_cold(cmd, f"cold: {why}", **kwargs)
        self.used = "warm"
        self.pid = self.pgid = self.warm.pid
        self.cwd = cwd
        return self.connection_info

    def _launch_warm(self, arguments: list[str], environment: dict[str, str], cwd: str) -> WarmKernel:
        if self.server:
            try:
                return WarmKernel(self.server, argv=arguments, environment=environment, cwd=cwd)
            except Refused:
                pass  # it is stale or gone; from here on this process has one of its own
        try:
            own = own_server(environment)
            return WarmKernel(own.address, argv=arguments, environment=environment, cwd=cwd)
        except Refused:
            own = own_server(environment, renew=True)
            return WarmKernel(own.address, argv=arguments, environment=environment, cwd=cwd)

    async def _launch_cold(self, cmd: list[str], used: str, **kwargs: Any) -> Any:
        if threading.current_thread() is threading.main_thread():
            kwargs["env"]["GREENREPORT_BIND_TO_PARENT"] = "1"
        kwargs.setdefault("stdout", subprocess.DEVNULL)
        kwargs.setdefault("stderr", subprocess.DEVNULL)
        self.used = used
        return await super().launch_kernel(cmd, **kwargs)

    async def poll(self) -> int | None:
        """The exit code, or None while the kernel runs."""
        return self.warm.poll() if self.warm else await super().poll()

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        if self.warm is None:
            return await super().wait()
        while (code := self.warm.poll()) is None:
            await asyncio.sleep(0.02)
        self.warm = None
        return code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and all that it started."""
        if self.warm:
            self.warm.signal(signum)
        else:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel at once."""
        if self.warm is None:
            await super().kill(restart=restart)
            return
        self.warm.signal(signal.SIGKILL)
        self.warm.poll(seconds=0.5)  # it takes milliseconds; the manager would look again after a tenth of a second

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end."""
        if self.warm:
            self.warm.signal(signal.SIGTERM)
        else:
            await super().terminate(restart=restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Let go of everything that belongs to the kernel."""
        if self.warm and not restart:
            self.warm.close()
            self.warm = None
        if self.folder and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)
        await super().cleanup(restart=restart)
