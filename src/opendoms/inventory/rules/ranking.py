"""Which stock of an article in a facility comes first (decision D40), and what of each is reserved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from opendoms.inventory.model import LevelKey
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


class Ranked(NamedTuple):
    """A stock that has pieces to be promised, with what it is ranked by: `available_until` is an instant in ms."""

    tenant_article_id: str
    facility_ref: str
    available_until: int | None
    receipt_date: str
    id: str

    def rank(self) -> tuple[bool, int, str, str]:
        """As `ranked` has them."""
        return self.available_until is None, self.available_until or 0, self.receipt_date, self.id


def first_of_each(stocks: Iterable[Ranked]) -> dict[LevelKey, str]:
    """The id of the stock that a new reservation sits on, by level: the first one that has pieces to be promised."""
    first: dict[LevelKey, Ranked] = {}
    for stock in stocks:
        key = (stock.tenant_article_id, stock.facility_ref)
        known = first.get(key)
        if known is None or stock.rank() < known.rank():
            first[key] = stock
    return {key: stock.id for key, stock in first.items()}


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
