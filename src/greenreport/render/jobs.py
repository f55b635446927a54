"""What an engine is asked for, and the one time that its files may carry."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from greenreport.render.staging import Staged
from greenreport.render.volumes import Chapter

__all__ = ["FONTS", "STAGE", "Order", "timestamp"]

STAGE = "stage"
FONTS = f"{STAGE}/fonts"


@dataclass(frozen=True)
class Order:
    """One page to be set as `html` or `pdf`, with the digest of all it depends on, and the chapter to keep beside it."""

    staged: Staged
    format: str
    digest: str
    target: Path
    chapter: Chapter | None = None


def timestamp(as_of: str) -> int:
    """Midnight (UTC) of the data cut-off `YYYY-MM-DD`, in seconds since 1970."""
    return calendar.timegm(date.fromisoformat(as_of[:10]).timetuple())
