"""A ledger in one DuckDB file, for ledgers too large for text."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from greenreport.errors import LedgerError, RequestError
from greenreport.stores.sql import LISTED, TYPES, SqlStore
from greenreport.words import error

__all__ = ["DuckStore"]

_ONE_AT_A_TIME = threading.Lock()
"""DuckDB lets one process open a file for reading and for writing only in turn, and threads that write share a catalogue
in which they find half of each other's work; other processes are kept out by the file's own lock."""


class DuckStore(SqlStore):
    """A DuckDB file; it is opened for each call, so that nothing is held between calls."""

    own = "import VARCHAR"

    def __init__(self, path: Path, *, new: bool = False) -> None:
        super().__init__(str(path), shown=str(path), name=path.name)
        self.path = path
        if not new and not path.is_file():
            raise error(LedgerError, "error.store.none", file=str(path))

    @classmethod
    def create(cls, path: Path, *, head: str) -> DuckStore:
        """A file with this `ledger.toml` and no rows yet."""
        path.parent.mkdir(parents=True, exist_ok=True)
        store = cls(path, new=True)
        with store._connection(write=True) as con:
            store._make(con, head)
            con.execute("CREATE TABLE turn (n BIGINT)")
            con.execute("INSERT INTO turn VALUES (0)")
            con.commit()
        return store

    @contextmanager
    def _connection(self, *, write: bool = False) -> Iterator[Any]:
        try:
            import duckdb
        except ImportError:
            raise error(RequestError, "error.store.needs_duckdb") from None
        # Extensions and files beyond this one are out of reach, whatever stands in the data.
        config: Any = {"threads": 1, "enable_external_access": "false"}
        with _ONE_AT_A_TIME:
            try:
                con = duckdb.connect(str(self.path), read_only=not write, config=config)
            except duckdb.Error as e:
                if isinstance(e, duckdb.IOException) and "lock" in str(e).casefold():
                    raise error(LedgerError, "error.store.in_use", file=self.shown) from None
                raise error(LedgerError, "error.store.damaged", file=self.shown) from None
            try:
                con.begin()
                yield con
            except duckdb.TransactionException:
                raise error(LedgerError, "error.store.in_use", file=self.shown) from None
            finally:
                con.close()

    def _blocks(self, con: Any) -> Iterator[pd.DataFrame]:
        reader = con.execute(f"SELECT {LISTED} FROM observations ORDER BY rowid").fetch_df_chunk
        while len(chunk := reader(100)):
            yield chunk

    def _alone(self, con: Any) -> None:
        # Transactions of one process see the state they began with: changing the same row makes them collide.
        con.execute("UPDATE turn SET n = n + 1")

    def _insert(self, con: Any, rows: pd.DataFrame, id: str) -> None:
        con.register("incoming", rows.assign(vintage=rows["vintage"].to_numpy().astype("datetime64[s]")))
        cast = ", ".join(f"CAST({c} AS {t})" for c, t in TYPES.items())
        con.execute(f"INSERT INTO observations SELECT {cast}, ? FROM incoming", [id])
