"""The roster through time: who exists, who is meant, who followed whom."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from greenreport.areas import Roster, load_roster
from greenreport.errors import AreaError
from greenreport.text import Text

HERE = Path(__file__).resolve().parent
BEFORE, AFTER = date(2025, 11, 5), date(2025, 11, 6)


def test_roster_changes_on_one_day(roster: Roster) -> None:
    """38 districts and counties until 2025-11-05, 37 from the next day: two abolished, one created."""
    before, after = ({a.code for a in roster.on(d)} for d in (BEFORE, AFTER))
    assert (len(before), len(after)) == (38, 37)
    assert before - after == {"500105", "500112"}
    assert after - before == {"500157"}


def test_zone_bodies_never_count_as_districts(roster: Roster) -> None:
    """Three zone bodies before the change, two after; none of them is ever a district."""
    assert [a.code for a in roster.zones(BEFORE)] == ["DZ-LJ", "DZ-GX", "DZ-WS"]
    assert [a.code for a in roster.zones(AFTER)] == ["DZ-GX", "DZ-WS"]
    for day in (BEFORE, AFTER):
        assert {a.role for a in roster.on(day)} == {"part"}
        assert {a.role for a in roster.zones(day)} == {"zone"}


def test_districts_come_in_protocol_order(roster: Roster) -> None:
    """Districts come in the official order, Wanzhou first and Pengshui last; the city and the nation stand apart."""
    codes = [a.code for a in roster.on(BEFORE)]
    assert (codes[:3], codes[-1]) == (["500101", "500114", "500102"], "500243")
    assert roster.city.code == "500000"
    assert roster.nation is not None
    assert roster.nation.code == "100000"


def test_populations_add_up_to_the_citys(roster: Roster) -> None:
    """The sourced census figures and the three without a source add up to the city's 32,054,159."""
    districts = roster.on(BEFORE)
    unsourced = {a.short.zh for a in districts if a.population is None}
    assert unsourced == {"忠县", "云阳", "巫溪"}
    assert sum(a.population or 0 for a in districts) == 32_054_159 - 2_038_695
    assert all(a.population_source for a in districts if a.population)


@pytest.mark.parametrize(
    ("text", "day", "code"),
    [
        ("500101", None, "500101"),
        ("５００１０１", None, "500101"),
        ("万州区", None, "500101"),
        ("万州", None, "500101"),
        (" 万 州 ", None, "500101"),
        ("Wanzhou", None, "500101"),
        ("wanzhou district", None, "500101"),
        ("Nan’an", None, "500108"),
        ("nanan", None, "500108"),
        ("石柱县", None, "500240"),
        ("石柱土家族自治县", None, "500240"),
        ("重庆市", None, "500000"),
        ("Chongqing", None, "500000"),
        ("全国", None, "100000"),
        ("dz-gx", None, "DZ-GX"),
        ("两江新区", BEFORE, "DZ-LJ"),
        ("两江新区", AFTER, "500157"),
        ("Liangjiang New Area", BEFORE, "DZ-LJ"),
        ("Liangjiang New Area", AFTER, "500157"),
        ("江北区", BEFORE, "500105"),
    ],
)
def test_what_people_write_is_found(roster: Roster, text: str, day: date | None, code: str) -> None:
    """Codes, full and short names in both languages are found whatever their width, case and spaces."""
    assert roster.find(text, day=day).code == code


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        ("两江新区", None, ["500157", "DZ-LJ"]),
        ("江北区", AFTER, ["2025-11-06", "两江新区", "Liangjiang"]),
        ("500112", AFTER, ["2025-11-06", "Liangjiang", "Beibei"]),
        ("500157", BEFORE, ["2025-11-06", "since"]),
        ("万洲区", None, ["万州区", "500101"]),
        ("Wanzou", None, ["Wanzhou District"]),
        ("不存在", None, ["不存在", "500000"]),
        ("", None, ["500000"]),
    ],
)
def test_what_is_not_found_is_explained(roster: Roster, text: str, day: date | None, words: list[str]) -> None:
    """An ambiguous, misspelt, unknown or outdated name is refused with the candidates or with what followed."""
    with pytest.raises(AreaError) as caught:
        roster.find(text, day=day)
    for word in words:
        assert word in str(caught.value)


def test_every_name_finds_its_own_area(roster: Roster) -> None:
    """Each area is found by every name it has, on a day on which it exists."""
    for area in roster.areas:
        day = BEFORE if area.valid_on(BEFORE) else AFTER
        for name in (area.code, area.name.zh, area.name.en, area.short.zh, area.short.en):
            assert roster.find(name, day=day).code == area.code


def test_groupings_have_two_versions(roster: Roster) -> None:
    """As of 2024 Dianjiang belongs to the eastern new towns, before that to the north-east; before 2020 there is none."""
    assert roster.group_on("500231", date(2023, 12, 31)) == roster.group_on("500101", date(2023, 12, 31))
    assert roster.group_on("500231", AFTER) == Text("渝东新城", "Eastern new towns")
    assert roster.group_on("500231", date(2019, 12, 31)) is None


def test_each_days_map_has_each_district_once(roster: Roster) -> None:
    """The layout of a day shows exactly that day's districts, and no two tiles overlap."""
    for day in (BEFORE, AFTER):
        tiles = [t for t in roster.tiles(roster.layout_on(day)) if not t.inset]
        assert sorted(t.code for t in tiles) == sorted(a.code for a in roster.on(day))
    for layout in roster.layouts:
        tiles = [t for t in roster.tiles(layout) if not t.inset]
        cells = [(t.row + r, t.col + c) for t in tiles for r in range(t.row_span) for c in range(t.col_span)]
        assert len(cells) == len(set(cells))


def test_bridge_is_declared_with_its_basis(roster: Roster) -> None:
    """Liangjiang continues Jiangbei and Yubei in full, and the basis says which towns are not adjusted for."""
    bridges = roster.bridge("500157")
    assert {(b.predecessor, b.weight) for b in bridges} == {("500105", 1.0), ("500112", 1.0)}
    assert all(b.from_date == AFTER for b in bridges)
    for word in ("大湾", "水土", "未作调整"):
        assert word in bridges[0].basis.zh
    for word in ("Dawan", "Shuitu", "not adjusted"):
        assert word in bridges[0].basis.en
    assert roster.bridge("500109") == ()
    assert roster.area("500109").boundary_changed == AFTER


def test_another_citys_roster_loads_by_data_alone() -> None:
    """A roster of another city without groupings, maps or bridges needs no code."""
    other = load_roster(HERE / "other_areas")
    assert [a.code for a in other.on(BEFORE)] == ["900001", "900002"]
    assert other.find("东").code == "900001"
    assert other.nation is None


STORES = "code,name_zh,kind,parent\nG,某集团,group,\nS1,一店,store,G\nS2,二店,store,G\n"


def test_a_roster_is_one_file_with_any_words_for_the_kinds(tmp_path: Path) -> None:
    """Code, name and parent make a roster in one language: the group is the whole, its stores are the parts, no map."""
    (tmp_path / "areas.csv").write_text(STORES, "utf-8")
    roster = load_roster(tmp_path)
    assert roster.city.code == "G"
    assert [(a.code, a.kind, a.role) for a in roster.on(AFTER)] == [("S1", "store", "part"), ("S2", "store", "part")]
    assert roster.find("一店").short.zh == "一店"
    assert (roster.layout_on(AFTER), roster.langs) == (None, ("zh",))


def test_a_roster_whose_whole_is_not_clear_is_refused(tmp_path: Path) -> None:
    """Without parents and without a row of the kind whole, nobody can say which area is planned for."""
    (tmp_path / "areas.csv").write_text(STORES.replace(",G\n", ",\n"), "utf-8")
    with pytest.raises(AreaError, match="whole"):
        load_roster(tmp_path)


def test_another_folder_handed_in_for_the_roster_is_told_by_what_it_holds(data: Path) -> None:
    """The plan's folder is no roster; the message says what is missing and what is there."""
    with pytest.raises(AreaError, match=r"areas\.csv.*plan\.yaml"):
        load_roster(data / "plan")


@pytest.mark.parametrize(
    ("file", "old", "new", "word"),
    [
        ("areas.csv", "500101,万州区", "500102,万州区", "500102"),
        ("areas.csv", ",city,", ",nation,", "whole"),
        ("areas.csv", ",500000,1564449,", ",500000,many,", "many"),
        ("tiles.csv", "wide_2024,500229", "wide_2024,500999", "500999"),
        ("bridges.csv", "500157,500105,1.0", "500157,500105,-1.0", "weight"),
        ("groupings.csv", "version,", "edition,", "version"),
    ],
)
def test_mistakes_in_the_roster_are_explained(
    data: Path, tmp_path: Path, file: str, old: str, new: str, word: str
) -> None:
    """A wrong or dangling code, word, number or head is refused with the file it stands in."""
    folder = Path(shutil.copytree(data / "areas", tmp_path / "areas"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AreaError) as caught:
        load_roster(folder)
    assert word in str(caught.value)
    assert file in str(caught.value)


def test_a_row_below_blank_lines_is_told_by_its_own_number(tmp_path: Path) -> None:
    """Rows are counted as the spreadsheet counts them, the blank ones too."""
    rows = "code,name_zh,kind,parent,valid_from,valid_to\nG,某集团,group,,,\n,,,,,\n\nS/1,一店,store,G,,\nS2,二店,store,X,2020-01-01,2019-01-01\n"
    (tmp_path / "areas.csv").write_text(rows, "utf-8")
    with pytest.raises(AreaError) as caught:
        load_roster(tmp_path)
    assert {(p.row, p.field) for p in caught.value.problems} == {(5, "code"), (6, "parent"), (6, "valid_to")}
