"""The route of delivery promises, declared but not served yet: here with a retailer of two shops behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

import opendoms.app
from opendoms.app import Hub, application
from opendoms.kernel.document import encode
from opendoms.promises.answer import Promise, answer_of
from opendoms.promises.decide import decide
from opendoms.promises.explanation import explanation_of
from opendoms.promises.http import Promised, routes
from opendoms.promises.plan import Plan
from opendoms.promises.request import order_of
from opendoms.web.api import Api
from opendoms.web.routing import Call, Route
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.rules.orders import ids, order, stored
from tests.rules.promises import NOW, shop, situation

PROMISE = "/api/promises/deliverypromise"


class TwoShops:
    """Decides for two shops, one of which has both articles, and keeps the last plan for its explanation."""

    def __init__(self) -> None:
        self.plan: Plan | None = None

    async def promise(self, call: Call) -> Promised:
        """Decides, and holds nothing."""
        stock = {"a": {"A-1": 9}, "b": {"A-1": 9, "A-2": 5}}
        document = {**stored(), **{name: value for name, value in call.document.items() if name == "consumer"}}
        wanted = order_of(document, call.document.get("additionalInfo"))
        self.plan = decide(wanted, situation([shop("a"), shop("b")], stock))
        return Promised("order-1", encode(answer_of(self.plan, Promise("order-1", 1, NOW + 60_000), ids())))

    async def explanation(self, tenant: str, order_id: str) -> bytes:
        """Of the last plan."""
        assert self.plan is not None
        assert (tenant, order_id) == ("default", "order-1")
        return encode(explanation_of(self.plan))


@pytest.fixture
async def api(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Api]:
    """The application with the routes of promises added."""
    served = opendoms.app.api_routes

    def with_promises(hub: Hub) -> list[Route]:
        return [*served(hub), *routes(TwoShops())]

    monkeypatch.setattr(opendoms.app, "api_routes", with_promises)
    app = application(hub)
    async with app.pages.router.lifespan_context(app.pages):
        yield app


async def test_a_promise_is_answered_with_its_location(admin: Caller) -> None:
    """The body keeps the contract (the caller checks it), and the explanation tells why."""
    answer = await admin.call("POST", PROMISE, order(additionalInfo={"resourceInvestment": {"level": 1}}))
    assert answer.status_code == 201
    assert answer.headers["location"] == "http://hub.test/api/orders/order-1"
    (shipment,) = answer.json()["shipToCustomer"]
    assert shipment["facility"]["facilityRef"] == "b"
    explained = (await admin.get("/opendoms/v1/promises/order-1/explanation")).json()
    assert explained["search"]["level"] == 1.0
    assert [each["facilityRef"] for each in explained["facilities"]] == ["b", "a"]


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
    ],
)
async def test_a_wrong_request_is_refused_by_name(admin: Caller, more: dict[str, Any], summary: str) -> None:
    """The level is above 0; source and pricing belong to orders alone; an order without lines promises nothing."""
    (refusal,) = await admin.refused(400, "POST", PROMISE, order(**more))
    assert refusal.startswith(summary)


async def test_promising_needs_the_permission_to_write_orders(caller_for: CallerFor) -> None:
    """Explaining needs the one to read them."""
    reader = await caller_for("ORDER_READ")
    await reader.refused(403, "POST", PROMISE, order())
    writer = await caller_for("ORDER_WRITE")
    await writer.refused(403, "GET", "/opendoms/v1/promises/order-1/explanation")
