"""The same behaviour on every store: CSV, Parquet, DuckDB and a real PostgreSQL server."""

import threading
from datetime import date

import pytest

from greenreport import checks, stores
from greenreport.errors import GreenReportError, LedgerError, RequestError
from greenreport.intake import actions, preview, reading
from greenreport.stores.import_record import Import

WHEN = date(2026, 7, 1)
HEAD = "区县,指标,年份,数值,单位\n"


def put(store, plan, roster, tmp_path, lines, *, when=WHEN, who="李"):
    """Import lines of a CSV; the preview and the record."""
    path = tmp_path / "given.csv"
    path.write_text(HEAD + lines, encoding="utf-8")
    version = store.version()
    ledger = store.read(plan=plan, roster=roster)
    understood = reading.read([path], plan=plan, roster=roster, ledger=ledger, when=when)
    known = {f.digest for r in store.imports() for f in r.files}
    shown = preview.preview(understood, ledger, version=version, known_files=known)
    return shown, actions.commit(shown, store, who=who, when=when)


def value(store, plan, roster, day, year=2025):
    view = store.read(plan=plan, roster=roster).as_of(day)
    point = view.series("online_retail", "500101").in_year(year)
    return None if point is None else point.value


def test_every_store_holds_the_same_ledger(store, ledger, plan, roster):
    """A ledger copied into any store has the same rows and the same digest."""
    got = store.read(plan=plan, roster=roster)
    assert (got.digest, got.title, dict(got.scopes)) == (ledger.digest, ledger.title, dict(ledger.scopes))


def test_new_figures_are_told_from_changed_and_unchanged_ones(store, plan, roster, tmp_path):
    """The preview tells new from changed and unchanged figures, with the old value beside a changed one."""
    shown, record = put(
        store,
        plan,
        roster,
        tmp_path,
        "万州,网络零售额,2025,25.5,亿元\n万州,网络零售额,2024,26.1,亿元\n万州,网络零售额,2023,23.1,亿元\n",
    )
    assert shown.counts == {"new": 1, "changed": 1, "unchanged": 1, "refused": 0}
    changed = shown.rows[shown.rows["status"] == "changed"].iloc[0]
    assert (changed["value"], changed["old_value"]) == (26.1, 25.93)
    assert (record.new, record.changed, record.who) == (1, 1, "李")


def test_a_correction_is_a_new_vintage(store, plan, roster, tmp_path):
    """What was known before a correction stays known as of that day."""
    put(store, plan, roster, tmp_path, "万州,网络零售额,2024,26.1,亿元\n")
    assert value(store, plan, roster, date(2026, 6, 30), 2024) == 25.93
    assert value(store, plan, roster, WHEN, 2024) == 26.1


def test_importing_twice_changes_nothing(store, plan, roster, tmp_path):
    """The second import of a file finds nothing new, writes nothing and leaves no record."""
    put(store, plan, roster, tmp_path, "万州,网络零售额,2025,25.5,亿元\n")
    before = (store.version(), store.imports())
    shown, record = put(store, plan, roster, tmp_path, "万州,网络零售额,2025,25.5,亿元\n", when=date(2026, 7, 9))
    assert record is None and shown.counts["unchanged"] == 1 and shown.known_files == ("given.csv",)
    assert (store.version(), store.imports()) == before


def test_an_old_file_restores_its_figures_and_says_so(store, plan, roster, tmp_path):
    """A file imported before, handed in again on a later day, is a correction back; on its own day it changes nothing."""
    put(store, plan, roster, tmp_path, "万州,网络零售额,2025,25.5,亿元\n", when=date(2026, 7, 1))
    put(store, plan, roster, tmp_path, "万州,网络零售额,2025,26.5,亿元\n", when=date(2026, 7, 5))
    _, record = put(store, plan, roster, tmp_path, "万州,网络零售额,2025,25.5,亿元\n", when=date(2026, 7, 1))
    assert record is None and value(store, plan, roster, date(2026, 7, 9)) == 26.5
    shown, record = put(store, plan, roster, tmp_path, "万州,网络零售额,2025,25.5,亿元\n", when=date(2026, 7, 9))
    assert shown.counts["changed"] == 1 and shown.known_files == ("given.csv",)
    assert record is not None and value(store, plan, roster, date(2026, 7, 9)) == 25.5
    assert value(store, plan, roster, date(2026, 7, 6)) == 26.5


def test_two_figures_of_one_day_cannot_both_stand(store, plan, roster, tmp_path):
    """A correction dated the day of the figure it corrects is refused: append-only means nothing is overwritten."""
    put(store, plan, roster, tmp_path, "万州,网络零售额,2025,25.5,亿元\n")
    shown, record = put(store, plan, roster, tmp_path, "万州,网络零售额,2025,26.5,亿元\n")
    assert record is None and [r.codes for r in shown.refused] == [("same_day",)]
    assert value(store, plan, roster, WHEN) == 25.5


def test_a_later_figure_is_not_hidden_by_an_older_one(store, plan, roster, tmp_path):
    """A figure with an older vintage than the one known is added behind it and marked as late."""
    put(store, plan, roster, tmp_path, "万州,网络零售额,2025,26.5,亿元\n", when=date(2026, 7, 5))
    shown, _ = put(store, plan, roster, tmp_path, "万州,网络零售额,2025,25.5,亿元\n", when=date(2026, 7, 1))
    assert list(shown.rows["late"]) == [True]
    assert value(store, plan, roster, date(2026, 7, 2)) == 25.5 and value(store, plan, roster, date(2026, 7, 9)) == 26.5


def test_refused_rows_change_nothing(store, plan, roster, tmp_path):
    """A file of nothing but refused rows leaves ledger and log as they were."""
    before = (store.version(), store.imports())
    shown, record = put(store, plan, roster, tmp_path, "万洲,网络零售额,2025,25.5,亿元\n万州,网络零售额,2025,25.5,\n")
    assert record is None and shown.counts["refused"] == 2
    assert (store.version(), store.imports()) == before


def test_the_log_keeps_who_when_and_which_file(store, plan, roster, tmp_path):
    """Each import is kept with its person, day, file names and digests, oldest first."""
    import hashlib

    put(store, plan, roster, tmp_path, "万州,网络零售额,2025,25.5,亿元\n", who="王")
    digest = hashlib.sha256((tmp_path / "given.csv").read_bytes()).hexdigest()
    last = store.imports()[-1]
    assert (last.who, last.when, last.files[0].name, last.files[0].digest) == ("王", WHEN, "given.csv", digest)
    assert (last.files[0].rows_in, last.files[0].accepted, last.files[0].refused) == (1, 1, 0)


def test_a_preview_does_not_outlive_a_change(store, plan, roster, tmp_path):
    """Whatever was previewed against an older state of the ledger is not written."""
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "涪陵,网络零售额,2025,1,亿元\n", encoding="utf-8")
    ledger, version = store.read(plan=plan, roster=roster), store.version()
    shown = preview.preview(
        reading.read([path], plan=plan, roster=roster, ledger=ledger, when=WHEN), ledger, version=version
    )
    put(store, plan, roster, tmp_path, "万州,网络零售额,2025,25.5,亿元\n")
    before = store.version()
    with pytest.raises(LedgerError) as caught:
        actions.commit(shown, store, who="李", when=WHEN)
    assert "重新预览" in str(caught.value) and store.version() == before


def test_imports_at_once_do_not_interleave(store, plan, roster, tmp_path):
    """Of several imports of one state that run at once exactly one is written whole; the others say so."""
    ledger, version = store.read(plan=plan, roster=roster), store.version()
    previews = []
    for n in range(4):
        path = tmp_path / f"{n}.csv"
        path.write_text(
            HEAD + "".join(f"万州,网络零售额,{2000 + y},{n}{y},亿元\n" for y in range(20)), encoding="utf-8"
        )
        understood = reading.read([path], plan=plan, roster=roster, ledger=ledger, when=WHEN)
        previews.append(preview.preview(understood, ledger, version=version))
    outcome = []

    def run(shown):
        try:
            outcome.append(actions.commit(shown, stores.open_store(store.address), who="李", when=WHEN))
        except GreenReportError as e:
            outcome.append(e)

    threads = [threading.Thread(target=run, args=(p,)) for p in previews]
    [t.start() for t in threads]
    [t.join() for t in threads]
    written = [o for o in outcome if isinstance(o, Import)]
    assert len(written) == 1 and all(isinstance(o, LedgerError) for o in outcome if o not in written)
    after = store.read(plan=plan, roster=roster)
    assert len(after.frame) == len(ledger.frame) + 20


def test_the_same_checks_pass_everywhere(store, plan, roster, tmp_path):
    """Checks find the same things in every store."""
    put(
        store,
        plan,
        roster,
        tmp_path,
        "万州,绿色商场,2025,2,家\n万州,网络零售额,2025,2550000,万元\n万州,网络零售额,2025年1-6月,300,亿元\n",
    )
    found = checks.check_store(store, plan=plan, roster=roster)
    assert {(f.check, f.severity) for f in found.findings} >= {("falling_count", "error"), ("part_year", "error")}
    assert found.exit_code == 2


def test_nobody_imports_anonymously(store, plan, roster, tmp_path):
    """An import without a name is refused before anything is written."""
    before = store.version()
    with pytest.raises(RequestError, match="Say who imports"):
        put(store, plan, roster, tmp_path, "万州,网络零售额,2025,25.5,亿元\n", who="  ")
    assert store.version() == before


def test_a_row_says_where_it_came_from(store, plan, roster, tmp_path):
    """A figure without an address of its own is addressed by file and row."""
    put(store, plan, roster, tmp_path, "万州,网络零售额,2025,25.5,亿元\n")
    point = store.read(plan=plan, roster=roster).as_of(WHEN).series("online_retail", "500101").in_year(2025)
    assert (point.source, point.address) == ("given.csv", "given.csv#2")


def test_rows_of_a_long_file_are_addressed_by_its_name(plan, roster, tmp_path, monkeypatch):
    """Beyond a number of rows only the file is named as their place; an address of a row's own is kept."""

    monkeypatch.setattr(reading, "_ADDRESSED", 1)
    path = tmp_path / "long.csv"
    path.write_text(
        "区县,指标,年份,数值,单位,来源地址\n万州,网络零售额,2024,25.5,亿元,\n"
        "涪陵,网络零售额,2024,26.5,亿元,https://example.invalid/a\n北碚,网络零售额,2024,27.5,亿元,\n",
        encoding="utf-8",
    )
    got = reading.read([path], plan=plan, roster=roster, when=date(2026, 7, 1))
    assert list(got.rows["source_address"].astype(str)) == ["long.csv", "https://example.invalid/a", "long.csv"]
