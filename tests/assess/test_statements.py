"""From rows of the ledger to statements: what each kind of figure claims, how surely, and what speaks against it."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from helpers import ledger_from

from greenreport.assess import Evidence, Options, assess
from greenreport.assess.case import Case
from greenreport.assess.statements import first_step, known
from greenreport.forecast import Bound, Growth, Level, Part, Related, Total
from greenreport.plan import Doubt, Text

CITY, NATION, HERE = "500000", "100000", "500101"


@pytest.fixture(scope="module")
def make(plan, roster):
    def make(*rows, as_of="2026-06-30", doubts=()):
        """Rows as "area period value [kind] [note] [growth] [grade] [scope]" of online retail sales; - for nothing."""
        table = []
        for row in rows:
            given = row.split()
            area, period, value, kind, note, growth, level, scope = (
                *given,
                *("observed", "-", "-", "A", "-")[len(given) - 3 :],
            )
            unit = "%" if kind == "growth" else "亿元"
            cells = (area, period, value, kind, note, growth, level, scope)
            named = dict(
                zip(("area", "period", "value", "kind", "note", "growth_pct", "grade", "scope"), cells, strict=True)
            )
            named = {k: "" if v == "-" else v for k, v in named.items()}
            year = int(period[:4] if "/" not in period else period.split("/")[1][:4])
            day = f"{year + 1}-03-01" if len(period) == 4 else f"{year}-08-01" if "-" in period else f"{year + 1}-03-01"
            table.append(
                named
                | {"indicator": "online_retail", "unit": unit, "vintage": day, "source": "s", "source_address": "a"}
            )
        changed = tuple(replace(i, doubtful=tuple(doubts)) if i.id == "online_retail" else i for i in plan.indicators)
        told = replace(plan, indicators=changed)
        ledger = ledger_from(pd.DataFrame(table), plan=told, roster=roster)
        return Evidence(told, roster, ledger, date.fromisoformat(as_of))

    return make


def pieces(evidence, area=HERE, options=None):
    indicator = evidence.plan.indicator("online_retail")
    return known(Case(evidence, indicator, evidence.area(area), options or Options()))


def statements(evidence, area=HERE, options=None):
    return [k.statement for k in pieces(evidence, area, options)]


@pytest.mark.parametrize(
    ("note", "said", "side"),
    [
        ("-", Level(2023, 250.0), "exact"),
        ("rounded", Level(2023, 250.0, error=0.02), "about"),
        ("rounded_10", Level(2023, 250.0, error=0.02), "about"),
        ("rounded_100", Level(2023, 250.0, error=0.2), "about"),
        ("rounded_1000", Level(2023, 250.0, error=2.0), "about"),
        ("lower_bound", Bound(2023, 250.0, "above"), "above"),
        ("upper_bound", Bound(2023, 250.0, "below"), "below"),
        ("other;lower_bound", Bound(2023, 250.0, "above"), "above"),
    ],
)
def test_a_figure_claims_what_its_source_words(make, note, said, side):
    """ "About 250" leaves 245 to 255 open, by its last digit that is not zero; "more than 250" is a bound."""
    (one,) = pieces(make(f"{HERE} 2023 250 observed {note}"))
    assert type(one.statement) is type(said) and one.statement.value == 250
    assert vars_of(one.statement) == pytest.approx(vars_of(said))
    assert (one.side, one.value, one.rate, one.period, one.doubt) == (side, 250, None, "2023", None)
    assert (one.kind, one.name) == (type(said).__name__.lower(), f"{type(said).__name__.lower()} 2023")


def vars_of(statement):
    return {
        k: v for k in ("year", "value", "error", "elapsed") if isinstance(v := getattr(statement, k, None), float | int)
    }


@pytest.mark.parametrize(
    ("value", "error"), [("12.5", 0.004), ("300", 1 / 6), ("0", 0.0), ("7", 1 / 14), ("0.3", 1 / 6)]
)
def test_a_rounded_figure_leaves_half_a_unit_of_its_last_digit_open(make, value, error):
    """12.5: 0.05 of it; 300: 50; never more than half of it."""
    (one,) = statements(make(f"{HERE} 2023 {value} observed rounded"))
    assert one.error == pytest.approx(error)


def test_growth_published_with_a_figure_counts_where_the_year_before_is_not_known(make):
    """Beside levels of both years it says nothing more."""
    evidence = make(f"{HERE} 2021 100", f"{HERE} 2023 121 observed - 8.0", f"{HERE} 2024 130 observed - 7.0")
    assert statements(evidence) == [Level(2021, 100), Growth(2023, 0.08), Level(2023, 121), Level(2024, 130)]
    (one,) = [k for k in pieces(evidence) if k.kind == "growth"]
    assert (one.rate, one.value, one.side) == (0.08, None, "exact")


def test_growth_without_a_figure_is_of_its_own_span(make):
    """Of a year, on average over years, of the first months of a year; a fall to nothing is none."""
    evidence = make(
        f"{HERE} 2022 100", f"{HERE} 2023 8 growth", f"{HERE} 2023/2024 6 growth", f"{HERE} 2025-01/2025-06 5 growth",
        f"{HERE} 2021 -100 growth",
    )  # fmt: skip
    year, mean, half = (s for s in statements(evidence) if isinstance(s, Growth))
    assert (year.year, year.rate, year.since, year.error) == (2023, 0.08, 2022, 0)
    assert (mean.year, mean.rate, mean.since) == (2024, 0.06, 2022)
    assert (half.year, half.rate, half.since) == (2025, 0.05, None) and half.error > 0


def test_a_mean_and_a_sum_speak_of_their_years_together(make):
    """Of several years; of one year there is nothing to add up; "more than" is minded."""
    evidence = make(f"{HERE} 2022 100", f"{HERE} 2023/2024 230 sum", f"{HERE} 2022/2024 110 mean lower_bound")
    mean, total = (s for s in statements(evidence) if isinstance(s, Total))
    assert (mean.first, mean.last, mean.value, mean.mean, mean.side) == (2022, 2024, 110, True, "above")
    assert (total.first, total.last, total.value, total.mean, total.side) == (2023, 2024, 230, False, "exact")
    assert {k.kind for k in pieces(evidence)} == {"level", "total"}


def test_the_year_under_way_is_told_by_its_newest_months(make):
    """Its newest months, with the shares of earlier years, or of the area above where there are fewer than two."""
    own = [f"{HERE} 2024 120", f"{HERE} 2025 130", f"{HERE} 2024-01/2024-06 54", f"{HERE} 2025-01/2025-06 60"]
    now = f"{HERE} 2026-01/2026-06 66 provisional - 10.0"
    evidence = make(*own, now, as_of="2026-12-31")
    part = statements(evidence)[-1]
    assert (part.year, part.value, part.elapsed, part.growth) == (2026, 66, 0.5, None)
    assert part.earlier == ((2024, 54, 120), (2025, 60, 130)) and part.borrowed == ()
    above = [f"{CITY} 2025 1000", f"{CITY} 2025-01/2025-06 480"]
    lent = statements(make(*own[:2], now, *above, as_of="2026-12-31"))
    (part,) = [s for s in lent if isinstance(s, Part)]
    assert part.earlier == () and part.borrowed == (0.48,) and part.growth == pytest.approx(0.1)
    assert not [s for s in statements(evidence, options=Options(nowcast=False)) if isinstance(s, Part)]
    assert not [s for s in statements(evidence, options=Options(method="theta")) if isinstance(s, Part)]


def test_shares_of_the_year_come_from_the_districts_where_nobody_above_has_them(make):
    """One share an area, its newest."""
    rows = [f"{HERE} 2025 130", f"{HERE} 2026-01/2026-06 66 provisional"]
    for code, part in (("500102", 40), ("500103", 45)):
        rows += [f"{code} 2024 100", f"{code} 2024-01/2024-06 30", f"{code} 2025 100", f"{code} 2025-01/2025-06 {part}"]
    (part,) = [s for s in statements(make(*rows, as_of="2026-12-31")) if isinstance(s, Part)]
    assert part.borrowed == (0.40, 0.45)


def test_the_growth_of_the_area_above_stands_in(make):
    """From the year after the last own level on, as published or from levels; own evidence of a year comes first."""
    rows = [f"{HERE} 2022 100", f"{CITY} 2022 1000", f"{CITY} 2023 1100", f"{CITY} 2024 1200 observed - 7.0"]
    evidence = make(*rows, as_of="2025-06-30")
    assert statements(evidence)[1:] == [Related(2023, pytest.approx(0.1)), Related(2024, 0.07)]
    assert [k.area for k in pieces(evidence)[1:]] == [CITY, CITY]
    own = statements(make(*rows, f"{HERE} 2023 4 growth", as_of="2025-06-30"))
    assert [type(s) for s in own] == [Level, Growth, Related]
    over = statements(make(*rows, f"{HERE} 2023/2024 4 growth", as_of="2025-06-30"))
    assert [type(s) for s in over] == [Level, Growth]
    provisional = [*rows[:3], f"{CITY} 2024 1200 provisional - 7.0"]
    assert [s.year for s in statements(make(*provisional, as_of="2025-06-30"))[1:]] == [2023]
    assert statements(make(*rows, as_of="2025-06-30"), CITY)[-1] == Level(2024, 1200)


def test_a_doubt_of_the_plan_is_of_the_citys_own_figure_alone(make):
    """A figure of the city that the plan doubts, by period, kind and value; nobody else's, and no other figure."""
    doubts = [
        Doubt("2021", "observed", Text("", ""), 900.0),
        Doubt("2022", "growth", Text("", ""), 12.0),
        Doubt("2021/2022", "sum", Text("", "")),
        Doubt("2020/2022", "mean", Text("", "")),
    ]
    rows = [
        f"{CITY} 2020 800", f"{CITY} 2021 900", f"{CITY} 2022 12 growth", f"{CITY} 2021/2022 1900 sum",
        f"{CITY} 2020/2022 870 mean", f"{CITY} 2019 700",
    ]  # fmt: skip
    doubted = {k.name for k in pieces(make(*rows, doubts=doubts), CITY) if k.doubt == "known_break"}
    assert doubted == {"level 2021", "growth 2022", "total 2021/2022", "total 2020/2022"}
    other = [replace(d, value=1.0) for d in doubts]
    assert not any(k.doubt for k in pieces(make(*rows, doubts=other), CITY))
    here = [row.replace(CITY, HERE) for row in rows]
    assert not any(k.doubt for k in pieces(make(*here, doubts=doubts)))


def test_what_is_unconfirmed_or_switched_off_is_kept_out(make):
    """What nobody has confirmed, unless it is let in; kinds that were switched off, an earlier doubt first."""
    rows = [f"{HERE} 2022 100", f"{HERE} 2023 9 growth - - C"]
    assert [k.doubt for k in pieces(make(*rows), options=Options(use_unconfirmed=True))] == [None, None]
    confirmed = make(f"{HERE} 2022 100", f"{HERE} 2023 9 growth")
    assert [k.doubt for k in pieces(confirmed, options=Options(without=("growth",)))] == [None, "switched_off"]
    doubted = make(f"{CITY} 2022 100", f"{CITY} 2023 9 growth", doubts=[Doubt("2023", "growth", Text("", ""))])
    found = {k.name: k.doubt for k in pieces(doubted, CITY, Options(without=("growth",)))}
    assert found["growth 2023"] == "known_break"


def test_the_plans_own_baseline_stands_in(make):
    """Of the city, where the ledger lacks it; with the day of the plan and its words."""
    (one, *_) = pieces(make(f"{CITY} 2024 1965"), CITY)
    assert (one.statement, one.note, one.grade, one.side) == (Level(2023, 1800), "plan", "A", "exact")
    assert (one.vintage, one.source) == (make(f"{CITY} 2024 1965").plan.begins, make(f"{CITY} 2024 1965").plan.version)
    assert statements(make(f"{CITY} 2023 1790"), CITY) == [Level(2023, 1790)]
    assert statements(make(f"{HERE} 2024 20")) == [Level(2024, 20)]


def test_the_first_year_that_is_forecast_follows_the_last_that_is_known(make):
    """The one after the last full year that is known and not doubted; the baseline's where none is."""
    evidence = make(f"{HERE} 2022 100", f"{HERE} 2024 110", f"{HERE} 2026-01/2026-06 60 provisional")
    assert first_step(pieces(evidence), 2023) == 2025
    assert first_step([replace(k, doubt="unconfirmed") for k in pieces(evidence)], 2023) == 2024


def test_figures_of_another_coverage_put_the_definition_in_doubt(make):
    """Only where all that followed the baseline counts something else; what came before it does not matter."""

    def verdict(*rows):
        return assess(make(f"{CITY} 2023 1800", *rows), area=CITY, indicator="online_retail").indicators[0].grades[0]

    assert verdict(f"{CITY} 2024 1200 observed - - A narrow").reasons == ("definition_in_doubt",)
    assert verdict(f"{CITY} 2022 1200 observed - - A narrow").reasons == ("no_observation_after_base",)
    assert "definition_in_doubt" not in verdict(f"{CITY} 2024 1200 observed - - A narrow", f"{CITY} 2024 1965").reasons


@pytest.mark.parametrize("rows", [["2023 1800"], ["2023 1800", "2024 1965"]])
def test_the_figure_that_narrows_the_range_most_is_wanted_most(make, rows):
    """Of the full years that are over and not known, the one that narrows the target year's range most, if it comes as expected."""
    given = [f"{CITY} {row}" for row in rows]

    def found(*more):
        return assess(make(*given, *more, as_of="2026-12-31"), area=CITY, indicator="online_retail").indicators[0]

    def width(one):
        return one.outlook.in_year(2027).high - one.outlook.in_year(2027).low

    now = found()
    known = {row[:4] for row in rows}
    widths = {
        y: width(found(f"{CITY} {y} {now.outlook.in_year(int(y)).median:.6f}"))
        for y in ("2024", "2025")
        if y not in known
    }
    assert now.most_wanted == min(widths, key=widths.get)
    assert min(widths.values()) < width(now)


def test_an_outcome_is_as_strong_as_its_figure(make):
    """A target year that is over needs no forecast: strong evidence, limited where the figure is in doubt."""
    rows = [f"{CITY} 2023 1800", f"{CITY} 2025 2100", f"{CITY} 2027 2450"]
    over = assess(make(*rows, as_of="2028-06-30"), area=CITY, indicator="online_retail").indicators[0].grades[0]
    assert (over.rule, over.verdict, over.strength) == ("past", "achieved", "strong")
    doubt = [Doubt("2025", "observed", Text("", ""))]
    evidence = make(*rows, as_of="2028-06-30", doubts=doubt)
    assert assess(evidence, area=CITY, indicator="online_retail").indicators[0].grades[0].strength == "limited"
    nothing = assess(make(f"{CITY} 2023 1800"), area=CITY, indicator="online_retail").indicators[0].grades[0]
    assert (nothing.verdict, nothing.strength) == ("not_assessable", None)
