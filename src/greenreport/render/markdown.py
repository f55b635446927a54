"""From a staged notebook to Pandoc's Markdown for one target: the built-in engine's first step.

Of each output the form that fits the target is written down; captions, labels and alternative texts reach Pandoc as
attributes (plain text, never parsed). It must not know Typst or HTML.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from greenreport.errors import Unsupported
from greenreport.render.cells import attribute
from greenreport.render.staging import Staged
from greenreport.words import both, error

__all__ = ["PRIORITY", "to_markdown"]

PRIORITY = {
    "screen": ("text/html", "text/markdown", "image/svg+xml", "image/png", "text/plain"),
    "print": ("text/markdown", "image/svg+xml", "image/png", "text/plain"),
}
PIXEL_PT = 0.75  # a CSS pixel is 1/96 inch, a point 1/72


def to_markdown(staged: Staged, target: str) -> str:
    """The Markdown of a page for one target.

    Raises:
        Unsupported: an output has no form for this target.
    """
    try:
        text = "".join(_cell(cell, target) for cell in staged.notebook["cells"])
    except Unsupported as cause:
        raise Unsupported(tuple(replace(p, file=staged.page.id) for p in cause.problems)) from cause
    if "{{<" in text:  # as text it is written with backslashes
        raise error(Unsupported, "render.shortcode", file=staged.page.id)
    return re.sub(r"\n{3,}", "\n\n", text) if target == "print" else text


def _cell(cell: dict[str, Any], target: str) -> str:
    if cell["cell_type"] == "code":
        return "".join(_output(output, target) for output in cell["outputs"])
    gap = "" if cell["cell_type"] == "raw" else "\n\n"  # the front matter stands on the first line
    return f"{gap}{cell['source']}\n\n"


def _output(output: Any, target: str) -> str:
    data = output["data"]
    form = next((mime for mime in PRIORITY[target] if mime in data), None)
    ours = output["metadata"].get("greenreport", {})
    if form is None:
        where = both("render.code_cell", cell=ours["cell"]) if "cell" in ours else both("render.an_output")
        about = {"where": where, "forms": tuple(data), "remedy": both("render.show")}
        raise error(Unsupported, f"render.no_{target}", field=ours.get("label"), **about)
    body = _body(form, data, output["metadata"], ours)
    if ours.get("role") not in ("figure", "table"):
        return f"\n\n{body}\n\n"
    kind = "fig" if ours["role"] == "figure" else "tbl"
    attributes = f'#{ours["label"]} .gr-float kind={kind} caption="{attribute(ours.get("caption") or "")}"'
    if kind == "fig":
        attributes += f' alt="{attribute(ours["alt"])}"'
    return f"\n\n::::::::: {{{attributes}}}\n\n{body}\n\n:::::::::\n\n"


def _body(form: str, data: Any, metadata: Any, ours: Any) -> str:
    if form == "text/markdown":
        return str(data[form])
    if form == "text/html":
        return _fenced(data[form], "{=html}")
    if form == "text/plain":
        return _fenced(data[form], "")
    size = metadata.get(form, {})
    extension = "svg" if form == "image/svg+xml" else "png"
    label = ours.get("label")
    if label is None or form != "image/svg+xml":
        raise error(Unsupported, "render.no_picture", form=form, field=label)
    width = f' width="{float(size["width"]) * PIXEL_PT:g}pt"' if "width" in size else ""
    return f'![](figures/{label}.{extension}){{alt="{attribute(ours["alt"])}"{width}}}'


def _fenced(text: str, info: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{info}\n{text}\n{fence}"
