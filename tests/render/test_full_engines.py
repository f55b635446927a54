"""The whole demonstration set from both engines: every page of both languages, on screen and on paper."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from reading import content, words

from greenreport.render import quarto, render

pytestmark = [
    pytest.mark.long,
    pytest.mark.quarto,
    pytest.mark.skipif(quarto.find() is None, reason="no Quarto: set GREENREPORT_QUARTO or install it"),
    pytest.mark.skipif("GREENREPORT_SITE" not in os.environ, reason="GREENREPORT_SITE names no finished site"),
]


def test_every_page_is_the_same_from_both_engines(tmp_path: Path) -> None:
    """Headings, captions, links, cells, alternative texts, paragraphs, pages of paper and bookmarks agree throughout."""
    site = Path(os.environ["GREENREPORT_SITE"]).resolve()
    run = tmp_path / "run"
    shutil.copytree(site.parent, run, ignore=shutil.ignore_patterns("site", "stage"))
    result = render(run, engine="quarto", archive=any(site.glob("*/papers/archive.pdf")))
    assert not result.failed, [f"{one.page}: {one.error}" for one in result.failed]
    differ = []
    assert [*run.glob("site/*/*.html")] and [*run.glob("site/*/*.pdf")]
    for page in sorted(run.glob("site/*/*.html")):
        ours = site / page.relative_to(run / "site")
        mine, theirs = content(ours), content(page)
        differ += [f"{page.parent.name}/{page.name}: {what}" for what in mine if mine[what] != theirs[what]]
    for paper in sorted(run.glob("site/*/*.pdf")):
        both = (words(site / paper.relative_to(run / "site")), words(paper))
        # Quarto makes curly apostrophes of a table's caption straight (docs/rendering.md).
        ours_printed, theirs_printed = (json.dumps(one, ensure_ascii=False).replace("’", "'") for one in both)
        if ours_printed != theirs_printed:
            differ.append(f"{paper.parent.name}/{paper.name}")
    assert not differ
