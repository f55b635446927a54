"""Long runs: 20,000 damaged files, imports killed at random moments, five million rows. `pytest -m long`."""

import csv
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import tables
from grammar import sentences
from mutations import mutated

from greenreport import stores
from greenreport.intake import actions, preview, reading
from greenreport.intake.words import is_missing

ROOT = Path(__file__).parents[2]
WHEN = date(2026, 7, 1)
HEAD = ["区县", "指标", "年份", "数值", "单位", "备注"]
FUZZED = int(os.environ.get("GREENREPORT_FUZZ", "20000"))


def good_rows(rng):
    areas = ["万州", "涪陵区", "500103", "Wuxi", "两江新区", "江北", "石柱县", "全市"]
    ids = [("网络零售额", "亿元"), ("再生资源回收量", "万吨"), ("绿色商场", "家"), ("elv_dismantled", "辆")]
    rows = []
    for _ in range(rng.randint(1, 12)):
        indicator, unit = rng.choice(ids)
        rows.append(
            [
                rng.choice(areas),
                indicator,
                rng.choice(["2024", "2025年", "2025年1-9月", "2026"]),
                str(rng.randint(0, 9999) / 4),
                unit,
                "",
            ]
        )
    return rows


ODD = ["", "—", "约12", "１２", "1,234", "=1+1", "#REF!", "1e9", "万", "合计", "\u200b", "💥", "0x10", "-5", "(3)", "12%", "ＡＢＣ", "2025-03-05", "nan", "inf", "'12", "\t", "12\n13", "A" * 3000, "\ud7ff", "٣", "１，２３４．５", "None"]  # fmt: skip


def mutated_rows(rng):
    rows = [HEAD[:], *good_rows(rng)]
    for _ in range(rng.randint(0, 6)):
        row = rng.choice(rows)
        what = rng.random()
        if what < 0.6 and row:
            row[rng.randrange(len(row))] = rng.choice(ODD)
        elif what < 0.7:
            row.insert(rng.randrange(len(row) + 1), rng.choice(ODD))
        elif what < 0.8 and len(row) > 1:
            row.pop(rng.randrange(len(row)))
        elif what < 0.9:
            rows.insert(rng.randrange(len(rows) + 1), row[:])
        else:
            rng.shuffle(rows)
    return rows


def as_csv(rng, rows):
    out = io.StringIO()
    csv.writer(out, delimiter=rng.choice(",,,;\t"), lineterminator=rng.choice(["\n", "\r\n"])).writerows(rows)
    encoding = rng.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    return out.getvalue().encode(encoding, errors="replace")


def as_book(rng, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([_typed(rng, "".join(c for c in x if ord(c) >= 32 or c in "\n\t")) for x in row])
    if rng.random() < 0.3:
        book.active.merge_cells(start_row=1, end_row=rng.randint(1, 3), start_column=1, end_column=rng.randint(1, 3))
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def _typed(rng, text):
    try:
        return float(text) if rng.random() < 0.7 and text.replace(".", "").isdigit() and text.isascii() else text
    except ValueError:
        return text


def damaged(rng, raw):
    """The bytes with some flipped, cut or doubled."""
    data = bytearray(raw)
    for _ in range(rng.randint(1, 6)):
        if not data:
            break
        at = rng.randrange(len(data))
        what = rng.random()
        if what < 0.6:
            data[at] = rng.randrange(256)
        elif what < 0.75:
            del data[at : at + rng.randint(1, 40)]
        elif what < 0.9:
            data[at:at] = data[at : at + rng.randint(1, 40)]
        else:
            del data[at:]
    return bytes(data)


def damaged_inside(rng, raw):
    """A workbook whose archive is whole and whose XML is not."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        victim = rng.choice(source.namelist())
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, damaged(rng, content) if name == victim else content)
    return out.getvalue()


def figures_in(raw):
    """How many figures a plain, undamaged CSV holds, counted without any of the code under test's reading."""
    for encoding in ("utf-8-sig", "utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeError:
            continue
    first = text.splitlines()[0]
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=first.count)))
    return sum(1 for r in rows[1:] if len(r) > 3 and not is_missing(r[3]) and r != rows[0])


@pytest.mark.long
def test_twenty_thousand_damaged_files_leave_the_ledger_and_lose_nothing(tmp_path, folder, plan, roster, start):
    """No traceback, no silent loss, and refusals leave the ledger untouched, whatever comes in."""
    rng = random.Random(int(os.environ.get("GREENREPORT_FUZZ_SEED", "20261122")))
    store = stores.open_store(folder)
    before = store.version()
    counted = {"files": 0, "rows": 0, "accepted": 0, "refused": 0, "whole": 0}
    clock = time.monotonic()
    for n in range(FUZZED):
        rows = mutated_rows(rng) if n % 3 else [HEAD, *good_rows(rng)]
        is_book = n % 2 == 1
        raw = as_book(rng, rows) if is_book else as_csv(rng, rows)
        plain = n % 3 == 0 and not is_book
        if n % 3:
            raw = rng.choice([damaged, damaged_inside if is_book else damaged, lambda _r, x: x])(rng, raw)
        path = tmp_path / ("given.xlsx" if is_book else "given.csv")
        path.write_bytes(raw)
        got = reading.read([path], plan=plan, roster=roster, ledger=start, when=WHEN)
        assert got.rows_in == len(got.rows) + len(got.refused) == sum(f.accepted + f.refused for f in got.files), n
        if plain:
            assert got.rows_in == figures_in(raw), n
        shown = preview.preview(got, start, version=before)
        assert sum(shown.counts.values()) == got.rows_in, n
        for refusal in got.refused[:5]:
            assert refusal.reason.zh and refusal.reason.en and refusal.codes[0], n
        if n % 50 == 0:
            actions.write_refused(shown.refused, tmp_path / "back.xlsx", day=WHEN)
        counted["files"] += 1
        counted["rows"] += got.rows_in
        counted["accepted"] += len(got.rows)
        counted["refused"] += len(got.refused)
        counted["whole"] += any(r.row == 0 for r in got.refused)
        if n % 1000 == 999:
            print(json.dumps(counted), f"{time.monotonic() - clock:.0f} s", flush=True)
    assert store.version() == before
    assert counted["accepted"] > FUZZED // 2 and counted["refused"] > FUZZED // 2


@pytest.mark.long
def test_twenty_thousand_mutated_tables_give_nothing_that_they_do_not_hold(tmp_path, understand):
    """The grammar's tables with lines, words, marks, rows and columns changed: what each holds is still known."""
    made = sentences()
    first = int(os.environ.get("GREENREPORT_FUZZ_SEED", "0"))
    read = held = 0
    for n in range(first, first + FUZZED):
        table = mutated(made, n)
        plain = not (table.merges or table.hidden or table.sheet != "Sheet1")
        path = tmp_path / ("given.csv" if n % 2 and plain else "given.xlsx")
        (tables.as_csv if path.suffix == ".csv" else tables.as_book)(table, path)
        got = understand(path)
        assert got.rows_in == len(got.rows) + len(got.refused), table.name
        for row in got.rows.itertuples():
            key = str(row.indicator), str(row.area), str(row.period)
            assert key in table.allowed, (table.name, key)
            assert row.value == pytest.approx(table.allowed[key], abs=1e-9), (table.name, key)
        read, held = read + len(got.rows), held + len(table.allowed)
        if n % 1000 == 999:
            print(n + 1, f"{read} figures read of {held} that the tables hold", flush=True)
    assert read > FUZZED // 2


CHILD = """
import sys, datetime
from greenreport import stores
from greenreport.areas import load_roster
from greenreport.intake import actions, preview, reading
from greenreport.plan import load_plan
root, address, given = sys.argv[1:4]
plan, roster = load_plan(root + "/data/plan"), load_roster(root + "/data/areas")
store = stores.open_store(address)
version = store.version()
ledger = store.read(plan=plan, roster=roster)
understood = reading.read([given], plan=plan, roster=roster, ledger=ledger, when=datetime.date(2026, 7, 1))
shown = preview.preview(understood, ledger, version=version)
print("go", flush=True)
actions.commit(shown, store, who="x", when=datetime.date(2026, 7, 1))
print("done", flush=True)
"""


@pytest.mark.long
@pytest.mark.parametrize("kind", ["csv", "duckdb"])
def test_killed_imports_leave_the_old_ledger_or_the_new(kind, tmp_path, folder, plan, roster):
    """SIGKILL at 20 random moments of writing: the ledger is whole each time, as it was or as it was to be."""
    import shutil

    rng = random.Random(7)
    given = tmp_path / "given.csv"
    lines = ["indicator,area,period,value,unit,vintage"]
    lines += [
        f"online_retail,500101,2024,{20 + n / 1000},亿元,{date.fromordinal(date(2025, 5, 1).toordinal() + n % 400)}"
        for n in range(400)
    ]
    lines += [
        f"online_retail,{a.code},{y},{n + 1},亿元,2026-01-{n % 28 + 1:02d}"
        for a in roster.areas
        if a.valid_from is None and a.valid_to is None
        for y in range(1950, 2024)
        for n in range(28)
    ]
    given.write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = folder
    if kind == "duckdb":
        pytest.importorskip("duckdb")
        source = tmp_path / "start.duckdb"
        stores.copy(stores.open_store(folder), source, plan=plan, roster=roster, who="t", when=date(2026, 1, 1))
    old = stores.open_store(source).read(plan=plan, roster=roster).digest

    def attempt(place, delay):
        """Whether an import was told to be done, and how long its writing took."""
        command = [sys.executable, "-c", CHILD, str(ROOT), str(place), str(given)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout.readline().strip() == "go"
            began = time.monotonic()
            if delay is not None:
                time.sleep(delay)
                child.send_signal(signal.SIGKILL)
            said = child.stdout.read().strip()
        return said == "done", time.monotonic() - began

    def fresh(name):
        place = tmp_path / (name + source.suffix)
        shutil.copytree(source, place) if source.is_dir() else shutil.copy(source, place)
        return place

    whole = fresh("whole")
    done, writing = attempt(whole, None)
    assert done
    new = stores.open_store(whole).read(plan=plan, roster=roster).digest
    assert new != old
    seen = []
    for n in range(20):
        place = fresh(f"try{n}")
        attempt(place, rng.uniform(0, 1.1 * writing))
        store = stores.open_store(place)
        digest = store.read(plan=plan, roster=roster).digest
        assert digest in (old, new)
        assert len(store.imports()) - len(stores.open_store(source).imports()) == (digest == new)
        seen.append(digest == new)
        # The next import is not held up by what was left.
        if digest == old:
            assert attempt(place, None)[0]
            assert stores.open_store(place).read(plan=plan, roster=roster).digest == new
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    print(f"{kind}: {seen.count(False)} old, {seen.count(True)} new", flush=True)


@pytest.mark.long
def test_five_million_rows_within_four_gibibytes(tmp_path):
    """Five million rows are imported, read back as a ledger and checked, each within 4 GiB."""
    bench = [
        sys.executable,
        str(ROOT / "benchmarks" / "intake.py"),
        "--file",
        str(tmp_path / "rows.csv"),
        "--rows",
        "5000000",
    ]
    subprocess.run([*bench, "--task", "write"], check=True, capture_output=True)
    for task in ("import", "check"):
        done = subprocess.run([*bench, "--task", task], check=True, capture_output=True, text=True)
        got = json.loads(done.stdout.splitlines()[-1])
        print(task, got, flush=True)
        assert got["rows"] == 5_000_000 and got["peak"] < 4096
