"""One look for every chart: colours, marks and type, chosen to survive colour blindness, grey print and dark screens.

A verdict has a colour, a shape and a word; no reader depends on the first alone.
"""

from __future__ import annotations

from typing import Any

from greenreport.fonts import SANS

INK = "#1f2933"
MUTED = "#5f6b76"
GRID = "#e4e7eb"
SERIES = "#0b3c6f"
# Opaque tints, because print knows no transparency worth trusting.
BAND = "#b3cfec"
BAND_OUTER = "#dfeaf6"
PATH = "#7b8794"
TARGET = "#c2410c"

VERDICTS = ("achieved", "ahead", "on_track", "uncertain", "at_risk", "not_assessable")

# Blue to orange stays apart under the three common colour deficiencies; grey stands for "no verdict".
VERDICT_COLOUR = {
    "achieved": "#0b3c6f",
    "ahead": "#2f78bf",
    "on_track": "#8fbfe8",
    "uncertain": "#e9bd62",
    "at_risk": "#d9661f",
    "not_assessable": "#c8ced6",
}
# Ink on those colours, for text inside a tile: contrast at least 4.5 : 1.
VERDICT_INK = {
    "achieved": "#ffffff",
    "ahead": "#ffffff",
    "on_track": "#10263d",
    "uncertain": "#2b1d06",
    "at_risk": "#1b1206",
    "not_assessable": "#1f2933",
}
VERDICT_SIGN = {"achieved": "★", "ahead": "▲", "on_track": "●", "uncertain": "◆", "at_risk": "▼", "not_assessable": "○"}


def config() -> dict[str, Any]:
    """The Vega-Lite configuration shared by all charts."""
    fonts = {"labelFont": SANS, "titleFont": SANS}
    sizes = {"labelFontSize": 12, "titleFontSize": 12}
    return {
        "font": SANS,
        "aria": False,  # the figure's own written alternative says what the marks show, in the reader's language
        "background": None,
        "view": {"stroke": None},
        "axis": {
            **fonts,
            **sizes,
            "titleFontWeight": "normal",
            "labelColor": MUTED,
            "titleColor": MUTED,
            "gridColor": GRID,
            "domainColor": "#9aa5b1",
            "tickColor": "#9aa5b1",
        },
        "legend": fonts | sizes,
        "text": {"font": SANS, "fontSize": 12},
        "header": fonts,
    }
