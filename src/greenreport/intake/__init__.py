"""Data collection: templates for reporting bodies, and import of spreadsheets and databases into the ledger.

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
    "check_areas",
    "check_store",
    "commit",
    "copy",
    "coverage",
    "create_store",
    "diff",
    "export_csv",
    "open_ledger",
    "open_store",
    "preview",
    "read",
    "template",
    "write_refused",
]

# Loaded when first asked for, so that the command line can offer `greenreport data` without reading pandas.
_HOMES = {
    "CHECKS": "greenreport.checks.finding",
    "CheckResult": "greenreport.checks",
    "Coverage": "greenreport.observations.covered",
    "Difference": "greenreport.intake.history",
    "Finding": "greenreport.checks.finding",
    "Import": "greenreport.stores.record",
    "ImportedFile": "greenreport.stores.record",
    "Limits": "greenreport.intake.safety",
    "Preview": "greenreport.intake.previewing",
    "Refusal": "greenreport.intake.understood",
    "SourceFile": "greenreport.intake.understood",
    "Store": "greenreport.stores",
    "Thresholds": "greenreport.checks.finding",
    "Understood": "greenreport.intake.understood",
    "as_of": "greenreport.intake.history",
    "check": "greenreport.checks",
    "check_areas": "greenreport.checks",
    "check_store": "greenreport.checks",
    "commit": "greenreport.intake.committing",
    "copy": "greenreport.stores",
    "coverage": "greenreport.observations.covered",
    "create_store": "greenreport.stores",
    "diff": "greenreport.intake.history",
    "export_csv": "greenreport.intake.history",
    "open_ledger": "greenreport.stores",
    "open_store": "greenreport.stores",
    "preview": "greenreport.intake.previewing",
    "read": "greenreport.intake.reading",
    "template": "greenreport.intake.template",
    "write_refused": "greenreport.intake.committing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(_HOMES[name])
    return home if _HOMES[name] == f"{__name__}.{name}" else getattr(home, name)
