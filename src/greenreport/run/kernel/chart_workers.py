"""Painters beside the kernels: processes that draw the pages' still pictures (see greenreport.chart_images).

Starts and ends them; must not know charts.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["Painters"]


class Painters:
    """Painters that belong to this process and end with it, however that ends.

    They share one listening socket, so that whoever is free takes the next picture.

    Args:
        folder: a short private path for the socket.
        count: how many; one keeps four kernels supplied.
        environment: the painters' environment.
    """

    def __init__(self, folder: Path, *, count: int, environment: Mapping[str, str]) -> None:
        self.address = str(folder / "p")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(self.address)
            listener.listen(128)
            listener.setblocking(False)
            self._processes = [
                subprocess.Popen(
                    [sys.executable, "-m", "greenreport.chart_images", str(listener.fileno())],
                    pass_fds=[listener.fileno()],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=dict(environment),
                    start_new_session=True,
                )
                for _ in range(count)
            ]

    def stop(self) -> None:
        """End them."""
        for process in self._processes:
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
        for process in self._processes:
            try:
                process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        Path(self.address).unlink(missing_ok=True)
