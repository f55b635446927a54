"""What a page depends on, as fingerprints: the page is redone when, and only when, one of them changes.

Knows the inputs of pages; must not execute anything. The fingerprints that are slow to compute (the rows of
the ledger that each page reads) are remembered in the run's folder beside the fingerprint of the ledger's
files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from greenreport.plan import Plan, load_plan
from greenreport.run import notebook
from greenreport.run.digests import digest, environment, folder_digest, package_digest, versions
from greenreport.run.kinds import TASK_READERS
from greenreport.run.manifest import PageRecord
from greenreport.run.memory import Memory
from greenreport.run.params import RunParams
from greenreport.run.task import PageTask
from greenreport.tasks import load_tasks
from greenreport.words import t

__all__ = ["Inputs", "Told", "findings", "key", "reason", "rows_key"]

MEMORY = ".cache/inputs.json"


Told = Callable[[str | None], str]
"""The fingerprint of the findings that other pages are made from: of all (None), or of what they say about an indicator.

A part about an indicator holds what its file says of the page as a whole (area, names, options), too.
"""


def findings(run_dir: Path, tasks: Iterable[PageTask]) -> Told:
    """Read the findings that are there now, for their fingerprints."""
    paths = {task.id: run_dir / "data" / f"{task.id}.json" for task in tasks if not task.reads_findings}
    files = {page_id: path.read_bytes() for page_id, path in paths.items() if path.is_file()}
    values = cache(lambda: {page_id: json.loads(content) for page_id, content in files.items()})

    @cache
    def told(indicator: str | None) -> str:
        if indicator is None:
            return digest({page_id: digest(content) for page_id, content in files.items()})
        return digest({page_id: _about(indicator, value) for page_id, value in values().items()})

    return told


def _about(indicator: str, value: Any) -> Any:
    """What one page's findings say about an indicator; all of them where they are not by indicator."""
    listed = value.get("indicators") if isinstance(value, dict) else None
    if not isinstance(listed, list):
        return value
    own = [one for one in listed if not isinstance(one, dict) or one.get("id", indicator) == indicator]
    return {**value, "indicators": own}


@dataclass
class Inputs:
    """The inputs of a run, read once per build; most of them as digests.

    Attributes:
        files: of the ledger's files as they lie on the disk; empty for a database.
        tasks: of the reported status of tasks; read by the overview and the annex of tasks.
        rows: of the rows that pages read, by [rows_key].
        latest: the day of the ledger's latest vintage, ISO; None where it has no figures.
        notebooks: the notebooks' JSON by path; `codes`: their fingerprints.
    """

    params: RunParams
    plan: Plan
    roster: str
    files: str
    ledger: str
    synthetic: bool
    tasks: str
    rows: dict[str, str]
    latest: str | None
    notebooks: dict[str, dict[str, Any]]
    codes: dict[str, str]
    environment: Mapping[str, Any]

    @classmethod
    def read(cls, params: RunParams, tasks: Sequence[PageTask], run_dir: Path, *, roster: Any) -> Inputs:
        """Read and check the plan, and the ledger too unless its files are those of the last build.

        Raises:
            PlanError: the plan's files are wrong.
            LedgerError: the ledger's rows are wrong; all bad rows are told.
        """
        plan = load_plan(params.root / params.plan)
        files = folder_digest(params.ledger.path) if params.ledger.in_files else ""
        wanted = {rows_key(task): task for task in tasks}
        source = _source(files, plan.digest, roster.digest)
        known = Memory(run_dir, MEMORY).recall("ledger", source) if files else None
        if known is None or not wanted.keys() <= known["rows"].keys():
            known = _read_ledger(params, plan, roster, wanted)
        notebooks = {name: notebook.read(params.notebook(name)) for name in {task.notebook for task in tasks}}
        return cls(
            params=params,
            plan=plan,
            roster=roster.digest,
            files=files,
            notebooks=notebooks,
            codes={name: notebook.code_digest(nb) for name, nb in notebooks.items()},
            environment=environment(params.root),
            **known,
        )

    def remember(self, run_dir: Path) -> None:
        """Keep what was computed for the next build of this run."""
        known = {name: getattr(self, name) for name in ("ledger", "synthetic", "tasks", "rows", "latest")}
        memory = Memory(run_dir, MEMORY)
        memory.keep("ledger", _source(self.files, self.plan.digest, self.roster), known)
        memory.save()

    def parts(self, task: PageTask, told: Told) -> dict[str, str]:
        """The fingerprints that make up a page's key, by name."""
        others = {"findings": told(task.indicator)} if task.reads_findings else {}
        if task.kind in TASK_READERS:
            others["tasks"] = self.tasks
        return {
            "notebook": self.codes[task.notebook],
            "parameters": digest({"values": dict(task.parameters)}),
            "data": self.rows[rows_key(task)],
            **others,
            "plan": self.plan.digest,
            "roster": self.roster,
            "package": package_digest(),
            "libraries": digest(versions()),
            "page": digest(
                [task.id, task.kind, task.title, task.subtitle, task.group, self.synthetic, dict(self.environment)]
            ),
        }

    def front(self, task: PageTask, parts: Mapping[str, str]) -> dict[str, Any]:
        """The front matter of a page."""
        own = {name: value for name, value in task.parameters.items() if name not in _PLUMBING}
        return {
            "title": task.title,
            "subtitle": task.subtitle,
            "lang": "zh-CN" if task.lang == "zh" else "en",
            "date": task.as_of,
            "description": t("page.description", task.lang, title=task.title, subtitle=task.subtitle, as_of=task.as_of),
            "greenreport": {
                "page": task.id,
                "lang": task.lang,
                "kind": task.kind,
                **({"indicator": task.indicator} if task.indicator else {}),
                **({"group": task.group} if task.group else {}),
                "synthetic": self.synthetic,
                "footer": {
                    "as_of": task.as_of,
                    "ledger": parts["data"],
                    "plan": f"{self.plan.version} · {self.plan.digest[:16]}",
                    "package": f"greenreport {versions()['greenreport']} · {package_digest()}",
                    "libraries": {name: found for name, found in versions().items() if name != "greenreport"},
                    "parameters": own,
                    "environment": self.environment["verdict"],
                },
            },
        }


_PLUMBING = {"lang", "area", "indicator", "as_of"}


def rows_key(task: PageTask) -> str:
    """The name under which the digest of a page's rows is kept: day, areas and indicator, whatever the page."""
    return f"{_until(task)} {' '.join(task.reads)} / {digest(list(task.reads_base))} {task.indicator or ''}".rstrip()


def _until(task: PageTask) -> str:
    """The day up to which a page sees figures: that of the outcomes where it looks back."""
    return str(task.parameters.get("outcome_as_of") or task.as_of)


def _source(files: str, plan: str, roster: str) -> str:
    """The fingerprint of what the digests of rows are reckoned from."""
    return digest([files, plan, roster, package_digest()])


def _read_ledger(params: RunParams, plan: Any, roster: Any, wanted: Mapping[str, PageTask]) -> dict[str, Any]:
    # pandas: half a second that most no-ops can do without
    from greenreport.observations import rows_digest
    from greenreport.stores import open_ledger

    ledger = open_ledger(params.ledger, plan=plan, roster=roster)
    views = {day: ledger.as_of(date.fromisoformat(day)) for day in {_until(task) for task in wanted.values()}}
    head = digest(repr((ledger.title, ledger.source_note, sorted(ledger.context.items()), sorted(ledger.scopes.items()),
                        sorted(ledger.notes.items()), ledger.synthetic)).encode())  # fmt: skip

    @cache
    def base(day: str, areas: tuple[str, ...]) -> str:
        frame = views[day].rows(areas=list(areas))
        of_year = frame["period"].astype(str).str.contains(str(plan.baseline_year), regex=False)
        return rows_digest(frame[of_year].reset_index(drop=True))

    rows = {}
    for key, task in wanted.items():
        day = _until(task)
        about = plan.indicator(task.indicator).ledger_ids if task.indicator else None
        own = views[day].rows(areas=list(task.reads), indicators=about)
        places = sorted(f"{file}:{row}" for file, row in zip(own["file"], own["row"], strict=True))  # pages cite them
        rows[key] = digest([head, rows_digest(own), digest(list(places)), base(day, task.reads_base)])
    for key, borrowed in _borrowed(plan, roster, ledger, wanted).items():
        rows[key] = digest([rows[key], borrowed])
    return {
        "ledger": ledger.digest,
        "synthetic": ledger.synthetic,
        "tasks": load_tasks(params.ledger.folder, plan=plan).digest,
        "latest": ledger.frame["vintage"].max().date().isoformat() if len(ledger.frame) else None,
        "rows": rows,
    }


def _borrowed(plan: Any, roster: Any, ledger: Any, wanted: Mapping[str, PageTask]) -> dict[str, str]:
    """What each page takes from areas whose rows it does not read (`assess.prior.borrowed_key`), by [rows_key]."""
    from greenreport.assess import Evidence, Options
    from greenreport.assess.prior import borrowed_key

    names = {field.name for field in fields(Options)}
    evidence = cache(lambda day: Evidence(plan, roster, ledger, date.fromisoformat(day)))

    @cache
    def borrowed(day: str, chosen: frozenset[tuple[str, Any]]) -> str:
        return borrowed_key(evidence(day), Options(**dict(chosen)))

    def chosen(task: PageTask) -> frozenset[tuple[str, Any]]:
        told = ((name, value) for name, value in task.parameters.items() if name in names)
        return frozenset((name, tuple(value) if isinstance(value, list) else value) for name, value in told)

    return {key: borrowed(task.as_of, chosen(task)) for key, task in wanted.items()}


def key(task: PageTask, parts: Mapping[str, str]) -> str:
    """The fingerprint of everything that a page depends on."""
    return digest([task.id, task.lang, dict(parts)])


def reason(task: PageTask, parts: Mapping[str, str], record: PageRecord | None, *, run_dir: Path, forced: bool) -> str:
    """The first reason why a page must run, as a key of `remake` in the catalogues; `current` if it need not."""
    if record is None or (record.status == "not_run" and not record.key):
        return "new"
    if record.status == "failed":
        return "failed"
    if forced:
        return "forced"
    if record.key != key(task, parts):
        changed = [name for name in parts if record.parts.get(name) != parts[name]]
        return changed[0] if changed else "new"
    # The page's files must be there and hold what they held when they were made.
    intact = all(
        (run_dir / name).is_file() and digest((run_dir / name).read_bytes()) == expected
        for name, expected in record.digests.items()
    )
    return "current" if intact else "missing"
