"""The endpoints of stock."""

from __future__ import annotations

from opendoms.inventory.assembly import Inventory
from opendoms.inventory.http import listings, reservations, safety_stocks, stocks
from opendoms.web.routing import Route


def routes(inventory: Inventory) -> list[Route]:
    """Keeping listings, stocks, reservations and safety stocks."""
    return [
        *listings.routes(inventory.listings),
        *stocks.routes(inventory.stocks, inventory.reading, inventory.summaries),
        *reservations.routes(inventory.reservations),
        *safety_stocks.routes(inventory.safety_stocks),
    ]
