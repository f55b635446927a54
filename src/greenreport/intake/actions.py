"""The whole of each `greenreport data` command as one call that returns records; printing is done elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from greenreport import checks
from greenreport.areas import Roster, load_roster
from greenreport.errors import LedgerError, Problem, RequestError
from greenreport.intake import history, template
from greenreport.intake.committing import commit, write_refused
from greenreport.intake.previewing import Preview, preview
from greenreport.intake.reading import read
from greenreport.intake.safety import safe_name
from greenreport.observations import Ledger, covered
from greenreport.observations.ledger import no_ledger
from greenreport.plan import Plan, load_plan
from greenreport.slips import nearest
from greenreport.spreadsheets import harmless
from greenreport.stores import Store, create_store, open_store
from greenreport.stores.record import Import
from greenreport.whole import write_whole

__all__ = [
    "Desk",
    "Prepared",
    "check",
    "coverage",
    "diff",
    "finish",
    "import_files",
    "known_as_of",
    "log",
    "new_ledger",
    "open_desk",
    "prepare",
    "send_back",
    "unsourced",
    "write_templates",
]


@dataclass(frozen=True)
class Desk:
    """What every command works with: the plan, the roster, and where the ledger is kept."""

    plan: Plan
    roster: Roster
    store: Store

    def ledger(self) -> Ledger:
        """The ledger as it is now."""
        return self.store.read(plan=self.plan, roster=self.roster)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A preview, with the ledger it was made against."""

    desk: Desk
    ledger: Ledger
    preview: Preview


def open_desk(*, data: str | Path, plan: str | Path = "data/plan", areas: str | Path = "data/areas") -> Desk:
    """Open plan, roster and store; errors as in `load_plan`, `load_roster` and `open_store`."""
    folder = Path(str(data).removeprefix("parquet:"))
    if folder.is_dir() and not (folder / "ledger.toml").is_file():
        raise LedgerError((no_ledger(folder),))
    return Desk(load_plan(plan), load_roster(areas), open_store(data))


def write_templates(
    desk: Desk,
    *,
    out: str | Path,
    areas: Sequence[str] | None = None,
    lang: template.Lang = "zh",
    as_of: date,
    each: bool = False,
) -> tuple[Path, ...]:
    """`data template`: workbooks to fill in; see `template.write`."""
    return template.write(
        desk.plan, desk.roster, desk.ledger(), out=out, areas=areas, lang=lang, as_of=as_of, each=each
    )


def prepare(
    desk: Desk,
    files: Sequence[str | Path],
    *,
    when: date,
    grade: str | None = None,
    source: str = "",
    given: Mapping[str, str] | None = None,
) -> Prepared:
    """The first half of `data import`: read the files and say what would be written. Writes nothing."""
    if missing := [Path(file) for file in files if not Path(file).is_file()]:
        raise RequestError(tuple(_no_file(file) for file in missing))
    version = desk.store.version()
    ledger = _ledger_or_empty(desk)
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
    return Prepared(desk, ledger, preview(understood, ledger, version=version, known_files=known))


def _no_file(file: Path) -> Problem:
    """That there is no such file, with the one beside it that may be meant; nothing is read then."""
    names = [p.name for p in file.parent.iterdir() if p.is_file()] if file.parent.is_dir() else []
    near = nearest(file.name, names, n=1)
    zh, en = (f"是否指{near[0]}？", f"Did you mean {near[0]}?") if near else ("请检查路径。", "Check the path.")
    what = ("这是一个文件夹，请写其中的文件。", "This is a folder; name the files in it.") if file.is_dir() else None
    return Problem(
        what[0] if what else f"没有这个文件。{zh}", what[1] if what else f"There is no such file. {en}", file
    )


def finish(prepared: Prepared, *, who: str, when: date, note: str = "") -> Import | None:
    """The second half of `data import`: write what was shown; None where nothing is new or changed."""
    return commit(prepared.preview, prepared.desk.store, who=who, when=when, note=note)


def import_files(
    desk: Desk,
    files: Sequence[str | Path],
    *,
    who: str,
    when: date,
    grade: str | None = None,
    source: str = "",
    given: Mapping[str, str] | None = None,
    refused_to: str | Path | None = None,
    lang: str = "zh",
    strict: bool = False,
    note: str = "",
) -> tuple[Prepared, Import | None, tuple[Path, ...] | None]:
    """`data import --yes`: read, preview and write in one go.

    Args:
        refused_to: workbook, or folder, for the refused figures; None: none is written.
        strict: write nothing if any figure is refused.

    Returns:
        What was understood, the record (None: nothing written), the workbooks of refused figures, one per file
        (None: not asked for).
    """
    prepared = prepare(desk, files, when=when, grade=grade, source=source, given=given)
    sent_back = send_back(prepared, refused_to, lang=lang, when=when) if refused_to is not None else None
    if strict and len(prepared.preview.refused):
        return prepared, None, sent_back
    return prepared, finish(prepared, who=who, when=when, note=note), sent_back


def unsourced(prepared: Prepared) -> int:
    """How many figures that would be written have nothing but their file's name as source."""
    rows = prepared.preview.rows
    written = (rows["status"] != "unchanged").to_numpy()
    return int((written & (rows["source"].astype(str) == rows["file"].astype(str).map(harmless)).to_numpy()).sum())


def send_back(prepared: Prepared, to: str | Path | None, *, lang: str, when: date) -> tuple[Path, ...]:
    """Write the refused figures as workbooks to correct, one for each file handed in; none where nothing is refused.

    Args:
        prepared: what was understood.
        to: a workbook, where one file has refusals; else a folder. None: beside the working directory's other files.
        lang: language of heads and reasons.
        when: the date inside the workbooks.
    """
    refused = prepared.preview.refused
    names = {i.id: i.name[lang] for i in prepared.desk.plan.indicators}
    files = list(dict.fromkeys(str(f) for f in refused["file"]))
    ending = "退回" if lang == "zh" else "refused"
    out: list[Path] = []
    for file in files:
        own = Path(f"{safe_name(Path(file).stem)}-{ending}.xlsx")
        if to is None:
            path = own
        elif len(files) == 1 and Path(to).suffix.casefold() == ".xlsx":
            path = Path(to)
        else:
            path = Path(to).with_suffix("") / own if Path(to).suffix.casefold() == ".xlsx" else Path(to) / own
        mine = refused[(refused["file"] == file).to_numpy()].reset_index(drop=True)
        out.append(write_refused(mine, path, lang=lang, day=when, names=names))
    return tuple(out)


def new_ledger(address: str | Path, *, title_zh: str, title_en: str) -> Store:
    """`data new`: an empty ledger of real figures, ready for imports; errors as in `create_store`."""
    head = "\n".join(
        (
            "# What this ledger is, and what its short codes mean. Unknown keys are refused.",
            "synthetic = false",
            "schema_version = 1",
            "",
            "[title]",
            f"zh = {json.dumps(title_zh, ensure_ascii=False)}",
            f"en = {json.dumps(title_en, ensure_ascii=False)}",
            "",
        )
    )
    return create_store(address, head=head)


def _ledger_or_empty(desk: Desk) -> Ledger:
    """The ledger; for a store that was just made, one without rows."""
    from greenreport.stores.heads import ledger_of
    from greenreport.stores.rows import stacked

    try:
        return desk.ledger()
    except LedgerError:
        if len(getattr(desk.store, "parts", ["database"])):
            raise
        return ledger_of(stacked([]), desk.store.head(), plan=desk.plan, roster=desk.roster, name=desk.store.address)


def check(desk: Desk, *, as_of: date | None = None, thresholds: checks.Thresholds | None = None) -> checks.CheckResult:
    """`data check`: everything wrong or unlikely; `exit_code` is 2 where there are errors."""
    return checks.check_store(desk.store, plan=desk.plan, roster=desk.roster, as_of=as_of, thresholds=thresholds)


def log(desk: Desk) -> tuple[Import, ...]:
    """`data log`: every import, oldest first."""
    return desk.store.imports()


def diff(desk: Desk, a: date, b: date, *, areas: Sequence[str] | None = None) -> tuple[history.Difference, ...]:
    """`data diff A B`: what became known or changed between two days."""
    return history.diff(desk.ledger(), a, b, areas=_codes(desk, areas))


def known_as_of(
    desk: Desk, day: date, *, areas: Sequence[str] | None = None, out: str | Path | None = None
) -> tuple[pd.DataFrame, Path | None]:
    """`data as-of`: the figures as known on a day, and the CSV they were written to, if any."""
    rows = history.as_of(desk.ledger(), day, areas=_codes(desk, areas))
    return rows, history.export_csv(rows, out) if out is not None else None


def coverage(
    desk: Desk, *, as_of: date, indicators: Sequence[str] | None = None, out: str | Path | None = None, lang: str = "zh"
) -> tuple[covered.Coverage, Ledger]:
    """`data coverage`: what is known by area and year; `out` takes the picture as SVG or the table as CSV.

    Raises:
        RequestError: `out` is neither.
    """
    ledger = desk.ledger()
    for id in indicators or ():
        desk.plan.indicator(id)
    found = covered.coverage(ledger, as_of=as_of, indicators=indicators)
    if out is not None:
        path = Path(out)
        if path.suffix == ".svg":
            write_whole(path, covered.svg(found, ledger, lang=lang).encode())
        elif path.suffix == ".csv":
            write_whole(path, found.cells.to_csv(index=False, lineterminator="\n").encode())
        else:
            raise RequestError.of(zh="--out应以.svg或.csv结尾。", en="--out must end in .svg or .csv.", file=path.name)
    return found, ledger


def _codes(desk: Desk, areas: Sequence[str] | None) -> list[str] | None:
    return None if areas is None else [desk.roster.find(a).code for a in areas]
