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
from greenreport.render.source import ANNEXES, Run
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
    chapters = _chapters(lang, pages)
    with ThreadPoolExecutor(workers) as pool:
        bodies = list(
            pool.map(lambda page, chapter: body_of(page, "typst-smart", chapter=chapter[0], book=book), pages, chapters)
        )
    parts = [
        (THEME / "typst-template.typ").read_text(encoding="utf-8"),
        (THEME / "bound.typ").read_text(encoding="utf-8"),
        "#let horizontalrule = line(start: (25%, 0%), end: (75%, 0%), stroke: 0.5pt)\n",
        f"#show: gr-bound.with({_arguments(run, lang, pages)})\n",
    ]
    for page, (short, head), body in zip(pages, chapters, bodies, strict=True):
        # Dozens of districts have the same sections: the contents name the chapters only.
        outlined = "false" if page.page.kind in ("district", "indicator") else "true"
        title = ", ".join(_string(one) for one in (page.page.id, short, head, page.title))
        style = f"#set heading(outlined: {outlined}, bookmarked: true)"
        parts.append(f"#gr-chapter({title})\n#[\n{style}\n{body.decode()}\n]\n")
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


def _chapters(lang: str, pages: Sequence[Staged]) -> list[tuple[str, str]]:
    """What stands before the numbers of a chapter's figures, and before its title; annexes count by themselves."""
    out: list[tuple[str, str]] = []
    chapter, annex = 0, 0
    for page in pages:
        if page.page.kind in ANNEXES:
            annex += 1
            letter = chr(64 + annex) if annex <= 26 else f"Z{annex}"
            out.append((f"附{annex}", f"附件{annex}　") if lang == "zh" else (letter, f"Annex {letter}\u2002"))
        else:
            chapter += 1
            out.append((str(chapter), f"第{chinese(chapter)}章　" if lang == "zh" else f"{chapter}\u2002"))
    return out


def chinese(number: int) -> str:
    """A number from 1 in Chinese figures: 38 is 三十八; from 100 on in Arabic ones."""
    if number > 99:
        return f" {number} "
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
        chapters = _chapters(lang, pages)
        parts = list(
            pool.map(lambda page, chapter: body_of(page, "json", chapter=chapter[0], book=book), pages, chapters)
        )
        blocks: list[Any] = []
        for page, (_, head), part in zip(pages, chapters, parts, strict=True):
            blocks.append(_heading(head + page.title, f"page-{page.page.id}"))
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
