"""The plan, the roster, and small ledgers that tests import into."""

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from greenreport import intake
from greenreport.areas import load_roster
from greenreport.observations import Ledger
from greenreport.plan import load_plan

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


@pytest.fixture(scope="session")
def plan():
    return load_plan(ROOT / "data" / "plan")


@pytest.fixture(scope="session")
def roster():
    return load_roster(ROOT / "data" / "areas")


@pytest.fixture
def folder(tmp_path):
    """A small ledger of real (not synthetic) figures."""
    path = tmp_path / "ledger"
    path.mkdir()
    (path / "ledger.toml").write_text(HEAD, encoding="utf-8")
    (path / "start.csv").write_text(START, encoding="utf-8")
    return path


@pytest.fixture
def ledger(folder, plan, roster):
    return Ledger.read(folder, plan=plan, roster=roster)


@pytest.fixture(scope="session")
def start(plan, roster, tmp_path_factory):
    """The same small ledger, read once for tests that change nothing."""
    path = tmp_path_factory.mktemp("start") / "ledger"
    path.mkdir()
    (path / "ledger.toml").write_text(HEAD, encoding="utf-8")
    (path / "start.csv").write_text(START, encoding="utf-8")
    return Ledger.read(path, plan=plan, roster=roster)


@pytest.fixture(scope="session")
def demo(plan, roster):
    return Ledger.read(ROOT / "data" / "demo", plan=plan, roster=roster)


@pytest.fixture
def understand(plan, roster, start):
    """Reads files as an import would, on 1 July 2026."""

    def read(*files, **more):
        options = {"ledger": start, "when": WHEN} | more
        return intake.read(files, plan=plan, roster=roster, **options)

    return read


class Make:
    """Small makers of workbooks."""

    @staticmethod
    def book(rows, *, title="Sheet"):
        """A workbook of one sheet as bytes."""
        book = openpyxl.Workbook()
        book.active.title = title
        for row in rows:
            book.active.append(row)
        raw = io.BytesIO()
        book.save(raw)
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
