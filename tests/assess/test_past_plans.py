"""The benchmark of past plans on plans that nobody has seen: of any unit and direction, with gaps, revised, in one area."""

import csv
import importlib.util
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from greenreport.assess import Options, assess

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("past_plans", ROOT / "benchmarks/past_plans.py")
past_plans = importlib.util.module_from_spec(spec)
sys.modules["past_plans"] = past_plans
spec.loader.exec_module(past_plans)

TARGET = [
    "plan",
    "area",
    "indicator",
    "unit",
    "direction",
    "baseline_year",
    "baseline",
    "target_year",
    "target",
    "as_of",
]
OUTCOME = ["plan", "area", "indicator", "year", "value"]
AREAS = ["Norway", "NA", "null", "Côte d’Ivoire", "Korea, Rep.", "重庆", 'He said "x"', "123"]


def write(folder, targets, outcomes):
    for name, head, rows in (("targets.csv", TARGET, targets), ("outcomes.csv", OUTCOME, outcomes)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(head)
            out.writerows(rows)


def made(folder, value, *, unit="%", up=True, target=40.0, areas=AREAS, first=2000, **more):
    """A plan of 2005–2015 seen at the end of 2010; `value(year, n, rng)` is the history of the n-th area."""
    rng = np.random.default_rng(7)
    of = {"baseline_year": 2005, "target_year": 2015, "as_of": 2010, "baseline": None, "plan": "plan"} | more
    targets, outcomes = [], []
    for n, area in enumerate(areas):
        series = {year: value(year, n, rng) for year in range(first, of["target_year"] + 1)}
        outcomes += [[of["plan"], area, "a, b", year, v] for year, v in series.items() if v is not None]
        base = series.get(of["baseline_year"]) if of["baseline"] is None else of["baseline"]
        targets.append([
            of["plan"], area, "a, b", unit, "up" if up else "down", of["baseline_year"], base, of["target_year"], target,
            of["as_of"],
        ])  # fmt: skip
    write(folder, targets, outcomes)
    return targets, outcomes


def found(folder, n):
    """Every case; one a target and regime, each with a probability."""
    out = list(past_plans.cases(folder))
    assert len(out) == 3 * n
    for c in out:
        assert c.p is not None and 0.0 <= c.p <= 1.0, (c.regime, c.area, c.found.reason)
    past_plans.told(out)
    return out


def mean(out, regime="all"):
    return float(np.mean([c.p for c in out if c.regime == regime]))


KINDS = {
    "counts": {"value": lambda y, n, r: int(r.poisson(20 + 2 * (y - 2000))), "unit": "number"},
    "zeros": {"value": lambda y, n, r: int(y > 2012), "unit": "", "target": 3},
    "share of zeros": {"value": lambda y, n, r: 0.0 if y < 2010 else 0.2 * (y - 2009), "target": 5.75},
    "rate per 1,000": {"value": lambda y, n, r: 80 * 0.96 ** (y - 2000) + r.normal(), "unit": "per 1,000", "up": False},
    "index": {"value": lambda y, n, r: 100 + 2 * (y - 2005) + r.normal(), "unit": "index, 2005 = 100", "target": 120},
    "above 100 %": {"value": lambda y, n, r: 95 + 2 * (y - 2005) + r.normal(), "target": 110},
    "balance": {"value": lambda y, n, r: r.normal(-3, 2), "unit": "% of GDP", "target": -3},
    "below zero": {"value": lambda y, n, r: 20.0 - 2 * (y - 2000), "unit": "t", "up": False, "target": -5},
    "money": {"value": lambda y, n, r: 1e12 * 1.1 ** (y - 2000), "unit": "EUR", "target": 5e12},
    "tiny": {"value": lambda y, n, r: 1e-9 * 1.1 ** (y - 2000), "unit": "g", "target": 5e-9},
    "tenfold": {"value": lambda y, n, r: 10.0 ** (y - 2000), "unit": "users", "target": 1e12},
    "constant": {"value": lambda y, n, r: 5.0, "unit": "kt", "up": False, "target": 3},
    "gaps": {"value": lambda y, n, r: 20.0 + y - 2000 if y in (2001, 2007, 2015) else None, "baseline": ""},
    "one figure": {"value": lambda y, n, r: 33.0 if y in (2008, 2015) else None, "baseline": ""},
    "baseline only": {"value": lambda y, n, r: 33.0 if y == 2015 else None, "baseline": 30.0},
    "baseline after mid-term": {"value": lambda y, n, r: 20 + 2.0 * (y - 2000), "baseline_year": 2012},
    "no baseline year": {"value": lambda y, n, r: 20 + 2.0 * (y - 2000), "baseline_year": ""},
    "over by mid-term": {"value": lambda y, n, r: 20 + 2.0 * (y - 2000), "as_of": 2015},
    "one area": {"value": lambda y, n, r: 20 + 2.0 * (y - 2000), "areas": AREAS[:1]},
    "no name": {"value": lambda y, n, r: 20 + 2.0 * (y - 2000), "plan": "", "areas": AREAS[:2]},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_measured_every_target_gets_a_probability(tmp_path, kind):
    """One figure is enough, and none is refused; names are kept as they stand."""
    targets, _ = made(tmp_path, **KINDS[kind])
    out = found(tmp_path, len(targets))
    assert [c.area for c in out if c.regime == "all"] == [row[1] for row in targets]


def test_the_path_is_the_reports_own(tmp_path):
    """What `assess` says of the target of the same area is what the benchmark says, without and with experience."""
    made(tmp_path, lambda y, n, r: 20 + n + (y - 2000) * (0.5 + 0.2 * n) + r.normal())
    for options in (Options(), Options(experience=False)):
        said = {c.area: c for c in past_plans.cases(tmp_path, options=options) if c.regime == "all"}
        targets, outcomes = past_plans.read(tmp_path)
        rows = list(targets.itertuples())
        known = {r.area: past_plans._known(outcomes[r.plan, r.indicator, r.area], r, "all") for r in rows}
        place = tmp_path / str(options.experience)
        place.mkdir()
        evidence = past_plans._set_up(place, "plan", "%", "up", 2010, rows, known)
        for n, r in enumerate(rows, 1):
            (one,) = assess(evidence, area=past_plans._code(n), options=options).indicators
            assert one.head.probability == said[r.area].p is not None
        assert len(rows) == len(said)


def test_nothing_after_mid_term_is_in_sight(tmp_path):
    """Another future gives the same probabilities."""
    later = []
    for n, turn in enumerate((0.0, 30.0)):
        place = tmp_path / str(n)
        place.mkdir()
        made(place, lambda y, n, r, turn=turn: 20 + n + y - 2000 + (turn if y > 2010 else 0.0))
        later.append([c.p for c in found(place, len(AREAS))])
    assert later[0] == later[1]


def test_of_a_figure_given_twice_the_last_counts(tmp_path):
    """Revised rows follow those that they revise."""
    targets, outcomes = made(tmp_path, lambda y, n, r: 20.0 + n + y - 2000)
    plain = [(c.p, c.met) for c in found(tmp_path, len(targets))]
    write(tmp_path, targets, [[*row[:4], row[4] * 1.7] for row in outcomes] + outcomes)
    assert [(c.p, c.met) for c in found(tmp_path, len(targets))] == plain


def test_areas_with_years_of_their_own_stay_one_plan(tmp_path):
    """Baselines and target years that differ, and a second target of the same areas, each have a row."""
    targets, outcomes = made(tmp_path, lambda y, n, r: 20.0 + n + y - 2000)
    for n, row in enumerate(targets):
        row[5], row[7] = (2005, 1998, 2007, 2010)[n % 4], (2015, 2012, 2013)[n % 3]
    again = [[*row[:7], 2011, 33.0, row[9]] for row in targets]
    write(tmp_path, targets + again, outcomes)
    assert len({c.target_year for c in found(tmp_path, 2 * len(targets))}) == 4


def test_what_cannot_be_crossed_can_be_reached(tmp_path):
    """Of areas at 100 % all along, most are believed to be there; of those far below, few to come there."""
    made(tmp_path, lambda y, n, r: 100.0 if y > 2005 else 99.0, target=100.0)
    assert mean(found(tmp_path, len(AREAS))) > 0.6
    made(tmp_path, lambda y, n, r: 60.0 + (y - 2000) * 0.2 + r.normal(), target=100.0)
    assert mean(found(tmp_path, len(AREAS))) < 0.05
    made(tmp_path, lambda y, n, r: 0, unit="cases", up=False, target=0)
    assert mean(found(tmp_path, len(AREAS))) > 0.6


def test_a_small_share_is_not_a_quarter_of_a_percent(tmp_path):
    """Shares of income between 0.05 and 0.2 % that grow are told from those that stand still."""
    said = []
    for pace in (0.0, 0.02):
        made(tmp_path, lambda y, n, r, pace=pace: 0.05 + pace * (y - 2003) * (y > 2003), unit="% of GNI", target=0.22)
        said.append(mean(found(tmp_path, len(AREAS))))
    assert said[0] < 0.1 < 0.5 < said[1]


def test_what_grows_from_zero_is_not_drawn_to_no_change(tmp_path):
    """Two more a year since a standing start: five years on the trend is a fair bet, and three per cent a year is not."""
    made(tmp_path, lambda y, n, r: 2.0 * max(0, y - 2004), unit="GW", target=20.0)
    out = found(tmp_path, len(AREAS))
    assert mean(out) > 0.3
    assert float(np.mean([c.found.median[c.step - 1] for c in out if c.regime == "all"])) > 16.0


@pytest.mark.parametrize(
    ("unit", "share"),
    [("%", True), ("per cent", True), ("% of GDP", True), ("% of 1990 level", False), ("kt", False), ("", False)],
)
def test_a_percentage_is_known_by_its_unit(unit, share):
    """An index that is written with a per cent sign has no bounds."""
    assert past_plans.percentage(unit) == share


def test_the_command_prints_and_writes_what_was_asked(tmp_path):
    """Tables by regime and plan, reliability by class; a target without outcome is counted, not guessed."""
    targets, outcomes = made(tmp_path, lambda y, n, r: 20.0 + n + y - 2000, target=36.0)
    write(tmp_path, targets, [row for row in outcomes if row[1] != "NA" or row[3] < 2012])
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks/past_plans.py"), "--data", str(tmp_path), "--json", str(tmp_path / "out.json")],
        capture_output=True, text=True, encoding="utf-8", env={"PYTHONIOENCODING": "utf-8"}, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for words in ("1 targets without", "all\n", "since_baseline", "last_3", "mean p", "Brier", "base", "50 %", "line", "pace",
                  "refused", "plans weighted equally", "90–100 %", "straight line", "pace ratio"):  # fmt: skip
        assert words in done.stdout
    rows = json.loads((tmp_path / "out.json").read_text("utf-8"))["rows"]
    assert len(rows) == 3 * (len(AREAS) - 1)
    assert set(rows[0]) == {"plan", "indicator", "area", "regime", "p", "met", "refused"}
    assert not any(row["refused"] or math.isnan(row["p"]) for row in rows)


@pytest.mark.parametrize(("column", "value", "says"), [(4, "rise", "up or down"), (None, None, "targets.csv")])
def test_a_folder_that_cannot_be_read_says_why(tmp_path, column, value, says):
    """A direction that is none, a file that is not there."""
    if column is not None:
        targets, outcomes = made(tmp_path, lambda y, n, r: 20.0, areas=AREAS[:1])
        targets[0][column] = value
        write(tmp_path, targets, outcomes)
    with pytest.raises(SystemExit, match=says):
        list(past_plans.cases(tmp_path))
