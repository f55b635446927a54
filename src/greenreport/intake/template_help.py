"""The sheets of a template that explain: how to fill it in, and what each indicator is. Nothing is read back from them."""

from __future__ import annotations

from openpyxl.styles import Protection
from openpyxl.worksheet.worksheet import Worksheet

from greenreport import workbooks
from greenreport.intake.template_spec import TemplateSpec, finish, put_heads
from greenreport.plan import Text

__all__ = ["definitions", "instructions"]

_UNNAMED = Text("规划未指明", "not named in the plan")
_NONE_KNOWN = Text("目前未见", "none known")
_STEPS = (
    Text("只填浅黄色单元格；其余单元格已锁定，无需密码。单位已固定，请按所示单位填写。",
         "Type into the pale yellow cells only; the others are locked, without a password. Units are fixed: give figures in the unit shown."),
    Text("没有数据请留空，不要填0；0表示确实为零。",
         "Leave a cell blank where there is no figure; 0 means zero."),
    Text("请填数值，不要填公式；公式不予计算，会被退回。",
         "Type values, not formulas: formulas are never evaluated and come back."),
    Text("年内累计数请同时选择“累计至月份”。",
         "With a year-to-date figure, choose the month it runs through."),
    Text("以前年度还没有报过的，填右边“补报”各栏，一次报齐；已报过的显示为灰色，不用再填。",
         "Years that were never reported go into the columns on the right, all in one round; what was reported is shown in grey."),
    Text("更正以前年度的数据，请填“更正”表并写明原因；原数据保留，更正作为新版本入账。",
         "To correct earlier years, use the sheet “Corrections” and say why; the old figure is kept, the new one is added."),
    Text("无法识别或有疑问的数据将连同原因退回，改正后重新报送即可。",
         "Whatever cannot be understood comes back with the reason; correct it and hand it in again."),
)  # fmt: skip


def instructions(spec: TemplateSpec, sheet: Worksheet) -> None:
    """For whom and for when, how to fill in, and what the colours mean."""
    sheet.title = spec.title(Text("填报说明", "Read me"))
    workbooks.widths(sheet, [24 if spec.lang == "both" else 16, 104])
    workbooks.put(sheet, 1, 1, spec.t(spec.plan.title, joint="　"), workbooks.TITLE)
    sheet.row_dimensions[1].height = 34
    names = [spec.t(a.name, joint=" ") for a in spec.areas[:3]]
    more = len(spec.areas) - len(names)
    who = Text(
        "、".join(names) + (f"等{len(spec.areas)}个" if more else ""),
        ", ".join(names) + (f" and {more} more" if more else ""),
    )
    asked = Text(
        f"{spec.year}年全年数据；{spec.as_of.year}年年内累计数据（如有）；{spec.plan.baseline_year}年以来尚未报过的年份",
        f"The whole of {spec.year}; {spec.as_of.year} to date, where there are any; years since {spec.plan.baseline_year} not yet reported",
    )
    day = Text(str(spec.as_of), str(spec.as_of))
    facts = (
        (Text("填报单位", "For"), who),
        (Text("填报内容", "Figures"), asked),
        (Text("名录日期", "Areas as of"), day),
    )
    for n, (name, fact) in enumerate(facts, start=2):
        workbooks.put(sheet, n, 1, spec.t(name, joint=" "), workbooks.STRONG)
        workbooks.put(
            sheet, n, 2, fact.zh if spec.lang == "both" and name.en == "For" else spec.t(fact), workbooks.NOTE
        )
    start = 6
    for n, line in enumerate(_STEPS):
        workbooks.put(sheet, start + n, 1, f"{n + 1}", workbooks.STRONG)
        workbooks.put(sheet, start + n, 2, spec.t(line), workbooks.NOTE)
    legend = start + len(_STEPS) + 1
    workbooks.put(sheet, legend, 1, spec.t(Text("填在这里", "Type here"), joint=" "), workbooks.INPUT)
    workbooks.put(sheet, legend, 2, spec.t(Text("填报格，可以修改。", "Cells to fill in.")), workbooks.NOTE)
    workbooks.put(sheet, legend + 1, 1, spec.t(Text("已报数", "As reported"), joint=" "), workbooks.SHOWN)
    workbooks.put(
        sheet, legend + 1, 2,
        spec.t(Text("已有的内容，供核对，不能修改。", "What is known already, to compare with; locked.")), workbooks.NOTE,
    )  # fmt: skip
    sheet.cell(row=legend, column=1).protection = Protection(locked=True)
    workbooks.fit(sheet, 2, legend + 1)
    sheet.sheet_view.showGridLines = False
    workbooks.protect(sheet)


def definitions(spec: TemplateSpec, sheet: Worksheet) -> None:
    """Each indicator's definition, responsible body, source system, frequency and known breaks."""
    heads = [
        Text("指标", "Indicator"), Text("单位", "Unit"), Text("定义和口径", "Definition and coverage"),
        Text("责任单位", "Responsible body"), Text("数据来源系统", "Source system"), Text("频率", "Frequency"),
        Text("已知口径变动", "Known breaks"),
    ]  # fmt: skip
    put_heads(spec, sheet, 1, [(head, workbooks.HEAD) for head in heads])
    for row, i in enumerate(spec.plan.indicators, start=2):
        told = (i.definition, i.responsible or _UNNAMED, i.source_system, i.frequency, i.known_breaks or _NONE_KNOWN)
        cells = [spec.t(i.name), spec.unit(i), *(spec.t(text) if text else "—" for text in told)]
        for n, text in enumerate(cells, start=1):
            workbooks.put(sheet, row, n, text, workbooks.SHOWN)
    last = 1 + len(spec.plan.indicators)
    finish(sheet, [24, 10, 52, 18, 22, 18, 48], head=1, last=last, frozen="B2")
