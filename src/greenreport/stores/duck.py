"""A ledger in one DuckDB file, for ledgers too large for text. An import is one transaction."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from greenreport.areas import Roster
from greenreport.errors import LedgerError, RequestError
from greenreport.observations import COLUMNS, Ledger
from greenreport.plan import Plan
from greenreport.stores.base import changed_meanwhile, in_use, ledger_of
from greenreport.stores.import_record import Import, in_order
from greenreport.stores.rows import raw_of, stacked
from greenreport.words import error

__all__ = ["DuckStore"]

_NUMBERS = ("value", "growth_pct")
_TYPES = {c: "DOUBLE" if c in _NUMBERS else "DATE" if c == "vintage" else "VARCHAR" for c in COLUMNS}
_SCHEMA = (
    f"CREATE TABLE observations ({', '.join(f'{c} {t}' for c, t in _TYPES.items())}, import VARCHAR)",
    "CREATE TABLE imports (id VARCHAR PRIMARY KEY, record VARCHAR)",
    "CREATE TABLE head (text VARCHAR)",
    "CREATE TABLE turn (n BIGINT)",
    "INSERT INTO turn VALUES (0)",
)

_ONE_AT_A_TIME = threading.Lock()
"""DuckDB lets one process open a file for reading and for writing only in turn, and threads that write share a catalogue
in which they find half of each other's work; other processes are kept out by the file's own lock."""


class DuckStore:
    """A DuckDB file; it is opened for each call, so that nothing is held between calls."""

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self.path = path
        if not path.is_file():
            raise error(LedgerError, "error.store.none", file=str(path))

    @classmethod
    def create(cls, path: Path, *, head: str) -> DuckStore:
        """A file with this `ledger.toml` and no rows yet."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with _connection(path, read_only=False) as con:
            con.execute("BEGIN")
            for statement in _SCHEMA:
                con.execute(statement)
            con.execute("INSERT INTO head VALUES (?)", [head])
            con.execute("COMMIT")
        return cls(path)

    def head(self) -> str | None:
        """The text of `ledger.toml`."""
        with _connection(self.path) as con:
            rows = con.execute("SELECT text FROM head").fetchall()
        return str(rows[0][0]) if rows else None

    def read(self, *, plan: Plan, roster: Roster) -> Ledger:
        """The whole ledger, checked."""
        return ledger_of(self.raw(), self.head(), plan=plan, roster=roster, name=self.path.name)

    def raw(self) -> pd.DataFrame:
        """All rows as text, unchecked."""
        columns = ", ".join(COLUMNS)
        blocks, first = [], 2
        with _connection(self.path) as con:
            reader = con.execute(f"SELECT {columns} FROM observations ORDER BY rowid").fetch_df_chunk
            while len(chunk := reader(100)):
                frame = raw_of(chunk, file=self.path.name, first=first)
                first += len(frame)
                blocks.append(frame)
        return stacked(blocks)

    def version(self) -> str:
        """The ids of all imports and the number of rows."""
        with _connection(self.path) as con:
            return _version(con)

    def append(self, rows: pd.DataFrame, record: Import, *, expected: str) -> Import:
        """Add rows in one transaction."""
        kept = replace(record, part=record.id)
        plain = rows[list(COLUMNS)].assign(vintage=rows["vintage"].to_numpy().astype("datetime64[s]"))
        with _connection(self.path, read_only=False) as con:
            con.execute("BEGIN")
            # Transactions of one process see the state they began with: changing the same row makes them collide.
            con.execute("UPDATE turn SET n = n + 1")
            if _version(con) != expected:
                raise changed_meanwhile(self.address)
            con.register("incoming", plain)
            con.execute(
                f"INSERT INTO observations SELECT {', '.join(f'CAST({c} AS {t})' for c, t in _TYPES.items())}, ? FROM incoming",
                [record.id],
            )
            con.execute("INSERT INTO imports VALUES (?, ?)", [record.id, kept.to_json()])
            con.execute("COMMIT")
        return kept

    def imports(self) -> tuple[Import, ...]:
        """The records of all imports."""
        with _connection(self.path) as con:
            rows = con.execute("SELECT record FROM imports").fetchall()
        return in_order(Import.from_json(r[0]) for r in rows)


def _version(con: Any) -> str:
    ids = con.execute("SELECT id FROM imports ORDER BY id").fetchall()
    count = con.execute("SELECT count(*) FROM observations").fetchall()
    return hashlib.sha256(repr((ids, count)).encode()).hexdigest()


@contextmanager
def _connection(path: Path, *, read_only: bool = True) -> Iterator[Any]:
    try:
        import duckdb
    except ImportError:
        raise error(RequestError, "error.store.needs_duckdb") from None
    # Extensions and files beyond this one are out of reach, whatever stands in the data.
    config: Any = {"threads": 1, "enable_external_access": "false"}
    with _ONE_AT_A_TIME:
        try:
            con = duckdb.connect(str(path), read_only=read_only, config=config)
        except duckdb.Error as e:
            if isinstance(e, duckdb.IOException) and "lock" in str(e).casefold():
                raise in_use(str(path)) from None
            raise error(LedgerError, "error.store.damaged", file=str(path)) from None
        try:
            yield con
        except duckdb.TransactionException:
            raise in_use(str(path)) from None
        finally:
            con.close()
