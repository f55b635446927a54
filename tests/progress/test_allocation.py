"""A district's part of a city target: its own figures and the city's, declared keys, refusals with reasons."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenreport.progress import ALLOCATION_REASONS, allocate

BASE = {"500101": 5, "500102": 3, "500103": 2}
PEOPLE = {"500101": 400, "500102": 200, "500103": 100}


def shared(key="baseline_share", *, base=BASE, city_base=10, city_target=17, integers=False, population=PEOPLE):
    made = {
        code: allocate(
            code, base=b, city_base=city_base, city_target=city_target, key=key, population=population, integers=integers
        )
        for code, b in base.items()
    }  # fmt: skip
    return {code: one.value for code, one in made.items()}


def test_shares_of_the_baseline_divide_the_city_target():
    """10 → 17 in shares of 50, 30 and 20 %: 8.5, 5.1 and 3.4."""
    assert shared() == pytest.approx({"500101": 8.5, "500102": 5.1, "500103": 3.4})
    assert allocate("500101", base=5, city_base=10, city_target=17).value == 8.5


def test_what_is_added_is_divided_equally_or_by_inhabitants():
    """Seven more in equal parts is 2 1/3 each; with 4, 2 and 1 of 7 inhabitants it is 4, 2 and 1."""
    assert shared("equal") == pytest.approx({"500101": 5 + 7 / 3, "500102": 3 + 7 / 3, "500103": 2 + 7 / 3})
    assert shared("population") == pytest.approx({"500101": 9, "500102": 5, "500103": 3})


def test_counts_are_rounded_each_for_itself():
    """Increments 3.5, 2.1 and 1.4 become 4, 2 and 1; half a hotel is rounded up, on the way down as on the way up."""
    assert shared(integers=True) == {"500101": 9, "500102": 5, "500103": 3}
    assert shared(integers=True, city_target=3) == {"500101": 1, "500102": 1, "500103": 1}  # −3.5, −2.1 and −1.4


@pytest.mark.parametrize("others", [0, 1, 2, 6, 37])
def test_a_target_does_not_hang_on_who_has_reported(others):
    """2 of 44 malls in 2023, 65 by 2027: 2 + 21 × 2/44 = 2.95, so 3, whoever else has sent a figure."""
    base = {"500101": 2, **{f"5002{n:02}": 1 for n in range(others)}}
    assert shared(base=base, city_base=44, city_target=65, integers=True)["500101"] == 3


def test_a_fall_is_divided_too():
    """10 → 5 takes 2.5, 1.5 and 1."""
    assert shared(city_target=5) == {"500101": 2.5, "500102": 1.5, "500103": 1}


REFUSED = [
    ({"base": None}, "missing_base"),
    ({"base": math.nan}, "missing_base"),
    ({"base": -1}, "negative_base"),
    ({"city_base": 0}, "zero_base"),
    ({"key": "population", "population": PEOPLE | {"500102": None}}, "missing_population"),
    ({"key": "population", "population": PEOPLE | {"500102": 0}}, "missing_population"),
    ({"key": "equal", "population": {"500102": 1}}, "not_a_district"),
    ({"key": "population", "population": {}}, "not_a_district"),
    ({"integers": True, "city_target": 17.5}, "not_integers"),
    ({"integers": True, "base": 2.5}, "not_integers"),
    ({"key": "equal", "base": 2, "city_target": 1}, "negative_target"),
]


@pytest.mark.parametrize(("change", "reason"), REFUSED)
def test_a_key_that_is_not_defined_is_refused(change, reason):
    """No target is made up: it is not there, and says why."""
    asked = {"base": 5, "city_base": 10, "city_target": 17, "population": PEOPLE} | change
    got = allocate("500101", **asked)
    assert (got.ok, got.value, got.reason) == (False, None, reason)


def test_every_reason_is_tried_here():
    """The list of reasons, by which the catalogues are checked, is that of the refusals above."""
    assert {reason for _, reason in REFUSED} == set(ALLOCATION_REASONS)


def test_a_zero_base_can_be_divided_by_other_keys():
    """Exhibitions, 0 → 6 in three districts: no baseline share exists, equal parts do."""
    zero = dict.fromkeys(BASE, 0)
    assert shared("equal", base=zero, city_base=0, city_target=6) == dict.fromkeys(BASE, 2)


def test_an_unknown_key_is_an_error():
    """A key outside the three declared ones is a mistake of the caller."""
    with pytest.raises(ValueError, match="unknown key"):
        allocate("500101", base=1, city_base=1, city_target=2, key="area")


amounts = st.floats(min_value=0.01, max_value=1e6, allow_nan=False)


@given(st.dictionaries(st.text("0123456789", min_size=6, max_size=6), amounts, min_size=1, max_size=42), amounts)
def test_shares_of_the_baseline_add_up_to_the_city_target(base, target):
    """Where the districts' bases add up to the city's, so do their derived targets."""
    city = math.fsum(base.values())
    got = shared(base=base, city_base=city, city_target=target)
    assert math.fsum(got.values()) == pytest.approx(target, abs=1e-9 * max(city, target))


@given(st.integers(0, 500), st.integers(1, 1000), st.integers(0, 1000))
def test_whole_numbers_stay_within_half_of_their_share(base, rest, more):
    """Rounding moves a target by half a thing at most."""
    city = base + rest
    got = allocate("500101", base=base, city_base=city, city_target=city + more, integers=True)
    assert float(got.value).is_integer()
    assert abs(got.value - base - more * base / city) <= 0.5 + 1e-9
