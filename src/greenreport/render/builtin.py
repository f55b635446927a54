"""The built-in engine: nbconvert, Pandoc and Typst, the parts that Quarto is made of, all from packages.

Renders the same staged pages as Quarto, with the same theme, and says clearly what it does not know. It must not
know what a page is about, nor how its folder is laid out.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from importlib.metadata import version as package_version
from pathlib import Path

from greenreport.errors import GreenReportError, RenderError
from greenreport.render import glyphs
from greenreport.render.markdown import to_markdown
from greenreport.render.orders import FONTS, Order, timestamp
from greenreport.render.packing import packed
from greenreport.render.pandoc import READER, THEME, pandoc
from greenreport.render.pandoc import version as pandoc_version
from greenreport.render.source import Run
from greenreport.render.staging import Staged
from greenreport.render.words import WORDS
from greenreport.typesetting import TypesettingError, typeset

__all__ = [
    "STANDARDS",
    "body_of",
    "compile_pdf",
    "render_html",
    "render_pdf",
    "render_typst",
    "set_page",
    "set_pages",
    "version",
]

STANDARDS = ["ua-1", "a-2a"]
_CAPTIONS = ("fig", "tbl")
_TYPST = ("--to=typst-smart", "--wrap=preserve", "--syntax-highlighting=none")


def version() -> str:
    """The versions of the engine's parts, as one word."""
    parts = [f"pandoc-{pandoc_version()}"]
    return "+".join(parts + [f"{name}-{package_version(name)}" for name in ("nbconvert", "pikepdf", "typst")])


def set_page(staged: Staged, fmt: str, *, run: Run) -> bytes:
    """One page in one format, `html` or `pdf`."""
    return render_html(staged) if fmt == "html" else render_pdf(staged, run=run)


def set_pages(orders: Sequence[Order], *, run: Run, workers: int) -> Iterator[tuple[int, bytes | GreenReportError]]:
    """Set pages side by side; yields the number of each order with its file's bytes or what went wrong.

    Threads are enough: Pandoc is a process of its own, and Typst lets go of the interpreter while it sets.
    """

    def one(order: Order) -> bytes | GreenReportError:
        try:
            return set_page(order.staged, order.format, run=run)
        except GreenReportError as error:
            return error

    with ThreadPoolExecutor(workers) as pool:
        numbers = {pool.submit(one, order): n for n, order in enumerate(orders)}
        for future in as_completed(numbers):
            yield numbers[future], future.result()


def render_html(staged: Staged) -> bytes:
    """One page as HTML.

    Raises:
        Unsupported: the page asks for something that only Quarto knows.
    """
    with _metadata(staged) as extra:
        return pandoc(
            to_markdown(staged, "screen"),
            [
                "--to=html5",
                "--standalone",
                f"--template={THEME / 'page.html'}",
                "--toc",
                "--toc-depth=3",
                "--mathml",
                "--wrap=preserve",
                "--syntax-highlighting=none",
                *extra,
            ],
            about=staged.page.id,
        )


def render_typst(staged: Staged) -> str:
    """One page as Typst source."""
    with _metadata(staged) as extra:
        out = pandoc(
            to_markdown(staged, "print"),
            [*_TYPST, "--standalone", f"--template={THEME / 'builtin.typ'}", *extra],
            about=staged.page.id,
        )
    return out.decode()


def body_of(
    staged: Staged, to: str, *, chapter: str, book: Sequence[str], elsewhere: Mapping[str, str] | None = None
) -> bytes:
    """One page as a chapter of the bound report, without anything around it.

    Args:
        staged: the page.
        to: Pandoc's name of the form: `typst-smart`, or `json` for Word.
        chapter: its number, or an annex's letter.
        book: the ids of all pages of the volume: links to them lead to their chapters.
        elsewhere: pages that other volumes hold → the volume's name: links to them lead to its file.
    """
    more: dict[str, object] = {"gr-chapter": chapter, "gr-prefix": f"{staged.page.id}-", "gr-book": list(book)}
    more["gr-elsewhere"] = dict(elsewhere or {})
    if to == "json":
        more["gr-target"] = "docx"
    with _metadata(staged, more) as extra:
        return pandoc(to_markdown(staged, "print"), [f"--to={to}", *_TYPST[1:], *extra], about=staged.page.id)


@contextmanager
def _metadata(staged: Staged, more: Mapping[str, object] | None = None) -> Iterator[list[str]]:
    words = {key: WORDS[staged.page.lang][key] for key in _CAPTIONS}
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as handle:
        json.dump({"gr-words": words, **(more or {})}, handle, ensure_ascii=False)
        handle.flush()
        filters = [f"--lua-filter={THEME / 'filters' / name}" for name in ("common.lua", "builtin.lua")]
        yield [f"--from={READER}", *filters, f"--metadata-file={handle.name}"]


def render_pdf(staged: Staged, *, run: Run) -> bytes:
    """One page as PDF/UA-1 and PDF/A-2a.

    Args:
        staged: the page.
        run: its run: the data cut-off is the only time that the file carries.

    Raises:
        RenderError: Typst refused the document.
    """
    source = render_typst(staged)
    return compile_pdf(source, staged.svgs, run=run, about=staged.page.id)


def compile_pdf(source: str, svgs: Mapping[str, str], *, run: Run, about: str) -> bytes:
    """Typst source and its pictures (`figures/<name>.svg`) to PDF bytes."""
    with tempfile.TemporaryDirectory(prefix="greenreport-") as folder:
        root = Path(folder)
        (root / "figures").mkdir()
        for name, svg in svgs.items():
            (root / "figures" / f"{name}.svg").write_text(svg, encoding="utf-8")
        main = root / "main.typ"
        main.write_text(source, encoding="utf-8")
        try:
            made = typeset(main, fonts=_fonts(run.folder / FONTS), standards=STANDARDS, timestamp=timestamp(run.as_of))
        except TypesettingError as error:
            raise RenderError.of(
                zh=f"Typst 拒绝了本页：{error}", en=f"Typst refused the page: {error}", file=about
            ) from error
    if lost := [warning for warning in made.warnings if "unknown font" in warning]:
        raise RenderError.of(
            zh=f"排版所需的字体找不到：{'；'.join(lost)}", en=f"A font was not found: {'; '.join(lost)}", file=about
        )
    return packed(made.pdf)


def _fonts(own: Path) -> list[str]:
    return sorted({str(path.parent) for path in (glyphs.chart_face(own), *glyphs.files())})
