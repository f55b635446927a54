"""Data from the people who have it: templates out, spreadsheets and databases in, and nothing lost on the way.

    write a template → districts fill it in → read → preview → commit → check, log, diff, coverage

Formulas are never evaluated, nothing is guessed, and the ledger is append-only. May import plan, areas and
observations; must not know forecasts, verdicts or reports, nor any indicator or area by name.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = [
    "CHECKS",
    "CheckResult",
    "Coverage",
    "Difference",
    "Finding",
    "Import",
    "ImportedFile",
    "Limits",
    "Preview",
    "Refusal",
    "SourceFile",
    "Store",
    "Thresholds",
    "Understood",
    "as_of",
    "check",
    "check_store",
    "commit",
    "copy",
    "coverage",
    "create_store",
    "diff",
    "export_csv",
    "open_store",
    "preview",
    "read",
    "read_ledger",
    "template",
    "write_refused",
]
