"""A font that measures as another but draws nothing: every glyph is the same small triangle.

Whoever lays out a chart asks for the width of each label, and the library that answers opens the font and looks up
the outline of each glyph anew. In a font of thirty thousand Chinese outlines that is more than half of the cost of a
chart, and none of it is seen: a still picture says where its text stands, not how it is drawn. Knows files of fonts
(OpenType 1.9, chapters `head`, `maxp`, `loca`, `glyf`); must not know charts.
"""

from __future__ import annotations

import struct
from pathlib import Path

__all__ = ["measuring_fonts"]

_KEPT = (b"head", b"hhea", b"maxp", b"OS/2", b"name", b"post", b"GDEF", b"BASE", b"GSUB", b"cmap", b"GPOS", b"hmtx")
# One contour of three points; with no outline at all the text would count as empty, and not be measured.
_TRIANGLE = struct.pack(">5hHH3B6h", 1, 0, 0, 500, 500, 2, 0, 1, 1, 1, 0, 500, -500, 0, 0, 500) + b"\0"
_LONG_OFFSETS = struct.pack(">h", 1)


def measuring_fonts(fonts: Path, *, only: Path, into: Path) -> Path:
    """Make a folder of fonts in which one measures as it does, without its outlines; the others are as they are.

    Args:
        fonts: a folder of fonts.
        only: the font in it that is to be made.
        into: the folder to make; must not exist.

    Returns:
        `into`.

    Raises:
        OSError, ValueError: a file can't be read, written or understood; nothing should be measured with `into` then.
    """
    into.mkdir()
    for path in sorted(fonts.iterdir()):
        if path == only:
            (into / path.with_suffix(".ttf").name).write_bytes(_without_outlines(path.read_bytes()))
        elif path.suffix in {".otf", ".ttf", ".ttc"}:
            (into / path.name).symlink_to(path)
    return into


def _without_outlines(font: bytes) -> bytes:
    """The font with advances, substitutions, kerning and names as they are and one triangle for all its glyphs."""
    tables = dict(_tables(font))
    if missing := [name.decode() for name in (b"head", b"maxp", b"hmtx", b"cmap") if name not in tables]:
        raise ValueError(f"no font: lacks {', '.join(missing)}")
    kept = {name: tables[name] for name in _KEPT if name in tables}
    glyphs = int.from_bytes(tables[b"maxp"][4:6])
    kept[b"head"] = kept[b"head"][:50] + _LONG_OFFSETS + kept[b"head"][52:]
    kept[b"maxp"] = struct.pack(">IH13H", 0x00010000, glyphs, 3, 1, *[0] * 11)
    kept[b"loca"] = struct.pack(f">{glyphs + 1}I", *range(0, len(_TRIANGLE) * (glyphs + 1), len(_TRIANGLE)))
    kept[b"glyf"] = _TRIANGLE * glyphs
    # The small tables lie together at the front: each measurement maps the file anew and touches few of its pages.
    places, body = {}, b""
    start = 12 + 16 * len(kept)
    for name, content in kept.items():
        places[name] = start + len(body)
        body += content + b"\0" * (-len(content) % 4)
    rows = b"".join(name + struct.pack(">III", 0, places[name], len(kept[name])) for name in sorted(kept))
    return struct.pack(">IHHHH", 0x00010000, len(kept), 0, 0, 0) + rows + body


def _tables(font: bytes) -> list[tuple[bytes, bytes]]:
    count = int.from_bytes(font[4:6])
    found = []
    for at in range(12, 12 + 16 * count, 16):
        name, _, offset, length = struct.unpack(">4sIII", font[at : at + 16])
        found.append((name, font[offset : offset + length]))
    return found
