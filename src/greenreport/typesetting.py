"""Typst in separate processes, which are replaced when their memory use has grown.

Typst keeps what it worked out for one document for the next one, about 20 MB per page of a report, and lets go of it
only when its process ends: set in one process, two hundred districts would take eight gigabytes. Knows documents as
files; must not know pages. `python -m greenreport.typesetting` is such a process: one request and one answer a line,
until its standard input ends.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from greenreport.processes import Ended, Processes
from greenreport.system import held_megabytes

__all__ = ["Typeset", "TypesettingError", "end_idle", "typeset"]

MOST_MEGABYTES = 400
"""A process that holds more than this ends after the document at hand."""


class TypesettingError(Exception):
    """Typst refused a document; the text is its own."""


@dataclass(frozen=True)
class Typeset:
    """Where a document lies as PDF, and what Typst warned of."""

    path: Path
    warnings: tuple[str, ...]


_processes = Processes(lambda: (sys.executable, "-m", "greenreport.typesetting"))


def typeset(main: Path, *, fonts: Sequence[str], standards: Sequence[str], timestamp: int) -> Typeset:
    """Set a Typst document.

    Args:
        main: the document; files that it names lie in its folder or below.
        fonts: folders with fonts; those of the machine are not looked at.
        standards: PDF standards to keep to, such as `ua-1`.
        timestamp: the moment that stands in the file, in seconds since 1970.

    Raises:
        TypesettingError: Typst refused it, or its process ended (for want of memory, as a rule).
    """
    out = main.with_suffix(".pdf")
    request = {
        "main": str(main),
        "out": str(out),
        "fonts": list(fonts),
        "standards": list(standards),
        "timestamp": timestamp,
    }
    try:
        answer = _processes.ask(request)
    except Ended as error:
        raise TypesettingError(str(error)) from error
    if "error" in answer:
        raise TypesettingError(answer["error"])
    return Typeset(out, tuple(answer["warnings"]))


def end_idle() -> None:
    """End the processes that wait for work."""
    _processes.end_idle()


@cache
def _fonts(folders: tuple[str, ...]) -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(folders))


def _set(request: dict[str, Any]) -> dict[str, Any]:
    import typst

    try:
        compiler = typst.Compiler(
            input=request["main"],
            root=str(Path(request["main"]).parent),
            font_paths=_fonts(tuple(request["fonts"])),
            ignore_system_fonts=True,
        )
        made, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=request["standards"], timestamp=request["timestamp"]
        )
    except typst.TypstError as error:
        return {"error": error.message}
    if not isinstance(made, bytes):
        return {"error": "Typst made several files of one document"}
    Path(request["out"]).write_bytes(made)
    return {"warnings": [warning.message for warning in warnings]}


def _serve() -> None:
    for line in sys.stdin:
        answer = _set(json.loads(line))
        last = held_megabytes() > MOST_MEGABYTES
        print(json.dumps({**answer, "last": last}), flush=True)
        if last:
            return


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        _serve()
