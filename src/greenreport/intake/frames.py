"""Tables of accepted and refused figures: their columns, and one form for refusals. Knows no files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenreport.intake.layout_result import RAW
from greenreport.intake.reason import Reason
from greenreport.observations import COLUMNS
from greenreport.observations.frames import coded, constant, empty, key_codes, lexical, stack

__all__ = [
    "ACCEPTED",
    "REFUSED",
    "Lost",
    "coded",
    "constant",
    "empty",
    "key_codes",
    "lexical",
    "lost_row",
    "refusals",
    "stack",
]

ACCEPTED: dict[str, str] = {
    **dict.fromkeys(COLUMNS, "category"), "value": "float64", "growth_pct": "float64", "vintage": "datetime64[s]",
    "file": "category", "sheet": "category", "row": "int32", "col": "int16", "read": "object", "proof": "category",
}  # fmt: skip
REFUSED: dict[str, str] = {
    **dict.fromkeys(("file", "sheet"), "category"), "row": "int32", "col": "int16",
    **dict.fromkeys(("read", "zh", "en", "codes", "fields", "candidates", *(f"raw_{c}" for c in RAW)), "object"),
}  # fmt: skip


@dataclass(frozen=True)
class Lost:
    """A figure that was refused: where it stands, what was read, every reason, and its texts by the columns of `RAW`."""

    file: str
    sheet: str
    row: int
    col: int
    read: str
    reasons: tuple[Reason, ...]
    texts: Mapping[str, str]


def lost_row(row: Mapping[Any, Any], reason: Reason, texts: Mapping[str, str]) -> Lost:
    """That an accepted row, of the columns of `ACCEPTED`, is refused after all."""
    return Lost(
        str(row["file"]), str(row["sheet"]), int(row["row"]), int(row["col"]), str(row["read"]), (reason,), texts
    )


def refusals(lost: Iterable[Lost]) -> pd.DataFrame:
    """Refused figures as a table; several reasons of one figure are joined."""
    rows = [_line(one) for one in lost]
    if not rows:
        return empty(REFUSED)
    frame = pd.DataFrame(rows, columns=list(REFUSED))
    return frame.astype({name: kind for name, kind in REFUSED.items() if kind != "object"})


def _line(lost: Lost) -> tuple[object, ...]:
    """A refused figure by the columns of `REFUSED`."""
    reasons = lost.reasons
    return (
        lost.file,
        lost.sheet,
        lost.row,
        min(lost.col, 32_767),
        lost.read,
        "".join(reason.zh for reason in reasons),
        " ".join(reason.en for reason in reasons),
        ";".join(reason.code for reason in reasons),
        ";".join(reason.field for reason in reasons),
        "|".join(candidate for reason in reasons for candidate in reason.candidates),
        *(lost.texts.get(column, "") for column in RAW),
    )
