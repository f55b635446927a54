"""Charts compile without a warning: Vega-Lite's own compiler says what it drops or changes."""

import json
import shutil
import subprocess

import pytest
import vl_convert

from greenreport import present
from greenreport.assess import Options, calibration, compare_methods, past_verdicts, quality
from greenreport.present.show import Figure

# The compiler speaks through the console. The page around it is not wanted: whatever is asked of it answers itself.
_HARNESS = """
globalThis.window = globalThis; globalThis.self = globalThis; globalThis.ShadowRoot = class {};
const any = new Proxy(function () {}, {
  get: (target, key) => key === Symbol.toPrimitive ? () => "" : key in target ? target[key] : any,
  set: () => true, apply: () => any, construct: () => any });
globalThis.document = any;
let said = [];
for (const kind of ["warn", "error"]) console[kind] = (...words) => said.push(words.join(" "));
(async () => {
  const found = {}, compiled = {};
  for (const [name, spec] of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
    said = [];
    // The patch is asked for when the compiler has done its work: nothing is drawn.
    try { await globalThis.embed(any, spec, { actions: false, patch: () => { throw compiled; } }); }
    catch (error) { if (error !== compiled) said.push(String(error)); }
    if (said.length) found[name] = said;
  }
  process.stdout.write(JSON.stringify(found));
})();
"""


@pytest.fixture(scope="module")
def warnings_of(tmp_path_factory):
    """Specifications by name → what the compiler said of each that it was not content with."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Vega-Lite's compiler says its warnings only to a JavaScript engine, and there is no node here")
    script = tmp_path_factory.mktemp("compile") / "compile.cjs"
    script.write_text(vl_convert.javascript_bundle("globalThis.embed = vegaEmbed;") + _HARNESS, encoding="utf-8")

    def compiled(specs):
        asked = json.dumps(list(specs.items()))
        done = subprocess.run([node, script], input=asked, capture_output=True, text=True, check=True, timeout=60)
        return json.loads(done.stdout)

    return compiled


def charts(evidence, city, districts, lang):
    """Every kind of chart of the demonstration set."""
    plan, roster, options = evidence.plan, evidence.roster, Options()
    place = evidence.area("500000")
    tasks = evidence.tasks.as_of(evidence.as_of)
    yield from present.bullets(city, plan, lang)
    yield present.tile_map(districts, plan, roster, lang)
    yield present.tile_map(districts, plan.only(plan.indicators[0]), roster, lang)
    yield from present.tasks_chapter(plan, tasks, lang, as_of=evidence.as_of, chart=True)
    yield from present.calibration_chapter(calibration(), lang)
    past = past_verdicts(evidence, city.indicators, area=place, options=options)
    yield from present.history_chapter(past, city, plan, lang)
    state = quality(evidence, evidence.districts, options=options, whole=place)
    yield present.quality.coverage_chart(state, roster, lang)
    retail = plan.indicators[0]
    tried = compare_methods(evidence, retail, place, year=2027, target=2400, options=options)
    yield from present.backtest_chapter({retail.id: tried}, plan, lang)
    for indicator in (
        plan.indicators[0],
        plan.indicators[1],
        plan.indicators[-1],
    ):  # a flow, a count, one without forecast
        for area in (city, districts[0]):
            yield present.outlook_chart(area.indicator(indicator.id), indicator, lang=lang)
        yield from present.district_ranges(districts, indicator, lang) or ()
        yield from present.district_multiples(districts, indicator, lang) or ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_compiles_without_a_warning(evidence, city, districts, lang, warnings_of):
    """No channel is dropped, no property conflicts, no scale is guessed."""
    drawn = [one for one in charts(evidence, city, districts, lang) if isinstance(one, Figure)]
    assert len({one.label.partition("-")[2] for one in drawn}) >= 12
    assert warnings_of({f"{n} {one.label}": one.spec for n, one in enumerate(drawn)}) == {}


def test_a_chart_that_the_compiler_mends_is_told(warnings_of):
    """A width of line by unordered names is what the compiler warned of before."""
    encoding = {"x": {"field": "x", "type": "quantitative"}, "strokeWidth": {"field": "k", "type": "nominal"}}
    spec = {"data": {"values": [{"x": 1, "k": "a"}]}, "mark": "line", "encoding": encoding}
    assert "unsorted discrete" in warnings_of({"bad": spec})["bad"][0]
    # Whatever stops the drawing is told too.
    assert warnings_of({"broken": {"mark": "line", "data": {"values": []}, "layer": "no"}})["broken"]
