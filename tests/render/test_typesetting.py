"""Typst in processes of its own: what it makes, what it refuses, and that nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenreport import typesetting
from greenreport.typesetting import TypesettingError, end_idle, typeset


def _document(folder: Path, text: str) -> Path:
    file = folder / "main.typ"
    file.write_text(text, "utf-8")
    return file


def test_a_process_sets_document_after_document_and_ends(tmp_path: Path) -> None:
    """The same document gives the same bytes; a refusal is told and harms nothing; idle processes end when told to."""
    end_idle()
    ballast = bytearray(b"x") * (typesetting.MOST_MEGABYTES + 50 << 20)  # what the caller holds is not the process's
    options = {"fonts": [], "standards": [], "timestamp": 1782777600}
    first = typeset(_document(tmp_path, "#set document(title: [x])\nWords"), **options).path.read_bytes()
    assert first.startswith(b"%PDF")
    with pytest.raises(TypesettingError, match="unknown variable"):
        typeset(_document(tmp_path, "#nothing"), **options)
    assert typeset(_document(tmp_path, "#set document(title: [x])\nWords"), **options).path.read_bytes() == first
    del ballast
    [process] = typesetting._processes.idle
    end_idle()
    assert process.returncode == 0
