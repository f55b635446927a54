"""Tables of accepted and refused figures: their columns, and one form for refusals. Knows no files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from greenreport.intake.laid import RAW
from greenreport.intake.reason import Reason
from greenreport.observations import COLUMNS
from greenreport.observations.frames import coded, constant, empty, key_codes, lexical, stack

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
