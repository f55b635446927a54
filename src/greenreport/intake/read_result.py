"""What was understood of the files handed in: rows accepted, rows refused with reasons, what was passed over.

Records only; knows neither files nor stores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from greenreport.text import Text

__all__ = ["Refusal", "SourceFile", "Understood", "cell_name"]


@dataclass(frozen=True)
class SourceFile:
    """One file handed in: its name (never its folder), SHA-256, figures found in it, and why it was refused whole."""

    name: str
    digest: str
    rows_in: int
    accepted: int
    refused: int
    blank: int
    refusal: Text | None = None


@dataclass(frozen=True)
class Refusal:
    """One figure that was not taken: where it stands, what was read, every reason, and what may have been meant."""

    file: str
    sheet: str
    cell: str
    row: int
    read: str
    codes: tuple[str, ...]
    fields: tuple[str, ...]
    reason: Text
    candidates: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Understood:
    """The outcome of reading files; nothing is written yet.

    `rows`: the ledger's columns, and beside them `file`, `sheet`, `row` (from 1), `col` (from 1) and `read` (the value
    as it stood). `refused`: `file`, `sheet`, `row`, `col`, `zh`, `en`, `codes`, `fields`, `candidates`, and the texts as
    read. Always `rows_in == len(rows) + len(refused)`. `notices` say what was passed over.
    """

    files: tuple[SourceFile, ...]
    rows: pd.DataFrame
    refused: pd.DataFrame
    notices: tuple[Text, ...]
    when: date
    digest: str

    @property
    def rows_in(self) -> int:
        """How many figures stood in the files."""
        return sum(f.rows_in for f in self.files)

    def refusals(self, *, limit: int | None = None) -> Iterator[Refusal]:
        """The refused figures one by one, in the order of files and cells."""
        return refusals_of(self.refused if limit is None else self.refused.head(limit))


def refusals_of(frame: pd.DataFrame) -> Iterator[Refusal]:
    """Refusals from a frame as in `Understood.refused`."""
    for r in frame.to_dict("records"):
        yield Refusal(
            file=str(r["file"]),
            sheet=str(r["sheet"]),
            cell=cell_name(int(r["row"]), int(r["col"])),
            row=int(r["row"]),
            read=str(r["read"]),
            codes=tuple(str(r["codes"]).split(";")),
            fields=tuple(str(r["fields"]).split(";")),
            reason=Text(str(r["zh"]), str(r["en"])),
            candidates=tuple(c for c in str(r["candidates"]).split("|") if c),
        )


def cell_name(row: int, col: int) -> str:
    """`D7` for row 7 and column 4 (both from 1); without a column just the row.

    >>> cell_name(7, 28)
    'AB7'
    """
    letters = ""
    while col > 0:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}" if row > 0 else letters
