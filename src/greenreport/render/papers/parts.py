"""From the staged page of papers to papers: which cells belong to which, under which title, in which form.

Reads the marks in the cells' metadata (docs/architecture.md: the document contract); must not know how a document is
typeset.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby

from greenreport.render.cells import marks, read_cells
from greenreport.render.source import Page, Run
from greenreport.render.staging import Staged, assemble

__all__ = ["LAYOUT", "SHEETS", "Paper", "layout", "papers_of"]

SHEETS = "sheets"
"""The paper that holds all sheets, one after the other."""
LAYOUT = {
    ("zh", "report"): (442, 638, (9.5, 9, 8)),
    ("zh", "brief"): (442, 680, (9, 8.5, 7.5)),
    ("zh", "sheet"): (442, 688, (8, 8, 7)),
    ("en", "report"): (442, 686, (9.5, 9, 8)),
    ("en", "brief"): (442, 688, (9, 8.5, 7.5)),
    ("en", "sheet"): (476, 692, (8, 8, 7)),
}
"""Language and form → width of the text upright and turned round, sizes of type in tables (paper.typ has them too)."""


def layout(lang: str, form: str) -> dict[str, object]:
    """What the filters are told of a paper: widths in points, sizes of type, by how much headings move up."""
    width, wide, sizes = LAYOUT[lang, form]
    shift = "1" if form == "report" else "0"
    return {"width": str(width), "wide": str(wide), "sizes": [str(size) for size in sizes], "shift": shift}


@dataclass(frozen=True)
class Paper:
    """One paper, ready to be set; the name is that of its files without the ending: `report`, `brief`, `sheet-<code>`."""

    name: str
    title: str
    staged: Staged

    @property
    def form(self) -> str:
        """How it is laid out: as a `report`, a `brief` or a `sheet`."""
        return self.name.partition("-")[0]

    @property
    def formats(self) -> tuple[str, ...]:
        """What it is made as: a sheet goes back to be read and filled in by hand, the others are edited."""
        return ("pdf",) if self.form == "sheet" else ("pdf", "docx")


def papers_of(run: Run, page: Page) -> tuple[Paper, ...]:
    """The papers that a page holds, in its order.

    Raises:
        RenderError: the page cannot be staged.
    """
    assert page.notebook is not None
    raw = json.loads(page.notebook.read_text(encoding="utf-8"))
    reading = read_cells(raw, lang=page.lang, file=page.notebook)
    out = []
    for name, group in groupby(
        (c for c in reading.cells if marks(c).get("paper")), key=lambda c: str(marks(c)["paper"])
    ):
        cells = list(group)
        labels = {marks(cell).get("label") for cell in cells}
        svgs = {label: svg for label, svg in reading.svgs.items() if label in labels}
        plain = {"plain": True} if name.startswith("sheet") else {}
        staged = assemble(run, page, cells, engine="builtin", given=reading.front, svgs=svgs, more=plain)
        out.append(Paper(name, str(marks(cells[0]).get("title") or page.title), staged))
    return tuple(out)
