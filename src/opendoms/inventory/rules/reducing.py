"""From which stocks the pieces of reservations are taken when they leave the building."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opendoms.inventory.model import LevelKey
from opendoms.inventory.rules.counting import counted
from opendoms.inventory.rules.ranking import ranked
from opendoms.kernel.decision import Document


class Taken(NamedTuple):
    """The stocks that change with the pieces that are left of each, and from which of them each reservation took."""

    stocks: list[tuple[Document, int]]
    of_reservation: dict[str, list[str]]


def taken(reservations: Sequence[Document], stocks: Mapping[LevelKey, Sequence[Document]]) -> Taken:
    """Takes from the stock that a reservation sits on first, then from the others in their order.

    `stocks` are all of the reservations' articles and facilities. Where there is less than is reserved, which no write
    of ours leaves behind, what is there is taken.
    """
    every = {stock["id"]: stock for found in stocks.values() for stock in found}
    left = {stock_id: counted(stock) for stock_id, stock in every.items()}
    of_reservation: dict[str, list[str]] = {}
    for reservation in reservations:
        key = (reservation["tenantArticleId"], reservation["facilityRef"])
        order = [stock["id"] for stock in ranked(stocks[key])]
        host = reservation["host"]["reference"]
        missing = reservation["quantity"]
        used = of_reservation.setdefault(reservation["id"], [])
        for stock_id in sorted(order, key=lambda each, host=host: each != host):  # type: ignore[misc]  # bound by name
            pieces = min(missing, left[stock_id])
            if pieces:
                left[stock_id] -= pieces
                missing -= pieces
                used.append(stock_id)
    changed = [(every[stock_id], pieces) for stock_id, pieces in left.items() if pieces != counted(every[stock_id])]
    return Taken(changed, of_reservation)
