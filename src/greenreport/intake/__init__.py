"""Data from the people who have it: templates out, spreadsheets and databases in, and nothing lost on the way.

    write a template → districts fill it in → read → preview → commit → check, log, diff, coverage

Formulas are never evaluated, nothing is guessed, and the ledger is append-only. May import plan, areas and
observations; must not know forecasts, verdicts or reports, nor any indicator or area by name.
"""

from greenreport.intake import template
from greenreport.intake.reading import read
from greenreport.intake.safety import Limits
from greenreport.intake.understood import Refusal, SourceFile, Understood

__all__ = ["Limits", "Refusal", "SourceFile", "Understood", "read", "template"]
