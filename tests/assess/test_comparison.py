"""The forecast that the verdict rests on, beside the models that users know."""

import pytest

from greenreport.assess import Options, assess, compare_methods


@pytest.mark.parametrize("method", ["auto", "ols_trend"])
def test_our_row_is_the_forecast_of_the_verdict(demo, method):
    """With part-years, bounds, learned growth and the record of past plans in it; of a method that was asked for, too."""
    options = Options(method=method)
    for code in ("500000", "500101"):
        found = assess(demo, area=code, options=options)
        for one in found.indicators:
            indicator, head = demo.plan.indicator(one.id), one.head
            if indicator.is_count or head is None or not one.outlook.ok:
                continue
            rows = compare_methods(demo, indicator, demo.area(code), year=head.year, target=head.value, options=options)
            ours = [row for row in rows if row.ours]
            step = next(step for step in one.outlook.steps if step.year == head.year)
            assert [(row.median, row.low, row.high) for row in ours] == [(step.median, step.low, step.high)]
            assert ours[0].probability == pytest.approx(head.probability)
            assert rows[0] is ours[0]
