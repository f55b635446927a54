"""The whole run as one document per language: a PDF to read and keep, a Word file to edit.

The bound report is always set by the built-in engine's parts, whichever engine sets the pages: Quarto would need a
book project of its own for it. It must not know what a page is about.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from greenreport.render.builtin import body_of, compile_pdf
from greenreport.render.cells import escape
from greenreport.render.front import BOUND
from greenreport.render.orders import timestamp
from greenreport.render.pandoc import THEME, pandoc
from greenreport.render.source import Run
from greenreport.render.staging import Staged
from greenreport.render.word import picture, style_sheet
from greenreport.render.words import TAGS, word

__all__ = ["bound_docx", "bound_pdf", "chinese"]


def bound_pdf(run: Run, lang: str, pages: Sequence[Staged], *, workers: int) -> bytes:
    """All pages of a language in one PDF (UA-1, A-2a): cover, contents, a chapter each.

    Args:
        run: the run.
        lang: `zh` or `en`.
        pages: the staged pages, in the order of their chapters.
        workers: pages converted at a time.
    """
    book = [page.page.id for page in pages]
    with ThreadPoolExecutor(workers) as pool:
        bodies = list(pool.map(lambda n: body_of(pages[n], "typst-smart", chapter=n + 1, book=book), range(len(pages))))
    parts = [
        (THEME / "typst-template.typ").read_text(encoding="utf-8"),
        (THEME / "bound.typ").read_text(encoding="utf-8"),
        "#let horizontalrule = line(start: (25%, 0%), end: (75%, 0%), stroke: 0.5pt)\n",
        f"#show: gr-bound.with({_arguments(run, lang, pages)})\n",
    ]
    for n, page in enumerate(pages, 1):
        # The contents list the sections of the first chapters only: dozens of districts have the same ones.
        outlined = "false" if page.page.kind == "district" else "true"
        title = f"{_string(page.page.id)}, {n}, {_string(_chapter(lang, n))}, {_string(page.title)}"
        body = bodies[n - 1].decode()
        parts.append(f"#gr-chapter({title})\n#[\n#set heading(outlined: {outlined}, bookmarked: true)\n{body}\n]\n")
    svgs = {f"{page.page.id}-{label}": svg for page in pages for label, svg in page.svgs.items()}
    return compile_pdf("\n".join(parts), svgs, run=run, about=f"{BOUND}.pdf")


def _arguments(run: Run, lang: str, pages: Sequence[Staged]) -> str:
    given = {
        "title": run.title[lang],
        "kicker": word(lang, "bound_kicker"),
        "lang": lang,
        "asof": f"{word(lang, 'as_of')} {run.as_of}",
        "contents": word(lang, "toc"),
        "appendix": f"{word(lang, 'appendix')}{'　' if lang == 'zh' else ': '}{word(lang, 'colophon')}",
        "missing-note": word(lang, "missing_note"),
    }
    if run.synthetic:
        given["watermark"] = word(lang, "watermark")
    pairs = "".join(f"({_string(name)}, {_string(value)})," for name, value in pages[0].facts)
    there = {page.page.id for page in pages}
    missing = "".join(f"{_string(page.title)}," for page in run.of(lang) if page.id not in there)
    words = ", ".join(f"{key}: {_string(value)}" for key, value in given.items())
    return f"{words}, facts: ({pairs}), missing: ({missing})"


def _string(text: str) -> str:
    flat = " ".join(text.split(" ")).replace("\n", " ")
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _chapter(lang: str, number: int) -> str:
    return f"第{chinese(number)}章　" if lang == "zh" else f"{number}\u2002"


def chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese figures: 38 is 三十八."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{digits[tens]}十")
    return head + (digits[ones] if ones else "")


def bound_docx(run: Run, lang: str, pages: Sequence[Staged], *, workers: int) -> bytes:
    """All pages of a language as one Word document, for people who must edit.

    Charts are pictures (PNG), because Word before 2016 draws no SVG.
    """
    book = [page.page.id for page in pages]
    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(lambda n: body_of(pages[n], "json", chapter=n + 1, book=book), range(len(pages))))
        blocks: list[Any] = []
        for n, part in enumerate(parts, 1):
            blocks.append(_heading(_chapter(lang, n) + pages[n - 1].title, f"page-{book[n - 1]}"))
            blocks.extend(json.loads(part)["blocks"])
        document = {"pandoc-api-version": json.loads(parts[0])["pandoc-api-version"], "meta": {}, "blocks": blocks}
        with tempfile.TemporaryDirectory(prefix="greenreport-") as name:
            folder = Path(name)
            (folder / "figures").mkdir()
            charts = [(f"{page.page.id}-{label}", svg) for page in pages for label, svg in page.svgs.items()]
            for (chart, _), png in zip(charts, pool.map(lambda chart: picture(chart[1]), charts), strict=True):
                (folder / "figures" / f"{chart}.png").write_bytes(png)
            asof = f"{word(lang, 'as_of')} {run.as_of}"
            notice = word(lang, "watermark") if run.synthetic else ""
            reference = folder / "reference.docx"
            reference.write_bytes(style_sheet(lang, site=run.title[lang], notice=notice, asof=asof))
            front = {"title": run.title[lang], "subtitle": notice, "date": asof, "lang": TAGS[lang]}
            metadata = folder / "metadata.json"
            metadata.write_text(json.dumps({k: escape(v) for k, v in front.items() if v}), encoding="utf-8")
            return pandoc(
                json.dumps(document),
                [
                    "--from=json",
                    "--to=docx",
                    "--output=-",
                    "--toc",
                    "--toc-depth=1",
                    f"--metadata=toc-title:{word(lang, 'toc')}",
                    f"--reference-doc={reference}",
                    f"--resource-path={folder}",
                    f"--metadata-file={metadata}",
                ],
                about=f"{BOUND}.docx",
                epoch=timestamp(run.as_of),
            )


def _heading(text: str, identifier: str) -> dict[str, Any]:
    return {"t": "Header", "c": [1, [identifier, [], []], [{"t": "Str", "c": text}]]}
