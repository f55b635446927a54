"""The processes in which pages are made: forked from a server that has imported the libraries, or fresh ones.

multiprocessing's fork server imports this module before it forks, with an environment that holds GREENREPORT_PREPARE: what
pages find ready, the libraries, a kernel, and the evidence that all of them read. Anywhere else the import does nothing.
The server has one thread, because a fork copies no other.

A process makes the pages of one subject, one language after another; where it is forked, each in a fork of its own.
Whoever asked for it reads what came of them from a pipe, and may end it at any moment with all that it started; it
ends by itself with the process that asked. Must not know notebooks.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from greenreport.run.kernel.hidden_modules import without_grammar
from greenreport.system import has_ipc, limit_data

__all__ = ["Begun", "Orders", "PageProcess", "end_server", "start_server"]

_PREPARE = "GREENREPORT_PREPARE"
"""Environment variable with what the server imports, and what it calls then: JSON, "module" or "module:function" to keyword
arguments. A module that is missing or fails is left for the page to import, and to complain of."""

_COLLECTOR = (50_000, 20, 20)
"""Thresholds of the collector in pages, which live for a second: by the usual ones it takes a tenth of that."""

_threads = 0
"""How many threads the server's imports left running."""


@dataclass(frozen=True)
class Begun:
    """What a process says before each call; until then it was being made, or worked out what several calls share."""


@dataclass(frozen=True)
class Orders:
    """What a process is to do.

    Attributes:
        environment: the environment that it is to have.
        folder: its working folder.
        calls: what to call, one after another, and to answer with what it returns; a fresh process takes one.
        first: what to call before several calls, for what they share; it may well fail.
        memory_bytes: limit of the memory of each call, or None.
    """

    environment: Mapping[str, str]
    folder: str
    calls: Sequence[Callable[[], Any]]
    first: Callable[[], object] | None
    memory_bytes: int | None


def start_server(environment: Mapping[str, str], prepare: Mapping[str, Mapping[str, Any]]) -> str:
    """Start the server that forks pages, in place of one that runs; it ends with this process.

    Args:
        environment: what the pages' environment will be, as far as libraries read it when they are imported.
        prepare: what it imports and calls before it forks ("module" or "module:function" to keyword arguments).

    Returns:
        Why pages can't be forked here; empty if they can.
    """
    if not (sys.platform == "linux" and has_ipc()):
        return "pages can be forked on Linux only"
    end_server()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update({**environment, _PREPARE: json.dumps(prepare)})
    asked = context.Process(target=_tell_threads)
    try:
        with _starting():
            asked.start()
        asked.join()
    except (OSError, EOFError):
        return "the server does not answer"
    finally:
        os.environ.clear()
        os.environ.update(before)
    return f"importing the libraries started {asked.exitcode} threads" if asked.exitcode else ""


def end_server() -> None:
    """End the server, if there is one; the pages that it forked are ended by those who asked for them."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # there is no other way to have a new one


@contextlib.contextmanager
def _starting() -> Iterator[None]:
    """Have multiprocessing start a process that knows nothing of this one.

    It would run this process's script again in each, and start none from a process that is to end with its parent, as a
    cluster's workers are.
    """
    main, about = sys.modules["__main__"], multiprocessing.current_process()._config  # type: ignore[attr-defined]
    ends_with_parent = about.pop("daemon", None)
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        if ends_with_parent is not None:
            about["daemon"] = ends_with_parent


class PageProcess:
    """A process at work; `answers` tells what came of it.

    Args:
        orders: what it is to do.
        forked: whether it is forked from the server, which must have been started; a fresh one otherwise.
    """

    def __init__(self, orders: Orders, *, forked: bool) -> None:
        context: Any = multiprocessing.get_context("forkserver" if forked else "spawn")
        self.answers: Connection
        self.answers, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_serve, args=(theirs, orders))
        with _starting():
            self._process.start()
        theirs.close()
        self.number = int(self._process.pid)

    @property
    def ended(self) -> bool:
        """Whether it has ended, whatever became of what it started."""
        return not self._process.is_alive()

    def end(self) -> None:
        """End it, if it has not ended, and all that it started."""
        if self.answers.closed:
            return
        self.answers.close()
        with contextlib.suppress(OSError, AttributeError):
            os.killpg(self.number, signal.SIGKILL)  # where it leads no group yet, it has started nothing
        self._process.kill()
        self._process.join()
        self._process.close()


def _serve(answers: Connection, orders: Orders) -> None:
    _settle(orders)
    *others, last = orders.calls
    if others and orders.first:
        with contextlib.suppress(Exception):
            orders.first()
        gc.freeze()
    for call in others:
        child = os.fork()
        if child == 0:
            _answer(answers, call, orders.memory_bytes)
        if os.waitpid(child, 0)[1] != 0:
            os._exit(1)  # it was killed: who asked finds nobody at the other end, and knows what was asked for
    _answer(answers, last, orders.memory_bytes)


def _settle(orders: Orders) -> None:
    """Become what a page expects: its environment, its folder, a session of its own, no terminal."""
    if hasattr(os, "setsid"):
        os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(orders.environment)
    if hasattr(time, "tzset"):
        time.tzset()
    os.chdir(orders.folder)
    sys.path[0] = orders.folder  # as `python -m` would have set it there


def _answer(answers: Connection, call: Callable[[], Any], memory_bytes: int | None) -> NoReturn:
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    if memory_bytes:
        limit_data(memory_bytes)
    code = 1
    try:
        answers.send(Begun())
        answers.send(call())
        code = 0
    finally:
        os._exit(code)  # what the cells left to be done at the end is not waited for


def _end_with(owner: Any) -> None:
    """End this session when the process that asked for it has ended."""
    owner.join()
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _tell_threads() -> None:
    """End this process, which was forked; its code is the number of threads that the imports left running."""
    sys.exit(_threads)


def _make_ready(prepare: str) -> None:
    """Import everything once."""
    global _threads
    gc.disable()  # nothing that is imported is garbage
    with without_grammar():
        for name, arguments in json.loads(prepare).items():
            module, _, function = name.partition(":")
            with contextlib.suppress(Exception):
                found = importlib.import_module(module)
                if function:
                    getattr(found, function)(**arguments)
        importlib.import_module("greenreport.run.engine").kernel()
    _threads = sum(1 for _ in Path("/proc/self/task").iterdir()) - 1
    gc.freeze()  # keeps the collector from touching, and so copying, the memory shared with the pages
    gc.set_threshold(*_COLLECTOR)
    gc.enable()


if _prepare := os.environ.get(_PREPARE):
    _make_ready(_prepare)
