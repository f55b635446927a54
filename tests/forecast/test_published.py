"""What ships as published evidence can be read, adds up, and says what the documentation says."""

import csv
from importlib.resources import files


def rows():
    text = (files("greenreport.forecast") / "calibration.csv").read_text(encoding="utf-8")
    return text, list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def test_the_reliability_figures_can_be_read():
    """Ten bins for each of three lengths, shares between 0 and 1, forecasts within their bin, and a source on top."""
    text, found = rows()
    assert text.startswith("# ") and "report half" in text
    assert sorted({int(r["length"]) for r in found}) == [6, 8, 10] and len(found) == 30
    for r in found:
        assert (int(r["bin"]) - 1) / 10 <= float(r["forecast"]) <= int(r["bin"]) / 10
        assert 0.0 <= float(r["observed"]) <= 1.0 and int(r["n"]) > 0


def test_the_documented_calibration_error_is_that_of_the_figures():
    """The mean distance of stated and observed, weighted by statements, is below 3 % at every length."""
    _, found = rows()
    for length in ("6", "8", "10"):
        part = [(float(r["forecast"]), float(r["observed"]), int(r["n"])) for r in found if r["length"] == length]
        error = sum(n * abs(said - came) for said, came, n in part) / sum(n for *_, n in part)
        assert error <= 0.03
