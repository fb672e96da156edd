"""Rules that every route keeps, whichever slice it belongs to."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from opendoms.app import Hub, api_routes
from opendoms.identity.permissions import Permission
from opendoms.web.routing import Public, Route, RouteTree
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.record_samples import sale
from tests.api.test_facilities import FACILITY, REPLACEMENT
from tests.api.test_orders import ORDER

# Least privilege: this list grows only on purpose.
PUBLIC = {
    ("GET", "/api/health"),
    ("GET", "/api/status"),
    ("POST", "/v1/accounts:signInWithPassword"),
    ("POST", "/v1/token"),
}
SUBSCRIPTION = {"name": "shop", "event": "ORDER_CREATED", "callbackUrl": "https://93.184.216.34/hook"}
# The least that each body needs to reach the store; a new route with a body is added here or the walk fails.
BODIES: dict[str, Any] = {
    "POST /api/orders": ORDER,
    "PATCH /api/orders/{orderId}": {"version": 1, "customAttributes": {"mine": True}},
    "POST /api/promises/deliverypromise": {name: ORDER[name] for name in ("orderDate", "consumer", "orderLineItems")},
    "PUT /api/configurations/ordermodification": {"version": 0, "allowOrderLineItemModification": True},
    "PUT /api/configurations/ordercancelation": {"version": 0, "allowForceCancelOrder": True},
    "PUT /api/configurations/orderrecords": {"version": 0, "isOrderRecordsEnabled": True},
    "PUT /api/configurations/gdpr": {"version": 0, "retentionTime": 30},
    "PUT /api/configurations/promises": {"version": 0, "invalidAfterTime": "PT1H"},
    "PUT /api/configurations/tags/order": {
        "version": 0,
        "offeredDocumentsByDefault": [],
        "offeredDocumentsPerTag": [],
    },
    "POST /api/configurations/ordersources": {"nameLocalized": {"en_US": "Shop"}},
    "PUT /api/configurations/ordersources/{ordersourceId}": {"version": 1, "nameLocalized": {"en_US": "Shop"}},
    "POST /api/cancelationreasons": {"reason": "Broken", "reasonLocalized": {"en_US": "Broken"}},
    "PUT /api/cancelationreasons/{cancelationReasonId}": {
        "version": 1,
        "reason": "Broken",
        "reasonLocalized": {"en_US": "Broken"},
    },
    "POST /api/orders/{orderId}/actions": {"name": "CANCEL", "version": 1},
    "POST /api/orders/{orderId}/orderlineitems/{orderLineItemId}/actions": {
        "name": "UPDATE_CUSTOM_ATTRIBUTES",
        "version": 1,
        "customAttributes": {},
    },
    "POST /api/orders/search": {"query": {}},
    "POST /opendoms/v1/orders/search/explain": {"query": {}},
    "POST /api/orders/actions": {"name": "BULK_FORCE_CANCEL", "orders": [{"orderId": "x", "version": 1}]},
    "POST /api/orderrecords/search": {"query": {}},
    "POST /opendoms/v1/orderrecords/search/explain": {"query": {}},
    "PUT /api/orderrecords": {"operations": [sale(facilityRef="x")]},
    "POST /api/tags": {"id": "Channel", "allowedValues": ["B2B"]},
    "PATCH /api/tags/{tagRef}": {
        "version": 1,
        "actions": [{"action": "AddAllowedValueToTag", "allowedValue": "B2C"}],
    },
    "POST /api/tags/search": {"query": {}},
    "POST /api/facilities": FACILITY,
    "POST /api/facilities/search": {"query": {}},
    "PATCH /api/facilities/{facilityId}": {"version": 1, "type": "MANAGED_FACILITY"},
    "PUT /api/facilities/{facilityId}": REPLACEMENT,
    "POST /api/carriers": {"key": "CUSTOM", "name": "Bike"},
    "PATCH /api/carriers/{carrierId}": {"version": 1, "actions": [{"action": "ModifyCarrier"}]},
    "POST /api/facilities/{facilityId}/carriers/prioritization": {},
    "POST /api/facilities/{facilityId}/carriers/{carrierRef}": {},
    "PUT /api/facilities/{facilityId}/carriers/{carrierRef}": {"version": 1},
    "PUT /api/facilities/{facilityId}/listings": {"listings": [{"tenantArticleId": "a"}]},
    "PATCH /api/facilities/{facilityId}/listings/{tenantArticleId}": {
        "version": 1,
        "actions": [{"action": "ModifyListing", "title": "Shoe"}],
    },
    "PUT /api/listings": {
        "listings": [
            {
                "tenantArticleId": "a",
                "title": "Shoe",
                "targetingStrategy": "SINGLE_FACILITY",
                "facility": {"facilityRef": "x"},
            }
        ]
    },
    "POST /api/listings/search": {"query": {}},
    "POST /api/stocks": {"tenantArticleId": "a", "value": 1, "facilityRef": "x"},
    "PUT /api/stocks": {"stocks": [{"id": "x", "value": 1}]},
    "PUT /api/stocks/{stockId}": {"value": 1},
    "POST /api/stocks/actions": {"action": {"name": "DELETE_BY_IDS", "ids": ["x"]}},
    "POST /api/stocks/search": {"query": {}},
    "POST /api/reservations/search": {"query": {}},
    "POST /api/reservations/actions": {
        "name": "REMOVE_RESERVATIONS_KEEP_STOCKS",
        "reservationSelector": {"orderRefs": ["x"]},
    },
    "PUT /api/safetystocks": {"operations": [{"tenantArticleId": "a", "value": 1}]},
    "POST /api/processes/search": {"query": {}},
    "PATCH /api/processes/{processId}": {
        "version": 1,
        "actions": [{"action": "UpdateGdprCleanupDateAction", "gdprCleanupDate": "2030-01-01"}],
    },
    "POST /api/processes/{processId}/actions": {
        "name": "UPDATE_PROCESS_DELETION_DATE",
        "version": 1,
        "deletionDate": "2030-01-01",
    },
    "POST /api/subscriptions": SUBSCRIPTION,
    "POST /opendoms/v1/subscriptions": SUBSCRIPTION,
    "PUT /opendoms/v1/subscriptions/{subscriptionId}": {
        "version": 1,
        "name": "shop",
        "callbackUrl": SUBSCRIPTION["callbackUrl"],
    },
    "POST /opendoms/v1/subscriptions/{subscriptionId}/replay": {},
}
# Where the contract lists no 404, although there is something that may be unknown.
UNLISTED_404 = {
    "POST /api/orders/{orderId}/orderlineitems/{orderLineItemId}/actions",
    "GET /api/facilities/{facilityId}/carriers",
    "POST /api/facilities/{facilityId}/carriers/prioritization",
    "GET /api/stocks/{stockId}",
    "PUT /api/stocks/{stockId}",
    "DELETE /api/stocks/{stockId}",
    "GET /api/reservations/{reservationId}",
    "GET /api/processes/{processId}/historylogs",
}
# Where the contract has 400 for an id that is not known, and no 404.
UNKNOWN_IS_INVALID = {"PUT /api/configurations/ordersources/{ordersourceId}"}


def private(hub: Hub) -> list[Route]:
    """Every route that asks who is there."""
    return [route for route in api_routes(hub) if not isinstance(route.permissions, Public)]


def path_of(route: Route, value: str) -> str:
    """The route's path with every parameter filled in."""
    return re.sub(r"\{[^}]+\}", value, route.path)


def test_every_route_names_a_permission_or_is_public_on_purpose(hub: Hub) -> None:
    """A route without either fails here, and so does one that is public by accident."""
    public = set()
    for route in api_routes(hub):
        if isinstance(route.permissions, Public):
            assert route.permissions.reason
            public.add((route.method, route.path))
        else:
            assert route.permissions
            assert set(route.permissions) <= set(Permission)
    assert public == PUBLIC


def test_every_route_describes_itself(hub: Hub) -> None:
    """Summary, tag, operation id (once each) and at least one success."""
    routes = api_routes(hub)
    assert len({route.operation_id for route in routes}) == len(routes)
    for route in routes:
        assert route.summary
        assert route.tag
        assert any(200 <= status < 300 for status in route.replies)


def test_a_route_cannot_be_there_twice_or_hide_a_parameter(hub: Hub) -> None:
    """Both are refused when the table is built."""
    route = next(route for route in api_routes(hub) if "{" in route.path)
    with pytest.raises(ValueError, match="routed twice"):
        RouteTree([route, route])
    with pytest.raises(ValueError, match="not described"):
        RouteTree([route._replace(path_parameters={})])


async def test_without_a_token_every_private_route_is_401(http: httpx.AsyncClient, hub: Hub) -> None:
    """Before the body is looked at; with a hint how to authenticate."""
    for route in private(hub):
        answer = await http.request(route.method, path_of(route, "x"), content=b"not even JSON")
        assert answer.status_code == 401, route
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()[0]["summary"]


async def test_without_the_permission_every_private_route_is_403(hub: Hub, caller_for: CallerFor) -> None:
    """All other permissions together do not open it; the refusal names what is missing."""
    for route in private(hub):
        assert not isinstance(route.permissions, Public)
        others = set(Permission) - set(route.permissions)
        caller = await caller_for(*others)
        (summary,) = await caller.refused(403, route.method, path_of(route, "x"), b"not even JSON")
        assert " or ".join(route.permissions) in summary


async def test_data_of_another_tenant_does_not_exist(admin: Caller, hub: Hub, caller_for: CallerFor) -> None:
    """Every route, called by a stranger with the ids of our data: nothing is found, changed or shown."""
    created = await admin.post("/api/orders", {**ORDER, "customAttributes": {"canary": "our secret"}})
    order_id = created.json()["id"]
    configuration = await admin.put(
        "/api/configurations/ordermodification", BODIES["PUT /api/configurations/ordermodification"]
    )
    stranger = await caller_for(tenant="stranger")
    walked = 0
    for route in private(hub):
        operation = f"{route.method} {route.path}"
        assert (route.body is None) == (operation not in BODIES), operation
        call = stranger.unjudged if operation in UNLISTED_404 else stranger.call
        answer = await call(route.method, path_of(route, order_id), BODIES.get(operation))
        assert "our secret" not in answer.text
        assert order_id not in re.sub(f"[Uu]nknown [a-z ]+ {order_id}", "", answer.text)
        if "{" in route.path:
            assert answer.status_code == (400 if operation in UNKNOWN_IS_INVALID else 404), operation
        walked += 1
    assert walked == len(private(hub)) > 0
    assert (await admin.get(f"/api/orders/{order_id}")).content == created.content
    assert (await admin.get("/api/configurations/ordermodification")).content == configuration.content
    # The stranger's own data has been made by the walk, beside ours: the same business key collides with nobody. It is
    # an order and a promise.
    assert (await stranger.get("/api/orders")).json()["total"] == 2
    assert (await admin.get("/api/orders")).json()["total"] == 1
