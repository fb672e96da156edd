"""Promises through the API: decided on stock, held with the order, explained."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.app import Hub
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.inventories import available
from tests.api.promising import (
    PROMISE,
    history,
    is_sound,
    missing,
    promised,
    reservations,
    sent,
    stocked_shop,
    wanted,
)
from tests.api.test_carriers import create as create_carrier
from tests.api.test_facility_carriers import connect
from tests.api.test_orders import UNKNOWN, order


async def test_a_promise_is_stored_and_its_goods_are_held(admin: Caller, hub: Hub) -> None:
    """201 with Location; the order waits as PROMISED, its pieces are not there for others, its event tells of them."""
    shop = await stocked_shop(admin, 1, {"A-1": 5})
    answer = await admin.post(PROMISE, wanted(1))
    assert answer.status_code == 201
    body = answer.json()
    assert answer.headers["location"] == f"http://hub.test/api/orders/{body['orderRef']}"
    assert sent(body) == {shop: {"A-1": 2}}
    stored = (await admin.get(f"/api/orders/{body['orderRef']}")).json()
    assert (stored["status"], stored["version"]) == ("PROMISED", body["orderVersion"]) == ("PROMISED", 1)
    assert stored["promisesOptions"] == body["promisesOptions"]
    target = body["sourcingOption"]["transfers"][0]["timeLine"]["targetTime"]
    assert stored["deliveryPreferences"]["targetTime"] == target
    (held,) = await reservations(admin, body["orderRef"])
    line = stored["orderLineItems"][0]["id"]
    assert (held["facilityRef"], held["quantity"], held["orderLineItemId"]) == (shop, 2, line)
    assert held["validUntil"] == stored["promisesOptions"]["validUntil"]
    assert held["relatedRefs"]["processRefs"] == [stored["processId"]]
    assert await available(hub, shop, "A-1") == 3
    reserved = {"orderLineItemId": line, "facilityRef": shop, "tenantArticleId": "A-1", "quantity": 2}
    assert await history(hub) == [
        (body["orderRef"], "ORDER_PROMISED", {"reserved": [reserved], "unreserved": []}),
    ]
    await is_sound(hub)


async def test_a_promise_holds_as_long_as_it_says(admin: Caller) -> None:
    """As configured where the request does not say; a business key may come with the confirmation."""
    await admin.put("/api/configurations/promises", {"invalidAfterTime": "PT30M", "version": 0})
    body = wanted(1)
    del body["tenantOrderId"]
    answer = await promised(admin, body)
    stored = (await admin.get(f"/api/orders/{answer['orderRef']}")).json()
    assert "tenantOrderId" not in stored
    created, until = stored["created"], stored["promisesOptions"]["validUntil"]
    assert until > created
    assert await minutes(created, until) == 30


async def minutes(start: str, end: str) -> float:
    """Between two instants."""
    from opendoms.kernel.clock import instant_from  # noqa: PLC0415 - here alone

    return (instant_from(end) - instant_from(start)) / 60_000


async def test_what_nobody_has_is_told_and_not_held(admin: Caller, hub: Hub) -> None:
    """Decision D18: what may wait is backordered with its date, the rest is not assigned; the event says which."""
    start = "2099-01-01T00:00:00.000Z"
    config = {"preorder": {"availabilityTimeframe": {"start": start}}}
    late = {"outOfStockBehaviour": "PREORDER", "outOfStockConfig": config}
    first = await stocked_shop(admin, 1, {"A-1": 1, "A-2": 0}, late)
    await stocked_shop(admin, 2, {"A-3": 0})
    answer = await promised(admin, wanted(1, ("A-1", 3), ("A-2", 1), ("A-3", 2), ("A-4", 1)))
    assert sent(answer) == {first: {"A-1": 1}}
    waiting = [(item["tenantArticleId"], item["quantity"]) for item in answer["backOrdered"]["lineItems"]]
    assert waiting == [("A-1", 2), ("A-2", 1)]
    assert {item["availabilityTimeframe"]["start"] for item in answer["backOrdered"]["lineItems"]} == {start}
    assert missing(answer) == {"A-3": 2, "A-4": 1}
    assert [each["quantity"] for each in await reservations(admin, answer["orderRef"])] == [1]
    ((_, _, detail),) = await history(hub)
    assert detail is not None
    assert [(each["tenantArticleId"], each["quantity"]) for each in detail["unreserved"]] == [
        ("A-1", 2),
        ("A-2", 1),
        ("A-3", 2),
        ("A-4", 1),
    ]
    await is_sound(hub)


async def test_a_tenant_without_anything_gets_an_answer(admin: Caller, hub: Hub) -> None:
    """Neither facilities nor stock: everything is missing, nothing is sent, the order waits all the same."""
    answer = await promised(admin, wanted(1))
    assert (answer["shipToCustomer"], missing(answer)) == ([], {"A-1": 2})
    stored = (await admin.get(f"/api/orders/{answer['orderRef']}")).json()
    assert (stored["status"], "deliveryPreferences" in stored) == ("PROMISED", False)


async def test_a_carrier_is_told_with_days_and_costs(admin: Caller) -> None:
    """Category and costs are those of the connection's configuration (D73)."""
    shop = await stocked_shop(admin, 1, {"A-1": 5})
    carrier = await create_carrier(admin, status="ACTIVE")
    configuration = {
        "transitTime": {"minTransitDays": 1, "maxTransitDays": 2},
        "carrierProductCategory": "EXPRESS",
        "deliveryCosts": [{"cost": 4.99, "currency": "EUR"}],
    }
    path = f"/api/facilities/{shop}/carriers/{carrier['id']}"
    await connect(admin, path, status="ACTIVE", configuration=configuration)
    wish = {"shipping": {"carrierProductCategory": "EXPRESS"}}
    (shipment,) = (await promised(admin, wanted(1, deliveryPreferences=wish)))["shipToCustomer"]
    (told,) = shipment["carriers"]
    assert (told["carrierRef"], told["carrierKey"], "deliveryPromiseValidUntil" in told) == (
        carrier["id"],
        carrier["key"],
        True,
    )
    (product,) = told["products"]
    assert product["deliveryCosts"] == [{"cost": 4.99, "currency": "EUR"}]
    assert product["transitTime"] == {"minTransitDays": 1, "maxTransitDays": 2}
    assert product["estimatedDeliveryTime"]["minDeliveryDays"] >= 1
    other = {"shipping": {"carrierProductCategory": "FORWARDING"}}
    assert sent(await promised(admin, wanted(2, deliveryPreferences=other))) == {}


async def test_an_order_is_collected_with_goods_from_elsewhere(admin: Caller, hub: Hub) -> None:
    """The shop gives what it has, its supplier sends the rest to it; both are held."""
    here = await stocked_shop(admin, 1, {"A-1": 1})
    there = await stocked_shop(admin, 2, {"A-1": 5})
    event = {"deliveryTarget": "SHIP_TO_STORE", "deliveryTrigger": "DEFAULT"}
    supplier = {"tenantFacilityId": "K2", "deliveryEvents": [event]}
    collect = {"tenantFacilityId": "K1", "supplyingFacilitiesConfigurations": [supplier]}
    answer = await promised(admin, wanted(1, ("A-1", 3), deliveryPreferences={"collect": [collect]}))
    assert answer["collect"]["facility"]["facilityRef"] == here
    assert [item["quantity"] for item in answer["collect"]["lineItems"]] == [3]
    (transfer,) = answer["shipToStore"]
    assert (transfer["facility"]["facilityRef"], transfer["lineItems"][0]["quantity"]) == (there, 2)
    held = {each["facilityRef"]: each["quantity"] for each in await reservations(admin, answer["orderRef"])}
    assert held == {here: 1, there: 2}
    stored = (await admin.get(f"/api/orders/{answer['orderRef']}")).json()
    assert stored["deliveryPreferences"]["targetTime"] == answer["collect"]["targetTime"]
    await is_sound(hub)


async def test_the_custom_attributes_of_listings_are_told_where_they_are_asked_for(admin: Caller) -> None:
    """Of the listings that the promise draws on; they do not become part of the order."""
    shop = await stocked_shop(admin, 1, {"A-1": 5}, {"customAttributes": {"shelf": 7}})
    await stocked_shop(admin, 2, {"A-1": 1}, {"customAttributes": {"shelf": 8}})
    info = {"includeListingCustomAttributes": True}
    answer = await promised(admin, wanted(1, additionalInfo=info))
    details = answer["sourcingOption"]["listingDetails"]
    assert details == [{"facilityRef": shop, "tenantArticleId": "A-1", "customAttributes": {"shelf": 7}}]
    assert "listingDetails" not in (await promised(admin, wanted(2)))["sourcingOption"]
    assert "additionalInfo" not in (await admin.get(f"/api/orders/{answer['orderRef']}")).json()


async def test_a_promise_is_explained(admin: Caller) -> None:
    """In words and as data: what spoke for the place that sends, and against the others; also after a restart."""
    rich = await stocked_shop(admin, 1, {"A-1": 5})
    poor = await stocked_shop(admin, 2, {"A-1": 1})
    closed = await stocked_shop(admin, 3, {"A-1": 5}, status="OFFLINE")
    answer = await promised(admin, wanted(1, additionalInfo={"resourceInvestment": {"level": 1}}))
    explained = (await admin.get(f"/opendoms/v1/promises/{answer['orderRef']}/explanation")).json()
    assert [(each["facilityRef"], each["chosen"]) for each in explained["facilities"]] == [
        (rich, True),
        (poor, False),
        (closed, False),
    ]
    told = {each["facilityRef"]: each for each in explained["facilities"]}
    assert [fact["reason"] for fact in told[rich]["speaksFor"]] == ["HAS_ALL", "HANDS_OVER", "CHOSEN"]
    assert {"reason": "NOT_ONLINE", "sentence": "Takes no new work: it is OFFLINE.", "data": {"status": "OFFLINE"}} in (
        told[closed]["speaksAgainst"]
    )
    assert explained["search"] == {
        "candidates": 2,
        "placesMax": 2,
        "level": 1.0,
        "proved": True,
        "shipmentsMax": 1,
    }
    assert explained["summary"][0].startswith("Shop 1 sends 2 pieces to the consumer, handed over at ")


async def test_only_promises_of_the_own_tenant_are_explained(admin: Caller, caller_for: CallerFor) -> None:
    """404 for what is unknown, for an order that was placed without a promise, and for another tenant's."""
    placed = (await admin.post("/api/orders", order(1))).json()["id"]
    answer = await promised(admin, wanted(2))
    other = await caller_for(tenant="other")
    for caller, order_id in ((admin, UNKNOWN), (admin, placed), (other, answer["orderRef"])):
        (summary,) = await caller.refused(404, "GET", f"/opendoms/v1/promises/{order_id}/explanation")
        assert summary.startswith("Unknown promise of order")


@pytest.mark.parametrize(
    ("more", "summary"),
    [
        ({"additionalInfo": {"resourceInvestment": {"level": 0}}}, "additionalInfo.resourceInvestment.level"),
        ({"additionalInfo": {"resourceInvestment": {"level": 1.5}}}, "additionalInfo.resourceInvestment.level"),
        ({"additionalInfo": {"resourceInvestment": {}}}, "additionalInfo.resourceInvestment.level"),
        ({"orderLineItems": []}, "orderLineItems"),
        ({"source": {"sourceRef": "x"}}, "source"),
        ({"pricing": {}}, "pricing"),
        ({"tags": []}, "tags"),
        ({"tags": [{"id": "nothing", "value": "x"}]}, "tags[0].id"),
        ({"consumer": {"facilityRef": UNKNOWN}}, "consumer.facilityRef"),
        ({"promisesOptions": {"validUntil": "2020-01-01T00:00:00Z"}}, "promisesOptions.validUntil"),
        ({"promisesOptions": {"validUntil": "2099-01-01T00:00:00Z"}}, "promisesOptions.validUntil"),
    ],
)
async def test_a_wrong_request_is_refused_by_name(admin: Caller, hub: Hub, more: dict[str, Any], summary: str) -> None:
    """The level is above 0; source and pricing belong to orders alone; a promise holds a minute to 8 hours."""
    (refusal,) = await admin.refused(400, "POST", PROMISE, order(**more))
    assert refusal.startswith(summary)
    assert await history(hub) == []


async def test_the_status_of_a_request_is_passed_over(admin: Caller) -> None:
    """Decision D7: a sample of the vendor's sends OPEN."""
    answer = await promised(admin, wanted(1, status="OPEN"))
    assert (await admin.get(f"/api/orders/{answer['orderRef']}")).json()["status"] == "PROMISED"


async def test_a_business_key_that_is_held_is_refused(admin: Caller, hub: Hub) -> None:
    """409 names the holder, which may be a promise; nothing is held for the second one."""
    shop = await stocked_shop(admin, 1, {"A-1": 5})
    first = await promised(admin, wanted(1))
    (summary,) = await admin.refused(409, "POST", PROMISE, wanted(1))
    assert summary == f"tenantOrderId: shop-1 is held by order {first['orderRef']}, which is PROMISED"
    assert await available(hub, shop, "A-1") == 3
    assert len(await history(hub)) == 1


async def test_promising_needs_the_permission_to_write_orders(caller_for: CallerFor) -> None:
    """Explaining needs the one to read them."""
    reader = await caller_for("ORDER_READ")
    await reader.refused(403, "POST", PROMISE, order())
    writer = await caller_for("ORDER_WRITE")
    await writer.refused(403, "GET", f"/opendoms/v1/promises/{UNKNOWN}/explanation")


async def test_another_tenants_stock_is_not_promised(admin: Caller, caller_for: CallerFor) -> None:
    """Neither facilities nor pieces are seen across tenants."""
    await stocked_shop(admin, 1, {"A-1": 5})
    other = await caller_for(tenant="other")
    assert missing(await promised(other, wanted(1))) == {"A-1": 2}
