"""The words of the page around a document: navigation, footer, captions' names, notices.

Each language is written by itself; the two sets have the same keys (a test holds them together). Figures, verdicts
and narrative are none of this module's business: they arrive finished in the notebooks.
"""

from __future__ import annotations

from typing import Final

__all__ = ["LANGS", "NAMES", "TAGS", "WORDS", "other", "word"]

LANGS: Final = ("zh", "en")
NAMES: Final = {"zh": "中文", "en": "English"}
TAGS: Final = {"zh": "zh-CN", "en": "en"}

WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "skip": "跳到正文",
        "home": "首页",
        "contents": "本页目录",
        "toc": "目录",
        "all_pages": "全部页面",
        "switch": "English",
        "pdf": "下载本页 PDF",
        "notebook": "下载本页计算笔记本",
        "bound_pdf": "全部报告合订本（PDF）",
        "bound_docx": "全部报告合订本（Word）",
        "downloads": "下载",
        "bound_kicker": "评估报告合订本",
        "footer": "关于本页",
        "as_of": "数据截至",
        "ledger": "数据台账",
        "plan": "规划版本",
        "package": "程序版本",
        "engine": "排版引擎",
        "engine_builtin": "内置引擎（Pandoc 与 Typst）",
        "engine_quarto": "Quarto",
        "watermark": "演示数据，非真实统计",
        "watermark_long": "演示数据，非真实统计：本页数字由程序生成，仅用于展示，不得引用。",
        "fig": "图",
        "tbl": "表",
        "kind_overview": "总览",
        "kind_city": "全市",
        "kind_national": "全国",
        "kind_district": "区县",
        "kind_other": "其他",
        "failed_title": "本页未能生成",
        "failed_body": "计算本页时出错，因此没有内容。报告的其余页面不受影响。",
        "failed_reason": "原因",
        "failed_mark": "未生成",
        "not_run_mark": "未计算",
        "choose": "选择语言",
        "search": "搜索",
        "search_hint": "搜索本报告",
        "search_none": "没有找到",
        "search_count": "找到 {} 处",
        "copy": "复制表格",
        "copied": "已复制",
        "csv": "下载 CSV",
        "svg": "下载图片（SVG）",
        "chart_data": "下载数据（CSV）",
        "table_scroll": "表格，可左右滚动",
        "appendix": "附录",
        "missing_note": "下列页面未能生成，不在本册之内：",
        "colophon": "关于本报告",
        "menu": "导航",
    },
    "en": {
        "skip": "Skip to the text",
        "home": "Home",
        "contents": "On this page",
        "toc": "Contents",
        "all_pages": "All pages",
        "switch": "中文",
        "pdf": "This page as PDF",
        "notebook": "This page as a notebook",
        "bound_pdf": "Whole report in one PDF",
        "bound_docx": "Whole report for Word",
        "downloads": "Downloads",
        "bound_kicker": "The whole evaluation",
        "footer": "About this page",
        "as_of": "Data as of",
        "ledger": "Ledger",
        "plan": "Plan",
        "package": "Software",
        "engine": "Typeset with",
        "engine_builtin": "built-in engine (Pandoc and Typst)",
        "engine_quarto": "Quarto",
        "watermark": "Demonstration data, not real statistics",
        "watermark_long": "Demonstration data, not real statistics: the figures on this page were generated"
        " to show how the report works and must not be quoted.",
        "fig": "Figure",
        "tbl": "Table",
        "kind_overview": "Overview",
        "kind_city": "City",
        "kind_national": "Nation",
        "kind_district": "Districts and counties",
        "kind_other": "Other",
        "failed_title": "This page could not be made",
        "failed_body": "The calculation of this page failed, so it has no content."
        " The rest of the report is not affected.",
        "failed_reason": "Reason",
        "failed_mark": "not made",
        "not_run_mark": "not calculated",
        "choose": "Choose a language",
        "search": "Search",
        "search_hint": "Search this report",
        "search_none": "Nothing found",
        "search_count": "{} found",
        "copy": "Copy table",
        "copied": "Copied",
        "csv": "Download CSV",
        "svg": "Download picture (SVG)",
        "chart_data": "Download data (CSV)",
        "table_scroll": "table, scrolls sideways",
        "appendix": "Appendix",
        "missing_note": "These pages could not be made and are not in this volume:",
        "colophon": "About this report",
        "menu": "Navigation",
    },
}


def word(lang: str, key: str) -> str:
    """One word of the page in one language."""
    return WORDS[lang][key]


def other(lang: str) -> str:
    """The other language of the pair."""
    return "en" if lang == "zh" else "zh"
