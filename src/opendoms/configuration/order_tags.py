"""What tags of orders bring about: documents that are offered, and stickers that orders get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from opendoms.configuration.kind import Kind
from opendoms.configuration.stickers import named
from opendoms.kernel.decision import Document
from opendoms.kernel.localization import locale_faults
from opendoms.kernel.refusal import Fault, Invalid

_STICKERS: Final = "stickerConfiguration"
_OFFERS: Final = "offeredStickersByTag"


def _complete(wanted: Document) -> Document:
    faults = list(_faults(wanted))
    if faults:
        raise Invalid(*faults)
    if _OFFERS not in wanted.get(_STICKERS, {}):
        return wanted
    offers = [
        {**offer, "stickers": [named(sticker) for sticker in offer["stickers"]]} for offer in wanted[_STICKERS][_OFFERS]
    ]
    return {**wanted, _STICKERS: {**wanted[_STICKERS], _OFFERS: offers}}


def _faults(wanted: Document) -> Iterator[Fault]:
    for i, offer in enumerate(wanted.get(_STICKERS, {}).get(_OFFERS, ())):
        for j, sticker in enumerate(offer["stickers"]):
            path = f"{_STICKERS}.{_OFFERS}[{i}].stickers[{j}].nameLocalized"
            yield from locale_faults(path, sticker["nameLocalized"])


ORDER_TAGS: Final = Kind("ordertags", {"offeredDocumentsByDefault": [], "offeredDocumentsPerTag": []}, _complete)


def shown(configuration: Document) -> Document:
    """The configuration as it is answered: the contract gives it no id."""
    return {member: value for member, value in configuration.items() if member != "id"}
