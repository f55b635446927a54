"""PDFs packed as PDF 1.5 and later can be: Typst writes the structure of a tagged document out object by object.

A page shrinks to half, the bound report to a quarter; nothing that a reader or a checker sees is changed. Must not
know what a document is about.
"""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf

__all__ = ["packed"]


def packed(pdf: Path) -> bytes:
    """A PDF with its objects in compressed streams; the same input gives the same bytes."""
    out = io.BytesIO()
    with pikepdf.open(pdf) as document:
        document.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            deterministic_id=True,
            fix_metadata_version=False,
        )
    return out.getvalue()
