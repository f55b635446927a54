"""The document contract: what a reader is shown, in which forms, and what protects it."""

import json
import re
from pathlib import Path

import pytest

from greenreport import present
from greenreport.present.show import ASSESSMENT_MIME, TABLE_MIME, Figure, Narrative
from greenreport.present.tabulate import Column, Mark, table

ROOT = Path(__file__).resolve().parents[2]
NASTY = "a<b>&\"'*_#$|`[x](y) \\ ~^@ \u202e ه 甲"


def test_a_table_has_one_form_for_the_screen_and_one_for_print(evidence, city):
    """HTML for the page, a pipe table for Typst, and label and caption beside them."""
    data, metadata = present.main_table(city, evidence.plan, "zh")._repr_mimebundle_()
    assert set(data) == {"text/html", "text/markdown", TABLE_MIME}
    assert metadata["greenreport"] == {"role": "table", "label": "tbl-main", "caption": "重庆市主要指标完成情况"}
    assert data["text/markdown"].count("\n| ") == len(city.indicators)


def test_a_chart_carries_its_still_picture_its_specification_and_its_written_alternative(evidence, city):
    """On screen it can come to life without a network; in print it is a vector; to who can't see it, it is words."""
    indicator = evidence.plan.indicator("online_retail")
    data, metadata = present.outlook_chart(city.indicator("online_retail"), indicator, lang="en")._repr_mimebundle_()
    assert set(data) == {"text/html", "image/svg+xml", TABLE_MIME}
    assert metadata["image/svg+xml"].keys() == {"width", "height"}
    assert "The target for 2027 is" in metadata["greenreport"]["alt"]
    spec = re.search(r'<script type="application/json" class="gr-spec">(.*)</script>', data["text/html"], re.S)[1]
    assert "layer" in json.loads(spec)
    assert "http" not in spec
    assert not re.search(r"""(?:href|src)=["']http""", data["image/svg+xml"].replace("http://www.w3.org", ""))


def test_charts_of_a_page_share_a_time_axis(evidence, city):
    """A record of four years beside one of ten stands under the same years."""

    def axis(one, **options):
        spec = present.outlook_chart(one, evidence.plan.indicator(one.id), lang="en", **options).spec
        return re.search(r"\[20\d\d\.7, 20\d\d\.9\]", json.dumps(spec))[0]

    known = [one for one in city.indicators if one.known]
    assert len({axis(one) for one in known}) > 1
    assert {axis(one, beside=city.indicators) for one in known} == {min(axis(one) for one in known)}


def test_the_same_chart_is_the_same_bytes(evidence, city):
    """No identifier is drawn at random, and no chart depends on those drawn before it."""
    indicator = evidence.plan.indicator("green_mall")
    first = present.outlook_chart(city.indicator("green_mall"), indicator, lang="zh")
    present.outlook_chart(city.indicator("online_retail"), evidence.plan.indicator("online_retail"), lang="zh")
    assert present.outlook_chart(city.indicator("green_mall"), indicator, lang="zh") == first


def test_a_name_with_markup_comes_out_as_itself():
    """Nothing that a district types can become a tag, a link, a column or a formula."""
    made = table(
        [Column("a", NASTY), Column("b", "b")], [{"a": NASTY, "b": Mark("t", "<b>t</b>")}], label="tbl-x", caption="c"
    )
    assert "a<b>" not in made.html
    assert "a&lt;b&gt;&amp;" in made.html
    assert "<b>t</b>" in made.html
    row = made.markdown.splitlines()[2]
    assert len(re.findall(r"(?<!\\)\|", row)) == 3
    assert r"\*\_\#\$\|\`" in row


def test_a_specification_cannot_end_its_own_script_element():
    """Text in a chart that looks like a closing tag stays text."""
    figure = Figure("fig-x", "c", "a", "<svg/>", 1, 1, {"title": "</script><script>alert(1)</script>"})
    html = figure._repr_mimebundle_()[0]["text/html"]
    assert html.count("</script>") == 1
    inner = re.search(r'class="gr-spec">(.*?)</script>', html, re.S)[1]
    assert json.loads(inner) == {"title": "</script><script>alert(1)</script>"}


def test_a_narrative_never_opens_a_phantom_yaml_block():
    """A Markdown cell that begins with --- breaks a whole Quarto site, so it is refused at the source."""
    with pytest.raises(ValueError, match="never opens"):
        Narrative("---\nx: 1\n---")


def test_findings_are_data_and_nothing_a_reader_sees(city):
    """The assessment travels in a MIME type of its own."""
    data, _ = present.findings(city)._repr_mimebundle_()
    assert set(data) == {ASSESSMENT_MIME}
    assert json.loads(json.dumps(data[ASSESSMENT_MIME]))["area"] == "500000"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_class_and_probability_never_contradict_each_other(evidence, city, lang):
    """Where the odds are even the sentence says so, whatever the class is called."""
    uncertain = [one for one in city.indicators if one.verdict == "uncertain" and one.head.probability is not None]
    assert uncertain
    for one in uncertain:
        text = present.indicator_text(one, evidence.plan.indicator(one.id), lang=lang, level=0.8).markdown
        assert ("能否如期完成尚不确定" if lang == "zh" else "about as likely as not to be met in time") in text
        assert ("预计可如期完成" if lang == "zh" else "expected to be met in time") not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_conclusions_count_every_indicator_once(evidence, city, lang):
    """Six indicators, six places in the sentence."""
    first = (
        present.summary(city, evidence.plan, lang).markdown.split("\n\n")[1].split("。" if lang == "zh" else ". ")[0]
    )
    for indicator in evidence.plan.indicators:
        name = indicator.name[lang]
        assert first.count(name if lang == "zh" else name[1:]) == 1, first
