"""Reservations through the API."""

from __future__ import annotations

from typing import Any

from opendoms.app import Hub
from tests.api.caller import Caller
from tests.api.inventories import available, held, shop, stock, stocked
from tests.api.test_orders import ORDER

PATH = "/api/reservations"


async def reservations(caller: Caller) -> list[dict[str, Any]]:
    """All of them, newest first."""
    found: list[dict[str, Any]] = (await caller.get(f"{PATH}?size=100")).json()["reservations"]
    return found


def removal(**selector: Any) -> dict[str, Any]:
    """Takes reservations away; their pieces stay."""
    return {"name": "REMOVE_RESERVATIONS_KEEP_STOCKS", "reservationSelector": selector}


async def test_reservations_are_listed_and_read(admin: Caller, hub: Hub) -> None:
    """Newest first, page by page without a gap; each under its id, as it is stored."""
    facility = await shop(admin)
    await stocked(admin, facility, "a", 9)
    for number in range(5):
        await held(hub, facility, "a", 1, f"o{number}")
    seen: list[str] = []
    after = ""
    for expected in (2, 2, 1):
        body = (await admin.get(f"{PATH}?size=2{after}")).json()
        assert (body["total"], len(body["reservations"])) == (5, expected)
        seen += [each["relatedRefs"]["orderRefs"][0] for each in body["reservations"]]
        assert body["pageInfo"]["hasNextPage"] == (len(seen) < 5)
        after = f"&after={body['pageInfo']['endCursor']}"
    assert seen == ["o4", "o3", "o2", "o1", "o0"]
    first = (await reservations(admin))[0]
    assert (await admin.get(f"{PATH}/{first['id']}")).json() == first
    assert (await admin.unjudged("GET", f"{PATH}/gone")).status_code == 404
    (fault,) = await admin.refused(400, "GET", f"{PATH}?after=x")
    assert fault.startswith("after: ")


SEARCHES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["o1", "o2", "o3"]),
    ({"tenantArticleId": {"eq": "b"}}, ["o3"]),
    ({"relatedRefs": {"orderRefs": {"contains": {"eq": "o2"}}}}, ["o2"]),
    ({"relatedRefs": {"pickJobRefs": {"contains": {"eq": "o2"}}}}, []),
    (
        {"or": [{"tenantArticleId": {"eq": "b"}}, {"relatedRefs": {"orderRefs": {"contains": {"eq": "o1"}}}}]},
        ["o1", "o3"],
    ),
]


async def test_searches_find_what_they_ask_for(admin: Caller, hub: Hub) -> None:
    """By article and by order, oldest first."""
    facility = await shop(admin)
    for number, article in enumerate("aab", start=1):
        if number != 2:
            await stocked(admin, facility, article, 5)
        await held(hub, facility, article, 1, f"o{number}")
    for query, expected in SEARCHES:
        body = {"query": query, "sort": [{"created": "ASC"}], "options": {"withTotal": True}}
        answer = (await admin.post(f"{PATH}/search", body)).json()
        assert [each["relatedRefs"]["orderRefs"][0] for each in answer["reservations"]] == expected, query
        assert answer["total"] == len(expected)


async def test_pieces_can_be_had_again_when_reservations_are_taken_away(admin: Caller, hub: Hub) -> None:
    """By id, by order, by the caller's own id of the order, by what holds of them; a second time there is nothing."""
    facility = await shop(admin)
    created = await stocked(admin, facility, "a", 9)
    order = (await admin.post("/api/orders", ORDER)).json()
    for name in ("o1", "o2", "o3", order["id"]):
        await held(hub, facility, "a", 2, name)
    by_order = {each["relatedRefs"]["orderRefs"][0]: each["id"] for each in await reservations(admin)}
    for left, selector in (
        (3, {"reservationRefs": [by_order["o1"], "gone"]}),
        (5, {"orderRefs": ["o2"]}),
        (7, {"tenantOrderIds": [order["tenantOrderId"]]}),
        (9, {"reservationPredicate": {"facilityRef": {"eq": facility}}}),
    ):
        answer = await admin.post(f"{PATH}/actions", removal(**selector))
        assert [each["status"] for each in answer.json()] == ["DELETED"]
        assert "stockOperations" not in answer.json()[0]
        assert await available(hub, facility, "a") == left
        assert (await admin.post(f"{PATH}/actions", removal(**selector))).json() == []
    assert (await stock(admin, created["id"]))["value"] == 9


async def test_all_members_of_a_selector_must_hold(admin: Caller, hub: Hub) -> None:
    """A reservation that only one of them names stays."""
    facility = await shop(admin)
    await stocked(admin, facility, "a", 9)
    for name in ("o1", "o2"):
        await held(hub, facility, "a", 1, name)
    two, one = await reservations(admin)
    for selector in (
        {"reservationRefs": [one["id"]], "orderRefs": ["o2"]},
        {"orderRefs": ["o1"], "reservationPredicate": {"id": {"eq": two["id"]}}},
        {"reservationRefs": [one["id"]], "tenantOrderIds": ["none"]},
        {"routingPlanRefs": ["r"]},
        {"orderRefs": ["o1"], "routingPlanRefs": ["r"]},
    ):
        assert (await admin.post(f"{PATH}/actions", removal(**selector))).json() == []
    assert len(await reservations(admin)) == 2
    (fault,) = await admin.refused(400, "POST", f"{PATH}/actions", removal())
    assert fault.startswith("reservationSelector: ")
    (fault,) = await admin.refused(400, "POST", f"{PATH}/actions", removal(orderRefs=["o1"], orderRef=["o1"]))
    assert fault.startswith("reservationSelector")


async def test_pieces_leave_with_their_reservations(admin: Caller, hub: Hub) -> None:
    """First from the stock that they sit on; a stock that is emptied goes, unless it is to be kept at zero."""
    facility = await shop(admin)
    soon = await stocked(admin, facility, "a", 2, availableUntil="2100-01-01T00:00:00Z")
    kept = await stocked(admin, facility, "a", 3, traitConfig=[{"trait": "KEEP_ON_ZERO", "enabled": True}])
    last = await stocked(admin, facility, "a", 4)
    await held(hub, facility, "a", 6)
    body = {**removal(orderRefs=["o1"]), "name": "REMOVE_RESERVATIONS_REDUCE_STOCKS"}
    (result,) = (await admin.post(f"{PATH}/actions", body)).json()
    assert result["stockOperations"] == [
        {"status": "DELETED", "stock": {"id": soon["id"], "version": 1}},
        {"status": "REDUCED", "stock": {"id": kept["id"], "version": 2}},
        {"status": "REDUCED", "stock": {"id": last["id"], "version": 2}},
    ]
    assert (await admin.unjudged("GET", f"/api/stocks/{soon['id']}")).status_code == 404
    assert (await stock(admin, kept["id"]))["value"] == 0
    assert (await stock(admin, last["id"]))["available"] == 3
    assert await available(hub, facility, "a") == 3
    assert await reservations(admin) == []
