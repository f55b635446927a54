"""What the terminal shows of the data commands, in Chinese or in English. Computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from greenreport.checks import CheckResult
from greenreport.intake.history import Difference
from greenreport.observations import Ledger
from greenreport.observations.covered import COLOURS, MARKS, STATUS, Coverage
from greenreport.stores.import_record import Import
from greenreport.text import Text

__all__ = ["OUTCOMES", "as_of", "check", "committed", "coverage", "diff", "log", "number", "outcome"]

_CONSOLE = Console(highlight=False)
OUTCOMES = {
    "new": Text("新增", "new"),
    "changed": Text("更正", "changed"),
    "unchanged": Text("未变", "unchanged"),
    "refused": Text("退回", "refused"),
}
"""What becomes of a figure."""

_COLOURS = {"new": "green", "changed": "yellow", "unchanged": "dim", "refused": "red"}
_SEVERITIES = {
    "error": ("red", Text("错误", "error")),
    "warning": ("yellow", Text("警告", "warning")),
    "info": ("dim", Text("提示", "note")),
}
_SHOWN = 200
"""How many rows of a long table the terminal shows."""


def outcome(status: str, lang: str) -> str:
    """What becomes of a figure, in its colour."""
    return f"[{_COLOURS[status]}]{OUTCOMES[status][lang]}[/]"


def number(value: float | None, digits: str = ",.10g") -> str:
    """A figure as the terminal shows it; nothing where there is none."""
    return "" if value is None or value != value else f"{value:{digits}}"


def _table(lang: str, *heads: Text, title: Text | None = None) -> Table:
    """An empty table whose cells are folded, not cut, on a narrow terminal."""
    table = Table(box=None, pad_edge=False, title=title[lang] if title else None, title_justify="left")
    for head in heads:
        table.add_column(head[lang], overflow="fold")
    return table


def committed(record: Import | None, sent_back: Sequence[Path], *, lang: str) -> None:
    """What an import did."""
    if record is None:
        said = Text("没有需要写入的数据，台账未变。", "Nothing to write; the ledger is as it was.")
    else:
        who = escape(record.who)
        said = Text(f"已写入：{record.id}（{who}）。", f"Written: {record.id} ({who}).")
    _CONSOLE.print(said[lang])
    for path in map(escape, map(str, sent_back)):
        zh = f"退回的数据连同原因在：{path}。改好后直接再导入即可。"
        en = f"The refused figures with their reasons: {path}. Correct and import that file."
        _CONSOLE.print(Text(zh, en)[lang])


def check(result: CheckResult, *, lang: str) -> None:
    """Findings, errors first."""
    table = _table(
        lang, Text("程度", "Severity"), Text("检查", "Check"), Text("位置", "Place"), Text("说明", "Finding")
    )
    for f in result.findings[:_SHOWN]:
        colour, words = _SEVERITIES[f.severity]
        place = f"{f.file}:{f.row}" if f.file else ""
        table.add_row(f"[{colour}]{words[lang]}[/]", f.title[lang], escape(place), escape(Text(f.zh, f.en)[lang]))
    if result.findings:
        _CONSOLE.print(table)
    if (more := len(result.findings) - _SHOWN) > 0:
        _CONSOLE.print(Text(f"另有{more}项未列出。", f"{more} more are not listed.")[lang])
    zh = f"检查{result.rows}行：错误{result.errors}项，警告{result.warnings}项。"
    en = f"{result.rows} rows checked: {result.errors} errors, {result.warnings} warnings."
    _CONSOLE.print(Text(zh, en)[lang])


def log(records: Sequence[Import], *, lang: str) -> None:
    """Every import: who, when, from which files, how much."""
    if not records:
        _CONSOLE.print(Text("没有导入记录。", "No imports yet.")[lang])
        return
    table = _table(
        lang, Text("编号", "Id"), Text("日期", "Day"), Text("导入人", "Who"), Text("新增", "New"), Text("更正", "Changed"),
        Text("退回", "Refused"), Text("文件（SHA-256前12位）", "Files (first 12 of SHA-256)"),
    )  # fmt: skip
    for r in records:
        files = "\n".join(f"{f.name} ({f.digest[:12]})" for f in r.files) or r.note
        counts = map(str, (r.new, r.changed, r.refused))
        table.add_row(r.id, r.when.isoformat(), escape(r.who), *counts, escape(files))
    _CONSOLE.print(table)


def diff(rows: Sequence[Difference], ledger: Ledger, *, lang: str) -> None:
    """What became known or changed."""
    table = _table(
        lang, Text("变化", "Change"), Text("区县", "Area"), Text("指标", "Indicator"), Text("时期", "Period"), Text("原数", "Was"),
        Text("现数", "Is"), Text("%", "%"), Text("来源", "Source"),
    )  # fmt: skip
    for d in rows:
        pct = "" if d.change_pct is None else f"{d.change_pct:+.1f}"
        table.add_row(
            outcome(d.status, lang), escape(ledger.roster.by_code[d.area].short[lang]),
            escape(ledger.name(d.indicator)[lang]), d.period, number(d.old), number(d.new), pct, escape(d.source),
        )  # fmt: skip
    if rows:
        _CONSOLE.print(table)
    _CONSOLE.print(Text(f"共{len(rows)}处变化。", f"{len(rows)} changes.")[lang])


def as_of(rows: pd.DataFrame, ledger: Ledger, day: date, *, lang: str) -> None:
    """The figures as known on a day."""
    table = _table(
        lang, Text("区县", "Area"), Text("指标", "Indicator"), Text("时期", "Period"), Text("数值", "Value"), Text("单位", "Unit"),
        Text("发布日期", "Vintage"), Text("来源", "Source"), title=Text(f"截至{day}所知", f"As known on {day}"),
    )  # fmt: skip
    for r in rows.head(_SHOWN).to_dict("records"):
        table.add_row(
            escape(ledger.roster.by_code[str(r["area"])].short[lang]), escape(ledger.name(str(r["indicator"]))[lang]), str(r["period"]),
            number(r["value"]), escape(str(r["unit"])), str(pd.Timestamp(r["vintage"]).date()), escape(str(r["source"])),
        )  # fmt: skip
    _CONSOLE.print(table)
    if (more := len(rows) - _SHOWN) > 0:
        said = Text(f"另有{more}行未列出，可用--out写成csv。", f"{more} more rows; write them with --out.")
        _CONSOLE.print(said[lang])


def coverage(found: Coverage, ledger: Ledger, *, lang: str, console: Console = _CONSOLE) -> None:
    """Coverage as one table: areas downwards, indicators across with their share, and a mark for each year.

    The marks differ in shape as well as in colour, so that they can be told apart in print and in a file.
    """
    first, last = found.years[0], found.years[-1]
    title = Text(f"{first}—{last}年，每格一年", f"{first}–{last}, a mark a year")
    table = Table(box=None, pad_edge=False, title=title[lang], title_justify="left")
    table.add_column(Text("区县", "Area")[lang])
    names = {i.id: i.short[lang] for i in ledger.plan.indicators}
    for id in found.indicators:
        table.add_column(f"{escape(names.get(id, id))}\n{found.share[id] * 100:.0f}%", overflow="fold")
    for area in found.areas:
        rows = (found.row(id, area) for id in found.indicators)
        marks = ["".join(f"[{COLOURS[s]}]{MARKS[s]}[/]" for s in row) for row in rows]
        table.add_row(escape(ledger.roster.by_code[area].short[lang]), *marks)
    console.print(table)
    console.print("  ".join(f"[{COLOURS[s]}]{MARKS[s]}[/] {t[lang]}" for s, t in STATUS.items()))
