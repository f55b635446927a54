"""Why a figure, a row or a table is not laid out, in words of both languages. Judges nothing, opens nothing."""

from __future__ import annotations

from greenreport.intake.account import Account
from greenreport.intake.columns import Column
from greenreport.intake.footnotes import Remarks
from greenreport.intake.periods import Span
from greenreport.intake.reason import Reason, join_en, join_zh, quoted

NO_HEAD = Reason(
    "head_missing",
    "head",
    "找不到表头。表头应写明区县、指标、年份、数值、单位等栏名。",
    "No head was found. It names the columns: area, indicator, year, value, unit.",
)
MERGED = Reason(
    "value_merged",
    "value",
    "这个数所在的单元格与旁边的合并了，无法判断属于哪一行、哪一栏。请拆分单元格，分别填写。",
    "This cell is merged with its neighbours, so that its figure belongs to none of them alone. Unmerge it.",
)


def hidden(zh: str, en: str) -> Reason:
    """A figure that cannot be seen."""
    return Reason(
        "hidden",
        "sheet",
        f"在隐藏的{zh}里，看不见的数不采用。请取消隐藏后再报，或删去。",
        f"It stands in a hidden {en}; what cannot be seen is not taken. Show it or delete it.",
    )


def head_unknown(c: Column) -> Reason:
    """A cell under a head that nobody understands."""
    head = quoted(c.head) or "（空）"
    words = "”“".join(quoted(w, limit=20) for w in c.account.unknown) or head
    zh = f"无法识别表头“{head}”中的“{words}”，这一格没有采用。表头应为指标、区县、年份或模板中的栏名。"
    en = f"In the column header {quoted(c.head)!r}, {words!r} is not understood, so this cell was not imported. A header names an indicator, an area, a year or a column of the template."
    return Reason("head_unknown", "head", zh, en)


def no_figures(columns: list[Column]) -> Reason:
    """A table without a column of figures."""
    heads = [quoted(c.head) for c in columns if c.head]
    zh = f"表头（{join_zh(heads)}）中没有可识别的数值栏。请加“数值”栏，或以指标、年份为栏名。"
    en = f"Among the heads ({join_en(heads)}) none that is understood is for figures. Add a column “value”, or name columns by indicator or year."
    return Reason("head_no_value", "head", zh, en)


def doubled(columns: list[Column]) -> Reason:
    """Two columns that mean the same."""
    heads = list(dict.fromkeys(quoted(c.head) for c in columns))
    zh = f"表头有几栏意思相同：{join_zh(heads)}，无法确定以哪一栏为准。请只留一栏；并排的表请上下排列，各写标题和表头。"
    en = f"Several columns mean the same: {join_en(heads)}. Keep one; put tables below each other, each with its title and head."
    return Reason("head_doubled", "head", zh, en)


def between(text: str) -> Reason:
    """Figures below a line that nobody understands."""
    zh = f"上方有一行“{quoted(text)}”，无法判断其下各数的归属，没有采用。另起一表的，请写全表头。"
    en = f"Above stands a line {quoted(text)!r}; what the figures below it belong to can't be told. Give a new table its own head."
    return Reason("text_between", "head", zh, en)


def beside(text: str, head: str) -> Reason:
    """A row with a text that nobody understands."""
    under = f"（“{quoted(head)}”栏）" if head else ""
    zh = f"旁边有“{quoted(text)}”{under}，这一行的数可能不是指标本身的数，没有采用。说明请写在“备注”栏。"
    en = f"Beside it stands {quoted(text)!r}{f' under {quoted(head)!r}' if head else ''}, so that the row's figures may be something else. Put remarks under note."
    return Reason("text_beside", "note", zh, en)


def shifted(cells: int, width: int) -> Reason:
    """A line of a CSV with more cells than its head."""
    zh = f"这一行有{cells}格，表头只有{width}格，各格可能错位（如1,240没有加引号），整行没有采用。请在表格软件中核对后重新另存。"
    en = f"This row has {cells} cells but the header has {width}: cells may have shifted (for example because of an unquoted 1,240). The row was not imported; check the file and save it again."
    return Reason("row_shifted", "file", zh, en)


def row_unknown(a: Account) -> Reason:
    """A name with more in it than a name."""
    words = "”“".join(quoted(w, limit=20) for w in a.unknown)
    zh = f"“{quoted(a.text)}”中，无法识别“{words}”，这一行没有采用。请只写名称。"
    en = f"In {quoted(a.text)!r}, {words!r} is not understood, so the row was not taken. Give the name alone."
    return Reason("row_unknown", "indicator", zh, en)


def units_differ(own: str, top: str) -> Reason:
    """A unit in the head, and another over the table."""
    own, top = own.strip("()[] "), top.strip("()[] ")
    zh = f"表头的单位是“{own}”，表上方写的是“{top}”，请核对。"
    en = f"The head's unit is {own!r}, that over the table {top!r}."
    return Reason("unit_conflict", "unit", zh, en, (own, top))


def area_title(mine: str, top: str) -> Reason:
    """An area in the row, and another over the table."""
    zh = f"这一行是“{quoted(mine)}”，表的标题或填报单位却是“{quoted(top)}”，请核对。"
    en = f"The row is about {quoted(mine)!r}, the title or reporting unit {quoted(top)!r}."
    return Reason("area_conflict", "area", zh, en)


def periods_clash(near: Span, far: Span) -> Reason:
    """Periods that make none together."""
    zh = f"表头写的是“{near.said}”，标题写的是“{far.said}”，无法判断所指时期。请在表头写全。"
    en = f"The head says {near.said!r}, the title {far.said!r}; which period they make together can't be told. Write it out in the head."
    return Reason("period_conflict", "period", zh, en)


def too_early(period: str, day: str) -> Reason:
    """A period that was not over when the form was written."""
    zh = f"表上的日期是{day}，那时{period}还没有结束，不会有实际数。请核对时期。"
    en = f"The form is dated {day}, before {period} was over. Check the period."
    return Reason("period_after_day", "period", zh, en)


def mark_unexplained(marks: list[str], remarks: Remarks) -> Reason:
    """A mark that no remark explains."""
    told = [f"{m} {remarks.text(m)}".strip() for m in marks]
    zh = f"带有标记“{join_zh(told)}”，表下没有看懂的注释说明它。请删去标记，需要时写在备注里。"
    en = f"It carries the mark {join_en(told)}, which no remark below explains in words understood here. Delete it, or say it under note."
    return Reason("mark_unexplained", "note", zh, en)
