"""No page of a run leads to a page that the run does not have, and none speaks of it either."""

import pytest

from greenreport.render.navigation import without_dead_ends


def text(markdown, there):
    return without_dead_ends({"cell_type": "markdown", "metadata": {}, "source": markdown}, there)["source"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("网络零售额不变。详见[全市页](city.html)。", "网络零售额不变。"),
        ("Nothing changed. All of it is on [the city’s page](city.html#x).", "Nothing changed."),
        ("[The city’s page](city.html) has more.", ""),
        ("概率为40%。见[方法](methods.html)。", "概率为40%。见[方法](methods.html)。"),
        ("See [a source](https://example.org/city.html).", "See [a source](https://example.org/city.html)."),
    ],
)
def test_a_sentence_that_only_leads_to_a_missing_page_is_left_out(written, read):
    """What is said stays; a way that exists stays; a way to nothing goes with its sentence."""
    assert text(written, {"methods"}) == read


def test_entries_of_a_list_go_one_by_one_and_the_introduction_with_the_last():
    """A list of annexes has those that there are; without any, nothing introduces an empty list."""
    annex = (
        "## Annex\n\nThe annexes are pages of their own.\n\n- [Tasks](tasks.html): all.\n- [Data](data.html): sources."
    )
    assert text(annex, {"data"}) == "## Annex\n\nThe annexes are pages of their own.\n\n- [Data](data.html): sources."
    assert text(annex, set()) == "## Annex"


def test_of_several_links_in_one_entry_the_dead_ones_go():
    """Two of three indicators have a page."""
    entry = "- 比较：[甲](a.html)、[乙](b.html)、[丙](c.html)。"
    assert text(entry, {"a", "b"}) == "- 比较：[甲](a.html)、[乙](b.html)。"
    assert text(entry, {"b", "c"}) == "- 比较：[乙](b.html)、[丙](c.html)。"
    assert text(entry, {"a", "c"}) == "- 比较：[甲](a.html)、[丙](c.html)。"


def test_a_name_in_a_table_stays_without_its_link():
    """A district without a page is still named; one with a page still leads there."""
    cell = {
        "cell_type": "code",
        "outputs": [
            {
                "data": {
                    "text/html": '<td><a href="district-1.html">甲</a></td><td><a href="district-2.html">乙</a></td>'
                },
                "metadata": {"greenreport": {"role": "table"}},
            }
        ],
    }
    made = without_dead_ends(cell, {"district-2"})["outputs"][0]["data"]["text/html"]
    assert made == '<td>甲</td><td><a href="district-2.html">乙</a></td>'
