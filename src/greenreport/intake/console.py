"""What the data commands show, in Chinese or in English: on the terminal, or an import's preview as a file. Computes nothing."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from greenreport.atomic import write_whole
from greenreport.checks import CheckResult
from greenreport.intake.preview import Preview
from greenreport.intake.read_result import cell_name
from greenreport.intake.reason import heads
from greenreport.observations import Ledger, parse_period
from greenreport.observations.covered import COLOURS, MARKS, Coverage
from greenreport.spreadsheets import csv_text, harmless
from greenreport.stores.import_record import Import
from greenreport.words import both, t

__all__ = ["as_of", "check", "committed", "coverage", "diff", "log", "preview", "write_preview"]

_CONSOLE = Console(highlight=False)
_OUTCOMES = {"new": "green", "changed": "yellow", "unchanged": "dim", "refused": "red"}
_SEVERITIES = {"error": "red", "warning": "yellow", "info": "dim"}
_SHOWN = 200
"""How many rows of a long table the terminal shows."""

_DIGITS = ".12g"
_WIDTHS = (7, 10, 16, 12, 20, 10)
"""Of the columns of the preview, 80 in all; the fifth is the figure, which is folded and never cut."""


def _tell(lang: str, key: str, **values: object) -> None:
    """Print a sentence of the catalogue."""
    _CONSOLE.print(t(f"intake.{key}", lang, **values))


def _outcome(status: str, lang: str) -> str:
    """What becomes of a figure, in its colour."""
    return f"[{_OUTCOMES[status]}]{t(f'intake.outcome.{status}', lang)}[/]"


def _number(value: float | None, digits: str = ",.10g") -> str:
    """A figure as the terminal shows it; nothing where there is none."""
    return "" if value is None or value != value else f"{value:{digits}}"


def _table(name: str, lang: str, rows: Iterable[Sequence[str]], title: str | None = None) -> None:
    """Print a table whose cells are folded, not cut, on a narrow terminal."""
    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for head in heads(name, lang):
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*row)
    _CONSOLE.print(table)


def _names(ledger: Ledger, r: Mapping[Any, Any], lang: str) -> tuple[str, str]:
    """Area and indicator of a row."""
    area = ledger.roster.by_code[str(r["area"])].short[lang]
    return escape(area), escape(ledger.name(str(r["indicator"]))[lang])


def committed(record: Import | None, sent_back: Sequence[Path], *, lang: str) -> None:
    """What an import did."""
    if record is None:
        _tell(lang, "unwritten")
    else:
        _tell(lang, "written", id=record.id, who=escape(record.who))
    for path in sent_back:
        _tell(lang, "sent_back", path=escape(str(path)))


def check(result: CheckResult, *, lang: str) -> None:
    """Findings, errors first."""
    rows = []
    for f in result.findings[:_SHOWN]:
        severity = f"[{_SEVERITIES[f.severity]}]{t(f'intake.severity.{f.severity}', lang)}[/]"
        place = f"{f.file}:{f.row}" if f.file else ""
        rows.append((severity, f.title[lang], escape(place), escape(f.zh if lang == "zh" else f.en)))
    if rows:
        _table("check", lang, rows)
    if (more := len(result.findings) - _SHOWN) > 0:
        _tell(lang, "more_findings", more=more)
    _tell(lang, "checked", rows=result.rows, errors=result.errors, warnings=result.warnings)


def log(records: Sequence[Import], *, lang: str) -> None:
    """Every import: who, when, from which files, how much."""
    if not records:
        _tell(lang, "no_imports")
        return
    files = ("\n".join(f"{f.name} ({f.digest[:12]})" for f in r.files) or r.note for r in records)
    rows = (
        (r.id, r.when.isoformat(), escape(r.who), str(r.new), str(r.changed), str(r.refused), escape(named))
        for r, named in zip(records, files, strict=True)
    )
    _table("log", lang, rows)


def diff(rows: pd.DataFrame, ledger: Ledger, *, lang: str) -> None:
    """What became known or changed."""
    shown = []
    for d in rows.to_dict("records"):
        old, new = d["value_old"], d["value"]
        pct = f"{(new / old - 1) * 100:+.1f}" if old and old == old else ""
        figures = str(d["period"]), _number(old), _number(new), pct
        shown.append((_outcome(d["status"], lang), *_names(ledger, d, lang), *figures, escape(str(d["source"]))))
    if shown:
        _table("diff", lang, shown)
    _tell(lang, "changes", count=len(rows))


def as_of(rows: pd.DataFrame, ledger: Ledger, day: date, *, lang: str) -> None:
    """The figures as known on a day."""
    shown = []
    for r in rows.head(_SHOWN).to_dict("records"):
        vintage = pd.Timestamp(r["vintage"]).date()
        figure = _number(r["value"]), escape(str(r["unit"])), str(vintage), escape(str(r["source"]))
        shown.append((*_names(ledger, r, lang), str(r["period"]), *figure))
    _table("as_of", lang, shown, t("intake.as_of", lang, day=day))
    if (more := len(rows) - _SHOWN) > 0:
        _tell(lang, "more_rows", more=more)


def coverage(found: Coverage, ledger: Ledger, *, lang: str, console: Console = _CONSOLE) -> None:
    """Coverage as one table: areas downwards, indicators across with their share, and a mark for each year.

    The marks differ in shape as well as in colour, so that they can be told apart in print and in a file.
    """
    title = t("intake.coverage", lang, first=found.years[0], last=found.years[-1])
    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    table.add_column(t("intake.area", lang))
    names = {i.id: i.short[lang] for i in ledger.plan.indicators}
    for id in found.indicators:
        table.add_column(f"{escape(names.get(id, id))}\n{found.share[id] * 100:.0f}%", overflow="fold")
    for area in found.areas:
        rows = (found.row(id, area) for id in found.indicators)
        marks = ["".join(f"[{COLOURS[s]}]{MARKS[s]}[/]" for s in row) for row in rows]
        table.add_row(escape(ledger.roster.by_code[area].short[lang]), *marks)
    console.print(table)
    console.print("  ".join(f"[{COLOURS[s]}]{MARKS[s]}[/] {t(f'ledger.covered.{s}', lang)}" for s in MARKS))


def preview(shown: Preview, *, lang: str, console: Console) -> None:
    """Every figure that would be written, a line each in 80 columns; then what was refused, asked and passed over."""
    rows = shown.rows[shown.rows["status"] != "unchanged"]
    if len(rows):
        console.print(_figures(rows, shown.ledger, lang))
        _sources(rows, lang, console)
    for refusal in shown.refused:
        where = f"{refusal.file} {refusal.sheet + '!' if refusal.sheet else ''}{refusal.cell}"
        read = t("intake.preview.read", lang, text=refusal.read[:40])
        console.print(f"{_outcome('refused', lang)} {escape(where)} {escape(read)}: {escape(refusal.reason[lang])}")
    for question in shown.questions:
        asked = question.zh if lang == "zh" else question.en
        console.print(f"[yellow]{t('intake.preview.ask', lang)}[/] {escape(asked)}")
    for notice in shown.understood.notices:
        console.print(f"[dim]· {escape(notice[lang])}[/]")
    if shown.known_files:
        console.print(escape(both("intake.preview.before", names=shown.known_files)[lang]))
        if back := int((rows["file"].isin(shown.known_files) & (rows["status"] == "changed")).sum()):
            console.print(t("intake.preview.undone", lang, count=back))
    blank = sum(f.blank for f in shown.understood.files)
    console.print(t("intake.preview.counts", lang, total=shown.understood.rows_in, blank=blank, **shown.counts))


def _figures(rows: pd.DataFrame, ledger: Ledger, lang: str) -> Table:
    """The figures that would be written, a line each."""
    title = t("intake.preview.title", lang)
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), width=80, title=title, title_justify="left")
    for n, (head, width) in enumerate(zip(heads("preview", lang), _WIDTHS, strict=True)):
        table.add_column(head, width=width, no_wrap=n != 4, overflow="fold" if n == 4 else "ellipsis")
    short = {i.id: i.short[lang] for i in ledger.plan.indicators}
    for r in rows.to_dict("records"):
        area, name = _names(ledger, r, lang)
        late = t("intake.preview.late", lang) if r["late"] else ""
        was = f"{_number(r['old_value'], _DIGITS)}→" if r["status"] == "changed" else ""
        figure = f"{was}{_number(r['value'], _DIGITS)}{escape(str(r['unit']))}{late}"
        indicator = escape(short[r["indicator"]]) if r["indicator"] in short else name
        place = f"{r['sheet']}!{_cell(r)}" if r["sheet"] else _cell(r)
        table.add_row(_outcome(r["status"], lang), area, indicator, _period(r["period"], lang), figure, escape(place))
    return table


def _period(text: str, lang: str) -> str:
    """A period in twelve columns: 2025; 2026年1—6月, Jan–Jun 2026."""
    span = parse_period(text)
    if span is None or span.months in (0, 12):
        return text
    return t("intake.months", lang, year=span.year, months=span.months, last=calendar.month_abbr[span.months])


def _cell(r: Mapping[Any, Any]) -> str:
    return cell_name(int(r["row"]), int(r["col"]))


def _proof(text: str, row: int, lang: str) -> str:
    """`area=A#;period=B2` as 区县A4，时期B2."""
    told = []
    for part in filter(None, text.split(";")):
        name, _, cells = part.partition("=")
        told.append(f"{t(f'intake.field.{name}', lang)} {cells.replace('#', str(row) if row else '·')}")
    return t("mark.clause", lang).join(told)


def _sources(rows: pd.DataFrame, lang: str, console: Console) -> None:
    """From which cells each column was read, and what will stand as source and grade."""
    for (file, sheet, proof), part in rows.groupby(["file", "sheet", "proof"], observed=True, sort=False):
        if str(proof):
            where, first = f"{file} {sheet}".strip(), _cell(part.iloc[0].to_dict())
            text = f"{t('intake.preview.from', lang)} {escape(where)} {first}…({len(part)}): {escape(_proof(str(proof), 0, lang))}"
            console.print(f"[dim]{text}[/]")
    for (source, grade), part in rows.groupby(["source", "grade"], observed=True, sort=False):
        console.print(escape(t("intake.preview.source", lang, source=str(source), grade=grade, count=len(part))))


def write_preview(shown: Preview, path: str | Path, *, lang: str = "zh") -> Path:
    """The whole preview as CSV: every figure with what it was read from, and every refusal with its reason."""
    ledger = shown.ledger
    lines: list[list[object]] = [[*heads("csv", lang)]]
    asked: dict[tuple[str | None, ...], list[str]] = {}
    for q in shown.questions:
        asked.setdefault((q.indicator, q.area, q.period), []).append(q.zh if lang == "zh" else q.en)
    for r in shown.rows.to_dict("records"):
        area = ledger.roster.by_code[str(r["area"])]
        lines.append([
            t(f"intake.outcome.{r['status']}", lang), r["file"], r["sheet"], _cell(r), area.code, area.name[lang],
            ledger.name(str(r["indicator"]))[lang], r["period"], _number(r["value"], _DIGITS), r["unit"], _number(r["old_value"], _DIGITS), r["kind"],
            pd.Timestamp(r["vintage"]).date(), r["source"], r["grade"], r["note"], _number(r["growth_pct"], _DIGITS),
            _proof(str(r["proof"]), int(r["row"]), lang), " ".join(asked.get((r["indicator"], r["area"], r["period"]), ())),
        ])  # fmt: skip
    for one in shown.refused:
        code, name, indicator, period, unit = (
            one.texts.get(c, "") for c in ("area_code", "area", "indicator", "period", "unit")
        )
        place = t("intake.outcome.refused", lang), one.file, one.sheet, one.cell
        lines.append([*place, code, name, indicator, period, one.read, unit, *[""] * 8, one.reason[lang]])
    file = Path(path)
    text = csv_text([[harmless(str(cell)) for cell in line] for line in lines], end="\r\n")
    write_whole(file, ("\ufeff" + text).encode())
    return file
