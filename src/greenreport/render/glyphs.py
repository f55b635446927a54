"""The glyphs of the report's fonts: which characters have one, and the small web fonts that a site carries.

Fonts come from packages (`greenreport.fonts`); fonts of the machine are never looked at, so that a page looks the
same everywhere and a character without a glyph is an error instead of an empty box.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from greenreport import fonts
from greenreport.errors import GlyphMissing

__all__ = ["check_glyphs", "covered", "web_font"]


@cache
def covered() -> frozenset[int]:
    """Codepoints with a glyph in the faces that set text (Noto Sans SC and Noto Serif SC both hold them)."""
    return _cmap(fonts.sans_variable()) & _cmap(fonts.serif()) | _cmap(fonts.serif()) & _cmap(fonts.sans())


@cache
def _cmap(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _invisible(char: str) -> bool:
    # Spaces of any width are set as gaps; format characters (joiners, direction marks) have no picture.
    return unicodedata.category(char) in ("Zs", "Zl", "Zp", "Cf", "Cc") or 0xFE00 <= ord(char) <= 0xFE0F


def check_glyphs(texts: Iterable[str], *, page: str) -> None:
    """Refuse texts with a character that the fonts can't draw.

    Args:
        texts: everything that is going to be set.
        page: where the texts stand, for the message.

    Raises:
        GlyphMissing: names the characters and the page.
    """
    used: set[str] = set()
    for text in texts:
        used.update(text)
    missing = sorted(c for c in used if ord(c) not in covered() and not _invisible(c))
    if missing:
        named = [f"{c} (U+{ord(c):04X} {unicodedata.name(c, '?')})" for c in missing]
        raise GlyphMissing.of(
            zh=f"下列字符在报告所用字体中没有字形：{'、'.join(named)}。请改用其他字符，或安装含有它们的字体包。",
            en=f"The report's fonts have no glyph for: {', '.join(named)}. Use other characters.",
            file=page,
        )


def web_font(characters: Iterable[str], *, timestamp: int) -> bytes:
    """Noto Sans SC with its weight axis, cut down to some characters, as woff2.

    Args:
        characters: what the site's pages show.
        timestamp: seconds since 1970, written into the font instead of the time of day.
    """
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "liga", "locl", "palt", "tnum", "mark", "mkmk", "ccmp", "vert"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # the licence travels with the font
    options.hinting = False
    options.recalc_timestamp = False
    options.drop_tables += ["DSIG", "vhea", "vmtx", "VVAR", "VORG", "BASE"]
    with TTFont(fonts.sans_variable(), recalcTimestamp=False) as font:
        worker = subset.Subsetter(options)
        worker.populate(unicodes=sorted({ord(c) for c in characters} | set(range(0x20, 0x7F))))
        worker.subset(font)
        font["head"].modified = timestamp + 2082844800  # fonts count from 1904
        font.flavor = "woff2"
        out = io.BytesIO()
        font.save(out, reorderTables=False)
    return out.getvalue()
