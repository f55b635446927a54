"""What the ledger covers: areas against years, as a table, in figures and as a small picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import numpy as np
import pandas as pd

from greenreport.observations import Ledger
from greenreport.words import t

__all__ = ["COLOURS", "MARKS", "Coverage", "coverage", "svg"]

COLOURS = {
    "observed": "#1F6F54", "provisional": "#7DB89F", "bridged": "#4E8FB5", "part": "#C9DDEA", "unconfirmed": "#E0B04C",
    "missing": "#E59E8F", "absent": "#DDDDDD", "before": "#F4F4F4",
}  # fmt: skip
MARKS = {
    "observed": "■", "provisional": "▣", "bridged": "▲", "part": "◧", "unconfirmed": "◇", "missing": "·", "absent": "×", "before": " ",
}  # fmt: skip
_KNOWN = ("observed", "provisional", "bridged")
_NOT_DUE = ("absent", "before")


@dataclass(frozen=True, eq=False)
class Coverage:
    """`cells`: area, indicator, year, status (keys of [MARKS]).

    `share` is the part of the cells that could hold a full-year figure and does, from 0 to 1, by indicator; areas
    that did not exist, and what is not due, do not count: an area owes figures from the baseline year on, or from its
    own first one, of the indicators it is asked for (`Plan.asked`).
    """

    cells: pd.DataFrame
    areas: tuple[str, ...]
    indicators: tuple[str, ...]
    years: tuple[int, ...]
    day: date

    @property
    def share(self) -> dict[str, float]:
        """Known full-year figures by indicator, as a share of those there could be."""
        out = {}
        for i in self.indicators:
            mine = self.cells.loc[(self.cells["indicator"] == i) & ~self.cells["status"].isin(_NOT_DUE), "status"]
            out[i] = float(mine.isin(_KNOWN).mean()) if len(mine) else 0.0
        return out

    def row(self, indicator: str, area: str) -> list[str]:
        """The statuses of one area's years."""
        c = self.cells
        return [str(s) for s in c.loc[(c["indicator"] == indicator) & (c["area"] == area), "status"]]


def coverage(ledger: Ledger, *, as_of: date, indicators: Sequence[str] | None = None) -> Coverage:
    """What is known of the plan's indicators for the city and the districts of that day.

    Args:
        ledger: the figures.
        as_of: the day; the last year shown is the last full one before it, the first one that for which anything is known.
        indicators: ids; None: all of the plan.
    """
    view = ledger.as_of(as_of)
    ids = tuple(indicators or (i.id for i in ledger.plan.indicators))
    areas = (ledger.plan.area, *(a.code for a in ledger.roster.on(as_of)))
    known = view.frame[(view.frame["year"] > 0) & view.frame["indicator"].isin(ids)]
    start = int(known["year"].min()) if len(known) else ledger.plan.baseline_year
    years = tuple(range(start, max(as_of.year, start + 1)))
    cells = view.coverage(areas=areas, indicators=ids, years=years)
    began = known.groupby(["indicator", "area"], observed=True)["year"].min().reset_index()
    keys = zip(began["indicator"].astype(str), began["area"].astype(str), strict=True)
    first = dict(zip(keys, began["year"].astype(int), strict=True))
    asked = {(i, a) for a in areas for i in view.asked(a)} | first.keys()
    base = ledger.plan.baseline_year
    due = [
        (i, a) in asked and year >= min(first.get((i, a), base), base)
        for i, a, year in zip(cells["indicator"].astype(str), cells["area"].astype(str), cells["year"], strict=True)
    ]
    cells = cells.assign(status=cells["status"].astype(str).where(np.array(due, dtype=bool), "before"))
    return Coverage(cells, areas, ids, years, as_of)


def svg(found: Coverage, ledger: Ledger, *, lang: str) -> str:
    """The coverage as a picture: one panel per indicator, areas downwards, years across, one square per figure."""
    step, label, gap, top = 14, 100, 34, 64
    panel = label + step * len(found.years) + gap
    columns = min(3, len(found.indicators))
    height = top + step * len(found.areas) + 34
    rows = -(-len(found.indicators) // max(columns, 1))
    width, total = max(panel * columns + 10, 640), height * rows + 44
    names = {i.id: i.short[lang] for i in ledger.plan.indicators}
    title = t("ledger.covered.title", lang)
    words = {status: t(f"ledger.covered.{status}", lang) for status in MARKS}
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{total}" viewBox="0 0 {width} {total}" role="img" aria-label="{title}" font-family="Noto Sans SC, sans-serif" font-size="10">',
        f'<rect width="{width}" height="{total}" fill="#ffffff"/>',
    ]
    for n, id in enumerate(found.indicators):
        x0, y0 = 10 + panel * (n % columns), height * (n // columns)
        share = f"{found.share[id] * 100:.0f}%"
        out.append(
            f'<text x="{x0}" y="{y0 + 22}" font-size="12" font-weight="700" fill="#1F6F54">{escape(names.get(id, id))} {share}</text>'
        )
        for k, year in enumerate(found.years):
            x = x0 + label + step * k + step // 2
            out.append(
                f'<text x="{x}" y="{y0 + top - 6}" text-anchor="start" transform="rotate(-60 {x} {y0 + top - 6})">{year}</text>'
            )
        for r, area in enumerate(found.areas):
            y = y0 + top + step * r
            name = ledger.roster.by_code[area].short[lang]
            out.append(f'<text x="{x0 + label - 6}" y="{y + 10}" text-anchor="end">{escape(name)}</text>')
            for k, status in enumerate(found.row(id, area)):
                what = f"{name} {found.years[k]}: {words[status]}"
                out.append(
                    f'<rect x="{x0 + label + step * k}" y="{y}" width="{step - 2}" height="{step - 2}" fill="{COLOURS[status]}"><title>{escape(what)}</title></rect>'
                )
    x = 10
    for status, text in words.items():
        out.append(f'<rect x="{x}" y="{total - 24}" width="12" height="12" fill="{COLOURS[status]}"/>')
        out.append(f'<text x="{x + 16}" y="{total - 14}">{escape(text)}</text>')
        x += 34 + sum(10 if ord(c) > 255 else 6 for c in text)
    return "\n".join([*out, "</svg>", ""])
