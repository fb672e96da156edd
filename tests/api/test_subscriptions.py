"""Subscriptions, their secrets, deliveries and replays through the API."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.app import Hub
from opendoms.db.entity import Writer
from opendoms.db.sqlfile import parse
from opendoms.events.actions import SubscriptionActions
from opendoms.events.limits import SUBSCRIPTIONS_MAX
from opendoms.events.rules.catalogue import EVENTS, NAMES
from opendoms.identity.permissions import Permission
from opendoms.kernel.changeset import Origin
from opendoms.kernel.refusal import Invalid
from opendoms.settings import Settings
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.test_cancelation_reasons import history
from tests.api.test_orders import ORDER
from tests.receiver import OK, Receiver

PATH = "/api/subscriptions"
OURS = "/opendoms/v1/subscriptions"
DELIVERIES = "/opendoms/v1/deliveries"
URL = "https://93.184.216.34/hook"
HEADERS = [{"key": "Authorization", "value": "Bearer abc"}, {"key": "X-Marker", "value": "1"}]
LEGACY = {"name": "shop", "event": "ORDER_CREATED", "callbackUrl": URL, "headers": HEADERS}
ORIGIN = Origin("default", "tester", "test")
EVENT_DOCUMENTS = parse("-- name: documents\nselect document, detail from events")["documents"]
TARGET = {"type": "WEBHOOK", "callbackUrl": URL, "headers": HEADERS}


@pytest.fixture
def settings(database_url: str) -> Settings:
    """A hub that may call this machine, where the receivers of these tests are."""
    return Settings(database=database_url, log_requests=False, webhook_allow_private_networks=True)


def guarded(hub: Hub, *addresses: str) -> SubscriptionActions:
    """Actions that allow no private networks, for which every name leads to these addresses."""

    async def resolve(host: str, port: int) -> list[str]:
        if not addresses:
            raise OSError("no such name")
        return list(addresses)

    writer = Writer(hub.db, hub.clock, hub.new_id)
    return SubscriptionActions(hub.db, writer, hub.clock, hub.new_id, allow_private=False, resolve=resolve)


@pytest.mark.parametrize(
    "body", [LEGACY, {"name": "shop", "event": "ORDER_CREATED", "target": TARGET}], ids=["callbackUrl", "target"]
)
async def test_a_subscription_is_created_listed_and_deleted(admin: Caller, hub: Hub, body: dict[str, Any]) -> None:
    """201 with both spellings of the target, whichever was sent; the list echoes headers with their values."""
    created = await admin.post(PATH, body)
    document = created.json()
    assert created.status_code == 201
    own = {"id": document["id"], "created": document["created"]}
    assert document == {**own, "name": "shop", "event": "ORDER_CREATED", "target": TARGET, **LEGACY}
    listed = await admin.get(PATH)
    assert listed.json() == {"subscriptions": [document], "total": 1}
    deleted = await admin.call("DELETE", f"{PATH}/{document['id']}")
    assert (deleted.status_code, deleted.json()) == (200, document)
    assert (await admin.get(PATH)).json() == {"subscriptions": [], "total": 0}
    assert await admin.refused(404, "DELETE", f"{PATH}/{document['id']}") == [f"Unknown subscription {document['id']}."]
    told = await history(hub)
    assert told == [
        ("SUBSCRIPTION", 1, "SUBSCRIPTION_CREATED", "tester"),
        ("SUBSCRIPTION", 2, "SUBSCRIPTION_DELETED", "tester"),
    ]


async def test_subscriptions_are_listed_newest_first_in_pages(admin: Caller) -> None:
    """The last id of a page is where the next one goes on; there is no cap of five per event."""
    ids = [(await admin.post(PATH, {**LEGACY, "name": f"s{number}"})).json()["id"] for number in range(7)]
    first = (await admin.get(f"{PATH}?size=4")).json()
    assert [each["id"] for each in first["subscriptions"]] == ids[:2:-1]
    assert (first["total"], first["nextCursor"]) == (7, ids[3])
    second = (await admin.get(f"{PATH}?size=4&startAfterId={ids[3]}")).json()
    assert [each["id"] for each in second["subscriptions"]] == ids[2::-1]
    assert "nextCursor" not in second


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, ["event", "name"]),
        ({**LEGACY, "color": "red"}, ["color"]),
        ({**LEGACY, "headers": []}, ["headers"]),
        ({"name": "x", "event": "ORDER_CREATED"}, ["target"]),
        ({**LEGACY, "callbackUrl": "ftp://example.com/"}, ["callbackUrl"]),
        ({**LEGACY, "headers": [{"key": "Host", "value": "x"}]}, ["headers[0].key"]),
        ({**LEGACY, "event": "order created"}, ["event"]),
        ({**LEGACY, "contexts": [{"type": "FACILITY_GROUP", "values": ["g"]}]}, ["contexts[0].type"]),
        ({"name": "x", "event": "ORDER_CREATED", "target": {"type": "WEBHOOK"}}, ["target.callbackUrl"]),
        (
            {
                "name": "x",
                "event": "ORDER_CREATED",
                "target": {"type": "GOOGLE_CLOUD_PUB_SUB", "projectId": "p", "topicId": "t"},
            },
            ["target.type"],
        ),
    ],
)
async def test_what_is_wrong_is_told_by_path(admin: Caller, hub: Hub, body: dict[str, Any], paths: list[str]) -> None:
    """Every fault, and nothing is stored."""
    summaries = await admin.refused(400, "POST", PATH, body)
    assert sorted(summary.partition(":")[0] for summary in summaries) == paths
    assert await history(hub) == []


async def test_an_azure_target_is_refused_clearly(admin: Caller) -> None:
    """The contract knows it, this hub does not send there."""
    target = {
        "type": "MICROSOFT_AZURE_SERVICE_BUS",
        "tenantId": "t",
        "clientId": "c",
        "clientSecret": "secret",
        "namespace": "n",
        "queueOrTopicName": "q",
    }
    assert await admin.refused(400, "POST", PATH, {"name": "x", "event": "ORDER_CREATED", "target": target}) == [
        "target.type: expected WEBHOOK; this hub does not send to MICROSOFT_AZURE_SERVICE_BUS"
    ]


async def test_an_event_of_another_module_is_taken_and_known_as_silent(admin: Caller) -> None:
    """Decision D50: connectors subscribe to events that this hub never sends, and must not fail for it."""
    created = (await admin.post(PATH, {**LEGACY, "event": "PICK_JOB_CREATED"})).json()
    assert (await admin.get(f"{OURS}/{created['id']}")).json()["supported"] is False


async def test_the_events_are_listed(admin: Caller) -> None:
    """Each with what has happened."""
    answered = (await admin.get("/api/supportedevents")).json()
    assert [each["event"] for each in answered["supportedEvents"]] == list(NAMES)
    assert all(each["description"] for each in answered["supportedEvents"])
    assert len(set(NAMES)) == len(NAMES)
    assert {told.kind for told in EVENTS} == {"ORDER", "FACILITY", "LISTING", "STOCK", "RESERVATION", "TAG"}


async def test_the_secret_is_told_once(admin: Caller, hub: Hub) -> None:
    """By our creation and by a rotation; never again, and history knows neither it nor the header values."""
    created = await admin.post(OURS, LEGACY)
    document = created.json()
    assert created.status_code == 201
    assert created.headers["location"] == f"http://hub.test{OURS}/{document['id']}"
    secret = document.pop("secret")
    read = await admin.get(f"{OURS}/{document['id']}")
    assert (read.status_code, read.json()) == (200, document)
    assert document["secretHint"] == f"whsec_…{secret[-4:]}"
    rotated = (await admin.post(f"{OURS}/{document['id']}/secret", None)).json()
    assert rotated["secret"] != secret
    after = (await admin.get(f"{OURS}/{document['id']}")).json()
    assert after["secretHint"] == f"whsec_…{rotated['secret'][-4:]}"
    assert after["previousSecretUntil"] == rotated["previousSecretUntil"]
    assert after["version"] == 2
    told = str(await hub.db.rows(EVENT_DOCUMENTS, {}))
    for hidden in (secret, rotated["secret"], "Bearer abc"):
        assert hidden not in told
        assert hidden not in str(await admin.get(DELIVERIES))


async def test_a_subscription_is_changed(admin: Caller) -> None:
    """Name, target and contexts are replaced as a whole; what is so already makes no version."""
    created = (await admin.post(PATH, LEGACY)).json()
    path = f"{OURS}/{created['id']}"
    change = {
        "version": 1,
        "name": "other",
        "callbackUrl": URL + "/2",
        "contexts": [{"type": "FACILITY", "values": ["f"]}],
    }
    changed = await admin.call("PUT", path, change)
    assert changed.status_code == 200
    document = changed.json()
    assert document["target"] == {"type": "WEBHOOK", "callbackUrl": URL + "/2"}
    assert "headers" not in document
    assert (document["version"], document["name"], document["event"]) == (2, "other", "ORDER_CREATED")
    again = await admin.call("PUT", path, {**change, "version": 2})
    assert (again.status_code, again.json()["version"]) == (200, 2)
    assert await admin.refused(409, "PUT", path, change) == ["version: expected 2, got 1"]
    assert await admin.refused(404, "PUT", f"{OURS}/unknown", change) == ["Unknown subscription unknown."]
    assert (await admin.get(path)).json() == document


async def test_a_subscription_is_paused_and_resumed(admin: Caller, hub: Hub) -> None:
    """Asking twice changes nothing."""
    path = f"{OURS}/{(await admin.post(PATH, LEGACY)).json()['id']}"
    for word, paused, version in (("pause", True, 2), ("pause", True, 2), ("resume", False, 3), ("resume", False, 3)):
        answered = (await admin.post(f"{path}/{word}", None)).json()
        assert (answered["paused"], answered["version"]) == (paused, version)
    assert [event[2] for event in await history(hub)] == [
        "SUBSCRIPTION_CREATED",
        "SUBSCRIPTION_PAUSED",
        "SUBSCRIPTION_RESUMED",
    ]
    assert await admin.refused(404, "POST", f"{OURS}/unknown/pause") == ["Unknown subscription unknown."]


async def test_an_order_is_told_and_its_delivery_shown(admin: Caller) -> None:
    """From the request to the receiver; refused at first, it is found by subscription, order and state."""
    receiver = Receiver(lambda _: OK if len(receiver.refused) else 500)
    async with receiver.listening():
        created = (await admin.post(PATH, {**LEGACY, "callbackUrl": receiver.url()})).json()
        order = (await admin.post("/api/orders", ORDER)).json()
        (request,) = await receiver.until_taken(1)
        assert request.json["payload"] == order
        assert (request.headers["authorization"], request.headers["x-marker"]) == ("Bearer abc", "1")
    found: list[dict[str, Any]] = []
    while not found:
        query = f"?subscriptionId={created['id']}&entityId={order['id']}&state=DELIVERED"
        found = (await admin.get(DELIVERIES + query)).json()["deliveries"]
    (delivery,) = found
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 204]
    assert (delivery["eventId"], delivery["event"], delivery["sequence"]) == (request.event_id, "ORDER_CREATED", 1)
    read = await admin.get(f"{DELIVERIES}/{delivery['id']}")
    assert (read.status_code, read.json()) == (200, delivery)
    filters = ["", f"?subscriptionId={created['id']}", f"?entityId={order['id']}", "?state=DELIVERED"]
    filters.append(f"?subscriptionId={created['id']}&state=DELIVERED")
    for each in filters:
        assert (await admin.get(DELIVERIES + each)).json() == {"deliveries": [delivery]}, each
    nothing = ["?subscriptionId=x", "?entityId=x", "?state=DEAD", f"?subscriptionId={created['id']}&state=RETRYING"]
    nothing += [f"?entityId={order['id']}&state=DEAD", f"?startAfterId={delivery['id']}"]
    for each in nothing:
        assert (await admin.get(DELIVERIES + each)).json() == {"deliveries": []}, each
    assert await admin.refused(400, "GET", f"{DELIVERIES}?state=LOST") != []


async def test_a_delivery_is_sent_once_more(admin: Caller) -> None:
    """The same message with the same id."""
    async with Receiver().listening() as receiver:
        await admin.post(PATH, {**LEGACY, "callbackUrl": receiver.url()})
        await admin.post("/api/orders", ORDER)
        await receiver.until_taken(1)
        found: list[dict[str, Any]] = []
        while not found:
            found = (await admin.get(DELIVERIES)).json()["deliveries"]
        answered = await admin.post(f"{DELIVERIES}/{found[0]['id']}/redeliver", None)
        assert (answered.status_code, answered.json()["state"]) == (200, "WAITING")
        first, second = await receiver.until_taken(2)
        assert first.body == second.body
    assert await admin.refused(404, "POST", f"{DELIVERIES}/unknown/redeliver") == ["Unknown delivery unknown."]


async def test_a_replay_is_asked_for_shown_and_refused_twice(admin: Caller) -> None:
    """202, how far it is, and 404 where there is none."""
    created = (await admin.post(PATH, LEGACY)).json()
    path = f"{OURS}/{created['id']}/replay"
    assert await admin.refused(404, "GET", path) == ["This subscription was never replayed."]
    assert await admin.refused(404, "DELETE", path) == ["No replay of this subscription is under way."]
    (fault,) = await admin.refused(400, "POST", path, {"events": ["NOTHING"]})
    assert fault.startswith("events[0]: expected one of ORDER_CREATED, ")
    assert await admin.refused(400, "POST", path, {"rate": 0}) != []
    await admin.post(f"{OURS}/{created['id']}/pause", None)
    started = await admin.post(path, {"rate": 7, "from": "2026-01-01T00:00:00+01:00"})
    assert started.status_code == 202
    assert started.json() == {
        "id": created["id"],
        "version": 1,
        "state": "RUNNING",
        "from": "2025-12-31T23:00:00.000Z",
        "events": ["ORDER_CREATED"],
        "rate": 7,
        "started": started.json()["started"],
        "replayed": 0,
    }
    assert (await admin.get(path)).json() == started.json()
    assert await admin.refused(409, "POST", path, {}) == ["A replay of this subscription is under way."]
    cancelled = (await admin.call("DELETE", path)).json()
    assert (cancelled["state"], cancelled["version"]) == ("CANCELLED", 2)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "http://0x7f.1/", "http://[::1]/"])
async def test_a_private_address_is_refused_by_default(admin: Caller, hub: Hub, url: str) -> None:
    """As long as no operator has allowed it."""
    with pytest.raises(Invalid, match="callbackUrl: expected an address on the internet"):
        await guarded(hub).create({**LEGACY, "callbackUrl": url}, ORIGIN)
    assert await history(hub) == []


async def test_a_name_that_leads_inside_is_refused_at_creation(hub: Hub, admin: Caller) -> None:
    """It is looked up; a name that nobody knows yet is taken, and looked at again before anything is sent."""
    wanted = {**LEGACY, "callbackUrl": "https://erp.example.com/hook"}
    for addresses in (("10.0.0.1",), ("93.184.216.34", "::1")):
        with pytest.raises(Invalid, match="callbackUrl: expected an address on the internet"):
            await guarded(hub, *addresses).create(wanted, ORIGIN)
    assert await history(hub) == []
    await guarded(hub, "93.184.216.34").create(wanted, ORIGIN)
    await guarded(hub).create(wanted, ORIGIN)
    assert len(await history(hub)) == 2


async def test_there_is_a_bound_per_tenant(admin: Caller, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that one tenant cannot take all there is."""
    assert SUBSCRIPTIONS_MAX == 500
    monkeypatch.setattr("opendoms.events.actions.subscriptions.SUBSCRIPTIONS_MAX", 2)
    for _ in range(2):
        assert (await admin.post(PATH, LEGACY)).status_code == 201
    assert await admin.refused(400, "POST", PATH, LEGACY) == [
        "There are 2 subscriptions, which is as many as there may be."
    ]
    assert (await admin.get(PATH)).json()["total"] == 2


async def test_other_tenants_see_nothing(admin: Caller, caller_for: CallerFor) -> None:
    """Neither subscriptions nor deliveries, nor do their orders go to somebody else."""
    other = await caller_for(tenant="other")
    async with Receiver().listening() as receiver:
        created = (await admin.post(PATH, {**LEGACY, "callbackUrl": receiver.url()})).json()
        await other.post("/api/orders", ORDER)
        order = (await admin.post("/api/orders", ORDER)).json()
        await receiver.until_taken(1)
        assert [request.entity_id for request in receiver.taken] == [order["id"]]
    assert (await other.get(PATH)).json() == {"subscriptions": [], "total": 0}
    assert (await other.get(DELIVERIES)).json() == {"deliveries": []}
    for method, path in (
        ("GET", f"{OURS}/{created['id']}"),
        ("DELETE", f"{PATH}/{created['id']}"),
        ("POST", f"{OURS}/{created['id']}/secret"),
    ):
        assert await other.refused(404, method, path) == [f"Unknown subscription {created['id']}."]
    assert (await admin.get(PATH)).json()["total"] == 1


async def test_reading_is_not_writing(caller_for: CallerFor, admin: Caller) -> None:
    """Who may see subscriptions may not make or end them."""
    created = (await admin.post(PATH, LEGACY)).json()
    reader = await caller_for(Permission.SUBSCRIPTION_READ)
    assert (await reader.get(PATH)).status_code == 200
    for method, path, body in (
        ("POST", PATH, LEGACY),
        ("DELETE", f"{PATH}/{created['id']}", None),
        ("POST", f"{OURS}/{created['id']}/secret", None),
        ("GET", "/api/supportedevents", None),
    ):
        await reader.refused(403, method, path, body)
    assert (await admin.get(PATH)).json()["total"] == 1


async def test_the_backlog_is_read_page_by_page(admin: Caller, caller_for: CallerFor) -> None:
    """Of each subscription what waits, the newest first; nothing of another tenant's."""
    first, second = [(await admin.post(PATH, LEGACY)).json()["id"] for _ in range(2)]
    page = (await admin.get("/opendoms/v1/backlog?size=1")).json()
    assert [one["subscriptionId"] for one in page["subscriptions"]] == [second]
    page = (await admin.get(f"/opendoms/v1/backlog?size=1&startAfterId={page['nextCursor']}")).json()
    nothing = {"unread": 0, "waiting": 0, "retrying": 0, "dead": 0}
    told = {"name": LEGACY["name"], "event": LEGACY["event"], "paused": False, "supported": True, "atLeast": False}
    assert page == {"subscriptions": [{"subscriptionId": first, **told, **nothing}]}
    await admin.refused(400, "GET", "/opendoms/v1/backlog?size=51")
    stranger = await caller_for(tenant="stranger")
    assert (await stranger.get("/opendoms/v1/backlog")).json() == {"subscriptions": []}
    outsider = await caller_for("ORDER_READ")
    await outsider.refused(403, "GET", "/opendoms/v1/backlog")
