"""What is known of a count, put in order: every rule of the record on statements that can be worked out by hand."""

import math

import pytest

from greenreport.forecast.count_evidence import Inside, Unfit, as_level, read
from greenreport.forecast.evidence import Bound, Growth, Increment, Level, Start


def pieces(record):
    """What was counted in which stretch: start and end in years from the latest date, count, variance of its error."""
    seen = record.seen
    return [tuple(map(float, one)) for one in zip(seen.start, seen.end, seen.x, seen.noise, strict=True)]


def test_between_two_counts_lies_what_was_counted():
    """Between two counts lies what was counted; the first is the stock, the last the base, and nothing is open."""
    record = read([Level(2023, 54), Level(2020, 44), Level(2022, 50)])
    assert pieces(record) == [(-3, -1, 6, 0), (-1, 0, 4, 0)]
    assert (record.stock, record.since, record.base, record.now) == (44, -3, 54, 2023)
    assert (record.base_sd, record.floor, record.n, record.zero, record.plain) == (0, 54, 3, False, True)
    assert record.open.shape == (0, 2) and record.unused == ()
    assert list(record.seen.years) == [2, 1]


def test_a_count_that_begins_at_zero_began_before_its_first_thing():
    """Zero first and more later: the programme began in between; zero throughout: it has not begun."""
    assert read([Level(2021, 0), Level(2023, 5)]).zero
    assert not read([Level(2021, 0), Level(2023, 0)]).zero
    assert not read([Level(2021, 1), Level(2023, 5)]).zero


def test_a_date_within_a_year_is_part_of_it():
    """57 in the middle of 2026 is half a year after the count of 2025."""
    record = read([Level(2025, 50), Level(2026, 57, elapsed=0.5)])
    assert pieces(record) == [(-0.5, 0, 7, 0)]
    assert record.now == 2025.5


def test_every_statement_that_says_something_counts():
    """Every statement that says something counts, whatever it says."""
    said = [Level(2020, 5), Start(2016), Increment(2021, 2021, 3), Increment(2023, 2023, 2), Bound(2022, 9)]
    assert read(said).n == 5
    twice = [*said, Increment(2023, 2024, 4)]  # 2023 is told by another already
    assert (read(twice).n, read(twice).unused) == (5, (("increment", "overlaps"),))
    assert read([Level(2020, 5), Growth(2021, 0.1)]).n == 1


def test_an_increment_after_an_unknown_year_leaves_that_year_open():
    """44 in 2021 and 8 new in 2023: 52 at least, and nothing is known of 2022."""
    record = read([Level(2021, 44), Increment(2023, 2023, 8)])
    assert pieces(record) == [(-1, 0, 8, 0)]
    assert (record.stock, record.since, record.base, record.now) == (44, -2, 52, 2023)
    assert record.open.tolist() == [[-2, -1]]


def test_two_increments_after_the_last_count_leave_the_years_between_open():
    """5 in 2018, 2 new in 2020, 3 in 2022: open are 2019 and 2021, and 2023, the year of a bound."""
    record = read([Level(2018, 5), Increment(2020, 2020, 2), Increment(2022, 2022, 3), Bound(2023, 30, "below")])
    assert record.base == 10
    assert record.open.tolist() == [[-5, -4], [-3, -2], [-1, 0]]


def test_increments_alone_have_no_stock():
    """10 in 2021 and 8 in 2023: no stock; 18 stand at least, and 2022 is open."""
    record = read([Increment(2023, 2023, 8), Increment(2021, 2021, 10)])
    assert record.stock is None and not record.plain
    assert (record.since, record.base, record.now) == (-3, 18, 2023)
    assert pieces(record) == [(-3, -2, 10, 0), (-1, 0, 8, 0)]
    assert record.open.tolist() == [[-2, -1]]


def test_an_increment_before_the_first_count_is_taken_off_it():
    """3 of the 20 of 2022 came in 2020: what stood before was 17 at most."""
    record = read([Increment(2020, 2020, 3), Level(2022, 20)])
    assert (record.stock, record.since, record.base) == (17, 0, 20)
    assert pieces(record) == [(-3, -2, 3, 0)]
    with pytest.raises(Unfit, match="evidence_conflicts"):
        read([Increment(2020, 2020, 21), Level(2022, 20)])


def test_an_increment_within_a_stretch_says_when_its_part_came():
    """20 in 2019, 44 in 2023, 15 of the 24 in 2021: the other 9 came in 2020, 2022 and 2023, whose middle is 11/6 ago."""
    record = read([Level(2019, 20), Increment(2021, 2021, 15), Level(2023, 44)])
    rest, own = pieces(record)
    assert rest == pytest.approx((-11 / 6 - 1.5, -11 / 6 + 1.5, 9, 0)) and own == (-3, -2, 15, 0)
    first = read([Level(2019, 20), Increment(2020, 2021, 15), Level(2023, 44)])  # hangs on 2019: 35 in 2021
    assert pieces(first) == [(-4, -2, 15, 0), (-2, 0, 9, 0)]
    apart = read([Level(2019, 20), Increment(2021, 2021, 15), Increment(2022, 2022, 4), Level(2024, 44)])
    first, rest, last = pieces(apart)
    assert (first, last) == ((-4, -3, 15, 0), (-3, -2, 4, 0))
    assert rest == pytest.approx((-13 / 6 - 1.5, -13 / 6 + 1.5, 5, 0))
    with pytest.raises(Unfit, match="evidence_conflicts"):
        read([Level(2019, 20), Increment(2021, 2021, 25), Level(2023, 44)])


def test_increments_hang_on_each_other():
    """From 2020 on both ways: 5 in 2019, 12 in 2021, 15 in 2022."""
    said = [Increment(2022, 2022, 3), Level(2020, 9), Increment(2021, 2021, 3), Increment(2020, 2020, 4)]
    assert pieces(read(said)) == [(-3, -2, 4, 0), (-2, -1, 3, 0), (-1, 0, 3, 0)]
    assert (read(said).stock, read(said).base) == (5, 15)
    with pytest.raises(Unfit, match="evidence_conflicts"):
        read([Level(2020, 9), Increment(2020, 2020, 10)])  # before, less than nothing


def test_exact_counts_spread_before_rounded_ones():
    """44 in 2021 and 10 new in 2022 are 54, whatever "about 50" says of 2022."""
    record = read([Level(2021, 44), Increment(2022, 2022, 10), Level(2022, 50, error=0.1), Level(2023, 60)])
    assert (record.base, record.base_sd) == (60, 0)
    about = read([Level(2022, 50, error=0.1), Increment(2023, 2023, 10)])
    assert (about.base, about.base_sd) == (60, pytest.approx(5 / math.sqrt(3)))


def test_a_rounded_level_has_an_error_and_no_floor():
    """ "About 50", by up to a tenth: an error of 5/√3, and nothing is certainly reached; beside an exact 40, 40 is."""
    about = read([Level(2023, 50, error=0.1)])
    assert (about.base, about.base_sd, about.floor) == (50, pytest.approx(5 / math.sqrt(3)), 0)
    later = read([Level(2021, 40), Level(2023, 50, error=0.1)])
    assert (later.floor, later.base_sd, later.plain) == (40, pytest.approx(5 / math.sqrt(3)), False)
    assert pieces(later) == [(-2, 0, 10, pytest.approx(25 / 3))]


def test_two_rounded_levels_of_one_date_are_weighed_by_precision():
    """50 ± 10 % and 54 ± 5 %: variances 25/3 and 2.43, so the second weighs 3.4 times as much."""
    record = read([Level(2023, 50, error=0.1), Level(2023, 54, error=0.05)])
    a, b = 3 / 25, 3 / 2.7**2
    assert record.base == pytest.approx((50 * a + 54 * b) / (a + b))
    assert record.base_sd == pytest.approx((a + b) ** -0.5)


def test_an_exact_level_counts_before_a_rounded_one_of_its_date():
    """The exact one counts; one that lies further off than rounding can take it is a contradiction."""
    assert read([Level(2023, 50, error=0.1), Level(2023, 52)]).base == 52
    assert read([Level(2023, 50, error=0.1), Level(2023, 52)]).base_sd == 0
    with pytest.raises(Unfit, match="evidence_conflicts"):
        read([Level(2023, 50, error=0.1), Level(2023, 59)])
    with pytest.raises(Unfit, match="evidence_conflicts"):
        read([Level(2023, 50, error=0.1), Level(2023, 41)])


def test_rounded_levels_that_seem_to_fall_are_drawn_together():
    """52 and 50, both by a tenth: the mean by precision for both; 60 and 50 by a fiftieth is a fall."""
    record = read([Level(2022, 52, error=0.1), Level(2023, 50, error=0.1)])
    a, b = 1 / 5.2**2, 1 / 5**2
    assert record.base == record.stock == pytest.approx((52 * a + 50 * b) / (a + b))
    with pytest.raises(Unfit, match="count_falls"):
        read([Level(2022, 60, error=0.02), Level(2023, 50, error=0.02)])
    exact = read([Level(2022, 50), Level(2023, 49, error=0.1)])
    assert (exact.stock, exact.base) == (50, pytest.approx(50, abs=1e-6))


def test_a_programme_stood_at_nothing_before_its_start():
    """A programme of 2021 stood at nothing at the end of 2020; a count before that contradicts it, unless it is zero."""
    record = read([Start(2021), Level(2023, 24)])
    assert (record.stock, record.since, record.zero, record.n) == (0, -3, True, 2)
    assert pieces(record) == [(-3, 0, 24, 0)]
    assert read([Start(2021), Level(2019, 0), Level(2023, 24)]).stock == 0
    assert read([Start(2021), Level(2020, 0)]).n == 2
    with pytest.raises(Unfit, match="evidence_conflicts"):
        read([Start(2021), Level(2019, 1), Level(2023, 24)])


def test_a_bound_says_something_only_beside_its_known_counts():
    """After the last count a bound stands on its own, before it it lies between two; at a known date it says nothing."""
    record = read([Level(2020, 10), Bound(2021, 12.5), Bound(2022, 30.5, "below"), Level(2023, 40), Bound(2024, 45)])
    assert record.inside == (Inside(-3, 13, True, 10, -4, 40, -1), Inside(-2, 30, False, 10, -4, 40, -1))
    assert record.after == ((0, 45, True),)
    assert (record.now, record.base, record.open.tolist()) == (2024, 40, [[-1, 0]])
    same = read([Level(2020, 10), Bound(2020, 10), Bound(2020, 10, "below")])
    assert (same.inside, same.after) == ((), ())
    early = read([Bound(2018, 4), Level(2020, 10)])
    assert early.inside == (Inside(-2, 4, True, 0, None, 10, 0),)
    order = read([Level(2020, 10), Bound(2023, 30, "below"), Bound(2022, 12)])
    assert order.after == ((-1, 12, True), (0, 30, False))


def test_a_bound_that_counts_contradict_is_refused():
    """More than what was counted later, or less than what was counted before; rounding is minded."""
    with pytest.raises(Unfit, match="evidence_conflicts"):
        read([Bound(2021, 11), Level(2023, 10)])
    assert read([Bound(2021, 10), Level(2023, 10)]).inside != ()
    with pytest.raises(Unfit, match="evidence_conflicts"):
        read([Level(2020, 10), Bound(2021, 9, "below")])
    assert read([Level(2020, 10), Bound(2021, 10, "below")]).after == ((0, 10, False),)
    assert read([Bound(2021, 11), Level(2023, 10, error=0.1)]).n == 2


def test_a_bound_stands_in_for_a_level():
    """ "More than 50": 50 to 60, certainly 50; "nearly 50": 45 to 50; of nothing: some."""
    more, nearly = as_level(Bound(2024, 50)), as_level(Bound(2024, 50, "below"))
    assert (more.value * (1 - more.error), more.value * (1 + more.error)) == pytest.approx((50, 60))
    assert (nearly.value * (1 - nearly.error), nearly.value * (1 + nearly.error)) == pytest.approx((45, 50))
    assert as_level(Bound(2024, 0)).value == 0.5
    record = read([Bound(2024, 49.5)])
    assert (record.floor, record.base, record.n) == (50, pytest.approx(54.45), 1)
    assert read([Bound(2024, 50, "below")]).floor == 0
    assert read([Bound(2024, 50), Start(2020)]).after == ((0, 50, True),)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ([Level(2023, 2.0**54)], "not_whole"),
        ([Level(2023, math.inf)], "not_whole"),
        ([Increment(2023, 2023, 1.5)], "not_whole"),
        ([Bound(2023, 2.0**54)], "not_whole"),
        ([Bound(2023, -(2.0**54))], "not_whole"),
        ([Bound(2023, -1)], "negative_count"),
        ([Increment(2023, 2023, -1)], "negative_count"),
        ([Level(2023, 49.9), Level(2022, 5)], "not_whole"),
    ],
)
def test_what_is_no_count_is_refused(said, reason):
    """Counts are whole, not negative, and small enough to be told apart; a rounded one need not be whole."""
    with pytest.raises(Unfit, match=reason):
        read(said)
    assert read([Level(2023, 49.9, error=0.1)]).base == 49.9
    assert read([Level(2023, 4.5, error=0.1)]).base == 4.5
    assert read([Level(2023, 0), Bound(2024, 0)]).base == 0
