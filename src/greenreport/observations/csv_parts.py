"""The csv parts of a ledger as texts, a block at a time, so that millions of rows stay small. Judges columns, no rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from greenreport.errors import LedgerError, Problem
from greenreport.observations.frames import constant
from greenreport.observations.schema import COLUMNS, OPTIONAL
from greenreport.strict_files import nearest
from greenreport.words import error, problem

__all__ = ["column_problems", "csv_blocks"]

_BLOCK = 500_000


def csv_blocks(path: Path) -> Iterator[pd.DataFrame]:
    """The rows of one csv as texts, with the row of each as a spreadsheet counts it.

    Raises:
        LedgerError: the file is not UTF-8, its columns are not the ledger's, or a row has too many cells.
    """
    first = 2
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            names = [h.strip() for h in next(csv.reader(text), [])]
        if problems := column_problems(names, path.name):
            raise LedgerError(tuple(problems))
        kinds = {c: "str" if c in ("value", "growth_pct") else "category" for c in names}
        with pd.read_csv(
            path, names=names, header=0, dtype=kinds, na_filter=False, skip_blank_lines=False, encoding="utf-8-sig",
            chunksize=_BLOCK,
        ) as blocks:  # fmt: skip
            for block in blocks:
                if not isinstance(block.index, pd.RangeIndex):
                    raise pd.errors.ParserError("Too many cells in every row")
                rows = np.arange(first, first + len(block), dtype="int32")
                first += len(block)
                blank = np.logical_and.reduce([(block[c].isna() | (block[c] == "")).to_numpy() for c in names])
                part = block.assign(row=rows)[~blank].reset_index(drop=True)
                yield part.assign(file=constant(path.name, len(part)))
    except UnicodeDecodeError:
        raise error(LedgerError, "error.ledger.not_utf8", file=path.name) from None
    except pd.errors.ParserError:
        raise LedgerError(tuple(_too_long(path, len(names)))) from None


def column_problems(columns: list[str], file: str) -> list[Problem]:
    """Columns that are not known, are missing or stand twice."""
    problems = []
    for c in (c for c in columns if c not in COLUMNS):
        near = nearest(c, COLUMNS, n=1)
        problems.append(
            problem(
                "error.ledger.column_near" if near else "error.ledger.column", file, 1, c, column=c, near="".join(near)
            )
        )
    for key, wrong in (
        ("missing", [c for c in COLUMNS if c not in OPTIONAL and c not in columns]),
        ("twice", dict.fromkeys(c for c in columns if columns.count(c) > 1)),
    ):
        problems += [problem(f"error.ledger.{key}", file, 1, c, column=c) for c in wrong]
    return problems


def _too_long(path: Path, width: int) -> Iterator[Problem]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        for number, cells in enumerate(csv.reader(text), start=1):
            if len(cells) > width:
                yield problem("error.ledger.too_long", path.name, number, cells=len(cells), width=width)
