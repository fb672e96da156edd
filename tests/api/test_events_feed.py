"""The feed of events through the API: pages, waiting, streams, and who is told what."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from opendoms.app import Hub
from opendoms.history import following, position, pulse
from opendoms.history.feed import Feed
from opendoms.identity.permissions import Permission
from opendoms.identity.principal import Principal
from opendoms.web.api import Api
from tests.api.caller import Caller
from tests.api.conftest import CallerFor
from tests.api.streams import listening
from tests.api.test_facilities import FACILITY
from tests.api.test_orders import ORDER

PATH = "/opendoms/v1/events"


async def ordered(caller: Caller, number: int) -> dict[str, Any]:
    """A new order."""
    answer = await caller.post("/api/orders", {**ORDER, "tenantOrderId": f"feed-{number}"})
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


async def page(caller: Caller, query: str = "") -> dict[str, Any]:
    """A page of the feed."""
    answer = await caller.get(f"{PATH}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


async def happened(caller: Caller, count: int) -> None:
    """Returns when the feed tells of so many events: on PostgreSQL other tests' transactions hold it back a while."""
    async with asyncio.timeout(30):
        while len((await page(caller, "size=500"))["events"]) < count:
            pass


async def test_an_event_tells_what_happened_to_what(admin: Caller) -> None:
    """Its payload is the order as it was answered then, and its envelope that of a webhook with more members."""
    order = await ordered(admin, 1)
    changed = await admin.patch(f"/api/orders/{order['id']}", {"version": 1, "customAttributes": {"mine": 1.50}})
    await happened(admin, 2)
    created, modified = (await page(admin))["events"]
    assert created["payload"] == order
    assert modified["payload"] == changed.json()
    assert modified["detail"] == {"changes": {"customAttributes": {"mine": 1.5}}}
    assert "detail" not in created
    assert [
        (event["event"], event["entityKind"], event["entityId"], event["seq"], event["actor"])
        for event in (created, modified)
    ] == [("ORDER_CREATED", "ORDER", order["id"], 1, "tester"), ("ORDER_MODIFIED", "ORDER", order["id"], 2, "tester")]
    assert created["at"] == order["created"]
    assert created["cause"].startswith("POST /api/orders ")
    assert created["eventId"] != modified["eventId"]


async def test_pages_follow_each_other(admin: Caller) -> None:
    """Each event comes once and in order; the end says that there is no more, and the cursor goes on from there."""
    orders = [(await ordered(admin, number))["id"] for number in range(5)]
    await happened(admin, 5)
    first = await page(admin, "size=2")
    second = await page(admin, f"size=2&after={first['nextCursor']}")
    third = await page(admin, f"size=2&after={second['nextCursor']}")
    assert [event["entityId"] for part in (first, second, third) for event in part["events"]] == orders
    assert [part["hasMore"] for part in (first, second, third)] == [True, True, False]
    nothing = await page(admin, f"after={third['nextCursor']}")
    assert nothing == {"events": [], "nextCursor": third["nextCursor"], "hasMore": False}
    behind_one = await page(admin, f"after={first['events'][0]['cursor']}")
    assert [event["entityId"] for event in behind_one["events"]] == orders[1:]
    assert behind_one["hasMore"] is False
    newest = await page(admin, "start=NEWEST")
    assert newest == nothing
    last = (await ordered(admin, 9))["id"]
    await happened(admin, 6)
    assert [event["entityId"] for event in (await page(admin, f"after={newest['nextCursor']}"))["events"]] == [last]


async def test_events_are_narrowed(admin: Caller) -> None:
    """By the kind of entity and by what happened; the cursor passes what is not wanted."""
    order = await ordered(admin, 1)
    facility = (await admin.post("/api/facilities", FACILITY)).json()
    await admin.post(f"/api/orders/{order['id']}/actions", {"name": "CANCEL", "version": 1})
    await happened(admin, 3)
    orders = await page(admin, "entityKind=ORDER")
    assert [event["event"] for event in orders["events"]] == ["ORDER_CREATED", "ORDER_CANCELLED"]
    both = await page(admin, "entityKind=ORDER&entityKind=FACILITY&type=ORDER_CANCELLED&type=FACILITY_CREATED")
    assert [event["entityId"] for event in both["events"]] == [facility["id"], order["id"]]
    none = await page(admin, "type=ORDER_UNLOCKED")
    assert none["events"] == []
    assert (await page(admin, f"after={none['nextCursor']}"))["events"] == []


async def test_large_events_make_short_pages(admin: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page ends where it holds enough bytes, says so, and the next one goes on."""
    orders = [(await ordered(admin, number))["id"] for number in range(6)]
    await happened(admin, 6)
    monkeypatch.setattr("opendoms.history.feed.PAGE_BYTES_MAX", 3_000)
    monkeypatch.setattr("opendoms.history.feed.FIRST_BATCH", 1)
    found: list[str] = []
    more, query, sizes = True, "", []
    while more:
        part = await page(admin, query)
        found += [event["entityId"] for event in part["events"]]
        sizes.append(len(part["events"]))
        more, query = part["hasMore"], f"after={part['nextCursor']}"
    assert found == orders
    assert max(sizes) < 6
    assert 0 not in sizes


async def test_a_filter_that_finds_little_comes_back_with_where_to_go_on(
    admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request looks at a bounded number of events; its page may be empty and still say that there is more."""
    monkeypatch.setattr("opendoms.history.feed.SPAN", 2)
    monkeypatch.setattr("opendoms.history.feed.SPANS_MAX", 2)
    for number in range(5):
        await ordered(admin, number)
    facility = (await admin.post("/api/facilities", FACILITY)).json()
    first = await page(admin, "entityKind=FACILITY")
    assert (first["events"], first["hasMore"]) == ([], True)
    second = await page(admin, f"entityKind=FACILITY&after={first['nextCursor']}")
    assert [event["entityId"] for event in second["events"]] == [facility["id"]]


@pytest.mark.parametrize(
    ("query", "summary"),
    [
        ("after=made-up", "after: expected a cursor of this feed"),
        ("after=" + "A" * 300, "after: expected a cursor of this feed"),
        ("after=%C3%A4", "after: expected a cursor of this feed"),
        ("entityKind=USER", "entityKind: USER is not told of"),
        ("entityKind=SANDBOX_CLOCK", "entityKind: SANDBOX_CLOCK is not told of"),
        ("wait=31", "wait: expected an integer from 0 to 30"),
        ("size=501", "size: expected an integer from 1 to 500"),
        ("start=MIDDLE", 'start: expected one of NEWEST, OLDEST, got "MIDDLE"'),
    ],
)
async def test_what_cannot_be_followed_is_named(admin: Caller, query: str, summary: str) -> None:
    """400 with the parameter, for pages and for streams alike."""
    assert await admin.refused(400, "GET", f"{PATH}?{query}") == [summary]
    streamed = await admin.unjudged("GET", f"{PATH}?{query}", accept="text/event-stream")
    assert streamed.status_code == 400


async def test_a_cursor_is_good_for_its_own_tenant(admin: Caller, caller_for: CallerFor) -> None:
    """Another tenant sees none of our events, and our cursor is none of theirs."""
    await ordered(admin, 1)
    ours = await page(admin)
    stranger = await caller_for(tenant="stranger")
    assert (await page(stranger))["events"] == []
    assert await stranger.refused(400, "GET", f"{PATH}?after={ours['nextCursor']}") == [
        "after: expected a cursor of this feed"
    ]


async def test_an_event_takes_what_reading_the_entity_takes(admin: Caller, caller_for: CallerFor) -> None:
    """Kinds that the caller may not read are left out, asking for one is refused, and so is asking for nothing."""
    order = await ordered(admin, 1)
    await admin.post("/api/facilities", FACILITY)
    await admin.put("/api/configurations/promises", {"version": 0, "invalidAfterTime": "PT1H"})
    await happened(admin, 3)
    reader = await caller_for("EVENT_READ", "ORDER_READ")
    assert [event["entityId"] for event in (await page(reader))["events"]] == [order["id"]]
    assert await reader.refused(403, "GET", f"{PATH}?entityKind=ORDER&entityKind=FACILITY") == [
        "Permission missing: FACILITY_READ is required for events of FACILITY."
    ]
    configurator = await caller_for("EVENT_READ", "CONFIG_READ")
    assert [event["entityKind"] for event in (await page(configurator))["events"]] == ["CONFIGURATION"]
    blind = await caller_for("EVENT_READ")
    assert len(await blind.refused(403, "GET", PATH)) == 1
    others = await caller_for(*set(Permission) - {Permission.EVENT_READ})
    assert len(await others.refused(403, "GET", PATH)) == 1


async def test_waiting_ends_with_the_event(admin: Caller) -> None:
    """A request that waits is answered when something is committed, long before its time is up."""
    start = (await page(admin, "start=NEWEST"))["nextCursor"]
    waiting = asyncio.create_task(page(admin, f"after={start}&wait=30&entityKind=ORDER"))
    # An event that is not wanted wakes the one who waits, and leaves them waiting.
    await admin.post("/api/facilities", FACILITY)
    order = await ordered(admin, 1)
    async with asyncio.timeout(10):
        found = await waiting
    assert [event["entityId"] for event in found["events"]] == [order["id"]]


async def test_waiting_in_vain_ends_empty(admin: Caller, hub: Hub) -> None:
    """After the time that was asked for the answer is a page without events, with the position to go on."""
    await ordered(admin, 1)
    await happened(admin, 1)
    feed = following.Following(Feed(hub.db), pulse.Pulse(hub.db))
    asked = following.Asked(newest=True)
    found = await feed.page(principal_of_everything(), asked, 10, 0.05)
    assert (found.events, found.more) == ([], False)
    assert position.written("default", found.next) == (await page(admin, "start=NEWEST"))["nextCursor"]


async def test_what_is_there_is_not_waited_for(admin: Caller) -> None:
    """With `wait`, events that are there already are answered at once."""
    order = await ordered(admin, 1)
    async with asyncio.timeout(5):
        found = await page(admin, "wait=30")
    assert [event["entityId"] for event in found["events"]] == [order["id"]]


async def test_not_everybody_can_wait(admin: Caller, monkeypatch: pytest.MonkeyPatch, api: Api) -> None:
    """Where too many wait, one more is told to come back; without waiting, everybody is answered."""
    monkeypatch.setattr(pulse, "LISTENERS_PER_TENANT_MAX", 1)
    async with listening(api, f"{PATH}?start=NEWEST", admin.authorization) as listener:
        await listener.begun()
        refused = await admin.call("GET", f"{PATH}?wait=30")
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "5"
        assert (await page(admin))["events"] == []
    # The place is free again.
    await ordered(admin, 1)
    assert len((await page(admin, "wait=30"))["events"]) == 1


async def test_a_stream_goes_on(admin: Caller, api: Api) -> None:
    """First what was there, then what happens; each event by its name, with its cursor as id."""
    first = await ordered(admin, 1)
    async with listening(api, f"{PATH}?entityKind=ORDER", admin.authorization) as listener:
        (told,) = await listener.until(1)
        assert listener.status == 200
        assert listener.headers["content-type"] == "text/event-stream"
        assert listener.headers["cache-control"] == "no-store"
        assert (told.event, told.data["payload"]) == ("ORDER_CREATED", first)
        assert told.id == told.data["cursor"]
        await admin.post("/api/facilities", FACILITY)
        second = await ordered(admin, 2)
        assert [block.data["entityId"] for block in await listener.until(2)] == [first["id"], second["id"]]
        assert not listener.finished


async def test_a_stream_is_taken_up_where_it_broke_off(admin: Caller, api: Api) -> None:
    """Last-Event-ID goes on behind that event, whatever `after` says, and misses nothing that came in between."""
    orders = [(await ordered(admin, number))["id"] for number in range(3)]
    async with listening(api, PATH, admin.authorization) as listener:
        blocks = await listener.until(3)
    orders.append((await ordered(admin, 3))["id"])
    resumed = {"last_event_id": blocks[1].id}
    async with listening(api, f"{PATH}?after={blocks[0].id}", admin.authorization, **resumed) as listener:
        assert [block.data["entityId"] for block in await listener.until(2)] == orders[2:]


async def test_a_silent_stream_says_that_it_is_alive(admin: Caller, hub: Hub) -> None:
    """A comment comes now and then, with the cursor of what was passed by the filter in between."""
    feed = following.Following(Feed(hub.db), pulse.Pulse(hub.db), heartbeat_s=0.05)
    await ordered(admin, 1)
    stream = await feed.stream(principal_of_everything(), following.Asked(kinds=("ORDER",), types=("ORDER_UNLOCKED",)))
    parts = [await anext(stream) for _ in range(3)]
    await stream.aclose()
    ids = [part.decode().split("id: ")[1].split("\n")[0] for part in parts]
    assert parts[0].startswith(b"retry: 2000\n")
    assert all(b": alive\n\n" in part for part in parts)
    assert ids[0] != ids[1] == ids[2]
    assert ids[1] == (await page(admin, "start=NEWEST"))["nextCursor"]


async def test_a_stream_that_is_woken_in_vain_is_alive_as_well(hub: Hub, api: Api) -> None:
    """Events that are not wanted wake the one who listens; the comment comes all the same."""
    assert api is not None
    waker = pulse.Pulse(hub.db)
    feed = following.Following(Feed(hub.db), waker, heartbeat_s=0.05)
    stream = await feed.stream(principal_of_everything(), following.Asked())
    assert b"retry" in await anext(stream)
    beating = asyncio.ensure_future(anext(stream))
    async with asyncio.timeout(10):
        while not beating.done():
            waker.wake("default")
            await asyncio.sleep(0)
    assert b": alive\n\n" in await beating
    await stream.aclose()


def principal_of_everything() -> Any:
    """A caller of the default tenant who may read everything."""
    return Principal(tenant="default", subject="tester", permissions=frozenset(Permission))


async def test_a_stream_ends_with_the_server(admin: Caller, api: Api) -> None:
    """When the server stops, streams and those who wait come to a whole end at once."""
    start = (await page(admin, "start=NEWEST"))["nextCursor"]
    waiting = asyncio.create_task(page(admin, f"after={start}&wait=30"))
    async with listening(api, PATH, admin.authorization) as listener:
        await listener.begun()
        api.end_streams()
        await listener.end()
        assert listener.events == []
        async with asyncio.timeout(10):
            assert (await waiting)["events"] == []


async def test_a_stream_lasts_for_a_while(admin: Caller, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends by itself after its time, so that the token is looked at again, and says to come back."""
    monkeypatch.setattr(following, "STREAM_S_MAX", 0.05)
    async with listening(api, PATH, admin.authorization) as listener:
        await listener.end()
        assert listener.status == 200


async def test_who_hangs_up_leaves_nothing_behind(admin: Caller, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one place of a listener is free again after each who has gone, also after one who asked for the head only."""
    monkeypatch.setattr(pulse, "LISTENERS_PER_TENANT_MAX", 1)
    for _ in range(3):
        async with listening(api, PATH, admin.authorization) as listener:
            await listener.begun()
            assert listener.status == 200
        head = await admin.unjudged("HEAD", PATH, accept="text/event-stream")
        assert (head.status_code, head.content) == (200, b"")


async def test_a_stream_needs_a_token_and_the_permission(http: httpx.AsyncClient, caller_for: CallerFor) -> None:
    """Refusals are answered as everywhere, not as a stream."""
    answer = await http.get(PATH, headers={"accept": "text/event-stream"})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/json")
    reader = await caller_for("ORDER_READ")
    refused = await reader.unjudged("GET", PATH, accept="text/event-stream")
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/json")
