"""Whole-number codes for combinations of columns, so that millions of rows are compared without a text being touched.

Arrays only; knows no column by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["combined", "key_of"]

_ROOM = 1 << 62


def key_of(columns: Sequence[npt.NDArray[Any]]) -> npt.NDArray[np.int64]:
    """One number per row, in the order of the first column, then the second, and so on.

    Args:
        columns: codes of the same length, -1 (nothing) or more.

    Returns:
        Keys that are equal where all codes are equal, and sort as the rows do.
    """
    total = np.zeros(len(columns[0]), dtype=np.int64)
    span = 1
    for codes in columns:
        width = int(codes.max(initial=-1)) + 2
        if not len(codes) or width == int(codes.min()) + 2:
            continue  # one text throughout tells no rows apart
        if span * width >= _ROOM:
            levels, total = np.unique(total, return_inverse=True)
            span = len(levels)
        total = total * width
        total += codes
        total += 1
        span *= width
    return total


def combined(columns: Sequence[npt.NDArray[Any]]) -> tuple[npt.NDArray[np.int32], list[tuple[int, ...]]]:
    """One code for each different combination (by first appearance), and the combinations.

    Args:
        columns: as for [key_of].

    Returns:
        The code of each row, from 0, and for each code the codes of its columns.
    """
    codes, _ = pd.factorize(key_of(columns))
    _, first = np.unique(codes, return_index=True)
    return codes.astype(np.int32), [tuple(int(c[i]) for c in columns) for i in first]
