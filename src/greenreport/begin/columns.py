"""The sheets and columns of the workbook that a project is begun from, in both languages, with what each holds.

The template is written, and a filled workbook read, by this one description. Knows words only.
"""

from __future__ import annotations

from dataclasses import dataclass

from greenreport.text import Text
from greenreport.typing_slips import nearest

__all__ = ["CHOICES", "PLAN_ITEMS", "SHEETS", "Column", "Sheet", "choice", "column_of", "sheet_of"]


@dataclass(frozen=True)
class Column:
    """One column, or one item of the sheet about the plan: key, head, what to write, whether it must be filled in."""

    key: str
    head: Text
    note: Text
    needed: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: key, name, columns. `years`: further columns are headed by a year."""

    key: str
    name: Text
    columns: tuple[Column, ...]
    years: bool = False


PLAN_ITEMS = (
    Column(
        "title_zh",
        Text("规划名称（中文）", "Title in Chinese"),
        Text("至少写一种语言；只写一种就只生成这一种", "at least one language; one alone makes a report in it alone"),
    ),
    Column("title_en", Text("规划名称（英文）", "Title in English"), Text("同上", "see above")),
    Column(
        "whole_zh",
        Text("整体名称（中文）", "Name of the whole in Chinese"),
        Text("规划所指的整体，如某省、某集团", "the area planned for, such as a province or a group"),
    ),
    Column("whole_en", Text("整体名称（英文）", "Name of the whole in English"), Text("同上", "see above")),
    Column("whole_code", Text("整体代码", "Code of the whole"), Text("不写则为ALL", "ALL by default")),
    Column(
        "part_zh",
        Text("各部分称作（中文）", "A part is called, in Chinese"),
        Text("如区县、省份、门店；不写则为地区", "such as 区县; 地区 by default"),
    ),
    Column(
        "part_en",
        Text("各部分称作（英文）", "A part is called, in English"),
        Text("如district、store；不写则为area", "such as district, store; area by default"),
    ),
    Column(
        "parts_en",
        Text("各部分称作（英文复数）", "Several parts are called, in English"),
        Text("如districts、stores", "such as districts, stores"),
    ),
    Column("first_year", Text("规划期首年", "First year"), Text("如2024", "such as 2024"), needed=True),
    Column("last_year", Text("规划期末年", "Last year"), Text("如2027", "such as 2027"), needed=True),
    Column("number", Text("文号", "Number of the document"), Text("没有可不写", "may be blank")),
    Column(
        "issued",
        Text("成文日期", "Date of the document"),
        Text("如2024-05-11，可不写", "such as 2024-05-11; may be blank"),
    ),
    Column(
        "as_of",
        Text("数据截至", "Data as known on"),
        Text("如2026-06-30；不写则为今天", "such as 2026-06-30; today by default"),
    ),
)

_NAME = Text("至少写一种语言", "at least one language")

SHEETS = (
    Sheet(
        "plan",
        Text("规划", "Plan"),
        (
            Column("item", Text("项目", "Item"), Text("", ""), needed=True),
            Column("value", Text("内容", "Value"), Text("", "")),
        ),
    ),
    Sheet(
        "areas",
        Text("区域", "Areas"),
        (
            Column("code", Text("代码", "Code"), Text("不写则自动编号", "numbered where blank")),
            Column("name_zh", Text("名称（中文）", "Name in Chinese"), _NAME),
            Column("name_en", Text("名称（英文）", "Name in English"), _NAME),
            Column("population", Text("人口", "Population"), Text("可不写", "may be blank")),
        ),
    ),
    Sheet(
        "indicators",
        Text("指标", "Indicators"),
        (
            Column("id", Text("代号", "Id"), Text("小写字母，可不写", "lower-case letters; may be blank")),
            Column("name_zh", Text("名称（中文）", "Name in Chinese"), _NAME),
            Column("name_en", Text("名称（英文）", "Name in English"), _NAME),
            Column("unit_zh", Text("单位（中文）", "Unit in Chinese"), Text("如万吨、家、%", "such as 万吨, %")),
            Column("unit_en", Text("单位（英文）", "Unit in English"), Text("如tonnes、%", "such as tonnes, %")),
            Column("decimals", Text("小数位数", "Decimals"), Text("不写则为0", "0 by default")),
            Column(
                "kind",
                Text("类型", "Type"),
                Text(
                    "总量（各区域可相加）、累计数（只增不减）、比率（%）、水平（强度、均价等，不可相加）；不写则为总量",
                    "amount (areas add up), count (only grows), share (%), level (intensities, averages: never added up); "
                    "amount by default",
                ),
            ),
            Column(
                "direction",
                Text("方向", "Direction"),
                Text("升（越大越好）或降", "up (more is better) or down"),
                needed=True,
            ),
            Column("baseline_year", Text("基期", "Baseline year"), Text("如2023", "such as 2023"), needed=True),
            Column(
                "baseline",
                Text("基期值", "Baseline"),
                Text(
                    "整体的基期值，没有可不写；各区域的基期值填在“数据”表基期那一年",
                    "of the whole; blank where it has none. That of an area is its figure of that year, in Figures",
                ),
            ),
            Column(
                "allocation",
                Text("区域目标", "Targets of areas"),
                Text(
                    "由整体目标推算：不推算、同一水平（比率）、按基期占比、按人口、平均；留空：只用“目标”表中各区域自己的目标",
                    "from the target of the whole: none, same level (shares), by baseline, by population, equal parts; "
                    "blank: only areas' own, as in Targets",
                ),
            ),
            Column("definition_zh", Text("定义（中文）", "Definition in Chinese"), Text("可不写", "may be blank")),
            Column("definition_en", Text("定义（英文）", "Definition in English"), Text("可不写", "may be blank")),
        ),
    ),
    Sheet(
        "targets",
        Text("目标", "Targets"),
        (
            Column("indicator", Text("指标", "Indicator"), Text("代号或名称", "id or name"), needed=True),
            Column(
                "area",
                Text("区域", "Area"),
                Text("代码或名称；不写则为整体的目标", "code or name; blank: a target of the whole"),
            ),
        ),
        years=True,
    ),
    Sheet(
        "figures",
        Text("数据", "Figures"),
        (
            Column("indicator", Text("指标", "Indicator"), Text("代号或名称", "id or name"), needed=True),
            Column("area", Text("区域", "Area"), Text("代码或名称；不写则为整体", "code or name; blank: the whole")),
            Column("source", Text("来源", "Source"), Text("不写则为本工作簿", "this workbook by default")),
            Column(
                "published",
                Text("发布日期", "Published on"),
                Text("如2026-03-01；不写则为数据截至日", "such as 2026-03-01; the day of the data by default"),
            ),
            Column(
                "note",
                Text("备注", "Note"),
                Text("可不写；累计数下降的，写明原因", "may be blank; says why, where a count has fallen"),
            ),
        ),
        years=True,
    ),
)

CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {
        "flow": ("总量", "amount", "flow"),
        "cumulative_count": ("累计数", "count", "cumulative count", "cumulative_count"),
        "share": ("比率", "share", "rate", "比重", "占比"),
        "level": ("水平", "level", "intensity", "强度"),
    },
    "direction": {"up": ("升", "up", "越大越好"), "down": ("降", "down", "越小越好")},
    "allocation": {
        "none": ("不推算", "none"),
        "same": ("同一水平", "same level", "same"),
        "baseline_share": ("按基期占比", "by baseline", "baseline_share"),
        "population": ("按人口", "by population", "population"),
        "equal": ("平均", "equal parts", "equal"),
    },
}
"""What may be written in columns with a choice; the first two are what the template offers in Chinese and English."""


def _same(text: str, *names: str) -> bool:
    return text.strip().casefold() in {name.casefold() for name in names}


def sheet_of(title: str) -> Sheet | None:
    """The sheet of a title in either language, or in both; None if there is no such."""
    return next((s for s in SHEETS if _same(title, s.key, s.name.zh, s.name.en, f"{s.name.zh} {s.name.en}")), None)


def column_of(head: str, columns: tuple[Column, ...]) -> Column | None:
    """The column, or item, of a head in either language, or in both; None if there is no such."""
    return next(
        (c for c in columns if _same(head, c.key, c.head.zh, c.head.en, f"{c.head.zh} {c.head.en}")),
        None,
    )


def choice(key: str, text: str) -> tuple[str | None, list[str]]:
    """What a word means in a column with a choice, or None and the words that come near it (all if none does)."""
    words = {word: meaning for meaning, spelt in CHOICES[key].items() for word in spelt}
    for word, meaning in words.items():
        if _same(text, word):
            return meaning, []
    meant = {words[word] for word in nearest(text, words)} or set(CHOICES[key])
    return None, [word for meaning, spelt in CHOICES[key].items() if meaning in meant for word in spelt[:2]]
