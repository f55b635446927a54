"""What is kept of every import: who, when, from which files, how much. Knows neither files nor stores."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

__all__ = ["Import", "ImportedFile", "in_order"]


@dataclass(frozen=True)
class ImportedFile:
    """A file that figures came from: name, SHA-256, and what became of its figures."""

    name: str
    digest: str
    rows_in: int
    accepted: int
    refused: int


@dataclass(frozen=True)
class Import:
    """One import into a ledger.

    `id` is made of the day and the digest of the rows written; `part` is where they stand (a file of the folder; the
    import's id in a database).
    """

    id: str
    when: date
    who: str
    files: tuple[ImportedFile, ...]
    new: int
    changed: int
    unchanged: int
    refused: int
    rows_digest: str
    note: str = ""
    part: str = ""

    def to_json(self) -> str:
        """The record as JSON, the same for the same record."""
        data = asdict(self) | {"when": self.when.isoformat()}
        return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Import:
        """The record that `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError: the text is no such record.
        """
        data = json.loads(text)
        data.pop("part_digest", None)  # earlier records hold it
        files = tuple(ImportedFile(**f) for f in data.pop("files"))
        return cls(**(data | {"files": files, "when": date.fromisoformat(data["when"])}))


def in_order(records: Iterable[Import]) -> tuple[Import, ...]:
    """Records by day and id."""
    return tuple(sorted(records, key=lambda r: (r.when, r.id)))
