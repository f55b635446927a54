"""The record of past plans: what is counted, that nobody counts for more than their plan, that no plan judges itself."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from greenreport.assess import past_targets
from greenreport.assess.model import LIMITS
from greenreport.assess.record import (
    CLASSES,
    METHODS,
    REGIMES,
    WORDS,
    PastTarget,
    became,
    by_class,
    by_plan,
    class_of,
    far_off,
    misses,
    scores,
)
from greenreport.progress import LIKELIHOODS, likelihood

ROOT = Path(__file__).resolve().parents[2]


def target(plan="a", p=0.6, met=True, **more):
    known = {
        "area": "x", "indicator": "i", "unit": "%", "up": True, "baseline_year": 2000, "as_of": 2005, "target_year": 2010,
        "baseline": 10.0, "last": 15.0, "target": 20.0, "came": 21.0, "regime": "all", "plain": p, "line": p, "pace": 1.0,
        "width": 0.3,
    }  # fmt: skip
    return PastTarget(plan=plan, p=p, met=met, **(known | more))


def test_the_record_is_of_the_targets_in_the_folder_of_past_plans():
    """446 targets in seven plans; what came is what the outcomes say, and met is judged by it."""
    with (ROOT / "data/past-plans/targets.csv").open(encoding="utf-8") as file:
        asked = list(csv.DictReader(file))
    with (ROOT / "data/past-plans/outcomes.csv").open(encoding="utf-8") as file:
        came = {(r["plan"], r["area"], r["indicator"], int(r["year"])): float(r["value"]) for r in csv.DictReader(file)}
    for regime in REGIMES:
        rows = past_targets(regime=regime)
        assert len(rows) == len(asked) == 446
        assert len({row.plan for row in rows}) == 7
        for row in rows:
            value = came[row.plan, row.area, row.indicator, row.target_year]
            slack = 0.05 if row.unit == "%" else 0.0
            assert row.came == pytest.approx(value, rel=1e-4)
            assert row.met == (value >= row.target - slack if row.up else value <= row.target + slack)


def test_a_probability_is_of_the_class_of_its_printed_figure():
    """65.6 % is printed 66 %; the classes are the words, the middle one in two halves."""
    assert [class_of(p) for p in (0.0, 0.094, 0.095, 0.33, 0.499, 0.656, 0.896, 1.0)] == [0, 0, 1, 2, 3, 4, 5, 5]
    assert sorted(least for _, least in LIKELIHOODS) == sorted(WORDS)
    assert set(WORDS) < set(CLASSES)


def test_every_plan_counts_alike():
    """Nine targets of one plan, all met, and one of another, missed: half, not nine tenths."""
    rows = [target("a", met=True) for _ in range(9)] + [target("b", met=False)]
    (found,) = by_class(rows)
    assert (found.n, found.met, found.plans) == (10, 9, 2)
    assert found.share == pytest.approx(0.5)
    assert found.low <= found.share <= found.high
    assert scores(rows).met == pytest.approx(0.5)


def test_few_plans_leave_a_wide_range():
    """Twenty of forty met in one plan are surer than in two plans of which one met all and the other none."""
    (one,) = by_class([target("a", met=n < 20) for n in range(40)])
    (two,) = by_class([target("a") for _ in range(20)] + [target("b", met=False) for _ in range(20)])
    assert one.share == two.share == pytest.approx(0.5)
    assert two.high - two.low > one.high - one.low


def test_scores_are_mean_squared_misses():
    """0.6 said and met misses by 0.16, said and missed by 0.36; no answer counts as one half."""
    (plan,) = by_plan([target(met=True), target(met=False), target(p=None, met=True)])
    assert plan.brier[0] == pytest.approx((0.16 + 0.36 + 0.25) / 3)
    assert plan.base == pytest.approx(2 / 9)


def test_a_plan_that_is_judged_is_left_out():
    """The page of the renewables directive does not count the directive; an unknown plan leaves nothing out."""
    assert len(past_targets(without="eu_red_2020")) == 446 - 27
    assert len(past_targets(without="chongqing")) == 446
    n, met = became(5, "")
    less, _ = became(5, "eu_red_2020")
    inside = [row for row in past_targets() if class_of(row.p) == 5]
    assert (n, met) == (len(inside), sum(row.met for row in inside))
    assert less == sum(row.plan != "eu_red_2020" for row in inside)


def test_the_report_does_better_than_what_is_done_by_hand():
    """In every setting the report's squared misses are smaller than the base rate's, the line's and the pace ratio's."""
    for regime in REGIMES:
        found = scores(past_targets(regime=regime))
        by_method = dict(zip(METHODS, found.brier, strict=True))
        assert by_method["p"] < min(by_method["line"], by_method["pace"], found.base)


def test_without_experience_the_record_is_without_it_too():
    """A run that leaves past plans out is shown what became of probabilities without them."""
    for row, other in zip(past_targets(), past_targets(experience=False), strict=True):
        assert other == replace(row, p=row.plain)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (target(met=True, last=12.0, came=25.0), "faster"),
        (target(met=True, last=9.0, came=25.0), "turned"),
        (target(met=True, last=12.0, came=20.2), "near"),
        (target(met=False, last=22.0, came=18.0), "fell_back"),
        (target(met=False, last=15.0, came=14.0), "reversed"),
        (target(met=False, last=15.0, came=17.0), "slowed"),
        (target(met=False, up=False, baseline=20.0, last=9.0, target=10.0, came=12.0), "fell_back"),
        (target(met=False, last=None, came=12.0), "unknown"),
    ],
)
def test_how_an_outcome_surprised_follows_from_four_figures(row, why):
    """Baseline, mid-term, target and outcome; a target to fall below is read the other way round."""
    assert row.why == why


def test_the_worst_misses_are_furthest_from_what_was_said():
    """Missed with 97 % before missed with 60 %; what was met with 60 % is no surprise."""
    rows = [target(p=0.97, met=False), target(p=0.6, met=False), target(p=0.6), target(p=0.05)]
    assert [row.p for row in misses(rows, met=False, n=5)] == [0.97, 0.6]
    assert [row.p for row in misses(rows, met=True, n=5)] == [0.05]


def test_plans_that_were_far_off_are_named():
    """Renewables came out together better than said, employment worse."""
    found = {p.plan: p.met - p.said for p in far_off(past_targets())}
    assert found["eu_red_2020"] > 0.1
    assert found["eu_lisbon_2010"] <= -0.095
    assert [abs(d) for d in found.values()] == sorted((abs(d) for d in found.values()), reverse=True)
    made = [target("a", 0.5), target("b", 0.9, met=False), target("c", 0.6), target("d", 0.95)]
    assert [(p.plan, round(p.met - p.said, 2)) for p in far_off(made)] == [("b", -0.9), ("a", 0.5), ("c", 0.4)]


def test_words_stand_where_history_bears_them_out():
    """Pooled and plan by plan the middle of each word's share met lies within its limits or its range reaches them."""
    for regime in REGIMES:
        for c in by_class(past_targets(regime=regime), ends=WORDS):
            least, most = WORDS[c.number], (*WORDS, 1.0)[c.number + 1]
            assert c.low <= most and c.high >= least, (regime, c.word)


def test_thin_evidence_gives_no_cause_to_forbid_the_strongest_words():
    """What the page says: where evidence is thin they held as well as elsewhere, where it is strong least."""
    rows = [row for regime in REGIMES for row in past_targets(regime=regime) if row.width is not None]

    def held(place, word):
        inside = [r for r in rows if sum(r.width > limit for limit in LIMITS) == place and likelihood(r.p) == word]
        return sum(r.met for r in inside) / len(inside)

    assert held(3, "very_likely") >= 0.9
    assert held(3, "very_unlikely") <= 0.1
    assert held(0, "very_likely") == min(held(place, "very_likely") for place in range(4))


def test_the_table_in_the_documents_is_the_record():
    """docs/methods.md prints what the record holds, word by word and setting by setting."""
    text = (ROOT / "docs/methods.md").read_text(encoding="utf-8")
    for word in ("very unlikely", "unlikely", "even", "likely", "very likely"):
        row = re.search(rf"^\| {word} \| [^|]*% \|(.*)\|$", text, re.M)
        assert row is not None
        for cell, regime in zip(row[1].split("|"), REGIMES, strict=True):
            found = {c.word: c for c in by_class(past_targets(regime=regime), ends=WORDS)}[word.replace(" ", "_")]
            numbers = [round(100 * found.share), found.n, round(100 * found.low), round(100 * found.high)]
            assert [int(x) for x in re.findall(r"\d+", cell)] == numbers


@pytest.mark.parametrize("name", ["README.md", "docs/evaluators.md"])
def test_what_readers_are_told_is_the_record(name):
    """How often verdicts came true, word by word, and what one click shows of 61 %."""
    text = re.sub(r"\s+", " ", (ROOT / name).read_text("utf-8"))
    words = {c.word: c for c in by_class(past_targets(), ends=WORDS)}
    told = {
        "likely": "likely",
        "even": "about as likely as not",
        "unlikely": "unlikely",
        "very_unlikely": "very unlikely",
    }
    for word, said in (told | {"very_likely": "very likely"}).items():
        counted = rf"{words[word].met} of {words[word].n}\b"
        assert re.search(rf"(?i)(?:^|[;.,] |called |rated )[“]?{said}[”]?(?:: |, ){counted}", text), word
    if name == "docs/evaluators.md":
        n, met = became(class_of(0.61), "")
        assert f"{met} of {n} targets given 50–66%" in text
