"""What becomes of what stands beside an order when its person goes: its goods, and the reasons of its promise."""

from __future__ import annotations

from collections.abc import Callable

from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.inventory.actions.reserving import Reserving
from opendoms.inventory.store import RESERVATIONS
from opendoms.kernel.changeset import Changeset, Drop, Timer, merged
from opendoms.kernel.decision import Document
from opendoms.orders.lifecycle import LIVE
from opendoms.orders.store import ORDER
from opendoms.promises.goods import ORDER_RESERVATION, because_of
from opendoms.promises.store import EXPLANATION_VERSION, EXPLANATIONS, QUERIES


class GoodsOfOrders:
    """What retention asks: an order that counts as over by its age holds no goods any more (decision D77)."""

    tables: tuple[str, ...] = (RESERVATIONS.name,)

    def __init__(self, writer: Writer, reserving: Reserving) -> None:
        self._writer = writer
        self._reserving = reserving

    def histories(self, _kind: str, _stored: Document) -> tuple[()]:
        """None: it names the order, and neither who asked for it nor for whom."""
        return ()

    async def rewritten(
        self, tenant: str, kind: str, stored: Document, _rewrite: Callable[[Document], Document]
    ) -> Changeset:
        """The end of what is held. An order that was cancelled, or ran out, has let it go already."""
        is_live = kind == ORDER.kind and stored["status"] in LIVE
        return await self.removed(tenant, kind, stored) if is_live else Changeset()

    async def removed(self, tenant: str, kind: str, stored: Document) -> Changeset:
        """The end of what the order holds, or is still to hold."""
        if kind != ORDER.kind:
            return Changeset()
        held = await self._reserving.of_order(tenant, stored["id"])
        released = self._reserving.release(because_of(stored, tenant), held, now=self._writer.now(tenant))
        return merged(released, Changeset(timers=(Timer(tenant, ORDER_RESERVATION, stored["id"], None),)))


class ExplanationsOfOrders:
    """What retention asks: the reasons tell how far away the customer was."""

    tables: tuple[str, ...] = (EXPLANATIONS.name,)

    def __init__(self, db: Engine) -> None:
        self._db = db

    def histories(self, _kind: str, _stored: Document) -> tuple[()]:
        """None: reasons are written once, and told by no event."""
        return ()

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
