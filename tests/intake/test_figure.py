"""Who says what of a figure, and who counts first: row, head, titles and remarks of one small table each."""

import pytest


@pytest.fixture
def read(tmp_path, make, understand):
    """The figures of a sheet by their values as read, and the codes of every refusal."""

    def read(*rows):
        path = tmp_path / "given.xlsx"
        path.write_bytes(make.book(rows))
        got = understand(path)
        return got.rows.astype(str).set_index("read"), [r.codes for r in got.refused], got

    return read


TITLE = ["2025年网络零售额（亿元）"]


@pytest.mark.parametrize(
    ("rows", "field", "meant"),
    [
        ([TITLE, ["区县", "数据"], ["万州区", 24.5]], "indicator", "online_retail"),
        ([["2025年（亿元）"], ["指标", "万州区"], ["网络零售额", 24.5]], "area", "500101"),
        ([["2025年万州区"], ["指标", "数值", "单位"], ["网络零售额", 24.5, "亿元"]], "area", "500101"),
        ([["填报单位：万州区商务委"], TITLE, ["指标", "数值"], ["网络零售额", 24.5]], "area", "500101"),
        ([["2025年全市主要指标"], ["指标", "数值（亿元）"], ["网络零售额", 24.5]], "area", "500000"),
        ([["2025年"], ["区县", "网络零售额（万元）"], ["万州区", 24.5]], "value", "0.00245"),
        ([["2025年", "单位：亿元"], ["区县", "网络零售额"], ["万州区", 24.5]], "value", "24.5"),
        ([["2025年主要指标"], ["区县", "指标", "数值"], ["万州区", "网络零售额（亿元）", 24.5]], "value", "24.5"),
        ([["2025年网络零售额（亿元）"], ["区县", "1—9月"], ["万州区", 24.5]], "period", "2025-01/2025-09"),
        ([["各区县网络零售额（亿元）"], ["区县", "2024年"], ["万州区", 24.5]], "period", "2024"),
        ([TITLE, ["区县", "网络零售额", "数据性质"], ["万州区", 24.5, "初步数"]], "kind", "provisional"),
        ([TITLE, ["区县", "网络零售额①"], ["万州区", 24.5], ["① 初步数"]], "kind", "provisional"),
        ([TITLE, ["区县", "网络零售额"], ["万州区", 24.5], ["注：2025年为初步数。"]], "kind", "provisional"),
        ([TITLE, ["区县", "网络零售额"], ["万州区", 24.5], ["数据来源：统计年鉴"]], "source", "统计年鉴"),
        ([TITLE, ["区县", "网络零售额", "来源"], ["万州区", 24.5, "快报"], ["数据来源：统计年鉴"]], "source", "快报"),
    ],
)
def test_the_nearest_that_says_a_field_counts(rows, field, meant, read):
    """One figure a table: what it is comes from the row, the head, the titles or the remarks."""
    figures, refused, _ = read(*rows)
    assert (figures.at["24.5", field], refused) == (meant, [])


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([TITLE, ["区县", "指标", "网络零售额"], ["万州区", "绿色商场", 24.5]], "indicator_conflict"),
        ([TITLE, ["区县", "绿色商场"], ["万州区", 3]], "indicator_conflict"),
        ([TITLE, ["区县", "指标", "涪陵区"], ["万州区", "网络零售额", 24.5]], "area_conflict"),
        ([["2025年涪陵区网络零售额（亿元）"], ["区县", "网络零售额"], ["万州区", 24.5]], "area_conflict"),
        ([TITLE, ["区县", "年份", "2024年"], ["万州区", "2023年", 24.5]], "period_conflict"),
        ([["2025年1—6月网络零售额（亿元）"], ["区县", "1—9月"], ["万州区", 24.5]], "period_conflict"),
        ([["2025年", "单位：亿元"], ["区县", "网络零售额（万元）"], ["万州区", 24.5]], "unit_conflict"),
        ([TITLE, ["区县", "网络零售额①"], ["万州区", 24.5]], "mark_unexplained"),
        (
            [["2025年网络零售额（亿元）", "填报日期：2025年3月1日"], ["区县", "数值"], ["万州区", 24.5]],
            "period_after_day",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_with_both(rows, code, read):
    """No figure is taken where two that speak of it disagree, and the reason names the field."""
    figures, refused, _ = read(*rows)
    assert (len(figures), refused) == (0, [(code,)])


def test_the_cells_that_said_so_are_named(read):
    """The proof names the column of the row's own cells, the cell of the head and that of the title."""
    figures, _, _ = read(["2025年", "单位：亿元"], ["区县", "1—9月网络零售额"], ["万州区", 24.5])
    assert figures.at["24.5", "proof"] == "indicator=B2;area=A#;period=B2+A1;unit=B1"


def test_both_sides_of_a_contradiction_are_kept_apart(read):
    """What row and head say stands in columns of its own; no text of a cell can be taken for two."""
    _, _, got = read(TITLE, ["区县", "指标", "涪陵区"], ["万州区", "网络零售额", 24.5])
    assert [got.refused[0].texts[name] for name in ("area", "area_against")] == ["万州区", "涪陵区"]
    assert read(TITLE, ["区县", "网络零售额"], ["万州区", 24.5], ["万州区⇄涪陵区", 3])[1] == [("area_unknown",)]
