"""A promise that nobody confirms ends by itself, at its end and not before."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.kernel.clock import text_of
from opendoms.orders.rules.acting import PROMISE_EXPIRY
from opendoms.settings import Settings
from tests.api.caller import Caller
from tests.api.inventories import available
from tests.api.promising import PROMISE, is_sound, sent, stocked_shop
from tests.api.promising import promised as answer_to
from tests.api.test_orders import events, order

HOUR_MS = 3_600_000
CLOCK = "/opendoms/v1/clock"


@pytest.fixture
def settings(database_url: str) -> Settings:
    """A sandbox, whose clock a test can move."""
    return Settings(database=database_url, log_requests=False, sandbox=True)


async def promised(admin: Caller, hub: Hub, number: int = 1) -> dict[str, Any]:
    """An order that is promised for an hour."""
    until = hub.clock.now("default") + HOUR_MS
    answer = await admin.post(PROMISE, order(number, promisesOptions={"validUntil": text_of(until)}))
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = (await admin.get(f"/api/orders/{answer.json()['orderRef']}")).json()
    return document


async def status(admin: Caller, order_id: str) -> str:
    """The stored state."""
    told: str = (await admin.get(f"/api/orders/{order_id}")).json()["status"]
    return told


async def test_a_promise_expires_when_its_time_has_passed(admin: Caller, hub: Hub) -> None:
    """A minute before its end nothing has happened; a minute later it is OBSOLETE, and its business key is free."""
    document = await promised(admin, hub)
    advanced = await admin.put(CLOCK, {"advance": "PT59M"})
    assert (advanced.status_code, advanced.json()["ran"]) == (200, [])
    assert await status(admin, document["id"]) == "PROMISED"
    ran = (await admin.put(CLOCK, {"advance": "PT2M"})).json()["ran"]
    assert [(each["kind"], each["entityId"]) for each in ran] == [(PROMISE_EXPIRY, document["id"])]
    assert await status(admin, document["id"]) == "OBSOLETE"
    history = [told for order_id, _, told in await events(hub) if order_id == document["id"]]
    assert history == ["ORDER_PROMISED", "ORDER_PROMISE_EXPIRED"]
    assert (await admin.post("/api/orders", order())).status_code == 201


async def test_a_confirmed_promise_does_not_expire(admin: Caller, hub: Hub) -> None:
    """It is OPEN, it may take its business key now, and its timer is gone."""
    document = await promised(admin, hub)
    confirmed = await admin.post(
        f"/api/orders/{document['id']}/actions",
        {"name": "CONFIRM_PROMISE", "version": 1, "tenantOrderId": "confirmed"},
    )
    assert (confirmed.json()["status"], confirmed.json()["tenantOrderId"]) == ("OPEN", "confirmed")
    assert (await admin.put(CLOCK, {"advance": "PT3H"})).json()["ran"] == []
    assert await status(admin, document["id"]) == "OPEN"


async def test_a_promise_is_not_confirmed_with_a_key_that_is_held(admin: Caller, hub: Hub) -> None:
    """409 names the holder; the promise stays as it is."""
    holder = (await admin.post("/api/orders", order(7))).json()
    document = await promised(admin, hub)
    confirm = {"name": "CONFIRM_PROMISE", "version": 1, "tenantOrderId": "shop-7"}
    assert await admin.refused(409, "POST", f"/api/orders/{document['id']}/actions", confirm) == [
        f"tenantOrderId: shop-7 is held by order {holder['id']}, which is OPEN"
    ]
    assert (await admin.get(f"/api/orders/{document['id']}")).json()["version"] == 1


async def test_an_extended_promise_expires_later(admin: Caller, hub: Hub) -> None:
    """Extending moves the timer: eight hours from then by the default configuration."""
    document = await promised(admin, hub)
    extended = await admin.post(f"/api/orders/{document['id']}/actions", {"name": "EXTEND_PROMISE", "version": 1})
    assert extended.status_code == 200
    assert (await admin.put(CLOCK, {"advance": "PT7H"})).json()["ran"] == []
    assert await status(admin, document["id"]) == "PROMISED"
    assert len((await admin.put(CLOCK, {"advance": "PT2H"})).json()["ran"]) == 1
    assert await status(admin, document["id"]) == "OBSOLETE"


@pytest.mark.parametrize("name", ["CONFIRM_PROMISE", "EXTEND_PROMISE"])
async def test_a_promise_that_has_expired_counts_as_not_found(admin: Caller, hub: Hub, name: str) -> None:
    """404, as the contract words it."""
    document = await promised(admin, hub)
    await admin.put(CLOCK, {"advance": "PT1H"})
    (summary,) = await admin.refused(404, "POST", f"/api/orders/{document['id']}/actions", {"name": name, "version": 2})
    assert "ran out" in summary


async def test_the_goods_of_a_promise_are_free_when_the_clock_has_passed_its_end(admin: Caller, hub: Hub) -> None:
    """What the sandbox promises for an hour can be had by somebody else two hours later, all of it."""
    shop = await stocked_shop(admin, 1, {"A-1": 2})
    document = await promised(admin, hub)
    assert sent(await answer_to(admin, order(2))) == {}
    await admin.put(CLOCK, {"advance": "PT59M"})
    assert await available(hub, shop, "A-1") == 0
    await admin.put(CLOCK, {"advance": "PT1M"})
    assert await available(hub, shop, "A-1") == 2
    assert await status(admin, document["id"]) == "OBSOLETE"
    assert sent(await answer_to(admin, order(3))) == {shop: {"A-1": 2}}
    await is_sound(hub)
