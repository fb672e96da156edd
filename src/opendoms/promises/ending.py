"""What of a promise goes with its order: its reasons as soon as the person goes, and in the end what is still held."""

from __future__ import annotations

from collections.abc import Callable

from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.inventory.actions.reserving import Reserving
from opendoms.inventory.rules.reserving import DELETED
from opendoms.inventory.store import RESERVATIONS
from opendoms.kernel.changeset import Changeset, Drop, Origin, Timer, merged
from opendoms.kernel.decision import Document
from opendoms.orders.store import ORDER
from opendoms.promises.goods import ORDER_RESERVATION
from opendoms.promises.store import EXPLANATION_VERSION, EXPLANATIONS, QUERIES


class ExplanationsOfOrders:
    """What retention asks: the reasons tell how far away the customer was."""

    tables: tuple[str, ...] = (EXPLANATIONS.name,)

    def __init__(self, db: Engine) -> None:
        self._db = db

    async def rewritten(
        self, tenant: str, kind: str, stored: Document, _rewrite: Callable[[Document], Document]
    ) -> Changeset:
        """Their end, as when the order is deleted: what is left without distances explains nothing."""
        return await self.removed(tenant, kind, stored)

    async def removed(self, tenant: str, kind: str, stored: Document) -> Changeset:
        """The end of the reasons, if there are any."""
        if kind != ORDER.kind:
            return Changeset()
        row = await self._db.row(QUERIES.explanation, {"tenant": tenant, "id": stored["id"]})
        if row is None:
            return Changeset()
        return Changeset(drops=(Drop(EXPLANATIONS, tenant, stored["id"], EXPLANATION_VERSION),))


class GoodsOfOrders:
    """What retention asks: reservations hold no persons, and none outlives its order."""

    tables: tuple[str, ...] = (RESERVATIONS.name,)

    def __init__(self, writer: Writer, reserving: Reserving) -> None:
        self._writer = writer
        self._reserving = reserving

    async def rewritten(
        self, _tenant: str, _kind: str, _stored: Document, _rewrite: Callable[[Document], Document]
    ) -> Changeset:
        """Nothing: an order that is not over keeps its goods when it loses its person."""
        return Changeset()

    async def removed(self, tenant: str, kind: str, stored: Document) -> Changeset:
        """The release of what the order holds, or is still to hold."""
        if kind != ORDER.kind:
            return Changeset()
        held = await self._reserving.of_order(tenant, stored["id"])
        origin = Origin(tenant, "opendoms", f"retention {DELETED}")
        released = self._reserving.release(origin, held, now=self._writer.now(tenant))
        return merged(released, Changeset(timers=(Timer(tenant, ORDER_RESERVATION, stored["id"], None),)))
