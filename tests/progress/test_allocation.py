"""City targets divided among districts: exact sums, declared keys, refusals with reasons."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenreport.progress import allocate

BASE = {"500101": 5, "500102": 3, "500103": 2}


def test_baseline_share():
    """10 → 17 in shares of 50, 30 and 20 %: 8.5, 5.1 and 3.4."""
    got = allocate(city_base=10, city_target=17, base=BASE)
    assert dict(got) == pytest.approx({"500101": 8.5, "500102": 5.1, "500103": 3.4})
    assert (got.status, got.key, got.gap, got.shares["500101"]) == ("complete", "baseline_share", 0, 0.5)


def test_equal_and_population():
    """Seven more in equal parts is 2 1/3 each; with 4, 2 and 1 of 7 inhabitants it is 4, 2 and 1."""
    equal = allocate(city_base=10, city_target=17, base=BASE, key="equal")
    assert dict(equal) == pytest.approx({"500101": 5 + 7 / 3, "500102": 3 + 7 / 3, "500103": 2 + 7 / 3})
    people = {"500101": 400, "500102": 200, "500103": 100}
    by_head = allocate(city_base=10, city_target=17, base=BASE, key="population", population=people)
    assert dict(by_head) == {"500101": 9, "500102": 5, "500103": 3}


def test_whole_numbers_by_largest_remainder():
    """Increments 3.5, 2.1 and 1.4 become 4, 2 and 1: the largest remainder takes the rest."""
    got = allocate(city_base=10, city_target=17, base=BASE, integers=True)
    assert dict(got) == {"500101": 9, "500102": 5, "500103": 3}
    assert all(isinstance(value, int) for value in got.values())


def test_ties_go_by_code():
    """One hotel among three equals goes to the first code, whatever the order of the table."""
    base = {"500103": 1, "500102": 1, "500101": 1}
    got = allocate(city_base=3, city_target=4, base=base, integers=True)
    assert dict(got) == {"500101": 2, "500102": 1, "500103": 1}


def test_a_fall_is_divided_too():
    """10 → 5 takes 2.5, 1.5 and 1; in whole numbers 2, 2 and 1, the larger code giving way last."""
    assert dict(allocate(city_base=10, city_target=5, base=BASE)) == {"500101": 2.5, "500102": 1.5, "500103": 1}
    whole = allocate(city_base=10, city_target=5, base=BASE, integers=True)
    assert sum(whole.values()) == 5


def test_bases_that_do_not_add_up_are_told():
    """A district is missing: the others keep their share of the increment and the gap is shown."""
    got = allocate(city_base=12, city_target=19, base=BASE)
    assert (got.status, got.reason) == ("partial", "bases_do_not_add_up")
    assert (got.total, got.gap) == pytest.approx((17, 2))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"base": {}}, "no_districts"),
        ({"base": {**BASE, "500104": math.nan}}, "missing_base"),
        ({"base": {**BASE, "500104": None}}, "missing_base"),
        ({"base": {**BASE, "500104": -1}}, "negative_base"),
        ({"base": dict.fromkeys(BASE, 0)}, "zero_base"),
        ({"key": "population"}, "missing_population"),
        ({"key": "population", "population": {"500101": 3, "500102": None, "500103": 1}}, "missing_population"),
        ({"key": "population", "population": {"500101": 3, "500102": 0, "500103": 1}}, "missing_population"),
        ({"integers": True, "city_target": 17.5}, "not_integers"),
        ({"integers": True, "base": {**BASE, "500103": 2.5}}, "not_integers"),
        ({"key": "equal", "city_target": 1}, "negative_target"),
    ],
)
def test_a_key_that_is_not_defined_is_refused(change, reason):
    """No target is made up: the allocation is empty and says why."""
    got = allocate(**{"city_base": 10, "city_target": 17, "base": BASE, **change})
    assert (got.ok, got.reason, dict(got)) == (False, reason, {})


def test_a_zero_base_can_be_divided_by_other_keys():
    """Exhibitions, 0 → 6 in three districts: no baseline share exists, equal parts do."""
    zero = dict.fromkeys(BASE, 0)
    assert dict(allocate(city_base=0, city_target=6, base=zero, key="equal")) == dict.fromkeys(BASE, 2)


def test_an_unknown_key_is_an_error():
    """A key outside the three declared ones is a mistake of the caller."""
    with pytest.raises(ValueError, match="unknown key"):
        allocate(city_base=1, city_target=2, base=BASE, key="area")


amounts = st.floats(min_value=0.01, max_value=1e6, allow_nan=False)


@given(st.dictionaries(st.text("0123456789", min_size=6, max_size=6), amounts, min_size=1, max_size=42), amounts)
def test_the_sum_is_the_city_target_exactly(base, target):
    """Whatever the figures, the derived targets add up to the city target to the last bit."""
    got = allocate(city_base=math.fsum(base.values()), city_target=target, base=base)
    assert math.fsum(got.values()) == target
    assert got.gap == 0


@given(
    st.dictionaries(st.text("0123456789", min_size=6, max_size=6), st.integers(0, 500), min_size=1, max_size=42),
    st.integers(0, 1000),
)
def test_whole_numbers_add_up_and_stay_near_their_share(base, more):
    """Integers add up exactly and differ from the exact share by less than one."""
    city = sum(base.values())
    got = allocate(city_base=city, city_target=city + more, base=base, key="equal", integers=True)
    assert sum(got.values()) == city + more
    assert all(abs(got[code] - base[code] - more / len(base)) < 1 for code in base)
