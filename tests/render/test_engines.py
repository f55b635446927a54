"""Both engines give the same document; by hand, Quarto gives it too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import make_run
import pytest
from reading import content, words

from greenreport.errors import EngineMissing
from greenreport.render import RenderResult, quarto, render

ROOT = Path(__file__).parents[2]
needs_quarto = pytest.mark.skipif(quarto.find() is None, reason="no Quarto: set GREENREPORT_QUARTO or install it")


@pytest.fixture(scope="module")
def by_quarto(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_run.small_run(tmp_path_factory.mktemp("quarto") / "small")
    result = render(folder, engine="quarto", jobs=2)
    assert not result.failed, [str(page.error) for page in result.failed]
    return folder


@pytest.mark.quarto
@needs_quarto
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", [*make_run.TITLES, "index", "about", "districts"])
def test_both_engines_show_the_same(page: str, lang: str, by_quarto: Path, rendered: tuple[Path, RenderResult]) -> None:
    """Headings, captions, links, table cells, alternative texts and paragraphs are the same from both engines."""
    theirs = content(by_quarto / "site" / lang / f"{page}.html")
    ours = content(rendered[0] / "site" / lang / f"{page}.html")
    for what, expected in ours.items():
        assert theirs[what] == expected, what


@pytest.mark.quarto
@needs_quarto
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_engines_print_the_same(lang: str, by_quarto: Path, rendered: tuple[Path, RenderResult]) -> None:
    """The PDFs of both engines have the same pages with the same words, and the same bookmarks."""

    for page in make_run.TITLES:
        assert words(by_quarto / "site" / lang / f"{page}.pdf") == words(rendered[0] / "site" / lang / f"{page}.pdf")


@pytest.mark.quarto
@needs_quarto
def test_quarto_gives_the_same_bytes_twice(by_quarto: Path, tmp_path: Path) -> None:
    """Quarto gives the same files for the same run."""
    twin = make_run.small_run(tmp_path / "twin")
    render(twin, engine="quarto", langs=["en"], jobs=1)
    made = twin / "site" / "en"
    for path in (one for one in made.rglob("*") if one.is_file()):
        assert path.read_bytes() == (by_quarto / "site" / "en" / path.relative_to(made)).read_bytes(), path.name


@pytest.mark.quarto
@needs_quarto
def test_quarto_sets_a_notebook_by_hand(tmp_path: Path) -> None:
    """`quarto render` in the repository sets a notebook with its captions, its notice and its PDF."""
    for name in ("_quarto.yml", "_quarto-zh.yml", "_quarto-en.yml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    run = make_run.small_run(tmp_path / "run")
    (tmp_path / "notebooks").mkdir()
    shutil.copyfile(run / "notebooks" / "en" / "city.ipynb", tmp_path / "notebooks" / "city.ipynb")
    subprocess.run(
        [str(quarto.find()), "render", "notebooks/city.ipynb", "--profile", "en"],
        cwd=tmp_path,
        env={**os.environ, "QUARTO_PYTHON": sys.executable},
        check=True,
        capture_output=True,
    )
    made = tmp_path / "reports" / "by-hand-en" / "notebooks"
    seen = content(made / "city.html")
    assert seen["captions"] == [
        "Figure 1: Online retail sales: history, required path and forecast",
        "Table 1: Progress of the main indicators",
    ]
    assert "Demonstration data" in (made / "city.html").read_text(encoding="utf-8")
    assert (made / "city.pdf").is_file()


def test_a_missing_quarto_is_said(rendered: tuple[Path, RenderResult], monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for Quarto where there is none ends with a message that names the way out."""
    monkeypatch.setenv("GREENREPORT_QUARTO", "/nowhere/quarto")
    with pytest.raises(EngineMissing, match="built-in engine"):
        render(rendered[0], engine="quarto")


def test_auto_takes_the_builtin_engine_where_quarto_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """`auto` is the built-in engine without Quarto."""
    monkeypatch.setenv("GREENREPORT_QUARTO", "/nowhere/quarto")
    assert quarto.choose("auto") == "builtin"
