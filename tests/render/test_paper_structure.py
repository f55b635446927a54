"""The structure inside the PDFs, read by a second library: what a screen reader and an archive find.

Typst checks PDF/UA-1 and PDF/A-2a itself; no other checker of these standards is in reach of a package index, so the
rules that a reader depends on are checked here one by one (ISO 14289-1, clauses 7.1 to 7.18; ISO 19005-2).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from greenreport.render import RenderResult

NAMES = [f"{lang}/{name}.pdf" for lang in ("zh", "en") for name in ("city", "district-500101", "papers/archive")]
HEADINGS = tuple(f"/H{level}" for level in range(1, 7))


@pytest.fixture(params=NAMES)
def document(request: pytest.FixtureRequest, rendered: tuple[Path, RenderResult]) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(rendered[0] / "site" / request.param) as one:
        yield one


def elements(node: pikepdf.Object) -> Iterator[Dictionary]:
    """The elements of a structure tree, in reading order."""
    if isinstance(node, Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, Dictionary) and Name.S in node:
        yield node
        if Name.K in node:
            yield from elements(node.K)


def structure(document: pikepdf.Pdf) -> list[Dictionary]:
    return list(elements(document.Root.StructTreeRoot.K))


def faults(document: pikepdf.Pdf) -> list[str]:
    """What breaks a rule of tagged, archivable documents, in words."""
    root = document.Root
    found: list[str] = []
    if root.get("/Lang") is None or not bool(root.MarkInfo.Marked):
        found.append("neither language nor mark")
    if not bool(root.ViewerPreferences.DisplayDocTitle):
        found.append("the window shows the file's name")
    if Name.Encrypt in document.trailer or Name.JavaScript in root.get("/Names", {}):
        found.append("encrypted or scripted")
    if "/Filter" in root.Metadata:
        found.append("metadata that can't be read without unpacking")
    level = 0
    for one in structure(document):
        kind = str(one.S)
        if kind in ("/Figure", "/Formula") and not str(one.get("/Alt", "")).strip():
            found.append(f"{kind} without words")
        if kind in HEADINGS:
            now = HEADINGS.index(kind) + 1
            if now > level + 1:
                found.append(f"heading of level {now} below one of level {level}")
            level = now
        if kind == "/TH" and not any("/Scope" in a for a in _attributes(one)):
            found.append("a head of a table without scope")
        if kind == "/TR" and {str(cell.S) for cell in one.K} - {"/TH", "/TD"}:
            found.append("a row with something other than cells")
        if kind == "/Link" and not _has_annotation(one):
            found.append("a link that can't be followed")
    if Name.Outlines not in root:
        found.append("no bookmarks")
    for number, page in enumerate(document.pages, 1):
        if page.obj.get("/Tabs") != Name.S:
            found.append(f"page {number}: tab order is not that of the structure")
        for annotation in page.obj.get("/Annots", []):
            if annotation.Subtype == Name.Link and not (
                annotation.get("/Contents") or annotation.get("/StructParent") is not None
            ):
                found.append(f"page {number}: an annotation outside the structure")
            if "/Dest" in annotation and not _leads(document, annotation.Dest):
                found.append(f"page {number}: a link that leads nowhere")
    return found


def _attributes(one: Dictionary) -> list[Dictionary]:
    given = one.get("/A", [])
    return list(given) if isinstance(given, Array) else [given]


def _has_annotation(link: Dictionary) -> bool:
    kids = link.K if isinstance(link.K, Array) else [link.K]
    return any(isinstance(kid, Dictionary) and (kid.get("/Type") == Name.OBJR or Name.S in kid) for kid in kids)


def _named(node: pikepdf.Object) -> dict[bytes, pikepdf.Object]:
    """A tree of names: they are bytes, and Chinese ones are no text to pikepdf, which loses some of them."""
    flat = list(node.get("/Names", []))
    found = {bytes(key): value for key, value in zip(flat[::2], flat[1::2], strict=True)}
    for kid in node.get("/Kids", []):
        found |= _named(kid)
    return found


def _leads(document: pikepdf.Pdf, target: pikepdf.Object) -> bool:
    if isinstance(target, pikepdf.String):
        target = _named(document.Root.Names.Dests).get(bytes(target))
    if isinstance(target, Dictionary):
        target = target.D
    pages = {page.obj.objgen for page in document.pages}
    return isinstance(target, Array) and target[0].objgen in pages


def test_the_file_is_sound(document: pikepdf.Pdf) -> None:
    """A library of another make reads the file from end to end without a complaint."""
    assert document.check_pdf_syntax() == []


def test_the_structure_keeps_the_rules(document: pikepdf.Pdf) -> None:
    """Language, alternative texts, order of headings, heads of tables, links, tab order, metadata: all as they must be."""
    assert faults(document) == []


def test_bookmarks_lead_to_pages(document: pikepdf.Pdf) -> None:
    """Every bookmark leads to a page of the file, and each heading of the first two levels has one."""

    def walk(items: list[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
        for item in items:
            yield item
            yield from walk(item.children)

    with document.open_outline() as outline:
        marks = list(walk(outline.root))
    assert marks
    for mark in marks:
        assert _leads(document, mark.destination if mark.destination is not None else mark.action.D)
    headings = [one for one in structure(document) if str(one.S) in HEADINGS[:2]]
    assert len(marks) >= len(headings) > 0


def test_the_rules_can_be_broken(rendered: tuple[Path, RenderResult]) -> None:
    """The checks above notice a picture whose words, a table's head whose scope, and a document whose language is gone."""
    with pikepdf.open(rendered[0] / "site" / "zh" / "city.pdf") as document:
        for one in structure(document):
            if str(one.S) == "/Figure":
                del one["/Alt"]
            if str(one.S) == "/TH" and Name.A in one:
                del one["/A"]
        del document.Root["/Lang"]
        assert {"neither language nor mark", "/Figure without words", "a head of a table without scope"} <= set(
            faults(document)
        )


@pytest.mark.long
@pytest.mark.skipif("GREENREPORT_SITE" not in os.environ, reason="GREENREPORT_SITE names no finished site")
def test_every_pdf_of_a_finished_site() -> None:
    """Every PDF of a whole site is sound and keeps the rules."""
    broken = {}
    files = sorted(Path(os.environ["GREENREPORT_SITE"]).rglob("*.pdf"))
    assert files
    for path in files:
        with pikepdf.open(path) as document:
            if found := document.check_pdf_syntax() + faults(document):
                broken[f"{path.parent.name}/{path.name}"] = found[:5]
    assert broken == {}
