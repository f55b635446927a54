"""Small tools for tables of accepted and refused figures: stacking, keys, one form for refusals. Knows no files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from greenreport.intake.layout import RAW
from greenreport.intake.reason import Reason
from greenreport.observations import COLUMNS, FIGURES, key_of

__all__ = ["ACCEPTED", "REFUSED", "Lost", "coded", "constant", "empty", "key_codes", "lexical", "refusals", "stack"]

ACCEPTED: dict[str, str] = {
    **dict.fromkeys(COLUMNS, "category"), "value": "float64", "growth_pct": "float64", "vintage": "datetime64[s]",
    "file": "category", "sheet": "category", "row": "int32", "col": "int16", "read": "object", "proof": "category",
}  # fmt: skip
REFUSED: dict[str, str] = {
    **dict.fromkeys(("file", "sheet"), "category"), "row": "int32", "col": "int16",
    **dict.fromkeys(("read", "zh", "en", "codes", "fields", "candidates", *(f"raw_{c}" for c in RAW)), "object"),
}  # fmt: skip
Lost = tuple[str, str, int, int, str, tuple[Reason, ...], Mapping[str, str]]


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


def refusals(lost: Iterable[Lost]) -> pd.DataFrame:
    """Refused figures as a table; several reasons of one figure are joined."""
    rows = list(lost)
    if not rows:
        return empty(REFUSED)
    columns: dict[str, Any] = {
        "file": pd.Categorical([r[0] for r in rows]),
        "sheet": pd.Categorical([r[1] for r in rows]),
        "row": np.array([r[2] for r in rows], dtype=np.int32),
        "col": np.array([min(r[3], 32_767) for r in rows], dtype=np.int16),
        "read": [r[4] for r in rows],
        "zh": ["".join(x.zh for x in r[5]) for r in rows],
        "en": [" ".join(x.en for x in r[5]) for r in rows],
        "codes": [";".join(x.code for x in r[5]) for r in rows],
        "fields": [";".join(x.field for x in r[5]) for r in rows],
        "candidates": ["|".join(c for x in r[5] for c in x.candidates) for r in rows],
    }
    for c in RAW:
        columns[f"raw_{c}"] = [r[6].get(c, "") for r in rows]
    return pd.DataFrame(columns)


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
