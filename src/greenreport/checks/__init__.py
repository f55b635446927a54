"""What is wrong, or unlikely, in a ledger: format, units, ranges, sums, slips by powers of ten, growth against levels.

The same checks judge what is about to be imported, a whole ledger, and the rows that one page reads. Must not know
forecasts, verdicts or reports.
"""

from greenreport.checks.finding import CHECKS, Finding
from greenreport.checks.ledger import CheckResult, check, check_areas, check_store

__all__ = ["CHECKS", "CheckResult", "Finding", "check", "check_areas", "check_store"]
