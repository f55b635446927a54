"""Log, differences between days, the ledger as of a day, coverage, and the commands that show them."""

import io
import re
from datetime import date

import pytest
from helpers import ROOT
from rich.console import Console
from typer.testing import CliRunner

from greenreport.data_commands import data_app
from greenreport.errors import GreenReportError, RequestError
from greenreport.intake import actions, console
from greenreport.intake.actions import commit
from greenreport.observations import covered

DAY = date(2026, 6, 30)
GIVEN = "区县,指标,年份,数值,单位\n万州,网络零售额,2025,25.5,亿元\n万州,网络零售额,2024,26.1,亿元\n万洲,网络零售额,2025,1,亿元\n"


@pytest.fixture
def given(tmp_path):
    path = tmp_path / "万州.csv"
    path.write_text(GIVEN, encoding="utf-8")
    return path


@pytest.fixture
def run(folder, tmp_path, monkeypatch):
    """Run a data command on the small ledger; (exit code, what it printed)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def go(*words, data=folder, answers=None):
        options = ["--plan", str(ROOT / "data/plan"), "--areas-at", str(ROOT / "data/areas")]
        options += ["--data", str(data)] if data else []
        done = CliRunner().invoke(data_app, [*map(str, words), *options], input=answers)
        if isinstance(done.exception, GreenReportError):
            return done.exception.exit_code, str(done.exception)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    return go


def test_what_became_known_between_two_days_is_new_or_changed(demo):
    """What became known in a month is new; what was known otherwise is changed, with the old value and its day."""
    got = actions.diff(demo, date(2025, 6, 30), date(2025, 12, 31))
    assert len(got) and (got["vintage"] > "2025-06-30").all()
    changed = got[got["status"] == "changed"]
    view = demo.as_of(date(2025, 6, 30))
    assert len(changed) == 4 < len(got)
    for d in changed.itertuples():
        year = view.series(d.indicator, d.area).in_year(int(d.period))
        assert (year.value, year.vintage) == (d.value_old, d.vintage_old.date())


def test_days_in_the_wrong_order_are_refused(demo):
    """The second day must lie after the first."""
    with pytest.raises(RequestError, match="must lie after the first"):
        actions.diff(demo, DAY, DAY)


def test_as_of_gives_what_was_known(demo):
    """No row is younger than the day, and one figure stands once."""
    rows = actions.as_of(demo, date(2024, 6, 30))
    assert rows["vintage"].max().date() <= date(2024, 6, 30)
    flow = rows[rows["kind"].isin(["observed", "provisional"])]
    assert not flow.duplicated(["indicator", "area", "scope", "period"]).any()


def test_coverage_counts_what_there_could_be(demo):
    """The share of known figures is that of the cells, without areas that did not exist."""
    found = covered.coverage(demo, as_of=DAY, indicators=["online_retail"])
    cells = found.cells[~found.cells["status"].isin(["absent", "before"])]
    assert found.share["online_retail"] == pytest.approx(
        cells["status"].isin(["observed", "provisional", "bridged"]).mean()
    )
    assert len(found.areas) == 38 and found.years[-1] == 2025


def test_what_is_not_due_is_not_missing(demo):
    """Exhibitions are the city's, since 2023; districts owe online retail from 2023 on, 万州 since it has sent some."""
    found = covered.coverage(demo, as_of=DAY, indicators=["green_expo", "online_retail"])
    cells = {(c.indicator, c.area, c.year): c.status for c in found.cells.itertuples()}
    assert {s for (i, a, y), s in cells.items() if i == "green_expo" and (a != "500000" or y < 2023)} == {"before"}
    assert found.share["green_expo"] == 1.0
    assert cells["online_retail", "500243", 2023] == "missing"
    assert cells["online_retail", "500243", 2022] == "before"
    assert cells["online_retail", "500101", 2022] == "observed"


def test_coverage_in_a_file_tells_its_marks_apart_without_colour(demo):
    """Every status has a mark of its own, and the table has one column per indicator."""
    assert len(set(covered.MARKS.values())) == len(covered.MARKS)
    out = Console(file=io.StringIO(), width=160, color_system=None)
    console.coverage(covered.coverage(demo, as_of=DAY), demo, lang="zh", console=out)
    rows = out.file.getvalue().splitlines()
    assert any(row.startswith("两江新区") and "▲" in row and row.count("■") == 5 for row in rows)


def test_the_picture_of_coverage_is_plain_svg(demo):
    """One square per cell, the same bytes each time, no script."""
    found = covered.coverage(demo, as_of=DAY, indicators=["online_retail"])
    for lang in ("zh", "en"):
        text = covered.svg(found, demo, lang=lang)
        assert text.count("<title>") == len(found.cells) and "<script" not in text
        assert text == covered.svg(found, demo, lang=lang)


def test_an_import_from_the_terminal_writes_what_is_right_and_sends_back_the_rest(run, given, folder):
    """A first import shows the preview, writes the rest, sends back what was refused, and says so with exit code 2."""
    code, text = run("import", given, "--who", "李", "--when", "2026-07-01", "--yes", "--refused", "back.xlsx")
    assert code == 2 and "新增1，更正1，未变0，退回1" in text and "back.xlsx" in text
    assert len(list(folder.glob("2026-07-01-*.csv"))) == 1
    code, text = run(
        "import", given, "--who", "李", "--when", "2026-07-02", "--yes", "--refused", "back.xlsx", "--lang", "en"
    )
    assert code == 2 and "0 new, 0 changed, 2 unchanged, 1 refused" in text and "as it was" in text


def test_a_dry_run_and_a_no_write_nothing(run, given, folder):
    """Neither --dry-run, nor --strict with a refusal, nor an answer of no touches the ledger."""
    before = sorted(p.name for p in folder.rglob("*"))
    for options in (["--dry-run"], ["--strict", "--who", "李", "--yes"], ["--who", "李"]):
        _, text = run("import", given, "--when", "2026-07-01", *options, answers="年报\nB\nn\n")
        assert "新增1，更正1，未变0，退回1" in text, options
    assert "[y/N]: n" in text
    assert sorted(p.name for p in folder.rglob("*")) == before


def test_every_other_command_does_its_work(run, given, folder, tmp_path):
    """Template, check, log, diff, as-of, coverage and copy each do their work with exit code 0."""
    run("import", given, "--who", "李", "--when", "2026-07-01", "--yes", "--refused", "back.xlsx")
    assert (
        run("template", tmp_path / "t.xlsx", "--as-of", "2026-06-30", "--area", "万州")[0] == 0
        and (tmp_path / "t.xlsx").exists()
    )
    assert run("check")[0] == 0
    assert "李" in run("log")[1]
    assert "共2处变化" in run("diff", "2026-06-30", "2026-07-01")[1]
    assert "2 changes" in run("diff", "2026-06-30", "2026-07-01", "--lang", "en")[1]
    assert "25.93" in run("as-of", "2026-06-30", "--area", "万州")[1]
    assert run("as-of", "2026-06-30", "--out", tmp_path / "known.csv")[0] == 0 and (tmp_path / "known.csv").exists()
    assert "正式数" in run("coverage", "--as-of", "2026-06-30")[1]
    assert run("coverage", "--as-of", "2026-06-30", "--out", tmp_path / "c.svg")[0] == 0
    assert run("coverage", "--as-of", "2026-06-30", "--out", tmp_path / "c.pdf")[0] == 2
    assert run("copy", tmp_path / "second", "--who", "x", "--when", "2026-07-01")[0] == 0
    assert re.search(r"\b5\b", run("log", data=tmp_path / "second")[1])


def test_checks_with_errors_exit_with_2(run, folder):
    """A ledger with a bad row is told as a table and by exit code 2."""
    part = folder / "start.csv"
    part.write_text(part.read_text(encoding="utf-8").replace("25.93,亿元", "abc,亿元"), encoding="utf-8")
    code, text = run("check")
    assert code == 2 and "start.csv:3" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("diff", "yesterday", "2026-01-01"), "yesterday"),
        (("as-of", "2026-13-01"), "2026-13-01"),
        (("log", "--data", "nowhere"), "no such ledger"),
    ],
)
def test_wrong_requests_exit_with_2(words, said, run):
    """A date that is none, or a ledger that is not there, is told in words with exit code 2."""
    code, text = run(*words, data=None) if "--data" in words else run(*words)
    assert code == 2 and said in text


def test_an_empty_folder_takes_its_first_import(given, tmp_path, plan, roster):
    """A ledger that was just made, with ledger.toml and no rows, takes its first import."""
    from greenreport import stores

    store = stores.create_store(tmp_path / "new", head='synthetic = false\n[title]\nzh = "新"\nen = "new"\n')
    desk = actions.Desk(plan, roster, store)
    shown = actions.prepare(desk, [given], when=date(2026, 7, 1))
    record = commit(shown, store, who="李", when=date(2026, 7, 1))
    assert (record.new, shown.counts["refused"]) == (2, 1)
    assert len(desk.ledger().frame) == 2
