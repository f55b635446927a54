"""Typst in processes of its own: what it makes, what it refuses, and that nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from greenreport import fonts, typesetting
from greenreport.render import glyphs
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


def test_the_face_of_charts_draws_what_its_model_draws(tmp_path: Path) -> None:
    """Only its name and its list of glyph names are its own: one range, read in no time."""
    with TTFont(glyphs.chart_face(tmp_path), lazy=True) as own, TTFont(fonts.sans(), lazy=True) as model:
        assert own["name"].getDebugName(1) == glyphs.CHART
        tops = [font["CFF "].cff.topDictIndex[0] for font in (own, model)]
        mine, its = (top.CharStrings.charStringsIndex for top in tops)
        assert len(mine) == len(its) == len(tops[0].charset)
        assert [mine[n].bytecode for n in (1, 300, len(its) - 1)] == [its[n].bytecode for n in (1, 300, len(its) - 1)]
        assert tops[0].charset[-1] == f"cid{len(its) - 1:05d}"
        assert [own.getGlyphID(name) for name in (own.getBestCmap()[ord(c)] for c in "绿a")] == [
            model.getGlyphID(name) for name in (model.getBestCmap()[ord(c)] for c in "绿a")
        ]
