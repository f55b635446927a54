"""The manifest: what was asked of a run, what was made, what failed and why.

Holds nothing that differs between two machines or two moments: no clock, no absolute path. Must not know how
pages are made or rendered.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from greenreport.errors import RequestError
from greenreport.run.files import read_json, write_json
from greenreport.text import Text
from greenreport.words import both, error

__all__ = ["Manifest", "PageError", "PageRecord", "append", "read", "write"]

NAME = "manifest.json"
TEMPLATE = "papers-template.docx"
"""The user's Word template, kept with the run: rendering reads nothing else."""
JOURNAL = ".cache/journal.jsonl"
FORMAT = 1


@dataclass(frozen=True)
class PageError:
    """Why a page failed.

    Attributes:
        kind: `cell_raised`, `kernel_died`, `timed_out`, `memory_limit`, `languages_differ` or `internal`.
        zh: the cause and what to do, in Chinese.
        en: the same in English.
        cell: number of the cell as JupyterLab counts code cells, from 1; None if no cell was running.
        traceback: the last lines of the traceback.
    """

    kind: str
    zh: str
    en: str
    cell: int | None = None
    traceback: str = ""

    @classmethod
    def of(cls, kind: str, key: str, /, *, cell: int | None = None, **values: object) -> PageError:
        """An error in words of the catalogue."""
        text = both(key, **values)
        return cls(kind, text.zh, text.en, cell)


@dataclass(frozen=True)
class PageRecord:
    """One page in one language.

    Attributes:
        indicator: id of the indicator that the page is about; None where it is not about one.
        status: `done`, `failed` or `not_run`.
        key: fingerprint of everything the page depends on; empty while it has not run.
        parts: the fingerprints that the key is made of, by name, so that a change can be told.
        notebook: path of the executed notebook in the run; of a failed page, the one kept for post-mortem.
        result: path of the findings in the run, or None.
        digests: fingerprints of the files named here, by path.
    """

    id: str
    lang: str
    kind: str
    area: str | None
    year: int | None
    title: str
    indicator: str | None = None
    status: str = "not_run"
    key: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    notebook: str | None = None
    result: str | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    error: PageError | None = None


@dataclass(frozen=True)
class Manifest:
    """What stands in a run's `manifest.json`.

    Attributes:
        params: the parameter file as read, and under `file` its path relative to the project's root.
        digests: fingerprints of plan, roster, ledger (`files`: its files as they lay on the disk) and package.
        versions: versions of Python and the libraries.
        environment: how the libraries compare with the pinned ones (see
            [greenreport.run.digests.environment]).
        pages: in the order of the sweep, page by page, languages beside each other.
        level: what the plan's whole and its parts are called (see [greenreport.level.Level.to_json]).
    """

    run: str
    title: Text
    langs: tuple[str, ...]
    formats: tuple[str, ...]
    synthetic: bool
    as_of: str
    params: Mapping[str, Any]
    digests: Mapping[str, str]
    versions: Mapping[str, str]
    environment: Mapping[str, Any]
    pages: tuple[PageRecord, ...]
    level: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def _by_id(self) -> dict[tuple[str, str], PageRecord]:
        return {(page.id, page.lang): page for page in self.pages}

    def page(self, page_id: str, lang: str) -> PageRecord | None:
        """The record of a page in a language, or None."""
        return self._by_id.get((page_id, lang))

    @property
    def failed(self) -> tuple[PageRecord, ...]:
        """The pages that failed."""
        return tuple(page for page in self.pages if page.status == "failed")


def read(run_dir: Path) -> Manifest:
    """The manifest of a run, with what an interrupted build had still to add to it.

    Args:
        run_dir: the run's folder.

    Returns:
        Its pages in the order of the sweep.

    Raises:
        RequestError: there is none, or it is of another format.
    """
    path = run_dir / NAME
    try:
        raw = read_json(path)
        if raw["format"] != FORMAT:
            raise ValueError("format")
        pages = {(page["id"], page["lang"]): page for page in raw["pages"]}
        pages |= {(page["id"], page["lang"]): page for page in _journal(run_dir) if (page["id"], page["lang"]) in pages}
        return TypeAdapter(Manifest).validate_python({**raw, "pages": tuple(pages.values())})
    except OSError:
        raise error(RequestError, "run.no_manifest", file=run_dir) from None
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise error(RequestError, "run.manifest_unreadable", why=cause, file=path) from None


def _journal(run_dir: Path) -> list[dict[str, Any]]:
    """Records that were added since the manifest was last written; a last line cut short by a kill is left out."""
    path, found = run_dir / JOURNAL, []
    for line in path.read_bytes().split(b"\n") if path.is_file() else ():
        with suppress(ValueError):
            found.append(json.loads(line))
    return found


def write(run_dir: Path, manifest: Manifest) -> None:
    """Write the manifest in one step."""
    write_json(run_dir / NAME, {"format": FORMAT, **asdict(manifest)}, run_dir=run_dir)
    (run_dir / JOURNAL).unlink(missing_ok=True)


def append(run_dir: Path, record: PageRecord) -> None:
    """Add one record to the journal, which [read] takes in: at a cost that does not grow with the number of pages."""
    (run_dir / JOURNAL).parent.mkdir(parents=True, exist_ok=True)
    with (run_dir / JOURNAL).open("ab") as file:
        file.write(json.dumps(asdict(record), ensure_ascii=False, sort_keys=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
