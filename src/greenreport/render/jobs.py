"""What an engine is asked for, and the one time that its files may carry."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from greenreport.render.staging import Staged
from greenreport.render.volumes import Chapter

__all__ = ["FONTS", "STAGE", "Order", "timestamp"]

STAGE = "stage"
FONTS = f"{STAGE}/fonts"


@dataclass(frozen=True)
class Order:
    """One page to be set in one format.

    Args:
        staged: the page.
        format: `html` or `pdf`.
        digest: of everything that the result depends on.
        target: where the result will lie.
        chapter: which chapter of the combined report to keep at the same time; none by default.
    """

    staged: Staged
    format: str
    digest: str
    target: Path
    chapter: Chapter | None = None


def timestamp(as_of: str) -> int:
    """Midnight (UTC) of the data cut-off `YYYY-MM-DD`, in seconds since 1970."""
    day = dt.date.fromisoformat(as_of[:10])
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())
