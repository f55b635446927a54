"""A page reads no row of the ledger beyond those that its key covers."""

from __future__ import annotations

import importlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from project import REPOSITORY

from greenreport import chart_images
from greenreport.assess import Evidence, Options, assess, statements
from greenreport.assess.prior import borrowed_key
from greenreport.observations import Ledger
from greenreport.observations.schema import COLUMNS
from greenreport.run import notebook, params
from greenreport.run.sweep import plan_pages
from greenreport.run.task import PageTask


def covered(evidence: Evidence, task: PageTask) -> pd.DataFrame:
    """The rows that a page's key covers."""
    own = evidence.view.rows(areas=list(task.reads))
    base = evidence.view.rows(areas=list(task.reads_base))
    base = base[base["period"].astype(str).str.contains(str(evidence.plan.baseline_year), regex=False)]
    return pd.concat([own.astype(object), base.astype(object)]).drop_duplicates(["file", "row"])


@pytest.mark.parametrize("area", ["500101", "500157", "500241"])
@pytest.mark.parametrize("comparable", [False, True])
def test_findings_of_a_district_rest_on_the_rows_that_its_key_covers(
    evidence: Evidence, area: str, comparable: bool
) -> None:
    """With all other rows taken away, a district's findings stay the same to the last digit, but for the learned prior."""
    asked = params.load(REPOSITORY / "params/demo.yaml")
    asked = asked.model_copy(update={"parameters": {"comparable": comparable}})
    [task] = plan_pages(asked, only=[area], langs=["zh"])
    kept = covered(evidence, task)
    assert comparable or len(kept) < len(evidence.ledger.frame) / 2
    fewer = Ledger(
        **{
            **vars(evidence.ledger),
            "frame": evidence.ledger.frame.merge(kept[["file", "row"]], on=["file", "row"])
            .astype(evidence.ledger.frame.dtypes.to_dict())
            .reset_index(drop=True),
        }
    )
    options = Options(comparable=comparable, prior_growth=0.03)
    less = Evidence(evidence.plan, evidence.roster, fewer, evidence.as_of)
    assert assess(less, area=area, options=options).to_json() == assess(evidence, area=area, options=options).to_json()


def test_what_a_district_learns_from_the_others_is_in_its_key(evidence: Evidence) -> None:
    """Other districts' levels may change: where their growth does not, neither does the key, nor any finding."""
    [task] = plan_pages(params.load(REPOSITORY / "params/demo.yaml"), only=["500101"], langs=["zh"])
    kept = evidence.view.rows(areas=list(task.reads))[["file", "row"]].assign(kept=True)
    frame = evidence.ledger.frame.merge(kept, on=["file", "row"], how="left")
    counts = [i.id for i in evidence.plan.indicators if i.kind == "cumulative_count"]
    levels = frame["kept"].isna() & frame["kind"].isin(["observed", "provisional"]) & ~frame["indicator"].isin(counts)
    frame["value"] = frame["value"].where(~levels, frame["value"] * 2.0)

    def changed(values: pd.DataFrame) -> Evidence:
        ledger = Ledger(
            **{**vars(evidence.ledger), "frame": values[evidence.ledger.frame.columns].reset_index(drop=True)}
        )
        return Evidence(evidence.plan, evidence.roster, ledger, evidence.as_of)

    doubled = changed(frame)
    assert borrowed_key(doubled, Options()) == borrowed_key(evidence, Options())
    assert assess(doubled, area="500101").to_json() == assess(evidence, area="500101").to_json()
    faster = frame.copy()
    later = levels & (faster["year"] >= 2025)
    faster["value"] = faster["value"].where(~later, faster["value"] * 2.0)
    assert borrowed_key(changed(faster), Options()) != borrowed_key(evidence, Options())


@pytest.mark.long
@pytest.mark.parametrize("page", ["district-500101", "district-500157", "city"])
def test_a_page_shows_nothing_that_its_key_does_not_cover(
    evidence: Evidence, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all rows taken away that its key does not cover, a whole page comes out the same, word for word.

    What is learned or borrowed from other areas is covered by `borrowed_key`, not by rows, and is switched off here.
    """
    chosen = {"prior_growth": 0.03}
    monkeypatch.setattr(statements, "_borrowed", lambda *_: ())
    asked = params.load(REPOSITORY / "params/demo.yaml").model_copy(update={"parameters": chosen})
    [task] = plan_pages(asked, only=[page], langs=["en"])
    less = tmp_path / "demo"
    shutil.copytree(REPOSITORY / "data/demo", less, ignore=shutil.ignore_patterns("*.csv"))
    if (tasks := REPOSITORY / "data/demo/tasks").is_dir():
        shutil.copytree(tasks, less / "tasks", dirs_exist_ok=True)
    kept = covered(evidence, task)[list(COLUMNS)]
    kept.assign(vintage=kept["vintage"].astype(str).str[:10]).to_csv(less / "rows.csv", index=False)
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setattr(
        chart_images, "svg", lambda spec, **_: f'<svg width="9" height="9" >{json.dumps(spec, sort_keys=True)}</svg>'
    )
    assert shown(task, str(less), monkeypatch) == shown(task, "data/demo", monkeypatch)


def shown(task: PageTask, data: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a page's notebook shows, executed here."""
    seen: list[Any] = []
    module = importlib.import_module("greenreport.present.show")
    monkeypatch.setattr(module, "display", lambda bundle, **options: seen.append((bundle, options.get("metadata"))))
    names: dict[str, Any] = {}
    for cell in notebook.read(REPOSITORY / task.notebook)["cells"]:
        if cell["cell_type"] == "code":
            exec(cell["source"], names)
            if "parameters" in cell["metadata"].get("tags", []):
                names |= {**task.parameters, "data": data}
    assert len(seen) > 5
    return json.loads(re.sub(r"[\w\\-]+\.csv:\d+", "PLACE", json.dumps(seen)))
