"""The findings that lie in a run, as fingerprints: of whole files, and of what they say about one indicator.

Knows where findings lie and that they list indicators; must not know what is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from greenreport.run.digests import digest
from greenreport.run.task import PageTask

__all__ = ["Findings"]


@dataclass(frozen=True)
class Findings:
    """The findings of the pages that others are made from, as they were when they were looked at."""

    files: dict[str, bytes]

    @classmethod
    def of(cls, run_dir: Path, tasks: Iterable[PageTask]) -> Findings:
        """Read those that are there."""
        ids = dict.fromkeys(task.id for task in tasks if not task.reads_findings)
        paths = {page_id: run_dir / "data" / f"{page_id}.json" for page_id in ids}
        return cls({page_id: path.read_bytes() for page_id, path in paths.items() if path.is_file()})

    def digest(self, indicator: str | None) -> str:
        """The fingerprint of all findings, or of what they say about one indicator.

        A part about an indicator holds what its file says of the page as a whole (area, names, options), too.
        """
        if indicator not in self._digests:
            if indicator is None:
                told: dict[str, Any] = {page_id: digest(content) for page_id, content in self.files.items()}
            else:
                told = {page_id: _about(indicator, value) for page_id, value in self._values.items()}
            self._digests[indicator] = digest(told)
        return self._digests[indicator]

    @cached_property
    def _digests(self) -> dict[str | None, str]:
        return {}

    @cached_property
    def _values(self) -> dict[str, Any]:
        return {page_id: json.loads(content) for page_id, content in self.files.items()}


def _about(indicator: str, value: Any) -> Any:
    """What one page's findings say about an indicator; all of them where they are not by indicator."""
    listed = value.get("indicators") if isinstance(value, dict) else None
    if not isinstance(listed, list):
        return value
    own = [one for one in listed if not isinstance(one, dict) or one.get("id", indicator) == indicator]
    return {**value, "indicators": own}
