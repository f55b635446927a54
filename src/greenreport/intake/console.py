"""What the terminal shows of the data commands, in one language or with both side by side. Computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from greenreport.checks import CheckResult
from greenreport.intake.history import Difference
from greenreport.observations import Ledger
from greenreport.observations.covered import COLOURS, MARKS, STATUS, Coverage
from greenreport.stores.record import Import
from greenreport.text import Text

__all__ = ["as_of", "check", "committed", "coverage", "diff", "log"]

_CONSOLE = Console(highlight=False)
_STATUS = {
    "new": Text("新增", "new"), "changed": Text("更正", "changed"), "unchanged": Text("未变", "unchanged"),
    "refused": Text("退回", "refused"),
}  # fmt: skip
_COLOUR = {
    "new": "green",
    "changed": "yellow",
    "unchanged": "dim",
    "refused": "red",
    "error": "red",
    "warning": "yellow",
    "info": "dim",
}
_SEVERITY = {"error": Text("错误", "error"), "warning": Text("警告", "warning"), "info": Text("提示", "note")}


def _t(lang: str, zh: str, en: str) -> str:
    return zh if lang == "zh" else en


def _n(value: float | None) -> str:
    return "" if value is None or value != value else f"{value:,.10g}"


def committed(
    record: Import | None, sent_back: Sequence[object], *, lang: str = "zh", console: Console | None = None
) -> None:
    """What an import did."""
    out = console or _CONSOLE
    if record is None:
        out.print(_t(lang, "没有需要写入的数据，台账未变。", "Nothing to write; the ledger is as it was."))
    else:
        out.print(
            _t(lang, f"已写入：{record.id}（{escape(record.who)}）。", f"Written: {record.id} ({escape(record.who)}).")
        )
    for path in sent_back:
        out.print(
            _t(
                lang,
                f"退回的数据连同原因在：{escape(str(path))}。改好后直接再导入即可。",
                f"The refused figures with their reasons: {escape(str(path))}. Correct and import that file.",
            )
        )


def check(result: CheckResult, *, lang: str = "zh", limit: int = 200, console: Console | None = None) -> None:
    """Findings, errors first."""
    out = console or _CONSOLE
    table = Table(box=None, pad_edge=False)
    for head in (
        _t(lang, "程度", "Severity"),
        _t(lang, "检查", "Check"),
        _t(lang, "位置", "Place"),
        _t(lang, "说明", "Finding"),
    ):
        table.add_column(head, overflow="fold")
    for f in result.findings[:limit]:
        place = f"{f.file}:{f.row}" if f.file else ""
        table.add_row(
            f"[{_COLOUR[f.severity]}]{_SEVERITY[f.severity][lang]}[/]",
            f.title[lang],
            escape(place),
            escape(f.zh if lang == "zh" else f.en),
        )
    if result.findings:
        out.print(table)
    if len(result.findings) > limit:
        out.print(
            _t(
                lang,
                f"另有{len(result.findings) - limit}项未列出。",
                f"{len(result.findings) - limit} more are not listed.",
            )
        )
    out.print(
        _t(
            lang,
            f"检查{result.rows}行：错误{result.errors}项，警告{result.warnings}项。",
            f"{result.rows} rows checked: {result.errors} errors, {result.warnings} warnings.",
        )
    )


def log(records: Sequence[Import], *, lang: str = "zh", console: Console | None = None) -> None:
    """Every import: who, when, from which files, how much."""
    out = console or _CONSOLE
    if not records:
        out.print(_t(lang, "没有导入记录。", "No imports yet."))
        return
    table = Table(box=None, pad_edge=False)
    for head in (
        _t(lang, "编号", "Id"),
        _t(lang, "日期", "Day"),
        _t(lang, "导入人", "Who"),
        _t(lang, "新增", "New"),
        _t(lang, "更正", "Changed"),
        _t(lang, "退回", "Refused"),
        _t(lang, "文件（SHA-256前12位）", "Files (first 12 of SHA-256)"),
    ):
        table.add_column(head, overflow="fold")
    for r in records:
        files = "\n".join(f"{f.name} ({f.digest[:12]})" for f in r.files) or r.note
        table.add_row(
            r.id, r.when.isoformat(), escape(r.who), str(r.new), str(r.changed), str(r.refused), escape(files)
        )
    out.print(table)


def diff(rows: Sequence[Difference], ledger: Ledger, *, lang: str = "zh", console: Console | None = None) -> None:
    """What became known or changed."""
    out = console or _CONSOLE
    table = Table(box=None, pad_edge=False)
    for head in (
        _t(lang, "变化", "Change"),
        _t(lang, "区县", "Area"),
        _t(lang, "指标", "Indicator"),
        _t(lang, "时期", "Period"),
        _t(lang, "原数", "Was"),
        _t(lang, "现数", "Is"),
        "%",
        _t(lang, "来源", "Source"),
    ):
        table.add_column(head, overflow="fold")
    for d in rows:
        pct = "" if d.change_pct is None else f"{d.change_pct:+.1f}"
        table.add_row(
            f"[{_COLOUR[d.status]}]{_STATUS[d.status][lang]}[/]", escape(ledger.roster.by_code[d.area].short[lang]),
            escape(ledger.name(d.indicator)[lang]), d.period, _n(d.old), _n(d.new), pct, escape(d.source),
        )  # fmt: skip
    if rows:
        out.print(table)
    out.print(_t(lang, f"共{len(rows)}处变化。", f"{len(rows)} changes."))


def as_of(
    rows: pd.DataFrame, ledger: Ledger, day: date, *, lang: str = "zh", limit: int = 200, console: Console | None = None
) -> None:
    """The figures as known on a day."""
    out = console or _CONSOLE
    table = Table(
        box=None, pad_edge=False, title=_t(lang, f"截至{day}所知", f"As known on {day}"), title_justify="left"
    )
    for head in (
        _t(lang, "区县", "Area"),
        _t(lang, "指标", "Indicator"),
        _t(lang, "时期", "Period"),
        _t(lang, "数值", "Value"),
        _t(lang, "单位", "Unit"),
        _t(lang, "发布日期", "Vintage"),
        _t(lang, "来源", "Source"),
    ):
        table.add_column(head, overflow="fold")
    for r in rows.head(limit).to_dict("records"):
        table.add_row(
            escape(ledger.roster.by_code[str(r["area"])].short[lang]), escape(ledger.name(str(r["indicator"]))[lang]), str(r["period"]),
            _n(r["value"]), escape(str(r["unit"])), str(pd.Timestamp(r["vintage"]).date()), escape(str(r["source"])),
        )  # fmt: skip
    out.print(table)
    if len(rows) > limit:
        out.print(
            _t(
                lang,
                f"另有{len(rows) - limit}行未列出，可用--out写成csv。",
                f"{len(rows) - limit} more rows; write them with --out.",
            )
        )


def coverage(found: Coverage, ledger: Ledger, *, lang: str = "zh", console: Console | None = None) -> None:
    """Coverage as one table: areas downwards, indicators across with their share, and a mark for each year.

    The marks differ in shape as well as in colour, so that they can be told apart in print and in a file.
    """
    out = console or _CONSOLE
    span = f"{found.years[0]}—{found.years[-1]}" if lang == "zh" else f"{found.years[0]}–{found.years[-1]}"
    table = Table(
        box=None, pad_edge=False, title=_t(lang, f"{span}年，每格一年", f"{span}, a mark a year"), title_justify="left"
    )
    table.add_column(_t(lang, "区县", "Area"))
    names = {i.id: i.short[lang] for i in ledger.plan.indicators}
    for id in found.indicators:
        table.add_column(f"{escape(names.get(id, id))}\n{found.share[id] * 100:.0f}%", overflow="fold")
    for area in found.areas:
        rows = (found.row(id, area) for id in found.indicators)
        marks = ["".join(f"[{COLOURS[s]}]{MARKS[s]}[/]" for s in row) for row in rows]
        table.add_row(escape(ledger.roster.by_code[area].short[lang]), *marks)
    out.print(table)
    out.print("  ".join(f"[{COLOURS[s]}]{MARKS[s]}[/] {t[lang]}" for s, t in STATUS.items()))
