"""What only databases and folders have: credentials, read-only accounts, parts that were altered, interrupted imports."""

import json
import threading
from datetime import date

import pytest

from greenreport import stores
from greenreport.errors import LedgerError, RequestError
from greenreport.intake import actions, preview, reading
from greenreport.stores.folder import FolderStore

WHEN = date(2026, 7, 1)


@pytest.fixture
def previewed(plan, roster):
    """The preview of a table with one new figure, written to a path, as it would be imported on 1 July 2026."""

    def read(path, store, ledger):
        path.write_text("区县,指标,年份,数值,单位\n万州,网络零售额,2025,25.5,亿元\n", encoding="utf-8")
        understood = reading.read([path], plan=plan, roster=roster, ledger=ledger, when=WHEN)
        return preview.preview(understood, ledger, version=store.version())

    return read


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://me@host/db",
        "postgresql+psycopg://me:word@host/db",
        "postgresql://host/db?password=word",
        "postgresql://host/db?user=me",
        "postgresql://host/db?passfile=/etc/x",
        "postgresql://host/db?options=-csearch_path%3Dx",
    ],
)
def test_credentials_come_from_the_environment_only(address):
    """An address with a user or a password in it is refused, and the message does not repeat the password."""
    pytest.importorskip("psycopg")
    with pytest.raises(RequestError) as caught:
        stores.open_store(address)
    assert "PGPASSWORD" in str(caught.value) and "word@" not in str(caught.value)


@pytest.mark.parametrize("name", ["x;drop table y", "a.b.c", 'x"y', "1x", "pg_catalog.x y"])
def test_a_table_name_is_a_name_and_nothing_else(name):
    """What stands behind ?table= must be a plain name, so that no SQL gets in by it."""
    pytest.importorskip("psycopg")
    with pytest.raises(RequestError, match="no valid name of a table"):
        stores.open_store(f"postgresql://host/db?table={name}")


def test_other_databases_are_refused():
    """Only PostgreSQL is spoken."""
    pytest.importorskip("psycopg")
    with pytest.raises(RequestError, match="'mysql' is not supported"):
        stores.open_store("mysql://host/db")


@pytest.mark.postgres
def test_a_read_only_account_is_enough_for_reading(postgres, folder, plan, roster, monkeypatch, previewed):
    """An account with SELECT only reads and checks the ledger and its log, and is refused politely when it imports."""
    import psycopg

    address = postgres(monkeypatch)
    stores.copy(stores.open_store(folder), address, plan=plan, roster=roster, who="test", when=date(2026, 1, 1))
    host, name = address.partition("?host=")[2], address.partition("///")[2].partition("?")[0]
    with psycopg.connect(host=host, dbname=name, autocommit=True) as con:
        con.execute("CREATE ROLE reader LOGIN PASSWORD 'read'")
        con.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    monkeypatch.setenv("PGUSER", "reader")
    monkeypatch.setenv("PGPASSWORD", "read")
    store = stores.open_store(address)
    ledger = store.read(plan=plan, roster=roster)
    assert len(ledger.frame) == 3 and len(store.imports()) == 1
    shown = previewed(folder.parent / "given.csv", store, ledger)
    with pytest.raises(LedgerError, match="permission denied"):
        actions.commit(shown, store, who="x", when=WHEN)
    monkeypatch.setenv("PGPASSWORD", "wrong")
    with pytest.raises(LedgerError) as caught:
        store.read(plan=plan, roster=roster)
    assert "password authentication failed" in str(caught.value) and "wrong" not in str(caught.value)


@pytest.mark.postgres
def test_a_view_of_the_bureaus_own_is_read(postgres, plan, roster, monkeypatch):
    """A view with the ledger's columns, whatever its name, is read as a ledger and takes no imports."""
    import psycopg

    address = postgres(monkeypatch)
    host, name = address.partition("?host=")[2], address.partition("///")[2].partition("?")[0]
    with psycopg.connect(host=host, dbname=name, autocommit=True) as con:
        con.execute("CREATE SCHEMA stat")
        con.execute("CREATE TABLE stat.raw (what text, at text, y int, v numeric, known date)")
        con.execute(
            "INSERT INTO stat.raw VALUES ('online_retail','500101',2024,25.93,'2025-04-27'),('online_retail','500101',2025,26.5,'2026-04-27')"
        )
        con.execute(
            "CREATE VIEW stat.ledger AS SELECT what AS indicator, at AS area, y::text AS period, v AS value, '亿元' AS unit,"
            " 'observed' AS kind, NULL AS scope, known AS vintage, '业务系统' AS source, NULL AS source_address, 'A' AS grade,"
            " NULL AS note, NULL::float AS growth_pct FROM stat.raw"
        )
    store = stores.open_store(f"{address}&table=stat.ledger")
    ledger = store.read(plan=plan, roster=roster)
    assert ledger.as_of(date(2026, 7, 1)).series("online_retail", "500101").values.tolist() == [25.93, 26.5]
    assert store.imports() == () and store.head() is None


def test_an_interrupted_import_leaves_no_trace(folder, ledger, plan, roster, previewed):
    """A record whose rows never got their name, and half-written files, do not count and are swept by the next import."""
    records = folder / "imports"
    records.mkdir()
    ghost = {
        "id": "2026-01-01-ghost",
        "when": "2026-01-01",
        "who": "x",
        "files": [],
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": 0,
        "rows_digest": "",
        "note": "",
        "part": "2026-01-01-ghost.csv",
        "part_digest": "",
    }
    (records / "2026-01-01-ghost.json").write_text(json.dumps(ghost))
    (folder / ".2026-01-01-ghost.99.tmp").write_text("half a ro")
    store = FolderStore(folder)
    assert store.imports() == ()
    assert store.read(plan=plan, roster=roster).digest == ledger.digest
    actions.commit(previewed(folder.parent / "given.csv", store, ledger), store, who="x", when=WHEN)
    assert sorted(p.name for p in records.iterdir()) == [f"{store.imports()[0].id}.json"]
    assert not list(folder.glob(".*.tmp"))


def test_a_full_disk_leaves_the_ledger_as_it_was(folder, ledger, tmp_path, monkeypatch, previewed):
    """When writing fails, no part and no record appear."""
    store = FolderStore(folder)
    shown = previewed(tmp_path / "given.csv", store, ledger)

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        actions.commit(shown, store, who="x", when=WHEN)
    monkeypatch.undo()
    assert [p.name for p in folder.glob("*.csv")] == ["start.csv"] and not list(folder.glob(".*.tmp"))


def test_nothing_gets_in_that_the_ledger_would_not_read(folder, ledger, tmp_path, previewed):
    """Rows that the ledger's own reader refuses are stopped before anything is written, whoever made them."""
    store = FolderStore(folder)
    shown = previewed(tmp_path / "given.csv", store, ledger)
    shown.rows["unit"] = "万元"
    with pytest.raises(LedgerError, match="万元"):
        actions.commit(shown, store, who="x", when=WHEN)
    assert store.imports() == () and [p.name for p in folder.glob("*.csv")] == ["start.csv"]


def test_a_file_that_is_no_database_is_refused(tmp_path):
    """A .duckdb file that is something else gives a message, not a traceback."""
    pytest.importorskip("duckdb")
    path = tmp_path / "x.duckdb"
    path.write_text("not a database")
    with pytest.raises(LedgerError, match="Not a DuckDB file"):
        stores.open_store(path).version()


def test_who_reads_while_another_imports_waits(tmp_path):
    """In one process a file is read after it was written: the reader is not told that it is no DuckDB file."""
    pytest.importorskip("duckdb")
    store = stores.create_store(tmp_path / "x.duckdb", head='title = {en = "Ledger"}')
    before, seen = store.version(), []
    with store._connection(write=True) as con:
        reader = threading.Thread(target=lambda: seen.append(store.version()))
        reader.start()
        con.execute("INSERT INTO imports VALUES ('one', '{}')")
        con.commit()
    reader.join()
    assert len(seen) == 1 and seen[0] != before
