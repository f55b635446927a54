"""The words of both languages: the same keys, the same values filled in, and something to say for every code."""

import ast
import re
import string
from pathlib import Path

import pytest

from greenreport import forecast
from greenreport import words as catalog
from greenreport.present import theme
from greenreport.progress import CLASSES, LIKELIHOODS, REASONS
from greenreport.progress.grading import WORDINGS

# What one language says and the other need not: English spells a small number out, Chinese writes the figure; or each
# writes the same number in a form of its own (a month's name, a chapter's Chinese number, an annex's letter).
ONE_SIDED = {
    "scope.indicators": {"count"},
    "begin.read.and_more": {"all", "more"},
    "intake.months": {"months", "last"},
    "ledger.to_date": {"months", "month"},
    "render.annex_head": {"number", "letter"},
    "render.annex_label": {"number", "letter"},
    "render.chapter_head": {"number", "spelt"},
}


def _placeholders(key, lang):
    names = {name.partition("?")[0] for _, name, _, _ in string.Formatter().parse(catalog.t(key, lang)) if name}
    return names - ONE_SIDED.get(key, set())


def test_both_languages_have_the_same_keys():
    """A text that exists in one language exists in the other."""
    assert catalog.keys("zh") == catalog.keys("en")


def test_both_languages_fill_in_the_same_values():
    """A figure that one language prints is not lost in the other."""
    different = {
        key: (_placeholders(key, "zh"), _placeholders(key, "en"))
        for key in catalog.keys("zh")
        if _placeholders(key, "zh") != _placeholders(key, "en")
    }
    assert different == {}


@pytest.mark.parametrize("key", [k for k in sorted(catalog.keys("zh")) if not k.startswith("number.")])
def test_chinese_texts_use_full_width_punctuation(key):
    """Between and after Chinese characters stand full-width marks, as in an official document."""
    text = re.sub(r"\{[^}]*\}", "", catalog.t(key, "zh"))
    assert not re.search(r"[\u4e00-\u9fff]\s*[,;:?!()]|[,;:?!(]\s*[\u4e00-\u9fff]", text), text


def test_english_counts_one_thing_as_one_thing():
    """One district is a district, two are districts."""
    assert catalog.t("advice.districts", "en", n=1) == "1 district"
    assert catalog.t("advice.districts", "en", n=2) == "2 districts"


def test_every_verdict_likelihood_and_reason_has_its_words():
    """What progress can answer, present can say."""
    for lang in catalog.LANGS:
        for cls in CLASSES:
            assert catalog.t(f"verdict.{cls}", lang)
            assert catalog.t(f"verdict_short.{cls}", lang)
        for word, _ in LIKELIHOODS:
            assert catalog.t(f"likelihood.{word}", lang)
        for wording in WORDINGS:
            assert catalog.t(f"wording.{wording}", lang)
        for reason in REASONS:
            assert catalog.t(f"reason.{reason}", lang)
        for method in forecast.METHODS:
            assert catalog.t(f"method.names.{method}", lang)
    assert set(theme.VERDICTS) == set(CLASSES) == set(theme.VERDICT_COLOUR) == set(theme.VERDICT_SIGN)


def _refusals():
    """Every code with which the forecast room can refuse, read from its source: returned, raised or handed to `refuse`."""
    folder = Path(forecast.__file__).parent
    for file in sorted(set(folder.glob("*.py")) - {folder / "reconcile.py"}):  # which has a sentence of its own
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("refuse", "no", "Unfit"):
                parts = node.args[3:4] if node.func.id == "refuse" else node.args
            elif isinstance(node, ast.FunctionDef) and re.search("why|link_of", node.name):
                parts = [x.value for x in ast.walk(node) if isinstance(x, ast.Return) and x.value is not None]
            elif isinstance(node, ast.Assign) and [getattr(x, "id", "") for x in node.targets] == ["why"]:
                parts = [node.value]
            else:
                continue
            for part in parts:
                for one in ast.walk(part):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
                        yield one.value


REFUSALS = sorted({code for code in _refusals() if re.fullmatch("[a-z_]+", code)} - {"log", "logit", "identity"})


def test_the_refusals_of_a_forecast_are_found_in_its_source():
    """What levels, counts and statements are refused for stands among the codes whose words are looked up below."""
    assert {
        "all_zero", "count_falls", "counts_only", "evidence_conflicts", "negative_count", "not_a_flow", "not_finite",
        "not_positive", "not_whole", "out_of_bounds", "too_few_points",
    } <= set(REFUSALS)  # fmt: skip


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_of_a_forecast_has_its_words(code):
    """A page never breaks over a series that no model takes: it says why."""
    for lang in catalog.LANGS:
        assert catalog.t(f"reason.{code}", lang, n=1, least=3)
