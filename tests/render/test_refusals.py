"""The built-in engine refuses by name what it does not know, and goes on with the other pages."""

from __future__ import annotations

from pathlib import Path

import make_run
import pytest

from greenreport.errors import RenderError, Unsupported
from greenreport.render import RenderResult, render

REFUSED = {
    "panel-tabset": "::: {.panel-tabset}\n## A\n\nx\n:::",
    "shortcodes": "Look {{< video x.mp4 >}}",
    "layout": "::: {layout-ncol=2}\na\n\nb\n:::",
    "@sec-nowhere": "See @sec-nowhere.",
    "when-format=pdf": '::: {.content-visible when-format="pdf"}\nx\n:::',
    "latex": "```{=latex}\n\\bigskip\n```",
}
KNOWN = {
    "callout": "::: {.callout-warning}\n## Mind\n\nthe gap\n:::",
    "paper": '::: {.content-visible unless-format="html"}\nOn paper.\n:::',
    "footnote": "A footnote.[^1]\n\n[^1]: Its text.",
    "formula": "A formula $p(t) = y_b + (y_T - y_b)\\frac{t-b}{T-b}$ in a line.",
    "blocks": "1. one\n2. two\n\n- a\n    - b\n\n> quoted\n\n***\n\n`code` and\n\n```\nblock\n```",
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RenderResult]:
    """One run in which every text is a page."""
    texts = [*REFUSED.values(), *KNOWN.values()]
    pages = {
        (f"city-{n}", "en"): make_run.notebook(f"city-{n}", "en", "City", [make_run.code(make_run.narrative(text))])
        for n, text in enumerate(texts)
    }
    folder = make_run.write_run(tmp_path_factory.mktemp("refusals") / "run", dict(pages), langs=("en",))
    return folder, render(folder, engine="builtin", formats=["html", "pdf"])


@pytest.mark.parametrize("named", REFUSED)
def test_what_only_quarto_knows_is_refused_by_name(named: str, outcome: tuple[Path, RenderResult]) -> None:
    """What only Quarto knows is refused with its name; the page in its place tells why."""
    folder, result = outcome
    page = f"city-{list(REFUSED).index(named)}"
    failed = {one.format: one.error for one in result.failed if one.page == page}
    assert set(failed) == {"html", "pdf"}
    for error in failed.values():
        assert isinstance(error, Unsupported) and named in str(error)
    assert "could not be produced" in (folder / "site" / "en" / f"{page}.html").read_text(encoding="utf-8")
    assert (folder / "site" / "en" / f"{page}.pdf").is_file()


@pytest.mark.parametrize("what", KNOWN)
def test_what_reports_use_is_set(what: str, outcome: tuple[Path, RenderResult]) -> None:
    """What reports use is set by the built-in engine, in both forms, whatever became of the other pages."""
    page = f"city-{len(REFUSED) + list(KNOWN).index(what)}"
    states = {one.format: one.status for one in outcome[1].pages if one.page == page}
    assert states == {"html": "rendered", "pdf": "rendered"}


def test_a_notebook_with_an_error_is_not_set(tmp_path: Path) -> None:
    """An error left in a cell's outputs never reaches a reader as a page."""
    nb = make_run.ordinary("city", "zh", "重庆市")
    nb["cells"][2]["outputs"].append({"output_type": "error", "ename": "KeyError", "evalue": "x", "traceback": []})
    folder = make_run.write_run(tmp_path / "run", {("city", "zh"): nb}, langs=("zh",))
    result = render(folder, engine="builtin", formats=["html"])
    assert [type(page.error) for page in result.failed] == [RenderError]
    shown = (folder / "site" / "zh" / "city.html").read_text(encoding="utf-8")
    assert "本页未能生成" in shown and "KeyError" in shown


def test_what_is_printed_by_the_way_is_not_shown(tmp_path: Path) -> None:
    """Standard output and findings stay out of the page; a rule at the head of a cell does not break it."""
    cells = [make_run.code(make_run.narrative("---\n\nAfter a rule."))]
    nb = make_run.ordinary("city", "en", "Chongqing")
    nb["cells"] += cells
    folder = make_run.write_run(tmp_path / "run", {("city", "en"): nb}, langs=("en",))
    result = render(folder, engine="builtin", formats=["html"])
    assert not result.failed
    shown = (folder / "site" / "en" / "city.html").read_text(encoding="utf-8")
    assert "printed by the way" not in shown and "assessment+json" not in shown
    assert "After a rule." in shown


def test_a_bare_data_frame_is_named_with_its_page_and_cell(tmp_path: Path) -> None:
    """What has no form for paper is refused for paper only, by page and cell (parameters count), with what to do."""
    frame = {"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "   a\n0  1"}
    bare = {"output_type": "execute_result", "data": frame, "metadata": {}, "execution_count": 2}
    cells = [make_run.code(make_run.narrative("First.")), make_run.code(bare)]
    page = make_run.notebook("city", "en", "City", cells)
    folder = make_run.write_run(tmp_path / "run", {("city", "en"): page}, langs=("en",))
    result = render(folder, engine="builtin", formats=["html", "pdf"])
    (failed,) = result.failed
    assert failed.format == "pdf"
    assert "city" in str(failed.error) and "code cell 3" in str(failed.error) and "show()" in str(failed.error)
