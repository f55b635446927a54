"""A Jupyter kernel provisioner that forks kernels from a warm server, and starts cold ones where it cannot.

Serves papermill, nbval and JupyterLab alike, by entry point `greenreport-fork`. Must not know notebooks or
pages.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Integer, Unicode

from greenreport.run.kernel import app

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

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel; returns its connection information."""
        environment = dict(kwargs.get("env") or os.environ)
        if self.memory_bytes:
            environment[app.MEMORY_VARIABLE] = str(self.memory_bytes)
        kwargs["env"] = environment
        return await self._launch_cold(cmd, **kwargs)

    async def _launch_cold(self, cmd: list[str], **kwargs: Any) -> Any:
        if threading.current_thread() is threading.main_thread():
            kwargs["env"]["GREENREPORT_BIND_TO_PARENT"] = "1"
        kwargs.setdefault("stdout", subprocess.DEVNULL)
        kwargs.setdefault("stderr", subprocess.DEVNULL)
        self.used = "cold"
        return await super().launch_kernel(cmd, **kwargs)
