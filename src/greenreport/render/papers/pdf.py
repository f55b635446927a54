"""Papers as PDF (UA-1, A-2a): Pandoc writes the body as Typst, the theme's paper.typ lays it out.

Knows forms of papers; must not know what a paper is about.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf

from greenreport.render.builtin import compile_pdf, typst_string
from greenreport.render.markdown import to_markdown
from greenreport.render.pandoc import THEME, Form, convert
from greenreport.render.papers.parts import LAYOUT, Paper, layout
from greenreport.render.source import Run
from greenreport.render.words import as_of_line, word

__all__ = ["COVER", "bodies", "heading_pages", "paper_pdf", "sheets_pdf", "told"]

_CUT = "//GR-CUT"
COVER = ("sender", "number", "signer", "date")


def told(paper: Paper) -> dict[str, object]:
    """Everything that the filters are told of a paper."""
    lang = paper.staged.page.lang
    words = {key: word(lang, key) for key in ("fig", "tbl", "on_website")}
    return {"gr-words": words, "gr-paper": layout(lang, paper.form)}


def bodies(papers: Sequence[Paper]) -> list[str]:
    """The Typst of papers of one form and language; read in one go, because most of them are short."""
    front, *_ = to_markdown(papers[0].staged, "print").split("\n---\n", 1)
    texts = [to_markdown(one.staged, "print").split("\n---\n", 1)[1] for one in papers]
    cut = f"\n\n```{{=typst}}\n{_CUT}\n```\n\n"
    form = Form("typst-smart", told(papers[0]))
    made = convert(f"{front}\n---\n{cut.join(texts)}", [form], about=papers[0].name)[0].decode()
    return made.split(_CUT)


def paper_pdf(run: Run, paper: Paper, body: str) -> bytes:
    """One paper."""
    return _compile(run, [paper], [body], paper.title, paper.name)


def sheets_pdf(run: Run, sheets: Sequence[Paper], texts: Sequence[str]) -> bytes:
    """All sheets in one document, a page each."""
    return _compile(run, sheets, texts, word(sheets[0].staged.page.lang, "papers_sheets"), "sheets")


def _compile(run: Run, papers: Sequence[Paper], texts: Sequence[str], title: str, name: str) -> bytes:
    lang, form = papers[0].staged.page.lang, papers[0].form
    parts = [
        (THEME / "typst-template.typ").read_text(encoding="utf-8"),
        (THEME / "paper.typ").read_text(encoding="utf-8"),
        "#let horizontalrule = line(start: (25%, 0%), end: (75%, 0%), stroke: 0.5pt)\n",
        f'#let gr-turned = gr-turn.with("{form}", "{lang}")\n',
        f'#let gr-note = gr-note-of("{form}", "{lang}")\n',
        f"#show: gr-document.with({_arguments(run, lang, form, title)})\n",
    ]
    under = " · ".join((run.title[lang], as_of_line(run.as_of, lang)))
    zh = "true" if lang == "zh" else "false"
    for n, (paper, text) in enumerate(zip(papers, texts, strict=True)):
        if form != "report":
            turn = "#pagebreak()\n" if n else ""
            head = f"#gr-head({zh}, {typst_string(paper.title)}, {typst_string(under)})\n"
            text = f'{turn}#gr-restart()\n#gr-kept("{form}", "{lang}")[\n{head}{text}\n]\n'
        parts.append(text)
    svgs = {label: svg for paper in papers for label, svg in paper.staged.svgs.items()}
    return compile_pdf("\n".join(parts), svgs, run=run, about=f"{name}.pdf")


def _arguments(run: Run, lang: str, form: str, title: str) -> str:
    given = {"form": form, "lang": lang, "title": title, "kicker": run.title[lang], "contents": word(lang, "toc")}
    given["asof"] = as_of_line(run.as_of, lang)
    tables = ", ".join(f"{size}pt" for size in LAYOUT[lang, form][2])
    if run.synthetic:
        given["watermark"] = word(lang, "watermark")
    fields = "".join(f"{typst_string(word(lang, f'cover_{name}'))}," for name in COVER)
    return (
        ", ".join(f"{key}: {typst_string(value)}" for key, value in given.items())
        + f", tables: ({tables}), fields: ({fields})"
    )


def heading_pages(pdf: bytes) -> list[tuple[int, str, int]]:
    """The bookmarks of a PDF in order: depth from 1, title, number of the page from 1."""
    out: list[tuple[int, str, int]] = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        numbers = {page.obj.objgen: n for n, page in enumerate(document.pages, 1)}

        def walk(items: list[pikepdf.OutlineItem], depth: int) -> None:
            for item in items:
                target: object = item.destination
                if target is None and item.action is not None:
                    target = item.action.D
                assert isinstance(target, pikepdf.Array)
                out.append((depth, str(item.title), numbers[target[0].objgen]))
                walk(item.children, depth + 1)

        with document.open_outline() as outline:
            walk(list(outline.root), 1)
    return out
