"""Pausing, moving and ending subscriptions, redelivering, replaying, and what is removed in time."""

from __future__ import annotations

import asyncio

import pytest

from opendoms.db.sqlfile import parse
from opendoms.events.limits import DEAD_LETTERS_MS
from opendoms.events.rules import delivery as deliveries
from opendoms.events.rules.lanes import Row
from opendoms.events.store import delivery_put
from opendoms.events.sweeping import first_id_at, sweep
from opendoms.kernel.changeset import Changeset
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.ids import new_id
from opendoms.kernel.refusal import Invalid
from tests.events.scene import ORIGIN, TENANT, Scene, in_order
from tests.identity.stand_ins import NOW, StillClock
from tests.receiver import OK, WAIT_S, Receiver

COUNT = parse(
    "-- name: count\nselect (select count(*) from webhook_endpoints), (select count(*) from webhook_deliveries)"
)
DAY_MS = 86_400_000


async def test_nothing_is_lost_while_a_subscription_is_paused(scene: Scene, receiver: Receiver) -> None:
    """What happens meanwhile is sent when it goes on; another subscription of the URL goes on all the time."""
    created, _ = await scene.subscribe(receiver.url())
    await scene.subscribe(receiver.url(), "ORDER_MODIFIED")
    scene.start()
    await scene.happens("o1")
    await receiver.until_taken(1)
    await scene.subscriptions.pause(created, ORIGIN)
    await scene.stop()  # or else what happens in the same moment may still be sent
    scene.start()
    await scene.happens("o2")
    await scene.happens("o1", 2)
    await receiver.until_taken(2)
    assert in_order(receiver) == {"o1": [1, 2]}
    await scene.subscriptions.resume(created, ORIGIN)
    await receiver.until_taken(3)
    await scene.happens("o3")
    await receiver.until_taken(4)
    await scene.until(DELIVERED=4)
    assert [request.entity_id for request in receiver.taken] == ["o1", "o1", "o2", "o3"]


async def test_a_subscription_begins_when_it_is_made(scene: Scene, receiver: Receiver) -> None:
    """What happened before is not sent, also where another subscription of the URL is behind.

    On PostgreSQL something may be that happened after the oldest running transaction began: that of another test.
    """
    await scene.subscribe(receiver.url())
    await scene.happens("o1")
    await scene.happens("o1", 2)
    await scene.subscribe(receiver.url(), "ORDER_MODIFIED")
    await scene.happens("o1", 3)
    scene.start()
    await receiver.until(lambda: 3 in {request.sequence for request in receiver.taken})
    expected = [[1, 3]] if scene.engine.name == "sqlite" else [[1, 3], [1, 2, 3]]
    assert in_order(receiver)["o1"] in expected
    await scene.until(DELIVERED=len(receiver.taken))


async def test_with_another_url_it_goes_on_where_it_was(scene: Scene, receiver: Receiver) -> None:
    """What the old URL did not take goes to the new one: the event that was tried, and those behind it."""
    subscription_id, _ = await scene.subscribe("http://127.0.0.1:1/gone")
    scene.start()
    await scene.happens("o1")
    await scene.until_tried(1)
    await scene.happens("o2")
    change = {"version": 1, "name": "moved", "callbackUrl": receiver.url()}
    await scene.subscriptions.update(subscription_id, change, ORIGIN)
    await receiver.until_taken(2)
    await scene.until(DELIVERED=2)
    assert set(in_order(receiver)) == {"o1", "o2"}


async def test_a_deleted_subscription_gets_nothing_more(scene: Scene, receiver: Receiver) -> None:
    """What waits for it is cancelled by the next sweep, and its URL is forgotten."""
    receiver.verdict = lambda _: 500
    subscription_id, _ = await scene.subscribe(receiver.url())
    relay = scene.start(sweep_ms=20)
    await scene.happens("o1")
    await scene.until_tried(1)
    await scene.subscriptions.delete(subscription_id, ORIGIN)
    await scene.until(CANCELLED=1)
    async with asyncio.timeout(WAIT_S):
        # The relay lets go of it at its next look, which may come after the sweep.
        while relay.in_memory():  # noqa: ASYNC110 - what it holds in memory tells nobody when it changes
            await asyncio.sleep(0)
    (delivery,) = await scene.listed(subscription_id=subscription_id)
    with pytest.raises(Invalid, match="gone"):
        await scene.deliveries.redeliver(TENANT, delivery["id"])
    await scene.stop()
    await sweep(scene.engine, now=scene.clock.now(""), kept_ms=DAY_MS, batch_max=10)
    assert await scene.ask(COUNT["count"]) == [(0, 1)]


async def test_a_retry_can_be_hurried_and_a_delivered_one_sent_again(scene: Scene, receiver: Receiver) -> None:
    """The pause of an hour is not waited for; a second copy has the same id."""
    receiver.verdict = lambda _: OK if len(receiver.refused) else 500
    await scene.subscribe(receiver.url())
    scene.start(backoff_ms_min=3_600_000)
    await scene.happens("o1")
    delivery = await scene.until_tried(1)
    await scene.deliveries.redeliver(TENANT, delivery["id"])
    await receiver.until_taken(1)
    await scene.until(DELIVERED=1)
    await scene.deliveries.redeliver(TENANT, delivery["id"])
    await receiver.until_taken(2)
    await scene.until(DELIVERED=1)
    assert len({request.event_id for request in (*receiver.taken, *receiver.refused)}) == 1
    (delivery,) = await scene.listed()
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 204, 204]


async def test_a_replay_sends_a_stretch_of_the_past_once_more(scene: Scene, receiver: Receiver) -> None:
    """By time, order and event; in order, with the same ids, beside what happens meanwhile."""
    subscription_id, _ = await scene.subscribe(receiver.url())
    for order in ("o1", "o2", "o3"):
        for seq in (1, 2, 3):
            await scene.happens(order, seq)
    scene.start()
    await receiver.until_taken(3)
    events = ["ORDER_CREATED", "ORDER_MODIFIED"]
    replay = await scene.replays.start(TENANT, subscription_id, {"rate": 500, "events": events, "entityId": "o2"})
    assert (replay["state"], replay["replayed"]) == ("RUNNING", 0)
    await receiver.until_taken(6)
    assert [(request.entity_id, request.sequence) for request in receiver.taken[3:]] == [
        ("o2", 1),
        ("o2", 2),
        ("o2", 3),
    ]
    await scene.until(DELIVERED=6)
    # It ends when all of the past is settled: on PostgreSQL, after other transactions of the server that were running.
    await scene.until_holds(lambda: done(scene, subscription_id))
    assert (await scene.replays.read(TENANT, subscription_id))["replayed"] == 3
    assert [delivery.get("replayed", False) for delivery in await scene.listed()] == [True] * 3 + [False] * 3
    nothing = text_of(scene.clock.now(TENANT) + DAY_MS)
    await scene.replays.start(TENANT, subscription_id, {"rate": 500, "from": nothing})
    await scene.until_holds(lambda: done(scene, subscription_id))
    assert len(receiver.taken) == 6


async def done(scene: Scene, subscription_id: str) -> bool:
    """Whether the replay has ended."""
    state: str = (await scene.replays.read(TENANT, subscription_id))["state"]
    return state == "DONE"


async def test_a_replay_waits_behind_what_is_being_tried(scene: Scene, receiver: Receiver) -> None:
    """An order whose event fails gets no replayed one before it; cancelled, a replay adds nothing more."""
    receiver.verdict = lambda request: OK if request.sequence == 1 or well else 500
    well = False
    await scene.subscribe_to_all(receiver)
    scene.start()
    await scene.happens("o1")
    await scene.happens("o1", 2)
    await scene.until(DELIVERED=1, RETRYING=1)
    page = await scene.subscriptions.page(TENANT, before="~", size=2)
    subscription_id = page.documents[0]["id"]
    await scene.replays.start(TENANT, subscription_id, {"rate": 500, "events": ["ORDER_CREATED"]})
    await scene.until(DELIVERED=1, RETRYING=1, WAITING=1)
    assert len(receiver.taken) == 1
    well = True
    await scene.until(DELIVERED=3)
    assert [request.sequence for request in receiver.taken] == [1, 2, 1]


async def test_old_deliveries_are_removed(scene: Scene, receiver: Receiver) -> None:
    """Delivered ones after the time that is set, dead letters after 90 days, open ones never."""
    now = scene.clock.now("")
    receiver.verdict = lambda request: OK if request.entity_id == "o1" else 500
    await scene.subscribe(receiver.url())
    scene.start(backoff_ms_min=3_600_000)
    await scene.happens("o1")
    await scene.happens("o2")
    await scene.until(DELIVERED=1, RETRYING=1)
    await scene.stop()
    assert await sweep(scene.engine, now=now, kept_ms=DAY_MS, batch_max=10) == 0
    assert await sweep(scene.engine, now=now + 2 * DAY_MS, kept_ms=DAY_MS, batch_max=10) == 1
    assert await sweep(scene.engine, now=now + 2 * DEAD_LETTERS_MS, kept_ms=DAY_MS, batch_max=10) == 0
    assert await scene.states() == {"RETRYING": 1}


def test_ids_tell_their_time() -> None:
    """A bound made of an instant parts the ids that are made before it from those after."""
    made = new_id()
    at = int(made.replace("-", "")[:12], 16)
    assert first_id_at(at) < made < first_id_at(at + 1)


async def test_requests_that_hurry_do_not_disturb_what_is_on_its_way(scene: Scene, receiver: Receiver) -> None:
    """Fifty deliveries are asked for while they are being tried: each outcome is noted, none is sent again for it."""
    well = False
    receiver.verdict = lambda _: OK if well else 500
    await scene.subscribe(receiver.url())
    relay = scene.start(backoff_ms_min=3_600_000, flush_ms=100)
    for number in range(50):
        await scene.happens(f"o{number}")
    await scene.until(RETRYING=50)
    well = True
    (served,) = relay._served.values()  # noqa: SLF001 - it must be the same one in the end
    ids = [delivery["id"] for delivery in await scene.listed()]
    for _ in range(2):
        await asyncio.gather(*(scene.deliveries.redeliver(TENANT, each) for each in ids))
    await scene.until(DELIVERED=50)
    assert not served.courier.ended


async def test_the_backlog_tells_what_waits(scene: Scene, receiver: Receiver) -> None:
    """What nobody has begun with, what is retried, what waits behind that, dead letters, and since when."""
    clock = scene.clock = StillClock()
    scene = Scene(scene.engine, clock)
    receiver.verdict = lambda request: 500 if request.entity_id == "bad" else OK
    created, _ = await scene.subscribe(receiver.url())
    await scene.subscribe(receiver.url(), "ORDER_MODIFIED")
    silent, _ = await scene.subscribe(receiver.url(), "PICK_JOB_CREATED")
    await scene.happens("bad")
    await scene.happens("bad", 2)
    await scene.happens("bad", 3)
    nothing = {"paused": False, "waiting": 0, "retrying": 0, "dead": 0, "atLeast": False}
    since = {"oldest": text_of(NOW), "oldestAgeSeconds": 90}
    clock.at += 90_000
    page = await scene.backlog.page(TENANT, before="~", size=2)
    assert page.has_next_page
    assert page.documents[0] == {
        "subscriptionId": silent,
        "name": "test",
        "event": "PICK_JOB_CREATED",
        "supported": False,
        "unread": 0,
        **nothing,
    }
    assert page.documents[1]["unread"] == 2
    assert (await told(scene, created)) == {**nothing, "supported": True, "unread": 1, **since}

    scene.start(backoff_ms_min=3_600_000)
    await scene.until(RETRYING=1, WAITING=2)
    await scene.stop()
    assert (await told(scene, created)) == {**nothing, "supported": True, "unread": 0, "retrying": 1, **since}
    page = await scene.backlog.page(TENANT, before="~", size=5)
    assert [one["waiting"] for one in page.documents] == [0, 2, 0]
    (delivery,) = await scene.listed(state="RETRYING")
    stored = Row(deliveries.lost({**delivery, "version": 2}), 1, 1, stored=True)
    await scene.engine.apply(Changeset(puts=(delivery_put(TENANT, stored),)))
    assert (await told(scene, created)) == {**nothing, "supported": True, "unread": 0, "dead": 1}


async def told(scene: Scene, subscription_id: str) -> Document:
    """What the backlog tells of a subscription, but for its names."""
    page = await scene.backlog.page(TENANT, before="~", size=5)
    assert not page.has_next_page
    (found,) = [one for one in page.documents if one.pop("subscriptionId") == subscription_id]
    assert (found.pop("name"), found.pop("event")) == ("test", "ORDER_CREATED")
    return found
