"""Localized texts: maps from a locale such as `de_DE` to the text in that language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from opendoms.kernel.refusal import Fault

# Spoken before "whatever there is", after all locales that the caller or the platform prefers.
FALLBACK_LOCALE: Final = "en_US"

# A language of two small letters, optionally with a country of two capital letters: de, de_DE. For API descriptions.
LOCALE_PATTERN: Final = "^[a-z]{2}(_[A-Z]{2})?$"
_LOCALE: Final = re.compile(r"[a-z]{2}(?:_[A-Z]{2})?")

# A fault names the locale that it found, cut to this many characters.
_SHOWN_CHARACTERS: Final = 40


def localized(texts: Mapping[str, str], locales: Sequence[str] = ()) -> str:
    """The text for a reader: the first of `locales` that is there, else en_US, else the first entry; "" of none.

    `locales` are in order of preference: the one asked for explicitly, the user's, the platform's default. A locale
    has to match exactly; `de` does not stand in for `de_DE`.
    """
    for locale in locales:
        if locale in texts:
            return texts[locale]
    if FALLBACK_LOCALE in texts:
        return texts[FALLBACK_LOCALE]
    return next(iter(texts.values()), "")


def locale_faults(path: str, texts: Mapping[str, str]) -> list[Fault]:
    """What is wrong with the localized texts at `path` (e.g. `paymentInfo.methodLocalized`); empty where nothing is.

    There must be at least one entry, every key must be a locale of the form ll or ll_CC (any language and country, not
    only the ones that the platform offers in its menus), and no text may be empty.
    """
    if not texts:
        return [Fault(f"{path}: expected at least one entry, such as {FALLBACK_LOCALE}")]
    faults: list[Fault] = []
    for locale, text in texts.items():
        at = f"{path}.{locale[:_SHOWN_CHARACTERS]}"
        if _LOCALE.fullmatch(locale) is None:
            faults.append(Fault(f"{at}: expected a locale such as de_DE or de as the key"))
        if not text:
            faults.append(Fault(f"{at}: expected a text that is not empty"))
    return faults
