"""Presents an assessment in Chinese or English: text, tables, charts, and `show()`.

From facts to a page there are three storeys, each of which knows only the one below:

1. What is worth saying. Functions that look at findings yield messages (`messages.Message`: a key and its values) and know
   no language: `yield Message("advice.below")`. A value that languages write differently is an `As`: `As(percent, 0.4)`,
   `As(joined, names)`; an inner `Message` is a part of the sentence. An `Iterator[Message]` may well yield nothing.
2. How it is said. `messages.say` and `prose` put messages into the words of the catalogues (`greenreport.words`), which
   choose forms by number and by truth: `{n?district|districts}`, `{up?rise|fall}`; `numbers` writes figures, dates, lists.
3. How it is shown. `…_text` functions set prose under headings (`titled`); `…_chapter` functions yield what belongs
   together, text, charts and tables (`columns`, `charts`); all of it follows the document contract (docs/architecture.md): one form for the screen, one for
   print (`show`).

A new sentence is a message and an entry in both catalogues, no branch.
"""

from __future__ import annotations

from greenreport.assess.model import Assessment
from greenreport.level import Tongue
from greenreport.present.advice import advice_text
from greenreport.present.calibration_views import backtest_chapter, calibration_chapter, learned_chapter
from greenreport.present.chapters import (
    annex_text,
    contradictions_chapter,
    definitions_chapter,
    forecast_text,
    scope_text,
    sources_text,
    to_city,
    to_overview,
)
from greenreport.present.conclusions import achievements_text, classes_table, parts_summary, summary
from greenreport.present.district_charts import district_multiples, district_ranges
from greenreport.present.districts import district_heading, districts_text, tile_map, verdict_matrix
from greenreport.present.firmness import history_chapter, history_text, sensitivity_chapter, sensitivity_text
from greenreport.present.goals_and_tasks import goals_chapter, goals_open_table, tasks_chapter, tasks_list
from greenreport.present.indicator_views import district_table, facts_table
from greenreport.present.messages import section
from greenreport.present.methods import (
    coherence_chapter,
    comparison_table,
    formulas_chapter,
    method_text,
    rules_chapter,
    second_chapter,
    terms_chapter,
)
from greenreport.present.narrative import indicator_text
from greenreport.present.outcome_views import outcome_chapter, outcome_overview
from greenreport.present.outlook import outlook_chart
from greenreport.present.problems import Grounds, problems_text
from greenreport.present.quality import own_quality, quality_chapter
from greenreport.present.record_views import record_brief, record_line, record_page
from greenreport.present.scoreboard import bullets, scoreboard
from greenreport.present.show import Figure, Findings, Narrative, Table, show
from greenreport.present.sources import basis_tables, publications_chapter, published_table, sources_chapter
from greenreport.present.tables import main_table, outlook_table


def findings(assessment: Assessment) -> Findings:
    """The assessment as data, for the overview page and for machines.

    Args:
        assessment: of the area.

    Returns:
        What a notebook shows last; readers see nothing of it.
    """
    return Findings(assessment.to_json())
