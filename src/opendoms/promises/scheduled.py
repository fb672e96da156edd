"""Holds the goods of orders that want it later than they are placed, when that time has come."""

from __future__ import annotations

import contextlib

from opendoms.kernel.changeset import HUB, Origin
from opendoms.kernel.decision import Decision
from opendoms.kernel.document import decode
from opendoms.kernel.due import Due
from opendoms.kernel.refusal import Unknown
from opendoms.orders.actions import OrderActions
from opendoms.orders.contended import ContendedWriter
from opendoms.promises.goods import ORDER_RESERVATION, OrderGoods


class ScheduledReservations:
    """Handles timers of the kind ORDER_RESERVATION."""

    def __init__(self, orders: OrderActions, contended: ContendedWriter, goods: OrderGoods) -> None:
        self._orders = orders
        self._contended = contended
        self._goods = goods

    async def reserve(self, due: Due, _now: int) -> None:
        """Holds what there is, and tells of it. Nothing to do for an order that is over or gone."""
        origin = Origin(due.tenant, HUB, f"timer {ORDER_RESERVATION}")

        async def decide(now: int, *, held: bool) -> Decision:
            order = decode(await self._orders.read(due.tenant, due.entity_id))
            return await self._goods.of_due(order, due.done(), origin, now, held=held)

        with contextlib.suppress(Unknown):
            await self._contended.write(origin, decide)
