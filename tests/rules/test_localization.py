"""Which text a reader gets, and which localized texts are refused."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.kernel.localization import LOCALE_PATTERN, locale_faults, localized
from opendoms.kernel.refusal import Fault

TEXTS = {"fr_FR": "Colis", "de_DE": "Paket", "en_US": "Parcel", "de": "Sendung"}
LOCALE = st.from_regex(r"\A[a-z]{2}(_[A-Z]{2})?\Z")


@pytest.mark.parametrize(
    ("texts", "locales", "text"),
    [
        (TEXTS, (), "Parcel"),
        (TEXTS, ("de_DE",), "Paket"),
        (TEXTS, ("pl_PL", "fr_FR", "de_DE"), "Colis"),
        (TEXTS, ("pl_PL", "sv_SE"), "Parcel"),
        (TEXTS, ("de",), "Sendung"),
        (TEXTS, ("de_AT",), "Parcel"),
        (TEXTS, ("DE_de", "de-DE", ""), "Parcel"),
        ({"fr_FR": "Colis", "de_DE": "Paket"}, (), "Colis"),
        ({"de_DE": "Paket", "fr_FR": "Colis"}, ("en_US",), "Paket"),
        ({}, ("de_DE",), ""),
    ],
)
def test_the_text_for_a_reader(texts: dict[str, str], locales: tuple[str, ...], text: str) -> None:
    """The first wanted locale that is there wins, then en_US, then the first entry; of no texts it is empty."""
    assert localized(texts, locales) == text


@given(st.dictionaries(LOCALE, st.text(min_size=1), min_size=1), st.lists(LOCALE))
def test_a_reader_always_gets_one_of_the_texts(texts: dict[str, str], locales: list[str]) -> None:
    """Whatever is wanted, a text that is there is given; a wanted one where any is there; and none is at fault."""
    found = localized(texts, locales)
    wanted = [texts[locale] for locale in locales if locale in texts]
    assert found == wanted[0] if wanted else found in texts.values()
    assert locale_faults("name", texts) == []


def test_localized_texts_need_an_entry() -> None:
    """An empty map is refused with its path."""
    assert locale_faults("paymentInfo.methodLocalized", {}) == [
        Fault("paymentInfo.methodLocalized: expected at least one entry, such as en_US")
    ]


@pytest.mark.parametrize(
    "locale",
    [
        "",
        "d",
        "DE",
        "deu",
        "de_",
        "de-DE",
        "de_de",
        "DE_de",
        "de_DEU",
        "de_DE ",
        "de_DE\n",
        "\uff44\uff45",
        "en_US.UTF-8",
    ],
)
def test_a_key_must_be_a_locale(locale: str) -> None:
    """A key that is no code of the form ll or ll_CC is refused with its path, and named."""
    assert locale_faults("name", {"de_DE": "Paket", locale: "Paket"}) == [
        Fault(f"name.{locale}: expected a locale such as de_DE or de as the key")
    ]


def test_every_fault_of_a_map_is_found() -> None:
    """Empty texts and bad keys are all told, in the order of the map."""
    assert locale_faults("stickers[0].nameLocalized", {"de_DE": "", "french": "", "en_US": "VIP"}) == [
        Fault("stickers[0].nameLocalized.de_DE: expected a text that is not empty"),
        Fault("stickers[0].nameLocalized.french: expected a locale such as de_DE or de as the key"),
        Fault("stickers[0].nameLocalized.french: expected a text that is not empty"),
    ]


def test_a_long_key_is_cut_in_the_fault() -> None:
    """A fault does not echo an endless key."""
    assert locale_faults("name", {"x" * 10_000: "text"}) == [
        Fault(f"name.{'x' * 40}: expected a locale such as de_DE or de as the key")
    ]


@given(st.text(alphabet=string.ascii_letters + "_-\n", max_size=6))
def test_the_published_pattern_says_what_is_accepted(locale: str) -> None:
    """The pattern for API descriptions accepts exactly the keys that pass (in its dialect, $ is the end)."""
    published = re.search(LOCALE_PATTERN.replace("$", r"\Z"), locale)
    assert (published is not None) == (locale_faults("name", {locale: "text"}) == [])
