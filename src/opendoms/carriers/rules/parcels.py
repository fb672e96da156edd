"""Sizes of parcels, as carriers and connections hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from opendoms.kernel.decision import Document
from opendoms.kernel.localization import locale_faults, localized
from opendoms.kernel.refusal import Fault

_MEMBER: Final = "parcelLabelClassifications"


def classification_faults(path: str, document: Document) -> Iterator[Fault]:
    """What is wrong with the names of the sizes. `path` is where the document lies, with a dot behind it."""
    for place, each in enumerate(document.get(_MEMBER, ())):
        yield from locale_faults(f"{path}{_MEMBER}[{place}].nameLocalized", each["nameLocalized"])


def named(document: Document) -> Document:
    """The document with each size called by its name in one language."""
    sizes: Sequence[Document] | None = document.get(_MEMBER)
    if not sizes:
        return document
    return {**document, _MEMBER: [{**each, "name": localized(each["nameLocalized"])} for each in sizes]}
