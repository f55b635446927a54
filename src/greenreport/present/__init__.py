"""From an assessment to what a reader sees, in Chinese or English: texts, tables, charts, and `show()`.

Everything shown follows the document contract (docs/architecture.md): one form for the screen, one for print.
"""

from __future__ import annotations

from greenreport.assess.model import Assessment
from greenreport.present.charts import outlook_chart
from greenreport.present.forecast_views import coherence_table, coherence_text, comparison_heading, comparison_table
from greenreport.present.narrative import (
    indicator_text,
    indicators_heading,
    method_text,
    outlook_heading,
    ranking_heading,
    sources_heading,
    summary,
)
from greenreport.present.overview import (
    district_heading,
    district_table,
    ranking_chart,
    tile_map,
    verdict_matrix,
)
from greenreport.present.second import second_table, second_text
from greenreport.present.show import Figure, Findings, Narrative, Table, show
from greenreport.present.tables import main_table, outlook_table, published_table, sources_table

__all__ = [
    "Figure",
    "Findings",
    "Narrative",
    "Table",
    "coherence_table",
    "coherence_text",
    "comparison_heading",
    "comparison_table",
    "district_heading",
    "district_table",
    "findings",
    "indicator_text",
    "indicators_heading",
    "main_table",
    "method_text",
    "outlook_chart",
    "outlook_heading",
    "outlook_table",
    "published_table",
    "ranking_chart",
    "ranking_heading",
    "second_table",
    "second_text",
    "show",
    "sources_heading",
    "sources_table",
    "summary",
    "tile_map",
    "verdict_matrix",
]


def findings(assessment: Assessment) -> Findings:
    """The assessment as data, for the overview page and for machines."""
    return Findings(assessment.to_json())
