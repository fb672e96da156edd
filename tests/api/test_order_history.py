"""The history of an order through the API, and the order as it was."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from opendoms.app import Hub
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import Origin
from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Decision, Happening
from opendoms.kernel.document import decode
from opendoms.orders.store import ORDER as ORDER_ENTITY
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.test_orders import ORDER
from tests.databases import run_sql

PATH = "/opendoms/v1/orders"
# Takes away what keeps anybody from rewriting history, and puts it back where the database is used again.
TRIGGER_OFF_AND_ON = {
    "sqlite": ("drop trigger events_keep_identity", "select 1"),
    "postgres": (
        "alter table events disable trigger events_keep_identity",
        "alter table events enable trigger events_keep_identity",
    ),
}


async def edited(caller: Caller, times: int) -> list[httpx.Response]:
    """The answers to creating an order and to editing it so often."""
    answers = [await caller.post("/api/orders", ORDER)]
    order_id = answers[0].json()["id"]
    for version in range(1, times + 1):
        change = {"version": version, "customAttributes": {"count": version}, "comment": f"number {version}"}
        answers.append(await caller.patch(f"/api/orders/{order_id}", change))
    assert [answer.status_code for answer in answers] == [201] + [200] * times
    return answers


async def history(caller: Caller, order_id: str, query: str = "") -> dict[str, Any]:
    """A page of the history."""
    answer = await caller.get(f"{PATH}/{order_id}/history?{query}")
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def test_history_tells_who_changed_what(admin: Caller, caller_for: CallerFor) -> None:
    """The newest version first, with its event, its actor, their comment, and the difference to the one before it."""
    order = (await admin.post("/api/orders", ORDER)).json()
    path = f"/api/orders/{order['id']}"
    line = order["orderLineItems"][0]
    clerk = await caller_for(
        "ORDER_WRITE", "ORDER_LINEITEM_WRITE", "ORDER_CUSTOM_ATTRIBUTES_WRITE", "ORDER_CANCEL", subject="clerk"
    )
    await admin.put("/api/configurations/ordermodification", {"version": 0, "allowOrderLineItemModification": True})
    lines = [{"id": line["id"], "quantity": line["quantity"] + 3}, *order["orderLineItems"][1:]]
    change = {"version": 1, "orderLineItems": lines, "customAttributes": {"why": "more"}, "comment": "on the phone"}
    changed = await clerk.patch(path, change)
    assert changed.status_code == 200, changed.text
    cancelled = await clerk.post(f"{path}/actions", {"name": "CANCEL", "version": 2})
    page = await history(admin, order["id"])
    end, edit, start = page.pop("versions")
    assert page == {"orderId": order["id"], "total": 3}
    assert (end["version"], end["event"], end["actor"]) == (3, "ORDER_CANCELLED", "clerk")
    assert end["changes"] == [{"path": "$.status", "before": "OPEN", "after": "CANCELLED"}]
    assert end["at"] == cancelled.json()["lastModified"]
    assert "comment" not in end
    assert (edit["version"], edit["event"], edit["actor"]) == (2, "ORDER_MODIFIED", "clerk")
    assert edit["comment"] == "on the phone"
    assert edit["cause"].startswith("PATCH /api/orders/{orderId} ")
    assert edit["changes"] == [
        {
            "path": f"$.orderLineItems[?@.id=='{line['id']}'].quantity",
            "before": line["quantity"],
            "after": line["quantity"] + 3,
        },
        {"path": "$.customAttributes", "after": {"why": "more"}},
    ]
    assert (start["version"], start["event"], start["actor"]) == (1, "ORDER_CREATED", "tester")
    assert start["changes"] == [{"path": "$", "after": order}]


async def test_history_is_paged(admin: Caller) -> None:
    """Pages follow each other down to the first version; each version comes once, with its difference."""
    order_id = (await edited(admin, 6))[0].json()["id"]
    found, query, pages = [], "size=3", 0
    while True:
        page = await history(admin, order_id, query)
        assert page["total"] == 7
        found += page["versions"]
        pages += 1
        if "nextCursor" not in page:
            break
        query = f"size=3&before={page['nextCursor']}"
    assert pages == 3
    assert [version["version"] for version in found] == [7, 6, 5, 4, 3, 2, 1]
    assert [version["changes"][0]["after"] for version in found[:5]] == [6, 5, 4, 3, 2]
    assert all("changes" in version for version in found)
    assert (await history(admin, order_id, "before=1"))["versions"] == []
    assert (await history(admin, order_id, "before=99"))["versions"] == found


async def test_large_versions_make_short_pages(admin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page ends where it holds enough bytes, but never without a version."""
    monkeypatch.setattr("opendoms.history.actions.PAGE_BYTES_MAX", 1)
    order_id = (await edited(admin, 8))[0].json()["id"]
    found, query = [], ""
    while True:
        page = await history(admin, order_id, query)
        assert 1 <= len(page["versions"]) < 9
        found += page["versions"]
        if "nextCursor" not in page:
            break
        query = f"before={page['nextCursor']}"
    assert [version["version"] for version in found] == [*range(9, 0, -1)]
    assert all("changes" in version for version in found)


async def test_an_order_is_read_as_it_was(admin: Caller) -> None:
    """In a version or at an instant: the very bytes that were answered then; without either, as it is."""
    answers = await edited(admin, 3)
    order_id = answers[0].json()["id"]
    for version, answer in enumerate(answers, 1):
        was = await admin.get(f"{PATH}/{order_id}?version={version}")
        assert (was.status_code, was.content) == (200, answer.content)
    at_last = quote(answers[-1].json()["lastModified"])
    assert (await admin.get(f"{PATH}/{order_id}?asOf={at_last}")).content == answers[-1].content
    assert (await admin.get(f"{PATH}/{order_id}?asOf=2999-01-01T00:00:00Z")).content == answers[-1].content
    assert (await admin.get(f"{PATH}/{order_id}")).content == answers[-1].content


async def test_an_instant_between_two_versions_shows_the_earlier(
    admin: Caller, database_url: str, database_kind: str
) -> None:
    """The version whose time is the last that is not later; an offset is as good as Z."""
    order_id = (await edited(admin, 2))[0].json()["id"]
    off, on = TRIGGER_OFF_AND_ON[database_kind]
    await run_sql(database_url, off, "update events set at = 1000000 * seq", on)
    for instant, version in (
        ("1970-01-01T00:16:40Z", 1),
        ("1970-01-01T00:33:19.999Z", 1),
        ("1970-01-01T02:33:20%2B02:00", 2),
        ("1970-01-01T00:50:00Z", 3),
        ("2020-01-01T00:00:00Z", 3),
    ):
        assert (await admin.get(f"{PATH}/{order_id}?asOf={instant}")).json()["version"] == version, instant
    assert await admin.refused(404, "GET", f"{PATH}/{order_id}?asOf=1970-01-01T00:16:39.999Z") == [
        f"Order {order_id} was not there at 1970-01-01T00:16:39.999Z."
    ]


async def test_what_was_never_there_is_not_found(admin: Caller, caller_for: CallerFor) -> None:
    """Unknown orders, other tenants' orders, and versions that an order does not have."""
    order_id = (await edited(admin, 1))[0].json()["id"]
    assert await admin.refused(404, "GET", f"{PATH}/{order_id}?version=3") == [
        f"Order {order_id} has no version 3; 2 is the last one."
    ]
    for caller, other in ((admin, "nobody"), (await caller_for(tenant="stranger"), order_id)):
        for path in ("", "/history", "?version=1", "?asOf=2999-01-01T00:00:00Z"):
            assert await caller.refused(404, "GET", f"{PATH}/{other}{path}") == [f"Unknown order {other}."]


@pytest.mark.parametrize(
    ("path", "summary"),
    [
        ("?version=1&asOf=2999-01-01T00:00:00Z", "version: cannot stand together with asOf"),
        ("?version=0", "version: expected an integer of at least 1"),
        ("?asOf=yesterday", "asOf: expected a date and time with an offset, such as 2024-05-01T12:00:00.000Z"),
        (
            "?asOf=2026-01-01T00:00:00",
            "asOf: expected a date and time with an offset, such as 2024-05-01T12:00:00.000Z",
        ),
        ("/history?size=101", "size: expected an integer from 1 to 100"),
        ("/history?before=0", "before: expected an integer of at least 1"),
        ("/history?after=1", "after: is not a parameter here"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(admin: Caller, path: str, summary: str) -> None:
    """400 that names the parameter."""
    order_id = (await admin.post("/api/orders", ORDER)).json()["id"]
    assert await admin.refused(400, "GET", f"{PATH}/{order_id}{path}") == [summary]


async def test_the_past_takes_more_than_reading_orders(admin: Caller, caller_for: CallerFor) -> None:
    """ORDER_READ shows the order as it is; its past takes PROCESS_LOG_READ or AUDIT_READ as well, not instead."""
    answers = await edited(admin, 1)
    order_id = answers[0].json()["id"]
    reader = await caller_for("ORDER_READ")
    assert (await reader.get(f"{PATH}/{order_id}")).content == answers[-1].content
    for path in ("/history", "?version=1", "?asOf=2999-01-01T00:00:00Z"):
        assert await reader.refused(403, "GET", f"{PATH}/{order_id}{path}") == [
            "Permission missing: PROCESS_LOG_READ or AUDIT_READ is required for the past of an order."
        ]
    for more in ("PROCESS_LOG_READ", "AUDIT_READ"):
        both = await caller_for("ORDER_READ", more)
        assert (await history(both, order_id))["total"] == 2
        assert (await both.get(f"{PATH}/{order_id}?version=1")).content == answers[0].content
        await (await caller_for(more)).refused(403, "GET", f"{PATH}/{order_id}?version=1")


async def test_a_removed_order_has_a_history_and_an_end(admin: Caller, hub: Hub) -> None:
    """The end is told as an end; the order is still read as it was before, and not as it is or was afterwards."""
    answers = await edited(admin, 1)
    order_id = answers[0].json()["id"]

    async def decide(now: int) -> Decision:
        assert now > 0
        return Decision(decode(answers[-1].content), Happening("ORDER_DELETED"))

    await Writer(hub.db, hub.clock, hub.new_id).remove(ORDER_ENTITY, Origin("default", "opendoms", "test"), decide)
    end, *before = (await history(admin, order_id))["versions"]
    assert (end["version"], end["event"], end["removed"], end["actor"]) == (3, "ORDER_DELETED", True, "opendoms")
    assert "changes" not in end
    assert [version["version"] for version in before] == [2, 1]
    removed = f"Order {order_id} was removed with version 3."
    assert await admin.refused(404, "GET", f"{PATH}/{order_id}") == [removed]
    assert await admin.refused(404, "GET", f"{PATH}/{order_id}?version=3") == [removed]
    assert await admin.refused(404, "GET", f"{PATH}/{order_id}?asOf={end['at']}") == [removed]
    assert (await admin.get(f"{PATH}/{order_id}?version=2")).content == answers[-1].content


async def test_versions_that_are_not_kept_are_said_to_be_gone(admin: Caller, database_url: str) -> None:
    """History begins with the first version that is kept, which has no difference; what is older is not made up."""
    answers = await edited(admin, 3)
    order_id = answers[0].json()["id"]
    await run_sql(database_url, "delete from events where seq < 3")
    page = await history(admin, order_id)
    assert (page["total"], [version["version"] for version in page["versions"]]) == (2, [4, 3])
    assert "changes" in page["versions"][0]
    assert "changes" not in page["versions"][1]
    assert await admin.refused(404, "GET", f"{PATH}/{order_id}?version=2") == [
        f"Order {order_id} in version 2 is not kept any more; version 3 is the first."
    ]
    long_ago = text_of(instant_from(answers[0].json()["created"]) - 1)
    assert await admin.refused(404, "GET", f"{PATH}/{order_id}?asOf={long_ago}") == [
        f"Order {order_id} at {long_ago} is not kept any more; version 3 is the first."
    ]


async def test_an_anonymized_version_says_so(admin: Caller, database_url: str) -> None:
    """Where personal data has been taken out of history, it is out of every answer, and the version says so."""
    order = (await admin.post("/api/orders", {**ORDER, "customAttributes": {"name": "Erna"}})).json()
    await run_sql(
        database_url,
        """update events set document = replace(replace(document, 'Erna', 'ANONYMIZED'),
        '"anonymized":false', '"anonymized":true')""",
    )
    (version,) = (await history(admin, order["id"]))["versions"]
    assert version["anonymized"] is True
    assert version["changes"][0]["after"]["customAttributes"] == {"name": "ANONYMIZED"}
    was = await admin.get(f"{PATH}/{order['id']}?version=1")
    assert was.json()["customAttributes"] == {"name": "ANONYMIZED"}
