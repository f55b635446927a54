"""How a source words a figure reaches the reader: “90,000亿元以上” is not printed as if it were exact."""

import pytest

from greenreport import present
from greenreport.assess import assess


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "| 90000 | 亿元 | 公布数；来源为“超过”“余”，系下限 |"),
        ("en", "| 9,000.0 | CNY billion | published; lower bound: the source says “more than” |"),
    ],
)
def test_a_lower_bound_is_told_where_the_figures_sources_are_listed(published, lang, told):
    """The national online retail sales of 2018 were published as “more than 9 trillion”, and the table says so."""
    nation = published.area("100000")
    _, table = present.sources_chapter(assess(published, area=nation.code), published.plan_for(nation), lang)
    assert told in table.markdown
