"""Tables as bureaus send them: nothing but what each may give is written, and what must come does.

`cases/cases.json` has for every file `allowed`, the only figures that may be written as observations (in the ledger's
units), and `required`, whether all of them must be. Imported on 15 July 2026 into a copy of the public ledger.
"""

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from greenreport.intake import actions
from greenreport.intake.actions import commit

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "cases"
CASES = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
WHEN = date(2026, 7, 15)


@pytest.fixture
def public(tmp_path):
    """A desk over a copy of the public ledger."""
    shutil.copytree(ROOT / "data" / "public", tmp_path / "ledger")
    return actions.open_desk(data=tmp_path / "ledger", plan=ROOT / "data" / "plan", areas=ROOT / "data" / "areas")


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["file"])
def test_nothing_wrong_is_written_and_nothing_required_is_missing(case, public):
    """What an import writes is within what is allowed, and is all of it where all is required."""
    allowed = {(i, a, p, float(v)) for i, a, p, v in case["allowed"]}
    shown = actions.prepare(public, [FOLDER / case["file"]], when=WHEN)
    record = commit(shown, public.store, who="test", when=WHEN)
    written = set()
    if record is not None:
        part = pd.read_csv(public.store.path / record.part, dtype=str, keep_default_na=False)
        written = {(r.indicator, r.area, r.period, float(r.value)) for r in part.itertuples()}
        assert set(part["kind"]) <= {"observed", "provisional"}
    assert written <= allowed
    if case["required"]:
        assert written == allowed
    # Whatever was not written came back with a reason in both languages, or was told.
    assert written == allowed or len(shown.refused) or shown.understood.notices
    for refusal in shown.refused:
        assert refusal.reason.zh and refusal.reason.en
