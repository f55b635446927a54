"""Where the report's fonts are. They come from packages, so that a machine without Chinese fonts renders right.

Charts (`present`) and documents (`render`) use the same files. This module knows neither.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from greenreport.errors import GlyphMissing
from greenreport.words import error

__all__ = ["SANS", "SERIF", "sans", "sans_variable", "serif"]

SANS = "Noto Sans SC"
SERIF = "Noto Serif SC"


@cache
def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise error(GlyphMissing, "render.no_fonts", package=package)
    return Path(next(iter(spec.submodule_search_locations)))


def sans() -> Path:
    """Noto Sans SC Regular, one static weight: measures and draws the text of charts."""
    return _folder("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"


def serif() -> Path:
    """Noto Serif SC Regular: the Song face of printed body text."""
    return _folder("pylopdf_fonts_zh_cn") / "NotoSerifSC-Regular.otf"


def sans_variable() -> Path:
    """Noto Sans SC with a weight axis: headings, and every text on screen."""
    return _folder("justmytype_intl_cjk") / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"
