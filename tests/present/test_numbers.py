import pytest

from greenreport import words as catalog
from greenreport.plan import Unit
from greenreport.present import numbers as n
from greenreport.present.columns import measure
from greenreport.present.tabulate import Column, table

MONEY = Unit(
    id="亿元",
    zh="亿元",
    en="CNY billion",
    en_prefix="CNY ",
    en_suffix=" billion",
    en_scale=0.1,
    decimals_en=1,
)
TONNES = Unit(id="万吨", zh="万吨", en="million tonnes", en_suffix=" million tonnes", en_scale=0.01, decimals_en=2)
VEHICLES = Unit(id="万台", zh="万台", en="vehicles", en_suffix=" vehicles", en_scale=10000.0, decimals_zh=1)
MALLS = Unit(id="家", zh="家", en="malls", en_suffix=" malls")


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (1800, MONEY, "1800亿元", "CNY 180 billion"),
        (2146, MONEY, "2146亿元", "CNY 214.6 billion"),
        (31.27, MONEY, "31.3亿元", "CNY 3.13 billion"),
        (900, TONNES, "900万吨", "9 million tonnes"),
        (24, VEHICLES, "24万台", "240,000 vehicles"),
        (44, MALLS, "44家", "44 malls"),
        (1, MALLS, "1家", "1 mall"),
        (-0.0, MALLS, "0家", "0 malls"),
    ],
)
def test_a_quantity_is_written_in_the_units_of_each_language(value, unit, zh, en):
    """The same ledger value reads 1800亿元 in Chinese and CNY 180 billion in English."""
    assert n.quantity(value, unit, "zh") == zh
    assert n.quantity(value, unit, "en").replace(n.NBSP, " ") == en


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (0.994, VEHICLES, "9940台", "9,940 vehicles"),
        (0.978, MONEY, "9780万元", "CNY 97.8 million"),
        (9.78, MONEY, "9.78亿元", "CNY 978 million"),
        (32.5, TONNES, "32.5万吨", "325,000 tonnes"),
    ],
)
def test_a_districts_small_figure_takes_the_next_smaller_unit(value, unit, zh, en):
    """Nobody writes 0.994万台 or CNY 0.978 billion."""
    assert n.quantity(value, unit, "zh") == zh
    assert n.quantity(value, unit, "en").replace(n.NBSP, " ") == en


def test_english_says_trillion_from_one_on():
    """CNY 15.97 trillion and not CNY 15,970 billion, in text, ranges and columns; what was published keeps its digits."""

    def said(text):
        return text.replace(n.NBSP, " ")

    assert said(n.quantity(159722, MONEY, "en")) == "CNY 15.97 trillion"
    assert said(n.quantity(9999, MONEY, "en")) == "CNY 999.9 billion"
    assert said(n.quantity(20000, MONEY, "en")) == "CNY 2 trillion"
    assert said(n.interval(175800, 286900, MONEY, "en")) == "CNY 17.58–28.69 trillion"
    assert said(n.published(159722, MONEY, "en")) == "CNY 15.9722 trillion"
    assert measure([80620, 159722], MONEY, "en").text(159722) == "15.97"
    assert measure([80620, 159722], MONEY, "en").unit == "CNY trillion"
    assert n.quantity(159722, MONEY, "zh") == "159700亿元"


def test_a_range_takes_the_unit_of_its_upper_end():
    """8.37万—14.27万台 keeps 万台, because only one end lies below 100,000; 8370—14270台 does not."""
    assert n.interval(8.37, 14.27, VEHICLES, "zh") == "8.37万—14.27万台"
    assert n.interval(0.837, 1.427, VEHICLES, "zh") == "8370—14270台"
    assert n.interval(0.837, 0.994, VEHICLES, "zh") == "8370—9940台"
    assert n.interval(31.2, 41.3, TONNES, "en").replace(n.NBSP, " ") == "312,000–413,000 tonnes"


def test_both_ends_of_a_chinese_range_carry_the_numeral_word():
    """GB/T 15835: 2250亿—2640亿元, because 2250—2640亿元 may be misread."""
    assert n.interval(2250, 2640, MONEY, "zh") == "2250亿—2640亿元"
    assert n.interval(70, 84, MALLS, "zh") == "70—84家"
    assert n.interval(2250, 2640, MONEY, "en").replace(n.NBSP, " ") == "CNY 225.0–264.0 billion"


def test_the_ends_of_a_range_have_the_same_decimals():
    """A range of 9.87 to 12.3 is not printed with two decimals at one end and one at the other."""
    assert n.bare_interval(9.873, 12.3, MONEY, "zh") == "9.87—12.30"


@pytest.mark.parametrize(
    ("p", "zh", "en"),
    [(0.61, "61%", "61%"), (0.004, "不足1%", "under 1%"), (0.999, "超过99%", "over 99%"), (None, "—", "–")],
)
def test_a_probability_is_never_told_as_a_certainty(p, zh, en):
    """Nought and a hundred per cent are not claims that a forecast can make."""
    assert (n.probability(p, "zh"), n.probability(p, "en")) == (zh, en)


def test_a_missing_value_is_a_dash_and_not_a_number():
    """None and NaN print as the language's dash, without a unit."""
    assert n.quantity(None, MONEY, "zh") == "—"
    assert n.quantity(float("nan"), MONEY, "en") == "–"


def test_lists_are_joined_as_each_language_does():
    """甲、乙和丙; A, B and C."""
    assert n.joined(["甲", "乙", "丙"], "zh") == "甲、乙和丙"
    assert n.joined(["A", "B", "C"], "en") == "A, B and C"
    assert n.joined(["A"], "en") == "A"


@pytest.mark.parametrize(("value", "said"), [(14.8761, "148,800 vehicles"), (33.1234, "331,200 vehicles")])
def test_a_text_gives_figures_and_estimates_the_same_digits(value, said):
    """148,761 published and 331,234 forecast stand side by side: both get four significant digits."""
    assert n.quantity(value, VEHICLES, "en").replace(n.NBSP, " ") == said
    assert n.number(value, VEHICLES, "en") + " vehicles" == said
    assert n.quantity(0.9937, VEHICLES, "en").replace(n.NBSP, " ") == "9,937 vehicles"


def test_a_column_of_published_figures_shows_every_digit_and_the_same_decimals():
    """CNY 74.868 billion and 90.5 stand as 74.868 and 90.500; whole numbers of malls get no decimals."""
    values = (748.68, 905.0)
    assert n.exact_digits(values, MONEY, "zh") == 2
    assert [n.exact(v, MONEY, "en", n.exact_digits(values, MONEY, "en")) for v in values] == ["74.868", "90.500"]
    assert n.exact_digits((44, 1200), MALLS, "en") == 0
    assert (n.exact(1200, MALLS, "en", 0), n.exact(1200, MALLS, "zh", 0)) == ("1,200", "1200")


def test_figures_compared_in_a_sentence_have_one_unit_and_the_same_digits():
    """A figure typed with a zero too many became 0.321 million tonnes, not 321,000."""
    told = [x.replace(n.NBSP, " ") for x in n.alike([321.0, 32.1], TONNES, "en")]
    assert told == ["3.210 million tonnes", "0.321 million tonnes"]
    assert n.alike([0.8964, 0.9636], VEHICLES, "zh") == ["8964台", "9636台"]


def test_counts_are_grouped_in_english_and_not_in_chinese():
    """1,959 figures and 1959个; a year is never grouped."""
    assert n.decimal(1959, "en", 0) == "1,959"
    assert n.decimal(1959, "zh", 0) == "1959"
    assert "1,234 " in catalog.t("tasks.lead", "en", n=1234, tasks=1, projects=2, first=3, last=8, day="", counts="")
    assert "1,959" not in catalog.t("chart.target", "en", year=1959)


def test_a_unit_does_not_break_at_its_slash():
    """kWh/m2 stays on one line, in a figure and in an interval, in both languages."""
    unit = Unit(
        id="u", zh="千瓦时/平方米", en="kWh/m2", en_suffix=" kWh/m2", en_scale=1.0, decimals_zh=0, decimals_en=0
    )
    for lang in ("zh", "en"):
        for text in (n.quantity(204, unit, lang), n.interval(163, 225, unit, lang)):
            assert "/\u2060" in text
            assert " " not in text


def test_a_unit_in_a_table_does_not_break_but_its_download_is_plain():
    """The joiner is for the line; who computes with the data finds kWh/m2."""
    shown = table([Column("unit", "Unit")], [{"unit": "kWh/m2"}], label="tbl-u", caption="c")
    assert "kWh/\u2060m2" in shown.markdown
    assert "kWh/\u2060m2" in shown.html
    assert shown.sheet.rows == (("kWh/m2",),)
