"""Evidence made ready before pages ask for it, in the process from which their kernels are forked.

All pages of a run read the same plan, roster and ledger, and a district's page looks up every district's baseline. What
one page would find out is found out once; each forked kernel takes its copy. Never stale: it is handed out only where
the files hold, byte for byte, what they held. Knows nothing of servers or kernels.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from greenreport.addresses import LedgerAddress

__all__ = ["prepare", "take"]

MOST_DAYS = 4
"""Cut-offs that are prepared; a run of many years holds one view of the ledger for each."""

Key = tuple[str, str, str, str, date, str]

_ready: dict[Key, object] = {}


def prepare(
    *, root: str, plan: str, areas: str, data: str, days: Sequence[str], options: Mapping[str, Any] | None = None
) -> None:
    """Load the evidence and look up what every page of a city or district looks up.

    Args:
        root: the folder that relative paths are seen from.
        plan: as pages name it to `Evidence.load`; so are `areas` and `data`.
        areas: the roster.
        data: the ledger, a folder or a file; other stores are not prepared.
        days: data cut-offs, ISO, those of most pages first.
        options: values of [Options]; names that it lacks are left out.
    """
    from greenreport.assess import assess, past_verdicts, sensitivity
    from greenreport.assess.evidence import Evidence
    from greenreport.assess.model import Options

    known = {field.name for field in fields(Options)}
    chosen = Options(**{name: value for name, value in (options or {}).items() if name in known})
    with contextlib.chdir(root):
        for day in [date.fromisoformat(text) for text in days[:MOST_DAYS]]:
            if (key := _key(plan, areas, data, day)) is None:
                return
            evidence = Evidence.load(plan=plan, areas=areas, data=data, as_of=day)
            for area in (evidence.area(evidence.plan.area), *evidence.districts[:1]):
                found = assess(evidence, area=area.code, options=chosen)
                past_verdicts(evidence, found.indicators, area=area, options=chosen)
                sensitivity(evidence, found.indicators, area=area, options=chosen)
            if _key(plan, areas, data, day) == key:  # nobody wrote while they were read
                _ready[key] = evidence


def take(*, plan: str | Path, areas: str | Path, data: str | Path, day: date) -> object | None:
    """What was prepared for these files as they are now, once; None where nothing was.

    Only once, so that a notebook that changes its evidence and loads it anew finds what the files hold.
    """
    if not _ready:
        return None
    key = _key(str(plan), str(areas), str(data), day)
    return None if key is None else _ready.pop(key, None)


def _key(plan: str, areas: str, data: str, day: date) -> Key | None:
    """What the evidence of a day is made from; None where it is not made from files alone."""
    total = hashlib.sha256()
    ledger = LedgerAddress.of(data)
    if ledger.form != "folder":
        return None
    for start in (Path(plan), Path(areas), ledger.path):
        if not start.exists():
            return None
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                total.update(f"{path}\0{len(content)}\0".encode() + content)
    return str(Path.cwd()), plan, areas, data, day, total.hexdigest()
