"""Actions on orders through the API: moves, lines, many at once, and what could be asked for."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.orders.lifecycle import TABLE, Move
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.test_orders import UNKNOWN, events, order

ALLOW_FORCE = {"allowForceCancelOrder": True, "version": 0}
ADDRESS = {"street": "Other", "city": "Bonn", "postalCode": "53111", "country": "DE"}


async def created(caller: Caller, number: int = 1, **more: Any) -> dict[str, Any]:
    """A fresh order."""
    answer = await caller.post("/api/orders", order(number, **more))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def actions(order_id: str) -> str:
    """The path of the actions of an order."""
    return f"/api/orders/{order_id}/actions"


async def test_a_locked_order_is_unlocked(admin: Caller, hub: Hub) -> None:
    """LOCKED becomes OPEN, the target time is taken over, and the event says so."""
    locked = await created(admin, status="LOCKED", statusReasons=[{"status": "LOCKED", "reason": "Fraud check"}])
    answer = await admin.post(
        actions(locked["id"]), {"name": "UNLOCK", "version": 1, "targetTime": "2026-12-01T12:00:00+02:00"}
    )
    assert answer.status_code == 200
    body = answer.json()
    assert body == {
        **locked,
        "status": "OPEN",
        "version": 2,
        "lastModified": body["lastModified"],
        "deliveryPreferences": {"targetTime": "2026-12-01T10:00:00.000Z"},
    }
    assert (await admin.get(f"/api/orders/{locked['id']}")).content == answer.content
    assert await events(hub) == [(locked["id"], 1, "ORDER_CREATED"), (locked["id"], 2, "ORDER_UNLOCKED")]


async def test_an_order_is_cancelled_with_a_reason(admin: Caller) -> None:
    """The reason is a snapshot: deleting it later changes no order. The business key is free again."""
    made = await admin.post(
        "/api/cancelationreasons", {"reason": "Fraud", "reasonLocalized": {"en_US": "Fraud", "de_DE": "Betrug"}}
    )
    reason = made.json()
    body = await created(admin)
    cancelled = await admin.post(
        actions(body["id"]), {"name": "CANCEL", "version": 1, "cancelationReasonId": reason["id"]}
    )
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "CANCELLED")
    assert cancelled.json()["cancelationReason"] == reason
    await admin.call("DELETE", f"/api/cancelationreasons/{reason['id']}")
    assert (await admin.get(f"/api/orders/{body['id']}")).content == cancelled.content
    assert (await created(admin))["tenantOrderId"] == body["tenantOrderId"]


async def test_an_unknown_reason_is_refused(admin: Caller, hub: Hub) -> None:
    """Decision D13: 400, and the order stays as it is."""
    body = await created(admin)
    asked = {"name": "CANCEL", "version": 1, "cancelationReasonId": "none"}
    assert await admin.refused(400, "POST", actions(body["id"]), asked) == [
        "cancelationReasonId: no cancelation reason has this id"
    ]
    assert (await admin.get(f"/api/orders/{body['id']}")).json() == body
    assert len(await events(hub)) == 1


async def test_forced_cancelation_is_switched_on_by_the_configuration(admin: Caller) -> None:
    """Off at first: 400 that says how to switch it on."""
    body = await created(admin)
    asked = {"name": "FORCE_CANCEL", "version": 1}
    assert await admin.refused(400, "POST", actions(body["id"]), asked) == ["name: forced cancelation is switched off"]
    await admin.put("/api/configurations/ordercancelation", ALLOW_FORCE)
    assert (await admin.post(actions(body["id"]), asked)).json()["status"] == "CANCELLED"


@pytest.mark.parametrize("name", ["CONFIRM_PROMISE", "EXTEND_PROMISE"])
async def test_an_order_that_is_no_promise_is_told_so(admin: Caller, name: str) -> None:
    """400 in the table's words."""
    body = await created(admin)
    (summary,) = await admin.refused(400, "POST", actions(body["id"]), {"name": name, "version": 1})
    assert summary.startswith("status: the order is OPEN")


async def test_addresses_are_changed_and_replaced(admin: Caller) -> None:
    """The deprecated actions work still."""
    body = await created(admin)
    changed = await admin.post(
        actions(body["id"]),
        {
            "name": "CHANGE_CONSUMER_ADDRESS",
            "version": 1,
            "addressType": "INVOICE_ADDRESS",
            "consumerAddress": ADDRESS,
        },
    )
    assert changed.json()["consumer"]["addresses"] == [
        *body["consumer"]["addresses"],
        {**ADDRESS, "addressType": "INVOICE_ADDRESS"},
    ]
    replaced = await admin.post(
        actions(body["id"]), {"name": "REPLACE_CONSUMER_ADDRESSES", "version": 2, "consumerAddresses": [ADDRESS]}
    )
    assert replaced.json()["consumer"]["addresses"] == [ADDRESS]


@pytest.mark.parametrize(
    ("asked", "summary"),
    [
        ({"version": 1}, "name"),
        ({"name": "LAUNCH", "version": 1}, "name"),
        ({"name": "CANCEL"}, "version"),
        ({"name": "CANCEL", "version": -1}, "version"),
        ({"name": "CANCEL", "version": "1"}, "version"),
        ({"name": "CHANGE_CONSUMER_ADDRESS", "version": 1, "consumerAddress": ADDRESS}, "addressType"),
        (
            {"name": "REPLACE_CONSUMER_ADDRESSES", "version": 1, "consumerAddresses": [{}]},
            "consumerAddresses[0].street",
        ),
    ],
)
async def test_an_action_that_is_none_is_refused_by_path(admin: Caller, asked: Any, summary: str) -> None:
    """Each fault names its member; the order stays."""
    body = await created(admin)
    summaries = await admin.refused(400, "POST", actions(body["id"]), asked)
    assert summary in {told.partition(":")[0] for told in summaries}
    assert (await admin.get(f"/api/orders/{body['id']}")).json() == body


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "UNLOCK", "version": 1},
        {"name": "CANCEL", "version": 1},
        {"name": "FORCE_CANCEL", "version": 1},
        {"name": "CONFIRM_PROMISE", "version": 1},
        {"name": "REPLACE_CONSUMER_ADDRESSES", "version": 1, "consumerAddresses": []},
    ],
)
async def test_each_action_needs_its_permission(caller_for: CallerFor, admin: Caller, asked: dict[str, Any]) -> None:
    """Another action's permission opens the route but not this move; the refusal names the right one."""
    body = await created(admin)
    needed = TABLE[Move(asked["name"])].permission
    other = "ORDER_CANCEL" if needed != "ORDER_CANCEL" else "ORDER_UNLOCK"
    (summary,) = await (await caller_for(other)).refused(403, "POST", actions(body["id"]), asked)
    assert summary == f"Permission missing: {needed} is required for {asked['name']}."
    assert (await admin.get(f"/api/orders/{body['id']}")).json() == body


async def test_checks_come_in_the_order_of_the_contract(admin: Caller, caller_for: CallerFor) -> None:
    """Permission before existence, existence before version, version before state, state before configuration."""
    body = await created(admin)
    asked = {"name": "FORCE_CANCEL", "version": 9}
    await (await caller_for("ORDER_CANCEL")).refused(403, "POST", actions(UNKNOWN), asked)
    await admin.refused(404, "POST", actions(UNKNOWN), asked)
    await admin.post(actions(body["id"]), {"name": "CANCEL", "version": 1})
    (stale,) = (await admin.call("POST", actions(body["id"]), asked)).json()
    assert (stale["requestVersion"], stale["version"]) == (9, 2)
    (summary,) = await admin.refused(400, "POST", actions(body["id"]), {**asked, "version": 2})
    assert summary.startswith("status: the order is CANCELLED")


async def test_the_attributes_of_a_line_are_replaced(admin: Caller, hub: Hub) -> None:
    """Decision D11; an unknown line or order is 404."""
    body = await created(admin)
    line_id = body["orderLineItems"][0]["id"]
    path = f"/api/orders/{body['id']}/orderlineitems/{line_id}/actions"
    asked = {"name": "UPDATE_CUSTOM_ATTRIBUTES", "version": 1, "customAttributes": {"engraving": "Zoë"}}
    answer = await admin.post(path, asked)
    assert answer.json()["orderLineItems"] == [{**body["orderLineItems"][0], "customAttributes": {"engraving": "Zoë"}}]
    assert (await events(hub))[-1] == (body["id"], 2, "ORDER_MODIFIED")
    # The contract lists no 404 here, but clients know what it means.
    for unknown in (f"{body['id']}/orderlineitems/none", f"{UNKNOWN}/orderlineitems/{line_id}"):
        refused = await admin.unjudged("POST", f"/api/orders/{unknown}/actions", {**asked, "version": 2})
        assert refused.status_code == 404


async def test_many_orders_are_cancelled_each_by_itself(admin: Caller, hub: Hub) -> None:
    """Decision D12: one result per order, in the order asked; a bad one does not keep the others from it."""
    await admin.put("/api/configurations/ordercancelation", ALLOW_FORCE)
    first, second, third = [await created(admin, number) for number in range(3)]
    await admin.post(actions(third["id"]), {"name": "CANCEL", "version": 1})
    asked = [
        {"orderId": second["id"], "version": 1},
        {"orderId": UNKNOWN, "version": 1},
        {"orderId": third["id"], "version": 1},
        {"orderId": first["id"], "version": 5},
        {"orderId": first["id"], "version": 1, "cancelationReasonId": "none"},
        {"orderId": second["id"], "version": 2},
    ]
    answer = await admin.post("/api/orders/actions", {"name": "BULK_FORCE_CANCEL", "orders": asked})
    results = answer.json()
    assert [(result["orderId"], result["status"]) for result in results] == [
        (second["id"], "UPDATED"),
        (UNKNOWN, "FAILED"),
        (third["id"], "UNCHANGED"),
        (first["id"], "FAILED"),
        (first["id"], "FAILED"),
        (second["id"], "UNCHANGED"),
    ]
    assert results[1]["summary"] == f"Unknown order {UNKNOWN}."
    assert results[3]["summary"] == "version: expected 1, got 5"
    assert results[4]["summary"] == "cancelationReasonId: no cancelation reason has this id"
    assert [told for _, _, told in await events(hub)].count("ORDER_FORCE_CANCELLED") == 1
    assert (await admin.get(f"/api/orders/{first['id']}")).json() == first


async def test_many_orders_of_which_none_exists_are_404(admin: Caller) -> None:
    """And 0 or 16 of them are refused."""
    one = {"orderId": UNKNOWN, "version": 1}
    bulk: dict[str, Any] = {"name": "BULK_FORCE_CANCEL", "orders": [one]}
    await admin.refused(404, "POST", "/api/orders/actions", bulk)
    for orders in ([], [one] * 16):
        summaries = await admin.refused(400, "POST", "/api/orders/actions", {**bulk, "orders": orders})
        assert summaries[0].startswith("orders: ")


async def test_many_orders_are_not_cancelled_while_it_is_switched_off(admin: Caller) -> None:
    """Each fails with the reason."""
    body = await created(admin)
    asked = {"name": "BULK_FORCE_CANCEL", "orders": [{"orderId": body["id"], "version": 1}]}
    assert (await admin.post("/api/orders/actions", asked)).json() == [
        {"orderId": body["id"], "status": "FAILED", "summary": "name: forced cancelation is switched off"}
    ]


async def test_what_may_be_done_is_told(admin: Caller, caller_for: CallerFor) -> None:
    """Every move with its permission and version, whether it is possible and permitted, and why not."""
    body = await created(admin)
    reader = await caller_for("ORDER_READ", "ORDER_CANCEL")
    told = (await reader.get(f"/opendoms/v1/orders/{body['id']}/actions")).json()
    assert (told["orderId"], told["status"], told["version"]) == (body["id"], "OPEN", 1)
    by_name = {action["name"]: action for action in told["actions"]}
    assert set(by_name) == set(TABLE) - {Move.CREATE, Move.CREATE_LOCKED, Move.PROMISE, Move.EXPIRE, Move.RESERVE}
    assert by_name["CANCEL"] == {
        "name": "CANCEL",
        "possible": True,
        "permitted": True,
        "permission": "ORDER_CANCEL",
        "version": 1,
    }
    assert by_name["UNLOCK"] == {
        "name": "UNLOCK",
        "possible": False,
        "permitted": False,
        "permission": "ORDER_UNLOCK",
        "version": 1,
        "reason": "the order is OPEN: it is not locked",
    }
    assert by_name["FORCE_CANCEL"]["reason"] == "name: forced cancelation is switched off"
    await reader.refused(404, "GET", f"/opendoms/v1/orders/{UNKNOWN}/actions")


async def test_of_a_cancelation_and_an_edit_of_one_version_one_wins(admin: Caller, hub: Hub) -> None:
    """100 races: exactly one of the two is done, and the other is told both versions."""
    for number in range(100):
        body = await created(admin, number)
        cancel = admin.post(actions(body["id"]), {"name": "CANCEL", "version": 1})
        edit = admin.patch(f"/api/orders/{body['id']}", {"version": 1, "customAttributes": {"a": number}})
        answers = await asyncio.gather(*((cancel, edit) if number % 2 else (edit, cancel)))
        winner, loser = sorted(answers, key=lambda answer: answer.status_code)
        assert (winner.status_code, loser.status_code) == (200, 409)
        assert (loser.json()[0]["requestVersion"], loser.json()[0]["version"]) == (1, 2)
        assert (await admin.get(f"/api/orders/{body['id']}")).content == winner.content
    assert len(await events(hub)) == 200


async def test_references_are_checked_and_resolved(admin: Caller) -> None:
    """Decision D23: 400 with the path of each; a facility by the tenant's id is answered with its own id."""
    facility = {
        "name": "Shop 1",
        "tenantFacilityId": "shop-1",
        "address": {
            "companyName": "Shops",
            "street": "Main",
            "houseNumber": "1",
            "postalCode": "50667",
            "city": "Cologne",
            "country": "DE",
        },
    }
    made = await admin.post("/api/facilities", facility)
    assert made.status_code == 201, made.text
    await admin.post("/api/tags", {"id": "Channel", "allowedValues": ["B2B"]})
    good: dict[str, Any] = {
        "deliveryPreferences": {"collect": [{"tenantFacilityId": "shop-1"}]},
        "tags": [{"id": "Channel", "value": "B2B"}],
    }
    body = await created(admin, **good)
    assert body["deliveryPreferences"]["collect"] == [{"tenantFacilityId": "shop-1", "facilityRef": made.json()["id"]}]
    bad = copy.deepcopy(good)
    bad["deliveryPreferences"]["collect"][0]["tenantFacilityId"] = "shop-2"
    bad["tags"][0]["value"] = "B2C"
    assert await admin.refused(400, "POST", "/api/orders", order(2, source={"tenantSourceId": "till"}, **bad)) == [
        "deliveryPreferences.collect[0].tenantFacilityId: no facility has this id",
        "tags[0].value: is no allowed value of this tag",
        "source.tenantSourceId: no order source has this id",
    ]
    assert (await admin.get("/api/orders")).json()["total"] == 1
