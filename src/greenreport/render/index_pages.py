"""Pages that rendering makes itself: the start page, the lists of indicators and districts, about this run.

The start page shows again what the overview marks for it (the city's page where there is no overview), above ways to
everything. This module must not know what a page is about, nor how it is typeset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from greenreport.render.about import about_cells
from greenreport.render.cells import escape, marks
from greenreport.render.formats import FORMATS
from greenreport.render.front_matter import FOLDER, LISTS, composed
from greenreport.render.papers.listing import Entry
from greenreport.render.source import KINDS, Page, Run
from greenreport.render.staging import Staged, assemble
from greenreport.render.volumes import shares
from greenreport.render.words import word
from greenreport.run.kinds import ANNEXES

__all__ = ["compose"]

_REFERENCE = re.compile(r"\[?@((?:fig|tbl)-[\w-]+)\]?")
_ANCHOR = re.compile(r"\]\(#")
_HEADING = re.compile(r"^(#{1,6}\s[^\n]*)\n+", re.S)
_CARDS = ("overview", "city", "national")
_DOWNLOADS = ("results.xlsx", "results.csv", "observations.csv", "datapackage.json")


def compose(
    run: Run, lang: str, staged: Sequence[Staged], *, engine: str, papers: Sequence[Entry] = ()
) -> list[Staged]:
    """The pages of a language that rendering makes itself."""
    by_id = {one.page.id: one for one in staged}
    out = []
    for page in composed(run, lang):
        if page.kind == "about":
            out.append(assemble(run, page, about_cells(run, lang), engine=engine))
        elif page.kind == "list":
            [kind] = [kind for kind, name in LISTS.items() if name == page.id]
            more = {"plain": True, "filter": True, "sections": [_section(run, lang, kind, by_id)]}
            out.append(assemble(run, page, [], engine=engine, more=more))
        else:
            out.append(_start(run, page, by_id, engine, papers))
    return out


def _start(run: Run, page: Page, by_id: Mapping[str, Staged], engine: str, papers: Sequence[Entry]) -> Staged:
    lang = page.lang
    led = (*run.of(lang, "overview"), *run.of(lang, "city"))
    origin = next((by_id[p.id] for p in led if _fit(p, by_id)), None)
    about = {"href": "about.html", "title": escape(word(lang, "about")), "text": escape(word(lang, "card_about"))}
    more: dict[str, Any] = {
        "plain": True,
        "papers": [
            {
                "title": escape(paper.title),
                "text": escape(paper.text),
                "files": [{"href": file.href, "title": escape(file.title)} for file in paper.files],
            }
            for paper in papers
        ],
        "cards": _cards(run, lang, (*_CARDS, *LISTS)),
        "sections": [_section(run, lang, kind, by_id) for kind in _listed_kinds(run, lang)],
        "annexes": [*_cards(run, lang, ANNEXES), about],
        "downloads": _downloads(run, lang, by_id),
        "parts": {k: escape(word(lang, f"start_{k}")) for k in ("papers", "parts", "annexes")},
    }
    if failed := sum(1 for p in run.of(lang) if p.status == "failed"):
        more["failed"] = escape(word(lang, "failed_some").format(failed))
    if origin is None:
        return assemble(run, page, [], engine=engine, svgs={}, more=more)
    cells = _marked(origin)
    there = {marks(cell).get("label") for cell in cells}
    cells = [_led_back(cell, there, f"{origin.page.id}.html") for cell in cells]
    svgs = {label: svg for label, svg in origin.svgs.items() if label in there}
    return replace(assemble(run, page, cells, engine=engine, svgs=svgs, more=more), given=origin.given)


def _listed_kinds(run: Run, lang: str) -> list[str]:
    """The kinds whose pages the start page lists one by one: others have a card of their own."""
    members = [kind for kind in LISTS if run.there(lang, kind)]
    many = [kind for kind in (*_CARDS, *ANNEXES) if len(run.of(lang, kind)) > 1]
    return members + many + sorted({page.kind for page in run.there(lang)} - set(KINDS))


def _fit(page: Page, by_id: Mapping[str, Staged]) -> bool:
    return page.status == "done" and page.id in by_id and by_id[page.id].error is None


def _marked(origin: Staged) -> list[dict[str, Any]]:
    """The outputs marked for the start page; the first text among them leads."""
    cells = [cell for cell in origin.notebook["cells"] if marks(cell).get("start") is True]
    for n, cell in enumerate(cells):
        if marks(cell).get("role") == "narrative" and (text := cell["outputs"][0]["data"].get("text/markdown")):
            cells[n] = _with_text(cell, f"::: {{.gr-lead}}\n{_HEADING.sub('', text)}\n:::")
            break
    return cells


def _led_back(cell: dict[str, Any], there: set[str | None], source: str) -> dict[str, Any]:
    """A cell whose references to what stands elsewhere lead to the page that it comes from."""
    data = cell["outputs"][0]["data"]
    if marks(cell).get("role") == "table" or "text/markdown" not in data:
        return cell

    def reference(match: re.Match[str]) -> str:
        return match[0] if match[1] in there else f"[{escape('→')}]({source}#{match[1]})"

    return _with_text(cell, _ANCHOR.sub(f"]({source}#", _REFERENCE.sub(reference, data["text/markdown"])))


def _with_text(cell: dict[str, Any], text: str) -> dict[str, Any]:
    output = cell["outputs"][0]
    return {**cell, "outputs": [{**output, "data": {**output["data"], "text/markdown": text}}]}


def _cards(run: Run, lang: str, kinds: Sequence[str]) -> list[dict[str, str]]:
    cards = []
    alone = {"overview", "indicators"} if not run.of(lang, "city") else set()  # nothing is told of the whole
    for kind in kinds:
        there, name = run.there(lang, kind), LISTS.get(kind, kind)
        if not there or (len(there) > 1 and kind not in LISTS):
            continue
        href, title = (name, word(lang, f"kind_{kind}")) if kind in LISTS else (there[0].id, there[0].title)
        text = word(lang, f"card_{name}{'_parts' if name in alone else ''}")
        cards.append({"href": f"{href}.html", "title": escape(title), "text": escape(text)})
    return cards


def _section(run: Run, lang: str, kind: str, by_id: Mapping[str, Staged]) -> dict[str, Any]:
    """The pages of one kind, in groups where their notebooks name one."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for page in run.of(lang, kind):
        given = by_id[page.id].given if page.id in by_id else {}
        group = str((given.get("greenreport") or {}).get("group") or "")
        groups.setdefault(group, []).append(_entry(run, page, by_id))
    if len(groups) > 1 and "" in groups:
        groups[word(lang, "not_grouped")] = groups.pop("")
    key = f"start_{LISTS[kind]}" if kind in LISTS else f"kind_{kind if kind in KINDS else 'other'}"
    return {
        "id": kind,
        "title": escape(word(lang, key)),
        "groups": [
            {"title": escape(name), "pages": pages} if name else {"pages": pages} for name, pages in groups.items()
        ],
    }


def _entry(run: Run, page: Page, by_id: Mapping[str, Staged]) -> dict[str, Any]:
    entry: dict[str, Any] = {"title": escape(page.title)}
    if page.status != "not_run":
        entry["href"] = f"{page.id}.html"
    if page.status != "done":
        entry["failed"] = escape(word(page.lang, f"{page.status}_mark"))
    elif page.id in by_id:
        if "pdf" in run.formats:
            entry["pdf"] = f"{page.id}.pdf"
        if by_id[page.id].tables:
            entry["workbook"] = f"{page.id}.xlsx"
    return entry


def _downloads(run: Run, lang: str, by_id: Mapping[str, Staged]) -> list[dict[str, str]]:
    files = {path.name for path in run.data_files()}
    named = [name for name in _DOWNLOADS if name in files]
    known = [(f"../data/{name}", word(lang, f"down_{name.replace('.', '_')}")) for name in named]
    known += [(f"../data/{name}", name) for name in sorted(files - set(named))]
    return [{"href": href, "title": escape(title)} for href, title in (*_bound(run, lang, by_id), *known)]


def _bound(run: Run, lang: str, by_id: Mapping[str, Staged]) -> Iterator[tuple[str, str]]:
    """The bound report's files and what they are called: the whole, or volume by volume."""
    gap = "　" if lang == "zh" else ": "
    for share in shares(run, lang):
        if not any(_fit(page, by_id) for page in share.pages):
            continue
        for fmt in (fmt for fmt in FORMATS if FORMATS[fmt].bound and fmt in run.formats):
            title = word(lang, f"down_report_{fmt}")
            if share.of > 1:
                said = gap.join(filter(None, (share.count(lang), share.title(lang), share.span(lang))))
                title = word(lang, f"down_volume_{fmt}").format(said)
            yield f"{FOLDER}/{share.name}.{fmt}", title
