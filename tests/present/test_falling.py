"""An indicator that must fall is told the other way round: by how much it is above, and what must come off."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from greenreport import present
from greenreport.assess import Evidence, assess, gaps

DATA = Path(__file__).resolve().parents[1] / "data"
HEAD = "indicator,area,period,value,unit,kind,scope,vintage,source,source_address,grade,note,growth_pct"
SERIES = {
    "900000": (46, 43, 40, 38, 36, 35, 33),
    "900001": (26, 24, 22, 21, 20, 19, 18),
    "900002": (20, 19, 18, 17, 16, 16, 15),
}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """40 flood spots in 2020, 33 in 2024, 10 wanted by 2025: (40 − 10) ÷ 5 = 6 fewer a year, 16 by 2024."""
    folder = tmp_path_factory.mktemp("ledger")
    (folder / "ledger.toml").write_text('synthetic = true\n[title]\nzh = "测试"\nen = "Test"\n', "utf-8")
    with (folder / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD.split(","))
        for area, values in SERIES.items():
            for year, value in enumerate(values, 2018):
                day = f"{year + 1}-03-01"
                writer.writerow(["flood_spots", area, year, value, "处", "observed", "", day, "test", "", "S", "", ""])
    return Evidence.load(plan=DATA / "other_plan", areas=DATA / "other_areas", data=folder, as_of="2025-06-30")


def told(evidence, lang):
    plan = evidence.plan.only(evidence.plan.indicator("flood_spots"))
    found = assess(evidence, area="900000", indicator="flood_spots")
    parts = tuple(assess(evidence, area=d.code, indicator="flood_spots") for d in evidence.districts)
    spoken, standing = present.Tongue(lang, plan.level), gaps(plan, found, parts)
    texts = (
        present.indicator_text(found.indicators[0], plan.indicators[0], lang=spoken, level=0.8),
        present.problems_text(found, plan, spoken, present.Grounds(evidence.roster, standing)),
        present.advice_text(found, plan, spoken, present.Grounds(evidence.roster, standing)),
    )
    return "\n".join(text.markdown for text in texts).replace("\u00a0", " ")


def test_in_english_it_is_above_the_path_and_must_fall(city):
    """33 spots are 17 above the 16 of the path and 23 above the target; growth is not what is asked for."""
    text = told(city, "en")
    assert "17 spots above the required path (16 spots) and 23 spots above the 2025 target" in text
    assert (
        "the fall has been smaller than the path requires, most markedly in 2023: 1 spot, against 6 spots required"
        in text
    )
    assert "requires a fall of 69.7% in 2025" in text
    assert "Increase the rate of decline to 69.7% or more in 2025" in text
    assert "areas are above their required path" in text
    assert "growth of" not in text
    assert "an increase" not in text


def test_in_chinese_it_is_above_the_path_and_must_fall(city):
    """多17处, not 少; 下降, not 增长."""
    text = told(city, "zh")
    assert "比时序进度要求（16处）多17处" in text
    assert "当年减少1处，时序进度要求减少6处" in text
    assert "2025年需下降69.7%" in text
    assert "2025年降幅扩大到69.7%以上" in text
    assert "高于时序进度要求，合计多17处" in text
    assert "增长" not in text
    assert "增加" not in text


def test_a_year_that_went_the_wrong_way_is_set_against_the_fall_required(city):
    """One year rose by 2 where the path asked for a fall of 6: 8 short, and the fall is named as one."""
    plan = city.plan.only(city.plan.indicator("flood_spots"))
    found = assess(city, area="900000", indicator="flood_spots")
    one = found.indicators[0]
    values = {2021: 33.0, 2022: 26.0, 2023: 28.0, 2024: 22.0}
    points = tuple(replace(p, value=values.get(p.year, p.value)) for p in one.points)
    rising = replace(found, indicators=(replace(one, points=points),))
    told = {x: present.problems_text(rising, plan, x, present.Grounds(city.roster)).markdown for x in ("zh", "en")}
    told = {x: text.replace("\u00a0", " ") for x, text in told.items()}
    assert "an increase of 2 spots, where the path required a fall of 6 spots (8 spots short)" in told["en"]
    assert "当年增加2处，时序进度要求减少6处，相差8处" in told["zh"]


def test_a_rise_of_what_must_fall_is_no_growth(city):
    """A level 3 % a year above its baseline has risen; growth is what is wanted of others."""
    plan = city.plan
    one = assess(city, area="900000", indicator="flood_spots").indicators[0]
    head = replace(one.head, achieved_growth=0.03)
    risen = replace(one, grades=tuple(head if g is one.head else g for g in one.grades))
    for lang, right, wrong in (("en", "It rose by 3.0% a year", "Growth"), ("zh", "年均上升3.0%", "增长")):
        spoken = present.Tongue(lang, plan.level)
        text = present.indicator_text(risen, plan.indicator("flood_spots"), lang=spoken, level=0.8).markdown
        assert right in text.replace("\u00a0", " ")
        assert wrong not in text
