"""How an address finds its store; the one place where a ledger is opened, whatever keeps it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from greenreport.addresses import LedgerAddress
from greenreport.areas import Roster
from greenreport.errors import LedgerError, RequestError
from greenreport.observations import COLUMNS, Ledger, rows_digest
from greenreport.plan import Plan
from greenreport.stores.base import Store
from greenreport.stores.import_record import Import
from greenreport.words import both, error

__all__ = ["copy", "create_store", "open_ledger", "open_store"]


def open_store(address: str | Path) -> Store:
    """The store at an address.

    `folder` (CSV or Parquet parts with ledger.toml), `file.csv`, `file.duckdb`, `postgresql+psycopg://HOST/NAME`.

    Args:
        address: as a person writes it.

    Returns:
        The store; nothing of it has been read yet.

    Raises:
        RequestError: no store is of this kind, or what it needs is not installed.
        LedgerError: there is nothing at the address.
    """
    found = LedgerAddress.of(address)
    if found.form == "database":
        from greenreport.stores.postgres import PostgresStore

        return PostgresStore(found.url)
    if found.form == "duckdb":
        from greenreport.stores.duck import DuckStore

        return DuckStore(found.path)
    from greenreport.stores.folder import FolderStore

    if not found.path.exists():
        raise error(LedgerError, "error.store.none", file=str(address))
    if found.path.is_file() and found.path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods", ".et"):
        raise error(LedgerError, "error.store.workbook", file=str(address))
    if found.path.is_dir() and not (found.path / "ledger.toml").is_file():
        there = sorted(p.name for p in found.path.iterdir() if not p.name.startswith("."))[:8]
        raise error(LedgerError, "error.store.no_head_here", file=str(found.path), there=there or both("error.nothing"))
    is_parquet = found.form == "parquet" or (found.path.is_dir() and any(found.path.glob("*.parquet")))
    return FolderStore(found.path, form="parquet" if is_parquet else "csv")


def create_store(address: str | Path, *, head: str) -> Store:
    """Make an empty store with this `ledger.toml`, and open it.

    Args:
        address: as for [open_store].
        head: the text of `ledger.toml`.

    Returns:
        The store, without rows.

    Raises:
        RequestError: something stands there already.
    """
    found = LedgerAddress.of(address)
    if found.form == "database":
        from greenreport.stores.postgres import PostgresStore

        return PostgresStore.create(found.url, head=head)
    path = found.path
    if path.exists() and (path.is_file() or any(path.iterdir())):
        raise error(RequestError, "error.store.taken", file=str(address))
    if found.form == "duckdb":
        from greenreport.stores.duck import DuckStore

        return DuckStore.create(path, head=head)
    from greenreport.stores.folder import FolderStore

    return FolderStore.create(path, head=head, form="parquet" if found.form == "parquet" else "csv")


def open_ledger(address: str | Path | LedgerAddress, *, plan: Plan, roster: Roster) -> Ledger:
    """The ledger at an address, whatever store keeps it; everyone who needs a ledger opens it here.

    A read-only account is enough for a database.

    Args:
        address: as for [open_store].
        plan: whose indicators the rows may carry.
        roster: whose areas the rows may carry.

    Returns:
        The ledger, checked.

    Raises:
        RequestError: as for [open_store].
        LedgerError: there is nothing at the address, or with every bad row.
    """
    return open_store(str(address)).read(plan=plan, roster=roster)


def copy(source: Store, target: str | Path, *, plan: Plan, roster: Roster, who: str, when: date) -> Import:
    """Copy a whole ledger, every vintage, into a new store of any kind.

    Args:
        source: the store to read.
        target: the address of the new one.
        plan: whose indicators the rows may carry.
        roster: whose areas the rows may carry.
        who: does it.
        when: the day it is done.

    Returns:
        The record of the one import that the new store has.

    Raises:
        RequestError: the source has no `ledger.toml`, or something stands at the target.
        LedgerError: with every bad row of the source.
    """
    ledger = source.read(plan=plan, roster=roster)
    head = source.head()
    if head is None:
        raise error(RequestError, "error.store.no_head", file=source.address)
    made = create_store(target, head=head)
    rows = ledger.frame[list(COLUMNS)]
    digest = rows_digest(rows)
    name = Path(source.address).name if "://" not in source.address else source.address.partition("?")[0]
    record = Import(
        id=f"{when.isoformat()}-{digest[:12]}", when=when, who=who, files=(), new=len(rows), changed=0, unchanged=0,
        refused=0, rows_digest=digest, note=f"copy of {name}",
    )  # fmt: skip
    return made.append(rows, record, expected=made.version())
