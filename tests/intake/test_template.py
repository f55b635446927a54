"""Templates: what they show, what they protect, and how they come back."""

import math
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenreport import stores
from greenreport.errors import AreaError
from greenreport.intake import actions, preview, reading
from greenreport.intake.actions import Desk, export_csv
from greenreport.intake.template_writer import KEYS, LISTS, write
from greenreport.observations import COLUMNS

AS_OF = date(2026, 6, 30)
HEAD_ROW = 4
VALUE, KIND, MONTHS, TO_DATE = 6, 7, 8, 9


@pytest.fixture(scope="module")
def template(tmp_path_factory, plan, roster, demo):
    """Templates by language, written once."""
    folder = tmp_path_factory.mktemp("templates")
    made = {}

    def get(lang):
        if lang not in made:
            (made[lang],) = write(plan, roster, demo, out=folder / f"{lang}.xlsx", lang=lang, as_of=AS_OF)
        return made[lang]

    return get


def place(sheet, area, indicator):
    """The row of one area and indicator, found as a clerk finds it: by what stands in sight."""
    for row in range(HEAD_ROW + 1, sheet.max_row + 1):
        if area in str(sheet.cell(row, 1).value).split("\n") and indicator in str(sheet.cell(row, 2).value).split("\n"):
            return row
    raise AssertionError((area, indicator))


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_the_same_template_has_the_same_bytes(lang, template, tmp_path, plan, roster, demo):
    """Written twice, a template is the same file, whatever the clock says."""
    (again,) = write(plan, roster, demo, out=tmp_path / "again.xlsx", lang=lang, as_of=AS_OF)
    assert again.read_bytes() == template(lang).read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_an_empty_template_holds_nothing(lang, template, understand, demo):
    """A template that nobody filled in has no figure, nothing refused, and nothing to tell."""
    got = understand(template(lang), ledger=demo)
    assert (got.rows_in, len(got.notices)) == (0, 0) and got.files[0].blank > 100


def test_only_cells_to_fill_in_are_unlocked(template):
    """Every sheet is protected, and exactly the columns to fill in can be typed into."""
    book = openpyxl.load_workbook(template("zh"))
    assert book.security.lockStructure
    for sheet in book.worksheets:
        assert sheet.protection.sheet
    sheet = book.worksheets[1]
    assert [sheet.cell(HEAD_ROW + 1, c).protection.locked for c in range(1, 13)] == [True] * 5 + [False] * 7
    assert sheet.cell(HEAD_ROW, VALUE).protection.locked
    assert {book[KEYS].sheet_state, book[LISTS].sheet_state} == {"veryHidden"}


def test_the_roster_is_that_of_the_day(plan, roster, demo, tmp_path):
    """Before November 2025 a template has 38 districts, afterwards 37 with the new one."""
    for day, count, there, gone in ((date(2025, 6, 30), 38, "江北区", None), (AS_OF, 37, "两江新区", "江北区")):
        (path,) = write(plan, roster, demo, out=tmp_path / f"{day}.xlsx", as_of=day)
        sheet = openpyxl.load_workbook(path).worksheets[1]
        names = {sheet.cell(r, 1).value for r in range(HEAD_ROW + 1, sheet.max_row + 1)}
        zones = {a.name.zh for a in roster.zones(day)}
        assert len(names - zones) == count + 1 and there in names and gone not in names


def test_last_years_figures_stand_beside_the_cells_to_fill(template, demo):
    """The figures of the two last years are shown as the ledger knew them on the day, in the ledger's unit."""
    sheet = openpyxl.load_workbook(template("zh")).worksheets[1]
    row = place(sheet, "万州区", "网络零售额")
    series = demo.as_of(AS_OF).series("online_retail", "500101")
    assert [sheet.cell(row, c).value for c in (4, 5)] == [series.in_year(2024).value, series.in_year(2025).value]
    assert sheet.cell(row, 3).value == "亿元"


def test_an_english_template_asks_in_english_units(template, demo, understand, tmp_path):
    """Figures typed in the plan's English units come back in the ledger's."""
    book = openpyxl.load_workbook(template("en"))
    sheet = book.worksheets[1]
    row = place(sheet, "Wanzhou District", "Online retail sales")
    known = demo.as_of(AS_OF).series("online_retail", "500101").in_year(2024).value
    assert sheet.cell(row, 3).value == "CNY billion" and math.isclose(sheet.cell(row, 4).value, known / 10)
    sheet.cell(row, VALUE).value = 2.755
    book.save(tmp_path / "filled.xlsx")
    assert list(understand(tmp_path / "filled.xlsx", ledger=demo).rows["value"]) == [27.55]


def test_a_workbook_per_area_holds_that_area_alone(plan, roster, demo, tmp_path):
    """One workbook per area holds that area alone and has a name that says so."""
    paths = write(plan, roster, demo, out=tmp_path, areas=["万州", "Fuling"], as_of=AS_OF, each=True)
    assert [p.name for p in paths] == ["500101-万州-2025.xlsx", "500102-涪陵-2025.xlsx"]
    sheet = openpyxl.load_workbook(paths[0]).worksheets[1]
    assert {sheet.cell(r, 1).value for r in range(HEAD_ROW + 1, sheet.max_row + 1)} == {"万州区"}


def test_an_area_that_is_gone_gets_no_template(plan, roster, demo, tmp_path):
    """Asking for an abolished district is refused with what followed it."""
    with pytest.raises(AreaError, match="两江新区"):
        write(plan, roster, demo, out=tmp_path / "x.xlsx", areas=["江北区"], as_of=AS_OF)


def filled(template, tmp_path, edit, lang="zh"):
    book = openpyxl.load_workbook(template(lang))
    edit(book)
    path = tmp_path / "filled.xlsx"
    book.save(path)
    return path


def test_a_year_to_date_needs_its_month(template, tmp_path, understand, demo):
    """A year-to-date figure without the month is refused, also when the refusals are sent back uncorrected."""

    def edit(book):
        sheet = book.worksheets[1]
        sheet.cell(HEAD_ROW + 1, TO_DATE).value = 900

    got = understand(filled(template, tmp_path, edit), ledger=demo)
    assert [r.codes for r in got.refused] == [("months_absent",)]
    back = actions.write_refused(got.refused, tmp_path / "back.xlsx", day=AS_OF)
    assert len(understand(back, ledger=demo).rows) == 0


def test_a_moved_row_is_refused_not_misread(template, tmp_path, understand, demo):
    """Where the name in sight and the hidden key disagree, the figure is refused."""

    def edit(book):
        sheet = book.worksheets[1]
        row = place(sheet, "万州区", "网络零售额")
        sheet.cell(row, 1).value = "涪陵区"
        sheet.cell(row, VALUE).value = 27
        other = place(sheet, "黔江区", "网络零售额")
        sheet.cell(other, 2).value = "绿色商场"
        sheet.cell(other, VALUE).value = 5

    codes = [r.codes for r in understand(filled(template, tmp_path, edit), ledger=demo).refused]
    assert codes == [("area_conflict",), ("indicator_conflict",)]


def test_figures_beside_the_form_are_not_lost(template, tmp_path, understand, demo):
    """A number typed to the right of the form, or below it, is refused with its place."""

    def edit(book):
        sheet = book.worksheets[1]
        sheet.cell(HEAD_ROW + 1, 15).value = 12
        sheet.cell(sheet.max_row + 2, VALUE).value = 13

    got = understand(filled(template, tmp_path, edit), ledger=demo)
    assert got.rows_in == 2 and len(got.refused) == 2


def test_the_sheet_of_corrections_takes_any_year(template, tmp_path, understand, demo):
    """The sheet of corrections takes any year, with the reason as a note."""

    def edit(book):
        sheet = book["更正"]
        for n, value in enumerate(("万州区", "网络零售额", 2022, 20.5, "亿元", "正式数", "年报", "漏报补充"), start=1):
            sheet.cell(2, n).value = value

    got = understand(filled(template, tmp_path, edit), ledger=demo)
    row = got.rows.iloc[0]
    assert (row["area"], row["period"], row["value"], row["note"]) == ("500101", "2022", 20.5, "漏报补充")


def test_a_template_of_another_plan_is_refused(template, tmp_path, understand, demo):
    """A template that was written for another plan is refused whole."""

    def edit(book):
        for row in book[KEYS].iter_rows():
            if row[1].value == "plan":
                row[2].value = "another-plan"

    got = understand(filled(template, tmp_path, edit), ledger=demo)
    assert got.refused[0].row == 0 and len(got.rows) == 0


def test_refused_figures_come_back_corrected(template, tmp_path, understand, demo):
    """What was refused is sent out as a workbook; with the one error corrected it is taken."""

    def edit(book):
        sheet = book.worksheets[1]
        sheet.cell(place(sheet, "万州区", "网络零售额"), VALUE).value = "27,5"

    got = understand(filled(template, tmp_path, edit), ledger=demo)
    path = actions.write_refused(got.refused, tmp_path / "back.xlsx", day=AS_OF)
    book = openpyxl.load_workbook(path)
    heads = {c.value: c.column for c in book.active[1]}
    book.active.cell(2, heads["数值"]).value = 27.5
    book.save(path)
    again = understand(path, ledger=demo)
    assert (again.rows_in, list(again.rows["value"]), list(again.rows["area"])) == (1, [27.5], ["500101"])


FEW = ["500101", "500102", "500240", "500000"]


@pytest.fixture(scope="module")
def of_few(tmp_path_factory, plan, roster, demo):
    """Templates of four areas by language, written once: small enough to be filled in many times."""
    folder = tmp_path_factory.mktemp("few")
    made = {
        lang: write(plan, roster, demo, out=folder / f"{lang}.xlsx", lang=lang, as_of=AS_OF, areas=FEW)
        for lang in ("zh", "both")
    }
    return {lang: path for lang, (path,) in made.items()}


FIGURE = st.decimals(min_value=0, max_value=99999, places=4, allow_nan=False).map(float)
ENTRY = st.tuples(
    st.sampled_from(FEW),
    st.sampled_from(["online_retail", "recycled_volume", "elv_dismantled"]),
    FIGURE,
    st.sampled_from(["observed", "provisional"]),
    st.sampled_from([0, 3, 4, 5, 6]),
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=st.lists(ENTRY, min_size=1, max_size=8, unique_by=lambda e: e[:2]),
    lang=st.sampled_from(["zh", "both"]),
    form=st.sampled_from(["number", "text", "grouped"]),
)
def test_what_is_typed_into_a_template_reaches_ledger_and_export_exactly(
    entries, lang, form, of_few, tmp_path_factory, plan, roster, demo
):
    """Random figures typed into a template reach ledger and export exactly, and the export imports as unchanged."""
    book = openpyxl.load_workbook(of_few[lang])
    sheet = book.worksheets[1]
    want = {}
    for area, indicator, value, kind, months in entries:
        row = place(sheet, roster.by_code[area].name.zh, plan.indicator(indicator).name.zh)
        text = value if form == "number" else f"{value:.4f}" if form == "text" else f"{value:,.4f}"
        word = "正式数" if kind == "observed" else "初步数"
        if months:
            sheet.cell(row, MONTHS).value = months
            sheet.cell(row, TO_DATE).value, sheet.cell(row, TO_DATE + 1).value = text, word
        else:
            sheet.cell(row, VALUE).value, sheet.cell(row, KIND).value = text, word
        want[indicator, area, f"2026-01/2026-{months:02d}" if months else "2025"] = (value, kind)
    folder = tmp_path_factory.mktemp("round")
    book.save(folder / "filled.xlsx")
    (folder / "ledger").mkdir()
    head = 'synthetic = true\n[title]\nzh = "x"\nen = "x"\n'
    store = stores.create_store(folder / "new", head=head)
    understood = reading.read([folder / "filled.xlsx"], plan=plan, roster=roster, ledger=demo, when=date(2026, 7, 1))
    assert len(understood.refused) == 0
    empty = stores.create_store(folder / "none", head=head)
    first = Desk(plan, roster, empty).ledger()
    actions.commit(preview.preview(understood, first, version=store.version()), store, who="x", when=date(2026, 7, 1))
    ledger = store.read(plan=plan, roster=roster)
    got = {(r.indicator, r.area, r.period): (r.value, r.kind) for r in ledger.frame.itertuples()}
    assert got == want
    out = export_csv(ledger.frame[list(COLUMNS)], folder / "out.csv")
    back = reading.read([out], plan=plan, roster=roster, ledger=ledger, when=date(2026, 7, 2))
    assert preview.preview(back, ledger).counts == {"new": 0, "changed": 0, "unchanged": len(want), "refused": 0}
