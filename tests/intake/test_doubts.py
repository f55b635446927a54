"""What remarks say against figures: words of every kind refuse, plain remarks pass; comments on cells are remarks."""

import io
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment

from greenreport.intake.doubts import doubt
from greenreport.intake.units import UnitTable

TITLE = ["2025年各区县网络零售额（亿元）"]
HEAD = ["区县", "网络零售额"]

AGAINST = {
    "note_unobserved": (
        "作废", "此数有误", "应为4", "应是21", "数据待核", "待核实", "估", "估数", "暂估", "暂估数", "推算数", "数据不全", "缺12月数",
        "缺报两家企业", "部分企业", "部分企业未报", "抽样推算", "抽样调查数", "只统计实物商品", "仅统计限上", "仅实物", "限于本区企业", "漏报",
        "未经审核", "录入错误", "以年报数为准", "12月数据未出", "限额以上单位口径", "除经开区外", "12月份未统计", "重点企业数", "样本企业",
        "填错了", "改为3.5", "尚未审定", "不完整", "仅供参考", "暂用", "目标数", "法人口径", "应为22亿元", "数据存疑", "void", "only goods", "数字不对", "请勿使用", "待年报确认",
        "多写一个0", "与统计局不一致", "核查中", "请核实", "12月除外", "少12月", "任务数", "重报", "错",
    ),
    "note_period": (
        "数据截至11月底", "11月止", "1—11月", "截至11月", "截至2025年11月30日", "数据到10月底", "2024年数", "2024年数据", "2023年度数", "系2024年数",
        "上年数", "沿用上年数", "去年数据", "采用2024年", "1-9月数", "前三季度数", "上半年数据", "前11个月数据", "三季度数", "数据截止9月", "同上年",
        "累计到11月", "数据为1至10月", "截至12月20日", "2026年数", "11月底止", "2024年", "2024年年报数",
        "截至三季度末", "三季度末数", "11个月累计", "本月数", "12月单月", "截至2025.11", "11-30止", "2024年同期", "用2024年代",
    ),
    "unit_conflict": ("单位：万元", "单位为万元", "万元", "以万元计", "金额单位是元", "按万元统计", "单位万元", "数据为万元"),
}  # fmt: skip
PLAIN = (
    "电话：023-12345678", "来源：统计局", "增速按可比口径计算", "2026年目标为27亿元", "6月认定", "2025年6月认定", "已核实", "核对无误", "第三方评估",
    "漏报补充", "原数有误，已更正", "此前重复统计，已更正", "单位：亿元", "全年数", "2025年数", "1—12月", "截至12月31日", "截至2026年3月", "含直播电商", "快报数", "新增2家", "较上年增长8%", "同比增长8.5%",
    "由商务局填报", "如有错误请联系商务局", "部分数据因四舍五入存在合计与分项不等", "上半年新增2家", "2024年为22亿元", "接待外地客商", "企业单位共12家",
    "2026年计划新增3家", "公示期6月1日至6月7日", "招待所改造", "数据截至12月底", "2025年12月授牌", "其中直播3.2亿元",
)  # fmt: skip


@pytest.fixture(scope="module")
def units(plan):
    return UnitTable(plan.units)


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in AGAINST.items() for text in texts])
def test_a_remark_against_its_figure_refuses_it(code, text, units):
    """Void, estimated, of a part, of another period or in another unit: each kind in several words."""
    reason = doubt(text, "2025", ["亿元"], units, beside=True)
    assert reason is not None
    assert reason.code == code


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_remark_passes(text, units):
    """Who to ask, where it is from, what else happened: none of it is about which figure this is."""
    assert doubt(text, "2025", ["亿元"], units, beside=True) is None


@pytest.mark.parametrize("text", ["数据截至11月底", "1—11月", "前11个月数据", "11月止", "2025年1-11月累计数"])
def test_months_that_are_the_figures_own_pass(text, units):
    """A note that says once more which months the figures are of is no contradiction."""
    assert doubt(text, "2025-01/2025-11", ["亿元"], units, beside=False) is None


@pytest.mark.parametrize(
    ("why", "taken"),
    [("统计错误", 1), ("漏报", 1), ("原数重复统计", 1), ("改为预计数", 0), ("单位：万元", 0), ("剔除限上", 0)],
)
def test_why_a_figure_is_corrected_speaks_of_the_earlier_one(why, taken, tmp_path, understand):
    """Under 更正原因 a fault is that of the figure that is replaced; what the new one is, it may still say."""
    path = tmp_path / "given.csv"
    path.write_text(f"区县,指标,年份,更正后数值,单位,更正原因\n万州,网络零售额,2025,21,亿元,{why}\n", encoding="utf-8")
    got = understand(path)
    assert (len(got.rows), list(got.rows["note"])) == (taken, [why] * taken)


def commented(path, rows, comments, threads=None):
    """A workbook with comments by cell; `threads`: a thread in place of the comment on a cell."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, text in comments.items():
        book.active[cell].comment = Comment(text, "张三")
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if threads and name.endswith("sheet1.xml.rels"):
                link = b'<Relationship Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" Target="../threadedComments/threadedComment1.xml" Id="t1"/></Relationships>'
                data = data.replace(b"</Relationships>", link)
            new.writestr(name, data)
        if threads:
            said = "".join(
                f'<threadedComment ref="{c}" id="{{1}}"><text>{t}</text></threadedComment>' for c, t in threads.items()
            )
            space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
            new.writestr(
                "xl/threadedComments/threadedComment1.xml",
                f'<ThreadedComments xmlns="{space}">{said}</ThreadedComments>',
            )
    return path


ROWS = [TITLE, HEAD, ["万州区", 24.5], ["涪陵区", 21]]


@pytest.mark.parametrize(
    ("comments", "taken"),
    [
        ({"B3": "张三:\n预计数，12月数据未出"}, [21]),
        ({"A3": "数据截至11月底"}, [21]),
        ({"B2": "限额以上单位口径"}, []),
        ({"A2": "不含高新区"}, []),
        ({"A1": "2024年数"}, []),
        ({"B3": "单位：万元"}, [21]),
        ({"B3": "已与统计局核对", "B2": "来源：统计局"}, [21, 24.5]),
        ({"D9": "本表由商务局填报"}, [21, 24.5]),
    ],
)
def test_comments_on_cells_are_remarks(comments, taken, tmp_path, understand):
    """On a figure or a name: on its row; on a head: on the column; on the title: on the table."""
    got = understand(commented(tmp_path / "given.xlsx", ROWS, comments))
    assert sorted(got.rows["value"]) == taken


def test_threads_are_read_in_place_of_the_note_about_them(tmp_path, understand):
    """The note beside a thread is Excel's own and speaks of deleting; the thread is what somebody wrote."""
    excels = {"B3": "[线程批注] 你的Excel版本可读取此线程批注，但将被删除。", "B4": "[线程批注] 将被删除。"}
    path = commented(tmp_path / "given.xlsx", ROWS, excels, {"B3": "已核实", "B4": "11月止"})
    got = understand(path)
    assert list(got.rows["value"]) == [24.5]
    assert list(got.rows["note"]) == ["已核实"]
    assert [r.codes for r in got.refused] == [("note_period",)]


@pytest.mark.parametrize(
    ("form", "value", "taken"),
    [
        (";;;", 24.5, []),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 0, []),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 24.5, [24.5]),
        ("0.0;-0.0;;@", 0, []),
        ('0.0;-0.0;"—"', 0, []),
        ("0.0;-0.0;0", 0, [0]),
        ("0.00;[Red]-0.00", 0, [0]),
        ("General", 0, [0]),
        ("#,##0", 0, [0]),
        ("#,###", 0, []),
        ("#,###.0", 24.5, [24.5]),
        ('0.0"亿元";;', 24.5, [24.5]),
    ],
)
def test_a_number_is_what_is_seen_of_it(form, value, taken, tmp_path, make, understand):
    """A section of a format that shows nothing, or a dash, leaves the place for a figure blank."""
    path = tmp_path / "given.xlsx"
    book = openpyxl.Workbook()
    for row in [TITLE, HEAD, ["万州区", value]]:
        book.active.append(row)
    book.active["B3"].number_format = form
    book.save(path)
    got = understand(path)
    assert (list(got.rows["value"]), got.refused) == (taken, ())
