"""Runs Pandoc, the converter that both engines are built on, and puts its complaints into words."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pypandoc

from greenreport.errors import RenderError, Unsupported
from greenreport.processes import Ended, Processes
from greenreport.render.formats import FORMATS
from greenreport.words import error

__all__ = ["THEME", "Form", "convert", "end_idle", "pandoc", "theme_digest", "version"]

THEME = Path(__file__).parent / "theme"
_READER = "markdown-implicit_figures-tex_math_single_backslash"
_MEMORY = ("+RTS", "-A64m", "-RTS")  # a nursery that holds a page: it is collected a few times instead of hundreds


@dataclass(frozen=True)
class Form:
    """A form in which a text is wanted.

    Args:
        to: Pandoc's name of it: `html5`, `typst-smart` or `json`.
        meta: what the theme's filters are told.
        template: the theme's file around the text; nothing around it by default.
        toc: how deep the table of contents goes; none by default.
    """

    to: str
    meta: Mapping[str, Any]
    template: str | None = None
    toc: int | None = None


@cache
def theme_digest(fmt: str) -> str:
    """A digest of the parts of the theme that files of a format are made with."""
    sums = hashlib.sha256()
    for path in sorted(THEME.rglob("*")):
        if path.is_file() and path.suffix not in FORMATS[fmt].without:
            sums.update(path.name.encode() + b"\0" + path.read_bytes())
    return sums.hexdigest()


@cache
def _binary() -> str:
    return str(pypandoc.get_pandoc_path())


@cache
def version() -> str:
    """Pandoc's version, part of every page's digest."""
    return str(pypandoc.get_pandoc_version())


_processes = Processes(lambda: (_binary(), *_MEMORY, "lua", str(THEME / "convert.lua")))


def convert(text: str, forms: Sequence[Form], *, about: str) -> list[bytes]:
    """A text in several forms, with the theme's filters.

    Args:
        text: Pandoc Markdown.
        forms: the forms; the text is read once for all of them.
        about: the page, for messages.

    Raises:
        Unsupported: the document asks for something that only Quarto knows.
        RenderError: Pandoc failed.
    """
    with tempfile.TemporaryDirectory(prefix="greenreport-") as name:
        source = Path(name, "text.md")
        source.write_text(text, encoding="utf-8")
        outs = [Path(name, f"out-{n}") for n, _ in enumerate(forms)]
        orders = []
        for form, out in zip(forms, outs, strict=True):
            order: dict[str, Any] = {"to": form.to, "meta": dict(form.meta), "out": str(out)}
            if form.template:
                order["template"] = str(THEME / form.template)
            if form.toc:
                order["toc"] = form.toc
            orders.append(order)
        try:
            answer = _processes.ask({"text": str(source), "from": _READER, "forms": orders})
        except Ended as cause:
            raise _failed(about, str(cause)) from cause
        if what := answer.get("refused"):
            raise error(Unsupported, "render.only_quarto", what=what, file=about)
        if said := answer.get("error"):
            raise _failed(about, said)
        return [out.read_bytes() for out in outs]


def end_idle() -> None:
    """End the processes that wait for work."""
    _processes.end_idle()


def pandoc(text: str, arguments: Sequence[str], *, about: str, epoch: int = 0) -> bytes:
    """Convert a text by the command line, without the theme's filters.

    Args:
        text: Pandoc Markdown, or what the arguments say it is.
        arguments: for the command line, without the binary.
        about: the page, for messages.
        epoch: seconds since 1970, the only time that the result may carry.

    Raises:
        RenderError: Pandoc failed.
    """
    done = subprocess.run(
        [_binary(), *_MEMORY, *arguments],
        input=text.encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)},
    )
    if done.returncode:
        raise _failed(about, done.stderr.decode(errors="replace").strip())
    return done.stdout


def _failed(about: str, said: str) -> RenderError:
    return error(RenderError, "render.pandoc_failed", why=said, file=about)
