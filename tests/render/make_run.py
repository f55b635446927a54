"""A small run's folder that follows the document contract, made from nothing but this file."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import yaml

from greenreport.run import manifest
from greenreport.run.manifest import Manifest, PageError, PageRecord
from greenreport.text import Text

AS_OF = "2026-06-30"

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">
<rect width="{w}" height="{h}" fill="none"/>
<path d="M40,{y0} L{x1},{y1}" stroke="#17624a" stroke-width="2.5" fill="none"/>
<path d="M40,{y0} L{x1},{y2}" stroke="#8a938f" stroke-dasharray="5,4" fill="none"/>
<text x="44" y="20" font-family="Noto Sans SC" font-size="12" fill="#333">{text}</text></svg>"""

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "lead": "截至2026年6月，6项主要指标中，1项提前完成，2项达到时序进度、预计可超额完成，"
        "2项达到或基本达到时序进度、预计可如期完成，1项未达时序进度、预计难以如期完成。",
        "h1": "总体结论",
        "h2": "主要指标完成情况",
        "h3": "网络零售额",
        "body": "网络零售额。2025年为2146亿元，完成2027年目标增量的57.7%，快于时间进度（50.0%）7.7个百分点；"
        "2023—2025年年均增长9.2%，如期达标今后两年需年均增长5.8%。预计2027年为2440亿元（80%预测区间2250亿—2640亿元），达到2400亿元的概率为61%，"
        "能否如期达标尚在两可之间。见[@fig-online-retail]和[@tbl-main]。",
        "fig": "网络零售额：历史、所需路径与预测",
        "alt": "折线图：网络零售额由2016年的700亿元升至2025年的2146亿元，所需路径到2027年为2400亿元。",
        "tbl": "主要指标完成情况",
        "note": "注：2025年为初步数；“—”表示没有数据。",
        "callout": "数据缺口",
        "callout_text": "2021年没有公布该指标，图中以虚线连接前后两年。",
    },
    "en": {
        "lead": "Of the six indicators, one had been achieved ahead of time by June 2026, two were on schedule "
        "and expected to exceed their targets, two were on or nearly on schedule and expected to be met in time, and one was "
        "behind schedule and unlikely to be met in time.",
        "h1": "Overall conclusion",
        "h2": "The main indicators",
        "h3": "Online retail sales",
        "body": "Online retail sales came to CNY 214.6 billion in 2025: 57.7 % of the increase planned to 2027, "
        "with 50.0 % of the time gone. Growth averaged 9.2 % a year from 2023 to 2025; the target needs 5.8 % a year "
        "from here. The forecast for 2027 is CNY 244 billion (80 % interval 225–264). See [@fig-online-retail] and [@tbl-main].",
        "fig": "Online retail sales: history, required path and forecast",
        "alt": "Line chart: online retail sales rise from CNY 70 billion in 2016 to 214.6 in 2025; "
        "240 are needed in 2027.",
        "tbl": "Progress of the main indicators",
        "note": "Note: 2025 is provisional; “—” means no data.",
        "callout": "A gap in the data",
        "callout_text": "No figure was published for 2021; the line is dashed from the year before to the year after.",
    },
}


def escape_markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|$~^@])", r"\\\1", text)


def output(data: dict[str, str], greenreport: dict[str, Any], **extra: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {"greenreport": greenreport, **extra}}


def narrative(text: str) -> dict[str, Any]:
    return output({"text/markdown": text}, {"role": "narrative"})


def figure(label: str, caption: str, alt: str, text: str = "", width: int = 640, height: int = 300) -> dict[str, Any]:
    svg = SVG.format(w=width, h=height, x1=width - 30, y0=height - 40, y1=50, y2=80, text=html.escape(text))
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {
            "values": [{"year": 2023, "value": 1800}, {"year": 2025, "value": 2146}, {"year": 2027, "value": 2440}]
        },
        "mark": {"type": "line", "point": True},
        "encoding": {"x": {"field": "year", "type": "ordinal"}, "y": {"field": "value", "type": "quantitative"}},
        "width": 560,
        "height": 240,
    }
    screen = (
        f'<figure class="gr-chart" id="chart-{label}" role="img" aria-label="{html.escape(alt, quote=True)}">'
        f'<div class="gr-still">{svg}</div><script type="application/json" class="gr-spec">'
        f"{json.dumps(spec, ensure_ascii=False)}</script></figure>"
    )
    return output(
        {"text/html": screen, "image/svg+xml": svg},
        {"role": "figure", "label": label, "caption": caption, "alt": alt},
        **{"image/svg+xml": {"width": width, "height": height}},
    )


def table(label: str, caption: str, head: list[str], rows: list[list[str]], note: str = "") -> dict[str, Any]:

    heads = "".join(
        f'<th class="gt_col_heading gt_{"right" if n else "left"}" scope="col">{html.escape(h)}</th>'
        for n, h in enumerate(head)
    )
    lines = "".join(
        "<tr>"
        + "".join(f'<td class="gt_row gt_{"right" if n else "left"}">{html.escape(c)}</td>' for n, c in enumerate(row))
        + "</tr>"
        for row in rows
    )
    cell = f'<td class="gt_sourcenote" colspan="{len(head)}">{html.escape(note)}</td>'
    foot = f'<tfoot><tr class="gt_sourcenotes">{cell}</tr></tfoot>'
    screen = (
        f'<div id="cells-{label}"><table class="gt_table" data-quarto-disable-processing="true">'
        '<thead><tr class="gt_col_headings">'
        f'{heads}</tr></thead><tbody class="gt_table_body">{lines}</tbody>{foot if note else ""}</table></div>'
    )
    md = ["| " + " | ".join(map(escape_markdown, head)) + " |", "|:---" + "|---:" * (len(head) - 1) + "|"]
    md += ["| " + " | ".join(map(escape_markdown, row)) + " |" for row in rows]
    if note:
        md += ["", escape_markdown(note)]
    columns = [{"id": f"c{n}", "label": name, "unit": "", "type": "text"} for n, name in enumerate(head)]
    data = {"columns": columns, "rows": [[_value(cell) for cell in row] for row in rows], "caption": caption}
    return output(
        {"text/html": screen, "text/markdown": "\n".join(md), "application/vnd.greenreport.table+json": data},  # type: ignore[dict-item]
        {"role": "table", "label": label, "caption": caption},
    )


def _value(text: str) -> str | int:
    plain = text.replace(",", "")
    return int(plain) if plain.isdigit() else text


def code(*outputs: dict[str, Any], source: str = "show(page)") -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": 1,
        "id": "x",
        "metadata": {},
        "outputs": list(outputs),
        "source": source,
    }


def notebook(page: str, lang: str, title: str, cells: list[dict[str, Any]], synthetic: bool = True) -> dict[str, Any]:
    front = {
        "title": title,
        "subtitle": "绿色商务发展规划中期评估" if lang == "zh" else "Mid-term evaluation of the green-commerce plan",
        "lang": "zh-CN" if lang == "zh" else "en",
        "date": AS_OF,
        "description": title,
        "greenreport": {
            "page": page,
            "lang": lang,
            "synthetic": synthetic,
            "footer": {"as_of": AS_OF, "ledger": "1f2e3d4c", "plan": "2024-1", "package": "0.1.0"},
        },
    }
    raw = {
        "cell_type": "raw",
        "id": "front",
        "metadata": {},
        "source": f"---\n{yaml.safe_dump(front, allow_unicode=True)}---",
    }
    parameters = code(source="area = '500000'")
    parameters["metadata"] = {"tags": ["parameters"]}
    cells = [raw, parameters, *cells]
    for n, cell in enumerate(cells):
        cell["id"] = f"c{n}"
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def ordinary(page: str, lang: str, title: str, *, rows: int = 6) -> dict[str, Any]:
    w = WORDS[lang]
    head = (
        ["指标", "2023", "2025", "2027目标", "完成进度", "结论"]
        if lang == "zh"
        else ["Indicator", "2023", "2025", "Target 2027", "Completion", "Verdict"]
    )
    body = [
        [
            f"{w['h3']} {n + 1}" if n else w["h3"],
            "1,800",
            "2,146",
            "2,400",
            "57.7%",
            "达到时序进度" if lang == "zh" else "on schedule",
        ]
        for n in range(rows)
    ]
    lead, main = narrative(f"## {w['h1']}\n\n{w['lead']}"), table("tbl-main", w["tbl"], head, body, w["note"])
    if page == "city":
        for marked in (lead, main):
            marked["metadata"]["greenreport"]["start"] = True
    findings = output({"application/vnd.greenreport.assessment+json": "{}"}, {"role": "findings"})
    stray = {"output_type": "stream", "name": "stdout", "text": "a line printed by the way\n"}
    return notebook(
        page,
        lang,
        title,
        [
            code(lead),
            code(
                stray,
                narrative(f"## {w['h2']}\n\n### {w['h3']}\n\n{w['body']}"),
                figure("fig-online-retail", w["fig"], w["alt"], w["fig"]),
                main,
                narrative(f"::: {{.callout-note}}\n## {w['callout']}\n\n{w['callout_text']}\n:::"),
            ),
            code(findings),
        ],
    )


def write_run(
    folder: Path,
    notebooks: dict[tuple[str, str], dict[str, Any] | None],
    *,
    synthetic: bool = True,
    langs: tuple[str, ...] = ("zh", "en"),
) -> Path:
    """Write a run of `(page, lang) → notebook`; None stands for a page that failed."""
    records = []
    for (page, lang), nb in notebooks.items():
        path = folder / "notebooks" / lang / f"{page}.ipynb"
        title = page
        if nb is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(nb, ensure_ascii=False, indent=1), encoding="utf-8")
            title = yaml.safe_load(nb["cells"][0]["source"].strip("-"))["title"]
        records.append(
            PageRecord(
                id=page,
                lang=lang,
                kind=page.split("-")[0],
                area=None,
                year=None,
                title=title,
                status="done" if nb is not None else "failed",
                notebook=str(path.relative_to(folder)) if nb is not None else None,
                error=None
                if nb is not None
                else PageError("cell_raised", zh="第3个单元格出错。", en="Cell 3 raised an error.", cell=3),
            )
        )
    manifest.write(
        folder,
        Manifest(
            run=folder.name,
            title=Text(zh="重庆市绿色商务发展规划中期评估", en="Mid-term evaluation: green commerce in Chongqing"),
            langs=langs,
            formats=("html", "pdf"),
            synthetic=synthetic,
            as_of=AS_OF,
            params={"papers": ["archive"]},
            digests={"ledger": "1f2e3d4c"},
            versions={"greenreport": "0.1.0"},
            environment={},
            pages=tuple(records),
        ),
    )
    return folder


TITLES = {
    "city": {"zh": "重庆市", "en": "Chongqing"},
    "district-500101": {"zh": "万州区", "en": "Wanzhou District"},
    "district-500102": {"zh": "涪陵区", "en": "Fuling District"},
}


def small_run(folder: Path) -> Path:
    """Three pages in two languages, one of them failed."""
    made: dict[tuple[str, str], dict[str, Any] | None] = {}
    for page, titles in TITLES.items():
        for lang, title in titles.items():
            made[page, lang] = (
                None if page == "district-500102" else ordinary(page, lang, title, rows=60 if page == "city" else 6)
            )
    return write_run(folder, made)
