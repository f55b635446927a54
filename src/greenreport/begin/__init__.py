"""Creates a project from answers, a workbook or an example; the resulting folder can be built at once.

Must not know how pages are made, nor any plan by name.
"""

from greenreport.begin.draft import Draft, DraftArea, DraftFigure, DraftIndicator, DraftTarget
from greenreport.begin.folder import example, examples, refuse_taken, write
from greenreport.begin.summary import summary
from greenreport.begin.template import write_template
from greenreport.begin.workbook import read_workbook

__all__ = [
    "Draft", "DraftArea", "DraftFigure", "DraftIndicator", "DraftTarget", "example", "examples", "read_workbook",
    "refuse_taken", "summary", "write", "write_template",
]  # fmt: skip
