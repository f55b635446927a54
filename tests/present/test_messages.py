"""What is worth saying knows no language; the words and the way of writing values come with one."""

import pytest

from greenreport.present.messages import As, Message, capital, prose, say
from greenreport.present.numbers import bracketed, joined, percent
from greenreport.text import Text

AREA = Text("万州", "Wanzhou")


@pytest.mark.parametrize(("lang", "text"), [("zh", "万州（5万吨，占40.0%）"), ("en", "Wanzhou (5万吨, 40.0%)")])
def test_a_message_takes_its_words_and_values_from_the_language(lang: str, text: str) -> None:
    """Texts in two languages and figures are written as the language of the page writes them."""
    assert say(Message("problems.carrier", area=AREA, short="5万吨", share=As(percent, 0.4)), lang) == text


def test_messages_stand_inside_messages_and_lists() -> None:
    """A part of a sentence is a message of its own, wherever it stands."""
    names = As(joined, [AREA, Message("advice.districts", n=2)])
    assert say(names, "en") == "Wanzhou and 2 districts"
    assert say(As(bracketed, names), "zh") == "（万州和2个区县）"


@pytest.mark.parametrize(("up", "word"), [(True, "increase"), (False, "fall")])
def test_a_truth_value_chooses_between_two_forms(up: bool, word: str) -> None:
    """The first form is for what is true."""
    said = say(Message("problems.each_short", up=up, year=2025, change="1", needed="2"), "en")
    assert f"the {word} has been smaller" in said


def test_prose_ends_every_sentence_and_leaves_out_what_says_nothing() -> None:
    """Full stops are not doubled; English sentences begin with a capital."""
    assert prose(["", "one", AREA, "two."], "en") == "One. Wanzhou. Two."
    assert prose(["甲", "乙。"], "zh") == "甲。乙。"
    assert capital("", "en") == ""


def test_what_is_the_same_is_one_message() -> None:
    """Messages are compared by what they say, so that tests need no words."""
    assert Message("parts.blank", n=1) == Message("parts.blank", n=1) != Message("parts.blank", n=2)
