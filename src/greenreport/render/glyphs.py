"""The glyphs of the report's fonts: which characters have one, and the small web fonts that a site carries.

Fonts come from packages (`greenreport.fonts`); fonts of the machine are never looked at, so that a page looks the
same everywhere and a character without a glyph is an error instead of an empty box.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from greenreport import fonts
from greenreport.errors import GlyphMissing
from greenreport.words import error

__all__ = [
    "CHART",
    "EXTRA",
    "beyond_ascii",
    "chart_face",
    "check_glyphs",
    "covered",
    "extra_faces",
    "files",
    "web_fonts",
]


EXTRA = {"Noto Sans Arabic": "arabic", "Noto Sans Hebrew": "hebrew"}
CHART = "Greenreport Chart"
_PACK = "justmytype_intl_rtl"  # optional: names in Arabic or Hebrew letters


@cache
def extra_faces() -> dict[str, Path]:
    """Faces for other scripts, by name, as far as their package is installed."""
    spec = find_spec(_PACK)
    if spec is None or not spec.submodule_search_locations:
        return {}
    found = sorted(Path(next(iter(spec.submodule_search_locations))).rglob("*.ttf"))
    return {name: path for name in EXTRA for path in found if path.parent.name == name.replace(" ", "").lower()}


def files() -> tuple[Path, ...]:
    """Every font file of the packages that pages are set in."""
    return (fonts.serif(), fonts.sans(), fonts.sans_variable(), *extra_faces().values())


_making = Lock()
"""Documents are set side by side, and the first of them need the face at once."""


def chart_face(folder: Path) -> Path:
    """Noto Sans SC Regular under the name of its own that printed charts use, made in a folder once.

    Typst draws the text of an SVG from the variable file whenever both carry one name, and then in its thinnest
    weight: the regular weight needs a name that only the static file has.
    """
    path = folder / "GreenreportChart-Regular.otf"
    with _making:
        _make_chart_face(path)
    return path


def _make_chart_face(path: Path) -> None:
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with TTFont(fonts.sans(), recalcTimestamp=False) as font:
            for record in font["name"].names:
                if record.nameID in (1, 4, 6, 16):
                    record.string = CHART.replace(" ", "") if record.nameID == 6 else CHART
            _shorten_charset(font)
            part = path.with_suffix(".part")
            font.save(part, reorderTables=None)  # as they come: half the time
            part.replace(path)


def _shorten_charset(font: TTFont) -> None:
    """Number the glyphs of a CFF face straight on, in one range.

    Typst and vl-convert read a face anew for each glyph of a picture, and most of that is the list of glyph names, which
    they use for nothing. Glyphs, their order and their outlines stay as they are, so pages come out the same.
    """
    table = DefaultTable("CFF ")
    table.data = font.getTableData("CFF ")
    outlines = CFFFontSet()
    outlines.decompile(io.BytesIO(table.data), font)
    (top,) = outlines.topDictIndex
    start, glyphs = top.rawDict["charset"], len(top.charset)
    one_range = struct.pack(">BHH", 2, 1, glyphs - 2)  # format 2: from glyph 1, and so many after it
    table.data = table.data[:start] + one_range + table.data[start + len(one_range) :]
    font.tables["CFF "] = table


@cache
def covered() -> frozenset[int]:
    """Codepoints that every page can show: in the Hei and in the Song face, or in a face for another script."""
    both = _cmap(fonts.sans_variable()) & _cmap(fonts.serif())
    return both.union(*(_cmap(path) for path in extra_faces().values()))


@cache
def _cmap(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def beyond_ascii(text: str) -> set[str]:
    """The characters of a text that not every font has: ten times as fast as a set of all."""
    return set("".join(_BEYOND_ASCII.findall(text)))


def _invisible(char: str) -> bool:
    # Spaces of any width are set as gaps; format characters (joiners, direction marks) have no picture.
    return unicodedata.category(char) in ("Zs", "Zl", "Zp", "Cf", "Cc") or 0xFE00 <= ord(char) <= 0xFE0F


def check_glyphs(texts: Iterable[str], *, page: str) -> None:
    """Refuse texts with a character that the fonts can't draw.

    Raises:
        GlyphMissing: names the characters and the page.
    """
    missing = sorted(c for c in beyond_ascii("".join(texts)) if ord(c) not in covered() and not _invisible(c))
    if missing:
        named = [f"{c} (U+{ord(c):04X} {unicodedata.name(c, '?')})" for c in missing]
        raise error(GlyphMissing, "render.no_glyph", characters=tuple(named), file=page)


def web_fonts(characters: Iterable[str], *, timestamp: int) -> dict[str, bytes]:
    """The site's fonts cut down to some characters, as woff2 by name: `sans`, and others where they are needed.

    The only time that they carry is `timestamp`, in seconds since 1970.
    """
    wanted = {ord(c) for c in characters} | set(range(0x20, 0x7F))
    out = {"sans": _subset(fonts.sans_variable(), wanted, timestamp)}
    for name, path in extra_faces().items():
        own = (wanted & _cmap(path)) - _cmap(fonts.sans_variable())
        if own:
            out[EXTRA[name]] = _subset(path, own, timestamp)
    return out


def _subset(path: Path, unicodes: set[int], timestamp: int) -> bytes:
    from fontTools import subset  # half a second, which a site with nothing new does without

    options = subset.Options()
    options.flavor = "woff2"
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # the licence travels with the font
    options.layout_features = [*options.layout_features, "pwid"]
    options.hinting = False
    options.recalc_timestamp = False
    options.drop_tables += ["DSIG", "vhea", "vmtx", "VVAR", "VORG", "BASE"]
    with TTFont(path, recalcTimestamp=False) as font:
        worker = subset.Subsetter(options)
        worker.populate(unicodes=sorted(unicodes))
        worker.subset(font)
        font["head"].modified = timestamp + 2082844800  # fonts count from 1904
        font.flavor = "woff2"
        out = io.BytesIO()
        font.save(out, reorderTables=None)
    return out.getvalue()
