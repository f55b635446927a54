"""The observation ledger with vintages: what is known about each indicator, for which area and period, and since when.

Must not know any indicator or area by name, nor forecasts or verdicts.
"""

from greenreport.observations.check import BadRows, Rules, check
from greenreport.observations.column_codes import combined, key_of
from greenreport.observations.ledger import Ledger, rows_digest, rules_of
from greenreport.observations.period import Period, parse_period
from greenreport.observations.schema import (
    COLUMNS,
    FIGURES,
    GRADES,
    KINDS,
    OPTIONAL,
    ContextIndicator,
    LedgerFile,
)
from greenreport.observations.series import Late, Point, Restatement, Said, Series
from greenreport.observations.view import PUBLISHED_GRADES, View

__all__ = [
    "COLUMNS",
    "FIGURES",
    "GRADES",
    "KINDS",
    "OPTIONAL",
    "PUBLISHED_GRADES",
    "BadRows",
    "ContextIndicator",
    "Late",
    "Ledger",
    "LedgerFile",
    "Period",
    "Point",
    "Restatement",
    "Rules",
    "Said",
    "Series",
    "View",
    "check",
    "combined",
    "key_of",
    "parse_period",
    "rows_digest",
    "rules_of",
]
