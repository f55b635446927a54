"""Everything that an import would write, before it is written: on the terminal, a figure a line, or as a file.

With each figure stands which cells said what it is. Computes nothing and judges nothing.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from greenreport.atomic import write_whole
from greenreport.checks.finding import Finding
from greenreport.intake.console import OUTCOMES, number, outcome
from greenreport.intake.preview import Preview
from greenreport.intake.read_result import cell_name, refusals_of
from greenreport.intake.reason import FIELDS
from greenreport.observations import Ledger, parse_period
from greenreport.spreadsheets import csv_text, harmless
from greenreport.text import Text

__all__ = ["preview", "write_preview"]

_DIGITS = ".12g"


def _period(text: str, lang: str) -> str:
    """A period in twelve columns: 2025; 2026年1—6月, Jan–Jun 2026."""
    span = parse_period(text)
    if span is None or span.months in (0, 12):
        return text
    last = calendar.month_abbr[span.months]
    return f"{span.year}年1—{span.months}月" if lang == "zh" else f"Jan–{last} {span.year}"


def _place(r: Mapping[Any, Any]) -> str:
    cell = cell_name(int(r["row"]), int(r["col"]))
    return f"{r['sheet']}!{cell}" if r["sheet"] else cell


def _proof(text: str, row: int, lang: str) -> str:
    """`area=A#;period=B2` as 区县A4，时期B2."""
    said_by = []
    for part in filter(None, text.split(";")):
        name, _, cells = part.partition("=")
        said_by.append(f"{FIELDS[name][0 if lang == 'zh' else 1]} {cells.replace('#', str(row) if row else '·')}")
    return ("，" if lang == "zh" else ", ").join(said_by)


_HEADS: tuple[tuple[Text, int, Literal["ellipsis", "fold"]], ...] = (
    (Text("结果", "Outcome"), 7, "ellipsis"), (Text("区县", "Area"), 10, "ellipsis"), (Text("指标", "Indicator"), 16, "ellipsis"),
    (Text("时期", "Period"), 12, "ellipsis"), (Text("数值", "Figure"), 20, "fold"), (Text("单元格", "Cell"), 10, "ellipsis"),
)  # fmt: skip
"""The columns of the preview, how wide they are, and what becomes of a text that is wider: a figure is never cut."""


def preview(shown: Preview, *, lang: str, console: Console) -> None:
    """Every figure that would be written, a line each in 80 columns; then what was refused, asked and passed over."""
    rows = shown.rows[shown.rows["status"] != "unchanged"]
    if len(rows):
        console.print(_figures(rows, shown.ledger, lang))
        _sources(rows, lang, console)
    for refusal in refusals_of(shown.refused):
        where = f"{refusal.file} {refusal.sheet + '!' if refusal.sheet else ''}{refusal.cell}"
        read = refusal.read[:40]
        shown_read = Text(f"“{read}”", f"{read!r}")[lang]
        console.print(
            f"{outcome('refused', lang)} {escape(where)} {escape(shown_read)}: {escape(refusal.reason[lang])}"
        )
    for question in shown.questions:
        ask = Text("请核对", "Please check")[lang]
        console.print(f"[yellow]{ask}[/] {escape(Text(question.zh, question.en)[lang])}")
    for notice in shown.understood.notices:
        console.print(f"[dim]· {escape(notice[lang])}[/]")
    if shown.known_files:
        _imported_before(shown, rows, lang, console)
    counts = shown.counts
    blank = sum(f.blank for f in shown.understood.files)
    total = shown.understood.rows_in
    zh = f"共读到{total}个数：新增{counts['new']}，更正{counts['changed']}，未变{counts['unchanged']}，退回{counts['refused']}；另有{blank}格留空。"
    en = f"{total} figures read: {counts['new']} new, {counts['changed']} changed, {counts['unchanged']} unchanged, {counts['refused']} refused; {blank} places blank."
    console.print(Text(zh, en)[lang])


def _figures(rows: pd.DataFrame, ledger: Ledger, lang: str) -> Table:
    """The figures that would be written, a line each."""
    title = Text("导入预览", "Preview of the import")[lang]
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), width=80, title=title, title_justify="left")
    for head, width, overflow in _HEADS:
        table.add_column(head[lang], width=width, no_wrap=overflow == "ellipsis", overflow=overflow)
    short = {i.id: i.short[lang] for i in ledger.plan.indicators}
    for r in rows.to_dict("records"):
        status, id = str(r["status"]), str(r["indicator"])
        late = Text("（已有更晚的数）", " (a later one is known)")[lang] if r["late"] else ""
        was = f"{number(r['old_value'], _DIGITS)}→" if status == "changed" else ""
        table.add_row(
            outcome(status, lang), escape(ledger.roster.by_code[str(r["area"])].short[lang]),
            escape(short.get(id, ledger.name(id)[lang])), _period(str(r["period"]), lang),
            f"{was}{number(r['value'], _DIGITS)}{escape(str(r['unit']))}{late}", escape(_place(r)),
        )  # fmt: skip
    return table


def _imported_before(shown: Preview, rows: pd.DataFrame, lang: str, console: Console) -> None:
    """Files that were imported before, and how many of their figures would undo a correction."""
    names = Text("、".join(shown.known_files), ", ".join(shown.known_files))
    console.print(escape(Text(f"以前导入过：{names.zh}。", f"Imported before: {names.en}.")[lang]))
    if back := int((rows["file"].isin(shown.known_files) & (rows["status"] == "changed")).sum()):
        zh = f"其中{back}个数后来更正过，写入即恢复为原来的数。"
        console.print(Text(zh, f"{back} of its figures were corrected since; writing restores them.")[lang])


def _sources(rows: pd.DataFrame, lang: str, console: Console) -> None:
    """From which cells each column was read, and what will stand as source and grade."""
    groups = rows.groupby(["file", "sheet", "proof"], observed=True, sort=False)
    for (file, sheet, proof), part in groups:
        if str(proof):
            where = f"{file} {sheet}".strip()
            text = _proof(str(proof), 0, lang)
            first = cell_name(*(int(at) for at in part[["row", "col"]].to_numpy()[0]))
            lead = Text("依据", "Read from")[lang]
            console.print(f"[dim]{lead} {escape(where)} {first}…({len(part)}): {escape(text)}[/]")
    for (source, grade), part in rows.groupby(["source", "grade"], observed=True, sort=False):
        zh = f"来源“{source}”，等级{grade}：{len(part)}个数。"
        en = f"Source {str(source)!r}, grade {grade}: {len(part)} figures."
        console.print(escape(Text(zh, en)[lang]))


_COLUMNS = (
    Text("结果", "outcome"), Text("文件", "file"), Text("工作表", "sheet"), Text("单元格", "cell"), Text("代码", "code"),
    Text("区县", "area"), Text("指标", "indicator"), Text("时期", "period"), Text("数值", "value"), Text("单位", "unit"),
    Text("原数", "was"), Text("数据性质", "kind"), Text("发布日期", "published"), Text("来源", "source"), Text("等级", "grade"),
    Text("备注", "note"), Text("同比增速", "growth"), Text("依据", "read from"), Text("说明", "reason"),
)  # fmt: skip


def write_preview(shown: Preview, path: str | Path, *, lang: str = "zh") -> Path:
    """The whole preview as CSV: every figure with what it was read from, and every refusal with its reason."""
    ledger = shown.ledger
    lines: list[list[object]] = [[head[lang] for head in _COLUMNS]]
    for r in shown.rows.to_dict("records"):
        area = ledger.roster.by_code[str(r["area"])]
        lines.append([
            OUTCOMES[str(r["status"])][lang], r["file"], r["sheet"], cell_name(int(r["row"]), int(r["col"])), area.code, area.name[lang],
            ledger.name(str(r["indicator"]))[lang], r["period"], number(r["value"], _DIGITS), r["unit"], number(r["old_value"], _DIGITS), r["kind"],
            pd.Timestamp(r["vintage"]).date(), r["source"], r["grade"], r["note"], number(r["growth_pct"], _DIGITS),
            _proof(str(r["proof"]), int(r["row"]), lang), _reasons(shown.questions, r, lang),
        ])  # fmt: skip
    for refusal, raw in zip(refusals_of(shown.refused), shown.refused.to_dict("records"), strict=True):
        lines.append([
            OUTCOMES["refused"][lang], refusal.file, refusal.sheet, refusal.cell, raw["raw_area_code"], raw["raw_area"],
            raw["raw_indicator"], raw["raw_period"], refusal.read, raw["raw_unit"], *[""] * 8, refusal.reason[lang],
        ])  # fmt: skip
    file = Path(path)
    text = csv_text([[harmless(str(cell)) for cell in line] for line in lines], end="\r\n")
    write_whole(file, ("\ufeff" + text).encode())
    return file


def _reasons(questions: tuple[Finding, ...], r: Mapping[Any, Any], lang: str) -> str:
    key = (str(r["indicator"]), str(r["area"]), str(r["period"]))
    own = [q for q in questions if (q.indicator, q.area, q.period) == key]
    return " ".join(Text(q.zh, q.en)[lang] for q in own)
