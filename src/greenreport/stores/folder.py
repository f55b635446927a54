"""A ledger in a folder: `ledger.toml`, one file of rows per import, one record per import under `imports/`.

The record is written first and the file of rows last, by one rename: that rename is the import. A record without its
file was interrupted and does not count. Nothing that stands under its final name is ever written again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from greenreport.atomic import write_whole
from greenreport.errors import LedgerError, RequestError
from greenreport.observations import COLUMNS
from greenreport.observations.csv_parts import csv_blocks
from greenreport.stores.base import Store
from greenreport.stores.import_record import Import, in_order
from greenreport.stores.rows import csv_lines, numbered, stacked
from greenreport.system import locked_folder, sync_folder
from greenreport.words import error

__all__ = ["FolderStore"]

Form = Literal["csv", "parquet"]
_RECORDS = "imports"
# Rows that are written at a time: their texts are held at once.
_BLOCK = 200_000


class FolderStore(Store):
    """A folder of CSV or Parquet parts, or one csv file (which can be read only)."""

    def __init__(self, path: Path, *, form: Form = "csv") -> None:
        super().__init__(str(path), name=path.name if path.is_dir() else path.stem)
        self.path = path
        self.form = form

    @classmethod
    def create(cls, path: Path, *, head: str, form: Form = "csv") -> FolderStore:
        """A folder with this `ledger.toml` and no rows yet."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "ledger.toml").write_text(head, encoding="utf-8")
        return cls(path, form=form)

    @property
    def parts(self) -> list[Path]:
        """The files of rows, by name."""
        return sorted(self.path.glob(f"*.{self.form}")) if self.path.is_dir() else [self.path]

    def head(self) -> str | None:
        """The text of `ledger.toml`."""
        file = self.path / "ledger.toml"
        return file.read_text(encoding="utf-8") if file.is_file() else None

    def raw(self) -> pd.DataFrame:
        """All rows as text, unchecked."""
        return stacked([block for part in self.parts for block in self._blocks(part)])

    def _blocks(self, part: Path) -> Iterator[pd.DataFrame]:
        if self.form == "csv":
            yield from csv_blocks(part)
            return
        import pyarrow.parquet as pq

        batches = pq.ParquetFile(part).iter_batches(batch_size=500_000)
        yield from numbered((batch.to_pandas() for batch in batches), file=part.name)

    def version(self) -> str:
        """Names, sizes and times of the parts."""
        facts = [f"{p.name} {p.stat().st_size} {p.stat().st_mtime_ns}" for p in self.parts]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()

    def append(self, rows: pd.DataFrame, record: Import, *, expected: str) -> Import:
        """Add rows as a new part."""
        if not self.path.is_dir():
            raise error(RequestError, "error.store.single_file", file=self.address)
        with self._locked():
            self._sweep()
            if self.version() != expected:
                raise error(LedgerError, "error.store.changed", file=self.address)
            part = self.path / f"{record.id}.{self.form}"
            if part.exists():
                raise error(LedgerError, "error.store.changed", file=self.address)
            temporary = self.path / f".{record.id}.{os.getpid()}.tmp"
            try:
                self._write(rows, temporary)
                kept = replace(record, part=part.name)
                write_whole(self.path / _RECORDS / f"{record.id}.json", kept.to_json().encode())
                sync_folder(self.path / _RECORDS)
                temporary.rename(part)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            sync_folder(self.path)
            return kept

    def imports(self) -> tuple[Import, ...]:
        """The records whose part is there."""
        out = []
        for file in sorted((self.path / _RECORDS).glob("*.json")):
            try:
                record = Import.from_json(file.read_text(encoding="utf-8"))
            except (ValueError, KeyError, TypeError):
                raise error(LedgerError, "error.store.record", file=file.name) from None
            if (self.path / record.part).is_file():
                out.append(record)
        return in_order(out)

    def _write(self, rows: pd.DataFrame, path: Path) -> None:
        """Write a part whole and on to the disk."""
        with path.open("wb") as file:
            (_write_csv if self.form == "csv" else _write_parquet)(rows, file)
            file.flush()
            os.fsync(file.fileno())

    def _sweep(self) -> None:
        """Remove what an interrupted import left; only the holder of the lock may."""
        for folder in (self.path, self.path / _RECORDS):
            for left in folder.glob(".*.tmp"):
                left.unlink(missing_ok=True)
        for file in (self.path / _RECORDS).glob("*.json"):
            if not (self.path / f"{file.stem}.{self.form}").exists():
                file.unlink()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the folder itself; the lock ends with the process, however that ends, and leaves no file behind."""
        with ExitStack() as stack:
            try:
                stack.enter_context(locked_folder(self.path))
            except OSError:
                raise error(LedgerError, "error.store.in_use", file=self.address) from None
            yield


def _write_csv(rows: pd.DataFrame, file: Any) -> None:
    file.write((",".join(COLUMNS) + "\n").encode())
    for start in range(0, len(rows), _BLOCK):
        file.write(csv_lines(rows.iloc[start : start + _BLOCK]))


def _write_parquet(rows: pd.DataFrame, file: Any) -> None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise error(RequestError, "error.store.needs_pyarrow") from None
    plain = rows[list(COLUMNS)].assign(vintage=rows["vintage"].to_numpy().astype("datetime64[D]"))
    table = pa.Table.from_pandas(plain, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, file, compression="zstd", row_group_size=500_000)
