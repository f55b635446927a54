"""What the data commands do: a desk opened, files prepared and committed, refusals sent back, the ledger as of a day.

Nothing is printed here. Knows files and stores; must not know how a figure is read.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from greenreport import workbooks
from greenreport.areas import Roster, load_roster
from greenreport.atomic import write_whole
from greenreport.errors import Problem, RequestError
from greenreport.intake.preview import Preview, preview
from greenreport.intake.read_result import Refusal
from greenreport.intake.reading import read
from greenreport.intake.reason import heads
from greenreport.intake.safety import safe_name
from greenreport.observations import COLUMNS, FIGURES, Ledger, check, frames, rows_digest, rules_of
from greenreport.plan import Plan, load_plan
from greenreport.spreadsheets import harmless
from greenreport.stores import Store, create_store, open_store
from greenreport.stores.base import described
from greenreport.stores.import_record import Import, ImportedFile
from greenreport.stores.rows import csv_lines
from greenreport.typing_slips import nearest
from greenreport.words import both, error, problem

__all__ = [
    "Desk", "as_of", "commit", "diff", "export_csv", "new_ledger", "open_desk", "prepare", "send_back",
    "unsourced", "write_refused",
]  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """What every command works with: the plan, the roster, and where the ledger is kept."""

    plan: Plan
    roster: Roster
    store: Store

    def ledger(self) -> Ledger:
        """The ledger as it is now."""
        return self.store.read(plan=self.plan, roster=self.roster)

    def codes(self, areas: Sequence[str] | None) -> list[str] | None:
        """The codes of areas given by code or name; None: all areas."""
        return None if areas is None else [self.roster.find(area).code for area in areas]


def open_desk(*, data: str | Path, plan: str | Path = "data/plan", areas: str | Path = "data/areas") -> Desk:
    """Open plan, roster and store; errors as in `load_plan`, `load_roster` and `open_store`."""
    store = open_store(data)
    return Desk(load_plan(plan), load_roster(areas), store)


def prepare(
    desk: Desk,
    files: Sequence[str | Path],
    *,
    when: date,
    grade: str | None = None,
    source: str = "",
    given: Mapping[str, str] | None = None,
) -> Preview:
    """Read the files and say what would be written. Writes nothing."""
    if missing := [Path(file) for file in files if not Path(file).is_file()]:
        raise RequestError(tuple(_no_file(file) for file in missing))
    version = desk.store.version()
    ledger = desk.ledger()
    understood = read(
        files,
        plan=desk.plan,
        roster=desk.roster,
        when=when,
        ledger=ledger,
        grade=grade or "",
        source=source,
        given=given,
        any_scope=desk.store.head() is None,
    )
    known = {f.digest for record in desk.store.imports() for f in record.files}
    return preview(understood, ledger, version=version, known_files=known)


def _no_file(file: Path) -> Problem:
    """That there is no such file, with the one beside it that may be meant; nothing is read then."""
    names = [p.name for p in file.parent.iterdir() if p.is_file()] if file.parent.is_dir() else []
    near = nearest(file.name, names, n=1)
    which = "folder" if file.is_dir() else "near" if near else "alone"
    return problem(f"intake.no_file.{which}", file, near=near)


def unsourced(shown: Preview) -> int:
    """How many real figures that would be written have nothing but their file's name as source."""
    if shown.ledger.synthetic:
        return 0
    rows = shown.rows
    written = (rows["status"] != "unchanged").to_numpy()
    return int((written & (rows["source"].astype(str) == rows["file"].astype(str).map(harmless)).to_numpy()).sum())


def commit(preview: Preview, store: Store, *, who: str, when: date, note: str = "") -> Import | None:
    """Add the new and changed rows of a preview to the ledger; who, when and the note are kept in the log.

    Returns:
        The record of the import; None where there was nothing to write, and the store was not touched.

    Raises:
        LedgerError: the ledger changed since the preview, another import is running, or a row would make the ledger
            unreadable. Nothing was written.
        RequestError: nobody is named.
    """
    if not who.strip():
        raise error(RequestError, "intake.nobody", field="who")
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
    check(rows.assign(file=frames.constant("import", len(rows)), row=place), rules)


# The columns to correct, by the names of `RAW`; before them stands why each figure was refused.
_TYPED = (
    "indicator", "area", "area_code", "period", "months", "value", "unit", "kind", "scope", "vintage", "source", "note",
    "growth_pct",
)  # fmt: skip
_WIDTHS = (46, 28, 16, 20, 14, 9, 24, 14, 10, 14, 10, 14, 10, 11, 12, 14, 18, 18, 10)


def write_refused(
    refused: Sequence[Refusal], path: str | Path, *, lang: str = "zh", day: date, names: Mapping[str, str] | None = None
) -> Path:
    """Write refused figures as a workbook that can be corrected and handed in again.

    Each row has the reason, what was read and where, and the figure's own columns to correct; read back, it is a plain
    list, and the columns of reasons are passed over. `day` stands in the workbook, so that the same refusals give the same
    bytes; `names` of indicators by id, which people know better than the ids that a template carries.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = both("intake.returned")[lang]
    workbooks.put_row(sheet, 1, heads("returned", lang), workbooks.HEAD)
    for row, r in enumerate(refused, start=2):
        candidates = ("；" if lang == "zh" else "; ").join(r.candidates)
        typed = {column: _as_read(r, column) for column in _TYPED}
        typed["indicator"] = (names or {}).get(typed["indicator"], typed["indicator"])
        why = (r.reason[lang], candidates, r.read, r.file, r.sheet, r.cell)
        for n, text in enumerate((*why, *typed.values()), start=1):
            workbooks.put(sheet, row, n, text, workbooks.SHOWN if n <= len(why) else workbooks.INPUT)
    workbooks.widths(sheet, _WIDTHS)
    workbooks.fit(sheet, 1, 1 + len(refused), least=24)
    workbooks.across_a_page(sheet)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    out = Path(path)
    workbooks.save(book, out, day=day)
    return out


def _as_read(refused: Refusal, column: str) -> str:
    """What was read for a column; blank where two things were said, so that one of them has to be chosen."""
    if f"{column}_conflict" in refused.codes or refused.texts.get(f"{column}_against"):
        return ""
    text, head = (refused.texts.get(name, "") for name in (column, "unit_head"))
    if column == "unit":
        return text or (head if ";" not in head else "")
    if column == "note":
        return text or refused.texts.get("correction", "")
    return text or (refused.read if column == "value" else "")


def send_back(shown: Preview, to: Path | None, *, lang: str, when: date) -> tuple[Path, ...]:
    """Write the refused figures as workbooks to correct, one for each file handed in; none where nothing is refused.

    `to` is a workbook, where one file has refusals, else a folder; None: the working directory. `when` is the date in them.
    """
    names = {i.id: i.name[lang] for i in shown.ledger.plan.indicators}
    files = list(dict.fromkeys(one.file for one in shown.refused))
    ending = both("intake.outcome.refused")[lang]
    one_book = to is not None and to.suffix.casefold() == ".xlsx"
    folder = Path() if to is None else to.with_suffix("") if one_book else to
    out: list[Path] = []
    for file in files:
        own = folder / f"{safe_name(Path(file).stem)}-{ending}.xlsx"
        path = to if to is not None and one_book and len(files) == 1 else own
        mine = [one for one in shown.refused if one.file == file]
        out.append(write_refused(mine, path, lang=lang, day=when, names=names))
    return tuple(out)


def new_ledger(address: str | Path, *, title_zh: str, title_en: str) -> Store:
    """An empty ledger of real figures, ready for imports; errors as in `create_store`."""
    head = f"""\
# What this ledger is, and what its short codes mean. Unknown keys are refused.
synthetic = false
schema_version = 1

[title]
zh = {json.dumps(title_zh, ensure_ascii=False)}
en = {json.dumps(title_en, ensure_ascii=False)}
"""
    return create_store(address, head=head)


def diff(ledger: Ledger, a: date, b: date, *, areas: Collection[str] | None = None) -> pd.DataFrame:
    """What the ledger knew on day `b` and did not know, or knew otherwise, on day `a`.

    Args:
        ledger: the ledger.
        a: the earlier day.
        b: the later day.
        areas: codes; None: all areas.

    Returns:
        The ledger's columns of the later figure; `value_old` and `vintage_old` of the earlier one, NaN and NaT where there
        was none; and `status`, "new" or "changed".

    Raises:
        RequestError: `b` does not lie after `a`.
    """
    if b <= a:
        raise error(RequestError, "intake.days_reversed", first=a, second=b)
    later = _known_on(ledger, b, areas)
    later = later[later["vintage"] > np.datetime64(a, "s")]
    key = ["indicator", "area", "scope", "period", "as_observed"]
    before = _known_on(ledger, a, areas).drop_duplicates(key, keep="last")[[*key, "value", "vintage", "kind"]]
    both = later.merge(before, on=key, how="left", suffixes=("", "_old"))
    changed = both[(both["value"] != both["value_old"]) | (both["kind"] != both["kind_old"].astype(both["kind"].dtype))]
    return changed.assign(status=np.where(changed["vintage_old"].isna(), "new", "changed"))


def _known_on(ledger: Ledger, day: date, areas: Collection[str] | None) -> pd.DataFrame:
    """The figures of some areas as known on a day, with the kind that a provisional figure is compared as."""
    known = ledger.as_of(day).frame
    known = known if areas is None else known[known["area"].isin(list(areas))]
    kind = known["kind"].astype(str)
    return known.assign(as_observed=kind.mask(kind.isin(FIGURES), FIGURES[0]))


def as_of(ledger: Ledger, day: date, *, areas: Collection[str] | None = None) -> pd.DataFrame:
    """The figures as known on a day, one row each, in the ledger's columns."""
    return _known_on(ledger, day, areas)[list(COLUMNS)].reset_index(drop=True)


def export_csv(rows: pd.DataFrame, path: str | Path) -> Path:
    """Write rows of the ledger as CSV for a spreadsheet: UTF-8 with a byte-order mark, no cell that starts a formula.

    The file can be imported again as it is.
    """
    safe = rows.assign(
        **{c: rows[c].astype(str).map(harmless) for c in COLUMNS if c not in ("value", "growth_pct", "vintage")}
    )
    out = Path(path)
    write_whole(out, ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode() + csv_lines(safe, end="\r\n"))
    return out
