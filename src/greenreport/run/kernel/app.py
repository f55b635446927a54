"""A kernel's first steps: bound to its parent's life and to its memory limit, then plain ipykernel.

New kernels start here through `python -m greenreport.run.kernel.app -f FILE`, forked ones through [serve].
Must not know who asked for the kernel.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from greenreport.system import limit_data

__all__ = ["MEMORY_VARIABLE", "die_with_parent", "limit_memory", "serve"]

MEMORY_VARIABLE = "GREENREPORT_MEMORY_BYTES"
_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Have the system kill this process when its parent ends, however it ends (Linux)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent ended before the line above
        os._exit(1)


def limit_memory() -> None:
    """Limit this process's private memory to GREENREPORT_MEMORY_BYTES, if that is set and the system can."""
    if size := int(os.environ.get(MEMORY_VARIABLE) or 0):
        limit_data(size)


def serve(arguments: list[str]) -> None:
    """Be a kernel until told to stop.

    Args:
        arguments: ipykernel's, `-f` and the connection file among them.
    """
    limit_memory()
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance(outstream_class="greenreport.run.kernel.streams.Stream")
    app.initialize(arguments)
    app.start()


if __name__ == "__main__":
    # Started from a thread, the kernel would be killed when that thread ends; the launcher says which case it
    # is.
    if os.environ.pop("GREENREPORT_BIND_TO_PARENT", ""):
        die_with_parent(int(os.environ.get("JPY_PARENT_PID") or os.getppid()))
    serve(sys.argv[1:])
