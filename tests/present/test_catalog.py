import re
import string

import pytest

from greenreport.present import catalog, theme
from greenreport.progress import CLASSES, LIKELIHOODS, REASONS
from greenreport.progress.grading import WORDINGS

# What one language says and the other need not: nothing so far.
ONE_SIDED: dict[str, set[str]] = {}


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
    assert set(theme.VERDICTS) == set(CLASSES) == set(theme.VERDICT_COLOUR) == set(theme.VERDICT_SIGN)
