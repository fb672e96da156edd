"""Shops with stock, and orders that are promised there, for tests of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from opendoms.app import Hub
from opendoms.db.sqlfile import Query
from opendoms.doctor import CHECKS, examine
from opendoms.kernel.document import decode
from tests.api.caller import Caller
from tests.api.inventories import TENANT, shop
from tests.api.test_orders import order

PROMISE: Final = "/api/promises/deliverypromise"
CLOCK: Final = "/opendoms/v1/clock"
SERVICES: Final = [{"type": "SHIP_FROM_STORE"}, {"type": "PICKUP"}]

Document = dict[str, Any]

_HISTORY: Final = "select entity_kind, entity_id, type, detail, actor from events order by position"


async def stocked_shop(
    caller: Caller, number: int, stock: Mapping[str, int], listing: Document | None = None, **members: Any
) -> str:
    """The id of a shop that lists the articles, and has so many of each."""
    facility = await shop(caller, number, **{"services": SERVICES, **members})
    listings = [{"tenantArticleId": article, "title": article, **(listing or {})} for article in stock]
    answer = await caller.put(f"/api/facilities/{facility}/listings", {"listings": listings})
    assert answer.status_code == 200, answer.text
    pieces = [
        {"tenantArticleId": article, "value": value, "facility": {"facilityRef": facility}}
        for article, value in stock.items()
        if value
    ]
    if pieces:
        answer = await caller.put("/api/stocks", {"stocks": pieces})
        assert answer.status_code == 200, answer.text
    return facility


def lines(*amounts: tuple[str, int]) -> list[Document]:
    """Lines of an order."""
    return [
        {"quantity": quantity, "article": {"tenantArticleId": article, "title": article.title()}}
        for article, quantity in amounts
    ]


def wanted(number: int, *amounts: tuple[str, int], **more: Any) -> Document:
    """An order of some articles, two of A-1 where none are given."""
    return order(number, **({"orderLineItems": lines(*amounts)} if amounts else {}), **more)


async def promised(caller: Caller, body: Document) -> Document:
    """The answer to a request for a promise."""
    answer = await caller.post(PROMISE, body)
    assert answer.status_code == 201, answer.text
    document: Document = answer.json()
    return document


def sent(answer: Document) -> dict[str, dict[str, int]]:
    """What each facility sends to the consumer, by article."""
    return {
        shipment["facility"]["facilityRef"]: {
            item["tenantArticleId"]: item["quantity"] for item in shipment["lineItems"]
        }
        for shipment in answer["shipToCustomer"]
    }


def missing(answer: Document) -> dict[str, int]:
    """What nobody can serve."""
    items = answer["sourcingOption"].get("nonAssignedOrderLineItems", [])
    return {item["tenantArticleId"]: item["quantity"] for item in items}


async def act(caller: Caller, order_id: str, name: str, version: int, **members: Any) -> Document:
    """The order after an action."""
    answer = await caller.post(f"/api/orders/{order_id}/actions", {"name": name, "version": version, **members})
    assert answer.status_code == 200, answer.text
    document: Document = answer.json()
    return document


async def reservations(caller: Caller, order_id: str) -> list[Document]:
    """The reservations of an order that are stored."""
    found = (await caller.get("/api/reservations?size=100")).json()["reservations"]
    return [each for each in found if order_id in each["relatedRefs"]["orderRefs"]]


async def history(hub: Hub, kind: str = "ORDER") -> list[tuple[str, str, Document | None]]:
    """What happened to entities of a kind: id, type, detail; oldest first."""
    rows = await hub.db.rows(Query("history", _HISTORY, _HISTORY, ()), {})
    return [(row[1], row[2], None if row[3] is None else decode(row[3])) for row in rows if row[0] == kind]


async def is_sound(hub: Hub) -> None:
    """The doctor finds nothing."""
    results = await examine(hub.db, hub.clock.now(TENANT))
    assert [result.findings for result in results] == [[]] * len(CHECKS)
