"""The Quarto engine: finds Quarto, writes the staged project, renders it, and collects what it made.

Each language is a project of its own, because two Quartos in one folder race, and languages render side by side. It
must not know what a page is about.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import yaml

from greenreport.errors import EngineMissing, GreenReportError
from greenreport.render.orders import Order
from greenreport.render.pandoc import THEME
from greenreport.render.source import Run
from greenreport.render.staging import Staged
from greenreport.render.words import TAGS

__all__ = ["choose", "find", "set_pages", "version", "write_project"]


def find() -> Path | None:
    """The Quarto at hand: `GREENREPORT_QUARTO`, beside this Python, or on PATH."""
    named = os.environ.get("GREENREPORT_QUARTO")
    if named:
        return Path(named) if Path(named).is_file() else None
    beside = Path(sys.executable).with_name("quarto")
    if beside.is_file():
        return beside
    found = shutil.which("quarto")
    return Path(found) if found else None


def choose(engine: str) -> str:
    """The engine to work with: `quarto` or `builtin`.

    Raises:
        EngineMissing: Quarto was asked for and is not installed.
    """
    if engine == "builtin" or (engine == "auto" and find() is None):
        return "builtin"
    if find() is None:
        raise EngineMissing.of(
            zh="没有找到 Quarto。请安装 Quarto，或去掉 --renderer quarto，改用内置引擎。",
            en="Quarto was not found. Install it, or leave out --renderer quarto to use the built-in engine.",
        )
    return "quarto"


@cache
def version() -> str:
    """Quarto's version, part of every page's digest."""
    binary = find()
    if binary is None:
        return ""
    done = subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=True)
    return f"quarto-{done.stdout.strip()}"


def project(lang: str, pages: Sequence[str], *, theme: str) -> dict[str, object]:
    """The project file of one language's folder.

    Args:
        lang: `zh` or `en`.
        pages: the files to render.
        theme: where the theme lies, relative to the folder.
    """
    shared = {"filters": [f"{theme}/filters/common.lua"], "shift-heading-level-by": 0, "number-sections": False}
    zh = lang == "zh"
    return {
        "project": {"type": "default", "output-dir": "_site", "render": list(pages)},
        "lang": TAGS[lang],
        "execute": {"enabled": False, "echo": False, "warning": False},
        "crossref": {
            "fig-title": "图" if zh else "Figure",
            "tbl-title": "表" if zh else "Table",
            "fig-prefix": "图" if zh else "Figure",
            "tbl-prefix": "表" if zh else "Table",
            "title-delim": "　" if zh else ".",
        },
        "format": {
            "html": {
                "template": f"{theme}/page.html",
                "theme": "none",
                "minimal": True,
                "toc": True,
                "toc-depth": 3,
                "html-math-method": "mathml",
                "html-table-processing": "none",
                "embed-resources": False,
                **shared,
            },
            "typst": {
                "template-partials": [f"{theme}/typst-template.typ", f"{theme}/typst-show.typ"],
                "papersize": "a4",
                "pdf-standard": ["ua-1", "a-2a"],
                "font-paths": [f"{theme}/fonts"],
                "callout-icon": False,
                **shared,
            },
        },
    }


def write_project(folder: Path, lang: str, pages: Sequence[Staged]) -> None:
    """Write the project file and the theme into a staged folder."""
    text = yaml.safe_dump(
        project(lang, [f"{p.page.id}.ipynb" for p in pages], theme="_theme"),
        allow_unicode=True,
        sort_keys=False,
        width=10**6,
    )
    _place(folder / "_quarto.yml", text.encode())
    for path in sorted(THEME.rglob("*")):
        if path.is_file():
            _place(folder / "_theme" / path.relative_to(THEME), path.read_bytes())


def _place(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def set_pages(
    orders: Sequence[Order], *, run: Run, workers: int
) -> Iterator[tuple[int, bytes | GreenReportError]]:
    """Set pages with Quarto; yields the number of each order with its file's bytes or what went wrong."""
    raise EngineMissing.of(zh="Quarto 引擎尚未接通。", en="The Quarto engine is not wired yet.")
    yield
