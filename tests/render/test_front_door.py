"""The first thing a reader opens: the choice of language where there is one, and how large what can be loaded is."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest

from greenreport.render.papers.listing import _told
from greenreport.render.site import write_choice

TITLE = {"zh": "评估", "en": "Evaluation"}


@pytest.mark.parametrize("langs", [("en",), ("zh",), ("zh", "en")])
def test_one_language_is_no_choice(tmp_path: Path, langs: tuple[str, ...]) -> None:
    """A site in one language forwards to it; one in two asks."""
    write_choice(tmp_path, SimpleNamespace(langs=langs, title=TITLE, synthetic=False))
    page = (tmp_path / "index.html").read_text("utf-8")
    assert (f'content="0; url={langs[0]}/index.html"' in page) == (len(langs) == 1)
    assert all(f'href="{lang}/index.html"' in page for lang in langs), "the link stays for who does not follow"


@pytest.mark.parametrize(("padding", "unit"), [(0, "1\u00a0KB"), (60_000, "KB"), (250_000, "0.3\u00a0MB")])
def test_a_small_file_has_a_size(tmp_path: Path, padding: int, unit: str) -> None:
    """Less than a tenth of a megabyte is told in kilobytes, and never as nothing."""
    path = tmp_path / "a.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(path)
    path.write_bytes(path.read_bytes() + b"%" * padding)
    for lang in ("zh", "en"):
        assert _told(lang, "pdf", path).endswith(unit)
        assert "0.0" not in _told(lang, "pdf", path)
