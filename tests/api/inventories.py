"""Facilities, listings and stock for tests of the API, and pieces that are held as an order would."""

from __future__ import annotations

from typing import Any, Final

from opendoms.app import Hub, actions_of
from opendoms.inventory.assembly import Inventory
from opendoms.inventory.rules.reserving import Purpose, Wanted
from opendoms.kernel.changeset import Origin
from tests.api.caller import Caller
from tests.api.test_facilities import create, facility

TENANT: Final = "default"
ORIGIN: Final = Origin(TENANT, "tester", "test")

Document = dict[str, Any]


async def shop(caller: Caller, number: int = 1, **members: Any) -> str:
    """The id of a new facility with the own id K<number>."""
    created = await create(caller, facility(number, **members))
    return str(created["id"])


async def stocked(caller: Caller, facility_ref: str, article: str, value: int, **members: Any) -> Document:
    """A new stock, as it was answered."""
    body = {"tenantArticleId": article, "value": value, "facility": {"facilityRef": facility_ref}, **members}
    answer = await caller.post("/api/stocks", body)
    assert answer.status_code == 201, answer.text
    created: Document = answer.json()
    return created


async def stock(caller: Caller, stock_id: str) -> Document:
    """A stock as it is answered now."""
    answer = await caller.get(f"/api/stocks/{stock_id}")
    assert answer.status_code == 200, answer.text
    found: Document = answer.json()
    return found


def inventory(hub: Hub) -> Inventory:
    """The actions of stock on the hub's database."""
    return actions_of(hub).inventory


async def held(  # noqa: PLR0913, PLR0917 - what a test may say of a reservation
    hub: Hub, facility_ref: str, article: str, quantity: int, order: str = "o1", until: int | None = None
) -> None:
    """Holds pieces for an order. Raises Short."""
    slices = inventory(hub)
    now = hub.clock.now(TENANT)
    levels = await slices.levels.ready(TENANT, [article], [facility_ref], now)
    wanted = [Wanted(levels[article, facility_ref], quantity)]
    hosts = await slices.reserving.hosts(TENANT, wanted, now)
    await hub.db.apply(slices.reserving.reserve(ORIGIN, wanted, Purpose(order, until), hosts, now=now))


async def available(hub: Hub, facility_ref: str, article: str) -> int:
    """The pieces that can be promised now."""
    now = hub.clock.now(TENANT)
    levels = await inventory(hub).levels.read(TENANT, [article], [facility_ref], now)
    return levels[article, facility_ref].available
