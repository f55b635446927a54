"""The public figures: cited, graded, and what the data forces on the design holds in them."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from greenreport.observations import Ledger, View


@pytest.fixture(scope="module")
def view(public: Ledger) -> View:
    return public.as_of(date(2026, 6, 30))


def test_every_figure_is_cited(public: Ledger, data: Path) -> None:
    """Rows of grade A and B have an address and, but for tables read in a bulletin, the words they rest on."""
    f = public.frame
    firm = f[f["grade"].isin(["A", "B"])]
    assert (firm["source_address"] != "").all()
    assert not public.synthetic
    assert "S" not in set(f["grade"])
    with (data / "public/sources/quotes.csv").open(encoding="utf-8") as handle:
        quoted = {
            tuple(r[c] for c in ("indicator", "area", "scope", "kind", "period", "vintage"))
            for r in csv.DictReader(handle)
        }
    days = firm["vintage"].dt.strftime("%Y-%m-%d")
    keys = set(zip(*(firm[c] for c in ("indicator", "area", "scope", "kind", "period")), days, strict=True))
    assert {k[0] for k in keys - quoted} <= {"resident_population"}
    whole = set(
        zip(
            *(f[c] for c in ("indicator", "area", "scope", "kind", "period")),
            f["vintage"].dt.strftime("%Y-%m-%d"),
            strict=True,
        )
    )
    assert quoted <= whole


def test_short_codes_are_spelt_out(public: Ledger) -> None:
    """Every note and every scope in the rows is a code that ledger.toml gives in both languages."""
    codes = {c for note in public.frame["note"].unique() for c in note.split(";") if c}
    assert codes == set(public.notes)
    assert set(public.frame["scope"].unique()) - {""} == set(public.scopes)
    note = public.note("plan;lower_bound")
    assert note is not None
    assert "规划" in note.zh
    assert "lower bound" in note.en


def test_marks_that_imports_write_are_spelt_out_by_every_ledger(public: Ledger, demo: Ledger) -> None:
    """“约”, “余” and “近” become codes of the package itself, so any ledger says them in words, in its own if it has any."""
    for ledger in (public, demo):
        for code, zh, en in (
            ("rounded", "约", "round"),
            ("lower_bound", "余", "bound"),
            ("upper_bound", "近", "bound"),
        ):
            note = ledger.note(code)
            assert note is not None
            assert zh in note.zh
            assert en in note.en
    own = public.note("rounded")
    assert own is not None
    assert own.zh == public.notes["rounded"].zh


def test_the_citys_figures_are_the_plans_baselines(public: Ledger, view: View) -> None:
    """The six indicators of the city have the plan's 2023 values, and only online retail has an earlier year."""
    for i in public.plan.indicators:
        series = view.series(i.id, "500000")
        assert series.values[-1] == i.baseline.value
        assert series.last_year == 2023
        assert len(series.annual) == (2 if i.id == "online_retail" else 1)


def test_level_on_level_growth_is_wrong_and_comparable_growth_is_right(view: View) -> None:
    """National online retail sales 2025: +2.9 % level on level, +8.6 % on the comparable basis, as published."""
    published = view.series("online_retail", "100000").values
    comparable = view.series("online_retail", "100000", basis="comparable").values
    assert published[-1] / published[-2] - 1 == pytest.approx(0.029, abs=5e-4)
    assert comparable[-1] / comparable[-2] - 1 == pytest.approx(0.086, abs=1e-9)
    assert comparable[-2] == pytest.approx(147_074, abs=1)
    assert len(comparable) >= 8


def test_unconfirmed_national_vehicles_are_there_when_asked_for(view: View) -> None:
    """Grade C figures of end-of-life vehicles are left out by default and marked when taken in."""
    assert view.series("elv_recycled", "100000").years.tolist() == [2018]
    taken = view.series("elv_recycled", "100000", grades=("A", "B", "C"))
    assert [p.year for p in taken.annual if p.unconfirmed] == [2021, 2022]


def test_earlier_targets_are_context(view: View) -> None:
    """Targets of earlier documents are kept under the document's name, and never enter a series."""
    rows = view.frame[(view.frame["kind"] == "target") & (view.frame["area"] == "500000")]
    hotels = rows[rows["indicator"] == "green_hotel"]
    assert hotels[["period", "value", "scope"]].to_numpy().tolist() == [["2025", 40.0, "opinions_2023"]]
    assert 50.0 in rows.loc[rows["indicator"] == "green_mall", "value"].tolist()


def test_lower_bounds_are_marked(view: View) -> None:
    """“More than 9 trillion” in 2018 is marked as a lower bound."""
    point = view.series("online_retail", "100000").in_year(2018)
    assert point is not None
    assert "lower_bound" in point.note.split(";")


def test_restated_retail_sales_keep_both_vintages(view: View) -> None:
    """Chongqing's retail sales of 2024 were 15,677.37 at first and 16,190 later."""
    found = view.restatements(areas=["500000"], indicators=["retail_sales"])
    assert [(r.old, r.new, r.period) for r in found] == [(15677.37, 16190.0, "2024")]
