"""What the ledger knew when: the log of imports, the difference between two days, the ledger as of a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from greenreport.atomic import write_whole
from greenreport.errors import RequestError
from greenreport.observations import COLUMNS, Ledger, frames
from greenreport.spreadsheets import harmless
from greenreport.stores.rows import csv_lines

__all__ = ["Difference", "as_of", "diff", "export_csv"]


@dataclass(frozen=True)
class Difference:
    """A figure that became known, or changed, between two days. `old` and `old_vintage` are None for a new one."""

    status: str
    indicator: str
    area: str
    period: str
    scope: str
    kind: str
    unit: str
    old: float | None
    old_vintage: date | None
    new: float
    new_vintage: date
    source: str
    row: str

    @property
    def change_pct(self) -> float | None:
        """The change in per cent; None for a new figure or one that was zero."""
        return None if not self.old else (self.new / self.old - 1) * 100


def diff(ledger: Ledger, a: date, b: date, *, areas: Collection[str] | None = None) -> tuple[Difference, ...]:
    """What the ledger knew on day `b` and did not know, or knew otherwise, on day `a`.

    Raises:
        RequestError: `b` does not lie after `a`.
    """
    if b <= a:
        raise RequestError.of(
            zh=f"后一个日期（{b}）应晚于前一个（{a}）。", en=f"The second day ({b}) must lie after the first ({a})."
        )
    late = ledger.as_of(b).frame
    keep = (late["vintage"] > np.datetime64(a, "s")).to_numpy()
    if areas is not None:
        keep &= late["area"].isin(list(areas)).to_numpy()
    later = late[keep].reset_index(drop=True)
    early = ledger.as_of(a).frame
    columns = ["indicator", "area", "scope", "period", "kind"]
    both = frames.stack([early[columns], later[columns]], dict.fromkeys(columns, "category"))
    codes = frames.key_codes(both, vintage=False)
    place = pd.Series(np.arange(len(early)), index=codes[: len(early)])
    place = place[~place.index.duplicated(keep="last")]
    at = place.reindex(codes[len(early) :]).to_numpy()
    out = []
    for r, i in zip(later.to_dict("records"), at, strict=True):
        before = early.iloc[int(i)] if i == i else None
        if before is not None and before["value"] == r["value"] and before["kind"] == r["kind"]:
            continue
        out.append(
            Difference(
                "new" if before is None else "changed",
                str(r['indicator']), str(r['area']), str(r['period']), str(r['scope']), str(r['kind']), str(r['unit']),
                None if before is None else float(before["value"]),
                None if before is None else before["vintage"].date(),
                float(r['value']), pd.Timestamp(r['vintage']).date(), str(r['source']), f"{r['file']}:{r['row']}",
            )
        )  # fmt: skip
    return tuple(out)


def as_of(ledger: Ledger, day: date, *, areas: Collection[str] | None = None) -> pd.DataFrame:
    """The figures as known on a day, one row each, in the ledger's columns."""
    known = ledger.as_of(day).frame
    if areas is not None:
        known = known[known["area"].isin(list(areas))]
    return known[list(COLUMNS)].reset_index(drop=True)


def export_csv(rows: pd.DataFrame, path: str | Path) -> Path:
    """Write rows of the ledger as CSV for a spreadsheet: UTF-8 with a byte-order mark, no cell that starts a formula.

    The file can be imported again as it is.
    """
    safe = rows.assign(
        **{c: rows[c].astype(str).map(harmless) for c in COLUMNS if c not in ("value", "growth_pct", "vintage")}
    )
    out = Path(path)
    write_whole(out, ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode() + csv_lines(safe, end="\r\n"))
    return out
