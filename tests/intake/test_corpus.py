"""Odd and bad inputs as districts send them, each with what must happen to every figure in it."""

from dataclasses import dataclass, field

import pytest
from tables import workbook

ORDER = ("indicator", "area", "period", "value")
HEAD = "区县,指标,年份,数值,单位\n"


@dataclass(frozen=True)
class Case:
    """`text` (a CSV, in `encoding`) or `rows` (a sheet); `takes` are the figures accepted, `refuses` the reasons."""

    name: str
    text: str = ""
    encoding: str = "utf-8"
    rows: list = field(default_factory=list)
    merge: tuple = ()
    formats: dict = field(default_factory=dict)
    takes: tuple = ()
    refuses: tuple = ()
    more: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)


def one(name, value, unit="亿元", indicator="网络零售额", area="万州", year="2025", **more):
    """A long CSV with a single figure."""
    quoted = f'"{value}"'
    return Case(name, f"{HEAD}{area},{indicator},{year},{quoted},{unit}\n", **more)


R = "online_retail"
W = "500101"
Y = "2025"


def took(value, indicator=R, area=W, period=Y):
    return ((indicator, area, period, value),)


CASES = [
    # units
    one("亿元 is the ledger's own unit", "25.5", takes=took(25.5)),
    one("万元 becomes 亿元 by moving the point", "1234567", "万元", takes=took(123.4567)),
    one("元 becomes 亿元 without binary noise", "1234567", "元", takes=took(0.01234567)),
    one("CNY billion becomes 亿元", "2.55", "CNY billion", takes=took(25.5)),
    one("CNY million becomes 亿元", "2550", "CNY million", takes=took(25.5)),
    one("RMB bn is the same money", "2.55", "RMB bn", takes=took(25.5)),
    one("吨 becomes 万吨", "96360", "吨", "再生资源回收量", takes=took(9.636, "recycled_volume")),
    one("kt becomes 万吨", "96.36", "kt", "recycled_volume", takes=took(9.636, "recycled_volume")),
    one("million tonnes becomes 万吨", "0.09", "million tonnes", "recycled_volume", takes=took(9.0, "recycled_volume")),
    one("千克 becomes 万吨", "90000000", "千克", "recycled_volume", takes=took(9.0, "recycled_volume")),
    one("辆 becomes 万台", "8964", "辆", "报废机动车回收拆解量", takes=took(0.8964, "elv_dismantled")),
    one("万台 is the ledger's own unit", "0.8964", "万台", "elv_dismantled", takes=took(0.8964, "elv_dismantled")),
    one("万吨 is the ledger's own unit", "9.636", "万吨", "recycled_volume", takes=took(9.636, "recycled_volume")),
    one("台 becomes 万台", "8964", "台", "elv_dismantled", takes=took(0.8964, "elv_dismantled")),
    one("万辆 is 万台 of vehicles", "0.9", "万辆", "elv_dismantled", takes=took(0.9, "elv_dismantled")),
    one("vehicles becomes 万台", "8964", "vehicles", "elv_dismantled", takes=took(0.8964, "elv_dismantled")),
    one("a count needs no unit", "4", "", "绿色商场", takes=took(4.0, "green_mall")),
    one("个 counts malls as 家 does", "4", "个", "绿色商场", takes=took(4.0, "green_mall")),
    one("money without a unit is refused", "25.5", "", refuses=("unit_absent",)),
    one("a unit of another kind is refused", "25.5", "万吨", refuses=("unit_mismatch",)),
    one("US dollars do not convert", "25.5", "亿美元", refuses=("unit_mismatch",)),
    one("a unit nobody knows is refused", "25.5", "坨", refuses=("unit_unknown",)),
    one("万 alone is no unit", "25.5", "万", refuses=("unit_ambiguous",)),
    one("short tons are not taken for tonnes", "90", "thousand tons", "recycled_volume", refuses=("unit_mismatch",)),
    one("a unit stuck to the figure counts", "1200万元", "", takes=took(0.12)),
    one("1.2万 under 辆 is 12,000 vehicles", "1.2万", "辆", "elv_dismantled", takes=took(1.2, "elv_dismantled")),
    one("1.2万 under 万台 is said twice", "1.2万", "万台", "elv_dismantled", refuses=("unit_ambiguous",)),
    one("per cent is not money", "12.5%", "", refuses=("unit_mismatch",)),
    # numbers
    one("full-width digits", "２５．５", takes=took(25.5)),
    one("thousands separators", "1,234.5", takes=took(1234.5)),
    one("full-width separators", "1，234.5", takes=took(1234.5)),
    one("a space between thousands", "1 234.5", takes=took(1234.5)),
    one("a no-break space between thousands", "1\u00a0234.5", takes=took(1234.5)),
    one("约 is taken and noted", "约25.5", takes=took(25.5), more={"note": ["rounded"]}),
    one("余 is a lower bound", "25余", takes=took(25.0), more={"note": ["lower_bound"]}),
    one("100余亿元 is a lower bound with a unit", "100余亿元", "", takes=took(100.0), more={"note": ["lower_bound"]}),
    one("超过 is a lower bound", "超过25", takes=took(25.0), more={"note": ["lower_bound"]}),
    one("近 is an upper bound", "近26", takes=took(26.0), more={"note": ["upper_bound"]}),
    one("左右 is taken and noted", "25.5左右", takes=took(25.5), more={"note": ["rounded"]}),
    one("不足 is an upper bound", "不足26", takes=took(26.0), more={"note": ["upper_bound"]}),
    one("以上 is a lower bound", "25以上", takes=took(25.0), more={"note": ["lower_bound"]}),
    one("约 with full-width digits, separators and a unit", "约１，２３４．５亿元", "", takes=took(1234.5), more={"note": ["rounded"]}),
    one("brackets are a minus, and no flow is below 0", "(25.5)", refuses=("value_negative",)),
    one("a negative count is refused", "-3", "家", "绿色商场", refuses=("value_negative",)),
    one("a count with a fraction is refused", "3.5", "家", "绿色商场", refuses=("value_fraction",)),
    one("超过50家 is the level 50, a lower bound", "超过50家", "", "绿色商场", takes=took(50.0, "green_mall"), more={"note": ["lower_bound"]}),
    one("50余家 is the level 50, a lower bound", "50余家", "", "绿色商场", takes=took(50.0, "green_mall"), more={"note": ["lower_bound"]}),
    one("近50家 is the level 50, an upper bound", "近50家", "", "绿色商场", takes=took(50.0, "green_mall"), more={"note": ["upper_bound"]}),
    one("不足50家 is the level 50, an upper bound", "不足50家", "", "绿色商场", takes=took(50.0, "green_mall"), more={"note": ["upper_bound"]}),
    one("约50家 is the level 50, rounded", "约50家", "", "绿色商场", takes=took(50.0, "green_mall"), more={"note": ["rounded"]}),
    one("50家以上 is the level 50, a lower bound", "50家以上", "", "绿色商场", takes=took(50.0, "green_mall"), more={"note": ["lower_bound"]}),
    one("a circled mark is no digit", "24.5①", refuses=("number_mark",)),
    one("a raised mark is no digit", "21¹", refuses=("number_mark",)),
    one("a star is no digit", "24.5*", refuses=("number_mark",)),
    one("注1 is no digit", "24.5注1", refuses=("number_mark",)),
    one("a year that is not over was not observed", "400", year="2030", refuses=("period_future",)),
    one("the unfinished year was not observed", "400", year="2026", refuses=("period_future",)),
    one("12.5万 under 亿元 is not 12.5万亿元", "12.5万", refuses=("unit_ambiguous",)),
    one("more than, in English", "more than 25", takes=took(25.0), more={"note": ["lower_bound"]}),
    one("zero is a figure", "0", "家", "绿色饭店", takes=took(0.0, "green_hotel")),
    one("a dash is no figure", "—"),
    one("two dashes are no figure", "——"),
    one("a blank is no figure", ""),
    one("暂无 is no figure", "暂无"),
    one("n/a is no figure", "n/a"),
    one("a misplaced comma is refused with both readings", "1,5", refuses=("number_comma",)),
    one("grouping by four is refused", "1,2345", refuses=("number_comma",)),
    one("a range is refused", "25-30", refuses=("number_range",)),
    one("a range with a wave is refused", "25～30", refuses=("number_range",)),
    one("a date where a number belongs is refused", "2025-03-05", refuses=("number_date",)),
    one("scientific notation from a spreadsheet is refused", "1.2E+05", refuses=("number_exponent",)),
    one("Chinese numerals are refused", "二十五", refuses=("number_chinese",)),
    one("words are refused", "见附件", refuses=("number_words",)),
    one("a spreadsheet's error value is refused", "#DIV/0!", refuses=("cell_error",)),
    one("a formula as text is refused", "=SUM(A1:A3)", refuses=("formula",)),
    one("hashes of a narrow column are refused", "#####", refuses=("cell_error",)),
    one("a truth value is refused", "TRUE", refuses=("number_boolean",)),
    one("two numbers in a cell are refused", "25.5 26.5", refuses=("number_form",)),
    one("a number with a remark is refused", "25.5（含直播3.2）", refuses=("number_words",)),
    one("Arabic-Indic digits are refused, not misread", "٢٥", refuses=("number_words",)),
    # areas
    one("a code", "25.5", area="500101", takes=took(25.5)),
    one("a full name", "25.5", area="万州区", takes=took(25.5)),
    one("a full name with the city before it", "25.5", area="重庆市万州区", takes=took(25.5)),
    one("an English short name", "25.5", area="Wanzhou", takes=took(25.5)),
    one("an English full name in capitals", "25.5", area="WANZHOU DISTRICT", takes=took(25.5)),
    one("a name with blanks inside", "25.5", area="万 州 区", takes=took(25.5)),
    one("a full-width code", "25.5", area="５００１０１", takes=took(25.5)),
    one("an autonomous county by its usual name", "25.5", area="石柱县", takes=took(25.5, area="500240")),
    one("an autonomous county by its full name", "25.5", area="石柱土家族自治县", takes=took(25.5, area="500240")),
    one("全市 is the city", "2318.4", area="全市", takes=took(2318.4, area="500000")),
    one("合计 is no area", "2318.4", area="合计", refuses=("area_total",)),
    one("a wrong character is refused with the nearest", "25.5", area="万洲区", refuses=("area_unknown",)),
    one("another city's district is refused", "25.5", area="浦东新区", refuses=("area_unknown",)),
    one("a district abolished in 2025 has no figure for 2026", "1", year="2026年1-6月", area="江北区", refuses=("area_not_valid",)),
    one("a district abolished in 2025 still has one for 2025", "25.5", area="江北区", takes=took(25.5, area="500105")),
    one("两江新区 in 2024 is the zone body", "25.5", area="两江新区", year="2024", takes=took(25.5, area="DZ-LJ", period="2024")),
    one("两江新区 in 2025 may be the zone or the district", "25.5", area="两江新区", refuses=("area_ambiguous",)),
    one("两江新区 in 2026 is the district", "9", area="两江新区", year="2026年上半年", takes=took(9.0, area="500157", period="2026-01/2026-06")),
    Case("a code and a name that disagree are refused", "代码,区县,指标,年份,数值,单位\n500101,涪陵区,网络零售额,2025,25.5,亿元\n", refuses=("area_conflict",)),
    Case("a code and a name that agree", "代码,区县,指标,年份,数值,单位\n500101,万州,网络零售额,2025,25.5,亿元\n", takes=took(25.5)),
    # periods
    one("年 and 度 are understood", "25.5", year="2025年度", takes=took(25.5)),
    one("full-width years", "25.5", year="２０２５年", takes=took(25.5)),
    one("a year in Chinese digits", "25.5", year="二〇二五年", takes=took(25.5)),
    one("year to date with a long dash", "9", year="2026年1—6月", takes=took(9.0, period="2026-01/2026-06")),
    one("the first three quarters", "9", year="2025年前三季度", takes=took(9.0, period="2025-01/2025-09")),
    one("H1 in English", "9", year="H1 2026", takes=took(9.0, period="2026-01/2026-06")),
    one("January to September in English", "9", year="Jan–Sep 2025", takes=took(9.0, period="2025-01/2025-09")),
    one("an ISO interval", "9", year="2025-01/2025-09", takes=took(9.0, period="2025-01/2025-09")),
    one("September may be the month or the year to date", "9", year="2025年9月", refuses=("period_ambiguous",)),
    one("the third quarter may be alone or to date", "9", year="2025年三季度", refuses=("period_ambiguous",)),
    one("25年 may be 2025 or 1925", "9", year="25年", refuses=("period_ambiguous",)),
    one("去年 is no period", "9", year="去年", refuses=("period_unknown",)),
    Case("a month beside a year is refused", "区县,指标,年份,月份,数值,单位\n万州,网络零售额,2025,9,9,亿元\n", refuses=("period_ambiguous",)),
    Case("累计至月份 beside a year is a year to date", "区县,指标,年份,累计至月份,数值,单位\n万州,网络零售额,2025,9,9,亿元\n", takes=took(9.0, period="2025-01/2025-09")),
    # indicators and other columns
    one("an English name", "25.5", "亿元", "Online retail sales", takes=took(25.5)),
    one("the ledger's id", "25.5", "亿元", "online_retail", takes=took(25.5)),
    one("half a name is refused with candidates", "25.5", "亿元", "零售额", refuses=("indicator_unknown",)),
    Case("快报数 is provisional", "区县,指标,年份,数值,单位,数据性质\n万州,网络零售额,2025,25.5,亿元,快报数\n", takes=took(25.5), more={"kind": ["provisional"]}),
    Case("growth with full-width digits and sign", "区县,指标,年份,数值,单位,同比\n万州,网络零售额,2025,25.5,亿元,－８．５％\n", takes=took(25.5), more={"growth_pct": [-8.5]}),
    Case("a forecast is no observation", "区县,指标,年份,数值,单位,数据性质\n万州,网络零售额,2025,25.5,亿元,预测数\n", refuses=("kind_unknown",)),
    Case("growth is kept beside the figure", "区县,指标,年份,数值,单位,同比\n万州,网络零售额,2025,25.5,亿元,8.5%\n", takes=took(25.5), more={"growth_pct": [8.5]}),
    Case("growth without a figure is refused", "区县,指标,年份,数值,单位,同比\n万州,网络零售额,2025,,亿元,8.5%\n", refuses=("value_absent",)),
    Case("a known scope by its Chinese words", "区县,指标,年份,数值,单位,口径\n万州,网络零售额,2025,5,亿元,限额以上单位\n", takes=took(5.0), more={"scope": ["above_quota"]}),
    Case("an unknown scope is refused", "区县,指标,年份,数值,单位,口径\n万州,网络零售额,2025,5,亿元,随便\n", refuses=("scope_unknown",)),
    Case("a vintage of its own", "区县,指标,年份,数值,单位,发布日期\n万州,网络零售额,2025,5,亿元,2026年3月15日\n", takes=took(5.0)),
    Case("a vintage after the day of import is refused", "区县,指标,年份,数值,单位,发布日期\n万州,网络零售额,2025,5,亿元,2027-01-01\n", refuses=("vintage_future",)),
    Case("a note that would start a formula is made harmless", '区县,指标,年份,数值,单位,备注\n万州,网络零售额,2025,5,亿元,"=HYPERLINK(""x"")"\n', takes=took(5.0), more={"note": ["'=HYPERLINK(\"x\")"]}),
    Case("every fault of a row is told at once", f"{HEAD}万洲,零售额,去年,abc,坨\n", refuses=("area_unknown;indicator_unknown;number_words;period_unknown",)),
    # encodings and separators
    Case("GB18030", f"{HEAD}万州,网络零售额,2025,25.5,亿元\n", "gb18030", takes=took(25.5)),
    Case("UTF-8 with a byte-order mark", f"{HEAD}万州,网络零售额,2025,25.5,亿元\n", "utf-8-sig", takes=took(25.5)),
    Case("UTF-16", f"{HEAD}万州,网络零售额,2025,25.5,亿元\n", "utf-16", takes=took(25.5)),
    Case("tabs", "区县\t指标\t年份\t数值\t单位\n万州\t网络零售额\t2025\t1,234.5\t亿元\n", takes=took(1234.5)),
    Case("semicolons", "区县;指标;年份;数值;单位\n万州;网络零售额;2025;25.5;亿元\n", takes=took(25.5)),
    Case("CRLF and a blank line", f"{HEAD}\r\n万州,网络零售额,2025,25.5,亿元\r\n", takes=took(25.5)),
    Case("an open quote refuses the file, it would swallow rows", f'{HEAD}"万州,网络零售额,2025,25.5,亿元\n涪陵,网络零售额,2025,1,亿元\n', refuses=("csv_quotes",)),
    Case("an empty file", "", refuses=("file_empty",)),
    Case("only a head", HEAD),
    Case("no head", "万州,网络零售额,2025,25.5,亿元\n", refuses=("head_missing",)),
    Case("two columns of one meaning", "区县,指标,年份,年度,数值,单位\n万州,网络零售额,2025,2024,25.5,亿元\n", refuses=("head_doubled",)),
    Case("no column of figures", "区县,指标,年份,单位\n万州,网络零售额,2025,亿元\n", refuses=("head_no_value",)),
    Case("a cell too many refuses its row, it may be shifted", f"{HEAD}万州,网络零售额,2025,25.5,亿元,99\n涪陵,网络零售额,2025,1,亿元\n", takes=took(1.0, area="500102"), refuses=("row_shifted",)),
    Case("a column nobody knows is refused by the cell", "区县,网络零售额（亿元）,2025年增长点\n万州,25.5,17\n", refuses=("head_unknown",), takes=took(25.5), options={"given": {"period": "2025"}}),
    Case("serial numbers and contacts are passed over", "序号,区县,指标,年份,数值,单位,联系电话\n1,万州,网络零售额,2025,25.5,亿元,5823\n", takes=took(25.5)),
    # wide tables
    Case("years across", "区县,2024年,2025年\n万州,25.9,25.5\n", takes=((R, W, "2024", 25.9), (R, W, "2025", 25.5)), options={"given": {"indicator": "网络零售额", "unit": "亿元"}}),
    Case("years across, indicator and unit in the title", rows=[["2024—2025年网络零售额（亿元）"], ["区县", 2024, 2025], ["万州区", 25.9, 25.5]], takes=((R, W, "2024", 25.9), (R, W, "2025", 25.5))),
    Case("indicators across with units in the heads", "区县,网络零售额（亿元）,绿色商场(家),报废机动车拆解量/辆\n万州,25.5,4,8964\n", takes=((R, W, Y, 25.5), ("green_mall", W, Y, 4.0), ("elv_dismantled", W, Y, 0.8964)), options={"given": {"period": "2025年"}}),
    Case("areas across", "指标,单位,万州,涪陵\n网络零售额,亿元,25.5,42.1\n", takes=((R, W, Y, 25.5), (R, "500102", Y, 42.1)), options={"given": {"period": "2025"}}),
    Case("merged heads of two rows", rows=[["2025年各区县指标"], ["区县", "网络零售额（亿元）", None, "绿色商场（家）", None], [None, "2024年", "2025年", "2024年", "2025年"], ["万州区", 25.9, 25.5, 3, 4]], merge=("A2:A3", "B2:C2", "D2:E2"), takes=((R, W, "2024", 25.9), (R, W, "2025", 25.5), ("green_mall", W, "2024", 3.0), ("green_mall", W, "2025", 4.0))),
    Case("merged heads that a CSV has lost", "区县,2024年,,2025年,\n,网络零售额（亿元）,绿色商场,网络零售额（亿元）,绿色商场\n万州,25.9,3,25.5,4\n", takes=((R, W, "2024", 25.9), (R, W, "2025", 25.5), ("green_mall", W, "2024", 3.0), ("green_mall", W, "2025", 4.0))),
    Case("areas merged downwards", rows=[["区县", "指标", "单位", "2025年"], ["万州区", "网络零售额", "亿元", 25.5], [None, "绿色商场", "家", 4]], merge=("A2:A3",), takes=((R, W, Y, 25.5), ("green_mall", W, Y, 4.0))),
    Case("areas left blank are not filled in by guess", "区县,指标,单位,2025年\n万州区,网络零售额,亿元,25.5\n,绿色商场,家,4\n", takes=took(25.5), refuses=("area_absent",)),
    Case("the unit above the table", rows=[["网络零售额", None, "单位：万元"], ["区县", "2025年"], ["万州区", 255000]], takes=took(25.5)),
    Case("several units above the table, each by its kind", rows=[["2025年", None, "单位：亿元、万吨"], ["区县", "网络零售额", "再生资源回收量"], ["万州区", 25.5, 9.6]], takes=((R, W, Y, 25.5), ("recycled_volume", W, Y, 9.6))),
    Case("the area and the year above the table", rows=[["填报单位：万州区", None, "年份：2025"], ["指标", "单位", "数值"], ["网络零售额", "亿元", 25.5]], takes=took(25.5)),
    Case("growth beside each figure", rows=[["区县", "网络零售额", None], [None, "绝对量（亿元）", "同比（%）"], ["万州区", 25.5, 8.5]], merge=("A1:A2", "B1:C1"), takes=took(25.5), more={"growth_pct": [8.5]}, options={"given": {"period": "2025"}}),
    Case("a total row is refused, the rest is taken", "区县,网络零售额（亿元）\n万州,25.5\n合计,25.5\n", takes=took(25.5), refuses=("area_total",), options={"given": {"period": "2025"}}),
    Case("the head repeated on the next page", f"{HEAD}万州,网络零售额,2025,25.5,亿元\n{HEAD}涪陵,网络零售额,2025,1,亿元\n", takes=((R, W, Y, 25.5), (R, "500102", Y, 1.0))),
    Case("row and head that name different years", "区县,指标,年份,单位,2024年\n万州,网络零售额,2025,亿元,25.5\n", refuses=("period_conflict",)),
    Case("row and head that name different units", "区县,年份,单位,网络零售额（亿元）\n万州,2025,万元,25.5\n", refuses=("unit_conflict",)),
    Case("a footnote with a number is no figure", rows=[["区县", "指标", "年份", "数值", "单位"], ["万州区", "网络零售额", 2025, 25.5, "亿元"], ["注：数据截至2026年3月。"]], takes=took(25.5)),
    # thousands that were not quoted, where the row fits the head all the same
    Case("245,100 under two years is one figure or two", "区县,2024年网络零售额（万元）,2025年网络零售额（万元）\n万州区,245,100\n涪陵区,210,123\n渝中区,98.5,99\n", takes=((R, "500103", "2024", 0.00985), (R, "500103", Y, 0.0099)), refuses=("row_thousands",) * 2),
    Case("no figure begins with 0: 12,045", "2025年各区县指标\n区县,再生资源回收量（吨）,报废机动车拆解量（辆）\n万州区,12,045\n", refuses=("row_thousands",)),
    Case("a row longer than the head casts doubt on the others", "2025年各区县指标\n区县,再生资源回收量（吨）,报废机动车拆解量（辆）\n万州区,1,240,896\n涪陵区,2,310\n", refuses=("row_shifted", "row_thousands")),
    Case("so few 万元 in every row may be thousands", "2025年各区县指标\n区县,网络零售额（万元）,报废机动车拆解量（辆）\n万州区,245,310\n涪陵区,180,250\n", refuses=("row_thousands",) * 2),
    Case("a remark of three digits behind a figure", "区县,2025年网络零售额（万元）,备注\n万州区,24,500\n涪陵区,1200,\n", takes=took(0.12, area="500102"), refuses=("row_thousands",)),
    Case("growth of hundreds per cent throughout", "区县,2025年网络零售额（万元）,同比（%）\n万州区,24,500\n涪陵区,21,300\n", refuses=("row_thousands",) * 2),
    Case("last year's behind this year's", "2025年各区县网络零售额（万元）\n区县,本年,上年同期\n万州区,245,100\n", refuses=("row_thousands",)),
    Case("a long list with a figure over two columns", "区县,指标,年份,单位,数值,备注\n万州,网络零售额,2025,万元,245,100\n涪陵,网络零售额,2025,万元,900,\n", takes=took(0.09, area="500102"), refuses=("row_thousands",)),
    Case("figures of three digits side by side are figures", "2025年各区县指标\n区县,绿色商场（家）,报废机动车拆解量（辆）\n万州区,3,896\n涪陵区,5,210\n", takes=(("green_mall", W, Y, 3.0), ("elv_dismantled", W, Y, 0.0896), ("green_mall", "500102", Y, 5.0), ("elv_dismantled", "500102", Y, 0.021))),
    Case("two like years of three digits are two figures", "区县,2024年绿色商场（家）,2025年绿色商场（家）\n万州区,98,120\n", takes=(("green_mall", W, "2024", 98.0), ("green_mall", W, Y, 120.0))),
    Case("nobody sells thousands of 亿元", "区县,2024年网络零售额（亿元）,2025年网络零售额（亿元）\n万州区,120,320\n", takes=((R, W, "2024", 120.0), (R, W, Y, 320.0))),
    Case("cells parted by tabs are two figures", "区县\t2024年网络零售额（万元）\t2025年网络零售额（万元）\n万州区\t245\t100\n", takes=((R, W, "2024", 0.0245), (R, W, Y, 0.01))),
    # growth that can't be read costs the growth
    Case("a formula beside a figure costs the growth only", rows=[["区县", "2025年网络零售额（亿元）", "同比（%）"], ["万州区", 24.5, "=ROUND((B2/22-1)*100,1)"], ["涪陵区", 21, "#DIV/0!"]], takes=(*took(24.5), (R, "500102", Y, 21.0))),
    Case("per cent in a format in quotes", rows=[["区县", "2025年网络零售额（亿元）", "同比"], ["万州区", 24.5, 0.5]], formats={"C2": '0.0"%"'}, takes=took(24.5), more={"growth_pct": [0.5]}),
    # workbooks
    Case("a formula in a workbook is never evaluated", rows=[["区县", "指标", "年份", "数值", "单位"], ["万州区", "网络零售额", 2025, "=1+1", "亿元"]], refuses=("formula",)),
    Case("a date in a workbook's figure", rows=[["区县", "指标", "年份", "数值", "单位"], ["万州区", "网络零售额", 2025, __import__("datetime").datetime(2025, 3, 5), "亿元"]], refuses=("number_date",)),
    Case("a date of which the format shows the year", rows=[["区县", "指标", "年份", "数值", "单位"], ["万州区", "网络零售额", __import__("datetime").datetime(2025, 1, 1), 25.5, "亿元"]], formats={"C2": 'yyyy"年"'}, takes=took(25.5)),
    Case("a date of which the format shows the month", rows=[["区县", "指标", "年份", "数值", "单位"], ["万州区", "网络零售额", __import__("datetime").datetime(2025, 1, 1), 25.5, "亿元"]], formats={"C2": 'yyyy"年"m"月"'}, refuses=("period_ambiguous",)),
    Case("a unit in the number format", rows=[["区县", "指标", "年份", "数值"], ["万州区", "网络零售额", 2025, 255000]], formats={"D2": '#,##0"万元"'}, takes=took(25.5)),
    Case("a per-cent format is per cent", rows=[["区县", "指标", "年份", "数值", "单位", "同比"], ["万州区", "网络零售额", 2025, 25.5, "亿元", 0.085]], formats={"F2": "0.0%"}, takes=took(25.5), more={"growth_pct": [8.5]}),
    Case("a format that hides zeros is refused", rows=[["区县", "指标", "年份", "数值", "单位"], ["万州区", "网络零售额", 2025, 255000, "亿元"]], formats={"D2": "#,##0,"}, refuses=("number_scaled",)),
    Case("binary noise of a spreadsheet is gone", rows=[["区县", "指标", "年份", "数值", "单位"], ["万州区", "网络零售额", 2025, 0.1 + 0.2, "亿元"]], takes=took(0.3)),
    # repeats
    Case("the same figure twice is taken once", f"{HEAD}万州,网络零售额,2025,25.5,亿元\n万州区,网络零售额,2025年,255000,万元\n", takes=took(25.5)),
    Case("two figures for one thing are both refused", f"{HEAD}万州,网络零售额,2025,25.5,亿元\n万州区,网络零售额,2025年,26,亿元\n", refuses=("duplicate_differs", "duplicate_differs")),
]  # fmt: skip


def build(case, folder):
    if case.rows:
        return workbook(folder / "given.xlsx", {"Sheet": case.rows}, case.merge, formats=case.formats)
    path = folder / "given.csv"
    path.write_bytes(case.text.encode(case.encoding))
    return path


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_an_odd_figure_is_taken_exactly_or_refused_for_its_reason(case, tmp_path, understand):
    """Every figure of an odd input is taken with exactly this value, or refused for exactly this reason."""
    got = understand(build(case, tmp_path), **case.options)
    rows = got.rows[list(ORDER)].astype(dict.fromkeys(ORDER[:3], str))
    assert sorted(rows.itertuples(index=False, name=None)) == sorted(case.takes)
    codes = sorted(";".join(sorted(r.codes)) for r in got.refused)
    assert codes == sorted(case.refuses)
    assert got.rows_in == len(got.rows) + len(got.refused)
    for name, values in case.more.items():
        assert list(got.rows[name]) == values


def test_growth_that_cannot_be_read_is_told_with_its_figure(tmp_path, understand):
    """The figure is taken without it, and a notice names the cell and the reason."""
    path = tmp_path / "given.csv"
    path.write_text("区县,2025年网络零售额（亿元）,同比\n万州区,24.5,持平\n涪陵区,21,5%\n", encoding="utf-8")
    got = understand(path)
    assert list(got.rows["growth_pct"].fillna(-1)) == [-1, 5]
    (told,) = got.notices
    assert "B2" in told.zh and "持平" in told.zh and "B2" in told.en


def test_a_count_of_the_year_sent_back_is_refused_again(tmp_path, understand):
    """Sent back uncorrected, the year's additions do not read as the total."""
    path = tmp_path / "given.csv"
    path.write_text("2025年各区县指标\n区县,当年绿色商场（家）\n万州区,3\n", encoding="utf-8")
    (refusal,) = understand(path).refused
    assert refusal.codes == ("count_of_year",)
    told = [refusal.texts[name] for name in ("area", "indicator", "period", "value")]
    path.write_text(f"区县,指标,年份,数值\n{','.join(told)}\n", encoding="utf-8")
    assert not len(understand(path).rows)
    rows = {"Sheet": [["区县", "指标", "年份", "数值"], told]}
    assert understand(workbook(tmp_path / "back.xlsx", rows)).refused[0].codes == ("count_of_year",)


def test_the_two_meanings_of_liangjiang_in_2025_are_both_named(tmp_path, understand):
    """On 6 November 2025 the zone's name became a district's: the refusal says so, and names both codes to choose from."""
    path = tmp_path / "given.csv"
    path.write_text(f"{HEAD}两江新区,网络零售额,2025,25.5,亿元\n", encoding="utf-8")
    (refusal,) = understand(path).refused
    assert [c.split()[0] for c in refusal.candidates] == ["500157", "DZ-LJ"]
    assert "2025-11-06" in refusal.reason.zh
    assert "2025-11-06" in refusal.reason.en
    for code in ("500157", "DZ-LJ"):
        path.write_text(f"{HEAD}{code},网络零售额,2025,25.5,亿元\n", encoding="utf-8")
        assert list(understand(path).rows["area"]) == [code]


@pytest.mark.parametrize(
    ("area", "code", "near"),
    [
        ("梁平县", "area_unknown", "500155"),
        ("江津市", "area_unknown", "500116"),
        ("彭水土家族苗族自治县", "area_unknown", "500243"),
        ("主城九区", "area_several", None),
        ("长寿开发区", "area_several", None),
        ("全市合计", "area_total", "500000"),
        ("黔江规划数", "row_measure", None),
    ],
)
def test_a_former_or_joint_name_is_refused_for_what_it_is(area, code, near, tmp_path, understand):
    """A former name is refused with the area that bears it now, several districts or a zone as such."""
    path = tmp_path / "given.csv"
    path.write_text(f"区县,2024年网络零售额（亿元）\n{area},8\n涪陵区,21\n", encoding="utf-8")
    (refusal,) = understand(path).refused
    assert refusal.codes == (code,)
    assert [c.split()[0] for c in refusal.candidates][:1] == ([near] if near else [])


@pytest.mark.parametrize(
    ("period", "told"),
    [("2025-12-31", ("2025", "2025-12/2025-12")), ("2025-06-30", ("2025", "2025-01/2025-06"))],
)
def test_a_day_for_a_period_is_refused_with_all_it_could_mean(period, told, tmp_path, understand):
    path = tmp_path / "given.csv"
    path.write_text(f"万州区网络零售额（亿元）\n时间,网络零售额\n{period},24.5\n", encoding="utf-8")
    (refusal,) = understand(path).refused
    assert refusal.candidates == told


def test_the_corpus_is_large_enough():
    """The corpus has at least sixty inputs, no two of one name."""
    assert len({c.name for c in CASES}) == len(CASES) >= 60
