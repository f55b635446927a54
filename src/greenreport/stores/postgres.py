"""A ledger in a PostgreSQL database. Reading needs no more than SELECT.

The address names host and database only; user and password come from the environment (PGUSER, PGPASSWORD, or libpq's
own files). `?table=schema.name` reads a table or view of the bureau's own that has the ledger's columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pandas as pd

from greenreport.errors import LedgerError, RequestError
from greenreport.observations import COLUMNS
from greenreport.stores.import_record import Import
from greenreport.stores.sql import LISTED, SqlStore
from greenreport.words import error

__all__ = ["PostgresStore"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?")
_SECRET = ("user", "password", "passfile", "service", "options", "sslkey", "sslpassword")
_BLOCK = 50_000


class PostgresStore(SqlStore):
    """Tables `greenreport_observations`, `_imports` and `_head`, or one table or view of another name to read from."""

    prefix = "greenreport_"
    mark = "%s"
    own = "import_id VARCHAR NOT NULL, UNIQUE (indicator, area, scope, period, kind, vintage)"

    def __init__(self, address: str) -> None:
        self.server, self.table = _checked(address)
        shown = address.partition("?")[0]
        super().__init__(address, shown=shown, name=self.table or f"{self.prefix}observations")

    @classmethod
    def create(cls, address: str, *, head: str) -> PostgresStore:
        """Make the tables; the account needs CREATE on the schema."""
        store = cls(address)
        with store._connection(write=True) as con:
            if con.execute(f"SELECT to_regclass('{cls.prefix}observations')").fetchone()[0] is not None:
                raise error(RequestError, "error.store.database_taken", file=store.shown)
            store._make(con, head)
            con.commit()
        return store

    def head(self) -> str | None:
        """The text of `ledger.toml`; None where rows come from a table of another name."""
        return None if self.table else super().head()

    def append(self, rows: pd.DataFrame, record: Import, *, expected: str) -> Import:
        """Add rows in one transaction, while no other import can."""
        if self.table:
            raise error(RequestError, "error.store.read_only", file=self.shown)
        return super().append(rows, record, expected=expected)

    def imports(self) -> tuple[Import, ...]:
        """The records of all imports; none for a table of another name."""
        return () if self.table else super().imports()

    @contextmanager
    def _connection(self, *, write: bool = False) -> Iterator[Any]:
        import psycopg

        try:
            with psycopg.connect(**self.server) as con:
                yield con
        except psycopg.Error as e:
            # The driver's message may name host and user, never the password; its first line says what is wrong.
            told = (str(e).strip() or type(e).__name__).splitlines()[0]
            raise error(LedgerError, "error.store.database", file=self.shown, told=told) from None

    def _version(self, con: Any) -> str:
        return "read-only" if self.table else super()._version(con)

    def _blocks(self, con: Any) -> Iterator[pd.DataFrame]:
        table = ".".join(f'"{part}"' for part in self.name.split("."))
        with con.cursor(
            name="rows"
        ) as cursor:  # a cursor with a name stays with the server, which sends block by block
            cursor.execute(f"SELECT {LISTED} FROM {table} ORDER BY indicator, area, period, vintage, kind")
            while rows := cursor.fetchmany(_BLOCK):
                yield pd.DataFrame(rows, columns=list(COLUMNS))

    def _alone(self, con: Any) -> None:
        con.execute(f"LOCK TABLE {self.prefix}imports IN EXCLUSIVE MODE")

    def _insert(self, con: Any, rows: pd.DataFrame, id: str) -> None:
        plain = rows.assign(vintage=rows["vintage"].dt.date).astype(object)
        with con.cursor().copy(f"COPY {self.prefix}observations ({LISTED}, import_id) FROM STDIN") as copy:
            for row in plain.where(plain.notna(), None).itertuples(index=False):
                copy.write_row((*row, id))


def _checked(address: str) -> tuple[dict[str, Any], str]:
    """What psycopg needs to find the database, and the table named; credentials in an address are refused."""
    if find_spec("psycopg") is None:
        raise error(RequestError, "error.store.needs_driver")
    try:
        url = urlsplit(address)
        found = {"host": url.hostname, "port": url.port, "dbname": unquote(url.path.removeprefix("/"))}
    except ValueError:
        raise error(RequestError, "error.store.malformed") from None
    if not url.scheme.startswith("postgresql"):
        raise error(RequestError, "error.store.unsupported", driver=url.scheme)
    query = dict(parse_qsl(url.query))
    if url.username or url.password or any(key.casefold() in _SECRET for key in query):
        raise error(RequestError, "error.store.secret")
    table = query.pop("table", "")
    if table and not _NAME.fullmatch(table):
        raise error(RequestError, "error.store.table", field="table", table=table)
    return {key: value for key, value in (found | query).items() if value}, table
