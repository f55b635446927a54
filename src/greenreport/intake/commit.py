"""Writes a preview into a store, whole or not at all, with who, when and from which file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenreport import workbooks
from greenreport.errors import RequestError
from greenreport.intake import frames
from greenreport.intake.preview import Preview
from greenreport.intake.read_result import refusals_of
from greenreport.intake.reason import FIELDS
from greenreport.observations import admit, rows_digest, rules_of
from greenreport.spreadsheets import harmless
from greenreport.stores import Store
from greenreport.stores.base import described
from greenreport.stores.import_record import Import, ImportedFile

__all__ = ["commit", "write_refused"]


def commit(preview: Preview, store: Store, *, who: str, when: date, note: str = "") -> Import | None:
    """Add the new and changed rows of a preview to the ledger.

    Args:
        preview: what would be written, and the state of the ledger for which it holds.
        store: where the ledger is kept.
        who: who imports; kept in the log.
        when: the day of the import; kept in the log.
        note: anything else to keep in the log.

    Returns:
        The record of the import; None where there was nothing to write, and the store was not touched.

    Raises:
        LedgerError: the ledger changed since the preview, another import is running, or a row would make the ledger
            unreadable. Nothing was written.
        RequestError: nobody is named.
    """
    if not who.strip():
        raise RequestError.of(zh="请写明由谁导入（--who）。", en="Say who imports (--who).", field="who")
    rows = preview.writes
    if not len(rows):
        return None
    _gate(rows, preview, store)
    digest = rows_digest(rows)
    counts = preview.counts
    record = Import(
        id=f"{when.isoformat()}-{digest[:12]}",
        when=when,
        who=harmless(" ".join(who.split())[:200]),
        files=tuple(ImportedFile(f.name, f.digest, f.rows_in, f.accepted, f.refused) for f in preview.understood.files),
        new=counts["new"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        refused=counts["refused"],
        rows_digest=digest,
        note=harmless(" ".join(note.split())[:500]),
    )
    return store.append(rows, record, expected=preview.version)


def _gate(rows: pd.DataFrame, preview: Preview, store: Store) -> None:
    """Let nothing into a ledger that its own reader would refuse; that reader decides, not this package."""
    known = preview.ledger
    head = described(store.head(), name="import")
    synthetic = bool((rows["grade"] == "S").any())
    rules = rules_of(head, plan=known.plan, roster=known.roster, name="import", synthetic=synthetic)
    place = np.arange(2, len(rows) + 2, dtype=np.int32)
    admit(rows.assign(file=frames.constant("import", len(rows)), row=place), rules)


# Why each figure was refused, in both languages, and the columns to correct: names of `laid.RAW`.
_WHY = {
    "为什么退回": "why refused", "可能指": "candidates", "读到": "found", "文件": "file", "工作表": "sheet", "单元格": "cell",
}  # fmt: skip
_TYPED = (
    "indicator", "area", "area_code", "period", "months", "value", "unit", "kind", "scope", "vintage", "source", "note",
    "growth_pct",
)  # fmt: skip
_WIDTHS = (46, 28, 16, 20, 14, 9, 24, 14, 10, 14, 10, 14, 10, 11, 12, 14, 18, 18, 10)
_ZH = {"area_code": "区县代码", "area": "区县", "period": "年份", "months": "累计至月份", "growth_pct": "同比增速"}
_EN = {"area_code": "area code", "months": "months", "period": "period", "growth_pct": "growth"}


def write_refused(
    refused: pd.DataFrame, path: str | Path, *, lang: str = "zh", day: date, names: Mapping[str, str] | None = None
) -> Path:
    """Write refused figures as a workbook that can be corrected and handed in again.

    Each row has the reason, what was read and where, and the figure's own columns to correct; read back, it is a plain
    list, and the columns of reasons are passed over.

    Args:
        refused: as in `Understood.refused`.
        path: the workbook.
        lang: language of heads and reasons.
        day: the date inside the workbook, so that the same refusals give the same bytes.
        names: of indicators by id, which people know better than the ids that a template carries.
    """
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "退回" if lang == "zh" else "Refused"
    for n, head in enumerate(_heads(lang), start=1):
        workbooks.put(sheet, 1, n, head, workbooks.HEAD)
    rows = refused if len(refused) else frames.empty(frames.REFUSED)
    for row, (r, raw) in enumerate(zip(refusals_of(rows), rows.to_dict("records"), strict=True), start=2):
        candidates = ("；" if lang == "zh" else "; ").join(r.candidates)
        typed = {column: _as_read(raw, column) for column in _TYPED}
        typed["indicator"] = (names or {}).get(typed["indicator"], typed["indicator"])
        for n, text in enumerate(
            (r.reason[lang], candidates, r.read, r.file, r.sheet, r.cell, *typed.values()), start=1
        ):
            workbooks.put(sheet, row, n, text, workbooks.SHOWN if n <= len(_WHY) else workbooks.INPUT)
    workbooks.widths(sheet, _WIDTHS)
    workbooks.fit(sheet, 1, 1 + len(rows), least=24)
    workbooks.across_a_page(sheet)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    out = Path(path)
    workbooks.save(book, out, day=day)
    return out


def _heads(lang: str) -> list[str]:
    if lang == "zh":
        return [*_WHY, *(_ZH.get(c) or FIELDS[c][0] for c in _TYPED)]
    return [*_WHY.values(), *(_EN.get(c) or FIELDS[c][1] for c in _TYPED)]


def _as_read(raw: Mapping[Any, Any], column: str) -> str:
    """What was read for a column; blank where two things were said, so that one of them has to be chosen."""
    text = str(raw.get(f"raw_{column}", ""))
    if column == "unit" and not text and ";" not in str(raw.get("raw_unit_head", "")):
        text = str(raw.get("raw_unit_head", ""))
    if column == "value" and not text:
        text = str(raw.get("read", ""))
    contradicted = f"{column}_conflict" in str(raw.get("codes", "")).split(";")
    return "" if contradicted or raw.get(f"raw_{column}_against") else text
