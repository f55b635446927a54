"""A ledger in a PostgreSQL database, through SQLAlchemy. Reading needs no more than SELECT.

The address names host and database only; user and password come from the environment (PGUSER, PGPASSWORD, or libpq's
own files). `?table=schema.name` reads a table or view of the bureau's own that has the ledger's columns.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pandas as pd

from greenreport.areas import Roster
from greenreport.errors import LedgerError, RequestError
from greenreport.observations import COLUMNS, Ledger
from greenreport.plan import Plan
from greenreport.stores.base import changed_meanwhile, ledger_of
from greenreport.stores.import_record import Import, in_order
from greenreport.stores.rows import raw_of, stacked
from greenreport.words import error

__all__ = ["PostgresStore"]

PREFIX = "greenreport"
_NUMBERS = ("value", "growth_pct")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?")
_SECRET = ("user", "password", "passfile", "service", "options", "sslkey", "sslpassword")
_BLOCK = 50_000


class PostgresStore:
    """Tables `greenreport_observations`, `_imports` and `_head`, or one table or view of another name to read from."""

    def __init__(self, address: str) -> None:
        self.url, self.table = _checked(address)
        self.address = address

    @classmethod
    def create(cls, address: str, *, head: str) -> PostgresStore:
        """Make the tables; the account needs CREATE on the schema."""
        import sqlalchemy as sa

        store = cls(address)
        with store._connection() as con:
            if sa.inspect(con).has_table(f"{PREFIX}_observations"):
                raise error(RequestError, "error.store.database_taken", file=store.shown)
            tables = _tables()
            tables["observations"].metadata.create_all(con)
            con.execute(tables["head"].insert(), [{"text": head}])
            con.commit()
        return store

    @property
    def shown(self) -> str:
        """The address as a message may show it."""
        return self.address.partition("?")[0]

    def head(self) -> str | None:
        """The text of `ledger.toml`; None where rows come from a table of another name."""
        if self.table:
            return None
        with self._connection() as con:
            row = con.execute(_tables()["head"].select()).first()
        return str(row[0]) if row else None

    def read(self, *, plan: Plan, roster: Roster) -> Ledger:
        """The whole ledger, checked."""
        return ledger_of(self.raw(), self.head(), plan=plan, roster=roster, name=self.url.database or self.shown)

    def raw(self) -> pd.DataFrame:
        """All rows as text, unchecked, read a block at a time."""
        import sqlalchemy as sa

        name = self.table or f"{PREFIX}_observations"
        schema, _, table = name.rpartition(".")
        source = sa.table(table, *(sa.column(c) for c in COLUMNS), schema=schema or None)
        order: list[Any] = [sa.column(c) for c in ("indicator", "area", "period", "vintage", "kind")]
        query = sa.select(*(source.c[c] for c in COLUMNS)).order_by(*order)
        blocks, first = [], 2
        with self._connection() as con:
            result = con.execution_options(stream_results=True, yield_per=_BLOCK).execute(query)
            for rows in result.partitions():
                frame = raw_of(pd.DataFrame(rows, columns=list(COLUMNS)), file=name, first=first)
                first += len(frame)
                blocks.append(frame)
        return stacked(blocks)

    def version(self) -> str:
        """The ids of all imports and the number of rows."""
        with self._connection() as con:
            return self._version(con)

    def _version(self, con: Any) -> str:
        import sqlalchemy as sa

        if self.table:
            return "read-only"
        tables = _tables()
        ids = con.execute(sa.select(tables["imports"].c.id).order_by(tables["imports"].c.id)).all()
        count = con.execute(sa.select(sa.func.count()).select_from(tables["observations"])).scalar()
        return hashlib.sha256(repr((ids, count)).encode()).hexdigest()

    def append(self, rows: pd.DataFrame, record: Import, *, expected: str) -> Import:
        """Add rows in one transaction, while no other import can."""
        import sqlalchemy as sa

        if self.table:
            raise error(RequestError, "error.store.read_only", file=self.shown)
        tables = _tables()
        kept = replace(record, part=record.id)
        with self._connection() as con:
            con.execute(sa.text(f"LOCK TABLE {PREFIX}_imports IN EXCLUSIVE MODE"))
            if self._version(con) != expected:
                raise changed_meanwhile(self.shown)
            for start in range(0, len(rows), _BLOCK):
                con.execute(tables["observations"].insert(), _dicts(rows.iloc[start : start + _BLOCK], record.id))
            con.execute(tables["imports"].insert(), [{"id": record.id, "record": kept.to_json()}])
            con.commit()
        return kept

    def imports(self) -> tuple[Import, ...]:
        """The records of all imports; none for a table of another name."""
        if self.table:
            return ()
        with self._connection() as con:
            rows = con.execute(_tables()["imports"].select()).all()
        return in_order(Import.from_json(r.record) for r in rows)

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        import sqlalchemy as sa

        user, password = os.environ.get("PGUSER"), os.environ.get("PGPASSWORD")
        engine = sa.create_engine(self.url.set(username=user, password=password), poolclass=sa.NullPool)
        try:
            with engine.connect() as con:
                yield con
        except (sa.exc.OperationalError, sa.exc.ProgrammingError, sa.exc.DBAPIError) as e:
            # The driver's message may name host and user, never the password; its first line says what is wrong.
            told = str(e.orig).strip().splitlines()[0] if e.orig else type(e).__name__
            raise error(LedgerError, "error.store.database", file=self.shown, told=told) from None
        finally:
            engine.dispose()


def _checked(address: str) -> tuple[Any, str]:
    """The address as a URL, and the table it names; credentials in it are refused."""
    try:
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError
    except ImportError:
        raise error(RequestError, "error.store.needs_driver") from None
    try:
        url = make_url(address)
    except ArgumentError:
        raise error(RequestError, "error.store.malformed") from None
    if not url.drivername.startswith("postgresql"):
        raise error(RequestError, "error.store.unsupported", driver=url.drivername)
    if url.username or url.password or any(k.casefold() in _SECRET for k in url.query):
        raise error(RequestError, "error.store.secret")
    table = str(url.query.get("table", ""))
    if table and not _NAME.fullmatch(table):
        raise error(RequestError, "error.store.table", field="table", table=table)
    url = url.difference_update_query(["table"]) if table else url
    return url.set(drivername="postgresql+psycopg"), table


def _tables() -> dict[str, Any]:
    import sqlalchemy as sa

    meta = sa.MetaData()
    columns: list[Any] = [sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True)]
    for c in COLUMNS:
        kind: Any = sa.Double() if c in _NUMBERS else sa.Date() if c == "vintage" else sa.Text()
        columns.append(sa.Column(c, kind, nullable=c == "growth_pct"))
    columns.append(sa.Column("import_id", sa.Text, nullable=False))
    key = ("indicator", "area", "scope", "period", "kind", "vintage")
    return {
        "observations": sa.Table(f"{PREFIX}_observations", meta, *columns, sa.UniqueConstraint(*key)),
        "imports": sa.Table(
            f"{PREFIX}_imports",
            meta,
            sa.Column("id", sa.Text, primary_key=True),
            sa.Column("record", sa.Text, nullable=False),
        ),
        "head": sa.Table(f"{PREFIX}_head", meta, sa.Column("text", sa.Text, nullable=False)),
    }


def _dicts(rows: pd.DataFrame, id: str) -> list[dict[str, Any]]:
    plain = pd.DataFrame({c: rows[c].astype(str) if c not in (*_NUMBERS, "vintage") else rows[c] for c in COLUMNS})
    plain["vintage"] = pd.to_datetime(plain["vintage"]).dt.date
    out = plain.to_dict("records")
    for r in out:
        r["import_id"] = id
        if r["growth_pct"] != r["growth_pct"]:
            r["growth_pct"] = None
    return [{str(k): v for k, v in r.items()} for r in out]
