"""A new district clerk's first day, end to end: template, LibreOffice, import, one mistake, correction, check, report."""

import json
import re
import shutil
import subprocess

import openpyxl
import pytest
from helpers import ROOT, greenreport

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
HEAD_ROW = 4
VALUE, KIND, MONTHS, TO_DATE, SOURCE = 6, 7, 8, 9, 11
PARAMS = """title: {zh: 城口县报告, en: Report on Chengkou}
plan: data/plan
areas: data/areas
data: data/demo
as_of: 2026-06-30
languages: [zh]
formats: [html]
timeout: 600
pages:
  - {notebook: notebooks/district.ipynb, kind: district, areas: all}
"""

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed"),
]


@pytest.fixture
def project(tmp_path):
    """A project of its own: the plan, the roster, the demonstration's ledger and the district's notebook."""
    for folder in ("data/plan", "data/areas", "data/demo"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "district.ipynb", tmp_path / "notebooks")
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "chengkou.yaml").write_text(PARAMS, encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.fixture
def run(project):
    """The command as it is typed, in the project's folder; its exit code and what it said."""

    def type_in(*words):
        done = greenreport(*words, cwd=project, COLUMNS="240", PYTHONWARNINGS="default")
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr

    return type_in


@pytest.fixture
def office(tmp_path):
    """Opens a workbook in LibreOffice, saves it as its own format and again as xlsx, as a clerk's machine would."""

    def resave(path):
        folder = tmp_path / "office"
        for form, given in (("ods", path), ("xlsx", folder / f"{path.stem}.ods")):
            subprocess.run(
                [OFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", form,
                 "--outdir", str(folder), str(given)],
                check=True, capture_output=True, timeout=300,
            )  # fmt: skip
        return folder / f"{path.stem}.xlsx"

    return resave


def cell(sheet, indicator, column):
    for row in range(HEAD_ROW + 1, sheet.max_row + 1):
        if sheet.cell(row, 2).value == indicator:
            return sheet.cell(row, column)
    raise AssertionError(indicator)


def test_a_clerks_figures_reach_the_report(project, run, office):
    """Two figures and a slip are typed in; the slip comes back, is mended, and the report shows what was reported."""
    code, said = run(
        "data", "template", "模板", "--each", "--area", "城口", "--as-of", "2026-06-20", "--data", "data/demo"
    )
    assert code == 0, said
    (given,) = (project / "模板").glob("*.xlsx")

    book = openpyxl.load_workbook(given)
    flows, counts = book["年度总量指标"], book["累计数指标"]
    cell(flows, "网络零售额", VALUE).value = 7.77
    cell(flows, "网络零售额", SOURCE).value = "县商务委年报"
    cell(flows, "全市再生资源主要品类回收总量", VALUE).value = "4.1-4.3"
    cell(counts, "培育绿色饭店", VALUE).value = "１"
    cell(flows, "网络零售额", TO_DATE).value = 3.9
    book.save(given)
    filled = office(given)

    importing = ("data", "import", "--yes", "--who", "王某", "--when", "2026-06-25", "--data", "data/demo")
    code, said = run(*importing, filled)
    assert code == 2, said
    assert "新增2" in said
    assert "退回2" in said
    assert "4.1-4.3" in said
    back = next(project.glob("*退回.xlsx"))

    book = openpyxl.load_workbook(back)
    sheet = book.active
    heads = [c.value for c in sheet[1]]
    assert "范围" in sheet.cell(2, 1 + heads.index("为什么退回")).value
    assert sheet.cell(2, 1 + heads.index("指标")).value == "全市再生资源主要品类回收总量"
    sheet.cell(2, 1 + heads.index("数值")).value = 4.23
    assert "累计至月份" in sheet.cell(3, 1 + heads.index("为什么退回")).value
    sheet.cell(3, 1 + heads.index("累计至月份")).value = 5
    book.save(back)
    code, said = run(*importing, office(back))
    assert code == 0, said
    assert "新增2" in said
    assert "未采用" not in said
    code, said = run(*importing, office(back))
    assert code == 0, said
    assert "未变2" in said

    code, said = run("data", "check", "--data", "data/demo", "--as-of", "2026-06-30")
    assert code == 0, said
    code, said = run("data", "log", "--data", "data/demo")
    assert said.count("王某") == 2

    code, said = run("build", "params/chengkou.yaml", "--only", "城口", "--renderer", "builtin", "--out", "out")
    assert code == 0, said
    findings = json.loads((project / "out" / "data" / "district-500229.json").read_text(encoding="utf-8"))
    assert "7.77" in json.dumps(findings)
    page = (project / "out" / "site" / "zh" / "district-500229.html").read_text(encoding="utf-8")
    words = re.sub(r"<[^>]+>", "", page)
    assert "7.77亿元" in words or "7.8亿元" in words
    assert "4.23万吨" in words or "4.2万吨" in words
