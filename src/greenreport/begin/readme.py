"""The README of a new project, in its own languages. Knows words only."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["readme"]

_ZH = """\
# 规划评估项目

两条命令，在本文件夹或其中任何文件夹里运行：

    greenreport plan check {file}    核查规划、名录、台账、参数文件，一次列出全部问题
    greenreport build {file}         生成报告；再次运行只重做有变化的页面

报告在 `reports/{name}/site/index.html`。

| 文件 | 内容 | 例子 |
| --- | --- | --- |
| `data/plan/plan.yaml` | 规划：指标、单位、基期、目标 | `{{id: rate, name: 回收率, unit: percent, kind: share, direction: up, baseline: {{year: 2023, value: 40}}, targets: [{{year: 2030, value: 60}}]}}` |
| `data/areas/areas.csv` | 区域：代码、名称、上级 | `S1,一店,part,G,` |
| `data/ledger/*.csv` | 数据，一行一个数；更正是新的一行，发布日期更晚 | `rate,S1,2025,45.2,%,observed,,2026-03-01,统计年报,,A,,` |
| `params/*.yaml` | 生成哪些页面、数据截至哪一天、用哪些语言 | `as_of: 2026-06-30` |
| `notebooks/` | 页面的笔记本，可在JupyterLab里打开、改动；删去则用程序自带的 | |
| `schemas/` | 供编辑器补全和检查plan.yaml、参数文件 | |

区域自己的目标也写在台账里，kind一栏写target。收报表用 `greenreport data template` 和 `greenreport data import`（加 `--data data/ledger`）。
"""

_EN = """\
# An evaluation project

Two commands, in this folder or any folder inside it:

    greenreport plan check {file}    checks plan, roster, ledger and parameter file; says everything at once
    greenreport build {file}         makes the report; again, it makes only what changed

The report is `reports/{name}/site/index.html`.

| file | what is in it | example |
| --- | --- | --- |
| `data/plan/plan.yaml` | the plan: indicators, units, baselines, targets | `{{id: rate, name: Recycling rate, unit: percent, kind: share, direction: up, baseline: {{year: 2023, value: 40}}, targets: [{{year: 2030, value: 60}}]}}` |
| `data/areas/areas.csv` | the areas: code, name, parent | `S1,First store,part,G,` |
| `data/ledger/*.csv` | the figures, one a row; a correction is a new row with a later day | `rate,S1,2025,45.2,%,observed,,2026-03-01,Annual statistics,,A,,` |
| `params/*.yaml` | which pages, known until which day, in which languages | `as_of: 2026-06-30` |
| `notebooks/` | the pages' notebooks, to open and change in JupyterLab; without them the package's are used | |
| `schemas/` | for editors that complete and check plan.yaml and parameter files | |

Targets of an area's own stand in the ledger as well, with `target` in the column kind. Workbooks to fill in and bring back:
`greenreport data template` and `greenreport data import` (with `--data data/ledger`).
"""


def readme(langs: Sequence[str], files: Sequence[str]) -> str:
    """The README.

    Args:
        langs: languages of the project, in the order in which they are to stand.
        files: names of its parameter files; the commands name one where there are several.
    """
    name = files[0].rpartition(".")[0] if files else "report"
    file = "" if len(files) == 1 else f"params/{files[0]}" if files else ""
    texts = {"zh": _ZH, "en": _EN}
    made = "\n".join(texts[lang] for lang in langs).format(file=file, name=name)
    return "\n".join(line.rstrip() for line in made.splitlines()) + "\n"
