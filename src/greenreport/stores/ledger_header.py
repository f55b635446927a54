"""A ledger from rows and the text of `ledger.toml`, for stores in which that text is no file. Knows no store."""

from __future__ import annotations

import pandas as pd

from greenreport.areas import Roster
from greenreport.errors import LedgerError
from greenreport.observations import Ledger, LedgerFile
from greenreport.plan import Plan
from greenreport.strict_files import parse_toml

__all__ = ["described", "ledger_of"]


def ledger_of(raw: pd.DataFrame, head: str | None, *, plan: Plan, roster: Roster, name: str) -> Ledger:
    """The ledger of these rows, described by this text; None: rows only, of any scope.

    Raises:
        LedgerError: with every bad row, or what is wrong in the text.
    """
    return Ledger.of(raw, plan=plan, roster=roster, head=described(head, name=name), name=name)


def described(head: str | None, *, name: str) -> LedgerFile | None:
    """The text of `ledger.toml` read strictly; None where there is none.

    Raises:
        LedgerError: what is wrong in the text.
    """
    if head is None:
        return None
    return parse_toml(head, LedgerFile, error=LedgerError, name=f"{name}/ledger.toml")
