"""Which stock of an article in a facility comes first (decision D40), and what of each is reserved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from opendoms.inventory.rules.counting import counted, is_lapsed
from opendoms.kernel.decision import Document

# Later than every timestamp in its canonical form.
_NEVER: Final = "~"


class Share(NamedTuple):
    """What of one stock is reserved, and what can still be promised."""

    reserved: int
    available: int


def ranked(stocks: Iterable[Document]) -> list[Document]:
    """The one that may be promised for the shortest time comes first, then the one that was received first."""
    return sorted(stocks, key=lambda stock: (stock.get("availableUntil", _NEVER), stock["receiptDate"], stock["id"]))


def first(stocks: Iterable[Document], now: int) -> str | None:
    """The id of the stock that a new reservation sits on: the first one that has pieces to be promised."""
    for stock in ranked(stocks):
        if counted(stock) and not is_lapsed(stock, now):
            return str(stock["id"])
    return None


def shares(stocks: Sequence[Document], held: int, now: int) -> dict[str, Share]:
    """By id, what of each stock is reserved where `held` pieces are: laid over the stocks in their order.

    `stocks` are all of one article in one facility. What does not count is reserved by nobody.
    """
    laid: dict[str, Share] = {}
    left = held
    for stock in ranked(stocks):
        pieces = counted(stock)
        reserved = min(pieces, left)
        left -= reserved
        laid[stock["id"]] = Share(reserved, 0 if is_lapsed(stock, now) else pieces - reserved)
    return laid
