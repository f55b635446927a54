"""Data from the people who have it: templates out, spreadsheets and databases in, and nothing lost on the way.

    write a template → districts fill it in → read → preview → commit → check, log, diff, coverage

Formulas are never evaluated, nothing is guessed, and the ledger is append-only. May import plan, areas and
observations; must not know forecasts, verdicts or reports, nor any indicator or area by name.
"""

from greenreport.intake import template
from greenreport.intake.committing import commit, write_refused
from greenreport.intake.previewing import Preview, preview
from greenreport.intake.reading import read
from greenreport.intake.record import Import, ImportedFile
from greenreport.intake.safety import Limits
from greenreport.intake.store import Store, copy, create_store, open_store, read_ledger
from greenreport.intake.understood import Refusal, SourceFile, Understood

__all__ = [
    "Import",
    "ImportedFile",
    "Limits",
    "Preview",
    "Refusal",
    "SourceFile",
    "Store",
    "Understood",
    "commit",
    "copy",
    "create_store",
    "open_store",
    "preview",
    "read",
    "read_ledger",
    "template",
    "write_refused",
]
