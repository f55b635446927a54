"""A page reads no row of the ledger beyond those that its key covers."""

from __future__ import annotations

import pandas as pd
import pytest
from project import REPOSITORY

from greenreport.assess import Evidence, Options, assess
from greenreport.observations import Ledger
from greenreport.run import params
from greenreport.run.sweep import plan_pages


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    data = REPOSITORY / "data"
    return Evidence.load(plan=data / "plan", areas=data / "areas", data=data / "demo", as_of="2026-06-30")


@pytest.mark.parametrize("area", ["500101", "500157", "500241"])
@pytest.mark.parametrize("comparable", [False, True])
def test_findings_of_a_district_rest_on_the_rows_that_its_key_covers(
    evidence: Evidence, area: str, comparable: bool
) -> None:
    """With all other rows taken away, a district's findings stay the same to the last digit."""
    asked = params.load(REPOSITORY / "params/demo.yaml")
    asked = asked.model_copy(update={"parameters": {"comparable": comparable}})
    [task] = plan_pages(asked, only=[area], langs=["zh"])
    view = evidence.view
    own = view.rows(areas=list(task.reads))
    base = view.rows(areas=list(task.reads_base))
    base = base[base["period"].astype(str).str.contains(str(evidence.plan.baseline_year), regex=False)]
    kept = pd.concat([own.astype(object), base.astype(object)]).drop_duplicates(["file", "row"])
    assert comparable or len(kept) < len(evidence.ledger.frame) / 2
    fewer = Ledger(
        **{
            **vars(evidence.ledger),
            "frame": evidence.ledger.frame.merge(kept[["file", "row"]], on=["file", "row"])
            .astype(evidence.ledger.frame.dtypes.to_dict())
            .reset_index(drop=True),
        }
    )
    options = Options(comparable=comparable)
    less = Evidence(evidence.plan, evidence.roster, fewer, evidence.as_of)
    assert assess(less, area=area, options=options).to_json() == assess(evidence, area=area, options=options).to_json()
