"""The whole run, volume by volume, as documents of a language: PDFs to read and keep, Word files to edit.

The bound report is always set by the built-in engine's parts, whichever engine sets the pages: Quarto would need a
book project of its own for it. It must not know what a page is about.
"""

from __future__ import annotations

import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from greenreport import typesetting
from greenreport.render import pandoc
from greenreport.render.builtin import compile_pdf, render_chapter, typst_string
from greenreport.render.cells import escape
from greenreport.render.chapters import keep, kept
from greenreport.render.jobs import timestamp
from greenreport.render.pandoc import THEME
from greenreport.render.source import Run
from greenreport.render.staging import Staged
from greenreport.render.volumes import Chapter, Share, Volume
from greenreport.render.word import picture, style_sheet
from greenreport.render.words import TAGS, as_of_line, listed, mark, word

__all__ = ["bound_docx", "bound_pdf"]


def bound_pdf(run: Run, lang: str, volume: Volume, *, workers: int) -> bytes:
    """A volume as PDF (UA-1, A-2a): cover, contents, a chapter for each page."""
    pages = volume.pages
    with ThreadPoolExecutor(workers) as pool:
        bodies = list(pool.map(lambda one: _body(run, *one), volume.chapters()))
    parts = [
        (THEME / "typst-template.typ").read_text(encoding="utf-8"),
        (THEME / "bound.typ").read_text(encoding="utf-8"),
        "#let horizontalrule = line(start: (25%, 0%), end: (75%, 0%), stroke: 0.5pt)\n",
        f"#show: gr-bound.with({_arguments(run, lang, volume)})\n",
    ]
    for page, (short, head), body in zip(pages, volume.labels, bodies, strict=True):
        # Dozens of districts have the same sections: the contents name the chapters only.
        outlined = "false" if page.page.kind in ("district", "indicator") else "true"
        title = ", ".join(typst_string(one) for one in (page.page.id, short, head, page.title))
        style = f"#set heading(outlined: {outlined}, bookmarked: true)"
        parts.append(f"#gr-chapter({title})\n#[\n{style}\n{body}\n]\n")
    svgs = {f"{page.page.id}-{label}": svg for page in pages for label, svg in page.svgs.items()}
    # Processes that have set pages hold what they know of them; a volume takes all the memory there is.
    typesetting.end_idle()
    pandoc.end_idle()
    return compile_pdf("\n".join(parts), svgs, run=run, about=f"{volume.share.name}.pdf")


def _body(run: Run, page: Staged, chapter: Chapter) -> str:
    if (text := kept(run, page, chapter)) is None:
        text = render_chapter(page, "typst", chapter).decode()
        keep(run, page, chapter, text)
    return text


def _entries(lang: str, volume: Volume) -> list[tuple[str, str, str]]:
    """The report's volumes as the first one lists them: title, areas, and the name of its files (its own is empty)."""

    def areas(share: Share) -> str:
        return share.span(lang) if share != volume.share else " · ".join(filter(None, (share.span(lang), here)))

    here = word(lang, "volume_this")
    return [(_title(lang, share), areas(share), "" if share == volume.share else share.name) for share in volume.all]


def _title(lang: str, share: Share, *, of: bool = False) -> str:
    return f"{share.count(lang, of=of)}{mark(lang, 'title')}{share.title(lang)}"


def _arguments(run: Run, lang: str, volume: Volume) -> str:
    given = {
        "title": run.title[lang],
        "kicker": word(lang, "bound_kicker"),
        "lang": lang,
        "asof": as_of_line(run.as_of, lang),
        "contents": word(lang, "toc"),
        "appendix": f"{word(lang, 'appendix')}{mark(lang, 'title')}{word(lang, 'colophon')}",
        "missing-note": word(lang, "missing_note"),
    }
    if run.synthetic:
        given["watermark"] = word(lang, "watermark")
    if volume.share.of > 1:
        given["volume"] = _title(lang, volume.share, of=True)
        given["mark"] = volume.share.count(lang)
        given["volumes-title"] = word(lang, "volumes")
        if areas := volume.areas():
            given["holds"] = f"{word(lang, 'volume_holds')}{mark(lang, 'colon')}{listed(lang, areas)}"
    pairs = "".join(f"({typst_string(name)}, {typst_string(value)})," for name, value in volume.pages[0].facts)
    missing = "".join(f"{typst_string(title)}," for title in volume.missing)
    others = "".join(
        f"({typst_string(title)}, {typst_string(areas)}, {typst_string(f'{name}.pdf' if name else '')}),"
        for title, areas, name in _entries(lang, volume)
    )
    words = ", ".join(f"{key}: {typst_string(value)}" for key, value in given.items())
    return f"{words}, facts: ({pairs}), missing: ({missing}), volumes: ({others})"


def bound_docx(run: Run, lang: str, volume: Volume, *, workers: int) -> bytes:
    """A volume as a Word document, for people who must edit.

    Charts are pictures (PNG), because Word before 2016 draws no SVG.
    """
    pages, share = volume.pages, volume.share
    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(lambda one: render_chapter(one[0], "docx", one[1]), volume.chapters()))
        blocks: list[Any] = _list_of_volumes(lang, volume)
        for page, (_, head), part in zip(pages, volume.labels, parts, strict=True):
            blocks.append(_heading(head + page.title, f"page-{page.page.id}"))
            blocks.extend(json.loads(part)["blocks"])
        document = {"pandoc-api-version": json.loads(parts[0])["pandoc-api-version"], "meta": {}, "blocks": blocks}
        with tempfile.TemporaryDirectory(prefix="greenreport-") as name:
            folder = Path(name)
            (folder / "figures").mkdir()
            charts = [(f"{page.page.id}-{label}", svg) for page in pages for label, svg in page.svgs.items()]
            for (chart, _), png in zip(charts, pool.map(lambda chart: picture(chart[1]), charts), strict=True):
                (folder / "figures" / f"{chart}.png").write_bytes(png)
            asof = as_of_line(run.as_of, lang)
            notice = word(lang, "watermark") if run.synthetic else ""
            reference = folder / "reference.docx"
            site = " · ".join((run.title[lang], share.count(lang))) if share.of > 1 else run.title[lang]
            reference.write_bytes(style_sheet(lang, site=site, notice=notice, asof=asof))
            front = {"title": run.title[lang], "subtitle": notice, "date": asof, "lang": TAGS[lang]}
            if share.of > 1:
                front["subtitle"] = " · ".join(filter(None, (_title(lang, share, of=True), notice)))
                front["abstract"] = listed(lang, volume.areas())
                front["abstract-title"] = word(lang, "volume_holds") if front["abstract"] else ""
            metadata = folder / "metadata.json"
            metadata.write_text(json.dumps({k: escape(v) for k, v in front.items() if v}), encoding="utf-8")
            return pandoc.pandoc(
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
                about=f"{share.name}.docx",
                epoch=timestamp(run.as_of),
            )


def _heading(text: str, identifier: str) -> dict[str, Any]:
    return {"t": "Header", "c": [1, [identifier, [], []], [_text(text)]]}


def _list_of_volumes(lang: str, volume: Volume) -> list[Any]:
    """What stands below the contents of the first of several volumes."""
    items = []
    for title, areas, name in _entries(lang, volume):
        line: list[Any] = [_text(title)]
        if name:
            line = [{"t": "Link", "c": [["", [], []], line, [f"{name}.docx", ""]]}]
        gap = "　" if lang == "zh" else ". "
        items.append([{"t": "Plain", "c": [*line, *([_text(gap + areas)] if areas else [])]}])
    if not items:
        return []
    head = {"t": "Para", "c": [_text(word(lang, "volumes"))]}
    return [
        {"t": "Div", "c": [["", [], [["custom-style", "TOC Heading"]]], [head]]},
        {"t": "BulletList", "c": items},
    ]


def _text(text: str) -> dict[str, Any]:
    return {"t": "Str", "c": text}
