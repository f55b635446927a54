"""Rows of the ledger as text and back, a block at a time, so that millions of rows stay small. Knows no store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from greenreport.observations import COLUMNS, frames

__all__ = ["csv_lines", "numbered", "stacked"]

_NUMBERS = ("value", "growth_pct")
RAW_SCHEMA: dict[str, str] = {
    **{c: "object" if c in _NUMBERS else "category" for c in COLUMNS}, "file": "category", "row": "int32",
}  # fmt: skip


def csv_lines(rows: pd.DataFrame, *, end: str = "\n") -> bytes:
    """Rows of the ledger as lines of CSV in UTF-8, each with its end."""
    texts = _raw(rows, file="", first=0)
    cells = zip(*(_cells(texts[c]) for c in COLUMNS), strict=True)
    return "".join(",".join(line) + end for line in cells).encode()


def _cells(column: pd.Series) -> Any:
    """The texts of a column as they stand in a CSV; numbers need no quotes."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column
    return np.array([_cell(text) for text in column.cat.categories], dtype=object)[column.cat.codes.to_numpy()]


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n\r') or text != text.strip() else text


def _number(value: float) -> str:
    """The shortest text that reads back the same; a whole number without a point; nothing for NaN."""
    return "" if value != value else str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def numbered(blocks: Iterable[pd.DataFrame], *, file: str) -> Iterator[pd.DataFrame]:
    """Typed rows (from Parquet or a database) as the text that the ledger's checks read, counted as a spreadsheet does."""
    first = 2
    for block in blocks:
        yield _raw(block, file=file, first=first)
        first += len(block)


def _raw(frame: pd.DataFrame, *, file: str, first: int) -> pd.DataFrame:
    out: dict[str, object] = {}
    for c in COLUMNS:
        column = frame[c]
        if c in _NUMBERS:
            codes, levels = pd.factorize(pd.to_numeric(column).to_numpy(dtype=float), use_na_sentinel=False)
            out[c] = np.array([_number(v) for v in levels.tolist()], dtype=object)[codes]
        elif c == "vintage":
            days, codes = np.unique(pd.to_datetime(column).to_numpy().astype("datetime64[D]"), return_inverse=True)
            out[c] = frames.coded(codes, [str(d) for d in days])
        else:
            column = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype("category")
            names = [str(x) for x in column.cat.categories]
            column = column.cat.rename_categories(names)
            if column.isna().any():
                column = (column if "" in names else column.cat.add_categories("")).fillna("")
            out[c] = column.to_numpy() if not hasattr(column, "values") else column.values
    out["file"] = frames.constant(file, len(frame))
    out["row"] = np.arange(first, first + len(frame), dtype=np.int32)
    return pd.DataFrame(out)


def stacked(blocks: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Blocks of text rows one below the other, with every column of the ledger."""
    whole = []
    for b in blocks:
        missing = {c: frames.constant("", len(b)) for c in COLUMNS if c not in b}
        whole.append(b.assign(**missing)[list(RAW_SCHEMA)])
    return frames.stack(whole, RAW_SCHEMA)
