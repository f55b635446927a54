"""The measures of papers that Typst, Word and the filters share. Must not know what a paper says."""

from __future__ import annotations

__all__ = ["LAYOUT", "layout"]

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
