"""Small ledgers that tests import into, in every kind of store."""

import io
import os
import shutil
import subprocess
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import pytest
from tables import workbook

from greenreport import stores
from greenreport.intake import reading
from greenreport.stores import open_ledger

ROOT = Path(__file__).parents[2]
WHEN = date(2026, 7, 1)
HEAD = """synthetic = false
schema_version = 1

[title]
zh = "测试台账"
en = "Test ledger"

[scopes]
above_quota = { zh = "限额以上单位", en = "units above the size threshold" }

[notes]
rounded = { zh = "约数", en = "rounded" }
"""
COLUMNS = "indicator,area,period,value,unit,kind,scope,vintage,source,source_address,grade,note,growth_pct\n"
START = COLUMNS + (
    "online_retail,500101,2023,23.1,亿元,observed,,2024-04-30,年报,,A,,\n"
    "online_retail,500101,2024,25.93,亿元,observed,,2025-04-27,年报,,A,,\n"
    "green_mall,500101,2024,3,家,observed,,2025-04-27,年报,,A,,\n"
)


def small(path):
    path.mkdir()
    (path / "ledger.toml").write_text(HEAD, encoding="utf-8")
    (path / "start.csv").write_text(START, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    """A small ledger of real (not synthetic) figures."""
    return small(tmp_path / "ledger")


@pytest.fixture
def ledger(folder, plan, roster):
    return open_ledger(folder, plan=plan, roster=roster)


@pytest.fixture(scope="session")
def start(plan, roster, tmp_path_factory):
    """The same small ledger, read once for tests that change nothing."""
    return open_ledger(small(tmp_path_factory.mktemp("start") / "ledger"), plan=plan, roster=roster)


@pytest.fixture(scope="session")
def demo(plan, roster):
    return open_ledger(ROOT / "data" / "demo", plan=plan, roster=roster)


@pytest.fixture
def understand(plan, roster, start):
    """Reads files as an import would, on 1 July 2026."""

    def read(*files, **more):
        options = {"ledger": start, "when": WHEN} | more
        return reading.read(files, plan=plan, roster=roster, **options)

    return read


class Make:
    """Small makers of workbooks."""

    @staticmethod
    def book(rows, *, title="Sheet"):
        """A workbook of one sheet as bytes."""
        raw = io.BytesIO()
        workbook(raw, {title: rows})
        return raw.getvalue()

    @staticmethod
    def with_parts(raw, parts):
        """The same archive with parts added or replaced."""
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                if name not in parts:
                    target.writestr(name, source.read(name))
            for name, content in parts.items():
                target.writestr(name, content)
        return out.getvalue()


@pytest.fixture(scope="session")
def make():
    return Make


def _postgres_programs():
    """The folder of initdb and pg_ctl of the newest PostgreSQL that the system's package installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """A real PostgreSQL server of its own on a Unix socket; tests are skipped with the reason where none can be had.

    Gives `(address of a new empty database, set of environment)` on each call.
    """
    pytest.importorskip("psycopg", reason="psycopg is not installed (pip install greenreport[store])")
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server: Debian's package postgresql is not installed")
    if os.geteuid() == 0 and not shutil.which("runuser"):
        pytest.skip("PostgreSQL does not run as root, and runuser is missing")
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    # The path of a Unix socket may be no longer than 107 bytes, which pytest's own folders can exceed.
    with tempfile.TemporaryDirectory(prefix="gr-pg-") as name:
        base = Path(name)
        secret = base / "secret"
        secret.write_text("s3cret-of-the-test")
        if as_user:
            shutil.chown(base, "postgres")
            shutil.chown(secret, "postgres")

        def run(*command):
            done = subprocess.run([*as_user, *map(str, command)], cwd=base, capture_output=True, text=True, timeout=120)
            if done.returncode:
                pytest.skip(f"PostgreSQL did not start: {(done.stderr or done.stdout).strip().splitlines()[-1]}")

        asked = "-U bureau -A scram-sha-256 -E UTF8 --no-sync --pwfile"
        run(programs / "initdb", "-D", base / "db", *asked.split(), secret)
        options = f"-k {base} -c listen_addresses='' -c fsync=off -c max_connections=20"
        run(programs / "pg_ctl", "-D", base / "db", "-o", options, "-l", base / "log", "-w", "start")
        count = iter(range(1000))

        def new(env):
            import psycopg

            database = f"ledger{next(count)}"
            env.setenv("PGUSER", "bureau")
            env.setenv("PGPASSWORD", secret.read_text())
            with psycopg.connect(
                host=str(base), dbname="postgres", user="bureau", password=secret.read_text(), autocommit=True
            ) as con:
                con.execute(f"CREATE DATABASE {database}")
            return f"postgresql+psycopg:///{database}?host={base}"

        try:
            yield new
        finally:
            subprocess.run(
                [*as_user, str(programs / "pg_ctl"), "-D", str(base / "db"), "-m", "immediate", "stop"],
                cwd=base,
                capture_output=True,
            )


STORES = [
    "csv",
    "parquet",
    "duckdb",
    pytest.param("postgres", marks=pytest.mark.postgres),
]


@pytest.fixture(params=STORES)
def store(request, tmp_path, folder, plan, roster, monkeypatch):
    """The small ledger in each kind of store."""
    kind = request.param
    if kind == "csv":
        return stores.open_store(folder)
    if kind == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed (pip install greenreport[store])")
        address = f"parquet:{tmp_path / 'parquet'}"
    elif kind == "duckdb":
        pytest.importorskip("duckdb", reason="duckdb is not installed (pip install greenreport[store])")
        address = str(tmp_path / "ledger.duckdb")
    else:
        address = request.getfixturevalue("postgres")(monkeypatch)
    stores.copy(stores.open_store(folder), address, plan=plan, roster=roster, who="test", when=date(2026, 1, 1))
    return stores.open_store(address)
