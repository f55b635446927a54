"""From a run's pages to staged ones, ready for either engine.

A page that failed, or can't be staged, becomes a page that says so. This module must not know how a document is
typeset.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import yaml

from greenreport.errors import GreenReportError
from greenreport.render.cells import escape, markdown_cell, read_cells
from greenreport.render.front_matter import composed, facts, front_matter
from greenreport.render.glyphs import beyond_ascii, covered
from greenreport.render.navigation import without_dead_ends
from greenreport.render.source import Page, Run
from greenreport.render.tables import Table
from greenreport.render.words import mark, word

__all__ = ["Staged", "assemble", "stage_failure", "stage_page"]


_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_json = partial(json.dumps, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Staged:
    """One page ready for an engine.

    Args:
        notebook: the staged notebook (nbformat 4).
        facts: what it rests on, (name, value) each.
        svgs: label of each figure → its still picture.
        given: the front matter of the executed notebook, as it was.
        tables: its tables for download, in the order of the page.
        error: why the page says that it could not be made, where its notebook could not be staged.
    """

    page: Page
    notebook: dict[str, Any]
    title: str
    facts: tuple[tuple[str, str], ...]
    svgs: dict[str, str]
    given: dict[str, Any] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    error: GreenReportError | None = None

    def source(self) -> bytes:
        """The staged notebook as it is written: the same inputs give the same bytes."""
        # One cell a line: fit for a diff. Quarto wants the lines of a cell's own text one by one, as Jupyter writes them.
        parts = {**self.notebook, "cells": None}
        lines = [_json({**cell, "source": cell["source"].splitlines(True)}) for cell in self.notebook["cells"]]
        cells = '"cells": [\n' + ",\n".join(lines) + "\n]"
        return (_json(parts).replace('"cells": null', cells, 1) + "\n").encode()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of its source."""
        return hashlib.sha256(self.source()).hexdigest()

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters of its source beyond ASCII: what the fonts have to have a glyph for."""
        return frozenset(beyond_ascii(self.source().decode()))


def stage_page(run: Run, page: Page, *, engine: str) -> Staged:
    """Stage one page."""
    if page.notebook is None:
        return assemble(run, page, [markdown_cell(_failure(page))], engine=engine)
    try:
        return _stage_notebook(run, page, engine)
    except GreenReportError as error:
        return stage_failure(run, page, error, engine=engine)


def stage_failure(run: Run, page: Page, error: GreenReportError, *, engine: str) -> Staged:
    """A page in the place of one that could not be staged or set: it says so, and why."""
    reason = "；".join(problem.text(page.lang) for problem in error.problems)
    # What could not be drawn can't be drawn here either.
    drawable = "".join(c if ord(c) in covered() or c == " " else "?" for c in reason)
    failed = replace(page, notebook=None, status="failed", reason=drawable)
    staged = assemble(run, failed, [markdown_cell(_failure(failed))], engine=engine)
    return replace(staged, error=error)


def _stage_notebook(run: Run, page: Page, engine: str) -> Staged:
    assert page.notebook is not None
    raw = json.loads(page.notebook.read_text(encoding="utf-8"))
    reading = read_cells(raw, page=page.id, lang=page.lang, file=page.notebook)
    more = {"workbook": f"{page.id}.xlsx"} if reading.tables else {}
    there = {p.id for p in (*run.there(page.lang), *composed(run, page.lang))}
    cells = [without_dead_ends(cell, there) for cell in reading.cells]
    staged = assemble(run, page, cells, engine=engine, given=reading.front, svgs=reading.svgs, more=more)
    return replace(staged, tables=reading.tables)


def _failure(page: Page) -> str:
    def say(key: str) -> str:
        return escape(word(page.lang, key))

    text = f"::: {{.callout-warning}}\n## {say('failed_title')}\n\n{say('failed_body')}\n"
    if page.reason:
        text += f"\n**{say('failed_reason')}**{mark(page.lang, 'colon')}{escape(page.reason)}\n"
    return text + ":::\n"


def assemble(
    run: Run,
    page: Page,
    cells: list[dict[str, Any]],
    *,
    engine: str,
    given: dict[str, Any] | None = None,
    svgs: dict[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Staged:
    """Staged cells with their front matter."""
    given = given or {}
    stated = facts(run, page, given, engine=engine)
    matter = front_matter(run, page, given, stated, more or {})
    text = yaml.dump(matter, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=10**6)
    numbered = [{"cell_type": "raw", "metadata": {}, "source": f"---\n{text}---"}, *cells]
    numbered = [{**cell, "id": f"cell-{n}"} for n, cell in enumerate(numbered)]
    notebook = {
        "cells": numbered,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    title = str(given.get("title") or page.title)
    return Staged(page, notebook, title, stated, svgs or {}, given)
