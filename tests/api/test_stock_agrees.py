"""Whatever is done with stock at once: in the end the tables agree with each other."""

from __future__ import annotations

import asyncio
import random
from typing import Final

import pytest

from opendoms.app import Hub
from opendoms.doctor import CHECKS, examine
from opendoms.kernel.changeset import Changeset, Put, Short, Stale
from opendoms.orders.store import ORDERS
from tests.api.caller import Caller
from tests.api.inventories import ORIGIN, TENANT, held, inventory, shop, stocked

CALLERS: Final = 12
STEPS: Final = 8
ARTICLES: Final = ("a", "b")
HOUR: Final = 3_600_000
ORDER: Final = b'{"orderDate":"2026-11-20T08:00:00.000Z"}'


class Visitor:
    """Somebody who does this and that with the stock of some shops, the same in every run."""

    def __init__(self, admin: Caller, hub: Hub, shops: list[str], orders: list[str], number: int) -> None:
        self._admin = admin
        self._hub = hub
        self._shops = shops
        self._orders = orders
        self._own = orders[number]
        self._chance = random.Random(number)  # noqa: S311 - which steps are taken, no secret
        self.answered: list[int] = []

    async def visit(self) -> None:
        """Takes some steps, whatever comes of them."""
        steps = (self.bring, self.bring, self.hold, self.hold, self.settle, self.take, self.keep_back, self.change)
        for _ in range(STEPS):
            try:
                await self._chance.choice(steps)()
            except (Short, Stale, KeyError):  # too little there, somebody was faster, or never there at all
                continue

    async def _send(self, method: str, path: str, body: object) -> None:
        self.answered.append((await self._admin.unjudged(method, path, body)).status_code)

    async def bring(self) -> None:
        """New stock."""
        article = self._chance.choice(ARTICLES)
        await stocked(self._admin, self._chance.choice(self._shops), article, self._chance.randrange(4))

    async def change(self) -> None:
        """Another number of pieces, or none at all."""
        stocks = (await self._admin.get("/api/stocks?size=100")).json()["stocks"]
        if stocks:
            path = f"/api/stocks/{self._chance.choice(stocks)['id']}"
            method, body = self._chance.choice((("DELETE", None), ("PUT", {"value": self._chance.randrange(6)})))
            await self._send(method, path, body)

    async def keep_back(self) -> None:
        """Another safety stock, of a shop or of all."""
        operation: dict[str, object] = {
            "tenantArticleId": self._chance.choice(ARTICLES),
            "value": self._chance.randrange(3),
        }
        if self._chance.randrange(2):
            operation["facilityRef"] = self._chance.choice(self._shops)
        await self._send("PUT", "/api/safetystocks", {"operations": [operation]})

    async def hold(self) -> None:
        """Pieces for an order: for good, for an hour, or too late already."""
        now = self._hub.clock.now(TENANT)
        until = self._chance.choice((None, now - 1, now + HOUR))
        shop_id, article = self._chance.choice(self._shops), self._chance.choice(ARTICLES)
        await held(self._hub, shop_id, article, self._chance.randrange(1, 3), self._own, until)

    async def settle(self) -> None:
        """What the order holds is kept for good, or given back."""
        now, reserving = self._hub.clock.now(TENANT), inventory(self._hub).reserving
        stored = await reserving.of_order(TENANT, self._own)
        kept = reserving.keep(ORIGIN, stored, None, now=now)
        given_back = reserving.release(ORIGIN, stored, now=now)
        await self._hub.db.apply(self._chance.choice((kept, given_back)))

    async def take(self) -> None:
        """Reservations of some order, with their pieces or without."""
        name = self._chance.choice(("REMOVE_RESERVATIONS_KEEP_STOCKS", "REMOVE_RESERVATIONS_REDUCE_STOCKS"))
        selector = {"orderRefs": [self._chance.choice(self._orders)]}
        await self._send("POST", "/api/reservations/actions", {"name": name, "reservationSelector": selector})


@pytest.mark.slow
async def test_stock_agrees_after_many_callers_at_once(admin: Caller, hub: Hub) -> None:
    """Stock comes, changes and goes, pieces are held, kept and released, all at once: the doctor finds nothing."""
    shops = [await shop(admin, number) for number in (1, 2)]
    orders = [f"o{number}" for number in range(CALLERS)]
    locked = ("LOCKED", None, None, 1, None, 1, False)
    await hub.db.apply(Changeset(tuple(Put(ORDERS, TENANT, name, None, 1, ORDER, locked) for name in orders)))
    visitors = [Visitor(admin, hub, shops, orders, number) for number in range(CALLERS)]
    await asyncio.gather(*(visitor.visit() for visitor in visitors))
    answered = [status for visitor in visitors for status in visitor.answered]
    assert set(answered) <= {200, 207, 400, 404, 409, 503}
    assert answered.count(200) >= CALLERS // 2
    results = await examine(hub.db, hub.clock.now(TENANT))
    assert [result.findings for result in results] == [[]] * len(CHECKS)
