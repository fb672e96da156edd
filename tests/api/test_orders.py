"""Orders through the API: taken in, read, listed, edited."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.db.sqlfile import Query
from tests.api.caller import Caller
from tests.api.conftest import CallerFor

UNKNOWN = "01a00000-0000-7000-8000-000000000000"

ORDER: dict[str, Any] = {
    "orderDate": "2026-11-20T10:00:00+02:00",
    "tenantOrderId": "shop-1",
    "consumer": {
        "consumerId": "c-1",
        "addresses": [{"street": "Main", "city": "Köln", "postalCode": "50667", "country": "DE", "shoeSize": 43}],
    },
    "orderLineItems": [{"quantity": 2, "article": {"tenantArticleId": "A-1", "title": "Café 🧪"}}],
}
LINES_ALLOWED = {"allowOrderLineItemModification": True, "version": 0}


def order(number: int = 1, **more: Any) -> dict[str, Any]:
    """An order with its own business key."""
    return {**ORDER, "tenantOrderId": f"shop-{number}", **more}


async def events(hub: Hub) -> list[tuple[str, int, str]]:
    """The history: entity, seq, type, oldest first."""
    sql = "select entity_id, seq, type from events order by position"
    return [(row[0], row[1], row[2]) for row in await hub.db.rows(Query("events", sql, sql, ()), {})]


async def test_an_order_is_taken_in_and_read_back_byte_for_byte(admin: Caller) -> None:
    """201 with the whole order and where it is; reading it answers the very same bytes."""
    created = await admin.post("/api/orders", ORDER)
    assert created.status_code == 201
    body = created.json()
    assert created.headers["location"] == f"http://hub.test/api/orders/{body['id']}"
    assert (body["version"], body["status"], body["created"]) == (1, "OPEN", body["lastModified"])
    assert body["orderDate"] == "2026-11-20T08:00:00.000Z"
    assert body["consumer"] == ORDER["consumer"]
    assert body["workflowInformation"] == {"isAvailable": False}
    read = await admin.get(f"/api/orders/{body['id']}")
    assert (read.status_code, read.content) == (200, created.content)


async def test_numbers_and_text_survive(admin: Caller) -> None:
    """64-bit integers, decimals of any length and any Unicode come back as they were sent."""
    attributes = (
        b'{"big":9007199254740993,"huge":18446744073709551615,"decimal":1.10,"long":0.1000000000000000055511151231,'
        b'"exponent":1E+300,"text":"\\u0000 \xf0\x9f\xa7\xaa \\u2028","nothing":null,"empty":[],"nested":{"":[{}]}}'
    )
    sent = json.dumps(ORDER).encode()[:-1] + b',"customAttributes":' + attributes + b"}"
    created = await admin.call("POST", "/api/orders", sent)
    assert created.status_code == 201, created.text
    kept = attributes.replace(b"\\u2028", b"\xe2\x80\xa8")
    assert b'"customAttributes":' + kept in created.content
    read = await admin.get(f"/api/orders/{created.json()['id']}")
    assert read.content == created.content


async def test_a_body_with_many_faults_is_told_every_one(admin: Caller, hub: Hub) -> None:
    """Each fault names its member and what was expected, and nothing is stored."""
    bad = {
        "orderDate": "yesterday",
        "orderLineItems": [{"quantity": 0, "article": {"tenantArticleId": "A"}}, {"article": {}}],
        "colour": "blue",
    }
    summaries = await admin.refused(400, "POST", "/api/orders", bad)
    paths = sorted(summary.partition(":")[0] for summary in summaries)
    assert paths == [
        "colour",
        "consumer",
        "orderDate",
        "orderLineItems[0].article.title",
        "orderLineItems[0].quantity",
        "orderLineItems[1].article.tenantArticleId",
        "orderLineItems[1].article.title",
        "orderLineItems[1].quantity",
    ]
    assert await events(hub) == []
    assert (await admin.get("/api/orders")).json() == {"orders": [], "total": 0}


async def test_an_order_without_lines_is_refused(admin: Caller) -> None:
    """Decision D8."""
    (summary,) = await admin.refused(400, "POST", "/api/orders", order(orderLineItems=[]))
    assert summary.startswith("orderLineItems: ")


async def test_one_live_order_per_business_key(admin: Caller, hub: Hub) -> None:
    """Decision D1: the second is refused with 409, and the summary names key, id and status of the holder."""
    first = (await admin.post("/api/orders", order(status="LOCKED"))).json()
    assert await admin.refused(409, "POST", "/api/orders", order()) == [
        f"tenantOrderId: shop-1 is held by order {first['id']}, which is LOCKED"
    ]
    assert await events(hub) == [(first["id"], 1, "ORDER_CREATED")]


async def test_32_creations_of_one_business_key_have_one_winner(admin: Caller, hub: Hub) -> None:
    """They arrive at once; one is created, 31 are told who holds the key."""
    answers = await asyncio.gather(*(admin.post("/api/orders", order()) for _ in range(32)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [409] * 31
    assert (await admin.get("/api/orders?tenantOrderId=shop-1")).json()["total"] == 1
    assert len(await events(hub)) == 1


async def test_orders_without_a_business_key_never_collide(admin: Caller) -> None:
    """The key is the caller's to give."""
    keyless = {name: value for name, value in ORDER.items() if name != "tenantOrderId"}
    answers = await asyncio.gather(*(admin.post("/api/orders", keyless) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [201, 201, 201]


async def test_an_unknown_order_is_404(admin: Caller) -> None:
    """For reading and for editing, whatever the id looks like."""
    for order_id in (UNKNOWN, "no-uuid", "%00", "ü", "a" * 5_000):
        await admin.refused(404, "GET", f"/api/orders/{order_id}")
        await admin.refused(404, "PATCH", f"/api/orders/{order_id}", {"version": 1})


async def test_the_list_is_newest_first_and_shows_what_lists_show(admin: Caller) -> None:
    """Reduced rows, the newest on top, with the business key and the process besides."""
    bodies = [(await admin.post("/api/orders", order(number))).json() for number in range(3)]
    listed = (await admin.get("/api/orders")).json()
    assert listed == {
        "orders": [
            {
                "id": body["id"],
                "version": 1,
                "created": body["created"],
                "lastModified": body["lastModified"],
                "status": "OPEN",
                "orderDate": "2026-11-20T08:00:00.000Z",
                "processRef": body["processId"],
                "tenantOrderId": body["tenantOrderId"],
                "orderLineItems": [{"quantity": 2, "title": "Café 🧪"}],
            }
            for body in reversed(bodies)
        ],
        "total": 3,
    }


async def test_paging_walks_through_everything_once(admin: Caller) -> None:
    """startAfterId goes on where the page ended; orders that come in meanwhile disturb nothing; total is of all."""
    ids = [(await admin.post("/api/orders", order(number))).json()["id"] for number in range(7)]
    seen: list[str] = []
    cursor, totals = "", []
    while True:
        page = (await admin.get(f"/api/orders?size=3{cursor}")).json()
        seen += [row["id"] for row in page["orders"]]
        totals.append(page["total"])
        await admin.post("/api/orders", order(100 + len(totals)))
        if "nextCursor" not in page:
            break
        cursor = f"&startAfterId={page['nextCursor']}"
    assert seen == ids[::-1]
    assert totals == [7, 8, 9]


async def test_filters_combine(admin: Caller) -> None:
    """tenantOrderId and consumerId match exactly, both together match both, and nothing found is an empty page."""
    other = {**ORDER["consumer"], "consumerId": "c-2"}
    first = (await admin.post("/api/orders", order(1))).json()["id"]
    second = (await admin.post("/api/orders", order(2, consumer=other))).json()["id"]
    third = (await admin.post("/api/orders", order(3))).json()["id"]

    async def ids(query: str) -> tuple[list[str], int]:
        body = (await admin.get(f"/api/orders?{query}")).json()
        return [row["id"] for row in body["orders"]], body["total"]

    assert await ids("consumerId=c-1") == ([third, first], 2)
    assert await ids("consumerId=c-1&size=1") == ([third], 2)
    assert await ids("tenantOrderId=shop-2") == ([second], 1)
    assert await ids("tenantOrderId=shop-2&consumerId=c-2") == ([second], 1)
    assert await ids("tenantOrderId=shop-2&consumerId=c-1") == ([], 0)
    assert await ids("tenantOrderId=nobody") == ([], 0)


async def test_any_position_can_be_gone_on_from(admin: Caller) -> None:
    """Decision D3: startAfterId is a position, not a look-up."""
    await admin.post("/api/orders", ORDER)
    assert len((await admin.get("/api/orders?startAfterId=zzz")).json()["orders"]) == 1
    assert (await admin.get("/api/orders?startAfterId=0")).json() == {"orders": [], "total": 1}


@pytest.mark.parametrize(
    ("query", "summary"),
    [
        ("size=0", "size: expected an integer from 1 to 500"),
        ("size=501", "size: expected an integer from 1 to 500"),
        ("size=-1", "size: expected an integer from 1 to 500"),
        ("size=ten", "size: expected an integer from 1 to 500"),
        ("size=", "size: expected an integer from 1 to 500"),
        ("size=1&size=2", "size: is given 2 times, expected once"),
        ("tenantorderid=x", "tenantorderid: is not a parameter here"),
        ("consumerId=%00", "consumerId: must not contain the NUL character"),
        ("consumerId=%ff", "The query string cannot be read."),
    ],
)
async def test_a_wrong_parameter_is_refused_by_name(admin: Caller, query: str, summary: str) -> None:
    """Decision D3; and a misspelt filter must not list everything."""
    assert await admin.refused(400, "GET", f"/api/orders?{query}") == [summary]


async def test_a_consumer_is_edited(admin: Caller, hub: Hub) -> None:
    """The order comes back with the next version, the update detail, and an event; a read sees it."""
    created = (await admin.post("/api/orders", ORDER)).json()
    change = {"version": 1, "consumer": {"consumerId": "c-9"}, "comment": "wrong person"}
    edited = await admin.patch(f"/api/orders/{created['id']}", change)
    body = edited.json()
    assert edited.status_code == 200
    assert body == {
        **created,
        "version": 2,
        "lastModified": body["lastModified"],
        "consumer": {"consumerId": "c-9"},
        "updateDetails": [
            {
                "created": body["lastModified"],
                "changes": {"consumer": {"consumerId": "c-9"}},
                "user": "tester",
                "comment": "wrong person",
            }
        ],
    }
    assert (await admin.get(f"/api/orders/{created['id']}")).content == edited.content
    assert (await admin.get("/api/orders?consumerId=c-9")).json()["total"] == 1
    assert (await admin.get("/api/orders?consumerId=c-1")).json()["total"] == 0
    assert await events(hub) == [(created["id"], 1, "ORDER_CREATED"), (created["id"], 2, "ORDER_MODIFIED")]


async def test_a_stale_version_is_told_both_numbers(admin: Caller, hub: Hub) -> None:
    """409 with requestVersion and version, and the order stays as it is."""
    created = await admin.post("/api/orders", ORDER)
    path = f"/api/orders/{created.json()['id']}"
    answer = await admin.patch(path, {"version": 7, "customAttributes": {"a": 1}})
    assert answer.status_code == 409
    (fault,) = answer.json()
    assert (fault["requestVersion"], fault["version"]) == (7, 1)
    assert (await admin.get(path)).content == created.content
    assert len(await events(hub)) == 1


async def test_of_64_edits_of_one_version_one_wins(admin: Caller, hub: Hub) -> None:
    """The others are told the version that came in between."""
    created = (await admin.post("/api/orders", ORDER)).json()
    path = f"/api/orders/{created['id']}"
    answers = await asyncio.gather(
        *(admin.patch(path, {"version": 1, "customAttributes": {"writer": number}}) for number in range(64))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 63
    assert {answer.json()[0]["version"] for answer in answers if answer.status_code == 409} == {2}
    assert [seq for _, seq, _ in await events(hub)] == [1, 2]


async def test_lines_can_be_edited_once_the_configuration_allows_it(admin: Caller) -> None:
    """400 before, 200 after; ids of kept lines stay."""
    created = (await admin.post("/api/orders", ORDER)).json()
    path, line_id = f"/api/orders/{created['id']}", created["orderLineItems"][0]["id"]
    change = {"version": 1, "orderLineItems": [{"id": line_id, "quantity": 5}]}
    assert await admin.refused(400, "PATCH", path, change) == [
        "orderLineItems: the configuration does not allow this change"
    ]
    assert (await admin.put("/api/configurations/ordermodification", LINES_ALLOWED)).status_code == 201
    edited = (await admin.patch(path, change)).json()
    assert edited["orderLineItems"] == [{**created["orderLineItems"][0], "quantity": 5}]


async def test_an_edit_that_changes_nothing_answers_the_order_as_it_is(admin: Caller, hub: Hub) -> None:
    """Decision D9: no new version, no event."""
    created = await admin.post("/api/orders", ORDER)
    path = f"/api/orders/{created.json()['id']}"
    assert (await admin.patch(path, {"version": 1, "comment": "hello"})).content == created.content
    assert len(await events(hub)) == 1


@pytest.mark.parametrize(
    ("change", "permission"),
    [
        ({"consumer": {}}, "ORDER_CONSUMER_WRITE"),
        ({"customAttributes": {}}, "ORDER_CUSTOM_ATTRIBUTES_WRITE"),
        ({"orderLineItems": []}, "ORDER_LINEITEM_WRITE"),
    ],
)
async def test_an_edit_needs_the_permission_of_its_member(
    admin: Caller, caller_for: CallerFor, change: dict[str, Any], permission: str
) -> None:
    """403 names it, and the order stays as it is."""
    created = await admin.post("/api/orders", ORDER)
    path = f"/api/orders/{created.json()['id']}"
    writer = await caller_for("ORDER_WRITE", "ORDER_READ")
    (summary,) = await writer.refused(403, "PATCH", path, {"version": 1, **change})
    assert permission in summary
    assert (await admin.get(path)).content == created.content


async def test_the_configuration_has_defaults_and_versions(admin: Caller) -> None:
    """Version 0 before the first write, 201 for it, 200 afterwards, 409 on a stale version, no change no version."""
    path = "/api/configurations/ordermodification"
    default = {"id": "ordermodification", "version": 0, "allowOrderLineItemModification": False}
    assert (await admin.get(path)).json() == default
    first = await admin.put(path, {"allowOrderLineItemModification": True, "version": 1})
    assert (first.status_code, first.json()["version"]) == (201, 1)
    assert (await admin.get(path)).json() == first.json()
    again = await admin.put(path, {"allowOrderLineItemModification": True, "version": 1})
    assert (again.status_code, again.json()) == (200, first.json())
    second = await admin.put(path, {"allowOrderLineItemModification": False, "version": 1})
    assert second.json() == {**first.json(), "allowOrderLineItemModification": False, "version": 2}
    stale = await admin.put(path, {"allowOrderLineItemModification": True, "version": 1})
    assert stale.status_code == 409
    assert (await admin.get(path)).json() == second.json()


async def test_a_large_order_is_kept_in_one_piece(admin: Caller) -> None:
    """500 lines with 40 attributes each are created and read back."""
    attributes = [{"key": f"key {number}", "value": f"value {number}"} for number in range(40)]
    lines = [
        {"quantity": 1, "article": {"tenantArticleId": f"A-{number}", "title": "Article", "attributes": attributes}}
        for number in range(500)
    ]
    created = await admin.post("/api/orders", order(orderLineItems=lines))
    assert created.status_code == 201
    read = await admin.get(f"/api/orders/{created.json()['id']}")
    assert read.content == created.content
    assert [{k: v for k, v in line.items() if k != "id"} for line in read.json()["orderLineItems"]] == lines
