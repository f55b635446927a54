"""The front matter of a staged page: everything around its text, in words, for both engines' templates.

Metadata is Markdown to Pandoc, so every value is escaped here. This module must not know a page's cells.
"""

from __future__ import annotations

import re
from typing import Any

from greenreport.render.cells import escape
from greenreport.render.source import KINDS, Page, Run
from greenreport.render.words import TAGS, other, word

__all__ = ["BOUND", "facts", "front_matter"]

BOUND = "report"
"""The bound report's name in the folder of its language: `report.pdf`, `report.docx`."""

_HASH = re.compile(r"^([0-9a-f]{12})[0-9a-f]+$")  # twelve places tell two digests apart


def facts(run: Run, page: Page, front: dict[str, Any], *, engine: str) -> tuple[tuple[str, str], ...]:
    """What a page rests on, for its footer: (name, value) in the page's language.

    Args:
        run: its run.
        page: the page.
        front: the front matter of its notebook.
        engine: the engine's name.
    """
    given = (front.get("greenreport") or {}).get("footer") or {}
    found = {
        "as_of": given.get("as_of") or run.as_of,
        "ledger": given.get("ledger") or run.digests.get("ledger"),
        "plan": given.get("plan") or run.digests.get("plan"),
        "package": given.get("package") or run.versions.get("greenreport"),
        "engine": word(page.lang, f"engine_{engine}"),
    }
    return tuple((word(page.lang, key), _HASH.sub(r"\1", str(value))) for key, value in found.items() if value)


def front_matter(run: Run, page: Page, front: dict[str, Any], stated: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """The front matter of a page.

    Args:
        run: its run.
        page: the page.
        front: the front matter of its notebook.
        stated: its [facts], the data cut-off first.
    """
    lang = page.lang
    ours = front.get("greenreport") or {}
    twin = next((p for p in run.of(other(lang)) if p.id == page.id and p.status != "not_run"), None)
    synthetic = bool(ours.get("synthetic", run.synthetic))
    title = str(front.get("title") or page.title)
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
        "footer": [{"name": escape(name), "value": escape(value)} for name, value in stated],
        "asof": escape(stated[0][1]),
        "words": {
            key: escape(word(lang, key))
            for key in (
                *("skip", "home", "contents", "all_pages", "switch", "pdf", "notebook", "downloads"),
                *("footer", "search", "menu", "as_of"),
            )
        },
    }
    if other(lang) in run.langs:
        href = f"../{other(lang)}/{page.id if twin else 'index'}.html"
        gr["other"] = {"lang": TAGS[other(lang)], "href": href}
    if page.kind in ("overview", "index"):
        gr["groups"] = _groups(run, lang)
        gr["downloads"] = [
            {"href": f"{BOUND}.{fmt}", "title": escape(word(lang, f"bound_{fmt}"))}
            for fmt in ("pdf", "docx")
            if fmt in run.formats
        ] + [{"href": f"../data/{path.name}", "title": escape(path.name)} for path in run.data_files()]
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
