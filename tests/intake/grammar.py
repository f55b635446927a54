"""Tables made by a grammar of titles, heads and blocks, each with the figures that it holds known by construction.

A sentence of the grammar says which of its parts are understood and which change what the figures are. `allowed` are the
only figures that may be read from it; `required`: all of them must be.
"""

import itertools
import random
from dataclasses import dataclass, field

AREAS = {
    "万州区": "500101",
    "涪陵区": "500102",
    "黔江区": "500114",
    "渝中区": "500103",
    "石柱县": "500240",
    "北碚": "500109",
}
NAMES = {
    "网络零售额": ("online_retail", "亿元"), "再生资源回收量": ("recycled_volume", "万吨"),
    "绿色商场": ("green_mall", "家"), "绿色饭店": ("green_hotel", "家"), "报废机动车拆解量": ("elv_dismantled", "万台"),
}  # fmt: skip


@dataclass
class Sheet:
    """Rows, merged ranges, hidden rows, and what may be read: (indicator, area, period) → value in the ledger's unit."""

    name: str
    rows: list = field(default_factory=list)
    merges: list = field(default_factory=list)
    hidden: list = field(default_factory=list)
    allowed: dict = field(default_factory=dict)
    required: bool = True
    sheet: str = "Sheet1"


def _values(rng, name, n):
    """Figures of an indicator that no other thing in a table could be taken for."""
    whole = NAMES[name][1] == "家"
    return [rng.randint(2, 60) if whole else round(rng.uniform(5, 80), 2) for _ in range(n)]


def _level(
    rng, title, period, *, above=(), name="网络零售额", required=True, unit=None, below=(), label="", sheet="Sheet1"
):
    """The simplest of tables, areas down and one column, under a title."""
    id, own = NAMES[name]
    areas = rng.sample(list(AREAS), 3)
    values = _values(rng, name, 3)
    head = ["区县", f"{name}（{unit or own}）"]
    table = Sheet(label, [[title, ""], *[list(r) for r in above], head, *map(list, zip(areas, values, strict=True)), *[list(r) for r in below]], required=required, sheet=sheet)  # fmt: skip
    if period:
        table.allowed = {(id, AREAS[a], period): v for a, v in zip(areas, values, strict=True)}
    return table


# Titles that name a period and nothing that changes the figures: all is read.
GOOD_TITLES = [
    ("2025年各区县绿色商务主要指标", "2025"), ("2025年度各区县绿色商务主要指标完成情况表", "2025"), ("2025年网络零售额", "2025"),
    ("二〇二五年各区县网络零售额", "2025"), ("各区县网络零售额（2025年）", "2025"), ("表1 2025年网络零售额", "2025"),
    ("附件1：2025年各区县网络零售额", "2025"), ("2026年1-6月各区县网络零售额", "2026-01/2026-06"),
    ("2026年1—6月网络零售额完成情况", "2026-01/2026-06"), ("2026年上半年各区县网络零售额", "2026-01/2026-06"),
    ("2026年一季度各区县网络零售额", "2026-01/2026-03"), ("2025年前三季度网络零售额", "2025-01/2025-09"),
    ("2025年各区县网络零售额（1-9月）", "2025-01/2025-09"), ("截至2025年9月底各区县网络零售额", "2025-01/2025-09"),
    ("Online retail sales by district, 2025", "2025"), ("一、2025年各区县网络零售额", "2025"),
]  # fmt: skip
# A word beside the indicator's name, or a period that is no year to date: nothing may be read.
BAD_TITLES = [
    "2025年{}限额以上单位网络零售额", "2025年{}人均网络零售额", "2025年{}新增网络零售额", "2025年{}网络零售额增加额", "2025年国庆期间{}网络零售额",
    "2025年{}网络零售额其中：直播", "2025年{}网络零售额目标", "2025年{}网络零售额预计数", "2025年{}网络零售额计划", "2025年6月{}网络零售额",
    "2025年三季度{}网络零售额", "2025年下半年{}网络零售额", "2025年4-6月{}网络零售额", "2025年{}网络零售额增速", "2025年{}网络零售额排名",
    "2025年{}重点企业网络零售额", "2025年春节期间{}网络零售额", "2025年{}网络零售额（不含汽车）", "2025年{}网络零售额测算数",
    "2025年{}网络零售额（快递口径）", "2025年{}自营网络零售额", "2025年{}网络零售额占比", "2025年{}网络零售额考核值", "2025年双十一{}网络零售额",
    "2025年{}网络零售额上年同期", "2025年{}农产品网络零售额", "2025年{}夜间网络零售额", "2025年{}网络零售额完成率", "2027年{}网络零售额",
    "2026年{}网络零售额", "2025年6月末当月{}网络零售额", "2025年{}网络零售额（估算）", "2025年{}网络零售额折年数", "2025年{}主城网络零售额",
]  # fmt: skip
# Lines between title and head: a form's day, number, and who filled it in say nothing of the period.
ABOVE = [
    ["填报单位：市商务委", "填报日期：2026年1月10日"], ["制表日期：2026年3月1日", ""], ["渝商务发〔2024〕19号", ""], ["2026年2月3日", ""],
    ["表号：商消202表", "制定机关：商务部"], ["批准文号：国统制〔2023〕45号", "有效期至：2027年1月"], ["填表人：张三", "联系电话：023-12345678"],
    ["", "单位：亿元"], ["单位：亿元、万吨、%", ""], ["填报日期", "2026-01-10"],
]  # fmt: skip
BELOW = [
    ["注：数据由市商务委提供。", ""], ["数据来源：国家统计局", ""], ["填报人：", "审核人："], ["第1页 共2页", ""], ["说明：本表按年填报", ""],
    ["备注：2025年为快报数。", ""],
]  # fmt: skip
# Sub-heads and what the column under them is: a level, or anything else.
SUBHEADS = [
    ("绝对量", True), ("累计", True), ("总量", True), ("本年累计", True), ("排名", False), ("目标", False), ("完成率", False), ("上年同期", False),
    ("占比", False), ("环比", False), ("位次", False), ("测算值", None), ("同比增减", False), ("全市占比（%）", None), ("年度目标", False),
    ("调整后", None), ("折算数", None), ("增加额", False), ("拟报数", None), ("其中：限上", None),
]  # fmt: skip


def sentences(seed=14):
    """Every table of the grammar, in an order that does not change."""
    rng = random.Random(seed)
    out = []
    out += [_level(rng, title, period, label=f"good title {title}") for title, period in GOOD_TITLES]
    out += [
        _level(rng, title.format(areas), "", label=f"bad title {title} {areas}", required=False)
        for title in BAD_TITLES
        for areas in ("各区县", "")
    ]
    plain = "2025年各区县网络零售额"
    out += [_level(rng, plain, "2025", above=[above], label=f"line above {above}") for above in ABOVE]
    out += [_level(rng, plain, "2025", below=[below], label=f"line below {below}") for below in BELOW]
    known = ("Sheet1", "2025年", "汇总表", "网络零售额")
    out += [_level(rng, plain, "2025", sheet=word, label=f"sheet {word}") for word in known]
    unknown = ("预测", "旧", "2024年", "目标值", "给李处")
    out += [_level(rng, plain, "", sheet=word, label=f"sheet {word}", required=False) for word in unknown]
    out += _subheads(rng)
    out += _stacked(rng)
    out += _forms(rng)
    out += _marks(rng)
    out += _rows(rng)
    return out


def _subheads(rng):
    """Two rows of heads, the level beside something else; where the level is blank nothing takes its place."""
    out = []
    for (word, level), merged in itertools.product(SUBHEADS, (True, False)):
        name = rng.choice(["网络零售额", "再生资源回收量"])
        id, unit = NAMES[name]
        a, b = rng.sample(list(AREAS), 2)
        v, w, x = (round(rng.uniform(5, 80), 2) for _ in range(3))
        rows = [
            ["2025年各区县主要指标", "", ""],
            ["区县", f"{name}（{unit}）", ""],
            ["", "绝对量" if not level else word, word if not level else "排名"],
            [a, v, w],
            [b, "", x],
        ]
        merges = ["B2:C2", "A2:A3"] if merged else []
        out.append(Sheet(f"sub-head {word} {merged}", rows, merges, allowed={(id, AREAS[a], "2025"): v}))
    for words in (
        ("累计", "同比增长%", "排名"),
        ("1-6月累计", "同比±%", "位次"),
        ("本月", "本年累计", "同比增长（%）"),
    ):
        two = ["网络零售额", "再生资源回收量"]
        heads, subs, merges = ["区县"], [""], ["A2:A3"]
        for k, name in enumerate(two):
            heads += [f"{name}（{NAMES[name][1]}）", "", ""]
            subs += list(words)
            first = 2 + 3 * k
            merges.append(f"{chr(64 + first)}2:{chr(66 + first)}2")
        at = next(i for i, w in enumerate(words) if "累计" in w)
        rows, allowed = [["2026年6月各区县主要指标完成情况"] + [""] * 6, heads, subs], {}
        for area in rng.sample(list(AREAS), 3):
            cells = [area]
            for name in two:
                three = [round(rng.uniform(5, 80), 2) for _ in range(3)]
                cells += three
                allowed[NAMES[name][0], AREAS[area], "2026-01/2026-06"] = three[at]
            rows.append(cells)
        numbered = [r[:] for r in rows]
        numbered.insert(3, ["甲", *range(1, 7)])
        out.append(Sheet(f"quarterly form {words}", rows, merges, allowed=allowed))
        out.append(Sheet(f"quarterly form with numbers {words}", numbered, merges, allowed=dict(allowed)))
        group = [rows[0], ["", "消费类指标", "", "", "绿色类指标", "", ""], *rows[1:]]
        out.append(Sheet(f"groups above {words}", group, [], allowed=dict(allowed)))
    return out


def _stacked(rng):
    """Tables below each other, with other units and indicators; a stray one spoils none."""
    out = []
    for gap, (first, second), unit in itertools.product(
        (0, 1), (("网络零售额", "再生资源回收量"), ("绿色商场", "绿色饭店")), ("", "big")
    ):
        rows, allowed = [], {}
        for k, name in enumerate((first, second)):
            id, own = NAMES[name]
            shown, scale = (own, 1) if not (unit and k and own != "家") else (own.replace("万", ""), 10_000)
            rows += [[f"表{k + 1} 2025年{name}", ""], ["区县", f"{name}（{shown}）"]]
            for area, v in zip(rng.sample(list(AREAS), 2), _values(rng, name, 2), strict=True):
                rows.append([area, round(v * scale)] if scale > 1 else [area, v])
                allowed[id, AREAS[area], "2025"] = round(v * scale) / scale if scale > 1 else v
            rows += [["", ""]] * gap
        out.append(Sheet(f"stacked {first} {second} {gap} {unit}", rows, allowed=allowed))
    base = _level(rng, "2025年各区县网络零售额", "2025", label="x")
    for stray in (["再生资源回收量", ""], ["2024年", ""], ["单位：万元", ""], ["限额以上", ""], ["其中：直播带货", ""]):
        rows = [*base.rows, stray, ["石柱县", 77.7], ["北碚", 66.6]]
        out.append(Sheet(f"interrupted {stray}", rows, allowed=dict(base.allowed)))
    rows = [["区县", "网络零售额（亿元）", "", "区县", "绿色商场（家）"], ["万州区", 24.5, "", "涪陵区", 5]]
    out.append(Sheet("side by side", [["2025年"], *rows], allowed={}, required=False))
    return out


def _forms(rng):
    """A district's own return: who reports is the area; indicators down; label and value in two cells."""
    out = []
    who = [
        ["填报单位：万州区商务委员会（盖章）", ""],
        ["填报单位", "万州区商务委"],
        ["区县：万州区", ""],
        ["填报单位：重庆市万州区商务局", "填报日期：2026年1月10日"],
    ]
    leads = [
        ("", "", ""),
        ("一、", "二、", "三、"),
        ("1.", "2.", "3."),
        ("（一）", "（二）", "（三）"),
        ("①", "②", "③"),
    ]
    names = ["网络零售额", "绿色商场", "再生资源回收量"]
    for by, lead in itertools.product(who, leads):
        values = [_values(rng, n, 1)[0] for n in names]
        table = [[f"{a}{n}", NAMES[n][1], v, ""] for a, n, v in zip(lead, names, values, strict=True)]
        rows = [["绿色商务指标报表（2025年）"], by, ["指标名称", "计量单位", "2025年", "备注"], *table]
        out.append(
            Sheet(
                f"return {by[0]} {lead[0]}",
                rows,
                allowed={(NAMES[n][0], "500101", "2025"): v for n, v in zip(names, values, strict=True)},
            )
        )
        pairs = [
            ["填报单位", "万州区商务委"],
            ["年份", "2025年"],
            *[[f"{a}{n}（{NAMES[n][1]}）", v] for a, n, v in zip(lead, names, values, strict=True)],
        ]
        out.append(
            Sheet(
                f"pairs {by[0]} {lead[0]}",
                pairs,
                allowed={(NAMES[n][0], "500101", "2025"): v for n, v in zip(names, values, strict=True)},
            )
        )
    for by in (["填报单位：重庆百货集团", ""], ["填报单位：万州区重点企业", ""]):
        rows = [["绿色商务指标报表（2025年）"], by, ["指标名称", "计量单位", "2025年"], ["网络零售额", "亿元", 12.5]]
        out.append(Sheet(f"a company {by}", rows, allowed={}, required=False))
    return out


def _marks(rng):
    """Marks on values, names and heads: never digits."""
    out = []
    for mark, told, where in itertools.product(
        ("①", "¹", "*", "注1", "②"), ("", "为快报数", "为估算数"), ("value", "area", "head")
    ):
        v, w = (round(rng.uniform(5, 80), 1) for _ in range(2))
        rows = [["2025年", ""], ["区县", "网络零售额（亿元）" + (mark if where == "head" else "")]]
        rows += [["万州区" + (mark if where == "area" else ""), f"{v}{mark}" if where == "value" else v], ["涪陵区", w]]
        rows += [[f"{mark} {told}", ""]] if told else []
        fine = told == "为快报数"
        allowed = {} if where == "head" and not fine else {("online_retail", "500102", "2025"): w}
        if fine:
            allowed["online_retail", "500101", "2025"] = v
        out.append(Sheet(f"mark {mark} {told} {where}", rows, allowed=allowed, required=where != "head"))
    return out


def _rows(rng):
    """Rows that are not what they seem: merged over two areas, hidden, negative, unfinished, with a word beside them."""
    head = [["2025年各区县网络零售额", ""], ["区县", "网络零售额（亿元）"]]
    one = {("online_retail", "500101", "2025"): 24.5}
    out = [
        Sheet("merged value", [*head, ["万州区", 24.5], ["涪陵区", 30.5], ["黔江区", ""]], ["B4:B5"], allowed=one),
        Sheet("hidden row", [*head, ["万州区", 24.5], ["涪陵区", 30.5]], hidden=[4], allowed=one),
    ]
    refused = ("(30.5)", "-30.5", "30.5万", "约30-31", "=30+0.5", "30.5%", "30,5", "3.05E+01", "30.5万吨", "２月30")
    out += [Sheet(f"value {bad}", [*head, ["万州区", 24.5], ["涪陵区", bad]], allowed=one) for bad in refused]
    for word in ("预计", "限上", "1-9月", "估算", "其中"):
        rows = [head[0], [*head[1], ""], ["万州区", 24.5, ""], ["涪陵区", 30.5, word]]
        out.append(Sheet(f"word beside {word}", rows, allowed=one))
        rows = [head[0], [*head[1], "类型"], ["万州区", 24.5, ""], ["涪陵区", 30.5, word]]
        out.append(Sheet(f"word under a head {word}", rows, allowed=one))
        # Months beside an area's name are months; any other word there leaves the row out.
        more = {("online_retail", "500102", "2025-01/2025-09"): 30.5} if word == "1-9月" else {}
        out.append(Sheet(f"row {word}", [*head, ["万州区", 24.5], [f"涪陵区{word}", 30.5]], allowed=one | more))
    years = [["区县", "2023年", "2024年", "2025年"], ["万州区", 20.5, 22.5, 24.5]]
    told = {("online_retail", "500101", y): v for y, v in (("2023", 20.5), ("2024", 22.5), ("2025", 24.5))}
    out.append(Sheet("years across", [["各区县网络零售额（亿元）"], *years], allowed=told))
    out.append(Sheet("years across under a year", [["2025年各区县网络零售额（亿元）"], *years], allowed=told))
    out.append(
        Sheet(
            "years under months",
            [["2025年1-9月各区县网络零售额（亿元）"], *years],
            allowed={("online_retail", "500101", "2025-01/2025-09"): 24.5},
            required=False,
        )
    )
    export = [
        ["数据库：分省年度数据"],
        ["地区：重庆市"],
        ["时间：最近3年"],
        ["指标", "2025年", "2024年"],
        ["网络零售额(亿元)", 2300.5, 2100.5],
        ["绿色商场(家)", 57, 52],
    ]
    city = {
        ("online_retail", "500000", "2025"): 2300.5,
        ("online_retail", "500000", "2024"): 2100.5,
        ("green_mall", "500000", "2025"): 57,
        ("green_mall", "500000", "2024"): 52,
    }
    out.append(Sheet("export of the statistics site", export, allowed=city))
    return out
