"""What every store does. Knows no file format and no database."""

from __future__ import annotations

from abc import ABC, abstractmethod

import pandas as pd

from greenreport.areas import Roster
from greenreport.errors import LedgerError
from greenreport.observations import Ledger, LedgerFile
from greenreport.plan import Plan
from greenreport.stores.import_record import Import
from greenreport.strict_files import parse_toml

__all__ = ["Store", "described", "ledger_of"]


class Store(ABC):
    """A place where a ledger is kept.

    Args:
        address: as the user gave it.
        name: what the ledger is called where it has no title.
    """

    def __init__(self, address: str, *, name: str) -> None:
        self.address, self.name = address, name

    @abstractmethod
    def head(self) -> str | None:
        """The text of `ledger.toml`.

        Returns:
            The text, or None.
        """

    def read(self, *, plan: Plan, roster: Roster) -> Ledger:
        """The whole ledger, checked.

        Args:
            plan: whose indicators the rows may carry.
            roster: whose areas the rows may carry.

        Returns:
            The ledger.

        Raises:
            LedgerError: with every bad row.
        """
        return ledger_of(self.raw(), self.head(), plan=plan, roster=roster, name=self.name)

    @abstractmethod
    def raw(self) -> pd.DataFrame:
        """All rows as text, unchecked, with `file` and `row` saying where each stands.

        Returns:
            The columns of the ledger as texts, `file` and `row`.
        """

    @abstractmethod
    def version(self) -> str:
        """A word for the state of the ledger: it changes with every import.

        Returns:
            A digest, or another short text.
        """

    @abstractmethod
    def append(self, rows: pd.DataFrame, record: Import, *, expected: str) -> Import:
        """Add rows (the ledger's columns, typed) in one step; the record as kept.

        Args:
            rows: the columns of the ledger, typed.
            record: what is kept of the import.
            expected: the [version] for which the rows were made.

        Returns:
            The record as kept, with the place of the rows.

        Raises:
            LedgerError: the state is not `expected`, or another import is running; nothing was written.
        """

    @abstractmethod
    def imports(self) -> tuple[Import, ...]:
        """The records of all imports, in order of day and id.

        Returns:
            The records.
        """


def described(head: str | None, *, name: str) -> LedgerFile | None:
    """The text of `ledger.toml` read strictly; None where there is none.

    Raises:
        LedgerError: what is wrong in the text.
    """
    return None if head is None else parse_toml(head, LedgerFile, error=LedgerError, name=f"{name}/ledger.toml")


def ledger_of(raw: pd.DataFrame, head: str | None, *, plan: Plan, roster: Roster, name: str) -> Ledger:
    """The ledger of these rows, described by the text of a `ledger.toml`; None: rows only, of any scope.

    Raises:
        LedgerError: with every bad row, or what is wrong in the text.
    """
    return Ledger.of(raw, plan=plan, roster=roster, head=described(head, name=name), name=name)
