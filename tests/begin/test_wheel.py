"""The wheel, installed beside nothing of the repository, does the same: it begins a project and builds it.

Minutes of work: the wheel is built and installed into a folder of its own, and everything runs from there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from filled import stores

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel was installed into."""
    made = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(made / "dist"), str(ROOT)], check=True
    )
    (wheel,) = (made / "dist").glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", str(made / "site"), str(wheel)], check=True)
    return made / "site"


def run(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONUTF8": "1", "COLUMNS": "200"},
    )


@pytest.fixture(scope="module")
def built(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project begun from a workbook and built, all by the wheel."""
    empty = tmp_path_factory.mktemp("empty")
    where = run(installed, "greenreport", "--version", cwd=empty)
    assert where.returncode == 0, where.stderr
    for arguments in (
        ("new", "p", "--from", str(stores(empty / "plan.xlsx", 3))),
        ("plan", "check", "p/params/report.yaml"),
    ):
        done = run(installed, "greenreport", *arguments, cwd=empty)
        assert done.returncode == 0, done.stdout + done.stderr
    done = run(installed, "greenreport", "build", "--format", "html", cwd=empty / "p")
    assert done.returncode == 0, done.stdout + done.stderr
    return empty / "p"


def test_it_is_the_wheel_that_runs(installed: Path, tmp_path: Path) -> None:
    """The package comes from the folder the wheel was installed into, and so do the notebooks and examples."""
    found = subprocess.run(
        [sys.executable, "-c", "import greenreport, greenreport.resources as s; print(greenreport.__file__, s.root())"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=True,
    )
    assert all(part.startswith(str(installed)) for part in found.stdout.split())


def test_a_project_begun_by_the_wheel_builds_all_its_pages(built: Path) -> None:
    """Every page is done and on the site; no page, link or map is there for what the plan does not have."""
    manifest = json.loads((built / "reports/report/manifest.json").read_text("utf-8"))
    assert {page["status"] for page in manifest["pages"]} == {"done"}
    site = built / "reports/report/site/zh"
    made = {path.stem for path in site.glob("*.html")}
    assert {"overview", "district-S01", "district-S03", "indicator-energy", "methods", "data"} <= made
    assert not {"city", "tasks", "national"} & made


@pytest.mark.parametrize(
    ("notebook", "page"), [("district", "district-S01"), ("overview", "overview"), ("indicator", "indicator-share")]
)
def test_run_all_and_nbconvert_give_what_the_build_gives(
    installed: Path, built: Path, notebook: str, page: str
) -> None:
    """A page executed by nbconvert from the project's own notebook shows what the built page shows, charts and all."""
    done = run(
        installed, "nbconvert", "--to", "notebook", "--execute", "--output", "by-hand.ipynb", f"{notebook}.ipynb",
        cwd=built / "notebooks",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

    def shown(path: Path) -> list[dict[str, object]]:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        forms = ("text/markdown", "text/html", "image/svg+xml")
        outputs = [o["data"] for c in cells for o in c.get("outputs", []) if "data" in o]
        return [told for data in outputs if (told := {form: "".join(data[form]) for form in forms if form in data})]

    by_hand = shown(built / "notebooks/by-hand.ipynb")
    assert by_hand
    assert by_hand == shown(built / f"reports/report/notebooks/zh/{page}.ipynb")


@pytest.mark.parametrize("name", ["chongqing", "eu-renewables"])
def test_an_example_of_the_wheel_builds(installed: Path, tmp_path: Path, name: str) -> None:
    """The overview of each example, made in an empty folder."""
    done = run(installed, "greenreport", "new", "p", "--example", name, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    file = "params/demo.yaml" if name == "chongqing" else f"params/{name}.yaml"
    done = run(
        installed, "greenreport", "build", file, "--only", "overview", "--format", "html",
        cwd=tmp_path / "p",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
