"""The second opinions against published results of statistical offices (sources in published/README.md)."""

import csv
import functools
from collections import Counter
from pathlib import Path

import pytest
from courses import cagr_ratio, linear_ratio

from greenreport.progress import growth_rating, weather

PUBLISHED = Path(__file__).parent / "published"


@functools.cache
def rows(name):
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def maybe(kind, text):
    return kind(text) if text else None


# ── Statistics Canada ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "row",
    rows("statistics_canada.csv"),
    ids=[f"{r['set']}-{r['indicator']}-{n}" for n, r in enumerate(rows("statistics_canada.csv"))],
)
def test_statistics_canadas_measure_follows_from_its_components(row):
    """Value, status and score of Statistics Canada's progress measure follow from its own components."""
    figures = {
        "base_year": int(row["base_year"]), "base_value": float(row["base_value"]),
        "current_year": int(row["current_year"]), "current_value": float(row["current_value"]),
        "direction": row["direction"],
    }  # fmt: skip
    if row["target_year"]:
        got = cagr_ratio(**figures, target_year=int(row["target_year"]), target_value=float(row["target_value"]))
    else:
        got = growth_rating(**figures, limit=maybe(float, row["limit"]))
    assert got.status == row["status"]
    for mine, theirs, exact in ((got.value, row["value"], 1e-12), (got.score, row["score"], 1e-4)):
        assert (mine is None) == (theirs == "")
        assert mine is None or mine == pytest.approx(float(theirs), rel=1e-9, abs=exact)


def test_statistics_canada_is_complete():
    """All 374 series with figures are there, in every status that the method has."""
    assert Counter(row["status"] for row in rows("statistics_canada.csv")) == {
        "deterioration": 114,
        "on_track": 84,
        "undefined": 65,
        "limited_progress": 52,
        "acceleration_needed": 36,
        "achieved": 23,
    }


# ── SDSN ─────────────────────────────────────────────────────────────────────


def sdsn(row):
    return linear_ratio(
        base_year=int(row["start_year"]),
        base_value=float(row["start_value"]),
        current_year=int(row["end_year"]),
        current_value=float(row["end_value"]),
        target_year=2030,
        target_value=float(row["target_value"]),
        direction=row["direction"],
    ).status


@pytest.mark.parametrize("indicator", sorted({r["indicator"] for r in rows("sdsn_europe_2019.csv")}))
def test_sdsns_arrows_follow_from_the_raw_figures(indicator):
    """Every SDSN arrow of an indicator follows from the raw figures, save those listed as not reproduced."""
    for row in rows("sdsn_europe_2019.csv"):
        if row["indicator"] == indicator:
            assert (sdsn(row) == row["arrow"]) == (row["reproduced"] == "yes"), row


def test_most_of_sdsns_arrows_are_reproduced():
    """2,227 of the 2,255 arrows of the 2019 Europe report are reproduced."""
    assert Counter(sdsn(row) == row["arrow"] for row in rows("sdsn_europe_2019.csv")) == {
        True: 2227,
        False: 28,
    }


# ── Destatis ─────────────────────────────────────────────────────────────────


@functools.cache
def german(name):
    return {int(r["year"]): float(r["value"]) for r in rows("destatis_series.csv") if r["series"] == name}


def symbol(row):
    return weather(
        series=german(row["series"]),
        direction=row["direction"],
        target_year=maybe(int, row["target_year"]),
        target_value=maybe(float, row["target_value"]),
        current_year=int(row["year"]),
    ).status


@pytest.mark.parametrize(
    "row",
    rows("destatis_symbols.csv"),
    ids=[f"{r['indicator']}-{r['target']}-{r['year']}" for r in rows("destatis_symbols.csv")],
)
def test_destatis_symbols_follow_from_their_series(row):
    """A weather symbol follows from the series up to its year, but for those listed as not reproduced."""
    assert (symbol(row) == row["symbol"]) == (row["reproduced"] == "yes")


def test_most_of_destatis_symbols_are_reproduced():
    """347 of the 372 symbols are reproduced, among them every kind."""
    shown = Counter((row["symbol"], symbol(row) == row["symbol"]) for row in rows("destatis_symbols.csv"))
    assert sum(n for (_, same), n in shown.items() if same) == 347
    assert {kind for (kind, same) in shown if same} == {"sun", "sun_cloud", "cloud", "storm"}


# ── Open SDG ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("base", "current", "target", "direction", "status"),
    [(10, 30, 1, "down", "deterioration"), (5, 6, 9, "up", "on_track")],
    ids=["1-5-3", "1-5-4"],
)
def test_open_sdgs_own_cases_have_its_status(base, current, target, direction, status):
    """Open SDG's own two cases, 2015 to 2016 with a target for 2030, read as its test site shows them."""
    got = cagr_ratio(
        base_year=2015,
        base_value=base,
        current_year=2016,
        current_value=current,
        target_year=2030,
        target_value=target,
        direction=direction,
    )
    assert got.status == status
