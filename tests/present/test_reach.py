"""Drawing a chart reaches nothing outside the process."""

import pytest

from greenreport import chart_images


def test_a_chart_fetches_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """A specification that names an address is refused, not followed; a relative link gets no base on a network."""
    monkeypatch.delenv(chart_images.PAINTER, raising=False)
    marks = {"mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}
    with pytest.raises(ValueError, match="not allowed"):
        chart_images.svg({"data": {"url": "http://127.0.0.1:9/x.csv"}, **marks}, vl_version="6.1")
    linked = {"data": {"values": [{"a": 1, "to": "district-500101.html"}]}, **marks}
    linked["encoding"] = {**marks["encoding"], "href": {"field": "to"}}
    assert "vega-datasets" not in chart_images.svg(linked, vl_version="6.1")
