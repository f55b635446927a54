"""The front matter of a staged page: everything around its text, in words, for both engines' templates.

Metadata is Markdown to Pandoc, so every value is escaped here. This module must not know a page's cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from greenreport.render.cells import escape
from greenreport.render.source import COMPOSED, KINDS, Page, Run
from greenreport.render.words import TAGS, dated, other, word

__all__ = ["BOUND", "FOLDER", "LISTS", "composed", "facts", "front_matter"]

FOLDER = "papers"
"""Where a language's papers lie in its folder of the site."""
BOUND = "archive"
"""The bound report's name there: `papers/archive.pdf`, `papers/archive.docx`."""

_HASH = re.compile(r"^([0-9a-f]{12})[0-9a-f]+$")  # twelve places tell two digests apart
LISTS = {"indicator": "indicators", "district": "districts"}
"""Kinds that have one page per member → the page that lists them."""


def composed(run: Run, lang: str) -> tuple[Page, ...]:
    """The pages that rendering makes itself: the start page, lists of the kinds with many pages, about this run."""
    made = [("index", "index", run.title[lang])]
    made += [(name, "list", word(lang, f"kind_{kind}")) for kind, name in LISTS.items() if run.there(lang, kind)]
    made.append(("about", "about", word(lang, "about")))
    return tuple(Page(id=i, lang=lang, kind=kind, title=t, status="done", notebook=None) for i, kind, t in made)


def facts(run: Run, page: Page, front: Mapping[str, Any], *, engine: str) -> tuple[tuple[str, str], ...]:
    """What a page rests on, for its footer: (name, value) in the page's language."""
    given = (front.get("greenreport") or {}).get("footer") or {}
    found = {
        "as_of": given.get("as_of") or run.as_of,
        "ledger": given.get("ledger") or run.digests.get("ledger"),
        "plan": given.get("plan") or run.digests.get("plan"),
        "package": given.get("package") or run.versions.get("greenreport"),
        "engine": word(page.lang, f"engine_{engine}"),
    }
    return tuple((word(page.lang, key), _HASH.sub(r"\1", str(value))) for key, value in found.items() if value)


def front_matter(
    run: Run, page: Page, front: Mapping[str, Any], stated: tuple[tuple[str, str], ...], more: Mapping[str, Any]
) -> dict[str, Any]:
    """The front matter of a page."""
    lang = page.lang
    ours = front.get("greenreport") or {}
    synthetic = bool(ours.get("synthetic", run.synthetic))
    title = str(front.get("title") or page.title)
    gr: dict[str, Any] = {
        "page": page.id,
        "lang": str(lang),
        "kind": page.kind,
        "site": escape(run.title[lang]),
        "title": escape(title),
        "nav": _nav(run, page),
        "footer": [{"name": escape(name), "value": escape(value)} for name, value in stated],
        "asof": escape(dated(stated[0][1], lang)),
        "words": {
            key: escape(word(lang, key))
            for key in (
                *("skip", "home", "contents", "all_pages", "switch", "pdf", "notebook", "downloads", "workbook"),
                *("footer", "search", "menu", "as_of", "about", "menu_open"),
            )
        },
    }
    if other(lang) in run.langs:
        gr["other"] = {"lang": TAGS[other(lang)], "href": f"../{other(lang)}/{_twin(run, page)}.html"}
    if "pdf" in run.formats and page.kind not in COMPOSED:
        gr["pdf"] = f"{page.id}.pdf"
    if report := run.report.get(lang):
        gr["report"] = {"href": report, "title": escape(word(lang, "report_pdf"))}
    if page.notebook is not None:
        gr["notebook"] = f"{page.id}.ipynb"
    if synthetic:
        gr["watermark"] = escape(word(lang, "watermark"))
        gr["watermark-long"] = escape(word(lang, "watermark_long"))
    own = title if title == run.title[lang] else f"{title} · {run.title[lang]}"
    matter: dict[str, Any] = {"title": escape(title), "pagetitle": escape(own)}
    for key in ("subtitle", "description"):
        if front.get(key):
            matter[key] = escape(front[key])
    matter["lang"] = TAGS[lang]
    matter["date"] = str(front.get("date") or run.as_of)
    matter["gr"] = gr | dict(more)
    return matter


def _twin(run: Run, page: Page) -> str:
    there = {p.id for p in run.there(other(page.lang))}
    return page.id if page.kind in COMPOSED or page.id in there else "index"


def _nav(run: Run, page: Page) -> list[dict[str, Any]]:
    """The few ways that every page offers; their number does not grow with the pages."""
    lang = page.lang
    entries: list[tuple[str, str, bool]] = []
    for kind in KINDS:
        if there := run.there(lang, kind):
            alone = f"{there[0].id}.html" if len(there) == 1 else f"index.html#{kind}"
            target = f"{LISTS[kind]}.html" if kind in LISTS else alone
            entries.append((target, word(lang, f"nav_{kind}"), page.kind == kind or page.id == LISTS.get(kind)))
    entries.append(("about.html", word(lang, "nav_about"), page.kind == "about"))
    # A page among many is not the one that the way leads to, but the way is the one that it lies on.
    return [
        {"href": href, "title": escape(title)}
        | ({"current": "page" if href == f"{page.id}.html" else "true"} if on else {})
        for href, title, on in entries
    ]
