"""Everything that an import would write, before it is written: on the terminal, a figure a line, or as a file.

With each figure stands which cells said what it is. Computes nothing and judges nothing.
"""

from __future__ import annotations

import calendar
import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from greenreport.checks.finding import Finding
from greenreport.intake.previewing import Preview
from greenreport.intake.reason import FIELDS
from greenreport.intake.understood import cell_name, refusals_of
from greenreport.observations import Ledger, parse_period
from greenreport.spreadsheets import harmless
from greenreport.text import Text
from greenreport.whole import write_whole

__all__ = ["preview", "write_preview"]

_STATUS = {
    "new": Text("新增", "new"), "changed": Text("更正", "changed"), "unchanged": Text("未变", "unchanged"),
    "refused": Text("退回", "refused"),
}  # fmt: skip
_COLOUR = {"new": "green", "changed": "yellow", "unchanged": "dim", "refused": "red"}
_WIDTHS = (7, 10, 16, 12, 20, 10)


def _t(lang: str, zh: str, en: str) -> str:
    return zh if lang == "zh" else en


def _n(value: float | None) -> str:
    return "" if value is None or value != value else f"{value:.12g}"


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


def preview(shown: Preview, ledger: Ledger, *, lang: str = "zh", console: Console) -> None:
    """Every figure that would be written, a line each in 80 columns; then what was refused, asked and passed over."""
    rows = shown.rows[shown.rows["status"] != "unchanged"]
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), width=80, title=_t(lang, "导入预览", "Preview of the import"), title_justify="left")  # fmt: skip
    heads = (
        ("结果", "Outcome"),
        ("区县", "Area"),
        ("指标", "Indicator"),
        ("时期", "Period"),
        ("数值", "Figure"),
        ("单元格", "Cell"),
    )
    for (zh, en), width in zip(heads, _WIDTHS, strict=True):
        table.add_column(
            _t(lang, zh, en), width=width, no_wrap=zh != "数值", overflow="fold" if zh == "数值" else "ellipsis"
        )
    short = {i.id: i.short[lang] for i in ledger.plan.indicators}
    for r in rows.to_dict("records"):
        status, id = str(r["status"]), str(r["indicator"])
        late = _t(lang, "（已有更晚的数）", " (a later one is known)") if r["late"] else ""
        was = f"{_n(r['old_value'])}→" if status == "changed" else ""
        table.add_row(
            f"[{_COLOUR[status]}]{_STATUS[status][lang]}[/]", escape(ledger.roster.by_code[str(r["area"])].short[lang]),
            escape(short.get(id, ledger.name(id)[lang])), _period(str(r["period"]), lang),
            f"{was}{_n(r['value'])}{escape(str(r['unit']))}{late}", escape(_place(r)),
        )  # fmt: skip
    if table.row_count:
        console.print(table)
        _sources(rows, lang, console)
    for refusal in refusals_of(shown.refused):
        where = f"{refusal.file} {refusal.sheet + '!' if refusal.sheet else ''}{refusal.cell}"
        read = f"“{refusal.read[:40]}”" if lang == "zh" else f"{refusal.read[:40]!r}"
        console.print(
            f"[red]{_STATUS['refused'][lang]}[/] {escape(where)} {escape(read)}: {escape(refusal.reason[lang])}"
        )
    for q in shown.questions:
        console.print(f"[yellow]{_t(lang, '请核对', 'Please check')}[/] {escape(q.zh if lang == 'zh' else q.en)}")
    for notice in shown.understood.notices:
        console.print(f"[dim]· {escape(notice[lang])}[/]")
    if shown.known_files:
        names = "、".join(shown.known_files) if lang == "zh" else ", ".join(shown.known_files)
        console.print(escape(_t(lang, f"以前导入过：{names}。", f"Imported before: {names}.")))
        if back := int((rows["file"].isin(shown.known_files) & (rows["status"] == "changed")).sum()):
            zh = f"其中{back}个数后来更正过，写入即恢复为原来的数。"
            console.print(_t(lang, zh, f"{back} of its figures were corrected since; writing restores them."))
    counts = shown.counts
    blank = sum(f.blank for f in shown.understood.files)
    total = shown.understood.rows_in
    console.print(
        _t(
            lang,
            f"共读到{total}个数：新增{counts['new']}，更正{counts['changed']}，未变{counts['unchanged']}，退回{counts['refused']}；另有{blank}格留空。",
            f"{total} figures read: {counts['new']} new, {counts['changed']} changed, {counts['unchanged']} unchanged, {counts['refused']} refused; {blank} places blank.",
        )
    )


def _sources(rows: pd.DataFrame, lang: str, console: Console) -> None:
    """From which cells each column was read, and what will stand as source and grade."""
    groups = rows.groupby(["file", "sheet", "proof"], observed=True, sort=False)
    for (file, sheet, proof), part in groups:
        if str(proof):
            where = f"{file} {sheet}".strip()
            text = _proof(str(proof), 0, lang)
            first = cell_name(*(int(at) for at in part[["row", "col"]].to_numpy()[0]))
            console.print(
                f"[dim]{_t(lang, '依据', 'Read from')} {escape(where)} {first}…({len(part)}): {escape(text)}[/]"
            )
    for (source, grade), part in rows.groupby(["source", "grade"], observed=True, sort=False):
        zh, en = (
            f"来源“{source}”，等级{grade}：{len(part)}个数。",
            f"Source {str(source)!r}, grade {grade}: {len(part)} figures.",
        )
        console.print(escape(_t(lang, zh, en)))


_COLUMNS = (
    ("结果", "outcome"), ("文件", "file"), ("工作表", "sheet"), ("单元格", "cell"), ("代码", "code"), ("区县", "area"), ("指标", "indicator"),
    ("时期", "period"), ("数值", "value"), ("单位", "unit"), ("原数", "was"), ("数据性质", "kind"), ("发布日期", "published"), ("来源", "source"),
    ("等级", "grade"), ("备注", "note"), ("同比增速", "growth"), ("依据", "read from"), ("说明", "reason"),
)  # fmt: skip


def write_preview(shown: Preview, ledger: Ledger, path: str | Path, *, lang: str = "zh") -> Path:
    """The whole preview as CSV: every figure with what it was read from, and every refusal with its reason."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_t(lang, zh, en) for zh, en in _COLUMNS])
    for r in shown.rows.to_dict("records"):
        area = ledger.roster.by_code[str(r["area"])]
        line = [
            _STATUS[str(r["status"])][lang], r["file"], r["sheet"], cell_name(int(r["row"]), int(r["col"])), area.code, area.name[lang],
            ledger.name(str(r["indicator"]))[lang], r["period"], _n(r["value"]), r["unit"], _n(r["old_value"]), r["kind"],
            pd.Timestamp(r["vintage"]).date(), r["source"], r["grade"], r["note"], _n(r["growth_pct"]),
            _proof(str(r["proof"]), int(r["row"]), lang), _reasons(shown.questions, r, lang),
        ]  # fmt: skip
        writer.writerow([harmless(str(c)) for c in line])
    for refusal, raw in zip(refusals_of(shown.refused), shown.refused.to_dict("records"), strict=True):
        names = [str(raw[f"raw_{c}"]) for c in ("area_code", "area", "indicator", "period")]
        line = [
            _STATUS["refused"][lang],
            refusal.file,
            refusal.sheet,
            refusal.cell,
            *names,
            refusal.read,
            str(raw["raw_unit"]),
        ]
        writer.writerow([harmless(c) for c in (*line, *[""] * 8, refusal.reason[lang])])
    file = Path(path)
    write_whole(file, ("\ufeff" + out.getvalue()).encode())
    return file


def _reasons(questions: tuple[Finding, ...], r: Mapping[Any, Any], lang: str) -> str:
    key = (str(r["indicator"]), str(r["area"]), str(r["period"]))
    own = [q for q in questions if (q.indicator, q.area, q.period) == key]
    return " ".join(q.zh if lang == "zh" else q.en for q in own)
