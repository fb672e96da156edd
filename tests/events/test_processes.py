"""Crashes and several processes: nothing is lost, whoever serves whom; what comes twice has the same id."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest

from opendoms.db.connect import engine_for
from opendoms.events.progress import progress_of
from opendoms.events.relay import Relay
from opendoms.events.store import ENDPOINTS, endpoint_id_of, put_of
from opendoms.kernel.changeset import Changeset
from opendoms.kernel.ids import new_id
from tests.databases import PostgresServer
from tests.events.scene import TENANT, Scene, in_order
from tests.receiver import OK, Receiver

ORDERS = [f"o{number}" for number in range(40)]


def crash(scene: Scene, relay: Relay) -> None:
    """What SIGKILL leaves: nothing is finished, no lease is given back."""
    relay.abort()
    scene.relays.remove(relay)


async def test_a_crash_loses_nothing(scene: Scene, receiver: Receiver) -> None:
    """The relay dies five times in the middle of it; every event arrives, in order, doubled only with the same id."""
    dice = iter(range(10**6))
    receiver.verdict = lambda _: 500 if next(dice) % 5 == 0 else OK
    await scene.subscribe_to_all(receiver)
    sent = []
    for seq in range(1, 6):
        relay = scene.start(flush_ms=40, lease_ms=60)
        sent += [await scene.happens(order, seq) for order in ORDERS]
        await receiver.until_taken((seq - 1) * len(ORDERS) + len(ORDERS) // 2)
        crash(scene, relay)
    scene.start()
    await receiver.until(lambda: {request.event_id for request in receiver.taken} == set(sent))
    assert in_order(receiver) == {order: [1, 2, 3, 4, 5] for order in ORDERS}
    await scene.until(DELIVERED=len(sent))


async def test_a_stop_leaves_nothing_to_be_sent_again(scene: Scene, receiver: Receiver) -> None:
    """Relays that are stopped in order hand over without a duplicate."""
    await scene.subscribe_to_all(receiver)
    for seq in range(1, 4):
        scene.start()
        for order in ORDERS:
            await scene.happens(order, seq)
        await receiver.until_taken((seq - 1) * len(ORDERS) + 5)
        await scene.stop()
    scene.start()
    await receiver.until_taken(3 * len(ORDERS))
    await scene.until(DELIVERED=3 * len(ORDERS))
    assert len(receiver.taken) == 3 * len(ORDERS)
    assert in_order(receiver) == {order: [1, 2, 3] for order in ORDERS}


async def test_a_lane_that_a_crash_left_between_two_deliveries_goes_on(scene: Scene, receiver: Receiver) -> None:
    """The first delivery of an order is done, its next one was never begun: whoever comes next begins it."""
    answers: list[int | None] = [500, OK, None]
    receiver.verdict = lambda _: answers.pop(0)
    await scene.subscribe_to_all(receiver)
    await scene.happens("o1")
    await scene.happens("o1", 2)
    relay = scene.start(answer_s=60)
    await receiver.until(lambda: not answers)
    await scene.until(DELIVERED=1, WAITING=1)
    crash(scene, relay)
    receiver.verdict = lambda _: OK
    scene.start()
    await scene.until(DELIVERED=2)
    assert in_order(receiver) == {"o1": [1, 2]}


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A fresh database on PostgreSQL."""
    url = postgres_server.create()
    yield url
    postgres_server.give_back(url)


@pytest.fixture
async def scenes(postgres_url: str) -> AsyncIterator[tuple[Scene, Scene]]:
    """Two processes on one PostgreSQL, as far as the database can tell."""
    engines = [engine_for(postgres_url) for _ in range(2)]
    for engine in engines:
        await engine.open()
    pair = (Scene(engines[0]), Scene(engines[1]))
    yield pair
    for scene in pair:
        await scene.stop()
    for engine in engines:
        await engine.close()


@pytest.mark.postgres
async def test_two_processes_send_nothing_twice(scenes: tuple[Scene, Scene], receiver: Receiver) -> None:
    """They share eight endpoints; each event goes to each once, whichever process it was written by."""
    for number in range(8):
        await scenes[0].subscribe(receiver.url(f"/{number}"))
    for scene in scenes:
        scene.start()
    for order in ORDERS:
        await scenes[len(order) % 2].happens(order)
    await receiver.until_taken(8 * len(ORDERS))
    await scenes[0].until_holds(lambda: delivered(scenes[0], 8 * len(ORDERS)))
    assert set(Counter((request.path, request.event_id) for request in receiver.taken).values()) == {1}


async def delivered(scene: Scene, count: int) -> bool:
    """Whether so much was delivered; other processes write as well, so their writes are not waited for but made."""
    await asyncio.sleep(0)
    states = await scene.states()
    if states != {"DELIVERED": count}:
        await scene.happens(new_id())
    return states.get("DELIVERED", 0) >= count


@pytest.mark.postgres
async def test_what_a_dead_process_served_is_taken_over(scenes: tuple[Scene, Scene], receiver: Receiver) -> None:
    """Its lease ends by itself; then the other process goes on where it was."""
    await scenes[0].subscribe(receiver.url())
    relay = scenes[0].start(lease_ms=300)
    await scenes[0].happens("o1")
    await receiver.until_taken(1)
    crash(scenes[0], relay)
    scenes[1].start(lease_ms=300)
    await scenes[0].happens("o2")
    await receiver.until(lambda: "o2" in in_order(receiver))


@pytest.mark.postgres
async def test_who_has_lost_the_lease_writes_nothing(scenes: tuple[Scene, Scene], receiver: Receiver) -> None:
    """Somebody else has taken the endpoint over while a request was on its way: what came of it is not noted."""
    scene = scenes[0]
    receiver.verdict = lambda _: None
    await scene.subscribe(receiver.url())
    relay = scene.start(answer_s=0.1)
    await scene.happens("o1")
    await receiver.until(lambda: len(receiver.refused) == 1)
    progress = await progress_of(scene.engine, TENANT, endpoint_id_of(receiver.url()))
    taken = {**progress, "version": progress["version"] + 1, "owner": "another", "leasedUntil": 10**15}
    await scene.engine.apply(Changeset(puts=(put_of(ENDPOINTS, TENANT, taken),)))
    (served,) = relay._served.values()  # noqa: SLF001 - what ends by itself is waited for
    await asyncio.wait([served.courier._task])  # noqa: SLF001 - as above
    assert await scene.listed() == []
    assert await progress_of(scene.engine, TENANT, endpoint_id_of(receiver.url())) == taken


@pytest.mark.postgres
async def test_a_late_commit_is_not_skipped(scene: Scene, receiver: Receiver, postgres_url: str) -> None:
    """A transaction takes its position first and commits last; its event is sent, and what came after waits for it."""
    scene = Scene(engine_for(postgres_url))
    await scene.engine._engine.open()  # noqa: SLF001 - the engine behind the one that counts
    await scene.subscribe(receiver.url())
    scene.start()
    await scene.happens("before")
    await receiver.until_taken(1)
    connection = await asyncpg.connect(postgres_url)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(
        "insert into events (tenant, entity_kind, entity_id, seq, event_id, type, at, actor, cause, document)"
        " values ($1, 'ORDER', 'late', 1, 'late', 'ORDER_CREATED', 1, 'a', 'c', '{\"id\":\"late\"}')",
        TENANT,
    )
    for order in ("a", "b", "c"):
        await scene.happens(order)
    await transaction.commit()
    await receiver.until_taken(5)
    assert {request.entity_id for request in receiver.taken} == {"before", "late", "a", "b", "c"}
    assert [request.entity_id for request in receiver.taken][1] == "late"
    await connection.close()
    await scene.stop()
    await scene.engine._engine.close()  # noqa: SLF001 - as above
