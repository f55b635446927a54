"""A ledger in the tables of a database: `observations`, `imports` and `head`. Knows SQL, but no product.

An import is one transaction; what a product does in a way of its own stands in its module.
"""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pandas as pd

from greenreport.errors import LedgerError
from greenreport.observations import COLUMNS
from greenreport.stores.base import Store
from greenreport.stores.import_record import Import, in_order
from greenreport.stores.rows import numbered, stacked
from greenreport.words import error

__all__ = ["LISTED", "TYPES", "SqlStore"]

TYPES = {c: "FLOAT8" if c in ("value", "growth_pct") else "DATE" if c == "vintage" else "VARCHAR" for c in COLUMNS}
LISTED = ", ".join(COLUMNS)
"""The columns of the ledger as a statement names them."""


class SqlStore(Store):
    """What every database does alike.

    Args:
        address: as the user gave it.
        shown: the address as a message may show it.
        name: what the ledger is called where its rows are counted or it has no title.
    """

    prefix = ""
    mark = "?"
    own = ""

    def __init__(self, address: str, *, shown: str, name: str) -> None:
        super().__init__(address, name=name)
        self.shown = shown

    @abstractmethod
    def _connection(self, *, write: bool = False) -> AbstractContextManager[Any]:
        """A connection; for writing, in a transaction that ends without effect unless it is committed."""

    @abstractmethod
    def _blocks(self, con: Any) -> Iterator[pd.DataFrame]:
        """The rows, a block at a time."""

    @abstractmethod
    def _alone(self, con: Any) -> None:
        """Keep other imports out until the transaction ends."""

    @abstractmethod
    def _insert(self, con: Any, rows: pd.DataFrame, id: str) -> None:
        """Add rows of the ledger's columns, typed, with the id of their import."""

    def _make(self, con: Any, head: str) -> None:
        """Make the tables; `own` is what a product's table of figures has beside the ledger's columns."""
        columns = ", ".join(f"{c} {t}" for c, t in TYPES.items())
        con.execute(f"CREATE TABLE {self.prefix}observations ({columns}, {self.own})")
        con.execute(f"CREATE TABLE {self.prefix}imports (id VARCHAR PRIMARY KEY, record VARCHAR)")
        con.execute(f"CREATE TABLE {self.prefix}head (text VARCHAR)")
        con.execute(f"INSERT INTO {self.prefix}head VALUES ({self.mark})", [head])

    def head(self) -> str | None:
        """The text of `ledger.toml`."""
        with self._connection() as con:
            row = con.execute(f"SELECT text FROM {self.prefix}head").fetchone()
        return str(row[0]) if row else None

    def raw(self) -> pd.DataFrame:
        """All rows as text, unchecked."""
        with self._connection() as con:
            return stacked(list(numbered(self._blocks(con), file=self.name)))

    def version(self) -> str:
        """The ids of all imports and the number of rows."""
        with self._connection() as con:
            return self._version(con)

    def _version(self, con: Any) -> str:
        ids = con.execute(f"SELECT id FROM {self.prefix}imports ORDER BY id").fetchall()
        count = con.execute(f"SELECT count(*) FROM {self.prefix}observations").fetchall()
        return hashlib.sha256(repr((ids, count)).encode()).hexdigest()

    def append(self, rows: pd.DataFrame, record: Import, *, expected: str) -> Import:
        """Add rows in one transaction, while no other import can."""
        kept = replace(record, part=record.id)
        with self._connection(write=True) as con:
            self._alone(con)
            if self._version(con) != expected:
                raise error(LedgerError, "error.store.changed", file=self.shown)
            self._insert(con, rows[list(COLUMNS)], record.id)
            statement = f"INSERT INTO {self.prefix}imports VALUES ({self.mark}, {self.mark})"
            con.execute(statement, [record.id, kept.to_json()])
            con.commit()
        return kept

    def imports(self) -> tuple[Import, ...]:
        """The records of all imports."""
        with self._connection() as con:
            rows = con.execute(f"SELECT record FROM {self.prefix}imports").fetchall()
        return in_order(Import.from_json(row[0]) for row in rows)
