"""The Quarto engine: finds Quarto, writes the staged project, renders it, and collects what it made.

Each language is a project of its own, because two Quartos in one folder race, and languages render side by side. It
must not know what a page is about.
"""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from string import Template

from greenreport.errors import EngineMissing, GreenReportError, RenderError
from greenreport.render import glyphs
from greenreport.render.jobs import STAGE, Order, timestamp
from greenreport.render.pandoc import THEME
from greenreport.render.pdf_compression import packed
from greenreport.render.site import write_file
from greenreport.render.source import Run
from greenreport.render.words import TAGS, word
from greenreport.words import error

__all__ = ["choose", "find", "link_fonts", "set_pages", "version", "write_project"]

_BEGIN = re.compile(r"^\[\s*\d+/\d+\]\s+(.+)\.ipynb")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


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
        raise error(EngineMissing, "render.no_quarto")
    return "quarto"


@cache
def version() -> str:
    """Quarto's version, part of every page's digest."""
    binary = find()
    if binary is None:
        return ""
    done = subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=True)
    return f"quarto-{done.stdout.strip()}"


def write_project(folder: Path, lang: str, pages: Sequence[str]) -> None:
    """Write the project file, the theme and ways to the fonts into a staged folder `<run>/stage/<lang>`."""
    write_list(folder, lang, pages)
    for path in sorted(THEME.rglob("*")):
        if path.is_file():
            write_file(folder / "_theme" / path.relative_to(THEME), path.read_bytes())
    link_fonts(folder / "_theme" / "fonts", chart_fonts=folder.parent / "fonts")


def link_fonts(folder: Path, *, chart_fonts: Path) -> None:
    """Put ways to every font file into a folder, because Quarto wants a folder in the project."""
    folder.mkdir(parents=True, exist_ok=True)
    for font in (glyphs.chart_face(chart_fonts).resolve(), *glyphs.files()):
        link = folder / font.name
        if not link.exists():
            link.unlink(missing_ok=True)
            try:
                link.symlink_to(font)
            except OSError:  # a file system without links
                shutil.copyfile(font, link)


def write_list(folder: Path, lang: str, pages: Sequence[str]) -> None:
    """Write the project file of a staged folder for some of its pages."""
    made = Template((THEME.parent / "quarto_project.yml").read_text(encoding="utf-8")).substitute(
        pages="\n".join(f"  - {page}.ipynb" for page in pages),
        lang=TAGS[lang],
        figure=word(lang, "fig"),
        table=word(lang, "tbl"),
        delim="　" if lang == "zh" else "':'",
    )
    write_file(folder / "_quarto.yml", made.encode())


def set_pages(orders: Sequence[Order], *, run: Run, workers: int) -> Iterator[tuple[int, bytes | GreenReportError]]:
    """Set pages with Quarto; yields the number of each order with its file's bytes or what went wrong.

    Languages are set side by side; within one, Quarto takes page after page and stops at the first that fails, so it
    is called again for what is left.
    """
    by_lang: dict[str, list[int]] = {}
    for n, order in enumerate(orders):
        by_lang.setdefault(order.staged.page.lang, []).append(n)
    if not by_lang:
        return
    done: queue.SimpleQueue[tuple[int, bytes | GreenReportError] | None] = queue.SimpleQueue()

    def work(numbers: list[int]) -> None:
        try:
            for outcome in _set_language([(n, orders[n]) for n in numbers], run):
                done.put(outcome)
        finally:
            done.put(None)

    with ThreadPoolExecutor(min(workers, len(by_lang))) as pool:
        futures = [pool.submit(work, numbers) for numbers in by_lang.values()]
        for _ in futures:
            while (outcome := done.get()) is not None:
                yield outcome
        for future in futures:
            future.result()


def _set_language(orders: Sequence[tuple[int, Order]], run: Run) -> Iterator[tuple[int, bytes | GreenReportError]]:
    lang = orders[0][1].staged.page.lang
    folder = run.folder / STAGE / lang
    pages = list(dict.fromkeys(order.staged.page.id for _, order in orders))
    formats = {order.format for _, order in orders}
    shutil.rmtree(folder / "_site", ignore_errors=True)
    everything = [path.stem for path in sorted(folder.glob("*.ipynb"))]
    left = pages
    try:
        while left:
            write_list(folder, lang, left)
            begun, said = yield from _render(folder, formats, run.as_of, left, orders)
            if said is None:
                break
            stopped = begun[-1] if begun else left[0]
            yield from ((n, _error(said, stopped)) for n, order in orders if order.staged.page.id == stopped)
            left = left[left.index(stopped) + 1 :]
    finally:
        write_list(folder, lang, everything)


def _render(
    folder: Path, formats: set[str], as_of: str, pages: Sequence[str], orders: Sequence[tuple[int, Order]]
) -> Generator[tuple[int, bytes | GreenReportError], None, tuple[list[str], str | None]]:
    """Run Quarto over some pages of a folder and yield what it made.

    Returns:
        The pages that Quarto began with, and what it said if it failed, else None.
    """
    names = {"html": "html", "pdf": "typst"}
    one = ["--to", names[next(iter(formats))]] if len(formats) == 1 else []
    environment = {
        **os.environ,
        "SOURCE_DATE_EPOCH": str(timestamp(as_of)),
        "QUARTO_PYTHON": sys.executable,
        "NO_COLOR": "1",
    }
    begun: list[str] = []
    said: list[str] = []
    with subprocess.Popen(
        [str(find()), "render", *one, "--no-execute"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(_COLOUR.sub("", line))
            # Quarto names each file as it begins with it; a project of one page is not numbered.
            if (match := _BEGIN.match(said[-1])) and match[1] in pages:
                begun.append(match[1])
    failed = process.returncode != 0
    done = begun[:-1] if failed else pages
    for n, order in orders:
        # Quarto moves the files of a project to their place once all are made: what a failed run leaves lies beside.
        page = order.staged.page.id
        if page in done:
            places = (folder / "_site" / order.target.name, folder / order.target.name)
            made = next((path for path in places if path.is_file()), None)
            if made is None:
                yield n, _error("".join(said), page)
            else:
                yield n, packed(made) if made.suffix == ".pdf" else made.read_bytes()
    return begun, "".join(said) if failed else None


def _error(said: str, page: str) -> RenderError:
    lines = [line.strip() for line in said.splitlines() if re.match(r"\s*(ERROR|error|Error)\b", line)]
    what = "；".join(dict.fromkeys(lines[:3])) or said.strip()[-400:]
    return error(RenderError, "render.quarto_failed", why=what, file=page)
