"""SIGKILL while goods are promised, confirmed and cancelled: nothing leaks, and nothing is sold twice."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import httpx

from opendoms.db.connect import engine_for
from opendoms.identity.issuing import issue_token
from opendoms.kernel.clock import SystemClock
from tests.promises.shops import HOME, TENANT, Shops
from tests.server import Server

ROUNDS = 2
CUSTOMERS = 8
PIECES = {"a": 400, "b": 300}


class Answered:
    """What the server has answered: the status of each order, and the pieces that it sends."""

    def __init__(self) -> None:
        self.statuses: dict[str, str] = {}
        self.pieces: dict[str, int] = {}


async def customer(http: httpx.AsyncClient, answered: Answered, dice: random.Random) -> None:
    """Asks for promises, and confirms, extends or cancels them, until the server is gone."""
    while True:
        lines = [
            {"quantity": dice.randint(1, 3), "article": {"tenantArticleId": article, "title": article}}
            for article in dice.sample(list(PIECES), dice.randint(1, 2))
        ]
        body = {"orderDate": "2026-11-20T08:00:00Z", "consumer": {"addresses": [HOME]}, "orderLineItems": lines}
        answer = await http.post("/api/promises/deliverypromise", json=body)
        assert answer.status_code == 201, answer.text
        promise = answer.json()
        order_id = promise["orderRef"]
        items = [item for shipment in promise["shipToCustomer"] for item in shipment["lineItems"]]
        answered.pieces[order_id] = sum(item["quantity"] for item in items)
        answered.statuses[order_id] = "PROMISED"
        name, status = dice.choice(
            (("CONFIRM_PROMISE", "OPEN"), ("EXTEND_PROMISE", "PROMISED"), ("CANCEL", "CANCELLED"))
        )
        answered.statuses[order_id] = f"PROMISED or {status}"
        moved = await http.post(f"/api/orders/{order_id}/actions", json={"name": name, "version": 1})
        assert moved.status_code == 200, moved.text
        answered.statuses[order_id] = status


async def trade_until_killed(server: Server, access: str, answered: Answered, dice: random.Random) -> None:
    """Everyone trades until the process is killed in the middle of it."""
    headers = {"Authorization": f"Bearer {access}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=10) as http:
        work = [asyncio.ensure_future(customer(http, answered, dice)) for _ in range(CUSTOMERS)]
        await asyncio.sleep(0.3 + dice.random() / 4)
        await asyncio.to_thread(server.kill)
        for outcome in await asyncio.gather(*work, return_exceptions=True):
            assert isinstance(outcome, httpx.TransportError), repr(outcome)


async def check(shops: Shops, answered: Answered) -> None:
    """Each order that was answered is as it was answered, and its pieces are held, or let go, with it."""
    held: dict[str, int] = {}
    for order_id, status in answered.statuses.items():
        stored = await shops.order(order_id)
        assert stored["status"] in status.split(" or ")
        held[order_id] = sum((await shops.held(order_id)).values())
        assert held[order_id] == (0 if stored["status"] == "CANCELLED" else answered.pieces[order_id])
    assert 0 < sum(held.values()) <= sum(PIECES.values())
    await shops.is_sound()


async def test_nothing_leaks_and_nothing_is_sold_twice(database_url: str, tmp_path: Path) -> None:
    """The server is killed in the middle of trading, twice; orders and goods agree, and the doctor finds nothing."""
    dice, answered = random.Random(7), Answered()  # noqa: S311 - when to kill is no secret
    engine = engine_for(database_url)
    await engine.open()
    shops = Shops(engine, SystemClock())
    for name in ("K1", "K2"):
        await shops.open(name, {article: pieces // 2 for article, pieces in PIECES.items()})
    roles = ["ADMIN"]
    access = await issue_token(
        engine, SystemClock(), subject="tester", tenant=TENANT, roles=roles, permissions=[], expires_s=3600
    )
    for _ in range(ROUNDS):
        before = len(answered.statuses)
        with Server(database_url, tmp_path / "server.log") as server:
            await trade_until_killed(server, access, answered, dice)
        assert len(answered.statuses) > before
        await check(shops, answered)
    await engine.close()
