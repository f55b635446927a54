"""Evidence that was made ready before pages ask for it (`preload`), kept until it is asked for.

Never stale: it is handed out only where the files hold, byte for byte, what they held. Knows nothing of what it keeps.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from greenreport.addresses import LedgerAddress

__all__ = ["Key", "keep", "kept", "key_of", "take"]

Key = tuple[str, str, str, str, date, str]

_ready: dict[Key, object] = {}


def keep(key: Key, evidence: object) -> None:
    """Keep evidence that was read when the files were those of the key."""
    _ready[key] = evidence


def kept(day: date) -> object | None:
    """What is kept for a day, to work out more of it; whoever takes it compares the files."""
    return next((evidence for key, evidence in _ready.items() if key[4] == day), None)


def take(*, plan: str | Path, areas: str | Path, data: str | Path, day: date) -> object | None:
    """What was prepared for these files as they are now, once; None where nothing was.

    Only once, so that a notebook that changes its evidence and loads it anew finds what the files hold.
    """
    if not _ready:
        return None
    key = key_of(str(plan), str(areas), str(data), day)
    return None if key is None else _ready.pop(key, None)


def key_of(plan: str, areas: str, data: str, day: date) -> Key | None:
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
