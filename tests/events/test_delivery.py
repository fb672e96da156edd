"""Events reach their subscribers: what they get, in which order, and what happens when they do not take it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac

import pytest

from opendoms.db.engine import Engine
from opendoms.events.feed import Feed
from opendoms.events.limits import BACKOFF_MS_MAX, TRIED_MS_MAX
from opendoms.events.rules.place import START
from opendoms.kernel.clock import instant_from
from tests.events.scene import ORIGIN, TENANT, Scene, in_order
from tests.identity.stand_ins import StillClock
from tests.receiver import OK, Received, Receiver


async def test_a_message_holds_the_stored_bytes_and_is_signed(scene: Scene, receiver: Receiver) -> None:
    """The envelope of the contract around the very document, the asked headers, and a signature that holds."""
    _, secret = await scene.subscribe(
        receiver.url("/hook?shop=1"), headers=[{"key": "Authorization", "value": "Bearer abc"}]
    )
    scene.start()
    document = ',"total": 1.10,"title":"Grüße"'.encode()
    event_id = await scene.happens("o1", document=document)
    (request,) = await receiver.until_taken(1)
    payload = b'{"id":"o1","version":1%b}' % document
    assert request.body == b'{"event":"ORDER_CREATED","eventId":"%b","payload":%b}' % (event_id.encode(), payload)
    assert request.path == "/hook?shop=1"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["authorization"] == "Bearer abc"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["opendoms-sequence"] == "1"
    assert request.headers["webhook-id"] == event_id
    signed = f"{event_id}.{request.headers['webhook-timestamp']}.".encode() + request.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"
    await scene.until(DELIVERED=1)


async def test_changes_are_told_in_the_payload(scene: Scene, receiver: Receiver) -> None:
    """ORDER_MODIFIED carries what was changed beside the order, as the contract has it."""
    await scene.subscribe(receiver.url(), "ORDER_MODIFIED")
    scene.start()
    await scene.happens("o1")
    await scene.happens("o1", 2, detail=b'{"changes":{"a":1}}')
    (request,) = await receiver.until_taken(1)
    assert request.json["payload"] == {"id": "o1", "version": 2, "changes": {"a": 1}}


async def test_each_order_s_events_come_in_order_over_all_subscriptions_of_a_url(
    scene: Scene, receiver: Receiver
) -> None:
    """Half of the requests fail at first, and still no change overtakes the one before it, whatever it is called."""
    dice = iter(range(10**6))
    receiver.verdict = lambda _: 500 if next(dice) % 2 else OK
    await scene.subscribe_to_all(receiver)
    scene.start()
    orders = [f"o{number}" for number in range(20)]
    for seq in range(1, 6):
        await asyncio.gather(*(scene.happens(order, seq) for order in orders))
    await receiver.until_taken(100)
    assert in_order(receiver) == {order: [1, 2, 3, 4, 5] for order in orders}
    await scene.until(DELIVERED=100)
    assert len(receiver.taken) == 100
    assert len(receiver.refused) > 0


async def test_a_failing_order_holds_up_no_other(scene: Scene, receiver: Receiver) -> None:
    """Everything of other orders arrives while the first event of one is refused; its others wait behind it."""
    well = False
    receiver.verdict = lambda request: 500 if request.entity_id == "bad" and not well else OK
    await scene.subscribe_to_all(receiver)
    scene.start()
    await scene.happens("bad")
    await scene.happens("bad", 2)
    for number in range(30):
        await scene.happens(f"o{number}")
    await receiver.until_taken(30)
    await scene.until(DELIVERED=30, RETRYING=1, WAITING=1)
    assert {request.sequence for request in receiver.refused} == {1}
    well = True
    await receiver.until_taken(32)
    assert in_order(receiver)["bad"] == [1, 2]
    await scene.until(DELIVERED=32)


async def test_a_hanging_endpoint_holds_up_no_other(scene: Scene, receiver: Receiver) -> None:
    """It never answers; the other endpoint has everything before the first request to it has timed out."""
    async with Receiver(lambda _: None).listening() as hanging:
        await scene.subscribe(hanging.url())
        await scene.subscribe(receiver.url())
        relay = scene.start(answer_s=5)
        for number in range(400):
            await scene.happens(f"o{number}")
        await receiver.until_taken(400)
        assert len(receiver.taken) == 400
        assert await scene.listed(state="RETRYING") == []
        # What waits for the hanging one is not in memory: a window of 256, and what was read with it.
        assert max(relay.in_memory()) <= 256 + 64
        await scene.stop()


async def test_an_order_that_hangs_does_not_stop_the_window(scene: Scene, receiver: Receiver) -> None:
    """One order is never answered; more events than the window holds are delivered meanwhile."""
    receiver.verdict = lambda request: None if request.entity_id == "slow" else OK
    await scene.subscribe(receiver.url())
    scene.start(answer_s=30, window_max=16, stuck_s=0.02)
    await scene.happens("slow")
    for number in range(100):
        await scene.happens(f"o{number}")
    await receiver.until_taken(100)
    await scene.until(DELIVERED=100, WAITING=1)
    await scene.stop()


async def test_an_endpoint_that_was_down_gets_everything(scene: Scene) -> None:
    """Nobody listens at first. Few are tried while it is down; all arrive, in order, once it is back."""
    receiver = Receiver()
    async with receiver.listening():
        await scene.subscribe_to_all(receiver)
    scene.start(failures_max=4, parked_failing_max=8)
    orders = [f"o{number}" for number in range(100)]
    for seq in (1, 2):
        for order in orders:
            await scene.happens(order, seq)
    attempts = (await scene.until_tried(1))["attempts"]
    assert attempts[0]["error"] == "CONNECTION_REFUSED"
    assert "status" not in attempts[0]
    async with receiver.listening():
        await receiver.until_taken(200)
        await scene.until(DELIVERED=200)
        assert in_order(receiver) == {order: [1, 2] for order in orders}
        assert len(receiver.taken) == 200
        await scene.stop()


async def test_what_is_no_success_is_tried_again(scene: Scene, receiver: Receiver) -> None:
    """Redirects are not followed, a long answer is cut, any 2xx is success; each attempt is told."""
    answers = iter([301, 404, 503, 201])
    receiver.verdict = lambda _: next(answers)
    await scene.subscribe(receiver.url())
    scene.start()
    event_id = await scene.happens("o1")
    await scene.until(DELIVERED=1)
    (delivery,) = await scene.listed()
    assert [attempt["status"] for attempt in delivery["attempts"]] == [301, 404, 503, 201]
    assert (delivery["attemptCount"], delivery["eventId"], delivery["sequence"]) == (4, event_id, 1)
    assert {request.event_id for request in (*receiver.taken, *receiver.refused)} == {event_id}


async def test_a_timeout_is_told(scene: Scene, receiver: Receiver) -> None:
    """An endpoint that does not answer in time is asked again."""
    answers: list[int | None] = [None, OK]
    receiver.verdict = lambda _: answers.pop(0)
    await scene.subscribe(receiver.url())
    scene.start(answer_s=0.05)
    await scene.happens("o1")
    await scene.until(DELIVERED=1)
    (delivery,) = await scene.listed()
    assert [attempt.get("error") for attempt in delivery["attempts"]] == ["TIMEOUT", None]


async def test_after_seven_days_it_is_a_dead_letter_and_the_next_one_goes(engine: Engine, receiver: Receiver) -> None:
    """The pauses double; it is tried for a week; what waited behind it is sent, and it can be redelivered."""
    clock = StillClock()
    scene = Scene(engine, clock)
    well = False
    receiver.verdict = lambda request: OK if well or request.sequence == 2 else 500
    await scene.subscribe_to_all(receiver)
    scene.start(backoff_ms_min=1_000, lease_ms=10**12)
    await scene.happens("o1")
    await scene.happens("o1", 2)
    pauses: list[int] = []
    while not receiver.taken:
        delivery = await scene.until_tried(len(pauses) + 1)
        if "nextAttempt" not in delivery:
            break
        pauses.append(instant_from(delivery["nextAttempt"]) - clock.at)
        clock.at += pauses[-1]
    assert pauses[:3] == [pytest.approx(pause, rel=0.2) for pause in (1_000, 2_000, 4_000)]
    assert max(pauses) <= BACKOFF_MS_MAX + 1_000, "a request takes a moment as well"
    assert TRIED_MS_MAX - BACKOFF_MS_MAX <= sum(pauses) <= TRIED_MS_MAX
    await scene.until(DEAD=1, DELIVERED=1)
    (dead,) = await scene.listed(state="DEAD")
    assert dead["attemptCount"] == len(pauses) + 1
    assert len(dead["attempts"]) == 20
    assert "nextAttempt" not in dead
    well = True
    await scene.deliveries.redeliver(TENANT, dead["id"])
    await scene.until(DELIVERED=2)
    assert [request.sequence for request in receiver.taken] == [2, 1]
    await scene.stop()


async def test_a_rotated_secret_signs_beside_the_one_before(scene: Scene, receiver: Receiver) -> None:
    """After a rotation messages carry two signatures, the newest first, so that no receiver refuses one."""
    subscription_id, before = await scene.subscribe(receiver.url())
    after = await scene.subscriptions.rotate(subscription_id, ORIGIN)
    scene.start()
    await scene.happens("o1")
    (request,) = await receiver.until_taken(1)
    assert request.headers["webhook-signature"] == " ".join(
        signature_by(secret, request) for secret in (after["secret"], before)
    )


def signature_by(secret: str, request: Received) -> str:
    """The signature of a request, made by hand."""
    signed = f"{request.event_id}.{request.headers['webhook-timestamp']}.".encode() + request.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


async def test_facilities_filter_events(scene: Scene, receiver: Receiver) -> None:
    """Only orders that name one of the facilities are told; one that names none is not (decision D52)."""
    await scene.subscribe(receiver.url(), contexts=[{"type": "FACILITY", "values": ["f1", "f2"]}])
    scene.start()
    preferences = b',"deliveryPreferences":{"%b":%b}'
    await scene.happens("none")
    await scene.happens("other", document=preferences % (b"collect", b'[{"facilityRef":"f3"}]'))
    await scene.happens("mine", document=preferences % (b"collect", b'[{"facilityRef":"f2"}]'))
    await scene.happens(
        "also", document=preferences % (b"shipping", b'{"preselectedFacilities":[{"facilityRef":"f1"}]}')
    )
    await receiver.until_taken(2)
    await scene.until(DELIVERED=2)
    assert {request.entity_id for request in receiver.taken} == {"mine", "also"}


async def test_one_change_is_told_by_every_name_it_goes_by(scene: Scene, receiver: Receiver) -> None:
    """A facility that goes online is told as changed and as online, in turn, each time with an id of its own."""
    for name in ("FACILITY_UPDATED", "FACILITY_WENT_ONLINE", "INVENTORY_STOCKS_VALUE_CHANGED"):
        await scene.subscribe(receiver.url(), name)
    scene.start()
    online = {"id": "f1", "status": "ONLINE"}
    await scene.of_kind("FACILITY", "FACILITY_UPDATED", online, {"changed": ["status"]})
    await scene.of_kind("STOCK", "STOCK_UPDATED", {"id": "s1", "value": 2}, {"changed": ["locationRef"]})
    await scene.of_kind("STOCK", "STOCK_UPDATED", {"id": "s2", "value": 2}, {"changed": ["value"]})
    await scene.until(DELIVERED=3)
    taken = {request.json["event"]: request for request in receiver.taken}
    assert {name: request.json["payload"] for name, request in taken.items()} == {
        "FACILITY_UPDATED": online,
        "FACILITY_WENT_ONLINE": online,
        "INVENTORY_STOCKS_VALUE_CHANGED": {"items": [{"id": "s2", "value": 2}]},
    }
    assert len({request.event_id for request in taken.values()}) == 3
    assert all(request.event_id == request.json["eventId"] for request in taken.values())
    kept = {delivery["event"]: delivery["eventId"] for delivery in await scene.listed()}
    assert kept == {name: request.event_id for name, request in taken.items()}


async def test_of_what_nobody_follows_only_that_it_happened_is_read(scene: Scene) -> None:
    """The reader goes past it without its document, until somebody follows its kind."""
    feed = Feed(scene.engine, TENANT)
    feed.follow({"ORDER"})
    await scene.happens("o1")
    await scene.of_kind("STOCK", "STOCK_CREATED", {"id": "s1"})

    async def read() -> dict[str, bytes]:
        feed.stir()
        return {event.entity_id: event.document for event in await feed.behind(START, 10)}

    async def both_are_read() -> bool:
        return len(await read()) == 2

    await scene.until_holds(both_are_read)
    assert await read() == {"o1": b'{"id":"o1","version":1}', "s1": b""}
    feed.follow({"STOCK"})
    assert (await read())["s1"] == b'{"id":"s1"}'
