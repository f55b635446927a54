"""From executed notebooks to a staged project: one folder per language that either engine renders.

Captions and alternative texts travel in output metadata; here they become `#| label`, `#| fig-cap`, `#| fig-alt` and
`#| tbl-cap` of the cell, because that is what Quarto honours. A cell with several outputs becomes several cells, the
findings and everything printed by the way are left out, and a page that failed becomes a page that says so. This
module must not know how a document is typeset.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

import yaml

from greenreport.errors import GreenReportError, RenderError
from greenreport.fonts import SANS
from greenreport.render.glyphs import CHART, covered
from greenreport.render.source import KINDS, Page, Run
from greenreport.render.words import TAGS, other, word

__all__ = ["Staged", "escape", "stage_failure", "stage_index", "stage_page"]

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_HEADING = re.compile(r"^(#{1,6})(?=\s)")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_HASH = re.compile(r"^([0-9a-f]{12})[0-9a-f]+$")  # twelve places tell two digests apart
_SVG_TEXT = re.compile(r"<(?:text|tspan)\b[^>]*>")
_CAPTION_LINE = re.compile(r"\n\s*\n(?::|Table:)\s[^\n]*\s*\Z")
PAGE_WIDTH = 604  # CSS pixels: the 160 mm between the margins of A4
CHART_HEIGHT = 250
SHOWN = ("text/html", "text/markdown", "image/svg+xml", "image/png", "text/plain")


@dataclass(frozen=True)
class Staged:
    """One page ready for an engine.

    Args:
        page: which page this is.
        notebook: the staged notebook (nbformat 4).
        front: its front matter.
        svgs: label of each figure → its still picture.
        error: why the page says that it could not be made, where its notebook could not be staged.
    """

    page: Page
    notebook: dict[str, Any]
    front: dict[str, Any]
    svgs: dict[str, str]
    error: GreenReportError | None = None

    def source(self) -> bytes:
        """The staged notebook as it is written: the same inputs give the same bytes."""
        # Quarto wants the lines of a cell one by one, as Jupyter writes them.
        cells = [{**cell, "source": cell["source"].splitlines(True)} for cell in self.notebook["cells"]]
        notebook = {**self.notebook, "cells": cells}
        return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def escape(text: str) -> str:
    """A plain text as Markdown that shows it letter by letter, on one line."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(str(text).split()))


def stage_page(run: Run, page: Page, *, engine: str) -> Staged:
    """Stage one page.

    Args:
        run: the run the page belongs to.
        page: the page.
        engine: the engine's name, for the footer.
    """
    if page.notebook is None:
        return _assemble(run, page, {}, [_markdown(_failure(page))], engine, {})
    try:
        return _stage_notebook(run, page, engine)
    except GreenReportError as error:
        return stage_failure(run, page, error, engine=engine)


def stage_failure(run: Run, page: Page, error: GreenReportError, *, engine: str) -> Staged:
    """A page in the place of one that could not be staged or set: it says so, and why."""
    reason = "；".join(problem.text(page.lang) for problem in error.problems)
    # What could not be drawn can't be drawn here either.
    drawable = "".join(c if ord(c) in covered() or c == " " else "?" for c in reason)
    failed = replace(page, notebook=None, status="failed", reason=drawable)
    staged = _assemble(run, failed, {}, [_markdown(_failure(failed))], engine, {})
    return replace(staged, error=error)


def _stage_notebook(run: Run, page: Page, engine: str) -> Staged:
    assert page.notebook is not None
    original = json.loads(page.notebook.read_text(encoding="utf-8"))
    front, rest = _split_front(original.get("cells", []), page)
    cells: list[dict[str, Any]] = []
    svgs: dict[str, str] = {}
    used: set[str] = set()
    for cell in rest:
        if cell["cell_type"] == "markdown":
            cells.append(_markdown("".join(cell["source"])))
        elif cell["cell_type"] == "code":
            for output in cell.get("outputs", []):
                staged = _output(output, page, used, svgs)
                if staged is not None:
                    cells.append(staged)
    _level_headings(cells)
    return _assemble(run, page, front, cells, engine, svgs)


def stage_index(run: Run, lang: str, *, engine: str) -> Staged:
    """The start page of a run without an overview: the list of all pages."""
    page = Page(id="index", lang=lang, kind="index", title=run.title[lang], status="done", notebook=None)
    return _assemble(run, page, {}, [], engine, {})


def _split_front(cells: list[dict[str, Any]], page: Page) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if cells and cells[0]["cell_type"] == "raw":
        text = "".join(cells[0]["source"]).strip()
        try:
            front = yaml.safe_load(text.removeprefix("---").removesuffix("---"))
        except yaml.YAMLError as error:
            raise RenderError.of(
                zh=f"页首元数据不是有效的 YAML：{error}。请检查第一个单元格。",
                en=f"The front matter is not valid YAML: {error}. Look at the first cell.",
                file=page.notebook,
                field="cell 1",
            ) from error
        if isinstance(front, dict):
            return front, cells[1:]
    return {}, cells


def _failure(page: Page) -> str:
    def say(key: str) -> str:
        return escape(word(page.lang, key))

    text = f"::: {{.callout-warning}}\n## {say('failed_title')}\n\n{say('failed_body')}\n"
    if page.reason:
        text += f"\n**{say('failed_reason')}**{'：' if page.lang == 'zh' else ': '}{escape(page.reason)}\n"
    return text + ":::\n"


def _markdown(source: str) -> dict[str, Any]:
    if source.lstrip().startswith("---"):
        source = source.replace("---", "***", 1)  # a phantom YAML block would break the whole site
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _output(output: dict[str, Any], page: Page, used: set[str], svgs: dict[str, str]) -> dict[str, Any] | None:
    """One cell that holds one output, or nothing where a reader sees nothing."""
    if output["output_type"] == "error":
        raise RenderError.of(
            zh="笔记本中留有出错的单元格，不能排版为报告。请重新运行本页。",
            en="The notebook holds a cell that raised an error; it can't be set as a page. Run the page again.",
            file=page.notebook,
            field=output.get("ename"),
        )
    if output["output_type"] not in ("display_data", "execute_result"):
        return None
    data = {k: _joined(v) for k, v in output.get("data", {}).items() if k in SHOWN}
    if not data:
        return None
    meta = _fitted(dict(output.get("metadata", {})))
    ours = dict(meta.get("greenreport", {}))
    options: list[str] = []
    if set(data) > {"text/plain"}:
        data.pop("text/plain", None)
    if ours.get("role") in ("figure", "table"):
        kind = "fig" if ours["role"] == "figure" else "tbl"
        ours["label"] = _label(str(ours.get("label") or ""), kind, used)
        caption = str(ours.get("caption") or "")
        options = [f"#| label: {ours['label']}", f"#| {kind}-cap: {_quoted(escape(caption))}"]
        if kind == "fig":
            # PDF/UA wants words for every picture; the caption is the least that can be said.
            ours["alt"] = str(ours.get("alt") or caption)
            options.append(f"#| fig-alt: {_quoted(' '.join(ours['alt'].split()))}")
            if "image/svg+xml" in data:
                data["image/svg+xml"] = _SVG_TEXT.sub(_chart_face, data["image/svg+xml"])
                svgs[ours["label"]] = data["image/svg+xml"]
        elif "text/markdown" in data:
            data["text/markdown"] = _table_and_notes(data["text/markdown"])
    meta["greenreport"] = ours
    shown = {"output_type": "display_data", "data": data, "metadata": meta}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [shown],
        "source": "\n".join(options),
    }


def _chart_face(tag: re.Match[str]) -> str:
    """A text element of a printed chart, in the face that holds the regular weight only (see [glyphs.chart_face])."""
    bold = re.search(r"font-weight\s*[=:]\s*[\"']?(bold|[5-9]00)", tag[0])
    return tag[0] if bold else tag[0].replace(SANS, CHART)


def _fitted(meta: dict[str, Any]) -> dict[str, Any]:
    """Picture sizes in the metadata as they are printed: no wider than the page, charts no higher than a third."""
    for mime in ("image/svg+xml", "image/png"):
        size = meta.get(mime)
        if isinstance(size, dict) and size.get("width") and size.get("height"):
            scale = min(1, PAGE_WIDTH / size["width"])
            if size["width"] >= 1.5 * size["height"]:
                scale = min(scale, CHART_HEIGHT / size["height"])
            meta[mime] = {key: round(value * scale, 2) for key, value in size.items()}
    return meta


def _table_and_notes(markdown: str) -> str:
    """A pipe table, with what stands below it marked as its notes."""
    table, _, notes = _CAPTION_LINE.sub("", markdown).strip().partition("\n\n")
    return f"{table}\n\n::: {{.gr-note}}\n{notes.strip()}\n:::" if notes.strip() else table


def _joined(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string


def _label(wanted: str, kind: str, used: set[str]) -> str:
    stem = re.sub(r"[^A-Za-z0-9]+", "-", wanted).strip("-").lower()
    stem = stem if stem.startswith(f"{kind}-") else f"{kind}-{stem or 'x'}"
    label, n = stem, 1
    while label in used:
        n += 1
        label = f"{stem}-{n}"
    used.add(label)
    return label


def _level_headings(cells: list[dict[str, Any]]) -> None:
    """Move headings so that the highest in the text is of level 2: the page's title is its only level 1."""
    texts: list[tuple[dict[str, Any], str]] = []
    for cell in cells:
        if cell["cell_type"] == "markdown":
            texts.append((cell, "source"))
        else:
            data = cell["outputs"][0]["data"]
            if cell["outputs"][0]["metadata"]["greenreport"].get("role") != "table" and "text/markdown" in data:
                texts.append((data, "text/markdown"))
    levels = [len(m[1]) for holder, key in texts for line in _prose(holder[key]) if (m := _HEADING.match(line))]
    shift = 2 - min(levels, default=2)
    if not shift:
        return

    def moved(match: re.Match[str]) -> str:
        return "#" * min(6, len(match[1]) + shift)

    for holder, key in texts:
        fenced = False
        lines = holder[key].split("\n")
        for n, line in enumerate(lines):
            if _FENCE.match(line):
                fenced = not fenced
            elif not fenced:
                lines[n] = _HEADING.sub(moved, line)
        holder[key] = "\n".join(lines)


def _prose(text: str) -> list[str]:
    """The lines of a Markdown text that stand outside code fences and callouts' titles."""
    out: list[str] = []
    fenced, divs = False, 0
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif line.startswith(":::"):
            divs += 1 if line.strip(": ") else -1
        elif not fenced and divs <= 0:
            out.append(line)
    return out


def _assemble(
    run: Run,
    page: Page,
    front: dict[str, Any],
    cells: list[dict[str, Any]],
    engine: str,
    svgs: dict[str, str],
) -> Staged:
    matter = _front_matter(run, page, front, engine)
    text = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False, width=10**6)
    numbered = [{"cell_type": "raw", "metadata": {}, "source": f"---\n{text}---"}, *cells]
    for n, cell in enumerate(numbered):
        cell["id"] = f"cell-{n}"
    notebook = {
        "cells": numbered,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return Staged(page=page, notebook=notebook, front=matter, svgs=svgs)


def _front_matter(run: Run, page: Page, front: dict[str, Any], engine: str) -> dict[str, Any]:
    lang = page.lang
    ours = front.get("greenreport") or {}
    facts = ours.get("footer") or {}
    twin = next((p for p in run.of(other(lang)) if p.id == page.id and p.status != "not_run"), None)
    synthetic = bool(ours.get("synthetic", run.synthetic))
    title = str(front.get("title") or page.title)
    footer = {
        "as_of": facts.get("as_of") or run.as_of,
        "ledger": facts.get("ledger") or run.digests.get("ledger", ""),
        "plan": facts.get("plan") or run.digests.get("plan", ""),
        "package": facts.get("package") or run.versions.get("greenreport", ""),
        "engine": word(lang, f"engine_{engine}"),
    }
    gr: dict[str, Any] = {
        "page": page.id,
        "lang": lang,
        "kind": page.kind,
        "site": escape(run.title[lang]),
        "title": escape(title),
        "nav": [
            {"href": f"{p.id}.html", "title": escape(_short(p)), "current": p.id == page.id}
            for p in run.of(lang)
            if p.kind != "district" and p.status != "not_run"
        ][:7],
        "footer": [
            {"name": escape(word(lang, key)), "value": escape(_HASH.sub(r"\1", str(value)))}
            for key, value in footer.items()
            if value
        ],
        "asof": escape(str(footer["as_of"])),
        "words": {
            key: escape(word(lang, key))
            for key in (
                *("skip", "home", "contents", "all_pages", "switch", "switch_label", "pdf", "notebook", "downloads"),
                *("footer", "search", "menu", "as_of"),
            )
        },
    }
    if other(lang) in run.langs:
        href = f"../{other(lang)}/{page.id if twin else 'index'}.html"
        gr["other"] = {"lang": TAGS[other(lang)], "href": href}
    if page.kind in ("overview", "index"):
        gr["groups"] = _groups(run, lang)
    if "pdf" in run.formats and page.kind != "index":
        gr["pdf"] = f"{page.id}.pdf"
    if page.notebook is not None:
        gr["notebook"] = f"{page.id}.ipynb"
    if synthetic:
        gr["watermark"] = escape(word(lang, "watermark"))
        gr["watermark-long"] = escape(word(lang, "watermark_long"))
    matter: dict[str, Any] = {"title": escape(title), "pagetitle": escape(f"{title} · {run.title[lang]}")}
    for key in ("subtitle", "description"):
        if front.get(key):
            matter[key] = escape(front[key])
    matter["lang"] = TAGS[lang]
    matter["date"] = str(front.get("date") or run.as_of)
    matter["gr"] = gr
    return matter


def _groups(run: Run, lang: str) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for kind in (*KINDS, "other"):
        members = [
            {"title": escape(p.title)}
            | ({"href": f"{p.id}.html"} if p.status != "not_run" else {})
            | ({"failed": escape(word(lang, f"{p.status}_mark"))} if p.status != "done" else {})
            for p in run.of(lang)
            if (p.kind if p.kind in KINDS else "other") == kind
        ]
        if members:
            out.append({"title": escape(word(lang, f"kind_{kind}")), "pages": members})
    return out


def _short(page: Page) -> str:
    if page.kind in ("overview", "city", "national") and page.id == page.kind:
        return word(page.lang, f"kind_{page.kind}")
    return page.title
