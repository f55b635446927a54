"""The published methods beside the verdict: each of their words agrees with one, contradicts one, or stands between."""

from greenreport.assess import other_methods
from greenreport.words import texts


def test_every_word_of_a_method_has_its_side():
    """A status that no set holds would silently agree with every verdict."""
    sides = (other_methods._BEST, other_methods._BETWEEN, other_methods._BAD)
    stated = {key.removeprefix("status.") for key in texts("second", "en") if key.startswith("status.")}
    assert set().union(*sides) == stated
    assert sum(map(len, sides)) == len(stated)
