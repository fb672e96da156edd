"""Searching orders."""

from __future__ import annotations

from opendoms.db.engine import Engine
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.orders.store import ORDERS_SEARCHED, QUERIES
from opendoms.search.explaining import explanation
from opendoms.search.searcher import Bounds, Found, Searcher


class OrderSearches:
    """Finds orders, and says how."""

    def __init__(self, db: Engine, clock: Clock, bounds: Bounds) -> None:
        self._db = db
        self._searcher = Searcher(db, clock, ORDERS_SEARCHED, bounds)

    async def search(self, tenant: str, body: Document) -> Found:
        """The page of results. Raises Invalid."""
        return await self._searcher.search(tenant, body, self._known)

    async def explain(self, tenant: str, body: Document) -> Document:
        """How the same body would be searched. Raises Invalid."""
        return await explanation(self._searcher, self._db, tenant, body)

    async def _known(self, tenant: str, order_id: str) -> Document:
        """The order with this id as it is, or as it was last. Raises Invalid."""
        parameters = {"tenant": tenant, "id": order_id}
        row = await self._db.row(QUERIES.order_document, parameters)
        row = row or await self._db.row(QUERIES.last_order_document, parameters)
        if row is None:
            raise Invalid(Fault(f"startAfterId: no order has or had the id {order_id[:64]}"))
        return decode(row[0])
