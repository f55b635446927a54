"""Runs Pandoc, the converter that both engines are built on, and puts its complaints into words."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pypandoc

from greenreport.errors import RenderError, Unsupported

__all__ = ["READER", "THEME", "pandoc", "version"]

THEME = Path(__file__).parent / "theme"
READER = "markdown-implicit_figures-tex_math_single_backslash"
_REFUSED = 83  # theme/filters/builtin.lua ends with this status after naming what it does not know


@cache
def _binary() -> str:
    return str(pypandoc.get_pandoc_path())


@cache
def version() -> str:
    """Pandoc's version, part of every page's digest."""
    return str(pypandoc.get_pandoc_version())


def pandoc(text: str, arguments: Sequence[str], *, about: str, epoch: int = 0) -> bytes:
    """Convert a text.

    Args:
        text: Pandoc Markdown.
        arguments: for the command line, without the binary.
        about: the page, for messages.
        epoch: seconds since 1970, the only time that the result may carry.

    Raises:
        Unsupported: the document asks for something that only Quarto knows.
        RenderError: Pandoc failed.
    """
    done = subprocess.run(
        [_binary(), "+RTS", "-A32m", "-RTS", *arguments],
        input=text.encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)},
    )
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode == 0:
        return done.stdout
    if done.returncode == _REFUSED:
        what = said.rpartition("GR-UNSUPPORTED ")[2].splitlines()[0]
        raise Unsupported.of(
            zh=f"内置引擎不支持“{what}”。请去掉它，或安装 Quarto 后用 --renderer quarto 排版。",
            en=f"The built-in engine does not know {what!r}. Take it out, or install Quarto and use --renderer quarto.",
            file=about,
        )
    raise RenderError.of(zh=f"Pandoc 未能转换本页：{said}", en=f"Pandoc could not convert the page: {said}", file=about)
