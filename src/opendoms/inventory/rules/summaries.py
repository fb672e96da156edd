"""How much there is of an article over facilities (decision D44)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from opendoms.inventory.model import Level
from opendoms.inventory.rules.counting import ACCESSIBLE, PICKABLE, is_defective, is_lapsed
from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document

# The channel of what belongs to none, which is everything: this hub has no channels.
UNALLOCATED: Final = "UNALLOCATED"


def summary(  # noqa: PLR0913 - what is summed up, side by side
    article: str,
    levels: Sequence[Level],
    stocks: Mapping[str, Sequence[Document]],
    listing: Document | None,
    channels: Sequence[str] | None,
    *,
    now: int,
) -> Document:
    """The summary of an article over some levels of it; `stocks` are those of each facility."""
    every = [stock for level in levels for stock in stocks.get(level.facility_ref, ())]
    picking = sum(level.available for level in levels)
    on_stock = sum(_on_stock(level, stocks.get(level.facility_ref, ()), now) for level in levels)
    total = _pieces(every)
    details: Document = {
        "totalAmount": total,
        "stockOnHand": total,
        "reserved": sum(level.held for level in levels),
        "safetyStock": sum(level.safety for level in levels),
        "availableOnStock": on_stock,
        "availableForPicking": picking,
        "available": picking,
        "availableToPromise": picking,
        "readyToPick": picking,
        "byTrait": {
            trait: _pieces(stock for stock in every if trait in stock["traits"]) for trait in (PICKABLE, ACCESSIBLE)
        },
    }
    if channels is not None:
        details["channelAdjusted"] = [
            {
                "channelRef": channel,
                "availableForPicking": picking if channel == UNALLOCATED else 0,
                "availableOnStock": on_stock if channel == UNALLOCATED else 0,
            }
            for channel in channels
        ]
    return {
        "article": _article(article, listing),
        "details": details,
        "includedFacilityRefs": sorted(level.facility_ref for level in levels),
    }


def _on_stock(level: Level, stocks: Iterable[Document], now: int) -> int:
    """What can be reached in a facility and may be promised; never below what may be picked."""
    reachable = _pieces(
        stock
        for stock in stocks
        if ACCESSIBLE in stock["traits"]
        and not is_defective(stock)
        and not is_lapsed(stock, max(now, instant_from(stock["created"])))
    )
    return max(level.available, reachable - level.safety - level.held)


def _pieces(stocks: Iterable[Document]) -> int:
    return sum(stock["value"] for stock in stocks)


def _article(article: str, listing: Document | None) -> Document:
    shown: Document = {"tenantArticleId": article, "title": (listing or {}).get("title", article)}
    if listing is not None and "imageUrl" in listing:
        shown["imageUrl"] = listing["imageUrl"]
    return shown
