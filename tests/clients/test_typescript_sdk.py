"""The vendor's TypeScript SDK, as it is published, with nothing set but its addresses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.conftest import EMAIL, PASSWORD, ClientHub, new_user
from tests.clients.node import FOLDER, SDK, manifest, run
from tests.server import Server

pytestmark = pytest.mark.slow


def test_the_sdk_is_the_published_one(sdk: None) -> None:
    """The release that the lock pins with its hash is installed."""
    locked = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))["packages"][f"node_modules/{SDK}"]
    assert json.loads(manifest().read_text("utf-8"))["version"] == locked["version"]


def test_as_published_the_sdk_goes_to_its_vendor(sdk: None) -> None:
    """Without addresses of ours it signs in at Google, which tests do not reach."""
    assert run("as_published.mjs").out["message"] == "tests may not reach identitytoolkit.googleapis.com"


def test_the_example_of_the_page_takes_an_order_through_its_life(sdk: None, tmp_path: Path) -> None:
    """A supervisor creates, finds, unlocks, cancels and reads, with one sign-in and one request for each call."""
    database, log = f"sqlite:///{tmp_path}/opendoms.db", tmp_path / "server.log"
    new_user(database, "SUPERVISOR")
    with Server(database, log) as server:
        hub = ClientHub(server)
        ran = hub.run("orders.mjs")
        created, found, unlocked, cancelled, read = (
            ran.out[name] for name in ("created", "found", "unlocked", "cancelled", "read")
        )
        assert (created["tenantOrderId"], created["status"], created["version"]) == ("from-the-sdk", "LOCKED", 1)
        assert {order["id"] for order in (found, unlocked, cancelled, read)} == {created["id"]}
        assert [(order["status"], order["version"]) for order in (found, unlocked, cancelled)] == [
            ("LOCKED", 1),
            ("OPEN", 2),
            ("CANCELLED", 3),
        ]
        assert read == cancelled == hub.get(f"/api/orders/{created['id']}")
        assert hub.get("/api/orders")["total"] == 1
        assert ran.err == ""
        assert server.stop() == 0
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith('{"at"')]
    assert [(line["route"], line["status"]) for line in lines if line["route"] != "GET /api/status"] == [
        ("POST /v1/accounts:signInWithPassword", 200),
        ("POST /api/orders", 201),
        ("GET /api/orders", 200),
        ("POST /api/orders/{orderId}/actions", 200),
        ("POST /api/orders/{orderId}/actions", 200),
        ("GET /api/orders/{orderId}", 200),
        # Ours, to compare:
        ("POST /v1/accounts:signInWithPassword", 200),
        ("GET /api/orders/{orderId}", 200),
        ("GET /api/orders", 200),
    ]
    assert PASSWORD not in log.read_text()
    assert EMAIL not in log.read_text()


def test_the_sdk_keeps_its_token_and_refreshes_it(hub: ClientHub) -> None:
    """One token serves until it is about to lapse; the next one opens the API as well."""
    out = hub.run("sign_in.mjs").out
    before, after = out["before"]["answer"], out["after"]["answer"]
    assert out["kept"] == {"answer": before}
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", after)
    assert before != after
    assert out["found"] == {}


def test_a_wrong_password_opens_nothing(hub: ClientHub) -> None:
    """The SDK says that signing in was refused, with every call anew."""
    refused = {"name": "FetchError", "status": 400, "message": "Bad Request"}
    out = hub.run("sign_in.mjs", password="wrong").out
    assert out == {"before": refused, "kept": refused, "after": refused, "found": refused | {"name": "ApiError"}}


def test_which_ids_the_sdk_finds(hub: ClientHub) -> None:
    """It decodes what it sends once too often: some ids arrive as others, unless they are encoded twice beforehand."""
    plain = ["A-1", "A 2", "Ä/ö?=", "a#b"]
    # An ampersand begins another parameter, which the hub refuses; a plus arrives as a space; a per cent sign is
    # read as an escape, which it may not be, or may be that of another id.
    refused = {"name": "ApiError", "status": 400, "message": "Bad Request"}
    malformed = {"name": "SdkError", "message": "URI malformed"}
    results = hub.run("order_ids.mjs", json.dumps([*plain, "a&b", "a+b", "50%", "50%25"])).out
    found = [[own, answer.get("answer", {}).get("tenantOrderId"), answer] for own, answer, _ in results]
    assert [(own, by) for own, by, _ in found[:4]] == [(own, own) for own in plain]
    assert [(own, by or answer) for own, by, answer in found[4:]] == [
        ("a&b", refused),
        ("a+b", {}),
        ("50%", malformed),
        ("50%25", "50%"),
    ]
    assert [(own, encoded["answer"]["tenantOrderId"]) for own, _, encoded in results] == [
        (own, own) for own, _, _ in results
    ]


def test_a_refusal_reaches_the_caller_and_changes_nothing(hub: ClientHub) -> None:
    """The SDK tells the status; the reasons are in its log of answers, which the page shows how to see."""
    ran = hub.run("refusals.mjs")
    created = ran.out.pop("created")
    assert {name: (refused["name"], refused["status"]) for name, refused in ran.out.items()} == {
        "again": ("ApiError", 409),
        "unknown": ("ApiError", 404),
        "unlocked": ("ApiError", 400),
        "stale": ("ApiError", 409),
        "forced": ("ApiError", 400),
    }
    answers = [json.loads(line) for line in ran.err.splitlines() if line.startswith("[{")]
    assert len(answers) == len(ran.out)
    assert created["id"] in answers[0][0]["summary"]
    assert (answers[3][0]["requestVersion"], answers[3][0]["version"]) == (2, 1)
    assert PASSWORD not in ran.err
    assert "Bearer" not in ran.err
    assert hub.get(f"/api/orders/{created['id']}") == created


def order(own: str) -> dict[str, Any]:
    return {
        "tenantOrderId": own,
        "orderDate": "2026-11-20T08:00:00Z",
        "consumer": {"consumerId": "c"},
        "orderLineItems": [{"quantity": 1, "article": {"tenantArticleId": "4711", "title": "Cologne Water"}}],
    }


def allow_force_cancel(hub: ClientHub, *, allowed: bool) -> None:
    path = "/api/configurations/ordercancelation"
    body = {"allowForceCancelOrder": allowed, "version": hub.get(path)["version"]}
    stored = httpx.put(hub.server.url + path, headers=hub.headers, json=body)
    assert stored.json()["allowForceCancelOrder"] is allowed, stored.text


def test_force_cancelling_where_it_is_allowed(hub: ClientHub) -> None:
    """With the third argument of cancel."""
    allow_force_cancel(hub, allowed=True)
    try:
        out = hub.run("force_cancel.mjs").out
    finally:
        allow_force_cancel(hub, allowed=False)
    assert (out["cancelled"]["id"], out["cancelled"]["status"]) == (out["created"]["id"], "CANCELLED")
    assert hub.get(f"/api/orders/{out['created']['id']}") == out["cancelled"]


def test_cancelling_with_a_reason(hub: ClientHub) -> None:
    """Through the client itself, since cancel takes none; a reason that is there is the answer to making it again."""
    orders = [hub.post("/api/orders", order(own)) for own in ("first", "second")]
    first, second = (hub.run("reason.mjs", ORDER=order["tenantOrderId"]).out for order in orders)
    assert first["reason"] == second["reason"]
    for created, out in zip(orders, (first, second), strict=True):
        assert (out["cancelled"]["id"], out["cancelled"]["status"]) == (created["id"], "CANCELLED")
        assert out["cancelled"]["cancelationReason"]["id"] == first["reason"]["id"]
        assert hub.get(f"/api/orders/{created['id']}") == out["cancelled"]
    assert hub.get("/api/cancelationreasons")["total"] == 1


def test_tags(hub: ClientHub) -> None:
    """Created, given more values, read and listed."""
    out = hub.run("tags.mjs").out
    assert (out["created"]["id"], out["created"]["allowedValues"], out["created"]["version"]) == ("colour", ["red"], 1)
    assert (out["updated"]["allowedValues"], out["updated"]["version"]) == (["red", "blue", "green"], 2)
    assert out["read"] == out["updated"] == hub.get("/api/tags/colour")
    assert out["listed"] == {"tags": [out["read"]], "total": 1}


def test_subscriptions(hub: ClientHub) -> None:
    """Made, listed and ended by the SDK; an order that it creates comes back as a webhook, answered by 201."""
    out = hub.run("subscriptions.mjs").out
    assert out["listed"] == {"subscriptions": [out["created"]], "total": 1}
    assert out["created"]["target"]["callbackUrl"] == out["created"]["callbackUrl"]
    assert (out["message"]["event"], out["headers"]["x-shop"]) == ("ORDER_CREATED", "main")
    assert out["message"]["payload"] == hub.get(f"/api/orders/{out['order']['id']}")
    assert out["left"] == {"subscriptions": [], "total": 0}


def test_facilities(hub: ClientHub) -> None:
    """Created, found by the caller's id, renamed, listed, closed and deleted."""
    out = hub.run("facilities.mjs").out
    created, updated, offline = out["created"], out["updated"], out["offline"]
    assert {out["id"], updated["id"], out["stripped"]["id"], out["closed"], out["deleted"]} == {created["id"]}
    assert (created["tenantFacilityId"], created["name"], created["status"]) == ("S 1", "Store", "ONLINE")
    assert (
        out["read"]
        == updated
        == created
        | {
            "name": "Main store",
            "version": 2,
            "lastModified": updated["lastModified"],
        }
    )
    assert (out["listed"]["facilities"], out["listed"]["total"]) == ([out["stripped"]], 1)
    assert (offline["status"], offline["version"]) == ("OFFLINE", 3)
    assert out["gone"] == {"name": "ApiError", "status": 404, "message": "Not Found"}
    assert hub.get("/api/facilities")["total"] == 0


def test_promises(hub: ClientHub) -> None:
    """The example of the page: made on stock, extended and confirmed, and the goods are held for good."""
    address = {"companyName": "Store", "street": "Main", "postalCode": "50667", "city": "Cologne", "country": "DE"}
    services = [{"type": "SHIP_FROM_STORE"}]
    facility = hub.post("/api/facilities", {"name": "Store", "address": address, "services": services})["id"]
    listing = {"listings": [{"tenantArticleId": "W-1", "title": "Cologne Water"}]}
    put = httpx.put(f"{hub.server.url}/api/facilities/{facility}/listings", headers=hub.headers, json=listing)
    assert put.status_code == 200, put.text
    stock = {"tenantArticleId": "W-1", "value": 3, "facility": {"facilityRef": facility}}
    stock_id = hub.post("/api/stocks", stock)["id"]
    out = hub.run("promises.mjs", ARTICLE="W-1").out
    promise, extended, confirmed = out["promise"], out["extended"], out["confirmed"]
    (shipment,) = promise["shipToCustomer"]
    assert (shipment["facility"]["facilityRef"], shipment["lineItems"][0]["quantity"]) == (facility, 2)
    assert {promise["orderRef"], extended["id"]} == {confirmed["id"]}
    assert [(order["status"], order["version"]) for order in (extended, confirmed)] == [("PROMISED", 2), ("OPEN", 3)]
    assert extended["promisesOptions"]["validUntil"] >= promise["promisesOptions"]["validUntil"]
    assert hub.get(f"/api/orders/{confirmed['id']}") == confirmed
    assert hub.get(f"/api/stocks/{stock_id}")["reserved"] == 2
    cancel = {"name": "CANCEL", "version": 3}
    httpx.post(f"{hub.server.url}/api/orders/{confirmed['id']}/actions", headers=hub.headers, json=cancel)
    gone = httpx.delete(f"{hub.server.url}/api/facilities/{facility}?forceDeletion=true", headers=hub.headers)
    assert gone.status_code == 200, gone.text
