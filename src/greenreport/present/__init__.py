"""Presents an assessment in Chinese or English: text, tables, charts, and `show()`.

Everything shown follows the document contract (docs/architecture.md): one form for the screen, one for print.
"""

from __future__ import annotations

from greenreport.assess.model import Assessment
from greenreport.level import Tongue
from greenreport.present.achievements import achievements_text
from greenreport.present.advice import advice_text
from greenreport.present.chapters import (
    annex_text,
    beneath,
    contradictions_table,
    contradictions_text,
    definitions_heading,
    definitions_table,
    forecast_text,
    main_heading,
    raised,
    reproduce_text,
    scope_text,
    sources_text,
    to_city,
    to_overview,
)
from greenreport.present.conclusions import summary
from greenreport.present.coverage_views import coverage_chart, coverage_table, own_coverage_table
from greenreport.present.district_charts import district_ranges
from greenreport.present.evidence_tables import basis_tables
from greenreport.present.forecast_views import coherence_table, coherence_text, comparison_heading, comparison_table
from greenreport.present.goal_views import goals_open_table, goals_table, goals_text
from greenreport.present.history_views import history_chapter, history_text
from greenreport.present.indicator_views import (
    district_table,
    districts_text,
    facts_heading,
    facts_table,
    more_text,
    section,
)
from greenreport.present.method_views import (
    formulas_table,
    formulas_text,
    method_text,
    methods_evidence,
    rules_table,
    rules_text,
    strength_chapter,
    terms_chapter,
)
from greenreport.present.multiples import district_multiples
from greenreport.present.narrative import (
    indicator_text,
    indicators_heading,
    outlook_heading,
    sources_heading,
)
from greenreport.present.outcome_charts import outcome_areas_chart, outcome_chart
from greenreport.present.outcome_views import (
    outcome_areas_table,
    outcome_classes_table,
    outcome_overview,
    outcome_table,
    outcome_text,
)
from greenreport.present.outlook import outlook_chart
from greenreport.present.overview import district_heading, tile_map, verdict_matrix
from greenreport.present.parts import classes_table, parts_summary
from greenreport.present.problems import problems_text
from greenreport.present.publication_views import publications_chapter
from greenreport.present.quality_views import quality_text, restatement_table
from greenreport.present.record_views import (
    record_brief,
    record_chapter,
    record_limits,
    record_line,
    record_misses,
    record_plans,
    record_regimes,
)
from greenreport.present.scoreboard import bullets, scoreboard
from greenreport.present.second import second_table, second_text
from greenreport.present.sensitivity_views import sensitivity_chapter, sensitivity_text
from greenreport.present.show import Figure, Findings, Narrative, Table, show
from greenreport.present.source_tables import published_table, sources_table
from greenreport.present.tables import main_table, outlook_table
from greenreport.present.task_views import list_heading, tasks_chart, tasks_list, tasks_matrix, tasks_text
from greenreport.present.trust_views import (
    backtest_chart,
    backtest_text,
    calibration_table,
    calibration_text,
    constants_text,
    fitted_table,
    reliability_chart,
)


def findings(assessment: Assessment) -> Findings:
    """The assessment as data, for the overview page and for machines."""
    return Findings(assessment.to_json())
