"""The stickers that orders get by their tags. Pure: asked when an order is taken in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from opendoms.kernel.decision import Document
from opendoms.kernel.localization import localized

# How many stickers an order has at most, its own and the added ones together.
STICKERS_MAX: Final = 100


def named(sticker: Document) -> Document:
    """The sticker with its `name`, which follows from the localized ones."""
    return {**sticker, "name": localized(sticker["nameLocalized"])}


def stickers_for(
    tags: Iterable[Document], order_tag_configuration: Document, own: Sequence[Document] = ()
) -> list[Document]:
    """The order's `own` stickers, then those that the configuration adds for its tags ({id, value} each).

    Added ones come in the order of the configuration, each key once; the order's own sticker of a key goes before one
    of the configuration. Own stickers always stay; added ones only as far as STICKERS_MAX allows.
    """
    stickers = [named(sticker) for sticker in own]
    keys = {sticker["key"] for sticker in stickers}
    for sticker in _offered({(tag["id"], tag["value"]) for tag in tags}, order_tag_configuration):
        if len(stickers) >= STICKERS_MAX:
            break
        if sticker["key"] not in keys:
            keys.add(sticker["key"])
            stickers.append(named(sticker))
    return stickers


def _offered(tags: set[tuple[str, str]], configuration: Document) -> Iterator[Document]:
    for offer in configuration.get("stickerConfiguration", {}).get("offeredStickersByTag", ()):
        if any((offer["tagRef"], value) in tags for value in offer["matchingValues"]):
            yield from offer["stickers"]
