"""The words that people put into heads and cells, and one spelling for each.

Column roles, kinds of figure, marks for "no figure". Knows no indicator, no area and no file.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = [
    "IGNORED",
    "KIND_WORDS",
    "MISSING",
    "RETURNED",
    "ROLES",
    "VALUE_WORDS",
    "fold",
    "is_missing",
    "plain",
    "role_of",
]


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """The text in ordinary width, without spaces around it and without characters that nobody sees."""
    folded = unicodedata.normalize("NFKC", text)
    seen = "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc") or c in "\t\n")
    return " ".join(seen.split())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """One spelling for names: width, case, spaces, dashes and punctuation do not matter."""
    return "".join(c for c in plain(text).casefold() if c.isalnum() or c in "%+/&")


def _folded(*words: str) -> frozenset[str]:
    return frozenset(fold(w) for w in words)


ROLES: dict[str, frozenset[str]] = {
    "area": _folded(
        "区县", "区县名称", "区（县）", "地区", "地区名称", "区域", "行政区", "行政区划", "辖区", "填报单位", "报送单位",
        "单位名称", "县区", "市县", "城市", "area", "area name", "district", "county", "district/county", "region",
        "districts and counties", "reporting unit", "district or county", "地区Area", "区县Area",
    ),
    "area_code": _folded("代码", "区县代码", "地区代码", "行政区划代码", "区划代码", "code", "area code", "district code"),
    "indicator": _folded(
        "指标", "指标名称", "指标名", "项目", "统计指标", "主要指标", "indicator", "indicator name", "indicator id", "指标代码",
        "item", "measure", "series", "指标Indicator",
    ),
    "period": _folded(
        "年份", "年度", "年", "时期", "期间", "时间", "报告期", "统计年度", "统计时期", "数据时期", "所属年份", "所属时期",
        "year", "period", "time", "reference period", "reporting period", "年份Year", "时期Period",
    ),
    "months": _folded(
        "累计至月份", "累计至几月", "累计月数", "截至月份", "累计月份", "months", "through month", "months covered",
        "year to date through month",
    ),
    "month": _folded("月份", "月", "month", "季度", "quarter"),
    "value": _folded(
        "数值", "值", "数据", "数量", "完成数", "完成值", "完成量", "实际值", "实际数", "实际完成", "指标值", "本期数", "填报数",
        "更正后数值", "value", "figure", "amount", "observation", "obs_value", "actual", "数值Value",
    ),
    "unit": _folded("单位", "计量单位", "数据单位", "unit", "units", "unit of measure", "单位Unit"),
    "kind": _folded("数据性质", "数据类型", "数据状态", "性质", "状态", "kind", "status", "type of figure"),
    "scope": _folded("口径", "统计口径", "统计范围", "scope", "coverage"),
    "vintage": _folded("发布日期", "报送日期", "填报日期", "公布日期", "vintage", "published", "date of publication"),
    "source": _folded("来源", "数据来源", "资料来源", "source", "data source"),
    "source_address": _folded("来源地址", "网址", "链接", "source_address", "source address", "url", "link", "address"),
    "grade": _folded("等级", "可信度", "数据等级", "grade", "confidence"),
    "note": _folded("备注", "说明", "注", "更正原因", "note", "notes", "remark", "remarks", "comment", "reason"),
    "growth_pct": _folded(
        "同比", "同比增长", "同比增速", "同比增幅", "增速", "增长率", "growth", "growth_pct", "growth rate", "yoy",
        "year-on-year growth", "yoy growth", "同比%", "同比增长%", "同比增速%", "增速%", "growth %",
    ),
}  # fmt: skip

# Heads under which nothing for the ledger stands. Whoever reads is told that they were passed over.
IGNORED = _folded(
    "序号", "编号", "行号", "no.", "no", "#", "number", "联系人", "联系电话", "电话", "填报人", "审核人", "负责人", "contact",
    "phone", "telephone", "contact person", "prepared by", "原因", "读到", "应为", "可能指", "文件", "工作表", "单元格", "原文",
    "why refused", "found", "expected", "candidates", "file", "sheet", "cell", "row", "为什么退回", "可选",
)  # fmt: skip

# Heads of the workbook in which refused figures go back: passing those over is no news.
RETURNED = (
    _folded("为什么退回", "可能指", "读到", "文件", "工作表", "单元格"),
    _folded("why refused", "candidates", "found", "file", "sheet", "cell"),
)

# In a second head row under an indicator or a year: just "the figure itself".
VALUE_WORDS = _folded("绝对量", "总量", "绝对数", "level", "total", "合计数") | ROLES["value"]

KIND_WORDS: dict[str, str] = {
    **dict.fromkeys(
        _folded("正式数", "正式", "最终数", "最终", "年报数", "年报", "核实数", "observed", "final", "actual"),
        "observed",
    ),
    **dict.fromkeys(
        _folded("初步数", "初步", "初步统计", "快报数", "快报", "初步核算", "provisional", "preliminary", "flash"),
        "provisional",
    ),
    **{k: k for k in ("target", "derived", "growth", "mean", "sum", "event")},
}

MISSING = frozenset(
    (
        "", "-", "--", "---", "—", "——", "–", "―", "…", "……", "...", "/", "\\", "*", "n/a", "na", "n.a.", "nan", "null",
        "none", "nil", "暂无", "无数据", "无", "未统计", "未填报", "缺", "空", "不详", "not available", "missing", ".",
    )
)  # fmt: skip


@lru_cache(maxsize=65536)
def is_missing(text: str) -> bool:
    """Whether a cell says that there is no figure: blank, a dash, 暂无, n/a."""
    return plain(text).casefold() in MISSING


@lru_cache(maxsize=4096)
def role_of(text: str) -> str | None:
    """The role that a column head names: a column of the ledger, `ignored`, `months`, `month`, or None."""
    key = fold(text)
    if not key:
        return None
    for role, words in ROLES.items():
        if key in words or key == fold(role):
            return role
    return "ignored" if key in IGNORED or not key.strip("#/") else None
