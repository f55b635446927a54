"""Presents an assessment in Chinese or English: text, tables, charts, and `show()`.

From facts to a page there are three storeys, each of which knows only the one below:

1. What is worth saying. Functions that look at findings yield messages (`messages.Message`: a key and its values) and know
   no language: `yield Message("advice.below")`. A value that languages write differently is an `As`: `As(percent, 0.4)`,
   `As(joined, names)`; an inner `Message` is a part of the sentence. An `Iterator[Message]` may well yield nothing.
2. How it is said. `messages.say` and `prose` put messages into the words of the catalogues (`greenreport.words`), which
   choose forms by number and by truth: `{n?district|districts}`, `{up?rise|fall}`; `numbers` writes figures, dates, lists.
3. How it is shown. `…_text` functions set prose under headings (`markdown`); tables and charts are in modules of their own
   (`tabulate`, `charts`); all of it follows the document contract (docs/architecture.md): one form for the screen, one for
   print (`show`).

A new sentence is a message and an entry in both catalogues, no branch.
"""

from __future__ import annotations

from greenreport.assess.model import Assessment
from greenreport.level import Tongue
from greenreport.present.advice import advice_text
from greenreport.present.calibration_views import (
    backtest_chart,
    backtest_text,
    calibration_table,
    calibration_text,
    constants_text,
    fitted_table,
    reliability_chart,
)
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
from greenreport.present.conclusions import achievements_text, classes_table, parts_summary, summary
from greenreport.present.district_charts import district_multiples, district_ranges
from greenreport.present.districts import district_heading, districts_text, tile_map, verdict_matrix
from greenreport.present.firmness import history_chapter, history_text, sensitivity_chapter, sensitivity_text
from greenreport.present.goals_and_tasks import (
    goals_open_table,
    goals_table,
    goals_text,
    list_heading,
    tasks_chart,
    tasks_list,
    tasks_matrix,
    tasks_text,
)
from greenreport.present.indicator_views import (
    district_table,
    facts_heading,
    facts_table,
    more_text,
    section,
)
from greenreport.present.methods import (
    coherence_table,
    coherence_text,
    comparison_heading,
    comparison_table,
    formulas_table,
    formulas_text,
    method_text,
    methods_evidence,
    rules_table,
    rules_text,
    second_table,
    second_text,
    strength_chapter,
    terms_chapter,
)
from greenreport.present.narrative import indicator_text, indicators_heading, outlook_heading, sources_heading
from greenreport.present.outcome_charts import outcome_areas_chart, outcome_chart
from greenreport.present.outcome_views import (
    outcome_areas_table,
    outcome_classes_table,
    outcome_overview,
    outcome_table,
    outcome_text,
)
from greenreport.present.outlook import outlook_chart
from greenreport.present.problems import problems_text
from greenreport.present.quality import (
    coverage_chart,
    coverage_table,
    own_coverage_table,
    quality_text,
    restatement_table,
)
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
from greenreport.present.show import Figure, Findings, Narrative, Table, show
from greenreport.present.sources import basis_tables, publications_chapter, published_table, sources_table
from greenreport.present.tables import main_table, outlook_table


def findings(assessment: Assessment) -> Findings:
    """The assessment as data, for the overview page and for machines."""
    return Findings(assessment.to_json())
