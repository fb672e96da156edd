"""Searching orders through the API: every filter, every refusal, pages, totals, and how a search is explained."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.orders.search import ORDER_SEARCH
from opendoms.search.fields import Each, Fields, Nested, Value
from opendoms.settings import Settings
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.order_searches import ADDRESSES, BONN, FILTERS, KOELN, REFUSED, Body, at
from tests.api.test_facilities import FACILITY
from tests.api.test_orders import events, order
from tests.api.test_tags import CHANNEL
from tests.tree import text_of

PATH = "/api/orders/search"
EXPLAIN = "/opendoms/v1/orders/search/explain"


async def names(caller: Caller, query: Body, **envelope: Any) -> str:
    """The numbers of what is found, in order, such as `431`."""
    answer = await caller.post(PATH, {"query": query, **envelope})
    assert answer.status_code == 200, answer.text
    return "".join(found["tenantOrderId"][-1] for found in answer.json()["orders"])


@pytest.fixture
async def stored(admin: Caller) -> dict[str, Body]:
    """Four orders, by number; the last two were placed at the same time, and the third is cancelled."""
    await admin.post("/api/tags", CHANNEL)
    shop = (await admin.post("/api/facilities", FACILITY)).json()
    one = order(
        1,
        orderDate="2026-11-01T10:00:00+02:00",
        consumer={"consumerId": "c-1", "addresses": [KOELN, {**BONN, "addressType": "INVOICE_ADDRESS"}]},
        orderLineItems=[
            {
                "quantity": 1,
                "article": {
                    "tenantArticleId": "A-1",
                    "title": "Café 🧪",
                    "titleLocalized": {"de_DE": "Kaffee", "en_US": "Coffee", "ru_RU": "Кофе"},
                },
            },
            {"quantity": 2, "article": {"tenantArticleId": "A-2", "title": "Tea"}},
        ],
        paymentInfo={"currency": "EUR", "methodLocalized": {"de_DE": "Rechnung", "en_US": "Invoice", "ru_RU": "Счёт"}},
        tags=[{"id": "Channel", "value": "B2B"}],
        customAttributes={"ref": "r-1", "number": 5, "gift": True, "since": "2026-01-01T00:00:00Z", "list": [1]},
    )
    two = order(
        2,
        orderDate="2026-11-02T08:00:00Z",
        status="LOCKED",
        statusReasons=[{"status": "LOCKED", "reason": "Fraud check"}],
        consumer={"consumerId": "c-2", "addresses": [{**BONN, "city": "Köln"}]},
        deliveryPreferences={"collect": [{"facilityRef": shop["id"], "paid": True}]},
        customAttributes={"ref": "r-2", "number": 5.5, "gift": False},
    )
    three = order(
        3,
        orderDate="2026-11-03T08:00:00Z",
        consumer={},
        deliveryPreferences={
            "shipping": {"serviceLevel": "SAMEDAY", "desiredDeliveryTime": "2026-11-04T12:00:00+01:00"}
        },
        tags=[{"id": "Channel", "value": "B2C"}],
    )
    four = order(4, orderDate="2026-11-03T08:00:00Z", consumer={"addresses": []}, customAttributes={"ref": "r-1"})
    found = {}
    for name, body in zip("1234", (one, two, three, four), strict=True):
        answer = await admin.post("/api/orders", body)
        assert answer.status_code == 201, answer.text
        found[name] = answer.json()
    path = f"/api/orders/{found['3']['id']}/actions"
    cancelled = await admin.post(path, {"name": "CANCEL", "version": 1})
    assert cancelled.status_code == 200, cancelled.text
    return found | {"3": cancelled.json(), "shop": shop}


async def test_every_filter_finds_what_it_says(admin: Caller, stored: dict[str, Body]) -> None:
    """All of the contract's, nested as well; in order, and with the number of all results, by two ways of counting."""
    wrong = {}
    for query, expected in FILTERS:
        found = await names(admin, query)
        counted = await admin.post(PATH, {"query": query, "size": 1, "options": {"withTotal": True}})
        if (found, counted.json()["total"]) != (expected, len(expected)):
            wrong[str(query)] = (expected, found, counted.json()["total"])
    assert wrong == {}
    facility = at("deliveryPreferences.collect.contains.facilityRef.eq", stored["shop"]["id"])
    assert await names(admin, facility) == "2"


def members(filters: Any) -> set[str]:
    """The names of all members, however deep."""
    if isinstance(filters, list):
        return {name for each in filters for name in members(each)}
    if not isinstance(filters, dict):
        return set()
    return {*filters} | {name for each in filters.values() for name in members(each)}


def searchable(fields: Fields) -> set[str]:
    """The names of all members that a filter may have."""
    names = {*fields}
    for field in fields.values():
        inner = field.of if isinstance(field, Each) else field.fields if isinstance(field, Nested) else {}
        names |= set() if isinstance(inner, Value) else searchable(inner)
    return names


def test_every_member_of_a_filter_is_tried() -> None:
    """The table above leaves none out."""
    tried = members([query for query, _ in FILTERS]) | {"facilityRef"}
    assert searchable(ORDER_SEARCH.fields) - tried == set()


async def test_results_are_whole_orders_as_they_are_stored(admin: Caller, stored: dict[str, Body]) -> None:
    """Byte for byte what reading them answers, with a total only where it is asked for."""
    answer = await admin.post(PATH, {"query": at("tenantOrderId.eq", "shop-3")})
    body = answer.json()
    assert body["orders"] == [stored["3"]]
    assert (await admin.get(f"/api/orders/{stored['3']['id']}")).content in answer.content
    cursor = body["pageInfo"]["startCursor"]
    assert body["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": cursor,
        "endCursor": cursor,
    }
    assert "total" not in body
    assert "opendoms-total" not in answer.headers


async def test_pages_and_sorts(admin: Caller, stored: dict[str, Body]) -> None:
    """Newest first, and by id where the time is the same; by either sort in either direction, forward and back."""
    assert await names(admin, {}, sort=[{"orderDate": "ASC"}]) == "1234"
    assert await names(admin, {}, sort=[{"status": "ASC"}]) == "3214"
    assert await names(admin, {}, sort=[{"status": "DESC"}]) == "4123"
    first = (await admin.post(PATH, {"query": {}, "size": 3})).json()
    assert [found["tenantOrderId"] for found in first["orders"]] == ["shop-4", "shop-3", "shop-2"]
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    assert await names(admin, {}, after=first["pageInfo"]["endCursor"]) == "1"
    assert await names(admin, {}, last=2) == "21"
    assert await names(admin, {}, before=first["pageInfo"]["endCursor"]) == "43"
    # The same cursor with another filter is the same place in the order.
    assert await names(admin, at("customAttributes.ref.eq", "r-1"), after=first["pageInfo"]["startCursor"]) == "1"


async def test_a_search_may_start_after_an_id(admin: Caller, stored: dict[str, Body]) -> None:
    """Deprecated, and it works; an id that no order has or had is refused."""
    assert await names(admin, {}, startAfterId=stored["3"]["id"]) == "21"
    assert (
        await names(admin, at("status.eq", "OPEN"), startAfterId=stored["2"]["id"], sort=[{"orderDate": "ASC"}]) == "4"
    )
    refused = await admin.refused(400, "POST", PATH, {"query": {}, "startAfterId": "x"})
    assert refused == ["startAfterId: no order has or had the id x"]


async def test_what_is_wrong_is_told_by_path(admin: Caller, hub: Hub) -> None:
    """400 with every fault, also where the same body is to be explained."""
    for body, paths in REFUSED:
        for path in (PATH, EXPLAIN):
            refused = await admin.refused(400, "POST", path, body)
            assert [summary.partition(":")[0] for summary in refused] == paths, body
    assert await events(hub) == []


async def test_a_cursor_belongs_to_its_sort(admin: Caller, stored: dict[str, Body]) -> None:
    """With another one, or changed, it is refused."""
    cursor = (await admin.post(PATH, {"query": {}, "size": 1})).json()["pageInfo"]["endCursor"]
    for body in ({"after": cursor, "sort": [{"status": "ASC"}]}, {"after": cursor[:-2]}):
        assert await admin.refused(400, "POST", PATH, {"query": {}, **body}) == [
            "after: expected a cursor of this search"
        ]


async def test_who_may_search(caller_for: CallerFor, stored: dict[str, Body]) -> None:
    """Whoever may read orders, or administration (decision D25); each sees the orders of their own tenant alone."""
    for permission in ("ORDER_READ", "ADMIN_MODULES_READ"):
        assert await names(await caller_for(permission), {}) == "4321"
        assert await names(await caller_for(permission, tenant="other"), {}) == ""
    writer = await caller_for("ORDER_WRITE")
    (missing,) = await writer.refused(403, "POST", PATH, {"query": {}})
    assert "ADMIN_MODULES_READ or ORDER_READ" in missing
    assert len(await (await caller_for("ORDER_READ")).refused(403, "POST", EXPLAIN, {"query": {}})) == 1
    nobody = Caller(writer._http, None, lambda *_: [])  # noqa: SLF001 - the same client without a token
    assert (await nobody.unjudged("POST", PATH, {"query": {}})).status_code == 401


async def test_a_write_is_found_as_soon_as_it_is_answered(admin: Caller, stored: dict[str, Body]) -> None:
    """A creation, an edit and a cancelation, by what they make of the order and no more by what it was."""
    created = (await admin.post("/api/orders", order(5, customAttributes={"ref": "r-5"}))).json()
    assert await names(admin, at("customAttributes.ref.eq", "r-5")) == "5"
    edit = {"version": 1, "customAttributes": {"ref": "r-6"}}
    assert (await admin.patch(f"/api/orders/{created['id']}", edit)).status_code == 200
    assert await names(admin, at("customAttributes.ref.eq", "r-5")) == ""
    assert await names(admin, at("customAttributes.ref.eq", "r-6")) == "5"
    cancel = {"name": "CANCEL", "version": 2}
    assert (await admin.post(f"/api/orders/{created['id']}/actions", cancel)).status_code == 200
    assert await names(admin, at("status.eq", "CANCELLED")) == "53"


async def test_the_searches_that_the_how_to_shows_work(admin: Caller, stored: dict[str, Body]) -> None:
    """Each is answered, and explained."""
    shown = re.findall(r"```json\n(.*?)```", text_of("docs/how-to/search-orders.md"), re.DOTALL)
    assert len(shown) == 6
    for body in shown:
        assert (await admin.post(PATH, json.loads(body))).status_code == 200, body
        assert (await admin.post(EXPLAIN, json.loads(body))).status_code == 200, body


async def test_a_search_is_explained(admin: Caller, stored: dict[str, Body]) -> None:
    """What the index is asked, what it leaves to the orders, how many it finds and what that costs."""
    query = at(ADDRESSES, {"city": {"eq": "Köln"}, "lastName": {"eq": "Schmidt"}})
    query |= {"orderDate": {"gte": "2026-11-01T00:00:00Z"}}
    answer = await admin.post(EXPLAIN, {"query": query, "options": {"withTotal": True}})
    assert answer.status_code == 200
    assert answer.json() == {
        "query": '(consumer.addresses[].city = "Köln" and consumer.addresses[].lastName = "Schmidt")',
        "range": {"from": "2026-11-01T00:00:00.000Z"},
        "sort": "orderDate:DESC",
        "narrowed": True,
        "exact": False,
        "compared": ["query.consumer.addresses.contains"],
        "found": 2,
        "foundMore": False,
        "strategy": "MOMENT",
        "cost": "LOW",
        "steps": [
            "Finds documents in the index order_search by terms and a range of orderDate.",
            "Reads the index in the order of results and stops when the page is full.",
            "Compares each document with the conditions under `compared`, which the index does not know.",
            "Counts by comparing every document that the index finds, or leaves the total out.",
        ],
    }
    simple = (await admin.post(EXPLAIN, {"query": {}, "sort": [{"status": "ASC"}]})).json()
    assert (simple["query"], simple["found"], simple["strategy"], simple["exact"]) == ("everything", 4, "SORT", True)
    nothing = (await admin.post(EXPLAIN, {"query": {"or": []}})).json()
    assert (nothing["strategy"], nothing["found"], nothing["cost"]) == ("NOTHING", 0, "LOW")


class TestHurry:
    """A hub that gives a search no time."""

    @pytest.fixture
    def settings(self, database_url: str) -> Settings:
        """Counting may take a millionth of a second."""
        return Settings(database=database_url, log_requests=False, total_seconds_max=0.000_001)

    async def test_a_total_that_takes_too_long_is_left_out(self, admin: Caller, stored: dict[str, Body]) -> None:
        """The page comes all the same, and a header says what is missing; what needs no counting is told."""
        answer = await admin.post(PATH, {"query": {}, "size": 3, "options": {"withTotal": True}})
        assert answer.status_code == 200
        assert (len(answer.json()["orders"]), answer.json().get("total")) == (3, None)
        assert answer.headers["opendoms-total"] == "omitted"
        whole = await admin.post(PATH, {"query": {}, "size": 4, "options": {"withTotal": True}})
        assert whole.json()["total"] == 4
        assert "opendoms-total" not in whole.headers
        assert "opendoms-total" not in (await admin.post(PATH, {"query": {}, "size": 3})).headers
        assert (await admin.post(EXPLAIN, {"query": {}})).json()["foundMore"] is True


class TestNoTime:
    """A hub that gives no search any time."""

    @pytest.fixture
    def settings(self, database_url: str) -> Settings:
        """A search may take a millionth of a second."""
        return Settings(database=database_url, log_requests=False, search_seconds_max=0.000_001)

    async def test_a_search_that_takes_too_long_is_refused(self, admin: Caller) -> None:
        """With 400, and what would make it quicker."""
        answer = await admin.post(PATH, {"query": {}})
        assert answer.status_code == 400
        assert answer.json() == [
            {
                "summary": "query: takes longer than 1e-06 s",
                "description": "Narrow it: a range of orderDate, or a value that fewer orders have.",
            }
        ]
