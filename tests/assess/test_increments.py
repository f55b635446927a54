"""What a count gained, told without its stock, and the first year of a programme: evidence like any other."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from greenreport.assess import Options
from greenreport.assess.case import Case
from greenreport.assess.fit import fit
from greenreport.assess.statements import known
from greenreport.errors import PlanError
from greenreport.forecast import Increment, Start
from greenreport.plan import load_plan

ROOT = Path(__file__).resolve().parents[2]


def of(evidence, options, kind):
    """The pieces of one kind about green malls in the city."""
    malls, city = evidence.plan.indicator("green_mall"), evidence.roster.city
    return [k for k in known(Case(evidence, malls, city, options)) if isinstance(k.statement, kind)]


def test_nominations_are_shown_and_not_used_until_they_are_let_in(published):
    """Ten malls nominated in 2021 are listed beside the baseline; whether they were accepted nobody has confirmed."""
    (one,) = of(published, Options(), Increment)
    assert (one.statement.first, one.value, one.doubt) == (2021, 10.0, "unconfirmed")
    (one,) = of(published, Options(use_unconfirmed=True), Increment)
    assert one.doubt is None


def test_what_was_gained_in_a_year_moves_the_forecast(published):
    """Let in, ten a year raise a median that the stock alone puts lower, and the range of 2027 gets narrower."""
    malls, city = published.plan.indicator("green_mall"), published.roster.city
    without, with_it = (fit(published, malls, city, Options(use_unconfirmed=u)) for u in (False, True))
    assert with_it.median[3] > without.median[3]
    width = [float(f.interval(0.8)[1][3] - f.interval(0.8)[0][3]) for f in (without, with_it)]
    assert width[1] < width[0]
    off = fit(published, malls, city, Options(use_unconfirmed=True, without=("increment",)))
    assert list(off.median) == list(without.median)


def test_a_programmes_first_year_narrows_what_its_stock_leaves_open(published):
    """44 malls in the nine years 2015–2023 are about five a year; without the year they may be of two years or of thirty."""
    malls = published.plan.indicator("green_mall")
    told = replace(malls, programme_start=2015)
    evidence = replace(published, plan=replace(published.plan, indicators=(told,)))
    city = published.roster.city
    (start,) = [k for k in known(Case(evidence, told, city, Options())) if isinstance(k.statement, Start)]
    assert (start.statement.year, start.source) == (2015, published.plan.version)
    wide, narrow = fit(published, malls, city, Options()), fit(evidence, told, city, Options())
    low, high = narrow.interval(0.8)
    assert high[3] - low[3] < 0.6 * float(wide.interval(0.8)[1][3] - wide.interval(0.8)[0][3])
    assert low[3] <= 44 + 4 * 44 / 9 <= high[3]


@pytest.mark.parametrize(
    ("indicator", "line", "field"),
    [
        ("online_retail", "increments: green_mall_new", "increments"),
        ("online_retail", "programme_start: 2019", "programme_start"),
        ("green_mall", "programme_start: 2024", "programme_start"),
    ],
)
def test_a_plan_file_that_gives_them_where_they_cannot_be_is_refused(tmp_path, indicator, line, field):
    """Only counts have increments, and a count of 44 has begun."""
    folder = tmp_path / "plan"
    shutil.copytree(ROOT / "data/plan", folder)
    text = (folder / "plan.yaml").read_text("utf-8").replace("    increments: green_mall_new\n", "")
    head = f"  - id: {indicator}\n"
    (folder / "plan.yaml").write_text(text.replace(head, f"{head}    {line}\n", 1), "utf-8")
    with pytest.raises(PlanError, match=field):
        load_plan(folder)
