"""What pages find ready when they are forked: the libraries, a kernel, and the evidence that all of them read.

multiprocessing's fork server imports this module before it forks (`set_forkserver_preload`), with an environment that
holds GREENREPORT_PREPARE; anywhere else the import does nothing. The server has one thread, because a fork copies no
other. Must not know notebooks or pages.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from greenreport.run.kernel.freshness import Snapshot
from greenreport.run.kernel.hidden_modules import GRAMMAR, without

__all__ = ["PREPARE_VARIABLE", "why_not"]

PRELOAD = (
    "pandas",
    "altair",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "pdb",
    "greenreport.assess",
    "greenreport.present",
    "greenreport.forecast",
    "greenreport.progress",
    "greenreport.present.preload:prepare",
)
"""What most pages import, and functions to call. A module that is missing or fails is left for the page to import, and
to complain of."""

PRELOAD_VARIABLE = "GREENREPORT_PRELOAD"
"""Environment variable with other modules to import instead, separated by commas, for notebooks of another field."""

PREPARE_VARIABLE = "GREENREPORT_PREPARE"
"""Environment variable with functions to call after the imports: JSON, "module:function" to keyword arguments."""

_COLLECTOR = (50_000, 20, 20)
"""Thresholds of the collector in pages, which live for a second: by the usual ones it takes a tenth of that."""

_snapshot: Snapshot | None = None
_broken = "the server did not import the libraries"


def why_not(environment: Mapping[str, str]) -> str:
    """Why a page forked here would not be what a fresh process would make of it; empty if it would.

    Args:
        environment: the environment that the page is to have.
    """
    return _broken or (_snapshot.changed() or _snapshot.differs(environment) if _snapshot else "")


def _make_ready(prepare: str) -> None:
    """Import everything once, and remember the files as they were."""
    global _snapshot, _broken
    began = time.time_ns()
    gc.disable()  # nothing that is imported is garbage
    wanted = os.environ.get(PRELOAD_VARIABLE)
    with without(GRAMMAR):
        for name in wanted.split(",") if wanted else PRELOAD:
            _do(name, {})
        importlib.import_module("greenreport.run.engine").kernel()
    for name, arguments in json.loads(prepare).items():
        _do(name, arguments)
    threads = sum(1 for _ in Path("/proc/self/task").iterdir())
    _broken = f"importing the libraries started {threads - 1} threads" if threads != 1 else ""
    _snapshot = Snapshot.take(began)
    gc.freeze()  # keeps the collector from touching, and so copying, the memory shared with the pages
    gc.set_threshold(*_COLLECTOR)
    gc.enable()


def _do(name: str, arguments: Mapping[str, Any]) -> None:
    """Import a module and call its function, if one is named; it may well fail."""
    module, _, function = name.partition(":")
    with contextlib.suppress(Exception):
        found = importlib.import_module(module)
        if function:
            getattr(found, function)(**arguments)


if _prepare := os.environ.get(PREPARE_VARIABLE):
    _make_ready(_prepare)
