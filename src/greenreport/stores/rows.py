"""Rows of the ledger as text and back, a block at a time, so that millions of rows stay small. Knows no store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np
import pandas as pd

from greenreport.observations import COLUMNS, combined, frames

__all__ = ["csv_lines", "numbered", "stacked"]

_NUMBERS = ("value", "growth_pct")
RAW_SCHEMA: dict[str, str] = {
    **{c: "object" if c in _NUMBERS else "category" for c in COLUMNS}, "file": "category", "row": "int32",
}  # fmt: skip


def _numbers(values: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Numbers as the shortest text that reads back the same; whole ones without a point; NaN as nothing: codes and texts."""
    codes, levels = pd.factorize(values, use_na_sentinel=False)
    texts = ["" if v != v else (str(int(v)) if v.is_integer() and abs(v) < 1e15 else repr(v)) for v in levels.tolist()]
    return codes, texts


def csv_lines(rows: pd.DataFrame, *, end: str = "\n") -> bytes:
    """Rows of the ledger as lines of CSV in UTF-8, each with its end.

    The texts between two columns of numbers are joined and encoded once per different combination, not once per row.
    """
    pieces: list[np.ndarray] = []
    for is_number, run in groupby(COLUMNS, key=lambda c: c in _NUMBERS):
        columns = list(run)
        if not is_number:
            pieces.append(_texts(rows, columns))
            continue
        for values in (rows[c].to_numpy(dtype=float) for c in columns):
            if not np.isnan(values).all():
                codes, texts = _numbers(values)
                pieces.append(np.array([t.encode() for t in texts], dtype=object)[codes])
    cells = np.empty((len(rows), len(pieces) + 1), dtype=object)
    for n, piece in enumerate(pieces):
        cells[:, n] = piece
    cells[:, -1] = end.encode()
    return b"".join(cells.ravel().tolist())


def _texts(rows: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Neighbouring columns of texts as they stand in a CSV, with the commas towards their neighbours."""
    texts: list[list[str]] = []
    codes: list[np.ndarray] = []
    for c in columns:
        if c == "vintage":
            days, code = np.unique(rows[c].to_numpy().astype("datetime64[D]"), return_inverse=True)
            codes.append(code)
            texts.append([str(d) for d in days])
        else:
            column = rows[c] if isinstance(rows[c].dtype, pd.CategoricalDtype) else rows[c].astype("category")
            texts.append([_cell(str(t)) for t in column.cat.categories])
            codes.append(column.cat.codes.to_numpy())
    which, places = combined(codes)
    before = "" if columns[0] == COLUMNS[0] else ","
    after = "" if columns[-1] == COLUMNS[-1] else ","
    joined = [before + ",".join(t[i] for t, i in zip(texts, at, strict=True)) + after for at in places]
    return np.array([j.encode() for j in joined], dtype=object)[which]


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n\r') or text != text.strip() else text


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
            codes, texts = _numbers(pd.to_numeric(column).to_numpy(dtype=float))
            out[c] = np.array(texts, dtype=object)[codes]
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
