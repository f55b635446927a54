"""An import from the files handed in to what would be written, and what goes back; printing is done elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from greenreport.areas import Roster, load_roster
from greenreport.errors import LedgerError, Problem, RequestError
from greenreport.intake.commit import write_refused
from greenreport.intake.preview import Preview, preview
from greenreport.intake.reading import read
from greenreport.intake.safety import safe_name
from greenreport.observations import Ledger
from greenreport.observations.ledger import no_ledger
from greenreport.plan import Plan, load_plan
from greenreport.spreadsheets import harmless
from greenreport.stores import Store, create_store, open_store
from greenreport.stores.base import ledger_of
from greenreport.stores.rows import stacked
from greenreport.typing_slips import nearest

__all__ = ["Desk", "new_ledger", "open_desk", "prepare", "send_back", "unsourced"]


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

    def ledger_or_empty(self) -> Ledger:
        """The ledger; for a store that was just made, one without rows."""
        try:
            return self.ledger()
        except LedgerError:
            if len(getattr(self.store, "parts", ["database"])):
                raise
            name = self.store.address
            return ledger_of(stacked([]), self.store.head(), plan=self.plan, roster=self.roster, name=name)


def open_desk(*, data: str | Path, plan: str | Path = "data/plan", areas: str | Path = "data/areas") -> Desk:
    """Open plan, roster and store; errors as in `load_plan`, `load_roster` and `open_store`."""
    folder = Path(str(data).removeprefix("parquet:"))
    if folder.is_dir() and not (folder / "ledger.toml").is_file():
        raise LedgerError((no_ledger(folder),))
    return Desk(load_plan(plan), load_roster(areas), open_store(data))


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
    ledger = desk.ledger_or_empty()
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
    zh, en = (f"是否指{near[0]}？", f"Did you mean {near[0]}?") if near else ("请检查路径。", "Check the path.")
    what = ("这是一个文件夹，请写其中的文件。", "This is a folder; name the files in it.") if file.is_dir() else None
    return Problem(
        what[0] if what else f"没有这个文件。{zh}", what[1] if what else f"There is no such file. {en}", file
    )


def unsourced(shown: Preview) -> int:
    """How many real figures that would be written have nothing but their file's name as source."""
    if shown.ledger.synthetic:
        return 0
    rows = shown.rows
    written = (rows["status"] != "unchanged").to_numpy()
    return int((written & (rows["source"].astype(str) == rows["file"].astype(str).map(harmless)).to_numpy()).sum())


def send_back(shown: Preview, to: Path | None, *, lang: str, when: date) -> tuple[Path, ...]:
    """Write the refused figures as workbooks to correct, one for each file handed in; none where nothing is refused.

    Args:
        shown: what was understood.
        to: a workbook, where one file has refusals; else a folder. None: the working directory.
        lang: language of heads and reasons.
        when: the date inside the workbooks.
    """
    refused = shown.refused
    names = {i.id: i.name[lang] for i in shown.ledger.plan.indicators}
    files = list(dict.fromkeys(str(f) for f in refused["file"]))
    ending = "退回" if lang == "zh" else "refused"
    one_book = to is not None and to.suffix.casefold() == ".xlsx"
    folder = Path() if to is None else to.with_suffix("") if one_book else to
    out: list[Path] = []
    for file in files:
        own = folder / f"{safe_name(Path(file).stem)}-{ending}.xlsx"
        path = to if to is not None and one_book and len(files) == 1 else own
        mine = refused[(refused["file"] == file).to_numpy()].reset_index(drop=True)
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
