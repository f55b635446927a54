"""The papers that are handed in: the report, the brief and the district sheets, in the words of the other pages.

Each function gives what stands in one paper, in its order; `on_paper` says which. Chooses among the texts, tables and
charts of `present` and adds the few that only a paper has; grades nothing and typesets nothing.
"""

from __future__ import annotations

from greenreport.present.papers.parts import on_paper
from greenreport.present.papers.report import report
from greenreport.present.papers.short import brief, sheet

__all__ = ["brief", "on_paper", "report", "sheet"]
