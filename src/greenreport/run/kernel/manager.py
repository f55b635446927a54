"""The kernel manager of one page: IPC sockets (or local ports) and a short private folder, warm or cold by the provisioner.

Knows jupyter_client; must not know notebooks or pages.
"""

from __future__ import annotations

import contextlib
import math
import shutil
import tempfile
import time
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from greenreport.run.kernel.provisioner import ForkProvisioner
from greenreport.system import has_ipc

__all__ = ["PageKernelManager"]


class PageKernelClient(AsyncKernelClient):
    """A client that begins as soon as the kernel answers on all channels.

    jupyter_client's own then waits two tenths of a second for stray messages; nbclient tells messages apart by the
    request they belong to, so there is nothing to wait for.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers.

        Raises:
            RuntimeError: it died, or did not answer in `timeout` seconds.
        """
        deadline = time.monotonic() + (timeout or math.inf)
        while True:
            self.kernel_info()
            with contextlib.suppress(Empty):
                await self.shell_channel.get_msg(timeout=1)
                await self.iopub_channel.get_msg(timeout=0.2)
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before it answered")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel did not answer in {timeout} seconds")


class PageKernelManager(AsyncKernelManager):
    """Starts one kernel, whatever kernel specs may be installed on the machine."""

    client_class = f"{__name__}.PageKernelClient"
    client_factory = PageKernelClient
    folder: Path

    @classmethod
    def for_run(cls, *, scratch: Path, mode: str, server: str | None, memory_bytes: int | None) -> PageKernelManager:
        """A manager for one page.

        Args:
            scratch: a short path; the kernel's sockets live in a new folder there until [dispose].
            mode: `auto` (warm, else cold), `warm` or `cold`.
            server: address of the forking server; None lets the provisioner start one of its own.
            memory_bytes: limit of the kernel's memory, or None.
        """
        scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=scratch, prefix="k"))
        # Over IPC where there is such: an open port is for everyone on the machine.
        where = {"transport": "ipc", "ip": str(folder / "s")} if has_ipc() else {"transport": "tcp"}
        manager = cls(kernel_name="greenreport", connection_file=str(folder / "c"), **where)
        manager.folder = folder
        spec = KernelSpec(
            argv=ForkProvisioner.argv(), display_name="greenreport", language="python", name="greenreport"
        )
        manager._kernel_spec = spec
        manager.provisioner = ForkProvisioner(
            kernel_id=folder.name,
            kernel_spec=spec,
            parent=manager,
            mode=mode,
            server=server or "",
            memory_bytes=memory_bytes or 0,
        )
        return manager

    @property
    def used(self) -> str:
        """The kernel that served: `warm` or `cold`, with the reason where warm was wanted."""
        provisioner: Any = self.provisioner
        return str(provisioner.used) if provisioner else ""

    def dispose(self) -> None:
        """Remove the kernel's sockets and connection file."""
        shutil.rmtree(self.folder, ignore_errors=True)
