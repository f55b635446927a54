"""Data collection: templates for reporting bodies, and import of spreadsheets and databases into the ledger.

    write a template → districts fill it in → read → preview → commit → check, log, diff, coverage

Formulas are never evaluated, nothing is guessed, and the ledger is append-only. May import plan, areas and
observations; must not know forecasts, verdicts or reports, nor any indicator or area by name.
"""
