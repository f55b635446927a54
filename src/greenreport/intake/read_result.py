"""What was understood of the files handed in: rows accepted, rows refused with reasons, what was passed over.

Records only; knows neither files nor stores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd
from openpyxl.utils import get_column_letter

from greenreport.intake.reason import Reason
from greenreport.observations import COLUMNS
from greenreport.text import Text

__all__ = ["ACCEPTED", "RAW", "Refusal", "SourceFile", "Understood", "cell_name", "lost_row"]

RAW = (
    "indicator", "area", "area_code", "period", "months", "month", "unit", "unit_head", "value", "kind", "scope",
    "vintage", "source", "source_address", "grade", "note", "correction", "growth_pct", "reporter", "proof", "indicator_against",
    "area_against", "period_against",
)  # fmt: skip
"""What is said of a figure, as it is written.

`proof` says which cell told what, with `#` for the figure's own row; `…_against`: what a head says where the row says
something else.
"""

ACCEPTED: dict[str, str] = {
    **dict.fromkeys(COLUMNS, "category"), "value": "float64", "growth_pct": "float64", "vintage": "datetime64[s]",
    "file": "category", "sheet": "category", "row": "int32", "col": "int16", "read": "object", "proof": "category",
}  # fmt: skip


@dataclass(frozen=True)
class SourceFile:
    """One file handed in: its name (never its folder), SHA-256, figures found in it, places left blank."""

    name: str
    digest: str
    rows_in: int
    accepted: int
    refused: int
    blank: int


@dataclass(frozen=True)
class Refusal:
    """One figure that was not taken: where it stands, what was read, every reason, and its texts by the names of [RAW].

    Row and column count from 1; both are 0 where a file is refused as a whole.
    """

    file: str
    sheet: str
    row: int
    col: int
    read: str
    reasons: tuple[Reason, ...]
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def cell(self) -> str:
        """Its cell, such as `D7`."""
        return cell_name(self.row, self.col)

    @property
    def codes(self) -> tuple[str, ...]:
        """The code of every reason."""
        return tuple(reason.code for reason in self.reasons)

    @property
    def reason(self) -> Text:
        """All reasons in words."""
        return Text("".join(r.zh for r in self.reasons), " ".join(r.en for r in self.reasons))

    @property
    def candidates(self) -> tuple[str, ...]:
        """What may have been meant."""
        return tuple(candidate for reason in self.reasons for candidate in reason.candidates if candidate)


@dataclass(frozen=True, eq=False)
class Understood:
    """The outcome of reading files; nothing is written yet.

    `rows`: the ledger's columns, and beside them `file`, `sheet`, `row` (from 1), `col` (from 1) and `read` (the value
    as it stood). Always `rows_in == len(rows) + len(refused)`. `notices` say what was passed over;
    `growth_lost`: among it growth beside a figure that was taken.
    """

    files: tuple[SourceFile, ...]
    rows: pd.DataFrame
    refused: tuple[Refusal, ...]
    notices: tuple[Text, ...]
    growth_lost: bool = False

    @property
    def rows_in(self) -> int:
        """How many figures stood in the files."""
        return sum(f.rows_in for f in self.files)


def lost_row(row: Mapping[str, object], reason: Reason, columns: Iterable[str]) -> Refusal:
    """That an accepted row, of the columns of [ACCEPTED], is refused after all; `columns`: those to be sent back."""
    texts = {name: str(row[name]) for name in columns} | {"value": str(row["read"])}
    place = int(str(row["row"])), int(str(row["col"]))
    return Refusal(str(row["file"]), str(row["sheet"]), *place, str(row["read"]), (reason,), texts)


def cell_name(row: int, col: int) -> str:
    """`D7` for row 7 and column 4 (both from 1); without a column just the row, without a row the column.

    >>> cell_name(7, 28)
    'AB7'
    """
    return f"{get_column_letter(col) if col else ''}{row or ''}"
