"""What a report has found it finds again: assessments, and what is told beside them, as they were when last released.

The findings change only with the data or the method, and then the changelog says so:
`python -m pytest tests/assess/test_kept_findings.py` with KEEP=1 in the environment writes them anew.
"""

import dataclasses
import json
import os
from datetime import date
from pathlib import Path

import pytest
from helpers import alike

from greenreport.assess import (
    Options,
    assess,
    assess_goals,
    coherence,
    compare_methods,
    gaps,
    look_back,
    past_verdicts,
    quality,
    score,
    sensitivity,
)
from greenreport.assess.case import Case
from greenreport.assess.prior import borrowed_key, learned_prior, rate_for
from greenreport.assess.ranks import ranks
from greenreport.assess.record import by_class, by_plan, misses, past_targets, scores
from greenreport.assess.shortfall import steps

KEPT = Path(__file__).parent / "kept"
OPTIONS = Options()


def plain(value):
    """Records, tuples and days as JSON has them, numbers to six digits."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return [plain(v) for v in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, bool) or value is None or isinstance(value, int | str):
        return value
    return value.isoformat() if isinstance(value, date) else float(f"{float(value):.6g}")


def found(assessment):
    """An assessment without the figures that it was handed."""
    whole = plain(assessment)
    for one in whole["indicators"]:
        one["points"] = len(one["points"])
        one["outlook"] |= {"record": None}
    return whole


def keeps(name, made):
    """Whether the findings are those that are kept under a name."""
    file = KEPT / f"{name}.json"
    if os.environ.get("KEEP"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    kept = json.loads(file.read_text("utf-8"))
    return alike(kept, json.loads(json.dumps(made)), rel=1e-4, abs=1e-6)


def test_the_city_is_found_as_kept(city):
    """The demonstration's six indicators, every target of each."""
    assert keeps("city", found(city))


@pytest.mark.parametrize("code", ["500120", "500157", "500243"])
def test_a_district_is_found_as_kept(districts, code):
    """One as most are, one that was created, one without its baseline."""
    assert keeps(f"district-{code}", found(next(d for d in districts if d.area == code)))


def test_the_bureau_is_found_as_kept(bureau):
    """A city at mid-term and a district of it, half of the year under way known."""
    assert keeps("bureau", [found(assess(bureau, area=code)) for code in ("500000", "500108")])


def test_the_public_record_is_found_as_kept(published):
    """The city and the nation by what is published, unconfirmed figures left out and let in."""
    loose = Options(use_unconfirmed=True, comparable=True, experience=False)
    asked = [("500000", Options()), ("100000", Options()), ("500000", loose)]
    assert keeps("public", [found(assess(published, area=area, options=chosen)) for area, chosen in asked])


def test_the_union_is_found_as_kept(union):
    """Two countries and what became of them; a share, so that targets hold for each."""
    codes = [union.plan.area, *(d.code for d in union.districts[:2])]
    then = [assess(union, area=code) for code in codes]
    now = [look_back(union, one, outcome_as_of="2023-12-31") for one in then]
    assert keeps("union", [*map(found, now), plain(score(now))])


@pytest.mark.parametrize("key", ["equal", "population", "none"])
def test_other_choices_are_found_as_kept(demo, key):
    """Another key, a geometric path straight to the last target, another method, evidence left out."""
    options = Options(
        allocation=key, path_shape="geometric", path_route="direct", prior_growth=0.05, level=0.9,
        method="auto" if key == "equal" else "theta", without=("growth",) if key == "equal" else (),
        bridge=key != "none", nowcast=key != "none",
    )  # fmt: skip
    assert keeps(f"choices-{key}", found(assess(demo, area="500157", options=options)))


def test_what_stands_beside_a_finding_is_found_as_kept(demo, city, districts):
    """Shortfalls by district, goals, coherence, ranks, steps a year, what was learned of growth."""
    made = {
        "gaps": gaps(demo.plan, city, districts),
        "steps": [steps(one) for one in city.indicators],
        "goals": assess_goals(demo, OPTIONS),
        "coherence": coherence(city, districts, demo.plan),
        "ranks": {i.id: ranks(districts, i) for i in demo.plan.indicators},
        "prior": learned_prior(demo, OPTIONS),
        "rates": [rate_for(Case(demo, i, d, OPTIONS)) for i in demo.plan.indicators[1:3] for d in demo.districts[:3]],
        "borrowed": borrowed_key(demo, OPTIONS),
    }
    assert keeps("beside", plain(made))


def test_the_state_of_the_figures_is_found_as_kept(demo):
    """What is there, was changed, came late, looks odd, does not add up: of all districts, and of one alone."""
    every = plain(quality(demo, demo.districts, options=OPTIONS, whole=demo.roster.city))
    every["cells"] = ["".join(c["status"][0] for c in every["cells"])]
    every |= {name: every[name][:40] for name in ("restatements", "late", "checked")}
    one = plain(quality(demo, [demo.area("500157")], options=OPTIONS))
    assert keeps("quality", [every, one | {"checked": one["checked"][:20]}])


def test_looking_closer_finds_what_was_kept(demo, city):
    """Earlier verdicts, other choices and other methods for an amount and a count."""
    area = demo.area("500000")
    chosen = tuple(city.indicator(id) for id in ("online_retail", "green_hotel"))
    retail = demo.plan.indicator("online_retail")
    made = [
        past_verdicts(demo, chosen, area=area, options=OPTIONS),
        sensitivity(demo, chosen, area=area, options=OPTIONS),
        compare_methods(demo, retail, area, year=2027, target=chosen[0].head.value, options=OPTIONS),
    ]
    assert keeps("closer", plain(made))


def test_the_record_of_past_plans_is_as_kept():
    """Classes, plans and the worst misses, with and without experience."""
    rows, bare = past_targets(), past_targets(experience=False)
    made = [by_class(rows), by_class(bare, method="plain"), by_plan(rows), scores(rows), misses(rows, met=True, n=3)]
    assert keeps("record", plain([*made, misses(rows, met=False, n=3), scores(past_targets(without="eu_2020"))]))
