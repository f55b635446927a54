"""Small tools for tables whose texts are categories: stacking, keys, order. Knows no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from greenreport.observations.column_codes import key_of
from greenreport.observations.schema import FIGURES

__all__ = ["coded", "constant", "empty", "key_codes", "lexical", "stack"]


def coded(codes: npt.NDArray[Any], levels: Sequence[str]) -> pd.Categorical:
    """Texts as the number of each in `levels`."""
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(levels), dtype="object"))


def constant(text: str, n: int) -> pd.Categorical:
    """One text, `n` times."""
    return coded(np.zeros(n, dtype=np.int8), [text])


def empty(schema: Mapping[str, str]) -> pd.DataFrame:
    """A table of a schema without rows."""
    return pd.DataFrame(
        {
            c: pd.Categorical([], categories=[""]) if k == "category" else pd.Series([], dtype=k)
            for c, k in schema.items()
        }
    )


def stack(parts: Sequence[pd.DataFrame], schema: Mapping[str, str]) -> pd.DataFrame:
    """Tables one below the other; texts stay categories, so that millions of rows stay small."""
    filled = [p for p in parts if len(p)]
    if not filled:
        return empty(schema)
    if len(filled) == 1:
        return filled[0].reset_index(drop=True)
    out: dict[str, Any] = {}
    for c, kind in schema.items():
        if kind == "category":
            blocks = [
                p[c] if isinstance(p[c].dtype, pd.CategoricalDtype) else p[c].astype(str).astype("category")
                for p in filled
            ]
            out[c] = union_categoricals([b.cat.rename_categories([str(x) for x in b.cat.categories]) for b in blocks])
        else:
            out[c] = np.concatenate([p[c].to_numpy() for p in filled])
    return pd.DataFrame(out)


def key_codes(frame: pd.DataFrame, *, vintage: bool = True) -> npt.NDArray[np.int64]:
    """One number per figure that the ledger can hold once: indicator, area, scope, period, kind, and the vintage.

    Observed and provisional figures replace each other and count as one kind. Numbers compare within one frame only.
    """
    columns = [frame[c].cat.codes.to_numpy() for c in ("indicator", "area", "scope", "period")]
    levels = [str(k) for k in frame["kind"].cat.categories]
    kinds = np.array([*(0 if k in FIGURES else n for n, k in enumerate(levels, start=1)), -1], dtype=np.int16)
    columns.append(kinds[frame["kind"].cat.codes.to_numpy()])
    if vintage:
        columns.append(pd.factorize(frame["vintage"].to_numpy().astype(np.int64))[0])
    return key_of(columns)


def lexical(column: pd.Series) -> npt.NDArray[np.int64]:
    """The rank of each row's text among the column's texts, in the order of characters."""
    texts = [str(t) for t in column.cat.categories]
    ranks = np.empty(len(texts) + 1, dtype=np.int64)
    ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    ranks[-1] = -1
    return ranks[column.cat.codes.to_numpy()]
