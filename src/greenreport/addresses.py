"""Interprets ledger addresses, for every module that opens, copies or fingerprints a ledger.

A folder or csv file, `parquet:FOLDER`, a `.duckdb` file (also `duckdb:FILE`), or the URL of a database. Opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

__all__ = ["LedgerAddress"]


@dataclass(frozen=True)
class LedgerAddress:
    """Where a ledger is kept: `form`, and its `path` or, for a database, its `url`."""

    form: Literal["folder", "parquet", "duckdb", "database"]
    path: Path = Path()
    url: str = ""

    @classmethod
    def of(cls, address: str | Path) -> LedgerAddress:
        """Read an address as people write it."""
        text = str(address)
        if text.startswith("duckdb:"):
            return cls("duckdb", Path(text.removeprefix("duckdb:///").removeprefix("duckdb:")))
        if "://" in text:
            return cls("database", url=text)
        if text.startswith("parquet:"):
            return cls("parquet", Path(text.removeprefix("parquet:")))
        path = Path(text)
        return cls("duckdb" if path.suffix == ".duckdb" else "folder", path)

    @property
    def in_files(self) -> bool:
        """Whether it is kept in a file or folder, and not in a database."""
        return self.form != "database"

    @property
    def folder(self) -> Path:
        """Where files that lie beside the figures would be; for a database, a place that is not there."""
        return self.path if self.in_files else Path(self.url.partition("?")[0])

    def under(self, root: Path) -> LedgerAddress:
        """The same address, with a relative path seen from `root`."""
        return replace(self, path=root / self.path) if self.in_files else self

    def __str__(self) -> str:
        if not self.in_files:
            return self.url
        return str(self.path) if self.form == "folder" else f"{self.form}:{self.path}"
